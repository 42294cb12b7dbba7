package storetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/work"
)

const aDay = 24 * time.Hour

// reviewer is a person who rules.
var reviewer = access.Actor{ID: "r-1", Role: access.RoleReviewer}

// ended is a claim that was closed an hour after it was submitted; by rules
// unless it is nobody.
func ended(id, shop string, at time.Time, o claim.Outcome, by access.Actor, paid int64, codes ...claim.ReasonCode) *claim.Claim {
	c := aClaim(id)
	closed := at.Add(time.Hour)
	c.MerchantID, c.OpenedAt, c.SubmittedAt, c.State, c.ClosedAt, c.Closing = shop, at, &at, claim.Closed, &closed, claim.ClosedDecided
	c.Decisions = []claim.Decision{{Round: 1, Outcome: o, Reasons: codes, By: by, At: closed}}
	if paid > 0 {
		c.Remedy = &claim.Remedy{Kind: claim.RefundOnly, Amount: money.Money{Amount: paid, Currency: "CNY"}, State: claim.RemedyOrdered}
	}
	return c
}

// laid are eight claims of two days and two shops, each ended differently.
func laid(t *testing.T, db *store.DB) (from time.Time) {
	t.Helper()
	from = t0.Truncate(aDay)
	draft := aClaim("draft")
	draft.State, draft.SubmittedAt = claim.Draft, nil
	open := aClaim("open")
	open.State, open.Reason = claim.Decided, claim.Quality
	open.Decisions = []claim.Decision{{Outcome: claim.Granted, By: reviewer}} // an appeal is possible yet
	euro := ended("euro", "m-2", t0, claim.Partly, reviewer, 0, "partial_loss")
	euro.Ask = money.Money{Amount: 500, Currency: "EUR"}
	euro.Remedy = &claim.Remedy{Kind: claim.PartialRefund, Amount: money.Money{Amount: 200, Currency: "EUR"}, State: claim.RemedyDone}
	back := ended("back", "m-2", t0, claim.Refused, reviewer, 0)
	back.Closing = claim.ClosedWithdrawn
	back.Remedy = &claim.Remedy{Kind: claim.RefundOnly, Amount: money.Money{Amount: 9, Currency: "CNY"}, State: claim.RemedyRevoked}
	insert(t, db, draft, open, euro, back,
		ended("granted", "m-1", t0.Add(aDay), claim.Granted, reviewer, 1999, "damage_shown"),
		ended("refused", "m-1", t0, claim.Refused, reviewer, 0, "not_shown"),
		ended("settled", "m-2", t0, claim.Settled, access.Machine("router"), 1999, "standing_consent"),
		ended("before", "m-2", from.Add(-time.Microsecond), claim.Settled, access.Machine("router"), 1, "standing_consent"),
		ended("after", "m-2", from.Add(2*aDay), claim.Lapsed, access.Machine("router"), 0, "buyer_silent"),
	)
	return from
}

