package forge

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"
)

func TestReplaceBackgroundKeepsTheSubject(t *testing.T) {
	img := scene(200, 160)
	bg := image.NewRGBA(image.Rect(0, 0, 50, 80))
	for i := range bg.Pix {
		bg.Pix[i] = 255
	}
	subject := image.NewAlpha(img.Rect)
	for y := 40; y < 120; y++ {
		for x := 60; x < 140; x++ {
			subject.SetAlpha(x, y, color.Alpha{255})
		}
	}
	out := ReplaceBackground(img, subject, bg)
	for y := 42; y < 118; y++ {
		for x := 62; x < 138; x++ {
			if out.RGBAAt(x, y) != img.RGBAAt(x, y) {
				t.Fatalf("subject pixel (%d,%d) changed", x, y)
			}
		}
	}
	if c := out.RGBAAt(2, 2); c.R < 250 {
		t.Errorf("corner is %v, want the white background", c)
	}
}

func TestRedrawKeepsShapesAndLosesTexture(t *testing.T) {
	img := scene(256, 192)
	// A strong edge that must survive.
	for y := range 192 {
		for x := 128; x < 160; x++ {
			img.SetRGBA(x, y, color.RGBA{20, 20, 20, 255})
		}
	}
	out := Redraw(img, rand.New(rand.NewPCG(3, 3)))
	if d := int(out.RGBAAt(120, 90).R) - int(out.RGBAAt(144, 90).R); d < 40 {
		t.Errorf("the edge fell to %d levels", d)
	}
	a, b := lumaOf(img), lumaOf(out)
	var coarse float64
	ca, cb := boxBlur(a, 256, 192, 4), boxBlur(b, 256, 192, 4)
	for i := range ca {
		coarse += math.Abs(float64(ca[i] - cb[i]))
	}
	if coarse /= float64(len(ca)); coarse > 15 {
		t.Errorf("large shapes moved by %.1f levels on average", coarse)
	}
	if r := residualCorrelation(a, b, 256, 192); r > 0.5 {
		t.Errorf("fine texture still correlates %.2f", r)
	}
	again := Redraw(img, rand.New(rand.NewPCG(3, 3)))
	if string(again.Pix) != string(out.Pix) {
		t.Error("two runs of one seed differ")
	}
}

// residualCorrelation compares what a 3x3 mean leaves over, away from the edge.
func residualCorrelation(a, b []float32, w, h int) float64 {
	ra, rb := boxBlur(a, w, h, 1), boxBlur(b, w, h, 1)
	var xy, xx, yy float64
	for y := range h {
		for x := range 110 {
			i := y*w + x
			u, v := float64(a[i]-ra[i]), float64(b[i]-rb[i])
			xy, xx, yy = xy+u*v, xx+u*u, yy+v*v
		}
	}
	return xy / math.Sqrt(xx*yy)
}
