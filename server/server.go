package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"reflect"
	"strings"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/desk/dossier"
	"github.com/evenhand/evenhand/desk/gallery"
	"github.com/evenhand/evenhand/desk/webhook"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// Options are what the server is made of.
type Options struct {
	// Desk is the use cases; endpoints are added for it by register functions.
	Desk     *desk.Desk
	Accounts *account.Accounts
	// Gallery makes the pictures of evidence ready for a screen; nil: one of
	// its own, by its defaults.
	Gallery *gallery.Gallery
	// Store is for idempotency keys, readiness and live updates.
	Store   desk.Store
	Watcher work.Watcher
	// Ready says whether database and blobs can be written to; nil: whether
	// the database can be read.
	Ready func(context.Context) error
	// Provider is where staff may sign in instead; nil: nowhere.
	Provider *account.Provider
	Uploads  UploadOptions
	// Webhooks checks addresses and sends messages again; nil: no webhooks.
	Webhooks *webhook.Sender
	// PublicURL is where browsers reach the server; https makes cookies Secure
	// and __Host-. Default: http://localhost:8080.
	PublicURL string
	// TrustedProxies may say by X-Forwarded-For who is behind them.
	TrustedProxies []netip.Prefix
	// Limits bound what is held at once.
	Limits Limits
	// PerAddress and PerCaller bound requests; the defaults suit a platform
	// that pushes orders and an office behind one address.
	PerAddress, PerCaller Rate
	// PerStranger bounds, by address, what could be guessing: looking up a
	// claim by its id, asking for a password link. Default: ten at once, and one
	// in six seconds.
	PerStranger Rate
	// Console serves everything that is not the API; nil: nothing.
	Console http.Handler
	// OpenMetrics shows /metrics to everybody, for a port that only the
	// monitoring can reach.
	OpenMetrics bool
	// Mail is whether letters go out, Demo whether all of it is made up; the
	// sign-in page says so.
	Mail, Demo bool
	Version    string
	Now        func() time.Time
	Log        *slog.Logger
	Tracer     trace.TracerProvider
	// Pictures tells the memory that decoding may hold and holds, in bytes, and
	// how many decodes wait for some; nil keeps it out of /metrics.
	Pictures func() (size, held int64, waiting int)
}

// Server answers requests. Run must run beside it.
type Server struct {
	opt         Options
	log         *slog.Logger
	public      *url.URL
	mux         *http.ServeMux
	api         huma.API
	routes      []Route
	door        http.Handler
	perAddress  *limiter
	perCaller   *limiter
	perStranger *limiter
	crowd       *crowd
	bodies      *weigher
	streams     *streams
	ready       *readiness
	figures     *figures
	tracer      trace.Tracer
	hub         *hub
	uploads     *uploads
	known       map[string][]string // by pattern: the query parameters of a route that may be opened
	gallery     *gallery.Gallery
	cursors     atomic.Pointer[[]byte]
	draining    atomic.Bool
	stopping    context.Context // ends with Drain
	stop        context.CancelFunc
}

// New builds the server with all its routes.
func New(o Options) (*Server, error) {
	if o.Accounts == nil || o.Store == nil {
		return nil, errors.New("server: accounts and a store are needed")
	}
	o.PublicURL = orElse(o.PublicURL, "http://localhost:8080")
	o.Limits = o.Limits.orDefaults()
	o.PerAddress = orElse(o.PerAddress, Rate{PerSecond: 200, Burst: 1000})
	o.PerCaller = orElse(o.PerCaller, Rate{PerSecond: 100, Burst: 500})
	o.PerStranger = orElse(o.PerStranger, Rate{PerSecond: 1. / 6, Burst: 10})
	o.Version = orElse(o.Version, "dev")
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Tracer == nil {
		o.Tracer = noop.NewTracerProvider()
	}
	public, err := url.Parse(o.PublicURL)
	if err != nil || public.Host == "" || public.Scheme != "http" && public.Scheme != "https" {
		return nil, fmt.Errorf("server: %q is not an address such as https://desk.example.com", o.PublicURL)
	}
	s := &Server{opt: o, log: o.Log, public: public, mux: http.NewServeMux(), figures: newFigures(), tracer: o.Tracer.Tracer("evenhand/server")}
	if o.Pictures != nil {
		s.figures.pictures(o.Pictures)
	}
	s.perAddress = newLimiter("address", o.PerAddress, o.Now)
	s.perCaller = newLimiter("caller", o.PerCaller, o.Now)
	s.perStranger = newLimiter("stranger", o.PerStranger, o.Now)
	s.crowd, s.bodies = newCrowd(o.Limits.RequestsPerAddress), newWeigher(o.Limits.BodiesInFlight)
	s.streams = newStreams(o.Limits)
	s.stopping, s.stop = context.WithCancel(context.Background())
	if o.Ready == nil {
		o.Ready = canRead(o.Store)
	}
	s.ready = &readiness{ask: o.Ready, now: o.Now}
	s.figures.registry.MustRegister(newBacklog(o.Store, s.now))
	s.hub = newHub(o.Store, o.Watcher, o.Log)
	s.api = humago.New(s.mux, apiConfig(o.Version))
	s.api.OpenAPI().Components.Schemas.Schema(typeOfProblem, true, "Problem")
	if err := s.register(); err != nil {
		return nil, err
	}
	if err := s.registerDocs(); err != nil {
		return nil, err
	}
	s.learnQueries()
	s.door = s.enter(http.HandlerFunc(s.dispatch))
	return s, nil
}

