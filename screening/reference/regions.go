package reference

import (
	"cmp"
	"math"
	"slices"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
)

// Shape of the search for altered places, in frame pixels and grey levels.
const (
	cellSize      = 6    // side of the cells that are called altered or not
	blurRadius    = 2    // differences finer than this are recompression
	leastContrast = 7.0  // grey levels
	noiseFactor   = 4.0  // of the typical difference where the pictures agree
	slopeFactor   = 0.45 // of the local brightness step: half a pixel of misfit
	cellShare     = 0.35 // of a cell's pixels must differ
	leastCells    = 4    // smaller spots are not reported
	sparseFill    = 0.40 // a box emptier than this is split
	maxSplits     = 4
	maxRegions    = 24
)

// alteredRegions lists where the claim shows something else than the reference
// laid on it, largest first. f must be laid by the final transform.
func (f *frame) alteredRegions(kept []*block, size int) []evidence.Region {
	claim, expected := box(f.claim, blurRadius), box(f.toned(kept, size), blurRadius)
	typical := typicalDifference(claim, expected, kept, size)
	threshold := float32(leastContrast + noiseFactor*typical)
	cells := newCellMap(claim.Width, claim.Height)
	for y := 1; y < claim.Height-1; y++ {
		inside, shown, meant := f.inside[y*claim.Width:][:claim.Width], claim.Row(y), expected.Row(y)
		for x := 1; x < claim.Width-1; x++ {
			diff := shown[x] - meant[x]
			if diff <= threshold && diff >= -threshold || !inside[x] {
				continue // as nearly everywhere: how steep it is there need not be asked
			}
			i := y*claim.Width + x
			if slope := max(steep(expected, i), steep(claim, i)); max(diff, -diff) > threshold+slopeFactor*slope {
				cells.count(x, y)
			}
		}
	}
	return cells.regions()
}

// steep is the brightness step across pixel i, in grey levels a pixel.
func steep(p *imaging.Plane, i int) float32 {
	dx, dy := p.Pix[i+1]-p.Pix[i-1], p.Pix[i+p.Width]-p.Pix[i-p.Width]
	return (max(dx, -dx) + max(dy, -dy)) / 2
}

// typicalDifference is the median over agreeing blocks of the mean absolute
// difference of two planes, in grey levels.
func typicalDifference(a, b *imaging.Plane, kept []*block, size int) float64 {
	if len(kept) == 0 {
		return 0
	}
	values := make([]float64, len(kept))
	for i, k := range kept {
		x, y := int(k.x-float64(size)/2), int(k.y-float64(size)/2)
		var sum float32
		for v := range size {
			p, q := a.Row(y + v)[x:x+size], b.Row(y + v)[x:x+size]
			for j := range p {
				sum += max(p[j]-q[j], q[j]-p[j])
			}
		}
		values[i] = float64(sum) / float64(size*size)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// cellMap counts differing pixels in square cells.
type cellMap struct {
	width, height int // frame pixels
	columns, rows int
	counts        []int
}

func newCellMap(width, height int) *cellMap {
	c := &cellMap{width: width, height: height, columns: (width + cellSize - 1) / cellSize, rows: (height + cellSize - 1) / cellSize}
	c.counts = make([]int, c.columns*c.rows)
	return c
}

func (c *cellMap) count(x, y int) { c.counts[y/cellSize*c.columns+x/cellSize]++ }

// cellBox is a rectangle of cells, right and bottom exclusive, and the marked
// cells it was drawn around.
type cellBox struct {
	left, top, right, bottom int
	cells                    [][2]int
}

// regions joins marked cells that lie within two cells of each other and
// frames each group.
func (c *cellMap) regions() []evidence.Region {
	marked := make([]bool, len(c.counts))
	for i, n := range c.counts {
		marked[i] = float64(n) >= cellShare*cellSize*cellSize
	}
	var boxes []cellBox
	for i := range marked {
		if !marked[i] {
			continue
		}
		if group := c.flood(marked, i); len(group) >= leastCells {
			boxes = append(boxes, frameCells(group).split(maxSplits)...)
		}
	}
	slices.SortStableFunc(boxes, func(a, b cellBox) int { return cmp.Compare(len(b.cells), len(a.cells)) })
	boxes = boxes[:min(len(boxes), maxRegions)]
	out := make([]evidence.Region, 0, len(boxes))
	w, h := float64(c.width), float64(c.height)
	for _, b := range boxes {
		x, y := float64(b.left*cellSize)/w, float64(b.top*cellSize)/h
		out = append(out, evidence.Region{
			X: round4(x), Y: round4(y),
			Width:  round4(min(1, float64(b.right*cellSize)/w) - x),
			Height: round4(min(1, float64(b.bottom*cellSize)/h) - y),
			Kind:   evidence.Altered,
		})
	}
	return out
}

func round4(v float64) float64 { return math.Round(v*1e4) / 1e4 }

// flood takes the group of marked cells around cell i off the map.
func (c *cellMap) flood(marked []bool, i int) (group [][2]int) {
	const reach = 2
	marked[i] = false
	queue := [][2]int{{i % c.columns, i / c.columns}}
	for len(queue) > 0 {
		cell := queue[0]
		queue = queue[1:]
		group = append(group, cell)
		for y := max(0, cell[1]-reach); y <= min(c.rows-1, cell[1]+reach); y++ {
			for x := max(0, cell[0]-reach); x <= min(c.columns-1, cell[0]+reach); x++ {
				if marked[y*c.columns+x] {
					marked[y*c.columns+x] = false
					queue = append(queue, [2]int{x, y})
				}
			}
		}
	}
	return group
}

func frameCells(cells [][2]int) cellBox {
	b := cellBox{left: cells[0][0], top: cells[0][1], right: cells[0][0] + 1, bottom: cells[0][1] + 1, cells: cells}
	for _, c := range cells {
		b.left, b.right = min(b.left, c[0]), max(b.right, c[0]+1)
		b.top, b.bottom = min(b.top, c[1]), max(b.bottom, c[1]+1)
	}
	return b
}

// split halves a mostly empty box along its longer side, so that a thin slanting
// crack is framed by a chain of small boxes and not by one that covers the goods.
func (b cellBox) split(depth int) []cellBox {
	w, h := b.right-b.left, b.bottom-b.top
	if depth == 0 || max(w, h) < 6 || float64(len(b.cells)) >= sparseFill*float64(w*h) {
		return []cellBox{b}
	}
	axis, middle := 0, b.left+w/2
	if h > w {
		axis, middle = 1, b.top+h/2
	}
	var near, far [][2]int
	for _, c := range b.cells {
		if c[axis] < middle {
			near = append(near, c)
		} else {
			far = append(far, c)
		}
	}
	if len(near) == 0 || len(far) == 0 {
		return []cellBox{b}
	}
	return append(frameCells(near).split(depth-1), frameCells(far).split(depth-1)...)
}
