package watermark

import (
	"image"
	"math"
)

// vote sums what the blocks that carry each bit say about it.
type vote struct {
	sum   []float64 // of readings, positive for a 1
	count []int
}

// collect reads every block of m in each tone and hands its vote to the bit
// that it carries in each message: blocks carry the bits in row order, over
// and over.
func collect(m image.Image, known []message) []vote {
	read := readBlocks(m)
	var says [tones][]float64
	straight, swapped := read[bytesBGR].untouched(), read[floatRGB].untouched()
	says[bytesBGR] = read[bytesBGR].readings(straight)
	says[floatBGR] = read[floatBGR].readings(straight) // the same channels
	says[floatRGB] = read[floatRGB].readings(swapped)
	votes := make([]vote, len(known))
	for i, msg := range known {
		n := len(msg.bits)
		votes[i] = vote{sum: make([]float64, n), count: make([]int, n)}
		for at, s := range says[msg.tone] {
			votes[i].sum[at%n] += s
			votes[i].count[at%n]++
		}
	}
	return votes
}

// agreement is how a picture's votes compare with a message.
type agreement struct {
	agreeing, counted int
	// chance is the largest chance that a message drawn by lot agrees with
	// these votes as well as this one, each bit weighed by how clear its vote
	// is.
	chance float64
}

// compare weighs the votes against the message. A bit is 1 where its blocks
// say so more than the average bit's do: plain areas pull all bits to one
// side, and the average takes that out. ok is false where a bit has no vote or
// all say the same.
func (v vote) compare(msg message) (a agreement, ok bool) {
	says, mean := make([]float64, len(v.sum)), 0.0
	for k := range says {
		if v.count[k] == 0 {
			return agreement{}, false
		}
		says[k] = v.sum[k] / float64(v.count[k])
		mean += says[k] / float64(len(says))
	}
	var weights []float64
	against, spread := 0.0, 0.0
	for k, s := range says {
		spread = max(spread, math.Abs(s-mean))
		if msg.counts != nil && !msg.counts[k] {
			continue
		}
		weight := math.Abs(s - mean)
		weights = append(weights, weight)
		if (s > mean) == msg.bits[k] {
			a.agreeing++
		} else {
			against += weight
		}
	}
	a.counted = len(weights)
	a.chance = lot(weights, against)
	return a, spread > 1e-6
}

// fine is how many parts the sum of all weights is cut into; more make the
// bound of lot tighter, fewer make it quicker.
const fine = 8192

// lot bounds, from above, the chance that coins thrown for each weight select
// weights that sum to no more than limit. Hoeffding's inequality answers where
// that is far from rare. Otherwise the distribution of the sum is worked out,
// of weights rounded down to whole parts, which can only make the chance
// larger.
func lot(weights []float64, limit float64) float64 {
	total, squares := 0.0, 0.0
	for _, w := range weights {
		total, squares = total+w, squares+w*w
	}
	lead := total - 2*limit // of what agrees over what does not
	if lead <= 0 || squares == 0 {
		return 1
	}
	if rough := math.Exp(-lead * lead / (2 * squares)); rough > 1e-2 {
		return rough
	}
	// The small addend covers what floating point rounds off.
	parts := make([]float64, int(limit/total*fine+1e-6)+1)
	parts[0] = 1
	for _, w := range weights {
		k := int(w / total * fine)
		for i := len(parts) - 1; i >= 0; i-- {
			if i >= k {
				parts[i] = (parts[i] + parts[i-k]) / 2
			} else {
				parts[i] /= 2
			}
		}
	}
	chance := 0.0
	for _, p := range parts {
		chance += p
	}
	return min(1, chance)
}
