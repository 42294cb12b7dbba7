//go:build !amd64 || purego

package visible

// convolve makes a tile of outputs; see convolveGo.
func convolve(made *[tile * tile]float32, from []float32, offsets []int32, weight []float32, stride int) {
	convolveGo(made, from, offsets, weight, stride)
}
