package server

import (
	"fmt"
	"testing"

	"github.com/evenhand/evenhand/claim"
)

// TestDraftIsAmended changes what a draft asks for until it is sent, and not after.
func TestDraftIsAmended(t *testing.T) {
	m := newMarket(t)
	order := m.order()
	filed := m.ok("buyer", "POST", "/v1/claims", `{"order_id":"`+order+`","kind":"return_refund","reason":"damaged"}`)
	id := filed["claim"].(map[string]any)["id"].(string)
	m.attach("buyer", "/v1/claims/"+id+"/evidence", "whole", "whole")
	put := func(who, body string) (int, string) {
		res, raw := m.do(who, "PUT", "/v1/claims/"+id+"/draft", body, "If-Match", m.tag("opal", id))
		return res.StatusCode, string(raw)
	}
	for body, want := range map[string]int{
		`{"kind":"partial_refund","reason":"damaged","story":"x"}`:                                 422, // the whole value is no part
		`{"kind":"repair","reason":"damaged","ask":{"amount":99999999,"currency":"CNY"}}`:          422,
		`{"kind":"repair","reason":"damaged","line_ids":["no such line"]}`:                         422,
		`{"kind":"refund_only","reason":"not_received","story":"It never came.","line_ids":["1"]}`: 200,
	} {
		if got, raw := put("buyer", body); got != want {
			t.Errorf("%s: %d %s", body, got, raw)
		}
	}
	if got, _ := put("shop", `{"kind":"repair","reason":"damaged"}`); got != 403 && got != 404 {
		t.Errorf("the shop amends: %d", got)
	}
	c := m.ok("buyer", "GET", "/v1/claims/"+id, "")["claim"].(map[string]any)
	if c["reason"] != "not_received" || c["story"] != "It never came." || fmt.Sprint(c["line_ids"]) != "[1]" || len(c["evidence"].([]any)) != 1 {
		t.Errorf("after the change: %v", c)
	}
	m.move("buyer", id, "/submit", "", claim.AskedShop)
	if got, raw := put("buyer", `{"kind":"repair","reason":"damaged"}`); got != 409 {
		t.Errorf("after submission: %d %s", got, raw)
	}
	res, raw := m.do("buyer", "PUT", "/v1/claims/"+id+"/draft", `{"kind":"repair","reason":"damaged"}`, "If-Match", `"1"`)
	if res.StatusCode != 412 {
		t.Errorf("from an old version: %d %s", res.StatusCode, raw)
	}
}
