package forge

import (
	"image"
	"image/color"
	"math/rand/v2"
	"testing"
)

// scene is a picture with slopes, edges and grain to paint on.
func scene(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	rng := rand.New(rand.NewPCG(1, 2))
	land := noiseField{seed: 5, cell: 40}
	for y := range h {
		for x := range w {
			v := 130 + 60*land.fractal(float64(x), float64(y), 5) + 3*rng.NormFloat64()
			img.SetRGBA(x, y, color.RGBA{level(v), level(v * 0.95), level(v*0.8 + 10), 255})
		}
	}
	return img
}

func TestPaintCoversWhatItSays(t *testing.T) {
	for _, size := range []image.Point{{348, 348}, {800, 600}} {
		img := scene(size.X, size.Y)
		for _, kind := range Kinds() {
			for seed := range uint64(6) {
				out, mask := Paint(img, kind, rand.New(rand.NewPCG(seed, 7)))
				if out.Rect != mask.Rect || out.Rect != img.Rect {
					t.Fatalf("%s: bounds %v, mask %v", kind, out.Rect, mask.Rect)
				}
				n, changed := 0, 0
				for y := range size.Y {
					for x := range size.X {
						a, b := img.RGBAAt(x, y), out.RGBAAt(x, y)
						in := mask.AlphaAt(x, y).A != 0
						if in {
							n++
						}
						if a != b {
							changed++
						}
						if !in && (diff(a.R, b.R) > 24 || diff(a.G, b.G) > 24) {
							t.Fatalf("%s seed %d: (%d,%d) went %v to %v outside the mask", kind, seed, x, y, a, b)
						}
					}
				}
				area := float64(n) / float64(size.X*size.Y)
				if area < minArea || area > maxArea {
					t.Errorf("%s seed %d at %v: area %.4f", kind, seed, size, area)
				}
				if changed < n/2 {
					t.Errorf("%s seed %d: only %d of %d masked pixels changed", kind, seed, changed, n)
				}
			}
		}
	}
}

func TestPaintIsDeterministic(t *testing.T) {
	img := scene(300, 200)
	for _, kind := range Kinds() {
		a, ma := Paint(img, kind, rand.New(rand.NewPCG(9, 9)))
		b, mb := Paint(img, kind, rand.New(rand.NewPCG(9, 9)))
		if string(a.Pix) != string(b.Pix) || string(ma.Pix) != string(mb.Pix) {
			t.Errorf("%s: two runs of one seed differ", kind)
		}
	}
}

func TestPaintSubImageAndTiny(t *testing.T) {
	img := scene(120, 90).SubImage(image.Rect(20, 10, 100, 80)).(*image.RGBA)
	out, _ := Paint(img, Stain, rand.New(rand.NewPCG(1, 1)))
	if out.Rect != image.Rect(0, 0, 80, 70) {
		t.Errorf("bounds %v", out.Rect)
	}
	for _, kind := range Kinds() {
		Paint(image.NewRGBA(image.Rect(0, 0, 1, 1)), kind, rand.New(rand.NewPCG(1, 1)))
		Paint(image.NewRGBA(image.Rect(0, 0, 9, 200)), kind, rand.New(rand.NewPCG(1, 1)))
	}
}

func TestParseKind(t *testing.T) {
	for _, k := range Kinds() {
		if got, err := ParseKind(string(k)); err != nil || got != k {
			t.Errorf("ParseKind(%q) = %v, %v", k, got, err)
		}
	}
	if _, err := ParseKind("rust"); err == nil {
		t.Error("an unknown kind was read")
	}
}

func diff(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }
