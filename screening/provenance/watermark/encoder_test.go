package watermark

import (
	"image"
	"math"
)

// embed marks m the way the library does, written from the description of the
// method and apart from the decoder: it works on whole planes, transforms them
// fully and back, and keeps the library's own oddities (details exchanged on
// the way back, bytes cut rather than rounded).
func embed(m *image.NRGBA, bits []bool, t tone) *image.NRGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	luma, u, v := make([][]float64, h), make([][]float64, h), make([][]float64, h)
	centre := 0.5
	if t == bytesBGR {
		centre = 128
	}
	for y := range h {
		luma[y], u[y], v[y] = make([]float64, w), make([]float64, w), make([]float64, w)
		for x := range w {
			c := m.NRGBAAt(x, y)
			r, g, b := float64(c.R), float64(c.G), float64(c.B)
			if t == floatRGB {
				r, b = b, r
			}
			l := 0.299*r + 0.587*g + 0.114*b
			luma[y][x], u[y][x], v[y][x] = l, (b-l)*0.492+centre, (r-l)*0.877+centre
			if t == bytesBGR {
				luma[y][x], u[y][x], v[y][x] = byteOf(math.Round(l)), byteOf(math.Round(u[y][x])), byteOf(math.Round(v[y][x]))
			}
		}
	}
	embedPlane(u, w/4*4, h/4*4, bits, t == bytesBGR)
	out := image.NewNRGBA(m.Rect)
	for y := range h {
		for x := range w {
			l, du, dv := luma[y][x], u[y][x]-centre, v[y][x]-centre
			r, b := l+dv/0.877, l+du/0.492
			g := l - 0.395*du - 0.581*dv
			if t == floatRGB {
				r, b = b, r
			}
			at := out.PixOffset(x, y)
			out.Pix[at], out.Pix[at+1], out.Pix[at+2], out.Pix[at+3] = uint8(byteOf(r)), uint8(byteOf(g)), uint8(byteOf(b)), 255
		}
	}
	return out
}

func byteOf(v float64) float64 { return math.Floor(min(255, max(0, v))) }

// embedPlane works in place on the top-left w by h of p.
func embedPlane(p [][]float64, w, h int, bits []bool, cut bool) {
	low := make([][]float64, h/2)
	for y := range low {
		low[y] = make([]float64, w/2)
		for x := range low[y] {
			low[y][x] = (p[2*y][2*x] + p[2*y][2*x+1] + p[2*y+1][2*x] + p[2*y+1][2*x+1]) / 2
		}
	}
	n := 0
	for top := 0; top+4 <= len(low); top += 4 {
		for left := 0; left+4 <= w/2; left += 4 {
			embedBlock(low, left, top, bits[n%len(bits)])
			n++
		}
	}
	for y := range low {
		for x := range low[y] {
			a, b, c, d := p[2*y][2*x], p[2*y][2*x+1], p[2*y+1][2*x], p[2*y+1][2*x+1]
			across, along, diagonal := (a-b+c-d)/2, (a+b-c-d)/2, (a-b-c+d)/2
			across, along = along, across // as the library has it
			l := low[y][x]
			p[2*y][2*x], p[2*y][2*x+1] = (l+across+along+diagonal)/2, (l-across+along-diagonal)/2
			p[2*y+1][2*x], p[2*y+1][2*x+1] = (l+across-along-diagonal)/2, (l-across-along+diagonal)/2
			if cut {
				for i := range 4 {
					s := &p[2*y+i/2][2*x+i%2]
					*s = byteOf(*s)
				}
			}
		}
	}
}

func embedBlock(low [][]float64, left, top int, bit bool) {
	bx, by := 1, 0
	for i := 1; i < 16; i++ {
		if math.Abs(low[top+i/4][left+i%4]) > math.Abs(low[top+by][left+bx]) {
			bx, by = i%4, i/4
		}
	}
	s := &low[top+by][left+bx]
	size := math.Floor(math.Abs(*s)/36)*36 + 9
	if bit {
		size += 18
	}
	*s = math.Copysign(size, *s)
}
