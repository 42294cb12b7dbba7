package travel

import (
	"image"
	"math"
)

// Filter names a resampling filter.
type Filter string

// The filters that phones, browsers and messengers resize with.
const (
	Area     Filter = "area"     // mean over the pixel's footprint
	Bilinear Filter = "bilinear" // triangle
	Bicubic  Filter = "bicubic"  // Catmull-Rom: Keys, IEEE ASSP 29(6), 1981, a = -1/2
	Lanczos  Filter = "lanczos"  // sinc windowed by sinc, three lobes
)

// filters is every filter, in a fixed order.
func filters() []Filter { return []Filter{Area, Bilinear, Bicubic, Lanczos} }

// kernel returns the filter's weight function and its half-width, in pixels of
// the coarser of the two pictures.
func (f Filter) kernel() (func(float64) float64, float64) {
	switch f {
	case Bilinear:
		return func(x float64) float64 { return max(0, 1-math.Abs(x)) }, 1
	case Bicubic:
		return cubic, 2
	case Lanczos:
		return func(x float64) float64 {
			if math.Abs(x) >= 3 {
				return 0
			}
			return sinc(x) * sinc(x/3)
		}, 3
	}
	return func(x float64) float64 {
		if x >= -0.5 && x < 0.5 {
			return 1
		}
		return 0
	}, 0.5
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

func cubic(x float64) float64 {
	x = math.Abs(x)
	switch {
	case x < 1:
		return (1.5*x-2.5)*x*x + 1
	case x < 2:
		return ((-0.5*x+2.5)*x-4)*x + 2
	}
	return 0
}

// taps are the source samples that make one output sample.
type taps struct {
	from    int
	weights []float32
}

// tapsFor plans n samples out of m. When shrinking, the filter is stretched to
// cover what falls into each new pixel, so that nothing aliases.
func tapsFor(m, n int, f Filter) []taps {
	kernel, half := f.kernel()
	step := float64(m) / float64(n)
	stretch := max(1, step)
	out := make([]taps, n)
	for i := range out {
		centre := (float64(i) + 0.5) * step
		from, to := int(math.Floor(centre-half*stretch)), int(math.Ceil(centre+half*stretch))
		from, to = max(0, from), min(m, to)
		t := taps{from: from, weights: make([]float32, to-from)}
		var sum float32
		for k := range t.weights {
			t.weights[k] = float32(tapWeight(f, kernel, float64(from+k), centre, stretch))
			sum += t.weights[k]
		}
		if sum == 0 { // enlarging by area: the nearest sample
			near := min(m-1, int(centre))
			t, sum = taps{from: near, weights: []float32{1}}, 1
		}
		for k := range t.weights {
			t.weights[k] /= sum
		}
		out[i] = t
	}
	return out
}

// tapWeight is the weight of the source pixel that starts at x. Area weighs by
// exact overlap; the others sample their kernel at the pixel's centre.
func tapWeight(f Filter, kernel func(float64) float64, x, centre, stretch float64) float64 {
	if f == Area {
		return max(0, min(x+1, centre+stretch/2)-max(x, centre-stretch/2))
	}
	return kernel((x + 0.5 - centre) / stretch)
}

// resample returns img at w x h.
func resample(img *image.RGBA, w, h int, f Filter) *image.RGBA {
	sw, sh := img.Rect.Dx(), img.Rect.Dy()
	across := tapsFor(sw, w, f)
	mid := make([]float32, sh*w*3)
	for y := range sh {
		row := img.Pix[y*img.Stride:]
		for x, t := range across {
			var r, g, b float32
			for k, wt := range t.weights {
				p := row[4*(t.from+k):][:3:3]
				r, g, b = r+wt*float32(p[0]), g+wt*float32(p[1]), b+wt*float32(p[2])
			}
			m := mid[(y*w+x)*3:][:3:3]
			m[0], m[1], m[2] = r, g, b
		}
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	acc := make([]float32, w*3)
	for y, t := range tapsFor(sh, h, f) {
		clear(acc)
		for k, wt := range t.weights {
			line := mid[(t.from+k)*w*3:][:w*3]
			for i, v := range line {
				acc[i] += wt * v
			}
		}
		o := out.Pix[y*out.Stride:]
		for x := range w {
			for c := range 3 {
				o[4*x+c] = level(float64(acc[3*x+c]))
			}
			o[4*x+3] = 255
		}
	}
	return out
}

// cubicAt reads img at (x, y) with the bicubic filter into px, or the fill
// level outside.
func cubicAt(img *image.RGBA, x, y float64, fill uint8, px []uint8) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if x < 0 || y < 0 || x >= float64(w) || y >= float64(h) {
		px[0], px[1], px[2], px[3] = fill, fill, fill, 255
		return
	}
	x0, y0 := int(math.Floor(x-0.5)), int(math.Floor(y-0.5))
	u, v := x-0.5-float64(x0), y-0.5-float64(y0)
	wx := [4]float64{cubic(u + 1), cubic(u), cubic(1 - u), cubic(2 - u)}
	wy := [4]float64{cubic(v + 1), cubic(v), cubic(1 - v), cubic(2 - v)}
	var sum [3]float64
	for j := range 4 {
		row := max(0, min(h-1, y0-1+j)) * img.Stride
		for i := range 4 {
			p := img.Pix[row+4*max(0, min(w-1, x0-1+i)):][:3:3]
			k := wx[i] * wy[j]
			sum[0], sum[1], sum[2] = sum[0]+k*float64(p[0]), sum[1]+k*float64(p[1]), sum[2]+k*float64(p[2])
		}
	}
	px[0], px[1], px[2], px[3] = level(sum[0]), level(sum[1]), level(sum[2]), 255
}
