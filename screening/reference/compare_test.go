package reference

import (
	"context"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"sync"
	"testing"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/samples/travel"
)

// still draws a table of soft discs and lines under uneven light, with grain:
// texture at every scale, none of it repeated.
func still(w, h int, seed uint64) *image.RGBA {
	rng := rand.New(rand.NewPCG(seed, 77))
	type disc struct{ x, y, r, shade, tint float64 }
	discs := make([]disc, 260)
	for i := range discs {
		discs[i] = disc{rng.Float64() * float64(w), rng.Float64() * float64(h), 3 + float64(w)/12*math.Pow(rng.Float64(), 3), rng.Float64()*150 - 75, rng.Float64()*40 - 20}
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	level := make([][2]float64, w*h)
	for _, d := range discs {
		for y := max(0, int(d.y-d.r)); y < min(h, int(d.y+d.r)+1); y++ {
			for x := max(0, int(d.x-d.r)); x < min(w, int(d.x+d.r)+1); x++ {
				if a := d.r - math.Hypot(float64(x)-d.x, float64(y)-d.y); a > 0 {
					a = min(1, a)
					level[y*w+x][0] += a * d.shade * 0.6
					level[y*w+x][1] += a * d.tint
				}
			}
		}
	}
	for y := range h {
		for x := range w {
			l := 128 + level[y*w+x][0] + 20*float64(x)/float64(w) + rng.NormFloat64()*3
			t := level[y*w+x][1]
			img.SetRGBA(x, y, color.RGBA{clamp(l + t), clamp(l), clamp(l - t), 255})
		}
	}
	return img
}

func clamp(v float64) uint8 { return uint8(min(max(v, 0), 255)) }

func view(img image.Image) *View {
	b := img.Bounds()
	return Prepare(&imaging.Picture{Width: b.Dx(), Height: b.Dy(), Stored: img, Orientation: 1})
}

func viewBytes(t *testing.T, data []byte) *View {
	t.Helper()
	p, err := imaging.Decode(context.Background(), data, imaging.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	return Prepare(p)
}

// blot paints a dark patch over a rectangle given in fractions.
func blot(img *image.RGBA, x, y, w, h float64) *image.RGBA {
	out := image.NewRGBA(img.Rect)
	copy(out.Pix, img.Pix)
	bw, bh := float64(img.Rect.Dx()), float64(img.Rect.Dy())
	for py := int(y * bh); py < int((y+h)*bh); py++ {
		for px := int(x * bw); px < int((x+w)*bw); px++ {
			c := out.RGBAAt(px, py)
			out.SetRGBA(px, py, color.RGBA{c.R/3 + 20, c.G / 4, c.B / 5, 255})
		}
	}
	return out
}

// TestEveryAttackIsSeenThrough sends a painted copy through each attack alone
// and checks that it is found and aligned to within two pixels.
func TestEveryAttackIsSeenThrough(t *testing.T) {
	reference := still(900, 700, 1)
	ref := view(reference)
	painted := blot(reference, 0.45, 0.4, 0.12, 0.15)
	for i, name := range travel.Names() {
		t.Run(name, func(t *testing.T) {
			trip, err := travel.Named(name, rand.New(rand.NewPCG(uint64(i), 5)))
			if err != nil {
				t.Fatal(err)
			}
			data, toOriginal, err := trip.Apply(painted)
			if err != nil {
				t.Fatal(err)
			}
			claim := viewBytes(t, data)
			r := Compare(claim, ref)
			if r.Strength.Rank() < evidence.Strong.Rank() {
				t.Fatalf("%v: found %q, false alarm %g, %v", trip, r.Strength, r.FalseAlarm, r.Measured)
			}
			x, y := float64(claim.Width)/2, float64(claim.Height)/2
			gx, gy := r.Aligned.Apply(x, y)
			wx, wy := toOriginal.Apply(x, y)
			if math.Hypot(gx-wx, gy-wy) > 2 {
				t.Errorf("the claim's centre lies at (%.1f, %.1f) of the reference; it came from (%.1f, %.1f)", gx, gy, wx, wy)
			}
		})
	}
}

// TestAlteredRegionIsFramed: what was painted must be inside the regions, and
// little else.
func TestAlteredRegionIsFramed(t *testing.T) {
	reference := still(900, 700, 2)
	const x, y, w, h = 0.30, 0.55, 0.20, 0.15
	r := Compare(view(blot(reference, x, y, w, h)), view(reference))
	if r.Strength != evidence.Conclusive {
		t.Fatalf("found %q", r.Strength)
	}
	const n = 200
	both, either := 0, 0
	for i := range n * n {
		px, py := (float64(i%n)+0.5)/n, (float64(i/n)+0.5)/n
		truth := px >= x && px < x+w && py >= y && py < y+h
		marked := false
		for _, g := range r.Regions {
			if g.Kind != evidence.Altered {
				t.Fatalf("a region of kind %q", g.Kind)
			}
			marked = marked || px >= g.X && px < g.X+g.Width && py >= g.Y && py < g.Y+g.Height
		}
		if truth && marked {
			both++
		}
		if truth || marked {
			either++
		}
	}
	if iou := float64(both) / float64(either); iou < 0.8 {
		t.Errorf("overlap %.2f of what was painted; regions %v", iou, r.Regions)
	}
}

func TestUntouchedCopyHasNoAlteredRegion(t *testing.T) {
	reference := still(800, 600, 3)
	trip, _ := travel.Named("jpeg-50", rand.New(rand.NewPCG(1, 1)))
	data, _, err := trip.Apply(reference)
	if err != nil {
		t.Fatal(err)
	}
	r := Compare(viewBytes(t, data), view(reference))
	if r.Strength != evidence.Conclusive || len(r.Regions) != 0 {
		t.Errorf("found %q with regions %v", r.Strength, r.Regions)
	}
}

// tilt photographs img as a flat print: a camera at unit distance times the
// picture's width, turned by ax and ay degrees.
func tilt(img *image.RGBA, ax, ay float64) *image.RGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewRGBA(img.Rect)
	sx, sy := math.Sin(ax*math.Pi/180), math.Sin(ay*math.Pi/180)
	for y := range h {
		for x := range w {
			u, v := (float64(x)+0.5)/float64(w)-0.5, (float64(y)+0.5-float64(h)/2)/float64(w)
			k := 1 / (1 + u*sx + v*sy)
			px, py := (u*k+0.5)*float64(w)-0.5, v*k*float64(w)+float64(h)/2-0.5
			ix, iy := min(max(int(px), 0), w-2), min(max(int(py), 0), h-2)
			fx, fy := min(max(px-float64(ix), 0), 1), min(max(py-float64(iy), 0), 1)
			var c [3]float64
			for k, weight := range [4]float64{(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy} {
				p := img.RGBAAt(ix+k%2, iy+k/2)
				c[0], c[1], c[2] = c[0]+weight*float64(p.R), c[1]+weight*float64(p.G), c[2]+weight*float64(p.B)
			}
			out.SetRGBA(x, y, color.RGBA{clamp(c[0]), clamp(c[1]), clamp(c[2]), 255})
		}
	}
	return out
}

// photographed is a print's picture after a lens and a sensor: softened by a
// pixel, with noise, in the light of a room, which falls off by five per cent
// over half the picture.
func photographed(img *image.RGBA, seed uint64) *image.RGBA {
	rng := rand.New(rand.NewPCG(seed, 21))
	out := image.NewRGBA(img.Rect)
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			c := soft(img, float64(x), float64(y))
			light := 1 - 0.1*(float64(x)/float64(img.Rect.Dx())-0.5)
			for k := range c {
				c[k] = c[k]*light + rng.NormFloat64()*2
			}
			out.SetRGBA(x, y, color.RGBA{clamp(c[0]), clamp(c[1]), clamp(c[2]), 255})
		}
	}
	return out
}

