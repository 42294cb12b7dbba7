package forge

import (
	"image"
	"math"
	"math/rand/v2"
)

// Redraw approximates what a diffusion editor does to the part of a picture it
// was told to leave alone: the picture passes through the model's compressed
// form, so that edges and large shapes stay while texture finer than about two
// pixels is made up anew, colours drift a little, and things move by up to a
// pixel and a half. No pixel keeps its own noise. It stands in for the real
// thing where there is none; it is not a model of any one editor.
func Redraw(img *image.RGBA, rng *rand.Rand) *image.RGBA {
	out := clone(img)
	w, h := out.Rect.Dx(), out.Rect.Dy()
	if w < 8 || h < 8 {
		return out
	}
	warped := warp(out, rng)
	luma := lumaOf(warped)
	smooth := keepEdges(luma, w, h, 2, 80)
	strength := textureStrength(luma, smooth, w, h)
	fine := noiseField{seed: rng.Uint64(), cell: 1.9}
	mid := noiseField{seed: rng.Uint64(), cell: 3.7}
	var gain, shift [3]float64
	for c := range 3 {
		gain[c] = 1 + 0.025*rng.NormFloat64()
		shift[c] = 2.5 * rng.NormFloat64()
	}
	for c := range 3 {
		ch := channelOf(warped, c)
		soft := keepEdges(ch, w, h, 2, 80)
		for y := range h {
			for x := range w {
				i := y*w + x
				made := float64(strength[i]) * (1.1*fine.at(float64(x), float64(y)) + 0.9*mid.at(float64(x), float64(y)))
				out.Pix[y*out.Stride+4*x+c] = level((float64(soft[i])+made)*gain[c] + shift[c])
			}
		}
	}
	return out
}

// warp moves everything by a smooth random field of at most 1.5 pixels.
func warp(img *image.RGBA, rng *rand.Rand) *image.RGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	cell := max(40, math.Sqrt(float64(w*h))/9)
	dx, dy := noiseField{rng.Uint64(), cell}, noiseField{rng.Uint64(), cell}
	most := 0.6 + 0.45*rng.Float64() // each way; the diagonal stays under 1.5
	out := image.NewRGBA(img.Rect)
	for y := range h {
		for x := range w {
			fx, fy := float64(x), float64(y)
			sx, sy := fx+0.5+most*dx.at(fx, fy), fy+0.5+most*dy.at(fx, fy)
			px := out.Pix[y*out.Stride+4*x:][:4:4]
			for c := range 3 {
				px[c] = level(sample(img, sx, sy, c))
			}
			px[3] = 255
		}
	}
	return out
}

// keepEdges smooths within squares of side 2r+1 but not across edges whose
// variance is well above eps (levels squared): the self-guided filter of He,
// Sun and Tang, "Guided Image Filtering", TPAMI 2013, equations 5, 6 and 8.
func keepEdges(src []float32, w, h, r int, eps float32) []float32 {
	square := make([]float32, len(src))
	for i, v := range src {
		square[i] = v * v
	}
	mean, meanSq := boxBlur(src, w, h, r), boxBlur(square, w, h, r)
	a, b := square, make([]float32, len(src))
	for i := range src {
		variance := max(0, meanSq[i]-mean[i]*mean[i])
		a[i] = variance / (variance + eps)
		b[i] = mean[i] * (1 - a[i])
	}
	a, b = boxBlur(a, w, h, r), boxBlur(b, w, h, r)
	for i, v := range src {
		b[i] += a[i] * v
	}
	return b
}

// textureStrength is the local standard deviation of what smoothing took away:
// as much texture is made up as was lost there.
func textureStrength(src, smooth []float32, w, h int) []float32 {
	lost := make([]float32, len(src))
	for i := range src {
		d := src[i] - smooth[i]
		lost[i] = d * d
	}
	lost = boxBlur(lost, w, h, 5)
	for i, v := range lost {
		lost[i] = float32(math.Sqrt(float64(max(v, 0)))) // a running sum may end a hair below zero
	}
	return lost
}

func lumaOf(img *image.RGBA) []float32 {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := make([]float32, w*h)
	for y := range h {
		for x := range w {
			p := img.Pix[y*img.Stride+4*x:][:3:3]
			out[y*w+x] = 0.299*float32(p[0]) + 0.587*float32(p[1]) + 0.114*float32(p[2])
		}
	}
	return out
}

func channelOf(img *image.RGBA, c int) []float32 {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := make([]float32, w*h)
	for y := range h {
		for x := range w {
			out[y*w+x] = float32(img.Pix[y*img.Stride+4*x+c])
		}
	}
	return out
}
