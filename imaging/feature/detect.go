package feature

import (
	"cmp"
	"math"
	"slices"

	"github.com/evenhand/evenhand/imaging"
)

// Point is one described spot.
type Point struct {
	X, Y     float32 // in base pixels, pixel centres at (0.5, 0.5)
	Scale    float32 // base pixels per pixel of the level it was found on
	Angle    float32 // dominant gradient direction in radians, x right, y down
	response float32
	bright   bool // a light spot on darker ground; a copy keeps this
}

// Set is the spots of one picture with their descriptors.
type Set struct {
	Points []Point
	desc   []descriptor
	bits   []signature
	dark   int // spots before this index are dark ones, from it on bright ones
}

// Limits on how many spots are kept.
const (
	cellSide    = 24 // level pixels; spots are spread by keeping the best of each cell
	cellKeep    = 3
	border      = 12 // level pixels at the rim where a window would leave the picture
	minResponse = 1.5
)

// Detect finds and describes at most limit spots.
func Detect(base *imaging.Plane, limit int) *Set {
	levels := pyramid(base)
	var total float64
	for _, l := range levels {
		total += float64(l.plain.Width * l.plain.Height)
	}
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	var found []described
	for _, l := range levels {
		share := float64(l.plain.Width*l.plain.Height) / total
		// Coarse levels carry less area but survive shrinking best: a square
		// root keeps them from starving.
		quota := int(float64(limit) * (0.6*share + 0.4/float64(len(levels))))
		found = s.describe(found, l, quota)
	}
	return gather(found)
}

// DetectFine is Detect on the two finest levels only, with the coordinates and
// scales of the spots multiplied by scale.
func DetectFine(base *imaging.Plane, limit int, scale float64) *Set {
	levels := pyramid(base)
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	var found []described
	for i, l := range levels[:min(2, len(levels))] {
		found = s.describe(found, l, limit*(2-i)/3)
	}
	set := gather(found)
	for i := range set.Points {
		p := &set.Points[i]
		p.X, p.Y, p.Scale = p.X*float32(scale), p.Y*float32(scale), p.Scale*float32(scale)
	}
	return set
}

// described is a spot and its descriptor.
type described struct {
	Point
	descriptor descriptor
}

// gather sorts spots into a set, dark ones first.
func gather(found []described) *Set {
	s := &Set{
		Points: make([]Point, 0, len(found)),
		desc:   make([]descriptor, 0, len(found)),
		bits:   make([]signature, 0, len(found)),
	}
	for _, bright := range []bool{false, true} {
		for i := range found {
			if f := &found[i]; f.bright == bright {
				s.Points = append(s.Points, f.Point)
				s.desc = append(s.desc, f.descriptor)
				s.bits = append(s.bits, f.descriptor.signature())
			}
		}
		if !bright {
			s.dark = len(s.Points)
		}
	}
	return s
}

// describe finds the quota strongest spots of a level, describes them in base
// coordinates, and adds them to found.
func (s *scratch) describe(found []described, l level, quota int) []described {
	smooth := s.blur(l)
	spots := localMaxima(smooth, &s.other)
	slices.SortFunc(spots, func(a, b Point) int { return cmp.Compare(b.response, a.response) })
	for _, p := range spots[:min(len(spots), quota)] {
		for _, angle := range s.window.orientations(smooth, p) {
			p.Angle = angle
			d := described{Point: p, descriptor: s.window.describe(smooth, p)}
			d.X, d.Y, d.Scale = p.X*float32(l.scale), p.Y*float32(l.scale), float32(l.scale)
			found = append(found, d)
		}
	}
	return found
}

// localMaxima finds maxima of the determinant of the Hessian (Lindeberg 1998,
// "Feature detection with automatic scale selection") at the level's own
// scale, the best few of each cell, refined below a pixel.
func localMaxima(p, response *imaging.Plane) []Point {
	w, h := p.Width, p.Height
	if w <= 2*border+2 || h <= 2*border+2 {
		return nil
	}
	hessian(response, p)
	columns := (w + cellSide - 1) / cellSide
	cells := make([]cell, columns*((h+cellSide-1)/cellSide))
	for y := border; y < h-border; y++ {
		up, mid, down := response.Row(y-1), response.Row(y), response.Row(y+1)
		for x, r := range mid[:w-border] {
			if r < minResponse || x < border || r <= mid[x-1] || r < mid[x+1] ||
				r <= up[x] || r < down[x] || r <= up[x-1] || r <= up[x+1] || r < down[x-1] || r < down[x+1] {
				continue
			}
			c := &cells[(y/cellSide)*columns+x/cellSide]
			if c.count == cellKeep && c.best[cellKeep-1].response >= r {
				continue
			}
			spot := refine(response, x, y)
			spot.bright = p.Row(y)[x-1]+p.Row(y)[x+1]+p.Row(y - 1)[x]+p.Row(y + 1)[x] < 4*p.Row(y)[x]
			c.keep(spot)
		}
	}
	var spots []Point
	for i := range cells {
		spots = append(spots, cells[i].best[:cells[i].count]...)
	}
	return spots
}

// cell holds the best spots of a square, best first.
type cell struct {
	count int
	best  [cellKeep]Point
}

// keep takes p in where it is one of the best.
func (c *cell) keep(p Point) {
	i := c.count
	for i > 0 && c.best[i-1].response < p.response {
		i--
	}
	if i >= cellKeep {
		return
	}
	c.count = min(c.count+1, cellKeep)
	copy(c.best[i+1:c.count], c.best[i:])
	c.best[i] = p
}

// hessian fills out with the determinant of second differences, times 1 for
// blobs and corners; saddles come out negative and are never maxima. The rim
// has none.
func hessian(out, p *imaging.Plane) {
	w, h := p.Width, p.Height
	clear(out.Row(0))
	clear(out.Row(h - 1))
	for y := 1; y < h-1; y++ {
		a, b, c, o := p.Row(y-1), p.Row(y), p.Row(y+1), out.Row(y)
		o[0], o[w-1] = 0, 0
		a0, a1, b0, b1, c0, c1 := a[0], a[1], b[0], b[1], c[0], c[1]
		inner := o[1 : w-1]
		a, b, c = a[2:][:len(inner)], b[2:][:len(inner)], c[2:][:len(inner)]
		for x, b2 := range b {
			a2, c2 := a[x], c[x]
			xx := b0 - 2*b1 + b2
			yy := a1 - 2*b1 + c1
			xy := (a0 - a2 - c0 + c2) * 0.25
			inner[x] = xx*yy - xy*xy
			a0, a1, b0, b1, c0, c1 = a1, a2, b1, b2, c1, c2
		}
	}
}

// refine moves a maximum to the top of the parabola through its neighbours.
func refine(r *imaging.Plane, x, y int) Point {
	c := r.Row(y)[x]
	shift := func(before, after float32) float32 {
		d := before - 2*c + after
		if d >= 0 {
			return 0
		}
		return float32(math.Max(-0.5, math.Min(0.5, float64((before-after)/(2*d)))))
	}
	dx := shift(r.Row(y)[x-1], r.Row(y)[x+1])
	dy := shift(r.Row(y - 1)[x], r.Row(y + 1)[x])
	return Point{X: float32(x) + 0.5 + dx, Y: float32(y) + 0.5 + dy, response: c}
}
