package server

import (
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

var update = flag.Bool("update", false, "write the expected files anew")

// everyKind are callers of every kind who could have business with claim C1
// between buyer B1 and merchant M1.
func everyKind() map[string]access.Caller {
	all := []string{access.ScopeAll}
	out := map[string]access.Caller{
		"stranger":         {},
		"key.shop":         {ID: "K", Kind: access.CallerKey, Roles: []access.Role{access.RoleIntegrator}, Party: "M1", Scopes: all},
		"key.integrator":   {ID: "K", Kind: access.CallerKey, Roles: []access.Role{access.RoleIntegrator}, Scopes: all},
		"key.merchant":     {ID: "K", Kind: access.CallerKey, Roles: []access.Role{access.RoleMerchant}, Party: "M1", Scopes: all},
		"key.buyer":        {ID: "K", Kind: access.CallerKey, Roles: []access.Role{access.RoleBuyer}, Party: "B1", Scopes: all},
		"key.auditor":      {ID: "K", Kind: access.CallerKey, Roles: []access.Role{access.RoleAuditor}, Scopes: all},
		"key.scopeless":    {ID: "K", Kind: access.CallerKey, Roles: []access.Role{access.RoleIntegrator}, Scopes: []string{}},
		"link.buyer":       {ID: "B1", Kind: access.CallerLink, Roles: []access.Role{access.RoleBuyer}, Party: "B1", Only: "C1"},
		"link.merchant":    {ID: "M1", Kind: access.CallerLink, Roles: []access.Role{access.RoleMerchant}, Party: "M1", Only: "C1"},
		"link.elsewhere":   {ID: "B1", Kind: access.CallerLink, Roles: []access.Role{access.RoleBuyer}, Party: "B1", Only: "C2"},
		"session.pending":  {ID: "U", Kind: access.CallerSession},
		"session.roleless": {ID: "U", Kind: access.CallerSession, Roles: []access.Role{}},
	}
	for _, r := range access.Roles {
		c := access.Caller{ID: "U", Kind: access.CallerSession, Roles: []access.Role{r}}
		switch r {
		case access.RoleBuyer:
			c.Party = "B1"
		case access.RoleMerchant:
			c.Party = "M1"
		}
		out["session."+string(r)] = c
		out["session."+string(r)+"+"] = c // who has just shown who they are
	}
	return out
}

// lineOf says of a route who of all kinds may call it on claim C1, and which
// scope a key needs.
func lineOf(r Route) string {
	var may []string
	kinds := everyKind()
	for _, name := range slices.Sorted(maps.Keys(kinds)) { // "x+" comes after "x", and stands only where that may not
		c := kinds[name]
		req := &request{Caller: c}
		if c.Kind == access.CallerSession {
			req.Present = &account.Present{Caller: c, Session: desk.Session{Pending: name == "session.pending"}, Recent: strings.HasSuffix(name, "+")}
		}
		if r.Access.allow(req, "C1") == nil && !slices.Contains(may, strings.TrimSuffix(name, "+")) {
			may = append(may, name)
		}
	}
	slices.Sort(may)
	if r.Access.Public {
		may = []string{"everybody"}
	}
	return fmt.Sprintf("%s %s | scope %s | link %s | %s", r.Method, r.Path, orElse(r.Access.Scope, "-"), orElse(string(r.Access.Link), "-"), strings.Join(may, " "))
}

// TestWhoMayCallWhat compares every route and every kind of caller with a
// table that people have read. A new route is in it, or this fails: look at
// its line before you take it over with -update.
func TestWhoMayCallWhat(t *testing.T) {
	m := newMarket(t)
	lines := []string{}
	for _, r := range m.s.Routes() {
		lines = append(lines, lineOf(r))
	}
	slices.Sort(lines)
	got := strings.Join(lines, "\n") + "\n"
	const file = "testdata/access.txt"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(raw)), "\n")
	for _, l := range lines {
		if !slices.Contains(want, l) {
			t.Errorf("not in %s: %s", file, l)
		}
	}
	for _, l := range want {
		if !slices.Contains(lines, l) {
			t.Errorf("no longer so: %s", l)
		}
	}
}

