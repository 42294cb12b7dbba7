// Package jpeg reads what a JPEG file stores: quantisation tables, sampling
// and DCT coefficients (ITU-T T.81), of baseline, extended and progressive
// Huffman-coded files, as far as a damaged or cut file goes. It is not a fast
// way to pixels: image/jpeg is, for the files it accepts. Image rebuilds
// pixels for those it refuses.
package jpeg

import "fmt"

// File is what one JPEG file stores.
type File struct {
	Width, Height int // in pixels, as stored
	Progressive   bool
	Components    []Component
	// QuantTables are the tables as the file left them, in natural (row) order;
	// nil where a table was never defined.
	QuantTables [4]*[64]uint16
	// Adobe is the transform byte of the APP14 segment (0 RGB or CMYK, 1 YCbCr,
	// 2 YCCK), or -1 where there is no such segment.
	Adobe int
	// JFIF is true where an APP0 JFIF segment is present.
	JFIF bool
	// RestartInterval is the last one defined, in MCUs; 0 is none.
	RestartInterval int
	// Scans is how many scans were read, wholly or in part.
	Scans int
	// Problem says, in English, what was wrong with the entropy-coded data;
	// empty for a sound file. Coefficients that were not read are 0.
	Problem string
}

// Component is one colour component.
type Component struct {
	ID   byte
	H, V int // sampling factors, 1 to 4
	Tq   int // index of the quantisation table
	// Quant is the table in force at the component's first scan, natural order;
	// nil where there was none.
	Quant *[64]uint16
	// Width and Height are the component's samples that belong to the picture.
	Width, Height int
	// BlocksWide and BlocksHigh count 8 x 8 blocks, padded to whole MCUs.
	BlocksWide, BlocksHigh int
	// Coefficients holds 64 quantised DCT coefficients a block in natural
	// order, blocks in row order.
	Coefficients []int16
}

// Block returns the coefficients of the block in column bx and row by.
func (c *Component) Block(bx, by int) []int16 {
	at := 64 * (by*c.BlocksWide + bx)
	return c.Coefficients[at : at+64 : at+64]
}

// UnsupportedError names a kind of JPEG that this package does not read.
type UnsupportedError string

func (e UnsupportedError) Error() string { return "unsupported JPEG: " + string(e) }

// FormatError says what in the file is not as T.81 has it.
type FormatError string

func (e FormatError) Error() string { return "damaged JPEG: " + string(e) }

// MemoryError says that the coefficients would not fit the caller's bound.
type MemoryError struct{ Need, Limit int64 } // in bytes

func (e MemoryError) Error() string {
	return fmt.Sprintf("JPEG coefficients need %d bytes, over the limit of %d", e.Need, e.Limit)
}

// zigzag[k] is the natural index of the k-th coefficient in zigzag order (T.81, figure 5).
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}
