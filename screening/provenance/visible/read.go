package visible

import (
	"math"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
)

const (
	// readHeight is the height of the reader's crops, and readEm the em of
	// letters in them, in pixels.
	readHeight = 32
	readEm     = 20
	// readColumn is how many pixels across one column of the answer is for.
	readColumn = 2
	// readMargin is what is read on either side of a line, in em: the finder's
	// ends are rough.
	readMargin = 1.2
	// readRadiusY and readRadiusX are the radii of level's box for the reader.
	readRadiusY, readRadiusX = 16, 24
)

// reader says what is written in a line.
type reader struct{ net net }

// columns holds, for each column of a line, the logarithm of the probability of
// each class.
type columns [][classCount]float32

// read reads a crop of readHeight.
func (r reader) read(crop *imaging.Plane) columns {
	y := r.net.run(level(crop, readRadiusY, readRadiusX))
	out := make(columns, 2*y.width)
	for i := range out {
		half, x := i%2, i/2
		var most float32 = -math.MaxFloat32
		for c := range classCount {
			v := y.at[(half*classCount+c)*y.width+x]
			out[i][c] = v
			most = max(most, v)
		}
		var sum float64
		for _, v := range out[i] {
			sum += math.Exp(float64(v - most))
		}
		log := most + float32(math.Log(sum))
		for c := range out[i] {
			out[i][c] -= log
		}
	}
	return out
}

// left is where the line's crop begins, and scale how many pixels of the gray
// picture one of the crop's is.
func (l line) left() (left, scale float64) {
	return l.x0 - readMargin*l.em, l.em / readEm
}

// width is that of the line's crop, in the reader's pixels.
func (l line) width() float64 {
	return min(((l.x1-l.x0)/l.em+2*readMargin)*readEm, maxColumns)
}

// crop cuts the line out of the sheet and brings it to the reader's size.
func (l line) crop(from sheet) *imaging.Plane {
	left, scale := l.left()
	width := l.width()
	x0, y0 := int(math.Round(left)), int(math.Round(l.y-scale*readHeight/2))
	w, h := max(int(math.Round(width*scale)), 1), max(int(math.Round(readHeight*scale)), 1)
	return imaging.Resize(from.cut(x0, y0, w, h), max(int(math.Round(width)), 8), readHeight)
}

// upright is a crop of slanted letters with their lean taken out: how far their
// tops lie to the right, by their height.
func upright(crop *imaging.Plane, lean float64) *imaging.Plane {
	out := imaging.NewPlane(crop.Width, crop.Height)
	for y := range crop.Height {
		by := lean * (float64(crop.Height)/2 - float64(y))
		whole := math.Floor(by)
		part := float32(by - whole)
		src, dst := crop.Row(y), out.Row(y)
		for x := range dst {
			at := min(max(x+int(whole), 0), crop.Width-1)
			dst[x] = src[at]*(1-part) + src[min(at+1, crop.Width-1)]*part
		}
	}
	return out
}

// region is where the words stand, from the columns that were read.
func (l line) region(from sheet, m match) evidence.Region {
	left, scale := l.left()
	x0 := left + scale*readColumn*float64(m.from) - l.em/2
	x1 := left + scale*readColumn*float64(m.to+1) + l.em/2
	w, h := float64(from.width), float64(from.height)
	cut := func(v float64) float64 { return min(max(v, 0), 1) }
	x, y := cut(x0/w), cut((l.y-0.6*l.em)/h)
	return evidence.Region{X: x, Y: y, Width: cut(x1/w) - x, Height: cut((l.y+0.6*l.em)/h) - y, Kind: evidence.Words}
}
