package reference

import (
	"slices"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
)

// What counts as changed in a picture that was drawn anew everywhere, in
// frame pixels and grey levels.
const (
	redrawBlur     = 1 // finer differences are the redraw's own grain
	redrawSlide    = 2 // pixels by which a redraw moves an edge without meaning it
	redrawContrast = 9.0
	redrawFactor   = 4.0
)

// changedRegions lists where the claim shows something that no small shift of
// the reference explains. A redraw changes every pixel a little: it moves edges
// by tenths of a pixel, makes up grain, and lets the light drift. So brightness
// is compared after a tone curve and a slow drift, and a pixel counts only by as
// much as it lies outside of what the other picture shows within redrawSlide.
func (f *frame) changedRegions(kept []*block, size int) []evidence.Region {
	expected := f.toned(kept, size)
	f.addDrift(expected, kept, size)
	excess := beyond(box(f.claim, redrawBlur), box(expected, redrawBlur))
	threshold := float32(redrawContrast + redrawFactor*typicalOf(excess, kept, size))
	cells := newCellMap(excess.Width, excess.Height)
	for y := 1; y < excess.Height-1; y++ {
		for x := 1; x < excess.Width-1; x++ {
			if i := y*excess.Width + x; f.inside[i] && excess.Pix[i] > threshold {
				cells.count(x, y)
			}
		}
	}
	return cells.regions()
}

// addDrift adds to expected how the light changed from one side to the other:
// a quadratic through the differences of the agreeing blocks' means, with
// outliers doubted.
func (f *frame) addDrift(expected *imaging.Plane, kept []*block, size int) {
	const terms = 6
	if len(kept) < 3*terms {
		return
	}
	w, h := float64(f.claim.Width), float64(f.claim.Height)
	at := func(x, y float64) [8]float64 {
		x, y = 2*x/w-1, 2*y/h-1
		return [8]float64{1, x, y, x * x, x * y, y * y}
	}
	weights := make([]float64, len(kept))
	for i := range weights {
		weights[i] = 1
	}
	var beta [8]float64
	for range 4 {
		r := regression{terms: terms}
		for i := range terms {
			r.lean(i, 0, 0.05*float64(len(kept)))
		}
		miss := make([]float64, len(kept))
		for i, b := range kept {
			row := at(b.x, b.y)
			miss[i] = blockMean(f.claim.Pix, f.claim.Width, b, size) - blockMean(expected.Pix, expected.Width, b, size)
			r.add(&row, miss[i], weights[i])
		}
		solved := false
		if beta, _, solved = r.solve(); !solved {
			return
		}
		for i, b := range kept {
			row := at(b.x, b.y)
			weights[i] = doubt(r.miss(&beta, &row, miss[i]))
		}
	}
	for y := range expected.Height {
		line := expected.Row(y)
		for x := range line {
			row := at(float64(x), float64(y))
			for i := range terms {
				line[x] += float32(beta[i] * row[i])
			}
		}
	}
}

// beyond is, pixel by pixel, how far each of two planes lies outside of what the
// other shows within redrawSlide; the larger of the two.
func beyond(a, b *imaging.Plane) *imaging.Plane {
	out := imaging.NewPlane(a.Width, a.Height)
	for _, p := range [2][2]*imaging.Plane{{a, b}, {b, a}} {
		high, low := spread(p[1], redrawSlide)
		for i, v := range p[0].Pix {
			out.Pix[i] = max(out.Pix[i], v-high.Pix[i], low.Pix[i]-v)
		}
	}
	return out
}

// spread returns the largest and the smallest value within r pixels.
func spread(p *imaging.Plane, r int) (high, low *imaging.Plane) {
	pass := func(src *imaging.Plane, pick func(a, b float32) float32) *imaging.Plane {
		rows, out := imaging.NewPlane(p.Width, p.Height), imaging.NewPlane(p.Width, p.Height)
		for y := range p.Height {
			from, to := src.Row(y), rows.Row(y)
			for x := range to {
				v := from[x]
				for _, near := range from[max(0, x-r):min(p.Width, x+r+1)] {
					v = pick(v, near)
				}
				to[x] = v
			}
		}
		for y := range p.Height {
			to := out.Row(y)
			copy(to, rows.Row(y))
			for v := max(0, y-r); v <= min(p.Height-1, y+r); v++ {
				for x, near := range rows.Row(v) {
					to[x] = pick(to[x], near)
				}
			}
		}
		return out
	}
	return pass(p, func(a, b float32) float32 { return max(a, b) }), pass(p, func(a, b float32) float32 { return min(a, b) })
}

// typicalOf is the median over blocks of a plane's mean.
func typicalOf(p *imaging.Plane, kept []*block, size int) float64 {
	if len(kept) == 0 {
		return 0
	}
	means := make([]float64, len(kept))
	for i, b := range kept {
		means[i] = blockMean(p.Pix, p.Width, b, size)
	}
	slices.Sort(means)
	return means[len(means)/2]
}
