package angle

import (
	"math"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/feature"
)

// Sizes at which pictures are looked at, in pixels of the longer side.
const (
	workSide  = 960
	mostSpots = 2500
)

// View is a picture made ready to be laid beside others; it is safe for
// concurrent use.
type View struct {
	Width, Height int // of the upright picture, in pixels

	luma  *imaging.Plane // longer side at most workSide
	spots *feature.Set   // in luma's pixels
}

// Prepare computes what Compare needs of one picture. It keeps no reference
// to p.
func Prepare(p *imaging.Picture) *View { return prepare(p.Luma(workSide), p.Width, p.Height) }

func prepare(luma *imaging.Plane, width, height int) *View {
	return &View{Width: width, Height: height, luma: luma, spots: feature.Detect(luma, mostSpots)}
}

// shrunk is the view's luma at a share of its size.
func (v *View) shrunk(scale float64) *imaging.Plane {
	if scale >= 0.98 {
		return v.luma
	}
	w := max(1, int(math.Round(float64(v.luma.Width)*scale)))
	h := max(1, int(math.Round(float64(v.luma.Height)*scale)))
	return imaging.Resize(v.luma, w, h)
}

// smooth is the separable (1 2 1)/4, which takes off what a camera adds to
// single pixels.
func smooth(p *imaging.Plane) *imaging.Plane {
	w, h := p.Width, p.Height
	out := imaging.NewPlane(w, h)
	column := make([]float32, w)
	for y := range h {
		a, b, c := p.Row(max(y-1, 0)), p.Row(y), p.Row(min(y+1, h-1))
		for x := range column {
			column[x] = (a[x] + 2*b[x] + c[x]) / 16
		}
		o := out.Row(y)
		for x := range o {
			o[x] = column[max(x-1, 0)] + 2*column[x] + column[min(x+1, w-1)]
		}
	}
	return out
}
