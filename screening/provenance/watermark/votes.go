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

// vote sums what the blocks that carry each bit say about it.
type vote struct {
	sum   []float64 // of readings, positive for a 1
	count []int
}

// blocks holds, for one tone, two numbers of every block in row order.
type blocks struct {
	across int
	most   []float64 // the strongest coefficient's size, the first left out
	mean   []float64 // the size of the block's mean
}

// collect reads every block of m in each tone and hands its vote to the bit
// that it carries in each message: blocks carry the bits in row order, over
// and over.
func collect(m image.Image, known []message) []vote {
	read := readBlocks(m)
	var says [tones][]float64
	for t := range tones {
		says[t] = read[t].readings()
	}
	votes := make([]vote, len(known))
	for i, msg := range known {
		n := len(msg.bits)
		votes[i] = vote{sum: make([]float64, n), count: make([]int, n)}
		for at, s := range says[msg.tone] {
			votes[i].sum[at%n] += s
			votes[i].count[at%n]++
		}
	}
	return votes
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
	for t := range out {
		out[t] = blocks{across: across, most: make([]float64, 0, across*down), mean: make([]float64, 0, across*down)}
	}
	band := newBand(m, across*side)
	for by := range down {
		band.read(by * side)
		for bx := range across {
			var block [tones][side * side]float64
			for i := range side * side {
				s := band.at[i/side][bx*side+i%side]
				block[bytesBGR][i] = 2*s.u + 256
				block[floatBGR][i] = 2*s.u + 1
				block[floatRGB][i] = 2*s.swapped + 1
			}
			for t := range out {
				out[t].add(&block[t])
			}
		}
	}
	return out
}

func (b *blocks) add(block *[side * side]float64) {
	most, sum := 0.0, block[0]
	for _, v := range block[1:] {
		most = max(most, math.Abs(v))
		sum += v
	}
	b.most = append(b.most, most)
	b.mean = append(b.mean, math.Abs(sum)/(side*side))
}

// readings is what each block says, as the sum of three looks:
//
//   - The published one: the remainder of the strongest coefficient by the
//     step. The library asks only whether it is above a half; the sine is 1 at
//     three quarters, -1 at one quarter and near 0 where noise could have
//     carried it over.
//   - Whether the strongest coefficient, and
//   - whether the block as a whole is stronger than its neighbours: writing a
//     1 makes the coefficient half a step larger than writing a 0. That lift
//     is coarse, so it outlives recompression that wipes out the remainder
//     (JPEG 90 and below keep little else). Where the picture's own colours
//     change from block to block it weighs less.
//
// The constants were chosen on drawn pictures and photos; they settle how many
// marks are found, not the false-alarm bound, which holds for any reading that
// does not look at the message. For all its name the method applies no cosine
// transform: the coefficients are those of the wavelet's low band.
func (b blocks) readings() []float64 {
	n := len(b.most)
	whole, strongest := make([]float64, n), make([]float64, n)
	for i := range n {
		whole[i], strongest[i] = b.above(b.mean, i), b.above(b.most, i)
	}
	says := make([]float64, n)
	for i, most := range b.most {
		w, s := b.rough(whole, i), b.rough(strongest, i)
		says[i] = math.Tanh(whole[i]/(0.3+w))/(0.5+w) +
			math.Tanh(strongest[i]/(1+s))/(1+s/3) -
			0.5*math.Sin(2*math.Pi*most/step)
	}
	return says
}

// above is how far v[i] stands above the mean of the blocks around it.
func (b blocks) above(v []float64, i int) float64 {
	sum, n := b.around(i, func(k int) float64 { return v[k] })
	if n == 1 {
		return 0
	}
	return (v[i]*n - sum) / (n - 1)
}

// rough is the mean size of v over block i and those around it.
func (b blocks) rough(v []float64, i int) float64 {
	sum, n := b.around(i, func(k int) float64 { return math.Abs(v[k]) })
	return sum / n
}

// around sums value over block i and the up to eight blocks around it.
func (b blocks) around(i int, value func(k int) float64) (sum, n float64) {
	x, y, down := i%b.across, i/b.across, len(b.most)/b.across
	for ny := max(0, y-1); ny <= min(down-1, y+1); ny++ {
		for nx := max(0, x-1); nx <= min(b.across-1, x+1); nx++ {
			sum += value(ny*b.across + nx)
			n++
		}
	}
	return sum, n
}

// agree compares the bits voted for with the message. A bit is 1 where its
// blocks say so more than the average bit's do: plain areas pull all bits to
// one side, and the average takes that out. ok is false where a bit has no
// vote or all say the same.
func (v vote) agree(msg message) (agreeing, counted int, ok bool) {
	mean, spread := 0.0, 0.0
	says := make([]float64, len(v.sum))
	for k := range says {
		if v.count[k] == 0 {
			return 0, 0, false
		}
		says[k] = v.sum[k] / float64(v.count[k])
		mean += says[k] / float64(len(says))
	}
	for k := range says {
		spread = max(spread, math.Abs(says[k]-mean))
		if msg.counts != nil && !msg.counts[k] {
			continue
		}
		counted++
		if (says[k] > mean) == msg.bits[k] {
			agreeing++
		}
	}
	return agreeing, counted, spread > 1e-6
}
