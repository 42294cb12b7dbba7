package account

import (
	"context"
	"slices"
	"testing"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
)

// TestConflictingRoles tries every pair of roles, on new accounts, on changes
// and on keys: only a senior reviewer is also a reviewer.
func TestConflictingRoles(t *testing.T) {
	h := newHouse(t)
	kept := h.person(t, "kept")
	for i, a := range access.Roles {
		for _, b := range access.Roles[:i] {
			for _, roles := range [][]access.Role{{a, b}, {b, a}} {
				fine := slices.Contains(roles, access.RoleReviewer) && slices.Contains(roles, access.RoleSenior)
				// A login that nobody may have: the conflict is told first.
				_, _, err := h.AddUser(h.ctx, Profile{Login: "!", Roles: roles, Party: "P1"})
				wantField(t, err, "login", "roles", fine)
				_, err = h.ChangeUser(h.ctx, kept.ID, as(Profile{Login: "!", Roles: roles, Party: "P1"}))
				wantField(t, err, "login", "roles", fine)
				_, _, err = h.IssueKey(h.ctx, access.Caller{ID: "x"}, KeyWish{Roles: roles, Party: "P1"})
				wantField(t, err, "name", "roles", fine)
			}
		}
	}
	if u, err := h.User(h.ctx, kept.ID); err != nil || !slices.Equal(u.Roles, []access.Role{access.RoleReviewer}) {
		t.Errorf("the account was changed: %v, %v", u.Roles, err)
	}
}

// wantField is that a refusal names the field that is wrong first.
func wantField(t *testing.T, err error, other, conflict string, fine bool) {
	t.Helper()
	want := conflict
	if fine {
		want = other
	}
	if e, ok := text.AsRefusal(err); !ok || e.Field != want {
		t.Errorf("got %v, want a refusal of %s", err, want)
	}
}

// TestTangledAccounts: accounts and keys from before conflicting roles were
// refused sign in still, and act in the part of their roles that harms nobody.
func TestTangledAccounts(t *testing.T) {
	tests := []struct{ roles, counts []access.Role }{
		{[]access.Role{access.RoleReviewer, access.RoleOperator}, []access.Role{access.RoleOperator}},
		{[]access.Role{access.RoleOperator, access.RoleSenior, access.RoleAuditor}, []access.Role{access.RoleOperator}},
		{[]access.Role{access.RoleMerchant, access.RoleOperator}, []access.Role{access.RoleMerchant}},
		{[]access.Role{access.RoleSenior, access.RoleBuyer}, []access.Role{access.RoleBuyer}},
		{[]access.Role{access.RoleAuditor, access.RoleReviewer, access.RoleSenior}, []access.Role{access.RoleReviewer, access.RoleSenior}},
		{[]access.Role{access.RoleAuditor, access.RoleIntegrator}, []access.Role{access.RoleIntegrator}},
		{[]access.Role{access.RoleReviewer, access.RoleSenior}, []access.Role{access.RoleReviewer, access.RoleSenior}},
	}
	for _, tt := range tests {
		h := newHouse(t)
		u := h.person(t, "old")
		if err := h.store.Write(h.ctx, func(tx desk.Tx) error {
			kept, err := tx.User(h.ctx, u.ID)
			kept.Roles = tt.roles
			if err != nil {
				return err
			}
			return tx.PutUser(h.ctx, kept)
		}); err != nil {
			t.Fatal(err)
		}
		in, err := h.SignIn(h.ctx, "old", good, "", home)
		if err != nil {
			t.Fatal(err)
		}
		p, err := h.BySession(h.ctx, in.Token)
		if err != nil || !slices.Equal(p.Caller.Roles, tt.counts) || p.Caller.Senior != slices.Contains(tt.counts, access.RoleSenior) {
			t.Errorf("%v acts as %v (senior %v), want %v: %v", tt.roles, p.Caller.Roles, p.Caller.Senior, tt.counts, err)
		}
		logins, _, err := h.Tangled(h.ctx)
		if tangled := len(tt.roles) != len(tt.counts); err != nil || tangled != slices.Equal(logins, []string{"old"}) {
			t.Errorf("%v: told of %v, %v", tt.roles, logins, err)
		}
	}
}

// TestThePasswordIsNoSecondFactor: the provider answers for the second factor of
// those whom it let in, and not of who comes with the same account's password.
func TestThePasswordIsNoSecondFactor(t *testing.T) {
	h := newHouse(t)
	h.opt.RequireTOTP = true
	u := h.person(t, "li@example.com")
	err := h.store.Write(h.ctx, func(tx desk.Tx) error {
		kept, err := tx.User(h.ctx, u.ID)
		if err != nil {
			return err
		}
		kept.OIDC = "https://id.example subject"
		return tx.PutUser(h.ctx, kept)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, provider := range []bool{false, true} {
		in, err := h.SignIn(h.ctx, "li@example.com", good, "", home)
		if provider {
			e := entry{userID: u.ID, from: home, how: "provider", provider: true}
			in, err = h.open(h.ctx, e, func(context.Context, desk.Tx, *desk.User) (bool, error) { return false, nil })
		}
		if err != nil {
			t.Fatal(err)
		}
		p, err := h.BySession(h.ctx, in.Token)
		if err != nil || p.NeedsTOTP == provider || (len(p.Caller.Roles) > 0) != provider {
			t.Errorf("let in by the provider: %v; needs a second factor: %v, roles %v, %v", provider, p.NeedsTOTP, p.Caller.Roles, err)
		}
	}
}
