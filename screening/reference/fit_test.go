package reference

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// field makes blocks displaced by the model, each certain on both axes, with
// normal noise of the given deviation in pixels.
func field(d deformation, w, h, step int, noise float64, rng *rand.Rand) []*block {
	var out []*block
	for y := step / 2; y < h; y += step {
		for x := step / 2; x < w; x += step {
			b := &block{x: float64(x), y: float64(y), rho: 0.9, sharp: 0.3, xx: 3, yy: 3}
			b.dx, b.dy = d.at(b.x, b.y, planeTerms)
			b.dx += rng.NormFloat64() * noise
			b.dy += rng.NormFloat64() * noise
			out = append(out, b)
		}
	}
	return out
}

func ones(n int) []float64 {
	w := make([]float64, n)
	for i := range w {
		w[i] = 1
	}
	return w
}

// TestFitRecoversAnyPlane: without noise the fit is exact.
func TestFitRecoversAnyPlane(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := deformation{cx: 200, cy: 150, radius: 100}
		for i := range want.coefficient {
			want.coefficient[i] = rapid.Float64Range(-3, 3).Draw(t, "coefficient")
		}
		blocks := field(want, 400, 300, 40, 0, rand.New(rand.NewPCG(1, 1)))
		got, ok := fit(blocks, ones(len(blocks)), planeTerms)
		if !ok {
			t.Fatal("no fit")
		}
		for _, b := range blocks {
			x, y := got.at(b.x, b.y, planeTerms)
			if math.Hypot(x-b.dx, y-b.dy) > 1e-6 {
				t.Fatalf("at (%g, %g): got (%g, %g), want (%g, %g)", b.x, b.y, x, y, b.dx, b.dy)
			}
		}
	})
}

// TestDeviationsAreHonest: over many noisy fields the error of each coefficient
// must have the standard deviation the fit states.
func TestDeviationsAreHonest(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	var squares [planeTerms]float64
	const runs = 400
	for range runs {
		blocks := field(deformation{cx: 200, cy: 150, radius: 100}, 400, 300, 40, 0.1, rng)
		got, _ := fit(blocks, ones(len(blocks)), planeTerms)
		for i := range squares {
			squares[i] += math.Pow(got.coefficient[i]/got.deviation[i], 2) / runs
		}
	}
	for i, s := range squares {
		if s < 0.75 || s > 1.3 {
			t.Errorf("coefficient %d: mean squared error is %.2f of what was stated", i, s)
		}
	}
}

// TestRobustFitIgnoresAThirdOfNonsense: painted damage must not bend the fit.
func TestRobustFitIgnoresAThirdOfNonsense(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	want := deformation{cx: 200, cy: 150, radius: 100, coefficient: [8]float64{1, -0.5, 0.4, 0.3}}
	blocks := field(want, 400, 300, 30, 0.05, rng)
	for i, b := range blocks {
		if i%3 == 0 {
			b.dx, b.dy = rng.Float64()*6-3, rng.Float64()*6-3
		}
	}
	got, _, ok := robustFit(blocks, stretchTerms, 1, nil)
	if !ok {
		t.Fatal("no fit")
	}
	for _, at := range [][2]float64{{0, 0}, {400, 0}, {0, 300}, {400, 300}} {
		x, y := got.at(at[0], at[1], stretchTerms)
		u, v := want.at(at[0], at[1], planeTerms)
		if math.Hypot(x-u, y-v) > 0.15 {
			t.Errorf("corner %v: got (%.2f, %.2f), want (%.2f, %.2f)", at, x, y, u, v)
		}
	}
}

func TestFitSimilarityIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := similarity{
			a: rapid.Float64Range(0.2, 3).Draw(t, "a"), b: rapid.Float64Range(-3, 3).Draw(t, "b"),
			c: rapid.Float64Range(-500, 500).Draw(t, "c"), d: rapid.Float64Range(-500, 500).Draw(t, "d"),
			mirrored: rapid.Bool().Draw(t, "mirrored"),
		}
		var pairs []pointPair
		for _, p := range [][2]float64{{0, 0}, {100, 10}, {30, 80}} {
			u, v := want.apply(p[0], p[1])
			pairs = append(pairs, pointPair{p[0], p[1], u, v, 1})
		}
		got, ok := fitSimilarity(pairs, want.mirrored)
		if !ok {
			t.Fatal("no fit")
		}
		u, v := got.apply(70, 70)
		x, y := want.apply(70, 70)
		if math.Hypot(u-x, v-y) > 1e-6 {
			t.Fatalf("got %+v, want %+v", got, want)
		}
		if ax, ay := got.affine().Apply(70, 70); math.Hypot(ax-u, ay-v) > 1e-6 {
			t.Fatal("the affine map differs from the similarity")
		}
	})
}

// TestPlaneBoundHolds checks the bound of planeChance by experiment: where a
// careful hand tilts the camera by a normal angle of tiltSpread degrees about
// each axis, the share of photographs of a print with a chance below α must not
// exceed α.
func TestPlaneBoundHolds(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	const runs, side = 4000, 800.0
	for _, c := range []struct {
		name         string
		w, h         int
		noise, focal float64
	}{
		{"a whole picture", 800, 600, 0.1, 1.2},
		{"a small patch", 200, 150, 0.1, 1.2},
		{"a noisy patch", 200, 150, 0.3, 0.8},
		{"a long lens", 500, 400, 0.1, focalLength},
	} {
		t.Run(c.name, func(t *testing.T) {
			var chances []float64
			for range runs {
				d := deformation{cx: float64(c.w) / 2, cy: float64(c.h) / 2, radius: 1}
				for i := 6; i <= 7; i++ {
					theta := rng.NormFloat64() * tiltSpread * math.Pi / 180
					d.coefficient[i] = theta / (c.focal * side)
				}
				blocks := field(d, c.w, c.h, 24, c.noise, rng)
				p, ok := fit(blocks, ones(len(blocks)), planeTerms)
				if !ok {
					t.Fatal("no fit")
				}
				chances = append(chances, planeChance(&p, side, fineLimits, map[string]float64{}))
			}
			for _, alpha := range []float64{0.3, 0.1, 0.03, 0.01} {
				below := 0.0
				for _, c := range chances {
					if c <= alpha {
						below++
					}
				}
				// Three standard deviations of the count are allowed for chance.
				if limit := alpha*runs + 3*math.Sqrt(alpha*runs); below > limit {
					t.Errorf("%.0f of %d lie below %g; at most %.0f may", below, runs, alpha, limit)
				}
			}
		})
	}
}

// TestSceneBoundHolds does the same for sceneChance: blocks that match anywhere
// in their window alike, four at a time.
func TestSceneBoundHolds(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	const runs, window = 3000, 2*fineReach - 1
	for _, alpha := range []float64{0.1, 0.01, 0.001} {
		below := 0.0
		for range runs {
			n, hits := 40.0, 0.0
			for range 10 { // surfaces of four blocks
				x, y := (rng.Float64()-0.5)*window, (rng.Float64()-0.5)*window
				if math.Hypot(x, y) < hitReach {
					hits += 4
				}
			}
			if sceneChance(n, hits) <= alpha {
				below++
			}
		}
		if limit := alpha*runs + 3*math.Sqrt(alpha*runs) + 1; below > limit {
			t.Errorf("%.0f of %d lie below %g; at most %.0f may", below, runs, alpha, limit)
		}
	}
}

func TestSceneChanceFallsWithHits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := float64(rapid.IntRange(1, 500).Draw(t, "n"))
		hits := float64(rapid.IntRange(0, int(n)-1).Draw(t, "hits"))
		a, b := sceneChance(n, hits), sceneChance(n, hits+1)
		if b > a || a > 1 || b < 0 || math.IsNaN(a) {
			t.Fatalf("%g hits of %g: %g; one more: %g", hits, n, a, b)
		}
	})
}
