package storetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/work"
)

// testQueueFilters narrows a queue of many kinds by each filter, and counts it.
func testQueueFilters(t *testing.T, db *store.DB) {
	ctx := t.Context()
	who := desk.Reviewer{ID: "r-1", Senior: true, Conflicts: []string{"m-x"}}
	var all []desk.Review
	for i := range 24 {
		r := aReview(strings.Repeat("ab", 1+i%2) + string(rune('a'+i)))
		r.Task = []desk.Task{desk.TaskDecide, desk.TaskConfirm, desk.TaskReread}[i%3]
		r.Kind, r.Reason = claim.Kinds[i%2], claim.Reasons[i%3]
		r.Stakes, r.Amount, r.Senior = i%4, int64(100*i), i%5 == 0
		r.MerchantID = []string{"m-1", "m-2", "m-x"}[i%3/2+i%2]
		r.Due = t0.Add(time.Duration(i-8) * 20 * time.Minute)
		if i%6 == 1 {
			r.Holder, r.LeaseUntil = "r-1", t0.Add(time.Minute)
		}
		if i == 7 {
			r.LeaseUntil = t0 // over
		}
		all = append(all, r)
	}
	write(t, db, func(tx desk.Tx) error {
		for _, r := range all {
			if err := tx.PutReview(ctx, r); err != nil {
				return err
			}
		}
		return nil
	})
	want := func(f desk.QueueFilter) (ids []string) {
		kept := slices.Clone(all)
		slices.SortFunc(kept, func(a, b desk.Review) int { return int(a.Rank() - b.Rank()) })
		for _, r := range kept {
			mine := r.Holder == "r-1" && r.LeaseUntil.After(t0)
			if r.MerchantID != "m-x" && (f.Task == "" || f.Task == r.Task) && (f.Kind == "" || f.Kind == r.Kind) && (f.Reason == "" || f.Reason == r.Reason) &&
				(f.MerchantID == "" || f.MerchantID == r.MerchantID) && r.Stakes >= f.StakesMin && r.Amount >= f.AmountMin &&
				(!f.Overdue || !r.Due.After(t0)) && (!f.Mine || mine) && (!f.Senior || r.Senior) && strings.HasPrefix(r.ClaimID, f.Prefix) {
				ids = append(ids, r.ClaimID)
			}
		}
		slices.Sort(ids)
		return ids
	}
	for name, f := range map[string]desk.QueueFilter{
		"nothing": {}, "task": {Task: desk.TaskConfirm}, "kind": {Kind: claim.RefundOnly}, "reason": {Reason: claim.WrongItem},
		"merchant": {MerchantID: "m-2"}, "a shop of theirs": {MerchantID: "m-x"}, "stakes": {StakesMin: 2}, "amount": {AmountMin: 1100},
		"overdue": {Overdue: true}, "mine": {Mine: true}, "senior": {Senior: true}, "prefix": {Prefix: "abab"}, "no such prefix": {Prefix: "%"},
		"several": {Task: desk.TaskDecide, StakesMin: 1, Overdue: true},
	} {
		got := idsOf(pages(t, db, 3, func(tx desk.Tx, p work.Page) ([]desk.Review, string, error) { return tx.Queue(ctx, f, who, t0, p) }),
			func(r desk.Review) string { return r.ClaimID })
		slices.Sort(got)
		if !slices.Equal(got, want(f)) {
			t.Errorf("%s: got %v, want %v", name, got, want(f))
		}
	}
	sum := one(t, db, func(tx desk.Tx) (desk.QueueSummary, error) { return tx.QueueSummary(ctx, who, t0, t0.Add(2*time.Hour)) })
	count := desk.QueueSummary{Total: len(want(desk.QueueFilter{})), Overdue: len(want(desk.QueueFilter{Overdue: true})), Mine: len(want(desk.QueueFilter{Mine: true})), ByTask: map[desk.Task]int{}}
	for _, r := range all {
		if r.MerchantID == "m-x" {
			continue
		}
		count.ByTask[r.Task]++
		if r.Due.After(t0) && !r.Due.After(t0.Add(2*time.Hour)) {
			count.DueSoon++
		}
	}
	if !cmp.Equal(sum, count) || sum.Overdue == 0 || sum.DueSoon == 0 || sum.Mine == 0 {
		t.Errorf("the summary: %s\n%+v", cmp.Diff(count, sum), sum)
	}
	got := one(t, db, func(tx desk.Tx) (desk.Review, error) { return tx.Review(ctx, all[1].ClaimID, all[1].Task) })
	if !cmp.Equal(got, all[1]) {
		t.Error(cmp.Diff(all[1], got))
	}
}

// testViews keeps, replaces, lists and removes saved views.
func testViews(t *testing.T, db *store.DB) {
	ctx := t.Context()
	a := desk.SavedView{ID: "v-1", UserID: "u-1", Place: "review", Name: "急件", Query: "overdue=true", CreatedAt: t0}
	b := desk.SavedView{ID: "v-2", UserID: "u-1", Place: "claims", Name: "急件", Query: "q=x", CreatedAt: t0}
	again := desk.SavedView{ID: "v-3", UserID: "u-1", Place: "review", Name: "急件", Query: "mine=true", CreatedAt: t0.Add(time.Hour)}
	other := desk.SavedView{ID: "v-4", UserID: "u-2", Place: "review", Name: "急件", CreatedAt: t0}
	write(t, db, func(tx desk.Tx) error {
		return errors.Join(tx.PutView(ctx, &a), tx.PutView(ctx, &b), tx.PutView(ctx, &again), tx.PutView(ctx, &other))
	})
	a.Query = "mine=true"
	if again.ID != "v-1" {
		t.Errorf("a view of the same name has the id %s", again.ID)
	}
	views := func() []desk.SavedView {
		return one(t, db, func(tx desk.Tx) ([]desk.SavedView, error) { return tx.Views(ctx, "u-1") })
	}
	if got, want := views(), []desk.SavedView{b, a}; !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	wantErr(t, db, work.ErrNotFound, func(_ context.Context, tx desk.Tx) error { return tx.DeleteView(ctx, "u-2", "v-1") })
	write(t, db, func(tx desk.Tx) error { return tx.DeleteView(ctx, "u-1", "v-1") })
	if got, want := views(), []desk.SavedView{b}; !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
}
