package store

import (
	"math/big"
	"slices"
)

// The rules of migrations 17 and 20 as they were when these were written. A
// migration must give the same whenever it is run, so nothing here calls the
// domain, and no later rule of the domain is to be brought in: a migration of
// its own is the place for that. The rules are those that order/share.go and
// order/room.go explain.

type money17 struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

type line17 struct {
	ID       string   `json:"id"`
	Quantity int      `json:"quantity"`
	Price    money17  `json:"price"`
	Paid     *money17 `json:"paid"`
}

type order17 struct {
	ID    string   `json:"id"`
	Lines []line17 `json:"lines"`
	Total money17  `json:"total"`
}

// taken17 is what a remedy takes of one line.
type taken17 struct {
	LineID string `json:"line_id"`
	Units  int    `json:"units"`
	Amount int64  `json:"amount"`
}

type remedy17 struct {
	Kind      string    `json:"kind"`
	Amount    money17   `json:"amount"`
	State     string    `json:"state"`
	No        int       `json:"no"`
	OrderedAt *string   `json:"ordered_at"`
	DoneAt    *string   `json:"done_at"`
	FailedAt  *string   `json:"failed_at"`
	Paid      *money17  `json:"paid"`
	Lines     []taken17 `json:"lines"`
	Before    []taken17 `json:"before"`
}

type claim17 struct {
	ID        string         `json:"id"`
	LineIDs   []string       `json:"line_ids"`
	Units     map[string]int `json:"units"`
	Remedy    *remedy17      `json:"remedy"`
	Decisions []struct {
		Remedy remedy17 `json:"remedy"`
	} `json:"decisions"`
}

func (r remedy17) pays() bool { return r.Kind != "exchange" && r.Kind != "repair" }

// counts is whether a remedy takes of what was paid.
func (r *remedy17) counts() bool {
	return r != nil && r.State != "failed" && (r.OrderedAt != nil || r.State == "ordered" || r.State == "done")
}

// shares is what was paid for each line.
func (o order17) shares() []int64 {
	weights, nothing := make([]*big.Int, len(o.Lines)), true
	for i, l := range o.Lines {
		w := big.NewInt(max(l.Price.Amount, 0))
		if w.Mul(w, big.NewInt(int64(max(l.Quantity, 0)))); l.Paid != nil {
			w = big.NewInt(max(l.Paid.Amount, 0))
		}
		weights[i], nothing = w, nothing && w.Sign() == 0
	}
	for i, l := range o.Lines {
		if nothing {
			weights[i] = big.NewInt(int64(max(l.Quantity, 0)))
		}
	}
	return apportion17(o.Total.Amount, weights)
}

// apportion17 shares an amount out by weights, by the largest remainder.
func apportion17(amount int64, weights []*big.Int) []int64 {
	shares, sum := make([]int64, len(weights)), new(big.Int)
	for _, w := range weights {
		sum.Add(sum, w)
	}
	if sum.Sign() == 0 || amount <= 0 {
		return shares
	}
	rest, by, left := make([]*big.Int, len(weights)), make([]int, len(weights)), amount
	for i, w := range weights {
		whole, r := new(big.Int).QuoRem(new(big.Int).Mul(big.NewInt(amount), w), sum, new(big.Int))
		shares[i], rest[i], by[i] = whole.Int64(), r, i
		left -= shares[i]
	}
	slices.SortStableFunc(by, func(a, b int) int { return rest[b].Cmp(rest[a]) })
	for _, i := range by[:left] {
		shares[i]++
	}
	return shares
}

// left17 is what remains of a line: units of quantity, and an amount of share.
type left17 struct {
	id              string
	units, quantity int
	amount, share   int64
}

// worth is what the next n units are worth, as they were paid for.
func (l left17) worth(n int) int64 {
	first := func(n int) int64 {
		q, k := int64(max(l.quantity, 1)), int64(min(max(n, 0), l.quantity))
		return l.share/q*k + min(k, l.share%q)
	}
	used := l.quantity - l.units
	return first(used+n) - first(used)
}

// most is the most that n units can bring.
func (l left17) most(n int) int64 {
	if n >= l.units {
		return l.amount
	}
	return min(l.worth(n), l.amount)
}

// room is what others leave of each line and of the whole.
func (o order17) room(others []taken17) (lines []left17, whole int64) {
	amount, units := map[string]int64{}, map[string]int{}
	whole = o.Total.Amount
	for _, t := range others {
		amount[t.LineID] += t.Amount
		units[t.LineID] += t.Units
		whole -= t.Amount
	}
	for i, share := range o.shares() {
		l := o.Lines[i]
		left := left17{l.ID, max(l.Quantity-units[l.ID], 0), l.Quantity, max(share-amount[l.ID], 0), share}
		if share > 0 && left.amount == 0 {
			left.units = 0
		}
		lines = append(lines, left)
	}
	return lines, max(whole, 0)
}

// takes is what an old remedy took, given what others did: as much of it as
// there was, where more was ordered than paid.
func (c claim17) takes(o order17, others []taken17) (list []taken17) {
	lines, whole := o.room(others)
	fit, goods := []left17{}, map[string]int{}
	most := int64(0)
	for _, l := range lines {
		n := l.units
		if c.Units != nil {
			n = min(c.Units[l.id], l.units)
		} else if len(c.LineIDs) > 0 && !slices.Contains(c.LineIDs, l.id) {
			n = 0
		}
		if n > 0 {
			fit, goods[l.id] = append(fit, l), n
			most = min(most+l.most(n), whole)
		}
	}
	if !c.Remedy.pays() {
		for _, l := range fit {
			w := l.worth(goods[l.id])
			if whole -= w; w > l.amount || whole < 0 {
				return nil
			}
			list = append(list, taken17{l.id, goods[l.id], w})
		}
		return list
	}
	due := c.Remedy.Amount.Amount
	if c.Remedy.Paid != nil {
		due -= c.Remedy.Paid.Amount
	}
	if due > 0 && most == 0 {
		return nil
	}
	due = min(max(due, 0), most)
	weights := make([]*big.Int, len(fit))
	for i, l := range fit {
		weights[i] = big.NewInt(l.most(goods[l.id]))
	}
	for i, part := range apportion17(due, weights) {
		l, n := fit[i], goods[fit[i].id]
		t := taken17{LineID: l.id, Amount: part}
		if c.Remedy.Kind == "return_refund" || due == most || part > 0 && part >= l.worth(n) {
			t.Units = n
		}
		list = append(list, t)
	}
	return list
}
