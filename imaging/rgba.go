package imaging

import (
	"image"
	"image/color"
	"image/draw"
)

// RGBA returns the upright picture in opaque 8-bit RGB, transparent parts laid
// over white, shrunk by exact area average so that its longer side is at most
// maxSide. It never enlarges; maxSide 0 means full size.
func (p *Picture) RGBA(maxSide int) *image.RGBA {
	return p.Shrink(fit(p.Width, p.Height, maxSide))
}

// Shrink is RGBA at w by h pixels, upright; a side longer than the picture's
// own becomes that.
func (p *Picture) Shrink(w, h int) *image.RGBA {
	b := p.Stored.Bounds()
	if p.Orientation >= 5 {
		w, h = h, w
	}
	w, h = max(min(w, b.Dx()), 1), max(min(h, b.Dy()), 1)
	var out *image.RGBA
	switch {
	case w == b.Dx() && h == b.Dy():
		out = fullRGBA(p.Stored)
	default:
		if m, ok := p.Stored.(*image.YCbCr); ok {
			out = shrinkYCbCr(m, w, h)
		} else {
			out = shrinkRGBA(p.Stored, w, h)
		}
	}
	return orientRGBA(out, p.Orientation)
}

// fullRGBA copies m over white at its own size.
func fullRGBA(m image.Image) *image.RGBA {
	b := m.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	if _, ok := m.(*image.NRGBA); ok {
		line := newWhiteLine(m)
		for y := range b.Dy() {
			copy(out.Pix[y*out.Stride:], line(y))
		}
		return out
	}
	op := draw.Src
	if o, ok := m.(interface{ Opaque() bool }); !ok || !o.Opaque() {
		draw.Draw(out, out.Rect, image.White, image.Point{}, draw.Src)
		op = draw.Over
	}
	draw.Draw(out, out.Rect, m, b.Min, op)
	return out
}

// shrinkYCbCr averages luma and chroma each on its own grid and converts once,
// at the small size: the conversion is linear, so the order does not matter.
func shrinkYCbCr(m *image.YCbCr, w, h int) *image.RGBA {
	b := m.Bounds()
	ys := shrinkBytes(func(y int) []uint8 {
		at := m.YOffset(b.Min.X, b.Min.Y+y)
		return m.Y[at : at+b.Dx()]
	}, newSpan(b.Dx(), 1, w, b.Dx()), newSpan(b.Dy(), 1, h, b.Dy()), b.Dx()*b.Dy())
	sx, sy := subsampling(m.SubsampleRatio)
	cw, ch := (b.Dx()+sx-1)/sx, (b.Dy()+sy-1)/sy
	chroma := func(plane []uint8) []uint8 {
		return shrinkBytes(func(y int) []uint8 {
			at := m.COffset(b.Min.X, b.Min.Y+y*sy)
			return plane[at : at+cw]
		}, newSpan(b.Dx(), sx, w, cw), newSpan(b.Dy(), sy, h, ch), b.Dx()*b.Dy())
	}
	cb, cr := chroma(m.Cb), chroma(m.Cr)
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range ys {
		r, g, b := color.YCbCrToRGB(ys[i], cb[i], cr[i])
		d := out.Pix[4*i : 4*i+4 : 4*i+4]
		d[0], d[1], d[2], d[3] = r, g, b, 255
	}
	return out
}

// subsampling is how many luma samples one chroma sample spans each way.
func subsampling(r image.YCbCrSubsampleRatio) (x, y int) {
	switch r {
	case image.YCbCrSubsampleRatio422:
		return 2, 1
	case image.YCbCrSubsampleRatio420:
		return 2, 2
	case image.YCbCrSubsampleRatio440:
		return 1, 2
	case image.YCbCrSubsampleRatio411:
		return 4, 1
	case image.YCbCrSubsampleRatio410:
		return 4, 2
	}
	return 1, 1
}

