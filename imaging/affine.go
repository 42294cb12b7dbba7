package imaging

// Affine is the plane map x' = A·x + B·y + C, y' = D·x + E·y + F.
// Coordinates are pixels with the centre of the top-left pixel at (0.5, 0.5),
// so that a picture of width w spans 0 to w whatever its scale.
type Affine struct{ A, B, C, D, E, F float64 }

// Apply maps the point (x, y).
func (m Affine) Apply(x, y float64) (float64, float64) {
	return m.A*x + m.B*y + m.C, m.D*x + m.E*y + m.F
}

// Then returns the map that applies m first and next after it.
func (m Affine) Then(next Affine) Affine {
	return Affine{
		A: next.A*m.A + next.B*m.D, B: next.A*m.B + next.B*m.E, C: next.A*m.C + next.B*m.F + next.C,
		D: next.D*m.A + next.E*m.D, E: next.D*m.B + next.E*m.E, F: next.D*m.C + next.E*m.F + next.F,
	}
}

// Invert returns the inverse map; ok is false where m flattens the plane.
func (m Affine) Invert() (inv Affine, ok bool) {
	det := m.A*m.E - m.B*m.D
	if det == 0 || det != det {
		return Affine{}, false
	}
	a, b, d, e := m.E/det, -m.B/det, -m.D/det, m.A/det
	return Affine{A: a, B: b, C: -(a*m.C + b*m.F), D: d, E: e, F: -(d*m.C + e*m.F)}, true
}

// ScaleBy is the map that multiplies x by sx and y by sy.
func ScaleBy(sx, sy float64) Affine { return Affine{A: sx, E: sy} }
