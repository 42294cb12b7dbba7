package server

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// TestRepeatedFields: what is held against the description is what is taken.
func TestRepeatedFields(t *testing.T) {
	m := newMarket(t)
	many := `"x` + strings.Repeat(`","x`, 300) + `"`
	for name, tt := range map[string]struct{ method, path, body, says string }{
		"other letters":       {"PUT", "/v1/merchants/m9", `{"name":"Shop","categories":["a"],"CATEGORIES":[` + many + `]}`, "CATEGORIES"},
		"twice":               {"PUT", "/v1/merchants/m9", `{"name":"Shop","categories":[` + many + `],"categories":["a"]}`, "categories"},
		"twice, escaped":      {"PUT", "/v1/merchants/m9", `{"name":"Shop","categories":["a"],"cat\u0065gories":["b"]}`, "categories"},
		"twice, further down": {"PUT", "/v1/orders/o9", `{"merchant_id":"m1","shipment":{"lat":1},"shipment":{"city":"x"}}`, "shipment"},
		"enum, other letters": {"PUT", "/v1/buyers/b9", `{"language":"en","LANGUAGE":"<x>"}`, "LANGUAGE"},
	} {
		res, raw := m.do("platform", tt.method, tt.path, tt.body)
		if res.StatusCode != 400 && res.StatusCode != 422 || !strings.Contains(string(raw), tt.says) {
			t.Errorf("%s: %d %s", name, res.StatusCode, raw)
		}
	}
}

// FuzzRepeated: where a text is JSON, a field is found twice if and only if the
// decoder's own tokens have it twice.
func FuzzRepeated(f *testing.F) {
	for _, s := range []string{`{}`, `{"a":1,"a":2}`, `{"a":{"a":1},"b":["a",{"a":1,"a":1}]}`, `{"a":"\"","\u0061":1}`, `[{"a":1},{"a":1}]`, `{"a":",\"a\":"}`} {
		f.Add(s)
	}
	var wide strings.Builder
	for i := range 3 * manyKeys {
		fmt.Fprintf(&wide, `"k%d":[],`, i)
	}
	f.Add(`{` + wide.String() + `"k1":0}`)
	f.Add(`{` + wide.String() + `"k":{"k":0}}`)
	f.Fuzz(func(t *testing.T, s string) {
		key, twice := repeated([]byte(s))
		if !json.Valid([]byte(s)) || strings.ContainsRune(s, '\ufffd') || strings.Contains(strings.ToLower(s), `\ud`) {
			return // names that a decoder mends may meet in what they are mended to
		}
		if want := twiceByTokens(json.NewDecoder(strings.NewReader(s))); twice != want {
			t.Errorf("%q: %q, %v, want %v", s, key, twice, want)
		}
	})
}

// twiceByTokens walks one value.
func twiceByTokens(d *json.Decoder) (twice bool) {
	token, err := d.Token()
	if err != nil {
		return false
	}
	switch token {
	case json.Delim('{'):
		keys := map[any]bool{}
		for d.More() {
			k, _ := d.Token() // the text is valid
			twice = twice || keys[k]
			keys[k] = true
			twice = twiceByTokens(d) || twice
		}
		_, _ = d.Token()
	case json.Delim('['):
		for d.More() {
			twice = twiceByTokens(d) || twice
		}
		_, _ = d.Token()
	}
	return twice
}
