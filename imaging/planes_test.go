package imaging

import (
	"image"
	"image/color"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// cover is how much of [lo, hi) the unit sample s covers.
func cover(lo, hi float64, s int) float64 {
	return max(0, min(hi, float64(s+1))-max(lo, float64(s)))
}

// averageSlowly is the area average as it is defined, sample by sample: value
// gives sample (x, y) of a w0 by h0 source.
func averageSlowly(value func(x, y int) float64, w0, h0, w, h int) *Plane {
	out := NewPlane(w, h)
	fx, fy := float64(w0)/float64(w), float64(h0)/float64(h)
	for j := range h {
		for i := range w {
			var sum float64
			for y := int(float64(j) * fy); y < h0 && float64(y) < float64(j+1)*fy; y++ {
				cy := cover(float64(j)*fy, float64(j+1)*fy, y)
				for x := int(float64(i) * fx); x < w0 && float64(x) < float64(i+1)*fx; x++ {
					sum += value(x, y) * cy * cover(float64(i)*fx, float64(i+1)*fx, x)
				}
			}
			out.Row(j)[i] = float32(sum / (fx * fy))
		}
	}
	return out
}

// kinds makes one noisy picture of every kind there is a fast path for.
func kinds(t *rapid.T, w, h int) map[string]image.Image {
	r := image.Rect(0, 0, w, h)
	seed := rapid.Uint32().Draw(t, "seed")
	next := func() uint8 { seed = seed*1664525 + 1013904223; return uint8(seed >> 24) }
	fill := func(pix []uint8) {
		for i := range pix {
			pix[i] = next()
		}
	}
	out := map[string]image.Image{}
	for _, ratio := range []image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio411} {
		y := image.NewYCbCr(r, ratio)
		fill(y.Y)
		// Mild chroma: the conversion must not clip, which would not commute with averaging.
		for i := range y.Cb {
			y.Cb[i], y.Cr[i] = 120+next()&15, 120+next()&15
		}
		for i := range y.Y {
			y.Y[i] = 40 + y.Y[i]/2
		}
		out[ratio.String()] = y
	}
	ya := image.NewNYCbCrA(r, image.YCbCrSubsampleRatio420)
	fill(ya.Y)
	fill(ya.A)
	for i := range ya.Cb {
		ya.Cb[i], ya.Cr[i] = 128, 128
	}
	out["NYCbCrA"] = ya
	g := image.NewGray(r)
	fill(g.Pix)
	out["Gray"] = g
	g16 := image.NewGray16(r)
	fill(g16.Pix)
	out["Gray16"] = g16
	n := image.NewNRGBA(r)
	fill(n.Pix)
	out["NRGBA"] = n
	n64 := image.NewNRGBA64(r)
	fill(n64.Pix)
	out["NRGBA64"] = n64
	c := image.NewCMYK(r)
	fill(c.Pix)
	out["CMYK"] = c
	p := image.NewPaletted(r, color.Palette{color.Black, color.White, color.RGBA{200, 30, 90, 255}, color.Transparent})
	for i := range p.Pix {
		p.Pix[i] = next() & 3
	}
	out["Paletted"] = p
	m, m64 := image.NewRGBA(r), image.NewRGBA64(r)
	for y := range h {
		for x := range w {
			m.Set(x, y, n.At(x, y))
			m64.Set(x, y, n64.At(x, y))
		}
	}
	out["RGBA"], out["RGBA64"] = m, m64
	return out
}

// over is a pixel's colours over white, 0 to 255.
func over(m image.Image, x, y int) [3]float64 {
	if c, ok := m.(*image.YCbCr); ok { // before rounding to bytes
		yc := c.YCbCrAt(x, y)
		l, cb, cr := float64(yc.Y), float64(yc.Cb)-128, float64(yc.Cr)-128
		return [3]float64{l + 1.402*cr, l - 0.344136*cb - 0.714136*cr, l + 1.772*cb}
	}
	r, g, b, a := m.At(x, y).RGBA()
	white := float64(0xffff - a)
	return [3]float64{(float64(r) + white) / 257, (float64(g) + white) / 257, (float64(b) + white) / 257}
}

func lumaOver(m image.Image, x, y int) float64 {
	c := over(m, x, y)
	return 0.299*c[0] + 0.587*c[1] + 0.114*c[2]
}

