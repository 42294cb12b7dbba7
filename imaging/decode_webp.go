package imaging

import (
	"bytes"
	"context"
	"image"

	"golang.org/x/image/webp"
)

// decodeWebP decodes a still. VP8 stores luma from 16 to 235 (RFC 6386, 9.2)
// and the decoder leaves it so: it is stretched to the full range here. Of an
// animation the first frame is taken.
func decodeWebP(ctx context.Context, _ header, data []byte, lim Limits) (decoded, error) {
	if still, ok := firstWebPFrame(data); ok {
		if err := webpHeader(still).check(lim); err != nil {
			return decoded{}, err
		}
		data = still
	}
	m, err := webp.Decode(newReader(ctx, data))
	if err != nil {
		return decoded{}, err
	}
	switch m := m.(type) {
	case *image.YCbCr:
		stretchStudio(m)
	case *image.NYCbCrA:
		stretchStudio(&m.YCbCr)
	}
	return decoded{pixels: m}, nil
}

// firstWebPFrame makes a still of an animation's first frame (ok is false for a
// still). A frame smaller than the canvas is taken as it is.
func firstWebPFrame(data []byte) (still []byte, ok bool) {
	for c := range riffChunks(data) {
		const head = 16 // the frame's place, size and timing
		if c.kind != "ANMF" || len(c.body) < head {
			continue
		}
		frame := c.body[head:]
		var b bytes.Buffer
		b.WriteString("RIFF")
		b.Write(le32Bytes(4 + 18 + len(frame)))
		b.WriteString("WEBPVP8X")
		b.Write(le32Bytes(10))
		flags := byte(0)
		if len(frame) >= 4 && string(frame[:4]) == "ALPH" {
			flags = 0x10
		}
		b.Write([]byte{flags, 0, 0, 0})
		b.Write(c.body[6:12]) // width and height less 1, as VP8X has them
		b.Write(frame)
		return b.Bytes(), true
	}
	return nil, false
}

func le32Bytes(v int) []byte {
	return []byte{byte(v), byte(v >> 8), byte(v >> 16), byte(v >> 24)}
}

// stretchStudio takes BT.601 studio range (luma 16 to 235, chroma 16 to 240)
// to the full range that image.YCbCr means, in place.
func stretchStudio(m *image.YCbCr) {
	var chroma [256]uint8
	for i := range 256 {
		c := (i - 128) * 255 * 2
		if c < 0 {
			c -= 224
		} else {
			c += 224
		}
		chroma[i] = clamp8(c/(224*2) + 128)
	}
	stretchLuma(m.Y)
	for i, v := range m.Cb {
		m.Cb[i] = chroma[v]
	}
	for i, v := range m.Cr {
		m.Cr[i] = chroma[v]
	}
}

// stretchLuma takes luma of 16 to 235 to 0 to 255, in place.
func stretchLuma(pix []uint8) {
	var luma [256]uint8
	for i := range 256 {
		luma[i] = clamp8(((i-16)*255*2 + 219) / (219 * 2))
	}
	for i, v := range pix {
		pix[i] = luma[v]
	}
}

func clamp8(v int) uint8 { return uint8(min(max(v, 0), 255)) }
