package visible

import "math"

// shape is what a convolution is, apart from its numbers.
type shape struct {
	in, out          int // channels
	kernelY, kernelX int
	strideY, strideX int
	padY, padX       int // zeros laid round the input
	dilateX          int // steps between the taps of a row
	linear           bool
}

// taps is how many inputs make one output.
func (s shape) taps() int { return s.in * s.kernelY * s.kernelX }

// size is the height and width of the output for an input's.
func (s shape) size(h, w int) (int, int) {
	return (h+2*s.padY-s.kernelY)/s.strideY + 1, (w+2*s.padX-s.dilateX*(s.kernelX-1)-1)/s.strideX + 1
}

// tile is how many output columns, and how many channels, are made at once.
const tile = 8

// layer is a convolution, followed by cutting off at zero unless linear.
type layer struct {
	shape
	// weight holds, for each tile of output channels, for each tap (input
	// channel, row, column), one number a channel; channels that fill the last
	// tile up are 0.
	weight []float32
	bias   []float32 // by output channel
}

// apply convolves. The input with its zeros round it is laid into a scratch
// buffer that is used again; it is returned, grown where it was too small.
func (l *layer) apply(x tensor, scratch []float32) (tensor, []float32) {
	h, w := l.size(x.height, x.width)
	if h < 1 || w < 1 {
		return tensor{channels: l.out}, scratch
	}
	in, scratch := l.padded(x, w, scratch)
	out := newTensor(l.out, h, w)
	offsets := l.offsets(in)
	n := l.taps()
	var made [tile * tile]float32
	for y := range h {
		for x0 := 0; x0 < w; x0 += tile {
			from := in.at[y*l.strideY*in.width+x0*l.strideX:]
			for c := 0; c < l.out; c += tile {
				convolve(&made, from, offsets, l.weight[c*n:(c+tile)*n], l.strideX)
				l.finish(out, c, y, x0, &made)
			}
		}
	}
	return out, scratch
}

// padded lays x into a larger tensor with zeros round it, wide enough that the
// last tile of w output columns finds its taps.
func (l *layer) padded(x tensor, w int, scratch []float32) (tensor, []float32) {
	last := (w+tile-1)/tile*tile - 1
	p := tensor{channels: l.in, height: x.height + 2*l.padY, width: max(x.width+2*l.padX, last*l.strideX+l.dilateX*(l.kernelX-1)+1)}
	if need := p.channels * p.height * p.width; len(scratch) < need {
		scratch = make([]float32, need)
	}
	p.at = scratch[:p.channels*p.height*p.width]
	clear(p.at)
	for c := range l.in {
		plane := x.plane(c)
		for y := range x.height {
			copy(p.plane(c)[(y+l.padY)*p.width+l.padX:], plane[y*x.width:(y+1)*x.width])
		}
	}
	return p, scratch
}

// offsets says where, from an output's first tap on, its taps lie in the padded
// input, in the order of the weights.
func (l *layer) offsets(in tensor) []int32 {
	out := make([]int32, 0, l.taps())
	for c := range l.in {
		for ky := range l.kernelY {
			for kx := range l.kernelX {
				out = append(out, int32((c*in.height+ky)*in.width+kx*l.dilateX))
			}
		}
	}
	return out
}

// finish adds the bias to a tile, cuts off at zero, and puts it in its place.
func (l *layer) finish(out tensor, c, y, x0 int, made *[tile * tile]float32) {
	columns := min(tile, out.width-x0)
	var least float32
	if l.linear {
		least = -math.MaxFloat32
	}
	for i := range min(tile, l.out-c) {
		at, bias := ((c+i)*out.height+y)*out.width+x0, l.bias[c+i]
		from := made[i:]
		for x := range out.at[at : at+columns] {
			out.at[at+x] = max(from[x*tile]+bias, least) // no branch, which noise would mislead
		}
	}
}

// convolveGo makes a tile of outputs: column x of channel i is at 8*x+i. from
// begins at the first column's first tap; stride lies between the columns'.
// Each sum is taken in the order of the taps and rounded after each step, so
// that every machine, with vector instructions or not, computes the same bits.
func convolveGo(made *[tile * tile]float32, from []float32, offsets []int32, weight []float32, stride int) {
	for x := range tile {
		var s0, s1, s2, s3, s4, s5, s6, s7 float32
		column := from[x*stride:]
		for k, at := range offsets {
			v, w := column[at], weight[tile*k:tile*k+tile:tile*k+tile]
			// The conversions forbid fused multiplication, which rounds once.
			s0 += float32(w[0] * v)
			s1 += float32(w[1] * v)
			s2 += float32(w[2] * v)
			s3 += float32(w[3] * v)
			s4 += float32(w[4] * v)
			s5 += float32(w[5] * v)
			s6 += float32(w[6] * v)
			s7 += float32(w[7] * v)
		}
		*(*[tile]float32)(made[tile*x:]) = [tile]float32{s0, s1, s2, s3, s4, s5, s6, s7}
	}
}
