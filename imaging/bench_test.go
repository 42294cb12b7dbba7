package imaging

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"sync"
	"testing"
)

// photo12 is a 4000 x 3000 JPEG with texture like a photograph's.
var photo12 = sync.OnceValue(func() []byte {
	m := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	rng := rand.New(rand.NewPCG(1, 2))
	for y := range 3000 {
		for x := range 4000 {
			v := 90 + x/40 + y/60 + (x/16^y/24)&31 + rng.IntN(9)
			m.Y[y*m.YStride+x] = uint8(min(v, 255))
		}
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = uint8(110+i%2000/100), uint8(140-i%2000/80)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 90}); err != nil {
		panic(err)
	}
	return b.Bytes()
})

func decode12(b *testing.B) *Picture {
	p, err := Decode(context.Background(), photo12(), Limits{})
	if err != nil {
		b.Fatal(err)
	}
	return p
}

func BenchmarkDecode12MP(b *testing.B) {
	photo12()
	b.ReportAllocs()
	for b.Loop() {
		decode12(b)
	}
}

func BenchmarkLuma12MP(b *testing.B) {
	for _, c := range []struct {
		name        string
		side        int
		orientation int
	}{{"1600", 1600, 1}, {"1600turned", 1600, 6}, {"512", 512, 1}, {"full", 0, 1}} {
		b.Run(c.name, func(b *testing.B) {
			p := decode12(b)
			p.Orientation = c.orientation
			b.ReportAllocs()
			for b.Loop() {
				p.Luma(c.side)
			}
		})
	}
	b.Run("RGBAto1600", func(b *testing.B) {
		p := &Picture{Stored: decode12(b).RGBA(0), Orientation: 1}
		for b.Loop() {
			p.Luma(1600)
		}
	})
}

func BenchmarkRGBA12MP(b *testing.B) {
	for _, side := range []int{0, 1600} {
		b.Run(map[int]string{0: "full", 1600: "1600"}[side], func(b *testing.B) {
			p := decode12(b)
			for b.Loop() {
				p.RGBA(side)
			}
		})
	}
	b.Run("NRGBAto1600", func(b *testing.B) {
		m := image.NewNRGBA(image.Rect(0, 0, 4000, 3000))
		for i := range m.Pix {
			m.Pix[i] = uint8(i)
		}
		p := &Picture{Stored: m, Orientation: 1}
		for b.Loop() {
			p.RGBA(1600)
		}
	})
}

func BenchmarkResize(b *testing.B) {
	src := NewPlane(1600, 1200)
	for i := range src.Pix {
		src.Pix[i] = float32(i % 255)
	}
	for _, c := range []struct {
		name string
		w, h int
	}{{"half", 800, 600}, {"odd", 1131, 848}, {"grow", 2000, 1500}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				Resize(src, c.w, c.h)
			}
		})
	}
}

func BenchmarkWarp(b *testing.B) {
	src := image.NewRGBA(image.Rect(0, 0, 1600, 1200))
	for i := range src.Pix {
		src.Pix[i] = uint8(i)
	}
	src.Set(0, 0, color.White)
	for _, c := range []struct {
		name string
		m    Affine
	}{{"near1", Affine{A: 1.01, B: 0.02, D: -0.02, E: 1.01}}, {"third", ScaleBy(3, 3)}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				Warp(src, c.m, 1600, 1200)
			}
		})
	}
}