func testCounts(t *testing.T, db *store.DB) {
	ctx := t.Context()
	from := laid(t, db)
	all := desk.CountFilter{From: from, To: from.Add(2 * aDay)}
	shop := all
	shop.MerchantID = "m-1"
	days := func(f desk.CountFilter) []desk.DayCount {
		return one(t, db, func(tx desk.Tx) ([]desk.DayCount, error) { return tx.CountDays(ctx, f) })
	}
	// "before" was closed within the span, though it was submitted before it.
	want := []desk.DayCount{{Day: from, Opened: 5, Closed: 5}, {Day: from.Add(aDay), Opened: 1, Closed: 1}}
	if got := days(all); !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	want[0].Opened, want[0].Closed = 2, 1
	if got := days(shop); !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	outcomes := func(f desk.CountFilter) []desk.OutcomeCount {
		return one(t, db, func(tx desk.Tx) ([]desk.OutcomeCount, error) { return tx.CountOutcomes(ctx, f) })
	}
	wantEnds := []desk.OutcomeCount{
		{Reason: claim.Damaged, Outcome: claim.Granted, Currency: "CNY", Claims: 1, Claimed: 1999, Paid: 1999},
		{Reason: claim.Damaged, Outcome: claim.Partly, Currency: "EUR", Claims: 1, Claimed: 500, Paid: 200},
		{Reason: claim.Damaged, Outcome: claim.Refused, Currency: "CNY", Claims: 1, Claimed: 1999},
		{Reason: claim.Damaged, Outcome: claim.Settled, Currency: "CNY", Claims: 1, Claimed: 1999, Paid: 1999},
		{Reason: claim.Damaged, Outcome: desk.Withdrawn, Currency: "CNY", Claims: 1, Claimed: 1999},
		{Reason: claim.Quality, Currency: "CNY", Claims: 1, Claimed: 1999},
	}
	if got := outcomes(all); !cmp.Equal(got, wantEnds) {
		t.Error(cmp.Diff(wantEnds, got))
	}
	if got := outcomes(shop); len(got) != 3 {
		t.Errorf("one shop's outcomes: %+v", got)
	}
	if got := outcomes(desk.CountFilter{From: from}); len(got) != 7 { // open end: the lapsed one as well
		t.Errorf("outcomes without an end: %+v", got)
	}
	merchants := one(t, db, func(tx desk.Tx) ([]desk.MerchantCount, error) { return tx.CountMerchants(ctx, all, 20) })
	wantShops := []desk.MerchantCount{{MerchantID: "m-1", Claims: 3, Granted: 1, Refused: 1}, {MerchantID: "m-2", Claims: 3, Partly: 1, Settled: 1}}
	if !cmp.Equal(merchants, wantShops) {
		t.Error(cmp.Diff(wantShops, merchants))
	}
	if got := one(t, db, func(tx desk.Tx) ([]desk.MerchantCount, error) { return tx.CountMerchants(ctx, all, 1) }); len(got) != 1 {
		t.Errorf("the first merchant: %+v", got)
	}
}

// screen adds an item with findings to a claim.
func screen(t *testing.T, db *store.DB, id, claimID string, findings ...evidence.Finding) {
	t.Helper()
	write(t, db, func(tx desk.Tx) error {
		if err := tx.InsertEvidence(t.Context(), evidence.Item{ID: id, ClaimID: claimID, OrderID: "o-1", ReceivedAt: t0}); err != nil {
			return err
		}
		return tx.SetScreening(t.Context(), id, evidence.Screening{Detectors: "d", At: t0, Findings: findings})
	})
}

