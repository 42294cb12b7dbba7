package evidence

import (
	"math"
	"strconv"
)

// Per is how many honest pieces of evidence there are to one false alarm at the
// bound p, 0 where none is claimed. A bound that is a round one but for what
// sums and quotients of binary fractions leave, such as 0.00100000000066, is
// the round one.
func Per(p float64) float64 {
	if !(p > 0) {
		return 0
	}
	return 1 / p * (1 + 1e-6)
}

// OneIn words a bound p as the number of people's "1 in 30,000": Per cut to one
// figure, towards more alarms, with separators. Beyond a thousand million a
// number says nothing to anybody. What the console writes beside a finding
// follows the same rule (testdata/one-in.json is read by the tests of both).
func OneIn(p float64) string {
	n := min(max(Per(p), 1), 1e9)
	scale := math.Pow(10, math.Floor(math.Log10(n)))
	text := strconv.FormatInt(int64(math.Floor(n/scale)*scale), 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
