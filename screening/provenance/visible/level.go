package visible

import (
	"math"

	"github.com/evenhand/evenhand/imaging"
)

// levelFlat is how many grey levels of deviation count as none: noise in a flat
// part is not blown up to texture.
const levelFlat = 6

// levelCut bounds what level returns, either way.
const levelCut = 3

// level makes gray values relative to their surroundings, so that a pale label
// on a pale wall looks to the nets as a black one on white: (v - mean) /
// (deviation + levelFlat) over the box of 2*ry+1 by 2*rx+1 pixels round each,
// as far as it lies within the picture. train/nets.py does the same.
func level(p *imaging.Plane, ry, rx int) tensor {
	w, h := p.Width, p.Height
	sums, squares := integrals(p)
	out := newTensor(1, h, w)
	for y := range h {
		y0, y1 := max(y-ry, 0), min(y+ry+1, h)
		top, bottom := y0*(w+1), y1*(w+1)
		row, dst := p.Row(y), out.at[y*w:(y+1)*w]
		for x, v := range row {
			x0, x1 := max(x-rx, 0), min(x+rx+1, w)
			area := float64((y1 - y0) * (x1 - x0))
			mean := (sums[bottom+x1] - sums[bottom+x0] - sums[top+x1] + sums[top+x0]) / area
			square := (squares[bottom+x1] - squares[bottom+x0] - squares[top+x1] + squares[top+x0]) / area
			deviation := math.Sqrt(max(square-mean*mean, 0))
			dst[x] = float32(min(max((float64(v)-mean)/(deviation+levelFlat), -levelCut), levelCut))
		}
	}
	return out
}

// integrals holds, for each corner between pixels, the sum of all values above
// and left of it, and that of their squares.
func integrals(p *imaging.Plane) (sums, squares []float64) {
	w := p.Width
	sums, squares = make([]float64, (w+1)*(p.Height+1)), make([]float64, (w+1)*(p.Height+1))
	for y := range p.Height {
		var sum, square float64
		above, here := y*(w+1), (y+1)*(w+1)
		for x, v := range p.Row(y) {
			sum += float64(v)
			square += float64(v) * float64(v)
			sums[here+x+1] = sums[above+x+1] + sum
			squares[here+x+1] = squares[above+x+1] + square
		}
	}
	return sums, squares
}
