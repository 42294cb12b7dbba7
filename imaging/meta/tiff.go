package meta

import (
	"errors"
	"math"
)

var (
	errNotTIFF = errors.New("the EXIF block has no TIFF head")
	errNoIFD   = errors.New("the EXIF block has no directory")
)

// Bounds on a directory tree: no honest file comes near.
const (
	maxIFDs    = 64
	maxEntries = 2048
	maxNumbers = 16
)

// Tag is one directory entry of a TIFF structure (TIFF 6.0, section 2).
type Tag struct {
	// IFD is the directory: "0", "1", …, "exif", "gps", "interop", "sub".
	IFD  string
	ID   uint16
	Type uint16
	// Count is the number of values the entry declares.
	Count uint32
	// Raw holds the values' bytes, in the file's byte order.
	Raw []byte
	// Offset is where Raw begins, from the file's start where the block lies
	// in the file in one piece.
	Offset int
	// Text is the value of text types as UTF-8, without padding. UserComment
	// and Windows' XP tags are decoded by their own rules.
	Text string
	// Numbers are the first 16 values of numeric types.
	Numbers []float64
}

// Number returns the first numeric value, 0 where there is none.
func (t Tag) Number() float64 {
	if len(t.Numbers) == 0 {
		return 0
	}
	return t.Numbers[0]
}

// tiffReader walks directories. Every offset is checked before use, and each
// directory is read once.
type tiffReader struct {
	data    []byte
	base    int // where data begins in the file
	big     bool
	tags    []Tag
	seen    map[uint32]bool
	problem string
}

func newTIFFReader(data []byte, base int) (*tiffReader, uint32, error) {
	if len(data) < 8 {
		return nil, 0, errNotTIFF
	}
	r := &tiffReader{data: data, base: base, seen: map[uint32]bool{}}
	switch string(data[:4]) {
	case "II*\x00":
	case "MM\x00*":
		r.big = true
	default:
		return nil, 0, errNotTIFF
	}
	return r, r.u32(data[4:]), nil
}

func (r *tiffReader) u16(b []byte) uint16 {
	if r.big {
		return uint16(b[0])<<8 | uint16(b[1])
	}
	return uint16(b[1])<<8 | uint16(b[0])
}

func (r *tiffReader) u32(b []byte) uint32 {
	if r.big {
		return be32(b)
	}
	return le32(b)
}

// directory reads one IFD and returns the offset of the next, 0 at the end.
func (r *tiffReader) directory(name string, at uint32) (next uint32, ok bool) {
	if at == 0 || uint64(at)+2 > uint64(len(r.data)) || r.seen[at] || len(r.seen) >= maxIFDs {
		return 0, false
	}
	r.seen[at] = true
	n := int(r.u16(r.data[at:]))
	pos := int(at) + 2
	for range n {
		if pos+12 > len(r.data) {
			r.problem = "a directory reaches beyond the EXIF block"
			return 0, true
		}
		if len(r.tags) >= maxEntries {
			r.problem = "more EXIF entries than are read"
			return 0, true
		}
		if t, ok := r.entry(name, r.data[pos:pos+12], pos); ok {
			r.tags = append(r.tags, t)
		}
		pos += 12
	}
	if pos+4 > len(r.data) {
		return 0, true
	}
	return r.u32(r.data[pos:]), true
}

// typeSizes are bytes a value, by TIFF type; 13 is IFD, a LONG.
var typeSizes = [14]uint64{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4}

// entry reads one entry; values that reach beyond the block are cut.
func (r *tiffReader) entry(ifd string, e []byte, pos int) (Tag, bool) {
	t := Tag{IFD: ifd, ID: r.u16(e), Type: r.u16(e[2:]), Count: r.u32(e[4:])}
	if int(t.Type) >= len(typeSizes) || t.Type == 0 {
		r.problem = "an EXIF entry of unknown type"
		return t, false
	}
	size := typeSizes[t.Type] * uint64(t.Count)
	start, end := uint64(pos+8), uint64(pos+8)+size
	if size > 4 {
		start = uint64(r.u32(e[8:]))
		end = start + size
	}
	if limit := uint64(len(r.data)); end > limit {
		r.problem = "an EXIF value reaches beyond its block"
		if start >= limit {
			return t, false
		}
		end = limit
	}
	t.Raw, t.Offset = r.data[start:end], r.base+int(start)
	r.interpret(&t)
	return t, true
}

