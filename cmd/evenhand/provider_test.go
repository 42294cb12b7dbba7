package main

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.opentelemetry.io/otel/trace/noop"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/store"
)

const oidcSecret = "s3cret-of-the-client"

// realm is an OpenID provider that lets in whoever email names.
type realm struct {
	*httptest.Server
	key   *rsa.PrivateKey
	down  atomic.Bool // hang up, as a machine that is not there
	asked atomic.Int32
	mu    sync.Mutex
	email string
	trips map[string]url.Values // what the browser came with, by code
}

func newRealm(t *testing.T) *realm {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &realm{key: key, trips: map[string]url.Values{}}
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, status int, v any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("GET /realms/staff/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		p.asked.Add(1)
		at := p.issuer()
		answer(w, 200, map[string]any{"issuer": at, "authorization_endpoint": at + "/auth", "token_endpoint": at + "/token", "jwks_uri": at + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("GET /realms/staff/keys", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 200, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "kid": "k", "use": "sig", "alg": "RS256", "n": raw64(key.N.Bytes()), "e": raw64(big.NewInt(65537).Bytes())}}})
	})
	mux.HandleFunc("GET /realms/staff/auth", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		p.mu.Lock()
		defer p.mu.Unlock()
		code := "code-" + p.email
		p.trips[code] = q
		http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}, "session_state": {"x"}, "iss": {p.issuer()}}.Encode(), http.StatusFound)
	})
	mux.HandleFunc("POST /realms/staff/token", func(w http.ResponseWriter, r *http.Request) {
		id, secret, _ := r.BasicAuth()
		p.mu.Lock()
		defer p.mu.Unlock()
		trip := p.trips[r.FormValue("code")]
		sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
		if id != "desk" || secret != oidcSecret || trip == nil || raw64(sum[:]) != trip.Get("code_challenge") || r.FormValue("redirect_uri") != trip.Get("redirect_uri") {
			answer(w, 401, map[string]any{"error": "invalid_client"})
			return
		}
		now := time.Now()
		answer(w, 200, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": p.sign(map[string]any{
			"iss": p.issuer(), "aud": id, "sub": "sub-" + p.email, "exp": now.Add(time.Hour).Unix(), "iat": now.Unix(), "nonce": trip.Get("nonce"), "email": p.email, "email_verified": true,
		})})
	})
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.down.Load() {
			panic(http.ErrAbortHandler)
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *realm) issuer() string { return p.URL + "/realms/staff" }

func (p *realm) sign(claims map[string]any) string {
	payload, _ := json.Marshal(claims) // a map of plain values
	left := raw64([]byte(`{"alg":"RS256","kid":"k"}`)) + "." + raw64(payload)
	sum := sha256.Sum256([]byte(left))
	sig, _ := rsa.SignPKCS1v15(nil, p.key, crypto.SHA256, sum[:]) // the key is sound
	return left + "." + raw64(sig)
}

func (p *realm) as(email string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.email = email
}

func raw64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// safeBuffer is a log that handlers write and the test reads.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// servedDesk is what serve builds, on a port.
type servedDesk struct {
	t      *testing.T
	url    string
	log    *safeBuffer
	client *http.Client // keeps cookies, as one browser does
}

