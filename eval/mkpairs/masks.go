package main

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"

	"github.com/evenhand/evenhand/imaging"
)

// Difference of two aligned pictures: the mean absolute difference over a
// square of this half-width, in pixels, must pass this many levels.
const (
	differenceReach = 4
	differenceLevel = 12
)

// difference marks where two pictures of one size differ: |a-b| averaged over
// the channels and over 9 x 9 pixels, above 12 levels. The average drowns
// compression, which moves single pixels by as much.
func difference(a, b *image.RGBA) *image.Alpha {
	w, h := a.Rect.Dx(), a.Rect.Dy()
	// Summed areas: sums[y][x] is the total of what lies above and to the left.
	sums := make([]int64, (w+1)*(h+1))
	for y := range h {
		var line int64
		for x := range w {
			p, q := a.Pix[y*a.Stride+4*x:][:3], b.Pix[y*b.Stride+4*x:][:3]
			for c := range 3 {
				line += int64(max(int(p[c])-int(q[c]), int(q[c])-int(p[c])))
			}
			sums[(y+1)*(w+1)+x+1] = sums[y*(w+1)+x+1] + line
		}
	}
	mask := image.NewAlpha(a.Rect)
	const r = differenceReach
	for y := range h {
		for x := range w {
			x0, x1, y0, y1 := max(0, x-r), min(w, x+r+1), max(0, y-r), min(h, y+r+1)
			total := sums[y1*(w+1)+x1] - sums[y0*(w+1)+x1] - sums[y1*(w+1)+x0] + sums[y0*(w+1)+x0]
			if total > int64(3*differenceLevel*(x1-x0)*(y1-y0)) {
				mask.Pix[y*mask.Stride+x] = 255
			}
		}
	}
	return mask
}

// carry takes a mask along to the picture in data, whose pixels back maps to
// the mask's.
func carry(mask *image.Alpha, data []byte, back imaging.Affine) (*image.Alpha, error) {
	size, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read the travelled claim: %w", err)
	}
	out := image.NewAlpha(image.Rect(0, 0, size.Width, size.Height))
	for y := range size.Height {
		for x := range size.Width {
			sx, sy := back.Apply(float64(x)+0.5, float64(y)+0.5)
			if sx >= 0 && sy >= 0 && mask.AlphaAt(int(sx), int(sy)).A >= 128 {
				out.Pix[y*out.Stride+x] = 255
			}
		}
	}
	return out, nil
}
