package heif

import (
	"fmt"
	"image"
)

// layer is one plane of samples, channels bytes each.
type layer struct {
	pix          []uint8
	stride, w, h int
}

// layers takes a picture apart: one plane of grey or of 4-byte pixels, or
// three.
func layers(m image.Image) (out []layer, channels int, ratio image.YCbCrSubsampleRatio) {
	size := m.Bounds().Size()
	switch m := m.(type) {
	case *image.Gray:
		return []layer{{m.Pix, m.Stride, size.X, size.Y}}, 1, 0
	case *image.NRGBA:
		return []layer{{m.Pix, m.Stride, size.X, size.Y}}, 4, 0
	case *image.RGBA:
		return []layer{{m.Pix, m.Stride, size.X, size.Y}}, 4, 0
	case *image.YCbCr:
		cw, ch := chroma(size.X, size.Y, m.SubsampleRatio)
		return []layer{
			{m.Y, m.YStride, size.X, size.Y}, {m.Cb, m.CStride, cw, ch}, {m.Cr, m.CStride, cw, ch},
		}, 1, m.SubsampleRatio
	}
	return nil, 0, 0
}

// chroma is the size of the planes of colour; HEVC knows these three.
func chroma(w, h int, ratio image.YCbCrSubsampleRatio) (cw, ch int) {
	switch ratio {
	case image.YCbCrSubsampleRatio420:
		return (w + 1) / 2, (h + 1) / 2
	case image.YCbCrSubsampleRatio422:
		return (w + 1) / 2, h
	}
	return w, h
}

// assemble is layers' opposite.
func assemble(l []layer, channels int, ratio image.YCbCrSubsampleRatio) image.Image {
	r := image.Rect(0, 0, l[0].w, l[0].h)
	switch {
	case len(l) == 3:
		return &image.YCbCr{Y: l[0].pix, Cb: l[1].pix, Cr: l[2].pix, YStride: l[0].stride, CStride: l[1].stride, SubsampleRatio: ratio, Rect: r}
	case channels == 4:
		return &image.NRGBA{Pix: l[0].pix, Stride: l[0].stride, Rect: r}
	}
	return &image.Gray{Pix: l[0].pix, Stride: l[0].stride, Rect: r}
}

// newLayers are empty planes for a picture of w by h pixels.
func newLayers(w, h, planes, channels int, ratio image.YCbCrSubsampleRatio) []layer {
	out := make([]layer, planes)
	for i := range out {
		pw, ph := w, h
		if i > 0 {
			pw, ph = chroma(w, h, ratio)
		}
		out[i] = layer{make([]uint8, pw*ph*channels), pw * channels, pw, ph}
	}
	return out
}

// own copies a picture out of a sandbox, without the rows' padding.
func own(m image.Image) image.Image {
	from, channels, ratio := layers(m)
	to := newLayers(from[0].w, from[0].h, len(from), channels, ratio)
	for i := range to {
		for y := range to[i].h {
			copy(to[i].pix[y*to[i].stride:(y+1)*to[i].stride], from[i].pix[y*from[i].stride:])
		}
	}
	return assemble(to, channels, ratio)
}

// canvas is the picture that tiles are laid on.
type canvas struct {
	full         image.Point
	factor       int
	tile         image.Point // the first one's size
	planes       []layer
	channels     int
	ratio        image.YCbCrSubsampleRatio
	chromaFactor image.Point // luma samples a sample of colour spans
}

func newCanvas(s *still, first image.Image, factor int) (*canvas, error) {
	parts, channels, ratio := layers(first)
	c := &canvas{full: image.Pt(int(s.width), int(s.height)), factor: factor, tile: first.Bounds().Size(), channels: channels, ratio: ratio}
	if len(parts) == 0 || c.tile.X*s.columns < c.full.X || c.tile.Y*s.rows < c.full.Y {
		return nil, fmt.Errorf("tiles do not cover the picture: %w", ErrBroken)
	}
	cw, ch := chroma(2, 2, ratio)
	c.chromaFactor = image.Pt(2/cw, 2/ch)
	if odd := len(parts) == 3 && (c.tile.X%c.chromaFactor.X != 0 || c.tile.Y%c.chromaFactor.Y != 0); odd && len(s.tiles) > 1 {
		return nil, UnsupportedError("HEIF: tiles of odd size")
	}
	c.planes = newLayers((c.full.X+factor-1)/factor, (c.full.Y+factor-1)/factor, len(parts), channels, ratio)
	return c, nil
}

