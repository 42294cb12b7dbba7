package jpeg

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	stdjpeg "image/jpeg"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const drawnWidth, drawnHeight = 131, 93

// drawing is the picture that every file in testdata holds.
func drawing(x, y int) color.RGBA {
	fx, fy := float64(x)/drawnWidth, float64(y)/drawnHeight
	r, g, b := 60+150*fx, 50+160*fy, 200-120*fx*fy
	if d := math.Hypot(fx-0.4, fy-0.55); d < 0.25 {
		r, g, b = 220-300*d, 90+200*d, 60
	}
	if fx > 0.7 && fy < 0.3 {
		s := 20 * math.Sin(40*fx) * math.Cos(30*fy)
		r, g, b = r+s, g+s, b+s
	}
	return color.RGBA{uint8(r), uint8(g), uint8(b), 255}
}

// psnr compares a decoded file with the drawing, as luma where it is grey.
func psnr(m image.Image) float64 {
	_, grey := m.(*image.Gray)
	var sum float64
	for y := range drawnHeight {
		for x := range drawnWidth {
			var want color.Color = drawing(x, y)
			if grey {
				want = color.GrayModel.Convert(want)
			}
			r, g, b, _ := want.RGBA()
			r2, g2, b2, _ := m.At(x, y).RGBA()
			for _, d := range []float64{float64(r) - float64(r2), float64(g) - float64(g2), float64(b) - float64(b2)} {
				sum += d * d / (257 * 257)
			}
		}
	}
	return 10 * math.Log10(255*255*3*drawnWidth*drawnHeight/sum)
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func mustImage(t testing.TB, data []byte) (*File, image.Image) {
	t.Helper()
	f, err := Parse(context.Background(), data, 0)
	if err != nil {
		t.Fatal(err)
	}
	m, err := f.Image(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return f, m
}

// maxDifference is the largest difference of any stored sample between two
// pictures of one kind, over the samples that belong to the picture.
func maxDifference(t testing.TB, a, b image.Image) int {
	t.Helper()
	worst := 0
	see := func(p, q uint8) {
		worst = max(worst, max(int(p), int(q))-min(int(p), int(q)))
	}
	switch a := a.(type) {
	case *image.YCbCr:
		b, ok := b.(*image.YCbCr)
		if !ok || a.SubsampleRatio != b.SubsampleRatio || a.Rect != b.Rect {
			t.Fatalf("kinds differ: %T %v, %T", a, a.SubsampleRatio, b)
		}
		for y := range a.Rect.Dy() {
			for x := range a.Rect.Dx() {
				see(a.Y[a.YOffset(x, y)], b.Y[b.YOffset(x, y)])
				see(a.Cb[a.COffset(x, y)], b.Cb[b.COffset(x, y)])
				see(a.Cr[a.COffset(x, y)], b.Cr[b.COffset(x, y)])
			}
		}
		return worst
	}
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			r, g, bl, _ := a.At(x, y).RGBA()
			r2, g2, bl2, _ := b.At(x, y).RGBA()
			see(uint8(r>>8), uint8(r2>>8))
			see(uint8(g>>8), uint8(g2>>8))
			see(uint8(bl>>8), uint8(bl2>>8))
		}
	}
	return worst
}

func TestFilesOfEveryKind(t *testing.T) {
	for _, c := range []struct {
		name    string
		least   float64 // PSNR against the drawing, dB
		std     bool    // the standard library takes it
		restart int
	}{
		{"baseline-420.jpg", 29, true, 0},
		{"baseline-422.jpg", 29, true, 0},
		{"baseline-440.jpg", 29, true, 0},
		{"baseline-444.jpg", 33, true, 0},
		{"baseline-411.jpg", 26, true, 0},
		{"baseline-410.jpg", 25, true, 0},
		{"baseline-3scans.jpg", 29, true, 0},
		{"odd-3x2.jpg", 26, false, 0},
		{"odd-luma-low.jpg", 26, false, 0},
		{"odd-mixed.jpg", 26, false, 0},
		{"grey.jpg", 33, true, 0},
		{"grey-2x2.jpg", 33, true, 0},
		{"progressive-grey.jpg", 33, true, 0},
		{"progressive-420.jpg", 29, true, 0},
		{"progressive-444-restart.jpg", 33, true, 17},
		{"restart-2.jpg", 29, true, 2},
		{"restart-row.jpg", 29, true, 9},
		{"rgb.jpg", 33, true, 0},
		{"quant16.jpg", 15, true, 0},
		{"ycck.jpg", 30, true, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := read(t, c.name)
			f, m := mustImage(t, data)
			if f.Problem != "" {
				t.Errorf("problem: %s", f.Problem)
			}
			if f.Width != drawnWidth || f.Height != drawnHeight || m.Bounds() != image.Rect(0, 0, drawnWidth, drawnHeight) {
				t.Errorf("size %d x %d, %v", f.Width, f.Height, m.Bounds())
			}
			if f.Progressive != strings.HasPrefix(c.name, "progressive") {
				t.Errorf("progressive: %v", f.Progressive)
			}
			if f.RestartInterval != c.restart {
				t.Errorf("restart interval %d, want %d", f.RestartInterval, c.restart)
			}
			if got := psnr(m); got < c.least {
				t.Errorf("PSNR %.1f dB, want at least %.0f", got, c.least)
			}
			std, err := stdjpeg.Decode(bytes.NewReader(data))
			if (err == nil) != c.std {
				t.Logf("the standard library: %v", err)
			}
			if err == nil && c.std {
				if d := maxDifference(t, std, m); d > 2 {
					t.Errorf("differs from the standard library by %d", d)
				}
			}
		})
	}
}

