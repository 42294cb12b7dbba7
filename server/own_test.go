package server

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/store"
)

// newClockedHouse is a house whose clock the test moves.
func newClockedHouse(t *testing.T) (*house, *time.Time) {
	t.Helper()
	at := time.Now().UTC()
	db, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	now := func() time.Time { return at }
	accounts, err := account.New(db, account.Options{Hash: account.Cost{Memory: 64, Time: 1, Lanes: 1}, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	_, once, err := accounts.AddUser(t.Context(), account.Profile{Login: "op", Roles: []access.Role{access.RoleOperator}})
	if err == nil {
		err = accounts.SetPasswordOnce(t.Context(), once, good)
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Options{Accounts: accounts, Store: db, Now: now, PerAddress: Rate{PerSecond: 1e6, Burst: 1e6}})
	if err != nil {
		t.Fatal(err)
	}
	return &house{Server: s}, &at
}

// TestKeysAndAccountsAskAgain walks every route that asks who one is again:
// all that make, change or end keys, accounts and credentials of others.
func TestKeysAndAccountsAskAgain(t *testing.T) {
	h, at := newClockedHouse(t)
	var recent []string
	for _, r := range h.Routes() {
		if r.Access.Recent {
			recent = append(recent, r.Method+" "+r.Path)
		}
	}
	slices.Sort(recent)
	want := []string{"DELETE /v1/keys/{id}", "DELETE /v1/users/{id}/totp", "POST /v1/keys", "POST /v1/users", "POST /v1/users/{id}/password-link", "PUT /v1/users/{id}"}
	if !slices.Equal(recent, want) {
		t.Errorf("%v ask again, want %v", recent, want)
	}
	h.signInAs(t)
	*at = at.Add(account.ConfirmedFor)
	ask := func(route, body string) *http.Response {
		method, path, _ := strings.Cut(route, " ")
		return h.ask(method, strings.ReplaceAll(path, "{id}", "U0"), body, headerCSRF, h.csrf)
	}
	for _, route := range recent {
		wantProblem(t, ask(route, "{}"), 403, account.CodeConfirm)
	}
	key := `{"name":"k","scopes":["claims:read"]}`
	wantProblem(t, ask("POST /v1/me/confirm", `{"password":"not the password"}`), 401, account.CodeSignIn)
	wantProblem(t, ask("POST /v1/me/confirm", `{}`), 422, "invalid")
	wantProblem(t, ask("POST /v1/keys", key), 403, account.CodeConfirm)
	if res := ask("POST /v1/me/confirm", `{"password":"`+good+`"}`); res.StatusCode != 204 {
		t.Fatalf("confirming: %d", res.StatusCode)
	}
	if res := ask("POST /v1/keys", key); res.StatusCode != 201 {
		t.Errorf("after confirming: %d", res.StatusCode)
	}
}

func TestOwnSessionsOverHTTP(t *testing.T) {
	h, _ := newClockedHouse(t)
	h.signInAs(t)
	first := *h
	h.cookie = ""
	h.signInAs(t)
	var list List[OwnSession]
	res := h.ask("GET", "/v1/me/sessions", "")
	if err := json.NewDecoder(res.Body).Decode(&list); err != nil || len(list.Items) != 2 {
		t.Fatalf("%+v %v", list, err)
	}
	other := slices.IndexFunc(list.Items, func(s OwnSession) bool { return !s.Current })
	wantProblem(t, h.ask("DELETE", "/v1/me/sessions/none", "", headerCSRF, h.csrf), 404, "not_found")
	if res := h.ask("DELETE", "/v1/me/sessions/"+list.Items[other].ID, "", headerCSRF, h.csrf); res.StatusCode != 204 {
		t.Errorf("ending the other: %d", res.StatusCode)
	}
	wantProblem(t, first.ask("GET", "/v1/me", ""), 401, account.CodeSignedOut)
	if res := h.ask("DELETE", "/v1/me/sessions", "", headerCSRF, h.csrf); res.StatusCode != 204 || h.ask("GET", "/v1/me", "").StatusCode != 200 {
		t.Errorf("ending all others: %d", res.StatusCode)
	}
	if res := h.ask("GET", "/v1/me/alerts", ""); res.StatusCode != 200 {
		t.Errorf("alerts: %d", res.StatusCode)
	}
}

// TestAKnownBrowserIsLetIn is the lock-out over HTTP: strangers guess from all
// over, the owner's browser gets in at once and a new one does not.
func TestAKnownBrowserIsLetIn(t *testing.T) {
	h, _ := newClockedHouse(t)
	in := h.ask("POST", "/v1/session", `{"login":"op","password":"`+good+`"}`)
	var device string
	for _, c := range in.Cookies() {
		if c.Name == cookieDevice {
			device = c.Name + "=" + c.Value
		}
	}
	for range 200 {
		_ = h.ask("POST", "/v1/session", `{"login":"op","password":"a guess at random"}`)
	}
	right := `{"login":"op","password":"` + good + `"}`
	wantProblem(t, h.ask("POST", "/v1/session", right), 429, account.CodeSlowDown)
	if res := h.ask("POST", "/v1/session", right, "Cookie", device); device == "" || res.StatusCode != 200 {
		t.Errorf("the owner's browser: %d", res.StatusCode)
	}
}

func TestAgents(t *testing.T) {
	for header, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36":                                                             "Chrome · Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.53(0x1800352d) NetType/WIFI Language/zh_CN": "WeChat · iPhone",
		"Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0":                                                                                                      "Firefox · Linux",
		"Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36":                                                       "Chrome · Android",
		"": "", "something else": "",
	} {
		if got := agentOf(header); got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
}

// TestFreshSignInAtAProvider: only a provider that says it asked again, since
// we wanted it to, makes a session count as confirmed.
func TestFreshSignInAtAProvider(t *testing.T) {
	h, p := newHouse(t), newProvider(t)
	h.opt.Provider = account.NewProvider(h.opt.Accounts, account.ProviderOptions{Issuer: p.URL, ClientID: "desk", ClientSecret: "s", RedirectURL: "http://localhost:8080/v1/oidc/callback"})
	if _, _, err := h.opt.Accounts.AddUser(t.Context(), account.Profile{Login: "chief@example.com", Roles: []access.Role{access.RoleOperator}}); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		query string
		auth  time.Duration // before now; 0: not said
		want  int
	}{
		"an ordinary sign-in":        {"", time.Second, 403},
		"fresh":                      {"?fresh=true", time.Second, 201},
		"fresh, but it did not ask":  {"?fresh=true", time.Hour, 403},
		"fresh, and it does not say": {"?fresh=true", 0, 403},
	} {
		t.Run(name, func(t *testing.T) {
			res := h.ask("GET", "/v1/oidc/start"+tt.query, "")
			to, err := url.Parse(res.Header.Get("Location"))
			if err != nil || (to.Query().Get("prompt") == "login") != (tt.query != "") || (to.Query().Get("max_age") == "0") != (tt.query != "") {
				t.Fatalf("%v %v", to, err)
			}
			p.challenge = to.Query().Get("code_challenge")
			p.claims = map[string]any{"iss": p.URL, "aud": "desk", "sub": "s9", "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(), "nonce": to.Query().Get("nonce"), "email": "chief@example.com", "email_verified": true}
			if tt.auth > 0 {
				p.claims["auth_time"] = time.Now().Add(-tt.auth).Unix()
			}
			back := url.Values{"code": {"the-code"}, "state": {to.Query().Get("state")}}
			res = h.ask("GET", "/v1/oidc/callback?"+back.Encode(), "", "Cookie", res.Cookies()[0].Name+"="+res.Cookies()[0].Value)
			var session string
			for _, c := range res.Cookies() {
				if c.Name == cookieSession {
					session = c.Name + "=" + c.Value
				}
			}
			var me Me
			if err := json.NewDecoder(h.ask("GET", "/v1/me", "", "Cookie", session).Body).Decode(&me); err != nil {
				t.Fatal(err)
			}
			if res := h.ask("POST", "/v1/keys", `{"name":"k","scopes":["claims:read"]}`, "Cookie", session, headerCSRF, me.CSRF); res.StatusCode != tt.want {
				t.Errorf("making a key: %d, want %d", res.StatusCode, tt.want)
			}
		})
	}
}
