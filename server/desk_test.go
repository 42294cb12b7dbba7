package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/desk/webhook"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/work"
)

// market is a desk behind a real server on a real store, with somebody in each role.
type market struct {
	t     *testing.T
	s     *Server
	url   string
	db    *store.DB
	desk  *desk.Desk
	csrf  map[string]string // by who: the session's proof
	auth  map[string]string // by who: cookie, or Authorization for "platform"
	nonce int
	dirs  []string // where bytes of uploads may lie
}

var cast = map[string]account.Profile{
	"buyer": {Roles: []access.Role{access.RoleBuyer}, Party: "b1"}, "shop": {Roles: []access.Role{access.RoleMerchant}, Party: "m1"},
	"ann": {Roles: []access.Role{access.RoleReviewer}}, "bob": {Roles: []access.Role{access.RoleReviewer}}, "eve": {Roles: []access.Role{access.RoleSenior}},
	"opal": {Roles: []access.Role{access.RoleOperator}}, "audrey": {Roles: []access.Role{access.RoleAuditor}}, "inte": {Roles: []access.Role{access.RoleIntegrator}},
}

func fanout(ctx context.Context, tx desk.Tx, m work.Message) error { return webhook.Fanout(ctx, tx, m) }

// steadyRules are the usual ones without the second readings that chance draws,
// of which a party learns nothing for a while.
func steadyRules() []byte {
	return bytes.Replace(policy.Default(), []byte("second_reading: 5%"), []byte("second_reading: 0%"), 1)
}

func newMarket(t *testing.T, change ...func(*desk.Options)) *market {
	t.Helper()
	return newMarketBy(t, func(*Options) {}, change...)
}

