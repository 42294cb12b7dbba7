package visible

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

// layer is a convolution, followed by cutting off at zero unless linear.
type layer struct {
	shape
	weight []float32 // by output channel, input channel, row, column
	bias   []float32
}

// apply convolves: each row of outputs from the patches of input below it, so
// that memory stays at one row's patches. The patches are a scratch buffer that
// is used again; it is returned, grown where it was too small.
func (l *layer) apply(x tensor, scratch []float32) (tensor, []float32) {
	h, w := l.size(x.height, x.width)
	if h < 1 || w < 1 {
		return tensor{channels: l.out}, scratch
	}
	out := newTensor(l.out, h, w)
	n := l.taps()
	if need := n * (w + 1); len(scratch) < need {
		scratch = make([]float32, need)
	}
	for y := range h {
		l.patches(x, y, w, scratch)
		l.row(out, y, scratch[:n*(w+1)])
	}
	return out, scratch
}

// patches lays out what row y of the output is made of: for each output
// column, its taps in the order of the weights.
func (l *layer) patches(x tensor, y, w int, into []float32) {
	n := l.taps()
	at := 0
	for c := range l.in {
		plane := x.plane(c)
		for ky := range l.kernelY {
			sy := y*l.strideY + ky - l.padY
			inside := sy >= 0 && sy < x.height
			var row []float32
			if inside {
				row = plane[sy*x.width : (sy+1)*x.width]
			}
			for kx := range l.kernelX {
				sx := kx*l.dilateX - l.padX
				for i, to := 0, at; i < w; i, to, sx = i+1, to+n, sx+l.strideX {
					if uint(sx) < uint(len(row)) {
						into[to] = row[sx]
					} else {
						into[to] = 0
					}
				}
				at++
			}
		}
	}
}

// row makes one row of outputs. Four channels and two columns go together: a
// number read from memory is used four times or twice.
func (l *layer) row(out tensor, y int, patches []float32) {
	n, w := l.taps(), out.width
	for c := 0; c < l.out; c += 4 {
		var weight [4][]float32
		for i := range weight { // beyond the last channel its weights serve again
			o := min(c+i, l.out-1)
			weight[i] = l.weight[o*n : (o+1)*n]
		}
		for x := 0; x < w; x += 2 {
			sums := dot(weight, patches[x*n:(x+1)*n], patches[(x+1)*n:(x+2)*n])
			for i := range min(4, l.out-c) {
				dst := out.plane(c + i)[y*w : (y+1)*w]
				dst[x] = l.finish(sums[i], c+i)
				if x+1 < w {
					dst[x+1] = l.finish(sums[4+i], c+i)
				}
			}
		}
	}
}

func (l *layer) finish(v float32, c int) float32 {
	v += l.bias[c]
	if v < 0 && !l.linear {
		return 0
	}
	return v
}

// dot multiplies two patches with four channels' weights.
func dot(weight [4][]float32, p, q []float32) [8]float32 {
	a, b, c, d := weight[0], weight[1][:len(weight[0])], weight[2][:len(weight[0])], weight[3][:len(weight[0])]
	p, q = p[:len(a)], q[:len(a)]
	var s0, s1, s2, s3, s4, s5, s6, s7 float32
	for i, v := range a {
		x, y := p[i], q[i]
		s0 += v * x
		s4 += v * y
		v = b[i]
		s1 += v * x
		s5 += v * y
		v = c[i]
		s2 += v * x
		s6 += v * y
		v = d[i]
		s3 += v * x
		s7 += v * y
	}
	return [8]float32{s0, s1, s2, s3, s4, s5, s6, s7}
}
