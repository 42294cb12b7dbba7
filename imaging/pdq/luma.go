package pdq

import (
	"image"
	"image/color"

	"github.com/evenhand/evenhand/imaging"
)

// sourceOf returns the reader of img's luma.
func sourceOf(img image.Image) source {
	switch m := img.(type) {
	case *image.YCbCr:
		return newYCbCrSource(m)
	case image.RGBA64Image:
		return rgbaSource{m}
	}
	return rgbaSource{plainImage{img}}
}

// luma returns ITU-R BT.601 luma, which the reference implementation takes.
// The conversions forbid fused multiplication and addition; see dot.
func luma(r, g, b float32) float32 {
	return float32(0.299*r) + float32(0.587*g) + float32(0.114*b)
}

// planeSource reads a plane that is luma already.
type planeSource struct{ p *imaging.Plane }

func (s planeSource) size() (int, int) { return s.p.Width, s.p.Height }

func (s planeSource) row(y int, xs []int, dst []float32) {
	from := s.p.Row(y)
	for k, x := range xs {
		dst[k] = from[x]
	}
}

// rgbaSource reads any image by its colours. What is transparent is laid on
// white, as a shop's page shows it.
type rgbaSource struct{ m image.RGBA64Image }

func (s rgbaSource) size() (int, int) { return s.m.Bounds().Dx(), s.m.Bounds().Dy() }

func (s rgbaSource) row(y int, xs []int, dst []float32) {
	origin := s.m.Bounds().Min
	for k, x := range xs {
		c := s.m.RGBA64At(origin.X+x, origin.Y+y)
		white := float32(0xffff-c.A) / 257
		dst[k] = luma(float32(c.R)/257+white, float32(c.G)/257+white, float32(c.B)/257+white)
	}
}

// plainImage gives RGBA64At to an image that has only At.
type plainImage struct{ image.Image }

func (m plainImage) RGBA64At(x, y int) color.RGBA64 {
	r, g, b, a := m.At(x, y).RGBA()
	return color.RGBA64{R: uint16(r), G: uint16(g), B: uint16(b), A: uint16(a)}
}
