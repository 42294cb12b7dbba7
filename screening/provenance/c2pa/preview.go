package c2pa

import (
	"bytes"
	"image"
	"image/color"
	stdjpeg "image/jpeg"
	"math"
	"slices"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/jpeg"
)

// Some capture apps leave EXIF out of what they sign. What it says cannot be
// believed then, and two things in it are drawn: the preview, and the picture
// itself, turned. Both are compared with what is signed: the preview with the
// picture, and the picture as it would be turned with the thumbnail in the
// claim, which is signed with an orientation of its own or drawn upright.

const (
	viewSide    = 64      // cells on a side that are compared
	cellLooks   = 6       // samples on a side of one cell
	mostPreview = 4 << 20 // pixels of a preview
	// Levels of 255 by which a cell's colour may differ, on the whole and at
	// its most. JPEG at a preview's quality and other ways of making a picture
	// smaller stay below half of these on photographs.
	viewMean, viewMost = 6, 64
	viewShape          = 0.02 // by which the aspect may differ
)

// sameView says whether metadata that no hash covers shows the picture as it
// was signed.
func (v *validator) sameView(m *manifest, left loose) bool {
	if left.turn == 0 && len(left.previews) == 0 || slices.ContainsFunc(v.statuses, func(s Status) bool { return s.Failure }) {
		return true // nothing is drawn from it, or nothing is trusted
	}
	thumb := v.claimThumbnail(m)
	if len(left.previews) == 0 && thumb == nil && left.turn == 1 {
		return true
	}
	p := v.opts.Picture
	if p == nil || p.Stored == nil || p.Stored.Bounds().Empty() || p.Partial {
		return false
	}
	stored := viewOf(p.Stored, 1)
	for _, preview := range left.previews {
		small, ok := decodePreview(preview)
		if !ok || !stored.like(viewOf(small, 1)) {
			return false
		}
	}
	if thumb == nil {
		return left.turn == 1
	}
	small, ok := decodePreview(thumb)
	return ok && p.Orientation == left.turn && viewOf(p.Stored, p.Orientation).like(viewOf(small, ownTurn(thumb)))
}

// ownTurn is the orientation that a JPEG's own EXIF gives.
func ownTurn(data []byte) int {
	var own loose
	for _, s := range jpegSegments(data, false) {
		if body := data[min(s.start+4, s.end):s.end]; s.marker == 0xe1 && bytes.HasPrefix(body, []byte(exifHead)) {
			own.exif(body[len(exifHead):])
		}
	}
	return max(1, own.turn)
}

// claimThumbnail returns the picture of the claim thumbnail that a manifest
// holds, nil where it has none. That its hash holds is checked elsewhere.
func (v *validator) claimThumbnail(m *manifest) []byte {
	for _, a := range m.assertions {
		if kind := base(a.label); kind == "c2pa.thumbnail.claim" || kind == "c2pa.thumbnail.claim.jpeg" {
			if data, ok := a.box.content("bidb"); ok {
				return data
			}
		}
	}
	return nil
}

func decodePreview(data []byte) (image.Image, bool) {
	conf, err := stdjpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil || conf.Width*conf.Height > mostPreview {
		return nil, false
	}
	if _, err := jpeg.CheckWork(data); err != nil {
		return nil, false
	}
	m, err := stdjpeg.Decode(bytes.NewReader(data))
	return m, err == nil
}

// view is a picture in cells of three channels.
type view struct {
	aspect float64
	cells  []float64
}

// viewOf samples a picture as its EXIF orientation turns it.
func viewOf(m image.Image, orientation int) view {
	b := m.Bounds()
	v := view{aspect: float64(b.Dx()) / float64(b.Dy()), cells: make([]float64, 3*viewSide*viewSide)}
	if orientation >= 5 {
		v.aspect = 1 / v.aspect
	}
	const n = viewSide * cellLooks
	for j := range n {
		for i := range n {
			x, y := imaging.Stored((float64(i)+0.5)/n, (float64(j)+0.5)/n, orientation)
			at := image.Pt(b.Min.X+int(x*float64(b.Dx())), b.Min.Y+int(y*float64(b.Dy())))
			r, g, bl := colourAt(m, at)
			cell := v.cells[3*(j/cellLooks*viewSide+i/cellLooks):]
			cell[0], cell[1], cell[2] = cell[0]+r, cell[1]+g, cell[2]+bl
		}
	}
	for i := range v.cells {
		v.cells[i] /= cellLooks * cellLooks
	}
	return v
}

func colourAt(m image.Image, at image.Point) (r, g, b float64) {
	if c, ok := m.(*image.YCbCr); ok {
		y := c.YCbCrAt(at.X, at.Y)
		r, g, b := color.YCbCrToRGB(y.Y, y.Cb, y.Cr)
		return float64(r), float64(g), float64(b)
	}
	cr, cg, cb, _ := m.At(at.X, at.Y).RGBA()
	return float64(cr) / 257, float64(cg) / 257, float64(cb) / 257
}

// like says whether two views show the same, everywhere.
func (v view) like(w view) bool {
	mean, most := v.differs(w)
	return math.Abs(math.Log(v.aspect/w.aspect)) <= viewShape && mean <= viewMean && most <= viewMost
}

func (v view) differs(w view) (mean, most float64) {
	for i := range v.cells {
		d := math.Abs(v.cells[i] - w.cells[i])
		mean, most = mean+d/float64(len(v.cells)), max(most, d)
	}
	return mean, most
}
