// Package imaging turns files into pixels and pixels into numbers: decoding
// with bounds, upright luma planes, resampling, geometry. It knows nothing of
// claims, findings or people.
package imaging

import "image"

// Picture is one decoded picture file (first frame, where there are several).
type Picture struct {
	// Format is the container found in the bytes, not the file name's ending:
	// "jpeg", "png", "gif", "webp", "heic", "avif", "bmp" or "tiff".
	Format string
	// Width and Height are those of the upright picture, in pixels: EXIF
	// orientation (or HEIF irot/imir) is already counted in.
	Width, Height int
	// Stored holds the pixels as the file stores them, before Orientation. Of
	// a picture larger than mostStored they are means of squares of 2, 4 or
	// more pixels, taken while decoding: Stored is then that much smaller than
	// Width by Height, which stay the file's.
	Stored image.Image
	// Orientation is what turns Stored upright, in EXIF's numbering 1 to 8.
	Orientation int
	// Partial is true where the file ended or broke early and the missing part
	// of Stored is a guess; Problem says what was wrong, in English.
	Partial bool
	Problem string

	share *share // of the process's budget; nil where pixels did not come from a file
}

// Plane is one channel of samples in row order, 0 (black) to 255 (white).
type Plane struct {
	Width, Height int
	Pix           []float32 // len Width*Height
}

// NewPlane returns a black plane of the given size in pixels.
func NewPlane(width, height int) *Plane {
	return &Plane{Width: width, Height: height, Pix: make([]float32, width*height)}
}

// Row returns row y as a slice of the plane's own memory.
func (p *Plane) Row(y int) []float32 { return p.Pix[y*p.Width : (y+1)*p.Width] }
