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
// file without the listed ranges. placed is where the store lies now; for the
// parent of an update manifest, whose store was shorter, it stands in for the
// range that was excluded when the parent was signed.
func checkDataHash(v value, data []byte, alg string, placed span, updated bool) error {
	if !v.get("hash").exists() {
		return errMalformed
	}
	var skip []span
	for _, e := range v.get("exclusions").list() {
		start, ok := e.get("start").integer()
		length, ok2 := e.get("length").integer()
		if !ok || !ok2 || start < 0 || length < 0 {
			return errMalformed
		}
		if start > int64(len(data)) || length > int64(len(data))-start {
			return fmt.Errorf("%w: excluded range leaves the file", errMismatch)
		}
		skip = append(skip, span{int(start), int(start + length)})
	}
	slices.SortFunc(skip, func(a, b span) int { return a.start - b.start })
	if updated {
		skip = grow(skip, placed)
	}
	return hashRanges(data, skip, firstOf(v.get("alg").str(), alg), v.get("hash").bytes())
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

// leftOutBytes counts what the exclusions of a data hash cover outside the
// store; 0 where it is not known where the store lies.
func leftOutBytes(v value, placed span) int {
	if placed.end == 0 {
		return 0
	}
	n := int64(0)
	for _, e := range v.get("exclusions").list() {
		start, _ := e.get("start").integer()
		length, _ := e.get("length").integer()
		inside := min(start+length, int64(placed.end)) - max(start, int64(placed.start))
		n += max(0, length) - max(0, inside)
	}
	return int(max(0, n))
}

// placement returns the bytes the store's container parts take in the file.
func placement(data []byte, carrier string) span {
	var at span
	add := func(s span) {
		if at.end == 0 {
			at = s
		}
		at.end = s.end
	}
	switch carrier {
	case carrierJPEG:
		for _, s := range jpegSegments(data, false) {
			if isJUMBFSegment(data, s) {
				add(s.span)
			}
		}
	case carrierPNG:
		pngChunks(data, func(typ string, s span) bool {
			if typ == "caBX" {
				add(s)
			}
			return typ != "IDAT"
		})
	case carrierRIFF:
		riffChunks(data, func(typ string, s span) bool {
			if typ == "C2PA" {
				add(span{s.start, min(len(data), s.end+s.end&1)})
			}
			return true
		})
	case carrierGIF:
		gifParts(data, func(name string, s span) bool {
			if name == "C2PA" {
				add(s)
			}
			return true
		})
	}
	return at
}

// namedPart is one part of a file under the name c2pa.hash.boxes gives it.
type namedPart struct {
	name string
	span
}

// namedParts splits a JPEG, PNG or GIF file (C2PA 2.1, 18.7.2), and a RIFF
// file by its chunks, for which the specification gives no names of its own.
func namedParts(data []byte, carrier string) []namedPart {
	var parts []namedPart
	switch carrier {
	case carrierJPEG:
		for _, s := range jpegSegments(data, true) {
			name := jpegName(s.marker)
			if isJUMBFSegment(data, s) {
				name = "C2PA"
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
				typ = "C2PA"
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

// checkBoxHash verifies c2pa.hash.boxes: the file's parts in their order, some
// taken together, each group with its own hash; the store itself is not hashed.
func checkBoxHash(v value, data []byte, carrier, alg string) error {
	parts := namedParts(data, carrier)
	if len(parts) == 0 {
		return fmt.Errorf("%w: no box hash for this kind of file", errUnknown)
	}
	next, end := 0, 0
	for _, group := range v.get("boxes").list() {
		names := group.get("names").list()
		if len(names) == 0 {
			return errMalformed
		}
		first := next
		for _, n := range names {
			if next >= len(parts) || parts[next].name != n.str() {
				return errUnknown
			}
			next++
		}
		part := span{parts[first].start, parts[next-1].end}
		if part.start != end { // no gaps that nothing covers
			return errUnknown
		}
		end = part.end
		if names[0].str() == "C2PA" && len(names) == 1 {
			continue
		}
		if excluded, ok := group.get("excluded").plain().(bool); ok && excluded {
			continue
		}
		a := firstOf(group.get("alg").str(), v.get("alg").str(), alg)
		if err := hashRanges(data[part.start:part.end], nil, a, group.get("hash").bytes()); err != nil {
			return err
		}
	}
	if next != len(parts) || end != len(data) {
		return errUnknown
	}
	return nil
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
