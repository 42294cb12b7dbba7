package heif

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"math"
	"slices"
	"testing"
)

// withBrands puts other brands into a file's first box.
func withBrands(data []byte, brands ...string) []byte {
	body := append([]byte(brands[0]), 0, 0, 0, 0)
	for _, b := range brands[1:] {
		body = append(body, b...)
	}
	old := binary.BigEndian.Uint32(data)
	out := box("ftyp", body)
	grown := len(out) - int(old)
	out = append(out, data[old:]...)
	// What iloc says moves with the bytes: this is for files whose one extent
	// list is written with 4-byte offsets from the file's beginning.
	at := bytes.Index(out, []byte("iloc"))
	if grown != 0 && at >= 0 {
		panic("keep the box's length")
	}
	return out
}

// TestBrands reads one HEVC picture under every brand there is.
func TestBrands(t *testing.T) {
	data := read(t, "d420.heic")
	n := int(binary.BigEndian.Uint32(data))/4 - 4 // compatible brands
	for _, major := range []string{"heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1", "miaf", "mif2", "MiHE", "abcd"} {
		brands := []string{major}
		for range n {
			brands = append(brands, "mif1")
		}
		file := withBrands(data, brands...)
		if codec, err := Codec(file); codec != "hevc" || err != nil {
			t.Errorf("%s: %q %v", major, codec, err)
		}
		m, err := decode(context.Background(), "a.heic", file, roomy)
		if err != nil {
			t.Errorf("%s: %v", major, err)
			continue
		}
		if got := psnr(m, as); got < 27 {
			t.Errorf("%s: PSNR %.1f dB", major, got)
		}
	}
}

// TestKinds reads grey, deep and transparent pictures.
func TestKinds(t *testing.T) {
	luma := func(c color.RGBA) float64 { return 0.299*float64(c.R) + 0.587*float64(c.G) + 0.114*float64(c.B) }
	for _, c := range []struct {
		name string
		grey bool
		want func(x, y int) float64
	}{
		{"grey.heic", true, nil},
		{"grey10.heic", true, nil},
		{"grey12.heic", true, nil},
		{"d12.heic", false, nil},
		{"alpha.heic", false, func(x, y int) float64 { // over white
			a := float64(255-x) / 255
			return luma(drawing(x, y))*a + 255*(1-a)
		}},
	} {
		m, err := decode(context.Background(), c.name, read(t, c.name), roomy)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if _, grey := m.(*image.Gray); grey != c.grey || m.Bounds().Size() != image.Pt(drawnWidth, drawnHeight) {
			t.Errorf("%s: %T %v", c.name, m, m.Bounds())
		}
		var sum float64
		for y := range drawnHeight {
			for x := range drawnWidth {
				want := luma(drawing(x, y))
				if c.want != nil {
					want = c.want(x, y)
				}
				d := want - float64(color.GrayModel.Convert(m.At(x, y)).(color.Gray).Y)
				sum += d * d
			}
		}
		if got := 10 * math.Log10(255*255*drawnWidth*drawnHeight/sum); got < 30 {
			t.Errorf("%s: PSNR %.1f dB", c.name, got)
		}
	}
}

// gridOf makes a file of columns by rows tiles, all the one of tile.heic, cut
// to w by h.
func gridOf(t testing.TB, columns, rows, w, h int) []byte {
	c := readContainer(read(t, "tile.heic"))
	tile := c.items[c.primary]
	coded, err := c.bytes(tile, math.MaxInt)
	if err != nil {
		t.Fatal(err)
	}
	n := columns * rows
	u16 := func(v ...int) (out []byte) {
		for _, v := range v {
			out = binary.BigEndian.AppendUint16(out, uint16(v))
		}
		return out
	}
	u32 := func(v int) []byte { return binary.BigEndian.AppendUint32(nil, uint32(v)) }
	entry := func(id int, kind string) []byte {
		return box("infe", append(append([]byte{2, 0, 0, 0}, u16(id, 0)...), kind+"\x00"...))
	}
	size := append(append([]byte{0, 0, 0, 0}, u32(w)...), u32(h)...)
	properties := append(append(box("hvcC", c.property(tile, "hvcC")), box("ispe", c.property(tile, "ispe"))...), box("ispe", size)...)
	items := append([]byte{0, 0, 0, 0}, u16(n+1)...)
	uses := append([]byte{0, 0, 0, 0}, u32(n+1)...)
	refs := u16(n+1, n)
	for id := 1; id <= n; id++ {
		items = append(items, entry(id, "hvc1")...)
		uses = append(append(uses, u16(id)...), 2, 0x81, 2)
		refs = append(refs, u16(id)...)
	}
	items = append(items, entry(n+1, "grid")...)
	uses = append(append(uses, u16(n+1)...), 1, 3)
	layout := append([]byte{0, 1, byte(rows - 1), byte(columns - 1)}, append(u32(w), u32(h)...)...)
	meta := func(at int) []byte {
		where := append([]byte{1, 0, 0, 0, 0x44, 0}, u16(n+1)...)
		for id := 1; id <= n; id++ {
			where = append(append(where, u16(id, 0, 0, 1)...), append(u32(at), u32(len(coded))...)...)
		}
		where = append(append(where, u16(n+1, 1, 0, 1)...), append(u32(0), u32(len(layout))...)...)
		b := append([]byte{0, 0, 0, 0}, box("pitm", append([]byte{0, 0, 0, 0}, u16(n+1)...))...)
		b = append(b, box("iinf", items)...)
		b = append(b, box("iloc", where)...)
		b = append(b, box("iprp", append(box("ipco", properties), box("ipma", uses)...))...)
		b = append(b, box("iref", append([]byte{0, 0, 0, 0}, box("dimg", refs)...))...)
		return box("meta", append(b, box("idat", layout)...))
	}
	head := box("ftyp", []byte("mif1\x00\x00\x00\x00mif1"))
	head = append(head, meta(len(head)+len(meta(0))+8)...)
	return append(head, box("mdat", coded)...)
}

