package c2pa

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"sort"
)

// ErrNone says that a file carries no Content Credentials: neither a manifest
// store nor a reference to one elsewhere.
var ErrNone = errors.New("no content credentials")

// container names for carrier formats.
const (
	carrierJPEG    = "jpeg"
	carrierPNG     = "png"
	carrierRIFF    = "riff"
	carrierTIFF    = "tiff"
	carrierBMFF    = "bmff"
	carrierGIF     = "gif"
	carrierSidecar = "c2pa"
)

// bmffC2PA is the user type of the uuid box that carries C2PA data.
var bmffC2PA = []byte{0xd8, 0xfe, 0xc3, 0xd6, 0x1b, 0x0e, 0x48, 0x3c, 0x92, 0x97, 0x58, 0x28, 0x87, 0x7e, 0xc4, 0x81}

// span is a range of bytes of the file, from start up to but not including end.
type span struct{ start, end int }

// extract finds the manifest store in a file of any supported container
// (C2PA 2.1, annex A). It returns ErrNone where there is none.
func extract(data []byte) (store []byte, carrier string, err error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xd8}):
		carrier = carrierJPEG
		store, err = extractJPEG(data)
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		carrier = carrierPNG
		store, err = extractPNG(data)
	case isGIF(data):
		carrier = carrierGIF
		store, err = extractGIF(data)
	case len(data) >= 12 && string(data[:4]) == "RIFF":
		carrier = carrierRIFF
		store, err = extractRIFF(data)
	case bytes.HasPrefix(data, []byte("II")) || bytes.HasPrefix(data, []byte("MM")):
		carrier = carrierTIFF
		store, err = extractTIFF(data)
	case len(data) >= 8 && string(data[4:8]) == "jumb":
		return data, carrierSidecar, nil
	case len(data) >= 8 && string(data[4:8]) == "ftyp":
		carrier = carrierBMFF
		store, err = extractBMFF(data)
	default:
		return nil, "", ErrNone
	}
	if err == nil && len(store) == 0 {
		err = ErrNone
	}
	return store, carrier, err
}

// jpegSegment is one marker segment; entropy-coded data belongs to its SOS.
type jpegSegment struct {
	marker byte
	span
}

// jpegSegments walks a JPEG file up to EOI. Where whole is false it stops at
// the first scan, which is all that extraction needs.
func jpegSegments(data []byte, whole bool) []jpegSegment {
	var segments []jpegSegment
	pos := 0
	for pos+2 <= len(data) && data[pos] == 0xff && len(segments) < 1<<16 {
		start := pos
		for pos+1 < len(data) && data[pos+1] == 0xff { // fill bytes
			pos++
		}
		if pos+2 > len(data) {
			break
		}
		m := data[pos+1]
		pos += 2
		if m != 0xd8 && m != 0xd9 && m != 0x01 && (m < 0xd0 || m > 0xd7) {
			if pos+2 > len(data) {
				break
			}
			n := int(binary.BigEndian.Uint16(data[pos:]))
			if n < 2 || pos+n > len(data) {
				break
			}
			pos += n
		}
		if m == 0xda {
			if !whole {
				break
			}
			pos = endOfScan(data, pos)
		}
		segments = append(segments, jpegSegment{m, span{start, pos}})
		if m == 0xd9 {
			break
		}
	}
	return segments
}

// endOfScan returns where entropy-coded data ends: at the next marker that is
// neither a stuffed zero nor a restart.
func endOfScan(data []byte, pos int) int {
	for {
		i := bytes.IndexByte(data[pos:], 0xff)
		if i < 0 || pos+i+1 >= len(data) {
			return len(data)
		}
		pos += i
		if next := data[pos+1]; next == 0 || next >= 0xd0 && next <= 0xd7 {
			pos += 2
			continue
		}
		return pos
	}
}

// isJUMBFSegment says whether an APP11 segment carries a piece of JUMBF
// (ISO 19566-5, annex D): common identifier "JP", instance, sequence number,
// and the box header repeated in each piece.
func isJUMBFSegment(data []byte, s jpegSegment) bool {
	return s.marker == 0xeb && s.end-s.start >= 20 && string(data[s.start+4:s.start+6]) == "JP" &&
		string(data[s.start+16:s.start+20]) == "jumb"
}

// extractJPEG joins the APP11 pieces of the C2PA box in the order of their
// sequence numbers. Other JUMBF boxes (JPEG 360, for one) are passed over.
func extractJPEG(data []byte) ([]byte, error) {
	store, _, err := jpegStore(data)
	return store, err
}

// jpegStore is extractJPEG with the segments that the store came in.
func jpegStore(data []byte) (store []byte, parts []span, err error) {
	type piece struct {
		seq  uint32
		body []byte
		span
	}
	instances := map[uint16][]piece{}
	var order []uint16
	for _, s := range jpegSegments(data, false) {
		if !isJUMBFSegment(data, s) {
			continue
		}
		en := binary.BigEndian.Uint16(data[s.start+6:])
		if _, seen := instances[en]; !seen {
			order = append(order, en)
		}
		instances[en] = append(instances[en], piece{binary.BigEndian.Uint32(data[s.start+8:]), data[s.start+12 : s.end], s.span})
	}
	for _, en := range order {
		pieces := instances[en]
		sort.SliceStable(pieces, func(i, j int) bool { return pieces[i].seq < pieces[j].seq })
		store, parts := bytes.Clone(pieces[0].body), []span{pieces[0].span}
		head := 8
		if binary.BigEndian.Uint32(store) == 1 {
			head = 16
		}
		for i, p := range pieces[1:] {
			if p.seq != pieces[i].seq+1 || len(p.body) < head || !bytes.Equal(p.body[:head], store[:head]) || len(store)+len(p.body) > maxStore {
				return nil, nil, fmt.Errorf("%w: pieces in APP11 do not follow one another", errJUMBF)
			}
			store, parts = append(store, p.body[head:]...), append(parts, p.span)
		}
		if isC2PA(store) {
			return store, parts, nil
		}
	}
	return nil, nil, ErrNone
}

