package account

import (
	"encoding/base32"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/store"
)

// stranger is somebody at some address, without a cookie.
func stranger(n int) From {
	return From{Address: netip.AddrFrom4([4]byte{198, byte(18 + n>>16), byte(n >> 8), byte(n)})}
}

// tried says whether an attempt was made rather than put off.
func tried(t interface{ Fatalf(string, ...any) }, err error) bool {
	var slow *SlowDown
	if errors.As(err, &slow) {
		if slow.After <= 0 {
			t.Fatalf("put off for no time: %v", err)
		}
		return false
	}
	return true
}

// TestStrangersKeepNoKnownBrowserOut is the lock-out that was found: failures
// by strangers, from wherever and however many, made the owner wait.
func TestStrangersKeepNoKnownBrowserOut(t *testing.T) {
	h := newHouse(t)
	h.person(t, "li")
	first, err := h.SignIn(h.ctx, "li", good, "", home)
	if err != nil || first.Device == "" {
		t.Fatalf("no cookie: %v", err)
	}
	mine := home
	mine.Device = first.Device
	h.at = h.at.Add(10 * 24 * time.Hour)
	rapid.Check(t, func(t *rapid.T) {
		for range rapid.IntRange(1, 40).Draw(t, "guesses") {
			from := stranger(rapid.IntRange(0, 1<<20).Draw(t, "from"))
			if rapid.Bool().Draw(t, "next door") {
				from.Address = home.Address
			}
			from.Device = rapid.SampledFrom([]string{"", "x", first.Device + "x", strings.Replace(first.Device, ".", "..", 1), first.Device[:len(first.Device)-4]}).Draw(t, "forged")
			_, err := h.SignIn(h.ctx, "li", "a guess at random", "", from)
			if err == nil {
				t.Fatalf("a stranger is in")
			}
			h.at = h.at.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "seconds")) * time.Second)
		}
		in, err := h.SignIn(h.ctx, "li", good, "", mine)
		if err != nil {
			t.Fatalf("the owner's browser: %v", err)
		}
		if in.Device != "" {
			t.Fatalf("a known browser gets another cookie")
		}
	})
}

// TestGuesserIsBounded has strangers guess as fast as they are let, from a new
// address each time, and counts what comes through in a day.
func TestGuesserIsBounded(t *testing.T) {
	h := newHouse(t)
	h.person(t, "li")
	first, err := h.SignIn(h.ctx, "li", good, "", home)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	// day lets somebody try whenever the last wait is over.
	day := func(from func() From) (made int) {
		for end := h.at.Add(24 * time.Hour); h.at.Before(end); {
			_, err := h.SignIn(h.ctx, "li", "a guess at random", "", from())
			if tried(t, err) {
				made++
				continue
			}
			var slow *SlowDown
			errors.As(err, &slow)
			h.at = h.at.Add(slow.After)
		}
		return made
	}
	anywhere := func() From { n++; return stranger(n * 257) }
	if got := day(anywhere); got > 70 || got < 20 {
		t.Errorf("the first day: %d guesses by strangers, want 20 to 70", got)
	}
	if got := day(anywhere); got > 25 {
		t.Errorf("the second day: %d guesses by strangers, want at most 25", got)
	}
	_, _ = h.SignIn(h.ctx, "li", "a guess at random", "", anywhere())
	if _, err = h.SignIn(h.ctx, "li", good, "", home); tried(t, err) {
		t.Error("a browser without a cookie need not wait behind strangers who guess")
	}
	stolen := home
	stolen.Device = first.Device
	if got := day(func() From { return stolen }); got > 130 {
		t.Errorf("with a known browser's cookie: %d guesses a day, want at most 130", got)
	}
}

