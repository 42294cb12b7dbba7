package reference

import (
	"math"

	"github.com/evenhand/evenhand/imaging"
)

// Terms of the light model: a cubic tone curve, then a slope along x and y.
const (
	toneTerms  = 4
	lightTerms = toneTerms + 2
)

// lightSlope is how the claim's brightness changes against the reference's,
// as a fraction over half a picture, along x and y.
type lightSlope struct {
	slope, deviation [2]float64
	residual         float64 // grey levels, of block means
}

// lightChance bounds the probability that a second exposure would be lit as
// evenly as these blocks say: one tone curve for the whole picture, and what
// is left falls off neither along x nor along y.
func (f *frame) lightChance(g *grid, kept []*block, m map[string]float64) float64 {
	l, ok := f.lightSlope(kept, g.size)
	if !ok {
		return 1
	}
	m["light_residual"] = l.residual
	m["light_x"], m["light_y"] = l.slope[0], l.slope[1]
	m["light_x_error"], m["light_y_error"] = l.deviation[0], l.deviation[1]
	chance := 1.0
	for k := range 2 {
		chance *= min(1, 0.8*(math.Abs(l.slope[k])+3*l.deviation[k])/lightSpread)
	}
	return max(lightFloor, chance)
}

// lightSlope fits the block means, four times with outliers doubted; ok is
// false where there are too few blocks to tell.
func (f *frame) lightSlope(kept []*block, size int) (l lightSlope, ok bool) {
	if len(kept) < 12 {
		return l, false
	}
	rows, means := f.lightRows(kept, size)
	weights := make([]float64, len(kept))
	for i := range weights {
		weights[i] = 1
	}
	for range 4 {
		r := regression{terms: lightTerms}
		for i := range rows {
			r.add(&rows[i], means[i], weights[i])
		}
		for i := range lightTerms { // keeps a picture of few greys solvable
			r.lean(i, 0, 1e-6*float64(len(kept)))
		}
		beta, inverse, solved := r.solve()
		if !solved {
			return l, false
		}
		var left, sum float64
		for i := range rows {
			e := r.miss(&beta, &rows[i], means[i])
			left += weights[i] * e * e
			sum += weights[i]
			weights[i] = doubt(e)
		}
		variance := left / max(1, sum-lightTerms)
		l.residual = math.Sqrt(variance)
		for k := range 2 {
			l.slope[k] = beta[toneTerms+k]
			l.deviation[k] = math.Sqrt(variance * inverse[toneTerms+k][toneTerms+k])
		}
	}
	return l, true
}

// lightRows lists, block by block, the model's terms and the claim's mean.
func (f *frame) lightRows(kept []*block, size int) (rows [][8]float64, means []float64) {
	var cx, cy float64
	for _, b := range kept {
		cx += b.x / float64(len(kept))
		cy += b.y / float64(len(kept))
	}
	half := float64(max(f.claim.Width, f.claim.Height)) / 2
	for _, b := range kept {
		y := blockMean(f.claim.Pix, f.claim.Width, b, size)
		row := toneRow(blockMean(f.ref.Pix, f.ref.Width, b, size))
		row[toneTerms], row[toneTerms+1] = y*(b.x-cx)/half, y*(b.y-cy)/half
		rows, means = append(rows, row), append(means, y)
	}
	return rows, means
}

// toneRow is the terms of a cubic tone curve at a grey level.
func toneRow(level float64) [8]float64 {
	x := level/128 - 1
	return [8]float64{1, x, x * x, x * x * x}
}

// toned is the reference in the greys that the claim renders it in.
func (f *frame) toned(kept []*block, size int) *imaging.Plane {
	out := imaging.NewPlane(f.ref.Width, f.ref.Height)
	b, ok := f.toneCurve(kept, size)
	if !ok {
		copy(out.Pix, f.ref.Pix)
		return out
	}
	for i, v := range f.ref.Pix {
		x := v/128 - 1
		out.Pix[i] = b[0] + x*(b[1]+x*(b[2]+x*b[3]))
	}
	return out
}

// toneCurve is how the claim renders the reference's greys, as a cubic in level/128-1.
// It leans a little on the identity, so that few tones cannot swing it.
func (f *frame) toneCurve(kept []*block, size int) (curve [toneTerms]float32, ok bool) {
	terms := toneTerms
	if len(kept) < 12 {
		terms = 2
	}
	weights, rows, means := make([]float64, len(kept)), make([][8]float64, len(kept)), make([]float64, len(kept))
	for i, b := range kept {
		weights[i] = 1
		rows[i] = toneRow(blockMean(f.ref.Pix, f.ref.Width, b, size))
		means[i] = blockMean(f.claim.Pix, f.claim.Width, b, size)
	}
	identity := [8]float64{128, 128}
	var beta [8]float64
	for range 4 {
		r := regression{terms: terms}
		for i := range terms {
			r.lean(i, identity[i], 0.02*float64(len(kept)+1))
		}
		for i := range kept {
			r.add(&rows[i], means[i], weights[i])
		}
		solved := false
		if beta, _, solved = r.solve(); !solved {
			return curve, false
		}
		for i := range kept {
			weights[i] = doubt(r.miss(&beta, &rows[i], means[i]))
		}
	}
	for i := range curve {
		curve[i] = float32(beta[i])
	}
	return curve, true
}

// blockMean is the mean of a plane over b's square.
func blockMean(pix []float32, width int, b *block, n int) float64 {
	x, y := int(b.x-float64(n)/2), int(b.y-float64(n)/2)
	var sum float32
	for v := range n {
		for _, s := range pix[(y+v)*width+x:][:n] {
			sum += s
		}
	}
	return float64(sum) / float64(n*n)
}