// isC2PA looks at a superbox's description without parsing the whole.
func isC2PA(store []byte) bool {
	head := 8
	if len(store) >= 4 && binary.BigEndian.Uint32(store) == 1 {
		head = 16
	}
	return len(store) >= head+12 && string(store[head+4:head+8]) == "jumd" && string(store[head+8:head+12]) == "c2pa"
}

// pngChunks walks the chunks of a PNG file; the signature is the first span.
func pngChunks(data []byte, visit func(typ string, s span) bool) {
	for pos := 8; pos+12 <= len(data); {
		n := binary.BigEndian.Uint32(data[pos:])
		if uint64(n) > uint64(len(data)-pos-12) {
			return
		}
		end := pos + 12 + int(n)
		if !visit(string(data[pos+4:pos+8]), span{pos, end}) {
			return
		}
		pos = end
	}
}

func extractPNG(data []byte) (store []byte, err error) {
	pngChunks(data, func(typ string, s span) bool {
		if typ == "caBX" {
			store = data[s.start+8 : s.end-4]
		}
		return typ != "IEND" && store == nil
	})
	return store, nil
}

// extractRIFF reads WebP, and WAV and AVI alike: a top-level chunk "C2PA".
func extractRIFF(data []byte) (store []byte, err error) {
	riffChunks(data, func(typ string, s span) bool {
		if typ == "C2PA" {
			store = data[s.start+8 : s.end]
		}
		return store == nil
	})
	return store, nil
}

// extractTIFF follows the chain of directories of a TIFF or DNG file for tag
// 0xcd41. BigTIFF is not read.
func extractTIFF(data []byte) ([]byte, error) {
	at, err := tiffStore(data)
	return data[at.start:at.end], err
}

// tiffStore is where the store lies in a TIFF file.
func tiffStore(data []byte) (at span, err error) {
	if len(data) < 8 {
		return at, ErrNone
	}
	var order binary.ByteOrder = binary.LittleEndian
	if data[0] == 'M' {
		order = binary.BigEndian
	}
	if order.Uint16(data[2:]) != 42 {
		return at, ErrNone
	}
	ifd := uint64(order.Uint32(data[4:]))
	for range 64 {
		if ifd == 0 || ifd+2 > uint64(len(data)) {
			break
		}
		n := uint64(order.Uint16(data[ifd:]))
		end := ifd + 2 + n*12
		if end > uint64(len(data)) {
			break
		}
		for e := ifd + 2; e < end; e += 12 {
			if order.Uint16(data[e:]) != 0xcd41 {
				continue
			}
			size, where := uint64(order.Uint32(data[e+4:])), uint64(order.Uint32(data[e+8:]))
			if where+size > uint64(len(data)) {
				return at, fmt.Errorf("%w: tag points beyond the file", errJUMBF)
			}
			return span{int(where), int(where + size)}, nil
		}
		if end+4 > uint64(len(data)) {
			break
		}
		ifd = uint64(order.Uint32(data[end:]))
	}
	return at, ErrNone
}

// extractBMFF reads HEIC, AVIF, MP4 and MOV: a top-level uuid box whose full
// box header is followed by a purpose ("manifest", or "original"/"update"
// where an update manifest stands apart) and, for those, an 8-byte offset.
func extractBMFF(data []byte) (store []byte, err error) {
	for rest := data; len(rest) >= 8; {
		head, size, err := boxHeader(rest)
		if err != nil {
			break
		}
		if body := rest[head:size]; string(rest[4:8]) == "uuid" && len(body) > 20 && bytes.Equal(body[:16], bmffC2PA) {
			purpose, after, ok := bytes.Cut(body[20:], []byte{0})
			if p := string(purpose); ok && len(after) > 8 && (p == "manifest" || p == "original" || p == "update") {
				store = after[8:]
			}
		}
		rest = rest[size:]
	}
	if store == nil {
		return nil, ErrNone
	}
	return store, nil
}

// remoteReference looks for the XMP property dcterms:provenance, which names
// a manifest kept elsewhere. Nothing is ever fetched.
func remoteReference(data []byte) string {
	const key = "dcterms:provenance"
	i := bytes.Index(data, []byte(key))
	if i < 0 {
		return ""
	}
	rest := data[i+len(key):]
	rest = rest[:min(len(rest), 2048)]
	var value []byte
	switch {
	case bytes.HasPrefix(rest, []byte(`="`)):
		value, _, _ = bytes.Cut(rest[2:], []byte(`"`))
	case bytes.HasPrefix(rest, []byte(`>`)):
		value, _, _ = bytes.Cut(rest[1:], []byte(`<`))
	}
	if !bytes.HasPrefix(value, []byte("http://")) && !bytes.HasPrefix(value, []byte("https://")) {
		return ""
	}
	return string(value)
}
