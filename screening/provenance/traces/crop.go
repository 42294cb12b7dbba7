package traces

// wasCropped is the correlation from which a window of the preview is taken
// for what was left of the picture.
const wasCropped = 0.88

// coarse is the side of the squares that windows are compared at.
const coarse = grid / 2

// cropped is the best correlation of the picture with a window of its preview:
// an honest picture that was cut later is one. Windows go down to a third of
// the preview's sides and keep the picture's shape, turned or not.
func cropped(preview, shown view) (best float64) {
	const longest = 96 // pixels of the preview looked at
	scale := min(1, longest/float64(max(preview.width, preview.height)))
	w, h := max(1, int(scale*float64(preview.width))), max(1, int(scale*float64(preview.height)))
	sums := integral(cells(preview, 0, 0, w, h, 2))
	whole := square(shown, 0, 0)
	shape := float64(shown.width) / float64(shown.height)
	for _, lying := range []bool{false, true} {
		var poses [][]float64
		for turn := range 8 {
			if (turn&4 != 0) == lying {
				poses = append(poses, halves(unturned(whole, turn)))
			}
		}
		if lying {
			shape = 1 / shape
		}
		best = max(best, bestWindow(sums, shape, poses))
	}
	return best
}

// bestWindow searches windows of one shape in large steps, then around the best.
func bestWindow(sums summed, shape float64, poses [][]float64) (best float64) {
	w, h := float64(sums.w), float64(sums.h)
	wide := min(w, shape*h)
	var bx, by, bp float64
	try := func(x, y, part float64) {
		ww, wh := part*wide, part*wide/shape
		if x < 0 || y < 0 || x+ww > w+1e-9 || y+wh > h+1e-9 || part < 0.3 {
			return
		}
		window := sums.window(x, y, ww, wh)
		for _, p := range poses {
			if r, plain := correlation(p, window); !plain && r > best {
				best, bx, by, bp = r, x, y, part
			}
		}
	}
	for part := 0.97; part > 0.32; part *= 0.88 {
		step := max(1, part*wide/12)
		for y := 0.0; y <= h; y += step {
			for x := 0.0; x <= w; x += step {
				try(x, y, part)
			}
		}
	}
	for _, finer := range []float64{0.5, 0.25, 0.125} {
		step := finer * bp * wide / 12
		x, y, part := bx, by, bp
		for _, grow := range []float64{-0.1 * finer, 0, 0.1 * finer} {
			centre := -grow * part * wide / 2 // the middle stays
			for dy := -1.0; dy <= 1; dy++ {
				for dx := -1.0; dx <= 1; dx++ {
					try(x+dx*step+centre, y+dy*step+centre/shape, part*(1+grow))
				}
			}
		}
	}
	return best
}

// unturned is the square that turned brings into s.
func unturned(s []float64, turn int) []float64 {
	if turn == 5 || turn == 6 { // the quarter turns undo each other
		turn = 11 - turn
	}
	return turned(s, turn)
}

// summed is a raster's integral: sums over all that is above and to the left.
type summed struct {
	w, h int
	sum  []float64 // (w+1) x (h+1)
}

func integral(r raster) summed {
	s := summed{r.w, r.h, make([]float64, (r.w+1)*(r.h+1))}
	for y := range r.h {
		row := 0.0
		for x := range r.w {
			row += r.pix[y*r.w+x]
			s.sum[(y+1)*(r.w+1)+x+1] = s.sum[y*(r.w+1)+x+1] + row
		}
	}
	return s
}

// halves averages a square of grid x grid into one of half the side.
func halves(s []float64) []float64 {
	out := make([]float64, coarse*coarse)
	for i := range out {
		at := i/coarse*2*grid + i%coarse*2
		out[i] = (s[at] + s[at+1] + s[at+grid] + s[at+grid+1]) / 4
	}
	return out
}

// window averages a rectangle into coarse x coarse cells of at least a pixel each.
func (s summed) window(x, y, w, h float64) []float64 {
	out := make([]float64, coarse*coarse)
	edge := func(at, size float64, i, limit int) (from, to int) {
		from = min(limit-1, int(at+size*float64(i)/coarse))
		return from, min(limit, max(from+1, int(at+size*float64(i+1)/coarse)))
	}
	for j := range coarse {
		y0, y1 := edge(y, h, j, s.h)
		for i := range coarse {
			x0, x1 := edge(x, w, i, s.w)
			n := float64((x1 - x0) * (y1 - y0))
			row0, row1 := y0*(s.w+1), y1*(s.w+1)
			out[j*coarse+i] = (s.sum[row1+x1] - s.sum[row0+x1] - s.sum[row1+x0] + s.sum[row0+x0]) / n
		}
	}
	return out
}
