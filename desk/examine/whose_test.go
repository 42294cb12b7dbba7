package examine

import (
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/samples"
)

// examineFor is examine for evidence that somebody else carried to the desk.
func (r *room) examineFor(t *testing.T, buyer string, it evidence.Item) evidence.Screening {
	t.Helper()
	s, _, err := r.x.Examine(t.Context(), desk.Examination{Item: it, BuyerID: buyer, OrderedAt: received.Add(-72 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestWhosePhoto: the buyers of the claims are compared, whoever carried the
// files. A platform's one key files for all of its buyers; one buyer comes by a
// link and signed in.
func TestWhosePhoto(t *testing.T) {
	r := newRoom(t, "-")
	product := samples.Products()[0].Name
	photo := photograph(t, samples.Claim(product, 1, 0, samples.Damage{}))
	near := encode(t, crop(photo, 0.88, 0.88, 0.9))
	const key = "key_platform"
	for id, lines := range map[string][]string{"C1": {"1"}, "C5": {"1", "2"}, "C6": {"2"}} {
		c := &claim.Claim{ID: id, OrderID: "O1", LineIDs: lines, BuyerID: "B1", MerchantID: "M", State: claim.Draft, Round: 1, OpenedAt: received}
		if err := r.db.Write(t.Context(), func(tx desk.Tx) error { return tx.InsertClaim(t.Context(), c) }); err != nil {
			t.Fatal(err)
		}
	}
	first := r.file(t, evidence.Item{ID: "E1", ClaimID: "C1", OrderID: "O1", Party: "buyer", By: key}, encode(t, photo))
	if s := r.examineFor(t, "B1", first); find(s, evidence.ReuseSameCapture) != nil {
		t.Fatalf("the first: %+v", s.Findings)
	}
	for _, tt := range []struct {
		name, buyer, by, claim, order, party string
		data                                 []byte
		strength                             evidence.Strength
		en, zh                               string
	}{
		{"another buyer through the same key, the file", "B2", key, "C2", "O2", "buyer", encode(t, photo), evidence.Conclusive, "in another buyer's claim", "另一位买家的"},
		{"another buyer through the same key, nearly", "B3", key, "C3", "O3", "buyer", near, evidence.Conclusive, "in another buyer's claim", "另一位买家的"},
		{"the same buyer by a link, another order", "B1", "link_7", "C4", "O4", "buyer", encode(t, photo), evidence.Conclusive, "of this buyer, about another order", "该买家针对另一笔订单"},
		{"the same buyer signed in, another order, nearly", "B1", "user_1", "C7", "O7", "buyer", near, evidence.Conclusive, "of this buyer, about another order", "该买家针对另一笔订单"},
		{"the same goods again", "B1", "user_1", "C5", "O1", "buyer", encode(t, photo), evidence.Note, "the same goods of the same order. Filing", "同一商品提交的另一份"},
		{"other goods of the order", "B1", key, "C6", "O1", "buyer", encode(t, photo), evidence.Note, "other goods of the same order", "同一笔订单中其他商品"},
	} {
		it := r.file(t, evidence.Item{ID: "E-" + tt.claim, ClaimID: tt.claim, OrderID: tt.order, Party: tt.party, By: tt.by}, tt.data)
		s := r.examineFor(t, tt.buyer, it)
		told := false
		for _, f := range s.Findings {
			told = told || f.Code == evidence.ReuseSameCapture && f.Strength == tt.strength && strings.Contains(f.Text.EN, tt.en) && strings.Contains(f.Text.ZH, tt.zh) && (f.Strength != evidence.Note || f.Stance == evidence.Neutral)
		}
		if !told {
			t.Errorf("%s: %+v", tt.name, s.Findings)
		}
	}
}

// TestShopsAnswerFiledAgain: what the shop sent in about one claim comes back
// as the buyer's own about another on the same order.
func TestShopsAnswerFiledAgain(t *testing.T) {
	r := newRoom(t, "-")
	data := encode(t, photograph(t, samples.Listing(samples.Products()[1].Name, 4)))
	shop := r.file(t, evidence.Item{ID: "S", ClaimID: "C1", OrderID: "O1", Party: "merchant", By: "key_platform"}, data)
	r.examineFor(t, "B1", shop)
	it := r.file(t, evidence.Item{ID: "E", ClaimID: "C2", OrderID: "O1", Party: "buyer", By: "key_platform"}, data)
	f := find(r.examineFor(t, "B1", it), evidence.ReuseSameCapture)
	if f == nil || f.Stance != evidence.Against || !strings.Contains(f.Text.EN, "by the shop, in another claim") || !strings.Contains(f.Text.ZH, "商家就同一笔订单") {
		t.Errorf("%+v", f)
	}
}

// TestReuseHasWords: every relation is worded in both languages, at every strength.
func TestReuseHasWords(t *testing.T) {
	for rel := range relations {
		for _, s := range []evidence.Strength{evidence.Conclusive, evidence.Strong, evidence.Weak} {
			if got := reuseText(rel, false, s); !strings.Contains(got.EN, places[rel].EN) || !strings.Contains(got.ZH, places[rel].ZH) || places[rel].EN == "" || places[rel].ZH == "" {
				t.Errorf("%d %s: %+v", rel, s, got)
			}
		}
	}
}