// newMarketBy is one with a server of its own options.
func newMarketBy(t *testing.T, with func(*Options), change ...func(*desk.Options)) *market {
	t.Helper()
	ctx := t.Context()
	dir, uploads := t.TempDir(), t.TempDir()
	db, err := store.Open(ctx, store.Options{Dir: dir, RelaxedSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	o := desk.Options{Store: IdempotentStore(db), Blobs: db.Blobs(), Hurry: 1, Fanout: fanout}
	for _, f := range change {
		f(&o)
	}
	d := desk.New(o)
	if err := d.FirstPolicy(ctx, steadyRules()); err != nil {
		t.Fatal(err)
	}
	accounts, err := account.New(db, account.Options{Hash: account.Cost{Memory: 64, Time: 1, Lanes: 1}})
	if err != nil {
		t.Fatal(err)
	}
	fast := Rate{PerSecond: 1e6, Burst: 1e6}
	opt := Options{Desk: d, Accounts: accounts, Store: db, Uploads: DeskUploads(d, uploads), Webhooks: webhook.NewSender(webhook.Options{}), PerAddress: fast, PerCaller: fast}
	with(&opt)
	s, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	m := &market{t: t, s: s, url: srv.URL, db: db, desk: d, csrf: map[string]string{}, auth: map[string]string{}, dirs: []string{filepath.Join(dir, "blobs"), uploads}}
	for login, p := range cast {
		p.Login = login
		_, once, err := accounts.AddUser(ctx, p)
		if err == nil {
			err = accounts.SetPasswordOnce(ctx, once, good)
		}
		if err != nil {
			t.Fatal(err)
		}
		res, raw := m.do("", "POST", "/v1/session", `{"login":"`+login+`","password":"`+good+`"}`)
		var me Me
		if err := json.Unmarshal(raw, &me); err != nil || len(res.Cookies()) == 0 {
			t.Fatalf("%s: %d %s", login, res.StatusCode, raw)
		}
		m.auth[login], m.csrf[login] = res.Cookies()[0].Name+"="+res.Cookies()[0].Value, me.CSRF
	}
	_, secret, err := accounts.IssueKey(ctx, access.Caller{ID: "test"}, account.KeyWish{Name: "test", Scopes: []string{"*"}})
	if err != nil {
		t.Fatal(err)
	}
	m.auth["platform"] = "Bearer " + secret
	return m
}

// do sends a request as somebody; "" is a stranger.
func (m *market) do(who, method, path, body string, header ...string) (*http.Response, []byte) {
	m.t.Helper()
	r, err := http.NewRequestWithContext(m.t.Context(), method, m.url+path, strings.NewReader(body))
	if err != nil {
		m.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if who == "platform" {
		r.Header.Set("Authorization", m.auth[who])
	} else if who != "" {
		r.Header.Set("Cookie", m.auth[who])
		r.Header.Set("X-CSRF-Token", m.csrf[who])
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		m.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		m.t.Fatal(err)
	}
	return res, raw
}

// ok is do that must succeed; it answers the body as a loose object.
func (m *market) ok(who, method, path, body string, header ...string) map[string]any {
	m.t.Helper()
	res, raw := m.do(who, method, path, body, header...)
	if res.StatusCode > 299 {
		m.t.Fatalf("%s %s %s: %d %s", who, method, path, res.StatusCode, raw)
	}
	var out map[string]any
	_ = json.Unmarshal(raw, &out) // empty for 204
	return out
}

// order pushes an order and answers its id.
func (m *market) order() string {
	m.nonce++
	id := fmt.Sprintf("o%d", m.nonce)
	m.ok("platform", "PUT", "/v1/orders/"+id, `{"id":"`+id+`","merchant_id":"m1","buyer_id":"b1","lines":[{"id":"1","title":"Mug","quantity":1,"price":{"amount":20000,"currency":"CNY"}}],"total":{"amount":20000,"currency":"CNY"},"placed_at":"2026-11-01T00:00:00Z"}`)
	return id
}

// tag is the version of a claim as somebody sees it.
func (m *market) tag(who, id string) string {
	res, _ := m.do(who, "GET", "/v1/claims/"+id, "")
	return res.Header.Get("ETag")
}

// move makes a change from the current version, and checks the state after it.
func (m *market) move(who, id, what, body string, want claim.State) {
	m.t.Helper()
	got := m.ok(who, "POST", "/v1/claims/"+id+what, body, "If-Match", m.tag(who, id))
	if got["state"] != string(want) {
		m.t.Fatalf("after %s the claim is %v, want %s", what, got["state"], want)
	}
}

func TestStoryOverHTTP(t *testing.T) {
	m := newMarket(t)
	m.ok("platform", "PUT", "/v1/merchants/m1", `{"name":"Shop"}`)
	body := `{"order_id":"` + m.order() + `","kind":"return_refund","reason":"damaged","story":"Broken."}`
	filed := m.ok("buyer", "POST", "/v1/claims", body, "Idempotency-Key", "f1")
	id := filed["claim"].(map[string]any)["id"].(string)
	missing := filed["missing"].([]any)
	if len(missing) != 2 {
		t.Fatalf("missing: %v", missing)
	}
	if again := m.ok("buyer", "POST", "/v1/claims", body, "Idempotency-Key", "f1"); again["claim"].(map[string]any)["id"] != id {
		t.Errorf("a repeat made another claim: %v", again)
	}
	res, _ := m.do("buyer", "POST", "/v1/claims", strings.Replace(body, "Broken", "Bent", 1), "Idempotency-Key", "f1")
	if res.StatusCode != 422 {
		t.Errorf("a key with another body: %d", res.StatusCode)
	}
	if res, raw := m.do("buyer", "POST", "/v1/claims/"+id+"/submit", "", "If-Match", m.tag("buyer", id)); res.StatusCode != 422 || !bytes.Contains(raw, []byte(`"missing"`)) {
		t.Errorf("an incomplete filing: %d %s", res.StatusCode, raw)
	}
	item := ""
	for i, r := range missing {
		form := &bytes.Buffer{}
		w := multipart.NewWriter(form)
		_ = w.WriteField("purpose", r.(map[string]any)["purpose"].(string))
		f, _ := w.CreateFormFile("file", "x.jpg")
		fmt.Fprintf(f, "\xff\xd8\xff\xe0 picture %d", i)
		_ = w.Close()
		item = m.ok("buyer", "POST", "/v1/claims/"+id+"/evidence", form.String(), "Content-Type", w.FormDataContentType())["id"].(string)
	}
	res, raw := m.do("shop", "GET", "/v1/evidence/"+item+"/content", "", "Range", "bytes=0-3")
	if res.StatusCode != 404 { // a draft is the buyer's alone
		t.Errorf("the shop reads a draft's evidence: %d %q", res.StatusCode, raw)
	}
	res, raw = m.do("buyer", "GET", "/v1/evidence/"+item+"/content", "", "Range", "bytes=0-3")
	if res.StatusCode != 206 || string(raw) != "\xff\xd8\xff\xe0" || !strings.Contains(res.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("a range: %d %q %v", res.StatusCode, raw, res.Header)
	}
	if res, _ := m.do("buyer", "POST", "/v1/claims/"+id+"/submit", "", "If-Match", `"1"`); res.StatusCode != 412 {
		t.Errorf("an old version: %d", res.StatusCode)
	}
	m.move("buyer", id, "/submit", "", claim.AskedShop)
	m.move("shop", id, "/contest", `{"text":"It left whole."}`, claim.InReview)
	m.ok("ann", "POST", "/v1/reviews/lease", `{"claim_id":"`+id+`"}`)
	if res, _ := m.do("bob", "POST", "/v1/reviews/lease", `{"claim_id":"`+id+`"}`); res.StatusCode != 409 {
		t.Errorf("two hold one case: %d", res.StatusCode)
	}
	m.move("ann", id, "/decision", `{"outcome":"refused","reasons":["delivered_as_ordered"],"text":"It left whole."}`, claim.Decided)
	m.move("buyer", id, "/appeal", `{"text":"Look again."}`, claim.InReview)
	m.ok("bob", "POST", "/v1/reviews/lease", `{"claim_id":"`+id+`"}`)
	m.move("bob", id, "/decision", `{"outcome":"granted","remedy":{"kind":"return_refund","amount":{"amount":20000,"currency":"CNY"}},"reasons":["appeal_error"],"text":"The break is plain."}`, claim.Closed)
	if told := m.ok("shop", "GET", "/v1/claims/"+id+"/explanation", ""); len(told["lines"].([]any)) < 6 {
		t.Errorf("told: %v", told)
	}
}

// TestEveryRouteAsEveryone walks the registry: a stranger is asked to sign in,
// the wrong role is turned away, and nothing ever breaks.
func TestEveryRouteAsEveryone(t *testing.T) {
	m := newMarket(t)
	for _, r := range m.s.Routes() {
		path := strings.NewReplacer("{id}", "none", "{kind}", "appeal", "{delivery}", "none", "{evidence}", "none", "{level}", "0", "{x}", "0", "{y}", "0").Replace(r.Path)
		if strings.Contains(path, "live") || strings.Contains(path, "stream") || path == "/v1/events" || r.Access.Public || r.Access.SignedIn {
			continue
		}
		res, raw := m.do("", r.Method, path, "{}")
		if res.StatusCode != 401 {
			t.Errorf("a stranger at %s %s: %d %s", r.Method, path, res.StatusCode, raw)
		}
		for who, p := range cast {
			res, raw := m.do(who, r.Method, path, "{}")
			if res.StatusCode >= 500 {
				t.Errorf("%s at %s %s: %d %s", who, r.Method, path, res.StatusCode, raw)
			}
			c := access.Caller{ID: "x", Kind: access.CallerSession, Roles: p.Roles}
			if !c.HasAny(r.Access.Roles...) && res.StatusCode != 403 && res.StatusCode != 404 {
				t.Errorf("%s may not %s %s: %d %s", who, r.Method, path, res.StatusCode, raw)
			}
		}
	}
}
