package desk_test

import (
	"testing"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/policy"
)

// TestAShopsNameLeavesItsConsent: a list of shops that tells names alone, read
// from a file as empty lists, takes nobody's consent back.
func TestAShopsNameLeavesItsConsent(t *testing.T) {
	w := newWorld(t, policy.Default())
	given := order.Consent{Kinds: []string{"return_refund"}, Categories: []string{"mugs"}, UpTo: cny(50_00)}
	w.must(w.desk.PutMerchant(w.ctx, platform, order.Merchant{ID: "m9", Name: "Nine", Consent: given}))
	empty := order.Consent{Kinds: []string{}, Reasons: []string{}, Categories: []string{}}
	kept, err := w.desk.KeepMerchant(w.ctx, platform, order.Merchant{ID: "m9", Name: "Nine & Sons", Consent: empty}, desk.Sync{})
	w.must(err)
	if kept.Seen.Name != "Nine & Sons" || len(kept.Seen.Consent.Kinds) != 1 || kept.Seen.Consent.UpTo != given.UpTo {
		t.Errorf("the consent is %+v", kept.Seen.Consent)
	}
	kept, err = w.desk.KeepMerchant(w.ctx, platform, order.Merchant{ID: "m9", Consent: empty}, desk.Sync{Clear: []string{"consent"}})
	w.must(err)
	if kept.Seen.Consent.Told() {
		t.Errorf("after it was taken back: %+v", kept.Seen.Consent)
	}
}
