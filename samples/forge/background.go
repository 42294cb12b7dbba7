package forge

import (
	"image"
	"math"
)

// ReplaceBackground returns img with everything outside subject taken from bg:
// the edit that keeps the goods and makes up a new scene. subject has img's
// size (255 on the subject); its edge is feathered by a pixel or two as a
// matting tool leaves it. bg is scaled to cover the picture. A soft contact
// shadow is laid under the subject. Pixels with full subject opacity are img's
// own, unchanged.
func ReplaceBackground(img *image.RGBA, subject *image.Alpha, bg *image.RGBA) *image.RGBA {
	out := clone(img)
	w, h := out.Rect.Dx(), out.Rect.Dy()
	if bg.Rect.Empty() || w == 0 || h == 0 {
		return out
	}
	hard := make([]float32, w*h)
	for y := range h {
		for x := range w {
			hard[y*w+x] = float32(subject.AlphaAt(subject.Rect.Min.X+x, subject.Rect.Min.Y+y).A) / 255
		}
	}
	alpha := boxBlur(hard, w, h, 1)
	reach := max(2, int(math.Sqrt(float64(w*h))*0.02))
	shadow := boxBlur(boxBlur(hard, w, h, reach), w, h, reach)
	scale := max(float64(w)/float64(bg.Rect.Dx()), float64(h)/float64(bg.Rect.Dy()))
	offX := (float64(bg.Rect.Dx()) - float64(w)/scale) / 2
	offY := (float64(bg.Rect.Dy()) - float64(h)/scale) / 2
	for y := range h {
		for x := range w {
			a := float64(alpha[y*w+x])
			if hard[y*w+x] == 1 && a > 0.999 {
				continue
			}
			dark := 1 - 0.35*float64(shadow[max(0, y-reach/2)*w+x])
			px := out.Pix[y*out.Stride+4*x:][:3:3]
			for c := range 3 {
				behind := sample(bg, (float64(x)+0.5)/scale+offX, (float64(y)+0.5)/scale+offY, c) * dark
				px[c] = level(behind + a*(float64(px[c])-behind))
			}
		}
	}
	return out
}

// sample reads channel c of img at (x, y), bilinear, edges repeated.
func sample(img *image.RGBA, x, y float64, c int) float64 {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	x, y = clamp(x-0.5, 0, float64(w-1)), clamp(y-0.5, 0, float64(h-1))
	x0, y0 := int(x), int(y)
	x1, y1 := min(x0+1, w-1), min(y0+1, h-1)
	u, v := x-float64(x0), y-float64(y0)
	at := func(x, y int) float64 { return float64(img.Pix[y*img.Stride+4*x+c]) }
	return (at(x0, y0)*(1-u)+at(x1, y0)*u)*(1-v) + (at(x0, y1)*(1-u)+at(x1, y1)*u)*v
}

// boxBlur averages over squares of side 2r+1, edges repeated.
func boxBlur(src []float32, w, h, r int) []float32 {
	mid, out := make([]float32, w*h), make([]float32, w*h)
	blurLines(mid, src, h, w, w, 1, r)
	blurLines(out, mid, w, h, 1, w, r)
	return out
}

// blurLines runs a sliding mean along count lines of n samples each.
func blurLines(dst, src []float32, count, n, lineStep, step, r int) {
	norm := 1 / float64(2*r+1)
	for l := range count {
		at := func(i int) float64 { return float64(src[l*lineStep+max(0, min(n-1, i))*step]) }
		sum := 0.0
		for i := -r; i <= r; i++ {
			sum += at(i)
		}
		for i := range n {
			dst[l*lineStep+i*step] = float32(sum * norm)
			sum += at(i+r+1) - at(i-r)
		}
	}
}
