package angle

import (
	"math"
	"slices"
)

// box is a rectangle of work pixels of the first picture.
type box struct{ x0, y0, x1, y1 float64 }

func (b box) middle() (x, y float64) { return (b.x0 + b.x1) / 2, (b.y0 + b.y1) / 2 }

// away is how far a point lies outside the box, 0 inside.
func (b box) away(x, y float64) float64 {
	return math.Hypot(max(b.x0-x, x-b.x1, 0), max(b.y0-y, y-b.y1, 0))
}

// Bounds on what surrounds a place.
const (
	ringFrom     = patchRadius + 2 // pixels: nearer patches show the place itself
	ringFirst    = 28.0            // pixels: how far the surroundings reach at first
	ringGrowth   = 1.35
	ringMost     = 0.22 // of the picture's longer side
	ringCells    = 24
	quadricCells = 36   // fewer give a flat map
	sectors      = 8    // directions in which surroundings must be seen
	leastSectors = 6    // of them
	leastAgree   = 0.85 // share of the surrounding patches on one smooth surface
	looseFit     = 2.5  // pixels: a surface rougher than this predicts nothing
	offSurface   = 5.0  // pixels: a patch farther from the surface is on another one
	cellsAVote   = 4    // patches overlap: four count as one
)

// surface maps a piece of the first picture to the second as its surroundings
// do: a quadratic about (cx, cy), which bends as a curved thing does, or an
// affine map where too little is seen.
type surface struct {
	cx, cy, radius float64
	terms          int
	u, v           [6]float64
	inverse        [6][6]float64
	rough          float64 // standard deviation of what is left, pixels an axis
	gain           float64 // contrast of the first picture over the second's
	cells          []int   // the patches it rests on
	agree          float64 // share of the patches there that lie on it
}

func (s *surface) basis(x, y float64) [6]float64 {
	x, y = (x-s.cx)/s.radius, (y-s.cy)/s.radius
	return [6]float64{1, x, y, x * x, x * y, y * y}
}

// at carries a point, and says how far off that may be (pixels an axis, one
// standard deviation).
func (s *surface) at(x, y float64) (u, v, deviation float64) {
	b := s.basis(x, y)
	var variance float64
	for i := range s.terms {
		u += s.u[i] * b[i]
		v += s.v[i] * b[i]
		for j := range s.terms {
			variance += b[i] * s.inverse[i][j] * b[j]
		}
	}
	return u, v, s.rough * math.Sqrt(max(variance, 0)*cellsAVote)
}

// warpAt is the map of a patch around (x, y).
func (s *surface) warpAt(x, y float64) (w warp, deviation float64) {
	w.u, w.v, deviation = s.at(x, y)
	fx, fy := (x-s.cx)/s.radius, (y-s.cy)/s.radius
	slope := func(c *[6]float64) (dx, dy float64) {
		dx, dy = c[1], c[2]
		if s.terms > 3 {
			dx += 2*c[3]*fx + c[4]*fy
			dy += 2*c[5]*fy + c[4]*fx
		}
		return dx / s.radius, dy / s.radius
	}
	w.a, w.b = slope(&s.u)
	w.c, w.d = slope(&s.v)
	return w, deviation
}

// surroundings fits the surface about b from the patches around it, nearest
// first, as far out as is needed to have it surrounded.
func (p *Pair) surroundings(b box) (*surface, bool) {
	most := ringMost * float64(max(p.a.Width, p.a.Height))
	for reach := ringFirst; reach <= most; reach *= ringGrowth {
		ring := p.ring(b, ringFrom, reach)
		if len(ring) < ringCells || p.covered(b, ring) < leastSectors {
			continue
		}
		if s, ok := p.fitSurface(b, reach, ring); ok {
			return s, true
		}
	}
	return nil, false
}

// ring lists the found patches from so many pixels outside b to so many.
func (p *Pair) ring(b box, from, reach float64) (out []int) {
	out = make([]int, 0, 64)
	for i := range p.cells {
		if !p.cells[i].found {
			continue
		}
		x, y := p.middle(i)
		if d := b.away(x, y); d >= from && d <= reach {
			out = append(out, i)
		}
	}
	return out
}

