package desk_test

import (
	"context"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/text"
)

var refuseIt = desk.Ruling{Outcome: claim.Refused, Reasons: []claim.ReasonCode{"delivered_as_ordered"}, Text: "The carrier shows the hand-over."}

// bulk runs one call and answers the results by claim.
func (w *world) bulk(by access.Caller, b desk.Bulk) map[string]desk.BulkResult {
	w.t.Helper()
	list, err := w.desk.Bulk(w.ctx, by, b)
	w.must(err)
	if len(list) != len(b.ClaimIDs) {
		w.t.Fatalf("%d results for %d claims", len(list), len(b.ClaimIDs))
	}
	out := map[string]desk.BulkResult{}
	for i, r := range list {
		if r.ClaimID != b.ClaimIDs[i] {
			w.t.Fatalf("result %d is of %s", i, r.ClaimID)
		}
		out[r.ClaimID] = r
	}
	return out
}

func TestBulkGoesPastWhatIsRefused(t *testing.T) {
	w := newWorld(t, policy.Default())
	small, big, held := w.contested(20_000, "a"), w.contested(2_000_000, "b"), w.contested(20_000, "c")
	early := w.file(claim.RefundOnly, 20_000) // the merchant has not answered
	w.lease(bob, held.ID, desk.TaskDecide)
	b := desk.Bulk{ClaimIDs: []string{"none", held.ID, small.ID, early.ID, big.ID}, Action: desk.BulkDecide, Ruling: refuseIt, DryRun: true}
	before := w.get(small.ID)
	for _, dry := range []bool{true, true, false} {
		b.DryRun = dry
		got := w.bulk(ann, b)
		for id, want := range map[string]text.Code{"none": text.CodeNotFound, held.ID: desk.CodeLease, early.ID: text.CodeIllegal} {
			if code(got[id].Err) != want || got[id].Would != nil {
				t.Errorf("dry %v, %s: %v, want %s", dry, id, got[id].Err, want)
			}
		}
		if s := got[small.ID].Would; s == nil || s.State != claim.Decided || s.Outcome != claim.Refused || s.Proposal || s.Remedy != nil {
			t.Errorf("dry %v, the small one: %+v %v", dry, s, got[small.ID].Err)
		}
		if s := got[big.ID].Would; s == nil || s.State != claim.InReview || s.Outcome != claim.Refused || !s.Proposal {
			t.Errorf("dry %v, the big one: %+v %v", dry, s, got[big.ID].Err)
		}
		if dry {
			if c := w.get(small.ID); c.Version != before.Version || c.Head != before.Head || c.State != claim.InReview {
				t.Errorf("a dry run moved a claim to %s, version %d", c.State, c.Version)
			}
			if mine := w.queue(ann, desk.QueueFilter{Mine: true}); len(mine) != 0 {
				t.Errorf("a dry run leased %d", len(mine))
			}
		}
	}
	if c := w.get(small.ID); c.State != claim.Decided || c.Standing().By.ID != ann.ID {
		t.Errorf("after the real run: %s %+v", c.State, c.Standing())
	}

	confirm := desk.Bulk{ClaimIDs: []string{big.ID, small.ID}, Action: desk.BulkConfirm}
	if got := w.bulk(ann, confirm); code(got[big.ID].Err) != text.CodeForbidden || code(got[small.ID].Err) != text.CodeIllegal {
		t.Errorf("one's own proposal, and one that is none: %v, %v", got[big.ID].Err, got[small.ID].Err)
	}
	if got := w.bulk(bob, confirm); got[big.ID].Err != nil || got[big.ID].Would.State != claim.Decided || got[big.ID].Would.Proposal {
		t.Errorf("confirmed by another: %+v", got[big.ID])
	}
}

func TestBulkAsks(t *testing.T) {
	w := newWorld(t, policy.Default())
	a, b := w.contested(20_000, "a"), w.contested(20_000, "b")
	q := text.Text{EN: "Which courier?", ZH: "是哪家快递？"}
	got := w.bulk(ann, desk.Bulk{ClaimIDs: []string{a.ID, a.ID}, Action: desk.BulkAsk, To: claim.Buyer, Question: q})
	if code(got[a.ID].Err) != text.CodeInvalid || w.get(a.ID).State != claim.AskedBuy {
		t.Errorf("named twice: %v, the claim is %s", got[a.ID].Err, w.get(a.ID).State)
	}
	if got := w.bulk(ann, desk.Bulk{ClaimIDs: []string{b.ID}, Action: desk.BulkAskVisit})[b.ID]; got.Err != nil || got.Would.State != claim.Visiting || got.Would.Outcome != "" {
		t.Errorf("a visit: %+v", got)
	}
}

