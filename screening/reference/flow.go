package reference

import (
	"math"
	"slices"

	"github.com/evenhand/evenhand/imaging"
)

// flow is a smooth displacement field over a frame: what an editor's warp adds
// to a plain transform. It knows the displacement at the centres of a grid of
// squares and lies between them.
type flow struct {
	size          float64 // side of a square, frame pixels
	offX, offY    float64 // centre of the first
	columns, rows int
	dx, dy        []float64
}

const (
	flowReach  = 2   // squares around one that say where it goes
	flowSpread = 1.2 // standard deviation of their weight, in squares
	flowMiss   = 1.5 // frame pixels from its neighbours' median: a stray
)

// newFlow smooths the displacements of blocks, less strays that disagree with
// the median of those around; where there are none it follows d. It returns the
// blocks that were not strays.
func newFlow(g *grid, blocks []*block, d *deformation, terms int) (*flow, []*block) {
	at := make([]*block, len(g.blocks))
	for _, b := range blocks {
		at[b.row*g.columns+b.column] = b
	}
	first := &g.blocks[0]
	f := &flow{
		size: float64(g.size), offX: first.x, offY: first.y, columns: g.columns, rows: g.rows,
		dx: make([]float64, len(g.blocks)), dy: make([]float64, len(g.blocks)),
	}
	var kept []*block
	sound := make([]bool, len(at))
	for i, b := range at {
		if b == nil {
			continue
		}
		var xs, ys []float64
		f.around(i, func(j int, _ float64) {
			if o := at[j]; o != nil && j != i {
				x, y := d.at(o.x, o.y, terms)
				xs, ys = append(xs, o.dx-x), append(ys, o.dy-y)
			}
		})
		if len(xs) < 3 {
			continue
		}
		slices.Sort(xs)
		slices.Sort(ys)
		x, y := d.at(b.x, b.y, terms)
		if b.miss(x+xs[len(xs)/2], y+ys[len(ys)/2]) <= flowMiss {
			sound[i] = true
			kept = append(kept, b)
		}
	}
	for i := range f.dx {
		b := &g.blocks[i]
		// The fitted transform counts like a far weak neighbour.
		const prior = 0.05
		var sx, sy, sum float64
		f.around(i, func(j int, weight float64) {
			if sound[j] {
				o := at[j]
				x, y := d.at(o.x, o.y, terms)
				sx, sy, sum = sx+weight*(o.dx-x), sy+weight*(o.dy-y), sum+weight
			}
		})
		x, y := d.at(b.x, b.y, terms)
		f.dx[i], f.dy[i] = x+sx/(sum+prior), y+sy/(sum+prior)
	}
	return f, kept
}

// around visits the squares near square i with their weights.
func (f *flow) around(i int, visit func(j int, weight float64)) {
	column, row := i%f.columns, i/f.columns
	for v := max(0, row-flowReach); v <= min(f.rows-1, row+flowReach); v++ {
		for u := max(0, column-flowReach); u <= min(f.columns-1, column+flowReach); u++ {
			r2 := float64((u-column)*(u-column) + (v-row)*(v-row))
			visit(v*f.columns+u, math.Exp(-r2/(2*flowSpread*flowSpread)))
		}
	}
}

// at is the displacement at a frame point, bilinear between squares.
func (f *flow) at(x, y float64) (dx, dy float64) {
	u := min(max((x-f.offX)/f.size, 0), float64(f.columns-1))
	v := min(max((y-f.offY)/f.size, 0), float64(f.rows-1))
	iu, iv := min(int(u), max(f.columns-2, 0)), min(int(v), max(f.rows-2, 0))
	u, v = u-float64(iu), v-float64(iv)
	ju, jv := min(iu+1, f.columns-1), min(iv+1, f.rows-1)
	mix := func(p []float64) float64 {
		top := p[iv*f.columns+iu]*(1-u) + p[iv*f.columns+ju]*u
		low := p[jv*f.columns+iu]*(1-u) + p[jv*f.columns+ju]*u
		return top*(1-v) + low*v
	}
	return mix(f.dx), mix(f.dy)
}

// warpBent is warp for m after a bend, both of pixels of the new plane: the bend
// is followed point by point every eight pixels and straight between. out and
// inside are empty.
func warpBent(out *imaging.Plane, inside []bool, src *imaging.Plane, m imaging.Affine, bend func(x, y float64) (dx, dy float64)) {
	const stride = 8
	w, h := out.Width, out.Height
	maxX, maxY := float64(src.Width-1)-1e-3, float64(src.Height-1)-1e-3
	if maxX <= 0 || maxY <= 0 {
		return
	}
	to := func(x, y float64) (float64, float64) {
		dx, dy := bend(x, y)
		sx, sy := m.Apply(x+dx, y+dy)
		return sx - 0.5, sy - 0.5
	}
	for y := range h {
		row := out.Row(y)
		ax, ay := to(0.5, float64(y)+0.5)
		for x := 0; x < w; x += stride {
			bx, by := to(float64(x+stride)+0.5, float64(y)+0.5)
			for i := x; i < min(x+stride, w); i++ {
				t := float64(i-x) / stride
				sx, sy := ax+(bx-ax)*t, ay+(by-ay)*t
				inside[y*w+i] = sx > -0.5 && sy > -0.5 && sx < maxX+0.5 && sy < maxY+0.5
				warpRow(row[i:i+1], src, float32(min(max(sx, 0), maxX)), float32(min(max(sy, 0), maxY)), 0, 0)
			}
			ax, ay = bx, by
		}
	}
}
