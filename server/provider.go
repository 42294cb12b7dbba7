package server

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/evenhand/evenhand/text"
)

type oidcStartInput struct {
	Return string `query:"return" maxLength:"500" doc:"Path of ours to come back to"`
	Fresh  bool   `query:"fresh" doc:"Have the provider ask for the credentials again: for what needs x-recent"`
}

type oidcFinishInput struct {
	State string `query:"state" maxLength:"200"`
	Code  string `query:"code" maxLength:"4000"`
	// Providers send these as well; they are not needed.
	Error       string `query:"error" maxLength:"200"`
	Description string `query:"error_description" maxLength:"2000"`
	Iss         string `query:"iss" maxLength:"500"`
	Session     string `query:"session_state" maxLength:"500"`
	Scope       string `query:"scope" maxLength:"500"`
}

type redirect struct {
	Status    int
	Location  string         `header:"Location"`
	SetCookie []*http.Cookie `header:"Set-Cookie"`
}

func (s *Server) registerProvider() {
	anybody := Access{Public: true, Fresh: true}
	route(s, huma.Operation{OperationID: "oidc-start", Method: http.MethodGet, Path: "/v1/oidc/start", Tags: []string{"session"}, DefaultStatus: 302}, anybody,
		text.Both("Sign in at the provider", "外部登录"), s.oidcStart)
	route(s, huma.Operation{OperationID: "oidc-callback", Method: http.MethodGet, Path: "/v1/oidc/callback", Tags: []string{"session"}, DefaultStatus: 302}, anybody,
		text.Both("Come back from the provider", "外部登录回调"), s.oidcFinish)
}

func errNoProvider() error {
	return text.Refuse(text.CodeNotFound, "", "No provider is set up here.", "未配置外部登录。")
}

func (s *Server) oidcStart(ctx context.Context, in *oidcStartInput) (*redirect, error) {
	if s.opt.Provider == nil {
		return nil, errNoProvider()
	}
	to, carried, err := s.opt.Provider.Start(ctx, in.Return, in.Fresh)
	if err != nil {
		return s.turnedAway(ctx, err)
	}
	return &redirect{Status: http.StatusFound, Location: to, SetCookie: []*http.Cookie{s.cookie(cookieOIDC, carried, s.now().Add(15*time.Minute))}}, nil
}

func (s *Server) oidcFinish(ctx context.Context, in *oidcFinishInput) (*redirect, error) {
	if s.opt.Provider == nil {
		return nil, errNoProvider()
	}
	req := requestOf(ctx)
	old := ""
	if req.Present != nil {
		old = req.Token
	}
	got, back, err := s.opt.Provider.Finish(ctx, req.trip, in.State, in.Code, old, req.from())
	if err != nil {
		return s.turnedAway(ctx, err)
	}
	return &redirect{Status: http.StatusFound, Location: s.under(back), SetCookie: append(s.cookiesOf(got), s.gone(cookieOIDC))}, nil
}

// under is a path of the console as the browser has to ask for it.
func (s *Server) under(path string) string { return strings.TrimSuffix(s.public.Path, "/") + path }

// turnedAway leads a person back to the sign-in page, which says what the
// refusal's code means. Programs, and what is no refusal, get the problem.
func (s *Server) turnedAway(ctx context.Context, err error) (*redirect, error) {
	refusal, ok := text.AsRefusal(err)
	if !ok || s.opt.Console == nil || !requestOf(ctx).Page {
		return nil, err
	}
	to := s.under("/sign-in?") + url.Values{"refused": {string(refusal.Code)}}.Encode()
	return &redirect{Status: http.StatusFound, Location: to, SetCookie: []*http.Cookie{s.gone(cookieOIDC)}}, nil
}
