package detector

import (
	"image"

	"github.com/evenhand/evenhand/imaging"
)

// numbers makes of a picture what the network takes. The part that it sees is cut
// out first, so that what lies around costs nothing, however much there is.
func (in Input) numbers(pic *imaging.Picture) ([]float32, error) {
	w, h := in.Width, in.Height
	part, err := in.part(pic)
	if err != nil {
		return nil, err
	}
	small := part.Shrink(w, h)
	out := make([]float32, 3*w*h)
	for c := range 3 {
		plane := channel(small, c)
		if plane.Width != w || plane.Height != h {
			plane = imaging.Resize(plane, w, h)
		}
		at := c
		if in.Colours == "bgr" {
			at = 2 - c
		}
		scale, shift := float32(in.Scale/in.Deviation[at]), float32(in.Mean[at]/in.Deviation[at])
		for y := range h {
			for x, v := range plane.Row(y)[:w] {
				place := at*w*h + y*w + x
				if in.Layout == "nhwc" {
					place = (y*w+x)*3 + at
				}
				out[place] = v*scale - shift
			}
		}
	}
	return out, nil
}

// part is what of a picture the network sees, before it is scaled.
func (in Input) part(pic *imaging.Picture) (*imaging.Picture, error) {
	stored := pic.Stored.Bounds().Size()
	if pic.Orientation >= 5 {
		stored.X, stored.Y = stored.Y, stored.X
	}
	w, h := in.Width, in.Height
	switch in.Fit {
	case "crop": // the most of the picture that is as wide to its height as the input
		cut := stored
		if stored.X*h > stored.Y*w {
			cut.X = max(1, (stored.Y*w+h/2)/h)
		} else {
			cut.Y = max(1, (stored.X*h+w/2)/w)
		}
		return middle(pic, cut), nil
	case "centre":
		if pic.Width < w || pic.Height < h {
			return nil, problem("", "the picture is smaller than the %d x %d pixels that the detector looks at", "图片小于检测器所看的 %d × %d 像素", w, h)
		}
		if stored.X != pic.Width || stored.Y != pic.Height {
			return nil, problem("", "the picture is so large that it was read smaller, and the detector looks at pixels as they are",
				"图片太大，读取时已缩小，而检测器要看原样的像素")
		}
		return middle(pic, image.Pt(w, h)), nil
	}
	return pic, nil
}

// middle is the upright picture's middle of size, in stored pixels, sharing them.
// Turning keeps the middle where it is.
func middle(pic *imaging.Picture, size image.Point) *imaging.Picture {
	own := size
	if pic.Orientation >= 5 {
		own.X, own.Y = own.Y, own.X
	}
	b := pic.Stored.Bounds()
	at := b.Min.Add(b.Size().Sub(own).Div(2))
	if _, ok := pic.Stored.(*image.YCbCr); ok {
		at = image.Pt(at.X&^3, at.Y&^1) // colours are kept for up to 4 x 2 pixels together
	}
	cut, ok := pic.Stored.(interface {
		SubImage(r image.Rectangle) image.Image
	})
	if !ok || own == b.Size() {
		return pic
	}
	return &imaging.Picture{
		Format: pic.Format, Width: size.X, Height: size.Y, Orientation: pic.Orientation,
		Stored: cut.SubImage(image.Rectangle{at, at.Add(own)}),
	}
}

func (in Input) shape() []int {
	if in.Layout == "nhwc" {
		return []int{1, in.Height, in.Width, 3}
	}
	return []int{1, 3, in.Height, in.Width}
}

// channel is one colour of a picture.
func channel(m *image.RGBA, c int) *imaging.Plane {
	b := m.Bounds()
	out := imaging.NewPlane(b.Dx(), b.Dy())
	for y := range b.Dy() {
		row, line := out.Row(y), m.Pix[y*m.Stride:]
		for x := range row {
			row[x] = float32(line[4*x+c])
		}
	}
	return out
}
