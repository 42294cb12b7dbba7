package reference

import (
	"math"
	"slices"

	"github.com/evenhand/evenhand/imaging"
)

// calmSums is what the calm pixels of a tile add up to: those calm in one
// picture by picture, and those calm in both together.
type calmSums struct {
	pixels     float64
	one        [2]calmOne
	aa, bb, ab float64 // squares and product of both pictures' grain
}

type calmOne struct{ count, slope, live float64 }

// calmTiles holds the sums by tiles of half a block.
type calmTiles struct {
	columns, rows int
	sums          []calmSums
	asked         []bool // tiles that somebody asks about; the others have no sums
}

// calmTiles adds up grain and slope where the pictures are calm: away from any
// stroke or edge, where drawn ground is dead. It does so about the kept blocks.
func (f *frame) calmTiles(g *grid, kept []*block) *calmTiles {
	t := &calmTiles{columns: 2 * g.columns, rows: 2 * g.rows}
	t.sums, t.asked = make([]calmSums, t.columns*t.rows), make([]bool, t.columns*t.rows)
	for _, b := range kept {
		t.about(b, func(tile int) { t.asked[tile] = true })
	}
	n, w, h := g.size, f.claim.Width, f.claim.Height
	offX, offY := (w-g.columns*n)/2, (h-g.rows*n)/2
	looks := [2]calmLook{newCalmLook(f.claim), newCalmLook(f.ref)}
	for row := range t.rows {
		asked := t.asked[row*t.columns : (row+1)*t.columns]
		if !slices.Contains(asked, true) {
			continue
		}
		for y := max(calmRim, offY+halfAt(row, n)); y < min(h-calmRim, offY+halfAt(row+1, n)); y++ {
			looks[0].goTo(y)
			looks[1].goTo(y)
			for column, yes := range asked {
				if yes {
					x0, x1 := max(calmRim, offX+halfAt(column, n)), min(w-calmRim, offX+halfAt(column+1, n))
					t.sums[row*t.columns+column].add(&looks, x0, x1)
				}
			}
		}
	}
	return t
}

// calmRim is how far from the picture's edge grain and slope are seen, in pixels.
const calmRim = 3

// halfAt is where the i-th half of blocks of n pixels begins.
func halfAt(i, n int) int { return i/2*n + i%2*(n/2) }

// add adds pixels x0 to x1 of the row that looks are at.
func (s *calmSums) add(looks *[2]calmLook, x0, x1 int) {
	s.pixels += float64(max(0, x1-x0))
	for x := x0; x < x1; x++ {
		var grain [2]float64
		both := true
		for k := range looks {
			l := &looks[k]
			if !l.calm[x/calmCell] {
				both = false
				continue
			}
			grain[k] = l.grain(x)
			s.one[k].count++
			s.one[k].slope += slopeAt(l.plane, x, l.y)
			if math.Abs(grain[k]) >= liveGrain {
				s.one[k].live++
			}
		}
		if both {
			s.aa, s.bb, s.ab = s.aa+grain[0]*grain[0], s.bb+grain[1]*grain[1], s.ab+grain[0]*grain[1]
		}
	}
}

// about calls do with the tiles of the block and half a block about it.
func (t *calmTiles) about(b *block, do func(tile int)) {
	for y := max(0, 2*b.row-1); y < min(t.rows, 2*b.row+3); y++ {
		for x := max(0, 2*b.column-1); x < min(t.columns, 2*b.column+3); x++ {
			do(y*t.columns + x)
		}
	}
}

// around fills l from the block and half a block about it.
func (t *calmTiles) around(l *blockLook, b *block) {
	var s calmSums
	t.about(b, func(tile int) {
		u := &t.sums[tile]
		s.pixels += u.pixels
		for k := range s.one {
			s.one[k].count += u.one[k].count
			s.one[k].slope += u.one[k].slope
			s.one[k].live += u.one[k].live
		}
		s.aa, s.bb, s.ab = s.aa+u.aa, s.bb+u.bb, s.ab+u.ab
	})
	l.calm = min(s.one[0].count, s.one[1].count) / max(1, s.pixels)
	for _, o := range s.one {
		l.slope = max(l.slope, o.slope/max(1, o.count))
		l.live = max(l.live, o.live/max(1, o.count))
	}
	l.calmRho = s.ab / math.Sqrt(s.aa*s.bb+1e-9)
}

// calmLook goes down a picture row by row.
type calmLook struct {
	plane *imaging.Plane
	where *calmMap
	y     int
	calm  []bool    // of the row's cells
	sums  []float32 // of five pixels, two above to two below the row
}