// shrinkBytes averages rows over the parts of sx and sy, rounding to the
// nearest byte; area is what the weights of one target sample add up to.
func shrinkBytes(row func(y int) []uint8, sx, sy span, area int) []uint8 {
	w := len(sx.whole) - 1
	out := make([]uint8, w*(len(sy.whole)-1))
	half := uint64(area) / 2
	reducePlane(row, sx, sy, func(y int, sums []uint64) {
		dst := out[y*w : (y+1)*w]
		for x, v := range sums {
			dst[x] = uint8((v + half) / uint64(area))
		}
	})
	return out
}

// shrinkRGBA serves every other kind: a band of source rows at a time is laid
// over white and its three channels averaged.
func shrinkRGBA(m image.Image, w, h int) *image.RGBA {
	b := m.Bounds()
	w0, h0 := b.Dx(), b.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	line := newWhiteLine(m)
	sx, sy := newSpan(w0, 1, w, w0), newSpan(h0, 1, h, h0)
	area := uint64(w0) * uint64(h0)
	var channel [3][]uint8
	for c := range channel {
		channel[c] = make([]uint8, w0)
	}
	sums, before := make([]uint64, 3*w), make([]uint64, w0+1)
	reduceRows(func(y int, into []uint64) {
		pix := line(y)
		for x := range w0 {
			s := pix[4*x : 4*x+4 : 4*x+4]
			channel[0][x], channel[1][x], channel[2][x] = s[0], s[1], s[2]
		}
		for c := range channel {
			reduceRow(into[c*w:(c+1)*w], channel[c], sx, before)
		}
	}, sums, sy, func(y int, sums []uint64) {
		for x := range w {
			d := out.Pix[y*out.Stride+4*x:][:4:4]
			for c := range 3 {
				d[c] = uint8((sums[c*w+x] + area/2) / area)
			}
			d[3] = 255
		}
	})
	return out
}

// newWhiteLine returns a reader of m's rows as opaque RGBA over white. The
// slice is overwritten by the next call.
func newWhiteLine(m image.Image) func(y int) []uint8 {
	b := m.Bounds()
	line := image.NewRGBA(image.Rect(0, 0, b.Dx(), 1))
	if n, ok := m.(*image.NRGBA); ok { // the usual PNG; image/draw is slow at it
		return func(y int) []uint8 {
			nrgbaOverWhite(line.Pix, n.Pix[n.PixOffset(b.Min.X, b.Min.Y+y):][:4*b.Dx()])
			return line.Pix
		}
	}
	o, ok := m.(interface{ Opaque() bool })
	opaque := ok && o.Opaque()
	white := make([]uint8, len(line.Pix))
	for i := range white {
		white[i] = 255
	}
	return func(y int) []uint8 {
		op := draw.Src
		if !opaque {
			copy(line.Pix, white)
			op = draw.Over
		}
		draw.Draw(line, line.Rect, m, image.Pt(b.Min.X, b.Min.Y+y), op)
		return line.Pix
	}
}

// nrgbaOverWhite lays a row of straight-alpha pixels over white.
func nrgbaOverWhite(dst, src []uint8) {
	for i := 0; i+4 <= len(src); i += 4 {
		s, d := src[i:i+4:i+4], dst[i:i+4:i+4]
		a := uint32(s[3])
		if a == 255 {
			d[0], d[1], d[2], d[3] = s[0], s[1], s[2], 255
			continue
		}
		for c := range 3 {
			d[c] = uint8((uint32(s[c])*a + 255*(255-a) + 127) / 255)
		}
		d[3] = 255
	}
}

// orientRGBA turns a stored picture upright; orientation is EXIF's, 1 to 8.
func orientRGBA(m *image.RGBA, orientation int) *image.RGBA {
	step, w, h, same := turn(orientation, m.Rect.Dx(), m.Rect.Dy())
	if same {
		return m
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		at := step.origin + y*step.stepY
		dst := out.Pix[y*out.Stride:]
		for x := range w {
			copy(dst[4*x:4*x+4], m.Pix[4*at:4*at+4])
			at += step.stepX
		}
	}
	return out
}
