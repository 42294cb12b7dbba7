// Package feature finds small distinctive spots in a picture and describes
// them so that the same spot can be found again in a copy that was cropped,
// scaled, turned, mirrored, brightened or recompressed. It proposes matches;
// it proves nothing. What a set of matches means is for the caller to weigh.
package feature

import (
	"math"
	"sync"

	"github.com/evenhand/evenhand/imaging"
)

// minLevelSide is the smallest side, in pixels, of a pyramid level still
// searched: below it a descriptor window covers most of the picture.
const minLevelSide = 48

// level is one step of the scale pyramid.
type level struct {
	plain *imaging.Plane // the picture at this scale
	scale float64        // base pixels per level pixel
}

// scratch is the memory that the levels of one picture are searched in, one
// after the other. It is used again for the next picture.
type scratch struct {
	smooth, other imaging.Plane
	column        []float32
	window        window
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// fit makes p a plane of w by h samples that hold anything.
func fit(p *imaging.Plane, w, h int) {
	if cap(p.Pix) < w*h {
		p.Pix = make([]float32, w*h)
	}
	p.Width, p.Height, p.Pix = w, h, p.Pix[:w*h]
}

// blur smooths a level by about 1.5 pixels.
func (s *scratch) blur(l level) *imaging.Plane {
	w, h := l.plain.Width, l.plain.Height
	fit(&s.smooth, w, h)
	fit(&s.other, w, h)
	if len(s.column) < w {
		s.column = make([]float32, w)
	}
	binomial(&s.other, l.plain, s.column[:w])
	binomial(&s.smooth, &s.other, s.column[:w])
	return &s.smooth
}

// pyramid returns levels half an octave apart, finest first. Two interleaved
// chains are each halved by 2×2 averaging; only the second chain's head needs
// a resampling by √2.
func pyramid(base *imaging.Plane) []level {
	var levels []level
	chains := [2]*imaging.Plane{base, nil}
	w, h := int(float64(base.Width)/math.Sqrt2+0.5), int(float64(base.Height)/math.Sqrt2+0.5)
	if min(w, h) >= minLevelSide {
		chains[1] = imaging.Resize(base, w, h)
	}
	for i := 0; chains[i%2] != nil && min(chains[i%2].Width, chains[i%2].Height) >= minLevelSide; i++ {
		p := chains[i%2]
		levels = append(levels, level{p, float64(base.Width) / float64(p.Width)})
		chains[i%2] = Halve(p)
	}
	return levels
}

// Halve averages 2×2 pixels; an odd last row or column is dropped.
func Halve(p *imaging.Plane) *imaging.Plane {
	w, h := p.Width/2, p.Height/2
	if w == 0 || h == 0 {
		return nil
	}
	out := imaging.NewPlane(w, h)
	for y := range h {
		a, b, o := p.Row(2*y), p.Row(2*y+1), out.Row(y)
		for x := range o {
			o[x] = (a[2*x] + a[2*x+1] + b[2*x] + b[2*x+1]) * 0.25
		}
	}
	return out
}

// binomial smooths p into out with the separable kernel (1 4 6 4 1)/16, a
// Gaussian of standard deviation 1 pixel; borders repeat. Both have one size,
// and column is as long as a row.
func binomial(out, p *imaging.Plane, column []float32) {
	w, h := p.Width, p.Height
	row := func(y int) []float32 { return p.Row(min(max(y, 0), h-1))[:w] }
	column = column[:w]
	for y := range h {
		a, b, c, d, e := row(y-2), row(y-1), row(y), row(y+1), row(y+2)
		for x := range column {
			column[x] = (a[x] + e[x] + 4*(b[x]+d[x]) + 6*c[x]) * (1.0 / 256)
		}
		smoothRow(out.Row(y), column)
	}
}

// smoothRow is the horizontal half of binomial; src carries the factor 1/256.
func smoothRow(dst, src []float32) {
	n := len(src)
	at := func(x int) float32 { return src[min(max(x, 0), n-1)] }
	edge := func(x int) {
		dst[x] = at(x-2) + at(x+2) + 4*(at(x-1)+at(x+1)) + 6*src[x]
	}
	for x := 0; x < min(2, n); x++ {
		edge(x)
	}
	for x := max(2, n-2); x < n; x++ {
		edge(x)
	}
	if n < 5 {
		return
	}
	a, b, c, d := src[0], src[1], src[2], src[3]
	next := src[4:]
	inner := dst[2:][:len(next)]
	for x, e := range next {
		inner[x] = a + e + 4*(b+d) + 6*c
		a, b, c, d = b, c, d, e
	}
}