// TestTiltedPrintIsNotACopy: the tilt of a careful hand and the light of a room
// must save the honest photographer. In perfect light, without a lens, a tilted
// print and a bent copy are one and the same picture.
func TestTiltedPrintIsNotACopy(t *testing.T) {
	if testing.Short() {
		t.Skip("slow under the race detector, and works on one picture after the other")
	}
	reference := still(900, 700, 4)
	ref := view(reference)
	for i, angle := range [][2]float64{{1, 0}, {0, 1}, {0.7, 0.7}, {-3, 2}, {8, -5}, {20, 10}} {
		if r := Compare(view(photographed(tilt(reference, angle[0], angle[1]), uint64(i))), ref); r.Strength != "" {
			t.Errorf("tilted by %v degrees: found %q, false alarm %g, %v", angle, r.Strength, r.FalseAlarm, r.Measured)
		}
	}
}

// TestNothingToCompare: pictures without texture, or of other things, must
// stay unaccused, and nothing may crash on sizes nobody expects.
func TestNothingToCompare(t *testing.T) {
	white := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for i := range white.Pix {
		white.Pix[i] = 255
	}
	pictures := map[string]*View{
		"white": view(white), "one pixel": view(white.SubImage(image.Rect(0, 0, 1, 1))),
		"a line": view(white.SubImage(image.Rect(0, 0, 640, 1))), "scene": view(still(640, 480, 5)),
		"other scene": view(still(640, 480, 6)), "sliver": view(still(1200, 20, 7)), "small": view(still(60, 50, 8)),
	}
	for a, claim := range pictures {
		for b, ref := range pictures {
			if a == b && (a == "scene" || a == "other scene" || a == "small" || a == "sliver") {
				continue
			}
			if r := Compare(claim, ref); r.Strength != "" {
				t.Errorf("%s against %s: %q", a, b, r.Strength)
			}
		}
	}
}

