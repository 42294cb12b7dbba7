package provenance

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/evenhand/evenhand/imaging"
)

// BenchmarkRead12MP is what reading a file's own word costs beside decoding
// it: a JPEG of twelve megapixels with nothing in it.
func BenchmarkRead12MP(b *testing.B) {
	m := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range m.Y {
		m.Y[i] = uint8(100 + i%97 + rng.IntN(20))
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = uint8(118+i%13), uint8(130+i%7)
	}
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, m, &jpeg.Options{Quality: 88}); err != nil {
		b.Fatal(err)
	}
	benchmark(b, buf.Bytes())
}

// BenchmarkReadManifest is the same for a public file with a credential.
func BenchmarkReadManifest(b *testing.B) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "c2pa", "truepic-20230212-camera.jpg"))
	if err != nil {
		b.Skip("public pictures are not here: ../shared/data is absent")
	}
	benchmark(b, data)
}

func benchmark(b *testing.B, data []byte) {
	p, err := imaging.Decode(context.Background(), data, imaging.DefaultLimits)
	if err != nil {
		b.Fatal(err)
	}
	r := NewReader(Options{})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			r.Read(data, p)
		}
	})
	b.Run("decode", func(b *testing.B) {
		for b.Loop() {
			if _, err := imaging.Decode(context.Background(), data, imaging.DefaultLimits); err != nil {
				b.Fatal(err)
			}
		}
	})
}
