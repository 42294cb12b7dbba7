package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/desk/examine"
	"github.com/evenhand/evenhand/desk/mail"
	"github.com/evenhand/evenhand/desk/webhook"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/server"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/web"
	"github.com/evenhand/evenhand/work"
)

// storeFlags say where everything is kept.
type storeFlags struct {
	Data     string `default:"evenhand-data" env:"EVENHAND_DATA" placeholder:"DIR" help:"Folder that holds everything that has no place of its own."`
	Database string `env:"EVENHAND_DATABASE" placeholder:"URL" help:"SQLite file, or postgres://… for several nodes. Default: evenhand.db in the data folder."`
	Blobs    string `env:"EVENHAND_BLOBS" placeholder:"URL" help:"Folder, or s3://… for evidence. Default: blobs in the data folder."`
}

func (f storeFlags) open(ctx context.Context, log *slog.Logger) (*store.DB, error) {
	return store.Open(ctx, store.Options{Database: f.Database, Dir: f.Data, Blobs: f.Blobs, Log: log})
}

// serveCmd runs the claims desk.
type serveCmd struct {
	storeFlags
	Listen               string   `default:"127.0.0.1:8080" env:"EVENHAND_LISTEN" help:"Address and port to listen on."`
	PublicURL            string   `env:"EVENHAND_PUBLIC_URL" placeholder:"URL" help:"Where browsers reach the server. Default: http:// and the address listened on."`
	TrustedProxy         []string `env:"EVENHAND_TRUSTED_PROXY" placeholder:"CIDR" help:"Proxies whose X-Forwarded-For is believed."`
	Policy               string   `env:"EVENHAND_POLICY" placeholder:"FILE" help:"Rules that a desk without any begins with. Default: the ones that ship."`
	Hurry                int      `default:"1" env:"EVENHAND_HURRY" placeholder:"N" help:"Trial mode: divide every window by N."`
	AllowPrivateWebhooks bool     `env:"EVENHAND_ALLOW_PRIVATE_WEBHOOKS" help:"Let webhooks go to private addresses and plain http."`
	SMTPURL              string   `name:"smtp-url" env:"EVENHAND_SMTP_URL" placeholder:"URL" help:"Mail server for password links: smtp://user:password@host:port?from=desk@example.com, or smtps://… Default: no mail."`
	Detector             []string `env:"EVENHAND_DETECTOR" placeholder:"CARD,…" help:"Also ask these learned detectors, by their cards, about each photo of a buyer's. They must be measured: evenhand eval --detector."`
	oidcFlags
	quotaFlags
	limitFlags
	RequireTOTP bool   `name:"require-totp" default:"true" negatable:"" env:"EVENHAND_REQUIRE_TOTP" help:"Give staff no roles before they have set up a second factor. The demonstration does not."`
	Demo        bool   `help:"Fill an empty desk with a made-up marketplace, and print its logins."`
	DemoSeed    uint64 `default:"1" placeholder:"N" help:"Settles everything made up; the same seed gives the same marketplace."`
}

// shutdownPatience is how long requests under way may take to end.
const shutdownPatience = 20 * time.Second

// Run serves until the context ends, and then lets go in order: no new
// requests, those under way, jobs, the store.
func (c *serveCmd) Run(a *app) (err error) {
	log := slog.New(slog.NewTextHandler(a.errOut, nil))
	proxies, err := c.proxies(a)
	if err != nil {
		return err
	}
	if err := c.check(a); err != nil {
		return err
	}
	boundMemory(a.getenv, "/", log)
	detectors, endDetectors, err := a.measuredDetectors(c.Detector, log)
	if err != nil {
		return a.detectorProblem(err)
	}
	defer endDetectors()
	db, err := c.open(a.ctx, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	lookAround(a.ctx, db, log)
	tracer, endTraces, err := tracing(a.ctx, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, endTraces()) }()
	s, d, err := c.build(a, db, proxies, tracer, log, detectors...)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(a.ctx, "tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listening on %s: %w", c.Listen, err)
	}
	c.greet(a, listener.Addr().String(), log)
	return c.serve(a.ctx, db, s, d, listener, log)
}

