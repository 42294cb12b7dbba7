package server

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
)

const syncedOrder = `{"merchant_id":"m1","buyer_id":"b1","placed_at":"2026-11-01T00:00:00Z","total":{"amount":20000,"currency":"CNY"},
	"lines":[{"id":"1","title":"Mug","quantity":1,"price":{"amount":20000,"currency":"CNY"}%s}]%s}`

func orderSync(line, more string) string {
	return strings.Replace(strings.Replace(syncedOrder, "%s", line, 1), "%s", more, 1)
}

// TestSyncsDoNoHarm: a push tells a part of what there is. What it leaves out
// stays, and null empties.
func TestSyncsDoNoHarm(t *testing.T) {
	m := newMarket(t)
	get := func(path string) map[string]any { return m.ok("platform", "GET", path, "") }
	m.ok("platform", "PUT", "/v1/orders/s1", orderSync(`,"category":"home","sku":"M-1","paid":{"amount":19000,"currency":"CNY"}`,
		`,"shipped_at":"2026-11-02T00:00:00Z","delivered_at":"2026-11-03T00:00:00Z","shipment":{"carrier":"SF","tracking":"T1","city":"武汉"}`))
	m.ok("platform", "PUT", "/v1/orders/s1", orderSync("", `,"shipment":{"city":"长沙"}`)) // a late push of the shop's own system
	o := get("/v1/orders/s1")
	line, ship := o["lines"].([]any)[0].(map[string]any), o["shipment"].(map[string]any)
	if o["delivered_at"] != "2026-11-03T00:00:00Z" || o["shipped_at"] != "2026-11-02T00:00:00Z" || line["category"] != "home" || line["sku"] != "M-1" || line["paid"] == nil || ship["tracking"] != "T1" || ship["city"] != "长沙" {
		t.Errorf("after a push of a part: %v", o)
	}
	m.ok("platform", "POST", "/v1/orders/batch", `{"orders":[`+strings.Replace(orderSync("", ""), `{"merchant_id"`, `{"id":"s1","merchant_id"`, 1)+`]}`)
	if o := get("/v1/orders/s1"); o["delivered_at"] == nil || o["shipment"] == nil {
		t.Errorf("after a batch: %v", o)
	}
	m.ok("platform", "PUT", "/v1/orders/s1", orderSync("", `,"delivered_at":null`))
	if o := get("/v1/orders/s1"); o["delivered_at"] != nil || o["shipped_at"] == nil {
		t.Errorf("after null: %v", o)
	}
	m.ok("platform", "PUT", "/v1/orders/s1", orderSync("", `,"updated_at":"2026-11-05T00:00:00Z","delivered_at":"2026-11-04T00:00:00Z"`))
	if res, raw := m.do("platform", "PUT", "/v1/orders/s1", orderSync("", `,"updated_at":"2026-11-04T00:00:00Z","delivered_at":null`)); res.StatusCode != 409 {
		t.Errorf("an older push: %d %s", res.StatusCode, raw)
	}

	m.ok("platform", "PUT", "/v1/buyers/b1", `{"name":"王","phone":"138","email":"w@example.com"}`)
	m.ok("platform", "PUT", "/v1/buyers/b1", `{"language":"zh","phone":null}`)
	b := get("/v1/buyers/b1/export")["buyer"].(map[string]any)
	if b["name"] != "王" || b["email"] != "w@example.com" || b["phone"] != nil || b["language"] != "zh" {
		t.Errorf("the buyer is %v", b)
	}

	hook := m.ok("opal", "POST", "/v1/webhooks", `{"url":"https://shop.example.com/x","topics":["remedy.ordered"],"disabled":true}`)["webhook"].(map[string]any)["id"].(string)
	if h := m.ok("opal", "PUT", "/v1/webhooks/"+hook, `{"url":"https://shop.example.com/y"}`); h["disabled"] != true || len(h["topics"].([]any)) != 1 {
		t.Errorf("a webhook of which the address changed: %v", h)
	}
	for _, u := range m.ok("opal", "GET", "/v1/users", "")["items"].([]any) {
		if u := u.(map[string]any); u["login"] == "bob" {
			path := "/v1/users/" + u["id"].(string)
			m.ok("opal", "PUT", path, `{"conflicts":["m9"],"email":"bob@example.com","disabled":true}`)
			if got := m.ok("opal", "PUT", path, `{"name":"Bob"}`); got["disabled"] != true || got["email"] != "bob@example.com" || len(got["conflicts"].([]any)) != 1 || len(got["roles"].([]any)) != 1 {
				t.Errorf("an account of which the name changed: %v", got)
			}
		}
	}
}

