package desk_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// readTwice are the usual rules with a second reading of every case.
func readTwice(t *testing.T) []byte {
	t.Helper()
	source := strings.Replace(string(policy.Default()), "second_reading: 5%", "second_reading: 100%", 1)
	if !strings.Contains(source, "second_reading: 100%\n") {
		t.Fatal("the usual rules say no second_reading: 5%")
	}
	return []byte(source)
}

// decidedWorld lives through one contested claim that ann decides, and what
// follows. Its randomness is the same each time, so that two of them differ by
// the outcome alone.
func decidedWorld(t *testing.T, outcome claim.Outcome) (*world, string) {
	t.Helper()
	w := newWorld(t, readTwice(t))
	w.desk = desk.New(desk.Options{Store: w.db, Blobs: w.db.Blobs(), Now: func() time.Time { w.now = w.now.Add(time.Millisecond); return w.now }, Random: rand.NewChaCha8([32]byte{1})})
	withdrawn := w.file(claim.RefundOnly, 300) // another claim in the lists
	_, err := w.desk.Withdraw(w.ctx, buyer, withdrawn.ID, 0)
	w.must(err)
	c := w.contested(20_000, "It is broken.")
	w.lease(ann, c.ID, desk.TaskDecide)
	r := desk.Ruling{Outcome: outcome, Reasons: []claim.ReasonCode{"not_shown"}, Text: "So it is."}
	if outcome != claim.Refused {
		amount := map[claim.Outcome]int64{claim.Granted: c.Ask.Amount, claim.Partly: 100}[outcome]
		r.Remedy, r.Reasons = claim.Remedy{Kind: c.Kind, Amount: money.Money{Amount: amount, Currency: "CNY"}}, []claim.ReasonCode{"return_first"}
		if outcome == claim.Granted {
			r.Reasons = []claim.ReasonCode{"damage_shown"}
		} else {
			r.Remedy.Kind = claim.PartialRefund
		}
	}
	_, err = w.desk.Decide(w.ctx, ann, c.ID, c.Version, r)
	w.must(err)
	at := w.now
	if outcome == claim.Granted {
		_, _ = w.desk.Fulfil(w.ctx, platform, c.ID, 0, 0) // what can follow, follows
	}
	w.now = at.Add(time.Minute)
	return w, c.ID
}

// allOf is everything that a caller can be shown of a claim, as one text. Where
// it is refused, the words of the refusal are part of it.
func (w *world) allOf(by access.Caller, id string) string {
	w.t.Helper()
	defer func(at time.Time) { w.now = at }(w.now) // counts ask for the time or not
	var all []any
	add := func(what string, v any, err error) {
		text := ""
		if err != nil {
			text = err.Error()
		}
		all = append(all, what, v, text)
	}
	case_, err := w.desk.Case(w.ctx, by, id)
	add("case", case_, err)
	events, err := w.desk.Events(w.ctx, by, id)
	add("events", events, err)
	told, err := w.desk.Explain(w.ctx, by, id)
	add("explanation", told, err)
	around, err := w.desk.Context(w.ctx, by, id)
	add("context", around, err)
	for _, asks := range []access.Caller{by, {}} {
		p, err := w.desk.Progress(w.ctx, asks, id)
		p.UpdatedAt = time.Time{}
		add("progress", p, err)
	}
	left, err := w.desk.Left(w.ctx, by, case_.Order.ID)
	add("left", left, err)
	filters := []desk.ClaimFilter{{}, {ByDue: true}, {ClosedOnly: true}, {Prefix: id[:8]}, {BuyerID: "b1"}, {MerchantID: "m1"}}
	for _, s := range claim.States {
		filters = append(filters, desk.ClaimFilter{States: []claim.State{s}})
	}
	for _, o := range []claim.Outcome{claim.Granted, claim.Partly, claim.Refused, claim.Settled, claim.Lapsed} {
		filters = append(filters, desk.ClaimFilter{Outcome: o})
	}
	for _, f := range filters {
		for p := (work.Page{Limit: 1}); ; {
			list, next, err := w.desk.Claims(w.ctx, by, f, p)
			add("claims", []any{list, next != ""}, err)
			if p.After = next; next == "" {
				break
			}
		}
	}
	queue, _, err := w.desk.Queue(w.ctx, by, desk.QueueFilter{}, work.Page{Limit: 50})
	add("queue", queue, err)
	sum, err := w.desk.QueueSummary(w.ctx, by)
	add("summary", sum, err)
	_, err = w.desk.Extend(w.ctx, by, id, 0, claim.ClockAppeal, w.now.Add(72*time.Hour), "x")
	add("extend", nil, err)
	_, err = w.desk.Decide(w.ctx, by, id, 0, desk.Ruling{Outcome: claim.Refused, Reasons: []claim.ReasonCode{"not_shown"}, Text: "x"})
	add("decide", nil, err)
	span := desk.Span{From: w.now.Add(-24 * time.Hour), To: w.now.Add(24 * time.Hour)}
	for _, shop := range []string{"", "m1"} {
		counts, err := w.desk.ClaimFigures(w.ctx, by, span, shop)
		counts.Counted = desk.Counted{}
		add("claim figures", counts, err)
		sums, err := w.desk.Figures(w.ctx, by, desk.ClaimFilter{MerchantID: shop})
		sums.At, sums.Agreement = time.Time{}, nil
		add("figures", sums, err)
	}
	detectors, err := w.desk.DetectorFigures(w.ctx, by, span)
	add("detectors", detectors.Items, err)
	people, err := w.desk.ReviewerFigures(w.ctx, by, span)
	add("reviewers", people.Items, err)
	others, _, err := w.desk.Claims(w.ctx, opal, desk.ClaimFilter{BuyerID: "b1"}, work.Page{Limit: 50})
	w.must(err)
	for _, c := range others {
		around, err := w.desk.Context(w.ctx, by, c.ID)
		add("context of another", around, err)
	}
	data, err := json.MarshalIndent(all, "", " ")
	w.must(err)
	return string(data)
}

