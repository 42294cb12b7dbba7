package imaging

import (
	"bytes"
	"io"
	"iter"
)

// pngSignature begins every PNG file.
const pngSignature = "\x89PNG\r\n\x1a\n"

// pngHeader reads IHDR, and eXIf where it comes before or after the pixels.
func pngHeader(data []byte) header {
	h := header{orientation: 1}
	var head []byte
	for c := range pngChunks(data) {
		switch c.kind {
		case "IHDR":
			if len(c.body) == 13 && head == nil { // decoders know one alone
				h.width, h.height = int64(be32(c.body)), int64(be32(c.body[4:]))
				h.png = planPNG(c.body, false)
				head = c.body
			}
		case "tRNS":
			if head != nil && head[9] == 0 { // one grey is transparent: alpha is needed
				h.png = planPNG(head, true)
			}
		case "eXIf":
			h.orientation = exifOrientation(bytes.TrimPrefix(c.body, []byte("Exif\x00\x00")))
		}
	}
	h.memory = h.png.memory()
	return h
}

// chunk is one PNG or RIFF chunk; whole is false where the file ends inside it.
type chunk struct {
	kind  string
	body  []byte
	whole bool
}

// pngChunks yields chunks in order, checksums unread.
func pngChunks(data []byte) func(yield func(chunk) bool) {
	return func(yield func(chunk) bool) {
		for at := len(pngSignature); at+8 <= len(data); {
			n := int64(be32(data[at:]))
			start := int64(at) + 8
			end := min(start+n, int64(len(data)))
			c := chunk{string(data[at+4 : at+8]), data[start:end], start+n+4 <= int64(len(data))}
			if !yield(c) || !c.whole || c.kind == "IEND" {
				return
			}
			at = int(start + n + 4)
		}
	}
}

// pixelData reads the bodies of a PNG's IDAT chunks one after the other. What a
// chunk costs in a file is less than a reader of its own takes.
type pixelData struct {
	next func() (chunk, bool)
	stop func()
	body []byte
}

func newPixelData(data []byte) *pixelData {
	next, stop := iter.Pull(iter.Seq[chunk](pngChunks(data)))
	return &pixelData{next: next, stop: stop}
}

// Read is io.Reader's.
func (d *pixelData) Read(p []byte) (int, error) {
	for len(d.body) == 0 {
		c, ok := d.next()
		if !ok {
			return 0, io.EOF
		}
		if c.kind == "IDAT" {
			d.body = c.body
		}
	}
	n := copy(p, d.body)
	d.body = d.body[n:]
	return n, nil
}

// ReadByte spares the inflater a buffer.
func (d *pixelData) ReadByte() (byte, error) {
	var one [1]byte
	_, err := d.Read(one[:])
	return one[0], err
}

// riffChunks yields the chunks of a WebP file in order.
func riffChunks(data []byte) func(yield func(chunk) bool) {
	return func(yield func(chunk) bool) {
		for at := 12; at+8 <= len(data); {
			n := int64(le32(data[at+4:]))
			start := int64(at) + 8
			end := min(start+n, int64(len(data)))
			c := chunk{string(data[at : at+4]), data[start:end], start+n <= int64(len(data))}
			if !yield(c) || !c.whole {
				return
			}
			at = int(min(start+n+n&1, int64(len(data))))
		}
	}
}

// webpHeader reads the canvas (VP8X) or the one frame's own size (VP8, VP8L),
// whichever is larger, and the EXIF chunk.
func webpHeader(data []byte) header {
	h := header{orientation: 1}
	alpha, lossless := false, false
	for c := range riffChunks(data) {
		w, ht := int64(0), int64(0)
		switch {
		case c.kind == "VP8X" && len(c.body) >= 10:
			w = 1 + int64(le32(c.body[3:])>>8)
			ht = 1 + int64(le32(c.body[6:])>>8)
		case c.kind == "VP8 " && len(c.body) >= 10:
			w, ht = int64(le16(c.body[6:])&0x3fff), int64(le16(c.body[8:])&0x3fff)
		case c.kind == "VP8L" && len(c.body) >= 5:
			bits := le32(c.body[1:])
			w, ht = 1+int64(bits&0x3fff), 1+int64(bits>>14&0x3fff)
			lossless = true
		case c.kind == "ALPH":
			alpha = true
		case c.kind == "EXIF":
			h.orientation = exifOrientation(bytes.TrimPrefix(c.body, []byte("Exif\x00\x00")))
		}
		h.width, h.height = max(h.width, w), max(h.height, ht)
	}
	per := int64(3)
	switch {
	case lossless: // the picture and one working copy per transform
		per = 12
	case alpha: // the alpha plane may itself be a lossless picture
		per = 12
	}
	h.memory = bytesFor(h.width, h.height, per)
	return h
}
