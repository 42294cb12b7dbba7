package reference

import (
	"context"
	"image"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/samples"
	"github.com/evenhand/evenhand/samples/forge"
)

// drawPair renders a listing and a forgery of it, and an honest photograph of
// the same product, each 1600 pixels wide, as JPEG bytes.
func drawPair(b *testing.B) (listing, forged, honest []byte) {
	b.Helper()
	encode := func(img image.Image, quality int) []byte {
		data, err := samples.EncodeJPEG(img, quality)
		if err != nil {
			b.Fatal(err)
		}
		return data
	}
	take := func(s samples.Shot) *image.RGBA {
		s.Width, s.Height = 1600, 1200
		img, err := samples.Photograph(context.Background(), s)
		if err != nil {
			b.Fatal(err)
		}
		return img
	}
	product := samples.Products()[0].Name
	picture := take(samples.Listing(product, 1))
	painted, _ := forge.Paint(picture, forge.Crack, rand.New(rand.NewPCG(1, 1)))
	return encode(picture, 92), encode(painted, 80), encode(take(samples.Claim(product, 1, 1, samples.Damage{})), 88)
}

func mustView(b *testing.B, data []byte) *View {
	b.Helper()
	p, err := imaging.Decode(context.Background(), data, imaging.DefaultLimits)
	if err != nil {
		b.Fatal(err)
	}
	return Prepare(p)
}

// BenchmarkPair is everything one comparison costs, from JPEG bytes to verdict.
func BenchmarkPair(b *testing.B) {
	listing, forged, honest := drawPair(b)
	if p := os.Getenv("PAIR_LISTING"); p != "" {
		listing, _ = os.ReadFile(p)
		forged, _ = os.ReadFile(os.Getenv("PAIR_CLAIM"))
	}
	for _, c := range []struct {
		name  string
		claim []byte
	}{{"forged", forged}, {"honest", honest}} {
		b.Run(c.name+"/whole", func(b *testing.B) {
			for b.Loop() {
				Compare(mustView(b, c.claim), mustView(b, listing))
			}
		})
		claim, ref := mustView(b, c.claim), mustView(b, listing)
		b.Run(c.name+"/compare", func(b *testing.B) {
			for b.Loop() {
				Compare(claim, ref)
			}
		})
	}
	b.Run("prepare", func(b *testing.B) {
		p, err := imaging.Decode(context.Background(), listing, imaging.DefaultLimits)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			Prepare(p)
		}
	})
	b.Run("decode", func(b *testing.B) {
		for b.Loop() {
			if _, err := imaging.Decode(context.Background(), listing, imaging.DefaultLimits); err != nil {
				b.Fatal(err)
			}
		}
	})
}
