package copymove

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/feature"
)

// ground is a picture of soft blobs, each unlike the others.
func ground(w, h int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]float64, w*h)
	for i := range out {
		out[i] = 120
	}
	for range w * h / 500 {
		blob(out, w, h, r.Float64()*float64(w), r.Float64()*float64(h), r)
	}
	return out
}

func blob(out []float64, w, h int, cx, cy float64, r *rand.Rand) {
	size, shade, turn := 3+9*r.Float64(), 90*(r.Float64()-0.5), r.Float64()*3
	for y := max(0, int(cy-2*size)); y < min(h, int(cy+2*size)); y++ {
		for x := max(0, int(cx-2*size)); x < min(w, int(cx+2*size)); x++ {
			dx, dy := (float64(x)-cx)/size, (float64(y)-cy)/size
			u, v := dx*math.Cos(turn)+dy*math.Sin(turn), dy*math.Cos(turn)-dx*math.Sin(turn)
			out[y*w+x] += shade * math.Exp(-u*u-3*v*v)
		}
	}
}

// exposed adds grain and saves as a JPEG.
func exposed(t testing.TB, plane []float64, w, h int, edit func(m *image.RGBA)) *imaging.Picture {
	r := rand.New(rand.NewPCG(9, 9))
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i, v := range plane {
		g := uint8(max(0, min(255, v+2.5*r.NormFloat64())))
		copy(m.Pix[4*i:], []uint8{g, g, g, 255})
	}
	if edit != nil {
		edit(m)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	p, err := imaging.Decode(t.Context(), b.Bytes(), imaging.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const width, height = 640, 480

func look(t testing.TB, p *imaging.Picture) (Result, error) {
	plane := p.Luma(800)
	return Look(t.Context(), p, feature.Detect(plane, 1200), float64(p.Width)/float64(plane.Width))
}

// TestCopied: a part moved within the picture is found, with both places and
// the shift.
func TestCopied(t *testing.T) {
	from, by := image.Rect(70, 90, 210, 230), image.Pt(301, 133)
	p := exposed(t, ground(width, height, 1), width, height, func(m *image.RGBA) {
		draw.Draw(m, from.Add(by), m, from.Min, draw.Src)
	})
	r, err := look(t, p)
	if err != nil || len(r.Copies) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	if c := r.Copies[0]; c.Shift != by || math.Abs(c.From.X-70.0/width) > 0.06 || math.Abs(c.To.Y-223.0/height) > 0.06 {
		t.Errorf("%+v", c)
	}
}

// TestAlike: two things made alike, each seen with its own grain and at its own
// fraction of a pixel, are no copy, and neither is a pattern nor what repeats
// of drawn letters.
func TestAlike(t *testing.T) {
	t.Run("things", func(t *testing.T) {
		plane := ground(width, height, 2)
		for _, at := range [][2]float64{{120, 130}, {420.5, 310.5}} {
			r := rand.New(rand.NewPCG(5, 5))
			for range 60 {
				blob(plane, width, height, at[0]+120*r.Float64(), at[1]+120*r.Float64(), r)
			}
		}
		check(t, exposed(t, plane, width, height, nil))
	})
	t.Run("pattern", func(t *testing.T) {
		tile := ground(64, 64, 3)
		plane := make([]float64, width*height)
		for i := range plane {
			plane[i] = tile[i/width%64*64+i%width%64]
		}
		check(t, exposed(t, plane, width, height, nil))
	})
	t.Run("letters", func(t *testing.T) {
		check(t, exposed(t, ground(width, height, 4), width, height, func(m *image.RGBA) {
			r := rand.New(rand.NewPCG(6, 6))
			label := image.NewRGBA(image.Rect(0, 0, 150, 100))
			draw.Draw(label, label.Rect, image.White, image.Point{}, draw.Src)
			for range 60 {
				x, y := r.IntN(140), r.IntN(90)
				draw.Draw(label, image.Rect(x, y, x+2+r.IntN(8), y+2), image.Black, image.Point{}, draw.Src)
			}
			draw.Draw(m, image.Rect(40, 60, 190, 160), label, image.Point{}, draw.Src)
			draw.Draw(m, image.Rect(360, 256, 510, 356), label, image.Point{}, draw.Src)
		}))
	})
}

// TestCopies: what counts as a copy, and what as a thing of the same make or as
// a pattern.
func TestCopies(t *testing.T) {
	good := Copy{From: Part{0.1, 0.1, 0.2, 0.2}, To: Part{0.6, 0.5, 0.2, 0.2}, Squares: 20, Likeness: 0.97, OffX: 0.02, OffY: -0.03}
	with := func(edit func(c *Copy)) Copy {
		c := good
		edit(&c)
		return c
	}
	for _, tt := range []struct {
		name string
		all  []Copy
		want int
	}{
		{"a copy", []Copy{good}, 1},
		{"few squares", []Copy{with(func(c *Copy) { c.Squares = 7 })}, 0},
		{"less alike than a copy", []Copy{with(func(c *Copy) { c.Likeness = 0.92 })}, 0},
		{"half a pixel off", []Copy{with(func(c *Copy) { c.OffX = 0.5 })}, 0},
		{"a tenth of a pixel off", []Copy{with(func(c *Copy) { c.OffY = -0.1 })}, 0},
		{"within its own length", []Copy{with(func(c *Copy) { c.To = Part{0.2, 0.1, 0.2, 0.2} })}, 0},
		{"at two shifts", []Copy{good, with(func(c *Copy) { c.To, c.Likeness = Part{0.1, 0.7, 0.2, 0.2}, 0.8 })}, 0},
		{"two copies", []Copy{good, with(func(c *Copy) { c.From, c.To = Part{0.1, 0.7, 0.2, 0.2}, Part{0.6, 0.1, 0.2, 0.2} })}, 2},
	} {
		if got := copies(tt.all); len(got) != tt.want {
			t.Errorf("%s: %d copies, want %d", tt.name, len(got), tt.want)
		}
	}
}

func check(t *testing.T, p *imaging.Picture) {
	t.Helper()
	r, err := look(t, p)
	if err != nil || len(r.Copies) > 0 {
		t.Errorf("%d copies: %+v, %v", len(r.Copies), r.Copies, err)
	}
	t.Logf("%d spots, %d twins, candidates %+v", r.Spots, r.Twins, r.Candidates)
}
