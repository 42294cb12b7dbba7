package traces

import (
	"bytes"
	"context"
	"image"
	"image/color"
	stdjpeg "image/jpeg"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/draw"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/samples/forge"
)

// maker is one way in which cameras and editors make previews.
type maker struct {
	name         string
	width        int // of the preview; 160 x 120 with bars where bars is true
	bars, cover  bool
	scaler       draw.Scaler
	gamma, slope float64 // tone
	recrop       float64 // cut at each side of the picture after the preview was made
	light        float64 // strength of light that changes over the picture after it
	quality      int
}

func makers() []maker {
	return []maker{
		{name: "averaged, barred", width: 160, bars: true, scaler: draw.CatmullRom, gamma: 1, slope: 1, quality: 75},
		{name: "two by two, plain", width: 160, scaler: draw.ApproxBiLinear, gamma: 1, slope: 1, quality: 60},
		{name: "large, bright", width: 320, scaler: draw.CatmullRom, gamma: 0.8, slope: 1, quality: 80},
		{name: "dark, hard", width: 160, bars: true, scaler: draw.BiLinear, gamma: 1.2, slope: 1.15, quality: 50},
		{name: "nearest", width: 160, bars: true, scaler: draw.NearestNeighbor, gamma: 1, slope: 1, quality: 75},
		{name: "cut to 4:3", width: 160, cover: true, scaler: draw.CatmullRom, gamma: 1, slope: 1, quality: 70},
		{name: "light by area", width: 160, scaler: draw.CatmullRom, gamma: 1, slope: 1, light: 0.15, quality: 75},
		{name: "recropped a little", width: 160, scaler: draw.CatmullRom, gamma: 1, slope: 1, recrop: 0.01, quality: 75},
		{name: "recropped by 4 %", width: 160, scaler: draw.CatmullRom, gamma: 1, slope: 1, recrop: 0.04, quality: 75},
		{name: "recropped by 2 %", width: 320, scaler: draw.ApproxBiLinear, gamma: 0.9, slope: 1, recrop: 0.02, quality: 75},
		{name: "recropped by 8 %", width: 160, bars: true, scaler: draw.CatmullRom, gamma: 1, slope: 1, recrop: 0.08, quality: 75},
		{name: "recropped by 15 %", width: 160, scaler: draw.CatmullRom, gamma: 1, slope: 1, recrop: 0.15, quality: 75},
	}
}

