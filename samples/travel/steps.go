package travel

import (
	"fmt"
	"image"
	"image/draw"
	"math"

	"github.com/evenhand/evenhand/imaging"
)

// smallest is the shorter side, in pixels, below which Crop and Rescale do not
// go: no shop takes a thumbnail for evidence.
const smallest = 112

// Crop keeps a window, in fractions of the picture's sides.
type Crop struct{ X, Y, Width, Height float64 }

func (s Crop) String() string {
	return fmt.Sprintf("crop %.2fx%.2f at %.2f,%.2f", s.Width, s.Height, s.X, s.Y)
}

func (s Crop) do(img *image.RGBA) (*image.RGBA, imaging.Affine, error) {
	x, w := window(img.Rect.Dx(), s.X, s.Width)
	y, h := window(img.Rect.Dy(), s.Y, s.Height)
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Rect, img, image.Pt(x, y), draw.Src)
	return out, imaging.Affine{A: 1, E: 1, C: float64(x), F: float64(y)}, nil
}

// window turns fractions of n pixels into a start and a length.
func window(n int, start, length float64) (from, size int) {
	size = min(n, max(smallest, int(math.Round(length*float64(n)))))
	return max(0, min(n-size, int(math.Round(start*float64(n))))), size
}

// Rescale multiplies both sides by Factor.
type Rescale struct {
	Factor float64
	Filter Filter
}

func (s Rescale) String() string { return fmt.Sprintf("rescale %.2f %s", s.Factor, s.Filter) }

func (s Rescale) do(img *image.RGBA) (*image.RGBA, imaging.Affine, error) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	f := s.Factor
	if f < 1 {
		f = min(1, max(f, smallest/float64(min(w, h))))
	}
	nw, nh := max(1, int(math.Round(f*float64(w)))), max(1, int(math.Round(f*float64(h))))
	if nw == w && nh == h {
		return img, imaging.ScaleBy(1, 1), nil
	}
	return resample(img, nw, nh, s.Filter), imaging.ScaleBy(float64(w)/float64(nw), float64(h)/float64(nh)), nil
}

// Flip mirrors the picture: left to right, or top to bottom where Vertical.
type Flip struct{ Vertical bool }

func (s Flip) String() string {
	if s.Vertical {
		return "flip top to bottom"
	}
	return "flip left to right"
}

func (s Flip) do(img *image.RGBA) (*image.RGBA, imaging.Affine, error) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	back := imaging.Affine{A: -1, E: 1, C: float64(w)}
	if s.Vertical {
		back = imaging.Affine{A: 1, E: -1, F: float64(h)}
	}
	return rearrange(img, w, h, back), back, nil
}

// Turn turns the picture clockwise by quarters.
type Turn struct{ Quarters int }

func (s Turn) String() string { return fmt.Sprintf("turn %d degrees", 90*s.Quarters) }

func (s Turn) do(img *image.RGBA) (*image.RGBA, imaging.Affine, error) {
	w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
	switch ((s.Quarters % 4) + 4) % 4 {
	case 1:
		back := imaging.Affine{B: 1, D: -1, F: h}
		return rearrange(img, int(h), int(w), back), back, nil
	case 2:
		back := imaging.Affine{A: -1, E: -1, C: w, F: h}
		return rearrange(img, int(w), int(h), back), back, nil
	case 3:
		back := imaging.Affine{B: -1, D: 1, C: w}
		return rearrange(img, int(h), int(w), back), back, nil
	}
	return img, imaging.ScaleBy(1, 1), nil
}

// rearrange fills a picture of w x h from img by a map that takes pixel centres
// to pixel centres.
func rearrange(img *image.RGBA, w, h int, back imaging.Affine) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := back.Apply(float64(x)+0.5, float64(y)+0.5)
			copy(out.Pix[y*out.Stride+4*x:][:4], img.Pix[int(sy)*img.Stride+4*int(sx):][:4])
		}
	}
	return out
}

// Rotate turns the picture clockwise by a few degrees. The corners are filled
// with Fill (a grey level), or, where Cropped, cut away.
type Rotate struct {
	Degrees float64
	Cropped bool
	Fill    uint8
}

func (s Rotate) String() string {
	if s.Cropped {
		return fmt.Sprintf("rotate %+.1f degrees, cropped", s.Degrees)
	}
	return fmt.Sprintf("rotate %+.1f degrees, filled", s.Degrees)
}

func (s Rotate) do(img *image.RGBA) (*image.RGBA, imaging.Affine, error) {
	w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
	sin, cos := math.Sincos(s.Degrees * math.Pi / 180)
	nw, nh := w, h
	if s.Cropped {
		// The largest window of the same shape that needs no filling.
		k := 1 / (cos + math.Abs(sin)*max(w/h, h/w))
		nw, nh = math.Floor(w*k), math.Floor(h*k)
	}
	back := imaging.Affine{A: cos, B: sin, D: -sin, E: cos}
	back.C = w/2 - cos*nw/2 - sin*nh/2
	back.F = h/2 + sin*nw/2 - cos*nh/2
	out := image.NewRGBA(image.Rect(0, 0, max(1, int(nw)), max(1, int(nh))))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			sx, sy := back.Apply(float64(x)+0.5, float64(y)+0.5)
			cubicAt(img, sx, sy, s.Fill, out.Pix[y*out.Stride+4*x:][:4:4])
		}
	}
	return out, back, nil
}

// Tone changes light and colour. The zero of each field but Gamma and
// Saturation (whose neutral is 1) leaves things as they are.
type Tone struct {
	Brightness   float64 // levels added, of 255
	Contrast     float64 // slope about mid grey, less 1
	Gamma        float64 // 1 neutral, above 1 darkens the middle
	Saturation   float64 // 1 neutral, 0 grey
	Warmth, Tint float64 // white balance: red over blue, and green, shares of gain
}

func (s Tone) String() string {
	return fmt.Sprintf("tone brightness %+.0f contrast %+.2f gamma %.2f saturation %.2f warmth %+.2f tint %+.2f",
		s.Brightness, s.Contrast, s.Gamma, s.Saturation, s.Warmth, s.Tint)
}

func (s Tone) do(img *image.RGBA) (*image.RGBA, imaging.Affine, error) {
	out := image.NewRGBA(img.Rect)
	gain := [3]float64{1 + s.Warmth, 1 + s.Tint, 1 - s.Warmth}
	var curve [3][256]float64
	for c := range 3 {
		for v := range 256 {
			g := 255 * math.Pow(min(1, float64(v)*gain[c]/255), s.Gamma)
			curve[c][v] = (g-127.5)*(1+s.Contrast) + 127.5 + s.Brightness
		}
	}
	for i := 0; i < len(img.Pix); i += 4 {
		r, g, b := curve[0][img.Pix[i]], curve[1][img.Pix[i+1]], curve[2][img.Pix[i+2]]
		y := 0.299*r + 0.587*g + 0.114*b
		out.Pix[i] = level(y + s.Saturation*(r-y))
		out.Pix[i+1] = level(y + s.Saturation*(g-y))
		out.Pix[i+2] = level(y + s.Saturation*(b-y))
		out.Pix[i+3] = 255
	}
	return out, imaging.ScaleBy(1, 1), nil
}

// level rounds to a sample value.
func level(v float64) uint8 { return uint8(max(0, min(255, v)) + 0.5) }
