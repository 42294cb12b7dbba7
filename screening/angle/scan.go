package angle

import (
	"math"
	"slices"
)

// Shape of the search for what a place has in the other picture.
const (
	scanStep    = 6    // pixels between blocks
	scanBlocks  = 1400 // of one place; larger places are cut more coarsely
	scanMargin  = 46.0 // pixels about the place that are looked at as well
	nearestMost = 72.0 // pixels: how far off the patches lie that say where a block could be
	octants     = 8
	sameGuess   = 1.5  // pixels: guesses that near one another are one
	slackFirst  = 2.0  // pixels that a guess may be off, and
	slackGrowth = 0.07 // so much more for each pixel that its patch lies away
	enoughFound = 0.15 // of a block's variance left: no other surface is asked
)

// scan is a place cut into blocks, each looked for wherever a surface near it
// could put it.
type scan struct {
	blocks        []scanned
	columns, rows int
	step          int
}

// scanned is one block of a scan.
type scanned struct {
	blockTally
	u, v   float64 // its best spot in the second picture
	out    bool    // looked at no spot: outside, or nothing near is seen in both
	inside bool    // of the place, not of its margin
	toned  bool    // its tone is what the surroundings' makes of the second's
}

// scan looks for each block of b on every surface near it.
func (p *Pair) scan(b box) *scan {
	wide := box{b.x0 - scanMargin, b.y0 - scanMargin, b.x1 + scanMargin, b.y1 + scanMargin}
	x0, x1 := blockMiddles(wide.x0, wide.x1)
	y0, y1 := blockMiddles(wide.y0, wide.y1)
	s := &scan{step: scanStep}
	for ((x1-x0)/s.step+1)*((y1-y0)/s.step+1) > scanBlocks {
		s.step++
	}
	s.columns, s.rows = (x1-x0)/s.step+1, (y1-y0)/s.step+1
	var t template
	f := p.finenesses()[0]
	for y := y0; y <= y1; y += s.step {
		for x := x0; x <= x1; x += s.step {
			k := p.seek(&t, f, x, y)
			k.inside = b.away(k.x, k.y) < patchRadius/2
			s.blocks = append(s.blocks, k)
		}
	}
	s.tones()
	return s
}

// guess is a surface's word on where a block lies.
type guess struct {
	warp
	slack, gain float64
}

// seek looks for the block around work pixel (x, y).
func (p *Pair) seek(t *template, f fineness, x, y int) (k scanned) {
	k.x, k.y, k.out = float64(x)+0.5, float64(y)+0.5, true
	if !t.look(f.a, x, y) {
		return k
	}
	k.level = t.mean
	k.structure = max(0, t.spread*t.spread-noiseLevel*noiseLevel)
	var list [octants]guess
	left := t.spread * t.spread
	sloped := k.structure > 0 && t.slopes(f.a, x, y)
	for _, g := range p.guesses(k.x, k.y, &list) {
		l, at, ok := p.leastLeft(t, f, g, sloped)
		if !ok || !k.out && l >= left {
			continue
		}
		t.sample(f.b, at)
		_, k.there = t.likeness()
		k.out, left, k.u, k.v, k.levelThere = false, l, at.u, at.v, t.seenMean
		if left < enoughFound*t.spread*t.spread {
			break
		}
	}
	if k.structure > 0 {
		k.missing = min(k.structure, max(0, left-noiseLevel*noiseLevel)) / k.structure
	}
	return k
}

// guesses lists where the nearest patches in each of eight directions would
// put the block at (x, y), without repeating one another.
func (p *Pair) guesses(x, y float64, list *[octants]guess) []guess {
	var near [octants]float64
	var cells [octants]int
	for i := range near {
		near[i], cells[i] = nearestMost, -1
	}
	reach := int(nearestMost)/cellStep + 1
	at := p.cellAt(x, y)
	c0, l0 := at%p.columns, at/p.columns
	for l := max(0, l0-reach); l <= min(p.rows-1, l0+reach); l++ {
		for c := max(0, c0-reach); c <= min(p.columns-1, c0+reach); c++ {
			i := l*p.columns + c
			if !p.cells[i].found {
				continue
			}
			cx, cy := p.middle(i)
			d := math.Hypot(cx-x, cy-y)
			o := int((math.Atan2(cy-y, cx-x)/(2*math.Pi)+0.5)*octants) % octants
			if d < near[o] {
				near[o], cells[o] = d, i
			}
		}
	}
	n := 0
	for {
		o := -1
		for i := range near {
			if cells[i] >= 0 && (o < 0 || near[i] < near[o]) {
				o = i
			}
		}
		if o < 0 {
			return list[:n]
		}
		i := cells[o]
		cells[o] = -1
		cx, cy := p.middle(i)
		g := guess{p.cells[i].moved(x-cx, y-cy), slackFirst + slackGrowth*near[o], p.cells[i].gain}
		known := false
		for _, h := range list[:n] {
			known = known || math.Hypot(h.u-g.u, h.v-g.v) < sameGuess
		}
		if !known {
			list[n] = g
			n++
		}
	}
}