func TestAdobeCMYKWithoutTransform(t *testing.T) {
	data := bytes.Clone(read(t, "ycck.jpg"))
	at := bytes.Index(data, []byte("Adobe"))
	if data[at+11] != 2 {
		t.Fatalf("transform %d", data[at+11])
	}
	data[at+11] = 0
	_, m := mustImage(t, data)
	std, err := stdjpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if d := maxDifference(t, std, m); d > 3 {
		t.Errorf("differs from the standard library by %d", d)
	}
	copy(data[at:], "Adobf") // no Adobe marker: inks as they are
	_, plain := mustImage(t, data)
	a, b := m.(*image.CMYK), plain.(*image.CMYK)
	for i := range a.Pix {
		if a.Pix[i] != 255-b.Pix[i] {
			t.Fatalf("ink %d: %d and %d", i, a.Pix[i], b.Pix[i])
		}
	}
}

// TestAgainstStandardEncoder runs files of many sizes, qualities and kinds.
func TestAgainstStandardEncoder(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {7, 9}, {8, 8}, {17, 16}, {33, 120}, {250, 190}} {
		for _, quality := range []int{5, 50, 92, 100} {
			m := image.NewRGBA(image.Rect(0, 0, size[0], size[1]))
			grey := image.NewGray(m.Rect)
			for y := range size[1] {
				for x := range size[0] {
					c := drawing(x, y)
					c.R ^= uint8((x*7 ^ y*13) & 31)
					m.Set(x, y, c)
					grey.Set(x, y, c)
				}
			}
			for _, src := range []image.Image{m, grey} {
				var b bytes.Buffer
				if err := stdjpeg.Encode(&b, src, &stdjpeg.Options{Quality: quality}); err != nil {
					t.Fatal(err)
				}
				std, err := stdjpeg.Decode(bytes.NewReader(b.Bytes()))
				if err != nil {
					t.Fatal(err)
				}
				f, got := mustImage(t, append(b.Bytes(), "trailing bytes"...))
				if f.Problem != "" {
					t.Errorf("%v at %d: %s", size, quality, f.Problem)
				}
				if d := maxDifference(t, std, got); d > 2 {
					t.Errorf("%v at %d: differs by %d", size, quality, d)
				}
			}
		}
	}
}

// TestCoefficients checks numbers whose values follow from the picture: a flat
// grey of v has DC 8(v-128)/q and nothing else.
func TestCoefficients(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 20, 12))
	for i := range m.Pix {
		m.Pix[i] = 178
	}
	var b bytes.Buffer
	if err := stdjpeg.Encode(&b, m, &stdjpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	f, _ := mustImage(t, b.Bytes())
	c := &f.Components[0]
	if c.BlocksWide != 3 || c.BlocksHigh != 2 || c.Quant == nil || c.Quant[0] != 1 {
		t.Fatalf("%d x %d blocks, table %v", c.BlocksWide, c.BlocksHigh, c.Quant)
	}
	for by := range 2 {
		for bx := range 3 {
			for k, q := range c.Block(bx, by) {
				want := int16(0)
				if k == 0 {
					want = 8 * 50
				}
				if q != want {
					t.Fatalf("block %d,%d coefficient %d is %d, want %d", bx, by, k, q, want)
				}
			}
		}
	}
}

