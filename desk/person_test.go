package desk_test

import (
	"testing"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/policy"
)

// TestAccountAddressIsExportedAndErased: the address of a buyer's account is
// theirs; that of a shop whose number happens to be the same is not.
func TestAccountAddressIsExportedAndErased(t *testing.T) {
	w := newWorld(t, policy.Default())
	w.order(100)
	mine := desk.User{ID: "U1", Login: "li", Email: "li@example.com", Roles: []access.Role{access.RoleBuyer}, Party: "b1"}
	shops := desk.User{ID: "U2", Login: "shop", Email: "shop@example.com", Roles: []access.Role{access.RoleMerchant}, Party: "b1"}
	w.must(w.db.Write(w.ctx, func(tx desk.Tx) error {
		if err := tx.PutUser(w.ctx, mine); err != nil {
			return err
		}
		return tx.PutUser(w.ctx, shops)
	}))
	p, err := w.desk.Export(w.ctx, buyer, "b1")
	w.must(err)
	if len(p.Accounts) != 1 || p.Accounts[0].Email != mine.Email {
		t.Errorf("the accounts: %+v", p.Accounts)
	}
	w.must(w.desk.Erase(w.ctx, buyer, "b1"))
	w.must(w.db.Read(w.ctx, func(tx desk.Tx) error {
		for id, want := range map[string]string{"U1": "", "U2": shops.Email} {
			u, err := tx.User(w.ctx, id)
			if err != nil || u.Email != want {
				t.Errorf("%s has the address %q, want %q (%v)", id, u.Email, want, err)
			}
		}
		return nil
	}))
}
