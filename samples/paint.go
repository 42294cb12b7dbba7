package samples

import (
	"image"
	"image/draw"
	"math/rand/v2"

	"github.com/evenhand/evenhand/samples/forge"
)

// leastPaint is the share of a picture that painted damage must alter.
const leastPaint = 0.003

// paint forges damage of a kind on a picture, on the product only, and where
// crop is set cuts the result to between 70 and 95 % of its width and height.
// subject has the picture's proportions, if not its size.
func paint(img *image.RGBA, subject *image.Alpha, kind forge.Kind, crop bool, r *rand.Rand) (*image.RGBA, *Harm) {
	b := img.Bounds()
	var out *image.RGBA
	var mask *image.Alpha
	// Damage that fell beside the product is tried again elsewhere.
	for range 8 {
		out, mask = forge.Paint(img, kind, r)
		if keepOn(out, img, mask, subject) > int(leastPaint*float64(b.Dx()*b.Dy())) {
			break
		}
	}
	if crop {
		w, h := int(float64(b.Dx())*between(r, 0.7, 0.95)), int(float64(b.Dy())*between(r, 0.7, 0.95))
		x, y := int(float64(b.Dx()-w)*between(r, 0.2, 0.8)), int(float64(b.Dy()-h)*between(r, 0.2, 0.8))
		cut := image.Rect(x, y, x+w, y+h)
		out = toRGBA(out.SubImage(cut))
		part := image.NewAlpha(image.Rect(0, 0, w, h))
		draw.Draw(part, part.Rect, mask, cut.Min, draw.Src)
		mask = part
	}
	return out, &Harm{Kind: string(kind), Painted: true, Region: area(mask)}
}

// keepOn puts the original back outside the subject, clears the mask there and
// returns how many altered pixels are left.
func keepOn(out, original *image.RGBA, mask, subject *image.Alpha) int {
	w, h := out.Rect.Dx(), out.Rect.Dy()
	sw, sh := subject.Rect.Dx(), subject.Rect.Dy()
	left := 0
	for y := range h {
		for x := range w {
			i := mask.PixOffset(mask.Rect.Min.X+x, mask.Rect.Min.Y+y)
			if subject.Pix[y*sh/h*subject.Stride+x*sw/w] == 0 {
				mask.Pix[i] = 0
				copy(out.Pix[y*out.Stride+4*x:][:4], original.Pix[y*original.Stride+4*x:][:4])
			} else if mask.Pix[i] > 127 {
				left++
			}
		}
	}
	return left
}
