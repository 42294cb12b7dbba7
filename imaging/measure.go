package imaging

import (
	"context"

	"github.com/evenhand/evenhand/imaging/jpeg"
)

// Size is what a picture file says of itself before any of it is decoded.
type Size struct {
	Format string // as Picture.Format
	// Width and Height are the upright picture's, in pixels; 0 where a broken
	// file does not get as far as saying so, and in AVIF, which
	// declares the room that a picture takes and not its size.
	Width, Height int
}

// Measure reads a picture file's size from its header, which costs nothing
// beside decoding it. A file that no decoder here takes, or one beyond the
// limits, is an *Error, as Decode would answer.
func Measure(data []byte, lim Limits) (Size, error) {
	lim = lim.orDefault()
	if len(data) == 0 {
		return Size{}, &Error{Code: Empty}
	}
	if int64(len(data)) > lim.MaxBytes {
		return Size{}, tooLarge(int64(len(data)), lim.MaxBytes)
	}
	f, err := sniff(data)
	if err != nil {
		return Size{}, err
	}
	h := readHeader(f, data)
	if err := h.check(lim); err != nil {
		return Size{}, err
	}
	if f == formatAVIF || h.still == nil && f == formatHEIC {
		return Size{Format: string(f)}, nil
	}
	if h.still != nil {
		h.width, h.height = h.still.Width, h.still.Height
	}
	s := Size{Format: string(f), Width: int(h.width), Height: int(h.height)}
	if h.orientation >= 5 {
		s.Width, s.Height = s.Height, s.Width
	}
	return s, nil
}

// Check says whether a file can be read here, as far as what it declares tells:
// a kind that is not read, too many pixels, a need beyond what the process may
// decode with, HEIC and AVIF whose parts are missing. Nothing is decoded, so a
// file may still turn out to be damaged. Its errors are *Error.
func Check(data []byte, lim Limits) error {
	lim = lim.orDefault()
	if len(data) == 0 {
		return &Error{Code: Empty}
	}
	f, err := sniff(data)
	if err != nil {
		return err
	}
	if err := check(f, data, int64(len(data)), lim); err != nil || f != formatJPEG {
		return err
	}
	if _, err := jpeg.CheckWork(data); err != nil {
		return jpegError(err)
	}
	return nil
}

// check is Check of a file of size bytes, of which data is enough, less a JPEG's scans.
func check(f format, data []byte, size int64, lim Limits) error {
	h := readHeader(f, data)
	if err := h.check(lim); err != nil {
		return err
	}
	if f == formatHEIC && h.still == nil || f == formatAVIF && h.width == 0 {
		return &Error{Code: Broken}
	}
	if need := h.need(size); need > BudgetSize() {
		return tooMuchMemory(need, BudgetSize())
	}
	return nil
}

// headBytes is how much of a file is read at first, in bytes: most headers lie
// within it, a phone's with EXIF, a preview and a colour profile too.
const headBytes = 256 << 10

// CheckWithin is Check of a file of size bytes, of which head gives the first n.
// All of it is read only where its beginning does not tell, and then within the
// process's budget, so that many at once do not fill its memory.
func CheckWithin(ctx context.Context, size int64, head func(n int) ([]byte, error)) error {
	if size > headBytes {
		data, err := head(headBytes)
		if err != nil {
			return err
		}
		if f, err := sniff(data); err == nil && headTells(f, data) {
			return check(f, data, size, Limits{MaxBytes: size}.orDefault())
		}
	}
	s, err := budgetNow().take(ctx, size)
	if err != nil {
		return err
	}
	defer s.drop()
	data, err := head(int(size))
	if err != nil {
		return err
	}
	return Check(data, Limits{MaxBytes: size})
}

// headTells says whether the first bytes of a file hold all that its decoding is
// planned by: whatever follows, readHeader would say the same of it, if its chunks
// are in their order.
func headTells(f format, data []byte) bool {
	switch f {
	case formatGIF, formatBMP:
		return true
	case formatJPEG:
		// The frame header begins, and is no longer than that. A progressive
		// file's scans are counted, and lie all over it.
		const longest = 2 + 8 + 3*255 + 2
		if len(data) <= longest {
			return false
		}
		h := jpegHeader(data[:len(data)-longest])
		return h.width > 0 && !h.jpeg.progressive
	case formatPNG:
		for c := range pngChunks(data) {
			if c.kind == "IDAT" {
				return true
			}
		}
	case formatWebP:
		for c := range riffChunks(data) {
			if c.kind == "VP8 " || c.kind == "VP8L" {
				return len(c.body) >= 10
			}
		}
	}
	return false // HEIC, AVIF and TIFF may have it at the end
}
