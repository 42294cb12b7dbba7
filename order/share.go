package order

import (
	"math/big"

	"github.com/evenhand/evenhand/money"
)

// How what was paid falls on lines and units. A platform tells an order's
// total, after coupons and discounts and with freight; what of it belongs to
// one line it tells sometimes (Line.Paid), and mostly not. Then the total is
// shared out by the largest remainder (see money.Apportion).

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
	return money.Apportion(o.Total.Amount, weights)
}

func (l Line) weight() *big.Int {
	if l.Paid != nil {
		return big.NewInt(max(l.Paid.Amount, 0))
	}
	w := big.NewInt(max(l.Price.Amount, 0))
	return w.Mul(w, big.NewInt(int64(max(l.Quantity, 0))))
}
