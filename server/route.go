package server

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/text"
)

// Access says who may call a route. Whose things they then see is checked for
// each object by desk.
type Access struct {
	// Roles may call it. With Public everybody may, with SignedIn everybody
	// who is known at all, also while a second factor is pending.
	Roles    []access.Role
	Public   bool
	SignedIn bool
	// Scope is what an API key needs beside the role; without one no key may call it.
	Scope string
	// People keeps keys and links out, for what only a person with a session does.
	People bool
	// Link says what a signed link may do here; a route that says nothing is
	// closed to links.
	Link LinkUse
	// Recent asks who they are again, unless they have shown it within
	// account.ConfirmedFor: for keys, accounts, credentials.
	Recent bool
	// Within is how long a JSON route may take; zero is answerWithin.
	Within time.Duration
	// Fresh means that answers are never kept for a repeated idempotency key,
	// for they hold secrets.
	Fresh bool
}

// LinkUse is how a route binds a signed link to what the link is for: one
// side of one claim.
type LinkUse string

// The uses.
const (
	LinkNone     LinkUse = ""         // none
	LinkClaim    LinkUse = "claim"    // {id} is the link's own claim; any other is as if it were not
	LinkEvidence LinkUse = "evidence" // {id} is evidence of that claim, or a picture of its order: desk.EvidenceContent tells
	LinkOwn      LinkUse = "own"      // names nothing, and answers with what is the link's own or anybody's
)

// binds is whether the link's caller may go on to what id names.
func (u LinkUse) binds(c access.Caller, id string) error {
	switch {
	case u == LinkNone:
		return text.Refuse(text.CodeForbidden, "", "A link does not open this: it is for its one claim alone. Sign in instead.", "链接仅限查看和处理对应的这一件申请，此操作请登录后进行。")
	case u == LinkClaim && (id == "" || id != c.Only):
		return text.Refuse(text.CodeNotFound, "", "There is no such thing, or it is not yours to see.", "不存在，或您无权查看。")
	}
	return nil
}

// staffRoles are those of people who work at the desk.
var staffRoles = []access.Role{access.RoleReviewer, access.RoleSenior, access.RoleOperator, access.RoleAuditor}

// names is what x-roles says.
func (a Access) names() []string {
	switch {
	case a.Public:
		return []string{"public"}
	case a.SignedIn:
		return []string{"signed_in"}
	}
	out := make([]string, len(a.Roles))
	for i, r := range a.Roles {
		out[i] = string(r)
	}
	return out
}

// empty is an access that nobody wrote.
func (a Access) empty() bool { return !a.Public && !a.SignedIn && len(a.Roles) == 0 }

// allow checks a caller against the access; id is what the path names.
func (a Access) allow(req *request, id string) error {
	c := req.Caller
	switch {
	case a.Public:
		return nil
	case !c.Known():
		return text.Refuse(account.CodeSignedOut, "", "Sign in first, or send an API key or a link.", "请先登录，或提供 API 密钥、链接。")
	case a.People && c.Kind != access.CallerSession:
		return text.Refuse(text.CodeForbidden, "", "Only a person who is signed in may do this.", "仅限已登录的人员操作。")
	case c.Kind == access.CallerLink && !a.SignedIn && !c.HasAny(a.Roles...):
		return text.Refuse(text.CodeForbidden, "", "Your role does not allow this.", "您的角色无权执行此操作。")
	case c.Kind == access.CallerLink:
		return a.Link.binds(c, id)
	case a.Recent && req.Present != nil && !req.Present.Session.Pending && !req.Present.Recent && (a.SignedIn || c.HasAny(a.Roles...)):
		return text.Refuse(account.CodeConfirm, "", "Show again that it is you: POST /v1/me/confirm with your password or a code.", "请再次验证身份：使用密码或验证码调用 POST /v1/me/confirm。")
	case a.SignedIn:
		return nil
	case req.Present != nil && req.Present.Session.Pending:
		return text.Refuse(account.CodeSignedOut, "", "The second factor is still to come.", "请先完成两步验证。")
	case req.Present != nil && req.Present.NeedsPassword:
		return text.Refuse(text.CodeForbidden, "", "Set a password of your own first.", "请先设置自己的密码。")
	case req.Present != nil && req.Present.NeedsTOTP:
		return text.Refuse(text.CodeForbidden, "", "Set up a second factor first.", "请先启用两步验证。")
	case !c.HasAny(a.Roles...):
		return text.Refuse(text.CodeForbidden, "", "Your role does not allow this.", "您的角色无权执行此操作。")
	case a.Recent && req.Present != nil && !req.Present.Recent:
		return text.Refuse(account.CodeConfirm, "", "Show again that it is you: POST /v1/me/confirm with your password or a code.", "请再次验证身份：使用密码或验证码调用 POST /v1/me/confirm。")
	case c.Kind == access.CallerKey && (a.Scope == "" || !c.HasScope(a.Scope)):
		return text.Refuse(codeScope, "", "The key lacks the scope "+orElse(a.Scope, "for this")+".", "密钥缺少权限范围 "+a.Scope+"。")
	}
	return nil
}

