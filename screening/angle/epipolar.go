package angle

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// place is one point seen in both pictures: (x, y) in the first, (u, v) in
// the second, in work pixels.
type place struct{ x, y, u, v float64 }

// rigid is the epipolar geometry that many places share (Hartley and
// Zisserman, "Multiple View Geometry", 2nd ed. 2004, chapters 9 and 11): a
// point of a rigid scene that is seen at x in the first picture lies on the
// line f·x of the second.
type rigid struct {
	f      matrix3
	reach  float64 // pixels: how far from their lines the agreeing places lie at most
	agree  []place
	logNFA float64 // base 10; how often chance would give as good an agreement
}

// matrix3 is a 3×3 matrix in row order.
type matrix3 [9]float64

// times is m·(x, y, 1).
func (m *matrix3) times(x, y float64) (a, b, c float64) {
	return m[0]*x + m[1]*y + m[2], m[3]*x + m[4]*y + m[5], m[6]*x + m[7]*y + m[8]
}

// back is mᵀ·(u, v, 1).
func (m *matrix3) back(u, v float64) (a, b, c float64) {
	return m[0]*u + m[3]*v + m[6], m[1]*u + m[4]*v + m[7], m[2]*u + m[5]*v + m[8]
}

// miss is the larger of the distances of p's two points from each other's
// epipolar lines, in pixels.
func (m *matrix3) miss(p place) float64 {
	a, b, c := m.times(p.x, p.y)
	e := math.Abs(a*p.u + b*p.v + c)
	d, f, _ := m.back(p.u, p.v)
	n := min(a*a+b*b, d*d+f*f)
	if n <= 0 {
		return math.Inf(1)
	}
	return e / math.Sqrt(n)
}

// Bounds of the search for an epipolar geometry.
const (
	fewestPlaces  = 16   // fewer agreeing places settle nothing
	samplings     = 1500 // of seven places
	largestReach  = 4.0  // pixels: a geometry looser than this is no help
	leastLogNFA   = -6.0 // weaker agreements are taken for chance
	refinements   = 5
	sampleOfSeven = 7
)

// fitRigid finds the most meaningful epipolar geometry among places, which
// come best first; ok is false where chance could have given it.
//
// The measure is that of Moisan and Stival ("A probabilistic criterion to
// detect rigid point matches between two images and estimate the fundamental
// matrix", IJCV 57(3), 2004): with places strewn at random, k of n within e
// pixels of the lines of one of the up to three matrices through seven of them
// are expected 3·(n-7)·C(n,k)·C(k,7)·(2·D/A·e)^(k-7) times, D being the
// picture's diagonal and A its area. No threshold on e is set beforehand: the
// number is least at the reach that the data have.
func fitRigid(places []place, width, height int) (best rigid, ok bool) {
	n := len(places)
	if n < fewestPlaces {
		return best, false
	}
	count := newCombinations(n)
	density := 2 * math.Hypot(float64(width), float64(height)) / (float64(width) * float64(height))
	misses := make([]float64, n)
	random := rand.New(rand.NewPCG(0xa417e, 0x5eed))
	weigh := func(f matrix3) {
		for i, p := range places {
			misses[i] = f.miss(p)
		}
		reach, log := count.best(misses, density)
		if log < best.logNFA {
			best = rigid{f: f, reach: reach, logNFA: log}
		}
	}
	var pick [sampleOfSeven]place
	need := samplings
	for round := 0; round < need; round++ {
		// The best matches first, as in Chum and Matas, "PROSAC", CVPR 2005.
		among := min(n, 12+round*n/300)
		chooseSeven(random, places[:among], &pick)
		before := best.logNFA
		for _, f := range throughSeven(&pick, width, height) {
			weigh(f)
		}
		if best.logNFA < before {
			for range 2 {
				if f, fine := refit(best.within(places), width, height); fine {
					weigh(f)
				}
			}
			need = min(need, roundsNeeded(float64(len(best.within(places)))/float64(n)))
		}
	}
	for range refinements {
		if f, fine := refit(best.within(places), width, height); fine {
			weigh(f)
		}
	}
	best.agree = best.within(places)
	return best, best.logNFA < leastLogNFA && len(best.agree) >= fewestPlaces
}

// within lists the places that the geometry explains.
func (r *rigid) within(places []place) (out []place) {
	for _, p := range places {
		if r.f.miss(p) <= r.reach {
			out = append(out, p)
		}
	}
	return out
}

// roundsNeeded is how many samples of seven hold one without an outlier with
// 99 % certainty, if the given share of the places is right, and 100 more.
func roundsNeeded(share float64) int {
	hit := math.Pow(share, sampleOfSeven)
	if hit >= 1 {
		return 100
	}
	return int(min(samplings, 100+math.Log(0.01)/math.Log1p(-hit)))
}

func chooseSeven(random *rand.Rand, places []place, pick *[sampleOfSeven]place) {
	var taken [sampleOfSeven]int
	for i := range pick {
	draw:
		for {
			k := random.IntN(len(places))
			for _, t := range taken[:i] {
				if t == k {
					continue draw
				}
			}
			taken[i], pick[i] = k, places[k]
			break
		}
	}
}

// combinations holds log10 of C(n, k) and C(k, 7) for one n.
type combinations struct{ ofN, ofSeven []float64 }

