package angle

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// stereo is points in space seen by two cameras of a thousand pixels, the
// second a step aside and turned; noise moves each by so many pixels.
func stereo(random *rand.Rand, n int, flat bool, noise float64) (out []place) {
	turn := 0.35 * (2*random.Float64() - 1)
	sin, cos := math.Sincos(turn)
	tx, ty, tz := 2*random.Float64()-1, 0.6*random.Float64()-0.3, 0.6*random.Float64()-0.3
	for len(out) < n {
		x, y, z := 4*random.Float64()-2, 3*random.Float64()-1.5, 6+3*random.Float64()
		if flat {
			z = 7 + 0.3*x - 0.2*y
		}
		u, v, w := cos*x+sin*(z-7)+tx, y+ty, -sin*x+cos*(z-7)+7+tz
		p := place{500 + 1000*x/z, 375 + 1000*y/z, 500 + 1000*u/w, 375 + 1000*v/w}
		p.x, p.y = p.x+noise*random.NormFloat64(), p.y+noise*random.NormFloat64()
		p.u, p.v = p.u+noise*random.NormFloat64(), p.v+noise*random.NormFloat64()
		out = append(out, p)
	}
	return out
}

func strewn(random *rand.Rand, n int) (out []place) {
	for range n {
		out = append(out, place{1000 * random.Float64(), 750 * random.Float64(), 1000 * random.Float64(), 750 * random.Float64()})
	}
	return out
}

// TestRigidIsFoundAmongOutliers: of 120 places a third are wrong; the right
// ones must be told from them, whatever the two cameras are.
func TestRigidIsFoundAmongOutliers(t *testing.T) {
	for seed := range uint64(24) {
		random := rand.New(rand.NewPCG(seed, 1))
		flat := seed%3 == 0
		right, wrong := stereo(random, 80, flat, 0.3), strewn(random, 40)
		all := append(append([]place(nil), right...), wrong...)
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		g, ok := fitRigid(all, 1000, 750)
		if !ok {
			t.Fatalf("nothing found: log NFA %.1f", g.logNFA)
		}
		hit := 0
		for _, p := range right {
			if g.f.miss(p) <= g.reach {
				hit++
			}
		}
		if hit < 64 {
			t.Errorf("%d of 80 right places agree within %.2f pixels (log NFA %.1f)", hit, g.reach, g.logNFA)
		}
		if wrongly := len(g.agree) - hit; wrongly > 8 {
			t.Errorf("%d of 40 wrong places agree", wrongly)
		}
		if d := g.f.determinant(); math.Abs(d) > 1e-6*norm9(g.f) {
			t.Errorf("the matrix has rank three: determinant %g", d)
		}
	}
}

func norm9(m matrix3) (most float64) {
	for _, v := range m {
		most = max(most, math.Abs(v*v*v))
	}
	return most + 1e-9
}

// TestChanceIsNoGeometry: places strewn at random agree on nothing. The bound
// promises far fewer than one in a million.
func TestChanceIsNoGeometry(t *testing.T) {
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 2))
		if g, ok := fitRigid(strewn(random, 30+int(seed)*8), 1000, 750); ok {
			t.Errorf("seed %d: %d places agree, log NFA %.1f", seed, len(g.agree), g.logNFA)
		}
	}
}

// TestDegeneratePlaces: what has no one geometry must neither crash nor be
// called one by accident of arithmetic.
func TestDegeneratePlaces(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	one := make([]place, 60)
	line := make([]place, 60)
	wild := make([]place, 60)
	for i := range one {
		one[i] = place{100, 100, 200, 200}
		line[i] = place{float64(i), 2 * float64(i), 3 * float64(i), float64(i)}
		wild[i] = place{math.Inf(1), math.NaN(), 1e300, -1e300}
	}
	for name, list := range map[string][]place{"one point": one, "a line": line, "no numbers": wild, "none": nil, "few": strewn(random, 9)} {
		g, ok := fitRigid(list, 1000, 750)
		if name == "none" || name == "few" || name == "no numbers" {
			if ok {
				t.Errorf("%s: called rigid, log NFA %.1f", name, g.logNFA)
			}
		}
		for _, v := range g.f {
			if ok && (math.IsNaN(v) || math.IsInf(v, 0)) {
				t.Errorf("%s: a matrix of no numbers: %v", name, g.f)
			}
		}
	}
}

func TestCubicRoots(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := rapid.Float64Range(-3, 3)
		a, r, s, q := rapid.Float64Range(0.1, 4).Draw(t, "a"), draw.Draw(t, "r"), draw.Draw(t, "s"), draw.Draw(t, "q")
		// a·(t-r)(t-s)(t-q)
		roots := cubicRoots(a, -a*(r+s+q), a*(r*s+s*q+q*r), -a*r*s*q)
		for _, want := range []float64{r, s, q} {
			near := math.Inf(1)
			for _, got := range roots {
				near = min(near, math.Abs(got-want))
			}
			// Double roots are lost to rounding by the square root of it.
			double := min(math.Abs(r-s), math.Abs(s-q), math.Abs(q-r)) < 1e-3
			if near > 1e-5 && !double {
				t.Errorf("root %g of (%g, %g, %g) is missing among %v", want, r, s, q, roots)
			}
		}
	})
}

func TestEigenOfKnownMatrix(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 9))
	var m [9][9]float64
	for i := range m {
		for j := range i + 1 {
			m[i][j] = random.NormFloat64()
			m[j][i] = m[i][j]
		}
	}
	values, vectors := eigen(m)
	for k := range values {
		if k > 0 && values[k] < values[k-1] {
			t.Errorf("not in order: %v", values)
		}
		for i := range m {
			var sum float64
			for j := range m {
				sum += m[i][j] * vectors[k][j]
			}
			if math.Abs(sum-values[k]*vectors[k][i]) > 1e-9 {
				t.Errorf("vector %d is none: %g, want %g", k, sum, values[k]*vectors[k][i])
			}
		}
	}
}
