package pdq

import (
	"math"
	"slices"
)

// order is the number of frequencies kept along each axis: 1 to 16, leaving
// out 0, the mean.
const order = 16

// spectrum holds DCT coefficients [i][j] of vertical frequency i+1 and
// horizontal frequency j+1.
type spectrum [order][order]float32

// basis returns the first sixteen DCT-II basis vectors of length 64 after the
// constant one (the paper, section "PDQ: DCT").
func basis() *[order][side]float64 {
	var d [order][side]float64
	scale := math.Sqrt(2.0 / side)
	for i := range d {
		for j := range d[i] {
			d[i][j] = scale * math.Cos(math.Pi/(2*side)*float64(i+1)*float64(2*j+1))
		}
	}
	return &d
}

// transform returns D·t·Dᵀ.
func transform(t *thumbnail) *spectrum {
	d := basis()
	var half [order][side]float64
	for i := range half {
		for k := range side {
			c := d[i][k]
			for j := range side {
				half[i][j] += float64(c * float64(t[k][j]))
			}
		}
	}
	var out spectrum
	for i := range out {
		for j := range out[i] {
			var sum float64
			for k := range side {
				sum += float64(half[i][k] * d[j][k])
			}
			out[i][j] = float32(sum)
		}
	}
	return &out
}

// bits returns the hash of a spectrum: which coefficients lie above the lower
// median, the 128th smallest of the 256.
func (s *spectrum) bits() Hash {
	sorted := make([]float32, 0, order*order)
	for i := range s {
		sorted = append(sorted, s[i][:]...)
	}
	slices.Sort(sorted)
	median := sorted[len(sorted)/2-1]
	var h Hash
	for i := range s {
		for j, v := range s[i] {
			if v > median {
				h.setBit(order*i + j)
			}
		}
	}
	return h
}