func testFindingCounts(t *testing.T, db *store.DB) {
	ctx := t.Context()
	copied := evidence.Finding{Code: evidence.ReferenceSameCapture, Strength: evidence.Conclusive, Stance: evidence.Against, FalseAlarm: 1e-9}
	camera := evidence.Finding{Code: evidence.ProvenanceC2PACamera, Strength: evidence.Weak, Stance: evidence.For}
	looser := copied
	looser.FalseAlarm = 1e-6
	draft := aClaim("c-1")
	draft.State, draft.SubmittedAt = claim.Draft, nil
	insert(t, db, draft)
	screen(t, db, "e-1", "c-1", copied, looser, camera)
	screen(t, db, "e-2", "c-1", copied)
	all := desk.CountFilter{From: t0.Truncate(aDay), To: t0.Truncate(aDay).Add(aDay)}
	count := func(f desk.CountFilter) (out []string) {
		list := one(t, db, func(tx desk.Tx) ([]desk.FindingCount, error) { return tx.CountFindings(ctx, f) })
		for _, n := range list {
			out = append(out, fmt.Sprint(n.Code, " ", n.Strength, " ", n.Stance, " ", n.Verdict, " ", n.Claims, " ", n.Findings, " ", n.Bound > 0))
		}
		return out
	}
	is := func(what string, f desk.CountFilter, want ...string) {
		t.Helper()
		if got := count(f); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", what, got, want)
		}
	}
	is("a draft", all)
	is("a draft, without a beginning", desk.CountFilter{})
	screen(t, db, "e-w", "c-1", copied, camera)
	write(t, db, func(tx desk.Tx) error { return tx.WithdrawEvidence(ctx, "e-w", t0) }) // counts for nothing below
	at := t0
	draft.State, draft.SubmittedAt, draft.Stage = claim.Screening, &at, claim.StageFiled
	write(t, db, func(tx desk.Tx) error { return tx.UpdateClaim(ctx, draft) })
	is("submitted", all, "provenance.c2pa_camera weak for open 1 1 false", "reference.same_capture conclusive against open 1 3 true")
	is("another shop's", desk.CountFilter{From: all.From, MerchantID: "m-9"})

	end := func(o claim.Outcome, by access.Actor, cited ...claim.FindingRef) {
		t.Helper()
		draft.State, draft.Closing, draft.ClosedAt = claim.Closed, claim.ClosedDecided, &at
		draft.Decisions = []claim.Decision{{Outcome: o, By: by, Findings: cited}}
		write(t, db, func(tx desk.Tx) error { return tx.UpdateClaim(ctx, draft) })
	}
	named := claim.FindingRef{Evidence: "e-1", Code: copied.Code}
	verdicts := func(what, forBuyer, against string) {
		t.Helper()
		is(what, all, "provenance.c2pa_camera weak for "+forBuyer+" 1 1 false", "reference.same_capture conclusive against "+against+" 1 3 true")
	}
	end(claim.Refused, reviewer, named)
	verdicts("refused on it", "overturned", "upheld")
	end(claim.Refused, reviewer)
	verdicts("refused for another reason", "overturned", "undecided")
	end(claim.Granted, reviewer, claim.FindingRef{Evidence: "e-1", Code: camera.Code})
	verdicts("granted on the camera's word", "upheld", "overturned")
	end(claim.Partly, reviewer, named)
	verdicts("partly, naming it", "undecided", "undecided")
	end(claim.Partly, reviewer)
	verdicts("partly", "undecided", "overturned")
	end(claim.Settled, access.Machine("router"), named)
	verdicts("settled", "undecided", "undecided")
	end(claim.Granted, reviewer)
	screen(t, db, "e-3", "c-1", copied)
	is("screened after the end", all, "provenance.c2pa_camera weak for undecided 1 1 false", "reference.same_capture conclusive against overturned 1 4 true")
	if got := one(t, db, func(tx desk.Tx) ([]desk.FindingCount, error) { return tx.CountFindings(ctx, all) }); got[1].Bound < 0.9e-9 || got[1].Bound > 1.1e-9 {
		t.Errorf("the bound is %g", got[1].Bound)
	}
}

func testShopCounts(t *testing.T, db *store.DB) {
	ctx := t.Context()
	late := time.Date(2026, 10, 31, 17, 0, 0, 0, time.UTC) // November in China
	silent := ended("silent", "m-1", late, claim.Settled, access.Machine("router"), 1999, "merchant_silent")
	silent.Heard = &claim.Hearing{How: claim.HeardSilence}
	insert(t, db, silent, ended("both", "m-1", late, claim.Refused, reviewer, 0, "not_shown", "packing_shows_intact"), ended("other", "m-2", late, claim.Refused, reviewer, 0))
	for i, took := range []time.Duration{time.Hour, 2 * time.Hour, 5 * time.Hour} {
		c := ended(fmt.Sprint("answered-", i), "m-1", late.Add(time.Hour), claim.Granted, reviewer, 1, "damage_shown")
		c.Asked = []claim.Question{{To: claim.Buyer, At: late}, {To: claim.Merchant, At: late}, {To: claim.Merchant, At: late.Add(time.Hour)}}
		c.Answers = []claim.Answer{{Kind: claim.Contests, At: late.Add(took)}}
		c.Heard = &claim.Hearing{How: claim.HeardAnswer}
		insert(t, db, c)
	}
	f := desk.CountFilter{From: late.Add(-aDay), To: late.Add(aDay), MerchantID: "m-1"}
	months := func(offset time.Duration) map[string]int {
		out := map[string]int{}
		for _, n := range one(t, db, func(tx desk.Tx) ([]desk.ShopCount, error) { return tx.CountShop(ctx, f, offset) }) {
			out[fmt.Sprint(n.Month.Format("2006-01"), n.Outcome, n.Codes, n.Heard)] += n.Claims
		}
		return out
	}
	want := map[string]int{"2026-10settled[merchant_silent]window_ran_out": 1, "2026-10refused[not_shown packing_shows_intact]": 1, "2026-10granted[damage_shown]answered": 3}
	if got := months(0); !maps.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	if got := months(8 * time.Hour); got["2026-11granted[damage_shown]answered"] != 3 {
		t.Errorf("months in China: %v", got)
	}
	answers := func(want int, median time.Duration) {
		t.Helper()
		read(t, db, func(tx desk.Tx) error {
			n, m, err := tx.AnswerTimes(ctx, f)
			if n != want || m != median {
				t.Errorf("%d answers in %v, want %d in %v", n, m, want, median)
			}
			return err
		})
	}
	answers(3, 2*time.Hour)
	c := ended("quick", "m-1", late, claim.Granted, reviewer, 1)
	c.Asked, c.Answers = []claim.Question{{To: claim.Merchant, At: late}}, []claim.Answer{{At: late}}
	insert(t, db, c)
	answers(4, 90*time.Minute)
	f.MerchantID = "m-2"
	answers(0, 0)
}

