package angle

import "math"

// Shape of a patch of blocks that the second picture lacks.
const (
	leastStructure = 6.0  // grey levels: plainer blocks may be missing for anything
	structureShare = 0.3  // of what there is around: likewise
	presentMissing = 0.3  // a block that lacks less is there
	witnessNear    = 10.0 // pixels from the middle of a missing block to a patch beside it
	witnessFar     = 38.0
	witnessMiss    = 3.0 // pixels: how well a witness lies on the surface
	directions     = 16
)

// absence is one connected part of a place in which the second picture lacks
// what the first shows.
type absence struct {
	area     float64 // work pixels of its blocks that are missing
	enclosed float64 // share of directions in which it borders on what is there
	missing  float64 // share of the structure of those blocks
	blocks   []int   // those blocks, as indexes into the tally's
}

// largestAbsent is the absence with most blocks that lack at least the given
// share of their structure. Blocks too plain to say anything join those beside
// them: paint may be plain inside.
func (p *Pair) largestAbsent(f fineness, on onSurface, t *tally, around, share float64) (best absence) {
	least := max(leastStructure, structureShare*around)
	open := map[[2]int]int{}
	step := float64(t.step) / f.scale
	key := func(k blockTally) [2]int { return [2]int{int(math.Round(k.x / step)), int(math.Round(k.y / step))} }
	lacks := func(k blockTally) bool { return k.missing >= share && k.structure >= least*least }
	for i, k := range t.each {
		if lacks(k) || k.structure < leastStructure*leastStructure || k.missing >= anyAbsence {
			open[key(k)] = i
		}
	}
	var whole []int
	for _, k := range t.each {
		group := flood(open, key(k))
		var missing []int
		for _, i := range group {
			if lacks(t.each[i]) {
				missing = append(missing, i)
			}
		}
		if len(missing) > len(best.blocks) {
			best.blocks, whole = missing, group
		}
	}
	if len(best.blocks) == 0 {
		return best
	}
	var lost, structure float64
	for _, i := range best.blocks {
		k := t.each[i]
		lost += k.missing * k.structure
		structure += k.structure
	}
	best.area, best.missing = float64(len(best.blocks))*step*step, lost/structure
	best.enclosed = p.enclosed(on, t, whole)
	return best
}

// onSurface is whether a patch that was found at (u, v) lies on the surface
// in question.
type onSurface func(x, y, u, v float64) bool

func (s *surface) holds(x, y, u, v float64) bool {
	su, sv, _ := s.at(x, y)
	return math.Hypot(su-u, sv-v) <= witnessMiss
}

// flood takes the blocks connected to the one at a key off the open ones.
func flood(open map[[2]int]int, at [2]int) (group []int) {
	queue := [][2]int{at}
	for len(queue) > 0 {
		k := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		i, ok := open[k]
		if !ok {
			continue
		}
		delete(open, k)
		group = append(group, i)
		for dy := -1; dy <= 1; dy++ {
			for dx := -1; dx <= 1; dx++ {
				queue = append(queue, [2]int{k[0] + dx, k[1] + dy})
			}
		}
	}
	return group
}

// enclosed is the share of the directions, seen from the middle of the absent
// blocks, in which they border on patches of the same surface that both
// pictures show. At the outline of a thing one side is open: what is seen
// beside it changes honestly as the camera moves.
func (p *Pair) enclosed(on onSurface, t *tally, absent []int) float64 {
	var cx, cy float64
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, i := range absent {
		x, y := t.each[i].x, t.each[i].y
		cx, cy = cx+x/float64(len(absent)), cy+y/float64(len(absent))
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	var seen [directions]bool
	witness := func(x, y float64) {
		near := math.Inf(1)
		for _, i := range absent {
			near = min(near, math.Hypot(t.each[i].x-x, t.each[i].y-y))
		}
		if near < witnessNear || near > witnessFar {
			return
		}
		turn := math.Atan2((y-cy)/(y1-y0+2*witnessNear), (x-cx)/(x1-x0+2*witnessNear))/(2*math.Pi) + 0.5
		seen[int(turn*directions)%directions] = true
	}
	for i := range p.cells {
		if !p.cells[i].found {
			continue
		}
		x, y := p.middle(i)
		if x < x0-witnessFar || x > x1+witnessFar || y < y0-witnessFar || y > y1+witnessFar {
			continue
		}
		if on(x, y, p.cells[i].u, p.cells[i].v) {
			witness(x, y)
		}
	}
	for _, k := range t.each {
		if k.missing <= presentMissing && k.structure >= leastStructure*leastStructure {
			witness(k.x, k.y)
		}
	}
	n := 0
	for _, ok := range seen {
		if ok {
			n++
		}
	}
	return float64(n) / directions
}
