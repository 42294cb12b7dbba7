package trace

import (
	"context"
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"
	"regexp"
	"testing"

	"pgregory.net/rapid"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/feature"
	"github.com/evenhand/evenhand/screening/trace/copymove"
	"github.com/evenhand/evenhand/screening/trace/size"
)

// scene is a photo-like picture of one's own: soft shapes, edges and grain.
func scene(w, h int, seed uint64) *image.RGBA {
	r := rand.New(rand.NewPCG(seed, 7))
	plane := make([]float64, w*h)
	for range 60 {
		cx, cy, size, shade := r.Float64()*float64(w), r.Float64()*float64(h), 6+50*r.Float64(), 90*(r.Float64()-0.5)
		for y := max(0, int(cy-size)); y < min(h, int(cy+size)); y++ {
			for x := max(0, int(cx-size)); x < min(w, int(cx+size)); x++ {
				d := math.Hypot(float64(x)-cx, float64(y)-cy) / size
				plane[y*w+x] += shade * max(0, min(1, 4*(1-d))) * (1 + 0.2*math.Sin(float64(x)*0.7+cx))
			}
		}
	}
	plane = boxed(plane, w, h, 1)
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i, v := range plane {
		v = max(20, min(230, 125+v+1.5*r.NormFloat64()))
		copy(m.Pix[4*i:], []uint8{uint8(v), uint8(v*0.95 + 4), uint8(v*0.9 + 8), 255})
	}
	return m
}

func has(found []evidence.Finding, code evidence.Code) *evidence.Finding {
	for i := range found {
		if found[i].Code == code {
			return &found[i]
		}
	}
	return nil
}

