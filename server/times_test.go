package server

import (
	"strings"
	"testing"
)

// TestFarTimes: a time that can be read and not be written again is refused at
// its place, in queries and bodies of every kind.
func TestFarTimes(t *testing.T) {
	m := newMarket(t)
	for _, far := range []string{"9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00%2B14:00"} {
		for _, path := range []string{"/v1/figures", "/v1/figures/claims", "/v1/figures/shop", "/v1/claims"} {
			for _, at := range []string{"from", "to"} {
				res, raw := m.do("platform", "GET", path+"?"+at+"="+far, "")
				if res.StatusCode != 422 || !strings.Contains(string(raw), `"query.`+at+`"`) && !strings.Contains(string(raw), `"query"`) {
					t.Errorf("%s, %s=%s: %d %.200s", path, at, far, res.StatusCode, raw)
				}
			}
		}
		body := `{"merchant_id":"m1","buyer_id":"b1","lines":[{"id":"1","title":"Mug","quantity":1,"price":{"amount":100,"currency":"CNY"}}],"total":{"amount":100,"currency":"CNY"},"placed_at":"` + strings.ReplaceAll(far, "%2B", "+") + `"}`
		if res, raw := m.do("platform", "PUT", "/v1/orders/far", body); res.StatusCode != 422 || !strings.Contains(string(raw), "placed_at") {
			t.Errorf("placed at %s: %d %s", far, res.StatusCode, raw)
		}
	}
}
