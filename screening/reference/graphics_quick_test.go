package reference

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/evenhand/evenhand/imaging"
)

// patches is a plane of plain squares with noise on some: levels below 0 as well,
// as resampling leaves them.
func patches(w, h int, rng *rand.Rand) *imaging.Plane {
	p := imaging.NewPlane(w, h)
	for y := range h {
		for x := range w {
			square := x/13 + 7*(y/11)
			p.Row(y)[x] = float32(square*37%256-6) + float32(square%5)*2*float32(rng.NormFloat64())
		}
	}
	return p
}

// TestQuickGround: what is counted without branches, by rows and by cells, is
// what asking pixel by pixel counts.
func TestQuickGround(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, size := range [][2]int{{120, 90}, {61, 47}, {7, 5}, {3, 2}, {1, 1}} {
		p := patches(size[0], size[1], rng)
		m := newCalmMap(p)
		for y := range p.Height {
			for x, calm := range m.row(y) {
				if want := rangeOf(p, calmCell*(x-calmCells), calmCell*(y/calmCell-calmCells), calmCell*(x+calmCells+1), calmCell*(y/calmCell+calmCells+1)) < calmRange; calm != want {
					t.Fatalf("%v: cell %d of row %d is calm: %v", size, x, y, calm)
				}
			}
		}
		for y := range p.Height {
			for x := range p.Width {
				off, ok := sigma(p, x, y)
				if wantOff, wantOK := sigmaPlain(p, x, y); ok != wantOK || ok && off != wantOff {
					t.Fatalf("%v: (%d, %d) lies %g off (%v), want %g (%v)", size, x, y, off, ok, wantOff, wantOK)
				}
			}
		}
		n := min(maxBlock, p.Width, p.Height)
		for _, at := range [][2]int{{0, 0}, {p.Width - n, 0}, {(p.Width - n) / 2, (p.Height - n) / 2}, {p.Width - n, p.Height - n}} {
			flat, inner := flatPixels(p, at[0], at[1], n)
			wantFlat, wantInner := 0, 0
			for y := max(1, at[1]); y < min(p.Height-1, at[1]+n); y++ {
				for x := max(1, at[0]); x < min(p.Width-1, at[0]+n); x++ {
					wantInner++
					if rangeOf(p, x-1, y-1, x+2, y+2) < flatRange {
						wantFlat++
					}
				}
			}
			if flat != wantFlat || inner != wantInner {
				t.Errorf("%v: %d of %d are flat at %v, want %d of %d", size, flat, inner, at, wantFlat, wantInner)
			}
		}
	}
}

// rangeOf is the largest less the least level of a rectangle.
func rangeOf(p *imaging.Plane, x0, y0, x1, y1 int) float32 {
	low, high := float32(math.MaxFloat32), float32(-math.MaxFloat32)
	for y := max(0, y0); y < min(p.Height, y1); y++ {
		for _, v := range p.Row(y)[max(0, x0):min(p.Width, x1)] {
			low, high = min(low, v), max(high, v)
		}
	}
	return high - low
}

func sigmaPlain(p *imaging.Plane, x, y int) (off float32, ok bool) {
	var sum, count float32
	all := 0
	for v := max(0, y-weakReach); v < min(p.Height, y+weakReach+1); v++ {
		for u := max(0, x-weakReach); u < min(p.Width, x+weakReach+1); u++ {
			all++
			if d := p.Row(v)[u] - p.Row(y)[x]; d < weakStep && d > -weakStep {
				sum, count = sum+d, count+1
			}
		}
	}
	return -sum / count, count >= weakPart*float32(all)
}

// TestBoxRows: running sums, two rows at a time, come to the mean of a square
// whose outside repeats the rim.
func TestBoxRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, size := range [][2]int{{40, 31}, {12, 30}, {9, 4}, {2, 3}, {1, 1}} {
		p := patches(size[0], size[1], rng)
		for _, r := range []int{1, 3, 10} {
			got := box(p, r)
			for y := range p.Height {
				for x := range p.Width {
					var want float64
					for v := y - r; v <= y+r; v++ {
						for u := x - r; u <= x+r; u++ {
							want += float64(p.Row(min(max(v, 0), p.Height-1))[min(max(u, 0), p.Width-1)])
						}
					}
					want /= float64((2*r + 1) * (2*r + 1))
					if math.Abs(want-float64(got.Row(y)[x])) > 1e-3 {
						t.Fatalf("%v, radius %d: %g at (%d, %d), want %g", size, r, got.Row(y)[x], x, y, want)
					}
				}
			}
		}
	}
}
