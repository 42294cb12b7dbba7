package imaging

import (
	"image"
	"image/color"
	"math"
)

// Luma returns the upright picture's BT.601 luma, 0 to 255, transparent parts
// laid over white, shrunk by exact area average so that its longer side is at
// most maxSide. It never enlarges; maxSide 0 means full size.
func (p *Picture) Luma(maxSide int) *Plane {
	b := p.Stored.Bounds()
	w, h := fit(b.Dx(), b.Dy(), maxSide)
	return orientPlane(lumaAt(p.Stored, w, h), p.Orientation)
}

// LumaOf is Luma of the part r of the upright picture alone, shrunk to w by h
// samples; a side longer than the part's own becomes that. What of r lies
// outside is cut off. It looks at nothing but the part, so that a strip of a
// large picture costs what a strip does.
func (p *Picture) LumaOf(r image.Rectangle, w, h int) *Plane {
	r = r.Intersect(image.Rect(0, 0, p.Width, p.Height))
	if r.Empty() {
		return NewPlane(0, 0)
	}
	w, h = max(min(w, r.Dx()), 1), max(min(h, r.Dy()), 1)
	if in, ok := p.reduced(r); ok {
		m := p.lumaOf(in, min(w, in.Dx()), min(h, in.Dy()))
		if m.Width != w || m.Height != h {
			m = Resize(m, w, h)
		}
		return m
	}
	return p.lumaOf(r, w, h)
}

// lumaOf is LumaOf of a part in Stored's own pixels, upright.
func (p *Picture) lumaOf(r image.Rectangle, w, h int) *Plane {
	if p.Orientation >= 5 {
		w, h = h, w
	}
	b := p.Stored.Bounds()
	stored := storedRect(r, p.Orientation, b.Dx(), b.Dy()).Add(b.Min)
	return orientPlane(lumaAt(cut(p.Stored, stored), w, h), p.Orientation)
}

// lumaAt is the luma of a stored picture at w by h samples.
func lumaAt(m image.Image, w, h int) *Plane {
	b := m.Bounds()
	if row, ok := lumaRows8(m); ok {
		return lumaPlane(row, b.Dx(), b.Dy(), w, h, 1)
	}
	return lumaPlane(lumaRows16(m), b.Dx(), b.Dy(), w, h, luma16Unit)
}

// fit returns the size with the longer side at most maxSide (0: any), each
// side rounded to whole pixels and at least 1.
func fit(w, h, maxSide int) (int, int) {
	long := max(w, h)
	if maxSide <= 0 || long <= maxSide {
		return w, h
	}
	scale := func(v int) int {
		return max(1, int(math.Round(float64(v)*float64(maxSide)/float64(long))))
	}
	return scale(w), scale(h)
}

// lumaPlane averages rows of w0 by h0 samples, each worth unit a grey level,
// down to w by h.
func lumaPlane[T uint8 | uint16](row func(y int) []T, w0, h0, w, h int, unit float64) *Plane {
	out := NewPlane(w, h)
	if w == w0 && h == h0 {
		scale := float32(1 / unit)
		for y := range h {
			dst := out.Row(y)
			from := row(y)[:len(dst)]
			for x, v := range from {
				dst[x] = float32(v) * scale
			}
		}
		return out
	}
	scale := 1 / (float64(w0) * float64(h0) * unit)
	reducePlane(row, newSpan(w0, 1, w, w0), newSpan(h0, 1, h, h0), func(y int, sums []uint64) {
		dst := out.Row(y)
		for x, v := range sums {
			dst[x] = float32(float64(int64(v)) * scale) // it fits
		}
	})
	return out
}

