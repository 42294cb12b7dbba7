package angle

import (
	"maps"
	"math"
	"slices"

	"github.com/evenhand/evenhand/evidence"
)

// Answer is what the second picture says of a place.
type Answer int

// The answers.
const (
	Unseen  Answer = iota // nothing; Look.Reason says why
	Present               // what the first shows there is there
	Absent                // it is not there
)

// Look is what the second picture says of one place of the first.
type Look struct {
	Answer   Answer
	Reason   Reason // of Unseen
	Strength evidence.Strength
	// FalseAlarm is how often, measured, honest places were called absent at
	// Strong, as an upper bound; 0 where none is claimed. See docs/angle.md.
	FalseAlarm float64
	Place      evidence.Region // as it was asked about
	Outline    [][2]float64    // where it lies in the second picture, in fractions of that
	Missing    float64         // share of what the first shows there that the second lacks
	Measured   map[string]float64
}

// What an answer needs. Areas are in parts of the square of the longer side.
// docs/angle.md says on which pictures the numbers were chosen and on which
// they were checked.
const (
	strongArea    = 0.0027 // of one connected absence
	weakArea      = 0.0013
	leastEnclosed = 0.85 // share of directions in which it borders on what is there
	strongMissing = 0.80 // share of its structure that is missing
	strongRough   = 2.0  // pixels
	othersLeast   = 6    // places elsewhere that were looked at
	othersShare   = 0.5  // of the absence: what they may lack at most
	blurredAround = 0.12 // share that even the surroundings lack
	hiddenShare   = 0.10 // of the place burnt out
	shineAbove    = 15.0 // grey levels over the brightest around
	glaring       = 225  // grey level from which a light hides what it lies on
	plainShare    = 0.3  // of the surroundings' structure

	presentMost     = 0.12   // share missing of a place that is there
	presentAbsence  = 0.0004 // largest absence of such a place
	presentTone     = 6.0    // grey levels of tone that may differ, or
	presentToneMore = 2.5    // so many times as much as around
	presentParallax = 3.0    // pixels: the camera moved
)

// clearAbsence and anyAbsence are the shares of a block's structure from which
// it counts as absent.
const (
	clearAbsence = 0.65
	anyAbsence   = 0.5
)

// honestRate is the upper end of the 95 % interval of the rate at which honest
// places that were asked about were called absent at strong: none of 752
// (1 - 0.05^(1/752)), and of 1,080 asked since. See docs/angle.md.
const honestRate = 0.004

// Look carries a place, in fractions of the first picture, into the second and
// asks whether what is seen there is the same. Where no one surface lies about
// the place, or it is neither there nor absent as a whole, its blocks are
// looked for on all surfaces near them.
func (p *Pair) Look(r evidence.Region) Look {
	r.Kind = evidence.Asked
	out := Look{Reason: p.Reason, Strength: evidence.Note, Place: r, Measured: maps.Clone(p.measured)}
	if p.Reason != NoReason {
		return out
	}
	if !(r.X >= 0 && r.Y >= 0 && r.Width > 0 && r.Height > 0 && r.X+r.Width <= 1.0001 && r.Y+r.Height <= 1.0001) {
		out.Reason = NotSurrounded // not a place on the picture
		return out
	}
	whole := p.boxOf(r)
	p.at(whole, &out)
	switch out.Reason {
	case NotSurrounded, Undecided, Glare:
		p.search(whole, &out)
	}
	if there, ok := frame(out.Outline); ok {
		out.Measured["there_x"], out.Measured["there_y"] = there.X, there.Y
		out.Measured["there_width"], out.Measured["there_height"] = there.Width, there.Height
	}
	for k, v := range out.Measured {
		out.Measured[k] = math.Round(v*1e4) / 1e4
	}
	return out
}

// frame is the rectangle about an outline, as far as it lies in the picture.
func frame(outline [][2]float64) (r evidence.Region, ok bool) {
	if len(outline) == 0 {
		return r, false
	}
	x0, y0, x1, y1 := 1.0, 1.0, 0.0, 0.0
	for _, q := range outline {
		x0, y0, x1, y1 = min(x0, q[0]), min(y0, q[1]), max(x1, q[0]), max(y1, q[1])
	}
	x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, 1), min(y1, 1)
	return evidence.Region{X: x0, Y: y0, Width: x1 - x0, Height: y1 - y0}, x1 > x0 && y1 > y0
}

