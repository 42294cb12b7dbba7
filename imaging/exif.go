package imaging

import "iter"

// tiff reads directories of the TIFF structure (TIFF 6.0, section 2), which
// EXIF shares. Every offset is checked; nothing is allocated.
type tiff struct {
	data  []byte
	big   bool // big-endian
	first int  // offset of the first directory
}

// newTIFF reads the eight-byte head.
func newTIFF(data []byte) (t tiff, ok bool) {
	if len(data) < 8 {
		return tiff{}, false
	}
	t.data = data
	switch string(data[:4]) {
	case "II*\x00":
	case "MM\x00*":
		t.big = true
	default:
		return tiff{}, false
	}
	first := t.u32(4)
	if uint64(first)+2 > uint64(len(data)) {
		return tiff{}, false
	}
	t.first = int(first)
	return t, true
}

func (t tiff) u16(at int) uint32 {
	if t.big {
		return uint32(be16(t.data[at:]))
	}
	return uint32(le16(t.data[at:]))
}

func (t tiff) u32(at int) uint32 {
	if t.big {
		return be32(t.data[at:])
	}
	return le32(t.data[at:])
}

// entry is one directory entry of a whole-number type, with its first value.
type entry struct{ tag, value uint32 }

// entries yields the BYTE, SHORT and LONG entries of the directory at offset
// at, as far as the data goes.
func (t tiff) entries(at int) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		n := int(t.u16(at))
		for i := range n {
			e := at + 2 + 12*i
			if e+12 > len(t.data) {
				return
			}
			if v, ok := t.value(e); ok && !yield(entry{t.u16(e), v}) {
				return
			}
		}
	}
}

// value reads the first value of the entry at offset e, following the pointer
// where the values do not fit the entry.
func (t tiff) value(e int) (uint32, bool) {
	size := map[uint32]uint64{1: 1, 3: 2, 4: 4}[t.u16(e+2)]
	count := uint64(t.u32(e + 4))
	if size == 0 || count == 0 {
		return 0, false
	}
	at := uint64(e + 8)
	if size*count > 4 {
		at = uint64(t.u32(e + 8))
		if at+size > uint64(len(t.data)) {
			return 0, false
		}
	}
	switch size {
	case 1:
		return uint32(t.data[at]), true
	case 2:
		return t.u16(int(at)), true
	}
	return t.u32(int(at)), true
}

// exifOrientation reads tag 0x0112 of the first directory of an EXIF block
// (the TIFF head onwards). It returns 1, upright, where there is none or where
// its value is none of 1 to 8.
func exifOrientation(exif []byte) int {
	t, ok := newTIFF(exif)
	if !ok {
		return 1
	}
	for e := range t.entries(t.first) {
		if e.tag == 0x0112 && e.value >= 1 && e.value <= 8 {
			return int(e.value)
		}
	}
	return 1
}
