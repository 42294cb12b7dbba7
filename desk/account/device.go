package account

import (
	"context"
	"encoding/base64"
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

// From is from where somebody signs in.
type From struct {
	Address netip.Addr
	// Device is the cookie that SignedIn gave this browser; "" where it has none.
	Device string
	// Agent is what the browser calls itself, in short: "Firefox · Linux".
	Agent string
}

// DeviceFor is how long a browser stays known: as long as browsers keep a
// cookie (RFC 6265bis section 5.5).
const DeviceFor = 400 * 24 * time.Hour

// Bounds on the cookie: how many accounts one browser is known to, and bytes.
const (
	maxDevices   = 5
	maxDeviceLen = 1000
)

// A device token is user "." name "." issued "." signature: the name is 12
// random bytes, issued is in seconds since 1970, the signature HMAC-SHA256 of
// what is left of it. A cookie holds one for each account, the newest first,
// with "~" between. It lets nobody in: it says by whom a failure was made.

// deviceOf finds the name under which this browser is known to a user's
// account; "" where it is not.
func deviceOf(key []byte, u desk.User, cookie string, now time.Time) string {
	if u.ID == "" || len(cookie) > maxDeviceLen {
		return ""
	}
	for token := range strings.SplitSeq(cookie, "~") {
		part := strings.Split(token, ".")
		if len(part) != 4 || part[0] != u.ID {
			continue
		}
		sum, err := base64.RawURLEncoding.Strict().DecodeString(part[3])
		if err != nil || !same(string(sum), string(mac(key, strings.Join(part[:3], ".")))) {
			continue
		}
		issued, err := strconv.ParseInt(part[2], 10, 64)
		at := time.Unix(issued, 0)
		if err == nil && !at.Before(u.DevicesFrom.Truncate(time.Second)) && now.Sub(at) < DeviceFor {
			return part[1]
		}
	}
	return ""
}

// withDevice is a browser's cookie with a token for one account more, issued at
// a time. Where that makes all other browsers unknown, it is the same time.
func (a *Accounts) withDevice(key []byte, userID, cookie string, at time.Time) (string, error) {
	name, err := a.token(12)
	if err != nil {
		return "", err
	}
	left := userID + "." + name + "." + strconv.FormatInt(at.Unix(), 10)
	all := []string{left + "." + base64.RawURLEncoding.EncodeToString(mac(key, left))}
	if cookie != "" && len(cookie) <= maxDeviceLen {
		others := slices.DeleteFunc(strings.Split(cookie, "~"), func(t string) bool { return strings.HasPrefix(t, userID+".") })
		all = append(all, others...)
	}
	return strings.Join(all[:min(len(all), maxDevices)], "~"), nil
}

// knownTo is the name by which a browser is known to a user's account.
func (a *Accounts) knownTo(ctx context.Context, tx desk.Tx, u desk.User, from From) (string, error) {
	secret, err := a.linkSecret(ctx, tx, false)
	if errors.Is(err, work.ErrNotFound) {
		return "", nil // no cookie was ever signed
	}
	if err != nil {
		return "", err
	}
	return a.known(ctx, tx, mac(secret, "evenhand/device"), u, from.Device)
}

// known is the name of a known browser; one that failed too often in a row is
// known no more.
func (a *Accounts) known(ctx context.Context, tx desk.Tx, key []byte, u desk.User, cookie string) (string, error) {
	name := deviceOf(key, u, cookie, a.now())
	if name == "" {
		return "", nil
	}
	for _, count := range []string{"device/", "device-code/"} {
		f, err := tx.Attempt(ctx, count+name)
		if err != nil {
			return "", err
		}
		if f.N >= maxByDevice {
			return "", nil
		}
	}
	return name, nil
}

// MaskedAddress is an address without its last part: enough for its owner to
// tell home from elsewhere.
func MaskedAddress(a netip.Addr) string {
	a = a.Unmap()
	switch {
	case !a.IsValid() || a.IsUnspecified():
		return ""
	case a.Is4():
		b := a.As4()
		return strconv.Itoa(int(b[0])) + "." + strconv.Itoa(int(b[1])) + "." + strconv.Itoa(int(b[2])) + ".*"
	}
	p, err := a.WithZone("").Prefix(48)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(p.Addr().String(), "::") + ":*"
}
