package server

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/text"
)

// The cookies, before their prefix.
const (
	cookieSession = "evenhand"
	cookieLink    = "evenhand-link"
	cookieOIDC    = "evenhand-oidc"
	cookieDevice  = "evenhand-device"
)

// headerLink carries a link's token, headerCSRF the proof that our own page
// sent the request.
const (
	headerLink = "X-Evenhand-Link"
	headerCSRF = "X-CSRF-Token"
)

// cookieName has the prefix that makes a browser insist on Secure, no Domain
// and the path "/". Over plain HTTP, which is for one's own machine, there is none.
func (s *Server) cookieName(name string) string {
	if s.public.Scheme == "https" {
		return "__Host-" + name
	}
	return name
}

func (s *Server) cookie(name, value string, expires time.Time) *http.Cookie {
	return &http.Cookie{
		Name: s.cookieName(name), Value: value, Path: "/", Expires: expires, MaxAge: max(1, int(expires.Sub(s.now()).Seconds())),
		Secure: s.public.Scheme == "https", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// gone is a cookie that removes itself.
func (s *Server) gone(name string) *http.Cookie {
	return &http.Cookie{Name: s.cookieName(name), Path: "/", MaxAge: -1, Secure: s.public.Scheme == "https", HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

func (s *Server) cookieOf(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// knownWithin is how long it may take to find out who asks.
const knownWithin = 10 * time.Second

// admit finds out who asks, and turns away what another site made a browser
// send and whoever asks too often. A credential in a header counts before
// cookies, and one that is wrong is an error; a cookie that is wrong is no
// cookie, so that a browser with an old one can still sign in.
func (s *Server) admit(w http.ResponseWriter, r *http.Request) bool {
	req := requestOf(r.Context())
	ctx, cancel := context.WithTimeout(r.Context(), knownWithin)
	defer cancel()
	if err := s.identify(r.WithContext(ctx), req); err != nil {
		if _, ok := text.AsRefusal(err); ok {
			w.Header().Set("WWW-Authenticate", "Bearer")
		}
		fail(w, r, err)
		return false
	}
	req.seen, req.again = time.Now(), func(ctx context.Context) (access.Caller, error) {
		fresh := &request{}
		err := s.identify(r.WithContext(ctx), fresh)
		return fresh.Caller, err
	}
	req.Language = languageOf(r, req.Caller.Language)
	w.Header().Set("Content-Language", string(req.Language))
	if req.Cookie && unsafe(r.Method) && !s.ownPage(r, req) {
		fail(w, r, text.Refuse(codeCSRF, "header."+headerCSRF, "Send the session's csrf value (GET /v1/me) in "+headerCSRF+".", "请在 "+headerCSRF+" 中提供会话的 csrf 值（GET /v1/me）。"))
		return false
	}
	if !req.Caller.Known() {
		return true
	}
	return s.perCaller.limit(w, r, string(req.Caller.Kind)+req.Caller.ID+req.Caller.Only)
}

func unsafe(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}

// identify fills in the caller.
func (s *Server) identify(r *http.Request, req *request) error {
	ctx := r.Context()
	req.trip, req.device, req.agent = s.cookieOf(r, cookieOIDC), s.cookieOf(r, cookieDevice), agentOf(r.UserAgent())
	if h := r.Header.Get("Authorization"); h != "" {
		scheme, key, _ := strings.Cut(h, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return text.Refuse(account.CodeSignedOut, "header.Authorization", "Send Bearer and an API key.", "请使用 Bearer 加 API 密钥。")
		}
		c, err := s.opt.Accounts.ByKey(ctx, strings.TrimSpace(key))
		req.Caller = c
		return err
	}
	if token := r.Header.Get(headerLink); token != "" {
		c, _, err := s.opt.Accounts.ByLink(ctx, token)
		req.Caller = c
		return err
	}
	if token := s.cookieOf(r, cookieSession); token != "" {
		p, err := s.opt.Accounts.BySession(ctx, token)
		if err == nil {
			req.Caller, req.Present, req.Token, req.Cookie = p.Caller, &p, token, true
			return nil
		}
		if _, ok := text.AsRefusal(err); !ok {
			return err
		}
	}
	if token := s.cookieOf(r, cookieLink); token != "" {
		c, _, err := s.opt.Accounts.ByLink(ctx, token)
		if err == nil {
			req.Caller, req.Token, req.Cookie = c, token, true
			return nil
		}
		if _, ok := text.AsRefusal(err); !ok {
			return err
		}
	}
	return nil
}

// ownPage checks the proof that goes with a cookie.
func (s *Server) ownPage(r *http.Request, req *request) bool {
	given := r.Header.Get(headerCSRF)
	if req.Present != nil {
		return req.Present.CheckCSRF(given)
	}
	return given != "" && sameText(given, account.LinkCSRF(req.Token))
}
