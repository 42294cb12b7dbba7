package aigc

import (
	"encoding/binary"
	"math"
	"slices"
)

// webpChunk is one RIFF chunk: its bytes with head and padding.
type webpChunk struct {
	kind string
	body []byte
	at   int // where the chunk begins
}

// Flags of the VP8X chunk (RFC 9649, 2.7).
const (
	webpXMPFlag   = 0x04
	webpAlphaFlag = 0x10
)

// webp puts the label into the file's XMP chunk, or a new one at the end, and
// gives a simple file the extended head that announces it.
func (w *writer) webp() ([]byte, error) {
	size := int64(binary.LittleEndian.Uint32(w.data[4:])) + 8
	if size > int64(len(w.data)) {
		return nil, &Error{Code: BrokenFile}
	}
	chunks, ok := webpChunks(w.data[:size])
	if !ok || len(chunks) == 0 {
		return nil, &Error{Code: BrokenFile}
	}
	if chunks[0].kind != "VP8X" {
		head, ok := extendedHead(chunks[0])
		if !ok {
			return nil, &Error{Code: BrokenFile}
		}
		chunks = slices.Insert(chunks, 0, webpChunk{kind: "VP8X", body: head})
	} else if len(chunks[0].body) < 10 {
		return nil, &Error{Code: BrokenFile}
	}
	head := slices.Clone(chunks[0].body)
	head[0] |= webpXMPFlag
	chunks[0].body = head
	at := slices.IndexFunc(chunks, func(c webpChunk) bool { return c.kind == "XMP " })
	if at < 0 {
		chunks = append(chunks, webpChunk{kind: "XMP ", body: w.newPacket()})
	} else {
		full, err := w.packetWith(chunks[at].body)
		if err != nil {
			return nil, err
		}
		chunks[at].body = full
	}
	return joinWebP(chunks, w.data[size:])
}

func webpChunks(data []byte) (chunks []webpChunk, ok bool) {
	at := 12
	for at+8 <= len(data) {
		n := int64(binary.LittleEndian.Uint32(data[at+4:]))
		if int64(at)+8+n > int64(len(data)) {
			return nil, false
		}
		chunks = append(chunks, webpChunk{string(data[at : at+4]), data[at+8 : at+8+int(n)], at})
		at += 8 + int(n+n&1)
	}
	return chunks, true
}

func joinWebP(chunks []webpChunk, rest []byte) ([]byte, error) {
	out := []byte("RIFF\x00\x00\x00\x00WEBP")
	for _, c := range chunks {
		out = append(out, c.kind...)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(c.body)))
		out = append(out, c.body...)
		if len(c.body)%2 == 1 {
			out = append(out, 0)
		}
	}
	if int64(len(out)) > math.MaxUint32-16 {
		return nil, &Error{Code: TooLong}
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return append(out, rest...), nil
}

// extendedHead makes a VP8X body from a simple file's one chunk.
func extendedHead(c webpChunk) ([]byte, bool) {
	var width, height uint32
	flags := byte(0)
	switch {
	case c.kind == "VP8 " && len(c.body) >= 10:
		width = uint32(binary.LittleEndian.Uint16(c.body[6:]) & 0x3fff)
		height = uint32(binary.LittleEndian.Uint16(c.body[8:]) & 0x3fff)
	case c.kind == "VP8L" && len(c.body) >= 5:
		bits := binary.LittleEndian.Uint32(c.body[1:])
		width, height = 1+bits&0x3fff, 1+bits>>14&0x3fff
		if bits>>28&1 == 1 {
			flags = webpAlphaFlag
		}
	}
	if width == 0 || height == 0 {
		return nil, false
	}
	width, height = width-1, height-1
	return []byte{flags, 0, 0, 0, byte(width), byte(width >> 8), byte(width >> 16), byte(height), byte(height >> 8), byte(height >> 16)}, true
}