// TestSecondReadersAreBlindEverywhere: until they have read it themselves, a
// reviewer is shown the same of a case that was granted, granted in part and
// refused, to the letter, before they take it and while they hold it.
func TestSecondReadersAreBlindEverywhere(t *testing.T) {
	shown := map[string]string{}
	for _, outcome := range []claim.Outcome{claim.Refused, claim.Granted, claim.Partly} {
		w, id := decidedWorld(t, outcome)
		for name, by := range map[string]access.Caller{"bob": bob, "eve, a senior": eve} {
			alike(t, shown, name+" before taking it", w.allOf(by, id))
		}
		for version := range int64(20) {
			if _, err := w.desk.AskVisit(w.ctx, bob, id, version); code(err) != text.CodeForbidden {
				t.Errorf("bob learns from version %d: %v", version, err)
			}
		}
		before := w.now
		w.lease(bob, id, desk.TaskReread)
		w.now = before.Add(time.Minute)
		alike(t, shown, "bob holding it", w.allOf(bob, id))
		for name, by := range map[string]access.Caller{"ann, who ruled": ann, "the operator": opal} {
			if all := w.allOf(by, id); !strings.Contains(all, `"outcome": "`+string(outcome)+`"`) {
				t.Errorf("%s does not see that it is %s", name, outcome)
			}
		}
		w.must(w.desk.Reread(w.ctx, bob, id, claim.Refused))
		for name, by := range map[string]access.Caller{"bob": bob, "eve": eve} {
			if all := w.allOf(by, id); !strings.Contains(all, `"outcome": "`+string(outcome)+`"`) {
				t.Errorf("%s does not see after the reading that it is %s", name, outcome)
			}
		}
	}
}

// alike compares with what was shown under the same name before.
func alike(t *testing.T, shown map[string]string, name, now string) {
	t.Helper()
	was, known := shown[name]
	if !known {
		shown[name] = now
		return
	}
	if was == now {
		return
	}
	a, b := strings.Split(was, "\n"), strings.Split(now, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Errorf("%s can tell outcomes apart: %q against %q, after %q", name, a[i], b[i], a[max(0, i-6):i])
			return
		}
	}
	t.Errorf("%s can tell outcomes apart by the length of what they see", name)
}

// TestAppealsAreNotReadBlind: who takes the appeal of a case sees how it was
// decided, and so can no longer read the first decision again.
func TestAppealsAreNotReadBlind(t *testing.T) {
	w, id := decidedWorld(t, claim.Refused)
	_, err := w.desk.Appeal(w.ctx, buyer, id, 0, "", "Look again.")
	w.must(err)
	w.lease(bob, id, desk.TaskReread)
	if _, err := w.desk.Lease(w.ctx, bob, id, desk.TaskDecide); code(err) != desk.CodeLease {
		t.Errorf("bob takes the appeal while reading blind: %v", err)
	}
	if k, err := w.desk.Case(w.ctx, eve, id); err != nil || !k.Blind {
		t.Errorf("eve is not blind before she takes the appeal: %v", err)
	}
	w.lease(eve, id, desk.TaskDecide)
	if k, err := w.desk.Case(w.ctx, eve, id); err != nil || k.Blind || len(k.Claim.Decisions) != 1 {
		t.Errorf("eve holds the appeal and sees %d decisions: %v", len(k.Claim.Decisions), err)
	}
	w.must(w.desk.Release(w.ctx, bob, id, 1, desk.TaskReread))
	if _, err := w.desk.Lease(w.ctx, eve, id, desk.TaskReread); code(err) != text.CodeForbidden {
		t.Errorf("eve reads blind what she has seen: %v", err)
	}
}

