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
	switch {
	case w != src.Width:
	case h == src.Height:
		return &Plane{Width: w, Height: h, Pix: append([]float32(nil), src.Pix...)}
	default:
		out := NewPlane(w, h)
		for y, t := range axisTaps(src.Height, h) {
			weighRows(out.Row(y), src.Row, t)
		}
		return out
	}
	across, out := axisTaps(src.Width, w), NewPlane(w, h)
	if h == src.Height {
		for y := range h {
			weighRow(out.Row(y), src.Row(y), across)
		}
		return out
	}
	down := axisTaps(src.Height, h)
	held := newHeldRows(src, across, down)
	for y, t := range down {
		weighRows(out.Row(y), held.row, t)
	}
	return out
}

// heldRows are rows of src that are resized along x already, as many as one row
// of the target takes.
type heldRows struct {
	src    *Plane
	across []taps
	rows   [][]float32
	which  []int // of src's rows, plus 1
}

func newHeldRows(src *Plane, across, down []taps) *heldRows {
	most := 0
	for i := range down {
		most = max(most, len(down[i].weight))
	}
	h := &heldRows{src: src, across: across, rows: make([][]float32, most), which: make([]int, most)}
	for i := range h.rows {
		h.rows[i] = make([]float32, len(across))
	}
	return h
}

func (h *heldRows) row(y int) []float32 {
	i := y % len(h.rows)
	if h.which[i] != y+1 {
		h.which[i] = y + 1
		weighRow(h.rows[i], h.src.Row(y), h.across)
	}
	return h.rows[i]
}

// weighRow makes each sample of dst from row by its taps.
func weighRow(dst, row []float32, all []taps) {
	dst = dst[:len(all)]
	for x := range all {
		t := &all[x]
		from := row[t.first:][:len(t.weight)]
		var sum float32
		switch k := t.weight; len(k) { // shrinking by less than two has two or three
		case 2:
			sum = from[0]*k[0] + from[1]*k[1]
		case 3:
			sum = from[0]*k[0] + from[1]*k[1] + from[2]*k[2]
		default:
			for i, v := range from {
				sum += v * k[i]
			}
		}
		dst[x] = sum
	}
}

// weighRows adds rows by their taps to dst, two in one go.
func weighRows(dst []float32, row func(y int) []float32, t taps) {
	k, y := t.weight, t.first
	for ; len(k) >= 2; k, y = k[2:], y+2 {
		k0, k1 := k[0], k[1]
		a, b := row(y)[:len(dst)], row(y + 1)[:len(dst)]
		for x, sum := range dst {
			dst[x] = sum + a[x]*k0 + b[x]*k1
		}
	}
	if len(k) > 0 {
		k0 := k[0]
		for x, v := range row(y)[:len(dst)] {
			dst[x] += v * k0
		}
	}
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
	if m > n {
		for i := range out {
			out[i] = cubicTaps(n, m, i)
		}
		return out
	}
	weights := make([]float32, 0, n+2*m) // of all, one after the other
	for i := range out {
		out[i] = areaTaps(n, m, i, weights)
		weights = out[i].weight[len(out[i].weight):]
	}
	return out
}

// areaTaps weighs source samples by the part of [i, i+1)*n/m they cover; the
// weights are laid into room.
func areaTaps(n, m, i int, room []float32) taps {
	lo, hi := float64(i)*float64(n)/float64(m), float64(i+1)*float64(n)/float64(m)
	first, last := int(lo), min(int(math.Ceil(hi)), n)
	t := taps{first: first, weight: room[:0]}
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
