package imaging

import (
	"image"
	"math"
)

// Warp draws src on a canvas of w by h: m maps a point of the canvas to the
// point of src shown there (both in pixels, centres at a half). Sampling is
// bilinear; where m shrinks, each canvas pixel averages a grid of samples about
// one source pixel apart. Outside src the canvas stays transparent.
func Warp(src *image.RGBA, m Affine, w, h int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if src.Rect.Empty() {
		return out
	}
	grid := newSampleGrid(m)
	for y := range h {
		for x := range w {
			var sum [4]float64
			for _, o := range grid {
				sx, sy := m.Apply(float64(x)+o[0], float64(y)+o[1])
				addBilinear(&sum, src, sx, sy)
			}
			d := out.Pix[y*out.Stride+4*x:][:4:4]
			for c := range d {
				d[c] = uint8(sum[c]/float64(len(grid)) + 0.5)
			}
		}
	}
	return out
}

// maxGrid bounds the samples a canvas pixel takes along each axis; beyond it
// (a shrink to a sixteenth) source pixels are skipped.
const maxGrid = 16

// gridSlack lets a near-plain copy do with one sample a pixel: at a shrink of
// up to 1.25 bilinear sampling aliases less than the eye sees.
const gridSlack = 0.25

// newSampleGrid spreads sample points evenly over the unit pixel, as many each
// way as source pixels lie under it.
func newSampleGrid(m Affine) [][2]float64 {
	count := func(span float64) int {
		if !(span > 1) { // NaN too
			return 1
		}
		return int(math.Ceil(math.Min(span, maxGrid) - gridSlack))
	}
	nx, ny := count(math.Hypot(m.A, m.D)), count(math.Hypot(m.B, m.E))
	grid := make([][2]float64, 0, nx*ny)
	for j := range ny {
		for i := range nx {
			grid = append(grid, [2]float64{(float64(i) + 0.5) / float64(nx), (float64(j) + 0.5) / float64(ny)})
		}
	}
	return grid
}

// addBilinear adds src's colour at (x, y) to sum; outside src it adds nothing.
func addBilinear(sum *[4]float64, src *image.RGBA, x, y float64) {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	if !(x >= 0 && y >= 0 && x < float64(w) && y < float64(h)) {
		return
	}
	x0, fx := neighbours(x, w)
	y0, fy := neighbours(y, h)
	x1, y1 := min(x0+1, w-1), min(y0+1, h-1)
	top, bottom := src.Pix[y0*src.Stride:], src.Pix[y1*src.Stride:]
	a, b := top[4*x0:4*x0+4:4*x0+4], top[4*x1:4*x1+4:4*x1+4]
	c, d := bottom[4*x0:4*x0+4:4*x0+4], bottom[4*x1:4*x1+4:4*x1+4]
	for i := range sum {
		t := float64(a[i]) + fx*(float64(b[i])-float64(a[i]))
		u := float64(c[i]) + fx*(float64(d[i])-float64(c[i]))
		sum[i] += t + fy*(u-t)
	}
}

// neighbours returns the sample left of v among n, and how far v is on the way
// to the next; at the edges the edge sample alone counts.
func neighbours(v float64, n int) (int, float64) {
	v -= 0.5
	if v <= 0 {
		return 0, 0
	}
	i := int(v)
	if i >= n-1 {
		return n - 1, 0
	}
	return i, v - float64(i)
}
