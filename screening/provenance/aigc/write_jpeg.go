package aigc

import (
	"bytes"
	"encoding/binary"
)

const (
	jpegXMPHead = "http://ns.adobe.com/xap/1.0/\x00"
	maxSegment  = 65533 // bytes of body in one segment
)

// jpeg puts the label into the file's XMP segment, or a new one behind JFIF
// and EXIF. All other segments and the scans are copied as they are.
func (w *writer) jpeg() ([]byte, error) {
	insert, from, to := 2, 0, 0 // where to put a new segment; the old one's range
	var packet []byte
walk:
	for at := 2; ; {
		if at+4 > len(w.data) || w.data[at] != 0xff {
			return nil, &Error{Code: BrokenFile}
		}
		marker, size := w.data[at+1], int(binary.BigEndian.Uint16(w.data[at+2:]))
		if marker == 0xff { // a fill byte
			at++
			continue
		}
		end := at + 2 + size
		if size < 2 || end > len(w.data) || marker >= 0xd0 && marker <= 0xd9 || marker <= 1 {
			return nil, &Error{Code: BrokenFile}
		}
		body := w.data[at+4 : end]
		switch {
		case marker == 0xda:
			break walk
		case marker == 0xe0 && insert == at:
			insert = end
		case marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00")) && packet == nil:
			insert = end
		case marker == 0xe1 && bytes.HasPrefix(body, []byte(jpegXMPHead)) && packet == nil:
			packet, from, to = body[len(jpegXMPHead):], at, end
		}
		at = end
	}
	if packet == nil {
		return w.splice(insert, insert, xmpSegment(w.newPacket()))
	}
	full, err := w.packetWith(packet)
	if err != nil {
		return nil, err
	}
	if len(jpegXMPHead)+len(full) > maxSegment {
		full = unpadded(full)
	}
	if len(jpegXMPHead)+len(full) > maxSegment {
		return nil, &Error{Code: XMPTooLong}
	}
	return w.splice(from, to, xmpSegment(full))
}

func xmpSegment(packet []byte) []byte {
	out := []byte{0xff, 0xe1}
	out = binary.BigEndian.AppendUint16(out, uint16(2+len(jpegXMPHead)+len(packet)))
	return append(append(out, jpegXMPHead...), packet...)
}

// splice returns the file with the bytes from one place to another replaced.
func (w *writer) splice(from, to int, piece []byte) ([]byte, error) {
	out := make([]byte, 0, len(w.data)+len(piece))
	out = append(out, w.data[:from]...)
	out = append(out, piece...)
	return append(out, w.data[to:]...), nil
}
