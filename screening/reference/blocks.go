package reference

import (
	"math"
)

// block is one square of the frame and how well the reference fits there.
type block struct {
	column, row int
	x, y        float64 // centre, frame pixels
	covered     bool    // the reference covers it, with room to search
	textureA    float64 // root mean square of the claim's texture, 0 flat to about 1
	textureB    float64
	rho         float64 // best normalised correlation, -1 to 1
	dx, dy      float64 // where the reference fits best, frame pixels from where it was laid
	sharp       float64 // smaller eigenvalue of the correlation peak's curvature: 0 on a straight edge
	// xx, xy, yy is the curvature divided by what the peak lacks to 1: the
	// block's information on (dx, dy), up to a factor common to all blocks.
	xx, xy, yy float64
	edge       bool    // the peak lies on the rim of the search
	rival      float64 // best correlation farther than rivalBeyond from the peak: surveyed blocks know it
}

const minTexture = 0.30 // below it a block is flat: it can neither agree nor disagree

// grid is the blocks of a frame in row order.
type grid struct {
	size          int // block side, frame pixels
	columns, rows int
	blocks        []block
}

// blockSize keeps a few hundred blocks on small pictures, and blocks large
// enough on big ones to tell.
func blockSize(w, h int) int {
	return min(max(min(w, h)/22, 14), maxBlock)
}

// maxBlock is the longest side of a block, in frame pixels.
const maxBlock = 24

// measure compares all blocks within reach pixels of where they were laid.
func (f *frame) measure(reach int) *grid {
	return f.measureBy(f.search, blockSize(f.a.Width, f.a.Height), reach)
}

// measureBy is measure with blocks of n pixels, each placed by search.
func (f *frame) measureBy(search searcher, n, reach int) *grid {
	g := &grid{size: n, columns: f.a.Width / n, rows: f.a.Height / n}
	g.blocks = make([]block, g.columns*g.rows)
	offX, offY := (f.a.Width-g.columns*n)/2, (f.a.Height-g.rows*n)/2
	for i := range g.blocks {
		b := &g.blocks[i]
		b.column, b.row = i%g.columns, i/g.columns
		f.compare(search, b, offX+b.column*n, offY+b.row*n, n, reach)
	}
	return g
}

// searcher finds where the n×n block at (x, y) fits best, within reach.
type searcher func(b *block, x, y, n, reach int, energy float64)

// compare fills b for the n×n block at (x, y).
func (f *frame) compare(search searcher, b *block, x, y, n, reach int) {
	b.x, b.y = float64(x)+float64(n)/2, float64(y)+float64(n)/2
	w, h := f.a.Width, f.a.Height
	if x < reach || y < reach || x+n+reach > w || y+n+reach > h {
		reach = min(x, y, w-x-n, h-y-n)
	}
	if reach < 1 || !f.covers(x, y, n) {
		return
	}
	b.covered = true
	var energy float64
	for v := range n {
		var sum float32
		for _, s := range f.a.Row(y + v)[x : x+n] {
			sum += s * s
		}
		energy += float64(sum)
	}
	area := float64(n * n)
	b.textureA = math.Sqrt(energy / area)
	b.textureB = math.Sqrt(f.energy(x, y, n) / area)
	if b.textureA < minTexture || b.textureB < minTexture {
		return
	}
	search(b, x, y, n, reach, energy)
}

func (f *frame) covers(x, y, n int) bool {
	w := f.a.Width
	last := n - 1
	return f.inside[y*w+x] && f.inside[y*w+x+last] && f.inside[(y+last)*w+x] && f.inside[(y+last)*w+x+last]
}

// correlation is Σab/√(Σa²Σb²) with b shifted by (dx, dy); the texture filter
// has already taken the mean away.
func (f *frame) correlation(x, y, n, dx, dy int, energy float64) float64 {
	var sum float64
	for v := range n {
		a := f.a.Row(y + v)[x : x+n]
		b := f.b.Row(y + v + dy)[x+dx:][:len(a)]
		var s0, s1 float32
		i := 0
		for ; i+1 < len(a); i += 2 {
			s0 += a[i] * b[i]
			s1 += a[i+1] * b[i+1]
		}
		if i < len(a) {
			s0 += a[i] * b[i]
		}
		sum += float64(s0 + s1)
	}
	eb := f.energy(x+dx, y+dy, n)
	if eb <= 0 {
		return 0
	}
	return sum / math.Sqrt(energy*eb)
}

