package meta

import "strings"

// readWebP walks the RIFF chunks (RFC 9649, 2.3 to 2.7).
func (m *Metadata) readWebP(data []byte) {
	end := len(data)
	if size := uint64(le32(data[4:])) + 8; size < uint64(end) {
		end = int(size)
	} else if size > uint64(end)+1 {
		m.problem("WebP: the file is shorter than it says")
	}
	for at := 12; at+8 <= end; {
		kind := string(data[at : at+4])
		start := at + 8
		n := uint64(le32(data[at+4:]))
		stop := end
		if uint64(start)+n <= uint64(end) {
			stop = start + int(n)
		} else {
			m.problem("WebP: chunk %q at %d reaches beyond the file", kind, at)
		}
		m.webpChunk(kind, Where{"WebP " + strings.TrimSpace(kind), start, stop - start}, data[start:stop])
		at = stop + (stop-start)&1
	}
	if end < len(data) {
		m.trailer("WebP after the end", data, end)
	}
}

func (m *Metadata) webpChunk(kind string, w Where, body []byte) {
	switch kind {
	case "VP8 ", "VP8L", "ALPH", "ANMF":
		return
	}
	m.addBlock(kind, w, body)
	switch kind {
	case "EXIF":
		m.addEXIF(body, w)
	case "XMP ", "XMP\x00": // some writers pad with NUL
		m.addXMP(body, w)
	}
}
