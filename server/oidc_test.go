package server

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/text"
)

// provider is a small OpenID provider: it gives the token that the test wants
// for the one code that there is.
type provider struct {
	*httptest.Server
	key       *rsa.PrivateKey // signs
	claims    map[string]any
	challenge string
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{key: key}
	public := key.N
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "kid": "k", "use": "sig", "alg": "RS256", "n": b64(public.Bytes()), "e": b64(big.NewInt(65537).Bytes())}}})
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
		if r.FormValue("code") != "the-code" || b64(sum[:]) != p.challenge {
			w.WriteHeader(400)
			answer(w, map[string]any{"error": "invalid_grant"})
			return
		}
		answer(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": p.sign()})
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (p *provider) sign() string {
	payload, _ := json.Marshal(p.claims) // a map of plain values
	left := b64([]byte(`{"alg":"RS256","kid":"k"}`)) + "." + b64(payload)
	sum := sha256.Sum256([]byte(left))
	sig, _ := rsa.SignPKCS1v15(nil, p.key, crypto.SHA256, sum[:]) // the key is sound
	return left + "." + b64(sig)
}

func TestSignInAtAProvider(t *testing.T) {
	h, p := newHouse(t), newProvider(t)
	h.opt.Provider = account.NewProvider(h.opt.Accounts, account.ProviderOptions{Issuer: p.URL, ClientID: "desk", ClientSecret: "s", RedirectURL: "http://localhost:8080/v1/oidc/callback"})
	if _, _, err := h.opt.Accounts.AddUser(t.Context(), account.Profile{Login: "li@example.com", Roles: []access.Role{access.RoleReviewer}}); err != nil {
		t.Fatal(err)
	}
	// trip goes to the provider and back; spoil may change what comes back.
	trip := func(spoil func(back url.Values)) *http.Response {
		t.Helper()
		res := h.ask("GET", "/v1/oidc/start?return=//evil.example", "")
		to, err := url.Parse(res.Header.Get("Location"))
		if err != nil || res.StatusCode != 302 || len(res.Cookies()) != 1 || !strings.HasPrefix(to.String(), p.URL) || to.Query().Get("code_challenge_method") != "S256" {
			t.Fatalf("%d %v", res.StatusCode, to)
		}
		p.challenge = to.Query().Get("code_challenge")
		p.claims = map[string]any{"iss": p.URL, "aud": "desk", "sub": "s1", "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(), "nonce": to.Query().Get("nonce"), "email": "Li@example.com", "email_verified": true}
		back := url.Values{"code": {"the-code"}, "state": {to.Query().Get("state")}}
		cookie := res.Cookies()[0].Name + "=" + res.Cookies()[0].Value
		spoil(back)
		if back.Get("cookie") == "none" {
			back.Del("cookie")
			cookie = "x=y"
		}
		return h.ask("GET", "/v1/oidc/callback?"+back.Encode(), "", "Cookie", cookie)
	}
	other, _ := rsa.GenerateKey(rand.Reader, 2048)
	mine := p.key
	for name, spoil := range map[string]func(url.Values){
		"nonce": func(url.Values) { p.claims["nonce"] = "another" }, "no nonce": func(url.Values) { delete(p.claims, "nonce") },
		"state": func(b url.Values) { b.Set("state", "another") }, "no state": func(b url.Values) { b.Del("state") }, "no cookie": func(b url.Values) { b.Set("cookie", "none") },
		"audience": func(url.Values) { p.claims["aud"] = "another" }, "issuer": func(url.Values) { p.claims["iss"] = "https://evil.example" },
		"expired": func(url.Values) { p.claims["exp"] = time.Now().Add(-time.Hour).Unix() }, "code": func(b url.Values) { b.Set("code", "guess") },
		"verifier": func(url.Values) { p.challenge = "another" }, "signature": func(url.Values) { p.key = other },
	} {
		res := trip(spoil)
		p.key = mine
		if res.StatusCode != 401 {
			t.Logf("wrong %s:", name)
		}
		wantProblem(t, res, 401, account.CodeProvider)
		for _, c := range res.Cookies() {
			if c.Name == cookieSession {
				t.Errorf("wrong %s opens a session", name)
			}
		}
	}
	wantProblem(t, trip(func(url.Values) { p.claims["sub"], p.claims["email"] = "s2", "nobody@example.com" }), 403, text.CodeForbidden)
	wantProblem(t, trip(func(url.Values) { p.claims["email_verified"] = false }), 403, text.CodeForbidden)
	ok := func(spoil func(url.Values)) {
		t.Helper()
		res := trip(spoil)
		if res.StatusCode != 302 || res.Header.Get("Location") != "/" || len(res.Cookies()) != 3 {
			t.Errorf("%d to %q, %v", res.StatusCode, res.Header.Get("Location"), res.Cookies())
		}
	}
	ok(func(url.Values) {})
	ok(func(url.Values) { delete(p.claims, "email") }) // tied to the subject by now
	// The address alone opens nothing for another subject.
	wantProblem(t, trip(func(url.Values) { p.claims["sub"] = "s3" }), 403, text.CodeForbidden)
}

// TestAPersonIsLedBackToTheSignInPage: whoever a browser shows the answer to
// reads words and not JSON; and the desk may live under a path.
func TestAPersonIsLedBackToTheSignInPage(t *testing.T) {
	h, p := newHouse(t), newProvider(t)
	away := httptest.NewServer(http.NotFoundHandler())
	h.opt.Console = http.NotFoundHandler()
	h.public.Path = "/desk/"
	use := func(issuer string) {
		h.opt.Provider = account.NewProvider(h.opt.Accounts, account.ProviderOptions{Issuer: issuer, ClientID: "desk", ClientSecret: "s"})
	}
	page := []string{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}
	use(away.URL)
	away.Close()
	wantProblem(t, h.ask("GET", "/v1/oidc/start", ""), 503, account.CodeProviderAway)
	if res := h.ask("GET", "/v1/oidc/start", "", page...); res.StatusCode != 302 || res.Header.Get("Location") != "/desk/sign-in?refused=provider_away" {
		t.Errorf("a provider that is away: %d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	use(p.URL)
	wantProblem(t, h.ask("GET", "/v1/oidc/callback?error=access_denied", ""), 401, account.CodeProvider)
	if res := h.ask("GET", "/v1/oidc/callback?error=access_denied", "", page...); res.StatusCode != 302 || res.Header.Get("Location") != "/desk/sign-in?refused=provider" {
		t.Errorf("refused at the provider: %d to %q", res.StatusCode, res.Header.Get("Location"))
	}
}
