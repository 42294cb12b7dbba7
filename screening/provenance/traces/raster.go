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
		row := out.pix[i/looks*w:]
		for k, x := range xs {
			row[k/looks] += v.at(x, y)
		}
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

// box averages over squares of 2r+1 pixels a side, in two passes of running sums.
func (r raster) box(radius int) raster {
	mid, out := newRaster(r.w, r.h), newRaster(r.w, r.h)
	pass := func(dst, src []float64, lines, n, lineStep, step int) {
		for l := range lines {
			at := func(i int) float64 { return src[l*lineStep+min(n-1, max(0, i))*step] }
			total := 0.0
			for i := -radius; i <= radius; i++ {
				total += at(i)
			}
			for i := range n {
				dst[l*lineStep+i*step] = total / float64(2*radius+1)
				total += at(i+radius+1) - at(i-radius)
			}
		}
	}
	pass(mid.pix, r.pix, r.h, r.w, r.w, 1)
	pass(out.pix, mid.pix, r.w, r.h, 1, r.w)
	return out
}