// interpret fills Text or Numbers.
func (r *tiffReader) interpret(t *Tag) {
	switch {
	case t.ID == tagUserComment:
		t.Text = r.userComment(t.Raw)
	case t.ID >= tagXPTitle && t.ID <= tagXPSubject && t.IFD == "0" && (t.Type == 1 || t.Type == 7):
		t.Text = trimNUL(decodeWide(t.Raw, false))
	case t.Type == 2:
		text, _ := decodeText(t.Raw)
		t.Text = trimNUL(text)
	case t.Type == 7:
		if len(t.Raw) <= 65536 && t.ID != tagMakerNote {
			text, _ := decodeText(t.Raw)
			t.Text = trimNUL(text)
		}
	default:
		size := int(typeSizes[t.Type])
		for i := 0; i+size <= len(t.Raw) && len(t.Numbers) < maxNumbers; i += size {
			t.Numbers = append(t.Numbers, r.number(t.Type, t.Raw[i:]))
		}
	}
}

// number reads one value; a fraction with denominator 0 is NaN.
func (r *tiffReader) number(kind uint16, b []byte) float64 {
	switch kind {
	case 1:
		return float64(b[0])
	case 3:
		return float64(r.u16(b))
	case 4, 13:
		return float64(r.u32(b))
	case 5:
		return ratio(float64(r.u32(b)), float64(r.u32(b[4:])))
	case 6:
		return float64(int8(b[0]))
	case 8:
		return float64(int16(r.u16(b)))
	case 9:
		return float64(int32(r.u32(b)))
	case 10:
		return ratio(float64(int32(r.u32(b))), float64(int32(r.u32(b[4:]))))
	case 11:
		return float64(math.Float32frombits(r.u32(b)))
	case 12:
		hi, lo := r.u32(b), r.u32(b[4:])
		if !r.big {
			hi, lo = lo, hi
		}
		return math.Float64frombits(uint64(hi)<<32 | uint64(lo))
	}
	return math.NaN()
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}

// userComment decodes tag 0x9286: eight bytes name the character code (Exif
// 3.0, 4.6.6); writers in the wild leave them out or name the wrong one.
func (r *tiffReader) userComment(raw []byte) string {
	if len(raw) < 8 {
		text, _ := decodeText(raw)
		return trimNUL(text)
	}
	switch string(raw[:8]) {
	case "UNICODE\x00":
		return trimNUL(decodeWide(raw[8:], r.big))
	case "ASCII\x00\x00\x00", "JIS\x00\x00\x00\x00\x00", "\x00\x00\x00\x00\x00\x00\x00\x00":
		raw = raw[8:]
	}
	text, _ := decodeText(raw)
	return trimNUL(text)
}

// readTIFFFile reads a TIFF picture, whose directories are EXIF's own.
func (m *Metadata) readTIFFFile(data []byte) {
	m.addEXIF(data, Where{"TIFF", 0, len(data)})
	if m.EXIF == nil {
		return
	}
	for _, t := range m.EXIF.Tags {
		switch t.ID {
		case 700:
			m.addBlock("XMP", Where{"TIFF 700", t.Offset, len(t.Raw)}, t.Raw)
			m.addXMP(t.Raw, Where{"TIFF 700", t.Offset, len(t.Raw)})
		case 33723:
			m.readIIM(t.Raw, Where{"TIFF 33723", t.Offset, len(t.Raw)})
		case 34377:
			m.readPhotoshop(t.Raw, Where{"TIFF 34377", t.Offset, len(t.Raw)})
		}
	}
}
