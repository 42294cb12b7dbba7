package visible

import (
	"image"
	"math/rand/v2"
	"testing"

	"github.com/evenhand/evenhand/imaging"
)

// BenchmarkRead is the worst case: words and strokes wherever the finder looks,
// so that all lines that may be read are, as wide as they may be.
func BenchmarkRead(b *testing.B) {
	for _, s := range []struct {
		name          string
		width, height int
	}{{"1600px", 1600, 1200}, {"12MP", 4000, 3000}} {
		b.Run(s.name, func(b *testing.B) {
			p := crowded(b, s.width, s.height)
			var wide float64 // in the reader's pixels
			for _, l := range lines(trained().finder, sheetOf(p)) {
				wide += l.width()
			}
			if wide < maxRead/2 {
				b.Fatalf("%.0f of %d pixels of lines are read: not the worst case", wide, maxRead)
			}
			for b.Loop() {
				Read(p)
			}
		})
	}
}

// crowded is a picture full of words.
func crowded(t testing.TB, width, height int) *imaging.Picture {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range m.Pix {
		m.Pix[i] = 200
	}
	words := masks(t, "n")
	r := rand.New(rand.NewPCG(1, 1))
	names := make([]string, 0, len(words))
	for name := range words {
		names = append(names, name)
	}
	em := float64(height) * 0.03
	for y := 0.0; y < float64(height); y += 1.6 * em {
		for x := 0.0; x < float64(width); {
			mask := scaled(words[names[r.IntN(len(names))]], em/maskEm)
			stamp(m, mask, int(x), int(y))
			x += float64(mask.Rect.Dx()) + em/2
		}
	}
	return compressed(t, m, 90)
}

func stamp(m *image.RGBA, mask *image.Alpha, left, top int) {
	for y := range mask.Rect.Dy() {
		for x := range mask.Rect.Dx() {
			if left+x < m.Rect.Dx() && top+y < m.Rect.Dy() {
				i := m.PixOffset(left+x, top+y)
				v := 200 - uint8(int(mask.AlphaAt(x, y).A)*180/255)
				m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3] = v, v, v, 255
			}
		}
	}
}
