package storetest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/work"
)

// twoLines is an order of 100 + 2 x 100, paid 250: shares of 8333 and 16667.
func twoLines(id string) order.Order {
	m := func(fen int64) money.Money { return money.Money{Amount: fen, Currency: "CNY"} }
	return order.Order{ID: id, MerchantID: "m-1", BuyerID: "b-1", PlacedAt: t0, Total: m(25000), Lines: []order.Line{
		{ID: "1", Title: "杯子", Quantity: 1, Price: m(10000)}, {ID: "2", Title: "碗", Quantity: 2, Price: m(10000)},
	}}
}

func take(t *testing.T, db *store.DB, orderID, claimID string, taken ...order.Taken) error {
	t.Helper()
	ctx := t.Context()
	return db.Write(ctx, func(tx desk.Tx) error {
		o, err := tx.LockOrder(ctx, orderID)
		if err != nil {
			return err
		}
		return tx.Take(ctx, o, claimID, taken)
	})
}

// testLedger: what remedies take is kept by claim and line, and never passes
// what was paid, whoever asks.
func testLedger(t *testing.T, db *store.DB) {
	ctx := t.Context()
	write(t, db, func(tx desk.Tx) error { return tx.PutOrder(ctx, twoLines("o")) })
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	beyond := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, desk.ErrBeyond) {
			t.Errorf("%s: %v", what, err)
		}
	}
	beyond("more than a line's share", take(t, db, "o", "c-1", order.Taken{LineID: "1", Amount: 8334}))
	beyond("more than a line's units", take(t, db, "o", "c-1", order.Taken{LineID: "2", Amount: 1, Units: 3}))
	beyond("of a line that is not there", take(t, db, "o", "c-1", order.Taken{LineID: "9", Amount: 1}))
	must(take(t, db, "o", "c-1", order.Taken{LineID: "1", Amount: 8333, Units: 1}))
	must(take(t, db, "o", "c-2", order.Taken{LineID: "2", Amount: 8000, Units: 1}))
	beyond("a second claim on one line", take(t, db, "o", "c-3", order.Taken{LineID: "1", Amount: 1}))
	beyond("another unit too many", take(t, db, "o", "c-3", order.Taken{LineID: "2", Units: 2}))
	must(take(t, db, "o", "c-1", order.Taken{LineID: "2", Amount: 8667, Units: 1})) // from one line to the other
	must(take(t, db, "o", "c-2"))                                                   // given back
	must(take(t, db, "o", "c-2"))                                                   // and given back once
	got := one(t, db, func(tx desk.Tx) ([]desk.Taking, error) { return tx.Takings(ctx, "o") })
	want := []desk.Taking{
		{ClaimID: "c-1", Taken: order.Taken{LineID: "1"}},
		{ClaimID: "c-1", Taken: order.Taken{LineID: "2", Amount: 8667, Units: 1}},
		{ClaimID: "c-2", Taken: order.Taken{LineID: "2"}},
	}
	if !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}

	// Lowered below what was taken, it yields nothing more; it can give back.
	low := twoLines("o")
	low.Total.Amount = 5000
	write(t, db, func(tx desk.Tx) error { return tx.PutOrder(ctx, low) })
	// The ledger knows of it by itself, before anybody takes anything.
	if err := db.TryToAlter(ctx, `UPDATE remedy_taken SET amount = amount + 1 WHERE claim_id = 'c-1' AND line_id = '2'`); err == nil {
		t.Error("the ledger does not know that the order was lowered")
	}
	beyond("after the order was lowered", take(t, db, "o", "c-3", order.Taken{LineID: "1", Amount: 1}))
	must(take(t, db, "o", "c-1", order.Taken{LineID: "2", Amount: 3000, Units: 1}))
	must(take(t, db, "o", "c-3", order.Taken{LineID: "1", Amount: 1667}))
	if err := take(t, db, "none", "c-1"); !errors.Is(err, work.ErrNotFound) {
		t.Errorf("an order that is not there: %v", err)
	}
	for _, past := range []string{
		`UPDATE remedy_room SET taken = paid + 1 WHERE order_id = 'o' AND line_id = ''`,
		`UPDATE remedy_room SET used = units + 1 WHERE order_id = 'o' AND line_id = '2'`,
		`UPDATE remedy_taken SET amount = 99999 WHERE claim_id = 'c-3'`,
		`UPDATE remedy_taken SET amount = -1 WHERE claim_id = 'c-3'`,
		`UPDATE remedy_taken SET order_id = 'other' WHERE claim_id = 'c-3'`,
		`INSERT INTO remedy_taken (claim_id, line_id, order_id, amount, units) VALUES ('c-4', '1', 'o', 1, 0)`,
		`INSERT INTO remedy_taken (claim_id, line_id, order_id, amount, units) VALUES ('c-4', '9', 'o', 1, 0)`,
		`INSERT INTO remedy_taken (claim_id, line_id, order_id, amount, units) VALUES ('c-4', '1', 'without a ledger', 1, 0)`,
		`INSERT INTO remedy_room (order_id, line_id, paid, units, taken, used) VALUES ('full', '', 1, 1, 2, 0)`,
		`INSERT INTO remedy_room (order_id, line_id, paid, units, taken, used) VALUES ('full', '', 1, 1, 0, 2)`,
		`UPDATE remedy_room SET order_id = 'other' WHERE order_id = 'o'`,
		`DELETE FROM remedy_taken WHERE claim_id = 'c-1'`,
		`DELETE FROM remedy_room WHERE order_id = 'o'`,
	} {
		if err := db.TryToAlter(ctx, past); err == nil {
			t.Errorf("the database lets this happen: %s", past)
		}
	}
}

