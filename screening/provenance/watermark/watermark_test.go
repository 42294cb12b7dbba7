package watermark

import (
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"github.com/evenhand/evenhand/samples"
)

// drawn is a picture of smooth colour fields, discs, stripes and grain.
func drawn(rng *rand.Rand, w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	var amp, fx, fy, ph [3][4]float64
	for c := range 3 {
		for k := range 4 {
			amp[c][k] = 40 * rng.Float64() / float64(k+1)
			fx[c][k], fy[c][k] = rng.NormFloat64()*0.01*float64(k*k+1), rng.NormFloat64()*0.01*float64(k*k+1)
			ph[c][k] = rng.Float64() * 2 * math.Pi
		}
	}
	base := [3]float64{60 + 140*rng.Float64(), 60 + 140*rng.Float64(), 60 + 140*rng.Float64()}
	if rng.IntN(2) == 0 { // half of them nearly grey, as product photos are
		for c := range 3 {
			base[c] = base[0] + 8*rng.NormFloat64()
			for k := range 4 {
				amp[c][k] *= 0.3
			}
		}
	}
	grain := 6 * rng.Float64()
	type disc struct {
		x, y, r float64
		c       [3]float64
	}
	discs := make([]disc, rng.IntN(12))
	for i := range discs {
		discs[i] = disc{rng.Float64() * float64(w), rng.Float64() * float64(h), 10 + 90*rng.Float64(), [3]float64{255 * rng.Float64(), 255 * rng.Float64(), 255 * rng.Float64()}}
	}
	for y := range h {
		for x := range w {
			v := base
			for c := range 3 {
				for k := range 4 {
					v[c] += amp[c][k] * math.Sin(fx[c][k]*float64(x)+fy[c][k]*float64(y)+ph[c][k])
				}
			}
			for _, d := range discs {
				if math.Hypot(float64(x)-d.x, float64(y)-d.y) < d.r {
					v = d.c
				}
			}
			at := m.PixOffset(x, y)
			for c := range 3 {
				m.Pix[at+c] = uint8(min(255, max(0, v[c]+grain*rng.NormFloat64())))
			}
			m.Pix[at+3] = 255
		}
	}
	return m
}

// photos returns up to most crops of real pictures, w by h, each from another
// file while there are files, then from the next place in each.
func photos(t testing.TB, most, w, h int) []*image.NRGBA {
	var names []string
	for _, places := range []string{"handheld/*6.jpg", "products/*/*.jpg", "ai-edits/*/*before.jpg", "c2pa/truepic*camera.jpg", "pdq/bridge-mods/aaa*.jpg", "grocery/phone/*/*/*.jpg", "grocery/phone/*/*/*/*.jpg"} {
		more, _ := filepath.Glob("../../../../shared/data/" + places)
		names = append(names, more...)
	}
	if len(names) == 0 {
		t.Log("../shared/data is not here: drawn pictures only")
	}
	// A stride prime to the number of files mixes kinds.
	var out []*image.NRGBA
	for i := range names {
		if len(out) >= most {
			break
		}
		m := open(t, names[i*7919%len(names)])
		if m == nil {
			continue
		}
		b := m.Bounds()
		for k := range most/40 + 1 {
			across, down := b.Dx()/w, b.Dy()/h
			if k >= across*down || len(out) == most {
				break
			}
			// The middle first: corners are often plain.
			k = (k + across*down/2) % (across * down)
			c := image.NewNRGBA(image.Rect(0, 0, w, h))
			draw.Draw(c, c.Rect, m, b.Min.Add(image.Pt(k%across*w, k/across*h)), draw.Src)
			out = append(out, c)
		}
	}
	return out
}

func open(t testing.TB, name string) image.Image {
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := jpeg.Decode(f)
	if err != nil {
		return nil // some of the public files are broken on purpose
	}
	return m
}

// photographed are pictures by the sample camera: listing and claim photos.
func photographed(t testing.TB, most, size int) []*image.NRGBA {
	var out []*image.NRGBA
	for i, p := range samples.Products() {
		if len(out) == most {
			break
		}
		shot := samples.Listing(p.Name, uint64(i))
		if i%2 == 1 {
			shot = samples.Claim(p.Name, uint64(i), 1, samples.Damage{})
		}
		shot.Width, shot.Height = size, size
		m, err := samples.Photograph(t.Context(), shot)
		if err != nil {
			t.Fatal(err)
		}
		c := image.NewNRGBA(m.Bounds())
		draw.Draw(c, c.Rect, m, m.Bounds().Min, draw.Src)
		out = append(out, c)
	}
	return out
}

