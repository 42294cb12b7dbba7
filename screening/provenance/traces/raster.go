package traces

// raster is a small grey picture.
type raster struct {
	w, h int
	pix  []float64
}

func newRaster(w, h int) raster { return raster{w, h, make([]float64, w*h)} }

// cells averages v, less margins (shares of its sides), into w x h, from some
// looks x looks samples each.
func cells(v view, mx, my float64, w, h, looks int) raster {
	out := newRaster(w, h)
	places := func(n, length int, margin float64) []int {
		at := make([]int, n*looks)
		for i := range at {
			at[i] = min(length-1, int((margin+(1-2*margin)*(float64(i)+0.5)/float64(len(at)))*float64(length)))
		}
		return at
	}
	xs, ys := places(w, v.width, mx), places(h, v.height, my)
	for i, y := range ys {
		v.add(out.pix[i/looks*w:(i/looks+1)*w], xs, y, looks)
	}
	for i := range out.pix {
		out.pix[i] /= float64(looks * looks)
	}
	return out
}

// turn puts a raster into one of its eight positions, as turned does.
func (r raster) turn(turn int) raster {
	out := newRaster(r.w, r.h)
	if turn&4 != 0 {
		out.w, out.h = r.h, r.w
	}
	for y := range out.h {
		for x := range out.w {
			a, b := x, y
			if turn&1 != 0 {
				a = out.w - 1 - a
			}
			if turn&2 != 0 {
				b = out.h - 1 - b
			}
			if turn&4 != 0 {
				a, b = b, a
			}
			out.pix[y*out.w+x] = r.pix[b*r.w+a]
		}
	}
	return out
}

// box averages over squares of 2*radius+1 pixels a side, the rim repeated
// beyond it, in two passes of running sums.
func (r raster) box(radius int) raster {
	mid, out := newRaster(r.w, r.h), newRaster(r.w, r.h)
	share := 1 / float64(2*radius+1)
	for y := range r.h {
		row, dst := r.row(y), mid.row(y)
		total := 0.0
		for i := -radius; i <= radius; i++ {
			total += row[min(r.w-1, max(0, i))]
		}
		for x := range dst {
			dst[x] = total * share
			total += row[min(r.w-1, x+radius+1)] - row[max(0, x-radius)]
		}
	}
	totals := make([]float64, r.w)
	for i := -radius; i <= radius; i++ {
		for x, v := range mid.row(min(r.h-1, max(0, i))) {
			totals[x] += v
		}
	}
	for y := range r.h {
		dst, more := out.row(y), mid.row(min(r.h-1, y+radius+1))
		for x, less := range mid.row(max(0, y-radius)) {
			dst[x] = totals[x] * share
			totals[x] += more[x] - less
		}
	}
	return out
}

// row is one row of pixels.
func (r raster) row(y int) []float64 { return r.pix[y*r.w : (y+1)*r.w : (y+1)*r.w] }
