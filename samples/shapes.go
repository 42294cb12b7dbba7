package samples

import "math"

// Distances of simple solids; formulas after Quilez, "Distance functions"
// (iquilezles.org), and Hart 1996.

func roundBox(p, half vec, r float64) float64 {
	x, y, z := math.Abs(p.x)-half.x+r, math.Abs(p.y)-half.y+r, math.Abs(p.z)-half.z+r
	in := min(max(x, y, z), 0)
	x, y, z = max(x, 0), max(y, 0), max(z, 0)
	return in + math.Sqrt(x*x+y*y+z*z) - r
}

// disc is an upright cylinder between two heights with rounded edges.
func disc(p vec, radius, low, high, r float64) float64 {
	x := hypot(p.x, p.z) - radius + r
	y := math.Abs(p.y-(low+high)/2) - (high-low)/2 + r
	return min(max(x, y), 0) + hypot(max(x, 0), max(y, 0)) - r
}

func ball(p, c vec, r float64) float64 { return p.sub(c).length() - r }

// egg is an ellipsoid; the distance is a first-order bound.
func egg(p, c, r vec) float64 {
	q := p.sub(c)
	a := vec{q.x / r.x, q.y / r.y, q.z / r.z}
	k0 := a.length()
	k1 := vec{a.x / r.x, a.y / r.y, a.z / r.z}.length()
	if k1 < 1e-9 {
		return -min(r.x, r.y, r.z)
	}
	return k0 * (k0 - 1) / k1
}

// stick is a rod from a to b that tapers from radius ra to rb.
func stick(p, a, b vec, ra, rb float64) float64 {
	pa, ba := p.sub(a), b.sub(a)
	h := clamp(pa.dot(ba)/ba.dot(ba), 0, 1)
	return pa.along(ba, -h).length() - lerp(ra, rb, h)
}

// smoothMin joins two solids with a fillet of about k.
func smoothMin(a, b, k float64) float64 {
	h := max(k-math.Abs(a-b), 0) / k
	return min(a, b) - h*h*k/4
}

func smoothMax(a, b, k float64) float64 { return -smoothMin(-a, -b, k) }

// profile is a curve of radius over height, Catmull-Rom through knots.
type profile [][2]float64 // height, radius; heights rising

// at is the radius at height y and its slope.
func (k profile) at(y float64) (r, slope float64) {
	n := len(k)
	if y <= k[0][0] {
		return k[0][1], 0
	}
	if y >= k[n-1][0] {
		return k[n-1][1], 0
	}
	i := 0
	for y > k[i+1][0] {
		i++
	}
	h := k[i+1][0] - k[i][0]
	t := (y - k[i][0]) / h
	m := func(j int) float64 {
		a, b := max(j-1, 0), min(j+1, n-1)
		return (k[b][1] - k[a][1]) / (k[b][0] - k[a][0]) * h
	}
	p0, p1, m0, m1 := k[i][1], k[i+1][1], m(i), m(i+1)
	t2, t3 := t*t, t*t*t
	r = (2*t3-3*t2+1)*p0 + (t3-2*t2+t)*m0 + (-2*t3+3*t2)*p1 + (t3-t2)*m1
	slope = ((6*t2-6*t)*p0 + (3*t2-4*t+1)*m0 + (6*t-6*t2)*p1 + (3*t2-2*t)*m1) / h
	return r, slope
}

// turned is the distance to the solid of revolution of a profile, open at
// both ends (cap it with planes).
func turned(p vec, k profile) float64 {
	r, slope := k.at(p.y)
	d := hypot(p.x, p.z) - r
	if d > 0.4 { // a shoulder below or above may be nearer than the waist here
		return 0.55 * d
	}
	return d / math.Sqrt(1+slope*slope)
}
