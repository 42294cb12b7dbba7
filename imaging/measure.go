package imaging

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
	s := Size{Format: string(f), Width: int(h.width), Height: int(h.height)}
	if h.orientation >= 5 {
		s.Width, s.Height = s.Height, s.Width
	}
	return s, nil
}
