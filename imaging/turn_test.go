package imaging_test

import (
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/evenhand/evenhand/imaging"
)

// TestUpright: places go where imaging turns the pixels, and back.
func TestUpright(t *testing.T) {
	const w, h, x, y = 40, 24, 31, 5
	m := image.NewGray(image.Rect(0, 0, w, h))
	m.SetGray(x, y, color.Gray{255})
	for orientation := range 10 {
		p := &imaging.Picture{Format: "png", Width: w, Height: h, Stored: m, Orientation: orientation}
		if orientation >= 5 && orientation <= 8 {
			p.Width, p.Height = h, w
		}
		u, v := imaging.Upright((x+0.5)/w, (y+0.5)/h, orientation)
		luma := p.Luma(max(w, h))
		if got := luma.Row(int(v * float64(p.Height)))[int(u*float64(p.Width))]; got < 200 {
			t.Errorf("orientation %d: %.0f at %.3f, %.3f", orientation, got, u, v)
		}
		if a, b := imaging.Stored(u, v, orientation); math.Abs(a-(x+0.5)/w)+math.Abs(b-(y+0.5)/h) > 1e-9 {
			t.Errorf("orientation %d: back at %.3f, %.3f", orientation, a, b)
		}
	}
}
