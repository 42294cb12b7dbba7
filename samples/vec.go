package samples

import "math"

// vec is a point, a direction or a linear RGB colour; lengths are centimetres.
// x points right, y up, z towards the front of the product.
type vec struct{ x, y, z float64 }

func (a vec) add(b vec) vec              { return vec{a.x + b.x, a.y + b.y, a.z + b.z} }
func (a vec) sub(b vec) vec              { return vec{a.x - b.x, a.y - b.y, a.z - b.z} }
func (a vec) mul(s float64) vec          { return vec{a.x * s, a.y * s, a.z * s} }
func (a vec) times(b vec) vec            { return vec{a.x * b.x, a.y * b.y, a.z * b.z} }
func (a vec) dot(b vec) float64          { return a.x*b.x + a.y*b.y + a.z*b.z }
func (a vec) along(d vec, t float64) vec { return vec{a.x + d.x*t, a.y + d.y*t, a.z + d.z*t} }
func (a vec) length() float64            { return math.Sqrt(a.x*a.x + a.y*a.y + a.z*a.z) }
func (a vec) cross(b vec) vec {
	return vec{a.y*b.z - a.z*b.y, a.z*b.x - a.x*b.z, a.x*b.y - a.y*b.x}
}

func (a vec) unit() vec {
	l := a.length()
	if l == 0 {
		return vec{0, 1, 0}
	}
	return a.mul(1 / l)
}

// reflect mirrors the direction a in a surface of normal n.
func (a vec) reflect(n vec) vec { return a.along(n, -2*a.dot(n)) }

// blend goes from a (t = 0) to b (t = 1).
func blend(a, b vec, t float64) vec {
	return vec{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t, a.z + (b.z-a.z)*t}
}

func lerp(a, b, t float64) float64 { return a + (b-a)*t }

func clamp(v, lo, hi float64) float64 {
	if v < lo {
		return lo
	}
	if v > hi {
		return hi
	}
	return v
}

// step01 rises smoothly from 0 at a to 1 at b (b may be below a).
func step01(a, b, v float64) float64 {
	t := clamp((v-a)/(b-a), 0, 1)
	return t * t * (3 - 2*t)
}

func hypot(x, y float64) float64 { return math.Sqrt(x*x + y*y) }

// turn is a rotation about the vertical axis.
type turn struct{ c, s float64 }

func turnBy(degrees float64) turn {
	s, c := math.Sincos(degrees * math.Pi / 180)
	return turn{c, s}
}

func (t turn) apply(p vec) vec { return vec{t.c*p.x + t.s*p.z, p.y, -t.s*p.x + t.c*p.z} }
func (t turn) undo(p vec) vec  { return vec{t.c*p.x - t.s*p.z, p.y, t.s*p.x + t.c*p.z} }

// srgb is a colour given the way designers write it (0xRRGGBB), made linear.
func srgb(hex uint32) vec {
	return vec{byteLinear[hex>>16&255], byteLinear[hex>>8&255], byteLinear[hex&255]}
}

// byteLinear is linear of the 256 byte values, a table of constants.
var byteLinear = func() (t [256]float64) {
	for i := range t {
		t[i] = linear(float64(i) / 255)
	}
	return t
}()

// linear undoes the sRGB transfer curve (IEC 61966-2-1).
func linear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// encoded applies the sRGB transfer curve (IEC 61966-2-1).
func encoded(v float64) float64 {
	if v <= 0.0031308 {
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}
