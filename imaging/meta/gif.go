package meta

import "bytes"

// readGIF walks the blocks of GIF89a (section 23 to 26) for comments and
// application extensions, XMP among them (XMP specification part 3, 1.1.2).
func (m *Metadata) readGIF(data []byte) {
	if len(data) < 13 {
		m.problem("GIF: cut short in its head")
		return
	}
	at := 13
	if flags := data[10]; flags&0x80 != 0 {
		at += 3 << (flags&7 + 1)
	}
	for at < len(data) {
		switch data[at] {
		case 0x3b:
			m.trailer("GIF after the end", data, at+1)
			return
		case 0x2c: // a frame: descriptor, colours, code size, sub-blocks
			if at+10 > len(data) {
				m.problem("GIF: cut short in a frame")
				return
			}
			flags := data[at+9]
			at += 10
			if flags&0x80 != 0 {
				at += 3 << (flags&7 + 1)
			}
			at = skipSubBlocks(data, at+1)
		case 0x21:
			if at+2 > len(data) {
				m.problem("GIF: cut short in an extension")
				return
			}
			at = m.gifExtension(data, data[at+1], at+2)
		default:
			m.problem("GIF: stray byte at %d", at)
			next := bytes.IndexAny(data[at:], "\x21\x2c\x3b")
			if next < 0 { // looked for once, or a long file of strays takes for ever
				m.problem("GIF: no end")
				return
			}
			at += next
		}
	}
	m.problem("GIF: no end")
}

// skipSubBlocks steps over length-prefixed pieces to behind the empty one.
func skipSubBlocks(data []byte, at int) int {
	for at < len(data) && data[at] != 0 {
		at += 1 + int(data[at])
	}
	return min(at+1, len(data))
}

func (m *Metadata) gifExtension(data []byte, label byte, at int) int {
	end := skipSubBlocks(data, at)
	switch {
	case label == 0xfe:
		w := Where{"GIF comment", at, end - at}
		m.addBlock("comment", w, data[at:end])
		m.addText(Text{Where: w}, bytes.TrimRight(joinSubBlocks(data, at), "\x00"))
	case label == 0xff && at+12 <= len(data) && data[at] == 11:
		name := string(data[at+1 : at+12])
		m.addBlock(name, Where{"GIF application", at, end - at}, data[at:end])
		if name == "XMP DataXMP" {
			m.gifXMP(data, at+12, end)
		}
	}
	return end
}

// gifXMP takes the packet as it lies there: its bytes are not cut into
// sub-blocks; a trailer of 258 counting bytes leads plain readers out.
func (m *Metadata) gifXMP(data []byte, at, end int) {
	body := data[at:max(at, end)]
	for _, end := range []string{">\x01\xff", "?>"} {
		if i := bytes.LastIndex(body, []byte(end)); i >= 0 {
			body = body[:i+len(end)]
			if end[1] == 1 {
				body = body[:i+1]
			}
			break
		}
	}
	if !bytes.Contains(body, []byte("<")) {
		body = joinSubBlocks(data, at)
	} else if !bytes.HasPrefix(body, []byte("<")) {
		// A wrong writer did cut it into sub-blocks.
		if joined := joinSubBlocks(data, at); bytes.HasPrefix(joined, []byte("<")) {
			body = joined
		}
	}
	m.addXMP(body, Where{"GIF XMP", at, len(body)})
}

// joinSubBlocks returns the content of the pieces at at.
func joinSubBlocks(data []byte, at int) []byte {
	var out []byte
	for at < len(data) && data[at] != 0 {
		end := min(at+1+int(data[at]), len(data))
		out = append(out, data[at+1:end]...)
		at = end
	}
	return out
}
