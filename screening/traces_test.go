package screening

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/evenhand/evenhand/evidence"
)

// grained is a picture of waves and grain.
func grained(seed uint64) *image.RGBA {
	r := rand.New(rand.NewPCG(seed, 1))
	m := image.NewRGBA(image.Rect(0, 0, 420, 340))
	for y := range 340 {
		for x := range 420 {
			v := 125 + 35*math.Sin(float64(x)*0.3+float64(seed)) + 30*math.Sin(float64(y)*0.23-float64(x)*0.07) + 3*r.NormFloat64()
			copy(m.Pix[m.PixOffset(x, y):], []uint8{uint8(v), uint8(0.95 * v), uint8(0.9 * v), 255})
		}
	}
	return m
}

// TestInspectTellsTraces: what was painted on a saved photo is told of the
// claim's picture, with its place, and not of a reference.
func TestInspectTellsTraces(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, grained(1), &jpeg.Options{Quality: 80}); err != nil {
		t.Fatal(err)
	}
	back, err := jpeg.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	m := image.NewRGBA(back.Bounds())
	draw.Draw(m, m.Rect, back, image.Point{}, draw.Src)
	draw.Draw(m, image.Rect(200, 100, 300, 190), grained(2), image.Pt(200, 100), draw.Src)
	name := filepath.Join(t.TempDir(), "painted.png")
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	got, _, err := Inspect(t.Context(), []string{name}, nil, Options{})
	if err != nil || len(got.Claim) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	at := slices.IndexFunc(got.Claim[0].Findings, func(f evidence.Finding) bool { return f.Code == evidence.TraceCompressedOnce })
	if at < 0 {
		t.Fatalf("findings %+v", got.Claim[0].Findings)
	}
	f := got.Claim[0].Findings[at]
	if f.Strength != evidence.Weak || len(f.Regions) == 0 || f.Regions[0].X > 0.5 || f.Regions[0].X+f.Regions[0].Width < 0.65 {
		t.Errorf("%+v", f)
	}
	if got.Summary.Strength != evidence.Weak || got.Summary.Stance != evidence.Against {
		t.Errorf("summary %+v", got.Summary)
	}
}
