package feature

import (
	"math"
	"math/bits"
)

// Match pairs a spot of one set with a spot of another.
type Match struct {
	From, To int     // indexes into the two sets' Points
	Quality  float32 // 0 (no better than the next best) to 1 (nothing else is like it)
}

// signature sketches d: 128 bits compare each value with the mean, 128 with
// the same direction of the next cell.
func (d *descriptor) signature() (s signature) {
	var sum int
	for _, v := range d {
		sum += int(v)
	}
	mean := sum / len(d)
	for i, v := range d {
		s[i>>6] |= less(mean, int(v)) << (i & 63)
		s[2+i>>6] |= less(int(d[(i+directions)&127]), int(v)) << (i & 63)
	}
	return s
}

// less is 1 where a < b, without a branch.
func less(a, b int) uint64 { return uint64(a-b) >> 63 }

// mirror returns the descriptor of the same window seen in a mirror: rows of
// cells swap top for bottom (the window's x axis is its dominant direction and
// stays), and directions turn the other way round.
func (d *descriptor) mirror() (m descriptor) {
	for row := range gridSide {
		for column := range gridSide {
			for k := range directions {
				m[((gridSide-1-row)*gridSide+column)*directions+(directions-k)&7] = d[(row*gridSide+column)*directions+k]
			}
		}
	}
	return m
}

func (s *signature) distance(t *signature) int {
	return bits.OnesCount64(s[0]^t[0]) + bits.OnesCount64(s[1]^t[1]) +
		bits.OnesCount64(s[2]^t[2]) + bits.OnesCount64(s[3]^t[3])
}

func (d *descriptor) distance2(e *descriptor) (sum int) {
	for i, v := range d {
		diff := int(v) - int(e[i])
		sum += diff * diff
	}
	return sum
}

// Bounds on what counts as a match.
const (
	maxBits      = 84          // of 256: sketches farther apart are not looked at
	maxDistance2 = 70000       // of at most 2·512²: descriptors farther apart never match
	ratio2       = 0.85 * 0.85 // Lowe 2004, section 7.1, a little looser: geometry decides later
	shortlist    = 4
)

// MatchSets pairs spots of from with spots of to, seen as they are or mirrored.
func MatchSets(from, to *Set, mirrored bool) []Match {
	var found []Match
	for i := range from.desc {
		d, sketch := &from.desc[i], from.bits[i]
		if mirrored {
			m := from.desc[i].mirror()
			d, sketch = &m, m.signature()
		}
		if match, ok := to.nearest(d, sketch, i >= from.dark); ok {
			match.From = i
			found = append(found, match)
		}
	}
	return found
}

// nearest finds the spot of the given polarity most like d, if the runner-up
// elsewhere is clearly worse.
func (s *Set) nearest(d *descriptor, sketch signature, bright bool) (Match, bool) {
	first, last := 0, s.dark
	if bright {
		first, last = s.dark, len(s.bits)
	}
	var index, far [shortlist]int
	for i := range far {
		far[i] = maxBits
	}
	n := 0
	for i := first; i < last; i++ {
		b := sketch.distance(&s.bits[i])
		if b >= far[shortlist-1] {
			continue
		}
		j := shortlist - 1
		for j > 0 && far[j-1] > b {
			far[j], index[j] = far[j-1], index[j-1]
			j--
		}
		far[j], index[j] = b, i
		n = min(n+1, shortlist)
	}
	return s.judge(d, index[:n])
}

func (s *Set) judge(d *descriptor, candidates []int) (Match, bool) {
	best, at := maxDistance2, -1
	var distances [shortlist]int
	for k, i := range candidates {
		distances[k] = d.distance2(&s.desc[i])
		if distances[k] < best {
			best, at = distances[k], i
		}
	}
	if at < 0 {
		return Match{}, false
	}
	// With no rival on the shortlist, the typical distance of strangers stands in.
	second := 120000
	for k, i := range candidates {
		p, q := s.Points[i], s.Points[at]
		reach := 6 * max(p.Scale, q.Scale)
		if math.Abs(float64(p.X-q.X)) < float64(reach) && math.Abs(float64(p.Y-q.Y)) < float64(reach) {
			continue // the same spot on a neighbouring level, or turned
		}
		second = min(second, distances[k])
	}
	r := float64(best) / float64(second)
	if r > ratio2 {
		return Match{}, false
	}
	return Match{To: at, Quality: float32(1 - r)}, true
}
