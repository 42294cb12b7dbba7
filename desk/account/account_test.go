package account

import (
	"context"
	"encoding/base32"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/text"
)

const good = "four plain words here"

var home = From{Address: netip.MustParseAddr("192.0.2.7"), Agent: "Firefox · Linux"}

// house is an empty installation whose clock the test moves.
type house struct {
	*Accounts
	store desk.Store
	at    time.Time
	tick  time.Duration // by which the clock moves each time that it is read
	ctx   context.Context
}

func newHouse(t *testing.T) *house {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	h := &house{store: db, at: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), ctx: t.Context()}
	h.Accounts, err = New(db, Options{Now: func() time.Time { h.at = h.at.Add(h.tick); return h.at }, Hash: Cost{Memory: 64, Time: 1, Lanes: 1}})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) person(t *testing.T, login string) desk.User {
	t.Helper()
	u, once, err := h.AddUser(h.ctx, Profile{Login: login, Roles: []access.Role{access.RoleReviewer}})
	if err == nil {
		err = h.SetPasswordOnce(h.ctx, once, good)
	}
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func wantCode(t *testing.T, err error, code text.Code) {
	t.Helper()
	if e, ok := text.AsRefusal(err); !ok || e.Code != code {
		t.Errorf("got %v, want code %s", err, code)
	}
}

func TestSignInEndsTheSessionItCameWith(t *testing.T) {
	h := newHouse(t)
	h.person(t, "li")
	first, err := h.SignIn(h.ctx, "LI ", good, "", home)
	if err != nil {
		t.Fatal(err)
	}
	second, err := h.SignIn(h.ctx, "li", good, first.Token, home)
	if err != nil || second.Token == first.Token || second.CSRF == first.CSRF {
		t.Fatalf("a new session must be new: %v", err)
	}
	_, err = h.BySession(h.ctx, first.Token)
	wantCode(t, err, CodeSignedOut)
	p, err := h.BySession(h.ctx, second.Token)
	if err != nil || !p.Caller.Has(access.RoleReviewer) || !p.CheckCSRF(second.CSRF) || p.CheckCSRF(first.CSRF) || p.CheckCSRF("") {
		t.Errorf("session: %+v, %v", p.Caller, err)
	}
	if p.Session.ID == second.Token || strings.Contains(p.Session.ID, second.Token) {
		t.Error("the token itself is kept")
	}
	h.at = h.at.Add(4*time.Hour + time.Second)
	_, err = h.BySession(h.ctx, second.Token)
	wantCode(t, err, CodeSignedOut)
}

func TestSecondFactorWorksOnceAndRotates(t *testing.T) {
	h := newHouse(t)
	u := h.person(t, "li")
	e, err := h.EnrolTOTP(h.ctx, u.ID, good, home)
	if err != nil {
		t.Fatal(err)
	}
	secret, _ := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(e.Secret)
	now := func() string { return code(secret, step(h.at)) }
	spare, err := h.ConfirmTOTP(h.ctx, u.ID, now(), home)
	if err != nil || len(spare) != spareCodes {
		t.Fatal(err)
	}
	in, err := h.SignIn(h.ctx, "li", good, "", home)
	if err != nil || !in.Pending {
		t.Fatalf("pending %v, %v", in.Pending, err)
	}
	if p, err := h.BySession(h.ctx, in.Token); err != nil || p.Caller.Has(access.RoleReviewer) {
		t.Errorf("a pending session has roles: %v", err)
	}
	_, err = h.SecondFactor(h.ctx, in.Token, now(), home) // the code that confirmed
	wantCode(t, err, CodeSecondFactor)
	h.at = h.at.Add(totpStep * time.Second)
	full, err := h.SecondFactor(h.ctx, in.Token, now(), home)
	if err != nil || full.Pending || full.Token == in.Token {
		t.Fatalf("%+v, %v", full, err)
	}
	_, err = h.BySession(h.ctx, in.Token)
	wantCode(t, err, CodeSignedOut)
	for i := range 2 { // a spare code works once
		in, err := h.SignIn(h.ctx, "li", good, "", home)
		if err != nil {
			t.Fatal(err)
		}
		_, err = h.SecondFactor(h.ctx, in.Token, spare[0], home)
		if (err == nil) != (i == 0) {
			t.Errorf("spare code, time %d: %v", i+1, err)
		}
	}
}

// TestRFC6238 checks the vectors of RFC 6238 appendix B, last six digits.
func TestRFC6238(t *testing.T) {
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"} {
		if got := code([]byte("12345678901234567890"), at/totpStep); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
}

func TestKeys(t *testing.T) {
	h := newHouse(t)
	later := h.at.Add(time.Hour)
	k, secret, err := h.IssueKey(h.ctx, access.Caller{ID: "U1"}, KeyWish{Name: "shop", Scopes: []string{access.ScopeClaimsRead}, Expires: &later})
	if err != nil {
		t.Fatal(err)
	}
	c, err := h.ByKey(h.ctx, secret)
	if err != nil || !c.HasScope(access.ScopeClaimsRead) || c.HasScope(access.ScopeClaimsWrite) {
		t.Errorf("%+v, %v", c, err)
	}
	_, err = h.ByKey(h.ctx, secret[:len(secret)-1]+"!")
	wantCode(t, err, CodeSignedOut)
	_, err = h.ByKey(h.ctx, "ehk_"+k.ID+"_"+strings.Repeat("A", 43))
	wantCode(t, err, CodeSignedOut)
	h.at = later
	_, err = h.ByKey(h.ctx, secret)
	wantCode(t, err, CodeSignedOut)
	h.at = later.Add(-time.Minute)
	if _, err := h.RevokeKey(h.ctx, k.ID); err != nil {
		t.Fatal(err)
	}
	_, err = h.ByKey(h.ctx, secret)
	wantCode(t, err, CodeSignedOut)
	_, _, err = h.IssueKey(h.ctx, access.Caller{}, KeyWish{Name: "x", Scopes: []string{"*"}, Roles: []access.Role{access.RoleReviewer}})
	wantCode(t, err, text.CodeInvalid)
}

func TestLinks(t *testing.T) {
	h := newHouse(t)
	c := &claim.Claim{ID: "C1", OrderID: "O1", MerchantID: "M1", BuyerID: "B1", Kind: claim.RefundOnly, Reason: claim.Damaged, State: claim.Draft, Round: 1, OpenedAt: h.at, Ask: money.Money{Amount: 1, Currency: "CNY"}}
	if err := h.store.Write(h.ctx, func(tx desk.Tx) error { return tx.InsertClaim(h.ctx, c) }); err != nil {
		t.Fatal(err)
	}
	token, _, err := h.IssueLink(h.ctx, "C1", access.RoleBuyer, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	caller, _, err := h.ByLink(h.ctx, token)
	if err != nil || !desk.MayRead(caller, c) || desk.MayRead(caller, &claim.Claim{ID: "C2", BuyerID: "B1"}) {
		t.Errorf("%+v, %v", caller, err)
	}
	left, right, _ := strings.Cut(token, ".")
	forged, _ := Link{ClaimID: "C2", Party: "B2", Role: access.RoleBuyer, Expires: h.at.Add(time.Hour).Unix()}.sign([]byte("guess"))
	other, _, _ := strings.Cut(forged, ".")
	for _, bad := range []string{forged, other + "." + right, left + ".", left, "", "." + right} {
		_, _, err := h.ByLink(h.ctx, bad)
		wantCode(t, err, CodeExpired)
	}
	h.at = h.at.Add(time.Hour)
	_, _, err = h.ByLink(h.ctx, token)
	wantCode(t, err, CodeExpired)
	h.at = h.at.Add(-time.Minute)
	if err := h.RevokeLinks(h.ctx, "C1"); err != nil {
		t.Fatal(err)
	}
	_, _, err = h.ByLink(h.ctx, token)
	wantCode(t, err, CodeExpired)
}

func TestBootstrapPasswordWorksOnce(t *testing.T) {
	h := newHouse(t)
	login, password, made, err := h.Bootstrap(h.ctx)
	if err != nil || !made {
		t.Fatal(err)
	}
	in, err := h.SignIn(h.ctx, login, password, "", home)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := h.BySession(h.ctx, in.Token); err != nil || !p.NeedsPassword || p.Caller.Has(access.RoleOperator) {
		t.Errorf("%+v, %v", p, err)
	}
	_, err = h.SignIn(h.ctx, login, password, "", home)
	wantCode(t, err, CodeSignIn)
	full, err := h.ChangePassword(h.ctx, in.User.ID, "", good, home)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := h.BySession(h.ctx, full.Token); err != nil || !p.Caller.Has(access.RoleOperator) {
		t.Errorf("%v", err)
	}
	if _, _, made, err := h.Bootstrap(h.ctx); err != nil || made {
		t.Errorf("made again: %v, %v", made, err)
	}
	_, err = h.ChangeUser(h.ctx, in.User.ID, as(Profile{Login: "operator", Roles: []access.Role{access.RoleAuditor}}))
	wantCode(t, err, text.CodeIllegal)
}

func FuzzParseKey(f *testing.F) {
	f.Add("ehk_0123456789abcdef_" + strings.Repeat("A", 43))
	f.Fuzz(func(t *testing.T, s string) {
		if id, secret, ok := ParseKey(s); ok && "ehk_"+id+"_"+secret != s {
			t.Errorf("%q is read as %q and %q", s, id, secret)
		}
	})
}

func FuzzReadLink(f *testing.F) {
	key := []byte("a key of the test's own, 32 byte")
	l := Link{ClaimID: "C1", Party: "B1", Role: access.RoleBuyer, Expires: 1, Nonce: "n"}
	token, _ := l.sign(key)
	f.Add(token)
	f.Fuzz(func(t *testing.T, s string) {
		if got, ok := readLink(key, s); ok && (s != token || got != l) {
			t.Errorf("%q is taken for a link: %+v", s, got)
		}
	})
}

// as changes an account to p, whatever it was.
func as(p Profile) func(desk.User) Profile { return func(desk.User) Profile { return p } }
