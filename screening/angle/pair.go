package angle

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/feature"
)

// Reason says why a pair, or a place in it, tells nothing.
type Reason string

// The reasons.
const (
	NoReason      Reason = ""
	NotCommon     Reason = "not_common"     // too little is seen in both pictures
	SamePicture   Reason = "same_picture"   // one exposure twice, or the camera did not move
	Derived       Reason = "derived"        // one of them was itself made from another picture
	Unread        Reason = "unread"         // one of them could not be opened
	NotSurrounded Reason = "not_surrounded" // what lies about the place is not seen in both, or is no one surface
	TooPlain      Reason = "too_plain"      // there is nothing at the place to look for
	Glare         Reason = "glare"          // light hides the place
	TooBlurred    Reason = "too_blurred"    // even what is about the place looks different
	Undecided     Reason = "undecided"      // neither there nor clearly not there
)

// Pair is two pictures of one scene laid beside each other.
type Pair struct {
	// Reason is set where the pair is no second angle of anything.
	Reason Reason

	a, b             *imaging.Plane // at one scale, smoothed
	aHalf, bHalf     *imaging.Plane
	brightA, brightB float32 // the levels that lights burn out to
	geometry         rigid
	bent             bool // one smooth map carries all: it may be one picture, bent
	columns, rows    int
	cells            []cell
	measured         map[string]float64
}

// Compare lays b beside a: which parts of a's surface are seen in b, and where.
func Compare(a, b *View) *Pair {
	p := &Pair{measured: map[string]float64{}}
	seen := common(a, b)
	p.measured["matches"] = float64(len(seen))
	places := placesOf(seen)
	// One exposure twice has no epipolar geometry, or any: it is told apart first.
	if len(places) >= fewestPlaces && p.still(places) {
		return p
	}
	g, ok := fitRigid(places, max(a.luma.Width, b.luma.Width), max(a.luma.Height, b.luma.Height))
	p.measured["agree"], p.measured["log_nfa"] = float64(len(g.agree)), g.logNFA
	if !ok {
		p.Reason = NotCommon
		return p
	}
	if p.still(g.agree) {
		return p
	}
	p.measured["parallax"] = parallax(g.agree)
	bend := shareOfBend(g.agree, float64(max(a.luma.Width, a.luma.Height)))
	p.bent, p.measured["bend"] = bend >= bentShare, bend
	zoom := zoomOf(g.agree)
	p.measured["zoom"] = zoom
	p.level(a, b, g, zoom)
	p.spread(seen)
	return p
}

// still is whether the camera did not move between the pictures.
func (p *Pair) still(places []place) bool {
	share := shareOfSimilarity(places)
	p.measured["still"] = share
	if share >= samePicture {
		p.Reason = SamePicture
	}
	return p.Reason == SamePicture
}

// match is a place with how the spot itself says it was turned and scaled.
type match struct {
	place
	turn, zoom float64
	quality    float32
}

func placesOf(m []match) []place {
	out := make([]place, len(m))
	for i := range m {
		out[i] = m[i].place
	}
	return out
}

// common lists the spots that each picture finds in the other, best first,
// each place of a once.
func common(a, b *View) []match {
	there, back := feature.MatchSets(a.spots, b.spots, false), feature.MatchSets(b.spots, a.spots, false)
	home := make(map[[2]int]bool, len(back))
	for _, m := range back {
		home[[2]int{m.To, m.From}] = true
	}
	slices.SortStableFunc(there, func(m, n feature.Match) int { return cmp.Compare(n.Quality, m.Quality) })
	taken := map[[2]int]bool{}
	var out []match
	for _, m := range there {
		if !home[[2]int{m.From, m.To}] {
			continue
		}
		p, q := a.spots.Points[m.From], b.spots.Points[m.To]
		at := [2]int{int(p.X / 5), int(p.Y / 5)}
		if taken[at] {
			continue
		}
		taken[at] = true
		out = append(out, match{
			place: place{float64(p.X), float64(p.Y), float64(q.X), float64(q.Y)},
			turn:  float64(q.Angle - p.Angle), zoom: float64(q.Scale / p.Scale), quality: m.Quality,
		})
	}
	return out
}

// samePicture is the share of agreeing places that one similarity carries to
// within a pixel, from which on the camera did not move: a second angle would
// have shifted near things against far ones.
const samePicture = 0.8

// shareOfSimilarity is the largest share of places that one scale, turn and
// shift carries to within a work pixel.
func shareOfSimilarity(places []place) float64 {
	random := rand.New(rand.NewPCG(0x57111, 0x5eed))
	best := 0
	for range 150 {
		i, j := random.IntN(len(places)), random.IntN(len(places))
		p, q := places[i], places[j]
		dx, dy := q.x-p.x, q.y-p.y
		n := dx*dx + dy*dy
		if n < 60*60 {
			continue
		}
		c := (dx*(q.u-p.u) + dy*(q.v-p.v)) / n
		s := (dx*(q.v-p.v) - dy*(q.u-p.u)) / n
		hits := 0
		for _, r := range places {
			x, y := r.x-p.x, r.y-p.y
			if math.Hypot(p.u+c*x-s*y-r.u, p.v+s*x+c*y-r.v) <= 1 {
				hits++
			}
		}
		best = max(best, hits)
	}
	return float64(best) / float64(len(places))
}

