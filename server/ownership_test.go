package server

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/store"
)

// scene is one real claim with all that hangs on it.
type scene struct {
	order, claim, item, media, hook, delivery string
	// words occur in this claim's answers and nowhere else.
	words []string
}

const secretStory = "Zerbrochen in tausend Stücke"

// scene files a claim over HTTP, with evidence, a link and a webhook that
// the platform's own key added.
func (m *market) scene() scene {
	m.t.Helper()
	m.ok("platform", "PUT", "/v1/merchants/m1", `{"name":"Secret Shop"}`)
	m.ok("platform", "PUT", "/v1/buyers/b1", `{"id":"b1","name":"Secret Buyer","email":"secret@example.com"}`)
	x := scene{order: m.order()}
	x.media = m.attach("platform", "/v1/orders/"+x.order+"/media", "packing", "secret packing")
	filed := m.ok("buyer", "POST", "/v1/claims", `{"order_id":"`+x.order+`","kind":"return_refund","reason":"damaged","story":"`+secretStory+`"}`)
	x.claim = filed["claim"].(map[string]any)["id"].(string)
	for i, r := range filed["missing"].([]any) {
		x.item = m.attach("buyer", "/v1/claims/"+x.claim+"/evidence", r.(map[string]any)["purpose"].(string), fmt.Sprintf("secret picture %d", i))
	}
	m.move("buyer", x.claim, "/submit", "", claim.AskedShop)
	m.move("shop", x.claim, "/contest", `{"text":"Secret answer."}`, claim.InReview)
	made := m.ok("platform", "POST", "/v1/webhooks", `{"url":"https://93.184.216.34/secret-path/`+x.order+`"}`)
	x.hook = made["webhook"].(map[string]any)["id"].(string)
	x.delivery = m.ok("platform", "POST", "/v1/webhooks/"+x.hook+"/test", "")["delivery_id"].(string)
	x.words = []string{secretStory, "Secret", "secret", x.claim, x.item, x.media, x.hook}
	return x
}

// attach sends a picture by form and answers its id.
func (m *market) attach(who, path, purpose, bytesOf string) string {
	m.t.Helper()
	form := &bytes.Buffer{}
	w := multipart.NewWriter(form)
	_ = w.WriteField("purpose", purpose)
	f, _ := w.CreateFormFile("file", "x.jpg")
	fmt.Fprintf(f, "\xff\xd8\xff\xe0 %s", bytesOf)
	_ = w.Close()
	return m.ok(who, "POST", path, form.String(), "Content-Type", w.FormDataContentType())["id"].(string)
}

// person adds a person with a session.
func (m *market) person(login string, p account.Profile) {
	m.t.Helper()
	p.Login = login
	_, once, err := m.s.opt.Accounts.AddUser(m.t.Context(), p)
	if err == nil {
		err = m.s.opt.Accounts.SetPasswordOnce(m.t.Context(), once, good)
	}
	if err != nil {
		m.t.Fatal(err)
	}
	res, _ := m.do("", "POST", "/v1/session", `{"login":"`+login+`","password":"`+good+`"}`)
	if len(res.Cookies()) == 0 {
		m.t.Fatalf("%s cannot sign in: %d", login, res.StatusCode)
	}
	m.auth[login] = res.Cookies()[0].Name + "=" + res.Cookies()[0].Value
	me := m.ok(login, "GET", "/v1/me", "")
	m.csrf[login], _ = me["csrf"].(string)
}

// key issues an API key with a scope.
func (m *market) key(party string, scopes ...string) string {
	m.t.Helper()
	_, secret, err := m.s.opt.Accounts.IssueKey(m.t.Context(), access.Caller{ID: "test"}, account.KeyWish{Name: "k", Scopes: scopes, Party: party})
	if err != nil {
		m.t.Fatal(err)
	}
	return secret
}

