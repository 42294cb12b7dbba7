package forge

import (
	"image"
	"math"
	"math/rand/v2"
)

// Bending names one way in which an editor moves a whole picture's points.
type Bending string

// The bendings that any phone's editor offers.
const (
	Perspective Bending = "perspective" // the four corners, each on its own
	Shear       Bending = "shear"       // a slant and a stretch
	Barrel      Bending = "barrel"      // out or in along the radius, as a lens would
	Local       Bending = "local"       // a few places pushed aside, as by a finger
)

// Bendings returns every bending, in a fixed order.
func Bendings() []Bending { return []Bending{Perspective, Shear, Barrel, Local} }

// Bend returns img with its points moved by at most the given share of its
// longer side, and its rim cut off where the bent picture leaves it empty. An
// unknown bending moves nothing.
func Bend(img *image.RGBA, kind Bending, most float64, rng *rand.Rand) *image.RGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	from := bendOf(kind, float64(w), float64(h), most*float64(max(w, h)), rng)
	return resampled(clone(img), w, h, from)
}

// resampled draws a w×h picture whose point (x, y) shows img's from(x, y).
func resampled(img *image.RGBA, w, h int, from func(x, y float64) (float64, float64)) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := from(float64(x)+0.5, float64(y)+0.5)
			px := out.Pix[y*out.Stride+4*x:][:4:4]
			for c := range 3 {
				px[c] = level(sample(img, sx, sy, c))
			}
			px[3] = 255
		}
	}
	return out
}

// bendOf is the map from the bent picture's points to the picture's own; no
// point moves by more than reach pixels, and none comes from outside.
func bendOf(kind Bending, w, h, reach float64, rng *rand.Rand) func(x, y float64) (float64, float64) {
	switch kind {
	case Perspective:
		var corners [4][2]float64
		for i := range corners {
			// Inwards only: an editor crops what is empty.
			in := [2]float64{reach * rng.Float64() / math.Sqrt2, reach * rng.Float64() / math.Sqrt2}
			corners[i] = [2]float64{float64(i%2)*(w-2*in[0]) + in[0], float64(i/2)*(h-2*in[1]) + in[1]}
		}
		return throughCorners(corners, w, h)
	case Shear:
		slant := sign(rng) * reach / h * (0.5 + 0.5*rng.Float64())
		stretch := 1 - rng.Float64()*reach/max(w, h)
		shift := math.Abs(slant) * h / 2
		return func(x, y float64) (float64, float64) {
			return w/2 + (x-w/2)*(1-2*shift/w)*stretch + slant*(y-h/2), y
		}
	case Barrel:
		k := reach / math.Hypot(w, h) * 2 * (0.4 + 0.6*rng.Float64()) // the corner's move over its radius
		if rng.IntN(2) == 0 {
			k = -k
		}
		far := (w*w + h*h) / 4
		return func(x, y float64) (float64, float64) {
			x, y = x-w/2, y-h/2
			scale := 1 + k*((x*x+y*y)/far) - max(0, k)
			return w/2 + x*scale, h/2 + y*scale
		}
	case Local:
		return pushes(w, h, reach, rng)
	}
	return func(x, y float64) (float64, float64) { return x, y }
}

// throughCorners is the projective map that carries the frame's corners to the
// given ones (Heckbert 1989, section 2.2.3, the unit square to a quadrilateral).
func throughCorners(c [4][2]float64, w, h float64) func(x, y float64) (float64, float64) {
	p0, p1, p3, p2 := c[0], c[1], c[2], c[3] // round the square
	dx1, dx2, sx := p1[0]-p2[0], p3[0]-p2[0], p0[0]-p1[0]+p2[0]-p3[0]
	dy1, dy2, sy := p1[1]-p2[1], p3[1]-p2[1], p0[1]-p1[1]+p2[1]-p3[1]
	det := dx1*dy2 - dx2*dy1
	g, k := (sx*dy2-dx2*sy)/det, (dx1*sy-sx*dy1)/det
	a, b := p1[0]-p0[0]+g*p1[0], p3[0]-p0[0]+k*p3[0]
	d, e := p1[1]-p0[1]+g*p1[1], p3[1]-p0[1]+k*p3[1]
	return func(x, y float64) (float64, float64) {
		u, v := x/w, y/h
		z := g*u + k*v + 1
		return (a*u + b*v + p0[0]) / z, (d*u + e*v + p0[1]) / z
	}
}

// pushes moves two to four places aside, each under a bell as wide as an eighth
// to a quarter of the picture.
func pushes(w, h, reach float64, rng *rand.Rand) func(x, y float64) (float64, float64) {
	type push struct{ x, y, dx, dy, width float64 }
	list := make([]push, 2+rng.IntN(3))
	for i := range list {
		angle, strength := 2*math.Pi*rng.Float64(), reach*(0.5+0.5*rng.Float64())/2
		list[i] = push{
			w * (0.2 + 0.6*rng.Float64()), h * (0.2 + 0.6*rng.Float64()),
			strength * math.Cos(angle), strength * math.Sin(angle), max(w, h) * (0.125 + 0.125*rng.Float64()),
		}
	}
	return func(x, y float64) (float64, float64) {
		var dx, dy float64
		for _, p := range list {
			u, v := (x-p.x)/p.width, (y-p.y)/p.width
			fall := math.Exp(-2 * (u*u + v*v))
			dx += p.dx * fall
			dy += p.dy * fall
		}
		if far := math.Hypot(dx, dy); far > reach {
			dx, dy = dx*reach/far, dy*reach/far
		}
		return clamp(x+dx, 0, w), clamp(y+dy, 0, h)
	}
}
