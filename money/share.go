package money

import (
	"math/big"
	"slices"
)

// Apportion shares an amount out by weights, by the method of the largest
// remainder (Hamilton's, also called Hare and Niemeyer's): each gets the whole
// part of its proportional share, and the units of the currency that are left
// go one each to those with the largest fractions, of equal ones to the first.
// The shares add up to the amount, to the last fen. Without any weight nobody
// gets anything.
func Apportion(amount int64, weights []*big.Int) []int64 {
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

// OfUnits is what the first n of quantity units of a line are worth that is
// worth share: the same rule once more, where all fractions are equal.
func OfUnits(share int64, quantity, n int) int64 {
	q := int64(max(quantity, 1))
	k := int64(min(max(n, 0), quantity))
	return share/q*k + min(k, share%q)
}