// merchantKey issues a key that is a merchant.
func (m *market) merchantKey(party string) string {
	m.t.Helper()
	_, secret, err := m.s.opt.Accounts.IssueKey(m.t.Context(), access.Caller{ID: "test"}, account.KeyWish{Name: "k", Scopes: []string{"*"}, Roles: []access.Role{access.RoleMerchant}, Party: party})
	if err != nil {
		m.t.Fatal(err)
	}
	return secret
}

// link makes a link to a claim for a side.
func (m *market) link(claimID, role string) string {
	m.t.Helper()
	return m.ok("platform", "POST", "/v1/claims/"+claimID+"/links", `{"role":"`+role+`"}`)["token"].(string)
}

// outsiders are callers who have nothing to do with the scene's claim, each as
// the headers that they send.
func (m *market) outsiders() map[string]func() (who string, header []string) {
	m.person("buyer2", account.Profile{Roles: []access.Role{access.RoleBuyer}, Party: "b2"})
	m.person("shop2", account.Profile{Roles: []access.Role{access.RoleMerchant}, Party: "m2"})
	m.person("cousin", account.Profile{Roles: []access.Role{access.RoleSenior}, Conflicts: []string{"m1"}})
	m.ok("platform", "PUT", "/v1/orders/theirs", `{"merchant_id":"m2","buyer_id":"b2","lines":[{"id":"1","title":"Pen","quantity":1,"price":{"amount":100,"currency":"CNY"}}],"total":{"amount":100,"currency":"CNY"},"placed_at":"2026-11-01T00:00:00Z"}`)
	other := m.ok("buyer2", "POST", "/v1/claims", `{"order_id":"theirs","kind":"refund_only","reason":"not_received","story":"x","submit":true}`)["claim"].(map[string]any)["id"].(string)
	as := func(who string, header ...string) func() (string, []string) {
		return func() (string, []string) { return who, header }
	}
	return map[string]func() (string, []string){
		"another buyer":                      as("buyer2"),
		"another merchant":                   as("shop2"),
		"a conflicted reviewer":              as("cousin"),
		"a buyer's link to another claim":    as("", "X-Evenhand-Link", m.link(other, "buyer")),
		"a merchant's link to another claim": as("", "X-Evenhand-Link", m.link(other, "merchant")),
		"a key for figures alone":            as("", "Authorization", "Bearer "+m.key("", access.ScopeFiguresRead)),
		"a merchant's key of another's":      as("", "Authorization", "Bearer "+m.merchantKey("m2")),
		"a key of another merchant":          as("", "Authorization", "Bearer "+m.key("m2", access.ScopeAll)),
	}
}

// bodies are what a route needs to get past its form, so that ownership is what refuses.
var bodies = map[string]string{
	"/v1/claims/{id}/remedy/failed": `{"text":"x"}`, "/v1/claims/{id}/accept": `{}`, "/v1/claims/{id}/contest": `{"text":"no"}`, "/v1/claims/{id}/supplement": `{"text":"x"}`,
	"/v1/claims/{id}/draft":                `{"kind":"repair","reason":"damaged"}`,
	"/v1/claims/{id}/offer":                `{"remedy":{"kind":"refund_only","amount":{"amount":1,"currency":"CNY"}}}`,
	"/v1/claims/{id}/appeal":               `{"side":"buyer","text":"x"}`,
	"/v1/claims/{id}/clocks/{kind}/extend": `{"to":"2027-01-01T00:00:00Z","reason":"x"}`,
	"/v1/claims/{id}/decision":             `{"outcome":"refused","reasons":["delivered_as_ordered"],"text":"x"}`,
	"/v1/claims/{id}/return":               `{"note":"x"}`,
	"/v1/claims/{id}/ask":                  `{"to":"buyer","question":{"en":"x","zh":"x"}}`,
	"/v1/claims/{id}/release":              `{"round":1,"task":"decide"}`,
	"/v1/claims/{id}/reread":               `{"outcome":"refused"}`,
	"/v1/claims/{id}/links":                `{"role":"buyer"}`,
	"/v1/reviews/lease":                    `{"claim_id":"{id}"}`,
	"/v1/webhooks/{id}":                    `{"url":"https://93.184.216.34/x"}`,
	"/v1/merchants/{id}":                   `{"name":"x"}`,
	"/v1/buyers/{id}":                      `{"name":"x"}`,
	"/v1/orders/{id}":                      `{"merchant_id":"m2","buyer_id":"b2","lines":[{"id":"1","title":"Pen","quantity":1,"price":{"amount":100,"currency":"CNY"}}],"total":{"amount":100,"currency":"CNY"},"placed_at":"2026-11-01T00:00:00Z"}`,
}