func TestBulkRefusesWhatMakesNoSense(t *testing.T) {
	w := newWorld(t, policy.Default())
	c := w.contested(20_000, "a")
	one := []string{c.ID}
	for name, tt := range map[string]struct {
		by   access.Caller
		b    desk.Bulk
		want text.Code
	}{
		"nobody":         {access.Caller{}, desk.Bulk{ClaimIDs: one, Action: desk.BulkConfirm}, text.CodeForbidden},
		"a shop":         {shop, desk.Bulk{ClaimIDs: one, Action: desk.BulkConfirm}, text.CodeForbidden},
		"none":           {ann, desk.Bulk{Action: desk.BulkConfirm}, text.CodeInvalid},
		"too many":       {ann, desk.Bulk{ClaimIDs: make([]string, desk.MaxBulk+1), Action: desk.BulkConfirm}, text.CodeInvalid},
		"no action":      {ann, desk.Bulk{ClaimIDs: one}, text.CodeInvalid},
		"asks nobody":    {ann, desk.Bulk{ClaimIDs: one, Action: desk.BulkAsk, Question: text.Text{EN: "x"}}, text.CodeInvalid},
		"asks nothing":   {ann, desk.Bulk{ClaimIDs: one, Action: desk.BulkAsk, To: claim.Buyer}, text.CodeInvalid},
		"too many words": {ann, desk.Bulk{ClaimIDs: one, Action: desk.BulkDecide, Ruling: desk.Ruling{Text: strings.Repeat("x", 5000)}}, text.CodeInvalid},
	} {
		if _, err := w.desk.Bulk(w.ctx, tt.by, tt.b); code(err) != tt.want {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
	gone, cancel := context.WithCancel(w.ctx)
	cancel()
	if _, err := w.desk.Bulk(gone, ann, desk.Bulk{ClaimIDs: one, Action: desk.BulkDecide, Ruling: refuseIt}); err == nil || w.get(c.ID).State != claim.InReview {
		t.Errorf("a caller who has gone: %v, the claim is %s", err, w.get(c.ID).State)
	}
}

func TestProgressTellsNothingPersonal(t *testing.T) {
	w := newWorld(t, policy.Default())
	draft, err := w.desk.File(w.ctx, buyer, desk.Filing{OrderID: w.order(100), Kind: claim.RefundOnly, Reason: claim.NotReceived, Story: "x"})
	w.must(err)
	for _, id := range []string{draft.Claim.ID, "none", ""} {
		if _, err := w.desk.Progress(w.ctx, access.Caller{}, id); code(err) != text.CodeNotFound {
			t.Errorf("the progress of %q: %v", id, err)
		}
	}
	c := w.contested(2_000_000, "secret words")
	w.lease(ann, c.ID, desk.TaskDecide)
	_, err = w.desk.Decide(w.ctx, ann, c.ID, c.Version, refuseIt)
	w.must(err)
	p, err := w.desk.Progress(w.ctx, access.Caller{}, c.ID)
	w.must(err)
	var codes []string
	for i, s := range p.Steps {
		codes = append(codes, string(s.Code))
		if i > 0 && s.At.Before(p.Steps[i-1].At) {
			t.Error("the steps are not in their order")
		}
	}
	if got := strings.Join(codes, " "); got != "submitted merchant_asked contested sent_to_review" || p.State != claim.InReview || p.Outcome != "" || len(p.Clocks) != 1 || p.Clocks[0].Kind != claim.ClockReview {
		t.Errorf("a proposal is nobody's but the reviewers': %s, %+v", got, p)
	}
	if last := p.Steps[len(p.Steps)-1].At; !p.UpdatedAt.Equal(last) || p.UpdatedAt.Before(p.OpenedAt) {
		t.Errorf("updated at %v, the last step at %v", p.UpdatedAt, last)
	}
	w.lease(bob, c.ID, desk.TaskConfirm)
	_, err = w.desk.Confirm(w.ctx, bob, c.ID, w.get(c.ID).Version)
	w.must(err)
	if p, _ := w.desk.Progress(w.ctx, access.Caller{}, c.ID); p.Outcome != claim.Refused || p.State != claim.Decided {
		t.Errorf("after the decision: %+v", p)
	}
}

func TestSavedViews(t *testing.T) {
	w := newWorld(t, policy.Default())
	save := func(by access.Caller, place, name, query string) (desk.SavedView, error) {
		return w.desk.SaveView(w.ctx, by, desk.SavedView{Place: place, Name: name, Query: query})
	}
	for name, v := range map[string][3]string{
		"place": {"x", "a", ""}, "no name": {"review", " ", ""}, "long name": {"review", strings.Repeat("名", 41), ""}, "odd name": {"review", "a\nb", ""},
		"long query": {"review", "a", strings.Repeat("x", 501)}, "odd query": {"review", "a", "%zz"},
	} {
		if _, err := save(ann, v[0], v[1], v[2]); code(err) != text.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	first, err := save(ann, "review", strings.Repeat("名", 40), "?overdue=true")
	w.must(err)
	if first.Query != "overdue=true" || first.ID == "" {
		t.Errorf("kept as %+v", first)
	}
	for i := range desk.MaxViews - 1 {
		_, err := save(ann, "claims", strings.Repeat("x", i+1), "")
		w.must(err)
	}
	if _, err := save(ann, "shop", "one more", ""); code(err) != text.CodeTooLarge {
		t.Errorf("view 31: %v", err)
	}
	again, err := save(ann, "review", first.Name, "mine=true")
	if w.must(err); again.ID != first.ID {
		t.Error("a view of the same name is another one")
	}
	if list, _ := w.desk.Views(w.ctx, bob); len(list) != 0 {
		t.Errorf("bob sees %d views", len(list))
	}
	if err := w.desk.DeleteView(w.ctx, bob, first.ID); code(err) != text.CodeNotFound {
		t.Errorf("bob removes ann's: %v", err)
	}
	w.must(w.desk.DeleteView(w.ctx, ann, first.ID))
	if list, _ := w.desk.Views(w.ctx, ann); len(list) != desk.MaxViews-1 {
		t.Errorf("%d views remain", len(list))
	}
	if _, err := save(platform, "review", "a", ""); code(err) != text.CodeForbidden {
		t.Errorf("a key keeps a view: %v", err)
	}
}
