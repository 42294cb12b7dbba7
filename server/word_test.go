package server

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
)

// own is a header with a key narrowed to a shop that may do what scopes say.
func (m *market) own(shop string, scopes ...string) []string {
	return []string{"Authorization", "Bearer " + m.key(shop, scopes...)}
}

// says checks the status of a request, and what its answer holds.
func (m *market) says(who, method, path, body string, status int, words string, header ...string) *http.Response {
	m.t.Helper()
	res, raw := m.do(who, method, path, body, header...)
	if res.StatusCode != status || !strings.Contains(string(raw), words) {
		m.t.Errorf("%s %s %s: %d %s, want %d and %q", method, path, body, res.StatusCode, raw, status, words)
	}
	return res
}

const withAll = `,"shipment":{"carrier":"SF","tracking":"SF1234567890","province":"Hubei","city":"Wuhan","district":"Wuchang","lat":30.5541,"lon":114.3167}`

// TestAShopTakesNothingFromItsOrders: the key of a shop is a side of every claim
// about its orders.
func TestAShopTakesNothingFromItsOrders(t *testing.T) {
	m := newMarket(t)
	key := m.own("m1", access.ScopeOrdersRead, access.ScopeOrdersWrite)
	told := orderSync(`,"category":"home","paid":{"amount":20000,"currency":"CNY"}`, `,"shipped_at":"2026-11-02T00:00:00Z"`)
	m.ok("platform", "PUT", "/v1/orders/w1", told)
	tricks := map[string][2]string{ // what of the order is put in the place of what
		"total":                {`"total":{"amount":20000`, `"total":{"amount":1`},
		"lines[0].price":       {`"price":{"amount":20000`, `"price":{"amount":0`},
		"lines[0].paid":        {`"paid":{"amount":20000`, `"paid":{"amount":1`},
		"lines[0].quantity":    {`"quantity":1`, `"quantity":2`},
		"lines[0].title":       {`"title":"Mug"`, `"title":"Broken mug"`},
		"lines[0].category":    {`"category":"home"`, `"category":"fresh"`},
		"lines[0].id":          {`"lines":[{"id":"1"`, `"lines":[{"id":"2"`},
		"lines":                {`"lines":[`, `"lines":[{"id":"9","title":"Gold","quantity":1,"price":{"amount":9999999,"currency":"CNY"}},`},
		"placed_at":            {`"placed_at":"2026-11-01T`, `"placed_at":"2026-10-01T`},
		"shipped_at":           {`"shipped_at":"2026-11-02T00:00:00Z"`, `"shipped_at":null`},
		"parties":              {`"buyer_id":"b1"`, `"buyer_id":"b2"`},
		"delivered_at, late":   {`"shipped_at"`, `"delivered_at":"2026-11-03T00:00:00Z","shipped_at"`},
		"shipment.city, late":  {`"shipped_at"`, `"shipment":{"city":"Lhasa"},"shipped_at"`},
		"lines[0].price, more": {`"price":{"amount":20000`, `"price":{"amount":99999999`},
		"total, more":          {`"total":{"amount":20000`, `"total":{"amount":99999999`},
	}
	try := func(claimed bool) {
		t.Helper()
		for name, trick := range tricks {
			field, late := strings.CutSuffix(name, ", late")
			field, _ = strings.CutSuffix(field, ", more")
			status, words := http.StatusForbidden, field
			switch {
			case late && !claimed:
				continue
			case field == "parties":
				status, words = http.StatusConflict, "other parties"
			}
			body := strings.Replace(told, trick[0], trick[1], 1)
			if body == told {
				t.Fatalf("%s changes nothing", name)
			}
			m.says("", "PUT", "/v1/orders/w1", body, status, words, key...)
			m.says("", "POST", "/v1/orders/batch", `{"orders":[`+strings.Replace(body, `{"merchant_id"`, `{"id":"w1","merchant_id"`, 1)+`]}`, 200, `"kept":0`, key...)
		}
	}
	try(false)
	m.says("", "PUT", "/v1/orders/w1", told, 200, "", key...)
	m.says("", "PUT", "/v1/orders/w1", strings.Replace(told, `"shipped_at"`, `"shipment":{"carrier":"SF","tracking":"T1"},"shipped_at"`, 1), 200, `"carrier":"SF"`, key...)
	m.says("", "PUT", "/v1/orders/w1", strings.Replace(told, `"shipped_at"`, `"shipment":{"carrier":"YTO"},"shipped_at"`, 1), http.StatusForbidden, "shipment.carrier", key...)

	id := m.ok("buyer", "POST", "/v1/claims", `{"order_id":"w1","kind":"refund_only","reason":"not_received","story":"x","submit":true}`)["claim"].(map[string]any)["id"].(string)
	try(true)
	if got := m.imported("", "/v1/imports/orders", "订单号,商家编号,买家编号,商品名称,数量,单价,实付金额,下单时间\nw1,m1,b1,Mug,1,0.01,0.01,2026-11-01 08:00:00\n", key...); got.Kept != 0 || got.Refused != 1 {
		t.Errorf("a file: %+v", got)
	}
	left := m.ok("shop", "GET", "/v1/claims/"+id, "")["left"].(map[string]any)
	if most := left["most"].(map[string]any)["amount"]; most != 20000.0 {
		t.Errorf("the most of the claim is %v", most)
	}
	m.says("platform", "PUT", "/v1/orders/w1", strings.ReplaceAll(told, "20000", "19000"), 200, `"amount":19000`) // which may
}