// covered counts the directions, seen from b's middle, in which there are at
// least two of the patches.
func (p *Pair) covered(b box, ring []int) (n int) {
	var count [sectors]int
	cx, cy := b.middle()
	for _, i := range ring {
		x, y := p.middle(i)
		turn := math.Atan2((y-cy)/max(b.y1-b.y0, 1), (x-cx)/max(b.x1-b.x0, 1))/(2*math.Pi) + 0.5
		count[int(turn*sectors)%sectors]++
	}
	for _, c := range count {
		if c >= 2 {
			n++
		}
	}
	return n
}

// fitSurface fits with weights that fall to nothing for what does not belong
// (Tukey's biweight); ok is false where what is left does not surround b, or
// where there is more than one smooth surface: then something stands before
// something else, and what lies at the edge between differs honestly.
func (p *Pair) fitSurface(b box, reach float64, ring []int) (*surface, bool) {
	s := &surface{radius: reach + math.Hypot(b.x1-b.x0, b.y1-b.y0)/2, terms: 3}
	s.cx, s.cy = b.middle()
	inside := p.ring(b, 0, ringFrom-1e-9)
	all := append(slices.Clone(ring), inside...)
	if len(all) >= quadricCells {
		s.terms = 6
	}
	weights, misses := make([]float64, len(all)), make([]float64, len(all))
	for i := range weights {
		weights[i] = 1
	}
	for range 8 {
		if !s.fit(p, all, weights) {
			return nil, false
		}
		for k, i := range all {
			x, y := p.middle(i)
			u, v, _ := s.at(x, y)
			misses[k] = math.Hypot(u-p.cells[i].u, v-p.cells[i].v)
		}
		sorted := slices.Sorted(slices.Values(misses))
		limit := max(1.5, 5*sorted[len(sorted)/2])
		for k, m := range misses {
			weights[k] = 0
			if e := m / limit; e < 1 {
				weights[k] = (1 - e*e) * (1 - e*e)
			}
		}
	}
	return s, p.holds(s, b, all, len(ring), misses)
}

// holds is whether the surface fits what it was fitted to; the first so many
// of the patches are b's surroundings.
func (p *Pair) holds(s *surface, b box, all []int, ring int, misses []float64) bool {
	var squares float64
	var gains []float64
	on := 0
	for k, i := range all {
		if misses[k] > offSurface {
			continue
		}
		on++
		if k < ring {
			s.cells = append(s.cells, i)
			squares += misses[k] * misses[k] / 2
			gains = append(gains, p.cells[i].gain)
		}
	}
	if len(s.cells) < ringCells*2/3 || p.covered(b, s.cells) < leastSectors {
		return false
	}
	if float64(on) < leastAgree*float64(len(all)) {
		return false
	}
	slices.Sort(gains)
	s.gain = gains[len(gains)/2]
	s.rough = math.Sqrt(squares / float64(max(1, len(s.cells)-s.terms)))
	s.agree = float64(on) / float64(len(all))
	w, _ := s.warpAt(s.cx, s.cy)
	return s.rough <= looseFit && w.sane()
}

// fit is the weighted least-squares step.
func (s *surface) fit(p *Pair, ring []int, weights []float64) bool {
	var m [6][6]float64
	var yu, yv [6]float64
	for k, i := range ring {
		x, y := p.middle(i)
		b := s.basis(x, y)
		for r := range s.terms {
			for c := range s.terms {
				m[r][c] += weights[k] * b[r] * b[c]
			}
			yu[r] += weights[k] * b[r] * p.cells[i].u
			yv[r] += weights[k] * b[r] * p.cells[i].v
		}
	}
	var ok bool
	if s.inverse, ok = solve6(&m, s.terms); !ok {
		return false
	}
	s.u, s.v = [6]float64{}, [6]float64{}
	for r := range s.terms {
		for c := range s.terms {
			s.u[r] += s.inverse[r][c] * yu[c]
			s.v[r] += s.inverse[r][c] * yv[c]
		}
	}
	return true
}
