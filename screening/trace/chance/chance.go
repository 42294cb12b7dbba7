// Package chance has the tails of probability that the traces in a picture are
// judged by. A trace speaks only where chance alone would show as much less
// often than a stated number of times: the a-contrario reasoning of Desolneux,
// Moisan and Morel, "From Gestalt Theory to Image Analysis", Springer 2008,
// chapter 3. All values are common logarithms, because they get very small.
package chance

import "math"

// Binomial is log10 of the probability of k or more successes in n independent
// trials of probability p.
func Binomial(n, k int, p float64) float64 {
	switch {
	case k <= 0:
		return 0
	case k > n || p <= 0:
		return math.Inf(-1)
	case p >= 1:
		return 0
	}
	if float64(k) <= float64(n)*p {
		return 0 // above a half, near enough: nothing rests on that side
	}
	// The terms fall from k on: term(i+1)/term(i) = (n-i)/(i+1) * p/(1-p).
	first := logChoose(n, k) + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p)
	odds := p / (1 - p)
	sum, term := 1.0, 1.0
	for i := k; i < n; i++ {
		term *= float64(n-i) / float64(i+1) * odds
		sum += term
		if term < 1e-9*sum {
			break
		}
	}
	return min(0, (first+math.Log(sum))/math.Ln10)
}

// Upper is the probability itself of k or more successes, exact on either side
// of the mean.
func Upper(n, k int, p float64) float64 {
	if k <= 0 || p >= 1 {
		return 1
	}
	if k > n || p <= 0 {
		return 0
	}
	sum := 0.0
	for i := k; i <= n; i++ {
		sum += math.Exp(logChoose(n, i) + float64(i)*math.Log(p) + float64(n-i)*math.Log1p(-p))
	}
	return min(1, sum)
}

func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n) + 1)
	b, _ := math.Lgamma(float64(k) + 1)
	c, _ := math.Lgamma(float64(n-k) + 1)
	return a - b - c
}

// Rate is an upper bound of a probability that showed k times in n: the rate
// seen, three standard errors and three more. It is 1 where nothing was tried.
func Rate(n, k int) float64 {
	if n <= 0 {
		return 1
	}
	return min(1, (float64(k)+3*math.Sqrt(float64(k))+3)/float64(n))
}

// Rectangles is log10 of how many rectangles there are on a raster of w by h
// cells: what is searched for the most striking one is that many trials.
func Rectangles(w, h int) float64 {
	count := func(n int) float64 { return float64(n) * float64(n+1) / 2 }
	return math.Log10(max(1, count(w)*count(h)))
}