// queries are the same for routes that ask for something in their address.
var queries = map[string]string{"/v1/evidence/{id}/sightings": "?x=0.1&y=0.1&width=0.2&height=0.2"}

// TestOthersSeeAndMoveNothing walks every route about one thing, on a real
// claim, as callers who have nothing to do with it.
func TestOthersSeeAndMoveNothing(t *testing.T) {
	m := newMarket(t)
	x := m.scene()
	before := m.tag("opal", x.claim)
	of := map[string]string{"claims": x.claim, "orders": x.order, "evidence": x.item, "webhooks": x.hook, "merchants": "m1", "buyers": "b1"}
	walked := 0
	for who, call := range m.outsiders() {
		login, header := call()
		for _, r := range m.s.Routes() {
			parts := strings.Split(r.Path, "/")
			if len(parts) < 3 {
				continue
			}
			id, mine := of[parts[2]]
			if !mine || !strings.Contains(r.Path, "{") {
				continue
			}
			if r.Path == "/v1/merchants/{id}" && who == "a conflicted reviewer" || strings.HasSuffix(r.Path, "/release") {
				continue // shops are known to the office; to give back what one does not hold is nothing
			}
			path := strings.NewReplacer("{id}", id, "{kind}", "review_due", "{delivery}", x.delivery, "{evidence}", x.item, "{level}", "0", "{x}", "0", "{y}", "0").Replace(r.Path) + queries[r.Path]
			body := strings.ReplaceAll(bodies[r.Path], "{id}", id)
			if r.Method == "GET" {
				body = ""
			}
			res, raw := m.do(login, r.Method, path, body, append([]string{"If-Match", before}, header...)...)
			walked++
			taken := r.Method == "PUT" && parts[2] == "orders" && (res.StatusCode == http.StatusConflict || res.StatusCode == http.StatusPreconditionFailed) // order numbers are the platform's, and of one space
			if !taken && res.StatusCode != http.StatusForbidden && res.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %s %s: %d %s", who, r.Method, path, res.StatusCode, raw)
			}
			x.absent(t, who+": "+r.Method+" "+path, raw)
		}
		for _, list := range []string{"/v1/claims", "/v1/claims?order=" + x.order, "/v1/claims?buyer=b1", "/v1/orders?merchant=m1", "/v1/reviews", "/v1/webhooks", "/v1/figures?merchant=m1", "/v1/figures/claims?merchant=m1", "/v1/figures/shop?merchant=m1", "/v1/figures/reviewers", "/v1/audit"} {
			if strings.HasPrefix(list, "/v1/figures") && who == "a key for figures alone" {
				continue
			}
			_, raw := m.do(login, "GET", list, "", header...)
			x.absent(t, who+": GET "+list, raw)
		}
		_, raw := m.do(login, "POST", "/v1/reviews/lease", `{"claim_id":"`+x.claim+`"}`, header...)
		x.absent(t, who+": lease", raw)
	}
	if walked < 200 {
		t.Errorf("only %d requests were made", walked)
	}
	if after := m.tag("opal", x.claim); after != before {
		t.Errorf("the claim moved from %s to %s", before, after)
	}
}

