package watermark

import "math"

// lattice is the arrangement of blocks; its methods take and return a number a
// block, in row order.
type lattice struct{ across, down int }

// guideRadius is how far, in blocks, the picture's colours are taken to vary
// together.
const guideRadius = 2

// sums adds up v over the blocks at most r away, those there are.
func (l lattice) sums(v []float64, r int) []float64 {
	rows, out := make([]float64, len(v)), make([]float64, len(v))
	for y := range l.down {
		sumRow(rows[y*l.across:(y+1)*l.across], v[y*l.across:(y+1)*l.across], r)
	}
	for y := range l.down {
		to := out[y*l.across : (y+1)*l.across]
		for ny := max(0, y-r); ny < min(l.down, y+r+1); ny++ {
			from := rows[ny*l.across : (ny+1)*l.across][:len(to)]
			for x, a := range from {
				to[x] += a
			}
		}
	}
	return out
}

// sumRow is sums of one row.
func sumRow(out, row []float64, r int) {
	slow := func(from, to int) {
		for x := max(0, from); x < to; x++ {
			sum := 0.0
			for _, a := range row[max(0, x-r):min(len(row), x+r+1)] {
				sum += a
			}
			out[x] = sum
		}
	}
	n := len(row) - 2*r
	if n <= 0 || r > 2 {
		slow(0, len(row))
		return
	}
	slow(0, r)
	to := out[r : r+n]
	switch r {
	case 1:
		a, b, c := row[:n], row[1:][:n], row[2:][:n]
		for x := range to {
			to[x] = 0.0 + a[x] + b[x] + c[x]
		}
	case 2:
		a, b, c, d, e := row[:n], row[1:][:n], row[2:][:n], row[3:][:n], row[4:][:n]
		for x := range to {
			to[x] = 0.0 + a[x] + b[x] + c[x] + d[x] + e[x]
		}
	default:
		copy(to, row)
	}
	slow(r+n, len(row))
}

// near calls do with each block and how many blocks, itself among them, are at
// most one away from it.
func (l lattice) near(do func(i int, n float64)) {
	i := 0
	for y := range l.down {
		rows := min(l.down, y+2) - max(0, y-1)
		for x := range l.across {
			do(i, float64(rows*(min(l.across, x+2)-max(0, x-1))))
			i++
		}
	}
}

// above is how far each block stands above the mean of those around it.
func (l lattice) above(v []float64) []float64 {
	out := l.sums(v, 1)
	l.near(func(i int, n float64) { out[i] = (v[i]*n - out[i]) / max(1, n-1) })
	return out
}

// rough is the mean size of v over each block and those around it.
func (l lattice) rough(v []float64) []float64 {
	size := make([]float64, len(v))
	for i := range v {
		size[i] = math.Abs(v[i])
	}
	out := l.sums(size, 1)
	l.near(func(i int, n float64) { out[i] /= n })
	return out
}

// guide knows how two channels p and q vary around each block. In a photo the
// three channels vary together: an edge that shows in one shows in all. So
// what the two untouched ones account for in the third is the picture's, and
// what is left is noise and the mark.
type guide struct {
	lattice
	p, q       []float64
	pp, qq, pq []float64 // sums around each block
}

func (l lattice) guide(p, q []float64) guide {
	return guide{
		lattice: l, p: p, q: q,
		pp: l.sums(products(p, p), guideRadius),
		qq: l.sums(products(q, q), guideRadius),
		pq: l.sums(products(p, q), guideRadius),
	}
}

// rest is v less its linear regression on p and q around each block, by least
// squares held towards no relation where p and q hardly vary (ridge, as much
// as a standard deviation of about half a level in each block would be).
func (g guide) rest(v []float64) []float64 {
	const ridge = 0.3 * (2*guideRadius + 1) * (2*guideRadius + 1)
	vp, vq := g.sums(products(v, g.p), guideRadius), g.sums(products(v, g.q), guideRadius)
	out := make([]float64, len(v))
	for i := range v {
		pp, qq, pq := g.pp[i]+ridge, g.qq[i]+ridge, g.pq[i]
		det := pp*qq - pq*pq // positive: Cauchy and Schwarz, and the ridge
		out[i] = v[i] - (vp[i]*qq-vq[i]*pq)/det*g.p[i] - (vq[i]*pp-vp[i]*pq)/det*g.q[i]
	}
	return out
}

func products(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] * b[i]
	}
	return out
}
