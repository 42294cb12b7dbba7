package gallery

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// shelf keeps blobs in memory and counts how often each is opened.
type shelf struct {
	by     map[string][]byte
	opened atomic.Int64
	gate   chan struct{} // where set, Open waits for it or for ctx
}

func (s *shelf) Put(context.Context, io.Reader, int64) (string, int64, error) { panic("not here") }

func (s *shelf) Size(_ context.Context, sha string) (int64, error) { return int64(len(s.by[sha])), nil }

func (s *shelf) Open(ctx context.Context, sha string, at, n int64) (io.ReadCloser, error) {
	s.opened.Add(1)
	if s.gate != nil {
		select {
		case <-s.gate:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	data, ok := s.by[sha]
	if !ok {
		return nil, work.ErrNotFound
	}
	if n < 0 {
		n = int64(len(data)) - at
	}
	return io.NopCloser(bytes.NewReader(data[at : at+n])), nil
}

// gradient is smooth, so that JPEG keeps it within a few levels.
func gradient(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, color.RGBA{uint8(255 * x / w), uint8(255 * y / h), 128, 255})
		}
	}
	return m
}

// photo is a JPEG with an EXIF orientation and a word of metadata.
func photo(t testing.TB, m image.Image, orientation uint16) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	exif := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	exif = append(binary.BigEndian.AppendUint16(exif, orientation), 0, 0, 0, 0, 0, 0)
	exif = append(exif, "SECRET PLACE"...)
	head := append([]byte{0xff, 0xd8, 0xff, 0xe1}, binary.BigEndian.AppendUint16(nil, uint16(len(exif)+2))...)
	return append(append(head, exif...), b.Bytes()[2:]...)
}

func still1(sha string) evidence.Item {
	return evidence.Item{ID: "i-" + sha, SHA256: sha, Medium: evidence.Photo}
}

func decoded(t *testing.T, data []byte) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// near is whether two colours differ by no more than JPEG does to a gradient.
func near(a, b color.Color) bool {
	r, g, c, _ := a.RGBA()
	x, y, z, _ := b.RGBA()
	far := func(p, q uint32) float64 { return math.Abs(float64(p>>8) - float64(q>>8)) }
	return max(far(r, x), far(g, y), far(c, z)) <= 10
}

func TestTilesAreThePicture(t *testing.T) {
	// Stored lying, shown standing: orientation 6 is a quarter turn clockwise.
	src := gradient(1301, 903)
	g := New(Options{Blobs: &shelf{by: map[string][]byte{"a": photo(t, src, 6)}}})
	it := still1("a")
	d, err := g.Describe(t.Context(), it)
	if err != nil || d.ID != "i-a" || d.Kind != Image || d.Width != 903 || d.Height != 1301 || d.Levels != 3 || d.Tile != 512 || d.Format != "jpeg" || d.Frames == nil {
		t.Fatalf("%+v, %v", d, err)
	}
	for level := range d.Levels {
		w, h := (d.Width+1<<level-1)>>level, (d.Height+1<<level-1)>>level
		covered := 0
		for y := 0; y*Tile < h; y++ {
			for x := 0; x*Tile < w; x++ {
				data, err := g.Tile(t.Context(), it, level, x, y)
				if err != nil {
					t.Fatalf("level %d at %d,%d: %v", level, x, y, err)
				}
				m := decoded(t, data)
				covered += m.Bounds().Dx() * m.Bounds().Dy()
				px, py := m.Bounds().Dx()/2, m.Bounds().Dy()/3
				ux, uy := (x*Tile+px)<<level, (y*Tile+py)<<level // of the upright picture
				if want := src.RGBAAt(min(uy, 1300), 902-min(ux, 902)); !near(m.At(px, py), want) {
					t.Errorf("level %d tile %d,%d shows %v at %d,%d, want %v", level, x, y, m.At(px, py), px, py, want)
				}
			}
		}
		if covered != w*h {
			t.Errorf("level %d: tiles cover %d pixels of %d", level, covered, w*h)
		}
	}
	for _, at := range [][3]int{{3, 0, 0}, {0, 2, 0}, {0, 0, 3}, {-1, 0, 0}, {0, -1, 0}, {0, math.MaxInt, 0}, {math.MaxInt, 0, 0}} {
		_, err := g.Tile(t.Context(), it, at[0], at[1], at[2])
		if e, ok := text.AsRefusal(err); !ok || e.Code != text.CodeNotFound {
			t.Errorf("tile %v: %v", at, err)
		}
	}
}

func TestPreviews(t *testing.T) {
	src := gradient(1500, 700)
	data := photo(t, src, 3) // upside down
	for _, tiled := range []bool{false, true} {
		g := New(Options{Blobs: &shelf{by: map[string][]byte{"a": data}}})
		if tiled { // previews are then made of the pyramid
			if _, err := g.Tile(t.Context(), still1("a"), 0, 0, 0); err != nil {
				t.Fatal(err)
			}
		}
		for _, size := range Sizes {
			out, err := g.Preview(t.Context(), still1("a"), size)
			if err != nil {
				t.Fatal(err)
			}
			m := decoded(t, out)
			if b := m.Bounds(); b.Dx() != min(size, 1500) || b.Dy() != int(math.Round(700*float64(b.Dx())/1500)) {
				t.Errorf("size %d: %v", size, b)
			}
			if want := src.RGBAAt(1499-150, 699-70); !near(m.At(m.Bounds().Dx()/10, m.Bounds().Dy()/10), want) {
				t.Errorf("size %d shows %v, want %v", size, m.At(m.Bounds().Dx()/10, m.Bounds().Dy()/10), want)
			}
			if bytes.Contains(out, []byte("SECRET")) || bytes.Contains(out, []byte("Exif")) {
				t.Errorf("size %d carries metadata", size)
			}
		}
	}
}

