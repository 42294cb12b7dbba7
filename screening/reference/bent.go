package reference

import (
	"math"
	"slices"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
)

// What a copy that was bent a little (perspective, shear, barrel, a local push)
// is taken to look like. Bending is no proof against a photograph of a print:
// that bends as well. What a copy keeps and a print does not is the finest
// texture that both pictures resolve, and even light. docs/same-capture.md shows
// where the prints end.
const (
	bentPasses  = 1    // times the flow is followed again on coarse blocks
	bentCoarse  = 0.40 // of the coarse textured blocks must follow it
	bentLeast   = 40   // fine blocks that follow the flow
	bentShare   = 0.75 // of the textured ones
	bentMiss    = 0.40 // frame pixels: nine in ten lie so near to the flow
	bentSpan    = 0.30 // of both pictures lies within the hull of its blocks
	weaveBlock  = 32   // side of the blocks whose finest texture is compared
	weaveCoarse = 2    // what is smoother than this is not finest texture
	weaveGain   = 7
	weaveLevel  = 0.2 // strength below which a block has none
	weaveMedian = 0.80
	weaveLow    = 0.60 // three in four blocks correlate so well
	weaveUnit   = 0.97 // where the hull is so small that another unit could fill it
	weaveSure   = 0.95 // the median from which the limit on the bound is clearBelow,
	weaveUnsure = 3e-3 // and what it is below: a print squared by a document mode has even light, too
	weaveChance = 0.10 // of a print to reach both; docs/same-capture.md counts them
	weaveScale  = 0.80 // of the claim's own pixels, at least: a finer photograph, reduced, loses nothing
)

// bend is a displacement of frame points before the plain transform.
type bend func(x, y float64) (dx, dy float64)

// scaledBy is the bend in a frame kx by ky times as large.
func (b bend) scaledBy(kx, ky float64) bend {
	return func(x, y float64) (dx, dy float64) {
		dx, dy = b(x/kx, y/ky)
		return dx * kx, dy * ky
	}
}

// weave is the finest texture that survives an editor's resampling: about three
// to five pixels.
func weave(out, fine *imaging.Plane) { bandOver(out, fine, weaveCoarse, weaveGain, 1) }

// layBent lays the reference by a bend and then t. What was laid before is left
// as it is: another frame may hold it.
func (f *frame) layBent(view *View, t imaging.Affine, by bend) {
	f.empty()
	ref, toRef := f.source(view, t)
	warpBent(f.ref, f.inside, ref.Plane, toRef, by)
	f.filterRef()
}

// follow fits a flow to blocks measured on a reference that was laid with a
// bend, so that the flow is the whole displacement from the plain transform.
func follow(g *grid, blocks []*block, by bend) (*flow, []*block, deformation) {
	if by != nil {
		for _, b := range blocks {
			x, y := by(b.x, b.y)
			b.dx += x
			b.dy += y
		}
	}
	d, _, ok := robustFit(blocks, surveyTerms(blocks), 2*nearReach, nil)
	if !ok {
		return nil, nil, d
	}
	f, kept := newFlow(g, blocks, &d, affineTerms)
	return f, kept, d
}

// weaveTells says that the finest texture is compared at a scale that keeps most
// of the claim's own pixels. A photograph of a print that is taken finer than
// that and reduced, by the reference's size or by the largest at which pictures
// are looked at, has lost the lens's blur, and its texture says nothing.
func weaveTells(claim *View, t imaging.Affine) bool {
	own := float64(max(claim.work.Width, claim.work.Height)) / float64(max(claim.Width, claim.Height))
	return frameScale(claim, t, workSide)*own >= weaveScale
}

// bent asks whether the claim is ref moved by a smooth bend, with its own finest
// texture. s is the best transform on small frames, first what was measured at it.
func bent(claim, ref *View, s sketch, first laid) Result {
	if !weaveTells(claim, s.t) {
		return Result{}
	}
	by, side := coarseBend(ref, s.t, first)
	if by == nil {
		return Result{}
	}
	f := emptyFrame(texture, claim, s.t, fineSide)
	at := by.scaledBy(float64(f.claim.Width)/side[0], float64(f.claim.Height)/side[1])
	f.layBent(ref, s.t, at)
	g := f.measure(fineReach)
	blocks := agreeing(g)
	path, kept, d := follow(g, blocks, at)
	if path == nil || len(kept) < bentLeast || float64(len(kept)) < bentShare*g.textured() {
		return Result{}
	}
	m := map[string]float64{
		"bent": 1, "agreeing": g.textured(), "hits": float64(len(kept)),
		"span": f.span(kept, s.t, ref), "correlation": meanRho(kept), "residual": d.residual,
	}
	m["flow_miss"] = path.miss(kept)
	r := Result{Aligned: f.moved(&d, s.t), Measured: m}
	if m["span"] < bentSpan || m["flow_miss"] > bentMiss {
		return r
	}
	f.layBent(ref, s.t, path.at)
	// Drawn graphics bend as well, and are shared by honest pictures.
	photo := f.photographedOf(g, kept)
	graphics := mistakenChance(float64(len(kept)), float64(len(photo)))
	m["photographed"], m["graphics_chance"] = float64(len(photo)), graphics
	light := f.lightChance(g, kept, m)
	m["light_chance"], m["weave_chance"] = light, weaveChance
	r.FalseAlarm = min(1, light*weaveChance+graphics)
	if r.FalseAlarm > clearBelow || unevenLight(m) || explainedByDrawing(float64(len(photo)), float64(len(kept))) {
		return r
	}
	m["weave_low"], m["weave"] = finest(claim, ref, s.t, path, f) // which costs more than all before
	median, low := weaveMedian, weaveLow
	if m["span"] < spanLeast { // as another unit on one rig would fill
		median, low = weaveUnit, weaveMedian
	}
	if m["weave"] < median || m["weave_low"] < low || r.FalseAlarm > bentLimit(m) {
		return r
	}
	r.Strength = evidence.Strong
	r.Regions = f.alteredRegions(kept, g.size)
	r.Aligned = upright(claim, ref, r.Aligned)
	return r
}

