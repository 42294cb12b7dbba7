package server

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/desk/mask"
	"github.com/evenhand/evenhand/text"
)

// ProfileBody is what an operator says about somebody.
type ProfileBody struct {
	Login     string        `json:"login" minLength:"2" maxLength:"100"`
	Name      string        `json:"name,omitempty" maxLength:"100"`
	Email     string        `json:"email,omitempty" maxLength:"254" doc:"Where one-time links for a new password go"`
	Roles     []access.Role `json:"roles" minItems:"1" maxItems:"7"`
	Party     string        `json:"party,omitempty" maxLength:"100" doc:"The merchant or buyer they act for"`
	Conflicts []string      `json:"conflicts,omitempty" maxItems:"1000" doc:"Merchants and buyers they have to do with, whose cases they get none of"`
	Language  string        `json:"language,omitempty" enum:"zh,en"`
	Disabled  bool          `json:"disabled,omitempty"`
}

func (b ProfileBody) profile() account.Profile {
	return account.Profile{Login: b.Login, Name: b.Name, Email: b.Email, Roles: b.Roles, Party: b.Party, Conflicts: b.Conflicts, Language: b.Language, Disabled: b.Disabled}
}

// UserBody is an account.
type UserBody struct {
	desk.User
	TOTP     bool `json:"totp" doc:"Whether a second factor is set up"`
	Provider bool `json:"provider" doc:"Whether they sign in at the provider"`
	Password bool `json:"password" doc:"Whether they have a password"`
	// SetAside is for accounts from before conflicting roles were refused.
	SetAside []access.Role `json:"set_aside,omitempty" doc:"Roles that the account holds and that do not count, for they conflict with another; change the account to be rid of them"`
}

func userBody(u desk.User) UserBody {
	return UserBody{User: u, TOTP: u.TOTP != "", Provider: u.OIDC != "", Password: u.Password != "", SetAside: account.SetAside(u.Roles)}
}

// OnceLink is a one-time link by which somebody sets a password.
type OnceLink struct {
	URL string `json:"url" doc:"Give it to the person; it works once, for 72 hours, and is shown this once"`
}

type userInput struct{ Body ProfileBody }

// UserIDInput names an account; it is exported because huma reads only exported embedded structs.
type UserIDInput struct {
	ID string `path:"id" maxLength:"40"`
}

// ProfileChangeBody changes an account; what is left out stays as it is.
type ProfileChangeBody struct {
	Login     string         `json:"login,omitempty" maxLength:"64" doc:"Left out, it stays as it is"`
	Name      *string        `json:"name,omitempty" maxLength:"100" doc:"Left out, it stays as it is"`
	Email     *string        `json:"email,omitempty" maxLength:"254" doc:"Where one-time links for a new password go; left out, it stays as it is"`
	Roles     *[]access.Role `json:"roles,omitempty" nullable:"true" minItems:"1" maxItems:"7" doc:"Left out, they stay as they are"`
	Party     *string        `json:"party,omitempty" maxLength:"100" doc:"The merchant or buyer they act for; left out, it stays as it is"`
	Conflicts *[]string      `json:"conflicts,omitempty" nullable:"true" maxItems:"1000" doc:"Merchants and buyers they have to do with, whose cases they get none of; left out, they stay as they are"`
	Language  *string        `json:"language,omitempty" enum:"zh,en" doc:"Left out, it stays as it is"`
	Disabled  *bool          `json:"disabled,omitempty" doc:"Left out, it stays as it is"`
}

// onto is the profile with what is left out as it is kept.
func (b ProfileChangeBody) onto(u desk.User) account.Profile {
	return account.Profile{
		Login: cmp.Or(b.Login, u.Login), Name: sentOr(b.Name, u.Name), Email: sentOr(b.Email, u.Email), Roles: sentOr(b.Roles, u.Roles),
		Party: sentOr(b.Party, u.Party), Conflicts: sentOr(b.Conflicts, u.Conflicts), Language: sentOr(b.Language, u.Language), Disabled: sentOr(b.Disabled, u.Disabled),
	}
}

type userChangeInput struct {
	UserIDInput
	Body ProfileChangeBody
}

type userOutput struct{ Body UserBody }

type usersOutput struct{ Body List[UserBody] }

type userAddedOutput struct {
	Body struct {
		User UserBody `json:"user"`
		OnceLink
	}
}

type onceLinkOutput struct{ Body OnceLink }

