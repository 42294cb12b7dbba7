package samples

import (
	"image"
	"math"
)

// Document is what a phone's document mode makes of the photo: the print alone,
// squared, at the photo's own scale. It finds each corner to a normal error of
// so many pixels of a thousand along the photo's longer side, each way. Light
// is left as it is: take an even one.
func (p *PrintShot) Document(miss float64, seed uint64) *image.RGBA {
	r := random(seed, "document")
	found := p.Corners
	long := float64(max(p.Image.Rect.Dx(), p.Image.Rect.Dy()))
	for i := range found {
		for k := range found[i] {
			found[i][k] += r.NormFloat64() * miss * long / 1000
		}
	}
	side := func(a, b int) float64 { return hypot(found[a][0]-found[b][0], found[a][1]-found[b][1]) }
	w, h := int(math.Round((side(0, 1)+side(3, 2))/2)), int(math.Round((side(0, 3)+side(1, 2))/2))
	to := squareTo(found)
	out := image.NewRGBA(image.Rect(0, 0, max(1, w), max(1, h)))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			px, py := to((float64(x)+0.5)/float64(w), (float64(y)+0.5)/float64(h))
			p.sample(out.Pix[out.PixOffset(x, y):][:4], px-0.5, py-0.5)
		}
	}
	return out
}

// sample fills pix from the photo between its pixels, borders repeated.
func (p *PrintShot) sample(pix []uint8, x, y float64) {
	b := p.Image.Rect
	x, y = min(max(x, 0), float64(b.Dx()-1)), min(max(y, 0), float64(b.Dy()-1))
	ix, iy := min(int(x), b.Dx()-2), min(int(y), b.Dy()-2)
	fx, fy := x-float64(ix), y-float64(iy)
	at := p.Image.PixOffset(b.Min.X+ix, b.Min.Y+iy)
	upper, lower := p.Image.Pix[at:], p.Image.Pix[at+p.Image.Stride:]
	for k := range pix {
		top := float64(upper[k])*(1-fx) + float64(upper[k+4])*fx
		low := float64(lower[k])*(1-fx) + float64(lower[k+4])*fx
		pix[k] = uint8(top*(1-fy) + low*fy + 0.5)
	}
}

// squareTo maps the unit square onto a quadrangle, corners in the order of
// PrintShot (Heckbert 1989, Fundamentals of Texture Mapping and Image Warping, 2.2.3).
func squareTo(q [4][2]float64) func(u, v float64) (x, y float64) {
	var s, d1, d2 [2]float64
	for k := range 2 {
		d1[k], d2[k] = q[1][k]-q[2][k], q[3][k]-q[2][k]
		s[k] = q[0][k] - q[1][k] + q[2][k] - q[3][k]
	}
	det := d1[0]*d2[1] - d2[0]*d1[1]
	g, h := (s[0]*d2[1]-d2[0]*s[1])/det, (d1[0]*s[1]-s[0]*d1[1])/det
	return func(u, v float64) (x, y float64) {
		var out [2]float64
		for k := range out {
			a, b := q[1][k]-q[0][k]+g*q[1][k], q[3][k]-q[0][k]+h*q[3][k]
			out[k] = (a*u + b*v + q[0][k]) / (g*u + h*v + 1)
		}
		return out[0], out[1]
	}
}
