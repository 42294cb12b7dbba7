package visible

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"math"
	"sync"
)

// weightsFile is written by train/export.py, which says how it is laid out.
//
//go:embed weights.bin
var weightsFile []byte

// finderShapes and readerShapes repeat Finder and Reader of train/nets.py.
var (
	finderShapes = []shape{
		{in: 1, out: 8, kernelY: 3, kernelX: 3, strideY: 2, strideX: 2, padY: 1, padX: 1, dilateX: 1},
		{in: 8, out: 16, kernelY: 3, kernelX: 3, strideY: 2, strideX: 2, padY: 1, padX: 1, dilateX: 1},
		{in: 16, out: 24, kernelY: 3, kernelX: 3, strideY: 1, strideX: 1, padY: 1, padX: 1, dilateX: 1},
		{in: 24, out: 24, kernelY: 3, kernelX: 3, strideY: 1, strideX: 1, padY: 1, padX: 2, dilateX: 2},
		{in: 24, out: 24, kernelY: 1, kernelX: 3, strideY: 1, strideX: 1, padY: 0, padX: 4, dilateX: 4},
		{in: 24, out: 2, kernelY: 1, kernelX: 1, strideY: 1, strideX: 1, dilateX: 1, linear: true},
	}
	readerShapes = []shape{
		{in: 1, out: 16, kernelY: 3, kernelX: 3, strideY: 2, strideX: 2, padY: 1, padX: 1, dilateX: 1},
		{in: 16, out: 24, kernelY: 3, kernelX: 3, strideY: 2, strideX: 1, padY: 1, padX: 1, dilateX: 1},
		{in: 24, out: 40, kernelY: 3, kernelX: 3, strideY: 2, strideX: 2, padY: 1, padX: 1, dilateX: 1},
		{in: 40, out: 56, kernelY: 3, kernelX: 3, strideY: 2, strideX: 1, padY: 1, padX: 1, dilateX: 1},
		{in: 56, out: 96, kernelY: 2, kernelX: 3, strideY: 1, strideX: 1, padY: 0, padX: 1, dilateX: 1},
		{in: 96, out: 96, kernelY: 1, kernelX: 3, strideY: 1, strideX: 1, padY: 0, padX: 1, dilateX: 1},
		{in: 96, out: 2 * classCount, kernelY: 1, kernelX: 1, strideY: 1, strideX: 1, dilateX: 1, linear: true},
	}
)

// net is layers that follow each other.
type net []layer

type nets struct {
	finder finder
	reader reader
}

// trained returns the nets of weights.bin, unpacked once.
var trained = sync.OnceValue(func() nets {
	f, rest, err := unpack(finderShapes, weightsFile)
	if err != nil {
		panic("visible: finder: " + err.Error()) // the file is ours, and a test reads it
	}
	r, rest, err := unpack(readerShapes, rest)
	if err != nil || len(rest) > 0 {
		panic(fmt.Sprintf("visible: reader: %v, %d bytes over", err, len(rest)))
	}
	return nets{finder{f}, reader{r}}
})

// unpack reads layers' numbers off the front of data.
func unpack(shapes []shape, data []byte) (net, []byte, error) {
	out := make(net, len(shapes))
	for i, s := range shapes {
		n := s.taps()
		if len(data) < s.out*(8+n) {
			return nil, nil, fmt.Errorf("layer %d: %d bytes where %d are needed", i, len(data), s.out*(8+n))
		}
		head, body := data[:8*s.out], data[8*s.out:s.out*(8+n)]
		data = data[s.out*(8+n):]
		tiles := (s.out + tile - 1) / tile
		l := layer{shape: s, weight: make([]float32, tiles*tile*n), bias: make([]float32, s.out)}
		for c := range s.out {
			weight := l.weight[c/tile*tile*n:]
			scale := math.Float32frombits(binary.LittleEndian.Uint32(head[8*c:]))
			l.bias[c] = math.Float32frombits(binary.LittleEndian.Uint32(head[8*c+4:]))
			for k := range n {
				weight[tile*k+c%tile] = scale * float32(int8(body[c*n+k]))
			}
		}
		out[i] = l
	}
	return out, data, nil
}

// run applies the layers to x.
func (n net) run(x tensor) tensor {
	var scratch []float32
	for i := range n {
		x, scratch = n[i].apply(x, scratch)
	}
	return x
}
