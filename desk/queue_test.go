package desk_test

import (
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// contested files a claim with the given words and has the shop say no.
func (w *world) contested(fen int64, story string) *claim.Claim {
	w.t.Helper()
	f, err := w.desk.File(w.ctx, buyer, desk.Filing{OrderID: w.order(fen), Kind: claim.RefundOnly, Reason: claim.NotReceived, Story: story, Submit: true})
	w.must(err)
	if f.Claim.State == claim.InReview {
		return f.Claim
	}
	c, err := w.desk.Contest(w.ctx, shop, f.Claim.ID, f.Claim.Version, "It was handed over.")
	return w.is(c, err, claim.InReview)
}

// found puts findings on a piece of evidence of a claim, as screening does.
func (w *world) found(c *claim.Claim, id string, findings ...evidence.Finding) {
	w.t.Helper()
	it := evidence.Item{
		ID: id, ClaimID: c.ID, OrderID: c.OrderID, Party: "buyer", SHA256: "sha-" + id, ReceivedAt: w.now,
		Screening: &evidence.Screening{Findings: findings},
	}
	w.must(w.db.Write(w.ctx, func(tx desk.Tx) error { return tx.InsertEvidence(w.ctx, it) }))
}

func (w *world) queue(by access.Caller, f desk.QueueFilter) []desk.Queued {
	w.t.Helper()
	list, _, err := w.desk.Queue(w.ctx, by, f, work.Page{Limit: 50})
	w.must(err)
	return list
}

func TestQueueSaysWhatACaseIsAbout(t *testing.T) {
	w := newWorld(t, policy.Default())
	story := strings.Repeat("杯", 79) + "💔 and more"
	c := w.contested(20_000, story)
	w.found(c, "e1", evidence.Finding{Code: "trace.odd", Strength: evidence.Strong, Stance: evidence.For},
		evidence.Finding{Code: "reference.same_capture", Strength: evidence.Strong, Stance: evidence.Against})
	w.found(c, "e2", evidence.Finding{Code: "provenance.aigc_label", Strength: evidence.Weak, Stance: evidence.Against})
	list := w.queue(ann, desk.QueueFilter{})
	if len(list) != 1 {
		t.Fatalf("the queue has %d cases", len(list))
	}
	q := list[0]
	if q.Kind != claim.RefundOnly || q.Reason != claim.NotReceived || q.State != claim.InReview || q.ClaimAmount != (money.Money{Amount: 20_000, Currency: "CNY"}) {
		t.Errorf("the case is %+v", q)
	}
	if want := strings.Repeat("杯", 79) + "💔"; q.BuyerWords != want {
		t.Errorf("the buyer's words are %q", q.BuyerWords)
	}
	if q.Strongest == nil || *q.Strongest != (desk.StrongestFinding{Code: "reference.same_capture", Strength: evidence.Strong, Stance: evidence.Against}) {
		t.Errorf("the strongest finding is %+v", q.Strongest)
	}

	other := w.contested(21_000, "")
	w.found(other, "e3", evidence.Finding{Code: "video.frames", Strength: evidence.Note})
	if q := w.queue(ann, desk.QueueFilter{Prefix: other.ID, AmountMin: 21_000})[0]; q.Strongest != nil || q.BuyerWords != "" {
		t.Errorf("a note is no finding to choose by: %+v", q)
	}
	w.lease(ann, c.ID, desk.TaskDecide)
	if got := w.queue(ann, desk.QueueFilter{Mine: true}); len(got) != 1 || got[0].ClaimID != c.ID {
		t.Errorf("mine: %+v", got)
	}
	if sum, err := w.desk.QueueSummary(w.ctx, ann); err != nil || sum.Total != 2 || sum.Mine != 1 || sum.ByTask[desk.TaskDecide] != 2 || sum.Overdue != 0 {
		t.Errorf("the summary: %+v %v", sum, err)
	}
	if sum, _ := w.desk.QueueSummary(w.ctx, bob); sum.Total != 1 {
		t.Errorf("what somebody else holds is counted: %+v", sum)
	}
	w.later(30 * 24 * time.Hour)
	if got := w.queue(bob, desk.QueueFilter{Overdue: true}); len(got) != 2 {
		t.Errorf("%d are overdue after a month", len(got))
	}
	for _, by := range []access.Caller{opal, shop, buyer, platform, {}} {
		_, _, err := w.desk.Queue(w.ctx, by, desk.QueueFilter{}, work.Page{Limit: 1})
		if _, err2 := w.desk.QueueSummary(w.ctx, by); code(err) != text.CodeForbidden || code(err2) != text.CodeForbidden {
			t.Errorf("%s sees the queue: %v %v", by.ID, err, err2)
		}
	}
}

func TestContextOfACase(t *testing.T) {
	w := newWorld(t, policy.Default())
	w.must(w.desk.PutMerchant(w.ctx, platform, order.Merchant{ID: "m2", Name: "Other shop"}))
	first := w.contested(20_000, "first")
	w.found(first, "e1")
	silent := w.file(claim.RefundOnly, 22_000)
	w.later(10 * 24 * time.Hour) // the merchant says nothing to the second
	c := w.contested(21_000, "this")
	w.found(c, "e2", evidence.Finding{Code: evidence.ReuseSameCapture, Strength: evidence.Strong, Reference: "e1"},
		evidence.Finding{Code: evidence.ReuseSameCapture, Strength: evidence.Strong, Reference: "gone"})
	later := w.contested(23_000, "later")
	w.found(later, "e3")
	w.must(w.db.Write(w.ctx, func(tx desk.Tx) error {
		return tx.PutFingerprints(w.ctx, []desk.Fingerprint{{Evidence: "e3", SHA256: "sha-e2", ClaimID: later.ID}, {Evidence: "e2", SHA256: "sha-e2", ClaimID: c.ID}})
	}))

	x, err := w.desk.Context(w.ctx, ann, c.ID)
	w.must(err)
	if x.Buyer.Claims != 3 || x.Buyer.Orders != 4 || len(x.Buyer.Recent) != 3 || x.Merchant.Name != "Shop" || x.Merchant.RecentClaims != 3 {
		t.Errorf("the sides: %+v", x)
	}
	for _, r := range x.Buyer.Recent {
		if r.ID == c.ID {
			t.Error("the claim is among the others")
		}
	}
	if x.Merchant.AnsweredInTimeShare == nil || *x.Merchant.AnsweredInTimeShare != 0.75 {
		t.Errorf("three of four answered, the share is %v (the silent one is %s)", x.Merchant.AnsweredInTimeShare, w.get(silent.ID).State)
	}
	want := []desk.Shared{
		{ClaimID: later.ID, EvidenceID: "e3", OwnEvidenceID: "e2", Code: evidence.ReuseSameCapture, Strength: evidence.Conclusive, State: claim.InReview, SameBuyer: true},
		{ClaimID: first.ID, EvidenceID: "e1", OwnEvidenceID: "e2", Code: evidence.ReuseSameCapture, Strength: evidence.Strong, State: w.get(first.ID).State, SameBuyer: true},
	}
	if len(x.Sharing) != 2 || x.Sharing[0] != want[0] || x.Sharing[1] != want[1] {
		t.Errorf("sharing: %+v", x.Sharing)
	}
	if r := x.Route; r == nil || r.PolicyVersion == "" || r.Rule == "" || r.Action != claim.ActReview || r.Text.ZH == "" {
		t.Errorf("the route: %+v", r)
	}

	for _, by := range []access.Caller{shop, buyer, platform} {
		if _, err := w.desk.Context(w.ctx, by, c.ID); code(err) != text.CodeForbidden {
			t.Errorf("%s sees what is around a case: %v", by.ID, err)
		}
	}
	cousin := ann
	cousin.Conflicts = []string{"m1"}
	if _, err := w.desk.Context(w.ctx, cousin, c.ID); code(err) != text.CodeNotFound {
		t.Errorf("a conflicted reviewer: %v", err)
	}
	if _, err := w.desk.Context(w.ctx, ann, "none"); code(err) != text.CodeNotFound {
		t.Errorf("no such claim: %v", err)
	}
}

// TestSharingHidesASideOfTheReviewers: a claim of a shop that the reviewer has
// to do with stays unknown to them also as a neighbour of another.
func TestSharingHidesASideOfTheReviewers(t *testing.T) {
	w := newWorld(t, policy.Default())
	c := w.contested(20_000, "this")
	w.found(c, "e1")
	theirs := &claim.Claim{ID: "c-theirs", OrderID: "o-theirs", MerchantID: "m2", BuyerID: "b2", State: claim.InReview, Round: 1, OpenedAt: w.now}
	w.must(w.db.Write(w.ctx, func(tx desk.Tx) error { return tx.InsertClaim(w.ctx, theirs) }))
	w.found(theirs, "e2")
	w.must(w.db.Write(w.ctx, func(tx desk.Tx) error {
		return tx.PutFingerprints(w.ctx, []desk.Fingerprint{{Evidence: "e2", SHA256: "sha-e1", ClaimID: theirs.ID}})
	}))
	cousin := bob
	cousin.Conflicts = []string{"m2"}
	for by, want := range map[*access.Caller]int{&ann: 1, &cousin: 0} {
		x, err := w.desk.Context(w.ctx, *by, c.ID)
		w.must(err)
		if len(x.Sharing) != want {
			t.Errorf("with conflicts %v: %+v", by.Conflicts, x.Sharing)
		}
		if want == 1 && x.Sharing[0].SameBuyer {
			t.Error("another buyer is called the same")
		}
	}
}