// lumaRows8 returns a reader of luma rows where the picture stores luma in
// bytes already, so that nothing need be converted or copied.
func lumaRows8(m image.Image) (row func(y int) []uint8, ok bool) {
	b := m.Bounds()
	switch m := m.(type) {
	case *image.YCbCr:
		return func(y int) []uint8 {
			at := m.YOffset(b.Min.X, b.Min.Y+y)
			return m.Y[at : at+b.Dx()]
		}, true
	case *image.Gray:
		return func(y int) []uint8 {
			at := m.PixOffset(b.Min.X, b.Min.Y+y)
			return m.Pix[at : at+b.Dx()]
		}, true
	}
	return nil, false
}

// luma16Unit is the worth of one grey level in the rows of lumaRows16.
const luma16Unit = 256

// luma16 is BT.601 luma of 8-bit red, green and blue in units of 1/256:
// 0.299 R + 0.587 G + 0.114 B, the weights rounded to 1/65536.
func luma16(r, g, b uint32) uint16 {
	return uint16((19595*r + 38470*g + 7471*b + 128) >> 8)
}

// luma16Deep is the same of 16-bit samples (65535 is white).
func luma16Deep(r, g, b uint32) uint16 {
	// 65280/65535 = 256/257 takes 16-bit white to 255*256.
	y := (19595*uint64(r) + 38470*uint64(g) + 7471*uint64(b)) >> 8
	return uint16((y + 128) / 257)
}

// overWhite lays a 1/256 luma with 8-bit alpha over white.
func overWhite(y uint16, alpha uint8) uint16 {
	a := uint32(alpha)
	return uint16((uint32(y)*a + 65280*(255-a) + 127) / 255)
}

// lumaRows16 returns a reader of luma rows in units of 1/256 over white, for
// every kind of picture. The slice is overwritten by the next call.
func lumaRows16(m image.Image) func(y int) []uint16 {
	b := m.Bounds()
	w := b.Dx()
	out := make([]uint16, w)
	fill := lumaFiller(m)
	return func(y int) []uint16 {
		fill(out, b.Min.Y+y)
		return out
	}
}

// lumaFiller picks the loop for the picture's kind; y is in the picture's own
// coordinates.
func lumaFiller(m image.Image) func(out []uint16, y int) {
	b := m.Bounds()
	switch m := m.(type) {
	case *image.RGBA:
		return func(out []uint16, y int) {
			pix := m.Pix[m.PixOffset(b.Min.X, y):]
			for x := range out {
				s := pix[4*x : 4*x+4 : 4*x+4]
				// Premultiplied: what alpha leaves of white is added whole.
				out[x] = luma16(uint32(s[0]), uint32(s[1]), uint32(s[2])) + 256*uint16(255-s[3])
			}
		}
	case *image.NRGBA:
		return func(out []uint16, y int) {
			pix := m.Pix[m.PixOffset(b.Min.X, y):]
			for x := range out {
				s := pix[4*x : 4*x+4 : 4*x+4]
				v := luma16(uint32(s[0]), uint32(s[1]), uint32(s[2]))
				if s[3] != 255 {
					v = overWhite(v, s[3])
				}
				out[x] = v
			}
		}
	case *image.CMYK:
		return func(out []uint16, y int) {
			pix := m.Pix[m.PixOffset(b.Min.X, y):]
			for x := range out {
				s := pix[4*x : 4*x+4 : 4*x+4]
				k := 0xffff - uint32(s[3])*0x101
				out[x] = luma16Deep((0xffff-uint32(s[0])*0x101)*k/0xffff,
					(0xffff-uint32(s[1])*0x101)*k/0xffff, (0xffff-uint32(s[2])*0x101)*k/0xffff)
			}
		}
	case *image.Paletted:
		table := paletteLuma(m.Palette)
		return func(out []uint16, y int) {
			pix := m.Pix[m.PixOffset(b.Min.X, y):]
			for x := range out {
				out[x] = table[pix[x]]
			}
		}
	case *image.NYCbCrA:
		return func(out []uint16, y int) {
			ys, as := m.Y[m.YOffset(b.Min.X, y):], m.A[m.AOffset(b.Min.X, y):]
			for x := range out {
				out[x] = overWhite(uint16(ys[x])<<8, as[x])
			}
		}
	case *image.Gray16:
		return func(out []uint16, y int) {
			pix := m.Pix[m.PixOffset(b.Min.X, y):]
			for x := range out {
				v := uint32(pix[2*x])<<8 | uint32(pix[2*x+1])
				out[x] = uint16((v*256 + 128) / 257)
			}
		}
	}
	return lumaFillerDeep(m)
}

