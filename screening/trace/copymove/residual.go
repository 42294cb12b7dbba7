package copymove

import (
	"context"
	"image"
	"math"

	"github.com/evenhand/evenhand/imaging"
)

// side is the side of the squares that are compared, in pixels.
const side = 16

// texture is a picture's finer detail at its own size: luma averaged over 3 by
// 3 pixels (1-2-1 each way) less its mean over 7 by 7, in quarter grey levels,
// -127 to 127. That is the band which JPEG leaves, and which tells the place of
// a thing to a small part of a pixel.
type texture struct {
	w, h int
	at   []int8
	luma []uint8
}

// margin is how many rows and columns of a picture's rim have no texture.
const margin = 3

func newTexture(ctx context.Context, p *imaging.Picture) (*texture, error) {
	t := &texture{w: p.Width, h: p.Height, at: make([]int8, p.Width*p.Height), luma: make([]uint8, p.Width*p.Height)}
	const strip = 64
	wide, fine := make([]float32, t.w), make([]float32, t.w)
	for y0 := 0; y0+2*margin < t.h; y0 += strip {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n := min(strip+2*margin, t.h-y0)
		m := p.LumaOf(image.Rect(0, y0, t.w, y0+n), t.w, n)
		for j := margin; j < n-margin; j++ {
			t.row(m, j, y0+j, wide, fine)
		}
	}
	return t, nil
}

// row fills in row y from row j of a strip. It works in wide, for sums over seven
// rows, and in fine, for 1-2-1 over three.
func (t *texture) row(m *imaging.Plane, j, y int, wide, fine []float32) {
	clear(wide)
	for k := -margin; k <= margin; k++ {
		for x, v := range m.Row(j + k) {
			wide[x] += v
		}
	}
	a, b, c := m.Row(j-1), m.Row(j), m.Row(j+1)
	for x := range fine {
		fine[x] = a[x] + 2*b[x] + c[x]
	}
	for x, v := range b {
		t.luma[y*t.w+x] = uint8(v + 0.5)
	}
	out := t.at[y*t.w : (y+1)*t.w]
	var sum float32
	for x := 0; x < min(t.w, 2*margin); x++ {
		sum += wide[x]
	}
	for x := margin; x+margin < t.w; x++ {
		sum += wide[x+margin]
		v := (fine[x-1]+2*fine[x]+fine[x+1])/4 - 4*sum/49
		out[x] = int8(max(-127, min(127, v)))
		sum -= wide[x-margin]
	}
}

// sums are what a correlation is made of; they add up over squares.
type sums struct{ ab, aa, bb int64 }

func (s *sums) add(o sums) { s.ab += o.ab; s.aa += o.aa; s.bb += o.bb }

// correlation is that of two zero-mean signals, -1 to 1.
func (s sums) correlation() float64 {
	if s.aa == 0 || s.bb == 0 {
		return 0
	}
	return float64(s.ab) / math.Sqrt(float64(s.aa)*float64(s.bb))
}

// square compares the square of the given side at (x, y) with the one d away;
// ok is false where either leaves the picture.
func (t *texture) square(x, y, size int, d image.Point) (s sums, ok bool) {
	bx, by := x+d.X, y+d.Y
	if x < 1 || y < 1 || bx < 1 || by < 1 || max(x, bx)+size >= t.w || max(y, by)+size >= t.h {
		return s, false
	}
	for j := range size {
		a, b := t.at[(y+j)*t.w+x:][:size], t.at[(by+j)*t.w+bx:][:size]
		var ab, aa, bb int32
		for i, v := range a {
			p, q := int32(v), int32(b[i])
			ab += p * q
			aa += p * p
			bb += q * q
		}
		s.add(sums{int64(ab), int64(aa), int64(bb)})
	}
	return s, true
}

// drawn is whether much of a square and its rim is of one shade, or nearly as
// black or white as a picture can be, beside the detail that there is: writing,
// icons and bars are the same pixels wherever they stand.
func (t *texture) drawn(q image.Point) bool {
	const rim, extreme = 4, 16 // pixels, shades
	r := image.Rect(q.X*side-rim, q.Y*side-rim, (q.X+1)*side+rim, (q.Y+1)*side+rim).Intersect(image.Rect(0, 0, t.w, t.h))
	var shades [257]int
	clipped := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for _, v := range t.luma[y*t.w+r.Min.X : y*t.w+r.Max.X] {
			shades[v]++
			if v <= extreme || v >= 255-extreme {
				clipped++
			}
		}
	}
	all := r.Dx() * r.Dy()
	for v := range 256 {
		if 5*(shades[v]+shades[v+1]) > 2*all {
			return true
		}
	}
	return 6*clipped > all
}
