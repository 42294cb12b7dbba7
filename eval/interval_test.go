package eval

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// outcomesOf makes k hits of n, each of the sources that of names.
func outcomesOf(n, k int, of func(i int) []string) []outcomeOf {
	out := make([]outcomeOf, n)
	for i := range out {
		out[i] = outcomeOf{i < k, of(i)}
	}
	return out
}

func TestBySourceByHand(t *testing.T) {
	own := func(i int) []string { return []string{fmt.Sprint(i)} }
	one := func(int) []string { return []string{"cup"} }
	four := func(i int) []string { return []string{fmt.Sprint(i / 4)} }
	// All ordered pairs of three photos: each shares both with two of them, itself
	// one, and a photo with four. So 36 / (6 · (2 + 4/2)).
	photos := [][]string{{"a", "b"}, {"b", "a"}, {"a", "c"}, {"c", "a"}, {"b", "c"}, {"c", "b"}}
	tests := []struct {
		name      string
		outcomes  []outcomeOf
		sources   int
		effective float64
		zero      float64
	}{
		{"none, each its own", outcomesOf(300, 0, own), 300, 300, 1 - math.Pow(0.05, 1.0/300)},
		{"none, no source named", outcomesOf(300, 0, func(int) []string { return nil }), 300, 300, 1 - math.Pow(0.05, 1.0/300)},
		{"none, all of one", outcomesOf(300, 0, one), 1, 1, 0.95},
		{"none, four a source", outcomesOf(300, 0, four), 75, 75, 1 - math.Pow(0.05, 1.0/75)},
		{"all, four a source", outcomesOf(300, 300, four), 75, 75, 0},
		{"one alone says nothing of its like", outcomesOf(300, 1, four), 75, 75, 0},
		{"photos of one thing", outcomesOf(6, 0, func(i int) []string { return photos[i] }), 3, 1.5, 1 - math.Pow(0.05, 1/1.5)},
		{"nothing measured", nil, 0, 0, 0},
	}
	for _, tt := range tests {
		got := bySource(tt.outcomes)
		if got.Sources != tt.sources || math.Abs(got.Effective-tt.effective) > 1e-9 || math.Abs(got.ZeroBound-tt.zero) > 1e-9 {
			t.Errorf("%s: %+v, want %d sources, %v effective, zero bound %v", tt.name, got, tt.sources, tt.effective, tt.zero)
		}
	}
	// Independent pairs keep their number, but for Student's t of 199 (1.9720).
	if got := bySource(outcomesOf(200, 100, own)); math.Abs(got.Effective-200*math.Pow(1.959964/1.97196, 2)) > 0.1 {
		t.Errorf("each its own: %+v", got)
	}
	// Whole sources hit or missed: ten of twenty, not forty of eighty.
	if got := bySource(outcomesOf(80, 40, four)); math.Abs(got.Effective-20*math.Pow(1.959964/2.09302, 2)) > 0.1 {
		t.Errorf("sources alike: %+v", got)
	}
}

func TestStudent(t *testing.T) {
	for f, want := range map[int]float64{4: 2.7764, 9: 2.2622, 29: 2.0452, 199: 1.9720} {
		if got := student(f); math.Abs(got-want) > 0.004*want {
			t.Errorf("t of %d degrees: %.4f, want %.4f", f, got, want)
		}
	}
}

// Where the pairs of a source behave alike, the interval holds the truth about
// as often as it says, and one that takes them for independent does not.
func TestBySourceCoversWherePairsAreRelated(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	const runs, sources, each = 1200, 60, 6
	for _, truth := range []float64{0.5, 0.85} {
		held, naive := 0, 0
		for range runs {
			var outcomes []outcomeOf
			hits := 0
			for s := range sources {
				// A third of the sources settle all their pairs alike.
				fate, common := rng.Float64() < truth, rng.Float64() < 1.0/3
				for range each {
					hit := rng.Float64() < truth
					if common {
						hit = fate
					}
					if hit {
						hits++
					}
					outcomes = append(outcomes, outcomeOf{hit, []string{fmt.Sprint(s)}})
				}
			}
			by, plain := bySource(outcomes), rateOf(hits, len(outcomes))
			if by.Low <= truth && truth <= by.High {
				held++
			}
			if plain.Low <= truth && truth <= plain.High {
				naive++
			}
		}
		t.Logf("of %v: held %.3f, as if independent %.3f", truth, float64(held)/runs, float64(naive)/runs)
		if share := float64(held) / runs; share < 0.93 || share > 0.985 {
			t.Errorf("truth %v: held %.3f of the time, want about 0.95", truth, share)
		}
		if share := float64(naive) / runs; share > 0.9 {
			t.Errorf("truth %v: taken for independent it held %.3f of the time: this test shows nothing", truth, share)
		}
	}
}

func TestBySourceIsNeverSurerThanIndependent(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	for range 300 {
		n := 1 + rng.IntN(60)
		k := rng.IntN(n + 1)
		outcomes := outcomesOf(n, k, func(int) []string {
			return []string{fmt.Sprint(rng.IntN(9)), fmt.Sprint(rng.IntN(30))}
		})
		by, plain := bySource(outcomes), rateOf(k, n)
		if by.Effective > float64(n)+1e-9 || by.Effective < 1-1e-9 || by.Low > plain.Low+1e-9 || by.High < plain.High-1e-9 {
			t.Fatalf("%d of %d: %+v is surer than %+v", k, n, by, plain)
		}
	}
}
