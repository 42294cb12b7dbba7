package order

import (
	"math/big"
	"slices"

	"github.com/evenhand/evenhand/money"
)

// Taken is what remedies take of one line: units that are used up (sent back,
// exchanged, repaired, or paid back in full), and an amount in minor units:
// what is paid back, or what the exchanged or repaired units are worth.
type Taken struct {
	LineID string `json:"line_id"`
	Units  int    `json:"units"`
	Amount int64  `json:"amount"`
}

// Left is what remains of one line for remedies.
type Left struct {
	LineID string `json:"line_id"`
	// Units are those that no remedy has used up, of Quantity.
	Units    int `json:"units"`
	Quantity int `json:"quantity"`
	// Amount is what has not been paid back yet, of Paid: what was paid for
	// the line, after discounts and with its part of the freight.
	Amount money.Money `json:"amount"`
	Paid   money.Money `json:"paid"`
}

// Room is what is left of an order for remedies, given what they have taken so
// far: of the whole what was paid less what they took, and of each line its
// share less what they took of it.
type Room struct {
	Order Order
	Lines []Left // in the order's own sequence
	// Amount is what is left of the whole; an order that was lowered after
	// something was paid back can leave less than its lines do.
	Amount money.Money
}

// Room is what remedies that took so much leave of the order as it is now.
func (o Order) Room(taken []Taken) Room {
	amount, units, sum := map[string]int64{}, map[string]int{}, int64(0)
	for _, t := range taken {
		amount[t.LineID] += t.Amount
		units[t.LineID] += t.Units
		sum += t.Amount
	}
	r := Room{Order: o, Amount: o.money(o.Total.Amount - sum), Lines: make([]Left, len(o.Lines))}
	for i, share := range o.Shares() {
		l := o.Lines[i]
		r.Lines[i] = Left{
			LineID: l.ID, Units: max(l.Quantity-units[l.ID], 0), Quantity: l.Quantity,
			Amount: o.money(share - amount[l.ID]), Paid: o.money(share),
		}
		if share > 0 && r.Lines[i].Amount.Amount == 0 {
			r.Lines[i].Units = 0 // paid back in full, in however many parts
		}
	}
	return r
}

func (o Order) money(amount int64) money.Money {
	return money.Money{Amount: max(amount, 0), Currency: o.Total.Currency}
}

// Line is what is left of a line; ok is false where the order has none such.
func (r Room) Line(id string) (l Left, ok bool) {
	i := slices.IndexFunc(r.Lines, func(l Left) bool { return l.LineID == id })
	if i < 0 {
		return l, false
	}
	return r.Lines[i], true
}

// worth is what n units of those left are worth, as they were paid for.
func (l Left) worth(n int) int64 {
	used := l.Quantity - l.Units
	return money.OfUnits(l.Paid.Amount, l.Quantity, used+n) - money.OfUnits(l.Paid.Amount, l.Quantity, used)
}

// most is the most that n units can bring now: their worth, and for the last
// ones all that is left of the line, but never more than that.
func (l Left) most(n int) int64 {
	if n >= l.Units {
		return l.Amount.Amount
	}
	return min(l.worth(n), l.Amount.Amount)
}

// All are all units that are left, by line.
func (r Room) All() map[string]int {
	all := map[string]int{}
	for _, l := range r.Lines {
		if l.Units > 0 {
			all[l.LineID] = l.Units
		}
	}
	return all
}

// Fits is how many of the units that are named are still there; nil is all.
func (r Room) Fits(units map[string]int) map[string]int {
	all := r.All()
	if units == nil {
		return all
	}
	out := map[string]int{}
	for id, n := range units {
		if n = min(n, all[id]); n > 0 {
			out[id] = n
		}
	}
	return out
}

// Most is the most that a remedy over these units can be worth now.
func (r Room) Most(units map[string]int) money.Money {
	sum := int64(0)
	for id, n := range r.Fits(units) {
		l, _ := r.Line(id)
		sum = min(sum+l.most(n), r.Amount.Amount)
	}
	return r.Order.money(sum)
}

// Pay is what paying this amount back for these units takes of each line: the
// amount shared out by what the units can bring, by the largest remainder.
// Units are used up by a refund for which they come back, and by one of all
// that they are worth. ok is false where the amount is more than is left.
func (r Room) Pay(units map[string]int, amount int64, back bool) (list []Taken, ok bool) {
	fit, most := r.Fits(units), r.Most(units).Amount
	if len(fit) == 0 || amount < 0 || amount > most {
		return nil, false
	}
	var lines []Left
	var weights []*big.Int
	for _, l := range r.Lines {
		if n := fit[l.LineID]; n > 0 {
			lines, weights = append(lines, l), append(weights, big.NewInt(l.most(n)))
		}
	}
	for i, part := range money.Apportion(amount, weights) {
		l := lines[i]
		n := fit[l.LineID]
		t := Taken{LineID: l.LineID, Amount: part}
		if back || amount == most || part > 0 && part >= l.worth(n) {
			t.Units = n
		}
		list = append(list, t)
	}
	return list, true
}

// Swap is what an exchange or a repair of these units takes of each line: the
// units, and all that was paid for them. ok is false where more is taken than
// is left.
func (r Room) Swap(units map[string]int) (list []Taken, ok bool) {
	fit, sum := r.Fits(units), int64(0)
	for _, l := range r.Lines {
		n := fit[l.LineID]
		if n == 0 {
			continue
		}
		w := l.worth(n)
		if sum += w; w > l.Amount.Amount || sum > r.Amount.Amount {
			return nil, false
		}
		list = append(list, Taken{LineID: l.LineID, Units: n, Amount: w})
	}
	return list, len(list) > 0
}
