package angle

import (
	"container/heap"
	"math"
)

// Shape of the grid of patches and of its growth from the spots.
const (
	cellStep    = 8    // pixels between patches
	leastSpread = 3.0  // grey levels: plainer patches are not looked for
	sure        = 0.75 // correlation from which a patch is found
	mostTries   = 4
	cellDrift   = 3.0 // pixels: how far a patch may lie from where its neighbour puts it
	lineSlack   = 1.5 // pixels: what is left of a spot's place beside a patch's
	jumpAllowed = 1.5 // pixels between what two neighbours say of each other
	leastFellow = 2   // neighbours that must bear a patch out
)

// cell is one patch of the first picture and where the second shows it.
type cell struct {
	warp
	correlation float64
	gain        float64 // contrast of the first picture over the second's
	tries       uint8
	found       bool
}

// front is the patches found whose neighbours are still to be tried, the
// likest first.
type front struct {
	index []int
	cells []cell
}

func (f *front) Len() int { return len(f.index) }
func (f *front) Less(i, j int) bool {
	return f.cells[f.index[i]].correlation > f.cells[f.index[j]].correlation
}
func (f *front) Swap(i, j int) { f.index[i], f.index[j] = f.index[j], f.index[i] }
func (f *front) Push(x any)    { f.index = append(f.index, x.(int)) }

func (f *front) Pop() any {
	last := f.index[len(f.index)-1]
	f.index = f.index[:len(f.index)-1]
	return last
}

// spread grows the agreeing spots into all of the surface that both pictures
// show: patches are found from their neighbours' places, the likest first
// (Lhuillier and Quan, "Match propagation for image-based modeling and
// rendering", PAMI 24(8), 2002; with affine patches as in Ferrari, Tuytelaars
// and Van Gool, IJCV 67(2), 2006).
func (p *Pair) spread(seeds []match) {
	p.columns, p.rows = p.a.Width/cellStep, p.a.Height/cellStep
	p.cells = make([]cell, p.columns*p.rows)
	f := &front{cells: p.cells}
	var t template
	for _, q := range p.geometry.agree {
		if w, ok := localWarp(p.geometry.agree, q); ok {
			i := p.cellAt(q.x, q.y)
			x, y := p.middle(i)
			if p.try(&t, i, w.moved(x-q.x, y-q.y)) {
				heap.Push(f, i)
			}
		}
	}
	for f.Len() > 0 {
		i, _ := heap.Pop(f).(int)
		from := p.cells[i].warp
		column, line := i%p.columns, i/p.columns
		for _, d := range [4][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
			c, l := column+d[0], line+d[1]
			if c < 0 || l < 0 || c >= p.columns || l >= p.rows {
				continue
			}
			j := l*p.columns + c
			if p.try(&t, j, from.moved(float64(d[0]*cellStep), float64(d[1]*cellStep))) {
				heap.Push(f, j)
			}
		}
	}
	p.prune()
}

// cellAt is the cell whose middle lies nearest to a point.
func (p *Pair) cellAt(x, y float64) int {
	c, l := int(x)/cellStep, int(y)/cellStep
	return min(max(l, 0), p.rows-1)*p.columns + min(max(c, 0), p.columns-1)
}

// middle is the middle of cell i: the middle of a pixel.
func (p *Pair) middle(i int) (x, y float64) {
	return float64(i%p.columns*cellStep+cellStep/2) + 0.5, float64(i/p.columns*cellStep+cellStep/2) + 0.5
}

// try looks for cell i near w; true where it was found now.
func (p *Pair) try(t *template, i int, w warp) bool {
	c := &p.cells[i]
	if c.found || c.tries >= mostTries {
		return false
	}
	c.tries++
	x, y := p.middle(i)
	if !t.cut(p.a, int(x), int(y), leastSpread) {
		c.tries = mostTries
		return false
	}
	w, correlation, spread, ok := t.find(p.b, w, cellDrift)
	if !ok || correlation < sure {
		return false
	}
	if p.geometry.f.miss(place{x, y, w.u, w.v}) > p.geometry.reach+lineSlack {
		return false
	}
	*c = cell{warp: w, correlation: correlation, gain: t.spread / spread, tries: c.tries, found: true}
	return true
}

// prune takes back patches that their neighbours do not bear out.
func (p *Pair) prune() {
	keep := make([]bool, len(p.cells))
	for i := range p.cells {
		keep[i] = p.cells[i].found && p.fellows(i) >= leastFellow
	}
	n := 0
	for i, k := range keep {
		p.cells[i].found = k
		if k {
			n++
		}
	}
	p.measured["patches"] = float64(n)
}

// fellows counts the neighbours of cell i that put it where it was found.
func (p *Pair) fellows(i int) (n int) {
	column, line := i%p.columns, i/p.columns
	for l := max(0, line-1); l <= min(p.rows-1, line+1); l++ {
		for c := max(0, column-1); c <= min(p.columns-1, column+1); c++ {
			j := l*p.columns + c
			if j == i || !p.cells[j].found {
				continue
			}
			u, v := p.cells[j].at(float64((column-c)*cellStep), float64((line-l)*cellStep))
			if math.Hypot(u-p.cells[i].u, v-p.cells[i].v) <= jumpAllowed {
				n++
			}
		}
	}
	return n
}
