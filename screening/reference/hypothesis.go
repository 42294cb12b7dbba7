package reference

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/evenhand/evenhand/imaging/feature"
)

// Limits of the search for a transform that many matches share.
const (
	inlierReach  = 3.0  // base pixels of the coarser picture
	rounds       = 700  // two-match samples a handedness
	maxMatches   = 500  // best matches considered
	minInliers   = 4    // fewer are not worth measuring
	minSecond    = 8    // what a second proposal must show: chance gives it more easily
	maxScaleStep = 0.5  // |ln| by which one match's own scale may miss the pair's
	maxTurnStep  = 0.45 // radians by which its angle may
	minScale     = 0.12
	maxScale     = 9.0
)

// hypothesis is a transform of base pixels, claim to reference, with support.
type hypothesis struct {
	similarity
	inliers []pointPair
	score   float64
}

// propose returns the two best-supported similarities of one handedness, best
// first, by sampling pairs of matches (Fischler and Bolles 1981) whose own
// scales and angles agree with the transform they imply. The random sequence
// is fixed, so that the same pictures always give the same answer.
func propose(from, to *feature.Set, matches []feature.Match, mirrored bool) (out []hypothesis) {
	slices.SortStableFunc(matches, func(a, b feature.Match) int { return cmp.Compare(b.Quality, a.Quality) })
	s := newSearch(from, to, matches[:min(len(matches), maxMatches)], mirrored)
	for range 2 {
		h, ok := s.best()
		if !ok || len(out) > 0 && h.score < minSecond {
			break
		}
		out = append(out, h)
		s.drop(h)
	}
	return out
}

// search holds the matches of one handedness in flat arrays.
type search struct {
	pairs    []pointPair
	logScale []float64
	angle    []float64
	mirrored bool
	random   *rand.Rand
}

func newSearch(from, to *feature.Set, matches []feature.Match, mirrored bool) *search {
	s := &search{mirrored: mirrored, random: rand.New(rand.NewPCG(0x5ca1e, 0x70ca7e))}
	for _, m := range matches {
		p, q := from.Points[m.From], to.Points[m.To]
		pa := float64(p.Angle)
		if mirrored {
			pa = math.Pi - pa
		}
		s.pairs = append(s.pairs, pointPair{float64(p.X), float64(p.Y), float64(q.X), float64(q.Y), 1})
		s.logScale = append(s.logScale, math.Log(float64(q.Scale/p.Scale)))
		s.angle = append(s.angle, float64(q.Angle)-pa)
	}
	return s
}

// best runs the sampling and polishes the winner by repeated refitting.
func (s *search) best() (hypothesis, bool) {
	n := len(s.pairs)
	if n < minInliers {
		return hypothesis{}, false
	}
	var top similarity
	topCount := 0
	for round := range rounds {
		// Early rounds draw from the best matches only (as PROSAC does, Chum and Matas 2005).
		reach := min(n, 8+round*n/(rounds/2))
		i, j := s.random.IntN(reach), s.random.IntN(reach)
		if i == j {
			continue
		}
		t, ok := s.through(i, j)
		if !ok {
			continue
		}
		if c := s.count(t); c > topCount {
			top, topCount = t, c
		}
	}
	if topCount < minInliers {
		return hypothesis{}, false
	}
	return s.polish(top)
}

// through is the similarity that carries matches i and j exactly, if both
// agree with it about size and direction.
func (s *search) through(i, j int) (similarity, bool) {
	p, q := s.pairs[i], s.pairs[j]
	if math.Hypot(p.x-q.x, p.y-q.y) < 12 || math.Hypot(p.u-q.u, p.v-q.v) < 4 {
		return similarity{}, false
	}
	t, ok := fitSimilarity([]pointPair{p, q}, s.mirrored)
	if !ok {
		return t, false
	}
	scale := t.scale()
	if scale < minScale || scale > maxScale {
		return t, false
	}
	logScale, angle := math.Log(scale), math.Atan2(t.b, t.a)
	for _, k := range [2]int{i, j} {
		if math.Abs(s.logScale[k]-logScale) > maxScaleStep || math.Abs(wrap(s.angle[k]-angle)) > maxTurnStep {
			return t, false
		}
	}
	return t, true
}

func wrap(angle float64) float64 { return math.Remainder(angle, 2*math.Pi) }

// reach is the tolerance in reference base pixels: inlierReach of whichever
// picture is coarser.
func reachOf(t similarity) float64 { return inlierReach * max(1, t.scale()) }

func (s *search) count(t similarity) (n int) {
	r2 := reachOf(t) * reachOf(t)
	for i := range s.pairs {
		p := &s.pairs[i]
		u, v := t.apply(p.x, p.y)
		if (u-p.u)*(u-p.u)+(v-p.v)*(v-p.v) < r2 {
			n++
		}
	}
	return n
}

func (s *search) polish(t similarity) (hypothesis, bool) {
	var inliers []pointPair
	for range 4 {
		r2 := reachOf(t) * reachOf(t)
		inliers = inliers[:0]
		for _, p := range s.pairs {
			u, v := t.apply(p.x, p.y)
			if (u-p.u)*(u-p.u)+(v-p.v)*(v-p.v) < r2 {
				inliers = append(inliers, p)
			}
		}
		next, ok := fitSimilarity(inliers, s.mirrored)
		if !ok {
			break
		}
		t = next
	}
	places := distinctPlaces(inliers)
	if places < minInliers {
		return hypothesis{}, false
	}
	return hypothesis{similarity: t, inliers: inliers, score: float64(places)}, true
}

// distinctPlaces counts inliers that do not sit on one spot: the same corner
// found on three levels is one witness, not three.
func distinctPlaces(pairs []pointPair) int {
	seen := make(map[[2]int]bool, len(pairs))
	for _, p := range pairs {
		seen[[2]int{int(p.x / 6), int(p.y / 6)}] = true
	}
	return len(seen)
}

// drop removes the matches h explains, so that the next search finds another.
func (s *search) drop(h hypothesis) {
	r := 2 * reachOf(h.similarity)
	keep := 0
	for i, p := range s.pairs {
		u, v := h.apply(p.x, p.y)
		if math.Hypot(u-p.u, v-p.v) < r {
			continue
		}
		s.pairs[keep], s.logScale[keep], s.angle[keep] = p, s.logScale[i], s.angle[i]
		keep++
	}
	s.pairs = s.pairs[:keep]
}
