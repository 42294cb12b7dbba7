package imaging

import (
	"math/rand/v2"
	"testing"
)

// TestReduceRow: a target sample is what its part of the row holds, cut samples
// by the cut part, to the last unit.
func TestReduceRow(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, c := range []struct{ num, den, n, samples int }{
		{12, 1, 5, 12}, {12, 1, 12, 12}, {7, 1, 3, 7}, {4000, 1, 1600, 4000}, {13, 2, 4, 7}, {5, 2, 9, 3}, {3, 1, 11, 3}, {1, 1, 1, 1},
	} {
		row := make([]uint8, c.samples)
		for i := range row {
			row[i] = uint8(rng.Uint32())
		}
		got := make([]uint64, c.n)
		reduceRow(got, row, newSpan(c.num, c.den, c.n, c.samples), make([]uint64, len(row)+1))
		unit := c.den * c.n
		for i := range got {
			var want uint64
			// In units: sample k covers k*unit to (k+1)*unit, part i the i-th num*unit/den/n.
			from, to := i*c.num, (i+1)*c.num
			for k, v := range row {
				want += uint64(v) * uint64(max(0, min(to, (k+1)*unit)-max(from, k*unit)))
			}
			if got[i] != want {
				t.Errorf("%+v: sample %d is %d, want %d", c, i, got[i], want)
			}
		}
	}
}
