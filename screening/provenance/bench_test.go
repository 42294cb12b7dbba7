package provenance

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/meta"
	"github.com/evenhand/evenhand/samples"
)

// BenchmarkRead12MP is what reading a file's own word costs beside decoding it:
// a phone's JPEG of twelve megapixels, with camera data and a preview, without
// credentials; and one with neither.
func BenchmarkRead12MP(b *testing.B) {
	photo := photographed(b, 4000, 3000)
	plain := compressed(b, photo, 88)
	b.Run("phone", func(b *testing.B) { benchmark(b, withPreview(plain, compressed(b, photographed(b, 160, 120), 75))) })
	b.Run("bare", func(b *testing.B) { benchmark(b, plain) })
}

// photographed is a drawn product's photo, brought to a size, with a sensor's noise.
func photographed(b *testing.B, width, height int) *image.YCbCr {
	b.Helper()
	m, err := samples.Photograph(b.Context(), samples.Listing("mug", 3))
	if err != nil {
		b.Fatal(err)
	}
	out := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	rng := rand.New(rand.NewPCG(1, 1))
	at := func(x, y int) (uint8, uint8, uint8) {
		c := m.RGBAAt(x*m.Rect.Dx()/width, y*m.Rect.Dy()/height)
		return color.RGBToYCbCr(c.R, c.G, c.B)
	}
	for y := range height {
		for x := range width {
			v, _, _ := at(x, y)
			out.Y[out.YOffset(x, y)] = uint8(min(255, int(v)+rng.IntN(7)))
		}
	}
	for y := 0; y < height; y += 2 {
		for x := 0; x < width; x += 2 {
			_, cb, cr := at(x, y)
			i := out.COffset(x, y)
			out.Cb[i], out.Cr[i] = cb, cr
		}
	}
	return out
}

func compressed(b *testing.B, m image.Image, quality int) []byte {
	b.Helper()
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, m, &jpeg.Options{Quality: quality}); err != nil {
		b.Fatal(err)
	}
	return buf.Bytes()
}

// withPreview puts EXIF into a JPEG as a phone does: maker and model, and a
// preview in a second directory.
func withPreview(photo, preview []byte) []byte {
	const entries, ifd = 2, 2 + 12*2 + 4
	words := []byte("Phone\x00\x00\x00Model 1\x00")
	at := 8 + ifd + 2 + 12*3 + 4 // where the words begin
	le := binary.LittleEndian
	entry := func(b []byte, tag, kind uint16, n, v uint32) []byte {
		return le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(b, tag), kind), n), v)
	}
	t := le.AppendUint16([]byte("II*\x00\x08\x00\x00\x00"), entries)
	t = entry(t, 0x010f, 2, 8, uint32(at))
	t = entry(t, 0x0110, 2, 8, uint32(at+8))
	t = le.AppendUint32(t, 8+ifd)
	t = le.AppendUint16(t, 3)
	t = entry(t, 0x0103, 3, 1, 6)
	t = entry(t, 0x0201, 4, 1, uint32(at+len(words)))
	t = entry(t, 0x0202, 4, 1, uint32(len(preview)))
	t = le.AppendUint32(t, 0)
	body := slices.Concat([]byte("Exif\x00\x00"), t, words, preview)
	app1 := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2))
	return slices.Concat(photo[:2], app1, body, photo[2:])
}

// BenchmarkReadManifest is the same for a public file with a credential.
func BenchmarkReadManifest(b *testing.B) {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "c2pa", "truepic-20230212-camera.jpg"))
	if err != nil {
		b.Skip("public pictures are not here: ../shared/data is absent")
	}
	benchmark(b, data)
}

func benchmark(b *testing.B, data []byte) {
	p, err := imaging.Decode(context.Background(), data, imaging.DefaultLimits)
	if err != nil {
		b.Fatal(err)
	}
	if m, err := meta.Read(data); err != nil || bytes.Contains(data, []byte("Model 1")) != (m != nil && m.EXIF != nil && len(m.EXIF.Thumbnail) > 0 && m.EXIF.Model == "Model 1") {
		b.Fatalf("the preview is not read: %v", err)
	}
	r := NewReader(Options{})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			r.Read(data, p)
		}
	})
	b.Run("decode", func(b *testing.B) {
		for b.Loop() {
			if _, err := imaging.Decode(context.Background(), data, imaging.DefaultLimits); err != nil {
				b.Fatal(err)
			}
		}
	})
}