// TestAShopsOwnOrders, which no platform has told: it may correct them until
// there is a claim, but lowers nothing, of the whole, a line or a unit.
func TestAShopsOwnOrders(t *testing.T) {
	m := newMarket(t)
	key := m.own("m1", access.ScopeOrdersRead, access.ScopeOrdersWrite)
	body := func(total, price1, n1, price2 string) string {
		return `{"merchant_id":"m1","buyer_id":"b1","placed_at":"2026-11-01T00:00:00Z","total":{"amount":` + total + `,"currency":"CNY"},"lines":[` +
			`{"id":"1","title":"Mug","quantity":` + n1 + `,"price":{"amount":` + price1 + `,"currency":"CNY"}},{"id":"2","title":"Tea","quantity":1,"price":{"amount":` + price2 + `,"currency":"CNY"}}]}`
	}
	m.says("", "PUT", "/v1/orders/w2", body("300", "100", "1", "200"), 200, `"told_by":"merchant"`, key...)
	for why, push := range map[string]string{
		"the total": body("299", "100", "1", "200"), "a line's share": body("300", "100", "1", "20000"), "a unit's": body("300", "100", "2", "200"), "a price": body("300", "99", "1", "198"),
	} {
		if res, raw := m.do("", "PUT", "/v1/orders/w2", push, key...); res.StatusCode != http.StatusForbidden {
			t.Errorf("%s is lowered: %d %s", why, res.StatusCode, raw)
		}
	}
	m.says("", "PUT", "/v1/orders/w2", body("400", "200", "1", "200"), 200, `"amount":400`, key...)
	m.says("platform", "PUT", "/v1/orders/w2", body("100", "50", "1", "50"), 200, `"amount":100`)
	m.says("", "PUT", "/v1/orders/w2", body("400", "200", "1", "200"), http.StatusForbidden, "total", key...)
}

