package chance

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"
)

// TestBinomial: the tail is the sum of its terms, where that can be had.
func TestBinomial(t *testing.T) {
	for _, n := range []int{1, 5, 40, 300} {
		for _, p := range []float64{1.0 / 64, 0.1, 0.5} {
			for k := 1; k <= n; k += 1 + n/17 {
				if float64(k) <= float64(n)*p {
					continue
				}
				want := math.Log10(Upper(n, k, p))
				if got := Binomial(n, k, p); want > -280 && math.Abs(got-want) > 1e-6*math.Abs(want)+1e-9 {
					t.Errorf("%d of %d at %v: %v, want %v", k, n, p, got, want)
				}
			}
		}
	}
	for _, tt := range []struct {
		n, k int
		p    float64
	}{{0, 0, 0.5}, {10, 0, 0.5}, {10, 3, 1}, {10, 5, 0.5}} {
		if got := Binomial(tt.n, tt.k, tt.p); got != 0 {
			t.Errorf("%+v: %v, want 0", tt, got)
		}
	}
	if got := Binomial(5, 6, 0.5); !math.IsInf(got, -1) {
		t.Errorf("six of five: %v", got)
	}
}

// random is a raster on which each cell is odd with probability p.
func random(r *rand.Rand, wide, high int, p float64) *Raster {
	c := NewRaster(wide, high, 2)
	for at := range c.Odd {
		c.Trials[at] = 1
		if r.Float64() < p {
			c.Odd[at] = 1
		}
	}
	return c
}

// TestNumberOfFalseAlarms: on rasters where chance alone is at work there are,
// on average, at most e areas with an expected number of false alarms of e or
// less. That is what LogNFA claims.
func TestNumberOfFalseAlarms(t *testing.T) {
	const rasters = 400
	r := rand.New(rand.NewPCG(3, 4))
	var below [4]int // LogNFA under 0, -1, -2, -3
	for range rasters {
		areas, _ := random(r, 30+r.IntN(50), 30+r.IntN(50), 1.0/64).Search(1.0/64, 0)
		for _, a := range areas {
			for i := range below {
				if a.LogNFA < -float64(i) {
					below[i]++
				}
			}
		}
	}
	for i, n := range below {
		most := rasters * math.Pow(10, -float64(i))
		if float64(n) > most+3*math.Sqrt(most) {
			t.Errorf("%d areas under 10^-%d on %d rasters, at most %.1f expected", n, i, rasters, most)
		}
	}
}

// TestSearch: an area where successes crowd is found and framed; where the whole
// raster is as crowded, nothing is.
func TestSearch(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	crowded := image.Rect(20, 10, 32, 25)
	plant := func(p float64) *Raster {
		c := random(r, 60, 50, 1.0/64)
		for y := crowded.Min.Y; y < crowded.Max.Y; y++ {
			for x := crowded.Min.X; x < crowded.Max.X; x++ {
				if r.Float64() < p {
					c.Odd[y*c.Wide+x] = 1
				}
			}
		}
		return c
	}
	areas, _ := plant(0.7).Search(1.0/64, math.Log10(64))
	if len(areas) != 1 || areas[0].LogNFA > -20 || !crowded.Inset(1).In(areas[0].Box) || !areas[0].Box.In(crowded.Inset(-6)) {
		t.Errorf("areas %+v, want one about %v", areas, crowded)
	}
	if areas, rate := random(r, 60, 50, 0.5).Search(1.0/64, 0); len(areas) > 0 {
		t.Errorf("%d areas on a raster that is odd everywhere, judged by a rate of %v", len(areas), rate)
	}
}
