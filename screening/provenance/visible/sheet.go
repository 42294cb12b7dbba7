package visible

import (
	"image"
	"math"

	"github.com/evenhand/evenhand/imaging"
)

const (
	// readSide bounds the shorter side, in pixels, of the sheet, which lines
	// are cut from: letters of 2 % of it are 24 high there.
	readSide = 1200
	// stripSide bounds, in the same way, what the finder's bands are made
	// from: twice the finer of finderSides.
	stripSide = 760
)

// sheet is the upright picture in gray, its shorter side readSide at most. Only
// what is asked for is made: of a picture of many megapixels, its edges for the
// finder and a few lines for the reader.
type sheet struct {
	picture       *imaging.Picture
	width, height int
}

func sheetOf(p *imaging.Picture) sheet {
	short := min(p.Width, p.Height)
	at := func(side int) int {
		return max(int(math.Round(float64(side)*float64(min(short, readSide))/float64(short))), 1)
	}
	return sheet{p, at(p.Width), at(p.Height)}
}

// part is where a part of the sheet lies in the picture.
func (s sheet) part(r image.Rectangle) image.Rectangle {
	x := func(v int) int { return int(math.Round(float64(v) * float64(s.picture.Width) / float64(s.width))) }
	y := func(v int) int { return int(math.Round(float64(v) * float64(s.picture.Height) / float64(s.height))) }
	return image.Rect(x(r.Min.X), y(r.Min.Y), x(r.Max.X), y(r.Max.Y))
}

// strip is part of the sheet over its whole width, in fewer pixels.
type strip struct {
	gray  *imaging.Plane
	sheet sheet
	rows  int // its height in the sheet
}

// strip cuts rows of the sheet from top on.
func (s sheet) strip(top, rows int) strip {
	less := min(1, stripSide/float64(min(s.width, s.height)))
	w, h := int(math.Round(less*float64(s.width))), int(math.Round(less*float64(rows)))
	return strip{s.picture.LumaOf(s.part(image.Rect(0, top, s.width, top+rows)), w, h), s, rows}
}

// band is rows of the strip from top on, both counted in the sheet's pixels, at
// the finder's size, of which a pixel is scale of the sheet's.
func (s strip) band(top, rows int, scale float64) *imaging.Plane {
	at := func(v int) int { return int(math.Round(float64(v) * float64(s.gray.Height) / float64(s.rows))) }
	y0, y1 := at(top), max(at(top+rows), at(top)+1)
	w := s.gray.Width
	cut := &imaging.Plane{Width: w, Height: y1 - y0, Pix: s.gray.Pix[y0*w : y1*w]}
	return imaging.Resize(cut, max(int(math.Round(float64(s.sheet.width)/scale)), 1), bandHeight)
}

// cut is part of the sheet; beyond the picture its edge is repeated.
func (s sheet) cut(left, top, w, h int) *imaging.Plane {
	r := image.Rect(left, top, left+w, top+h)
	in := r.Intersect(image.Rect(0, 0, s.width, s.height))
	if in.Empty() { // a line lies within the sheet, so its crop does in part
		return imaging.NewPlane(w, h)
	}
	inside := s.picture.LumaOf(s.part(in), in.Dx(), in.Dy())
	if in == r {
		return inside
	}
	out := imaging.NewPlane(w, h)
	for y := range h {
		row, dst := inside.Row(min(max(top+y-in.Min.Y, 0), inside.Height-1)), out.Row(y)
		for x := range dst {
			dst[x] = row[min(max(left+x-in.Min.X, 0), inside.Width-1)]
		}
	}
	return out
}
