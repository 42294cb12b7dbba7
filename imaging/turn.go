package imaging

// Upright takes a place in the stored picture, in fractions of its sides, to the
// place in the upright one. The orientation is EXIF's (EXIF 2.32, 4.6.4, tag
// 274); what is none of its eight leaves the picture as it is stored.
func Upright(x, y float64, orientation int) (float64, float64) {
	switch orientation {
	case 2:
		return 1 - x, y
	case 3:
		return 1 - x, 1 - y
	case 4:
		return x, 1 - y
	case 5:
		return y, x
	case 6:
		return 1 - y, x
	case 7:
		return 1 - y, 1 - x
	case 8:
		return y, 1 - x
	}
	return x, y
}

// Stored takes a place in the upright picture to the place in the stored one:
// Upright undone.
func Stored(x, y float64, orientation int) (float64, float64) {
	switch orientation { // quarter turns undo each other; the others undo themselves
	case 6:
		orientation = 8
	case 8:
		orientation = 6
	}
	return Upright(x, y, orientation)
}