// lumaFillerDeep serves the 16-bit colour kinds and whatever else there is.
func lumaFillerDeep(m image.Image) func(out []uint16, y int) {
	b := m.Bounds()
	at := func(x, y int) (r, g, b, a uint32) { return m.At(x, y).RGBA() }
	switch m := m.(type) { // these spare an allocation a pixel
	case *image.NRGBA64:
		at = func(x, y int) (r, g, b, a uint32) { return m.NRGBA64At(x, y).RGBA() }
	case image.RGBA64Image:
		at = func(x, y int) (r, g, b, a uint32) { return m.RGBA64At(x, y).RGBA() }
	}
	return func(out []uint16, y int) {
		for x := range out {
			r, g, b, a := at(b.Min.X+x, y)
			white := 0xffff - a
			out[x] = luma16Deep(min(r+white, 0xffff), min(g+white, 0xffff), min(b+white, 0xffff))
		}
	}
}

// paletteLuma is the luma over white of each palette entry; indices beyond the
// palette read as white.
func paletteLuma(p color.Palette) *[256]uint16 {
	var t [256]uint16
	for i := range t {
		t[i] = 255 * 256
		if i < len(p) {
			r, g, b, a := p[i].RGBA()
			white := 0xffff - a
			t[i] = luma16Deep(min(r+white, 0xffff), min(g+white, 0xffff), min(b+white, 0xffff))
		}
	}
	return &t
}

// orientPlane turns a stored plane upright; orientation is EXIF's, 1 to 8.
func orientPlane(p *Plane, orientation int) *Plane {
	m, w, h, same := turn(orientation, p.Width, p.Height)
	if same {
		return p
	}
	out := NewPlane(w, h)
	// Squares of 32 keep both rasters in cache when rows become columns.
	const side = 32
	for y0 := 0; y0 < h; y0 += side {
		for x0 := 0; x0 < w; x0 += side {
			for y := y0; y < min(y0+side, h); y++ {
				at := m.origin + y*m.stepY + x0*m.stepX
				dst := out.Row(y)[x0:min(x0+side, w)]
				for x := range dst {
					dst[x] = p.Pix[at]
					at += m.stepX
				}
			}
		}
	}
	return out
}

// walk visits a stored raster in upright order: pixel (x, y) of the upright
// picture is sample origin + x*stepX + y*stepY of the stored one.
type walk struct{ origin, stepX, stepY int }

// turn returns the walk for an orientation over a stored raster of w by h
// samples, the upright size, and whether nothing changes.
func turn(orientation, w, h int) (m walk, upW, upH int, same bool) {
	last := (h - 1) * w
	switch orientation {
	case 2: // mirrored left to right
		return walk{w - 1, -1, w}, w, h, false
	case 3: // half turn
		return walk{last + w - 1, -1, -w}, w, h, false
	case 4: // mirrored top to bottom
		return walk{last, 1, -w}, w, h, false
	case 5: // mirrored over the main diagonal
		return walk{0, w, 1}, h, w, false
	case 6: // stored a quarter turn anticlockwise: turn clockwise
		return walk{last, -w, 1}, h, w, false
	case 7: // mirrored over the other diagonal
		return walk{last + w - 1, -w, -1}, h, w, false
	case 8: // stored a quarter turn clockwise: turn anticlockwise
		return walk{w - 1, w, -1}, h, w, false
	}
	return walk{0, 1, w}, w, h, true
}