// TestEachScopeOpensItsRoutesAlone: a key with all scopes but the route's is
// turned away, and one with it alone is not.
func TestEachScopeOpensItsRoutesAlone(t *testing.T) {
	m := newMarket(t)
	for _, r := range m.s.Routes() {
		if r.Access.Public || r.Access.SignedIn || r.Access.People {
			continue
		}
		without := slices.DeleteFunc(slices.Clone(access.Scopes), func(s string) bool { return s == access.ScopeAll || s == r.Access.Scope })
		for _, role := range r.Access.Roles {
			c := access.Caller{ID: "K", Kind: access.CallerKey, Roles: []access.Role{role}, Scopes: without}
			if r.Access.allow(&request{Caller: c}, "C1") == nil {
				t.Errorf("%s %s: a key of a %s without %q may", r.Method, r.Path, role, r.Access.Scope)
			}
			c.Scopes = []string{r.Access.Scope}
			if may := r.Access.allow(&request{Caller: c}, "C1") == nil; may != (r.Access.Scope != "") {
				t.Errorf("%s %s: a key of a %s with %q alone: %v", r.Method, r.Path, role, r.Access.Scope, may)
			}
		}
	}
}

// linkKinds are links of every kind, each as the headers that bring it, and
// whether it is alive.
func (m *market) linkKinds(claimID string) map[string][]string {
	out := map[string][]string{}
	for _, role := range []string{"buyer", "merchant"} {
		token := m.link(claimID, role)
		out[role+"'s"] = []string{headerLink, token}
		out[role+"'s in a cookie"] = []string{"Cookie", m.s.cookieName(cookieLink) + "=" + token, headerCSRF, account.LinkCSRF(token)}
	}
	return out
}

// deadLinks are links that open nothing any more.
func (m *market) deadLinks(claimID string) map[string][]string {
	m.t.Helper()
	revoked := m.link(claimID, "buyer")
	m.ok("platform", "DELETE", "/v1/claims/"+claimID+"/links", "")
	expired, _, err := m.s.opt.Accounts.IssueLink(m.t.Context(), claimID, access.RoleMerchant, time.Nanosecond)
	if err != nil {
		m.t.Fatal(err)
	}
	good := m.link(claimID, "merchant")
	return map[string][]string{
		"revoked": {headerLink, revoked}, "expired": {headerLink, expired}, "forged": {headerLink, good[:len(good)-4] + "AAAA"},
		"expired in a cookie": {"Cookie", m.s.cookieName(cookieLink) + "=" + expired, headerCSRF, account.LinkCSRF(expired)},
	}
}

