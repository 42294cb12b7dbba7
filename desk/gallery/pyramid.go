package gallery

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"

	"github.com/evenhand/evenhand/imaging"
)

// Tile is the side of a tile in pixels.
const Tile = 512

// How good the JPEGs are: a tile must show what a reviewer looks for.
const (
	tileQuality    = 90
	previewQuality = 85
)

// pyramid is a picture at full size and at each half of the one before, down
// to one that fits a tile. The full size stays as it was decoded, mostly one
// and a half bytes a pixel, and is turned and converted a tile at a time.
type pyramid struct {
	full  *imaging.Picture
	small []*image.RGBA // upright; small[0] is half of full
}

// levels is how many sizes a picture of w by h pixels has.
func levels(w, h int) int {
	n := 1
	for side := max(w, h); side > Tile; side = (side + 1) / 2 {
		n++
	}
	return n
}

func newPyramid(p *imaging.Picture) *pyramid {
	out := &pyramid{full: p}
	n := levels(p.Width, p.Height)
	if n > 1 {
		out.small = append(out.small, p.RGBA((max(p.Width, p.Height)+1)/2))
	}
	for len(out.small) < n-1 {
		out.small = append(out.small, imaging.Halve(out.small[len(out.small)-1]))
	}
	return out
}

// bytes is what the pyramid holds in memory, near enough.
func (p *pyramid) bytes() int64 {
	b := p.full.Stored.Bounds()
	area := int64(b.Dx()) * int64(b.Dy())
	n := area * 4
	switch p.full.Stored.(type) {
	case *image.YCbCr:
		n = area * 3 // without subsampling; with it half of that
	case *image.Gray, *image.Paletted:
		n = area
	case *image.NRGBA64, *image.RGBA64:
		n = area * 8
	}
	for _, m := range p.small {
		n += int64(len(m.Pix))
	}
	return n
}

// tile cuts a tile out; ok is false where the picture has none there.
func (p *pyramid) tile(level, x, y int) (m *image.RGBA, ok bool) {
	if level < 0 || level > len(p.small) || x < 0 || y < 0 {
		return nil, false
	}
	size := image.Rect(0, 0, p.full.Width, p.full.Height)
	if level > 0 {
		size = p.small[level-1].Rect
	}
	if x > size.Dx()/Tile || y > size.Dy()/Tile { // before it is multiplied
		return nil, false
	}
	r := image.Rect(0, 0, Tile, Tile).Add(image.Pt(x*Tile, y*Tile)).Intersect(size)
	if r.Empty() {
		return nil, false
	}
	if level == 0 {
		return p.full.Region(r), true
	}
	return p.small[level-1].SubImage(r).(*image.RGBA), true
}

// preview is the picture with its longer side at most size, never enlarged,
// made of the smallest level that is large enough.
func (p *pyramid) preview(size int) *image.RGBA {
	w, h := fit(p.full.Width, p.full.Height, size)
	from := p.full
	for _, m := range p.small {
		if m.Rect.Dx() < w || m.Rect.Dy() < h {
			break
		}
		from = upright(m)
	}
	return from.Shrink(w, h)
}

// fit is the size of w by h with the longer side at most long. It is always
// reckoned from the full picture: a preview is of one size, whatever level it
// was made of.
func fit(w, h, long int) (int, int) {
	side := max(w, h)
	if side <= long {
		return w, h
	}
	scale := func(v int) int { return max(1, (v*long+side/2)/side) }
	return scale(w), scale(h)
}

// upright is a picture that is done already.
func upright(m *image.RGBA) *imaging.Picture {
	return &imaging.Picture{Width: m.Rect.Dx(), Height: m.Rect.Dy(), Stored: m, Orientation: 1}
}

// encode is a JPEG without anything but pixels.
func encode(m image.Image, quality int) ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encoding a picture: %w", err)
	}
	return out.Bytes(), nil
}