// bentLimit is the largest bound at which a bent copy is told.
func bentLimit(m map[string]float64) float64 {
	if m["weave"] < weaveSure {
		return weaveUnsure
	}
	return clearBelow
}

// photographedOf is the blocks that show the same photographed ground in both
// pictures.
func (f *frame) photographedOf(g *grid, blocks []*block) (out []*block) {
	looks := f.looks(g, blocks)
	patchy := patchyLight(looks)
	for i := range looks {
		if looks[i].photographed(patchy) {
			out = append(out, blocks[i])
		}
	}
	return out
}

// coarseBend follows the flow in the band that is surest, and returns it with
// the size of the frame it is told in.
func coarseBend(ref *View, t imaging.Affine, first laid) (by bend, side [2]float64) {
	f, g := *first.frame, first.grid // a frame of our own: first is asked for a redraw, too
	var path *flow
	for pass := range bentPasses + 1 {
		if pass > 0 {
			f.layBent(ref, t, by)
			g = f.survey(surveyBlock(f.a.Width, f.a.Height), surveyReach)
		}
		blocks := distinct(g)
		var kept []*block
		path, kept, _ = follow(g, blocks, by)
		if path == nil || 2*len(kept) < len(blocks) || float64(len(kept)) < bentCoarse*g.textured() {
			return nil, side
		}
		by = path.at
	}
	return by, [2]float64{float64(f.claim.Width), float64(f.claim.Height)}
}

// textured counts the blocks that could agree.
func (g *grid) textured() (n float64) {
	for i := range g.blocks {
		if b := &g.blocks[i]; b.textureA >= minTexture && b.textureB >= minTexture {
			n++
		}
	}
	return n
}

// miss is how far nine in ten blocks lie from the flow at most.
func (f *flow) miss(blocks []*block) float64 {
	misses := make([]float64, len(blocks))
	for i, b := range blocks {
		misses[i] = b.miss(f.at(b.x, b.y))
	}
	slices.Sort(misses)
	return misses[len(misses)*9/10]
}

// finest compares the finest texture at the common scale of both pictures, laid
// by the flow found in f, block by block: the lower quartile and the median.
func finest(claim, ref *View, t imaging.Affine, path *flow, f *frame) (low, median float64) {
	fine := emptyFrame(weave, claim, t, workSide)
	kx, ky := float64(fine.claim.Width)/float64(f.claim.Width), float64(fine.claim.Height)/float64(f.claim.Height)
	fine.layBent(ref, t, bend(path.at).scaledBy(kx, ky))
	var found []float64
	const n, reach = weaveBlock, 1
	for y := reach; y+n+reach <= fine.a.Height; y += n {
		for x := reach; x+n+reach <= fine.a.Width; x += n {
			if rho, ok := fine.finestAt(x, y, n, reach); ok {
				found = append(found, rho)
			}
		}
	}
	if len(found) < 8 {
		return 0, 0
	}
	slices.Sort(found)
	return found[len(found)/4], found[len(found)/2]
}

// finestAt is the best correlation within reach of the n×n block at (x, y); ok
// is false where either picture has no texture there.
func (f *frame) finestAt(x, y, n, reach int) (best float64, ok bool) {
	if !f.covers(x, y, n) {
		return 0, false
	}
	var energy float64
	for v := range n {
		for _, s := range f.a.Row(y + v)[x : x+n] {
			energy += float64(s * s)
		}
	}
	least := weaveLevel * weaveLevel * float64(n*n)
	if energy < least || f.energy(x, y, n) < least {
		return 0, false
	}
	best = math.Inf(-1)
	for dy := -reach; dy <= reach; dy++ {
		for dx := -reach; dx <= reach; dx++ {
			best = max(best, f.correlation(x, y, n, dx, dy, energy))
		}
	}
	return best, true
}
