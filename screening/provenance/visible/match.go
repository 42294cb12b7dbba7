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
	s := line.search()
	if m, ok := s.spoken(); ok {
		return m, true
	}
	if m, ok := s.named(); ok {
		return m, true
	}
	return s.bare()
}

// spoken is the clearest of the words that say something by themselves, or of
// those that deny them.
func (s *search) spoken() (clearest match, found bool) {
	clearest.doubt = weakDoubt
	for _, p := range lexicon() {
		if p.plain {
			continue
		}
		m, ok := s.find(p)
		if !ok {
			continue
		}
		m.denied, m.beside = p.denied || p.deniedBefore(s.line, m), p.beside(s.line, m)
		if m.denied && !clearest.denied || m.denied == clearest.denied && m.doubt <= clearest.doubt {
			clearest, found = m, true
		}
	}
	return clearest, found
}

// named is the name that stands alone: the longest, and of two as long the
// clearer.
func (s *search) named() (name match, found bool) {
	for _, p := range lexicon() {
		if !p.plain {
			continue
		}
		m, ok := s.find(p)
		if !ok || !s.line.shows(p, m) {
			continue
		}
		if !found || len(p.keys) > name.letters || m.doubt < name.doubt && len(p.keys) == name.letters {
			name, found = m, true
			name.name, name.letters = true, len(p.keys)
		}
	}
	return name, found
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
func (s *search) bare() (match, bool) {
	p := letters()
	if !s.mayBe(p, bareDoubt) {
		return match{}, false
	}
	m, ok := s.way(p)
	if !ok || m.doubt > bareDoubt || s.line.goesOn(m) {
		return match{}, false
	}
	m.bare = true
	return m, s.line.nothingBut(m, bareOther)
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
