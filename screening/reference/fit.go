package reference

import (
	"math"
)

// deformation is a smooth displacement field over blocks: a similarity's small
// change, and the four ways in which a photograph of a plane differs from a
// similarity. Coordinates are frame pixels from (cx, cy) divided by radius,
// so that each coefficient is the displacement in pixels it causes at radius.
type deformation struct {
	cx, cy, radius float64
	// shift x, shift y, zoom, turn, stretch (x against y), shear, perspective
	// along x, perspective along y
	coefficient [8]float64
	deviation   [8]float64 // standard errors
	residual    float64    // standard deviation of what is left, pixels an axis
}

const (
	similarityTerms = 4 // shift, zoom, turn
	stretchTerms    = 5 // and stretch along the frame's axes
	affineTerms     = 6 // and shear
	planeTerms      = 8 // and shear and perspective
)

// basis fills the two rows (x and y displacement) of the model at a point.
func (d *deformation) basis(x, y float64, bx, by *[8]float64) {
	x, y = (x-d.cx)/d.radius, (y-d.cy)/d.radius
	*bx = [8]float64{1, 0, x, -y, x, y, x * x, x * y}
	*by = [8]float64{0, 1, y, x, -y, x, x * y, y * y}
}

// at is the displacement at a frame point, using the first terms only.
func (d *deformation) at(x, y float64, terms int) (dx, dy float64) {
	var bx, by [8]float64
	d.basis(x, y, &bx, &by)
	for i := range terms {
		dx += d.coefficient[i] * bx[i]
		dy += d.coefficient[i] * by[i]
	}
	return dx, dy
}

// fit is the least-squares deformation with the given terms; each block counts
// by its information on its own displacement, times its weight.
func fit(blocks []*block, weights []float64, terms int) (deformation, bool) {
	d := deformation{radius: 1}
	var sum float64
	for i, b := range blocks {
		d.cx += weights[i] * b.x
		d.cy += weights[i] * b.y
		sum += weights[i]
	}
	if sum <= 0 || len(blocks)*2 <= terms {
		return d, false
	}
	d.cx, d.cy = d.cx/sum, d.cy/sum
	var r2 float64
	for i, b := range blocks {
		r2 += weights[i] * ((b.x-d.cx)*(b.x-d.cx) + (b.y-d.cy)*(b.y-d.cy))
	}
	d.radius = math.Sqrt(r2/sum) + 1e-9
	var normal [8][9]float64
	var bx, by [8]float64
	for i, b := range blocks {
		d.basis(b.x, b.y, &bx, &by)
		for r := range terms {
			// Row r of the information, turned onto this coefficient.
			ix := weights[i] * (bx[r]*b.xx + by[r]*b.xy)
			iy := weights[i] * (bx[r]*b.xy + by[r]*b.yy)
			for c := range terms {
				normal[r][c] += ix*bx[c] + iy*by[c]
			}
			normal[r][8] += ix*b.dx + iy*b.dy
		}
	}
	inverse, ok := invert(&normal, terms)
	if !ok {
		return d, false
	}
	for r := range terms {
		for c := range terms {
			d.coefficient[r] += inverse[r][c] * normal[c][8]
		}
	}
	var left, plain float64
	for i, b := range blocks {
		x, y := d.at(b.x, b.y, terms)
		x, y = b.dx-x, b.dy-y
		left += weights[i] * (b.xx*x*x + 2*b.xy*x*y + b.yy*y*y)
		plain += weights[i] * math.Pow(b.miss(b.dx-x, b.dy-y), 2)
	}
	d.residual = math.Sqrt(plain / (2 * sum))
	free := max(0.1, float64(2*len(blocks)-terms)/float64(2*len(blocks)))
	unit := math.Sqrt(left / (2 * sum * free)) // deviation of a measurement of unit information
	for r := range terms {
		d.deviation[r] = math.Sqrt(max(0, inverse[r][r])) * unit
	}
	return d, true
}

// invert inverts the leading n×n part of a symmetric matrix by Gauss-Jordan
// with pivoting; false where it is singular.
func invert(m *[8][9]float64, n int) (inv [8][8]float64, ok bool) {
	a := *m
	for i := range n {
		inv[i][i] = 1
	}
	for i := range n {
		pivot := i
		for r := i; r < n; r++ {
			if math.Abs(a[r][i]) > math.Abs(a[pivot][i]) {
				pivot = r
			}
		}
		if math.Abs(a[pivot][i]) < 1e-9 {
			return inv, false
		}
		a[i], a[pivot], inv[i], inv[pivot] = a[pivot], a[i], inv[pivot], inv[i]
		scale := 1 / a[i][i]
		for c := range n {
			a[i][c] *= scale
			inv[i][c] *= scale
		}
		for r := range n {
			factor := a[r][i]
			if r == i || factor == 0 {
				continue
			}
			for c := range n {
				a[r][c] -= factor * a[i][c]
				inv[r][c] -= factor * inv[i][c]
			}
		}
	}
	return inv, true
}

// robustFit fits with weights that fall to nothing beyond reach pixels
// (Tukey's biweight, iteratively reweighted, reach shrinking towards it).
func robustFit(blocks []*block, terms int, reach float64, start *deformation) (deformation, []float64, bool) {
	weights := make([]float64, len(blocks))
	var d deformation
	if start != nil {
		d = *start
	}
	ok := true
	for step := range 8 {
		r := reach * math.Max(1, 3-float64(step)*0.5)
		for i, b := range blocks {
			weights[i] = 1
			if step == 0 && start == nil {
				continue
			}
			x, y := d.at(b.x, b.y, terms)
			e := b.miss(x, y) / r
			e *= e
			if e >= 1 {
				weights[i] = 0
				continue
			}
			weights[i] *= (1 - e) * (1 - e)
		}
		var next deformation
		if next, ok = fit(blocks, weights, terms); !ok {
			return d, weights, false
		}
		d = next
	}
	return d, weights, ok
}
