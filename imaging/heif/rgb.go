package heif

import (
	"encoding/binary"
	"image"
)

// matrices are the luma weights of red and blue that H.273 (table 4) gives the
// matrix coefficients which libavif takes for what they are; it takes those of
// BT.601 for what is unspecified (2).
var matrices = map[int]struct {
	known  bool
	kr, kb float32
}{
	1: {true, 0.2126, 0.0722},
	2: {true, 0.299, 0.114},
	4: {true, 0.30, 0.11},
	5: {true, 0.299, 0.114},
	6: {true, 0.299, 0.114},
	7: {true, 0.212, 0.087},
	9: {true, 0.2627, 0.0593},
}

// matrix turns YCbCr of one depth into RGB as libavif 1.1.1 does (reformat.c,
// avifImageYUVAnyToRGBAnySlow): in single precision, each operation rounded on
// its own. Conversions to float32 below are there so that no compiler fuses two.
type matrix struct {
	luma, colour []float32 // of a coded sample
	red, blue    float32   // what a unit of Cr adds to red, and of Cb to blue
	gr, gb, g    float32   // of Cr and Cb in green
}

func newMatrix(coefficients int, full bool, depth int) *matrix {
	k := matrices[coefficients]
	n := 1 << depth
	m := &matrix{
		luma: make([]float32, n), colour: make([]float32, n),
		red: 2 * float32(1-k.kr), blue: 2 * float32(1-k.kb),
		gr: float32(k.kr * float32(1-k.kr)), gb: float32(k.kb * float32(1-k.kb)), g: float32(float32(1-k.kr) - k.kb),
	}
	zero, span, chroma := float32(0), float32(n-1), float32(n-1)
	if !full {
		step := float32(n / 256)
		zero, span, chroma = 16*step, 219*step, 224*step
	}
	middle := float32(n / 2)
	for i := range n {
		m.luma[i] = float32(float32(i)-zero) / span
		m.colour[i] = float32(float32(i)-middle) / chroma
	}
	return m
}

// pixel is one pixel at 16 bits.
func (m *matrix) pixel(y, cb, cr float32) (r, g, b uint16) {
	r = deepest(y + float32(m.red*cr))
	b = deepest(y + float32(m.blue*cb))
	part := float32(2 * float32(float32(m.gr*cr)+float32(m.gb*cb)))
	g = deepest(y - float32(part/m.g))
	return r, g, b
}

// deepest brings 0 to 1 to 16 bits.
func deepest(v float32) uint16 {
	return uint16(0.5 + float32(min(max(v, 0), 1)*65535))
}

// shallowOf brings 16 bits to 8.
func shallowOf(v uint16) uint8 { return uint8((uint32(v)*255 + 32767) / 65535) }

// canvasRGB is a picture in RGB that is read plane by plane: until a row is
// converted, its luma lies in the first two bytes of each pixel, and in the
// next two one plane of colour, whose last row lies in the picture's last.
type canvasRGB struct {
	pix    []byte
	w, h   int
	each   int  // bytes of a pixel: 4, or 8 with 16 bits a sample
	halved bool // colours are across
}

func (c canvasRGB) row(y int) []byte { return c.pix[y*c.w*c.each:][:c.w*c.each] }

// put writes a pixel.
func (c canvasRGB) put(p []byte, r, g, b uint16) {
	if c.each == 4 {
		p[0], p[1], p[2], p[3] = shallowOf(r), shallowOf(g), shallowOf(b), 0xff
		return
	}
	binary.BigEndian.PutUint64(p, uint64(r)<<48|uint64(g)<<32|uint64(b)<<16|0xffff)
}