// TestGrid lays tiles side by side, whole and reduced, cut at odd places.
func TestGrid(t *testing.T) {
	one, err := Find(read(t, "tile.heic"))
	if err != nil {
		t.Fatal(err)
	}
	tile, err := one.Decode(t.Context(), 1, roomy)
	if err != nil {
		t.Fatal(err)
	}
	const w, h = 3*128 - 29, 2*64 - 13
	s, err := Find(gridOf(t, 3, 2, w, h))
	if err != nil || s.Width != w || s.Height != h {
		t.Fatal(s, err)
	}
	for _, factor := range []int{1, 2, 4} {
		if !s.Reducible(factor) {
			t.Errorf("not reducible by %d", factor)
		}
		m, err := s.Decode(t.Context(), factor, roomy)
		if err != nil {
			t.Fatal(err)
		}
		if m.Bounds().Size() != image.Pt((w+factor-1)/factor, (h+factor-1)/factor) {
			t.Errorf("by %d: %v", factor, m.Bounds())
		}
		luma := m.(*image.YCbCr)
		from := tile.(*image.YCbCr)
		for y := range luma.Rect.Dy() {
			for x := range luma.Rect.Dx() {
				sum, n := 0, 0
				for v := y * factor; v < min((y+1)*factor, h); v++ {
					for u := x * factor; u < min((x+1)*factor, w); u++ {
						sum += int(from.Y[from.YOffset(u%128, v%64)])
						n++
					}
				}
				if got := int(luma.Y[luma.YOffset(x, y)]); got != (sum+n/2)/n {
					t.Fatalf("by %d at %d, %d: %d, want %d", factor, x, y, got, (sum+n/2)/n)
				}
			}
		}
	}
	// However many tiles there are, the room of one is what decoding takes
	// beside the picture.
	large, err := Find(gridOf(t, 64, 64, 64*128, 64*64))
	if err != nil {
		t.Fatal(err)
	}
	if most := large.Memory(2); most > 140<<20 {
		t.Errorf("%d MB", most>>20)
	}
}

// TestNotReadIsNotDamaged tells kinds that are not read from files that are
// cut or make no sense.
func TestNotReadIsNotDamaged(t *testing.T) {
	whole := read(t, "d420.heic")
	var no UnsupportedError
	for _, kind := range []string{"vvc1", "jpeg", "j2k1", "avc1", "unci", "iovl", "xyz9"} {
		data := bytes.Replace(whole, []byte("hvc1"), []byte(kind), 1)
		if _, err := Find(data); !errors.As(err, &no) {
			t.Errorf("%s: %v", kind, err)
		}
	}
	track := append(box("ftyp", []byte("hevc\x00\x00\x00\x00hevc")), box("moov", nil)...)
	if _, err := Find(track); !errors.As(err, &no) || no != NoStill {
		t.Errorf("a track: %v", err)
	}
	for cut := 40; cut < len(whole); cut += 41 {
		if _, err := Find(whole[:cut]); err == nil || errors.As(err, &no) {
			t.Errorf("cut at %d: %v", cut, err)
		}
	}
	missing := gridOf(t, 2, 2, 256, 128)
	if _, err := Find(missing[:len(missing)-10]); err == nil || errors.As(err, &no) {
		t.Errorf("a cut grid: %v", err)
	}
}

// FuzzFind feeds the reader of items, and what it is for up to the decoder.
func FuzzFind(f *testing.F) {
	for _, name := range []string{"d420.heic", "alpha.heic", "grey10.heic", "irot1imir1.heic", "d10.avif"} {
		f.Add(read(f, name))
	}
	f.Add(gridOf(f, 3, 2, 300, 100))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Find(data)
		if err != nil {
			return
		}
		if s.Width <= 0 || s.Height <= 0 || s.Memory(1) <= 0 || s.Memory(2) > s.Memory(1) {
			t.Fatalf("%+v", s)
		}
		if s.AV1 {
			return
		}
		tiles := s.s.tiles
		if s.s.alpha != nil {
			if a := s.s.alpha; a.width > s.s.width || a.height > s.s.height {
				t.Fatalf("transparency of %d x %d", a.width, a.height)
			}
			tiles = append(slices.Clip(tiles), s.s.alpha.tiles...)
		}
		for _, tile := range tiles[:min(len(tiles), 64)] {
			file, err := s.s.c.wrap(tile)
			if err != nil {
				t.Fatalf("what was found cannot be wrapped: %v", err)
			}
			if again, err := Find(file); err != nil || len(again.s.tiles) != 1 {
				t.Fatalf("what was wrapped is not found: %v", err)
			}
		}
	})
}