// TestAPlatformsWordStands over what a shop's key told before it: the number,
// the parties, and the time.
func TestAPlatformsWordStands(t *testing.T) {
	m := newMarket(t)
	key := m.own("m2", access.ScopeOrdersRead, access.ScopeOrdersWrite)
	squat := strings.ReplaceAll(orderSync(`,"paid":{"amount":0,"currency":"CNY"}`, withAll+`,"updated_at":"`+time.Now().UTC().Format(time.RFC3339)+`"`), `"m1"`, `"m2"`)
	real := orderSync("", `,"updated_at":"2026-11-05T00:00:00Z"`)
	m.says("", "PUT", "/v1/orders/q1", squat, 200, "m2", key...)
	m.says("platform", "PUT", "/v1/orders/q1", real, 200, `"merchant_id":"m1"`)
	o := m.ok("platform", "GET", "/v1/orders/q1", "")
	if o["shipment"] != nil || o["told_by"] != nil || o["lines"].([]any)[0].(map[string]any)["paid"] != nil {
		t.Errorf("of the other shop's there remains %v", o)
	}
	m.says("", "GET", "/v1/orders/q1", "", http.StatusNotFound, "", key...)
	m.says("platform", "PUT", "/v1/orders/q1", strings.ReplaceAll(real, `"m1"`, `"m2"`), http.StatusConflict, "other parties")

	m.says("", "PUT", "/v1/orders/q2", squat, 200, "m2", key...)
	m.ok("platform", "POST", "/v1/claims", `{"order_id":"q2","kind":"refund_only","reason":"not_received","story":"x"}`)
	m.says("platform", "PUT", "/v1/orders/q2", real, http.StatusConflict, "claims about it")
	m.says("platform", "PUT", "/v1/orders/q2", strings.ReplaceAll(real, `"m1"`, `"m2"`), 200, `"updated_at":"2026-11-05T00:00:00Z"`) // of an older clock
}

// TestNoOrderIsChangedInTheFuture, for nothing could be told of it any more.
func TestNoOrderIsChangedInTheFuture(t *testing.T) {
	m := newMarket(t)
	far := orderSync("", `,"updated_at":"2998-12-31T23:59:59Z"`)
	m.says("platform", "PUT", "/v1/orders/f1", far, http.StatusUnprocessableEntity, "updated_at 不得晚于", "Accept-Language", "zh")
	m.says("platform", "PUT", "/v1/orders/f1", far, http.StatusUnprocessableEntity, "updated_at must not lie in the future")
	m.says("platform", "POST", "/v1/orders/batch", `{"orders":[`+strings.Replace(far, `{"merchant_id"`, `{"id":"f1","merchant_id"`, 1)+`]}`, 200, `"kept":0`)
	file := "订单号,商家编号,买家编号,商品名称,数量,单价,实付金额,下单时间,更新时间\nf1,m1,b1,Mug,1,200,200,2026-11-01 08:00:00,2999-11-01 08:00:00\n"
	if got := m.imported("opal", "/v1/imports/orders", file); got.Kept != 0 || len(got.Problems) != 1 || got.Problems[0].Column != "更新时间" {
		t.Errorf("a file: %+v", got)
	}
	soon := time.Now().UTC().Add(time.Minute).Format(time.RFC3339)
	m.says("platform", "PUT", "/v1/orders/f1", orderSync("", `,"updated_at":"`+soon+`"`), 200, "")
}

// TestAPushReadsNothing: what is answered to a write is what its caller could
// have read without it.
func TestAPushReadsNothing(t *testing.T) {
	m := newMarket(t)
	m.ok("platform", "PUT", "/v1/merchants/m1", `{"name":"Teashop","consent":{"kinds":["refund_only"],"up_to":{"amount":1234,"currency":"CNY"}}}`)
	m.ok("platform", "PUT", "/v1/orders/p1", orderSync("", withAll))
	both, write := m.own("m1", access.ScopeOrdersRead, access.ScopeOrdersWrite), m.own("m1", access.ScopeOrdersWrite)
	for path, push := range map[string]string{"/v1/orders/p1": orderSync("", ""), "/v1/merchants/m1": `{}`} {
		seen, want := m.do("", "GET", path, "", both...)
		if res, got := m.do("", "PUT", path, push, both...); seen.StatusCode != 200 || string(got) != string(want) || res.Header.Get("ETag") != seen.Header.Get("ETag") {
			t.Errorf("PUT %s answers %d %s, and GET %s", path, res.StatusCode, got, want)
		}
		if res, got := m.do("", "PUT", path, push, write...); res.StatusCode != http.StatusNoContent || len(got) > 0 || res.Header.Get("ETag") != seen.Header.Get("ETag") {
			t.Errorf("PUT %s of who may not read answers %d %s", path, res.StatusCode, got)
		}
	}
	// Nor is a place found by telling places until one is taken for the one.
	near := m.says("", "PUT", "/v1/orders/p1", orderSync("", withAll), 200, "", both...)
	far := m.says("", "PUT", "/v1/orders/p1", orderSync("", strings.Replace(withAll, "30.5541", "30.5542", 1)), 200, "", both...)
	if near.Header.Get("ETag") != far.Header.Get("ETag") {
		t.Error("another place has another tag")
	}
	if s := m.ok("platform", "GET", "/v1/orders/p1", "")["shipment"].(map[string]any); s["lat"] != 30.5541 {
		t.Errorf("the place is now %v", s)
	}
	// A claim likewise.
	res, raw := m.do("", "POST", "/v1/claims", `{"order_id":"p1","kind":"refund_only","reason":"not_received","story":"Secret story","submit":true}`, m.own("", access.ScopeClaimsWrite)...)
	if res.StatusCode != http.StatusCreated || strings.Contains(string(raw), "Secret story") || strings.Contains(string(raw), "m1") || !strings.Contains(string(raw), `"id":"c`) {
		t.Errorf("a filing of who may not read: %d %s", res.StatusCode, raw)
	}
}

