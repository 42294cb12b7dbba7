package server

import (
	"context"
	"crypto/subtle"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/text"
)

var typeOfProblem = reflect.TypeFor[Problem]()

// typeOf is a type for the description.
func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

func sameText(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// Me is what somebody may know of themselves.
type Me struct {
	ID        string            `json:"id"`
	Kind      access.CallerKind `json:"kind" enum:"session,key,link"`
	Login     string            `json:"login,omitempty"`
	Name      string            `json:"name,omitempty"`
	Email     string            `json:"email,omitempty" doc:"Where one-time links go"`
	Roles     []access.Role     `json:"roles"`
	Party     string            `json:"party,omitempty"`
	ClaimID   string            `json:"claim_id,omitempty" doc:"The one claim that a link opens"`
	Scopes    []string          `json:"scopes,omitempty"`
	Language  string            `json:"language,omitempty"`
	TOTP      bool              `json:"totp" doc:"Whether a second factor is set up"`
	Pending   bool              `json:"pending" doc:"The second factor is still to come: POST /v1/session/totp"`
	SetUp     []string          `json:"set_up,omitempty" doc:"What has to be set up before the roles count: password, totp"`
	Confirm   []string          `json:"confirm,omitempty" doc:"How to show again who one is, for what needs it: password, totp (POST /v1/me/confirm), provider (GET /v1/oidc/start?fresh=true)"`
	CSRF      string            `json:"csrf,omitempty" doc:"To be sent as X-CSRF-Token with everything but reading"`
	ExpiresAt *time.Time        `json:"expires_at,omitempty"`
}

// meOf describes the caller of a request.
func meOf(req *request) Me {
	c := req.Caller
	m := Me{ID: c.ID, Kind: c.Kind, Roles: c.Roles, Party: c.Party, ClaimID: c.Only, Scopes: c.Scopes, Language: c.Language}
	if m.Roles == nil {
		m.Roles = []access.Role{}
	}
	if req.Present == nil {
		if req.Cookie {
			m.CSRF = account.LinkCSRF(req.Token)
		}
		return m
	}
	p := req.Present
	m.Login, m.Name, m.Email, m.TOTP = p.User.Login, p.User.Name, p.User.Email, p.User.TOTP != ""
	m.Pending, m.CSRF, m.ExpiresAt = p.Session.Pending, p.Session.CSRF, &p.Session.Expires
	if p.NeedsPassword {
		m.SetUp = append(m.SetUp, "password")
	}
	if p.NeedsTOTP {
		m.SetUp = append(m.SetUp, "totp")
	}
	for _, way := range []struct {
		name string
		open bool
	}{{"password", p.User.Password != ""}, {"totp", m.TOTP}, {"provider", p.User.OIDC != ""}} {
		if way.open && !m.Pending {
			m.Confirm = append(m.Confirm, way.name)
		}
	}
	return m
}

type meOutput struct {
	SetCookie []*http.Cookie `header:"Set-Cookie"`
	Body      Me
}

// signedIn answers with a new session: the cookie, and who one is now.
func (s *Server) signedIn(ctx context.Context, in account.SignedIn) (*meOutput, error) {
	p, err := s.opt.Accounts.BySession(ctx, in.Token)
	if err != nil {
		return nil, err
	}
	me := meOf(&request{Caller: p.Caller, Present: &p, Token: in.Token, Cookie: true})
	return &meOutput{SetCookie: s.cookiesOf(in), Body: me}, nil
}

// cookiesOf are those of a new session: its token, and by what the browser is
// known from now on.
func (s *Server) cookiesOf(in account.SignedIn) []*http.Cookie {
	out := []*http.Cookie{s.cookie(cookieSession, in.Token, in.Expires)}
	if in.Device != "" {
		out = append(out, s.cookie(cookieDevice, in.Device, s.now().Add(account.DeviceFor)))
	}
	return out
}

type signInInput struct {
	Body struct {
		Login    string `json:"login" minLength:"1" maxLength:"100"`
		Password string `json:"password" minLength:"1" maxLength:"512"`
	}
}

type codeInput struct {
	Body struct {
		Code string `json:"code" minLength:"6" maxLength:"30" doc:"Six digits of the app, or a spare code"`
	}
}

type passwordInput struct {
	Body struct {
		Old      string `json:"old,omitempty" maxLength:"512" doc:"Not needed after a one-time password"`
		Password string `json:"password" maxLength:"512" doc:"At least 12 characters"`
	}
}

type oncePasswordInput struct {
	Body struct {
		Token    string `json:"token" maxLength:"200" doc:"From the one-time link"`
		Password string `json:"password" maxLength:"512" doc:"At least 12 characters"`
	}
}

type forgotInput struct {
	Body struct {
		Login string `json:"login" minLength:"1" maxLength:"100"`
	}
}

type enrolInput struct {
	Body struct {
		Password string `json:"password" maxLength:"512"`
	}
}

// Enrolment is a second factor about to be set up.
type Enrolment struct {
	Secret string `json:"secret" doc:"Base32, for typing in"`
	URI    string `json:"uri" doc:"otpauth://, for a QR code"`
}

type enrolOutput struct{ Body Enrolment }

type spareOutput struct {
	Body struct {
		Spare []string `json:"spare" doc:"Each good for one sign-in; shown this once"`
	}
}

type empty struct{}

type cookiesOutput struct {
	SetCookie []*http.Cookie `header:"Set-Cookie"`
}

func (s *Server) registerSessions() {
	op := func(id, method, path string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"session"}, DefaultStatus: map[string]int{http.MethodDelete: 204}[method]}
	}
	anybody := Access{Public: true, Fresh: true}
	self := Access{SignedIn: true, Fresh: true, Link: LinkOwn}
	person := Access{SignedIn: true, People: true, Fresh: true}
	route(s, op("sign-in", http.MethodPost, "/v1/session"), anybody, text.Both("Sign in", "登录"), s.signIn)
	route(s, op("second-factor", http.MethodPost, "/v1/session/totp"), person, text.Both("Give the second factor", "两步验证"), s.secondFactor)
	route(s, op("sign-out", http.MethodDelete, "/v1/session"), anybody, text.Both("Sign out", "退出登录"), s.signOut)
	route(s, op("me", http.MethodGet, "/v1/me"), self, text.Both("Who I am here", "当前身份"), func(ctx context.Context, _ *empty) (*meOutput, error) {
		return &meOutput{Body: meOf(requestOf(ctx))}, nil
	})
	route(s, op("change-password", http.MethodPost, "/v1/me/password"), person, text.Both("Change my password", "修改密码"), s.changePassword)
	route(s, op("set-password-once", http.MethodPost, "/v1/password"), anybody, text.Both("Set a password by a one-time link", "通过一次性链接设置密码"), s.setPassword)
	forgot := op("forgot-password", http.MethodPost, "/v1/password/forgot")
	forgot.DefaultStatus, forgot.Description = http.StatusAccepted, "Sends a one-time link to the account's e-mail address. The answer is the same whether there is such an account or not. Only where GET /v1/console says mail."
	route(s, forgot, anybody, text.Both("Ask for a link to set a new password", "申请重设密码链接"), s.forgot)
	route(s, op("enrol-totp", http.MethodPost, "/v1/me/totp"), person, text.Both("Begin to set up a second factor", "开始启用两步验证"), s.enrol)
	route(s, op("confirm-totp", http.MethodPost, "/v1/me/totp/confirm"), person, text.Both("Confirm the second factor", "确认两步验证"), s.confirmTOTP)
}

