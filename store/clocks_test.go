package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/work"
)

// TestClocksOfEveryEarlierVersion: clocks ran for claims alone before migration
// 23. Whichever version a database comes from, those that run ring for their
// claims, those that ended stay ended, and a claim still has one of a kind.
func TestClocksOfEveryEarlierVersion(t *testing.T) {
	for _, version := range []int64{1, 2, 3, 4, 11, 12, 16, 17, 19, 20, 22} {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			both(t, func(t *testing.T, o store.Options) { clocksSince(t, o, version) })
		})
	}
}

func clocksSince(t *testing.T, o store.Options, version int64) {
	ctx := t.Context()
	at := time.UnixMicro(1_000).UTC()
	err := store.MigrateTo(ctx, o, version,
		`INSERT INTO clock (id, claim_id, kind, due, state, doc) VALUES ('k-1', 'c-1', 'appeal', 900, 0, '{"id":"k-1","kind":"appeal"}'),
			('k-2', 'c-1', 'review_due', 800, 0, '{"id":"k-2","kind":"review_due"}'), ('k-3', 'c-1', 'offer_reply', 100, 1, '{}'), ('k-4', 'c-2', 'offer_reply', 100, 2, '{}')`)
	if err != nil {
		t.Fatal(err)
	}
	err = open(t, o).Write(ctx, func(tx desk.Tx) error {
		due, err := tx.DueClocks(ctx, at, 9)
		if len(due) != 2 || due[0].ID != "k-2" || due[1].ID != "k-1" || due[0].Subject != claim.Subject("c-1") || due[1].Subject.String() != "claim/c-1" {
			t.Errorf("due are %+v", due)
		}
		running, fired, stopped, err2 := tx.ClockCounts(ctx)
		if running != 2 || fired != 1 || stopped != 1 {
			t.Errorf("%d run, %d fired, %d stopped", running, fired, stopped)
		}
		row, ok, err3 := tx.FireClock(ctx, "k-1", at)
		if !ok || row.Subject != (record.Subject{Kind: "claim", ID: "c-1"}) || row.Kind != claim.ClockAppeal {
			t.Errorf("fired %v %+v", ok, row)
		}
		_, again, err4 := tx.FireClock(ctx, "k-3", at)
		if again {
			t.Error("a clock of before fired twice")
		}
		other := work.ClockRow{Subject: record.Subject{Kind: "service_order", ID: "c-1"}, Clock: work.Clock{ID: "k-5", Kind: claim.ClockReview, Due: at}}
		return errors.Join(err, err2, err3, err4, tx.SetClock(ctx, other), tx.StopClock(ctx, claim.Subject("c-1"), claim.ClockReview, at))
	})
	if err != nil {
		t.Fatal(err)
	}
	db := open(t, o)
	err = db.Read(ctx, func(tx desk.Tx) error {
		due, err := tx.DueClocks(ctx, at, 9)
		if len(due) != 1 || due[0].ID != "k-5" || due[0].Subject.Kind != "service_order" {
			t.Errorf("after the claim's was stopped, due are %+v", due)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(ctx, func(tx desk.Tx) error {
		second := work.ClockRow{Subject: record.Subject{Kind: "service_order", ID: "c-1"}, Clock: work.Clock{ID: "k-6", Kind: claim.ClockReview, Due: at}}
		return tx.SetClock(ctx, second)
	})
	if !errors.Is(err, work.ErrConflict) {
		t.Errorf("a second clock of a kind: %v", err)
	}
}
