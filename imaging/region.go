package imaging

import (
	"image"
	"image/draw"
)

// Region returns the part r of the upright picture, in its pixels, as opaque
// RGB at full size, transparent parts laid over white. What of r lies outside
// is cut off; nothing but the part is converted. Of a picture that was reduced
// while decoding, a pixel stands for the square it is the mean of.
func (p *Picture) Region(r image.Rectangle) *image.RGBA {
	r = r.Intersect(image.Rect(0, 0, p.Width, p.Height))
	if r.Empty() {
		return image.NewRGBA(image.Rectangle{})
	}
	if in, ok := p.reduced(r); ok {
		return spread(p.region(in), r, in, p.Width, p.Height, p.uprightStored())
	}
	return p.region(r)
}

// uprightStored is the size of Stored once it is upright.
func (p *Picture) uprightStored() image.Point {
	size := p.Stored.Bounds().Size()
	if p.Orientation >= 5 {
		size.X, size.Y = size.Y, size.X
	}
	return size
}

// reduced is where the part r of the picture lies in a Stored that was reduced
// while decoding; ok is false where it was not.
func (p *Picture) reduced(r image.Rectangle) (in image.Rectangle, ok bool) {
	size := p.uprightStored()
	if size.X == p.Width && size.Y == p.Height {
		return r, false
	}
	in.Min = image.Pt(r.Min.X*size.X/p.Width, r.Min.Y*size.Y/p.Height)
	in.Max = image.Pt((r.Max.X*size.X+p.Width-1)/p.Width, (r.Max.Y*size.Y+p.Height-1)/p.Height)
	return in, true
}

// spread repeats the pixels of m, which is the part in of a picture of the
// stored size, over the part r of the full one.
func spread(m *image.RGBA, r, in image.Rectangle, width, height int, stored image.Point) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	column := make([]int, r.Dx())
	for x := range column {
		column[x] = 4 * min((r.Min.X+x)*stored.X/width-in.Min.X, in.Dx()-1)
	}
	for y := range r.Dy() {
		from := m.Pix[min((r.Min.Y+y)*stored.Y/height-in.Min.Y, in.Dy()-1)*m.Stride:]
		to := out.Pix[y*out.Stride:]
		for x, at := range column {
			copy(to[4*x:4*x+4], from[at:at+4])
		}
	}
	return out
}

// region is Region of a part in Stored's own pixels, upright.
func (p *Picture) region(r image.Rectangle) *image.RGBA {
	b := p.Stored.Bounds()
	stored := storedRect(r, p.Orientation, b.Dx(), b.Dy()).Add(b.Min)
	return orientRGBA(fullRGBA(cut(p.Stored, stored)), p.Orientation)
}

// storedRect is where the part r of the upright picture lies among w by h
// stored pixels: the same walk that turns a picture, taken at two corners.
func storedRect(r image.Rectangle, orientation, w, h int) image.Rectangle {
	step, _, _, _ := turn(orientation, w, h)
	at := func(x, y int) image.Point {
		i := step.origin + y*step.stepY + x*step.stepX
		return image.Pt(i%w, i/w)
	}
	a, z := at(r.Min.X, r.Min.Y), at(r.Max.X-1, r.Max.Y-1)
	return image.Rect(min(a.X, z.X), min(a.Y, z.Y), max(a.X, z.X)+1, max(a.Y, z.Y)+1)
}

// cut is a part of m, sharing its pixels where its kind allows.
func cut(m image.Image, r image.Rectangle) image.Image {
	if s, ok := m.(interface {
		SubImage(image.Rectangle) image.Image
	}); ok {
		return s.SubImage(r)
	}
	out := image.NewNRGBA(r)
	draw.Draw(out, r, m, r.Min, draw.Src)
	return out
}

// Halve returns m at half its size, each pixel the mean of four; an odd last
// row or column is averaged with itself, so that a point at (x, y) lies at
// (x/2, y/2) in the result. m must be opaque.
func Halve(m *image.RGBA) *image.RGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, (w+1)/2, (h+1)/2))
	for y := range out.Rect.Dy() {
		top := m.Pix[2*y*m.Stride:]
		bottom := m.Pix[min(2*y+1, h-1)*m.Stride:]
		dst := out.Pix[y*out.Stride:]
		for x := range out.Rect.Dx() {
			l, r := 8*x, 4*min(2*x+1, w-1)
			for c := range 4 {
				sum := int(top[l+c]) + int(top[r+c]) + int(bottom[l+c]) + int(bottom[r+c])
				dst[4*x+c] = uint8((sum + 2) / 4)
			}
		}
	}
	return out
}
