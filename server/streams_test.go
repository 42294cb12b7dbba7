package server

import (
	"net/http"
	"net/netip"
	"testing"
	"time"
)

// TestStreamsAreBounded: by caller, by address, in all; the refusal says when
// to come back, HEAD says the same without opening one, and a stream that ends
// makes room.
func TestStreamsAreBounded(t *testing.T) {
	y := newYard(t, func(o *Options) {
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
		o.Limits = Limits{Streams: 6, StreamsPerAddress: 5, StreamsPerCaller: 2, RequestsPerAddress: 3}
	})
	const home, office = "198.51.100.1", "198.51.100.2"
	listen := func(who, from string, want int) *http.Response {
		t.Helper()
		res := y.send(who, "GET", "/v1/live", nil, "X-Forwarded-For", from, "Accept-Language", "zh-CN")
		if res == nil || res.StatusCode != want {
			t.Fatalf("%s from %s: %v, want %d", who, from, res, want)
		}
		if want != 200 && res.Header.Get("Retry-After") == "" {
			t.Errorf("%s is not told when to come back", who)
		}
		return res
	}
	first := listen("buyer", home, 200)
	listen("buyer", home, 200)
	if body := bodyOf(listen("buyer", office, 429)); !hasHan(body) {
		t.Errorf("refused in no Chinese: %s", body)
	}
	if res := y.send("buyer", "HEAD", "/v1/live", nil); res.StatusCode != 429 || res.Header.Get("Retry-After") == "" {
		t.Errorf("HEAD: %d", res.StatusCode)
	}
	listen("stranger", home, 200)
	listen("stranger", home, 200)
	listen("shop", home, 200)
	listen("shop", home, 429) // the address's sixth
	listen("shop", office, 200)
	listen("platform", office, 503) // the node's seventh
	if res := y.send("platform", "GET", "/v1/me", nil, "X-Forwarded-For", home); res.StatusCode != 200 {
		t.Errorf("streams count among an address's requests: %d", res.StatusCode)
	}
	_ = first.Body.Close()
	for end := time.Now().Add(bounded); ; time.Sleep(5 * time.Millisecond) {
		if res := y.send("buyer", "HEAD", "/v1/live", nil, "X-Forwarded-For", home); res.StatusCode == 200 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("a stream that ended makes no room")
		}
	}
	listen("platform", office, 200)
}