func TestOnceForAll(t *testing.T) {
	s := &shelf{by: map[string][]byte{"a": photo(t, gradient(1100, 800), 1)}, gate: make(chan struct{})}
	g := New(Options{Blobs: s})
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			if _, err := g.Tile(t.Context(), still1("a"), 0, i%3, i%2); err != nil {
				t.Error(err)
			}
		})
	}
	time.Sleep(50 * time.Millisecond)
	close(s.gate)
	all.Wait()
	if n := s.opened.Load(); n != 1 {
		t.Errorf("the photo was read %d times", n)
	}
}

func TestWorkEndsWithTheLastWhoWaits(t *testing.T) {
	s := &shelf{by: map[string][]byte{}, gate: make(chan struct{})}
	g := New(Options{Blobs: s, Decoders: 1})
	first, goFirst := context.WithCancel(t.Context())
	second, goSecond := context.WithCancel(t.Context())
	ended := make(chan error, 2)
	for _, ctx := range []context.Context{first, second} {
		go func() {
			_, err := g.Tile(ctx, still1("a"), 0, 0, 0)
			ended <- err
		}()
	}
	for s.opened.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(20 * time.Millisecond) // so that the second has joined
	goFirst()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if len(g.decoding) != 1 {
		t.Fatal("the work ended while somebody waited")
	}
	goSecond()
	<-ended
	for deadline := time.Now().Add(5 * time.Second); len(g.decoding) != 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the work goes on and nobody waits")
		}
	}
}

func TestCacheHoldsSoManyBytes(t *testing.T) {
	c := newCache[int](100)
	for i := range 10 {
		c.put(fmt.Sprint(i), i, 30)
	}
	_, old := c.get("6")
	if _, ok := c.get("7"); !ok || old || c.used != 90 || len(c.by) != 3 {
		t.Errorf("%d bytes in %d entries, %v", c.used, len(c.by), old)
	}
	c.put("x", 1, 30) // "8" was used longest ago
	if _, ok := c.get("8"); ok {
		t.Error("the one used longest ago stayed")
	}
	if c.put("big", 1, 1000); len(c.by) != 1 || c.used != 1000 {
		t.Errorf("a large one: %d entries of %d bytes", len(c.by), c.used)
	}
	if c.put("big", 2, 10); c.used != 10 {
		t.Errorf("put again: %d", c.used)
	}
}

func TestNoPictures(t *testing.T) {
	s := &shelf{by: map[string][]byte{"broken": []byte("\xff\xd8\xff\xe0 nothing"), "film": []byte("no film"), "words": []byte("words")}}
	g := New(Options{Blobs: s})
	for sha, medium := range map[string]evidence.Medium{"film": evidence.Video, "words": evidence.Statement, "broken": evidence.Photo} {
		it := evidence.Item{ID: sha, SHA256: sha, Medium: medium, Type: "video/mp4"}
		want := desk.CodeMedia
		if medium != evidence.Photo {
			want = CodeNotPicture
		}
		_, err := g.Preview(t.Context(), it, 320)
		if e, ok := text.AsRefusal(err); !ok || e.Code != want || e.Text.ZH == "" {
			t.Errorf("preview of %s: %v", sha, err)
		}
		_, err = g.Tile(t.Context(), it, 0, 0, 0)
		if e, ok := text.AsRefusal(err); !ok || e.Code != want {
			t.Errorf("tile of %s: %v", sha, err)
		}
		d, err := g.Describe(t.Context(), it)
		if err != nil || d.Levels != 0 || d.Width != 0 || (d.Kind == Video) != (medium == evidence.Video) {
			t.Errorf("%s: %+v, %v", sha, d, err)
		}
	}
	if _, err := g.Preview(t.Context(), still1("words"), 321); err == nil {
		t.Error("any size will do")
	}
	if _, err := g.Tile(t.Context(), still1("gone"), 0, 0, 0); !errors.Is(err, work.ErrNotFound) {
		t.Errorf("bytes that are gone: %v", err)
	}
}

// TestFiftyMegapixels opens what the largest phones make.
func TestFiftyMegapixels(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	m := image.NewYCbCr(image.Rect(0, 0, 8192, 6144), image.YCbCrSubsampleRatio420)
	for i := range m.Y {
		m.Y[i] = uint8(i >> 8)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	g := New(Options{Blobs: &shelf{by: map[string][]byte{"a": b.Bytes()}}})
	start := time.Now()
	if _, err := g.Tile(t.Context(), still1("a"), 0, 15, 11); err != nil {
		t.Fatal(err)
	}
	first := time.Since(start)
	start = time.Now()
	if _, err := g.Tile(t.Context(), still1("a"), 2, 1, 1); err != nil {
		t.Fatal(err)
	}
	t.Logf("the first tile of 50 megapixels %v, the next %v, %d MB held", first, time.Since(start), g.pyramids.used>>20)
	if g.pyramids.used > 384<<20 {
		t.Errorf("%d MB held", g.pyramids.used>>20)
	}
}