// preview renders m as the maker does.
func (k maker) preview(t testing.TB, m *image.RGBA) []byte {
	b := m.Bounds()
	w, h := k.width, k.width*b.Dy()/b.Dx()
	if b.Dy() > b.Dx() {
		w, h = k.width*b.Dx()/b.Dy(), k.width
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	to, from := out.Bounds(), b
	switch {
	case k.bars:
		out = image.NewRGBA(image.Rect(0, 0, k.width, k.width*3/4))
		draw.Draw(out, out.Bounds(), image.Black, image.Point{}, draw.Src)
		to = fitted(b, out.Bounds())
	case k.cover:
		out = image.NewRGBA(image.Rect(0, 0, k.width, k.width*3/4))
		to, from = out.Bounds(), fitted(out.Bounds(), b)
	}
	k.scaler.Scale(out, to, m, from, draw.Src, nil)
	for y := to.Min.Y; y < to.Max.Y; y++ {
		for x := to.Min.X; x < to.Max.X; x++ {
			c := out.RGBAAt(x, y)
			tone := func(v uint8) uint8 {
				return uint8(min(255, max(0, 128+k.slope*(255*math.Pow(float64(v)/255, k.gamma)-128))))
			}
			out.SetRGBA(x, y, color.RGBA{tone(c.R), tone(c.G), tone(c.B), 255})
		}
	}
	return jpegOf(t, out, k.quality)
}

// fitted is the largest rectangle of a's shape in the middle of b.
func fitted(a, b image.Rectangle) image.Rectangle {
	scale := min(float64(b.Dx())/float64(a.Dx()), float64(b.Dy())/float64(a.Dy()))
	w, h := int(math.Round(scale*float64(a.Dx()))), int(math.Round(scale*float64(a.Dy())))
	at := image.Pt(b.Min.X+(b.Dx()-w)/2, b.Min.Y+(b.Dy()-h)/2)
	return image.Rectangle{at, at.Add(image.Pt(w, h))}
}

func jpegOf(t testing.TB, m image.Image, quality int) []byte {
	var b bytes.Buffer
	if err := stdjpeg.Encode(&b, m, &stdjpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sent is the picture as it reaches us, after what the maker says happened to it.
func (k maker) sent(t testing.TB, m *image.RGBA) *imaging.Picture {
	b := m.Bounds()
	if k.recrop > 0 {
		dx, dy := int(k.recrop*float64(b.Dx())), int(k.recrop*float64(b.Dy()))
		m = m.SubImage(image.Rect(b.Min.X+dx, b.Min.Y+dy, b.Max.X-dx, b.Max.Y-dy)).(*image.RGBA)
		b = m.Bounds()
	}
	if k.light > 0 {
		lit := image.NewRGBA(b)
		for y := b.Min.Y; y < b.Max.Y; y++ {
			for x := b.Min.X; x < b.Max.X; x++ {
				c := m.RGBAAt(x, y)
				f := 1 + k.light*math.Sin(3*float64(x)/float64(b.Dx())+2*float64(y)/float64(b.Dy()))
				v := func(v uint8) uint8 { return uint8(min(255, f*float64(v))) }
				lit.SetRGBA(x, y, color.RGBA{v(c.R), v(c.G), v(c.B), 255})
			}
		}
		m = lit
	}
	p, err := imaging.Decode(context.Background(), jpegOf(t, m, 80), imaging.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// photos yields every n-th honest photo of the test data, upright.
func photos(t *testing.T, every int, do func(name string, m *image.RGBA)) {
	root := "../../../../shared/data"
	if _, err := os.Stat(root); err != nil {
		t.Skip("../shared/data is not here")
	}
	n := 0
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "c2pa" || d.Name() == "ai-edits" || d.Name() == "failing") {
			return fs.SkipDir
		}
		if ext := strings.ToLower(filepath.Ext(name)); ext != ".jpg" && ext != ".jpeg" {
			return nil
		}
		if n++; n%every != 0 {
			return nil
		}
		p, err := imaging.Open(context.Background(), name, imaging.Limits{})
		if err != nil {
			return err
		}
		if m := p.RGBA(1200); m.Bounds().Dx() >= 320 {
			do(name, m)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// every is few, or many where all that takes minutes is asked for.
func every(t *testing.T, few, many int) int {
	if testing.Short() {
		t.Skip("makes and compares pictures")
	}
	if os.Getenv("EVENHAND_ALL_PREVIEWS") != "" {
		return many
	}
	return few
}

// TestHonestPreviews: previews of many makes beside honest photos.
func TestHonestPreviews(t *testing.T) {
	called, of := map[string]int{}, map[string]int{}
	photos(t, every(t, 80, 8), func(name string, m *image.RGBA) {
		for _, k := range makers() {
			c, ok := compareThumbnail(k.preview(t, m), k.sent(t, m))
			if !ok {
				continue
			}
			of[k.name]++
			if len(c.regions) > 0 || c.like < unlike && !c.cropped {
				called[k.name]++
				t.Logf("%s, %s: %+v", name, k.name, c)
			}
		}
	})
	total, wrong := 0, 0
	for _, k := range makers() {
		t.Logf("%-20s %d of %d called", k.name, called[k.name], of[k.name])
		total, wrong = total+of[k.name], wrong+called[k.name]
	}
	if 50*wrong > total {
		t.Errorf("%d of %d honest previews called, more than one in fifty", wrong, total)
	}
}

// TestPaintedSincePreview: damage painted while the old preview was kept.
func TestPaintedSincePreview(t *testing.T) {
	type tally struct{ found, right, of int }
	byKind, bySize := map[forge.Kind]*tally{}, map[string]*tally{}
	rng := rand.New(rand.NewPCG(7, 1))
	n := 0
	photos(t, every(t, 80, 8), func(name string, m *image.RGBA) {
		for _, kind := range forge.Kinds() {
			k := makers()[n%4]
			n++
			painted, mask := forge.Paint(m, kind, rng)
			c, ok := compareThumbnail(k.preview(t, m), k.sent(t, painted))
			share, box := covered(mask)
			size := "under 3 %"
			if share > 0.06 {
				size = "over 6 %"
			} else if share > 0.03 {
				size = "3 to 6 %"
			}
			if byKind[kind] == nil {
				byKind[kind] = &tally{}
			}
			if bySize[size] == nil {
				bySize[size] = &tally{}
			}
			for _, y := range []*tally{byKind[kind], bySize[size]} {
				y.of++
				if ok && len(c.regions) > 0 {
					y.found++
					if r := c.regions[0]; r.X < box[2] && r.X+r.Width > box[0] && r.Y < box[3] && r.Y+r.Height > box[1] {
						y.right++
					}
				}
			}
		}
	})
	right, all := 0, 0
	for kind, y := range byKind {
		right, all = right+y.right, all+y.of
		t.Logf("%-10s found %d, in the right place %d, of %d", kind, y.found, y.right, y.of)
	}
	for size, y := range bySize {
		t.Logf("%-10s found %d, in the right place %d, of %d", size, y.found, y.right, y.of)
	}
	if 2*right < all {
		t.Errorf("%d of %d found in the right place, fewer than half", right, all)
	}
}

// covered is a mask's share of its picture and its box in fractions.
func covered(mask *image.Alpha) (share float64, box [4]float64) {
	b := mask.Bounds()
	n := 0
	r := image.Rectangle{}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if mask.AlphaAt(x, y).A > 0 {
				n++
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	w, h := float64(b.Dx()), float64(b.Dy())
	return float64(n) / w / h, [4]float64{float64(r.Min.X) / w, float64(r.Min.Y) / h, float64(r.Max.X) / w, float64(r.Max.Y) / h}
}

func TestUnturned(t *testing.T) {
	s := make([]float64, grid*grid)
	for i := range s {
		s[i] = float64(i)
	}
	for turn := range 8 {
		if back := unturned(turned(s, turn), turn); !slices.Equal(back, s) {
			t.Errorf("position %d is not undone", turn)
		}
	}
}

// TestCropped: a part of the preview, in every position, and other pictures.
func TestCropped(t *testing.T) {
	whole := scene(3, 1600, 1200)
	for _, part := range []image.Rectangle{image.Rect(300, 200, 1400, 1100), image.Rect(0, 500, 800, 1000)} {
		for turn := range 8 {
			p := raster{part.Dx(), part.Dy(), nil}
			for y := part.Min.Y; y < part.Max.Y; y++ {
				for x := part.Min.X; x < part.Max.X; x++ {
					p.pix = append(p.pix, float64(whole.GrayAt(x, y).Y))
				}
			}
			p = p.turn(turn)
			shown := view{width: p.w, height: p.h, at: func(x, y int) float64 { return p.pix[y*p.w+x] }}
			if r := cropped(grey(whole), shown); r < wasCropped {
				t.Errorf("%v in position %d: %.2f", part, turn, r)
			}
		}
	}
}

func TestUpright(t *testing.T) {
	for orientation, want := range map[int]evidence.Region{
		1: {X: 0.1, Y: 0.2, Width: 0.2, Height: 0.3}, 2: {X: 0.7, Y: 0.2, Width: 0.2, Height: 0.3},
		3: {X: 0.7, Y: 0.5, Width: 0.2, Height: 0.3}, 4: {X: 0.1, Y: 0.5, Width: 0.2, Height: 0.3},
		5: {X: 0.2, Y: 0.1, Width: 0.3, Height: 0.2}, 6: {X: 0.5, Y: 0.1, Width: 0.3, Height: 0.2},
		7: {X: 0.5, Y: 0.7, Width: 0.3, Height: 0.2}, 8: {X: 0.2, Y: 0.7, Width: 0.3, Height: 0.2},
	} {
		got := upright(0.1, 0.2, 0.3, 0.5, orientation)
		if math.Abs(got.X-want.X)+math.Abs(got.Y-want.Y)+math.Abs(got.Width-want.Width)+math.Abs(got.Height-want.Height) > 1e-9 || got.Kind != evidence.Altered {
			t.Errorf("%d: got %+v, want %+v", orientation, got, want)
		}
	}
}
