package server

import "testing"

// TestLinkLeadsToItsClaim: an address without its first slash would lie under /v1.
func TestLinkLeadsToItsClaim(t *testing.T) {
	m := newMarket(t)
	x := m.scene()
	for public, want := range map[string]string{"": "/claims/", "/desk": "/desk/claims/", "/desk/": "/desk/claims/"} {
		m.s.public.Path = public
		if got := m.s.within("claims", x.claim); got != want+x.claim {
			t.Errorf("under %q: %s", public, got)
		}
	}
	m.s.public.Path = ""
	res, _ := m.do("", "GET", "/v1/link?t="+m.link(x.claim, "buyer"), "")
	if res.StatusCode != 303 || res.Header.Get("Location") != "/claims/"+x.claim {
		t.Errorf("%d to %q", res.StatusCode, res.Header.Get("Location"))
	}
}
