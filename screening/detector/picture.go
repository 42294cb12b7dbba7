package detector

import (
	"image"

	"github.com/evenhand/evenhand/imaging"
)

// numbers makes of a picture what the network takes.
func (in Input) numbers(pic *imaging.Picture) ([]float32, error) {
	w, h := in.Width, in.Height
	sw, sh := w, h
	switch in.Fit {
	case "crop": // covers w x h
		if pic.Width*h > pic.Height*w {
			sw = max(w, (pic.Width*h+pic.Height/2)/pic.Height)
		} else {
			sh = max(h, (pic.Height*w+pic.Width/2)/pic.Width)
		}
	case "centre":
		sw, sh = pic.Width, pic.Height
		if sw < w || sh < h {
			return nil, problem("", "the picture is smaller than the %d x %d pixels that the detector looks at", "图片小于检测器所看的 %d × %d 像素", w, h)
		}
	}
	// A strip a thousand times as long as wide would be covered at a cost.
	if sw*sh > 64*w*h+1<<24 {
		return nil, problem("", "the picture is too narrow for this detector", "图片过于狭长，检测器无法处理")
	}
	small := pic.Shrink(sw, sh)
	out := make([]float32, 3*w*h)
	left, top := (sw-w)/2, (sh-h)/2
	for c := range 3 {
		plane := channel(small, c)
		if plane.Width != sw || plane.Height != sh {
			plane = imaging.Resize(plane, sw, sh)
		}
		at := c
		if in.Colours == "bgr" {
			at = 2 - c
		}
		scale, shift := float32(in.Scale/in.Deviation[at]), float32(in.Mean[at]/in.Deviation[at])
		for y := range h {
			row := plane.Row(top + y)[left:][:w]
			for x, v := range row {
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