// at judges the place as one surface.
func (p *Pair) at(b box, out *Look) {
	s, ok := p.surroundings(b)
	if !ok {
		out.Reason = NotSurrounded
		return
	}
	out.Outline = p.outline(s, b)
	p.judge(s, b, p.see(s, b), out)
}

// boxOf is a region in work pixels.
func (p *Pair) boxOf(r evidence.Region) box {
	w, h := float64(p.a.Width), float64(p.a.Height)
	return box{r.X * w, r.Y * h, (r.X + r.Width) * w, (r.Y + r.Height) * h}
}

// outline carries b's rim, corners and middles, clockwise.
func (p *Pair) outline(s *surface, b box) (out [][2]float64) {
	mx, my := b.middle()
	for _, q := range [8][2]float64{{b.x0, b.y0}, {mx, b.y0}, {b.x1, b.y0}, {b.x1, my}, {b.x1, b.y1}, {mx, b.y1}, {b.x0, b.y1}, {b.x0, my}} {
		u, v, _ := s.at(q[0], q[1])
		out = append(out, [2]float64{u / float64(p.b.Width), v / float64(p.b.Height)})
	}
	return out
}

// sight is all that is measured of one place.
type sight struct {
	in, around   [2]tally   // at the work planes and at their halves
	clear, any   [2]absence // the largest
	toneIn, tone float64    // how far block means differ, inside and around
	burnt        [2]float64 // share of the place, in each picture
	shines       bool       // what is there instead of the absence is brighter than all around
	glow         float64    // grey level of its bright parts
}

// judge fills in the answer.
func (p *Pair) judge(s *surface, whole box, v *sight, out *Look) {
	v.tell(s, out.Measured)
	fine := &v.in[0]
	out.Missing = fine.missing()
	side := float64(max(p.a.Width, p.a.Height))
	structure, around := fine.contrast(), v.around[0].contrast()
	switch {
	case v.burnt[0] > hiddenShare || v.burnt[1] > hiddenShare || v.shines && v.glow >= glaring:
		out.Reason = Glare
	case fine.blocks == 0 || structure < leastStructure || structure < plainShare*around:
		out.Reason = TooPlain
	case v.around[0].missing() > blurredAround:
		out.Reason = TooBlurred
	case v.clear[0].area >= weakArea*side*side:
		p.absent(s, whole, v, out)
	case out.Missing <= presentMost && v.any[0].area < presentAbsence*side*side && v.any[1].area < 2*presentAbsence*side*side &&
		v.toneIn <= max(presentTone, presentToneMore*v.tone) && p.measured["parallax"] >= presentParallax:
		p.present(out)
	default:
		out.Reason = Undecided
	}
}

// present says that the place is there, unless the second picture may be the
// first one, bent.
func (p *Pair) present(out *Look) {
	if p.bent {
		out.Reason = SamePicture
		return
	}
	out.Answer, out.Reason, out.Strength = Present, NoReason, evidence.Weak
}

// absent says how surely the largest absence is one of the thing itself.
func (p *Pair) absent(s *surface, b box, v *sight, out *Look) {
	c := &v.clear[0]
	side := float64(max(p.a.Width, p.a.Height))
	if c.enclosed < leastEnclosed {
		// At a thing's outline what is seen beside it changes honestly.
		out.Reason = NotSurrounded
		return
	}
	if p.lightOver(s, v) {
		out.Reason = Glare
		return
	}
	out.Answer, out.Strength, out.Missing = Absent, evidence.Weak, c.missing
	others, most := p.othersLack(b, out)
	if c.area >= strongArea*side*side && c.missing >= strongMissing && s.rough <= strongRough &&
		!v.shines && !alike(tallies(v.in[0].each, c.blocks), tallies(v.around[0].each, nil)) && others >= othersLeast && most <= othersShare*c.area {
		out.Strength, out.FalseAlarm = evidence.Strong, honestRate
	}
}

// lightOver is whether a light in the second picture lies on or near most of
// what it lacks.
func (p *Pair) lightOver(s *surface, v *sight) bool {
	near := 0
	for _, i := range v.clear[0].blocks {
		k := &v.in[0].each[i]
		x, y, _ := s.at(k.x, k.y)
		if p.lightNear(k.x, k.y, x, y) {
			near++
		}
	}
	return 2*near > len(v.clear[0].blocks)
}

