package server

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/text"
)

const good = "four plain words here"

type house struct {
	*Server
	csrf, cookie string
}

func newHouse(t *testing.T, change ...func(*Options)) *house {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	accounts, err := account.New(db, account.Options{Hash: account.Cost{Memory: 64, Time: 1, Lanes: 1}})
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
	o := Options{Accounts: accounts, Store: db}
	for _, f := range change {
		f(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return &house{Server: s}
}

// ask sends a request, with the cookie if there is one.
func (h *house) ask(method, path, body string, header ...string) *http.Response {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if h.cookie != "" {
		r.Header.Set("Cookie", h.cookie)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func (h *house) signInAs(t *testing.T) {
	t.Helper()
	res := h.ask("POST", "/v1/session", `{"login":"op","password":"`+good+`"}`)
	var me Me
	if err := json.NewDecoder(res.Body).Decode(&me); err != nil || res.StatusCode != 200 || len(res.Cookies()) != 2 {
		t.Fatalf("%d, %v", res.StatusCode, err)
	}
	for _, c := range res.Cookies() {
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
			t.Errorf("cookie %v", c)
		}
	}
	c := res.Cookies()[0]
	h.cookie, h.csrf = c.Name+"="+c.Value, me.CSRF
}

func wantProblem(t *testing.T, res *http.Response, status int, code text.Code) {
	t.Helper()
	raw, _ := io.ReadAll(res.Body)
	var p Problem
	if err := json.Unmarshal(raw, &p); err != nil || res.StatusCode != status || p.Code != string(code) || p.Title == "" || res.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("got %d %s, want %d %s", res.StatusCode, raw, status, code)
	}
}

func TestEveryRouteSaysWhoMayCallIt(t *testing.T) {
	h := newHouse(t)
	raw, err := h.Description()
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Paths map[string]map[string]struct {
			Roles []string `json:"x-roles"`
		}
	}
	if err := json.Unmarshal(raw, &d); err != nil || len(d.Paths) < 15 {
		t.Fatalf("%d paths, %v", len(d.Paths), err)
	}
	for path, ops := range d.Paths {
		for method, op := range ops {
			if len(op.Roles) == 0 {
				t.Errorf("%s %s has no x-roles", method, path)
			}
		}
	}
	for _, r := range h.Routes() { // a stranger gets nowhere but where everybody may
		if r.Access.Public {
			continue
		}
		wantProblem(t, h.ask(r.Method, strings.ReplaceAll(r.Path, "{id}", "x"), "{}"), 401, account.CodeSignedOut)
	}
}

func TestCSRF(t *testing.T) {
	h := newHouse(t)
	h.signInAs(t)
	key := `{"name":"k","scopes":["claims:read"]}`
	wantProblem(t, h.ask("POST", "/v1/keys", key), 403, codeCSRF)
	wantProblem(t, h.ask("POST", "/v1/keys", key, headerCSRF, "guess"), 403, codeCSRF)
	wantProblem(t, h.ask("POST", "/v1/keys", key, headerCSRF, h.csrf, "Sec-Fetch-Site", "cross-site"), 403, codeCSRF)
	if res := h.ask("POST", "/v1/keys", key, headerCSRF, h.csrf); res.StatusCode != 201 {
		t.Errorf("our own page: %d", res.StatusCode)
	}
}

func TestProblems(t *testing.T) {
	h := newHouse(t)
	wantProblem(t, h.ask("GET", "/v1/nothing", ""), 404, codeNoRoute)
	wantProblem(t, h.ask("PATCH", "/v1/session", ""), 405, codeMethod)
	wantProblem(t, h.ask("POST", "/v1/session", "{"), 400, codeBadRequest)
	wantProblem(t, h.ask("POST", "/v1/session", `{"login":"a\u0000","password":"b"}`), 400, codeBadRequest)
	wantProblem(t, h.ask("POST", "/v1/session", "x", "Content-Type", "text/xml"), 415, codeMediaType)
	wantProblem(t, h.ask("POST", "/v1/session", strings.Repeat(" ", 1<<20)+"{}"), 413, text.CodeTooLarge)
	wantProblem(t, h.ask("GET", "/v1/me", "", "Authorization", "Bearer ehk_x"), 401, account.CodeSignedOut)
	h.signInAs(t)
	wantProblem(t, h.ask("GET", "/v1/me", "", "Accept", "text/csv"), 406, codeAcceptable)
	wantProblem(t, h.ask("GET", "/v1/me?x=1", ""), 422, codeValidation)
	res := h.ask("POST", "/v1/keys", `{"name":"","scopes":[]}`, headerCSRF, h.csrf, "Accept-Language", "zh-CN")
	raw, _ := io.ReadAll(res.Body)
	if res.StatusCode != 422 || !strings.Contains(string(raw), "至少 1 个字符") || strings.Contains(string(raw), "At least") {
		t.Errorf("%d %s", res.StatusCode, raw)
	}
	for _, l := range []string{"en", "zh"} {
		if res := h.ask("GET", "/docs?lang="+l, ""); res.StatusCode != 200 {
			t.Errorf("docs: %d", res.StatusCode)
		}
	}
	h.mux.HandleFunc("GET /v1/falls", func(http.ResponseWriter, *http.Request) { panic("on purpose") })
	wantProblem(t, h.ask("GET", "/v1/falls", ""), 500, codeInternal)
}

func TestRateLimit(t *testing.T) {
	at := time.Unix(1e9, 0)
	l := newLimiter("x", Rate{PerSecond: 1, Burst: 2}, func() time.Time { return at })
	for i, want := range []bool{true, true, false} {
		if _, wait := l.take("a"); (wait == 0) != want {
			t.Errorf("request %d: wait %v", i, wait)
		}
	}
	if _, wait := l.take("b"); wait != 0 {
		t.Error("one caller pays for another")
	}
	at = at.Add(time.Second)
	if _, wait := l.take("a"); wait != 0 {
		t.Error("the bucket does not fill")
	}
}

func TestIfMatch(t *testing.T) {
	for give, ok := range map[string]bool{`"7"`: true, `W/"7"`: true, `"8"`: false, `7`: false, `*`: false, ``: false, `"-1"`: false} {
		if err := (IfMatch{give}).Check(7); (err == nil) != ok {
			t.Errorf("%s: %v", give, err)
		}
	}
}

func FuzzCursor(f *testing.F) {
	key := []byte("key")
	f.Add(sealCursor(key, "claims", "abc"))
	f.Fuzz(func(t *testing.T, s string) {
		if c, ok := openCursor(key, "claims", s); ok && s != "" && sealCursor(key, "claims", c) != s {
			t.Errorf("%q is read as %q", s, c)
		}
		if _, ok := openCursor(key, "orders", s); ok && s != "" {
			t.Errorf("%q opens another list", s)
		}
	})
}

func FuzzAcceptLanguage(f *testing.F) {
	f.Add("zh-CN,zh;q=0.9,en;q=0.8")
	f.Fuzz(func(t *testing.T, s string) {
		if l, ok := acceptLanguage(s); ok != (l == english || l == chinese) {
			t.Errorf("%q: %q, %v", s, l, ok)
		}
	})
}