func newCombinations(n int) *combinations {
	c := &combinations{ofN: make([]float64, n+1), ofSeven: make([]float64, n+1)}
	choose := func(n, k int) float64 {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(k + 1))
		d, _ := math.Lgamma(float64(n - k + 1))
		return (a - b - d) / math.Ln10
	}
	for k := range n + 1 {
		c.ofN[k] = choose(n, k)
		if k >= sampleOfSeven {
			c.ofSeven[k] = choose(k, sampleOfSeven)
		}
	}
	return c
}

// best is the reach at which misses agree least by chance, and log10 of the
// expected number of such agreements.
func (c *combinations) best(misses []float64, density float64) (reach, log float64) {
	n := len(misses)
	near := make([]float64, 0, n)
	for _, m := range misses {
		if m <= largestReach {
			near = append(near, m)
		}
	}
	slices.SortFunc(near, cmp.Compare[float64])
	tests := math.Log10(3 * float64(n-sampleOfSeven))
	for i, e := range near {
		k := i + 1
		if k <= sampleOfSeven {
			continue
		}
		// Below a fifth of a pixel spots are not placed.
		p := min(1, density*max(e, 0.2))
		if l := tests + c.ofN[k] + c.ofSeven[k] + float64(k-sampleOfSeven)*math.Log10(p); l < log {
			reach, log = max(e, 0.2), l
		}
	}
	return reach, log
}

// normal takes picture points to about -1 to 1, which the linear methods need
// (Hartley, "In defense of the eight-point algorithm", PAMI 19(6), 1997).
func normal(width, height int) (scale, cx, cy float64) {
	return 2 / float64(max(width, height)), float64(width) / 2, float64(height) / 2
}

// row is what one place demands of the nine entries of the matrix.
func row(p place, s, cx, cy float64) [9]float64 {
	x, y, u, v := (p.x-cx)*s, (p.y-cy)*s, (p.u-cx)*s, (p.v-cy)*s
	return [9]float64{u * x, u * y, u, v * x, v * y, v, x, y, 1}
}

// unnormal undoes normal on a matrix fitted to normalised points.
func unnormal(f matrix3, s, cx, cy float64) matrix3 {
	t := matrix3{s, 0, -s * cx, 0, s, -s * cy, 0, 0, 1}
	return *t.transposed().product(&f).product(&t)
}

func (m *matrix3) transposed() *matrix3 {
	return &matrix3{m[0], m[3], m[6], m[1], m[4], m[7], m[2], m[5], m[8]}
}

func (m *matrix3) product(n *matrix3) *matrix3 {
	var out matrix3
	for i := range 3 {
		for j := range 3 {
			for k := range 3 {
				out[3*i+j] += m[3*i+k] * n[3*k+j]
			}
		}
	}
	return &out
}

// throughSeven lists the up to three matrices of rank two through seven
// places (Hartley and Zisserman, section 11.1.2).
func throughSeven(pick *[sampleOfSeven]place, width, height int) (out []matrix3) {
	s, cx, cy := normal(width, height)
	var rows [sampleOfSeven][9]float64
	for i, p := range pick {
		rows[i] = row(p, s, cx, cy)
	}
	f, g, ok := kernel(&rows)
	if !ok {
		return nil
	}
	// det(t·f + (1-t)·g) is a cubic in t, known from four of its values.
	at := func(t float64) float64 {
		var m matrix3
		for i := range m {
			m[i] = t*f[i] + (1-t)*g[i]
		}
		return m.determinant()
	}
	d0, d1, dm, d2 := at(0), at(1), at(-1), at(2)
	c2 := (d1+dm)/2 - d0
	c3 := (d2 - 4*c2 - d0 - (d1 - dm)) / 6
	c1 := (d1-dm)/2 - c3
	for _, t := range cubicRoots(c3, c2, c1, d0) {
		var m matrix3
		for i := range m {
			m[i] = t*f[i] + (1-t)*g[i]
		}
		out = append(out, unnormal(m, s, cx, cy))
	}
	return out
}

// refit is the least-squares matrix of rank two through the places: the
// normalised eight-point algorithm.
func refit(places []place, width, height int) (matrix3, bool) {
	if len(places) < 8 {
		return matrix3{}, false
	}
	s, cx, cy := normal(width, height)
	var normalEquations [9][9]float64
	for _, p := range places {
		r := row(p, s, cx, cy)
		for i := range 9 {
			for j := range 9 {
				normalEquations[i][j] += r[i] * r[j]
			}
		}
	}
	_, vectors := eigen(normalEquations)
	var f matrix3
	copy(f[:], vectors[0][:])
	return unnormal(f.rankTwo(), s, cx, cy), true
}

// rankTwo is the nearest singular matrix: m less what it does along the
// direction it shrinks most.
func (m *matrix3) rankTwo() matrix3 {
	var square [9][9]float64
	for i := range 3 {
		for j := range 3 {
			for k := range 3 {
				square[i][j] += m[3*k+i] * m[3*k+j]
			}
		}
	}
	for i := 3; i < 9; i++ {
		square[i][i] = 1e300 // not part of it: sorts last
	}
	_, vectors := eigen(square)
	e := vectors[0]
	out := *m
	for i := range 3 {
		along := m[3*i]*e[0] + m[3*i+1]*e[1] + m[3*i+2]*e[2]
		for j := range 3 {
			out[3*i+j] -= along * e[j]
		}
	}
	return out
}
