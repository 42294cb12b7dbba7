package reference

import (
	"math"

	"github.com/evenhand/evenhand/imaging"
)

// Sizes of the look at a block's ground, in frame pixels and grey levels.
const (
	levelWidth = 7    // levels that count as one plain level
	flatRange  = 4    // levels within 3×3 pixels: flat
	calmRange  = 16   // levels within about 11×11 pixels: calm
	calmCell   = 2    // pixels a side of the cells calm is told by,
	calmCells  = 2    // and cells on each side
	weakStep   = 12   // levels: what differs by more is another surface
	weakReach  = 3    // pixels
	weakPart   = 0.45 // of the neighbours must be of the pixel's own surface
	weakStride = 2    // pixels between those looked at
)

// blockLook is what a block's ground looks like, of both pictures together.
type blockLook struct {
	plain float64 // share at the commonest level, plus share that is flat: 0 to 2, mean of both
	// Around the block: calm share (of the busier), slope and live share (of the livelier), correlation.
	calm, slope, live, calmRho float64
	weakShare, weakRho         float64 // in the block: share free of strokes in both, correlation there
	contrast                   float64 // standard deviation of levels in the block, the lesser
	tone                       float64 // grey levels off the picture's tone curve
}

// looks looks at all kept blocks.
func (f *frame) looks(g *grid, kept []*block) []blockLook {
	out := make([]blockLook, len(kept))
	tones := f.toneMisses(kept, g.size)
	fineA, fineB := smooth3(f.claim), smooth3(f.ref)
	calm := f.calmTiles(g, kept)
	for i, b := range kept {
		l := &out[i]
		x, y := int(b.x-float64(g.size)/2), int(b.y-float64(g.size)/2)
		l.tone = tones[i]
		l.plain = (plainness(f.claim, x, y, g.size) + plainness(f.ref, x, y, g.size)) / 2
		l.weakShare, l.weakRho = weakTexture(fineA, fineB, x, y, g.size)
		l.contrast = min(contrast(f.claim, x, y, g.size), contrast(f.ref, x, y, g.size))
		calm.around(l, b)
	}
	return out
}

// plainness is the share of the n×n block at (x, y) that lies at its commonest
// level, plus the share that is flat.
func plainness(p *imaging.Plane, x, y, n int) float64 {
	var levels [256 + levelWidth]int
	flat, inner := 0, 0
	for v := y; v < y+n; v++ {
		row := p.Row(v)
		for u := x; u < x+n; u++ {
			levels[int(min(max(row[u], 0), 255))]++
			if u == 0 || v == 0 || u == p.Width-1 || v == p.Height-1 {
				continue
			}
			inner++
			if range3(p, u, v) < flatRange {
				flat++
			}
		}
	}
	most, sum := 0, 0
	for i, c := range levels {
		sum += c
		if i >= levelWidth {
			sum -= levels[i-levelWidth]
		}
		most = max(most, sum)
	}
	return float64(most)/float64(n*n) + float64(flat)/float64(max(1, inner))
}

// contrast is the standard deviation of the levels of a block.
func contrast(p *imaging.Plane, x, y, n int) float64 {
	var sum, square float64
	for v := y; v < y+n; v++ {
		for _, s := range p.Row(v)[x : x+n] {
			sum += float64(s)
			square += float64(s) * float64(s)
		}
	}
	mean := sum / float64(n*n)
	return math.Sqrt(max(0, square/float64(n*n)-mean*mean))
}

// range3 is the largest less the smallest level within 3×3 pixels.
func range3(p *imaging.Plane, x, y int) float32 {
	i, w := y*p.Width+x, p.Width
	low, high := p.Pix[i], p.Pix[i]
	for _, row := range [3][]float32{p.Pix[i-w-1 : i-w+2], p.Pix[i-1 : i+2], p.Pix[i+w-1 : i+w+2]} {
		low, high = min(low, row[0], row[1], row[2]), max(high, row[0], row[1], row[2])
	}
	return high - low
}

// weakTexture correlates what is left of the block after a sigma filter (Lee
// 1983: the mean of the neighbours within weakStep levels), at pixels that are
// not part of a stroke in either picture: faint texture, whatever edges are
// about.
func weakTexture(a, b *imaging.Plane, x, y, n int) (share, rho float64) {
	var count, all int
	var aa, bb, ab float64
	for v := y; v < y+n; v += weakStride {
		for u := x; u < x+n; u += weakStride {
			all++
			p, ok := sigma(a, u, v)
			if !ok {
				continue
			}
			q, ok := sigma(b, u, v)
			if !ok {
				continue
			}
			count++
			aa, bb, ab = aa+float64(p*p), bb+float64(q*q), ab+float64(p*q)
		}
	}
	return float64(count) / float64(all), ab / math.Sqrt(aa*bb+1e-9)
}

// sigma is how far the pixel lies from the mean of its own surface; ok is false
// where it has too few neighbours there.
func sigma(p *imaging.Plane, x, y int) (off float32, ok bool) {
	x0, x1 := max(0, x-weakReach), min(p.Width, x+weakReach+1)
	centre := p.Pix[y*p.Width+x]
	var sum, count float32
	all := 0
	for v := max(0, y-weakReach); v < min(p.Height, y+weakReach+1); v++ {
		for _, s := range p.Row(v)[x0:x1] {
			if d := s - centre; d < weakStep && d > -weakStep {
				sum += d
				count++
			}
		}
		all += x1 - x0
	}
	return -sum / count, count >= weakPart*float32(all)
}

// toneMisses is how far each block's mean lies off one straight tone curve for
// the whole picture, no steeper nor flatter than editors make it. A cubic would
// bend to follow a few blocks on another ground.
func (f *frame) toneMisses(kept []*block, size int) []float64 {
	const rounds, doubtful, lean = 6, 4.0, 18.0
	xs, ys, weights := make([]float64, len(kept)), make([]float64, len(kept)), make([]float64, len(kept))
	for i, b := range kept {
		xs[i] = blockMean(f.ref.Pix, f.ref.Width, b, size)
		ys[i] = blockMean(f.claim.Pix, f.claim.Width, b, size)
		weights[i] = 1
	}
	slope, offset := 1.0, 0.0
	for range rounds {
		var sum, mx, my float64
		for i, w := range weights {
			sum, mx, my = sum+w, mx+w*xs[i], my+w*ys[i]
		}
		mx, my = mx/sum, my/sum
		xx, xy := lean*float64(len(kept)), lean*float64(len(kept)) // leans on a slope of 1
		for i, w := range weights {
			xx, xy = xx+w*(xs[i]-mx)*(xs[i]-mx), xy+w*(xs[i]-mx)*(ys[i]-my)
		}
		slope = min(max(xy/xx, 0.6), 1.7)
		offset = my - slope*mx
		for i := range weights {
			e := (ys[i] - slope*xs[i] - offset) / doubtful
			weights[i] = 1 / (1 + e*e)
		}
	}
	out := make([]float64, len(kept))
	for i := range out {
		out[i] = math.Abs(ys[i] - slope*xs[i] - offset)
	}
	return out
}
