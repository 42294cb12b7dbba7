package meta

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"io"
	"strings"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// readPNG walks the chunks (PNG specification, third edition, 5.3). Checksums
// are not read: a wrong one is the writer's sloppiness, not our concern here.
func (m *Metadata) readPNG(data []byte) {
	at := len(pngSignature)
	for at+8 <= len(data) {
		n := uint64(be32(data[at:]))
		kind := string(data[at+4 : at+8])
		start := at + 8
		end := len(data)
		if whole := uint64(start) + n + 4; whole <= uint64(len(data)) {
			end = start + int(n)
		} else {
			m.problem("PNG: chunk %q at %d reaches beyond the file", kind, at)
		}
		m.pngChunk(kind, Where{"PNG " + kind, start, end - start}, data[start:end])
		at = end + 4
		if kind == "IEND" {
			if at < len(data) {
				m.trailer("PNG after the end", data, at)
			}
			return
		}
	}
	m.problem("PNG: no end chunk")
}

func (m *Metadata) pngChunk(kind string, w Where, body []byte) {
	switch kind {
	case "IDAT", "fdAT", "PLTE", "tRNS", "IEND":
		return
	}
	m.addBlock(kind, w, body)
	switch kind {
	case "eXIf":
		m.addEXIF(body, w)
	case "tEXt":
		keyword, value, _ := bytes.Cut(body, []byte{0})
		m.pngText(string(keyword), value, w, false)
	case "zTXt":
		keyword, rest, ok := bytes.Cut(body, []byte{0})
		if !ok || len(rest) < 1 {
			m.problem("PNG: a broken zTXt chunk")
			return
		}
		m.pngText(string(keyword), m.inflate(rest[1:], "PNG zTXt"), w, true)
	case "iTXt":
		m.pngInternational(body, w)
	}
}

// pngInternational reads iTXt: keyword, 0, compressed?, method, language, 0,
// translated keyword, 0, UTF-8 text (11.3.3.4).
func (m *Metadata) pngInternational(body []byte, w Where) {
	keyword, rest, ok := bytes.Cut(body, []byte{0})
	if !ok || len(rest) < 2 {
		m.problem("PNG: a broken iTXt chunk")
		return
	}
	compressed := rest[0] == 1
	_, rest, ok = bytes.Cut(rest[2:], []byte{0})
	if ok {
		_, rest, ok = bytes.Cut(rest, []byte{0})
	}
	if !ok {
		m.problem("PNG: a broken iTXt chunk")
		return
	}
	if compressed {
		rest = m.inflate(rest, "PNG iTXt")
	}
	m.pngText(string(keyword), rest, w, compressed)
}

// pngText files one text under its keyword. XMP and, in old files, whole
// metadata blocks in hexadecimal travel as text too.
func (m *Metadata) pngText(keyword string, value []byte, w Where, compressed bool) {
	if !compressed {
		w.Offset, w.Length = w.Offset+w.Length-len(value), len(value)
	}
	if keyword == "XML:com.adobe.xmp" {
		m.addXMP(value, w)
		return
	}
	if profile, ok := strings.CutPrefix(keyword, "Raw profile type "); ok {
		m.rawProfile(profile, value, w)
	}
	m.addText(Text{Where: w, Keyword: keyword, Compressed: compressed}, value)
}

// rawProfile reads ImageMagick's way to keep a block in text: a line with the
// name, one with the length, then hexadecimal.
func (m *Metadata) rawProfile(profile string, value []byte, w Where) {
	fields := bytes.Fields(value)
	if len(fields) < 3 {
		return
	}
	digits := bytes.Join(fields[2:], nil)
	body := make([]byte, len(digits)/2)
	n, err := hex.Decode(body, digits[:len(body)*2])
	if err != nil {
		m.problem("%s: raw profile %q is not hexadecimal throughout", w.Carrier, profile)
	}
	body = body[:n]
	w.Carrier += " raw profile"
	switch profile {
	case "exif", "APP1":
		if packet, ok := bytes.CutPrefix(body, []byte(xmpHead)); ok {
			m.addXMP(packet, w)
			return
		}
		m.addEXIF(body, w)
	case "xmp":
		m.addXMP(body, w)
	case "iptc", "8bim":
		m.readPhotoshop(bytes.TrimPrefix(body, []byte(photoshopHead)), w)
	}
}

// inflate decompresses within the file's bounds; what a damaged stream gave
// before it broke is kept.
func (m *Metadata) inflate(packed []byte, what string) []byte {
	room := min(maxInflated, maxInflate-m.inflated)
	if room <= 0 {
		m.problem("%s: more compressed text than is read", what)
		return nil
	}
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		m.problem("%s: %v", what, err)
		return nil
	}
	defer r.Close()
	var out bytes.Buffer
	if _, err := io.Copy(&out, io.LimitReader(r, int64(room))); err != nil {
		m.problem("%s: %v", what, err)
	}
	m.inflated += out.Len()
	return out.Bytes()
}
