package travel

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/imaging"
)

// chart is a picture whose luma says where along x a pixel is (or along y,
// where down is true), so that a map can be checked from the pixels alone.
func chart(w, h int, down bool) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			t := (float64(x) + 0.5) / float64(w)
			if down {
				t = (float64(y) + 0.5) / float64(h)
			}
			v := level(20 + 210*t)
			img.SetRGBA(x, y, color.RGBA{v, v, v, 255})
		}
	}
	return img
}

// place reads back the fraction that chart wrote.
func place(c color.Color) float64 {
	g, _ := color.GrayModel.Convert(c).(color.Gray)
	return (float64(g.Y) - 20) / 210
}

// geometric says whether a step leaves pixel values as the chart wrote them.
func geometric(t Trip) bool {
	for _, s := range t.Steps {
		switch s.(type) {
		case Tone, Overlay, Frame:
			return false
		}
	}
	return true
}

func TestToOriginalMapsClaimToInput(t *testing.T) {
	const w, h = 420, 300
	tested := 0
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 1))
		trip := Random(rng)
		if seed < uint64(len(Names())) {
			var err error
			if trip, err = Named(Names()[seed], rng); err != nil {
				t.Fatal(err)
			}
		}
		if !geometric(trip) {
			continue
		}
		tested++
		checkMap(t, trip, w, h, false)
		checkMap(t, trip, w, h, true)
	}
	if tested < 15 {
		t.Errorf("only %d geometric trips among the seeds", tested)
	}
}

func checkMap(t *testing.T, trip Trip, w, h int, down bool) {
	t.Helper()
	file, back, err := trip.Apply(chart(w, h, down))
	if err != nil {
		t.Fatalf("%v: %v", trip, err)
	}
	got, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatalf("%v: %v", trip, err)
	}
	b := got.Bounds()
	for _, f := range [][2]float64{{0.5, 0.5}, {0.3, 0.4}, {0.7, 0.35}, {0.4, 0.7}} {
		x, y := math.Floor(f[0]*float64(b.Dx())), math.Floor(f[1]*float64(b.Dy()))
		ox, oy := back.Apply(x+0.5, y+0.5)
		want, side := ox/float64(w), float64(w)
		if down {
			want, side = oy/float64(h), float64(h)
		}
		if d := math.Abs(place(got.At(int(x), int(y)))-want) * side; d > 4.5 {
			t.Errorf("%v: (%v,%v) is %.1f px from where the map says (down %v)", trip, x, y, d, down)
		}
	}
}

func TestFrameKeepsThePicture(t *testing.T) {
	img := chart(400, 300, false)
	for _, style := range []string{"viewer", "chat", "card"} {
		out, back, err := Frame{style, 5}.do(img)
		if err != nil {
			t.Fatal(err)
		}
		inv, ok := back.Invert()
		if !ok {
			t.Fatalf("%s: map cannot be inverted", style)
		}
		for _, p := range []image.Point{{200, 150}, {20, 100}, {380, 280}} {
			x, y := inv.Apply(float64(p.X)+0.5, float64(p.Y)+0.5)
			if out.At(int(x), int(y)) != img.At(p.X, p.Y) {
				t.Errorf("%s: pixel %v went elsewhere", style, p)
			}
		}
		if out.Rect.Dy() <= 300 {
			t.Errorf("%s: no frame about it: %v", style, out.Rect)
		}
	}
}

func TestTripsAreRepeatable(t *testing.T) {
	img := chart(200, 160, false)
	for _, name := range Names() {
		a, errA := Named(name, rand.New(rand.NewPCG(4, 2)))
		b, errB := Named(name, rand.New(rand.NewPCG(4, 2)))
		if errA != nil || errB != nil {
			t.Fatal(name, errA, errB)
		}
		fa, ma, err := a.Apply(img)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		fb, mb, _ := b.Apply(img)
		if !bytes.Equal(fa, fb) || ma != mb || a.String() != b.String() {
			t.Errorf("%s: two trips of one seed differ", name)
		}
		if !strings.Contains(a.String(), "jpeg") {
			t.Errorf("%s: %q does not say how it was saved", name, a)
		}
	}
	if _, err := Named("by-sea", rand.New(rand.NewPCG(1, 1))); err == nil {
		t.Error("an unknown trip was planned")
	}
}

func TestRandomKeepsItsPromises(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	thirds := 0
	const n = 3000
	for range n {
		trip := Random(rng)
		var crop Crop
		factor, extras := 1.0, 0
		for _, s := range trip.Steps {
			switch s := s.(type) {
			case Crop:
				crop = s
			case Rescale:
				factor = s.Factor
			case JPEG:
				if s.Quality < 50 || s.Quality > 92 {
					t.Fatalf("%v: quality", trip)
				}
			default:
				extras++
			}
		}
		if side := min(crop.Width, crop.Height); side < 0.333 || side > 1 || side*factor < 0.333 {
			t.Fatalf("%v keeps too little", trip)
		} else if side < 0.4 {
			thirds++
		}
		if factor < 0.45 || factor > 1.1 || extras > 3 {
			t.Fatalf("%v: factor %v, %d extras", trip, factor, extras)
		}
	}
	if share := float64(thirds) / n; share < 0.06 || share > 0.2 {
		t.Errorf("%.3f of trips crop to about a third, want about 0.1", share)
	}
}

func TestSmallPicturesSurvive(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {3, 200}, {64, 64}} {
		img := chart(size.X, size.Y, false)
		for seed := range uint64(20) {
			if _, _, err := Random(rand.New(rand.NewPCG(seed, 3))).Apply(img); err != nil {
				t.Errorf("%v seed %d: %v", size, seed, err)
			}
		}
	}
}

func TestResampleKeepsFlatAndMean(t *testing.T) {
	img := chart(240, 100, false)
	for _, f := range filters() {
		for _, n := range []int{50, 108, 239, 240, 264} {
			out := resample(img, n, 45, f)
			var sum float64
			for x := range n {
				sum += place(out.At(x, 20))
			}
			if mean := sum / float64(n); math.Abs(mean-0.5) > 0.01 {
				t.Errorf("%s to %d: the mean moved to %.3f", f, n, mean)
			}
		}
	}
}

func TestQuarterTurnsComposeToNothing(t *testing.T) {
	img := chart(31, 20, false)
	cur, m := img, imaging.ScaleBy(1, 1)
	for range 4 {
		next, back, err := Turn{1}.do(cur)
		if err != nil {
			t.Fatal(err)
		}
		cur, m = next, back.Then(m)
	}
	if !bytes.Equal(cur.Pix, img.Pix) || m != imaging.ScaleBy(1, 1) {
		t.Errorf("four quarter turns give %v, %+v", cur.Rect, m)
	}
}
