package server

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/evenhand/evenhand/text"
)

// ConsoleBody is what the sign-in page may offer.
type ConsoleBody struct {
	Mail      bool             `json:"mail" doc:"Whether a forgotten password can be mended by e-mail"`
	OIDC      bool             `json:"oidc" doc:"Whether staff may sign in at a provider"`
	Providers []SignInProvider `json:"providers"`
	Demo      bool             `json:"demo" doc:"Whether all of it is made up"`
	Version   string           `json:"version"`
}

// SignInProvider is where staff may sign in instead.
type SignInProvider struct {
	Name  string `json:"name"`
	Start string `json:"start" doc:"Where the browser begins, relative to the public address"`
}

type consoleOutput struct{ Body ConsoleBody }

// registerConsole adds what a page has to know before anybody has signed in.
func (s *Server) registerConsole() {
	op := huma.Operation{OperationID: "console", Method: http.MethodGet, Path: "/v1/console", Tags: []string{"session"}}
	route(s, op, Access{Public: true}, text.Both("What the sign-in page may offer", "登录页可用功能"), func(context.Context, *empty) (*consoleOutput, error) {
		b := ConsoleBody{Mail: s.opt.Mail, Providers: []SignInProvider{}, Demo: s.opt.Demo, Version: s.opt.Version}
		if p := s.opt.Provider; p != nil {
			b.OIDC = true
			b.Providers = append(b.Providers, SignInProvider{Name: p.Name(), Start: "/v1/oidc/start"})
		}
		return &consoleOutput{Body: b}, nil
	})
}
