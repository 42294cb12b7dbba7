package angle

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/evenhand/evenhand/imaging"
)

// texture is smooth random terrain of 128 grey levels, the same at a point
// whatever the plane.
func texture(seed uint64) func(x, y float64) float64 {
	random := rand.New(rand.NewPCG(seed, 3))
	type wave struct{ kx, ky, phase, size float64 }
	waves := make([]wave, 12)
	for i := range waves {
		length, turn := 5+40*random.Float64(), 2*math.Pi*random.Float64()
		sin, cos := math.Sincos(turn)
		waves[i] = wave{2 * math.Pi * cos / length, 2 * math.Pi * sin / length, 2 * math.Pi * random.Float64(), 14}
	}
	return func(x, y float64) (v float64) {
		for _, w := range waves {
			v += w.size * math.Sin(w.kx*x+w.ky*y+w.phase)
		}
		return 128 + v
	}
}

func plane(w, h int, at func(x, y float64) float64) *imaging.Plane {
	p := imaging.NewPlane(w, h)
	for y := range h {
		for x := range w {
			p.Row(y)[x] = float32(at(float64(x)+0.5, float64(y)+0.5))
		}
	}
	return p
}

// TestPatchesAreFound: a patch of a picture that was seen through an affine
// map, brightened and flattened, is found to a sixth of a pixel from a guess
// that is off by a pixel and some per cent, nearly always.
func TestPatchesAreFound(t *testing.T) {
	const trials = 80
	found := 0
	for seed := range uint64(trials) {
		random := rand.New(rand.NewPCG(seed, 6))
		draw := func(by float64) float64 { return by * (2*random.Float64() - 1) }
		show := texture(seed)
		truth := warp{u: 40 + draw(3), v: 40 + draw(3), a: 1 + draw(0.2), b: draw(0.2), c: draw(0.2), d: 1 + draw(0.2)}
		gain, lift := 1+draw(0.4), draw(40)
		det := truth.a*truth.d - truth.b*truth.c
		a := plane(80, 80, show)
		b := plane(80, 80, func(x, y float64) float64 {
			x, y = x-truth.u, y-truth.v
			return lift + gain*show(40.5+(truth.d*x-truth.b*y)/det, 40.5+(truth.a*y-truth.c*x)/det)
		})
		var patch template
		if !patch.cut(a, 40, 40, leastSpread) {
			t.Fatalf("seed %d: a plain patch", seed)
		}
		guess := truth
		guess.u, guess.v, guess.a, guess.d = guess.u+draw(1.2), guess.v+draw(1.2), guess.a+draw(0.06), guess.d+draw(0.06)
		w, correlation, spread, ok := patch.find(b, guess, cellDrift)
		if ok && correlation > 0.97 && math.Hypot(w.u-truth.u, w.v-truth.v) < 0.17 && math.Abs(patch.spread/spread*gain-1) < 0.1 {
			found++
		}
	}
	if found < trials*9/10 {
		t.Errorf("%d of %d patches were found", found, trials)
	}
}

func TestPatchKeepsToThePicture(t *testing.T) {
	show := texture(1)
	a, b := plane(60, 60, show), plane(60, 60, show)
	var patch template
	for _, at := range [][2]int{{0, 0}, {8, 30}, {30, 51}, {59, 59}} {
		if patch.cut(a, at[0], at[1], leastSpread) {
			t.Errorf("a patch around %v leaves the picture", at)
		}
	}
	if !patch.cut(a, 30, 30, leastSpread) {
		t.Fatal("no patch in the middle")
	}
	for _, w := range []warp{{u: 3, v: 30, a: 1, d: 1}, {u: 30.5, v: 30.5, a: 9, d: 9}, {u: math.NaN(), v: 1, a: 1, d: 1}, {u: 1e18, v: 30, a: 1, d: 1}} {
		if _, _, _, ok := patch.find(b, w, cellDrift); ok {
			t.Errorf("found beyond the picture: %+v", w)
		}
	}
}

// TestLeftOverKeepsToTheContrast: a plain patch that happens to correlate
// explains nothing of a strong one.
func TestLeftOverKeepsToTheContrast(t *testing.T) {
	p := template{spread: 30}
	if left := p.leftOver(1, 1, 1); left < 0.8*900 {
		t.Errorf("a patch of a thirtieth of the contrast explains %.0f of 900", 900-left)
	}
	if left := p.leftOver(1, 30, 1); left > 1e-9 {
		t.Errorf("the very patch leaves %.1f", left)
	}
	if left := p.leftOver(1, 20, 1); left > 1e-9 {
		t.Errorf("a patch of two thirds of the contrast leaves %.1f", left)
	}
}