// rgb reads a frame of deep samples: image.RGBA64, or image.RGBA where shallow.
func (f *frames) rgb(m *matrix, shallow bool) (image.Image, error) {
	if err := f.begin(); err != nil {
		return nil, err
	}
	w, h := f.want.w, f.want.h
	r := image.Rect(0, 0, w, h)
	var out image.Image
	c := canvasRGB{w: w, h: h, each: 4, halved: f.want.ratio != image.YCbCrSubsampleRatio444}
	if shallow {
		to := image.NewRGBA(r)
		out, c.pix = to, to.Pix
	} else {
		to := image.NewRGBA64(r)
		out, c.pix, c.each = to, to.Pix, 8
	}
	cw, ch := f.want.plane(1)
	for y := range h {
		if err := f.into(c.row(y), c.each, w); err != nil {
			return nil, err
		}
		if f.want.grey {
			m.grey(c, y)
		}
	}
	if f.want.grey {
		return out, nil
	}
	for y := range ch {
		if err := f.into(c.row(h - ch + y)[2:], c.each, cw); err != nil {
			return nil, err
		}
	}
	return out, f.convert(m, c, cw, ch)
}

// into reads a row of n samples to every each-th byte of to, and the one after.
func (f *frames) into(to []byte, each, n int) error {
	row, err := f.deepRow(n)
	if err != nil {
		return err
	}
	for x := range n {
		to[each*x], to[each*x+1] = row[2*x], row[2*x+1]
	}
	return nil
}

func (m *matrix) grey(c canvasRGB, y int) {
	row := c.row(y)
	for x := range c.w {
		p := row[c.each*x:]
		v := deepest(m.luma[sample(p, len(m.luma))])
		c.put(p, v, v, v)
	}
}

// sample is a coded one, of n that there may be.
func sample(p []byte, n int) int { return min(int(p[0])|int(p[1])<<8, n-1) }

// colours are the Cb and Cr of a row.
type colours struct{ cb, cr []float32 }

// convert reads the last plane and converts each row as soon as the colours
// around it are there: none of them is overwritten before it is taken.
func (f *frames) convert(m *matrix, c canvasRGB, cw, ch int) error {
	load := func(into colours, y int) error {
		row, err := f.deepRow(cw)
		if err != nil {
			return err
		}
		kept := c.row(c.h - ch + y)[2:]
		for x := range cw {
			into.cb[x] = m.colour[sample(kept[c.each*x:], len(m.colour))]
			into.cr[x] = m.colour[sample(row[2*x:], len(m.colour))]
		}
		return nil
	}
	var near [3]colours
	for i := range near {
		near[i] = colours{make([]float32, cw), make([]float32, cw)}
	}
	above, at, below := near[0], near[1], near[2]
	if f.want.ratio != image.YCbCrSubsampleRatio420 {
		for y := range ch {
			if err := load(at, y); err != nil {
				return err
			}
			m.row(c, y, at, at)
		}
		return nil
	}
	if err := load(at, 0); err != nil {
		return err
	}
	for y := range ch {
		if y+1 < ch {
			if err := load(below, y+1); err != nil {
				return err
			}
		}
		if y == 0 {
			m.row(c, 0, at, at)
		} else {
			m.row(c, 2*y, at, above)
		}
		switch next := 2*y + 1; {
		case next == c.h-1:
			m.row(c, next, at, at)
		case next < c.h:
			m.row(c, next, at, below)
		}
		above, at, below = at, below, above
	}
	return nil
}

// row converts a row whose colours are at, and beside those others: halved
// ones count 9 parts of the nearest, 3 of each beside it and 1 of the last.
func (m *matrix) row(c canvasRGB, y int, at, others colours) {
	row := c.row(y)
	if !c.halved {
		for x := range c.w {
			p := row[c.each*x:]
			r, g, b := m.pixel(m.luma[sample(p, len(m.luma))], at.cb[x], at.cr[x])
			c.put(p, r, g, b)
		}
		return
	}
	for x := range c.w {
		i := x / 2
		j := i
		switch {
		case x == 0 || x == c.w-1 && x%2 != 0:
		case x%2 != 0:
			j++
		default:
			j--
		}
		p := row[c.each*x:]
		r, g, b := m.pixel(m.luma[sample(p, len(m.luma))], blend(at.cb, others.cb, i, j), blend(at.cr, others.cr, i, j))
		c.put(p, r, g, b)
	}
}

func blend(at, others []float32, i, j int) float32 {
	nearer := float32(at[i]*(9.0/16)) + float32(at[j]*(3.0/16))
	return nearer + float32(others[i]*(3.0/16)) + float32(others[j]*(1.0/16))
}
