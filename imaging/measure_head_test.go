package imaging

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// TestHeadIsEnough: what CheckWithin says of a file is what Check says of all of
// it, and of a large one whose header comes first only the beginning is read.
func TestHeadIsEnough(t *testing.T) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	all := map[string][]byte{"nothing known": []byte("a letter, and not a picture at all")}
	for _, name := range files {
		if all[filepath.Base(name)], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	all["phone.jpg"] = photo12()
	all["late.jpg"] = latePreviews(photo12())
	all["cut.jpg"] = latePreviews(photo12())[:headBytes+100]
	all["huge.jpg"] = withSize(photo12(), 60000, 60000)
	all["noise.png"] = pngBytes(t, noise(700, 400))
	all["wide.png"] = slices.Clone(all["noise.png"])
	binary.BigEndian.PutUint32(all["wide.png"][16:], 60000)
	binary.BigEndian.PutUint32(all["wide.png"][20:], 60000)
	var out bytes.Buffer
	if err := gif.Encode(&out, noise(700, 700), nil); err != nil {
		t.Fatal(err)
	}
	all["noise.gif"] = out.Bytes()
	for name, file := range all {
		// With and without as much behind it, so that small ones count, too.
		for _, data := range [][]byte{file, append(slices.Clone(file), make([]byte, headBytes)...)} {
			size, read := int64(len(data)), 0
			got := CheckWithin(t.Context(), size, func(n int) ([]byte, error) {
				read += n
				return data[:min(n, len(data))], nil
			})
			if want := Check(data, Limits{MaxBytes: size}); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s, %d bytes: %v, want %v", name, size, got, want)
			}
			whole := slices.Contains([]string{"late.jpg", "cut.jpg", "README.md", "nothing known", "deep.tif", "lzw.tif", "zip-orient8.tif", "animated.webp"}, name)
			if size > headBytes && !whole && read > headBytes {
				t.Errorf("%s: %d of %d bytes were read", name, read, size)
			}
		}
	}
	broken := errors.New("the disk")
	if err := CheckWithin(t.Context(), 1<<30, func(int) ([]byte, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

// latePreviews puts so much before a JPEG's frame header that it lies beyond
// the beginning.
func latePreviews(photo []byte) []byte {
	out := slices.Clone(photo[:2])
	for range 5 {
		out = append(append(out, 0xff, 0xef, 0xff, 0xff), make([]byte, 0xfffd)...)
	}
	return append(out, photo[2:]...)
}

// withSize writes another size into a JPEG's frame header.
func withSize(photo []byte, width, height uint16) []byte {
	out := slices.Clone(photo)
	at := bytes.Index(out, []byte{0xff, 0xc0, 0x00, 0x11, 0x08})
	binary.BigEndian.PutUint16(out[at+5:], height)
	binary.BigEndian.PutUint16(out[at+7:], width)
	return out
}

// noise is a picture that does not compress.
func noise(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	v := uint32(1)
	for i := range m.Pix {
		v = v*1664525 + 1013904223
		m.Pix[i] = uint8(v >> 24)
	}
	return m
}

// TestOneDeadline: a file that is tried a second time has the time that the
// first try left, not all of it anew.
func TestOneDeadline(t *testing.T) {
	was := decoders[formatBMP]
	defer func() { decoders[formatBMP] = was }()
	data := golden(t, "testdata/rgb.bmp")
	synctest.Test(t, func(t *testing.T) {
		var first, second time.Time
		decoders[formatBMP] = func(ctx context.Context, _ header, _ []byte, _ Limits) (decoded, error) {
			first, _ = ctx.Deadline()
			time.Sleep(40 * time.Second)
			return decoded{}, &again{otherwise: errors.New("damaged"), decode: func(ctx context.Context, _ header, _ []byte, _ Limits) (decoded, error) {
				second, _ = ctx.Deadline()
				<-ctx.Done()
				return decoded{}, ctx.Err()
			}}
		}
		began := time.Now()
		_, err := Decode(t.Context(), data, Limits{Timeout: time.Minute})
		var e *Error
		if !errors.As(err, &e) || e.Code != TimedOut {
			t.Errorf("%v", err)
		}
		synctest.Wait() // what decodes in the background has written what is read here
		if took := time.Since(began); took != time.Minute || !second.Equal(first) {
			t.Errorf("it took %v; the second try ended at %v, the first at %v", took, second, first)
		}
	})
}
