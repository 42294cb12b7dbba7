package angle

import (
	"math"

	"github.com/evenhand/evenhand/imaging"
)

// Shape of the comparison inside a place.
const (
	blockStep   = 6   // pixels between the blocks that a place is cut into
	mostBlocks  = 400 // of one place; larger places are cut more coarsely
	noiseLevel  = 2.0 // grey levels: what is weaker is not structure
	searchFirst = 2.0 // pixels around the predicted spot, and two deviations
	searchMost  = 9.0 // pixels
	searchAside = 2.0 // pixels from the epipolar line, and its reach
	gainFreedom = 2.0 // how far a block's contrast may be from its surroundings'
	burnt       = 250 // grey level from which a pixel shows nothing but light
)

// tally is what one look at a place counts, at one fineness.
type tally struct {
	blocks      int
	structure   float64 // variance in the first picture, summed over blocks
	unexplained float64 // of it, what the second does not show there
	each        []blockTally
	step        int // plane pixels between blocks
}

// blockTally is one block of a place: its middle in work pixels, its structure
// (variance) and the share of that which is missing.
type blockTally struct {
	x, y, structure, missing float64
	level, levelThere        float64 // mean grey levels in the first picture and in the second
	there                    float64 // contrast of what is seen in the second, grey levels
}

// missing is the share of the structure that the second picture lacks.
func (t *tally) missing() float64 {
	if t.structure <= 0 {
		return 0
	}
	return t.unexplained / t.structure
}

// fineness is one pair of planes to look at: the work planes or their halves.
type fineness struct {
	a, b  *imaging.Plane
	scale float64 // plane pixels per work pixel
}

// contrast is the standard deviation of what the blocks show, grey levels.
func (t *tally) contrast() float64 { return math.Sqrt(t.structure / float64(max(1, t.blocks))) }

func (p *Pair) finenesses() [2]fineness {
	return [2]fineness{{p.a, p.b, 1}, {p.aHalf, p.bHalf, 0.5}}
}

// look compares what the first picture shows in b with what the second shows
// where s puts it. Each block may lie off by what s leaves open, and takes its
// best spot: what is really there is found.
func (p *Pair) look(f fineness, s *surface, b box, most int) (out tally) {
	x0, x1 := blockMiddles(b.x0*f.scale, b.x1*f.scale)
	y0, y1 := blockMiddles(b.y0*f.scale, b.y1*f.scale)
	step := blockStep
	for ((x1-x0)/step+1)*((y1-y0)/step+1) > most {
		step++
	}
	out.step = step
	var t template
	for y := y0; y <= y1; y += step {
		for x := x0; x <= x1; x += step {
			p.block(&t, f, s, x, y, &out)
		}
	}
	return out
}

// blockMiddles is the first and last middle of blocks that lie within lo to
// hi, or one block on its middle where it is too small.
func blockMiddles(lo, hi float64) (first, last int) {
	first, last = int(math.Ceil(lo))+patchRadius, int(hi)-patchRadius-1
	if last < first {
		m := int((lo + hi) / 2)
		return m, m
	}
	return first, last
}

// block adds the block around plane pixel (x, y) to the tally.
func (p *Pair) block(t *template, f fineness, s *surface, x, y int, out *tally) {
	if !t.look(f.a, x, y) {
		return
	}
	structure := t.spread*t.spread - noiseLevel*noiseLevel
	w, deviation := s.warpAt(t.x/f.scale, t.y/f.scale)
	w.u, w.v = w.u*f.scale, w.v*f.scale
	if !t.sample(f.b, w) {
		return
	}
	_, there := t.likeness()
	level := t.seenMean
	out.blocks++
	if structure <= 0 {
		out.each = append(out.each, blockTally{x: t.x / f.scale, y: t.y / f.scale, level: t.mean, levelThere: level, there: there})
		return
	}
	reach := min(searchMost, searchFirst+2*deviation+s.rough) * math.Sqrt(f.scale)
	left := p.bestLeft(t, f, w, reach, s.gain)
	out.each = append(out.each, blockTally{t.x / f.scale, t.y / f.scale, structure, min(structure, max(0, left-noiseLevel*noiseLevel)) / structure, t.mean, level, there})
	out.structure += structure
	out.unexplained += min(structure, max(0, left-noiseLevel*noiseLevel))
}

// bestLeft is the least variance of the patch that is left when what the
// second picture shows within reach of w, near the epipolar line, is taken off
// it.
func (p *Pair) bestLeft(t *template, f fineness, w warp, reach, gain float64) (left float64) {
	left = t.spread * t.spread
	aside := searchAside + p.geometry.reach
	best := w
	r := int(reach)
	for dv := -r; dv <= r; dv++ {
		for du := -r; du <= r; du++ {
			if float64(du*du+dv*dv) > reach*reach {
				continue
			}
			at := w
			at.u, at.v = w.u+float64(du), w.v+float64(dv)
			if p.aside(t, f, at) > aside || !t.sample(f.b, at) {
				continue
			}
			c, spread := t.likeness()
			if l := t.leftOver(c, spread, gain); l < left {
				left, best = l, at
			}
		}
	}
	if !t.slopes(f.a, int(t.x), int(t.y)) {
		return left
	}
	if at, c, spread, ok := t.find(f.b, best, 2); ok && p.aside(t, f, at) <= aside {
		if l := t.leftOver(c, spread, gain); l < left {
			left = l
		}
	}
	return left
}

// aside is how far, in work pixels, a spot for the patch lies from where the
// rigid scene's geometry allows it.
func (p *Pair) aside(t *template, f fineness, at warp) float64 {
	return p.geometry.f.miss(place{t.x / f.scale, t.y / f.scale, at.u / f.scale, at.v / f.scale})
}

// leftOver is the variance that is left of a patch after the best multiple
// of what lies there, within what its surroundings' contrast allows.
func (t *template) leftOver(correlation, spread, gain float64) float64 {
	if spread < 1e-3 {
		return t.spread * t.spread
	}
	k := min(max(correlation*t.spread/spread, gain/gainFreedom), gain*gainFreedom)
	return t.spread*t.spread - 2*k*correlation*t.spread*spread + k*k*spread*spread
}

// shareBurnt is how much of the place b is burnt out in p.
func shareBurnt(p *imaging.Plane, b box) float64 {
	n, hit := 0, 0
	for y := max(0, int(b.y0)); y < min(p.Height, int(b.y1)+1); y++ {
		for x := max(0, int(b.x0)); x < min(p.Width, int(b.x1)+1); x++ {
			n++
			if p.Row(y)[x] >= burnt {
				hit++
			}
		}
	}
	return float64(hit) / float64(max(n, 1))
}