// found is whether the marks name the message, and only it.
func found(marks []Mark, name string) bool { return len(marks) == 1 && marks[0].Message == name }

// recompressions are what a marked picture goes through before it is read.
var recompressions = []struct {
	name   string
	always bool // not only in the long test
	apply  func(testing.TB, *image.NRGBA) image.Image
}{
	{"PNG", true, func(_ testing.TB, m *image.NRGBA) image.Image { return m }},
	{"JPEG 95", false, func(t testing.TB, m *image.NRGBA) image.Image { return throughJPEG(t, m, 95) }},
	{"JPEG 90", false, func(t testing.TB, m *image.NRGBA) image.Image { return throughJPEG(t, m, 90) }},
	{"JPEG 85", true, func(t testing.TB, m *image.NRGBA) image.Image { return throughJPEG(t, m, 85) }},
	{"JPEG 95, full chroma", false, func(_ testing.TB, m *image.NRGBA) image.Image { return fullChroma(m, 95) }},
	{"JPEG 90, full chroma", false, func(_ testing.TB, m *image.NRGBA) image.Image { return fullChroma(m, 90) }},
	{"JPEG 85, full chroma", true, func(_ testing.TB, m *image.NRGBA) image.Image { return fullChroma(m, 85) }},
}

// TestFindsEmbeddedMarks logs the share found of each message and holds 95 in
// a hundred, over pictures and messages, under it. EVENHAND_LONG=1 looks at more
// pictures, at three sizes and in every recompression.
func TestFindsEmbeddedMarks(t *testing.T) {
	type set struct{ size, photos, samples, drawn int }
	sets := []set{{512, 3, 0, 1}}
	long := os.Getenv("EVENHAND_LONG") != ""
	switch {
	case long:
		sets = []set{{512, 40, 5, 10}, {768, 10, 3, 2}, {1024, 8, 1, 2}}
	case testing.Short():
		sets = []set{{512, 1, 0, 1}}
	}
	rng := rand.New(rand.NewPCG(1, 1))
	tried, hits := make([]int, len(recompressions)), make([]int, len(recompressions))
	for _, s := range sets {
		pictures := append(photos(t, s.photos, s.size, s.size), photographed(t, s.samples, s.size)...)
		for range s.drawn {
			pictures = append(pictures, drawn(rng, s.size, s.size))
		}
		for _, msg := range messages() {
			line := fmt.Sprintf("%-17s %3d bits, %d x %d, of %d:", msg.name, len(msg.bits), s.size, s.size, len(pictures))
			n := make([]int, len(recompressions))
			for p, m := range pictures {
				marked := embed(m, msg.bits, msg.tone)
				for i, r := range recompressions {
					if !long && !r.always {
						continue
					}
					tried[i]++
					if found(Read(r.apply(t, marked)), msg.name) {
						n[i]++
						hits[i]++
					} else {
						t.Logf("picture %d: %s at %d x %d not found after %s", p, msg.name, s.size, s.size, r.name)
					}
				}
			}
			for i, r := range recompressions {
				if long || r.always {
					line += fmt.Sprintf("  %s: %d", r.name, n[i])
				}
			}
			t.Log(line)
		}
	}
	for i, r := range recompressions {
		if float64(hits[i]) < 0.95*float64(tried[i]) {
			t.Errorf("%s: %d of %d found", r.name, hits[i], tried[i])
		}
	}
}

