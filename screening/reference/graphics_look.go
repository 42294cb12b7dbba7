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
	calm := f.calmTiles(g, kept)
	for i, b := range kept {
		l := &out[i]
		x, y := int(b.x-float64(g.size)/2), int(b.y-float64(g.size)/2)
		l.tone = tones[i]
		l.plain = (plainness(f.claim, x, y, g.size) + plainness(f.ref, x, y, g.size)) / 2
		l.weakShare, l.weakRho = weakTexture(f.fineA, f.fineB, x, y, g.size)
		l.contrast = min(contrast(f.claim, x, y, g.size), contrast(f.ref, x, y, g.size))
		calm.around(l, b)
	}
	return out
}

// plainness is the share of the n×n block at (x, y) that lies at its commonest
// level, plus the share that is flat.
func plainness(p *imaging.Plane, x, y, n int) float64 {
	var levels [256 + levelWidth]int
	for v := y; v < y+n; v++ {
		for _, s := range p.Row(v)[x : x+n] {
			levels[min(max(int(s), 0), 255)]++
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
	flat, inner := flatPixels(p, x, y, n)
	return float64(most)/float64(n*n) + float64(flat)/float64(max(1, inner))
}

// flatPixels counts the pixels of the n×n block at (x, y) that are flat, of those
// that have neighbours on all sides.
func flatPixels(p *imaging.Plane, x, y, n int) (flat, inner int) {
	x0, y0, x1, y1 := max(x, 1), max(y, 1), min(x+n, p.Width-1), min(y+n, p.Height-1)
	if x0 >= x1 || y0 >= y1 {
		return 0, 0
	}
	// The least and the largest of three rows, then of three columns.
	wide := x1 - x0 + 2
	var low, high [maxBlock + 2]int32
	for v := y0; v < y1; v++ {
		a, b, c := p.Row(v - 1)[x0-1:][:wide], p.Row(v)[x0-1:][:wide], p.Row(v + 1)[x0-1:][:wide]
		for i := range wide {
			r, s, t := ordered(a[i]), ordered(b[i]), ordered(c[i])
			low[i], high[i] = min(r, s, t), max(r, s, t)
		}
		for i := range wide - 2 {
			if level(max(high[i], high[i+1], high[i+2]))-level(min(low[i], low[i+1], low[i+2])) < flatRange {
				flat++
			}
		}
	}
	return flat, (x1 - x0) * (y1 - y0)
}

// ordered is a number whose order among such numbers is v's among levels: the
// least and the largest of integers are found without a branch, which noise
// would mislead. level is the way back.
func ordered(v float32) int32 {
	b := int32(math.Float32bits(v))
	return b ^ b>>31&math.MaxInt32
}

func level(o int32) float32 { return math.Float32frombits(uint32(o ^ o>>31&math.MaxInt32)) }

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
	y0, y1 := max(0, y-weakReach), min(p.Height, y+weakReach+1)
	centre := p.Pix[y*p.Width+x]
	const far, sign = 0x41400000, 1 << 31 // weakStep's bits
	var sum float32
	var near uint32
	for v := y0; v < y1; v++ {
		for _, s := range p.Row(v)[x0:x1] {
			// Without a branch, which noise would mislead: one that is far adds 0.
			d := math.Float32bits(s - centre)
			in := (d&^sign - far) >> 31
			sum += math.Float32frombits(d & -in)
			near += in
		}
	}
	count := float32(near)
	return -sum / count, count >= weakPart*float32((x1-x0)*(y1-y0))
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
