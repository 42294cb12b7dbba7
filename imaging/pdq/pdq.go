package pdq

import "github.com/evenhand/evenhand/imaging"

// smallest is the width and height below which no hash is taken, as in the
// reference implementation.
const smallest = 5

// sampled is the number of columns and of rows read of a larger picture.
const sampled = 512

// flat is the spread of the thumbnail's luma below which only rounding is
// left to look at.
const flat = 1e-3

// Compute returns the hash of the upright picture and its quality, 0 to 100.
// A picture under 5 pixels wide or high, or of one colour, has the zero hash
// and quality 0.
func Compute(p *imaging.Picture) (Hash, int) {
	t := thumbnailOf(p)
	return hashOf(t), t.quality()
}

// ComputeLuma is Compute for a picture given as its upright luma.
func ComputeLuma(p *imaging.Plane) (Hash, int) {
	t := reduce(planeSource{p}, 1)
	return hashOf(t), t.quality()
}

// Dihedral returns the hashes of the upright picture under all eight flips and
// quarter turns, indexed by Form, and its quality, which they share. The seven
// further forms cost next to nothing: they are sign changes and a transpose of
// the one spectrum. They lie near the hashes of pictures really turned, up
// to some 18 bits away, as the thumbnail is not quite symmetric.
func Dihedral(p *imaging.Picture) ([Forms]Hash, int) {
	t := thumbnailOf(p)
	var all [Forms]Hash
	if t.isFlat() {
		return all, 0
	}
	s := transform(t)
	for f := range all {
		all[f] = s.turned(Form(f)).bits()
	}
	return all, t.quality()
}

func hashOf(t *thumbnail) Hash {
	if t.isFlat() {
		return Hash{}
	}
	return transform(t).bits()
}

func thumbnailOf(p *imaging.Picture) *thumbnail {
	return reduce(sourceOf(p.Stored), p.Orientation)
}

// reduce returns the thumbnail of src turned upright from the given EXIF
// orientation. Turning changes which samples are read in which order instead
// of moving pixels; the result is that of the turned picture.
//
// A picture more than 512 pixels wide or high is brought to 512 x 512 first,
// not by averaging but by keeping 512 of its rows and columns (both, even
// where one is shorter). The paper does not say so: the reference
// implementation does it, and hashes of large pictures that skip it are 2 to 8
// bits away from its own.
func reduce(src source, orientation int) *thumbnail {
	width, height := src.size()
	if width < smallest || height < smallest {
		return &thumbnail{}
	}
	columns, rows := width, height
	if width > sampled || height > sampled {
		columns, rows = sampled, sampled
	}
	var farX, farY bool // stored columns, rows run from upright's far end
	switch orientation {
	case 2, 8:
		farX = true
	case 3, 7:
		farX, farY = true, true
	case 4, 6:
		farY = true
	}
	t := shrink(src, axisOf(width, columns, farX), axisOf(height, rows, farY))
	if orientation >= 5 && orientation <= 8 {
		t.transpose()
	}
	return t
}

func (t *thumbnail) transpose() {
	for i := range t {
		for j := range i {
			t[i][j], t[j][i] = t[j][i], t[i][j]
		}
	}
}

func (t *thumbnail) isFlat() bool {
	low, high := t[0][0], t[0][0]
	for i := range t {
		for _, v := range t[i] {
			low, high = min(low, v), max(high, v)
		}
	}
	return high-low < flat
}

// quality grows with the sum of steps between neighbouring samples: a step
// counts in whole hundredths of full scale, so that faint noise counts
// nothing, and 90 points of sum make one of quality (the reference
// implementation's scale).
func (t *thumbnail) quality() int {
	sum := 0
	for i := range t {
		for j, v := range t[i] {
			if i > 0 {
				sum += step(t[i-1][j], v)
			}
			if j > 0 {
				sum += step(t[i][j-1], v)
			}
		}
	}
	return min(sum/90, 100)
}

func step(a, b float32) int {
	d := int((a - b) * 100 / 255)
	return max(d, -d)
}
