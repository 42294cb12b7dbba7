package angle

import (
	"math"
	"slices"
)

// What must lie about a block for its absence to count.
const (
	enclosedBy    = 260.0 // pixels: what is farther off says nothing of a block
	slackOfWords  = 2.0   // pixels that the patches' word on a block may be off, and
	slackFarther  = 0.09  // so much more for each pixel that they are away
	leastLines    = 4     // of the eight lines through it that end in patches seen in both
	leastSupport  = 0.8   // share of the directions in which something seen in both comes next
	leastRoom     = 0.5   // share of a line's length that the second picture must have left
	shrinkFirst   = 2.5   // pixels that a line may be shorter in the second picture, and
	shrinkFurther = 0.20  // so much more for each of its own
	hiddenMost    = 1.7   // pixels that can be hidden, or squeezed beyond being found, for each that a line is shorter
)

// witness is something near a place that both pictures show, with the map of
// what surrounds it.
type witness struct {
	x, y float64
	warp
	gain float64
}

// witnesses are the patches found about a place.
func (p *Pair) witnesses(b box) (out []witness) {
	for i := range p.cells {
		if !p.cells[i].found {
			continue
		}
		if x, y := p.middle(i); b.away(x, y) <= enclosedBy {
			out = append(out, witness{x, y, p.settled(i), p.cells[i].gain})
		}
	}
	return out
}

// settled is the map of cell i as its neighbours have it.
func (p *Pair) settled(i int) warp {
	column, line := i%p.columns, i/p.columns
	var u, v affineFit
	n := 0
	c0 := &p.cells[i]
	for l := max(0, line-2); l <= min(p.rows-1, line+2); l++ {
		for c := max(0, column-2); c <= min(p.columns-1, column+2); c++ {
			k := &p.cells[l*p.columns+c]
			if !k.found {
				continue
			}
			dx, dy := float64((c-column)*cellStep), float64((l-line)*cellStep)
			if pu, pv := c0.at(dx, dy); math.Hypot(pu-k.u, pv-k.v) > 1.5*jumpAllowed {
				continue
			}
			u.add(dx, dy, k.u, 1)
			v.add(dx, dy, k.v, 1)
			n++
		}
	}
	if n < 7 {
		return c0.warp
	}
	cu, okU := u.solve()
	cv, okV := v.solve()
	w := warp{u: cu[0], v: cv[0], a: cu[1], b: cu[2], c: cv[1], d: cv[2]}
	if !okU || !okV || !w.sane() {
		return c0.warp
	}
	return w
}

// supported is the share of the directions from block i in which the first
// thing that is not missing is seen in both pictures, or plain in both and of
// one tone; and the brightest of these in the second picture.
func (s *scan) supported(i int) (share, brightest float64) {
	for o := range directions {
		dy, dx := math.Sincos(2 * math.Pi * float64(o) / directions)
		for k := 1.0; ; k++ {
			c, r := i%s.columns+int(math.Round(k*dx)), i/s.columns+int(math.Round(k*dy))
			if c < 0 || r < 0 || c >= s.columns || r >= s.rows {
				break
			}
			b := &s.blocks[r*s.columns+c]
			if b.out {
				break
			}
			if b.seen() {
				share += 1.0 / directions
				brightest = max(brightest, b.levelThere)
				break
			}
		}
	}
	return share, brightest
}

// run is how far, in pixels, blocks without a counterpart reach along a line
// through block i.
func (s *scan) run(i int, dx, dy float64) float64 {
	n := max(math.Abs(dx), math.Abs(dy))
	dx, dy = dx/n, dy/n
	steps := 1
	for _, sign := range [2]float64{1, -1} {
		for k := sign; ; k += sign {
			c, r := i%s.columns+int(math.Round(k*dx)), i/s.columns+int(math.Round(k*dy))
			if c < 0 || r < 0 || c >= s.columns || r >= s.rows {
				break
			}
			if b := &s.blocks[r*s.columns+c]; b.out || b.missing < anyAbsence && (!b.plain() || b.toned) {
				break
			}
			steps++
		}
	}
	return float64(steps*s.step) * math.Hypot(dx, dy)
}

// ringed is what the nearest witnesses on all sides say of a block.
type ringed struct {
	warp
	gain, slack float64
	lines       int  // through the block that end in a witness at both ends
	squeezed    bool // one of these is so much shorter there that the block may be hidden
}

