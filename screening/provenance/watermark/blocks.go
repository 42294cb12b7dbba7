package watermark

import (
	"image"
	"math"
)

const (
	// step is the library's quantisation step of the strongest coefficient: a
	// 0 leaves a quarter of it as remainder, a 1 three quarters.
	step = 36
	// side is a block's side in coefficients of the half-size band.
	side = 4
	// native is the largest picture, in pixels, that the models make in one
	// piece; up to there the whole picture is looked at. Of larger ones, which
	// were put together or come from a camera, the topmost part is enough.
	native     = 4 << 20
	mostPixels = 1 << 19
)

// blocks holds, for one tone, what is read of every block, in row order.
type blocks struct {
	lattice
	most []float64 // the strongest coefficient's size, the first left out
	mean []float64 // the size of the block's mean
	// luma and other are the block's means of the two channels that the method
	// leaves alone.
	luma, other []float64
}

// readBlocks measures the blocks of the topmost part of m.
func readBlocks(m image.Image) (out [tones]blocks) {
	b := m.Bounds()
	// The library cuts both sides to multiples of four, halves them by the
	// wavelet and cuts what remains into whole blocks.
	across, down := b.Dx()/4*2/side, b.Dy()/4*2/side
	if b.Dx()*b.Dy() > native {
		down = min(down, max(1, mostPixels/(2*side*b.Dx())))
	}
	n := across * down
	for t := range out {
		out[t] = blocks{
			lattice: lattice{across: across, down: down},
			most:    make([]float64, n), mean: make([]float64, n), luma: make([]float64, n), other: make([]float64, n),
		}
	}
	band := newBand(m, across*side)
	for by := range down {
		band.next(by * side)
		for bx := range across {
			// Two of the tones take a site's channels alike.
			at := by*across + bx
			band.channelsOf(bx, floatBGR)
			out[bytesBGR].measure(at, band, 256)
			out[floatBGR].measure(at, band, 1)
			band.channelsOf(bx, floatRGB)
			out[floatRGB].measure(at, band, 1)
		}
	}
	return out
}

// measure fills in block i, the one whose channels band holds; zero is twice
// what the library adds to U.
func (b *blocks) measure(i int, band *band, zero float64) {
	most, sum, luma, other := 0.0, 0.0, 0.0, 0.0
	for k := range band.y {
		c := 2*band.u[k] + zero
		if size := math.Abs(c); k > 0 && size > most {
			most = size
		}
		sum, luma, other = sum+c, luma+band.y[k], other+band.v[k]
	}
	const n = side * side
	b.most[i], b.mean[i], b.luma[i], b.other[i] = most, math.Abs(sum)/n, luma/n, other/n
}

// readings is what each block says of its bit, positive for a 1, as the sum of
// three looks:
//
//   - Whether the block as a whole, and
//   - whether its strongest coefficient is larger than its neighbours' and the
//     two untouched channels account for: writing a 1 makes the coefficient
//     half a step larger than writing a 0. That lift is coarse, so it outlives
//     recompression that wipes out the remainder (JPEG 90 and below keep
//     little else). Where the picture still changes from block to block it
//     weighs less.
//   - The published one: the remainder of the strongest coefficient by the
//     step. The library asks only whether it is above a half; the sine is 1 at
//     three quarters, -1 at one quarter and near 0 where noise could have
//     carried it over. How much it weighs depends on how well the picture's
//     remainders still keep to those two places.
//
// The constants were chosen on drawn pictures and photos; they settle how many
// marks are found, not the false-alarm bound, which holds for any reading that
// does not look at the message. g is the guide of b's two untouched channels.
// For all its name the method applies no cosine
// transform: the coefficients are those of the wavelet's low band.
func (b *blocks) readings(g guide) []float64 {
	whole, strongest := g.rest(b.above(b.mean)), g.rest(b.above(b.most))
	roughWhole, roughMost := b.rough(whole), b.rough(strongest)
	weight := 0.2 + 0.8*b.keeping()
	says := make([]float64, len(b.most))
	for i, most := range b.most {
		w, s := roughWhole[i], roughMost[i]
		says[i] = 1.5*math.Tanh(whole[i]/(0.3+w))/(0.5+w) +
			math.Tanh(strongest[i]/(1+s))/(1+s/3) -
			weight*math.Sin(2*math.Pi*most/step)
	}
	return says
}

// untouched is the guide of the two channels that the method leaves alone.
func (b *blocks) untouched() guide { return b.guide(b.above(b.luma), b.above(b.other)) }

// keeping is how well the remainders keep to a quarter and three quarters of a
// step, whichever of the two: 0 not at all, 1 exactly.
func (b *blocks) keeping() float64 {
	sum := 0.0
	for _, most := range b.most {
		sum -= math.Cos(4 * math.Pi * most / step)
	}
	return max(0, sum/float64(max(1, len(b.most))))
}
