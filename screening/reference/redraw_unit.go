package reference

import (
	"github.com/evenhand/evenhand/imaging"
)

// The third alternative to a redraw: another unit of the goods on the same rig,
// under the same light, before the same camera. Only the goods have texture
// there, and they stand on plain ground. docs/same-capture.md says where the
// numbers come from.
const (
	spanLeast = 0.33 // of the picture lies within the hull of the near blocks
	rimWidth  = 0.12 // of the sides: a picture's rim,
	rimLeast  = 0.25 // of which so much is textured where no goods stand on plain ground
	rimSide   = 480  // longer side of the picture it is told on
	rimBlock  = 16
)

// onRig says that the near blocks may be another unit's: they fill little of the
// claim, or little of a reference that has plain ground about its goods. Of one
// that has texture out to its rim the claim may be a crop.
func (s *survey) onRig(m map[string]float64) bool {
	ofClaim, ofRef := s.frame.spans(s.near, s.t, s.ref)
	m["span"], m["span_claim"] = min(ofClaim, ofRef), ofClaim
	return ofClaim < spanLeast || ofRef < spanLeast && s.ref.rim(m) < rimLeast
}

// rim is the share of a picture's rim that is textured.
func (v *View) rim(m map[string]float64) float64 {
	p := v.pick(float64(rimSide) / float64(max(v.work.Width, v.work.Height))).Plane
	if side := max(p.Width, p.Height); side > rimSide {
		p = imaging.Resize(p, max(1, p.Width*rimSide/side), max(1, p.Height*rimSide/side))
	}
	fine, of := imaging.NewPlane(p.Width, p.Height), imaging.NewPlane(p.Width, p.Height)
	smooth3(fine, p)
	shape(of, fine)
	var textured, all float64
	for y := 0; y+rimBlock <= of.Height; y += rimBlock {
		for x := 0; x+rimBlock <= of.Width; x += rimBlock {
			inX, inY := min(x, of.Width-x-rimBlock), min(y, of.Height-y-rimBlock)
			if float64(inX) > rimWidth*float64(of.Width) && float64(inY) > rimWidth*float64(of.Height) {
				continue
			}
			var energy float64
			for row := range rimBlock {
				for _, q := range of.Row(y + row)[x : x+rimBlock] {
					energy += float64(q * q)
				}
			}
			all++
			if energy >= minTexture*minTexture*rimBlock*rimBlock {
				textured++
			}
		}
	}
	m["rim"] = textured / max(1, all)
	return m["rim"]
}