func look(t testing.TB, data []byte) []evidence.Finding {
	found, err := lookAt(t.Context(), data, decoded(t, data))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// overlaps is the share of want that the union of the regions covers, about,
// and how large the regions are together.
func overlaps(f *evidence.Finding, want image.Rectangle, w, h int) (covered, area float64) {
	n := 0
	for y := range h {
		for x := range w {
			fx, fy := (float64(x)+0.5)/float64(w), (float64(y)+0.5)/float64(h)
			in := false
			for _, r := range f.Regions {
				in = in || fx >= r.X && fx < r.X+r.Width && fy >= r.Y && fy < r.Y+r.Height
			}
			if in {
				area++
				if image.Pt(x, y).In(want) {
					n++
				}
			}
		}
	}
	return float64(n) / float64(want.Dx()*want.Dy()), area / float64(w*h)
}

// TestPasted: a part from another JPEG lies on that one's grid.
func TestPasted(t *testing.T) {
	m, other := again(scene(480, 400, 1), 82), again(scene(480, 400, 2), 82)
	place := image.Rect(131, 97, 275, 211)
	if found := look(t, asPNG(m)); len(found) > 0 {
		t.Fatalf("untouched: %+v", found)
	}
	draw.Draw(m, place, other, image.Pt(50, 60), draw.Src)
	f := has(look(t, asPNG(m)), evidence.TraceForeignGrid)
	if f == nil {
		t.Fatal("a pasted part is not found")
	}
	if covered, area := overlaps(f, place, 480, 400); covered < 0.7 || area > 0.2 {
		t.Errorf("%.2f of the pasted part is marked, by regions of %.2f of the picture", covered, area)
	}
	if f.Strength != evidence.Weak {
		t.Errorf("strength %s", f.Strength)
	}
}

// TestPainted: what was painted on a saved photo missed its compression, in a
// lossless file and in a JPEG of better quality than the first.
func TestPainted(t *testing.T) {
	for _, tt := range []struct {
		name string
		save func(m *image.RGBA) []byte
	}{
		{"PNG", func(m *image.RGBA) []byte { return asPNG(m) }},
		{"cropped PNG", func(m *image.RGBA) []byte { return asPNG(cropped(m, 3, 5)) }},
		{"JPEG 95", func(m *image.RGBA) []byte { return asJPEG(m, 95) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := again(scene(480, 400, 3), 80)
			if found := look(t, tt.save(m)); len(found) > 0 {
				t.Fatalf("untouched: %+v", found)
			}
			place := image.Rect(201, 120, 290, 200)
			paint := scene(480, 400, 4)
			draw.Draw(m, place, paint, place.Min, draw.Src)
			f := has(look(t, tt.save(m)), evidence.TraceCompressedOnce)
			if f == nil {
				t.Fatal("a painted part is not found")
			}
			if covered, area := overlaps(f, place, 480, 400); covered < 0.7 || area > 0.15 {
				t.Errorf("%.2f of the painted part is marked, by regions of %.2f of the picture", covered, area)
			}
		})
	}
}

// TestCompressedAway: what a messenger sends leaves nothing to say.
func TestCompressedAway(t *testing.T) {
	m := again(scene(480, 400, 5), 85)
	place := image.Rect(201, 120, 290, 200)
	draw.Draw(m, place, scene(480, 400, 6), place.Min, draw.Src)
	if found := look(t, asJPEG(m, 60)); len(found) > 0 {
		t.Errorf("%+v", found)
	}
}

// TestAnyPicture: whatever its size, kind and turn, a picture is looked at
// without a fault, and regions lie within it.
func TestAnyPicture(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 90).Draw(t, "width"), rapid.IntRange(1, 90).Draw(t, "height")
		r := image.Rect(0, 0, w, h)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		depth := rapid.IntRange(1, 256).Draw(t, "depth")
		fill := func(pix []uint8) {
			for i := range pix {
				pix[i] = uint8(random.IntN(depth))
			}
		}
		p := &imaging.Picture{Width: w, Height: h, Orientation: rapid.IntRange(1, 8).Draw(t, "orientation")}
		p.Format = rapid.SampledFrom([]string{"jpeg", "png", "webp", "tiff"}).Draw(t, "format")
		switch rapid.IntRange(0, 5).Draw(t, "kind") {
		case 0:
			m := image.NewRGBA(r)
			fill(m.Pix)
			p.Stored = m
		case 1:
			m := image.NewNRGBA(r)
			fill(m.Pix)
			p.Stored = m
		case 2:
			m := image.NewGray(r)
			fill(m.Pix)
			p.Stored = m
		case 3:
			p.Stored = image.NewPaletted(r, color.Palette{color.White, color.Black})
		case 4:
			p.Stored = image.NewGray16(r)
		default:
			ratio := rapid.SampledFrom([]image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410}).Draw(t, "ratio")
			m := image.NewYCbCr(r, ratio)
			fill(m.Y)
			fill(m.Cb)
			fill(m.Cr)
			p.Stored = m
		}
		if p.Orientation >= 5 {
			p.Width, p.Height = h, w
		}
		data := asJPEG(p.Stored, 80)
		found, err := lookAt(t.Context(), data, p)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			for _, r := range f.Regions {
				if r.X < 0 || r.Y < 0 || r.Width <= 0 || r.Height <= 0 || r.X+r.Width > 1+1e-9 || r.Y+r.Height > 1+1e-9 {
					t.Fatalf("region %+v", r)
				}
			}
		}
	})
}

// spotsOf is what package reference gives of a picture.
func spotsOf(p *imaging.Picture) (*feature.Set, float64) {
	plane := p.Luma(800)
	return feature.Detect(plane, 1200), float64(p.Width) / float64(plane.Width)
}

func lookAt(ctx context.Context, data []byte, p *imaging.Picture) ([]evidence.Finding, error) {
	spots, span := spotsOf(p)
	return Look(ctx, data, p, spots, span)
}

