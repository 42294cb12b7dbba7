package angle

import (
	"math"

	"github.com/evenhand/evenhand/evidence"
)

// What an answer needs where the blocks of a place are looked for one by one.
const (
	gapLeast = 0.0008 // of the square of the longer side

	thereLeast  = 8    // blocks with structure
	thereMost   = 0.08 // share of their structure missing
	thereLost   = 1    // blocks that may be missing
	thereHidden = 0.10 // share of the place's blocks that nothing is known of
	thereToned  = 0.10 // and of those that are plain and of another tone
)

// search looks for the blocks of the place one by one, on all surfaces near
// each, and answers where that settles it; else out stays as it is.
func (p *Pair) search(b box, out *Look) {
	s := p.scan(b)
	seen := p.witnesses(s.wide(b))
	side := float64(max(p.a.Width, p.a.Height))
	c := s.count()
	out.Measured["scan_blocks"], out.Measured["scan_seen"], out.Measured["scan_lost"] = float64(c.all), float64(c.seen), float64(c.lost)
	gaps := p.gaps(s, seen)
	if len(gaps) == 0 || gaps[0].area < gapLeast*side*side {
		if len(gaps) > 0 {
			out.Measured["gap"] = gaps[0].area
		}
		if p.allThere(&c) {
			out.Missing = c.missing()
			p.place(b, seen, out)
			p.present(out)
		}
		return
	}
	g := &gaps[0]
	out.Measured["gap"], out.Measured["gap_missing"] = g.area, g.missing
	p.place(b, seen, out)
	// Never more than weak: five sound places of drawn goods with deep relief, or
	// in a glare, passed for clear absences here (docs/angle.md).
	out.Answer, out.Reason, out.Strength, out.Missing = Absent, NoReason, evidence.Weak, g.missing
}

// wide is the box of the scan about b.
func (s *scan) wide(b box) box {
	return box{b.x0 - scanMargin, b.y0 - scanMargin, b.x1 + scanMargin, b.y1 + scanMargin}
}

// census counts the blocks of the place itself.
type census struct {
	all, out, plain, untoned, seen, lost int
	structure, lack                      float64
}

func (c *census) missing() float64 { return c.lack / max(c.structure, 1) }

func (s *scan) count() (c census) {
	for i := range s.blocks {
		b := &s.blocks[i]
		if !b.inside {
			continue
		}
		c.all++
		switch {
		case b.out:
			c.out++
		case b.plain():
			c.plain++
			if !b.toned {
				c.untoned++
			}
		default:
			c.structure += b.structure
			c.lack += b.missing * b.structure
			if b.seen() {
				c.seen++
			}
			if b.lost() {
				c.lost++
			}
		}
	}
	return c
}

// allThere is whether every part of the place is there, in its tone.
func (p *Pair) allThere(c *census) bool {
	n := float64(c.all)
	return c.all-c.out-c.plain >= thereLeast && c.missing() <= thereMost &&
		float64(c.out) <= thereHidden*n && float64(c.untoned) <= thereToned*n &&
		c.lost <= thereLost && p.measured["parallax"] >= presentParallax
}

// place says where the place lies in the second picture, by the patches
// nearest to its rim, unless that is known.
func (p *Pair) place(b box, seen []witness, out *Look) {
	out.Measured["ring"] = float64(len(seen))
	if len(out.Outline) > 0 || len(seen) == 0 {
		return
	}
	mx, my := b.middle()
	for _, q := range [8][2]float64{{b.x0, b.y0}, {mx, b.y0}, {b.x1, b.y0}, {b.x1, my}, {b.x1, b.y1}, {mx, b.y1}, {b.x0, b.y1}, {b.x0, my}} {
		best, near := 0, math.Inf(1)
		for i := range seen {
			if d := math.Hypot(seen[i].x-q[0], seen[i].y-q[1]); d < near {
				best, near = i, d
			}
		}
		u, v := seen[best].at(q[0]-seen[best].x, q[1]-seen[best].y)
		out.Outline = append(out.Outline, [2]float64{u / float64(p.b.Width), v / float64(p.b.Height)})
	}
}
