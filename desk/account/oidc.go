package account

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// Provider is where staff may sign in instead of here, by OpenID Connect:
// authorization code, PKCE and a nonce. Nobody is let in whom an operator has
// not added; an account is tied to the provider's subject at its first
// sign-in, by a verified e-mail address that equals its login.
type Provider struct {
	accounts *Accounts
	opt      ProviderOptions
	mu       sync.Mutex
	found    *oidc.Provider
	asking   *asking // nil while nobody asks
}

// asking is one question for the provider's addresses. Whoever comes meanwhile
// waits for its answer, so that a provider that is silent is asked once at a
// time.
type asking struct {
	done  chan struct{} // closed when found or err is there
	found *oidc.Provider
	err   error
}

// ProviderOptions say which provider.
type ProviderOptions struct {
	Issuer, ClientID, ClientSecret string
	RedirectURL                    string // of /v1/oidc/callback, as the browser sees it
	Name                           string // as people know it; default: the issuer's host
	Client                         *http.Client
	// Log gets why a sign-in failed, which the browser is not told: without
	// tokens, codes and the client's secret. Default: none.
	Log *slog.Logger
}

// attemptFor is how long a sign-in at the provider may take.
const attemptFor = 15 * time.Minute

// NewProvider takes a provider's particulars. It is asked for its addresses
// when first needed, so that the desk starts without it.
func NewProvider(a *Accounts, o ProviderOptions) *Provider {
	if o.Client == nil {
		o.Client = &http.Client{Timeout: 10 * time.Second}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Provider{accounts: a, opt: o}
}

// Name is the provider's as people know it, or else its issuer's host.
func (p *Provider) Name() string {
	if p.opt.Name != "" {
		return p.opt.Name
	}
	if u, err := url.Parse(p.opt.Issuer); err == nil && u.Host != "" {
		return u.Host
	}
	return p.opt.Issuer
}

// trip is what the browser carries to the provider and back, signed.
type trip struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"`
	Return   string `json:"r"`
	Expires  int64  `json:"e"`
	// Fresh is when the provider was asked to have somebody show again who they
	// are, in seconds since 1970; 0: it was not.
	Fresh int64 `json:"f,omitempty"`
}

// discover asks the provider for its addresses, until it has given them once.
func (p *Provider) discover(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	p.mu.Lock()
	found, q := p.found, p.asking
	mine := found == nil && q == nil
	if mine {
		q = &asking{done: make(chan struct{})}
		p.asking = q
	}
	p.mu.Unlock()
	if mine {
		p.ask(ctx, q)
	}
	if found == nil {
		select {
		case <-q.done:
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
		if q.err != nil {
			return nil, nil, q.err
		}
		found = q.found
	}
	return found, &oauth2.Config{
		ClientID: p.opt.ClientID, ClientSecret: p.opt.ClientSecret, RedirectURL: p.opt.RedirectURL,
		Endpoint: found.Endpoint(), Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}, nil
}

// ask answers q. Neither its waiters nor the key set that it begins depend on
// the request that happened to come first.
func (p *Provider) ask(ctx context.Context, q *asking) {
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.opt.Client), p.opt.Issuer)
	if err != nil {
		p.opt.Log.Warn("the sign-in provider does not give its addresses; the next sign-in asks again", "issuer", p.opt.Issuer, "err", brief(err))
		q.err = fmt.Errorf("ask the provider for its addresses: %w", errAway())
	} else {
		p.opt.Log.Info("the sign-in provider has given its addresses", "issuer", p.opt.Issuer)
		q.found = found
	}
	p.mu.Lock()
	p.found, p.asking = found, nil
	p.mu.Unlock()
	close(q.done)
}

func errAway() error {
	return text.Refuse(CodeProviderAway, "", "The sign-in provider cannot be reached just now. Try again in a moment, or sign in with a password.", "暂时无法连接外部登录服务，请稍后重试，或使用密码登录。")
}

// brief is an error for the log: a provider may answer with a whole page.
func brief(err error) string {
	text := []rune(err.Error())
	return string(text[:min(len(text), 300)])
}

// failed notes for the log why a sign-in came to nothing. An answer of the
// token endpoint is named by its code alone.
func (p *Provider) failed(at string, err error) {
	why := brief(err)
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) {
		why = "refused: " + answer.ErrorCode
		if answer.Response != nil {
			why = answer.Response.Status + " " + answer.ErrorCode
		}
	}
	p.opt.Log.Warn("a sign-in at the provider failed", "issuer", p.opt.Issuer, "at", at, "err", why)
}

