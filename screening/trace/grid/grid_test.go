package grid

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/evenhand/evenhand/imaging"
)

// textured is a picture of waves and grain.
func textured(w, h int, seed uint64) *image.Gray {
	r := rand.New(rand.NewPCG(seed, 1))
	m := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			v := 128 + 40*math.Sin(float64(x)*0.11+float64(y)*0.05) + 30*math.Sin(float64(y)*0.17-float64(x)*0.02) + 2*r.NormFloat64()
			m.Pix[y*m.Stride+x] = uint8(v)
		}
	}
	return m
}

// saved is m after a JPEG.
func saved(t testing.TB, m image.Image, quality int) image.Image {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	out, err := jpeg.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func picture(m image.Image, format string, orientation int) *imaging.Picture {
	size := m.Bounds().Size()
	if orientation >= 5 {
		size.X, size.Y = size.Y, size.X
	}
	return &imaging.Picture{Format: format, Width: size.X, Height: size.Y, Stored: m, Orientation: orientation}
}

// TestMainGrid: the grid is found wherever a crop puts it, and none where there was
// no JPEG.
func TestMainGrid(t *testing.T) {
	m := saved(t, textured(260, 244, 1), 85).(*image.Gray)
	for _, at := range []image.Point{{}, {X: 3}, {Y: 5}, {X: 7, Y: 1}} {
		part := m.SubImage(image.Rectangle{Min: at, Max: m.Rect.Max})
		got, err := Look(t.Context(), picture(part, "png", 1))
		want := Origin{X: (8 - at.X) % 8, Y: (8 - at.Y) % 8}
		if err != nil || got.Main == nil || *got.Main != want || len(got.Areas) > 0 {
			t.Errorf("cropped by %v: %+v, %v, want the grid %v", at, got, err, want)
		}
	}
	flat, stripes := image.NewGray(image.Rect(0, 0, 260, 244)), image.NewGray(image.Rect(0, 0, 260, 244))
	for i := range stripes.Pix {
		stripes.Pix[i] = uint8(i % 260 * 40 / 260 * 5)
	}
	for name, m := range map[string]image.Image{"textured": textured(260, 244, 2), "flat": flat, "stripes": stripes} {
		if got, err := Look(t.Context(), picture(m, "png", 1)); err != nil || got.Main != nil {
			t.Errorf("%s, never a JPEG: %+v, %v", name, got, err)
		}
	}
}

// TestOwnGrid: a file's own grid is where turning the picture upright puts it.
func TestOwnGrid(t *testing.T) {
	m := saved(t, textured(243, 221, 3), 80)
	for orientation := 1; orientation <= 8; orientation++ {
		p := picture(m, "jpeg", orientation)
		got, err := Look(t.Context(), p)
		if err != nil || got.Main == nil {
			t.Fatalf("orientation %d: %+v, %v", orientation, got, err)
		}
		if want := origin(ownGrid(p)); *got.Main != want {
			t.Errorf("orientation %d: the blocks begin at %v, taken to begin at %v", orientation, *got.Main, want)
		}
	}
}

// TestSmall: pictures too small for a cell, and pictures that were reduced while
// they were decoded, are left alone.
func TestSmall(t *testing.T) {
	for _, p := range []*imaging.Picture{
		picture(textured(14, 200, 1), "png", 1), picture(textured(200, 1, 1), "png", 6),
		{Format: "jpeg", Width: 520, Height: 488, Stored: textured(260, 244, 1), Orientation: 1},
	} {
		if got, err := Look(t.Context(), p); err != nil || got.Cells > 0 {
			t.Errorf("%dx%d: %+v, %v", p.Width, p.Height, got, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Look(ctx, picture(textured(260, 244, 1), "png", 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}
