package watermark

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
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

// photos returns up to most crops of real pictures, w by h, at grid places.
func photos(t testing.TB, most, w, h int) []*image.NRGBA {
	names, _ := filepath.Glob("../../../../shared/data/*/*.jpg")
	more, _ := filepath.Glob("../../../../shared/data/*/*/*/*/*.jpg")
	more2, _ := filepath.Glob("../../../../shared/data/*/*/*.jpg")
	names = append(append(names, more...), more2...)
	if len(names) == 0 {
		t.Log("../shared/data is not here: drawn pictures only")
	}
	var out []*image.NRGBA
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := jpeg.Decode(f)
		f.Close()
		if err != nil {
			continue
		}
		b := m.Bounds()
		for y := 0; y+h <= b.Dy(); y += h {
			for x := 0; x+w <= b.Dx(); x += w {
				if len(out) == most {
					return out
				}
				c := image.NewNRGBA(image.Rect(0, 0, w, h))
				draw.Draw(c, c.Rect, m, b.Min.Add(image.Pt(x, y)), draw.Src)
				out = append(out, c)
			}
		}
	}
	return out
}

func throughJPEG(t testing.TB, m image.Image, quality int) image.Image {
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, m, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	out, err := jpeg.Decode(&buf)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// found is whether the marks name the message, and only it.
func found(marks []Mark, name string) bool { return len(marks) == 1 && marks[0].Message == name }

// TestFindsEmbeddedMarks logs the share found of each message, at the size its
// model makes pictures in, and holds a floor under it. SDV2 has so few bits
// that only a nearly perfect reading counts; that is what it costs.
func TestFindsEmbeddedMarks(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	type want struct{ plain, q95, q90, q85 float64 }
	floors := map[string]want{
		"StableDiffusionV1": {1, 1, 0.7, 0.3},
		"SDV2":              {0.6, 0.3, 0, 0},
		"sdxl":              {1, 0.9, 0.9, 0.6},
		"flux":              {1, 0.9, 0.9, 0.6},
	}
	for _, size := range []int{512, 1024} {
		most := 8
		if size == 1024 {
			most = 4
		}
		if testing.Short() {
			most = 2
		}
		pictures := photos(t, most, size, size)
		for range most / 2 {
			pictures = append(pictures, drawn(rng, size, size))
		}
		for _, msg := range messages() {
			if (size == 512) != (msg.tone == bytesBGR) {
				continue
			}
			floor := floors[msg.name]
			line := fmt.Sprintf("%-17s %3d bits, %d x %d:", msg.name, len(msg.bits), size, size)
			for _, at := range []struct {
				quality int
				floor   float64
			}{{0, floor.plain}, {95, floor.q95}, {90, floor.q90}, {85, floor.q85}} {
				n := 0
				for _, m := range pictures {
					var out image.Image = embed(m, msg.bits, msg.tone)
					if at.quality > 0 {
						out = throughJPEG(t, out, at.quality)
					}
					if found(Read(out), msg.name) {
						n++
					}
				}
				line += fmt.Sprintf("  JPEG %d: %d/%d", at.quality, n, len(pictures))
				if float64(n) < at.floor*float64(len(pictures)) {
					t.Errorf("%s at JPEG quality %d (0 is none): found %d of %d", msg.name, at.quality, n, len(pictures))
				}
			}
			t.Log(line)
		}
	}
}

// TestUnmarkedPictures looks at 2,000 pictures that carry no mark: crops of
// real photos, as they are and compressed again, and drawn ones.
func TestUnmarkedPictures(t *testing.T) {
	total := 2000
	if testing.Short() {
		total = 200
	}
	rng := rand.New(rand.NewPCG(2, 2))
	least := 1.0
	look := func(m image.Image) {
		known := messages()
		for i, v := range collect(m, known) {
			if agreeing, counted, ok := v.agree(known[i]); ok {
				least = min(least, falseAlarm(agreeing, counted, len(known)))
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
	for ; n < total; n++ {
		look(drawn(rng, 256, 256))
	}
	t.Logf("%d pictures; the least likely reading had a bound of %.2g (%.2g is called a mark)", n, least, Budget)
}

func TestFalseAlarm(t *testing.T) {
	tests := []struct {
		agreeing, counted, tries int
		want                     float64
	}{
		{48, 48, 1, math.Exp2(-48)},
		{0, 48, 1, 1},
		{1, 2, 1, 0.75},
		{20, 20, 6, 6 * math.Exp2(-20)},
	}
	for _, tt := range tests {
		if got := falseAlarm(tt.agreeing, tt.counted, tt.tries); math.Abs(got-tt.want) > 1e-9*tt.want {
			t.Errorf("falseAlarm(%d, %d, %d) = %g, want %g", tt.agreeing, tt.counted, tt.tries, got, tt.want)
		}
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
