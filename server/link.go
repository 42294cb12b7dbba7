package server

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

type linkInput struct {
	ID   string `path:"id" maxLength:"60"`
	Body struct {
		Role  access.Role `json:"role" enum:"buyer,merchant"`
		Hours int         `json:"hours,omitempty" minimum:"1" maximum:"2160" default:"336" doc:"How long it works"`
	}
}

type claimIDInput struct {
	ID string `path:"id" maxLength:"60"`
}

// LinkBody is a signed link.
type LinkBody struct {
	URL     string      `json:"url" doc:"For the buyer's or merchant's browser"`
	Token   string      `json:"token" doc:"For an app, as X-Evenhand-Link"`
	Role    access.Role `json:"role"`
	Expires time.Time   `json:"expires"`
}

type linkOutput struct{ Body LinkBody }

type swapInput struct {
	Token string `query:"t" required:"true" maxLength:"1024"`
}

func (s *Server) registerLinks() {
	issue := Access{Roles: []access.Role{access.RoleIntegrator, access.RoleOperator}, Scope: access.ScopeLinksWrite, Fresh: true}
	route(s, huma.Operation{OperationID: "issue-link", Method: http.MethodPost, Path: "/v1/claims/{id}/links", Tags: []string{"links"}, DefaultStatus: 201}, issue,
		text.Both("Make a link for the buyer or the merchant", "生成买家或商家链接"), s.issueLink)
	route(s, huma.Operation{OperationID: "revoke-links", Method: http.MethodDelete, Path: "/v1/claims/{id}/links", Tags: []string{"links"}, DefaultStatus: 204}, issue,
		text.Both("End all links to a claim", "使全部链接失效"), s.revokeLinks)
	route(s, huma.Operation{OperationID: "open-link", Method: http.MethodGet, Path: "/v1/link", Tags: []string{"links"}, DefaultStatus: 303}, Access{Public: true},
		text.Both("Swap a link for a cookie", "打开链接"), s.openLink)
}

// reach hides claims from callers who may not see them, such as a merchant's own key.
func (s *Server) reach(ctx context.Context, claimID string) error {
	return s.opt.Store.Read(ctx, func(tx desk.Tx) error {
		c, err := tx.Claim(ctx, claimID)
		if err != nil {
			return err
		}
		caller := CallerOf(ctx)
		// A key that only makes links need not read claims.
		if caller.Kind == access.CallerKey && caller.Party == "" {
			return nil
		}
		if !desk.MayRead(caller, c) {
			return work.ErrNotFound
		}
		return nil
	})
}

func (s *Server) issueLink(ctx context.Context, in *linkInput) (*linkOutput, error) {
	if err := s.reach(ctx, in.ID); err != nil {
		return nil, err
	}
	token, l, err := s.opt.Accounts.As(CallerOf(ctx)).IssueLink(ctx, in.ID, in.Body.Role, time.Duration(in.Body.Hours)*time.Hour)
	if err != nil {
		return nil, err
	}
	u := s.public.JoinPath("/v1/link")
	u.RawQuery = url.Values{"t": {token}}.Encode()
	return &linkOutput{Body: LinkBody{URL: u.String(), Token: token, Role: l.Role, Expires: time.Unix(l.Expires, 0).UTC()}}, nil
}

func (s *Server) revokeLinks(ctx context.Context, in *claimIDInput) (*empty, error) {
	if err := s.reach(ctx, in.ID); err != nil {
		return nil, err
	}
	return nil, s.opt.Accounts.As(CallerOf(ctx)).RevokeLinks(ctx, in.ID)
}

// openLink is the one place that reads a token from an address. The cookie
// ends with the link, and the address that holds the token is left at once.
func (s *Server) openLink(ctx context.Context, in *swapInput) (*redirect, error) {
	// Messengers take the full stop or the bracket after an address for part of it.
	in.Token = strings.TrimRight(in.Token, " .,;:!?)]}>'\"。，；：！？、）】》」』”’…")
	_, l, err := s.opt.Accounts.ByLink(ctx, in.Token)
	if err != nil {
		return nil, err
	}
	return &redirect{
		Status: http.StatusSeeOther, Location: s.within("claims", l.ClaimID),
		SetCookie: []*http.Cookie{s.cookie(cookieLink, in.Token, time.Unix(l.Expires, 0))},
	}, nil
}

// within is an address under the desk's own path, from the root on: one without
// its first slash would be read as lying beside the page that names it.
func (s *Server) within(elem ...string) string {
	return "/" + strings.TrimPrefix(s.public.JoinPath(elem...).EscapedPath(), "/")
}