// TestOneAddressIsBounded has one address, and one network, try many names.
func TestOneAddressIsBounded(t *testing.T) {
	h := newHouse(t)
	for at, from := range map[string]func(int) From{
		"one address":       func(int) From { return stranger(1) },
		"one customer's v6": func(n int) From { return From{Address: netip.MustParseAddr(fmt.Sprintf("2001:db8:1:2::%x", n+1))} },
		"one network": func(n int) From {
			return From{Address: netip.AddrFrom4([4]byte{203, 0, 113, byte(n)})}
		},
	} {
		made := 0
		for n := range 600 {
			_, err := h.SignIn(h.ctx, fmt.Sprintf("made-up-%s-%d", at[:5], n), "a guess at random", "", from(n))
			if tried(t, err) {
				made++
			}
		}
		want := ruleAddress.free
		if at == "one network" {
			want = ruleNetwork.free
		}
		if made > want {
			t.Errorf("%s: %d attempts at once, want at most %d", at, made, want)
		}
	}
}

// TestCountsOutliveARestart opens the accounts anew, as another node does.
func TestCountsOutliveARestart(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	for restart := range 4 {
		a, err := New(db, Options{Now: func() time.Time { return at }, Hash: Cost{Memory: 64, Time: 1, Lanes: 1}})
		if err != nil {
			t.Fatal(err)
		}
		made := 0
		for range 30 {
			if _, err := a.SignIn(t.Context(), "nobody", "a guess at random", "", stranger(1)); tried(t, err) {
				made++
			}
		}
		if want := rulePair.free; restart == 0 && made != want || restart > 0 && made != 0 {
			t.Errorf("after %d restarts %d guesses came through", restart, made)
		}
	}
}

// TestTypingItWrongIsForgiven is the owner on a new browser.
func TestTypingItWrongIsForgiven(t *testing.T) {
	h := newHouse(t)
	u := h.person(t, "li")
	for range 30 { // days of four mistakes each must not add up
		for range 4 {
			_, err := h.SignIn(h.ctx, "li", "wrong", "", home)
			wantCode(t, err, CodeSignIn)
		}
		if _, err := h.SignIn(h.ctx, "li", good, "", home); err != nil {
			t.Fatal(err)
		}
		h.at = h.at.Add(8 * time.Hour)
	}
	near, _ := addressKeys(home.Address)
	for _, key := range []string{"account/" + u.ID, "address/" + near} {
		var f desk.Attempt
		if err := h.store.Read(h.ctx, func(tx desk.Tx) (err error) { f, err = tx.Attempt(h.ctx, key); return err }); err != nil || f.N != 0 {
			t.Errorf("%s: %+v %v", key, f, err)
		}
	}
}

// TestALinkLetsTheOwnerIn is the way in for somebody with a new browser whose
// account is being guessed at.
func TestALinkLetsTheOwnerIn(t *testing.T) {
	h := newHouse(t)
	u := h.person(t, "li")
	for n := range 60 {
		_, _ = h.SignIn(h.ctx, "li", "a guess at random", "", stranger(n*300))
		h.at = h.at.Add(20 * time.Minute)
	}
	token, err := h.OnceToken(h.ctx, u.ID)
	if err != nil {
		t.Fatal(err)
	}
	mine := home
	if mine.Device, err = h.SetPasswordFrom(h.ctx, token, good+" anew", mine); err != nil {
		t.Fatal(err)
	}
	if _, err := h.SignIn(h.ctx, "li", good+" anew", "", mine); err != nil {
		t.Errorf("after the link: %v", err)
	}
}

