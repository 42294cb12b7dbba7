package webhook

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/evenhand/evenhand/desk"
)

func TestPublic(t *testing.T) {
	tests := []struct {
		address string
		want    bool
	}{
		{"1.1.1.1", true},
		{"223.5.5.5", true},
		{"2606:4700:4700::1111", true},
		{"2400:3200::1", true},
		{"127.0.0.1", false},
		{"127.8.8.8", false},
		{"::1", false},
		{"0.0.0.0", false},
		{"0.1.2.3", false},
		{"::", false},
		{"10.1.2.3", false},
		{"172.16.0.1", false},
		{"192.168.1.1", false},
		{"169.254.169.254", false},
		{"100.100.100.200", false},
		{"168.63.129.16", false},
		{"fd00:ec2::254", false},
		{"fe80::1", false},
		{"fe80::1%eth0", false},
		{"224.0.0.1", false},
		{"255.255.255.255", false},
		{"240.0.0.1", false},
		{"198.18.0.1", false},
		{"::ffff:127.0.0.1", false},
		{"::ffff:169.254.169.254", false},
		{"::7f00:1", false},
		{"64:ff9b::7f00:1", false},
		{"2002:7f00:1::", false},
		{"2001::1", false},
		{"fec0::1", false},
	}
	for _, tt := range tests {
		if got := public(netip.MustParseAddr(tt.address)); got != tt.want {
			t.Errorf("%s: got %v", tt.address, got)
		}
	}
	if public(netip.Addr{}) {
		t.Error("no address is public")
	}
}

func TestCheckURL(t *testing.T) {
	closed, open := NewSender(Options{}), NewSender(Options{AllowPrivate: true})
	tests := []struct {
		url          string
		closed, open bool // accepted
	}{
		{"https://example.com/hooks?x=1", true, true},
		{"https://example.com:8443/", true, true},
		{"http://example.com/", false, true},
		{"https://127.0.0.1/", false, true},
		{"https://[::1]/", false, true},
		{"https://[fe80::1%25eth0]/", false, true},
		{"https://169.254.169.254/latest/meta-data", false, true},
		{"https://user:pass@example.com/", false, false},
		{"https://example.com/#x", false, false},
		{"https:///path", false, false},
		{"ftp://example.com/", false, false},
		{"file:///etc/passwd", false, false},
		{"javascript:alert(1)", false, false},
		{"://", false, false},
		{"", false, false},
	}
	for _, tt := range tests {
		if err := closed.CheckURL(tt.url); (err == nil) != tt.closed {
			t.Errorf("%s, closed: got %v", tt.url, err)
		}
		if err := open.CheckURL(tt.url); (err == nil) != tt.open {
			t.Errorf("%s, open: got %v", tt.url, err)
		}
	}
}

// TestGuardSeesWhatIsDialled: a name that resolves to the machine itself is
// refused when it is dialled, not by its looks.
func TestGuardSeesWhatIsDialled(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("reached") }))
	defer server.Close()
	sender := NewSender(Options{TLS: server.Client().Transport.(*http.Transport).TLSClientConfig})
	at := netip.MustParseAddrPort(server.Listener.Addr().String())
	for host, want := range map[string]string{"localhost": FailConnect, "127.0.0.1": FailAddress} {
		hook := desk.Webhook{ID: "W", Secret: vector.secret, URL: "https://" + netip.AddrPortFrom(at.Addr(), at.Port()).String()}
		if host == "localhost" {
			hook.URL = "https://localhost:" + server.URL[len("https://127.0.0.1:"):]
		}
		if got := sender.post(t.Context(), hook, "M", []byte("{}")); got.fail != want || got.status != 0 {
			t.Errorf("%s: got %+v", host, got)
		}
	}
	// A name that there is inside is told in the word for one that there is not.
	if got := sender.post(t.Context(), desk.Webhook{ID: "W", Secret: vector.secret, URL: "https://nope.invalid"}, "M", []byte("{}")); got.fail != FailConnect {
		t.Errorf("a name that is none: %+v", got)
	}
	// With the guard off, an unknown certificate still is refused.
	stranger := NewSender(Options{AllowPrivate: true})
	if got := stranger.post(t.Context(), desk.Webhook{ID: "W", Secret: vector.secret, URL: server.URL}, "M", []byte("{}")); got.fail != FailTLS {
		t.Errorf("got %+v", got)
	}
}