func (s *Server) signIn(ctx context.Context, in *signInInput) (*meOutput, error) {
	req := requestOf(ctx)
	old := ""
	if req.Present != nil {
		old = req.Token
	}
	got, err := s.opt.Accounts.SignIn(ctx, in.Body.Login, in.Body.Password, old, req.from())
	if err != nil {
		return nil, err
	}
	return s.signedIn(ctx, got)
}

func (s *Server) secondFactor(ctx context.Context, in *codeInput) (*meOutput, error) {
	req := requestOf(ctx)
	got, err := s.opt.Accounts.SecondFactor(ctx, req.Token, in.Body.Code, req.from())
	if err != nil {
		return nil, err
	}
	return s.signedIn(ctx, got)
}

func (s *Server) signOut(ctx context.Context, _ *empty) (*cookiesOutput, error) {
	if req := requestOf(ctx); req.Present != nil {
		if err := s.opt.Accounts.SignOut(ctx, req.Token); err != nil {
			return nil, err
		}
	}
	return &cookiesOutput{SetCookie: []*http.Cookie{s.gone(cookieSession), s.gone(cookieLink)}}, nil
}

// whole refuses sessions that wait for their second factor.
func whole(req *request) error {
	if req.Present == nil || req.Present.Session.Pending {
		return text.Refuse(account.CodeSignedOut, "", "The second factor is still to come.", "请先完成两步验证。")
	}
	return nil
}

func (s *Server) changePassword(ctx context.Context, in *passwordInput) (*meOutput, error) {
	req := requestOf(ctx)
	if err := whole(req); err != nil {
		return nil, err
	}
	got, err := s.opt.Accounts.ChangePassword(ctx, req.Caller.ID, in.Body.Old, in.Body.Password, req.from())
	if err != nil {
		return nil, err
	}
	return s.signedIn(ctx, got)
}

func (s *Server) setPassword(ctx context.Context, in *oncePasswordInput) (*cookiesOutput, error) {
	device, err := s.opt.Accounts.SetPasswordFrom(ctx, in.Body.Token, in.Body.Password, requestOf(ctx).from())
	if err != nil {
		return nil, err
	}
	return &cookiesOutput{SetCookie: []*http.Cookie{s.cookie(cookieDevice, device, s.now().Add(account.DeviceFor))}}, nil
}

// forgot answers before anything is sent: the letter goes out by a job.
func (s *Server) forgot(ctx context.Context, in *forgotInput) (*empty, error) {
	if err := s.slowly(ctx); err != nil {
		return nil, err
	}
	if !s.opt.Mail {
		return nil, nil
	}
	return nil, s.opt.Accounts.Forgot(ctx, in.Body.Login)
}

func (s *Server) enrol(ctx context.Context, in *enrolInput) (*enrolOutput, error) {
	req := requestOf(ctx)
	if err := whole(req); err != nil {
		return nil, err
	}
	e, err := s.opt.Accounts.EnrolTOTP(ctx, req.Caller.ID, in.Body.Password, req.from())
	if err != nil {
		return nil, err
	}
	return &enrolOutput{Body: Enrolment{Secret: e.Secret, URI: e.URI}}, nil
}

func (s *Server) confirmTOTP(ctx context.Context, in *codeInput) (*spareOutput, error) {
	req := requestOf(ctx)
	if err := whole(req); err != nil {
		return nil, err
	}
	spare, err := s.opt.Accounts.ConfirmTOTP(ctx, req.Caller.ID, in.Body.Code, req.from())
	if err != nil {
		return nil, err
	}
	out := &spareOutput{}
	out.Body.Spare = spare
	return out, nil
}
