package account

import (
	"encoding/base32"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account/breached"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
)

func TestOwnSessions(t *testing.T) {
	h := newHouse(t)
	u, other := h.person(t, "li"), h.person(t, "wang")
	var in []SignedIn
	for range 3 {
		s, err := h.SignIn(h.ctx, "li", good, "", home)
		if err != nil {
			t.Fatal(err)
		}
		in = append(in, s)
		h.at = h.at.Add(time.Minute)
	}
	theirs, err := h.SignIn(h.ctx, "wang", good, "", home)
	if err != nil {
		t.Fatal(err)
	}
	all, err := h.Sessions(h.ctx, u.ID)
	if err != nil || len(all) != 3 || all[0].Device != "Firefox · Linux" || all[0].Address != "192.0.2.*" || all[0].Public == all[1].Public {
		t.Fatalf("%+v %v", all, err)
	}
	wantCode(t, h.EndSession(h.ctx, other.ID, all[0].Public), text.CodeNotFound)
	if err := h.EndSession(h.ctx, u.ID, publicID(desk.Session{ID: digest(in[1].Token)})); err != nil {
		t.Fatal(err)
	}
	_, err = h.BySession(h.ctx, in[1].Token)
	wantCode(t, err, CodeSignedOut)
	if err := h.EndOthers(h.ctx, u.ID, in[0].Token); err != nil {
		t.Fatal(err)
	}
	for token, holds := range map[string]bool{in[0].Token: true, in[2].Token: false, theirs.Token: true} {
		if _, err := h.BySession(h.ctx, token); (err == nil) != holds {
			t.Errorf("holds %v: %v", holds, err)
		}
	}
	h.at = h.at.Add(5 * time.Hour)
	if all, err := h.Sessions(h.ctx, u.ID); err != nil || len(all) != 0 {
		t.Errorf("idle sessions: %+v %v", all, err)
	}
}

func TestMaskedAddress(t *testing.T) {
	for addr, want := range map[string]string{"192.0.2.77": "192.0.2.*", "::ffff:192.0.2.77": "192.0.2.*", "2001:db8:1:2:3:4:5:6": "2001:db8:1:*", "0.0.0.0": "", "fe80::1%eth0": "fe80:*"} {
		if got := MaskedAddress(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: %q, want %q", addr, got, want)
		}
	}
}

func TestConfirming(t *testing.T) {
	h := newHouse(t)
	u := h.person(t, "li")
	in, err := h.SignIn(h.ctx, "li", good, "", home)
	if err != nil {
		t.Fatal(err)
	}
	recent := func(want bool) {
		t.Helper()
		if p, err := h.BySession(h.ctx, in.Token); err != nil || p.Recent != want {
			t.Errorf("recent %v, want %v: %v", p.Recent, want, err)
		}
	}
	recent(true)
	h.at = h.at.Add(ConfirmedFor)
	recent(false)
	wantCode(t, h.Confirm(h.ctx, in.Token, Proof{Password: "wrong"}, home), CodeSignIn)
	wantCode(t, h.Confirm(h.ctx, in.Token, Proof{Code: "123456"}, home), CodeSecondFactor) // there is none
	recent(false)
	if err := h.Confirm(h.ctx, in.Token, Proof{Password: good}, home); err != nil {
		t.Fatal(err)
	}
	recent(true)
	e, err := h.EnrolTOTP(h.ctx, u.ID, good, home)
	if err != nil {
		t.Fatal(err)
	}
	secret, _ := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(e.Secret)
	if _, err := h.ConfirmTOTP(h.ctx, u.ID, code(secret, step(h.at)), home); err != nil {
		t.Fatal(err)
	}
	h.at = h.at.Add(ConfirmedFor)
	now := code(secret, step(h.at))
	if err := h.Confirm(h.ctx, in.Token, Proof{Code: now}, home); err != nil {
		t.Fatal(err)
	}
	recent(true)
	wantCode(t, h.Confirm(h.ctx, in.Token, Proof{Code: now}, home), CodeSecondFactor) // a code works once
	for range 300 {
		_ = h.Confirm(h.ctx, in.Token, Proof{Password: "wrong"}, home)
	}
	wantCode(t, h.Confirm(h.ctx, in.Token, Proof{Password: good}, home), CodeSlowDown)
}

