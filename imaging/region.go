package imaging

import (
	"image"
	"image/draw"
)

// Region returns the part r of the upright picture, in its pixels, as opaque
// RGB at full size, transparent parts laid over white. What of r lies outside
// is cut off; nothing but the part is converted.
func (p *Picture) Region(r image.Rectangle) *image.RGBA {
	r = r.Intersect(image.Rect(0, 0, p.Width, p.Height))
	if r.Empty() {
		return image.NewRGBA(image.Rectangle{})
	}
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
