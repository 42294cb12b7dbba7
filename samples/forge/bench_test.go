package forge

import (
	"math/rand/v2"
	"testing"
)

func BenchmarkPaint(b *testing.B) {
	img := scene(1600, 1200)
	for _, kind := range Kinds() {
		b.Run(string(kind), func(b *testing.B) {
			seed := uint64(0)
			for b.Loop() {
				Paint(img, kind, rand.New(rand.NewPCG(seed, 1)))
				seed++
			}
		})
	}
}

func BenchmarkRedraw(b *testing.B) {
	img := scene(1600, 1200)
	for b.Loop() {
		Redraw(img, rand.New(rand.NewPCG(1, 1)))
	}
}
