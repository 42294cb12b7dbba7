package screening

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/evidence"
)

// cardAndWall is a printed card leaning before a printed wall, seen from an
// eye moved sideways by so much, and turned a little as a hand turns: two planes,
// so that there is parallax.
func cardAndWall(eye float64) *image.Gray {
	random := rand.New(rand.NewPCG(5, 5))
	type wave struct{ kx, ky, phase float64 }
	waves := make([]wave, 14)
	for i := range waves {
		length, turn := 0.05+0.35*random.Float64(), 2*math.Pi*random.Float64()
		waves[i] = wave{2 * math.Pi * math.Cos(turn) / length, 2 * math.Pi * math.Sin(turn) / length, 6 * random.Float64()}
	}
	print := func(x, y float64) (v float64) {
		for _, w := range waves {
			v += 13 * math.Sin(w.kx*x+w.ky*y+w.phase)
		}
		return 128 + v
	}
	m := image.NewGray(image.Rect(0, 0, 480, 360))
	for py := range 360 {
		for px := range 480 {
			a, b := (float64(px)-240)/480, (float64(py)-180)/480
			u, v := a-0.05*eye*b, b+0.05*eye*a
			// The card lies on z = 6 + 0.4·x for |x|, |y| below 1.6; the wall on z = 9 - 0.5·x:
			// were it square to the eye's way, moving would be no more than a shift of the picture.
			z := (6 + 0.4*eye) / (1 - 0.4*u)
			x, y := eye+u*z, v*z
			level := 0.0
			if math.Abs(x) < 1.6 && math.Abs(y) < 1.6 {
				level = print(x, y)
			} else {
				far := (9 - 0.5*eye) / (1 + 0.5*u)
				level = print(7+(eye+far*u)*0.8, 3+far*v*0.8)
			}
			m.Pix[py*m.Stride+px] = uint8(min(max(level+1.5*random.NormFloat64(), 0), 255))
		}
	}
	return m
}

func save(t *testing.T, name string, m image.Image) {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestMarkedPlacesAreAskedAbout: a place that is marked on one claim photo is
// asked about in the others; without a mark nothing is asked.
func TestMarkedPlacesAreAskedAbout(t *testing.T) {
	dir := t.TempDir()
	name := func(s string) string { return filepath.Join(dir, s) }
	honest, side := cardAndWall(0.35), cardAndWall(-0.35)
	forged := image.NewGray(honest.Rect)
	draw.Draw(forged, forged.Rect, honest, image.Point{}, draw.Src)
	random := rand.New(rand.NewPCG(1, 1))
	for py := range 360 {
		for px := range 480 {
			// Three dark ragged bands across the card.
			d := math.Abs(float64(py-180) - 9*math.Sin(float64(px)/6))
			if x := px - 205; x > -38 && x < 38 && d < 14 {
				forged.Pix[py*forged.Stride+px] = uint8(30 + 10*math.Sin(float64(px*py)/40) + 6*random.NormFloat64())
			}
		}
	}
	save(t, name("forged.jpg"), forged)
	save(t, name("honest.jpg"), honest)
	save(t, name("side.jpg"), side)
	place := evidence.Region{X: 0.32, Y: 0.40, Width: 0.21, Height: 0.2}
	tests := []struct {
		photo string
		marks bool
		want  evidence.Code
	}{
		{"forged.jpg", true, evidence.AngleInconsistent},
		{"honest.jpg", true, evidence.AngleConsistent},
		{"forged.jpg", false, ""},
	}
	for _, tt := range tests {
		o := Options{}
		if tt.marks {
			o.Marks = []Mark{{File: name(tt.photo), Region: place}}
		}
		in, _, err := Inspect(t.Context(), []string{name(tt.photo), name("side.jpg")}, nil, o)
		if err != nil || len(in.Claim) != 2 {
			t.Fatalf("%v, %+v", err, in)
		}
		var got evidence.Code
		for _, f := range in.Claim[0].Findings {
			got = f.Code
			if f.Reference != name("side.jpg") || f.Text.EN == "" || f.Text.ZH == "" || len(f.Regions) != 1 || f.Regions[0].Kind != evidence.Asked {
				t.Errorf("%s: %+v", tt.photo, f)
			}
		}
		if got != tt.want || len(in.Claim[1].Findings) != 0 {
			t.Errorf("%s: %q, want %q: %+v", tt.photo, got, tt.want, in.Claim)
		}
	}
}

// TestNoWitness: a part of the marked photo is no second angle, and neither is a
// photo that was made from one of the references, whatever is seen on them.
func TestNoWitness(t *testing.T) {
	dir := t.TempDir()
	name := func(s string) string { return filepath.Join(dir, s) }
	photo, side := cardAndWall(0.35), cardAndWall(-0.35)
	save(t, name("photo.jpg"), photo)
	save(t, name("part.jpg"), photo.SubImage(image.Rect(30, 20, 450, 340)))
	save(t, name("side.jpg"), side)
	place := evidence.Region{X: 0.32, Y: 0.40, Width: 0.21, Height: 0.2}
	for _, tt := range []struct {
		name, witness string
		references    []string
		says          string
	}{
		{"a part of it", "part.jpg", nil, "same picture"},
		{"a copy of a reference", "side.jpg", []string{name("side.jpg")}, "itself made from another picture"},
	} {
		in, _, err := Inspect(t.Context(), []string{name("photo.jpg"), name(tt.witness)}, tt.references, Options{Marks: []Mark{{File: name("photo.jpg"), Region: place}}})
		if err != nil || len(in.Claim) != 2 {
			t.Fatalf("%v, %+v", err, in)
		}
		var f []evidence.Finding
		for _, x := range in.Claim[0].Findings {
			if strings.HasPrefix(string(x.Code), "angle.") {
				f = append(f, x)
			}
		}
		if len(f) != 1 || f[0].Code != evidence.AngleUnseen || !strings.Contains(f[0].Text.EN, tt.says) {
			t.Errorf("%s: %+v", tt.name, f)
		}
	}
}
