package traces

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"image"
	"io"
)

// mostHidden bounds the text read from pixels, in bytes.
const mostHidden = 1 << 20

// Stealth returns the text that NovelAI and a Stable Diffusion extension hide
// in the lowest bits of the pixels, column by column: a signature of 15
// letters, the length in bits (32, most significant first), the text, plain or
// gzipped. It is in the alpha channel, one bit a pixel, or in red, green and
// blue, three bits a pixel. ok is false where there is none; 120 bits of
// signature do not come about by chance.
//
// Source: NovelAI/novelai-image-metadata and
// ashen-sensored/sd_webui_stealth_pnginfo, looked at in 2026-11.
func Stealth(m image.Image) (text string, ok bool) {
	pix, stride, b, alpha := samples(m)
	if pix == nil {
		return "", false
	}
	for _, channels := range [][]int{{3}, {0, 1, 2}} {
		if channels[0] == 3 && !alpha {
			continue
		}
		r := &bitReader{pix: pix, stride: stride, wide: b.Dx(), high: b.Dy(), channels: channels}
		kind := "png"
		if len(channels) == 3 {
			kind = "rgb"
		}
		switch string(r.bytes(15)) {
		case "stealth_" + kind + "info":
			return string(r.payload()), true
		case "stealth_" + kind + "comp":
			return inflate(r.payload()), true
		}
	}
	return "", false
}

// samples gives eight-bit samples, four a pixel; nil for kinds of picture that
// cannot have kept low bits (JPEG) or that the programs do not write.
func samples(m image.Image) (pix []uint8, stride int, b image.Rectangle, alpha bool) {
	switch m := m.(type) {
	case *image.NRGBA:
		return m.Pix, m.Stride, m.Rect, true
	case *image.RGBA:
		// Premultiplied samples keep their bits where the picture is opaque.
		return m.Pix, m.Stride, m.Rect, !m.Opaque()
	}
	return nil, 0, image.Rectangle{}, false
}

// bitReader walks the low bits of a picture down its columns.
type bitReader struct {
	pix              []uint8
	stride           int
	wide, high, next int // next counts bits
	channels         []int
}

// bytes reads n bytes, or fewer where the picture ends.
func (r *bitReader) bytes(n int) []byte {
	out := make([]byte, 0, min(n, 1<<12))
	for range n {
		var v byte
		for range 8 {
			at, channel := r.next/len(r.channels), r.channels[r.next%len(r.channels)]
			if at >= r.wide*r.high {
				return out
			}
			v = v<<1 | r.pix[at%r.high*r.stride+4*(at/r.high)+channel]&1
			r.next++
		}
		out = append(out, v)
	}
	return out
}

// payload reads the length and what it announces, as far as it is there.
func (r *bitReader) payload() []byte {
	head := r.bytes(4)
	if len(head) < 4 {
		return nil
	}
	return r.bytes(min(int(binary.BigEndian.Uint32(head)/8), mostHidden))
}

// inflate returns what can be read of a gzipped text.
func inflate(data []byte) string {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return "unreadable"
	}
	text, err := io.ReadAll(io.LimitReader(z, mostHidden))
	if err != nil && len(text) == 0 {
		return "unreadable"
	}
	return string(text)
}