func testHandlings(t *testing.T, db *store.DB) {
	ctx := t.Context()
	put := func(id string, act desk.Act, by string, at time.Time, took time.Duration) {
		t.Helper()
		h := desk.Handling{ClaimID: id, Round: 1, Act: act, By: by, At: at}
		if took > 0 {
			h.TakenAt = at.Add(-took)
		}
		write(t, db, func(tx desk.Tx) error { return tx.PutHandling(ctx, h) })
	}
	put("c-1", desk.ActDecide, "r-1", t0, 2*time.Minute)
	put("c-1", desk.ActDecide, "r-1", t0.Add(time.Hour), time.Hour) // a job that ran twice
	put("c-2", desk.ActDecide, "r-1", t0, 6*time.Minute)
	put("c-3", desk.ActDecide, "r-1", t0, 0) // since when is not known
	put("c-1", desk.ActConfirm, "r-2", t0, time.Minute)
	put("c-2", desk.ActReturn, "r-2", t0, 3*time.Minute)
	put("c-3", desk.ActReturn, "r-2", t0, 5*time.Minute)
	put("c-9", desk.ActDecide, "r-3", t0.Add(-time.Microsecond), 0)
	put("c-9", desk.ActDecide, "r-4", t0.Add(time.Hour), 0)
	write(t, db, func(tx desk.Tx) error { return tx.Overturn(ctx, "c-2", 1, "r-1") })
	write(t, db, func(tx desk.Tx) error { return tx.Overturn(ctx, "c-2", 2, "r-1") }) // there is none
	want := []desk.HandlingCount{
		{By: "r-1", Decided: 3, Overturned: 1, Median: 4 * time.Minute},
		{By: "r-2", Confirmed: 1, Returned: 2, Median: 3 * time.Minute},
	}
	got := one(t, db, func(tx desk.Tx) ([]desk.HandlingCount, error) {
		return tx.CountHandlings(ctx, t0, t0.Add(time.Hour), false)
	})
	if !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	write(t, db, func(tx desk.Tx) error {
		err := tx.PutReview(ctx, desk.Review{ClaimID: "c", Round: 1, Task: desk.TaskDecide, Due: t0})
		if err == nil {
			_, err = tx.LeaseReview(ctx, "c", 1, desk.TaskDecide, "r-1", t0, t0.Add(time.Hour))
		}
		return err
	})
	for at, want := range map[time.Time]int{t0: 1, t0.Add(time.Hour): 0} {
		if got := one(t, db, func(tx desk.Tx) (map[string]int, error) { return tx.Holding(ctx, at) }); got["r-1"] != want {
			t.Errorf("held at %v: %v", at, got)
		}
	}
}

