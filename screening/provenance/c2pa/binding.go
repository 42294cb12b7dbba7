package c2pa

import (
	"bytes"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// Ways a hard binding can fail; the status code depends on the binding.
var (
	errMismatch  = errors.New("the file's bytes do not match the hash")
	errMalformed = errors.New("the binding cannot be read")
	errUnknown   = errors.New("the file's parts are not those the binding lists")
	errAlgorithm = errors.New("the binding's hash algorithm is not supported")
)

// hashRanges hashes data without the given ranges and compares.
func hashRanges(data []byte, skip []span, alg string, want []byte) error {
	h := hashFor(alg)
	if h == 0 {
		return errAlgorithm
	}
	w, pos := h.New(), 0
	for _, s := range skip {
		if s.start < pos || s.end < s.start || s.end > len(data) {
			return fmt.Errorf("%w: excluded ranges overlap or leave the file", errMismatch)
		}
		w.Write(data[pos:s.start])
		pos = s.end
	}
	w.Write(data[pos:])
	return compare(w.Sum(nil), want)
}

func compare(got, want []byte) error {
	if subtle.ConstantTimeCompare(got, want) != 1 {
		return errMismatch
	}
	return nil
}

// checkDataHash verifies c2pa.hash.data (C2PA 2.1, 18.5): one hash of the
// file without the listed ranges. updated is true for the parent of an update
// manifest, whose store was shorter when it was signed: where the store lies
// now stands in for the range that was excluded then.
func (p place) checkDataHash(v value, data []byte, alg string, updated bool) (loose, error) {
	if !v.get("hash").exists() {
		return loose{}, errMalformed
	}
	var skip []span
	for _, e := range v.get("exclusions").list() {
		start, ok := e.get("start").integer()
		length, ok2 := e.get("length").integer()
		if !ok || !ok2 || start < 0 || length < 0 {
			return loose{}, errMalformed
		}
		if start > int64(len(data)) || length > int64(len(data))-start {
			return loose{}, fmt.Errorf("%w: excluded range leaves the file", errMismatch)
		}
		skip = append(skip, span{int(start), int(start + length)})
	}
	slices.SortFunc(skip, func(a, b span) int { return a.start - b.start })
	if updated {
		skip = grow(skip, p.whole())
	}
	if err := hashRanges(data, skip, firstOf(v.get("alg").str(), alg), v.get("hash").bytes()); err != nil {
		return loose{}, err
	}
	return p.leftOut(data, skip)
}

// grow moves the end of the range that begins where the store does to the
// store's present end, and shifts the ranges after it.
func grow(skip []span, placed span) []span {
	out, shift := make([]span, 0, len(skip)), 0
	for _, s := range skip {
		s.start, s.end = s.start+shift, s.end+shift
		if s.start == placed.start && placed.end > placed.start {
			shift += placed.end - s.end
			s.end = placed.end
		}
		out = append(out, s)
	}
	return out
}

// namedPart is one part of a file under the name c2pa.hash.boxes gives it.
type namedPart struct {
	name string
	span
}

// namedParts splits a JPEG, PNG or GIF file (C2PA 2.1, 18.7.2), and a RIFF
// file by its chunks, for which the specification gives no names of its own.
func (p place) namedParts(data []byte) []namedPart {
	var parts []namedPart
	switch p.carrier {
	case carrierJPEG:
		for _, s := range jpegSegments(data, true) {
			name := jpegName(s.marker)
			if slices.Contains(p.parts, s.span) {
				name = storeName
				if n := len(parts); n > 0 && parts[n-1].name == name {
					parts[n-1].end = s.end
					continue
				}
			}
			parts = append(parts, namedPart{name, s.span})
		}
	case carrierPNG:
		parts = append(parts, namedPart{"PNGh", span{0, 8}})
		pngChunks(data, func(typ string, s span) bool {
			if typ == "caBX" {
				typ = storeName
			}
			parts = append(parts, namedPart{typ, s})
			return len(parts) < 1<<16
		})
	case carrierGIF:
		gifParts(data, func(name string, s span) bool {
			if n := len(parts); name == "" && n > 0 { // a colour table belongs to what announces it
				parts[n-1].end = s.end
				return true
			}
			parts = append(parts, namedPart{name, s})
			return true
		})
	case carrierRIFF:
		parts = append(parts, namedPart{"RIFF", span{0, 12}})
		riffChunks(data, func(typ string, s span) bool {
			parts = append(parts, namedPart{typ, span{s.start, min(len(data), s.end+s.end&1)}})
			return len(parts) < 1<<16
		})
	}
	return parts
}

func jpegName(m byte) string {
	switch {
	case m == 0xd8:
		return "SOI"
	case m == 0xd9:
		return "EOI"
	case m == 0xda:
		return "SOS"
	case m == 0xdb:
		return "DQT"
	case m == 0xc4:
		return "DHT"
	case m == 0xcc:
		return "DAC"
	case m == 0xc8:
		return "JPG"
	case m >= 0xc0 && m <= 0xcf:
		return fmt.Sprintf("SOF%d", m-0xc0)
	case m >= 0xe0 && m <= 0xef:
		return fmt.Sprintf("APP%d", m-0xe0)
	case m == 0xdc:
		return "DNL"
	case m == 0xdd:
		return "DRI"
	case m == 0xde:
		return "DHP"
	case m == 0xdf:
		return "EXP"
	case m == 0xfe:
		return "COM"
	}
	return fmt.Sprintf("%02X", m)
}

// storeName is what c2pa.hash.boxes calls the part that holds the store.
const storeName = "C2PA"

// checkBoxHash verifies c2pa.hash.boxes: the file's parts in their order, some
// taken together, each group with its own hash; the store itself is not
// hashed, nor what the signer calls excluded.
func (p place) checkBoxHash(v value, data []byte, alg string) (loose, error) {
	parts := p.namedParts(data)
	if len(parts) == 0 {
		return loose{}, fmt.Errorf("%w: no box hash for this kind of file", errUnknown)
	}
	next, end := 0, 0
	var skip []span
	for _, group := range v.get("boxes").list() {
		names := group.get("names").list()
		if len(names) == 0 {
			return loose{}, errMalformed
		}
		first := next
		for _, n := range names {
			if next >= len(parts) || parts[next].name != n.str() {
				return loose{}, errUnknown
			}
			next++
		}
		part := span{parts[first].start, parts[next-1].end}
		if part.start != end { // no gaps that nothing covers
			return loose{}, errUnknown
		}
		end = part.end
		excluded, ok := group.get("excluded").plain().(bool)
		if names[0].str() == storeName && len(names) == 1 || ok && excluded {
			skip = append(skip, part)
			continue
		}
		a := firstOf(group.get("alg").str(), v.get("alg").str(), alg)
		if err := hashRanges(data[part.start:part.end], nil, a, group.get("hash").bytes()); err != nil {
			return loose{}, err
		}
	}
	if next != len(parts) || end != len(data) {
		return loose{}, errUnknown
	}
	return p.leftOut(data, skip)
}

// bmffBox is one box of an ISO base media file with the path to it.
type bmffBox struct {
	path string // "/moov/trak"
	nth  []int  // index among same-named siblings, for each step of the path
	span
	top     bool
	version byte
	flags   uint32 // of a full box
	full    bool
}

// bmffContainers are the boxes whose content is boxes again; the number is
// what stands before the first of them.
func bmffContainer(typ string) (skip int, ok bool) {
	switch typ {
	case "moov", "trak", "mdia", "minf", "stbl", "dinf", "edts", "udta", "moof", "traf", "mvex", "mfra", "iprp", "ipco", "sinf", "schi":
		return 0, true
	case "meta":
		return 4, true
	}
	return 0, false
}

// bmffFull says which boxes carry version and flags, of those that
// exclusions in practice ask it of.
func bmffFull(typ string) bool {
	switch typ {
	case "meta", "tfhd", "trun", "tfra", "iloc", "stco", "co64", "mvhd", "tkhd", "mdhd", "hdlr", "sidx", "emsg", "tfdt", "iref", "pitm", "iinf", "ipma", "mfro":
		return true
	}
	return false
}

// bmffBoxes lists all boxes of a file in order, outer before inner.
func bmffBoxes(data []byte) ([]bmffBox, error) {
	var out []bmffBox
	var scan func(from, to int, path string, nth []int, depth int) error
	scan = func(from, to int, path string, nth []int, depth int) error {
		seen := map[string]int{}
		for from < to {
			head, size, err := boxHeader(data[from:to])
			if err != nil || len(out) > maxBoxes {
				if depth > 0 {
					return nil // a container that holds something else
				}
				return fmt.Errorf("%w: the boxes do not fill the file", errMismatch)
			}
			typ := string(data[from+4 : from+8])
			seen[typ]++
			b := bmffBox{path: path + "/" + typ, nth: append(slices.Clone(nth), seen[typ]), span: span{from, from + size}, top: depth == 0}
			if bmffFull(typ) && size >= head+4 {
				word := binary.BigEndian.Uint32(data[from+head:])
				b.full, b.version, b.flags = true, byte(word>>24), word&0xffffff
			}
			out = append(out, b)
			if skip, ok := bmffContainer(typ); ok && depth < 10 && size >= head+skip {
				if err := scan(from+head+skip, from+size, b.path, b.nth, depth+1); err != nil {
					return err
				}
			}
			from += size
		}
		return nil
	}
	err := scan(0, len(data), "", nil, 0)
	return out, err
}

// isZeroHash reports a hash that was left out.
func isZeroHash(b []byte) bool { return len(b) == 0 || bytes.Equal(b, make([]byte, len(b))) }
