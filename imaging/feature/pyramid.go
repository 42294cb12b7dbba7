// Package feature finds small distinctive spots in a picture and describes
// them so that the same spot can be found again in a copy that was cropped,
// scaled, turned, mirrored, brightened or recompressed. It proposes matches;
// it proves nothing. What a set of matches means is for the caller to weigh.
package feature

import (
	"math"

	"github.com/evenhand/evenhand/imaging"
)

// minLevelSide is the smallest side, in pixels, of a pyramid level still
// searched: below it a descriptor window covers most of the picture.
const minLevelSide = 48

// level is one step of the scale pyramid.
type level struct {
	smooth *imaging.Plane // the picture at this scale, smoothed by about 1.5 px
	scale  float64        // base pixels per level pixel
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
		levels = append(levels, level{
			smooth: binomial(binomial(p)),
			scale:  float64(base.Width) / float64(p.Width),
		})
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

// binomial smooths with the separable kernel (1 4 6 4 1)/16, a Gaussian of
// standard deviation 1 pixel; borders repeat.
func binomial(p *imaging.Plane) *imaging.Plane {
	w, h := p.Width, p.Height
	out := imaging.NewPlane(w, h)
	column := make([]float32, w)
	row := func(y int) []float32 { return p.Row(min(max(y, 0), h-1)) }
	for y := range h {
		a, b, c, d, e := row(y - 2)[:w], row(y - 1)[:w], row(y)[:w], row(y + 1)[:w], row(y + 2)[:w]
		for x := range column {
			column[x] = (a[x] + e[x] + 4*(b[x]+d[x]) + 6*c[x]) * (1.0 / 256)
		}
		smoothRow(out.Row(y), column)
	}
	return out
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
	for x := 2; x < n-2; x++ {
		s := src[x-2 : x+3 : x+3]
		dst[x] = s[0] + s[4] + 4*(s[1]+s[3]) + 6*s[2]
	}
}
