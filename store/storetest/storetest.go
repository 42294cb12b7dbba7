// Package storetest is what every database must do for the desk: one suite,
// run on each. It tests behaviour through desk.Store and the like alone, and
// knows no SQL but to try to break the record.
package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/work"
)

// Run runs the suite. open gives a store that is empty, and closes it with t.
func Run(t *testing.T, open func(t *testing.T) *store.DB) {
	for _, tt := range []struct {
		name string
		test func(*testing.T, *store.DB)
	}{
		{"orders", testOrders},
		{"claims", testClaims},
		{"what remedies take", testLedger},
		{"the ledger, within one transaction", testLedgerWithin},
		{"one order, twenty remedies", testLedgerRace},
		{"claim lists", testClaimLists},
		{"many by id", testManyByID},
		{"claim history", testHistory},
		{"one claim, two writers", testTwoWriters},
		{"evidence", testEvidence},
		{"bytes kept", testKept},
		{"bytes kept, by two at once", testKeptAtOnce},
		{"fingerprints", testFingerprints},
		{"events", testEvents},
		{"events of crossing transactions", testEventsInOrder},
		{"an event overtaken", testEventsOvertaken},
		{"facts", testFacts},
		{"clocks", testClocks},
		{"a clock fired by twenty", testFireOnce},
		{"reviews", testReviews},
		{"a review leased by fifty", testLeaseOnce},
		{"the queue, narrowed", testQueueFilters},
		{"readings", testReadings},
		{"counts of claims", testCounts},
		{"counts of findings", testFindingCounts},
		{"a shop's counts", testShopCounts},
		{"counts for who reads blind", testBlindCounts},
		{"who handled what", testHandlings},
		{"the record, newest first", testAudit},
		{"policies", testPolicies},
		{"shadows", testShadows},
		{"messages", testMessages},
		{"webhooks", testWebhooks},
		{"private texts", testPrivate},
		{"erasure", testErase},
		{"users", testUsers},
		{"sessions", testSessions},
		{"a person's sessions", testSessionsOf},
		{"a session that ended", testEndedSessions},
		{"counts of failures", testAttempts},
		{"alerts", testAlerts},
		{"keys", testKeys},
		{"idempotency", testIdempotent},
		{"settings", testSettings},
		{"views", testViews},
		{"cursors", testCursors},
		{"odd texts", testOddTexts},
		{"rollback", testRollback},
		{"panic", testPanic},
		{"many writers", testManyWriters},
		{"reading is one view", testReadView},
		{"writes sent together", testTogether},
		{"the work that waits", testBacklog},
		{"jobs", testJobs},
		{"unique jobs", testUniqueJobs},
		{"jobs of a node that died", testDeadNode},
		{"ticks", testTicks},
		{"watch", testWatch},
		{"ready", testReady},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.test(t, open(t))
		})
	}
}

// t0 is the suite's now, in whole microseconds.
var t0 = time.Date(2026, 11, 23, 8, 0, 0, 123456000, time.UTC)

func write(t *testing.T, db *store.DB, f func(desk.Tx) error) {
	t.Helper()
	if err := db.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, db *store.DB, f func(desk.Tx) error) {
	t.Helper()
	if err := db.Read(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// one reads a single thing.
func one[T any](t *testing.T, db *store.DB, f func(desk.Tx) (T, error)) (v T) {
	t.Helper()
	read(t, db, func(tx desk.Tx) (err error) {
		v, err = f(tx)
		return err
	})
	return v
}

func wantErr(t *testing.T, db *store.DB, want error, f func(context.Context, desk.Tx) error) {
	t.Helper()
	err := db.Write(t.Context(), func(tx desk.Tx) error { return f(t.Context(), tx) })
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %v", err, want)
	}
}

// aClaim is a claim with something in most fields.
func aClaim(id string) *claim.Claim {
	at := t0
	return &claim.Claim{
		ID: id, OrderID: "o-1", MerchantID: "m-1", BuyerID: "b-1", Kind: claim.RefundOnly, Reason: claim.Damaged,
		Ask: money.Money{Amount: 1999, Currency: "CNY"}, Story: "杯子 <碎了> & \"so\"", State: claim.Screening,
		Stage: claim.StageFiled, Round: 1, OpenedAt: t0, SubmittedAt: &at,
	}
}

func insert(t *testing.T, db *store.DB, claims ...*claim.Claim) {
	t.Helper()
	write(t, db, func(tx desk.Tx) error {
		for _, c := range claims {
			if err := tx.InsertClaim(t.Context(), c); err != nil {
				return err
			}
		}
		return nil
	})
}

// pages walks a list to its end and checks each page's bound.
func pages[T any](t *testing.T, db *store.DB, size int, f func(desk.Tx, work.Page) ([]T, string, error)) (all []T) {
	t.Helper()
	p := work.Page{Limit: size}
	for range 1000 {
		var list []T
		var next string
		read(t, db, func(tx desk.Tx) (err error) {
			list, next, err = f(tx, p)
			return err
		})
		if len(list) > size {
			t.Fatalf("a page of %d has %d rows", size, len(list))
		}
		all = append(all, list...)
		if next == "" {
			return all
		}
		p.After = next
	}
	t.Fatal("the list does not end")
	return nil
}
