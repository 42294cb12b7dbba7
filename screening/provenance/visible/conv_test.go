package visible

import (
	"math/rand/v2"
	"testing"
)

// TestSameBits: vector instructions compute what plain Go does, to the bit, so
// that a finding does not depend on the machine.
func TestSameBits(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 200 {
		n, stride := 1+r.IntN(300), 1+r.IntN(2)
		offsets, at := make([]int32, n), int32(0)
		for i := range offsets {
			offsets[i] = at
			at += int32(r.IntN(5))
		}
		from, weight := numbers(r, int(at)+tile*stride), numbers(r, tile*n)
		var want, got [tile * tile]float32
		convolveGo(&want, from, offsets, weight, stride)
		convolve(&got, from, offsets, weight, stride)
		if want != got {
			t.Fatalf("%d taps, stride %d: %v, want %v", n, stride, got, want)
		}
	}
}

// TestConvolution: a layer is the sum that its shape says, channel by channel,
// whatever part of a tile is filled.
func TestConvolution(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for _, s := range append(append([]shape{}, finderShapes...), readerShapes...) {
		tiles := (s.out + tile - 1) / tile
		l := layer{shape: s, weight: make([]float32, tiles*tile*s.taps()), bias: numbers(r, s.out)}
		for c := range s.out {
			for k := range s.taps() {
				l.weight[c/tile*tile*s.taps()+tile*k+c%tile] = r.Float32() - 0.5
			}
		}
		x := tensor{s.in, 5 + r.IntN(4), 11 + r.IntN(20), nil}
		x.at = numbers(r, x.channels*x.height*x.width)
		got, _ := l.apply(x, nil)
		for c := range got.channels {
			for y := range got.height {
				for col := range got.width {
					want := l.at(x, c, y, col)
					if d := got.plane(c)[y*got.width+col] - want; d > 1e-4 || d < -1e-4 {
						t.Fatalf("%+v: channel %d, row %d, column %d is %v off", s, c, y, col, d)
					}
				}
			}
		}
	}
}

// at is one output by the definition of a convolution.
func (l *layer) at(x tensor, c, y, col int) float32 {
	sum, k := l.bias[c], 0
	for in := range l.in {
		for ky := range l.kernelY {
			for kx := range l.kernelX {
				sy, sx := y*l.strideY+ky-l.padY, col*l.strideX+kx*l.dilateX-l.padX
				if sy >= 0 && sy < x.height && sx >= 0 && sx < x.width {
					sum += l.weight[c/tile*tile*l.taps()+tile*k+c%tile] * x.plane(in)[sy*x.width+sx]
				}
				k++
			}
		}
	}
	if sum < 0 && !l.linear {
		return 0
	}
	return sum
}

func numbers(r *rand.Rand, n int) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = r.Float32() - 0.5
	}
	return out
}