// ring asks the nearest witnesses in all directions around block i.
//
// What is hidden in the second picture by something nearer lies, along some
// line, between two things that come closer together there: it cannot be wider than
// the line is shortened. (Two views keep the order of what both see, with a
// bound on how much they squeeze it: the disparity gradient of Burt and Julesz,
// Science 208, 1980, and of Pollard, Mayhew and Frisby, "PMF", Perception 14,
// 1985.) What is wider, or lies on a line that is not shortened, must be seen.
func (s *scan) ring(at int, seen []witness) (r ringed) {
	b := &s.blocks[at]
	var near [directions]float64
	var who [directions]int
	for i := range near {
		near[i], who[i] = enclosedBy, -1
	}
	for i := range seen {
		dx, dy := seen[i].x-b.x, seen[i].y-b.y
		d := math.Hypot(dx, dy)
		if d < witnessNear || d >= enclosedBy {
			continue
		}
		if o := int((math.Atan2(dy, dx)/(2*math.Pi)+0.5)*directions) % directions; d < near[o] {
			near[o], who[o] = d, i
		}
	}
	var sum, far float64
	for o, i := range who {
		if i < 0 {
			continue
		}
		k := 1 / (near[o] * near[o])
		m := seen[i].moved(b.x-seen[i].x, b.y-seen[i].y)
		r.warp = warp{r.u + k*m.u, r.v + k*m.v, r.a + k*m.a, r.b + k*m.b, r.c + k*m.c, r.d + k*m.d}
		r.gain += k * seen[i].gain
		far += k * near[o]
		sum += k
	}
	if sum == 0 {
		return r
	}
	r.warp = warp{r.u / sum, r.v / sum, r.a / sum, r.b / sum, r.c / sum, r.d / sum}
	r.gain, r.slack = r.gain/sum, slackOfWords+slackFarther*far/sum
	for o := range directions / 2 {
		if i, j := who[o], who[o+directions/2]; i >= 0 && j >= 0 {
			r.lines++
			r.squeezed = r.squeezed || s.squeezes(at, &seen[i], &seen[j])
		}
	}
	return r
}

// squeezes is whether block at may be hidden between two witnesses.
func (s *scan) squeezes(at int, p, q *witness) bool {
	dx, dy := q.x-p.x, q.y-p.y
	ex, ey := (p.a+q.a)/2*dx+(p.b+q.b)/2*dy, (p.c+q.c)/2*dx+(p.d+q.d)/2*dy
	n := math.Hypot(ex, ey)
	along := ((q.u-p.u)*ex + (q.v-p.v)*ey) / max(n, 1e-9)
	shrunk := n - along
	return along-patchSide < leastRoom*(n-patchSide) ||
		shrunk > shrinkFirst+shrinkFurther*n && s.run(at, dx, dy) <= patchSide+hiddenMost*shrunk
}

// gap is a connected part of a place that the second picture lacks, amid what
// both pictures show.
type gap struct {
	blocks  []int
	area    float64 // work pixels
	missing float64 // share of the structure of its blocks
}

// gaps keeps of a scan's lost blocks those that lie amid what both pictures
// show, hidden by nothing and no light near, and lack their structure wherever their
// surroundings put them; and joins them.
func (p *Pair) gaps(s *scan, seen []witness) (out []gap) {
	light, ok := s.light()
	if !ok {
		return nil
	}
	f := p.finenesses()[0]
	var t template
	kept := map[[2]int]int{}
	for i := range s.blocks {
		b := &s.blocks[i]
		if !b.lost() {
			continue
		}
		r := s.ring(i, seen)
		support, brightest := s.supported(i)
		if r.lines < leastLines || r.squeezed || support < leastSupport ||
			!t.look(f.a, int(b.x), int(b.y)) || !t.sample(f.b, r.warp) ||
			t.lit(min(light, brightest+lightAbove)) || p.lightNear(b.x, b.y, r.u, r.v) {
			continue
		}
		left := p.bestLeft(&t, f, r.warp, min(searchMost, r.slack), r.gain)
		if again := min(b.structure, max(0, left-noiseLevel*noiseLevel)) / b.structure; again < clearAbsence {
			b.missing = min(b.missing, again)
			continue
		}
		b.u, b.v = r.u, r.v
		kept[[2]int{i % s.columns, i / s.columns}] = i
	}
	for i := range s.blocks {
		if !s.blocks[i].inside {
			continue
		}
		if group := flood(kept, [2]int{i % s.columns, i / s.columns}); len(group) > 0 {
			out = append(out, s.gapOf(group))
		}
	}
	slices.SortStableFunc(out, func(m, n gap) int { return len(n.blocks) - len(m.blocks) })
	return out
}

func (s *scan) gapOf(group []int) gap {
	g := gap{blocks: group, area: float64(len(group) * s.step * s.step)}
	var lost, structure float64
	for _, k := range group {
		b := &s.blocks[k]
		lost += b.missing * b.structure
		structure += b.structure
	}
	g.missing = lost / structure
	return g
}

// light is the level above which something is brighter than nearly all that
// both pictures show here, in the second.
func (s *scan) light() (level float64, ok bool) {
	var levels []float64
	for i := range s.blocks {
		if k := &s.blocks[i]; !k.plain() && k.seen() {
			levels = append(levels, k.levelThere)
		}
	}
	if len(levels) < toneFewest {
		return 0, false
	}
	slices.Sort(levels)
	return levels[len(levels)*19/20] + shineAbove, true
}
