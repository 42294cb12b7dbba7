package angle

import "math"

// Test for one picture that was bent.
const (
	bentTerms  = 10   // of a cubic in x and y
	bentFewest = 40   // places: fewer fit any such map
	bentShare  = 0.85 // of the places that one smooth map carries to within
	bentMiss   = 1.0  // pixels
	bentRounds = 8
)

// shareOfBend is the share of places that one cubic map carries to within a
// pixel: perspective, shear and a lens's distortion of one and the same picture are
// such maps. A camera that moved before something with depth makes none. Of
// fewer places than such a map can be told from, all are said to follow it.
func shareOfBend(places []place, size float64) float64 {
	if len(places) < bentFewest {
		return 1
	}
	weights := make([]float64, len(places))
	for i := range weights {
		weights[i] = 1
	}
	share := 0.0
	for range bentRounds {
		cu, cv, ok := fitBend(places, weights, size)
		if !ok {
			return 1
		}
		n := 0
		for i, p := range places {
			b := bendBasis(p, size)
			var u, v float64
			for k := range b {
				u += cu[k] * b[k]
				v += cv[k] * b[k]
			}
			m := math.Hypot(u-p.u, v-p.v)
			if m <= bentMiss {
				n++
			}
			weights[i] = 1 / max(m, 0.3) // least absolute distance
		}
		share = max(share, float64(n)/float64(len(places)))
	}
	return share
}

func bendBasis(p place, size float64) [bentTerms]float64 {
	x, y := 2*p.x/size-1, 2*p.y/size-1
	return [bentTerms]float64{1, x, y, x * x, x * y, y * y, x * x * x, x * x * y, x * y * y, y * y * y}
}

// fitBend is the weighted least-squares map.
func fitBend(places []place, weights []float64, size float64) (cu, cv [bentTerms]float64, ok bool) {
	var m [bentTerms][bentTerms + 2]float64
	for i, p := range places {
		b := bendBasis(p, size)
		for r := range b {
			for c := range b {
				m[r][c] += weights[i] * b[r] * b[c]
			}
			m[r][bentTerms] += weights[i] * b[r] * p.u
			m[r][bentTerms+1] += weights[i] * b[r] * p.v
		}
	}
	// Gauss and Jordan's elimination, the largest of each column first.
	for c := range bentTerms {
		top := c
		for r := c; r < bentTerms; r++ {
			if math.Abs(m[r][c]) > math.Abs(m[top][c]) {
				top = r
			}
		}
		m[c], m[top] = m[top], m[c]
		if math.Abs(m[c][c]) < 1e-9 {
			return cu, cv, false
		}
		for r := range bentTerms {
			if r == c {
				continue
			}
			k := m[r][c] / m[c][c]
			for j := c; j < bentTerms+2; j++ {
				m[r][j] -= k * m[c][j]
			}
		}
	}
	for r := range bentTerms {
		cu[r], cv[r] = m[r][bentTerms]/m[r][r], m[r][bentTerms+1]/m[r][r]
	}
	return cu, cv, true
}
