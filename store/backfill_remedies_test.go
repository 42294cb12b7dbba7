package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/store"
)

// TestRemediesOfOlderClaims migrates a database from before the ledger: what
// was ordered counts, and what was ordered beyond what was paid leaves nothing.
func TestRemediesOfOlderClaims(t *testing.T) {
	both(t, func(t *testing.T, o store.Options) {
		ctx := t.Context()
		claimRow := func(id, orderID, more string) string {
			return `INSERT INTO claim (id, version, order_id, merchant_id, buyer_id, state, reason, kind, opened_at, refunded, confirmed, doc, outcome) VALUES
				('` + id + `', 1, '` + orderID + `', 'm-1', 'b-1', 'closed', 'damaged', 'refund_only', 5, 0, 0, '{"id":"` + id + `","version":1,"order_id":"` + orderID + `",` + more + `}', 'settled')`
		}
		orderRow := func(id string) string {
			return `INSERT INTO orders (id, merchant_id, buyer_id, placed_at, doc) VALUES ('` + id + `', 'm-1', 'b-1', 1, '{"id":"` + id + `","total":{"amount":25000,"currency":"CNY"},"lines":[{"id":"1","quantity":1,"price":{"amount":10000,"currency":"CNY"}},{"id":"2","quantity":2,"price":{"amount":10000,"currency":"CNY"}}]}')`
		}
		pays := func(fen, state string) string {
			return `"remedy":{"kind":"refund_only","amount":{"amount":` + fen + `,"currency":"CNY"},"state":"` + state + `"}`
		}
		err := store.MigrateTo(ctx, o, 4, orderRow("o-1"), orderRow("o-2"),
			claimRow("c-1", "o-1", `"line_ids":["1"],`+pays("8333", "done")), claimRow("c-2", "o-1", `"line_ids":["2"],`+pays("16667", "held")),
			claimRow("c-3", "o-2", pays("25000", "done")), claimRow("c-4", "o-2", pays("25000", "ordered")),
			`INSERT INTO merchant (id, doc) VALUES ('m-1', '{"id":"m-1","name":"a"}'), ('m-2', '{"id":"m-2","name":"b"}')`,
			`INSERT INTO event (seq, id, subject, no, kind, at, by_id, by_role, policy, evidence, body, prev, hash) VALUES
				(1, 'e1', 'merchant/m-1', 1, 'merchant.consent', 1, 'x', 'integrator', '', '[]', '{}', '', ''), (2, 'e2', 'merchant/m-1', 2, 'merchant.consent', 1, 'x', 'merchant', '', '[]', '{}', '', ''),
				(3, 'e3', 'merchant/m-2', 1, 'merchant.consent', 1, 'x', 'integrator', '', '[]', '{}', '', '')`)
		must(t, err)
		db := open(t, o)
		taken := map[string][]desk.Taking{}
		must(t, db.Read(ctx, func(tx desk.Tx) error {
			for _, id := range []string{"o-1", "o-2"} {
				list, err := tx.Takings(ctx, id)
				if err != nil {
					return err
				}
				taken[id] = list
			}
			for id, want := range map[string]string{"m-1": "merchant", "m-2": ""} {
				if m, err := tx.Merchant(ctx, id); err != nil || m.ConsentBy != want {
					t.Errorf("the consent of %s is by %q: %v", id, m.ConsentBy, err)
				}
			}
			return nil
		}))
		want := map[string][]desk.Taking{
			"o-1": {{ClaimID: "c-1", Taken: order.Taken{LineID: "1", Units: 1, Amount: 8333}}},
			"o-2": {{ClaimID: "c-3", Taken: order.Taken{LineID: "1", Units: 1, Amount: 8333}}, {ClaimID: "c-3", Taken: order.Taken{LineID: "2", Units: 2, Amount: 16667}}},
		}
		if !cmp.Equal(taken, want) {
			t.Error(cmp.Diff(want, taken))
		}
		for id, amount := range map[string]int64{"o-1": 16667, "o-2": 0} {
			for _, more := range []int64{1, 0} {
				err := db.Write(ctx, func(tx desk.Tx) error {
					o, err := tx.LockOrder(ctx, id)
					if err != nil {
						return err
					}
					return tx.Take(ctx, o, "c-9/"+id, []order.Taken{{LineID: "2", Amount: amount + more}})
				})
				if (err == nil) != (more == 0) {
					t.Errorf("%d more of %s: %v", amount+more, id, err)
				}
			}
		}
	})
}