// Start is where to send the browser, and what it has to carry in a cookie.
// back is a path of ours to return to; anything else becomes "/". fresh has the
// provider ask for the credentials again, whoever is signed in there.
func (p *Provider) Start(ctx context.Context, back string, fresh bool) (url, cookie string, err error) {
	_, conf, err := p.discover(ctx)
	if err != nil {
		return "", "", err
	}
	t := trip{Verifier: oauth2.GenerateVerifier(), Return: localPath(back), Expires: p.accounts.now().Add(attemptFor).Unix()}
	more := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(t.Verifier)}
	if fresh {
		t.Fresh = p.accounts.now().Unix()
		// OpenID Connect Core 1.0 section 3.1.2.1: with max_age the answer has auth_time.
		more = append(more, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	if t.State, err = p.accounts.token(24); err != nil {
		return "", "", err
	}
	if t.Nonce, err = p.accounts.token(24); err != nil {
		return "", "", err
	}
	key, err := p.accounts.Secret(ctx, "oidc")
	if err != nil {
		return "", "", err
	}
	raw, err := json.Marshal(t)
	if err != nil {
		return "", "", fmt.Errorf("pack the trip to the provider: %w", err)
	}
	left := base64.RawURLEncoding.EncodeToString(raw)
	cookie = left + "." + base64.RawURLEncoding.EncodeToString(mac(key, left))
	return conf.AuthCodeURL(t.State, append(more, oidc.Nonce(t.Nonce))...), cookie, nil
}

// localPath keeps redirects at home.
func localPath(p string) string {
	if !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || strings.ContainsAny(p, "\\\r\n\t") || len(p) > 500 {
		return "/"
	}
	return p
}

// unpack reads the cookie; ok is false where it is not ours or too old.
func (p *Provider) unpack(key []byte, cookie string) (t trip, ok bool) {
	left, right, _ := strings.Cut(cookie, ".")
	sum, err := base64.RawURLEncoding.Strict().DecodeString(right)
	if err != nil || !same(string(sum), string(mac(key, left))) {
		return t, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(left)
	if err != nil || json.Unmarshal(raw, &t) != nil {
		return trip{}, false
	}
	return t, p.accounts.now().Unix() < t.Expires
}

// said is what of the identity token counts.
type said struct {
	Nonce    string `json:"nonce"`
	Email    string `json:"email"`
	Verified bool   `json:"email_verified"`
	// AuthTime is when they last showed the provider who they are; 0: not said.
	AuthTime int64 `json:"auth_time"`
}

// clockSkew is how far a provider's clock may go wrong.
const clockSkew = 30 * time.Second

// shown is whether they showed it since t asked for it.
func (s said) shown(t trip) bool {
	return t.Fresh != 0 && s.AuthTime >= t.Fresh-int64(clockSkew.Seconds())
}

// Finish checks what the provider sent back and opens a session. old is the
// session the browser came with; back is where it wanted to go.
func (p *Provider) Finish(ctx context.Context, cookie, state, code, old string, from From) (in SignedIn, back string, err error) {
	refused := text.Refuse(CodeProvider, "", "The sign-in was not completed. Try again.", "登录未完成，请重试。")
	key, err := p.accounts.Secret(ctx, "oidc")
	if err != nil {
		return in, "", err
	}
	t, ok := p.unpack(key, cookie)
	if !ok || state == "" || !same(state, t.State) || code == "" {
		return in, "", refused
	}
	provider, conf, err := p.discover(ctx)
	if err != nil {
		return in, "", err
	}
	client := oidc.ClientContext(ctx, p.opt.Client)
	tokens, err := conf.Exchange(client, code, oauth2.VerifierOption(t.Verifier))
	if err != nil {
		p.failed("exchange of the code", err)
		return in, "", refused
	}
	raw, _ := tokens.Extra("id_token").(string)
	verifier := provider.Verifier(&oidc.Config{ClientID: p.opt.ClientID, Now: p.accounts.now})
	id, err := verifier.Verify(client, raw)
	if err != nil {
		p.failed("check of the identity token", err)
		return in, "", refused
	}
	var s said
	if err := id.Claims(&s); err != nil || !same(id.Nonce, t.Nonce) {
		return in, "", refused
	}
	in, err = p.admit(ctx, id.Issuer+" "+id.Subject, s, entry{old: old, from: from, how: "provider", provider: true, confirmed: s.shown(t)})
	return in, t.Return, err
}

// admit opens a session for the account behind a subject.
func (p *Provider) admit(ctx context.Context, subject string, s said, e entry) (SignedIn, error) {
	a := p.accounts
	unknown := text.Refuse(text.CodeForbidden, "", "Nobody has given you an account here yet; ask an operator.", "您尚无账号，请联系运营人员开通。")
	var u desk.User
	err := a.store.Write(ctx, func(tx desk.Tx) (err error) {
		if u, err = tx.UserByOIDC(ctx, subject); !errors.Is(err, work.ErrNotFound) {
			return err
		}
		if !s.Verified || s.Email == "" {
			return unknown
		}
		u, err = tx.UserByLogin(ctx, strings.ToLower(s.Email))
		if errors.Is(err, work.ErrNotFound) || err == nil && u.OIDC != "" {
			return unknown
		}
		if err != nil {
			return err
		}
		u.OIDC = subject
		if err := tx.PutUser(ctx, u); err != nil {
			return err
		}
		if err := a.tell(ctx, tx, u, desk.Alert{Kind: AlertProvider, Self: true}, e.from); err != nil {
			return err
		}
		return a.note(ctx, tx, "user/"+u.ID, kindUserTied, self(u), map[string]any{"issuer": p.opt.Issuer})
	})
	if err != nil {
		return SignedIn{}, fmt.Errorf("find the account of a subject: %w", err)
	}
	if u.Disabled {
		return SignedIn{}, unknown
	}
	// The provider answers for the second factor, unless there is one here too.
	e.userID = u.ID
	if err := a.store.Read(ctx, func(tx desk.Tx) error { e.device, err = a.knownTo(ctx, tx, u, e.from); return err }); err != nil {
		return SignedIn{}, err
	}
	return a.open(ctx, e, func(_ context.Context, _ desk.Tx, now *desk.User) (bool, error) { return now.TOTP != "", nil })
}