// TestLinksOpenTheirOneClaim walks every route as links of every kind, once on
// things of the link's own claim and once on another claim between the same
// two parties: a link does what its route says and nothing else.
func TestLinksOpenTheirOneClaim(t *testing.T) {
	m := newMarket(t)
	mine, other := m.scene(), m.scene()
	before := m.tag("opal", other.claim)
	live, dead := m.linkKinds(mine.claim), map[string][]string{}
	for name, header := range m.deadLinks(other.claim) {
		dead[name] = header
	}
	walked := 0
	for _, r := range m.s.Routes() {
		of := func(x scene) string {
			id := map[string]string{"orders": x.order, "evidence": x.item, "webhooks": x.hook, "merchants": "m1", "buyers": "b1"}[strings.Split(r.Path+"//", "/")[2]]
			return strings.NewReplacer("{id}", orElse(id, x.claim), "{kind}", "review_due", "{delivery}", x.delivery, "{evidence}", x.item, "{level}", "0", "{x}", "0", "{y}", "0").Replace(r.Path)
		}
		if r.Access.Public || r.Path == "/v1/live" {
			continue
		}
		body := strings.ReplaceAll(bodies[r.Path], "{id}", other.claim)
		if r.Path == "/v1/claims" && r.Method == "POST" {
			body = `{"order_id":"` + other.order + `","kind":"refund_only","reason":"not_received","story":"x","submit":true}`
		}
		if r.Method == "GET" || r.Method == "HEAD" {
			body = ""
		}
		for name, header := range live {
			for where, path := range map[string]string{"its own": of(mine), "another": of(other)} {
				if where == "its own" && r.Access.Link != LinkNone {
					continue // what it is for
				}
				res, raw := m.do("", r.Method, path, body, append([]string{"If-Match", before}, header...)...)
				walked++
				want := []int{http.StatusForbidden}
				if r.Access.Link == LinkClaim || r.Access.Link == LinkEvidence || strings.Contains(r.Path, "uploads/{id}") {
					want = append(want, http.StatusNotFound)
				}
				if r.Access.Link == LinkOwn && !strings.Contains(r.Path, "{id}") {
					want = []int{res.StatusCode} // answers with what is nobody's else; it must tell nothing of another
				}
				if !slices.Contains(want, res.StatusCode) {
					t.Errorf("%s link at %s %s of %s claim: %d %.200s", name, r.Method, path, where, res.StatusCode, raw)
				}
				if where == "another" && strings.Contains(string(raw), other.item) {
					t.Errorf("%s link at %s %s is told of another claim: %.200s", name, r.Method, path, raw)
				}
			}
		}
		for name, header := range dead {
			res, raw := m.do("", r.Method, of(other), body, header...)
			if walked++; res.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s link at %s %s: %d %.200s", name, r.Method, of(other), res.StatusCode, raw)
			}
		}
	}
	if walked < 500 {
		t.Errorf("only %d requests were made", walked)
	}
	if after := m.tag("opal", other.claim); after != before {
		t.Errorf("the other claim moved from %s to %s", before, after)
	}
}

// TestMerchantsLinkGivesNoConsent is the attack that was found: with a link to
// one claim a merchant's consent to all claims was given, and another buyer's
// claim was paid with the shop unheard.
func TestMerchantsLinkGivesNoConsent(t *testing.T) {
	m := newMarket(t)
	x := m.scene()
	link := []string{headerLink, m.link(x.claim, "merchant")}
	if res, raw := m.do("", "PUT", "/v1/merchants/m1", `{"name":"x","consent":{"kinds":["refund_only"],"up_to":{"amount":999999,"currency":"CNY"}}}`, link...); res.StatusCode != http.StatusForbidden {
		t.Errorf("a link gives consent: %d %s", res.StatusCode, raw)
	}
	buyers := []string{headerLink, m.link(x.claim, "buyer")}
	if res, raw := m.do("", "POST", "/v1/claims", `{"order_id":"`+m.order()+`","kind":"refund_only","reason":"not_received","story":"x","submit":true}`, buyers...); res.StatusCode != http.StatusForbidden {
		t.Errorf("a link opens a claim on another order: %d %s", res.StatusCode, raw)
	}
	if got := m.ok("opal", "GET", "/v1/merchants/m1", ""); got["name"] != "Secret Shop" {
		t.Errorf("the shop is now %v", got)
	}
	// The same below the routes: whoever calls the desk itself.
	by := access.Caller{ID: "m1", Kind: access.CallerLink, Roles: []access.Role{access.RoleMerchant}, Party: "m1", Only: x.claim}
	if _, err := m.desk.File(t.Context(), access.Caller{ID: "b1", Kind: access.CallerLink, Roles: []access.Role{access.RoleBuyer}, Party: "b1", Only: x.claim}, desk.Filing{OrderID: m.order(), Kind: claim.RefundOnly, Reason: claim.NotReceived}); err == nil {
		t.Error("the desk files by a link")
	}
	if _, err := m.desk.AddOrderMedia(t.Context(), by, x.order, desk.Upload{Purpose: evidence.Packing, Medium: evidence.Photo, Data: strings.NewReader("\xff\xd8\xff\xe0")}); !refusedAs(err, text.CodeNotFound) {
		t.Errorf("the desk takes an order's media by a link: %v", err)
	}
}

func refusedAs(err error, code text.Code) bool {
	e, ok := text.AsRefusal(err)
	return ok && e.Code == code
}
