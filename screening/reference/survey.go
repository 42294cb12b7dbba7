package reference

import (
	"github.com/evenhand/evenhand/imaging"
)

// Sizes of the second look, in pixels of its frames. It is for pictures that
// were drawn anew as a whole: nothing finer than three pixels survives that,
// and everything jitters by some tenths of a pixel, so that it looks at what
// is coarser and asks less of each block.
const (
	roughSide   = 256 // longer side of the frame a transform is tried on
	roughBlock  = 16
	surveySide  = 512 // and of the one that is judged
	leastBlock  = 14
	surveyReach = 6   // frame pixels searched on both
	surveySmall = 450 // a frame whose longer side is shorter is judged
	surveyGrow  = 2   // so many times as large as well: what is small keeps its finer texture

	shapeRadius  = 7  // what is smoother than this is light, not shape
	shapeGain    = 14 // window of the contrast normalisation
	rivalBeyond  = 3  // pixels from its peak at which a block may match as well
	clearRho     = 0.40
	clearOfRival = 0.08
	clearFactor  = 3    // or the rival lacks so many times what the peak lacks to 1
	surveySharp  = 0.02 // as sharpEnough; the peaks of what is coarser are flatter
)

// shape is the band of about 3 to 14 pixels that a redraw keeps.
func shape(out, fine *imaging.Plane) { band(out, fine, shapeRadius, shapeGain) }

// newSurveyFrame lays ref over claim for a survey, on a frame that may be grow
// times as fine as the coarser picture.
func newSurveyFrame(claim, ref *View, t imaging.Affine, grow float64) *frame {
	if grow <= 1 {
		return newFrameThrough(shape, claim, ref, t, surveySide)
	}
	side := float64(max(claim.work.Width, claim.work.Height))
	scale := min(grow*frameScale(claim, t, surveySide), surveySide/side)
	w, h := int(scale*float64(claim.work.Width)+0.5), int(scale*float64(claim.work.Height)+0.5)
	f := &frame{claim: imaging.Resize(claim.work, w, h), gone: claim.gone, filter: shape}
	f.scaleX, f.scaleY = float64(w)/float64(claim.work.Width), float64(h)/float64(claim.work.Height)
	f.filterClaim()
	f.lay(ref, t)
	return f
}

// smallSurvey says that the frame of a survey leaves room for a finer one.
func smallSurvey(claim *View, t imaging.Affine) bool {
	return frameScale(claim, t, surveySide)*float64(max(claim.work.Width, claim.work.Height)) < surveySmall
}

// survey measures all blocks of n pixels, and for each also how well it fits at
// the best place that is not near its best one.
func (f *frame) survey(n, reach int) *grid {
	return f.measureBy(f.searchWide, n, reach)
}

// searchWide looks over the whole reach even where a block fits at home: a block
// that would fit elsewhere as well says nothing.
func (f *frame) searchWide(b *block, x, y, n, reach int, energy float64) {
	reach = min(reach, maxReach)
	p := f.scan(x, y, n, reach, energy)
	b.rival = -1
	for dy := -reach; dy <= reach; dy++ {
		for dx := -reach; dx <= reach; dx++ {
			if max(dx-p.bx, p.bx-dx, dy-p.by, p.by-dy) > rivalBeyond {
				b.rival = max(b.rival, p.table[dy+reach][dx+reach])
			}
		}
	}
	b.settle(&p)
}

// surveyBlock keeps some three hundred blocks on most pictures.
func surveyBlock(w, h int) int { return min(max(max(w, h)/21, leastBlock), maxBlock) }

// distinct lists the blocks of a survey that match in one place and no other.
func distinct(g *grid) []*block {
	var out []*block
	for i := range g.blocks {
		b := &g.blocks[i]
		if b.rho < clearRho || b.edge || b.xx+b.yy <= 0 {
			continue
		}
		if b.rho-b.rival >= clearOfRival || 1-b.rival > clearFactor*(1-b.rho)+0.02 {
			out = append(out, b)
		}
	}
	return out
}

// sketch is a transform tried on small frames.
type sketch struct {
	t     imaging.Affine // claim work pixels to reference work pixels
	near  int            // clear blocks that obey it
	clear int            // all clear blocks
}

// sketcher tries transforms on small frames; it keeps the claim's part of the
// frame while its size stays.
type sketcher struct{ frame *frame }

// try measures a transform and corrects it.
func (k *sketcher) try(claim, ref *View, t imaging.Affine) sketch {
	if scale := frameScale(claim, t, roughSide); k.frame == nil || int(scale*float64(claim.work.Width)+0.5) != k.frame.claim.Width {
		k.frame = newFrameThrough(shape, claim, ref, t, roughSide)
	} else {
		k.frame.lay(ref, t)
	}
	blocks := distinct(k.frame.survey(roughBlock, surveyReach))
	s := sketch{t: t, clear: len(blocks)}
	d, weights, ok := robustFit(blocks, surveyTerms(blocks), 1.5, nil)
	if !ok {
		return s
	}
	s.t = k.frame.moved(&d, t)
	for _, w := range weights {
		if w > 0 {
			s.near++
		}
	}
	return s
}

// surveyTerms is how flexible a transform this many blocks can bear.
func surveyTerms(blocks []*block) int {
	if len(blocks) < 16 {
		return similarityTerms
	}
	return affineTerms
}

// wholeFrame carries the claim's frame onto the reference's: an editor's answer
// often has the size its model likes and shows all of the picture.
func wholeFrame(claim, ref *View) imaging.Affine {
	return imaging.ScaleBy(
		float64(ref.work.Width)/float64(claim.work.Width), float64(ref.work.Height)/float64(claim.work.Height))
}