// TestAConsentIsTheMerchants: a platform passes one on until the shop has
// spoken for itself.
func TestAConsentIsTheMerchants(t *testing.T) {
	m := newMarket(t)
	consent := func(amount string) string {
		return `"consent":{"kinds":["refund_only"],"up_to":{"amount":` + amount + `,"currency":"CNY"}}`
	}
	stands := func(want float64) {
		t.Helper()
		c := m.ok("platform", "GET", "/v1/merchants/m1", "")["consent"].(map[string]any)
		if got := c["up_to"].(map[string]any)["amount"].(float64); got != want {
			t.Errorf("the consent reaches %v, want %v", got, want)
		}
	}
	m.ok("platform", "PUT", "/v1/merchants/m1", `{"name":"Shop",`+consent("1000")+`}`)
	m.ok("platform", "PUT", "/v1/merchants/m1", `{"name":"Teashop"}`)
	stands(1000)
	m.ok("shop", "PUT", "/v1/merchants/m1", `{`+consent("3000")+`}`)
	for _, push := range []string{`{"name":"Teashop 2"}`, `{` + consent("99999") + `}`, `{"consent":{}}`} {
		m.ok("platform", "PUT", "/v1/merchants/m1", push)
		stands(3000)
	}
	m.ok("shop", "PUT", "/v1/merchants/m1", `{"consent":{}}`)
	stands(0)
	m.ok("platform", "PUT", "/v1/merchants/m1", `{`+consent("99999")+`}`)
	stands(0)
	if got := m.ok("platform", "GET", "/v1/merchants/m1", ""); got["name"] != "Teashop 2" {
		t.Errorf("the shop is called %v", got["name"])
	}
}

// TestIfMatchCounts on what has no number of its own: 412 where something else
// is kept than the caller has seen.
func TestIfMatchCounts(t *testing.T) {
	m := newMarket(t)
	m.ok("platform", "PUT", "/v1/merchants/m1", `{"name":"Shop"}`)
	for path, body := range map[string]string{"/v1/orders/i1": orderSync("", ""), "/v1/merchants/m1": `{"name":"Shop"}`} {
		m.ok("platform", "PUT", path, body)
		seen, _ := m.do("platform", "GET", path, "")
		tag := seen.Header.Get("ETag")
		other := strings.Replace(strings.Replace(body, "Shop", "Teashop", 1), "20000", "19000", 1)
		res, raw := m.do("platform", "PUT", path, other, "If-Match", tag)
		if res.StatusCode != 200 || tag == "" || res.Header.Get("ETag") == tag {
			t.Fatalf("%s from what was seen: %d %s (%s, then %s)", path, res.StatusCode, raw, tag, res.Header.Get("ETag"))
		}
		for _, old := range []string{tag, `W/` + tag, `"1"`, `7`, `*`} {
			if res, raw := m.do("platform", "PUT", path, body, "If-Match", old); res.StatusCode != 412 {
				t.Errorf("%s with If-Match %s: %d %s", path, old, res.StatusCode, raw)
			}
		}
		if res, _ := m.do("platform", "PUT", path, body, "If-Match", `W/`+res.Header.Get("ETag")); res.StatusCode != 200 {
			t.Errorf("%s with the weak form of what is kept: %d", path, res.StatusCode)
		}
	}
	if res, _ := m.do("platform", "PUT", "/v1/orders/new", orderSync("", ""), "If-Match", `"5f2b"`); res.StatusCode != 412 {
		t.Errorf("an order that is not there: %d", res.StatusCode)
	}
}