// ruledOnHalf has ann rule on a claim about one of an order's two mugs, and the
// buyer claim the other one afterwards.
func ruledOnHalf(t *testing.T, outcome claim.Outcome) (w *world, first, second string) {
	t.Helper()
	w = newWorld(t, readTwice(t))
	w.desk = desk.New(desk.Options{Store: w.db, Blobs: w.db.Blobs(), Now: func() time.Time { w.now = w.now.Add(time.Millisecond); return w.now }, Random: rand.NewChaCha8([32]byte{1})})
	w.sold("o", 400_00, [2]int64{200_00, 2})
	c, err := w.filing(desk.Filing{OrderID: "o", Units: map[string]int{"1": 1}})
	w.must(err)
	c = w.is(w.db2(w.desk.Contest(w.ctx, shop, c.ID, c.Version, "It was handed over.")), nil, claim.InReview)
	w.lease(ann, c.ID, desk.TaskDecide)
	r := desk.Ruling{Outcome: outcome, Reasons: []claim.ReasonCode{"not_shown"}, Text: "So it is."}
	if outcome == claim.Granted {
		r.Reasons, r.Remedy = []claim.ReasonCode{"missing_shown"}, claim.Remedy{Kind: c.Kind, Amount: c.Ask}
	}
	c, err = w.desk.Decide(w.ctx, ann, c.ID, c.Version, r)
	w.must(err)
	if c.Standing() == nil || c.Standing().Outcome != outcome {
		t.Fatalf("%+v", c.Decisions)
	}
	w.later(30 * 24 * time.Hour) // nobody appeals
	other, err := w.filing(desk.Filing{OrderID: "o", Units: map[string]int{"1": 1}})
	w.must(err)
	return w, c.ID, other.ID
}

// TestWhatIsLeftTellsNoOutcome: what a claim takes of its order says how it was
// decided, at the order and at another claim about it.
func TestWhatIsLeftTellsNoOutcome(t *testing.T) {
	shown := map[string]string{}
	left := func(w *world, by access.Caller, second string) string {
		all, err := w.desk.Left(w.ctx, by, "o")
		w.must(err)
		k, err := w.desk.Case(w.ctx, by, second)
		w.must(err)
		text, err := json.MarshalIndent([]any{all, k.Left}, "", " ")
		w.must(err)
		return string(text)
	}
	for _, outcome := range []claim.Outcome{claim.Refused, claim.Granted} {
		w, first, second := ruledOnHalf(t, outcome)
		alike(t, shown, "bob", left(w, bob, second))
		for _, by := range []access.Caller{ann, opal} {
			if all, err := w.desk.Left(w.ctx, by, "o"); err != nil || (all.Amount == all.Paid) != (outcome == claim.Refused) {
				t.Errorf("%s, who may know: %+v of %s, %v", by.ID, all, outcome, err)
			}
		}
		w.lease(bob, first, desk.TaskReread)
		w.must(w.desk.Reread(w.ctx, bob, first, outcome))
		if all, err := w.desk.Left(w.ctx, bob, "o"); err != nil || (all.Amount == all.Paid) != (outcome == claim.Refused) {
			t.Errorf("bob has read it again: %+v of %s, %v", all, outcome, err)
		}
	}
}

// TestAnAppealTellsNoOutcome: only who lost appeals, so that the round that
// follows, and what is said and shown in it, must not show either.
func TestAnAppealTellsNoOutcome(t *testing.T) {
	w, id := decidedWorld(t, claim.Refused)
	shown := map[string]string{}
	look := func(by access.Caller) string {
		k, err := w.desk.Case(w.ctx, by, id)
		w.must(err)
		around, err := w.desk.Context(w.ctx, by, id)
		w.must(err)
		text, err := json.MarshalIndent([]any{k, around}, "", " ")
		w.must(err)
		return string(text)
	}
	send := func(to string) {
		_, err := w.desk.AddEvidence(w.ctx, buyer, to, desk.Upload{Purpose: evidence.Whole, Medium: evidence.Photo, Data: strings.NewReader("\xff\xd8\xff\xe0 whole")})
		w.must(err)
	}
	send(w.file(claim.RefundOnly, 100).ID)
	alike(t, shown, "bob", look(bob))
	_, err := w.desk.Appeal(w.ctx, buyer, id, 0, "", "Look again.")
	w.must(err)
	send(id) // a picture that is found elsewhere too
	_, err = w.desk.AddEvidence(w.ctx, shop, id, desk.Upload{Purpose: evidence.Packing, Medium: evidence.Photo, Data: strings.NewReader("\xff\xd8\xff\xe0 packed")})
	w.must(err)
	alike(t, shown, "bob", look(bob))
	if !strings.Contains(look(opal), "Look again.") || strings.Contains(shown["bob"], `"round": 2`) {
		t.Error("the operator does not see the appeal, or bob sees its round")
	}
}
