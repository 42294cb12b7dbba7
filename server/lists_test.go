package server

import (
	"bytes"
	"net/url"
	"testing"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk/account"
)

// TestQueueAndLists narrows the queue and the claims over HTTP.
func TestQueueAndLists(t *testing.T) {
	m := newMarket(t)
	x := m.scene()
	items := func(who, path string) []any {
		t.Helper()
		return m.ok(who, "GET", path, "")["items"].([]any)
	}
	for query, want := range map[string]int{
		"": 1, "?task=decide&kind=return_refund&reason=damaged&merchant=m1&amount_min=20000": 1, "?q=" + x.claim: 1, "?stakes_min=0&mine=false": 1,
		"?task=confirm": 0, "?kind=repair": 0, "?reason=missing": 0, "?merchant=m2": 0, "?amount_min=20001": 0, "?mine=true": 0, "?overdue=true": 0,
		"?senior=true": 0, "?q=zz": 0, "?q=" + url.QueryEscape("%"): 0,
	} {
		if got := items("ann", "/v1/reviews"+query); len(got) != want {
			t.Errorf("the queue with %q has %d, want %d", query, len(got), want)
		}
	}
	q := items("ann", "/v1/reviews")[0].(map[string]any)
	if q["claim_id"] != x.claim || q["buyer_words"] != secretStory || q["state"] != "review" || q["claim_amount"].(map[string]any)["amount"] != 20000.0 || q["kind"] != "return_refund" {
		t.Errorf("a case in the queue: %v", q)
	}
	if v, there := q["strongest"]; !there || v != nil {
		t.Errorf("strongest is %v", v)
	}
	sum := m.ok("ann", "GET", "/v1/reviews/summary", "")
	if sum["total"] != 1.0 || sum["by_task"].(map[string]any)["decide"] != 1.0 {
		t.Errorf("the summary: %v", sum)
	}
	for _, bad := range []string{"?task=x", "?kind=x", "?stakes_min=4", "?amount_min=-1", "?mine=perhaps", "?unknown=1"} {
		if res, raw := m.do("ann", "GET", "/v1/reviews"+bad, ""); res.StatusCode != 422 {
			t.Errorf("the queue with %s: %d %s", bad, res.StatusCode, raw)
		}
	}

	for query, want := range map[string]int{
		"?sort=due": 1, "?sort=due&q=" + x.order: 1, "?q=" + x.claim[:8]: 1, "?outcome=granted": 0, "?sort=due&state=review": 1, "?sort=due&state=closed": 0,
	} {
		for _, who := range []string{"shop", "buyer", "ann", "opal"} {
			if got := items(who, "/v1/claims"+query); len(got) != want {
				t.Errorf("%s lists %d with %q, want %d", who, len(got), query, want)
			}
		}
	}
	first := items("shop", "/v1/claims?sort=due")[0].(map[string]any)
	if first["clock"] != "review_due" || first["due"] == nil || first["id"] != x.claim {
		t.Errorf("a claim by its window: %v", first)
	}
	c := m.ok("ann", "GET", "/v1/claims/"+x.claim+"/context", "")
	if c["merchant"].(map[string]any)["name"] != "Secret Shop" || c["route"].(map[string]any)["rule"] == "" || len(c["sharing"].([]any)) != 0 {
		t.Errorf("the context: %v", c)
	}
}

// TestCursorsAreOfOneOrder: a page of one order does not go on in another.
func TestCursorsAreOfOneOrder(t *testing.T) {
	m := newMarket(t)
	m.ok("platform", "PUT", "/v1/merchants/m1", `{"name":"Shop"}`)
	for range 2 {
		m.ok("buyer", "POST", "/v1/claims", `{"order_id":"`+m.order()+`","kind":"refund_only","reason":"not_received","story":"x","submit":true}`)
	}
	for _, sort := range []string{"opened", "due"} {
		next, _ := m.ok("opal", "GET", "/v1/claims?limit=1&sort="+sort, "")["next"].(string)
		if next == "" {
			t.Fatalf("sorted by %s there is no second page", sort)
		}
		if got := m.ok("opal", "GET", "/v1/claims?limit=1&sort="+sort+"&after="+next, "")["items"].([]any); len(got) != 1 {
			t.Errorf("the second page by %s has %d", sort, len(got))
		}
		other := map[string]string{"opened": "due", "due": "opened"}[sort]
		if res, _ := m.do("opal", "GET", "/v1/claims?limit=1&sort="+other+"&after="+next, ""); res.StatusCode != 400 {
			t.Errorf("a cursor by %s goes on by %s: %d", sort, other, res.StatusCode)
		}
	}
}