// othersLack looks at other places on the goods: how many, and the largest
// absence there.
func (p *Pair) othersLack(b box, out *Look) (n int, most float64) {
	for _, area := range p.elsewhere(b) {
		n, most = n+1, max(most, area)
	}
	out.Measured["others"], out.Measured["others_most"] = float64(n), most
	return n, most
}

// see measures one place.
func (p *Pair) see(s *surface, b box) *sight {
	v := &sight{}
	there := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, q := range p.outline(s, b) {
		x, y := q[0]*float64(p.b.Width), q[1]*float64(p.b.Height)
		there = box{min(there.x0, x), min(there.y0, y), max(there.x1, x), max(there.y1, y)}
	}
	v.burnt = [2]float64{shareBurnt(p.a, b), shareBurnt(p.b, there)}
	for i, f := range p.finenesses() {
		v.in[i], v.around[i] = p.look(f, s, b, mostBlocks), p.lookAround(f, s)
		around := v.around[i].contrast()
		v.clear[i] = p.largestAbsent(f, s.holds, &v.in[i], around, clearAbsence)
		v.any[i] = p.largestAbsent(f, s.holds, &v.in[i], around, anyAbsence)
	}
	v.toneIn, v.tone = tone(&v.in[0], &v.around[0])
	v.shines, v.glow = shines(&v.in[0], &v.around[0], v.clear[0])
	return v
}

// tell writes the numbers down by their stable names.
func (v *sight) tell(s *surface, m map[string]float64) {
	m["ring"], m["rough"], m["one_surface"] = float64(len(s.cells)), s.rough, s.agree
	m["structure"], m["structure_around"] = v.in[0].contrast(), v.around[0].contrast()
	m["missing"], m["missing_around"] = v.in[0].missing(), v.around[0].missing()
	m["missing_coarse"] = v.in[1].missing()
	m["absence"], m["absence_enclosed"], m["absence_missing"] = v.clear[0].area, v.clear[0].enclosed, v.clear[0].missing
	m["absence_coarse"] = v.clear[1].area
	m["tone"], m["tone_around"] = v.toneIn, v.tone
	m["burnt"], m["burnt_there"] = v.burnt[0], v.burnt[1]
}

// shines is whether the second picture has a light where the absence is:
// brighter than nearly all there is around.
func shines(in, around *tally, c absence) (above bool, glow float64) {
	if len(c.blocks) == 0 || len(around.each) == 0 {
		return false, 0
	}
	levels := func(of []blockTally, index []int) (out []float64) {
		for i, k := range of {
			if index == nil || slices.Contains(index, i) {
				out = append(out, k.levelThere)
			}
		}
		slices.Sort(out)
		return out
	}
	light, rest := levels(in.each, c.blocks), levels(around.each, nil)
	glow = light[len(light)*9/10]
	return glow > rest[len(rest)*19/20]+shineAbove, glow
}

// mostAround is how many of the surrounding patches are looked at.
const mostAround = 60

// lookAround looks at the patches that the surface rests on.
func (p *Pair) lookAround(f fineness, s *surface) (out tally) {
	var t template
	every := max(1, len(s.cells)/mostAround)
	for k := 0; k < len(s.cells); k += every {
		x, y := p.middle(s.cells[k])
		p.block(&t, f, s, int(x*f.scale), int(y*f.scale), &out)
	}
	return out
}

// tone is how far block means of the second picture are from what a straight
// line through the surroundings' makes of the first's: inside and around, grey
// levels, root mean square.
func tone(in, around *tally) (inside, outside float64) {
	var f affineFit
	for _, k := range around.each {
		f.add(k.levelThere, 0, k.level, 1)
		f.m[2][2]++ // the third term is not used
	}
	c, ok := f.solve()
	if !ok {
		return 255, 255
	}
	miss := func(l []blockTally) float64 {
		var sum float64
		for _, k := range l {
			e := c[0] + c[1]*k.levelThere - k.level
			sum += e * e
		}
		return math.Sqrt(sum / float64(max(1, len(l))))
	}
	return miss(in.each), miss(around.each)
}
