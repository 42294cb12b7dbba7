package imaging

import (
	"context"
	"image"
	"image/color"
	"os"
	"testing"
)

// coloured is a picture of w by h whose every pixel says where it is.
func coloured(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, color.NRGBA{uint8(x), uint8(y), uint8(x ^ y), 255})
		}
	}
	return m
}

func TestRegionIsThePartOfTheWhole(t *testing.T) {
	stored := coloured(37, 23)
	for orientation := 1; orientation <= 8; orientation++ {
		p := &Picture{Stored: stored, Orientation: orientation, Width: 37, Height: 23}
		if orientation >= 5 {
			p.Width, p.Height = 23, 37
		}
		whole := p.RGBA(0)
		for _, r := range []image.Rectangle{{image.Pt(0, 0), image.Pt(p.Width, p.Height)}, image.Rect(3, 5, 9, 14), image.Rect(p.Width-1, p.Height-1, 99, 99)} {
			part := p.Region(r)
			in := r.Intersect(whole.Rect)
			if part.Rect.Size() != in.Size() {
				t.Fatalf("orientation %d, %v: %v", orientation, r, part.Rect)
			}
			for y := range in.Dy() {
				for x := range in.Dx() {
					if got, want := part.RGBAAt(x, y), whole.RGBAAt(in.Min.X+x, in.Min.Y+y); got != want {
						t.Fatalf("orientation %d, %v at %d,%d: %v, want %v", orientation, r, x, y, got, want)
					}
				}
			}
		}
		if none := p.Region(image.Rect(99, 99, 120, 120)); !none.Rect.Empty() {
			t.Errorf("outside: %v", none.Rect)
		}
	}
}

// TestLumaOfAPart: at full size it is the whole's, in every orientation and
// kind of picture; shrunk, it keeps the part's mean.
func TestLumaOfAPart(t *testing.T) {
	gray := image.NewGray(image.Rect(2, 3, 39, 26))
	for i := range gray.Pix {
		gray.Pix[i] = uint8(i * 7)
	}
	for _, stored := range []image.Image{coloured(37, 23), gray} {
		for orientation := 1; orientation <= 8; orientation++ {
			p := &Picture{Stored: stored, Orientation: orientation, Width: 37, Height: 23}
			if orientation >= 5 {
				p.Width, p.Height = 23, 37
			}
			whole, r := p.Luma(0), image.Rect(3, 5, 15, 21)
			part, small := p.LumaOf(r, 99, 99), p.LumaOf(r, 6, 4)
			if part.Width != r.Dx() || part.Height != r.Dy() || small.Width != 6 || small.Height != 4 {
				t.Fatalf("orientation %d: %d x %d, %d x %d", orientation, part.Width, part.Height, small.Width, small.Height)
			}
			for y := range part.Height {
				for x := range part.Width {
					if got, want := part.Row(y)[x], whole.Row(r.Min.Y + y)[r.Min.X+x]; got != want {
						t.Fatalf("orientation %d at %d,%d: %v, want %v", orientation, x, y, got, want)
					}
				}
			}
			for y := range small.Height {
				for x := range small.Width {
					var sum float32
					for i := range 8 {
						sum += part.Row(4*y + i/2)[2*x+i%2]
					}
					if d := small.Row(y)[x] - sum/8; d > 1e-3 || d < -1e-3 {
						t.Fatalf("orientation %d at %d,%d: %v off", orientation, x, y, d)
					}
				}
			}
		}
	}
}

func TestRegionOfYCbCrAtOddPlaces(t *testing.T) {
	m := image.NewYCbCr(image.Rect(0, 0, 40, 30), image.YCbCrSubsampleRatio420)
	for i := range m.Y {
		m.Y[i] = uint8(i)
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = uint8(3*i), uint8(7*i)
	}
	p := &Picture{Stored: m, Orientation: 6, Width: 30, Height: 40}
	whole, part := p.RGBA(0), p.Region(image.Rect(7, 11, 20, 32))
	for y := range part.Rect.Dy() {
		for x := range part.Rect.Dx() {
			if got, want := part.RGBAAt(x, y), whole.RGBAAt(7+x, 11+y); got != want {
				t.Fatalf("at %d,%d: %v, want %v", x, y, got, want)
			}
		}
	}
}

func TestHalve(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 3, 3))
	for i, v := range []uint8{0, 4, 100, 8, 12, 100, 50, 50, 200} {
		m.SetRGBA(i%3, i/3, color.RGBA{v, v, v, 255})
	}
	got := Halve(m)
	want := [][]uint8{{6, 100}, {50, 200}}
	for y, row := range want {
		for x, v := range row {
			if c := got.RGBAAt(x, y); c.R != v || c.A != 255 {
				t.Errorf("at %d,%d: %v, want %d", x, y, c, v)
			}
		}
	}
	if one := Halve(image.NewRGBA(image.Rect(0, 0, 1, 1))); one.Rect.Dx() != 1 || one.Rect.Dy() != 1 {
		t.Errorf("of one pixel: %v", one.Rect)
	}
}

func TestMeasureAgreesWithDecode(t *testing.T) {
	for _, name := range []string{"testdata/photo.jpg", "testdata/exif6.webp", "testdata/interlaced.png", "testdata/animated.gif", "testdata/rgb.bmp", "testdata/zip-orient8.tif"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Decode(context.Background(), data, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		s, err := Measure(data, Limits{})
		if err != nil || s.Format != p.Format || s.Width != p.Width || s.Height != p.Height {
			t.Errorf("%s: %+v, %v; decoded %s %d × %d", name, s, err, p.Format, p.Width, p.Height)
		}
	}
	if _, err := Measure(nil, Limits{}); err == nil {
		t.Error("an empty file has a size")
	}
	if _, err := Measure([]byte("plain words"), Limits{}); err == nil {
		t.Error("words have a size")
	}
}
