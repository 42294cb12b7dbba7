package reference

import (
	"sync"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/feature"
)

// Sizes at which a picture is looked at, in pixels of its longer side.
const (
	workSide    = 1600 // fine texture is compared at most this large
	baseSide    = 800  // features are searched at this size
	smallSide   = 480  // below it features are searched on a doubled picture
	maxFeatures = 1200

	detailFeatures = 2500
)

// View is a picture made ready for comparison; it is safe for concurrent use.
type View struct {
	Width, Height int // of the upright picture, in pixels

	work  *imaging.Plane // luma, longer side at most workSide
	small *imaging.Plane // the same at baseSide; nil where work is no larger
	tiny  *imaging.Plane // the same at coarseSide; nil where work is no larger
	base  float64        // feature-picture pixels per work pixel
	spots *feature.Set
	gone  fractions // painted over: see without

	detailOnce sync.Once
	detailed   *feature.Set // spots at work size, found when first asked for
}

// detail returns spots searched at full work size, in feature-picture
// coordinates like spots; nil where spots were found at that size already.
// A small crop of a large reference shows only a few of its ordinary spots.
func (v *View) detail() *feature.Set {
	v.detailOnce.Do(func() {
		if v.base < 1 {
			v.detailed = feature.DetectFine(v.work, detailFeatures, v.base)
		}
	})
	return v.detailed
}

// Prepare computes what Compare needs of one picture. It keeps no reference
// to p.
func Prepare(p *imaging.Picture) *View {
	return prepare(p.Luma(workSide), p.Width, p.Height)
}

func prepare(work *imaging.Plane, width, height int) *View {
	v := &View{Width: width, Height: height, work: work, base: 1}
	base := work
	switch side := max(work.Width, work.Height); {
	case side > baseSide:
		v.base = baseSide / float64(side)
	case side < smallSide:
		v.base = 2
	}
	if v.base != 1 {
		w := max(1, int(float64(work.Width)*v.base+0.5))
		h := max(1, int(float64(work.Height)*v.base+0.5))
		base = resize(work, w, h)
		if v.base < 1 {
			v.small = base
		}
		v.base = float64(w) / float64(work.Width)
	}
	if side := max(base.Width, base.Height); v.base <= 1 && side > coarseSide {
		shrink := coarseSide / float64(side)
		v.tiny = imaging.Resize(base, max(1, int(float64(base.Width)*shrink+0.5)), max(1, int(float64(base.Height)*shrink+0.5)))
	}
	v.spots = feature.Detect(base, maxFeatures)
	return v
}

// Spots are the features of the picture, for others that look for some, and how
// many of its pixels one of theirs spans.
func (v *View) Spots() (spots *feature.Set, span float64) {
	return v.spots, float64(max(v.Width, v.Height)) / (float64(max(v.work.Width, v.work.Height)) * v.base)
}

// resize is imaging.Resize with a short cut for halving, which is the rule for
// pictures at the full work size.
func resize(p *imaging.Plane, w, h int) *imaging.Plane {
	if p.Width == 2*w && p.Height == 2*h {
		return feature.Halve(p)
	}
	return imaging.Resize(p, w, h)
}