// lookAround says at the start what the node will not be able to do. It starts
// all the same: what is away may come back, and /readyz says when.
func lookAround(ctx context.Context, db *store.DB, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := db.Ready(ctx); err != nil && !errors.Is(ctx.Err(), context.Canceled) {
		log.Error("the node is not ready: /readyz answers 503, and what cannot be kept is refused, until this is mended", "error", err)
	}
}

func (c *serveCmd) proxies(a *app) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, words := range c.TrustedProxy {
		p, err := netip.ParsePrefix(words)
		if at, e := netip.ParseAddr(words); e == nil {
			p, err = netip.PrefixFrom(at, at.BitLen()), nil
		}
		if err != nil {
			return nil, a.fail(text.Text{EN: "--trusted-proxy: " + shown(words) + " is no address range such as 10.0.0.0/8", ZH: "--trusted-proxy：" + shown(words) + " 不是 10.0.0.0/8 这样的地址段"})
		}
		out = append(out, p)
	}
	return out, nil
}

// build wires the desk and its server on an open store.
func (c *serveCmd) build(a *app, db *store.DB, proxies []netip.Prefix, tracer trace.TracerProvider, log *slog.Logger, detectors ...examine.Detector) (*server.Server, *desk.Desk, error) {
	if c.PublicURL == "" {
		c.PublicURL = "http://" + c.Listen
	}
	accounts, err := account.New(db, account.Options{RequireTOTP: c.RequireTOTP && !c.Demo})
	if err != nil {
		return nil, nil, err
	}
	letters, err := c.letters(accounts, log)
	if err != nil {
		return nil, nil, err
	}
	provider, err := c.provider(a, accounts, c.PublicURL, log)
	if err != nil {
		return nil, nil, err
	}
	sender := webhook.NewSender(webhook.Options{Random: rand.Float64, Hurry: c.Hurry, AllowPrivate: c.AllowPrivateWebhooks, Log: log})
	examiner := newExaminer(a.ctx, db, log, detectors...)
	d := desk.New(desk.Options{
		Store: server.IdempotentStore(db), Blobs: db.Blobs(), Hurry: c.Hurry, Log: log,
		Examine: examiner, Align: examiner, Sight: examiner, Quotas: c.quotas(),
		Fanout:  func(ctx context.Context, tx desk.Tx, m work.Message) error { return webhook.Fanout(ctx, tx, m) },
		Deliver: func(ctx context.Context, id string) error { return sender.Deliver(ctx, db, id) },
		Mail:    letters,
		TagKey:  func(ctx context.Context) ([]byte, error) { return accounts.Secret(ctx, "tags") },
	})
	source := policy.Default()
	if c.Policy != "" {
		var err error
		if source, err = os.ReadFile(c.Policy); err != nil {
			return nil, nil, err
		}
	}
	if c.Demo {
		if err := c.fillDemo(a, db, source, log); err != nil {
			return nil, nil, err
		}
	}
	if err := d.FirstPolicy(a.ctx, source); err != nil {
		return nil, nil, fmt.Errorf("the first rules: %w", err)
	}
	dir := ""
	if c.Data != "" {
		dir = filepath.Join(c.Data, "uploads")
	}
	console, err := consoleAt(c.PublicURL, log)
	if err != nil {
		return nil, nil, err
	}
	s, err := server.New(server.Options{
		Console: console,
		Desk:    d, Accounts: accounts, Store: db, Watcher: db, Ready: db.Ready, Uploads: server.DeskUploads(d, dir), Webhooks: sender,
		PublicURL: c.PublicURL, TrustedProxies: proxies, Version: version(), Log: log, Tracer: tracer,
		Provider: provider, Mail: letters != nil, Demo: c.Demo, Limits: c.limits(), Pictures: picturesNow,
	})
	if err != nil {
		return nil, nil, err
	}
	return s, d, c.firstOperator(a, accounts)
}