// parallax is how far, in work pixels (root mean square), the places lie from
// where one affine map would carry them: nothing for a plane seen from far, more
// the deeper the scene and the farther the camera moved.
func parallax(places []place) float64 {
	var u, v affineFit
	for _, p := range places {
		u.add(p.x, p.y, p.u, 1)
		v.add(p.x, p.y, p.v, 1)
	}
	cu, okU := u.solve()
	cv, okV := v.solve()
	if !okU || !okV {
		return 0
	}
	var sum float64
	for _, p := range places {
		du, dv := cu[0]+cu[1]*p.x+cu[2]*p.y-p.u, cv[0]+cv[1]*p.x+cv[2]*p.y-p.v
		sum += du*du + dv*dv
	}
	return math.Sqrt(sum / float64(len(places)))
}

// zoomOf is how much larger things are in the second picture, in the median.
func zoomOf(places []place) float64 {
	var zooms []float64
	for i := range places {
		if w, ok := localWarp(places, places[i]); ok {
			zooms = append(zooms, math.Sqrt(w.a*w.d-w.b*w.c))
		}
	}
	if len(zooms) == 0 {
		return 1
	}
	slices.Sort(zooms)
	return zooms[len(zooms)/2]
}

// level brings both pictures to the coarser one's scale, so that neither shows
// what the other cannot, and fits the geometry anew there.
func (p *Pair) level(a, b *View, g rigid, zoom float64) {
	scaleA, scaleB := min(1, zoom), min(1, 1/zoom)
	p.a, p.b = a.shrunk(scaleA), b.shrunk(scaleB)
	ax, ay := float64(p.a.Width)/float64(a.luma.Width), float64(p.a.Height)/float64(a.luma.Height)
	bx, by := float64(p.b.Width)/float64(b.luma.Width), float64(p.b.Height)/float64(b.luma.Height)
	for i, q := range g.agree {
		g.agree[i] = place{q.x * ax, q.y * ay, q.u * bx, q.v * by}
	}
	// x' = S·x turns the line f·x into S_b⁻ᵀ·f·S_a⁻¹.
	for i, k := range [9]float64{1 / (ax * bx), 1 / (ay * bx), 1 / bx, 1 / (ax * by), 1 / (ay * by), 1 / by, 1 / ax, 1 / ay, 1} {
		g.f[i] *= k
	}
	p.geometry = g
	p.a, p.b = smooth(p.a), smooth(p.b)
	p.aHalf, p.bHalf = feature.Halve(p.a), feature.Halve(p.b)
	p.brightA, p.brightB = brightest(p.a), brightest(p.b)
}

// affineFit gathers a weighted least-squares plane.
type affineFit struct {
	m [6][6]float64
	y [3]float64
}

func (f *affineFit) add(x, y, value, weight float64) {
	r := [3]float64{1, x, y}
	for i := range r {
		for j := range r {
			f.m[i][j] += weight * r[i] * r[j]
		}
		f.y[i] += weight * r[i] * value
	}
}

func (f *affineFit) solve() (c [3]float64, ok bool) {
	inverse, ok := solve6(&f.m, 3)
	for i := range c {
		for j := range f.y {
			c[i] += inverse[i][j] * f.y[j]
		}
	}
	return c, ok
}

// localNeighbours is how many agreeing places a first guess of a patch's warp
// is taken from.
const localNeighbours = 8

// localWarp is the affine map that the places nearest to p agree on, moved so
// that it carries p itself.
func localWarp(places []place, p place) (w warp, ok bool) {
	type near struct {
		place
		d float64
	}
	var list [localNeighbours + 1]near
	n := 0
	for _, q := range places {
		d := (q.x-p.x)*(q.x-p.x) + (q.y-p.y)*(q.y-p.y)
		if n == len(list) && d >= list[n-1].d {
			continue
		}
		n = min(n+1, len(list))
		i := n - 1
		for i > 0 && list[i-1].d > d {
			list[i] = list[i-1]
			i--
		}
		list[i] = near{q, d}
	}
	if n < 5 {
		return w, false
	}
	var u, v affineFit
	for _, q := range list[:n] {
		u.add(q.x-p.x, q.y-p.y, q.u, 1)
		v.add(q.x-p.x, q.y-p.y, q.v, 1)
	}
	cu, okU := u.solve()
	cv, okV := v.solve()
	w = warp{u: p.u, v: p.v, a: cu[1], b: cu[2], c: cv[1], d: cv[2]}
	return w, okU && okV && w.sane()
}