// serveAt builds the desk as evenhand serve does, with a reviewer li@example.com.
func serveAt(t *testing.T, p *realm) *servedDesk {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), RelaxedSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	d := &servedDesk{t: t, log: &safeBuffer{}}
	web := httptest.NewUnstartedServer(nil)
	d.url = "http://" + web.Listener.Addr().String()
	t.Cleanup(web.Close)
	c := &serveCmd{Listen: web.Listener.Addr().String(), PublicURL: d.url + "/", Hurry: 1, oidcFlags: oidcFlags{OIDCIssuer: p.issuer(), OIDCClientID: "desk", OIDCName: "Staff login"}}
	a := &app{ctx: t.Context(), out: io.Discard, errOut: io.Discard, lang: "en", getenv: func(k string) string {
		if k == envOIDCSecret {
			return oidcSecret + "\n"
		}
		return ""
	}}
	s, _, err := c.build(a, db, nil, noop.NewTracerProvider(), slog.New(slog.NewTextHandler(d.log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	accounts, err := account.New(db, account.Options{Hash: account.Cost{Memory: 64, Time: 1, Lanes: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := accounts.AddUser(t.Context(), account.Profile{Login: "li@example.com", Roles: []access.Role{access.RoleReviewer}}); err != nil {
		t.Fatal(err)
	}
	web.Config.Handler = s
	web.Start()
	d.browser()
	return d
}

// browser begins anew, without cookies.
func (d *servedDesk) browser() {
	jar, err := cookiejar.New(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	d.client = &http.Client{Jar: jar}
}

// get follows redirects and answers where they end.
func (d *servedDesk) get(path string) (*http.Response, map[string]any) {
	d.t.Helper()
	res, err := d.client.Get(d.url + path)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	var body map[string]any
	_ = json.Unmarshal(raw, &body) // a page is none
	return res, body
}

// press is the button of the sign-in page, as GET /v1/console offers it.
func (d *servedDesk) press() (*http.Response, map[string]any) {
	d.t.Helper()
	_, console := d.get("/v1/console")
	offered, _ := console["providers"].([]any)
	if console["oidc"] != true || len(offered) != 1 {
		d.t.Fatalf("the sign-in page is offered %v", console)
	}
	button := offered[0].(map[string]any)
	if button["name"] != "Staff login" {
		d.t.Errorf("the button says %v", button["name"])
	}
	return d.get(button["start"].(string) + "?return=/v1/me")
}

func TestServeSignsInAtAProvider(t *testing.T) {
	p := newRealm(t)
	d := serveAt(t, p)
	if n := p.asked.Load(); n != 0 {
		t.Errorf("the start asked the provider %d times", n)
	}
	p.as("li@example.com")
	for range 2 { // tied to the account, and known again
		res, me := d.press()
		if res.StatusCode != 200 || res.Request.URL.Path != "/v1/me" || me["login"] != "li@example.com" {
			t.Fatalf("ends at %s: %d %v", res.Request.URL, res.StatusCode, me)
		}
		d.browser()
	}
	if n := p.asked.Load(); n != 1 {
		t.Errorf("the provider was asked for its addresses %d times", n)
	}
	// Nobody gets an account, or another's, by being known to the provider.
	p.as("stranger@example.com")
	if res, body := d.press(); res.StatusCode != 403 || body["code"] != "forbidden" {
		t.Errorf("a stranger: %d %v", res.StatusCode, body)
	}
	if res, _ := d.get("/v1/me"); res.StatusCode != 401 {
		t.Errorf("a stranger has a session: %d", res.StatusCode)
	}
	if log := d.log.String(); strings.Contains(log, oidcSecret) || !strings.Contains(log, "redirect_uri="+d.url+"/v1/oidc/callback") {
		t.Errorf("the log: %s", log)
	}
}

func TestServeStartsWhileTheProviderIsDown(t *testing.T) {
	p := newRealm(t)
	p.down.Store(true)
	d := serveAt(t, p)
	p.as("li@example.com")
	for range 2 {
		if res, body := d.press(); res.StatusCode != 503 || body["code"] != string(account.CodeProviderAway) {
			t.Errorf("down: %d %v", res.StatusCode, body)
		}
	}
	if !strings.Contains(d.log.String(), "does not give its addresses") {
		t.Errorf("the log says nothing of it: %s", d.log)
	}
	p.down.Store(false)
	if res, me := d.press(); res.StatusCode != 200 {
		t.Errorf("up again: %d %v", res.StatusCode, me)
	}
	if strings.Contains(d.log.String(), oidcSecret) {
		t.Errorf("the log: %s", d.log)
	}
}

func TestHalfAProviderIsRefused(t *testing.T) {
	const issuer = "https://login.example.com/realms/staff"
	for _, tt := range []struct {
		flags  oidcFlags
		secret string
		want   string // in both languages; empty: fine
	}{
		{oidcFlags{}, "", ""},
		{oidcFlags{OIDCIssuer: issuer, OIDCClientID: "desk"}, "s", ""},
		{oidcFlags{OIDCIssuer: "http://127.0.0.1:8081/realms/staff", OIDCClientID: "desk", OIDCName: "公司账号"}, "s", ""},
		{oidcFlags{OIDCIssuer: issuer}, "s", "--oidc-client-id"},
		{oidcFlags{OIDCIssuer: issuer, OIDCClientID: "desk"}, "", envOIDCSecret},
		{oidcFlags{OIDCIssuer: issuer, OIDCClientID: "desk"}, "\n", envOIDCSecret},
		{oidcFlags{OIDCClientID: "desk"}, "s", "--oidc-issuer"},
		{oidcFlags{OIDCName: "x"}, "", "--oidc-issuer"},
		{oidcFlags{}, "s", "--oidc-issuer"},
		{oidcFlags{OIDCIssuer: "login.example.com", OIDCClientID: "desk"}, "s", "--oidc-issuer"},
		{oidcFlags{OIDCIssuer: "http://login.example.com", OIDCClientID: "desk"}, "s", "--oidc-issuer"},
		{oidcFlags{OIDCIssuer: "https://me:hidden@login.example.com", OIDCClientID: "desk"}, "s", "--oidc-issuer"},
		{oidcFlags{OIDCIssuer: issuer, OIDCClientID: "desk", OIDCName: "a\nb"}, "s", "--oidc-name"},
	} {
		for _, lang := range []string{"en", "zh"} {
			a := &app{ctx: t.Context(), lang: lang, getenv: func(string) string { return tt.secret }}
			err := tt.flags.check(a)
			if (err == nil) != (tt.want == "") || err != nil && (!strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "hidden")) {
				t.Errorf("%+v in %s: %v, want it to name %q", tt.flags, lang, err, tt.want)
			}
		}
	}
	// The whole command stops before it opens anything.
	var said bytes.Buffer
	dir := t.TempDir() + "/data"
	code := run(&app{ctx: t.Context(), out: io.Discard, errOut: &said, getenv: func(string) string { return "" }},
		[]string{"serve", "--data", dir, "--oidc-issuer", issuer, "--lang", "zh"})
	if code != exitBadInput || !strings.Contains(said.String(), "缺少 --oidc-client-id") {
		t.Errorf("%d %s", code, said.String())
	}
}
