package pdq

// Form is one of the eight ways a picture can be flipped and turned.
type Form int

// The forms, in the paper's order. FlipX mirrors about the horizontal axis (up
// and down change places), FlipY about the vertical one, FlipPlus1 about the
// diagonal from the top left (a transpose), FlipMinus1 about the other.
const (
	Original Form = iota
	Rotate90
	Rotate180
	Rotate270
	FlipX
	FlipY
	FlipPlus1
	FlipMinus1
	Forms // how many there are
)

// String returns the form's name.
func (f Form) String() string {
	return [...]string{
		"original", "rotate-90", "rotate-180", "rotate-270",
		"flip-x", "flip-y", "flip-plus-1", "flip-minus-1",
	}[f]
}

// turned returns the spectrum of the picture under form f. Mirroring an axis
// changes the sign of its odd frequencies, which sit at even indices here as
// the first is frequency 1; a transpose of the picture transposes its
// spectrum.
func (s *spectrum) turned(f Form) *spectrum {
	var swap, down, across bool // transpose first, then mirror
	switch f {
	case Rotate90:
		swap, down = true, true
	case Rotate180:
		down, across = true, true
	case Rotate270:
		swap, across = true, true
	case FlipX:
		down = true
	case FlipY:
		across = true
	case FlipPlus1:
		swap = true
	case FlipMinus1:
		swap, down, across = true, true, true
	}
	var out spectrum
	for i := range out {
		for j := range out[i] {
			v := s[i][j]
			if swap {
				v = s[j][i]
			}
			if (down && i%2 == 0) != (across && j%2 == 0) {
				v = -v
			}
			out[i][j] = v
		}
	}
	return &out
}