// lay puts a tile in its place; what reaches over the picture's edge is cut.
func (c *canvas) lay(m image.Image, column, row int) error {
	parts, channels, ratio := layers(m)
	if len(parts) != len(c.planes) || channels != c.channels || ratio != c.ratio || m.Bounds().Size() != c.tile {
		return fmt.Errorf("%w: %w", errMixed, ErrBroken)
	}
	for i, from := range parts {
		full, at := c.full, image.Pt(column*c.tile.X, row*c.tile.Y)
		if i > 0 {
			full.X, full.Y = chroma(c.full.X, c.full.Y, c.ratio)
			at.X, at.Y = at.X/c.chromaFactor.X, at.Y/c.chromaFactor.Y
		}
		w, h := min(from.w, full.X-at.X), min(from.h, full.Y-at.Y)
		if w <= 0 || h <= 0 {
			continue
		}
		to := c.planes[i]
		if c.factor == 1 {
			for y := range h {
				copy(to.pix[(at.Y+y)*to.stride+at.X*channels:][:w*channels], from.pix[y*from.stride:])
			}
			continue
		}
		means(to, from, at, w, h, c.factor, channels)
	}
	return nil
}

// means lays a part as means of squares; at is a multiple of factor.
func means(to, from layer, at image.Point, w, h, factor, channels int) {
	for y := 0; y < h; y += factor {
		high := min(factor, h-y)
		out := to.pix[(at.Y+y)/factor*to.stride+at.X/factor*channels:]
		for x := 0; x < w; x += factor {
			wide := min(factor, w-x)
			n := high * wide
			for k := range channels {
				sum := n / 2
				for v := range high {
					row := from.pix[(y+v)*from.stride+x*channels+k:]
					for u := range wide {
						sum += int(row[u*channels])
					}
				}
				out[x/factor*channels+k] = uint8(sum / n)
			}
		}
	}
}

func (c *canvas) picture() image.Image { return assemble(c.planes, c.channels, c.ratio) }

// overWhite lays m over white, in place: alpha is a picture of its own, whose
// luma says how much of m is there. studio says that white is 235.
func overWhite(m, alpha image.Image, premultiplied, studio bool) {
	a, _, _ := layers(alpha)
	parts, channels, _ := layers(m)
	if len(a) == 0 || a[0].w == 0 || a[0].h == 0 {
		return
	}
	for i, p := range parts {
		white := 255
		switch {
		case i > 0 && premultiplied: // colour is nearer to none already
			continue
		case i > 0:
			white = 128
		case studio:
			white = 235
		}
		for y := range p.h {
			row := a[0].pix[y*a[0].h/p.h*a[0].stride:]
			for x := range p.w {
				k := int(row[x*a[0].w/p.w])
				if k == 255 {
					continue
				}
				for c := range min(channels, 3) {
					v := int(p.pix[y*p.stride+x*channels+c])
					if premultiplied {
						v = min(v+(white*(255-k)+127)/255, 255)
					} else {
						v = (v*k + white*(255-k) + 127) / 255
					}
					p.pix[y*p.stride+x*channels+c] = uint8(v)
				}
			}
		}
	}
}

// greyOf is the luma of m alone.
func greyOf(m image.Image) image.Image {
	if m, ok := m.(*image.YCbCr); ok {
		return &image.Gray{Pix: m.Y, Stride: m.YStride, Rect: m.Rect}
	}
	return m
}

// cropped is the part r of m.
func cropped(m image.Image, r image.Rectangle) image.Image {
	if s, ok := m.(interface {
		SubImage(image.Rectangle) image.Image
	}); ok {
		return own(s.SubImage(r))
	}
	return m
}
