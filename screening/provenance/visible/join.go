package visible

import (
	"math"
	"slices"

	"github.com/evenhand/evenhand/evidence"
)

// reading is a line with what was read of it at first.
type reading struct {
	line line
	read columns
	done bool // it has words of its own
}

const (
	// joinNear and joinFar are how far apart, in em, the middles of two lines of
	// one mark may be, and joinSize how much larger one's letters may be.
	joinNear, joinFar, joinSize = 0.7, 2.0, 1.7
	// joinGap is how many columns of nothing stand for the line's end.
	joinGap = 3
)

// joined finds marks whose words are set in two lines, such as 即梦 over AI: the
// lower line is read as the upper one's end. Only what needs both counts.
func joined(from sheet, all []reading) []Seen {
	var out []Seen
	halves := make([]*half, len(all)) // made when first needed: few lines lie over another
	of := func(i int) *half {
		if halves[i] == nil {
			halves[i] = halfOf(all[i].read)
		}
		return halves[i]
	}
	for i, upper := range all {
		for j, lower := range all {
			if upper.done || lower.done || !upper.line.above(lower.line) {
				continue
			}
			if m, ok := of(i).spokenWith(of(j)); ok {
				out = append(out, m.seen(upper.line.with(lower.line, from)))
			}
		}
	}
	return out
}

// half is one line of such a mark.
type half struct {
	line  columns
	least [classCount]float32
}

func halfOf(read columns) *half {
	line := trimmed(read)
	return &half{line, line.least()}
}

// spokenWith finds the words that begin in h and end in tail.
func (h *half) spokenWith(tail *half) (match, bool) {
	if !slices.ContainsFunc(lexicon(), func(p phrase) bool { return !p.plain && h.mayBegin(p, tail) }) {
		return match{}, false
	}
	m, ok := slices.Concat(h.line, tail.line).search().spoken()
	return m, ok && m.from < len(h.line) && m.to >= len(h.line)
}

// mayBegin is false where the phrase cannot begin in h and end in tail: see
// search.mayBe.
func (h *half) mayBegin(p phrase, tail *half) bool {
	var sum float32
	for i, key := range p.keys {
		least := min(h.least[key], tail.least[key])
		switch i {
		case 0:
			least = h.least[key]
		case len(p.keys) - 1:
			least = tail.least[key]
		}
		if least > p.worst() {
			return false
		}
		sum += least
	}
	return float64(sum) <= p.limit()*float64(len(p.keys))
}

// above says whether o can be the next line of l's mark.
func (l line) above(o line) bool {
	large, small := max(l.em, o.em), min(l.em, o.em)
	down, shared := (o.y-l.y)/large, min(l.x1, o.x1)-max(l.x0, o.x0)
	return down >= joinNear && down <= joinFar && large <= joinSize*small && shared > 0
}

// with is where two lines stand together.
func (l line) with(o line, from sheet) evidence.Region {
	w, h := float64(from.width), float64(from.height)
	cut := func(v float64) float64 { return min(max(v, 0), 1) }
	x, y := cut(min(l.x0, o.x0)/w), cut((l.y-0.6*l.em)/h)
	return evidence.Region{X: x, Y: y, Width: cut(max(l.x1, o.x1)/w) - x, Height: cut((o.y+0.6*o.em)/h) - y, Kind: evidence.Words}
}

// trimmed is the line without the nothing at its ends but joinGap/2 columns.
func trimmed(line columns) columns {
	half := math.Log(0.5)
	from, to := 0, len(line)
	for from < to && float64(line[from][0]) > half {
		from++
	}
	for to > from && float64(line[to-1][0]) > half {
		to--
	}
	return line[max(from-joinGap/2, 0):min(to+joinGap-joinGap/2, len(line))]
}
