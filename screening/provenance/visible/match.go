package visible

import (
	"math"
	"slices"
)

const (
	// sureDoubt is the doubt up to which words are taken as read.
	sureDoubt = 0.65
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
	letters  int  // of a name
	beside   bool // Latin letters stand near before or behind: perhaps a "not", perhaps another name
	denied   bool // the words say that it is no label
	bare     bool // two letters and nothing else
	name     bool // a service's name, which means other things too, and nothing else
}

// best returns the clearest label in a line, or the words that deny one; false
// where there is neither. Words say more than a name that stands alone, and that
// more than two letters.
func best(line columns) (match, bool) {
	most, least := line.most(), line.least()
	clearest := match{doubt: weakDoubt}
	found := false
	var name match
	for _, p := range lexicon() {
		if !p.mayBe(least) {
			continue
		}
		m, ok := p.find(line, most)
		if !ok || m.doubt > p.limit() || !p.alone(line, m) {
			continue
		}
		if p.plain {
			if m.name = line.shows(p, m); m.name && (!name.name || len(p.keys) > name.letters || m.doubt < name.doubt && len(p.keys) == name.letters) {
				name, name.letters = m, len(p.keys)
			}
			continue
		}
		m.denied, m.beside = p.denied || p.deniedBefore(line, m), p.beside(line, m)
		if m.denied && !clearest.denied || m.denied == clearest.denied && m.doubt <= clearest.doubt {
			clearest, found = m, true
		}
	}
	switch {
	case found:
		return clearest, true
	case name.name:
		return name, true
	}
	return line.bare(most)
}

const (
	// bareDoubt is the doubt up to which two letters alone are taken for read:
	// so few letters must be clear.
	bareDoubt = 0.15
	// bareReach is how many columns of a letter's edge lie beyond its middle,
	// and bareOther how many columns farther off may show
	// what is no label's character.
	bareReach, bareOther = 5, 4
	// nameDoubt is the doubt up to which a service's short name is taken for read, and
	// nameOther how many columns beside it may show what is no character of
	// labels: less than a character has.
	nameDoubt, nameOther = 0.35, 1
)

// bare finds the two letters where they are all that the line shows.
func (line columns) bare(most []float32) (match, bool) {
	m, ok := letters().find(line, most)
	if !ok || m.doubt > bareDoubt || line.goesOn(m) {
		return match{}, false
	}
	m.bare = true
	return m, line.nothingBut(m, bareOther)
}

// shows says whether the line shows nothing but a name: no further letter right
// beside it, either, but parts of its first and last ones.
func (line columns) shows(p phrase, m match) bool {
	for t := max(m.from-bareReach, 0); t <= min(m.to+bareReach, len(line)-1); t++ {
		end := p.keys[0]
		if t > m.to {
			end = p.keys[len(p.keys)-1]
		}
		for key, v := range line[t][2:] {
			if (t < m.from || t > m.to) && v > noneSure && key+2 != int(end) {
				return false
			}
		}
	}
	return line.nothingBut(m, nameOther)
}

// nothingBut says whether the line shows nothing beside what was matched but, in
// so many columns at most, what is no character of labels.
func (line columns) nothingBut(m match, others int) bool {
	other := 0
	for t := range line {
		if t >= m.from-bareReach && t <= m.to+bareReach {
			continue
		}
		if slices.Max(line[t][2:]) > noneSure { // a character that labels have
			return false
		}
		if line[t][0] < noneSure {
			other++
		}
	}
	return other <= others
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
	switch {
	case p.denied:
		return deniedMean
	case p.plain && p.long():
		return sureDoubt
	case p.plain:
		return nameDoubt
	}
	return weakDoubt
}

// long says whether a name has so many letters that little else looks like it:
// 智谱清言, MiniMax.
func (p phrase) long() bool {
	return len(p.keys) >= 4 && p.keys[0] >= latinTo || len(p.keys) >= 6
}

// mayBe is false where the phrase cannot be in a line whose letters are in doubt
// by least at the least: most phrases are ruled out by that alone.
func (p phrase) mayBe(least [classCount]float32) bool {
	var sum float32
	for _, key := range p.keys {
		if least[key] > p.worst() {
			return false
		}
		sum += least[key]
	}
	return float64(sum) <= p.limit()*float64(len(p.keys))
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
		if c := -told(&line[t], p.keys[0]); c <= p.worst() {
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
		own := -told(&line[t], p.keys[i])
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
	return max(c[0], c[1]-otherDoubt, told(c, before), told(c, after))
}

// told is the logarithm of how likely a column is to be a letter. A small L is
// one stroke, which the reader calls an I; an I is no L.
func told(c *[classCount]float32, key uint8) float32 {
	if key == smallL {
		return max(c[key], c[smallL-3]-otherDoubt/4)
	}
	return c[key]
}

// smallL is the class of the letter L; I is three before it.
const smallL = latinFrom + 'l' - 'a'

// most holds, for each column, the logarithm of the likeliest class's
// probability.
func (line columns) most() []float32 {
	out := make([]float32, len(line))
	for t := range line {
		out[t] = slices.Max(line[t][:])
	}
	return out
}

// least holds, for each class, how much it is in doubt where it is clearest.
func (line columns) least() (out [classCount]float32) {
	for c := range out {
		out[c] = noWay
	}
	for t := range line {
		for c := range out {
			out[c] = min(out[c], -told(&line[t], uint8(c)))
		}
	}
	return out
}