const (
	maxReach = 6
	// atHome is a correlation so high where the reference was laid that no
	// other place need be tried than the neighbouring pixels.
	atHome = 0.80
)

// peak is a table of correlations by shift, and the best of it.
type peak struct {
	reach  int
	table  [2*maxReach + 1][2*maxReach + 1]float64
	best   float64
	bx, by int
}

func (p *peak) onRim() bool {
	return p.bx == -p.reach || p.bx == p.reach || p.by == -p.reach || p.by == p.reach
}

// scan correlates the block at shifts within reach: at every other one first,
// then around the best of those. The texture filter passes nothing finer than
// about three pixels, so that no peak falls between.
func (f *frame) scan(x, y, n, reach int, energy float64) (p peak) {
	p.reach, p.best = reach, -2
	var known [2*maxReach + 1][2*maxReach + 1]bool
	try := func(dx, dy int) {
		if known[dy+reach][dx+reach] {
			return
		}
		known[dy+reach][dx+reach] = true
		c := f.correlation(x, y, n, dx, dy, energy)
		p.table[dy+reach][dx+reach] = c
		if c > p.best {
			p.best, p.bx, p.by = c, dx, dy
		}
	}
	for dy := -reach; dy <= reach; dy += 2 {
		for dx := -reach; dx <= reach; dx += 2 {
			try(dx, dy)
		}
	}
	for {
		cx, cy := p.bx, p.by
		for dy := max(-reach, cy-1); dy <= min(reach, cy+1); dy++ {
			for dx := max(-reach, cx-1); dx <= min(reach, cx+1); dx++ {
				try(dx, dy)
			}
		}
		if p.bx == cx && p.by == cy {
			return p
		}
	}
}

// search finds the best shift, then its sub-pixel place.
func (f *frame) search(b *block, x, y, n, reach int, energy float64) {
	var p peak
	if f.correlation(x, y, n, 0, 0, energy) > atHome {
		p = f.scan(x, y, n, 1, energy)
	}
	if p.reach == 0 || p.onRim() {
		p = f.scan(x, y, n, reach, energy)
	}
	b.settle(&p)
}

// settle takes over the peak's height, and its place between pixels.
func (b *block) settle(p *peak) {
	best := p.best
	b.rho, b.dx, b.dy = best, float64(p.bx), float64(p.by)
	if p.onRim() {
		b.edge = true
		return
	}
	at := func(dx, dy int) float64 { return p.table[p.by+dy+p.reach][p.bx+dx+p.reach] }
	xx := 2*best - at(-1, 0) - at(1, 0)
	yy := 2*best - at(0, -1) - at(0, 1)
	xy := (at(1, -1) + at(-1, 1) - at(1, 1) - at(-1, -1)) / 4
	gx, gy := (at(1, 0)-at(-1, 0))/2, (at(0, 1)-at(0, -1))/2
	mean, spread := (xx+yy)/2, math.Sqrt((xx-yy)*(xx-yy)/4+xy*xy)
	b.sharp = mean - spread
	if mean+spread <= 0 {
		return
	}
	if b.sharp < 0 { // a ridge: nothing is known along it
		xx, yy = xx-b.sharp, yy-b.sharp
	}
	// A little extra curvature keeps an edge block from sliding along its edge.
	const damping = 0.01
	det := (xx+damping)*(yy+damping) - xy*xy
	sx, sy := ((yy+damping)*gx-xy*gy)/det, ((xx+damping)*gy-xy*gx)/det
	if math.Abs(sx) < 1 && math.Abs(sy) < 1 {
		b.dx += sx
		b.dy += sy
		b.rho += (gx*sx + gy*sy) / 2
	}
	lack := 1 - min(b.rho, 1) + rhoNoise
	b.xx, b.xy, b.yy = xx/lack, xy/lack, yy/lack
}

// rhoNoise is what correlation may lack by resampling alone.
const rhoNoise = 0.03

// miss is how far b lies from the displacement (x, y) where b can tell: along
// an edge it cannot.
func (b *block) miss(x, y float64) float64 {
	x, y = b.dx-x, b.dy-y
	total := b.xx + b.yy
	if total <= 0 {
		return math.Inf(1)
	}
	if b.sharp >= sharpEnough {
		return math.Hypot(x, y)
	}
	return math.Sqrt(max(0, (b.xx*x*x+2*b.xy*x*y+b.yy*y*y)/total))
}
