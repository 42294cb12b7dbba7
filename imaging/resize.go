package imaging

import "math"

// Resize returns src at w by h samples: along each axis by exact area average
// where it shrinks, by bicubic interpolation (Keys 1981, a = -1/2) where it
// grows. Samples outside src repeat its edge. w and h below 1 count as 1.
func Resize(src *Plane, w, h int) *Plane {
	w, h = max(w, 1), max(h, 1)
	if src.Width == 0 || src.Height == 0 {
		return NewPlane(w, h)
	}
	mid := src
	if w != src.Width {
		taps := axisTaps(src.Width, w)
		mid = NewPlane(w, src.Height)
		for y := range src.Height {
			row, dst := src.Row(y), mid.Row(y)
			for x, t := range taps {
				var sum float32
				for i, k := range t.weight {
					sum += row[t.first+i] * k
				}
				dst[x] = sum
			}
		}
	}
	if h == mid.Height {
		if mid == src {
			mid = &Plane{Width: w, Height: h, Pix: append([]float32(nil), src.Pix...)}
		}
		return mid
	}
	out := NewPlane(w, h)
	for y, t := range axisTaps(mid.Height, h) {
		dst := out.Row(y)
		for i, k := range t.weight {
			for x, v := range mid.Row(t.first + i) {
				dst[x] += v * k
			}
		}
	}
	return out
}

// taps are the source samples that make one target sample: weight[i] belongs
// to sample first+i, and they add up to 1.
type taps struct {
	first  int
	weight []float32
}

// axisTaps lists the taps that take n source samples to m target samples.
func axisTaps(n, m int) []taps {
	out := make([]taps, m)
	for i := range out {
		if m <= n {
			out[i] = areaTaps(n, m, i)
		} else {
			out[i] = cubicTaps(n, m, i)
		}
	}
	return out
}

// areaTaps weighs source samples by the part of [i, i+1)*n/m they cover.
func areaTaps(n, m, i int) taps {
	lo, hi := float64(i)*float64(n)/float64(m), float64(i+1)*float64(n)/float64(m)
	first, last := int(lo), min(int(math.Ceil(hi)), n)
	t := taps{first: first, weight: make([]float32, 0, last-first)}
	for s := first; s < last; s++ {
		cover := math.Min(hi, float64(s+1)) - math.Max(lo, float64(s))
		t.weight = append(t.weight, float32(math.Max(cover, 0)/(hi-lo)))
	}
	return t
}

// cubicTaps interpolates at the target sample's centre; taps beyond an edge
// fold onto the edge sample.
func cubicTaps(n, m, i int) taps {
	at := (float64(i)+0.5)*float64(n)/float64(m) - 0.5
	base := int(math.Floor(at))
	first := min(max(base-1, 0), n-1)
	last := min(max(base+2, 0), n-1)
	t := taps{first: first, weight: make([]float32, last-first+1)}
	for s := base - 1; s <= base+2; s++ {
		c := min(max(s, first), last)
		t.weight[c-first] += float32(keys(at - float64(s)))
	}
	return t
}

// keys is Keys's cubic convolution kernel with a = -1/2 (IEEE Trans. ASSP
// 29(6), 1981, eq. 15).
func keys(d float64) float64 {
	d = math.Abs(d)
	switch {
	case d < 1:
		return (1.5*d-2.5)*d*d + 1
	case d < 2:
		return ((-0.5*d+2.5)*d-4)*d + 2
	}
	return 0
}
