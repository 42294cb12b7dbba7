package desk_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// accuser is a detector that finds one thing, with all that teaches evasion.
type accuser struct{}

func (accuser) Examine(context.Context, desk.Examination) (evidence.Screening, []desk.Fingerprint, error) {
	return evidence.Screening{Detectors: "accuser", Findings: []evidence.Finding{{
		Code: "reference.same_capture", Strength: evidence.Conclusive, FalseAlarm: 1e-6, Stance: evidence.Against,
		Regions: []evidence.Region{{X: 0.4375, Kind: "altered"}}, Measured: map[string]float64{"texture_agreement": 0.9},
	}}}, nil, nil
}

// TestEachSideSeesItsPart looks for what is not theirs in all that buyer,
// merchant and platform are shown of one case, and in its record.
func TestEachSideSeesItsPart(t *testing.T) {
	w := newWorld(t, policy.Default())
	w.desk = desk.New(desk.Options{Store: w.db, Blobs: w.db.Blobs(), Now: func() time.Time { w.now = w.now.Add(time.Millisecond); return w.now }, Examine: accuser{}})
	id, lat := w.order(20_000), 31.2304
	x, err := w.desk.Order(w.ctx, opal, id)
	w.must(err)
	x.Shipment = &order.Shipment{Carrier: "SF", Tracking: "SF-TRACK-1", City: "Shanghai", Lat: &lat, Lon: &lat}
	w.must(w.desk.PutOrder(w.ctx, platform, x))
	f, err := w.desk.File(w.ctx, buyer, desk.Filing{OrderID: id, Kind: claim.ReturnRefund, Reason: claim.Damaged, Story: "It is broken."})
	w.must(err)
	c := f.Claim.ID
	for _, r := range f.Missing {
		it, err := w.desk.AddEvidence(w.ctx, buyer, c, desk.Upload{Purpose: r.Purpose, Medium: evidence.Photo, Name: "kitchen.jpg", Data: strings.NewReader("\xff\xd8\xff\xe0" + string(r.Purpose))})
		w.must(err)
		w.must(w.desk.Screen(w.ctx, it.ID))
	}
	if _, err := w.desk.Submit(w.ctx, buyer, c, 0); err != nil {
		t.Fatal(err)
	}
	if w.get(c).State == claim.AskedShop {
		w.is(w.db2(w.desk.Contest(w.ctx, shop, c, 0, "No.")), nil, claim.InReview)
	}
	w.lease(ann, c, desk.TaskDecide)
	w.is(w.db2(w.desk.Decide(w.ctx, ann, c, 0, desk.Ruling{
		Outcome: claim.Refused, Reasons: []claim.ReasonCode{"not_shown"}, Text: "It is not to be seen.", Note: "Compare the corner.",
	})), nil, claim.Decided)
	rule := w.get(c).Routings[0].Rule

	shown := func(by access.Caller) string {
		t.Helper()
		whole, err := w.desk.Case(w.ctx, by, c)
		w.must(err)
		events, err := w.desk.Events(w.ctx, by, c)
		w.must(err)
		list, _, err := w.desk.Claims(w.ctx, by, desk.ClaimFilter{}, work.Page{Limit: 10})
		w.must(err)
		data, err := json.Marshal([]any{whole, events, list})
		w.must(err)
		return string(data)
	}
	// staff lists what sides never see, and theirs what one of them does not.
	staff := []string{"31.2304", "SF-TRACK-1", `"u-ann"`, "Compare the corner.", "texture_agreement", "0.4375", `"rule":"` + rule + `"`, `"body"`}
	theirs := map[string][]string{"buyer": {"reference.same_capture"}, "shop": {"kitchen.jpg"}}
	whole := shown(opal)
	for _, word := range slices.Concat([]string{"reference.same_capture", "kitchen.jpg"}, staff) {
		if !strings.Contains(whole, word) {
			t.Errorf("the operator does not see %s", word)
		}
	}
	for name, by := range map[string]access.Caller{"buyer": buyer, "shop": shop, "platform": platform} {
		got := shown(by)
		for _, word := range slices.Concat(staff, theirs[name]) {
			if strings.Contains(got, word) {
				t.Errorf("the %s sees %s", name, word)
			}
		}
	}
	if got := shown(shop); !strings.Contains(got, "reference.same_capture") || !strings.Contains(got, "It is not to be seen.") {
		t.Error("the shop does not see what was found, or not why it was decided")
	}
}