// BenchmarkLook12MP is a phone's whole photo, as it is and painted on.
func BenchmarkLook12MP(b *testing.B) {
	small := scene(800, 600, 8)
	m := imaging.Warp(small, imaging.ScaleBy(0.2, 0.2), 4000, 3000)
	r := rand.New(rand.NewPCG(9, 9))
	for i := range m.Pix {
		if i&3 != 3 {
			m.Pix[i] = uint8(max(0, min(255, float64(m.Pix[i])+2*r.NormFloat64())))
		}
	}
	for _, bb := range []struct {
		name string
		data []byte
	}{{"once", asJPEG(m, 90)}, {"twice", asJPEG(again(m, 80), 92)}} {
		b.Run(bb.name, func(b *testing.B) {
			p := decoded(b, bb.data)
			spots, span := spotsOf(p)
			for b.Loop() {
				if _, err := Look(b.Context(), bb.data, p, spots, span); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// turned is p as it would be decoded with another EXIF orientation.
func turned(p *imaging.Picture, orientation int) *imaging.Picture {
	size := p.Stored.Bounds().Size()
	out := &imaging.Picture{Format: p.Format, Width: size.X, Height: size.Y, Stored: p.Stored, Orientation: orientation}
	if orientation >= 5 {
		out.Width, out.Height = size.Y, size.X
	}
	return out
}

// TestTurned: however a camera was held, the marked place is where the painting
// is in the upright picture, and a JPEG's own grid is foreign nowhere, though
// turning a picture whose sides are no multiples of 8 moves it.
func TestTurned(t *testing.T) {
	place := image.Rect(20, 230, 110, 310)
	m := again(scene(467, 395, 3), 80)
	draw.Draw(m, place, scene(467, 395, 4), place.Min, draw.Src)
	data := asJPEG(m, 97)
	mask := image.NewGray(m.Rect)
	draw.Draw(mask, place, image.White, image.Point{}, draw.Src)
	for orientation := 1; orientation <= 8; orientation++ {
		p := turned(decoded(t, data), orientation)
		found, err := lookAt(t.Context(), data, p)
		if err != nil {
			t.Fatal(err)
		}
		if f := has(found, evidence.TraceForeignGrid); f != nil {
			t.Errorf("orientation %d: %+v", orientation, f)
		}
		f := has(found, evidence.TraceCompressedOnce)
		if f == nil {
			t.Errorf("orientation %d: not found", orientation)
			continue
		}
		upright := turned(&imaging.Picture{Stored: mask}, orientation).Luma(0)
		in, all := 0, 0
		for i, v := range upright.Pix {
			if v < 128 {
				continue
			}
			all++
			x, y := (float64(i%upright.Width)+0.5)/float64(upright.Width), (float64(i/upright.Width)+0.5)/float64(upright.Height)
			for _, r := range f.Regions {
				if x >= r.X && x < r.X+r.Width && y >= r.Y && y < r.Y+r.Height {
					in++
					break
				}
			}
		}
		if float64(in) < 0.7*float64(all) {
			t.Errorf("orientation %d: %d of %d painted pixels are marked", orientation, in, all)
		}
	}
}

// TestModelSize: a size that only models give is weak, one that a camera's photo
// can be shrunk to is a note for neither side.
func TestModelSize(t *testing.T) {
	for _, tt := range []struct {
		w, h int
		want evidence.Strength
	}{{896, 1184, evidence.Weak}, {1376, 768, evidence.Weak}, {832, 1248, evidence.Note}, {1080, 1440, ""}} {
		f := has((&measured{width: tt.w, height: tt.h}).findings(), evidence.TraceModelSize)
		switch {
		case f == nil && tt.want != "":
			t.Errorf("%dx%d: nothing", tt.w, tt.h)
		case f != nil && (f.Strength != tt.want || f.Strength == evidence.Note && f.Stance != evidence.Neutral):
			t.Errorf("%dx%d: %+v", tt.w, tt.h, f)
		}
	}
}

// TestThereTwice: both places of a copy are marked.
func TestThereTwice(t *testing.T) {
	c := copymove.Copy{From: copymove.Part{X: 0.1, Y: 0.2, Width: 0.2, Height: 0.1}, To: copymove.Part{X: 0.6, Y: 0.5, Width: 0.2, Height: 0.1}, Squares: 20, Likeness: 0.97}
	f := has((&measured{copy: copymove.Result{Copies: []copymove.Copy{c}}}).findings(), evidence.TraceCopyMove)
	if f == nil || len(f.Regions) != 2 || f.Regions[1].X != 0.6 || f.Strength != evidence.Weak || f.Measured["squares"] != 20 {
		t.Errorf("%+v", f)
	}
}

// TestModelSizesAreToldInOneLanguage: a model has a name; what is said of it is
// in the reader's language.
func TestModelSizesAreToldInOneLanguage(t *testing.T) {
	sentence := regexp.MustCompile(`\b[a-z]+ [a-z]+ [a-z]+\b`)
	for _, row := range size.Table() {
		for _, s := range row.Sizes {
			for _, f := range modelSize(s[0], s[1]) {
				if got := sentence.FindString(f.Text.ZH); got != "" {
					t.Errorf("%dx%d: %q is English in %s", s[0], s[1], got, f.Text.ZH)
				}
			}
		}
	}
}