// TestPlanesAreAreaAverages holds Luma and RGBA of every kind against the
// definition.
func TestPlanesAreAreaAverages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w0, h0 := rapid.IntRange(1, 40).Draw(t, "width"), rapid.IntRange(1, 40).Draw(t, "height")
		side := rapid.IntRange(0, 45).Draw(t, "side")
		for name, m := range kinds(t, w0, h0) {
			p := &Picture{Stored: m, Orientation: 1, Width: w0, Height: h0}
			luma, rgba := p.Luma(side), p.RGBA(side)
			if long := max(luma.Width, luma.Height); side > 0 && long > side || long > max(w0, h0) {
				t.Fatalf("%s: %d x %d of %d x %d for %d", name, luma.Width, luma.Height, w0, h0, side)
			}
			want := averageSlowly(func(x, y int) float64 { return lumaOver(m, x, y) }, w0, h0, luma.Width, luma.Height)
			for i, v := range luma.Pix {
				if math.Abs(float64(v-want.Pix[i])) > 0.6 {
					t.Fatalf("%s: luma %d is %.3f, want %.3f", name, i, v, want.Pix[i])
				}
			}
			for c := range 3 {
				want := averageSlowly(func(x, y int) float64 { return over(m, x, y)[c] }, w0, h0, luma.Width, luma.Height)
				for i, v := range want.Pix {
					if got := float64(rgba.Pix[4*i+c]); math.Abs(got-float64(v)) > 2.1 {
						t.Fatalf("%s: channel %d at %d is %.0f, want %.2f", name, c, i, got, v)
					}
				}
			}
		}
	})
}

// TestResizeShrinksByAreaAverage holds Resize against the definition.
func TestResizeShrinksByAreaAverage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w0, h0 := rapid.IntRange(1, 30).Draw(t, "width"), rapid.IntRange(1, 30).Draw(t, "height")
		w, h := rapid.IntRange(1, w0).Draw(t, "to width"), rapid.IntRange(1, h0).Draw(t, "to height")
		src := NewPlane(w0, h0)
		for i := range src.Pix {
			src.Pix[i] = float32(rapid.IntRange(0, 255).Draw(t, "v"))
		}
		got := Resize(src, w, h)
		want := averageSlowly(func(x, y int) float64 { return float64(src.Row(y)[x]) }, w0, h0, w, h)
		for i, v := range got.Pix {
			if math.Abs(float64(v-want.Pix[i])) > 1e-2 {
				t.Fatalf("sample %d is %f, want %f", i, v, want.Pix[i])
			}
		}
	})
}

// TestResizeGrows wants a plane that is linear to stay so between its centres,
// which Keys's kernel does exactly.
func TestResizeGrows(t *testing.T) {
	src := NewPlane(10, 8)
	for y := range 8 {
		for x := range 10 {
			src.Row(y)[x] = float32(20 + 10*(float64(x)+0.5) + 4*(float64(y)+0.5))
		}
	}
	got := Resize(src, 25, 24)
	for y := 6; y < 18; y++ {
		for x := 5; x < 20; x++ {
			want := 20 + 10*(float64(x)+0.5)*10/25 + 4*(float64(y)+0.5)*8/24
			if math.Abs(float64(got.Row(y)[x])-want) > 1e-3 {
				t.Fatalf("sample %d,%d is %f, want %f", x, y, got.Row(y)[x], want)
			}
		}
	}
	one := Resize(&Plane{Width: 1, Height: 1, Pix: []float32{77}}, 3, 2)
	for _, v := range one.Pix {
		if math.Abs(float64(v)-77) > 1e-3 {
			t.Fatalf("%v", one.Pix)
		}
	}
	if same := Resize(src, 10, 8); &same.Pix[0] == &src.Pix[0] {
		t.Error("a resize to the same size shares memory")
	}
}

func TestWarp(t *testing.T) {
	src := image.NewRGBA(image.Rect(0, 0, 30, 20))
	for y := range 20 {
		for x := range 30 {
			src.Set(x, y, color.RGBA{uint8(8 * x), uint8(12 * y), 77, 255})
		}
	}
	same := Warp(src, Affine{A: 1, E: 1}, 30, 20)
	for i := range src.Pix {
		if src.Pix[i] != same.Pix[i] {
			t.Fatalf("the plain warp changes byte %d", i)
		}
	}
	moved := Warp(src, Affine{A: 1, C: 5, E: 1, F: -3}, 30, 20)
	if c := moved.RGBAAt(4, 10); c != src.RGBAAt(9, 7) {
		t.Errorf("moved: %v", c)
	}
	if moved.RGBAAt(4, 2).A != 0 || moved.RGBAAt(26, 10).A != 0 {
		t.Error("outside is not transparent")
	}
	third := Warp(src, ScaleBy(3, 4), 10, 5)
	if c := third.RGBAAt(4, 2); math.Abs(float64(c.R)-8*13) > 1 || math.Abs(float64(c.G)-12*9.5) > 1 {
		t.Errorf("shrunk: %v", c)
	}
	turned := Warp(src, Affine{B: 1, D: -1, F: 20}, 20, 30) // a quarter turn
	if c := turned.RGBAAt(3, 5); c != src.RGBAAt(3, 14) && c != src.RGBAAt(5, 16) {
		t.Errorf("turned: %v, want %v", c, src.RGBAAt(5, 16))
	}
	if empty := Warp(image.NewRGBA(image.Rectangle{}), Affine{A: 1, E: 1}, 3, 3); empty.RGBAAt(1, 1).A != 0 {
		t.Error("an empty source shows something")
	}
	nan := Warp(src, Affine{A: math.NaN(), E: math.Inf(1)}, 4, 4)
	if nan.RGBAAt(2, 2).A != 0 {
		t.Error("a map to nowhere shows something")
	}
}
