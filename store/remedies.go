package store

import (
	"context"
	"slices"
	"strings"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/order"
)

// Takings asks once for those of an order that this transaction has locked:
// whoever takes something of an order locks it first.
func (t *tx) Takings(ctx context.Context, orderID string) (list []desk.Taking, err error) {
	if known, ok := t.takings[orderID]; ok {
		return slices.Clone(known), nil
	}
	err = t.rows(ctx, `SELECT claim_id, line_id, amount, units FROM remedy_taken WHERE order_id = ? ORDER BY claim_id, line_id`, []any{orderID}, func(s scanner) error {
		var k desk.Taking
		err := s.Scan(&k.ClaimID, &k.LineID, &k.Amount, &k.Units)
		list = append(list, k)
		return err
	})
	if err == nil && t.holds["orders/"+orderID] {
		if t.takings == nil {
			t.takings = map[string][]desk.Taking{}
		}
		t.takings[orderID] = slices.Clone(list)
	}
	return list, wrap(err, "what remedies of order %.64s took", orderID)
}

// Take lays the ledger's rows as the order stands, then what the claim takes:
// first the lines of which it takes less than before, so that nothing is
// refused for the moment in between.
func (t *tx) Take(ctx context.Context, o order.Order, claimID string, taken []order.Taken) error {
	before, err := t.Takings(ctx, o.ID)
	if err != nil {
		return err
	}
	next := map[string]order.Taken{}
	for _, k := range taken {
		sum := next[k.LineID]
		next[k.LineID] = order.Taken{LineID: k.LineID, Amount: sum.Amount + k.Amount, Units: sum.Units + k.Units}
	}
	change := map[string]int64{}
	for _, k := range before {
		if k.ClaimID == claimID {
			change[k.LineID] = -k.Amount
			if _, ok := next[k.LineID]; !ok {
				next[k.LineID] = order.Taken{LineID: k.LineID}
			}
		}
	}
	list := make([]order.Taken, 0, len(next))
	for _, k := range next {
		change[k.LineID] += k.Amount
		list = append(list, k)
	}
	slices.SortFunc(list, func(a, b order.Taken) int {
		if d := change[a.LineID] - change[b.LineID]; d != 0 {
			return int(min(max(d, -1), 1))
		}
		return strings.Compare(a.LineID, b.LineID)
	})
	return t.Together(ctx, func() error { return t.take(ctx, o, claimID, list) })
}

func (t *tx) take(ctx context.Context, o order.Order, claimID string, list []order.Taken) error {
	delete(t.takings, o.ID)
	units, shares := 0, o.Shares()
	for _, l := range o.Lines {
		units += l.Quantity
	}
	if err := t.room(ctx, o.ID, "", o.Total.Amount, units); err != nil {
		return err
	}
	for _, k := range list {
		paid, quantity := int64(0), 0
		if i := slices.IndexFunc(o.Lines, func(l order.Line) bool { return l.ID == k.LineID }); i >= 0 {
			paid, quantity = shares[i], o.Lines[i].Quantity
		}
		if err := t.room(ctx, o.ID, k.LineID, paid, quantity); err != nil {
			return err
		}
		err := t.write(ctx, "what a remedy takes", nil, `INSERT INTO remedy_taken (claim_id, line_id, order_id, amount, units) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (claim_id, line_id) DO UPDATE SET amount = excluded.amount, units = excluded.units`, claimID, k.LineID, o.ID, k.Amount, k.Units)
		if err != nil {
			return err
		}
	}
	return nil
}

// room lays or renews one row of the ledger; its sums are the triggers'.
func (t *tx) room(ctx context.Context, orderID, lineID string, paid int64, units int) error {
	return t.write(ctx, "the ledger of an order", nil, `INSERT INTO remedy_room (order_id, line_id, paid, units, taken, used) VALUES (?, ?, ?, ?, 0, 0)
		ON CONFLICT (order_id, line_id) DO UPDATE SET paid = excluded.paid, units = excluded.units`, orderID, lineID, max(paid, 0), units)
}

// beyondPaid is how both databases' triggers say that a remedy takes more than
// there is; see migration 16.
const beyondPaid = "beyond what was paid"