func TestUnsupported(t *testing.T) {
	patch := func(marker byte, precision byte) []byte {
		data := bytes.Clone(read(t, "baseline-420.jpg"))
		at := bytes.Index(data, []byte{0xff, markerSOF0})
		data[at+1], data[at+4] = marker, precision
		return data
	}
	for name, data := range map[string][]byte{
		"arithmetic":   read(t, "arithmetic.jpg"),
		"lossless":     patch(0xc3, 8),
		"hierarchical": patch(0xc5, 8),
		"12 bits":      patch(markerSOF1, 12),
	} {
		var u UnsupportedError
		if _, err := Parse(context.Background(), data, 0); !errors.As(err, &u) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBounds(t *testing.T) {
	data := bytes.Clone(read(t, "baseline-420.jpg"))
	var m MemoryError
	if _, err := Parse(context.Background(), data, 1000); !errors.As(err, &m) {
		t.Errorf("small bound: %v", err)
	}
	at := bytes.Index(data, []byte{0xff, markerSOF0})
	copy(data[at+5:], []byte{0xea, 0x60, 0xea, 0x60}) // 60,000 x 60,000
	if _, err := Parse(context.Background(), data, 1<<28); !errors.As(err, &m) {
		t.Errorf("60,000 x 60,000: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Parse(ctx, read(t, "baseline-420.jpg"), 0); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestTruncated cuts files everywhere: what is left of the picture must agree
// with the whole, and the loss must be told.
func TestTruncated(t *testing.T) {
	for _, name := range []string{"baseline-420.jpg", "restart-2.jpg", "progressive-420.jpg"} {
		data := read(t, name)
		_, whole := mustImage(t, data)
		read := 0
		for cut := 0; cut < len(data)-2; cut += 7 {
			f, err := Parse(context.Background(), data[:cut], 0)
			if err != nil {
				continue
			}
			read++
			if f.Problem == "" {
				t.Fatalf("%s cut at %d: no problem told", name, cut)
			}
			m, err := f.Image(context.Background())
			if err != nil {
				t.Fatalf("%s cut at %d: %v", name, cut, err)
			}
			if name != "progressive-420.jpg" && cut > len(data)*3/4 {
				top := image.Rect(0, 0, drawnWidth, 16)
				if d := maxDifference(t, whole.(*image.YCbCr).SubImage(top), m.(*image.YCbCr).SubImage(top)); d > 0 {
					t.Fatalf("%s cut at %d: the top differs by %d", name, cut, d)
				}
			}
		}
		if read < len(data)/7/2 {
			t.Errorf("%s: only %d cuts gave a picture", name, read)
		}
		if f, _ := mustImage(t, data[:len(data)-2]); !f.Progressive && f.Problem != "" {
			t.Errorf("%s without its end marker: %s", name, f.Problem)
		}
	}
}

// TestResync damages one restart interval and takes out another: all the rest
// must stay in place.
func TestResync(t *testing.T) {
	data := read(t, "restart-2.jpg")
	_, whole := mustImage(t, data)
	var markers []int
	for i := bytes.Index(data, []byte{0xff, markerSOS}); i+1 < len(data); i++ {
		if data[i] == 0xff && data[i+1] >= markerRST0 && data[i+1] <= markerRST7 {
			markers = append(markers, i)
		}
	}
	differing := func(data []byte) int {
		f, m := mustImage(t, data)
		if f.Problem == "" {
			t.Error("no problem told")
		}
		a, b := whole.(*image.YCbCr), m.(*image.YCbCr)
		mcus := map[[2]int]bool{}
		for y := range drawnHeight {
			for x := range drawnWidth {
				if a.Y[a.YOffset(x, y)] != b.Y[b.YOffset(x, y)] {
					mcus[[2]int{x / 16, y / 16}] = true
				}
			}
		}
		return len(mcus)
	}
	missing := append(bytes.Clone(data[:markers[5]]), data[markers[6]:]...)
	if n := differing(missing); n < 1 || n > 2 {
		t.Errorf("an interval missing: %d MCUs differ", n)
	}
	damaged := bytes.Clone(data)
	for i := markers[8] + 2; i < markers[9]; i++ {
		damaged[i] = 0xfe
	}
	if n := differing(damaged); n < 1 || n > 2 {
		t.Errorf("an interval damaged: %d MCUs differ", n)
	}
}

func TestLateHeight(t *testing.T) {
	data := bytes.Clone(read(t, "grey.jpg"))
	at := bytes.Index(data, []byte{0xff, markerSOF0})
	data[at+5], data[at+6] = 0, 0
	data = append(data[:len(data)-2], 0xff, markerDNL, 0, 4, 0, drawnHeight, 0xff, markerEOI)
	f, m := mustImage(t, data)
	if f.Height != drawnHeight || psnr(m) < 33 {
		t.Errorf("height %d", f.Height)
	}
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.jpg")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range files {
		f.Add(read(f, filepath.Base(name)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Parse(context.Background(), data, 1<<22)
		if err != nil {
			return
		}
		for i := range file.Components {
			c := &file.Components[i]
			if len(c.Coefficients) != 64*c.BlocksWide*c.BlocksHigh || 8*c.BlocksWide < c.Width || 8*c.BlocksHigh < c.Height {
				t.Fatalf("component %d: %d x %d blocks for %d x %d", i, c.BlocksWide, c.BlocksHigh, c.Width, c.Height)
			}
		}
		if file.Width*file.Height > 1<<22 {
			return // nothing but a widely subsampled picture gets here
		}
		m, err := file.Image(context.Background())
		if err != nil {
			return
		}
		if m.Bounds() != image.Rect(0, 0, file.Width, file.Height) {
			t.Fatalf("bounds %v", m.Bounds())
		}
		b := m.Bounds()
		m.At(b.Max.X-1, b.Max.Y-1).RGBA()
	})
}