// absent looks for what is of this claim alone.
func (x scene) absent(t *testing.T, where string, raw []byte) {
	t.Helper()
	for _, w := range x.words {
		if bytes.Contains(raw, []byte(w)) {
			t.Errorf("%s tells %q: %.300s", where, w, raw)
		}
	}
}

func TestBadLinks(t *testing.T) {
	m := newMarket(t)
	x := m.scene()
	try := func(token string) int {
		res, raw := m.do("", "GET", "/v1/claims/"+x.claim, "", "X-Evenhand-Link", token)
		if res.StatusCode != 200 {
			x.absent(t, "a bad link", raw)
			if swap, _ := m.do("", "GET", "/v1/link?t="+token, ""); swap.StatusCode < 400 || len(swap.Cookies()) > 0 {
				t.Errorf("a link that is no good was swapped: %d", swap.StatusCode)
			}
		}
		return res.StatusCode
	}
	token := m.link(x.claim, "buyer")
	if got := try(token); got != 200 {
		t.Fatalf("a good link: %d", got)
	}
	for i := range len(token) { // no character of it may differ
		if i%7 != 0 && i < len(token)-3 {
			continue
		}
		c := byte('A')
		if token[i] == c {
			c = 'B'
		}
		if got := try(token[:i] + string(c) + token[i+1:]); got != 401 {
			t.Errorf("forged at %d: %d", i, got)
		}
	}
	for _, forged := range []string{"x", ".", token + "A", token[:len(token)/2], strings.ToUpper(token), strings.Repeat("A", 5000)} {
		if got := try(forged); got != 401 {
			t.Errorf("forged %.40q: %d", forged, got)
		}
	}
	m.ok("platform", "DELETE", "/v1/claims/"+x.claim+"/links", "")
	if got := try(token); got != 401 {
		t.Errorf("revoked: %d", got)
	}
	fresh := m.link(x.claim, "merchant")
	if got := try(fresh); got != 200 {
		t.Errorf("made after revoking: %d", got)
	}
}

func TestExpiredLink(t *testing.T) {
	db, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), RelaxedSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	accounts, err := account.New(db, account.Options{Hash: account.Cost{Memory: 64, Time: 1, Lanes: 1}, Now: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Options{Accounts: accounts, Store: db, Now: func() time.Time { return at }})
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Server: s}
	if err := db.Write(t.Context(), func(tx desk.Tx) error {
		return tx.InsertClaim(t.Context(), &claim.Claim{ID: "c1", OrderID: "o", BuyerID: "b1", MerchantID: "m1", Version: 1, State: claim.InReview, OpenedAt: at})
	}); err != nil {
		t.Fatal(err)
	}
	token, _, err := accounts.IssueLink(t.Context(), "c1", access.RoleBuyer, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	at = at.Add(59 * time.Minute)
	if res := h.ask("GET", "/v1/me", "", "X-Evenhand-Link", token); res.StatusCode != 200 {
		t.Errorf("a minute before its end: %d", res.StatusCode)
	}
	at = at.Add(2 * time.Minute)
	wantProblem(t, h.ask("GET", "/v1/me", "", "X-Evenhand-Link", token), 401, account.CodeExpired)
	wantProblem(t, h.ask("GET", "/v1/link?t="+token, ""), 401, account.CodeExpired)
}

func TestDocsBeginWithWhatIsBuiltOn(t *testing.T) {
	m := newMarket(t)
	_, raw := m.do("", "GET", "/docs", "")
	var at []int
	for _, id := range []string{"/v1/claims", "/v1/orders", "/v1/reviews", "/v1/keys", "/healthz"} {
		found := regexp.MustCompile(`[>\s]` + regexp.QuoteMeta(id) + `[<\s]`).FindIndex(raw)
		if found == nil {
			t.Fatalf("%s is not in the page", id)
		}
		at = append(at, found[0])
	}
	for i := range at[1:] {
		if at[i] > at[i+1] {
			t.Errorf("groups stand at %v", at)
		}
	}
}