// TestErasureWaitsForTheClaim: while a claim is open its other side has a
// right to an answer; afterwards the words go, and the record stays whole.
func TestErasureWaitsForTheClaim(t *testing.T) {
	w := newWorld(t, policy.Default())
	w.must(w.desk.PutBuyer(w.ctx, platform, order.Buyer{ID: "b1", Name: "Li Lei", Phone: "13800000000"}))
	c := w.file(claim.RefundOnly, 20_000)
	if err := w.desk.Erase(w.ctx, buyer, "b1"); code(err) != text.CodeIllegal {
		t.Fatalf("erased while a claim is open: %v", err)
	}
	if _, err := w.desk.Withdraw(w.ctx, buyer, c.ID, 0); err != nil {
		t.Fatal(err)
	}
	for _, other := range []access.Caller{shop, ann, {ID: "x", Kind: access.CallerSession, Roles: []access.Role{access.RoleBuyer}, Party: "b2"}} {
		if err := w.desk.Erase(w.ctx, other, "b1"); code(err) != text.CodeNotFound {
			t.Errorf("%s erased somebody else: %v", other.ID, err)
		}
	}
	w.must(w.desk.Erase(w.ctx, buyer, "b1"))
	p, err := w.desk.Export(w.ctx, opal, "b1")
	w.must(err)
	data, err := json.Marshal(p)
	w.must(err)
	for _, word := range []string{"Li Lei", "13800000000", "It never came."} {
		if strings.Contains(string(data), word) {
			t.Errorf("%q is still there", word)
		}
	}
	w.chain(c.ID)
}

// TestListsTellNothingByTheirEnd: a page that is empty, or that is the last of
// what somebody may see, names none that follows.
func TestListsTellNothingByTheirEnd(t *testing.T) {
	w := newWorld(t, policy.Default())
	o := w.order(300)
	draft, err := w.desk.File(w.ctx, buyer, desk.Filing{OrderID: o, Kind: claim.RefundOnly, Reason: claim.Damaged, Story: "It is broken."})
	w.must(err)
	w.file(claim.RefundOnly, 300)
	cousin := bob
	cousin.Conflicts = []string{"m1"}
	if list, _, err := w.desk.Claims(w.ctx, buyer, desk.ClaimFilter{}, work.Page{Limit: 50}); err != nil || len(list) != 2 || draft.Claim.State != claim.Draft {
		t.Fatalf("the buyer has %d claims, %v", len(list), err)
	}
	tests := []struct {
		name string
		by   access.Caller
		f    desk.ClaimFilter
		want int
	}{
		{"a shop asks for drafts", shop, desk.ClaimFilter{States: []claim.State{claim.Draft}}, 0},
		{"a shop's claims", shop, desk.ClaimFilter{}, 1},
		{"a reviewer asks for drafts", bob, desk.ClaimFilter{States: []claim.State{claim.Draft}}, 0},
		{"a reviewer", bob, desk.ClaimFilter{}, 1},
		{"a conflicted reviewer", cousin, desk.ClaimFilter{}, 0},
		{"a conflicted reviewer asks for that shop", cousin, desk.ClaimFilter{MerchantID: "m1"}, 0},
	}
	for _, tt := range tests {
		list, next, err := w.desk.Claims(w.ctx, tt.by, tt.f, work.Page{Limit: 1})
		if err != nil || len(list) != tt.want || next != "" {
			t.Errorf("%s: %d claims, next %q, %v", tt.name, len(list), next, err)
		}
	}
	for _, f := range []desk.OrderFilter{{}, {MerchantID: "m1"}} {
		if list, next, err := w.desk.Orders(w.ctx, cousin, f, work.Page{Limit: 1}); err != nil || len(list) != 0 || next != "" {
			t.Errorf("orders of %+v for a conflicted reviewer: %d, next %q, %v", f, len(list), next, err)
		}
	}
}
