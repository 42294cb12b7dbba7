package server

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/claim"
)

// keysOf are the names in an answer's object, sorted.
func keysOf(m map[string]any) string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// TestFiguresOverHTTP pins the names that the console is written against, and
// that lists are there, though empty.
func TestFiguresOverHTTP(t *testing.T) {
	m := newMarket(t)
	x := m.scene()
	m.ok("ann", "POST", "/v1/reviews/lease", `{"claim_id":"`+x.claim+`"}`)
	m.move("ann", x.claim, "/decision", `{"outcome":"refused","reasons":["delivered_as_ordered"],"text":"It arrived."}`, claim.Decided)
	for path, want := range map[string]string{
		"/v1/figures/claims":           "amounts at by_finding by_merchant by_reason days from to",
		"/v1/figures/detectors":        "at from items to",
		"/v1/figures/reviewers":        "at from items to",
		"/v1/figures/shop?merchant=m1": "answer_median_minutes answered_in_time_share at by_code by_reason claims from lost merchant_id months open settled silent to won",
	} {
		_, raw := m.do("opal", "GET", path, "")
		var got map[string]any
		if err := json.Unmarshal(raw, &got); err != nil {
			t.Fatal(err)
		}
		delete(got, "$schema")
		if keys := keysOf(got); keys != want || bytes.Contains(raw, []byte("secret")) {
			t.Errorf("%s has %s, want %s: %.300s", path, keys, want, raw)
		}
	}
	empty := m.ok("opal", "GET", "/v1/figures/claims?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z", "")
	for _, list := range []string{"by_reason", "by_merchant", "by_finding", "amounts"} {
		if l, ok := empty[list].([]any); !ok || len(l) != 0 {
			t.Errorf("%s of an empty day: %v", list, empty[list])
		}
	}
	if days := empty["days"].([]any); len(days) != 1 || days[0].(map[string]any)["day"] != "2020-01-01" {
		t.Errorf("days: %v", days)
	}
	ann := m.ok("eve", "GET", "/v1/figures/reviewers", "")["items"].([]any)[0].(map[string]any)
	if ann["decided"] != 1.0 || ann["name"] != "ann" || ann["agreement"] != nil {
		t.Errorf("ann: %v", ann)
	}
	mine := m.ok("shop", "GET", "/v1/figures/shop?utc_offset=480", "")
	if mine["merchant_id"] != "m1" || mine["claims"] != 1.0 || mine["open"] != 1.0 {
		t.Errorf("the shop's own: %v", mine)
	}
	for path, status := range map[string]int{
		"/v1/figures/shop?merchant=m2": 404, "/v1/figures/claims": 403, "/v1/figures/detectors": 403, "/v1/figures/reviewers": 403, "/v1/audit": 403,
	} {
		if res, raw := m.do("shop", "GET", path, ""); res.StatusCode != status {
			t.Errorf("the shop gets %s: %d %s", path, res.StatusCode, raw)
		}
	}
	for _, path := range []string{"/v1/figures/shop", "/v1/figures/claims?utc_offset=9999", "/v1/figures/claims?from=2020-01-01T00:00:00Z", "/v1/figures/claims?from=x", "/v1/audit?after=x"} {
		if res, raw := m.do("opal", "GET", path, ""); res.StatusCode < 400 || res.StatusCode > 422 {
			t.Errorf("%s: %d %s", path, res.StatusCode, raw)
		}
	}
}

func TestAuditOverHTTP(t *testing.T) {
	m := newMarket(t)
	x := m.scene()
	kinds := func(query string) (all []string) {
		next := ""
		for range 100 {
			page := m.ok("audrey", "GET", "/v1/audit?limit=3"+query+next, "")
			for _, one := range page["items"].([]any) {
				all = append(all, one.(map[string]any)["kind"].(string))
			}
			after, more := page["next"].(string)
			if !more {
				return all
			}
			next = "&after=" + after
		}
		t.Fatal("the record does not end")
		return nil
	}
	all := kinds("")
	for _, k := range []string{"claim.opened", "claim.contested", "user.added", "key.issued", "policy.active", "webhook.created"} {
		if !slices.Contains(all, k) {
			t.Errorf("%s is not among %v", k, all)
		}
	}
	if i, j := slices.Index(all, "claim.contested"), slices.Index(all, "claim.opened"); i > j {
		t.Error("it is not newest first")
	}
	if got := kinds("&stream=claim/" + x.claim + "&kind=claim.contested"); len(got) != 1 {
		t.Errorf("one kind of one claim: %v", got)
	}
	if got := kinds("&stream=policy"); len(got) == 0 || slices.ContainsFunc(got, func(k string) bool { return !strings.HasPrefix(k, "policy.") }) {
		t.Errorf("policies: %v", got)
	}
	if got := kinds("&to=2020-01-01T00:00:00Z"); len(got) != 0 {
		t.Errorf("before there was anything: %v", got)
	}
	one := m.ok("opal", "GET", "/v1/audit?kind=claim.contested", "")["items"].([]any)[0].(map[string]any)
	by := one["by"].(map[string]any)
	if one["claim_id"] != x.claim || one["stream"] != "claim/"+x.claim || by["name"] != "shop" || by["role"] != "merchant" || one["seq"].(float64) <= 0 {
		t.Errorf("an entry: %v", one)
	}
	_, raw := m.do("audrey", "GET", "/v1/audit?limit=200", "")
	for _, w := range []string{secretStory, "Secret answer", "secret@example.com"} {
		if bytes.Contains(raw, []byte(w)) {
			t.Errorf("the record tells %q", w)
		}
	}
}