// testLedgerWithin: a transaction that has locked an order sees what it does to it itself, though it asks once.
func testLedgerWithin(t *testing.T, db *store.DB) {
	ctx := t.Context()
	write(t, db, func(tx desk.Tx) error { return tx.PutOrder(ctx, twoLines("within")) })
	see := func(tx desk.Tx, want int64) {
		t.Helper()
		sum := int64(0)
		list, err := tx.Takings(ctx, "within")
		for _, k := range list {
			sum += k.Amount
		}
		if err != nil || sum != want {
			t.Errorf("%d are taken, %v; want %d", sum, err, want)
		}
	}
	write(t, db, func(tx desk.Tx) error {
		o, err := tx.LockOrder(ctx, "within")
		if err != nil {
			return err
		}
		see(tx, 0)
		for _, amount := range []int64{100, 250} {
			if err := tx.Take(ctx, o, "c-1", []order.Taken{{LineID: "1", Amount: amount}}); err != nil {
				return err
			}
			see(tx, amount)
		}
		o.Total.Amount = 9000
		if err := tx.PutOrder(ctx, o); err != nil {
			return err
		}
		again, err := tx.LockOrder(ctx, "within")
		if err == nil && again.Total.Amount != 9000 {
			t.Errorf("it is locked as %d", again.Total.Amount)
		}
		return err
	})
	write(t, db, func(tx desk.Tx) error {
		if _, err := tx.LockOrder(ctx, "within"); err != nil {
			return err
		}
		see(tx, 250)
		return nil
	})
}

// testLedgerRace: twenty claims take a fifth each at once.
func testLedgerRace(t *testing.T, db *store.DB) {
	ctx := t.Context()
	write(t, db, func(tx desk.Tx) error { return tx.PutOrder(ctx, twoLines("o")) })
	var got atomic.Int64
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			switch err := take(t, db, "o", string(rune('a'+i)), order.Taken{LineID: "2", Amount: 16667 / 5}); {
			case err == nil:
				got.Add(1)
			case !errors.Is(err, desk.ErrBeyond):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got.Load() != 5 {
		t.Errorf("%d of 20 took a fifth of the line", got.Load())
	}
}