// TestWhatRemainsIsShown, and what is asked for beyond it is refused with it.
func TestWhatRemainsIsShown(t *testing.T) {
	m := newMarket(t)
	m.ok("platform", "PUT", "/v1/orders/r1", strings.Replace(orderSync("", ""), `"quantity":1`, `"quantity":2`, 1))
	file := func(more string) (int, string) {
		t.Helper()
		res, raw := m.do("platform", "POST", "/v1/claims", `{"order_id":"r1","kind":"refund_only","reason":"not_received","submit":true`+more+`}`, "Accept-Language", "zh")
		var doc struct{ Claim struct{ ID string } }
		_ = json.Unmarshal(raw, &doc) // a refusal has none
		if doc.Claim.ID != "" {
			return res.StatusCode, doc.Claim.ID
		}
		return res.StatusCode, string(raw)
	}
	_, id := file(`,"units":{"1":1}`)
	left := m.ok("shop", "GET", "/v1/claims/"+id, "")["left"].(map[string]any)
	if most := left["most"].(map[string]any)["amount"]; most != 10000.0 {
		t.Errorf("the most of the claim is %v: %v", most, left)
	}
	m.ok("shop", "POST", "/v1/claims/"+id+"/accept", `{}`, "If-Match", m.tag("shop", id))
	want := map[string]any{"line_id": "1", "units": 1.0, "quantity": 2.0, "amount": map[string]any{"amount": 10000.0, "currency": "CNY"}, "paid": map[string]any{"amount": 20000.0, "currency": "CNY"}}
	got := m.ok("buyer", "GET", "/v1/orders/r1/left", "")["lines"].([]any)[0].(map[string]any)
	if !maps.EqualFunc(got, want, func(a, b any) bool { x, _ := json.Marshal(a); y, _ := json.Marshal(b); return string(x) == string(y) }) {
		t.Errorf("left: %v, want %v", got, want)
	}
	for more, words := range map[string]string{`,"units":{"1":2}`: "还剩 1 件（共 2 件），可退 ¥100.00", `,"ask":{"amount":10001,"currency":"CNY"}`: "¥100.00", `,"ask":{"amount":0,"currency":"CNY"}`: "大于 0", `,"units":{"7":1}`: "units"} {
		if status, raw := file(more); status != 422 || !strings.Contains(raw, words) {
			t.Errorf("%s: %d %s", more, status, raw)
		}
	}
	m.ok("platform", "POST", "/v1/claims/"+id+"/remedy/failed", `{"text":"account closed"}`, "If-Match", m.tag("platform", id))
	got = m.ok("buyer", "GET", "/v1/orders/r1/left", "")["lines"].([]any)[0].(map[string]any)
	if got["units"] != 2.0 {
		t.Errorf("after the payment failed: %v", got)
	}
	m.move("platform", id, "/remedy/again", "", "closed")
	done := func(body string) (int, []byte) {
		res, raw := m.do("platform", "POST", "/v1/claims/"+id+"/remedy/done", body, "If-Match", m.tag("platform", id))
		return res.StatusCode, raw
	}
	for body, want := range map[string]int{`{"no":1}`: 409, `{"no":0}`: 422, `{"no":3}`: 409} { // the first has failed, a third is not there
		if status, raw := done(body); status != want {
			t.Errorf("done with %s: %d %s", body, status, raw)
		}
	}
	if status, raw := done(`{"no":2}`); status != 200 || !strings.Contains(string(raw), `"state":"done"`) {
		t.Errorf("done by its number: %d %s", status, raw)
	}
}