func TestBulkOverHTTP(t *testing.T) {
	m := newMarket(t)
	x := m.scene()
	refusal := `"action":"decide","ruling":{"outcome":"refused","reasons":["delivered_as_ordered"],"text":"Shown by the carrier."}`
	items := func(body string, header ...string) []any {
		t.Helper()
		return m.ok("ann", "POST", "/v1/reviews/bulk", body, header...)["items"].([]any)
	}
	before := m.tag("opal", x.claim)
	dry := items(`{"claim_ids":["` + x.claim + `","none"],` + refusal + `,"dry_run":true}`)
	one, none := dry[0].(map[string]any), dry[1].(map[string]any)
	if one["ok"] != true || one["would"].(map[string]any)["state"] != "decided" || one["problem"] != nil {
		t.Errorf("a dry run: %v", one)
	}
	if p, _ := none["problem"].(map[string]any); none["ok"] != false || p["code"] != "not_found" || p["detail"] == "" || none["would"] != nil {
		t.Errorf("a claim that is not there: %v", none)
	}
	if m.tag("opal", x.claim) != before {
		t.Error("a dry run moved the claim")
	}
	for name, body := range map[string]string{
		"no ruling": `{"claim_ids":["x"],"action":"decide"}`, "no question": `{"claim_ids":["x"],"action":"ask"}`, "none": `{"claim_ids":[],"action":"confirm"}`,
		"twice": `{"claim_ids":["x","x"],"action":"confirm"}`, "no such action": `{"claim_ids":["x"],"action":"x"}`,
	} {
		if res, raw := m.do("ann", "POST", "/v1/reviews/bulk", body); res.StatusCode != 422 {
			t.Errorf("%s: %d %s", name, res.StatusCode, raw)
		}
	}
	m.person("cousin", account.Profile{Roles: []access.Role{access.RoleSenior}, Conflicts: []string{"m1"}})
	_, raw := m.do("cousin", "POST", "/v1/reviews/bulk", `{"claim_ids":["`+x.claim+`"],`+refusal+`}`)
	if !bytes.Contains(raw, []byte(`"not_found"`)) || m.tag("opal", x.claim) != before {
		t.Errorf("a conflicted reviewer: %s", raw)
	}
	for range 2 { // the same request, sent again, is done once
		if got := items(`{"claim_ids":["`+x.claim+`"],`+refusal+`}`, "Idempotency-Key", "b1")[0].(map[string]any); got["ok"] != true {
			t.Errorf("for real: %v", got)
		}
	}
}

func TestProgressIsPublicAndSlow(t *testing.T) {
	m := newMarket(t)
	x := m.scene()
	got := m.ok("", "POST", "/v1/progress", `{"claim_id":"`+x.claim+`"}`)
	if got["state"] != "review" || got["kind"] != "return_refund" || len(got["steps"].([]any)) < 3 {
		t.Errorf("progress: %v", got)
	}
	_, raw := m.do("", "POST", "/v1/progress", `{"claim_id":"`+x.claim+`"}`)
	x.absent(t, "progress", raw)
	for _, w := range []string{"m1", "b1", x.order, "20000"} {
		if bytes.Contains(raw, []byte(`"`+w+`"`)) {
			t.Errorf("progress tells %q: %s", w, raw)
		}
	}
	if res, _ := m.do("", "POST", "/v1/progress", `{"claim_id":"none"}`); res.StatusCode != 404 {
		t.Errorf("an unknown id: %d", res.StatusCode)
	}
	for range 20 {
		if res, _ := m.do("", "POST", "/v1/progress", `{"claim_id":"none"}`); res.StatusCode == 429 {
			if res.Header.Get("Retry-After") == "" {
				t.Error("nothing says when to go on")
			}
			return
		}
	}
	t.Error("guessing is not slowed down")
}

func TestViewsOverHTTP(t *testing.T) {
	m := newMarket(t)
	v := m.ok("ann", "POST", "/v1/me/views", `{"place":"review","name":"急件","query":"overdue=true"}`)
	id := v["id"].(string)
	if list := m.ok("ann", "GET", "/v1/me/views", "")["items"].([]any); len(list) != 1 || list[0].(map[string]any)["name"] != "急件" {
		t.Errorf("ann's views: %v", list)
	}
	if list := m.ok("shop", "GET", "/v1/me/views", "")["items"].([]any); len(list) != 0 {
		t.Errorf("the shop's views: %v", list)
	}
	if res, _ := m.do("shop", "DELETE", "/v1/me/views/"+id, ""); res.StatusCode != 404 {
		t.Errorf("another's view: %d", res.StatusCode)
	}
	if res, _ := m.do("platform", "GET", "/v1/me/views", ""); res.StatusCode != 403 {
		t.Errorf("a key: %d", res.StatusCode)
	}
	m.ok("ann", "DELETE", "/v1/me/views/"+id, "")
	if res, _ := m.do("ann", "DELETE", "/v1/me/views/"+id, ""); res.StatusCode != 404 {
		t.Errorf("removed twice: %d", res.StatusCode)
	}
}

// TestShopKeepsItsConsent: a shop's own account reads and changes what it
// agrees to beforehand, its own alone.
func TestShopKeepsItsConsent(t *testing.T) {
	m := newMarket(t)
	m.ok("platform", "PUT", "/v1/merchants/m1", `{"name":"Shop"}`)
	m.ok("platform", "PUT", "/v1/merchants/m2", `{"name":"Other"}`)
	body := `{"name":"Shop","consent":{"kinds":["refund_only"],"reasons":["not_received"],"up_to":{"amount":5000,"currency":"CNY"}}}`
	m.ok("shop", "PUT", "/v1/merchants/m1", body)
	got := m.ok("shop", "GET", "/v1/merchants/m1", "")
	if c := got["consent"].(map[string]any); c["up_to"].(map[string]any)["amount"] != 5000.0 || c["kinds"].([]any)[0] != "refund_only" {
		t.Errorf("the consent: %v", got)
	}
	for _, method := range []string{"GET", "PUT"} {
		b := body
		if method == "GET" {
			b = ""
		}
		if res, _ := m.do("shop", method, "/v1/merchants/m2", b); res.StatusCode != 404 && res.StatusCode != 403 {
			t.Errorf("%s of another shop: %d", method, res.StatusCode)
		}
	}
	if res, _ := m.do("shop", "PUT", "/v1/merchants/m1", `{"name":"Shop","consent":{"kinds":["refund_only"],"up_to":{"amount":-1,"currency":"CNY"}}}`); res.StatusCode != 422 {
		t.Errorf("a consent below nothing: %d", res.StatusCode)
	}
}