// TestANewPasswordMakesBrowsersUnknown: whoever had one signed in with a stolen
// password is a stranger again.
func TestANewPasswordMakesBrowsersUnknown(t *testing.T) {
	h := newHouse(t)
	u := h.person(t, "li")
	thief, err := h.SignIn(h.ctx, "li", good, "", stranger(1))
	if err != nil {
		t.Fatal(err)
	}
	h.at = h.at.Add(time.Minute)
	in, err := h.ChangePassword(h.ctx, u.ID, good, good+" anew", home)
	if err != nil {
		t.Fatal(err)
	}
	key, err := h.Secret(h.ctx, "device")
	if err != nil {
		t.Fatal(err)
	}
	if u, err = h.User(h.ctx, u.ID); err != nil {
		t.Fatal(err)
	}
	if deviceOf(key, u, thief.Device, h.at) != "" || deviceOf(key, u, in.Device, h.at) == "" {
		t.Error("the thief's browser is known, or the owner's is not")
	}
	if deviceOf(key, u, in.Device, h.at.Add(DeviceFor)) != "" {
		t.Error("a cookie lasts for ever")
	}
	other := h.person(t, "wang")
	if deviceOf(key, other, in.Device, h.at) != "" {
		t.Error("a browser known to one is known to all")
	}
	both, err := h.withDevice(key, other.ID, in.Device, h.at)
	if err != nil || deviceOf(key, other, both, h.at) == "" || deviceOf(key, u, both, h.at) == "" {
		t.Errorf("two people at one browser: %v", err)
	}
}

// TestANewPasswordEndsSessions: whoever is signed in elsewhere is so no longer,
// by a change as by a link; who changes it goes on in a new session.
func TestANewPasswordEndsSessions(t *testing.T) {
	h := newHouse(t)
	u := h.person(t, "li")
	in := func(password string) string {
		s, err := h.SignIn(h.ctx, "li", password, "", home)
		if err != nil {
			t.Fatal(err)
		}
		return s.Token
	}
	gone := func(what string, tokens ...string) {
		for _, token := range tokens {
			if _, err := h.BySession(h.ctx, token); err == nil {
				t.Errorf("%s: a session goes on", what)
			}
		}
	}
	first, second := in(good), in(good)
	now, err := h.ChangePassword(h.ctx, u.ID, good, good+" anew", home)
	if err != nil {
		t.Fatal(err)
	}
	gone("changed", first, second)
	if _, err := h.BySession(h.ctx, now.Token); err != nil {
		t.Errorf("who changed it is signed out: %v", err)
	}
	once, err := h.OnceToken(h.ctx, u.ID)
	if err == nil {
		err = h.SetPasswordOnce(h.ctx, once, good+" by a link")
	}
	if err != nil {
		t.Fatal(err)
	}
	gone("set by a link", now.Token)
}

// TestABrowserIsKnownSinceThePasswordIs: making all browsers unknown and this
// one known is one moment, however long what lies between takes.
func TestABrowserIsKnownSinceThePasswordIs(t *testing.T) {
	for name, set := range map[string]func(*house, desk.User) (string, error){
		"changed": func(h *house, u desk.User) (string, error) {
			in, err := h.ChangePassword(h.ctx, u.ID, good, good+" anew", home)
			return in.Device, err
		},
		"set by a link": func(h *house, u desk.User) (string, error) {
			once, err := h.OnceToken(h.ctx, u.ID)
			if err != nil {
				return "", err
			}
			return h.SetPasswordFrom(h.ctx, once, good+" anew", home)
		},
	} {
		h := newHouse(t)
		u := h.person(t, "li")
		h.tick = 700 * time.Millisecond
		device, err := set(h, u)
		if err != nil {
			t.Fatal(err)
		}
		key, err := h.Secret(h.ctx, "device")
		if err != nil {
			t.Fatal(err)
		}
		if u, err = h.User(h.ctx, u.ID); err != nil {
			t.Fatal(err)
		}
		if deviceOf(key, u, device, h.at) == "" {
			t.Errorf("a password is %s, and the browser at which that was done is a stranger's", name)
		}
	}
}

