package visible

import "math"

const (
	// A letter of the same word has its middle 0.2 to 0.4 em behind the I that
	// labels end in, and up to 0.6 em before the letters that they begin with;
	// beyond a space it is farther.
	nextFrom, afterTo, beforeTo = 2, 4, 6
	// nextSure is the probability from which on there is a letter.
	nextSure = 0.5
	// latinFrom and latinTo bound the classes that are Latin letters.
	latinFrom, latinTo = 2, 2 + 26
)

// alone is false where a word goes on after the phrase or before it: "Made by
// Aida", "MAI生成". Han characters are written without gaps and may go on.
func (p phrase) alone(line columns, m match) bool {
	latin := func(key uint8) bool { return key >= latinFrom && key < latinTo }
	first, last := p.keys[0], p.keys[len(p.keys)-1]
	for d := nextFrom; d <= beforeTo; d++ {
		after := latin(last) && d <= afterTo && line.latin(m.to+d, last) > nextSure
		if after || latin(first) && line.latin(m.from-d, first) > nextSure {
			return false
		}
	}
	return true
}

const (
	// denierReach is how many columns before a label one of deniers may stand:
	// one more character may come between.
	denierReach = 26
	// denierSure is the probability from which on one is taken for read.
	denierSure = 0.3
)

// deniedBefore says whether one of the phrase's deniers stands before it.
func (p phrase) deniedBefore(line columns, m match) bool {
	for t := max(m.from-denierReach, 0); t < m.from; t++ {
		var sum float64
		for _, key := range p.deniers {
			sum += math.Exp(float64(line[t][key]))
		}
		if sum > denierSure {
			return true
		}
	}
	return false
}

// besideReach is how many columns beyond Latin words another letter makes them
// unsure: the first of the next word, or the last of the one before. besideSure
// is the probability from which on there is one.
const (
	besideReach = 9
	besideSure  = 0.8
)

// beside says whether Latin letters stand within a word of the phrase, where it
// begins or ends with one: "Not AI-generated" with a pale "Not", "Created by
// Anna" with the stroke of an N for an I. Such words are never clear.
func (p phrase) beside(line columns, m match) bool {
	latin := func(key uint8) bool { return key >= latinFrom && key < latinTo }
	first, last := p.keys[0], p.keys[len(p.keys)-1]
	for d := nextFrom; latin(last) && d <= besideReach; d++ {
		if line.latin(m.to+d, last) > besideSure {
			return true
		}
	}
	for d := nextFrom; latin(first) && d <= besideReach+beforeTo; d++ {
		if line.latin(m.from-d, first) > besideSure {
			return true
		}
	}
	return false
}

// latin is the probability that column t holds a Latin letter other than one
// that stands beside it; 0 outside the line.
func (line columns) latin(t int, beside uint8) float64 {
	if t < 0 || t >= len(line) {
		return 0
	}
	var sum float64
	for c := latinFrom; c < latinTo; c++ {
		if c != int(beside) {
			sum += math.Exp(float64(line[t][c]))
		}
	}
	return sum
}
