package eval

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/evenhand/evenhand/evidence"
)

// Rate is a share of pairs with its uncertainty.
type Rate struct {
	Count int     `json:"count"`
	Of    int     `json:"of"`
	Share float64 `json:"share"`
	// Low and High are the Wilson score interval at 95 %, were all pairs
	// independent; BySource is the interval that they earn.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	// ZeroBound is, where Count is 0, the largest rate that would still give
	// none in Of pairs one time in twenty (one-sided exact bound, about 3/Of).
	ZeroBound float64   `json:"zero_bound,omitempty"`
	BySource  *BySource `json:"by_source,omitempty"`
}

// rateOf counts k of n. The interval is Wilson's; the bound for k = 0 is Clopper
// and Pearson's (Biometrika 26, 1934), one-sided: (1-p)^n = 0.05.
func rateOf(k, n int) Rate {
	r := Rate{Count: k, Of: n}
	if n == 0 {
		r.High = 1
		return r
	}
	r.Share = float64(k) / float64(n)
	r.Low, r.High = wilson(r.Share, float64(n))
	if k == 0 {
		r.Low = 0
		r.ZeroBound = 1 - math.Pow(0.05, 1/float64(n))
	}
	if k == n {
		r.High = 1
	}
	return r
}

// rateAt counts the cases at a strength or better, with both intervals.
func rateAt(least evidence.Strength, cases []Case) Rate {
	outcomes := make([]outcomeOf, len(cases))
	k := 0
	for i, c := range cases {
		outcomes[i] = outcomeOf{c.Strength.Rank() >= least.Rank(), c.Sources}
		if outcomes[i].hit {
			k++
		}
	}
	r, by := rateOf(k, len(cases)), bySource(outcomes)
	r.BySource = &by
	return r
}

// median returns the middle of the durations in seconds, 0 of none.
func median(d []time.Duration) float64 {
	if len(d) == 0 {
		return 0
	}
	d = slices.Clone(d)
	slices.Sort(d)
	mid := d[len(d)/2]
	if len(d)%2 == 0 {
		mid = (mid + d[len(d)/2-1]) / 2
	}
	return mid.Seconds()
}

// finite leaves out what JSON cannot hold.
func finite(m map[string]float64) map[string]float64 {
	out := make(map[string]float64, len(m))
	for k, v := range m {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			out[k] = v
		}
	}
	return out
}

// numbers lists measurements by name, on one line.
func numbers(m map[string]float64) string {
	parts := make([]string, 0, len(m))
	for _, name := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%s %.4g", name, m[name]))
	}
	return strings.Join(parts, ", ")
}