func (s *Server) registerUsers() {
	op := func(id, method, path string, status int) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"users"}, DefaultStatus: status}
	}
	operator := Access{Roles: []access.Role{access.RoleOperator}, People: true, Recent: true, Fresh: true}
	reads := Access{Roles: []access.Role{access.RoleOperator, access.RoleAuditor}, People: true}
	route(s, op("users", http.MethodGet, "/v1/users", 200), reads, text.Both("List accounts", "账号列表"), s.users)
	route(s, op("add-user", http.MethodPost, "/v1/users", 201), operator, text.Both("Add an account", "添加账号"), s.addUser)
	route(s, op("user", http.MethodGet, "/v1/users/{id}", 200), reads, text.Both("One account", "账号详情"), func(ctx context.Context, in *UserIDInput) (*userOutput, error) {
		u, err := s.opt.Accounts.User(ctx, in.ID)
		return &userOutput{Body: userBody(forCaller(ctx, u))}, err
	})
	route(s, op("change-user", http.MethodPut, "/v1/users/{id}", 200), operator, text.Both("Change an account", "修改账号"), func(ctx context.Context, in *userChangeInput) (*userOutput, error) {
		u, err := s.opt.Accounts.As(CallerOf(ctx)).ChangeUser(ctx, in.ID, in.Body.onto)
		return &userOutput{Body: userBody(u)}, err
	})
	route(s, op("reset-password", http.MethodPost, "/v1/users/{id}/password-link", 201), operator, text.Both("Make a one-time link for a new password", "生成重置密码链接"), func(ctx context.Context, in *UserIDInput) (*onceLinkOutput, error) {
		token, err := s.opt.Accounts.As(CallerOf(ctx)).OnceToken(ctx, in.ID)
		return &onceLinkOutput{Body: OnceLink{URL: s.onceURL(token)}}, err
	})
	route(s, op("reset-totp", http.MethodDelete, "/v1/users/{id}/totp", 204), operator, text.Both("Remove a second factor", "移除两步验证"), func(ctx context.Context, in *UserIDInput) (*empty, error) {
		return nil, s.opt.Accounts.As(CallerOf(ctx)).ResetTOTP(ctx, in.ID)
	})
}

// forCaller hides what only those need to know who keep accounts.
func forCaller(ctx context.Context, u desk.User) desk.User {
	if !CallerOf(ctx).Has(access.RoleOperator) {
		u.Email = mask.Email(u.Email)
	}
	return u
}

func (s *Server) onceURL(token string) string { return account.OnceURL(s.public, token) }

func (s *Server) users(ctx context.Context, _ *empty) (*usersOutput, error) {
	all, err := s.opt.Accounts.Users(ctx)
	out := &usersOutput{Body: List[UserBody]{Items: make([]UserBody, len(all))}}
	for i, u := range all {
		out.Body.Items[i] = userBody(forCaller(ctx, u))
	}
	return out, err
}

func (s *Server) addUser(ctx context.Context, in *userInput) (*userAddedOutput, error) {
	u, token, err := s.opt.Accounts.As(CallerOf(ctx)).AddUser(ctx, in.Body.profile())
	out := &userAddedOutput{}
	out.Body.User, out.Body.URL = userBody(u), s.onceURL(token)
	return out, err
}

// KeyBody is what a new API key shall be.
type KeyBody struct {
	Name    string        `json:"name" minLength:"1" maxLength:"100"`
	Scopes  []string      `json:"scopes" minItems:"1" maxItems:"30"`
	Roles   []access.Role `json:"roles,omitempty" maxItems:"4" doc:"integrator unless said otherwise"`
	Party   string        `json:"party,omitempty" maxLength:"100" doc:"Narrows the key to one merchant or buyer"`
	Expires *time.Time    `json:"expires,omitempty"`
}

type keyInput struct{ Body KeyBody }

type keyIDInput struct {
	ID string `path:"id" maxLength:"40"`
}

type keyOutput struct{ Body desk.Key }

type keysOutput struct{ Body List[desk.Key] }

type keyIssuedOutput struct {
	Body struct {
		Key    desk.Key `json:"key"`
		Secret string   `json:"secret" doc:"ehk_…; shown this once"`
	}
}

func (s *Server) registerKeys() {
	op := func(id, method, path string, status int) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{"keys"}, DefaultStatus: status}
	}
	operator := Access{Roles: []access.Role{access.RoleOperator}, People: true, Recent: true, Fresh: true}
	reads := Access{Roles: []access.Role{access.RoleOperator, access.RoleAuditor}, People: true}
	route(s, op("keys", http.MethodGet, "/v1/keys", 200), reads, text.Both("List API keys", "API 密钥列表"), func(ctx context.Context, _ *empty) (*keysOutput, error) {
		all, err := s.opt.Accounts.Keys(ctx)
		if all == nil {
			all = []desk.Key{}
		}
		return &keysOutput{Body: List[desk.Key]{Items: all}}, err
	})
	route(s, op("issue-key", http.MethodPost, "/v1/keys", 201), operator, text.Both("Issue an API key", "签发 API 密钥"), func(ctx context.Context, in *keyInput) (*keyIssuedOutput, error) {
		b := in.Body
		k, secret, err := s.opt.Accounts.IssueKey(ctx, CallerOf(ctx), account.KeyWish{Name: b.Name, Scopes: b.Scopes, Roles: b.Roles, Party: b.Party, Expires: b.Expires, From: requestOf(ctx).from()})
		out := &keyIssuedOutput{}
		out.Body.Key, out.Body.Secret = k, secret
		return out, err
	})
	route(s, op("revoke-key", http.MethodDelete, "/v1/keys/{id}", 200), operator, text.Both("Revoke an API key", "吊销 API 密钥"), func(ctx context.Context, in *keyIDInput) (*keyOutput, error) {
		k, err := s.opt.Accounts.As(CallerOf(ctx)).RevokeKey(ctx, in.ID)
		return &keyOutput{Body: k}, err
	})
}
