package imaging

import (
	"bytes"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"
)

func golden(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// goldens are the files of every format: where the disc's centre (0.4, 0.55 of
// the drawing) comes to lie upright, the upright size, and the stored kind's
// tolerance.
var goldens = []struct {
	file, format  string
	width, height int
	orientation   int
	x, y          float64
}{
	{"testdata/photo.jpg", "jpeg", 131, 93, 1, 0.4, 0.55},
	{"jpeg/testdata/progressive-420.jpg", "jpeg", 131, 93, 1, 0.4, 0.55},
	{"jpeg/testdata/odd-mixed.jpg", "jpeg", 131, 93, 1, 0.4, 0.55},
	{"jpeg/testdata/ycck.jpg", "jpeg", 131, 93, 1, 0.4, 0.55},
	{"jpeg/testdata/rgb.jpg", "jpeg", 131, 93, 1, 0.4, 0.55},
	{"testdata/deep.png", "png", 66, 47, 1, 0.4, 0.55},
	{"testdata/interlaced.png", "png", 131, 93, 1, 0.4, 0.55},
	{"testdata/palette-interlaced.png", "png", 131, 93, 1, 0.4, 0.55},
	{"testdata/animated.gif", "gif", 66, 47, 1, 0.4, 0.55},
	{"testdata/interlaced.gif", "gif", 66, 47, 1, 0.4, 0.55},
	{"testdata/lossy.webp", "webp", 131, 93, 1, 0.4, 0.55},
	{"testdata/lossless.webp", "webp", 131, 93, 1, 0.4, 0.55},
	{"testdata/animated.webp", "webp", 131, 93, 1, 0.4, 0.55},
	{"testdata/exif6.webp", "webp", 93, 131, 6, 0.45, 0.4},
	{"testdata/palette.bmp", "bmp", 131, 93, 1, 0.4, 0.55},
	{"testdata/rgb.bmp", "bmp", 66, 47, 1, 0.4, 0.55},
	{"testdata/lzw.tif", "tiff", 131, 93, 1, 0.4, 0.55},
	{"testdata/deep.tif", "tiff", 40, 30, 1, 0.4, 0.55},
	{"testdata/zip-orient8.tif", "tiff", 93, 131, 8, 0.55, 0.6},
	{"heif/testdata/d420.heic", "heic", 131, 93, 1, 0.4, 0.55},
	{"heif/testdata/irot1.heic", "heic", 93, 131, 8, 0.55, 0.6},
	{"heif/testdata/exif6.heic", "heic", 131, 93, 1, 0.4, 0.55},
	{"heif/testdata/d10.avif", "avif", 131, 93, 1, 0.4, 0.55},
	{"heif/testdata/irot1imir0.avif", "avif", 93, 131, 5, 0.55, 0.4},
}

func TestEveryFormat(t *testing.T) {
	for _, g := range goldens {
		t.Run(g.file, func(t *testing.T) {
			p, err := Open(context.Background(), g.file, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if p.Format != g.format || p.Width != g.width || p.Height != g.height || p.Orientation != g.orientation || p.Partial {
				t.Errorf("%s %d x %d, orientation %d, partial %v", p.Format, p.Width, p.Height, p.Orientation, p.Partial)
			}
			m := p.RGBA(0)
			if m.Rect != image.Rect(0, 0, g.width, g.height) {
				t.Fatalf("bounds %v", m.Rect)
			}
			// The disc's middle is (219, 90, 60): nothing else in the drawing is so red.
			x, y := int(g.x*float64(g.width)), int(g.y*float64(g.height))
			if c := m.RGBAAt(x, y); math.Abs(float64(c.R)-216) > 14 || math.Abs(float64(c.G)-93) > 10 || math.Abs(float64(c.B)-60) > 10 || c.A != 255 {
				t.Errorf("the disc's middle is %v", c)
			}
			luma := p.Luma(0)
			if luma.Width != g.width || luma.Height != g.height {
				t.Fatalf("luma %d x %d", luma.Width, luma.Height)
			}
			for i, v := range luma.Pix {
				c := m.Pix[4*i : 4*i+3]
				want := 0.299*float64(c[0]) + 0.587*float64(c[1]) + 0.114*float64(c[2])
				// RGB clips what YCbCr may still hold.
				if math.Abs(want-float64(v)) > 12 {
					t.Fatalf("luma at %d is %.1f, its colours make %.1f", i, v, want)
				}
			}
		})
	}
}

// TestStudioRange holds lossy WebP against the same drawing as PNG: without the
// stretch, black and white would be 16 and 235.
func TestStudioRange(t *testing.T) {
	a, err := Open(context.Background(), "testdata/lossy.webp", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := Open(context.Background(), "testdata/lossless.webp", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	p, q := a.Luma(0), b.Luma(0)
	var sum float64
	for i := range p.Pix {
		sum += float64(p.Pix[i] - q.Pix[i])
	}
	if mean := sum / float64(len(p.Pix)); math.Abs(mean) > 0.7 {
		t.Errorf("mean luma differs by %.2f", mean)
	}
}

func TestTransparencyOverWhite(t *testing.T) {
	p, err := Open(context.Background(), "testdata/alpha.webp", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	// Alpha runs from full at the top to none at the bottom.
	if v := p.Luma(0).Row(p.Height - 1)[60]; v < 250 {
		t.Errorf("the transparent bottom has luma %.0f", v)
	}
	if c := p.RGBA(0).RGBAAt(60, p.Height-1); c.R < 250 || c.G < 250 || c.B < 250 {
		t.Errorf("the transparent bottom is %v", c)
	}
}

// insert puts extra bytes into a file after the first n.
func insert(data []byte, n int, extra []byte) []byte {
	return append(append(bytes.Clone(data[:n]), extra...), data[n:]...)
}

// exifBlock is a TIFF structure with an orientation tag and nothing else.
func exifBlock(order binary.ByteOrder, orientation uint16) []byte {
	b := []byte("MM\x00*\x00\x00\x00\x08\x00\x01")
	if order == binary.LittleEndian {
		b = []byte("II*\x00\x08\x00\x00\x00\x01\x00")
	}
	e := make([]byte, 16)
	order.PutUint16(e, 0x0112)
	order.PutUint16(e[2:], 3)
	order.PutUint32(e[4:], 1)
	order.PutUint16(e[8:], orientation)
	return append(b, e...)
}

func jpegWithExif(t testing.TB, order binary.ByteOrder, orientation uint16) []byte {
	block := append([]byte("Exif\x00\x00"), exifBlock(order, orientation)...)
	n := len(block) + 2
	return insert(golden(t, "testdata/photo.jpg"), 2, append([]byte{0xff, 0xe1, byte(n >> 8), byte(n)}, block...))
}

// TestOrientations turns one photograph all eight ways and checks where its
// top-left patch goes, in luma and in colour, at full size and shrunk.
func TestOrientations(t *testing.T) {
	ctx := context.Background()
	plain, err := Open(ctx, "testdata/photo.jpg", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, side := range []int{0, 50} {
		base, baseRGBA := plain.Luma(side), plain.RGBA(side)
		w, h := base.Width, base.Height
		for o := 1; o <= 8; o++ {
			for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
				p, err := Decode(ctx, jpegWithExif(t, order, uint16(o)), Limits{})
				if err != nil {
					t.Fatal(err)
				}
				if p.Orientation != o {
					t.Fatalf("orientation %d read as %d", o, p.Orientation)
				}
				luma, rgba := p.Luma(side), p.RGBA(side)
				for y := range luma.Height {
					for x := range luma.Width {
						// EXIF 2.3, 4.6.4, table "Orientation": where the 0th row and column are.
						sx, sy := x, y
						switch o {
						case 2:
							sx = w - 1 - x
						case 3:
							sx, sy = w-1-x, h-1-y
						case 4:
							sy = h - 1 - y
						case 5:
							sx, sy = y, x
						case 6:
							sx, sy = y, h-1-x
						case 7:
							sx, sy = w-1-y, h-1-x
						case 8:
							sx, sy = w-1-y, x
						}
						if luma.Row(y)[x] != base.Row(sy)[sx] || rgba.RGBAAt(x, y) != baseRGBA.RGBAAt(sx, sy) {
							t.Fatalf("orientation %d at side %d: pixel %d,%d is not %d,%d of the stored picture", o, side, x, y, sx, sy)
						}
					}
				}
			}
		}
	}
	if p, err := Decode(ctx, jpegWithExif(t, binary.LittleEndian, 9), Limits{}); err != nil || p.Orientation != 1 {
		t.Errorf("orientation 9: %v", err)
	}
}

func pngBytes(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func chunkBytes(kind string, body []byte) []byte {
	var b bytes.Buffer
	writeChunk(&b, kind, body)
	return b.Bytes()
}

func TestPNGExifAndAPNG(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 9, 5))
	m.Set(0, 0, color.NRGBA{200, 100, 50, 255})
	data := pngBytes(t, m)
	afterHead := len(pngSignature) + 25
	apng := insert(data, afterHead, append(chunkBytes("acTL", []byte{0, 0, 0, 2, 0, 0, 0, 0}),
		chunkBytes("eXIf", exifBlock(binary.BigEndian, 6))...))
	p, err := Decode(context.Background(), apng, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Width != 5 || p.Height != 9 || p.Orientation != 6 {
		t.Errorf("%d x %d, orientation %d", p.Width, p.Height, p.Orientation)
	}
	if c := p.RGBA(0).RGBAAt(4, 0); c != (color.RGBA{200, 100, 50, 255}) {
		t.Errorf("corner %v", c)
	}
}

func TestGIFFrameOnCanvas(t *testing.T) {
	frame := image.NewPaletted(image.Rect(10, 4, 14, 8), color.Palette{color.Black, color.RGBA{255, 0, 0, 255}})
	for i := range frame.Pix {
		frame.Pix[i] = 1
	}
	var b bytes.Buffer
	g := &gif.GIF{Image: []*image.Paletted{frame}, Delay: []int{0}, Config: image.Config{Width: 20, Height: 12, ColorModel: frame.Palette}}
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	p, err := Decode(context.Background(), b.Bytes(), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	m := p.RGBA(0)
	if p.Width != 20 || p.Height != 12 {
		t.Fatalf("%d x %d", p.Width, p.Height)
	}
	if c := m.RGBAAt(0, 0); c != (color.RGBA{255, 255, 255, 255}) {
		t.Errorf("uncovered canvas is %v", c)
	}
	if c := m.RGBAAt(11, 5); c != (color.RGBA{255, 0, 0, 255}) {
		t.Errorf("frame is %v", c)
	}
}
