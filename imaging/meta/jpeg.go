package meta

import (
	"bytes"
	"fmt"
	"slices"
)

// Heads of APPn bodies.
const (
	xmpHead         = "http://ns.adobe.com/xap/1.0/\x00"
	xmpExtendedHead = "http://ns.adobe.com/xmp/extension/\x00"
	photoshopHead   = "Photoshop 3.0\x00"
)

// readJPEG walks the segments (ITU-T T.81, B.1). Stray bytes between segments
// are stepped over and kept as blocks of kind "stray".
func (m *Metadata) readJPEG(data []byte) {
	var extended extendedXMP
	at := 2
	for at < len(data) {
		next := bytes.IndexByte(data[at:], 0xff)
		if next < 0 {
			next = len(data) - at
		}
		if next > 0 {
			m.problem("JPEG: %d stray bytes at %d", next, at)
			m.addBlock("stray", Where{"JPEG between segments", at, next}, data[at:at+next])
			at += next
			continue
		}
		for at < len(data) && data[at] == 0xff {
			at++
		}
		if at >= len(data) {
			break
		}
		marker := data[at]
		at++
		switch {
		case marker == 0xd9:
			m.trailer("JPEG after the end", data, at)
			m.addExtended(&extended)
			return
		case marker == 0 || marker == 1 || marker >= 0xd0 && marker <= 0xd8:
			continue // no length follows
		}
		if at+2 > len(data) {
			m.problem("JPEG: cut short in a segment head")
			break
		}
		size := be16(data[at:])
		start, end := at+2, at+size
		if size < 2 || end > len(data) {
			m.problem("JPEG: segment at %d reaches beyond the file", at-2)
			end = len(data)
			start = min(start, end)
		}
		m.jpegSegment(marker, Where{segmentName(marker), start, end - start}, data[start:end], &extended)
		at = end
		if marker == 0xda {
			at = skipScan(data, at)
		}
	}
	m.problem("JPEG: no end of image")
	m.addExtended(&extended)
}

func segmentName(marker byte) string {
	switch {
	case marker >= 0xe0 && marker <= 0xef:
		return fmt.Sprintf("JPEG APP%d", marker-0xe0)
	case marker == 0xfe:
		return "JPEG COM"
	}
	return fmt.Sprintf("JPEG %02X", marker)
}

// skipScan steps over entropy-coded data to the next marker that is neither a
// stuffed byte nor a restart.
func skipScan(data []byte, at int) int {
	for at < len(data) {
		n := bytes.IndexByte(data[at:], 0xff)
		if n < 0 || at+n+1 >= len(data) {
			return len(data)
		}
		at += n
		if c := data[at+1]; c != 0 && (c < 0xd0 || c > 0xd7) && c != 0xff {
			return at
		}
		at++
	}
	return at
}

func (m *Metadata) jpegSegment(marker byte, w Where, body []byte, extended *extendedXMP) {
	switch {
	case marker == 0xfe:
		m.addBlock("COM", w, body)
		m.addText(Text{Where: w}, bytes.TrimRight(body, "\x00"))
		return
	case marker < 0xe0 || marker > 0xef:
		return
	}
	m.addBlock(fmt.Sprintf("APP%d", marker-0xe0), w, body)
	switch {
	case marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00")):
		m.addEXIF(body, w)
	case marker == 0xe1 && bytes.HasPrefix(body, []byte(xmpExtendedHead)):
		extended.add(body[len(xmpExtendedHead):], w)
	case marker == 0xe1 && bytes.HasPrefix(body, []byte(xmpHead)):
		w.Offset, w.Length = w.Offset+len(xmpHead), w.Length-len(xmpHead)
		m.addXMP(body[len(xmpHead):], w)
	case marker == 0xe1 && bytes.Contains(body[:min(len(body), 512)], []byte("<x:xmpmeta")):
		m.addXMP(body, w) // the head is missing or misspelt
	case marker == 0xed && bytes.HasPrefix(body, []byte(photoshopHead)):
		w.Offset, w.Length = w.Offset+len(photoshopHead), w.Length-len(photoshopHead)
		m.readPhotoshop(body[len(photoshopHead):], w)
	}
}

// trailer keeps what lies behind the picture's end, unless it is all zeros.
func (m *Metadata) trailer(carrier string, data []byte, at int) {
	if rest := data[at:]; len(bytes.Trim(rest, "\x00\r\n")) > 0 {
		m.Trailer = &Block{Where: Where{carrier, at, len(rest)}, Kind: "trailer", Body: rest}
	}
}

// extendedXMP gathers the pieces of packets that are too long for one segment
// (XMP specification part 3, 1.1.3.1): 32 digits of GUID, total length, offset.
type extendedXMP struct{ pieces []xmpPiece }

type xmpPiece struct {
	guid  string
	start uint32
	body  []byte
	where Where
}

func (e *extendedXMP) add(body []byte, w Where) {
	if len(body) < 40 || len(e.pieces) >= maxBlocks {
		return
	}
	e.pieces = append(e.pieces, xmpPiece{string(body[:32]), be32(body[36:]), body[40:], w})
}

// addExtended joins each GUID's pieces in the order of their offsets. Lost
// pieces leave a hole that is closed up: the parser finds out.
func (m *Metadata) addExtended(e *extendedXMP) {
	slices.SortStableFunc(e.pieces, func(a, b xmpPiece) int {
		switch {
		case a.guid != b.guid && a.guid < b.guid:
			return -1
		case a.guid != b.guid:
			return 1
		case a.start < b.start:
			return -1
		case a.start > b.start:
			return 1
		}
		return 0
	})
	for i := 0; i < len(e.pieces); {
		first := e.pieces[i]
		var packet []byte
		for ; i < len(e.pieces) && e.pieces[i].guid == first.guid; i++ {
			if len(packet) < maxXMPBytes {
				packet = append(packet, e.pieces[i].body...)
			}
		}
		w := first.where
		w.Carrier = "JPEG APP1 extended XMP"
		m.addXMP(packet, w)
	}
}
