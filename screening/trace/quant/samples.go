package quant

import (
	"image"

	"github.com/evenhand/evenhand/screening/trace/dct"
)

// samples is the block of luma whose top-left pixel, counted from m's own, is
// (x, y). ok is false where a pixel may have been clipped on its way through
// red, green and blue: what that does to a coefficient is not rounding.
func samples(m image.Image, x, y int) (b dct.Block, ok bool) {
	var pix []uint8
	var stride int
	var red, green, blue span
	switch m := m.(type) {
	case *image.YCbCr:
		pix, stride = m.Y[m.YOffset(m.Rect.Min.X+x, m.Rect.Min.Y+y):], m.YStride
		red, green, blue = chroma(m, m.Rect.Min.X+x, m.Rect.Min.Y+y)
	case *image.Gray:
		pix, stride = m.Pix[m.PixOffset(m.Rect.Min.X+x, m.Rect.Min.Y+y):], m.Stride
	case *image.RGBA:
		return colours(m.Pix[m.PixOffset(m.Rect.Min.X+x, m.Rect.Min.Y+y):], m.Stride)
	case *image.NRGBA:
		return colours(m.Pix[m.PixOffset(m.Rect.Min.X+x, m.Rect.Min.Y+y):], m.Stride)
	default:
		return b, false
	}
	low, high := uint8(255), uint8(0)
	for j := range dct.Side {
		for i, v := range pix[j*stride:][:dct.Side] {
			low, high = min(low, v), max(high, v)
			b[j][i] = float32(v) - 128
		}
	}
	for _, c := range []span{red, green, blue} {
		if float32(low)+c.low < 2 || float32(high)+c.high > 253 {
			return b, false
		}
	}
	return b, true
}

// colours is samples of red, green, blue and alpha, which must be opaque.
func colours(pix []uint8, stride int) (b dct.Block, ok bool) {
	for j := range dct.Side {
		row := pix[j*stride:][:4*dct.Side]
		for i := range dct.Side {
			c := row[4*i : 4*i+4 : 4*i+4]
			if min(c[0], c[1], c[2]) < 2 || max(c[0], c[1], c[2]) > 253 || c[3] != 255 {
				return b, false
			}
			b[j][i] = 0.299*float32(c[0]) + 0.587*float32(c[1]) + 0.114*float32(c[2]) - 128
		}
	}
	return b, true
}

// span is what a colour adds to luma within a block, least and most.
type span struct{ low, high float32 }

func (s *span) take(v float32) { s.low, s.high = min(s.low, v), max(s.high, v) }

// chroma is what the colours of the block at (x, y) add to its luma (ITU-R
// BT.601, as JFIF has it).
func chroma(m *image.YCbCr, x, y int) (red, green, blue span) {
	first := true
	last := 0
	for j := y; j < y+dct.Side; j++ {
		row := m.COffset(x, j)
		if !first && row == last {
			continue // the same row of chroma
		}
		last = row
		for at := row; at <= m.COffset(x+dct.Side-1, j); at++ {
			cb, cr := float32(m.Cb[at])-128, float32(m.Cr[at])-128
			r, g, b := 1.402*cr, -0.344136*cb-0.714136*cr, 1.772*cb
			if first {
				red, green, blue, first = span{r, r}, span{g, g}, span{b, b}, false
				continue
			}
			red.take(r)
			green.take(g)
			blue.take(b)
		}
	}
	return red, green, blue
}
