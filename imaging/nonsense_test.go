package imaging

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/bmp"
	xtiff "golang.org/x/image/tiff"
)

// codeOf returns the code of an *Error, and fails the test for any other kind.
func codeOf(t *testing.T, err error) ErrorCode {
	t.Helper()
	if err == nil {
		return ""
	}
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%T is no *Error: %v", err, err)
	}
	en, zh := e.Text()
	if len(en) < 20 || len(zh) < 20 || e.Error() == "" {
		t.Errorf("%s is said as %q, %q", e.Code, en, zh)
	}
	return e.Code
}

func TestEveryCodeHasItsSentence(t *testing.T) {
	for code, s := range sentences {
		if !strings.ContainsAny(s.en, ":.") || !strings.HasSuffix(s.zh, "。") || s.en == "" {
			t.Errorf("%s: %q, %q", code, s.en, s.zh)
		}
	}
	unknown := &Error{Code: "no such code"}
	if en, zh := unknown.Text(); en == "" || zh == "" {
		t.Error("an unknown code has no sentence")
	}
}

func TestPathsThatAreNoPictures(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	huge := filepath.Join(dir, "huge.jpg")
	f, err := os.Create(huge)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Truncate(300<<20), f.Close()); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "dangling.jpg")
	if err := os.Symlink(filepath.Join(dir, "nowhere"), link); err != nil {
		t.Logf("no links here: %v", err)
		link = filepath.Join(dir, "nowhere")
	}
	for _, c := range []struct {
		name, path string
		want       ErrorCode
	}{
		{"missing", filepath.Join(dir, "missing.jpg"), NotFound},
		{"dangling link", link, NotFound},
		{"folder", dir, Folder},
		{"empty", write("empty.jpg", nil), Empty},
		{"text", write("text.jpg", []byte("Dear shop, the mug arrived broken.\n")), UnknownFormat},
		{"300 MB of zeros", huge, TooLarge},
		{"PDF", write("a.png", []byte("%PDF-1.7\n")), UnsupportedFormat},
		{"video", write("a.heic", []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")), UnsupportedFormat},
		{"two letters", write("bm.bmp", []byte("BM")), UnknownFormat},
		{"letters that begin a bitmap", write("bm2.bmp", []byte("BMW drivers, please read this notice")), UnknownFormat},
		{"half a signature", write("half.png", []byte("\x89PNG")), UnknownFormat},
		{"only a signature", write("sig.png", []byte(pngSignature)), Broken},
		{"a start marker", write("soi.jpg", []byte{0xff, 0xd8, 0xff}), Broken},
		{"device", os.DevNull, NotAFile},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := Open(context.Background(), c.path, Limits{}); codeOf(t, err) != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

func TestNoPermission(t *testing.T) {
	path := filepath.Join(t.TempDir(), "locked.jpg")
	if err := os.WriteFile(path, golden(t, "testdata/photo.jpg"), 0o000); err != nil {
		t.Fatal(err)
	}
	if f, err := os.Open(path); err == nil {
		f.Close()
		t.Skip("this user may read every file")
	}
	if _, err := Open(context.Background(), path, Limits{}); codeOf(t, err) != NoPermission {
		t.Errorf("%v", err)
	}
}

func TestWrongEnding(t *testing.T) {
	path := filepath.Join(t.TempDir(), "really-a-jpeg.png")
	if err := os.WriteFile(path, golden(t, "testdata/photo.jpg"), 0o600); err != nil {
		t.Fatal(err)
	}
	if p, err := Open(context.Background(), path, Limits{}); err != nil || p.Format != "jpeg" {
		t.Errorf("%v, %v", p, err)
	}
}

// huge60k gives, for each format, a small file whose header declares 60,000 x
// 60,000 pixels.
func huge60k(t *testing.T) map[string][]byte {
	const n = 60000
	be := []byte{0, 0, 0xea, 0x60}
	le := []byte{0x60, 0xea, 0, 0}
	patch := func(data []byte, at int, with ...[]byte) []byte {
		data = bytes.Clone(data)
		for _, w := range with {
			at += copy(data[at:], w)
		}
		return data
	}
	small := image.NewGray(image.Rect(0, 0, 4, 4))
	pngFile := pngBytes(t, small)
	var bmpFile, tiffFile bytes.Buffer
	if err := errors.Join(bmp.Encode(&bmpFile, small), xtiff.Encode(&tiffFile, small, nil)); err != nil {
		t.Fatal(err)
	}
	jpegFile := golden(t, "testdata/photo.jpg")
	progressive := golden(t, "jpeg/testdata/progressive-420.jpg")
	files := map[string][]byte{
		"jpeg":             patch(jpegFile, bytes.Index(jpegFile, []byte{0xff, 0xc0})+5, be[2:], be[2:]),
		"progressive jpeg": patch(progressive, bytes.Index(progressive, []byte{0xff, 0xc2})+5, be[2:], be[2:]),
		"png":              patch(pngFile, 16, be, be),
		"gif":              patch(golden(t, "testdata/animated.gif"), 6, le[:2], le[:2]),
		"bmp":              patch(bmpFile.Bytes(), 18, le, le),
		"bmp top down":     patch(bmpFile.Bytes(), 18, le, []byte{0xa0, 0x15, 0xff, 0xff}),
		"webp":             patch(golden(t, "testdata/alpha.webp"), 24, []byte{0x5f, 0xea, 0}, []byte{0x5f, 0xea, 0}),
	}
	// TIFF: the width and height entries' values.
	tiffBytes := bytes.Clone(tiffFile.Bytes())
	d, _ := newTIFF(tiffBytes)
	for i := range int(d.u16(d.first)) {
		e := d.first + 2 + 12*i
		if tag := d.u16(e); tag == 256 || tag == 257 {
			binary.LittleEndian.PutUint16(tiffBytes[e+2:], 4)
			binary.LittleEndian.PutUint32(tiffBytes[e+8:], n)
		}
	}
	files["tiff"] = tiffBytes
	for name, file := range map[string]string{"heic": "heif/testdata/d420.heic", "avif": "heif/testdata/d420.avif"} {
		data := bytes.Clone(golden(t, file))
		for at := bytes.Index(data, []byte("ispe")); at >= 0; {
			copy(data[at+8:], append(bytes.Clone(be), be...))
			next := bytes.Index(data[at+4:], []byte("ispe"))
			if next < 0 {
				break
			}
			at += 4 + next
		}
		files[name] = data
	}
	return files
}

// TestDeclaredSizes wants a clear refusal, from the header alone: the bytes
// allocated say that nothing was decoded.
func TestDeclaredSizes(t *testing.T) {
	for name, data := range huge60k(t) {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Decode(context.Background(), data, Limits{})
			runtime.ReadMemStats(&after)
			if code := codeOf(t, err); code != TooManyPixels {
				t.Errorf("%v", err)
			}
			if got := after.TotalAlloc - before.TotalAlloc; got > 8<<20 {
				t.Errorf("%d MB allocated", got>>20)
			}
		})
	}
}

// TestBombs feeds small files that would unpack to much within the declared
// pixels, or hang a careless reader.
func TestBombs(t *testing.T) {
	wide := image.NewGray16(image.Rect(0, 0, 4000, 3000)) // 12 MP of nothing packs to little
	bomb := pngBytes(t, wide)
	if _, err := Decode(context.Background(), bomb, Limits{MaxMemory: 16 << 20}); codeOf(t, err) != TooMuchMemory {
		t.Errorf("16-bit grey PNG: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	<-ctx.Done()
	if _, err := Decode(ctx, bomb, Limits{}); codeOf(t, err) != TimedOut {
		t.Errorf("after the deadline: %v", err)
	}
	ctx, cancel = context.WithCancel(context.Background())
	cancel()
	if _, err := Decode(ctx, golden(t, "testdata/photo.jpg"), Limits{}); codeOf(t, err) != Cancelled {
		t.Errorf("cancelled: %v", err)
	}
	// A directory that points at itself must not be walked for ever.
	loop := []byte("II*\x00\x08\x00\x00\x00\xff\xff")
	for range 300 {
		loop = append(loop, 0x12, 0x01, 4, 0, 0xff, 0xff, 0xff, 0xff, 8, 0, 0, 0)
	}
	if _, err := Decode(context.Background(), loop, Limits{}); codeOf(t, err) != Broken {
		t.Errorf("looping TIFF: %v", err)
	}
}

// TestScansAreNotFree: a JPEG that sends its blocks again and again is refused
// as that, in Decode and before it is kept, whichever decoder it would be for.
func TestScansAreNotFree(t *testing.T) {
	for _, side := range []int{1024, 8000} { // the standard library's, and our own
		bomb := scansOfNothing(side, 3000)
		began := time.Now()
		_, err := Decode(t.Context(), bomb, Limits{})
		if codeOf(t, err) != TooManyScans {
			t.Errorf("%d pixels wide, %d bytes: %v", side, len(bomb), err)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%d pixels wide: refused after %v", side, took)
		}
		if err := Check(bomb, Limits{}); codeOf(t, err) != TooManyScans {
			t.Errorf("before it is kept: %v", err)
		}
		bomb = append(bomb, make([]byte, headBytes)...) // more than is read of others
		err = CheckWithin(t.Context(), int64(len(bomb)), func(n int) ([]byte, error) { return bomb[:n], nil })
		if codeOf(t, err) != TooManyScans {
			t.Errorf("beyond its beginning: %v", err)
		}
	}
	few := scansOfNothing(256, 60)
	if p, err := Decode(t.Context(), few, Limits{}); err != nil || p.Partial {
		t.Errorf("61 scans: %v", err)
	}
}

// scansOfNothing is a grey progressive JPEG, wide and high pixels, one DC scan
// and others that say of every block that nothing more comes.
func scansOfNothing(wide, scans int) []byte {
	side := uint16(wide)
	blocks := (wide + 7) / 8 * ((wide + 7) / 8)
	one := append([]byte{1}, make([]byte, 15)...) // a Huffman table of one code
	out := append([]byte{0xff, 0xd8, 0xff, 0xdb, 0, 67, 0}, bytes.Repeat([]byte{1}, 64)...)
	out = append(out, 0xff, 0xc2, 0, 11, 8, byte(side>>8), byte(side), byte(side>>8), byte(side), 1, 1, 0x11, 0)
	out = append(append(append(out, 0xff, 0xc4, 0, 20, 0x00), one...), 0x00)
	out = append(append(append(out, 0xff, 0xc4, 0, 20, 0x10), one...), 0xe0)
	out = append(append(out, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0), make([]byte, (blocks+7)/8)...)
	for i := range scans {
		k := byte(1 + i%63)
		out = append(out, 0xff, 0xda, 0, 8, 1, 1, 0, k, k, 0)
		// 15 zero bits are a run of 16384 blocks.
		out = append(out, make([]byte, ((blocks+16383)/16384*15+7)/8)...)
	}
	return append(out, 0xff, 0xd9)
}

// TestGivenUp lets a decode outlast its time: the call must return with the
// deadline, whatever the decoder does.
func TestGivenUp(t *testing.T) {
	release := make(chan struct{})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	b := NewBudget(100)
	s, err := b.take(ctx, 60)
	if err != nil {
		t.Fatal(err)
	}
	_, err = inBackground(ctx, s, func() (*Picture, error) {
		<-release
		return nil, nil
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	waits, stop := context.WithTimeout(context.Background(), time.Millisecond)
	defer stop()
	if _, err := b.take(waits, 60); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a decoder that was given up and still runs holds its part: %v", err)
	}
	close(release)
	s, err = b.take(context.Background(), 100)
	if err != nil {
		t.Fatal(err)
	}
	_, err = inBackground(context.Background(), s, func() (*Picture, error) { panic("third party") })
	if err == nil || codeOf(t, decodeError(context.Background(), err)) != Broken {
		t.Errorf("a panic gave %v", err)
	}
	if _, err := b.take(context.Background(), 100); err != nil {
		t.Errorf("after a panic: %v", err)
	}
}

func TestOnePixel(t *testing.T) {
	p, err := Decode(context.Background(), pngBytes(t, onePixel()), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if l := p.Luma(1600); l.Width != 1 || l.Height != 1 || l.Pix[0] != 255 {
		t.Errorf("%+v", l)
	}
	if m := p.RGBA(1); m.RGBAAt(0, 0) != (color.RGBA{255, 255, 255, 255}) {
		t.Errorf("%v", m)
	}
}

// TestCutEveryKiB cuts a photograph and a drawing everywhere: each cut is
// either a partial picture that says so or a clear error.
func TestCutEveryKiB(t *testing.T) {
	files := map[string][]byte{"drawn png": golden(t, "testdata/interlaced.png"), "drawn jpeg": golden(t, "testdata/photo.jpg")}
	noisy := image.NewNRGBA(image.Rect(0, 0, 150, 110))
	for i := range noisy.Pix {
		noisy.Pix[i] = uint8(i*i>>3) | uint8(i&3)*85
	}
	files["noisy png"] = pngBytes(t, noisy)
	if real, err := filepath.Glob("../../shared/data/handheld/*.jpg"); err == nil && len(real) > 0 {
		files[filepath.Base(real[0])] = golden(t, real[0])
	} else {
		t.Log("../shared/data is not here: drawings alone are cut")
	}
	for name, data := range files {
		step := 1 << 10
		if len(data) > 1<<18 {
			step = len(data) / 16 &^ 1023
		} else if len(data) < 1<<14 {
			step = 97
		}
		partial := 0
		for cut := 0; cut < len(data)-16; cut += step {
			p, err := Decode(context.Background(), data[:cut], Limits{})
			switch {
			case err != nil:
				if code := codeOf(t, err); code != Broken && code != Empty && code != UnknownFormat {
					t.Errorf("%s cut at %d: %v", name, cut, err)
				}
			case !p.Partial || p.Problem == "":
				t.Errorf("%s cut at %d: taken as whole", name, cut)
			default:
				partial++
				p.Luma(64)
			}
		}
		if partial == 0 {
			t.Errorf("%s: no cut gave a partial picture", name)
		}
	}
}

func TestTrailingBytes(t *testing.T) {
	for _, file := range []string{"testdata/photo.jpg", "testdata/deep.png", "testdata/animated.gif", "testdata/lossy.webp", "testdata/rgb.bmp", "heif/testdata/d420.avif"} {
		data := append(golden(t, file), strings.Repeat("advertising ", 100)...)
		if p, err := Decode(context.Background(), data, Limits{}); err != nil || p.Partial {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func onePixel() image.Image {
	m := image.NewGray(image.Rect(0, 0, 1, 1))
	m.Pix[0] = 255
	return m
}

// TestSecondIHDR: what a damaged file is rebuilt from is the head whose size
// was held against the limits, not a later one.
func TestSecondIHDR(t *testing.T) {
	whole := golden(t, "testdata/interlaced.png")
	vast := append([]byte{0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff}, whole[24:29]...)
	var b bytes.Buffer
	b.Write(whole[:33])
	writeChunk(&b, "IHDR", vast)
	b.Write(whole[33:])
	p, err := Decode(t.Context(), b.Bytes(), Limits{MaxMemory: 64 << 20})
	if err != nil {
		t.Fatal(err)
	}
	if want, _ := Decode(t.Context(), whole, Limits{}); p.Width != want.Width || p.Height != want.Height {
		t.Errorf("%d x %d", p.Width, p.Height)
	}
}

// TestPixelDataInPieces reads pixels that come a byte a chunk.
func TestPixelDataInPieces(t *testing.T) {
	whole := golden(t, "testdata/interlaced.png")
	var b bytes.Buffer
	b.WriteString(pngSignature)
	for c := range pngChunks(whole) {
		if c.kind != "IDAT" {
			writeChunk(&b, c.kind, c.body)
			continue
		}
		for i := range c.body {
			writeChunk(&b, "IDAT", c.body[i:i+1])
		}
	}
	h := readHeader(formatPNG, b.Bytes())
	h.png.rows = true
	d, err := decodePNGRows(t.Context(), h.png, b.Bytes())
	if err != nil || d.problem != "" {
		t.Fatal(err, d.problem)
	}
}
