package visible

import (
	"math"
	"slices"
)

const (
	// sureDoubt is the doubt up to which words are taken as read.
	sureDoubt = 0.6
	// weakDoubt is the doubt up to which they are taken as partly read.
	weakDoubt = 1.1
	// worstDoubt is the doubt of a single letter from which on words are not
	// taken for read, however clear the rest: "AI生活" is not "AI生成".
	worstDoubt = 3.0
	// gapDoubt is the most that all that stands between two letters costs:
	// strokes of the picture behind are read as letters now and then.
	gapDoubt = 2.0
	// otherDoubt is what a column between two letters costs that reads as a
	// character no label has: now and then edges of letters are taken for one.
	otherDoubt = 1.0
	// deniedDoubt is worstDoubt for words that deny a label: to call the
	// opposite of a label a label is worse than to miss one.
	deniedDoubt = 4.5
	// deniedMean is the doubt up to which such words count as read.
	deniedMean = 0.7
	// hanGap and latinGap are how many columns may lie between the middles of
	// two Han characters that follow each other, and of any other two: 1.5 and
	// 1.2 em, so that nothing fits in between.
	hanGap, latinGap = 15, 12
)

// match is words found in a line.
type match struct {
	words    string
	doubt    float64
	from, to int  // columns of the first and the last letter's middle
	denied   bool // the words say that it is no label
	bare     bool // two letters and nothing else
}

// best returns the clearest label in a line, or the words that deny one; false
// where there is neither.
func best(line columns) (match, bool) {
	most := line.most()
	clearest := match{doubt: weakDoubt}
	found := false
	for _, p := range lexicon() {
		m, ok := p.find(line, most)
		if !ok || m.doubt > p.limit() || !p.alone(line, m) {
			continue
		}
		m.denied = p.denied || p.deniedBefore(line, m)
		if m.denied && !clearest.denied || m.denied == clearest.denied && m.doubt <= clearest.doubt {
			clearest, found = m, true
		}
	}
	if !found {
		return line.bare(most)
	}
	return clearest, found
}

const (
	// bareDoubt is the doubt up to which two letters alone are taken for read:
	// so few letters must be clear.
	bareDoubt = 0.15
	// bareReach is how many columns of a letter's edge lie beyond its middle,
	// and bareOther how many columns farther off may show
	// what is no label's character.
	bareReach, bareOther = 5, 4
)

// bare finds the two letters where they are all that the line shows.
func (line columns) bare(most []float32) (match, bool) {
	m, ok := letters().find(line, most)
	if !ok || m.doubt > bareDoubt || line.goesOn(m) {
		return match{}, false
	}
	other := 0
	for t := range line {
		if t >= m.from-bareReach && t <= m.to+bareReach {
			continue
		}
		if slices.Max(line[t][2:]) > noneSure { // a character that labels have
			return match{}, false
		}
		if line[t][0] < noneSure {
			other++
		}
	}
	m.bare = true
	return m, other <= bareOther
}

// goesOn says whether another letter of a word stands beside the two: "AIR",
// "MAI".
func (line columns) goesOn(m match) bool {
	p := letters()
	for d := nextFrom; d <= bareReach+2; d++ {
		if line.latin(m.to+d, p.keys[1]) > nextSure || line.latin(m.from-d, p.keys[0]) > nextSure {
			return true
		}
	}
	return false
}

// noneSure is the logarithm of the probability of none, one half, from which
// on a column shows nothing.
const noneSure = -math.Ln2

// worst is the most that one letter of the phrase may be in doubt, and limit
// the most that all of it may be.
func (p phrase) worst() float32 {
	if p.denied {
		return deniedDoubt
	}
	return worstDoubt
}

func (p phrase) limit() float64 {
	if p.denied {
		return deniedMean
	}
	return weakDoubt
}

// step is the best way to a letter's middle in one column.
type step struct {
	cost float32 // sum of what the letters and the gaps so far cost
	from int     // column of the first letter
}

// noWay is a cost that no way has.
const noWay = 1e9

// find looks for the phrase: for each letter a column, the columns in between
// read as gaps or as one of their two neighbours. A letter costs -ln of its
// probability; a column in between costs how much less likely it is than what
// stands there most likely.
func (p phrase) find(line columns, most []float32) (match, bool) {
	ways := make([]step, len(line))
	for t := range line {
		if c := -line[t][p.keys[0]]; c <= p.worst() {
			ways[t] = step{c, t}
		} else {
			ways[t].cost = noWay
		}
	}
	for i := 1; i < len(p.keys); i++ {
		ways = p.follow(line, most, ways, i)
	}
	best, at := step{cost: noWay}, 0
	for t, w := range ways {
		if w.cost < best.cost {
			best, at = w, t
		}
	}
	if best.cost >= noWay {
		return match{}, false
	}
	return match{words: p.words, doubt: float64(best.cost) / float64(len(p.keys)), from: best.from, to: at}, true
}

// follow takes the ways to letter i-1 on to letter i.
func (p phrase) follow(line columns, most []float32, ways []step, i int) []step {
	out := make([]step, len(line))
	reach := latinGap
	if min(p.keys[i-1], p.keys[i]) >= latinTo {
		reach = hanGap
	}
	for t := range line {
		out[t].cost = noWay
		own := -line[t][p.keys[i]]
		if own > p.worst() {
			continue
		}
		var between float32 // what the columns from s+1 to t-1 cost
		for s := t - 2; s >= max(t-reach, 0); s-- {
			between = min(between+most[s+1]-gap(&line[s+1], p.keys[i-1], p.keys[i]), gapDoubt)
			if cost := ways[s].cost + own + between; cost < out[t].cost {
				out[t] = step{cost, ways[s].from}
			}
		}
	}
	return out
}

// gap is the logarithm of how likely a column is to be a gap between two
// letters, or part of one of them.
func gap(c *[classCount]float32, before, after uint8) float32 {
	return max(c[0], c[1]-otherDoubt, c[before], c[after])
}

// most holds, for each column, the logarithm of the likeliest class's
// probability.
func (line columns) most() []float32 {
	out := make([]float32, len(line))
	for t := range line {
		out[t] = slices.Max(line[t][:])
	}
	return out
}
