package store_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/store"
)

// soldFor is an order of one article, as an older version kept it.
func soldFor(id, fen string) string {
	return `INSERT INTO orders (id, merchant_id, buyer_id, placed_at, doc) VALUES ('` + id + `', 'm-1', 'b-1', 1, '{"id":"` + id + `","total":{"amount":` + fen +
		`,"currency":"CNY"},"lines":[{"id":"1","title":"杯子","quantity":1,"price":{"amount":` + fen + `,"currency":"CNY"}}]}')`
}

// TestOrdersOfOlderClaims: claims from before the ledger say what the platform
// was told and what it took, an appealed one as well.
func TestOrdersOfOlderClaims(t *testing.T) {
	both(t, func(t *testing.T, o store.Options) {
		ctx := t.Context()
		claimRow := func(id, orderID, remedy string) string {
			return `INSERT INTO claim (id, version, order_id, merchant_id, buyer_id, state, reason, kind, opened_at, refunded, confirmed, doc, outcome) VALUES
				('` + id + `', 1, '` + orderID + `', 'm-1', 'b-1', 'review', 'damaged', 'refund_only', 5, 0, 0, '{"id":"` + id + `","version":1,"order_id":"` + orderID +
				`","ask":{"amount":4000,"currency":"CNY"},"a later field":1,"remedy":{"kind":"refund_only","amount":{"amount":1000,"currency":"CNY"},` + remedy + `}}', 'partly')`
		}
		event := func(n, id, state string) string {
			return `INSERT INTO event (seq, id, subject, no, kind, at, by_id, by_role, policy, evidence, body, prev, hash) VALUES
				(` + n + `, 'e` + n + `', 'claim/` + id + `', 1, 'claim.decided', 1700000000000000, 'x', 'reviewer', '', '[]', '{"remedy":{"state":"` + state + `"}}', '', '')`
		}
		must(t, store.MigrateTo(ctx, o, 4, soldFor("o-1", "4000"), soldFor("o-2", "4000"), soldFor("o-3", "4000"), soldFor("o-4", "4000"),
			claimRow("appealed", "o-1", `"state":"held"`), event("1", "appealed", "ordered"),
			claimRow("held", "o-2", `"state":"held"`), event("2", "held", "held"),
			claimRow("done", "o-3", `"state":"done","done_at":"2026-01-01T00:00:00Z"`), event("3", "done", "ordered"),
			claimRow("twice", "o-4", `"state":"ordered","ordered_at":"2026-01-02T00:00:00Z","paid":{"amount":400,"currency":"CNY"},"before":[{"line_id":"1","units":0,"amount":400}],"lines":[{"line_id":"1","units":0,"amount":1000}]`)))
		must(t, store.MigrateTo(ctx, o, 19, `UPDATE remedy_taken SET amount = 1000 WHERE claim_id = 'twice'`))
		db := open(t, o)
		at := time.UnixMicro(1700000000000000).UTC()
		told := func(id string) *claim.Remedy {
			var c *claim.Claim
			must(t, db.Read(ctx, func(tx desk.Tx) (err error) { c, err = tx.Claim(ctx, id); return err }))
			return c.Remedy
		}
		ten := []order.Taken{{LineID: "1", Amount: 1000}}
		for _, id := range []string{"appealed", "done"} {
			if r := told(id); r.OrderedAt == nil || !r.OrderedAt.Equal(at) || r.No != 1 || !cmp.Equal(r.Lines, ten) {
				t.Errorf("%s: %+v", id, r)
			}
		}
		if r := told("held"); r.OrderedAt != nil || r.No != 0 || r.Counts() {
			t.Errorf("held: %+v", r)
		}
		r := told("twice")
		first := claim.Told{No: 1, Kind: claim.RefundOnly, Pay: money.Money{Amount: 400, Currency: "CNY"}, Lines: []order.Taken{{LineID: "1", Amount: 400}}, DoneAt: r.OrderedAt}
		if r.No != 2 || !cmp.Equal(r.Lines, []order.Taken{{LineID: "1", Amount: 600}}) || !cmp.Equal(r.Earlier, []claim.Told{first}) {
			t.Errorf("twice: %+v", r)
		}
		for id, left := range map[string]int64{"o-1": 3000, "o-2": 4000, "o-3": 3000, "o-4": 3000} {
			for _, more := range []int64{1, 0} {
				if err := takeOne(t, db, id, "c-9/"+id, left+more); (err == nil) != (more == 0) {
					t.Errorf("%d of %s: %v", left+more, id, err)
				}
			}
		}
	})
}

func takeOne(t *testing.T, db *store.DB, orderID, claimID string, fen int64) error {
	return db.Write(t.Context(), func(tx desk.Tx) error {
		o, err := tx.LockOrder(t.Context(), orderID)
		if err != nil {
			return err
		}
		return tx.Take(t.Context(), o, claimID, []order.Taken{{LineID: "1", Amount: fen}})
	})
}

// TestALedgerAltersNothingByHand: one that somebody emptied adds up what was
// taken anew, before more is.
func TestALedgerAltersNothingByHand(t *testing.T) {
	both(t, func(t *testing.T, o store.Options) {
		ctx := t.Context()
		must(t, store.MigrateTo(ctx, o, 20, soldFor("o", "4000")))
		db := open(t, o)
		must(t, takeOne(t, db, "o", "c-1", 4000))
		must(t, store.MigrateTo(ctx, o, 20, `UPDATE remedy_room SET taken = 0, used = 0`))
		if err := takeOne(t, db, "o", "c-2", 1); !errors.Is(err, desk.ErrBeyond) {
			t.Errorf("after the ledger was emptied: %v", err)
		}
	})
}

// TestALoweredLedgerIsRestored: of an order that was lowered more was taken than
// there is; its archive can be restored, and it yields nothing more.
func TestALoweredLedgerIsRestored(t *testing.T) {
	both(t, func(t *testing.T, o store.Options) {
		ctx := t.Context()
		must(t, store.MigrateTo(ctx, o, 20, soldFor("o", "4000")))
		db := open(t, o)
		must(t, takeOne(t, db, "o", "c-1", 4000))
		must(t, db.Write(ctx, func(tx desk.Tx) error {
			low, err := tx.LockOrder(ctx, "o")
			if low.Total.Amount = 1000; err != nil {
				return err
			}
			return tx.PutOrder(ctx, low)
		}))
		var archive bytes.Buffer
		_, err := db.Backup(ctx, &archive)
		must(t, err)
		into := store.Options{Dir: t.TempDir()}
		_, err = store.Restore(ctx, into, &archive)
		must(t, err)
		back := open(t, into)
		if err := takeOne(t, back, "o", "c-2", 1); !errors.Is(err, desk.ErrBeyond) {
			t.Errorf("after it was restored: %v", err)
		}
		must(t, takeOne(t, back, "o", "c-1", 1000))
	})
}