func newCalmLook(p *imaging.Plane) calmLook {
	return calmLook{plane: p, where: newCalmMap(p), sums: make([]float32, p.Width)}
}

func (l *calmLook) goTo(y int) {
	l.y, l.calm = y, l.where.row(y)
	a, b, c, d, e := l.plane.Row(y-2), l.plane.Row(y-1), l.plane.Row(y), l.plane.Row(y+1), l.plane.Row(y+2)
	for x := range l.sums {
		l.sums[x] = a[x] + b[x] + c[x] + d[x] + e[x]
	}
}

// grain is what is finer than about four pixels.
func (l *calmLook) grain(x int) float64 {
	i, w := l.y*l.plane.Width+x, l.plane.Width
	around := l.sums[x-2:][:5]
	sum := around[0] + around[1] + around[2] + around[3] + around[4]
	pix := l.plane.Pix
	return float64((pix[i]*2+pix[i+1]+pix[i-1]+pix[i+w]+pix[i-w])/6 - sum/25)
}

// slopeAt is the shading, in grey levels a pixel over six pixels.
func slopeAt(p *imaging.Plane, x, y int) float64 {
	i, w := y*p.Width+x, p.Width
	across := p.Pix[i+3] + p.Pix[i+3+w] + p.Pix[i+3-w] - p.Pix[i-3] - p.Pix[i-3+w] - p.Pix[i-3-w]
	down := p.Pix[i+3*w] + p.Pix[i+3*w+1] + p.Pix[i+3*w-1] - p.Pix[i-3*w] - p.Pix[i-3*w+1] - p.Pix[i-3*w-1]
	return math.Sqrt(float64(across*across+down*down)) / 18
}

// calmMap says by cells where a picture is calm.
type calmMap struct {
	columns int
	calm    []bool
}

func newCalmMap(p *imaging.Plane) *calmMap {
	columns, rows := (p.Width+calmCell-1)/calmCell, (p.Height+calmCell-1)/calmCell
	m := &calmMap{columns: columns, calm: make([]bool, columns*rows)}
	// The least of each row of cells and its neighbours in the row, and of the
	// levels' complements, whose least is the largest level's.
	low, high := make([]int32, columns*rows), make([]int32, columns*rows)
	a, b := make([]int32, columns), make([]int32, columns)
	for i := range rows {
		cellLeast(a, b, p.Row(calmCell*i), p.Row(min(calmCell*i+1, p.Height-1)))
		leastAround(low[i*columns:][:columns], a)
		leastAround(high[i*columns:][:columns], b)
	}
	for i := range rows {
		var l, h [2*calmCells + 1][]int32 // of a row and those above and below
		for k := range l {
			from := min(max(i+k-calmCells, 0), rows-1) * columns
			l[k], h[k] = low[from:][:columns], high[from:][:columns]
		}
		calm := m.calm[i*columns:][:columns]
		for x := range calm {
			a := min(l[0][x], l[1][x], l[2][x], l[3][x], l[4][x])
			b := min(h[0][x], h[1][x], h[2][x], h[3][x], h[4][x])
			calm[x] = level(^b)-level(a) < calmRange
		}
	}
	return m
}

// cellLeast finds the least level of each cell of two rows of pixels, and the
// least complement.
func cellLeast(low, high []int32, a, b []float32) {
	b = b[:len(a)]
	i := 0
	for ; calmCell*i+1 < len(a); i++ {
		p, q := ordered(a[calmCell*i]), ordered(a[calmCell*i+1])
		r, s := ordered(b[calmCell*i]), ordered(b[calmCell*i+1])
		low[i], high[i] = min(p, q, r, s), ^max(p, q, r, s)
	}
	if calmCell*i < len(a) {
		p, q := ordered(a[calmCell*i]), ordered(b[calmCell*i])
		low[i], high[i] = min(p, q), ^max(p, q)
	}
}

// leastAround fills out with the least of each number and of the two on either
// side.
func leastAround(out, of []int32) {
	n := len(of)
	edge := func(i int) { out[i] = slices.Min(of[max(0, i-calmCells):min(n, i+calmCells+1)]) }
	for i := range min(calmCells, n) {
		edge(i)
		edge(n - 1 - i)
	}
	if n < 2*calmCells+1 {
		return
	}
	p, q := min(of[0], of[1]), min(of[1], of[2])
	c, d := of[2], of[3]
	next := of[4:]
	to := out[2:][:len(next)]
	for i, e := range next {
		r := min(c, d)
		to[i] = min(p, r, e)
		p, q, c, d = q, r, d, e
	}
}

func (m *calmMap) row(y int) []bool { return m.calm[y/calmCell*m.columns:][:m.columns] }