// TestCodesAreBounded is for who has the password and guesses the second factor.
func TestCodesAreBounded(t *testing.T) {
	h := newHouse(t)
	u := h.person(t, "li")
	e, err := h.EnrolTOTP(h.ctx, u.ID, good, home)
	if err != nil {
		t.Fatal(err)
	}
	secret, _ := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(e.Secret)
	if _, err := h.ConfirmTOTP(h.ctx, u.ID, code(secret, step(h.at)), home); err != nil {
		t.Fatal(err)
	}
	h.at = h.at.Add(time.Minute)
	in, err := h.SignIn(h.ctx, "li", good, "", home)
	if err != nil || in.Device != "" {
		t.Fatalf("a browser is known before the second factor: %v", err)
	}
	whole, err := h.SecondFactor(h.ctx, in.Token, code(secret, step(h.at)), home)
	if err != nil || whole.Device == "" {
		t.Fatal(err)
	}
	made := 0
	for end := h.at.Add(24 * time.Hour); h.at.Before(end); h.at = h.at.Add(5 * time.Minute) {
		in, err := h.SignIn(h.ctx, "li", good, "", stranger(made))
		if err != nil {
			continue
		}
		if _, err := h.SecondFactor(h.ctx, in.Token, "000000", stranger(made)); tried(t, err) {
			made++
		}
	}
	if made > 60 {
		t.Errorf("%d codes tried in a day", made)
	}
	mine := home
	mine.Device = whole.Device
	if in, err = h.SignIn(h.ctx, "li", good, "", mine); err != nil {
		t.Fatal(err)
	}
	if _, err := h.SecondFactor(h.ctx, in.Token, code(secret, step(h.at)), mine); err != nil {
		t.Errorf("strangers keep the owner from the second factor: %v", err)
	}
}

// TestStrangersQueue: a node hashes for known browsers whatever strangers send.
func TestStrangersQueue(t *testing.T) {
	l := newLanes()
	var leave []func()
	for {
		out, err := l.admit()
		if err != nil {
			wantCode(t, err, CodeSlowDown)
			break
		}
		leave = append(leave, out)
	}
	if len(leave) < maxQueue || len(leave) > maxQueue+cap(l.strangers) {
		t.Errorf("%d strangers wait", len(leave))
	}
	for range cap(l.strangers) {
		out, err := l.enter(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		defer out()
	}
	out, err := l.enter(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	out()
	for _, f := range leave {
		f()
	}
	if out, err := l.admit(); err != nil {
		t.Error(err)
	} else {
		out()
	}
}

func TestSignInsAreOnRecordWithoutAddresses(t *testing.T) {
	h := newHouse(t)
	u := h.person(t, "li")
	for _, password := range []string{"wrong", good} {
		_, _ = h.SignIn(h.ctx, "li", password, "", home)
	}
	h.at = h.at.Add(24 * time.Hour)
	_, _ = h.SignIn(h.ctx, "li", "wrong", "", home)
	_, _ = h.SignIn(h.ctx, "no-such-login", "wrong", "", home)
	var events []record.Event
	if err := h.store.Read(h.ctx, func(tx desk.Tx) (err error) { events, err = tx.EventsOf(h.ctx, "user/"+u.ID); return err }); err != nil {
		t.Fatal(err)
	}
	var kinds, bodies []string
	for _, e := range events[2:] {
		kinds, bodies = append(kinds, e.Kind), append(bodies, string(e.Body))
	}
	if !slices.Equal(kinds, []string{kindSignInFailed, kindSignedIn, kindSignInFailed}) {
		t.Fatalf("%v", kinds)
	}
	name := func(body string) string { _, s, _ := strings.Cut(body, `"address":"`); return s[:13] }
	if name(bodies[0]) != name(bodies[1]) || name(bodies[0]) == name(bodies[2]) || strings.Contains(strings.Join(bodies, ""), "192.0") {
		t.Errorf("pseudonyms: %v", bodies)
	}
	h.at = h.at.AddDate(0, 0, pseudonymDays+1)
	_, _ = h.SignIn(h.ctx, "li", "wrong", "", home)
	keys := map[string]string{}
	if err := h.store.Read(h.ctx, func(tx desk.Tx) error { _, err := setting(h.ctx, tx, pseudonymSetting, &keys); return err }); err != nil || len(keys) != 1 {
		t.Errorf("%d days' keys are kept after a month, %v", len(keys), err)
	}
}
