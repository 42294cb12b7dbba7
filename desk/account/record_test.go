package account

import (
	"bytes"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/record"
)

// TestWhoLetWhomInIsOnRecord walks what an operator and a person do to an
// account, a key and links, and reads the chains that it leaves.
func TestWhoLetWhomInIsOnRecord(t *testing.T) {
	h := newHouse(t)
	chief := h.As(access.Caller{ID: "Uchief", Kind: access.CallerSession, Roles: []access.Role{access.RoleOperator}})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	u, once, err := chief.AddUser(h.ctx, Profile{Login: "wang.secret", Name: "Wang Secret", Roles: []access.Role{access.RoleReviewer}})
	must(err)
	must(h.SetPasswordOnce(h.ctx, once, good))
	_, err = chief.ChangeUser(h.ctx, u.ID, as(Profile{Login: "wang.secret", Roles: []access.Role{access.RoleReviewer, access.RoleSenior}}))
	must(err)
	_, err = chief.OnceToken(h.ctx, u.ID)
	must(err)
	must(chief.ResetTOTP(h.ctx, u.ID))
	_, err = h.ChangePassword(h.ctx, u.ID, good, good+" more", home)
	must(err)
	k, secret, err := chief.IssueKey(h.ctx, access.Caller{ID: "Uchief"}, KeyWish{Name: "secret shop", Scopes: []string{access.ScopeClaimsRead}})
	must(err)
	for range 2 { // the second time changes nothing
		_, err = chief.RevokeKey(h.ctx, k.ID)
		must(err)
	}
	c := &claim.Claim{ID: "C1", OrderID: "O1", MerchantID: "M1", BuyerID: "B1", Kind: claim.RefundOnly, Reason: claim.Damaged, State: claim.Draft, Round: 1, OpenedAt: h.at, Ask: money.Money{Amount: 1, Currency: "CNY"}}
	must(h.store.Write(h.ctx, func(tx desk.Tx) error { return tx.InsertClaim(h.ctx, c) }))
	token, _, err := h.IssueLink(h.ctx, "C1", access.RoleBuyer, time.Hour)
	must(err)
	must(chief.RevokeLinks(h.ctx, "C1"))

	wantChain(t, h, "user/"+u.ID, []string{kindUserAdded, kindPasswordSet, kindUserChanged, kindOnceIssued, kindTOTPReset, kindPasswordSet}, []string{"Uchief", u.ID, "Uchief", "Uchief", "Uchief", u.ID}, token, secret)
	wantChain(t, h, "key/"+k.ID, []string{kindKeyIssued, kindKeyRevoked}, []string{"Uchief", "Uchief"}, token, secret)
	wantChain(t, h, "link/C1", []string{kindLinkIssued, kindLinksRevoked}, []string{"accounts", "Uchief"}, token, secret)
}

func wantChain(t *testing.T, h *house, subject string, kinds, by []string, never ...string) {
	t.Helper()
	var events []record.Event
	if err := h.store.Read(h.ctx, func(tx desk.Tx) (err error) { events, err = tx.EventsOf(h.ctx, subject); return err }); err != nil {
		t.Fatal(err)
	}
	if len(events) != len(kinds) {
		t.Fatalf("%s has %d events, want %v", subject, len(events), kinds)
	}
	prev := ""
	for i, e := range events {
		seq := e.Seq
		e.Seq = 0
		if e.Kind != kinds[i] || e.By.ID != by[i] || e.No != int64(i+1) || e.Prev != prev || record.Hash(e) != e.Hash || seq == 0 {
			t.Errorf("%s, event %d: %+v", subject, i+1, e)
		}
		for _, secret := range append(never, "secret", good) {
			if bytes.Contains(e.Body, []byte(secret)) {
				t.Errorf("%s holds %q: %s", e.Kind, secret, e.Body)
			}
		}
		prev = e.Hash
	}
}
