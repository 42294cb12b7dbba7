package watermark

import (
	"math/rand/v2"
	"testing"
)

// TestSums: the sum around a block is that of the blocks there are.
func TestSums(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for _, l := range []lattice{{9, 7}, {5, 1}, {4, 6}, {1, 3}} {
		v := make([]float64, l.across*l.down)
		for i := range v {
			v[i] = float64(rng.IntN(1000))
		}
		for r := range 4 {
			for i, got := range l.sums(v, r) {
				want := 0.0
				for y := max(0, i/l.across-r); y <= min(l.down-1, i/l.across+r); y++ {
					for x := max(0, i%l.across-r); x <= min(l.across-1, i%l.across+r); x++ {
						want += v[y*l.across+x]
					}
				}
				if got != want {
					t.Errorf("%v: %g around block %d, %d away, want %g", l, got, i, r, want)
				}
			}
		}
	}
}
