package eval

import (
	"image"
	"image/color"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
)

// grid is how many samples a side overlap is measured with.
const grid = 512

// mask is the true change of a claim, in the claim's own pixels.
type mask struct{ img image.Image }

// at tells whether the claim pixel at (x, y) was altered.
func (m mask) at(x, y float64) bool {
	b := m.img.Bounds()
	px, py := b.Min.X+int(x), b.Min.Y+int(y)
	if x < 0 || y < 0 || !image.Pt(px, py).In(b) {
		return false
	}
	g, ok := color.GrayModel.Convert(m.img.At(px, py)).(color.Gray)
	return ok && g.Y >= 128
}

// overlapOf compares the altered regions found on a picture of w x h with the
// true change, where toClaim maps that picture's pixels to the mask's. It
// returns nil where nothing of the change is left in the picture.
func (m mask) overlapOf(regions []evidence.Region, w, h int, toClaim imaging.Affine) *Overlap {
	var both, either, truth int
	for j := range grid {
		for i := range grid {
			fx, fy := (float64(i)+0.5)/grid, (float64(j)+0.5)/grid
			changed := m.at(toClaim.Apply(fx*float64(w), fy*float64(h)))
			found := inside(regions, fx, fy)
			if changed {
				truth++
			}
			if changed && found {
				both++
			}
			if changed || found {
				either++
			}
		}
	}
	if truth == 0 {
		return nil
	}
	return &Overlap{IoU: float64(both) / float64(either), Covered: float64(both) / float64(truth)}
}

// inside tells whether (x, y), in fractions, lies in an altered region.
func inside(regions []evidence.Region, x, y float64) bool {
	for _, r := range regions {
		if r.Kind == evidence.Altered && x >= r.X && x < r.X+r.Width && y >= r.Y && y < r.Y+r.Height {
			return true
		}
	}
	return false
}
