package server

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func TestCookiesOverTLS(t *testing.T) {
	h := newHouse(t)
	s, err := New(Options{Accounts: h.opt.Accounts, Store: h.opt.Store, PublicURL: "https://desk.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewTLSServer(s)
	defer srv.Close()
	res, err := srv.Client().Post(srv.URL+"/v1/session", "application/json", strings.NewReader(`{"login":"op","password":"`+good+`"}`))
	if err != nil || res.StatusCode != 200 || len(res.Cookies()) != 2 {
		t.Fatalf("%v, %v", res, err)
	}
	defer res.Body.Close()
	for i, name := range []string{"__Host-evenhand", "__Host-evenhand-device"} {
		c := res.Cookies()[i]
		if c.Name != name || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode || c.MaxAge <= 0 {
			t.Errorf("cookie %+v", c)
		}
	}
	if !strings.HasPrefix(res.Header.Get("Strict-Transport-Security"), "max-age=") {
		t.Error("no HSTS")
	}
	for name, want := range map[string]int{"__Host-evenhand": 200, "evenhand": 401} { // without the prefix a sister site may have set it
		r, _ := http.NewRequestWithContext(t.Context(), "GET", srv.URL+"/v1/me", nil)
		r.Header.Set("Cookie", name+"="+res.Cookies()[0].Value)
		got, err := srv.Client().Do(r)
		if err != nil || got.StatusCode != want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		_ = got.Body.Close()
	}
}

func TestWhoIsBehindAProxy(t *testing.T) {
	h := newHouse(t)
	h.opt.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, c := range []struct{ remote, forwarded, want string }{
		{"203.0.113.9:1", "", "203.0.113.9"},
		{"203.0.113.9:1", "198.51.100.1", "203.0.113.9"}, // no proxy of ours says so
		{"10.1.1.1:1", "198.51.100.1", "198.51.100.1"},
		{"10.1.1.1:1", "6.6.6.6, 198.51.100.1", "198.51.100.1"}, // the client's own line before the proxy's
		{"10.1.1.1:1", "6.6.6.6, 198.51.100.1, 10.2.2.2", "198.51.100.1"},
		{"[::ffff:10.1.1.1]:1", "198.51.100.1", "198.51.100.1"},
		{"10.1.1.1:1", "nonsense", "10.1.1.1"},
		{"10.1.1.1:1", "", "10.1.1.1"},
		{"[fd00::1]:1", "2001:db8::5", "2001:db8::5"},
		{"@", "1.1.1.1", "0.0.0.0"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := h.address(r).String(); got != c.want {
			t.Errorf("%s with %q: %s, want %s", c.remote, c.forwarded, got, c.want)
		}
	}
	if a, b := limitKey(netip.MustParseAddr("2001:db8::1")), limitKey(netip.MustParseAddr("2001:db8::2:2")); a != b {
		t.Error("one household has many addresses and many limits")
	}
}
