//go:build amd64 && !purego

package visible

import "golang.org/x/sys/cpu"

// convolveAVX is convolveGo for n taps, eight channels an instruction.
//
//go:noescape
func convolveAVX(made *[tile * tile]float32, from *float32, offsets *int32, weight *float32, n, stride int)

// convolve makes a tile of outputs; see convolveGo.
func convolve(made *[tile * tile]float32, from []float32, offsets []int32, weight []float32, stride int) {
	n := len(offsets)
	if !cpu.X86.HasAVX || n == 0 {
		convolveGo(made, from, offsets, weight, stride)
		return
	}
	// What the instructions read, checked here as they do not: offsets grow.
	_, _ = from[(tile-1)*stride+int(offsets[n-1])], weight[tile*n-1]
	convolveAVX(made, &from[0], &offsets[0], &weight[0], n, stride)
}
