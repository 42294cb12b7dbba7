package reference

import (
	"math"

	"github.com/evenhand/evenhand/imaging"
)

// calmSums is what the calm pixels of a tile add up to: those calm in one
// picture by picture, and those calm in both together.
type calmSums struct {
	pixels     float64
	one        [2]calmOne
	aa, bb, ab float64 // squares and product of both pictures' grain
}

type calmOne struct{ count, square, slope, live float64 }

// calmTiles holds the sums by tiles of half a block.
type calmTiles struct {
	columns, rows int
	sums          []calmSums
}

// calmTiles adds up grain and slope where the pictures are calm: away from any
// stroke or edge, where drawn ground is dead.
func (f *frame) calmTiles(g *grid) *calmTiles {
	t := &calmTiles{columns: 2 * g.columns, rows: 2 * g.rows}
	t.sums = make([]calmSums, t.columns*t.rows)
	n, w, h := g.size, f.claim.Width, f.claim.Height
	offX, offY := (w-g.columns*n)/2, (h-g.rows*n)/2
	calm := [2]*calmMap{newCalmMap(f.claim), newCalmMap(f.ref)}
	const rim = 3
	for y := max(rim, offY); y < min(h-rim, offY+g.rows*n); y++ {
		row := halves(y-offY, n)
		for x := max(rim, offX); x < min(w-rim, offX+g.columns*n); x++ {
			s := &t.sums[row*t.columns+halves(x-offX, n)]
			s.pixels++
			var grain [2]float64
			both := true
			for k, p := range [2]*imaging.Plane{f.claim, f.ref} {
				if !calm[k].at(x, y) {
					both = false
					continue
				}
				grain[k] = grainAt(p, x, y)
				s.one[k].count++
				s.one[k].square += grain[k] * grain[k]
				s.one[k].slope += slopeAt(p, x, y)
				if math.Abs(grain[k]) >= liveGrain {
					s.one[k].live++
				}
			}
			if both {
				s.aa, s.bb, s.ab = s.aa+grain[0]*grain[0], s.bb+grain[1]*grain[1], s.ab+grain[0]*grain[1]
			}
		}
	}
	return t
}

// halves is the half of which n-pixel block the pixel lies in.
func halves(x, n int) int {
	i := 2 * (x / n)
	if x%n >= n/2 {
		i++
	}
	return i
}

// around fills l from the block and half a block about it.
func (t *calmTiles) around(l *blockLook, b *block) {
	var s calmSums
	for y := max(0, 2*b.row-1); y < min(t.rows, 2*b.row+3); y++ {
		for x := max(0, 2*b.column-1); x < min(t.columns, 2*b.column+3); x++ {
			u := &t.sums[y*t.columns+x]
			s.pixels += u.pixels
			for k := range s.one {
				s.one[k].count += u.one[k].count
				s.one[k].square += u.one[k].square
				s.one[k].slope += u.one[k].slope
				s.one[k].live += u.one[k].live
			}
			s.aa, s.bb, s.ab = s.aa+u.aa, s.bb+u.bb, s.ab+u.ab
		}
	}
	l.calm = min(s.one[0].count, s.one[1].count) / max(1, s.pixels)
	for _, o := range s.one {
		l.grain = max(l.grain, math.Sqrt(o.square/max(1, o.count)))
		l.slope = max(l.slope, o.slope/max(1, o.count))
		l.live = max(l.live, o.live/max(1, o.count))
	}
	l.calmRho = s.ab / math.Sqrt(s.aa*s.bb+1e-9)
}

// grainAt is what is finer than about four pixels.
func grainAt(p *imaging.Plane, x, y int) float64 {
	i, w := y*p.Width+x, p.Width
	var sum float32
	for v := -2; v <= 2; v++ {
		r := p.Pix[i+v*w-2:][:5]
		sum += r[0] + r[1] + r[2] + r[3] + r[4]
	}
	return float64((p.Pix[i]*2+p.Pix[i+1]+p.Pix[i-1]+p.Pix[i+w]+p.Pix[i-w])/6 - sum/25)
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
	low, high := make([]float32, columns*rows), make([]float32, columns*rows)
	for i := range low {
		low[i], high[i] = math.MaxFloat32, -math.MaxFloat32
	}
	for y := range p.Height {
		at := y / calmCell * columns
		for x, v := range p.Row(y) {
			i := at + x/calmCell
			low[i], high[i] = min(low[i], v), max(high[i], v)
		}
	}
	m := &calmMap{columns: columns, calm: make([]bool, columns*rows)}
	for y := range rows {
		for x := range columns {
			a, b := float32(math.MaxFloat32), float32(-math.MaxFloat32)
			x0, x1 := max(0, x-calmCells), min(columns, x+calmCells+1)
			for v := max(0, y-calmCells); v < min(rows, y+calmCells+1); v++ {
				for u := v*columns + x0; u < v*columns+x1; u++ {
					a, b = min(a, low[u]), max(b, high[u])
				}
			}
			m.calm[y*columns+x] = b-a < calmRange
		}
	}
	return m
}

func (m *calmMap) at(x, y int) bool { return m.calm[y/calmCell*m.columns+x/calmCell] }
