package visible

// search is a line in which phrases are looked for, with what is worked out of
// it once for all of them.
type search struct {
	line columns
	// most holds, for each column, the logarithm of the likeliest class's
	// probability, and least, for each class, how much it is in doubt where it
	// is clearest.
	most  []float32
	least [classCount]float32
	// ways and next are the best ways to a letter and to the one after it, used
	// again for each.
	ways, next []step
}

func (line columns) search() *search {
	ways := make([]step, 2*len(line))
	s := &search{line: line, most: make([]float32, len(line)), least: line.least(), ways: ways[:len(line)], next: ways[len(line):]}
	for t := range line {
		most := line[t][0]
		for _, v := range line[t][1:] {
			if v > most {
				most = v
			}
		}
		s.most[t] = most
	}
	return s
}

// least holds, for each class, how much it is in doubt where it is clearest.
func (line columns) least() (out [classCount]float32) {
	for c := range out {
		out[c] = noWay
	}
	for t := range line {
		for c, v := range &line[t] {
			if -v < out[c] {
				out[c] = -v
			}
		}
	}
	out[smallL] = min(out[smallL], out[smallL-3]+strokeDoubt) // see told
	return out
}

// find looks for a phrase that stands alone and is not in more doubt than it may be.
func (s *search) find(p phrase) (match, bool) {
	if !s.mayBe(p, p.limit()) {
		return match{}, false
	}
	m, ok := s.way(p)
	return m, ok && m.doubt <= p.limit() && p.alone(s.line, m)
}

// mayBe is false where the phrase cannot be in the line with a doubt of limit
// at most, going by each letter where it is clearest: that alone rules out most.
func (s *search) mayBe(p phrase, limit float64) bool {
	var sum float32
	for _, key := range p.keys {
		if s.least[key] > p.worst() {
			return false
		}
		sum += s.least[key]
	}
	return float64(sum) <= limit*float64(len(p.keys))
}

// step is the best way to a letter's middle in one column.
type step struct {
	cost float32 // sum of what the letters and the gaps so far cost
	from int     // column of the first letter
}

// noWay is a cost that no way has.
const noWay = 1e9

// way looks for the phrase: for each letter a column, the columns in between
// read as gaps or as one of their two neighbours. A letter costs -ln of its
// probability; a column in between costs how much less likely it is than what
// stands there most likely.
func (s *search) way(p phrase) (match, bool) {
	first, last := len(s.line), -1 // the columns between which there are ways
	for t := range s.line {
		s.ways[t].cost = noWay
		if c := -told(&s.line[t], p.keys[0]); c <= p.worst() {
			s.ways[t] = step{c, t}
			first, last = min(first, t), t
		}
	}
	for i := 1; i < len(p.keys) && last >= 0; i++ {
		first, last = s.follow(p, i, first, last)
	}
	best, at := step{cost: noWay}, 0
	for t := first; t <= last; t++ {
		if s.ways[t].cost < best.cost {
			best, at = s.ways[t], t
		}
	}
	if best.cost >= noWay {
		return match{}, false
	}
	return match{words: p.words, doubt: float64(best.cost) / float64(len(p.keys)), from: best.from, to: at}, true
}

// follow takes the ways to letter i-1, which lie from first to last, on to
// letter i, and says where those lie.
func (s *search) follow(p phrase, i, first, last int) (int, int) {
	reach := latinGap
	if min(p.keys[i-1], p.keys[i]) >= latinTo {
		reach = hanGap
	}
	for t := range s.next {
		s.next[t].cost = noWay
	}
	from, to := len(s.line), -1
	for t := first + 2; t <= min(last+reach, len(s.line)-1); t++ {
		own := -told(&s.line[t], p.keys[i])
		if own > p.worst() {
			continue
		}
		best := step{cost: noWay}
		var between float32 // what the columns from f+1 to t-1 cost
		for f := t - 2; f >= max(t-reach, first); f-- {
			between = min(between+s.most[f+1]-gap(&s.line[f+1], p.keys[i-1], p.keys[i]), gapDoubt)
			if cost := s.ways[f].cost + own + between; cost < best.cost {
				best = step{cost, s.ways[f].from}
			}
		}
		if s.next[t] = best; best.cost < noWay {
			from, to = min(from, t), t
		}
	}
	s.ways, s.next = s.next, s.ways
	return from, to
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
		return max(c[key], c[smallL-3]-strokeDoubt)
	}
	return c[key]
}

const (
	// smallL is the class of the letter L; I is three before it.
	smallL = latinFrom + 'l' - 'a'
	// strokeDoubt is what a stroke that reads as an I costs as an L.
	strokeDoubt = otherDoubt / 4
)