func testAudit(t *testing.T, db *store.DB) {
	ctx := t.Context()
	add := func(n int, subject, kind, by string, at time.Time) {
		t.Helper()
		write(t, db, func(tx desk.Tx) error {
			return tx.AppendEvent(ctx, &record.Event{ID: fmt.Sprint("e-", n), Subject: subject, No: int64(n), Kind: kind, At: at, By: access.Actor{ID: by, Role: access.RoleOperator}, Body: []byte(`{"n":1}`)})
		})
	}
	for i := range 9 {
		add(i, "claim/c-1", "claim.decided", "r-1", t0.Add(time.Duration(i/3)*time.Minute)) // three share a time
	}
	add(10, "policy/p-1", "policy.drafted", "u-1", t0)
	add(11, "policy/p-2", "policy.active", "u-1", t0.Add(time.Hour))
	add(12, "policyholder/x", "policyholder.added", "u-2", t0)
	find := func(f desk.AuditFilter) string {
		var ids []string
		for _, e := range pages(t, db, 2, func(tx desk.Tx, p work.Page) ([]record.Event, string, error) { return tx.Audit(ctx, f, p) }) {
			ids = append(ids, e.ID[2:])
		}
		return fmt.Sprint(ids)
	}
	for what, x := range map[string]struct {
		f    desk.AuditFilter
		want string
	}{
		"all":           {desk.AuditFilter{}, "[11 8 7 6 5 4 3 12 10 2 1 0]"},
		"one's":         {desk.AuditFilter{By: "u-1"}, "[11 10]"},
		"a kind":        {desk.AuditFilter{Kind: "policy.active"}, "[11]"},
		"a stream":      {desk.AuditFilter{Stream: "claim/c-1", From: t0.Add(2 * time.Minute)}, "[8 7 6]"},
		"policies":      {desk.AuditFilter{Stream: "policy"}, "[11 10]"},
		"claims":        {desk.AuditFilter{Stream: "claim", To: t0.Add(time.Minute)}, "[2 1 0]"},
		"none":          {desk.AuditFilter{Stream: "policy", By: "u-2"}, "[]"},
		"a span":        {desk.AuditFilter{From: t0.Add(time.Minute), To: t0.Add(2 * time.Minute)}, "[5 4 3]"},
		"a kind by one": {desk.AuditFilter{Kind: "claim.decided", By: "r-1", To: t0.Add(time.Second)}, "[2 1 0]"},
	} {
		if got := find(x.f); got != x.want {
			t.Errorf("%s: got %s, want %s", what, got, x.want)
		}
	}
	wantErr(t, db, work.ErrBadCursor, func(ctx context.Context, tx desk.Tx) error {
		_, _, err := tx.Audit(ctx, desk.AuditFilter{}, work.Page{After: "x"})
		return err
	})
}

// testBlindCounts: to who may have to read a claim again it counts as in review,
// wherever claims are counted, and tells neither outcome nor money.
func testBlindCounts(t *testing.T, db *store.DB) {
	ctx := t.Context()
	from := laid(t, db)
	write(t, db, func(tx desk.Tx) error {
		return tx.PutReview(ctx, desk.Review{ClaimID: "granted", Round: 1, Task: desk.TaskReread, Due: t0})
	})
	tally := func(blind bool) map[claim.State]int {
		n := map[claim.State]int{}
		for _, k := range one(t, db, func(tx desk.Tx) ([]desk.Tally, error) { return tx.TallyClaims(ctx, desk.ClaimFilter{Blind: blind}) }) {
			n[k.State] += k.Claims
		}
		return n
	}
	want := tally(false)
	want[claim.Closed]--
	want[claim.InReview]++
	if got := tally(true); !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	f := desk.CountFilter{From: from, To: from.Add(2 * aDay)}
	closed := func(f desk.CountFilter) (n int) {
		for _, d := range one(t, db, func(tx desk.Tx) ([]desk.DayCount, error) { return tx.CountDays(ctx, f) }) {
			n += d.Closed
		}
		return n
	}
	granted := func(f desk.CountFilter) (n int) {
		for _, k := range one(t, db, func(tx desk.Tx) ([]desk.MerchantCount, error) { return tx.CountMerchants(ctx, f, 10) }) {
			n += k.Granted
		}
		return n
	}
	paid := func(f desk.CountFilter) (n int64) {
		for _, k := range one(t, db, func(tx desk.Tx) ([]desk.OutcomeCount, error) { return tx.CountOutcomes(ctx, f) }) {
			if k.Outcome == claim.Granted {
				n += k.Paid
			}
		}
		return n
	}
	seen := f
	f.Blind = true
	if got, want := closed(f), closed(seen)-1; got != want {
		t.Errorf("%d are closed to who reads blind, want %d", got, want)
	}
	if got, all := granted(f), granted(seen); got != 0 || all != 1 {
		t.Errorf("%d of %d granted ones are told to who reads blind", got, all)
	}
	if got, all := paid(f), paid(seen); got != 0 || all != 1999 {
		t.Errorf("%d of %d paid back are told to who reads blind", got, all)
	}
}
