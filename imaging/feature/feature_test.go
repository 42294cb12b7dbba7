package feature

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/evenhand/evenhand/imaging"
)

// scene draws soft discs of many sizes and shades: corners, blobs and edges
// without any repetition.
func scene(w, h int, seed uint64) *imaging.Plane {
	rng := rand.New(rand.NewPCG(seed, 1))
	p := imaging.NewPlane(w, h)
	for i := range p.Pix {
		p.Pix[i] = 128
	}
	for range 500 {
		cx, cy, r := rng.Float64()*float64(w), rng.Float64()*float64(h), 2+20*math.Pow(rng.Float64(), 2)
		shade, stretch := float32(rng.Float64()*255), 0.5+rng.Float64()
		for y := max(0, int(cy-r)); y < min(h, int(cy+r)); y++ {
			for x := max(0, int(cx-r)); x < min(w, int(cx+r)); x++ {
				if math.Hypot(float64(x)-cx, (float64(y)-cy)/stretch) < r*0.8 {
					p.Row(y)[x] = shade
				}
			}
		}
	}
	out := imaging.NewPlane(w, h)
	binomial(out, p, make([]float32, w))
	return out
}

// turned applies a map of pixel places to a plane of the given size.
func turned(p *imaging.Plane, w, h int, from func(x, y int) (int, int)) *imaging.Plane {
	out := imaging.NewPlane(w, h)
	for y := range h {
		for x := range w {
			sx, sy := from(x, y)
			out.Row(y)[x] = p.Row(sy)[sx]
		}
	}
	return out
}

// TestMatchesSurviveTransforms: most matches between a picture and its copy
// must lie where the copy put them.
func TestMatchesSurviveTransforms(t *testing.T) {
	const w, h = 480, 360
	p := scene(w, h, 3)
	half := Halve(p)
	cases := []struct {
		name     string
		copy     *imaging.Plane
		mirrored bool
		place    func(x, y float64) (float64, float64) // original to copy
	}{
		{"itself", p, false, func(x, y float64) (float64, float64) { return x, y }},
		{
			"mirrored", turned(p, w, h, func(x, y int) (int, int) { return w - 1 - x, y }), true,
			func(x, y float64) (float64, float64) { return w - x, y },
		},
		{
			"upside down", turned(p, w, h, func(x, y int) (int, int) { return x, h - 1 - y }), true,
			func(x, y float64) (float64, float64) { return x, h - y },
		},
		{
			"quarter turn", turned(p, h, w, func(x, y int) (int, int) { return y, h - 1 - x }), false,
			func(x, y float64) (float64, float64) { return h - y, x },
		},
		{"half size", half, false, func(x, y float64) (float64, float64) { return x / 2, y / 2 }},
		{"0.7 of the size", imaging.Resize(p, 336, 252), false, func(x, y float64) (float64, float64) { return x * 0.7, y * 0.7 }},
	}
	original := Detect(p, 800)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			found := Detect(c.copy, 800)
			matches := MatchSets(original, found, c.mirrored)
			right := 0
			for _, m := range matches {
				a, b := original.Points[m.From], found.Points[m.To]
				x, y := c.place(float64(a.X), float64(a.Y))
				if math.Hypot(x-float64(b.X), y-float64(b.Y)) < 2*float64(max(b.Scale, 1)) {
					right++
				}
			}
			if right < 60 || right*10 < len(matches)*8 {
				t.Errorf("%d of %d matches are right; want at least 60 and 80 %%", right, len(matches))
			}
			if wrong := MatchSets(original, found, !c.mirrored); len(wrong)*2 > len(matches) {
				// Discs are nearly their own mirror image, so that some do match.
				t.Errorf("%d matches with the wrong handedness, %d with the right one", len(wrong), len(matches))
			}
		})
	}
}

// TestUnrelatedPicturesHardlyMatch uses pictures made of like parts, the worst
// case: what matches by chance agrees on no transform, which is for the caller
// to see.
func TestUnrelatedPicturesHardlyMatch(t *testing.T) {
	a, b := Detect(scene(480, 360, 3), 800), Detect(scene(480, 360, 4), 800)
	if n := len(MatchSets(a, b, false)); n*10 > len(a.Points)*3 {
		t.Errorf("%d of %d spots matched a picture of something else", n, len(a.Points))
	}
}

func TestNothingToFind(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {2, 300}, {47, 47}, {640, 480}} {
		p := imaging.NewPlane(size[0], size[1])
		for i := range p.Pix {
			p.Pix[i] = 255
		}
		if s := Detect(p, 500); len(s.Points) != 0 {
			t.Errorf("%v white pixels: %d spots", size, len(s.Points))
		}
	}
}

func TestDetectIsDeterministic(t *testing.T) {
	p := scene(320, 240, 9)
	if !reflect.DeepEqual(Detect(p, 400), Detect(p, 400)) {
		t.Error("two runs differ")
	}
}

func TestDetectKeepsToItsLimit(t *testing.T) {
	// Two orientations may double a spot; nothing else may.
	if s := Detect(scene(640, 480, 2), 300); len(s.Points) > 600 {
		t.Errorf("%d spots of at most 300 places", len(s.Points))
	}
}

// TestSplitIsExact: the two weighted directions must add up to the gradient.
func TestSplitIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		gx := rapid.Float32Range(-300, 300).Draw(t, "gx")
		gy := rapid.Float32Range(-300, 300).Draw(t, "gy")
		k0, k1, a0, a1 := split(gx, gy)
		x := float64(a0)*math.Cos(float64(k0)*math.Pi/4) + float64(a1)*math.Cos(float64(k1)*math.Pi/4)
		y := float64(a0)*math.Sin(float64(k0)*math.Pi/4) + float64(a1)*math.Sin(float64(k1)*math.Pi/4)
		if math.Hypot(x-float64(gx), y-float64(gy)) > 1e-3 || a0 < 0 || a1 < 0 {
			t.Fatalf("(%g, %g) became (%g, %g)", gx, gy, x, y)
		}
	})
}

func TestTurnFollowsTheArcTangent(t *testing.T) {
	for degree := range 360 {
		angle := float64(degree) * math.Pi / 180
		got := float64(turn(float32(math.Cos(angle)), float32(math.Sin(angle)))) * 360
		if miss := math.Abs(math.Remainder(got-float64(degree), 360)); miss > 0.3 {
			t.Errorf("%d degrees became %g", degree, got)
		}
	}
}

// TestMirrorTwiceIsTheSame: a mirror of a mirror changes nothing.
func TestMirrorTwiceIsTheSame(t *testing.T) {
	s := Detect(scene(320, 240, 5), 200)
	for i := range s.desc {
		m := s.desc[i].mirror()
		if m.mirror() != s.desc[i] {
			t.Fatal("a descriptor mirrored twice differs from itself")
		}
		if m == s.desc[i] {
			t.Fatal("a descriptor is its own mirror image: the mirror does nothing")
		}
	}
}
