package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/evenhand/evenhand/text"
)

// enter is what every request passes through on its way to next, in this
// order: a name for the log, a floor under panics, headers, bounds, rates, who
// it is from, and whether a browser was made to send it.
func (s *Server) enter(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	// A proxy may pass on a Host without the port, or its own.
	if err := cross.AddTrustedOrigin(s.public.Scheme + "://" + s.public.Host); err != nil {
		s.log.Warn("the public address is no origin", "error", err)
	}
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fail(w, r, text.Refuse(codeCSRF, "header.Origin", "Another site may not make a browser send this.", "不接受其他网站发起的请求。"))
	}))
	guarded := cross.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.admit(w, r) {
			next.ServeHTTP(w, r)
		}
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now() // a duration, not a time of day: the real clock
		req := &request{ID: requestID(), Address: s.address(r), Language: languageOf(r, ""), Page: navigates(r)}
		ctx, span := s.tracer.Start(withRequest(r.Context(), req), r.Method, trace.WithSpanKind(trace.SpanKindServer))
		r = r.WithContext(ctx)
		req.pace = newPace(w, r, s.opt.Limits.BodyPatience)
		seen := &statusWriter{ResponseWriter: w, pace: req.pace, under: strings.TrimSuffix(s.public.EscapedPath(), "/")}
		if req.Page {
			page := &pageWriter{ResponseWriter: w, s: s, r: r}
			defer page.finish()
			seen.ResponseWriter = page
		}
		headers(seen.Header(), req.ID, s.public.Scheme == "https")
		welcome := s.crowd.enter(req)
		defer func() {
			req.out()
			req.pace.leave()
			if p := recover(); p != nil {
				s.fell(seen, r, p)
			}
			s.leave(r, req, seen, time.Since(start))
			span.SetName(r.Method + " " + orElse(req.Pattern, "none"))
			span.SetAttributes(attribute.String("http.route", req.Pattern), attribute.Int("http.response.status_code", seen.code()))
			span.End()
		}()
		if req.Page {
			r.URL.RawQuery = readable(r.URL.RawQuery)
		}
		if !cleanURL(r.URL) || len(r.RequestURI) > 8<<10 {
			fail(seen, r, text.Refuse(codeBadRequest, "", "The address is not clean UTF-8, or too long.", "地址含有无效字符或过长。"))
			return
		}
		switch {
		case !welcome:
			fail(seen, r, later(req, codeRate, 1, text.Both("Too many requests from your address are under way; wait for some to end.", "您的地址同时进行的请求过多，请等待部分请求完成。")))
		case quiet(r.URL.Path):
			next.ServeHTTP(seen, r) // asks nobody who they are, for that needs the database
		case s.perAddress.limit(seen, r, limitKey(req.Address)):
			guarded.ServeHTTP(seen, r)
		}
	})
}

// fell answers after a panic, if nothing was sent yet. What happened goes to
// the log alone.
func (s *Server) fell(w *statusWriter, r *http.Request, p any) {
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(p) // net/http's own way to hang up
	}
	s.log.Error("panic", "request", requestOf(r.Context()).ID, "panic", p, "stack", stack())
	if w.status == 0 {
		fail(w, r, errInternal())
	}
}

// quiet paths are asked by machines of the house, often.
func quiet(path string) bool { return path == "/healthz" || path == "/readyz" }

// headers are those of every answer. A page that needs more sets it itself.
func headers(h http.Header, id string, tls bool) {
	h.Set("X-Request-Id", id)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept-Language")
	if tls {
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
}

func requestID() string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails (crypto/rand, since Go 1.24)
	return hex.EncodeToString(b)
}

// address is who is at the other end: behind a trusted proxy, the last address
// of X-Forwarded-For that is not itself such a proxy.
func (s *Server) address(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	at, err := netip.ParseAddr(host)
	if err != nil {
		return netip.IPv4Unspecified()
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.trusted(at); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		at = hop
	}
	return at.Unmap()
}

func (s *Server) trusted(a netip.Addr) bool {
	for _, p := range s.opt.TrustedProxies {
		if p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// limitKey is what counts as one address; see account.
func limitKey(a netip.Addr) string {
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// statusWriter remembers what was answered.
type statusWriter struct {
	http.ResponseWriter
	under  string // the path that the desk lives under, without a slash at its end
	pace   *pace
	status int
	bytes  int64
	own    bool // the handler says itself how long writing may take
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
		w.pace.answer()
	}
	if at := w.Header().Get("Location"); w.under != "" && strings.HasPrefix(at, "/v1/") {
		w.Header().Set("Location", w.under+at)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write sends an answer a piece at a time, and waits for each only so long.
func (w *statusWriter) Write(b []byte) (n int, err error) {
	if w.status == 0 {
		w.status = http.StatusOK
		w.pace.answer()
	}
	for first := true; first || len(b) > 0 && err == nil; first = false {
		if !w.own {
			_ = w.pace.rc.SetWriteDeadline(time.Now().Add(writePatience)) // a writer of a test has none
		}
		piece := b[:min(len(b), writePiece)]
		var sent int
		sent, err = w.ResponseWriter.Write(piece)
		n, b = n+sent, b[len(piece):]
	}
	w.bytes += int64(n)
	return n, err
}

// SetReadDeadline is for handlers that have a deadline of their own.
func (w *statusWriter) SetReadDeadline(at time.Time) error { return w.pace.allow(at) }

// SetWriteDeadline is for handlers that have one; the door sets none after that.
func (w *statusWriter) SetWriteDeadline(at time.Time) error {
	w.own = true
	return w.pace.rc.SetWriteDeadline(at)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *statusWriter) code() int { return orElse(w.status, http.StatusOK) }

// leave writes the access log and the figures.
func (s *Server) leave(r *http.Request, req *request, w *statusWriter, took time.Duration) {
	s.figures.saw(r.Method, req.Pattern, w.code(), took)
	level := levelOf(w.code(), quiet(r.URL.Path))
	attrs := accessAttrs(r.Method, req, w, took)
	s.log.LogAttrs(context.WithoutCancel(r.Context()), level, "request", attrs...)
}
