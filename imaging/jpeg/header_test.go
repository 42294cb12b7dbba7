package jpeg

import (
	"bytes"
	"image"
	"image/color"
	stdjpeg "image/jpeg"
	"testing"
)

func encodedAt(t testing.TB, quality int, grey bool) []byte {
	t.Helper()
	var m image.Image = image.NewGray(image.Rect(0, 0, 24, 17))
	if !grey {
		c := image.NewRGBA(image.Rect(0, 0, 24, 17))
		c.Set(3, 3, color.RGBA{200, 20, 90, 255})
		m = c
	}
	var b bytes.Buffer
	if err := stdjpeg.Encode(&b, m, &stdjpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The standard library scales the tables of annex K as libjpeg does.
func TestIJGQuality(t *testing.T) {
	for q := 1; q <= 100; q++ {
		for _, grey := range []bool{false, true} {
			h, err := ReadHeader(encodedAt(t, q, grey))
			if err != nil {
				t.Fatal(err)
			}
			if h.Width != 24 || h.Height != 17 || h.Progressive || h.Adobe != -1 {
				t.Fatalf("quality %d: got %+v", q, h)
			}
			if got, ok := IJGQuality(h.Quant(0), h.Quant(1)); !ok || got != q {
				t.Errorf("quality %d, grey %v: read as %d, %v", q, grey, got, ok)
			}
		}
	}
}

func TestIJGQualityOfOthers(t *testing.T) {
	h, err := ReadHeader(encodedAt(t, 90, false))
	if err != nil {
		t.Fatal(err)
	}
	luma, chroma := *h.Quant(0), *h.Quant(1)
	luma[63]++
	if q, ok := IJGQuality(&luma, &chroma); ok {
		t.Errorf("a table with one other value reads as quality %d", q)
	}
	if q, ok := IJGQuality(h.Quant(0), h.Quant(0)); ok {
		t.Errorf("luma's table for chroma reads as quality %d", q)
	}
	if _, ok := IJGQuality(nil, nil); ok {
		t.Error("no table has a quality")
	}
}

func TestReadHeaderOfDamage(t *testing.T) {
	whole := encodedAt(t, 80, false)
	scan := bytes.Index(whole, []byte{0xff, markerSOS})
	for n := range whole {
		h, err := ReadHeader(whole[:n])
		if n < scan+2 && err == nil {
			t.Fatalf("%d bytes read as %+v", n, h)
		}
	}
}

func FuzzReadHeader(f *testing.F) {
	f.Add(encodedAt(f, 80, false))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := ReadHeader(data)
		if err != nil {
			return
		}
		for i := range h.Components {
			IJGQuality(h.Quant(i), h.Quant(1))
		}
	})
}
