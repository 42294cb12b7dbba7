package order

import (
	"math/big"
	"slices"
)

// How what was paid falls on lines and units. A platform tells an order's
// total, after coupons and discounts and with freight; what of it belongs to
// one line it tells sometimes (Line.Paid), and mostly not. Then the total is
// shared out by the method of the largest remainder (Hamilton's, also called
// Hare and Niemeyer's): each line gets the whole part of its proportional
// share, and the units of the currency that are left go one each to the lines
// with the largest fractions, of equal ones to the first. Nothing is lost and
// nothing made: the shares add up to the total, to the last fen.

// Shares is what was paid for each line, in the order of Lines, in minor
// units. The weight of a line is what the platform says was paid for it, else
// its price times its quantity; where all lines weigh nothing, their
// quantities do.
func (o Order) Shares() []int64 {
	weights := make([]*big.Int, len(o.Lines))
	nothing := true
	for i, l := range o.Lines {
		weights[i] = l.weight()
		nothing = nothing && weights[i].Sign() == 0
	}
	if nothing {
		for i, l := range o.Lines {
			weights[i] = big.NewInt(int64(max(l.Quantity, 0)))
		}
	}
	return apportion(o.Total.Amount, weights)
}

func (l Line) weight() *big.Int {
	if l.Paid != nil {
		return big.NewInt(max(l.Paid.Amount, 0))
	}
	w := big.NewInt(max(l.Price.Amount, 0))
	return w.Mul(w, big.NewInt(int64(max(l.Quantity, 0))))
}

// apportion shares an amount out by weights, by the largest remainder. Without
// any weight nobody gets anything.
func apportion(amount int64, weights []*big.Int) []int64 {
	shares, sum := make([]int64, len(weights)), new(big.Int)
	for _, w := range weights {
		sum.Add(sum, w)
	}
	if sum.Sign() == 0 || amount <= 0 {
		return shares
	}
	rest := make([]*big.Int, len(weights))
	left := amount
	for i, w := range weights {
		whole, r := new(big.Int).QuoRem(new(big.Int).Mul(big.NewInt(amount), w), sum, new(big.Int))
		shares[i], rest[i] = whole.Int64(), r
		left -= shares[i]
	}
	by := make([]int, len(weights))
	for i := range by {
		by[i] = i
	}
	slices.SortStableFunc(by, func(a, b int) int { return rest[b].Cmp(rest[a]) })
	for _, i := range by[:left] { // fewer than there are lines with a fraction
		shares[i]++
	}
	return shares
}

// ofUnits is what the first n of quantity units of a line are worth that is
// worth share: the same rule once more, where all fractions are equal.
func ofUnits(share int64, quantity, n int) int64 {
	q := int64(max(quantity, 1))
	k := int64(min(max(n, 0), quantity))
	return share/q*k + min(k, share%q)
}