// Route is one entry of the list of all routes.
type Route struct {
	Method, Path string
	Access       Access
}

// Routes lists all routes, so that a test can walk them as every role.
func (s *Server) Routes() []Route { return slices.Clone(s.routes) }

// describe completes an operation's description: who may call it, by what
// means, and its words in both languages.
func (s *Server) describe(op *huma.Operation, a Access, words text.Text) {
	if a.empty() {
		panic("server: " + op.Method + " " + op.Path + " says nothing of who may call it")
	}
	s.routes = append(s.routes, Route{Method: op.Method, Path: op.Path, Access: a})
	op.Summary = words.EN
	if op.Extensions == nil {
		op.Extensions = map[string]any{}
	}
	op.Extensions["x-roles"] = a.names()
	op.Extensions["x-summary-zh"] = words.ZH
	if a.Scope != "" {
		op.Extensions["x-scope"] = a.Scope
	}
	if a.Recent {
		op.Extensions["x-recent"] = true
	}
	if a.Public {
		return
	}
	op.Security = []map[string][]string{{"session": {}}}
	if a.Scope != "" {
		op.Security = append(op.Security, map[string][]string{"key": {}})
	}
	if a.Link != LinkNone {
		op.Extensions["x-link"] = string(a.Link)
		op.Security = append(op.Security, map[string][]string{"link": {}})
	}
}

// How long a JSON route may take, and one that goes through many claims; a
// database that hangs would hold its requests for ever.
const (
	answerWithin = time.Minute
	sweepWithin  = 5 * time.Minute
)

// route adds a JSON route. words is its summary; op needs OperationID, Method
// and Path. The handler is run only for callers whom access allows; a POST of
// theirs with an idempotency key is done once.
func route[I, O any](s *Server, op huma.Operation, a Access, words text.Text, h func(context.Context, *I) (*O, error)) {
	s.describe(&op, a, words)
	limit := orElse(op.MaxBodyBytes, s.bodySize(a))
	// Read here, by the door's own bounds of size, shape and time: huma has
	// none but the first, and its deadline would end a long request.
	op.MaxBodyBytes, op.BodyReadTimeout = -1, -1
	op.Errors = append(op.Errors, http.StatusBadRequest, http.StatusTooManyRequests)
	if !a.Public {
		op.Errors = append(op.Errors, http.StatusUnauthorized, http.StatusForbidden)
	}
	if op.Method == http.MethodPost && !a.Fresh {
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: ptr(200)},
			Description: "Any text of your own, new for each thing you want done: the same request with the same key is done once, within 24 hours.",
		})
	}
	op.Middlewares = append(op.Middlewares, func(ctx huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(ctx)
		req := requestOf(r.Context())
		if err := a.allow(req, r.PathValue("id")); err != nil {
			fail(w, r, err)
			return
		}
		if !req.Page && !acceptsJSON(r.Header) {
			fail(w, r, errNotAcceptable())
			return
		}
		in := ctx.Operation().RequestBody
		isJSON := in == nil || in.Content["application/json"] != nil
		s.withBody(w, r, limit, isJSON, func(w http.ResponseWriter, r *http.Request) {
			run := func(w http.ResponseWriter, r *http.Request) { next(humago.NewContext(ctx.Operation(), r, w)) }
			if key := r.Header.Get("Idempotency-Key"); r.Method == http.MethodPost && key != "" && !a.Fresh {
				s.once(w, r, key, run)
				return
			}
			run(w, r)
		})
	})
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		ctx, cancel := context.WithTimeout(ctx, orElse(a.Within, answerWithin))
		defer cancel()
		if err := checkTimes(in); err != nil {
			return nil, problemOf(requestOf(ctx), err)
		}
		out, err := h(ctx, in)
		if err != nil {
			return nil, problemOf(requestOf(ctx), err) // with its Retry-After, which huma takes from nothing else
		}
		return out, nil
	})
}

// handle adds a route that does not speak JSON, with the same checks.
func (s *Server) handle(op huma.Operation, a Access, words text.Text, h http.Handler) {
	s.describe(&op, a, words)
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{"200": {Description: "OK"}}
	}
	op.Responses["default"] = &huma.Response{Description: "A problem", Content: map[string]*huma.MediaType{
		"application/problem+json": {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}},
	}}
	s.api.OpenAPI().AddOperation(&op)
	s.mux.Handle(strings.ToUpper(op.Method)+" "+op.Path, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := a.allow(requestOf(r.Context()), r.PathValue("id")); err != nil {
			fail(w, r, err)
			return
		}
		h.ServeHTTP(w, r)
	}))
}

func ptr[T any](v T) *T { return &v }

func orElse[T comparable](v, d T) T {
	var zero T
	if v == zero {
		return d
	}
	return v
}
