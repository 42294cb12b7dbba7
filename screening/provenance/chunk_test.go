package provenance

import (
	"encoding/binary"
	"hash/crc32"
)

// pngChunk builds one chunk of a PNG file.
func pngChunk(kind, body string) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(out, kind...)
	out = append(out, body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}
