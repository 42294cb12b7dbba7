package aigc

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

const pngXMPKeyword = "XML:com.adobe.xmp"

// png puts the label into the file's XMP chunk, or a new one behind IHDR. An
// older one in a text chunk of its own goes.
func (w *writer) png() ([]byte, error) {
	out, err := w.pngXMP()
	if err != nil {
		return nil, err
	}
	for _, f := range w.old {
		if f.Form == PNGText {
			out = withoutText(out)
			break
		}
	}
	return out, nil
}

// withoutText leaves out the text chunks with the keyword AIGC. The chunks are
// known to be whole.
func withoutText(data []byte) []byte {
	out := bytes.Clone(data[:8])
	for at := 8; at+12 <= len(data); {
		end := at + 12 + int(binary.BigEndian.Uint32(data[at:]))
		kind := string(data[at+4 : at+8])
		keyword, _, _ := bytes.Cut(data[at+8:end-4], []byte{0})
		text := kind == "tEXt" || kind == "zTXt" || kind == "iTXt"
		if !text || !bytes.EqualFold(keyword, []byte(Name)) {
			out = append(out, data[at:end]...)
		}
		at = end
		if kind == "IEND" {
			return append(out, data[at:]...)
		}
	}
	return out
}

func (w *writer) pngXMP() ([]byte, error) {
	insert, from, to := 0, 0, 0
	for at := 8; ; {
		if at+12 > len(w.data) {
			return nil, &Error{Code: BrokenFile}
		}
		n := int64(binary.BigEndian.Uint32(w.data[at:]))
		if int64(at)+12+n > int64(len(w.data)) {
			return nil, &Error{Code: BrokenFile}
		}
		end := at + 12 + int(n)
		kind, body := string(w.data[at+4:at+8]), w.data[at+8:end-4]
		switch {
		case kind == "IHDR":
			insert = end
		case kind == "iTXt" && bytes.HasPrefix(body, []byte(pngXMPKeyword+"\x00")) && to == 0:
			from, to = at, end
		case kind == "IEND" && insert == 0:
			return nil, &Error{Code: BrokenFile}
		}
		at = end
		if kind == "IEND" {
			break
		}
	}
	if to == 0 {
		return w.splice(insert, insert, xmpChunk(w.newPacket()))
	}
	packet, ok := w.pngPacket(from)
	if !ok {
		return nil, &Error{Code: BadXMP}
	}
	full, err := w.packetWith(packet)
	if err != nil {
		return nil, err
	}
	return w.splice(from, to, xmpChunk(full))
}

// pngPacket returns the packet of the chunk at from as the reader had it,
// inflated where it was compressed.
func (w *writer) pngPacket(from int) ([]byte, bool) {
	for _, x := range w.meta.XMP {
		if x.Where.Offset > from && x.Where.Carrier == "PNG iTXt" {
			return x.Raw, len(x.Raw) > 0
		}
	}
	return nil, false
}

// xmpChunk is an iTXt chunk, not compressed, without language.
func xmpChunk(packet []byte) []byte {
	body := append([]byte("iTXt"+pngXMPKeyword+"\x00\x00\x00\x00\x00"), packet...)
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	out = append(out, body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(body))
}