// register adds all routes. Those that are for the desk's use cases stand in
// files of their own and are called from here.
func (s *Server) register() error {
	s.registerHealth()
	s.registerSessions()
	s.registerOwn()
	s.registerConsole()
	s.registerProvider()
	s.registerUsers()
	s.registerKeys()
	s.registerLinks()
	s.registerLive()
	if s.opt.Desk != nil {
		if s.gallery = s.opt.Gallery; s.gallery == nil {
			s.gallery = gallery.New(gallery.Options{Blobs: s.opt.Desk.Blobs()})
		}
		s.registerDesk()
	}
	return s.registerUploads()
}

// A name in other letters is another name: the description is held against the
// one, and a decoder would take both.
func init() { huma.ValidateStrictCasing = true }

func apiConfig(version string) huma.Config {
	c := huma.DefaultConfig("Evenhand", version)
	c.DocsPath, c.SchemasPath, c.CreateHooks = "", "", nil // no $schema fields, and docs of our own
	f := jsonFormat()
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	c.Formats = map[string]huma.Format{"application/json": f, "json": f}
	c.RejectUnknownQueryParameters = true
	c.Info.Description = "After-sales claims, heard on both sides and decided by people. " +
		"Answers that are no success are application/problem+json (RFC 9457) in the language of Accept-Language; their code is stable."
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: "__Host-evenhand", Description: "A browser's session; unsafe methods need X-CSRF-Token beside it."},
		"key":     {Type: "http", Scheme: "bearer", Description: "A platform's API key, ehk_…"},
		"link":    {Type: "apiKey", In: "header", Name: "X-Evenhand-Link", Description: "The signed part of a buyer's or merchant's link."},
	}
	return c
}

// schemaName tells apart types of one name in two packages.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	switch t {
	case reflect.TypeFor[order.Line]():
		return "OrderLine"
	case reflect.TypeFor[dossier.Key](), reflect.TypeFor[dossier.Problem](), reflect.TypeFor[dossier.Report]():
		return "Dossier" + name
	case reflect.TypeFor[dossier.Checked]():
		return "DossierFile"
	}
	return name
}

// Description is the OpenAPI description as JSON.
func (s *Server) Description() ([]byte, error) { return s.api.OpenAPI().MarshalJSON() }

// ServeHTTP answers a request. Where the public address has a path ("/desk"),
// a proxy may leave it on or take it off.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if under := strings.TrimSuffix(s.public.Path, "/"); under != "" && (r.URL.Path == under || strings.HasPrefix(r.URL.Path, under+"/")) {
		short := r.Clone(r.Context())
		short.URL.Path = "/" + strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, under), "/")
		short.URL.RawPath = ""
		r = short
	}
	s.door.ServeHTTP(w, r)
}

// Run reads new events for live updates and removes what is past its time, until
// ctx ends: uploads that nobody finishes, sessions, kept answers.
func (s *Server) Run(ctx context.Context) error {
	go s.sweepEvery(ctx, time.Hour)
	s.uploads.sweepEvery(ctx, time.Hour)
	return s.hub.run(ctx)
}

// Drain makes /readyz say no, so that a load balancer turns away before the
// server stops, and ends what would last: live connections, also of those who
// do not read, bodies that come slowly, and connections that say nothing. What
// is being worked on goes on.
func (s *Server) Drain() {
	s.draining.Store(true)
	s.stop()
	s.hub.close()
	s.crowd.stop()
}

// HTTP is an http.Server around s with bounds on time and size. Bodies and
// answers are not bounded in time as a whole, for uploads and live updates
// take theirs, but by the pace at which they come and are taken; see pace.
func (s *Server) HTTP(addr string) *http.Server {
	return &http.Server{
		Addr: addr, Handler: s, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
}

func (s *Server) now() time.Time { return s.opt.Now().UTC().Truncate(time.Microsecond) }

// dispatch finds the route, and says it properly where there is none.
func (s *Server) dispatch(w http.ResponseWriter, r *http.Request) {
	h, pattern := s.mux.Handler(r)
	if pattern != "" {
		if requestOf(r.Context()).Page {
			r = s.dropAppended(r, pattern)
		}
		s.mux.ServeHTTP(w, r)
		requestOf(r.Context()).Pattern = pattern
		return
	}
	probe := &headerProbe{header: http.Header{}}
	h.ServeHTTP(probe, r)
	switch {
	case probe.status == http.StatusMethodNotAllowed:
		w.Header()["Allow"] = probe.header["Allow"]
		fail(w, r, text.Refuse(codeMethod, "", "Possible here: "+probe.header.Get("Allow")+".", "此处支持："+probe.header.Get("Allow")+"。"))
	case s.opt.Console != nil && !isAPI(r.URL.Path):
		s.opt.Console.ServeHTTP(w, r)
	default:
		fail(w, r, text.Refuse(codeNoRoute, "", "See /docs for the addresses there are.", "可用地址请查看 /docs。"))
	}
}

// isAPI is whether a path is ours rather than the console's.
func isAPI(path string) bool {
	for _, p := range []string{"/v1", "/docs", "/openapi", "/healthz", "/readyz", "/metrics"} {
		if len(path) >= len(p) && path[:len(p)] == p {
			return true
		}
	}
	return false
}

// headerProbe takes an answer that is not sent.
type headerProbe struct {
	header http.Header
	status int
}

func (p *headerProbe) Header() http.Header         { return p.header }
func (p *headerProbe) Write(b []byte) (int, error) { return len(b), nil }
func (p *headerProbe) WriteHeader(status int)      { p.status = status }
