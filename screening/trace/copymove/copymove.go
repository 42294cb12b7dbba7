// Package copymove finds a part of a picture that was copied to another place
// of the same picture.
//
// Candidates come from spots that look alike, as in Amerini and others ("A
// SIFT-Based Forensic Method for Copy-Move Attack Detection and Transformation
// Recovery", IEEE TIFS 6(3), 2011). Things that really are alike, such as two
// packs of one article, give such candidates too (Ehret, "Robust copy-move
// forgery detection by false alarms control", arXiv:1906.00649), so what counts
// is asked of the pixels: a copy lies a whole number of pixels away, and agrees
// more closely than two sights of alike things do. What was turned, scaled or
// mirrored on the way, or shrunk as a whole afterwards, is not found.
package copymove

import (
	"context"
	"image"
	"math"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/feature"
)

// Copy is a part of the picture that is there twice.
type Copy struct {
	// From and To are the two places, in fractions of the upright picture;
	// which is the original is not told.
	From, To Part
	// Shift is from the one to the other, in pixels.
	Shift image.Point
	// Squares is how many squares of 16 pixels agree, Likeness the correlation
	// of their detail.
	Squares  int
	Likeness float64
	// Off is how far the best match is from a whole number of pixels, each way.
	OffX, OffY float64
	Spots      int
}

// Part is a rectangle in fractions of the upright picture.
type Part struct{ X, Y, Width, Height float64 }

// meets is whether two parts have more in common than their rims.
func (p Part) meets(q Part) bool {
	const rim = 0.02
	return p.X+rim < q.X+q.Width && q.X+rim < p.X+p.Width && p.Y+rim < q.Y+q.Height && q.Y+rim < p.Y+p.Height
}

// Result is what was found in one picture.
type Result struct {
	Spots, Twins, Shifts int
	// Candidates are all shifts that were looked at closely; Copies those that
	// only a copy explains.
	Candidates, Copies []Copy
}

const (
	// maxPixels bounds memory, at two bytes a pixel, and maxSquares the time that
	// a copy may grow for; what is larger than that is a pattern.
	maxPixels  = 26_000_000
	maxSquares = 6_000
)

// Look examines one picture by its features, each pixel of which spans so many of
// the upright picture's. A picture that was reduced while it was decoded gives
// the zero Result. The error is ctx's.
func Look(ctx context.Context, p *imaging.Picture, set *feature.Set, span float64) (Result, error) {
	size := p.Stored.Bounds().Size()
	if p.Orientation >= 5 {
		size.X, size.Y = size.Y, size.X
	}
	if size.X != p.Width || size.Y != p.Height {
		return Result{}, nil
	}
	pairs := twins(set)
	found := shifts(set, pairs)
	out := Result{Spots: len(set.Points), Twins: len(pairs), Shifts: len(found)}
	if len(found) == 0 || p.Width*p.Height > maxPixels {
		return out, nil
	}
	t, err := newTexture(ctx, p)
	if err != nil {
		return Result{}, err
	}
	for _, sh := range found {
		if err := ctx.Err(); err != nil {
			return Result{}, err
		}
		if c, ok := t.candidate(set, sh, span); ok {
			out.Candidates = append(out.Candidates, c)
		}
	}
	out.Copies = copies(out.Candidates)
	return out, nil
}

// Bounds on what only a copy explains; docs/trace.md says how they were chosen.
const (
	fewestSquares = 8
	leastLikeness = 0.93
	// mostOff is how far from a whole number of pixels a copy may seem to lie.
	// Two things in a scene lie anywhere: this near a whole number, both ways, in
	// one case of 30.
	mostOff = 0.09
)

// copies are the candidates that only a copy explains. What repeats at more
// than one shift, or within its own length, is a pattern.
func copies(all []Copy) (out []Copy) {
	for i, c := range all {
		if c.Squares < fewestSquares || c.Likeness < leastLikeness || math.Abs(c.OffX) > mostOff || math.Abs(c.OffY) > mostOff || c.From.meets(c.To) {
			continue
		}
		pattern := false
		for k, o := range all {
			pattern = pattern || k != i && (c.From.meets(o.From) || c.From.meets(o.To) || c.To.meets(o.From) || c.To.meets(o.To))
		}
		if !pattern {
			out = append(out, c)
		}
	}
	return out
}