// letters sends mail where a server for it is named; nil otherwise.
func (c *serveCmd) letters(accounts *account.Accounts, log *slog.Logger) (func(context.Context, string) error, error) {
	if c.SMTPURL == "" {
		return nil, nil
	}
	sender, err := mail.NewSender(mail.Options{URL: c.SMTPURL})
	if err != nil {
		return nil, err
	}
	public, err := url.Parse(c.PublicURL)
	if err != nil {
		return nil, fmt.Errorf("--public-url: %w", err)
	}
	post := &mail.Post{Accounts: accounts, Sender: sender, Public: public, Log: log}
	return post.Work, nil
}

// consoleAt is the console under the path of the public address.
func consoleAt(public string, log *slog.Logger) (http.Handler, error) {
	u, err := url.Parse(public)
	if err != nil {
		return nil, fmt.Errorf("--public-url: %w", err)
	}
	h, err := web.Handler(strings.TrimSuffix(u.Path, "/") + "/")
	if errors.Is(err, web.ErrNotBuilt) {
		log.Warn("no console: this binary was built without it; make console build makes one with it")
		err = nil
	}
	return h, err
}

// firstOperator says how to get in, where nobody could.
func (c *serveCmd) firstOperator(a *app, accounts *account.Accounts) error {
	login, password, made, err := accounts.Bootstrap(a.ctx)
	if err == nil {
		err = tellTangled(a, accounts)
	}
	if err != nil || !made {
		return err
	}
	_, err = fmt.Fprintf(a.out, "Sign in as %s with the password %s; it works once.\n请用账号 %s、密码 %s 登录，该密码只能使用一次。\n", login, password, login, password)
	return err
}

// tellTangled names the accounts and keys some of whose roles conflict, and so
// do not count: they are from before such roles were refused.
func tellTangled(a *app, accounts *account.Accounts) error {
	logins, keys, err := accounts.Tangled(a.ctx)
	if err != nil || len(logins)+len(keys) == 0 {
		return err
	}
	names := strings.Join(append(logins, keys...), ", ")
	_, err = fmt.Fprintf(a.out, "Some roles of these accounts and keys conflict and do not count; change them: %s\n以下账号或密钥的部分角色相互冲突，未生效，请修改：%s\n", names, names)
	return err
}

// greet says in both languages where to look.
func (c *serveCmd) greet(a *app, at string, log *slog.Logger) {
	fmt.Fprintf(a.out, "Evenhand listens on http://%s (API: /docs, public address %s).\n持平已启动：http://%s（接口文档：/docs，对外地址 %s）。\n", at, c.PublicURL, at, c.PublicURL)
	if c.Hurry > 1 {
		fmt.Fprintf(a.out, "Trial mode: every window is divided by %d. Not for real claims.\n试用模式：所有时限缩短为 1/%d，请勿用于真实申请。\n", c.Hurry, c.Hurry)
		log.Warn("trial mode: windows are divided", "hurry", c.Hurry)
	}
}

// serve runs requests, jobs and live updates until ctx ends.
func (c *serveCmd) serve(ctx context.Context, db *store.DB, s *server.Server, d *desk.Desk, listener net.Listener, log *slog.Logger) error {
	h := s.HTTP(c.Listen)
	if c.Hurry > 1 {
		h.Handler = hurried(s, c.Hurry)
	}
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	failed := make(chan error, 3)
	var background sync.WaitGroup
	background.Go(func() { failed <- db.Run(work, d) })
	background.Go(func() { failed <- s.Run(work) })
	background.Go(func() { d.SweepBytes(work, db) })
	c.tellLimits(log)
	limited := s.Limit(listener, h)
	go func() { failed <- h.Serve(limited) }()
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	log.Info("stopping")
	s.Drain()
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownPatience)
	defer cancel()
	if e := h.Shutdown(patience); e != nil {
		err = errors.Join(err, e, h.Close())
	}
	stopWork()
	background.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}

// hurried says in every answer that windows are divided.
func hurried(next http.Handler, hurry int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Evenhand-Hurry", strconv.Itoa(hurry))
		next.ServeHTTP(w, r)
	})
}