// TestCompareIsReplayable: the same pictures give the same answer bit for bit,
// whatever else runs beside.
func TestCompareIsReplayable(t *testing.T) {
	reference := still(700, 500, 9)
	claim, ref := view(blot(reference, 0.2, 0.2, 0.1, 0.1)), view(reference)
	want := Compare(claim, ref)
	before := runtime.GOMAXPROCS(4)
	defer runtime.GOMAXPROCS(before)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if got := Compare(claim, ref); !reflect.DeepEqual(got, want) {
				t.Error("a second run differs from the first")
			}
		})
	}
	group.Wait()
	if again := Compare(view(blot(reference, 0.2, 0.2, 0.1, 0.1)), view(reference)); !reflect.DeepEqual(again, want) {
		t.Error("preparing the pictures anew changed the answer")
	}
}

func TestFindingSaysWhatItKnows(t *testing.T) {
	if _, ok := (Result{}).Finding("x.jpg"); ok {
		t.Error("a finding out of nothing")
	}
	for _, s := range []evidence.Strength{evidence.Conclusive, evidence.Strong, evidence.Weak} {
		r := Result{Strength: s, FalseAlarm: 3.2e-5, Measured: map[string]float64{"hits": 40, "residual": 0.05}}
		f, ok := r.Finding("shop/listing.jpg")
		if !ok || f.Stance != evidence.Against || f.Code != evidence.ReferenceSameCapture || f.FalseAlarm != 3.2e-5 ||
			f.Reference != "shop/listing.jpg" || f.Text.EN == "" || f.Text.ZH == "" {
			t.Errorf("%+v", f)
		}
	}
}

// TestPublicPictures runs on the public pictures beside the repository: real
// edits must be found, real second photographs must not.
func TestPublicPictures(t *testing.T) {
	root := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(root); err != nil {
		t.Skip("public pictures are not here: ../shared/data is absent")
	}
	load := func(name string) *View {
		p, err := imaging.Open(context.Background(), name, imaging.DefaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		return Prepare(p)
	}
	for _, pattern := range []string{"ai-edits/*/*-after.*"} {
		names, _ := filepath.Glob(filepath.Join(root, pattern))
		for _, after := range names {
			before, _ := filepath.Glob(after[:len(after)-len("after.jpg")] + "before.*")
			if len(before) != 1 {
				t.Fatalf("no picture before %s", after)
			}
			if r := Compare(load(after), load(before[0])); r.Strength != evidence.Conclusive || len(r.Regions) == 0 {
				t.Errorf("%s: %q with %d regions", after, r.Strength, len(r.Regions))
			}
		}
	}
	for _, pattern := range []string{"handheld/house-*.jpg", "handheld/buddha-*.jpg", "products/clock/*.jpg", "products/rc_car/*.jpg"} {
		names, _ := filepath.Glob(filepath.Join(root, pattern))
		if testing.Short() {
			names = names[:min(2, len(names))]
		}
		views := make([]*View, len(names))
		for i, name := range names {
			views[i] = load(name)
		}
		for i, claim := range views {
			for j, ref := range views {
				if i == j {
					continue
				}
				if r := Compare(claim, ref); r.Strength != "" {
					t.Errorf("%s against %s: %q, %v", names[i], names[j], r.Strength, r.Measured)
				}
			}
		}
	}
}
