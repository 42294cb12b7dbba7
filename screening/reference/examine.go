package reference

import (
	"github.com/evenhand/evenhand/imaging"
)

// Sizes and reaches of the two looks a proposed transform gets.
const (
	coarseSide     = 480      // longer side of the first frame, pixels
	fineSide       = baseSide // and of the second: kept at hand from the feature search
	coarseReach    = 4        // frame pixels searched around a transform from features
	fineReach      = 3        // and around the one refined on coarse blocks
	agreeRho       = 0.5      // a block that correlates this well agrees
	sharpEnough    = 0.04     // a block whose peak is flatter than this in some direction is an edge
	offRho         = 0.6      // a block that correlates this well somewhere else,
	offReach       = 1.0      // this many frame pixels away, speaks against a copy
	relayBeyond    = 0.3      // frame pixels: a reference laid farther off is laid again
	clearCoarseFit = 20       // blocks; so many agree that no mirror image need be tried
	minCoarseFit   = 3        // blocks; fewer at the first look end the matter
)

// FrameSide is the longer side of the frame that displacements are measured
// in, in pixels; a claim picture smaller than it is its own frame.
const FrameSide = fineSide

// trial is a proposed transform after the first look.
type trial struct {
	hypothesis
	t   imaging.Affine // claim work pixels to reference work pixels
	fit int            // blocks that obey it
	off int            // blocks that match clearly elsewhere
}

// glancer looks at proposed transforms on small frames; it keeps the claim's
// part of the frame while its size stays.
type glancer struct {
	frame *frame
	scale float64
}

// glance measures a proposed transform and refines it.
func (k *glancer) glance(claim, ref *View, h hypothesis) trial {
	tr := trial{hypothesis: h, t: workAffine(claim, ref, h.similarity)}
	if scale := frameScale(claim, tr.t, coarseSide); k.frame == nil || scale != k.scale {
		k.frame, k.scale = emptyFrame(texture, claim, tr.t, coarseSide), scale
	}
	f := k.frame
	f.lay(ref, tr.t)
	g := f.measure(coarseReach)
	blocks := agreeing(g)
	d, weights, ok := robustFit(blocks, refineTerms(blocks), 1.0, nil)
	if !ok {
		return tr
	}
	tr.t = f.moved(&d, tr.t)
	for i, b := range blocks {
		x, y := d.at(b.x, b.y, stretchTerms)
		switch {
		case b.sharp < sharpEnough:
		case weights[i] > 0:
			tr.fit++
		case b.rho > offRho && b.miss(x, y) > offReach:
			tr.off++
		}
	}
	return tr
}

// look measures a refined transform, the best of so many tries, at full size.
func look(claim, ref *View, tr trial, tries int) Result {
	f := newFrame(claim, ref, tr.t, fineSide)
	g := f.measure(fineReach)
	r, kept := judge(f, g, tr, tries)
	if r.Strength == "" {
		return r
	}
	if r = f.setGraphicsAside(g, kept, r); r.Strength == "" {
		return r
	}
	if r.Code == "" {
		if f.drift(tr.t, r.Aligned) > relayBeyond {
			f.lay(ref, r.Aligned)
		}
		r.Regions = f.alteredRegions(kept, g.size)
		r = f.standsBeside(g, kept, r)
	}
	r.Aligned = upright(claim, ref, r.Aligned)
	return r
}

// upright turns a transform between work planes into one between upright
// pictures.
func upright(claim, ref *View, t imaging.Affine) imaging.Affine {
	return imaging.ScaleBy(
		float64(claim.work.Width)/float64(claim.Width), float64(claim.work.Height)/float64(claim.Height),
	).Then(t).Then(imaging.ScaleBy(
		float64(ref.Width)/float64(ref.work.Width), float64(ref.Height)/float64(ref.work.Height),
	))
}

// agreeing lists the blocks that correlate: on both axes, or along one if it
// is an edge.
func agreeing(g *grid) []*block {
	var out []*block
	for i := range g.blocks {
		b := &g.blocks[i]
		if b.rho >= agreeRho && b.xx+b.yy > 0 && !b.edge {
			out = append(out, b)
		}
	}
	return out
}

// refineTerms is how flexible a correction this many blocks can bear.
func refineTerms(blocks []*block) int {
	if len(blocks) < 12 {
		return similarityTerms
	}
	return stretchTerms
}

// moved is t corrected by the affine part of d.
func (f *frame) moved(d *deformation, t imaging.Affine) imaging.Affine {
	c, r := d.coefficient, d.radius
	move := imaging.Affine{
		A: 1 + (c[2]+c[4])/r, B: (c[5] - c[3]) / r,
		D: (c[5] + c[3]) / r, E: 1 + (c[2]-c[4])/r,
	}
	move.C = c[0] + d.cx - move.A*d.cx - move.B*d.cy
	move.F = c[1] + d.cy - move.D*d.cx - move.E*d.cy
	// The claim's frame point p shows what the laid reference has at move(p).
	out := imaging.ScaleBy(f.scaleX, f.scaleY)
	back := imaging.ScaleBy(1/f.scaleX, 1/f.scaleY)
	return out.Then(move).Then(back).Then(t)
}
