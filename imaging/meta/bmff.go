package meta

import (
	"iter"
)

// maxBoxDepth bounds how deep boxes are followed.
const maxBoxDepth = 10

// box is one box of the ISO base media file format (ISO/IEC 14496-12, 4.2) or
// atom of QuickTime; at is where its body lies in the file.
type box struct {
	kind string
	body []byte
	at   int
}

// boxes yields the boxes in data, which lies at offset at in the file. A box
// that reaches beyond its parent is cut and is the last.
func boxes(data []byte, at int) iter.Seq[box] {
	return func(yield func(box) bool) {
		for pos, n := 0, 0; pos+8 <= len(data) && n < maxBlocks; n++ {
			size, head := uint64(be32(data[pos:])), 8
			if size == 1 && pos+16 <= len(data) {
				size, head = uint64(be32(data[pos+8:]))<<32|uint64(be32(data[pos+12:])), 16
			}
			left := uint64(len(data) - pos)
			if size == 0 || size > left {
				size = left
			}
			if size < uint64(head) {
				return
			}
			end := pos + int(size)
			if !yield(box{string(data[pos+4 : pos+8]), data[pos+head : end], at + pos + head}) {
				return
			}
			pos = end
		}
	}
}

// xmpUUID marks the box that holds XMP in films (XMP specification part 3, 1.2.5).
const xmpUUID = "\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac"

// readBMFF reads MP4, MOV, HEIC and AVIF.
func (m *Metadata) readBMFF(data []byte) {
	for b := range boxes(data, 0) {
		switch b.kind {
		case "uuid":
			m.uuidBox(b)
		case "moov":
			m.movie(b, "MP4 moov", 0)
		case "meta":
			if m.Format == "heif" {
				m.readItems(data, b)
			} else {
				m.metaBox(b, "MP4 meta")
			}
		case "udta":
			m.userData(b, "MP4 udta")
		}
	}
}

func (m *Metadata) uuidBox(b box) {
	w := Where{"MP4 uuid", b.at, len(b.body)}
	m.addBlock("uuid", w, b.body)
	if len(b.body) > 16 && string(b.body[:16]) == xmpUUID {
		w.Offset, w.Length = w.Offset+16, w.Length-16
		m.addXMP(b.body[16:], w)
	}
}

// movie follows moov and its tracks to user data and metadata boxes.
func (m *Metadata) movie(parent box, path string, depth int) {
	if depth > maxBoxDepth {
		return
	}
	for b := range boxes(parent.body, parent.at) {
		switch b.kind {
		case "trak":
			m.movie(b, path+"/trak", depth+1)
		case "udta":
			m.userData(b, path+"/udta")
		case "meta":
			m.metaBox(b, path+"/meta")
		case "uuid":
			m.uuidBox(b)
		}
	}
}

// userData reads udta: metadata boxes, XMP, and the plain text atoms of
// QuickTime and 3GPP.
func (m *Metadata) userData(parent box, path string) {
	for b := range boxes(parent.body, parent.at) {
		w := Where{path, b.at, len(b.body)}
		switch {
		case b.kind == "meta":
			m.metaBox(b, path+"/meta")
		case b.kind == "XMP_":
			m.addXMP(b.body, w)
		case b.kind[0] == 0xa9 && len(b.body) >= 4: // length, language, text
			n := min(be16(b.body), len(b.body)-4)
			w.Offset, w.Length = b.at+4, n
			m.addText(Text{Where: w, Keyword: decodeLatin1([]byte(b.kind))}, trimZero(b.body[4:4+n]))
		case printable(b.body):
			m.addText(Text{Where: w, Keyword: decodeLatin1([]byte(b.kind))}, trimZero(b.body))
		}
	}
}

// metaBox reads keys and ilst (QuickTime File Format, Metadata). In MP4 the
// box has a version before its children, in QuickTime it has none.
func (m *Metadata) metaBox(parent box, path string) {
	body, at := parent.body, parent.at
	if len(body) >= 8 && be32(body) == 0 {
		body, at = body[4:], at+4
	}
	var keys []string
	for b := range boxes(body, at) {
		switch b.kind {
		case "keys":
			keys = readKeys(b.body)
		case "xml ", "uuid":
			if len(b.body) > 4 && b.kind == "xml " {
				m.addText(Text{Where: Where{path + "/xml", b.at + 4, len(b.body) - 4}, Keyword: "xml"}, b.body[4:])
			} else {
				m.uuidBox(b)
			}
		}
	}
	for b := range boxes(body, at) {
		if b.kind == "ilst" {
			for item := range boxes(b.body, b.at) {
				m.listItem(item, keys, path+"/ilst")
			}
		}
	}
}

// readKeys lists the key names: count, then size, namespace and name each.
func readKeys(body []byte) []string {
	if len(body) < 8 {
		return nil
	}
	var keys []string
	for rest := body[8:]; len(rest) >= 8 && len(keys) < maxTexts; {
		n := int(be32(rest))
		if n < 8 || n > len(rest) {
			break
		}
		text, _ := decodeText(rest[8:n])
		keys = append(keys, text)
		rest = rest[n:]
	}
	return keys
}

// listItem reads one value: its name is the key its number points at, the
// "name" box of a "----" item, or the item's own four characters.
func (m *Metadata) listItem(item box, keys []string, path string) {
	keyword := decodeLatin1([]byte(item.kind))
	if i := be32([]byte(item.kind)); i >= 1 && uint64(i) <= uint64(len(keys)) {
		keyword = keys[i-1]
	} else if i < 1<<16 {
		keyword = ""
	}
	for b := range boxes(item.body, item.at) {
		switch {
		case b.kind == "name" && len(b.body) >= 4 && item.kind == "----":
			keyword, _ = decodeText(b.body[4:])
		case b.kind == "data" && len(b.body) >= 8:
			raw, kind := b.body[8:], be32(b.body)&0xffffff
			w := Where{path, b.at + 8, len(raw)}
			switch {
			case kind == 2 || kind == 5: // UTF-16
				raw = []byte(decodeUTF16(raw, true))
			case kind != 1 && kind != 4 && !printable(raw):
				continue // a picture or a number
			}
			m.addText(Text{Where: w, Keyword: keyword}, trimZero(raw))
		}
	}
}

func trimZero(b []byte) []byte {
	for len(b) > 0 && b[len(b)-1] == 0 {
		b = b[:len(b)-1]
	}
	return b
}

// printable is true for bytes that could be text: no control characters but
// blanks and ends of lines, and NULs at the end alone.
func printable(b []byte) bool {
	b = trimZero(b)
	for _, c := range b {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' || c == 0x7f {
			return false
		}
	}
	return len(b) > 0
}