// TestChangesAreTold goes through everything that changes a credential.
func TestChangesAreTold(t *testing.T) {
	h := newHouse(t)
	w := &wishes{Store: h.store, of: map[string]int{}}
	h.Accounts.store = w
	p := Profile{Login: "li", Email: "li@example.com", Roles: []access.Role{access.RoleOperator}}
	u, once, err := h.AddUser(h.ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var seen []string
	told := func(kinds ...string) {
		t.Helper()
		all, err := h.Alerts(h.ctx, u.ID)
		must(err)
		var got []string
		for _, n := range all[:len(all)-len(seen)] {
			got = append(got, n.Kind)
		}
		slices.Sort(got)
		if !slices.Equal(got, kinds) {
			t.Errorf("told %v, want %v", got, kinds)
		}
		for range got {
			seen = append(seen, "")
		}
		h.at = h.at.Add(time.Minute)
	}
	must(h.SetPasswordOnce(h.ctx, once, good))
	told() // the first password is no change
	in, err := h.SignIn(h.ctx, "li", good, "", home)
	must(err)
	told(AlertDevice)
	known := home
	known.Device = in.Device
	_, err = h.SignIn(h.ctx, "li", good, "", known)
	must(err)
	told()
	_, err = h.ChangePassword(h.ctx, u.ID, good, good+" 2", known)
	must(err)
	told(AlertPassword)
	e, err := h.EnrolTOTP(h.ctx, u.ID, good+" 2", known)
	must(err)
	secret, _ := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(e.Secret)
	_, err = h.ConfirmTOTP(h.ctx, u.ID, code(secret, step(h.at)), known)
	must(err)
	told(AlertFactorSet)
	must(h.ResetTOTP(h.ctx, u.ID))
	told(AlertFactorGone)
	_, _, err = h.IssueKey(h.ctx, access.Caller{ID: u.ID}, KeyWish{Name: "shop", Scopes: []string{access.ScopeAll}})
	must(err)
	told(AlertKey)
	once, err = h.OnceToken(h.ctx, u.ID)
	must(err)
	told(AlertLink)
	must(h.SetPasswordOnce(h.ctx, once, good+" 3"))
	told(AlertPassword)
	p.Email = "li@new.example.com"
	_, err = h.ChangeUser(h.ctx, u.ID, as(p))
	must(err)
	told(AlertEmail)

	letters := map[string]int{}
	for subject := range w.of {
		if !IsAlert(subject) {
			continue
		}
		_, to, address, due, err := h.AlertToMail(h.ctx, subject)
		if err != nil || !due || to.ID != u.ID {
			t.Errorf("%s: due %v, %v", subject, due, err)
		}
		letters[address]++
	}
	if letters["li@example.com"] != 8 || letters["li@new.example.com"] != 1 {
		t.Errorf("letters: %v", letters)
	}
	h.at = h.at.Add(alertStale + time.Hour)
	for subject := range w.of {
		if _, _, _, due, err := h.AlertToMail(h.ctx, subject); due || err != nil {
			t.Errorf("%s is still due: %v", subject, err)
		}
	}
}

// TestAKeysAlertTellsFromWhere: whose account was used must hear at which
// browser, as of everything else that they did themselves.
func TestAKeysAlertTellsFromWhere(t *testing.T) {
	h := newHouse(t)
	u := h.person(t, "li")
	if _, _, err := h.IssueKey(h.ctx, access.Caller{ID: u.ID}, KeyWish{Name: "shop", Scopes: []string{access.ScopeAll}, From: home}); err != nil {
		t.Fatal(err)
	}
	all, err := h.Alerts(h.ctx, u.ID)
	if err != nil || len(all) != 1 || all[0].Device != home.Agent || all[0].Address != MaskedAddress(home.Address) {
		t.Errorf("got %+v, %v", all, err)
	}
}

func TestGuessedPasswordsAreRefused(t *testing.T) {
	h := newHouse(t)
	if err := h.store.Write(h.ctx, func(tx desk.Tx) error {
		return tx.PutMerchant(h.ctx, order.Merchant{ID: "M77", Name: "Blue Harbour 蓝港旗舰店"})
	}); err != nil {
		t.Fatal(err)
	}
	u, once, err := h.AddUser(h.ctx, Profile{Login: "wang.li", Name: "Wang Li", Email: "sunflower@example.com", Roles: []access.Role{access.RoleMerchant}, Party: "M77"})
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{
		"123456789012", "password1234", "PASSWORD1234", "Password!2026", "p4ssw0rd!!!!", "passwordpassword", "drowssap1234", "ｐａｓｓｗｏｒｄ１２３４", "qwertyuiop123", "woaini1314520",
		"zxcvbnm123456", "1qaz2wsx3edc", "iloveyou iloveyou", "monkey123456", "a123456789a123456789", "123456789123456789", "dragondragon1",
		"blueharbour2026", "Blue Harbour 1!", "蓝港旗舰店2026!!!!!", "evenhand2026!", "wangli-wangli-1", "sunflower-2026!", "aaaaaaaaaaaaaa", "wang.li and more words",
	} {
		err := h.SetPasswordOnce(h.ctx, once, bad)
		if e, ok := text.AsRefusal(err); !ok || e.Field != "password" {
			t.Errorf("%q is taken: %v", bad, err)
		}
	}
	for _, fine := range []string{good, "correct horse battery staple", "harbour lights in november", "窗前明月光疑是地上霜举头望", "Tr0ub4dor&3-and-more", "xkq7-mm2p-vv9z", "evenhand opens at seven"} {
		once, err := h.OnceToken(h.ctx, u.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.SetPasswordOnce(h.ctx, once, fine); err != nil {
			t.Errorf("%q: %v", fine, err)
		}
	}
	if set, err := breached.Common(); err != nil || set.Len() < 200_000 {
		t.Errorf("the list is short: %v", err)
	}
}

// TestPasswordsAreNormalised: the same characters typed at another keyboard.
func TestPasswordsAreNormalised(t *testing.T) {
	h := newHouse(t)
	_, once, err := h.AddUser(h.ctx, Profile{Login: "li", Roles: []access.Role{access.RoleReviewer}})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.SetPasswordOnce(h.ctx, once, "ｃafe\u0301 am alten markt"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.SignIn(h.ctx, "li", "café am alten markt", "", home); err != nil {
		t.Error(err)
	}
	// A hash that was made before passwords were normalised.
	old, err := hashPassword(strings.NewReader(strings.Repeat("s", 16)), "cafe\u0301 am alten markt", h.opt.Hash)
	if err != nil {
		t.Fatal(err)
	}
	if ok, _, err := h.verify(h.ctx, old, "cafe\u0301 am alten markt", true); !ok || err != nil {
		t.Errorf("an old hash: %v %v", ok, err)
	}
}
