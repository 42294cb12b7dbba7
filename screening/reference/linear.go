package reference

// regression is weighted linear least squares with up to eight unknowns, by
// normal equations: small, and well enough conditioned for terms of order 1.
type regression struct {
	terms  int
	normal [8][9]float64 // symmetric part, and the right side in column 8
}

// add takes in one observation y = Σ row·unknowns.
func (r *regression) add(row *[8]float64, y, weight float64) {
	for i := range r.terms {
		for j := range r.terms {
			r.normal[i][j] += weight * row[i] * row[j]
		}
		r.normal[i][8] += weight * row[i] * y
	}
}

// lean adds an observation that unknown i is value.
func (r *regression) lean(i int, value, weight float64) {
	r.normal[i][i] += weight
	r.normal[i][8] += weight * value
}

// solve returns the unknowns and the inverse of the normal matrix, whose
// diagonal times the residual variance is their variance.
func (r *regression) solve() (beta [8]float64, inverse [8][8]float64, ok bool) {
	inverse, ok = invert(&r.normal, r.terms)
	for i := range r.terms {
		for j := range r.terms {
			beta[i] += inverse[i][j] * r.normal[j][8]
		}
	}
	return beta, inverse, ok
}

// miss is y less what the unknowns predict for row.
func (r *regression) miss(beta, row *[8]float64, y float64) float64 {
	for i := range r.terms {
		y -= beta[i] * row[i]
	}
	return y
}

// doubt is Cauchy's weight for a residual in grey levels: half at four.
func doubt(e float64) float64 { return 1 / (1 + e*e/16) }
