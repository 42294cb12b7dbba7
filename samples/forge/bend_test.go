package forge

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestBendStaysWithinItsShare: no point moves farther than was asked for, some
// move at least a quarter as far, and none comes from outside of the picture.
func TestBendStaysWithinItsShare(t *testing.T) {
	for _, size := range [][2]float64{{800, 600}, {600, 800}, {500, 500}} {
		for _, kind := range Bendings() {
			for seed := range uint64(40) {
				w, h := size[0], size[1]
				reach := 0.03 * max(w, h)
				from := bendOf(kind, w, h, reach, rand.New(rand.NewPCG(seed, 9)))
				most := 0.0
				for y := 0.0; y <= h; y += h / 20 {
					for x := 0.0; x <= w; x += w / 20 {
						sx, sy := from(x, y)
						if sx < -1e-6 || sy < -1e-6 || sx > w+1e-6 || sy > h+1e-6 {
							t.Fatalf("%s %d: (%.0f, %.0f) comes from (%.2f, %.2f) outside", kind, seed, x, y, sx, sy)
						}
						most = max(most, math.Hypot(sx-x, sy-y))
					}
				}
				if most > 1.5*reach || most < reach/8 {
					t.Errorf("%s %d: moves up to %.1f pixels, %.1f were asked for", kind, seed, most, reach)
				}
			}
		}
	}
}

// TestBendIsDeterministic: the same chance bends alike, and an unknown bending
// leaves the picture.
func TestBendIsDeterministic(t *testing.T) {
	img := scene(120, 90)
	for _, kind := range Bendings() {
		a, b := Bend(img, kind, 0.03, rand.New(rand.NewPCG(1, 2))), Bend(img, kind, 0.03, rand.New(rand.NewPCG(1, 2)))
		if string(a.Pix) != string(b.Pix) {
			t.Errorf("%s differs from run to run", kind)
		}
		if string(a.Pix) == string(img.Pix) {
			t.Errorf("%s changes nothing", kind)
		}
	}
	if out := Bend(img, "none", 0.03, rand.New(rand.NewPCG(1, 2))); string(out.Pix) != string(img.Pix) {
		t.Error("an unknown bending changed the picture")
	}
}