// TestUnmarkedPictures looks at pictures that carry no mark: crops of real
// photos, as they are and compressed again, and drawn ones. EVENHAND_LONG=1
// looks at 2,000.
func TestUnmarkedPictures(t *testing.T) {
	total := 300
	switch {
	case os.Getenv("EVENHAND_LONG") != "":
		total = 2000
	case testing.Short():
		total = 60
	}
	rng := rand.New(rand.NewPCG(2, 2))
	least := 1.0
	look := func(m image.Image) {
		known := messages()
		for i, v := range collect(m, known) {
			if a, ok := v.compare(known[i]); ok {
				least = min(least, falseAlarm(a.chance, known[i]))
			}
		}
		if marks := Read(m); len(marks) > 0 {
			t.Errorf("an unmarked picture reads as %+v", marks)
		}
	}
	n := 0
	for i, m := range photos(t, total*9/10, 256, 256) {
		if i%2 == 0 {
			look(m)
		} else {
			look(throughJPEG(t, m, 60+rng.IntN(38)))
		}
		n++
	}
	real := n
	for ; n < total; n++ {
		look(drawn(rng, 256, 256))
	}
	t.Logf("%d pictures, %d of them real; the least likely reading had a bound of %.2g (%.2g is called a mark)", n, real, least, Budget)
}

// TestLotBoundsTheChance compares the bound with the exact chance, counted out
// over all messages.
func TestLotBoundsTheChance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Float64Range(0, 3), 1, 14).Draw(t, "weights")
		limit := 0.0
		for i, w := range weights { // a limit that some selection meets exactly
			if rapid.Bool().Draw(t, fmt.Sprint(i)) {
				limit += w
			}
		}
		exact := 0
		for choice := range 1 << len(weights) {
			sum := 0.0
			for i, w := range weights {
				if choice>>i&1 == 1 {
					sum += w
				}
			}
			if sum <= limit {
				exact++
			}
		}
		if got, want := lot(weights, limit), float64(exact)/float64(int(1)<<len(weights)); got < want*(1-1e-9) {
			t.Fatalf("lot(%v, %g) = %g, below the exact chance %g", weights, limit, got, want)
		}
	})
}

func TestLot(t *testing.T) {
	same := func(n int) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = 1
		}
		return out
	}
	tests := []struct {
		weights []float64
		limit   float64
		want    float64
	}{
		{same(32), 0, math.Exp2(-32)},
		{same(32), 1, 33 * math.Exp2(-32)},
		{same(64), 32, 1},
		{nil, 0, 1},
		{[]float64{0, 0}, 0, 1},
	}
	for _, tt := range tests {
		if got := lot(tt.weights, tt.limit); math.Abs(got-tt.want) > 1e-9*tt.want {
			t.Errorf("lot(%v, %g) = %g, want %g", tt.weights, tt.limit, got, tt.want)
		}
	}
}

// TestShares holds what the union bound rests on.
func TestShares(t *testing.T) {
	sum := 0.0
	for _, m := range messages() {
		sum += m.share
	}
	if math.Abs(sum-1) > 1e-12 {
		t.Errorf("the shares of all readings sum to %g", sum)
	}
}

func TestOddPictures(t *testing.T) {
	for _, m := range []image.Image{
		image.NewNRGBA(image.Rect(0, 0, 0, 0)),
		image.NewGray(image.Rect(0, 0, 1, 1<<16)),
		image.NewGray(image.Rect(0, 0, 1<<16, 1)),
		image.NewGray(image.Rect(3, 5, 403, 405)),
		image.NewYCbCr(image.Rect(1, 1, 301, 300), image.YCbCrSubsampleRatio420),
		image.NewYCbCr(image.Rect(0, 0, 301, 303), image.YCbCrSubsampleRatio440),
	} {
		if marks := Read(m); marks != nil {
			t.Errorf("%v: %+v", m.Bounds(), marks)
		}
	}
}

func TestFindings(t *testing.T) {
	for _, f := range Findings([]Mark{{Generator: "FLUX", Message: "flux", Agreeing: 44, Counted: 46, FalseAlarm: 1e-9}}) {
		if f.Strength != "strong" || f.FalseAlarm != 1e-9 || f.Text.EN == "" || f.Text.ZH == "" {
			t.Errorf("%+v", f)
		}
	}
}

// BenchmarkRead reads a 12-megapixel JPEG's pixels.
func BenchmarkRead(b *testing.B) {
	m := image.NewYCbCr(image.Rect(0, 0, 4032, 3024), image.YCbCrSubsampleRatio420)
	rng := rand.New(rand.NewPCG(3, 3))
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = uint8(rng.Uint32()), uint8(rng.Uint32())
	}
	for b.Loop() {
		Read(m)
	}
}
