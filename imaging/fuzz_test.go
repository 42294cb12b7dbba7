package imaging

import (
	"context"
	"encoding/binary"
	"errors"
	"path/filepath"
	"testing"
	"time"
)

// seeds adds every golden file.
func seeds(f *testing.F) {
	for _, pattern := range []string{"testdata/*.*", "jpeg/testdata/*.jpg", "heif/testdata/*.*i*"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatal("no seeds", pattern, err)
		}
		for _, name := range files {
			f.Add(golden(f, name))
		}
	}
}

// FuzzHeader feeds the sniffer and the readers of declared sizes.
func FuzzHeader(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		kind, err := sniff(data)
		var e *Error
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("%T", err)
		}
		kindsToTry := []format{kind}
		if err != nil {
			kindsToTry = []format{formatJPEG, formatPNG, formatGIF, formatWebP, formatBMP, formatTIFF, formatHEIC, formatAVIF}
		}
		for _, k := range kindsToTry {
			h := readHeader(k, data)
			if h.width < 0 || h.height < 0 || h.memory < 0 || h.orientation < 1 || h.orientation > 8 {
				t.Fatalf("%s: %+v", k, h)
			}
			if h.width > 0 && h.height > 0 && h.check(Limits{MaxPixels: 1, MaxMemory: 1}) == nil && (h.width > 1 || h.height > 1) {
				t.Fatalf("%s: %+v passes the smallest limits", k, h)
			}
		}
	})
}

func FuzzExifOrientation(f *testing.F) {
	for o := range uint16(10) {
		f.Add(exifBlock(binary.BigEndian, o))
		f.Add(exifBlock(binary.LittleEndian, o))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if o := exifOrientation(data); o < 1 || o > 8 {
			t.Fatalf("orientation %d", o)
		}
	})
}

// FuzzDecode decodes whole files under tiny limits. HEIC and AVIF are left to
// the sandbox and their header readers to FuzzHeader: a sandbox a run is slow.
func FuzzDecode(f *testing.F) {
	seeds(f)
	lim := Limits{MaxBytes: 1 << 20, MaxPixels: 1 << 16, MaxMemory: 16 << 20, Timeout: 20 * time.Second}
	f.Fuzz(func(t *testing.T, data []byte) {
		if kind, err := sniff(data); err == nil && (kind == formatHEIC || kind == formatAVIF) {
			return
		}
		p, err := Decode(context.Background(), data, lim)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("%T %v", err, err)
			}
			if e.Code == TimedOut {
				t.Fatal("too slow")
			}
			return
		}
		if p.Width < 1 || p.Height < 1 || int64(p.Width)*int64(p.Height) > lim.MaxPixels {
			t.Fatalf("%d x %d", p.Width, p.Height)
		}
		l, m := p.Luma(20), p.RGBA(20)
		if l.Width != m.Rect.Dx() || l.Height != m.Rect.Dy() || max(l.Width, l.Height) > 20 {
			t.Fatalf("%d x %d, %v", l.Width, l.Height, m.Rect)
		}
		for _, v := range l.Pix {
			if !(v >= 0 && v <= 255.001) {
				t.Fatalf("luma %f", v)
			}
		}
		if full := p.Luma(0); full.Width != p.Width || full.Height != p.Height {
			t.Fatalf("%d x %d of %d x %d", full.Width, full.Height, p.Width, p.Height)
		}
	})
}
