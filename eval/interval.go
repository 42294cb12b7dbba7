package eval

import "math"

// BySource is a share's uncertainty where pairs made from one picture, or of one
// scene, are not independent: what one photograph gives away, all pairs made
// from it give away.
type BySource struct {
	// Sources is how many different ones the pairs were made from.
	Sources int `json:"sources"`
	// Effective is how many independent pairs would be as sure as these.
	Effective float64 `json:"effective"`
	// Low and High are the Wilson score interval at 95 % of so many pairs.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	// ZeroBound is as in Rate, of so many pairs.
	ZeroBound float64 `json:"zero_bound,omitempty"`
}

// outcomeOf is what counts of one case: whether it happened, and what the pair
// was made from.
type outcomeOf struct {
	hit     bool
	sources []string
}

// fewSources is the number of sources below which hits, or misses, are too few
// to say from them how alike the pairs of one source behave.
const fewSources = 5

// bySource counts hits among pairs that may share sources. The interval is
// Wilson's with the effective number of pairs in place of their number, as
// Korn and Graubard have it (Survey Methodology 24, 1998, pages 193 to 201)
// and Franco, Little, Louis and Slud found to cover well (Journal of Survey
// Statistics and Methodology 7, 2019, pages 334 to 364): n over the design
// effect, times (z/t)² for the degrees of freedom that the sources leave.
//
// A pair can have two sources, so the variance of the share is summed over all
// pairs of pairs that share one (Aronow, Samii and Assenova, Political Analysis
// 23, 2015, pages 564 to 577):
//
//	v = m/(m-1) · Σ e_i e_j / n², over i, j that share a source, e_i = hit_i - share
//	design effect = v / (share (1-share) / n)
//
// It is held between 1 and its value were sources all that counts. Were what a
// pair gives away the sum of what its sources do, two pairs would be correlated
// by the share of their sources that they have in common, s_ij: the largest
// design effect is Σ s_ij / n. It also stands where the hits or the misses come
// from fewer than five sources: none of n then says no more than none of so many
// sources would, and a bootstrap would say nothing at all.
func bySource(outcomes []outcomeOf) BySource {
	n := len(outcomes)
	byName := map[string][]int{}
	hits, bare := 0, 0
	for i, o := range outcomes {
		if o.hit {
			hits++
		}
		if len(o.sources) == 0 {
			bare++ // each its own source
		}
		for _, s := range o.sources {
			byName[s] = append(byName[s], i)
		}
	}
	out := BySource{Sources: len(byName) + bare, High: 1}
	if n == 0 {
		return out
	}
	share := float64(hits) / float64(n)
	alike, sum := related(outcomes, byName, share)
	effect := alike / float64(n)
	enough := min(sourcesOf(outcomes, true), sourcesOf(outcomes, false)) >= fewSources
	if m := float64(out.Sources); enough {
		v := m / (m - 1) * sum / float64(n) / float64(n)
		effect = min(effect, max(1, v*float64(n)/(share*(1-share))))
	}
	out.Effective = float64(n) / effect
	if enough {
		t := student(out.Sources - 1)
		out.Effective = max(1, out.Effective*z95*z95/(t*t))
	}
	out.Low, out.High = wilson(share, out.Effective)
	if hits == 0 {
		out.Low, out.ZeroBound = 0, 1-math.Pow(0.05, 1/out.Effective)
	}
	if hits == n {
		out.High = 1
	}
	return out
}

// related sums over all ordered pairs of outcomes that share a source, each with
// itself among them: the share of their sources that they have in common, and
// the products of what they are off the share of hits by.
func related(outcomes []outcomeOf, byName map[string][]int, share float64) (alike, sum float64) {
	off := func(i int) float64 {
		if outcomes[i].hit {
			return 1 - share
		}
		return -share
	}
	common := make([]int, len(outcomes)) // with the outcome at hand
	for i, o := range outcomes {
		var met []int
		for _, s := range o.sources {
			for _, j := range byName[s] {
				if common[j]++; common[j] == 1 {
					met = append(met, j)
				}
			}
		}
		if len(met) == 0 {
			met, common[i] = append(met, i), 1
		}
		for _, j := range met {
			alike += min(1, float64(common[j])/float64(max(1, len(o.sources), len(outcomes[j].sources))))
			sum += off(i) * off(j)
			common[j] = 0
		}
	}
	return alike, sum
}

// sourcesOf counts the sources of the outcomes that are as asked.
func sourcesOf(outcomes []outcomeOf, hit bool) int {
	seen := map[string]bool{}
	bare := 0
	for _, o := range outcomes {
		if o.hit != hit {
			continue
		}
		if len(o.sources) == 0 {
			bare++
		}
		for _, s := range o.sources {
			seen[s] = true
		}
	}
	return len(seen) + bare
}

// z95 is the normal distribution's 97.5 % point.
const z95 = 1.959964

// student is the same point of Student's t with f degrees of freedom, by the
// expansion of Abramowitz and Stegun 26.7.5: within 0.3 % from four on.
func student(f int) float64 {
	const z = z95
	n := float64(max(f, fewSources-1))
	z3, z5, z7 := z*z*z, z*z*z*z*z, z*z*z*z*z*z*z
	return z + (z3+z)/(4*n) + (5*z5+16*z3+3*z)/(96*n*n) + (3*z7+19*z5+17*z3-15*z)/(384*n*n*n)
}

// wilson is the score interval of a share of n pairs, n a whole number or not
// (JASA 22, 1927, page 209).
func wilson(p, n float64) (low, high float64) {
	const z = z95
	centre := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(0, centre-half), min(1, centre+half)
}
