// Package dct is the transform of JPEG on single blocks, fast enough to be run
// at every pixel of a picture.
package dct

import "math"

// Side is the side of a JPEG block, in pixels.
const Side = 8

// The cosines of the orthonormal 8-point transform, halved: ck is
// cos(k*pi/16)/2.
const (
	c1 = 0.49039264020161522
	c2 = 0.46193976625564337
	c3 = 0.41573480615127262
	c4 = 0.35355339059327379
	c5 = 0.27778511650980109
	c6 = 0.19134171618254489
	c7 = 0.09754516100806413
)

// Line is eight samples or eight coefficients.
type Line [Side]float32

// Forward is the DCT of T.81, A.3.3, in one direction: even and odd halves
// apart, which halves the work of the matrix.
func Forward(a *Line) (out Line) {
	s0, s1, s2, s3 := a[0]+a[7], a[1]+a[6], a[2]+a[5], a[3]+a[4]
	d0, d1, d2, d3 := a[0]-a[7], a[1]-a[6], a[2]-a[5], a[3]-a[4]
	e0, e1, e2, e3 := s0+s3, s1+s2, s1-s2, s0-s3
	out[0] = (e0 + e1) * c4
	out[4] = (e0 - e1) * c4
	out[2] = e3*c2 + e2*c6
	out[6] = e3*c6 - e2*c2
	out[1] = d0*c1 + d1*c3 + d2*c5 + d3*c7
	out[3] = d0*c3 - d1*c7 - d2*c1 - d3*c5
	out[5] = d0*c5 - d1*c1 + d2*c7 + d3*c3
	out[7] = d0*c7 - d1*c5 + d2*c3 - d3*c1
	return out
}

// Inverse undoes Forward.
func Inverse(a *Line) (out Line) {
	e0, e1 := (a[0]+a[4])*c4, (a[0]-a[4])*c4
	e2, e3 := a[2]*c2+a[6]*c6, a[2]*c6-a[6]*c2
	s0, s3, s1, s2 := e0+e2, e0-e2, e1+e3, e1-e3
	d0 := a[1]*c1 + a[3]*c3 + a[5]*c5 + a[7]*c7
	d1 := a[1]*c3 - a[3]*c7 - a[5]*c1 - a[7]*c5
	d2 := a[1]*c5 - a[3]*c1 + a[5]*c7 + a[7]*c3
	d3 := a[1]*c7 - a[3]*c5 + a[5]*c3 - a[7]*c1
	return Line{s0 + d0, s1 + d1, s2 + d2, s3 + d3, s3 - d3, s2 - d2, s1 - d1, s0 - d0}
}

// Block is 8 by 8 samples or coefficients, rows first.
type Block [Side]Line

func (b *Block) transposed() (out Block) {
	for y := range b {
		for x := range b {
			out[x][y] = b[y][x]
		}
	}
	return out
}

// Both runs one transform along rows and then along columns.
func (b *Block) Both(transform func(*Line) Line) Block {
	for y := range b {
		b[y] = transform(&b[y])
	}
	t := b.transposed()
	for x := range t {
		t[x] = transform(&t[x])
	}
	return t.transposed()
}

// Nothing tells whether a coefficient counts as zero: below half of the
// smallest quantisation step. It is 1 or 0, without a branch, which a
// processor would guess wrong half of the time.
func Nothing(c float32) uint32 {
	const half = 0x3f000000 // the bits of 0.5
	return ((math.Float32bits(c) & 0x7fffffff) - half) >> 31
}