// candidate finds the whole-pixel shift that a group of spots means and the
// squares that agree with it.
func (t *texture) candidate(set *feature.Set, sh shift, scale float64) (c Copy, ok bool) {
	about := image.Pt(int(math.Round(sh.dx*scale)), int(math.Round(sh.dy*scale)))
	reach := int(math.Ceil(scale)) + 2
	best, d := -1.0, about
	for dy := -reach; dy <= reach; dy++ {
		for dx := -reach; dx <= reach; dx++ {
			at := about.Add(image.Pt(dx, dy))
			var s sums
			for _, i := range sh.spots {
				p := set.Points[i]
				one, _ := t.square(int(float64(p.X)*scale)-12, int(float64(p.Y)*scale)-12, 24, at)
				s.add(one)
			}
			if v := s.correlation(); v > best {
				best, d = v, at
			}
		}
	}
	if best < 0.3 {
		return c, false
	}
	return t.grow(set, sh, scale, d)
}

const (
	// agrees is the correlation from which a square belongs to the copy.
	agrees = 0.75
	// grainy is the least mean square of a square's texture, in squared quarter
	// levels, for its correlation to mean anything.
	grainy = 36
)

// grow collects the squares that agree with shift d, beginning at the spots.
func (t *texture) grow(set *feature.Set, sh shift, scale float64, d image.Point) (c Copy, ok bool) {
	wide, high := t.w/side, t.h/side
	seen := map[image.Point]bool{}
	var queue []image.Point
	try := func(q image.Point) {
		if q.X < 0 || q.Y < 0 || q.X >= wide || q.Y >= high || seen[q] {
			return
		}
		seen[q] = true
		if s, in := t.square(q.X*side, q.Y*side, side, d); in && !t.drawn(q) && s.aa > grainy*side*side && s.bb > grainy*side*side && s.correlation() >= agrees {
			queue = append(queue, q)
		}
	}
	for _, i := range sh.spots {
		p := set.Points[i]
		for dy := -1; dy <= 1; dy++ {
			for dx := -1; dx <= 1; dx++ {
				try(image.Pt(int(float64(p.X)*scale)/side+dx, int(float64(p.Y)*scale)/side+dy))
			}
		}
	}
	for n := 0; n < len(queue) && n < maxSquares; n++ {
		for dy := -2; dy <= 2; dy++ {
			for dx := -2; dx <= 2; dx++ {
				try(queue[n].Add(image.Pt(dx, dy)))
			}
		}
	}
	if len(queue) == 0 {
		return c, false
	}
	box := image.Rectangle{}
	for _, q := range queue {
		box = box.Union(image.Rect(q.X*side, q.Y*side, (q.X+1)*side, (q.Y+1)*side))
	}
	at := func(dx, dy int) float64 {
		var s sums
		for _, q := range queue {
			one, _ := t.square(q.X*side, q.Y*side, side, d.Add(image.Pt(dx, dy)))
			s.add(one)
		}
		return s.correlation()
	}
	c = Copy{Shift: d, Squares: len(queue), Likeness: at(0, 0), Spots: len(sh.spots)}
	c.OffX, c.OffY = peak(at(-1, 0), c.Likeness, at(1, 0)), peak(at(0, -1), c.Likeness, at(0, 1))
	c.From, c.To = t.part(box), t.part(box.Add(d))
	return c, true
}

// peak is where the parabola through three values is highest, -0.5 to 0.5.
func peak(before, at, after float64) float64 {
	bend := before - 2*at + after
	if bend >= 0 {
		return 0.5
	}
	return max(-0.5, min(0.5, (before-after)/(2*bend)))
}

func (t *texture) part(r image.Rectangle) Part {
	w, h := float64(t.w), float64(t.h)
	return Part{float64(r.Min.X) / w, float64(r.Min.Y) / h, float64(r.Dx()) / w, float64(r.Dy()) / h}
}