// TestAHookIsNotReadByChangingIt: its address may hold a secret.
func TestAHookIsNotReadByChangingIt(t *testing.T) {
	m := newMarket(t)
	path := "/v1/webhooks/" + m.hook(`{"url":"https://93.184.216.34/hidden","topics":["remedy.ordered"]}`, m.own("m1", access.ScopeAll)...)
	for _, body := range []string{`{}`, `{"disabled":true}`} {
		if res, raw := m.do("", "PUT", path, body, m.own("m1", access.ScopeWebhooksWrite)...); res.StatusCode != 200 || strings.Contains(string(raw), "hidden") || strings.Contains(string(raw), "remedy") {
			t.Errorf("%s answers %d %s", body, res.StatusCode, raw)
		}
	}
	if h := m.ok("opal", "GET", path, ""); h["url"] != "https://93.184.216.34/hidden" || h["disabled"] != true {
		t.Errorf("the hook is %v", h)
	}
}

// TestATagIsOfTheDesksOwn: the same contents have another tag at another desk,
// and the same on each node of one.
func TestATagIsOfTheDesksOwn(t *testing.T) {
	tag := func(secret string) string {
		m := newMarket(t, func(o *desk.Options) { o.TagKey = func(context.Context) ([]byte, error) { return []byte(secret), nil } })
		return m.says("platform", "PUT", "/v1/orders/t1", orderSync("", withAll), 200, "").Header.Get("ETag")
	}
	if a, b, again := tag("one"), tag("two"), tag("one"); a == b || a != again {
		t.Errorf("tags of the same order: %s and %s, and on another node %s", a, b, again)
	}
}

// TestAShopLearnsNothingOfAnothersOrder but that its number is not free: with
// If-Match another's is as one of nobody's.
func TestAShopLearnsNothingOfAnothersOrder(t *testing.T) {
	m := newMarket(t)
	m.ok("platform", "PUT", "/v1/orders/x1", orderSync("", withAll))
	key := m.own("m2", access.ScopeOrdersRead, access.ScopeOrdersWrite)
	mine := strings.ReplaceAll(orderSync("", `,"updated_at":"2020-01-01T00:00:00Z"`), `"m1"`, `"m2"`)
	answer := func(path, body string, header ...string) string {
		res, raw := m.do("", "PUT", path, body, append(header, key...)...)
		_, said, _ := strings.Cut(string(raw), `"detail"`)
		return res.Status + said[:min(len(said), 60)]
	}
	match := []string{"If-Match", `"0123456789abcdef01234567"`}
	if theirs, nobodys := answer("/v1/orders/x1", mine, match...), answer("/v1/orders/x2", mine, match...); theirs != nobodys || !strings.HasPrefix(theirs, "412") {
		t.Errorf("with If-Match: %s, and of a number of nobody's %s", theirs, nobodys)
	}
	first := answer("/v1/orders/x1", mine)
	for _, body := range []string{strings.ReplaceAll(mine, "b1", "b2"), strings.ReplaceAll(mine, "CNY", "USD")} {
		if got := answer("/v1/orders/x1", body); got != first || !strings.HasPrefix(got, "409") {
			t.Errorf("another guess: %s, before %s", got, first)
		}
	}
}
