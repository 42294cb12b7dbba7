package webhook

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"syscall"
)

// errAddress is a dial refused by the guard.
var errAddress = errors.New("the address is not a public one")

// closed lists what net/netip has no word for: networks that are never a
// customer's endpoint, and ways to write an IPv4 address inside an IPv6 one,
// behind which anything could hide (IANA special-purpose registries).
var closed = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", // the latter holds some clouds' metadata service
	"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"168.63.129.16/32", // a cloud's platform service, though numbered publicly
	"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
)

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// public says whether messages may go to the address.
func public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsValid() || !a.IsGlobalUnicast() || a.IsPrivate() {
		return false // also loopback, link-local, multicast, unspecified
	}
	for _, p := range closed {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// guard is a net.Dialer's Control: it sees the address that is really dialled,
// after the name was resolved, so that a name cannot change in between.
func guard(network, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" || !public(at.Addr()) {
		return fmt.Errorf("dialling: %w", errAddress)
	}
	return nil
}

// ErrURL is what CheckURL answers.
var ErrURL = errors.New("webhook URL must be https, with a host, and without user, password or fragment")

// CheckURL says whether messages could be sent to raw, as far as that can be
// told without resolving its name. Plain http is for AllowPrivate alone.
func (s *Sender) CheckURL(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || len(raw) > 2000 || u.Hostname() == "" || u.User != nil || u.Fragment != "" || u.Opaque != "" {
		return ErrURL
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !s.opts.AllowPrivate) {
		return ErrURL
	}
	if a, err := netip.ParseAddr(u.Hostname()); err == nil && !s.opts.AllowPrivate && !public(a) {
		return fmt.Errorf("webhook URL: %w", errAddress)
	}
	return nil
}