// leastLeft is bestLeft along the epipolar line about a guess; ok is false
// where that lies outside the second picture.
func (p *Pair) leastLeft(t *template, f fineness, g guess, sloped bool) (left float64, best warp, ok bool) {
	left = t.spread * t.spread
	a, b, c := p.geometry.f.times(t.x/f.scale, t.y/f.scale)
	n := math.Hypot(a, b)
	if n == 0 {
		return left, best, false
	}
	a, b, c = a/n, b/n, c/n
	aside := searchAside + p.geometry.reach
	off := a*g.u + b*g.v + c
	if math.Abs(off) > aside+g.slack {
		return left, best, false
	}
	for e := -1.0; e <= 1; e++ {
		for along := -math.Floor(g.slack); along <= g.slack; along++ {
			at := g.warp
			at.u += (1.2*e-off)*a - along*b
			at.v += (1.2*e-off)*b + along*a
			if !t.sample(f.b, at) {
				continue
			}
			co, spread := t.likeness()
			if l := t.leftOver(co, spread, g.gain); !ok || l < left {
				left, best, ok = min(l, left), at, true
			}
		}
	}
	if !ok || !sloped {
		return left, best, ok
	}
	if at, co, spread, fine := t.find(f.b, best, 2.5); fine && p.aside(t, f, at) <= aside {
		if l := t.leftOver(co, spread, g.gain); l < left {
			left, best = l, at
		}
	}
	return left, best, true
}

// Bounds on tones.
const (
	toneLeast  = 9.0 // grey levels: nearer tones are alike
	toneMost   = 3.0 // deviations of the tones around
	toneFewest = 12  // blocks that a relation of tones is taken from
	plainThere = 6.0 // grey levels of contrast: less is plain in the second picture too
)

// tones tells for each block whether its tone is what a straight line through
// those that both pictures show makes of the second picture's.
func (s *scan) tones() {
	var known []*scanned
	for i := range s.blocks {
		if b := &s.blocks[i]; !b.out && b.missing <= presentMissing {
			known = append(known, b)
		}
	}
	if len(known) < toneFewest {
		return
	}
	off, weights := make([]float64, len(known)), make([]float64, len(known))
	for i := range weights {
		weights[i] = 1
	}
	var c [3]float64
	rms := 0.0
	for range 5 {
		var f affineFit
		for i, b := range known {
			f.add(b.levelThere, 0, b.level, weights[i])
			f.m[2][2]++ // the third term is not used
		}
		var ok bool
		if c, ok = f.solve(); !ok {
			return
		}
		for i, b := range known {
			off[i] = math.Abs(c[0] + c[1]*b.levelThere - b.level)
		}
		rms = max(1, 1.4826*slices.Sorted(slices.Values(off))[len(off)/2])
		for i, o := range off {
			weights[i] = 1 / max(1, o/rms)
		}
	}
	for i := range s.blocks {
		b := &s.blocks[i]
		b.toned = !b.out && math.Abs(b.level-c[0]-c[1]*b.levelThere) <= max(toneLeast, toneMost*rms)
	}
}

func (b *scanned) plain() bool { return b.structure < leastStructure*leastStructure }

// seen is whether both pictures show the block, or are plain and of one tone
// there.
func (b *scanned) seen() bool {
	if b.plain() {
		return !b.out && b.toned && b.there <= plainThere
	}
	return !b.out && b.missing <= presentMissing
}

// lost is whether the second picture lacks the block wherever it was looked
// for.
func (b *scanned) lost() bool { return !b.out && !b.plain() && b.missing >= clearAbsence }
