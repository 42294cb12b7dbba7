package heif

import (
	"context"
	"encoding/binary"
	"errors"
	"image"
	"slices"
	"strings"
	"testing"
)

// numbers are 32-bit words of a box.
func numbers(v ...uint32) (out []byte) {
	for _, v := range v {
		out = binary.BigEndian.AppendUint32(out, v)
	}
	return out
}

// withAlpha reads alpha.heic and hands out the item of its transparency, and
// the tile that it is derived from.
func withAlpha(t *testing.T) (c *container, aux, tile *item) {
	t.Helper()
	c = readContainer(slices.Clone(read(t, "alpha.heic")))
	for _, r := range c.references {
		if r.kind == "auxl" {
			return c, c.items[r.from], c.items[c.uses(r.from, "dimg")[0]]
		}
	}
	t.Fatal("no transparency")
	return nil, nil, nil
}

// TestTransparencyIsBounded: a picture is sound without its transparency, which
// may neither be larger nor of a kind that cannot be decoded beside it.
func TestTransparencyIsBounded(t *testing.T) {
	sized := func(c *container, it *item, w, h uint32) {
		var rest []uint16
		for _, i := range it.properties {
			if c.properties[i-1].kind != "ispe" {
				rest = append(rest, i)
			}
		}
		c.properties = append(c.properties, property{"ispe", numbers(0, w, h)})
		it.properties = append(rest, uint16(len(c.properties)))
	}
	grid := func(c *container, aux *item, w, h uint32) {
		aux.kind, aux.inside, aux.base, aux.extents = "grid", true, 0, [][2]uint64{{uint64(len(c.idat)), 12}}
		c.idat = append(append(slices.Clone(c.idat), 0, 1, 0, 0), numbers(w, h)...)
	}
	for name, change := range map[string]func(c *container, aux, tile *item){
		"vast":          func(c *container, _, tile *item) { sized(c, tile, 1<<30-1, 1<<30-1) },
		"wide":          func(c *container, aux, _ *item) { grid(c, aux, drawnWidth+1, drawnHeight) },
		"none":          func(c *container, _, tile *item) { sized(c, tile, 0, 0) },
		"a vast grid":   func(c *container, aux, _ *item) { grid(c, aux, 1<<31, 1<<31) },
		"AV1":           func(_ *container, _, tile *item) { tile.kind = "av01" },
		"not there":     func(_ *container, _, tile *item) { tile.extents = nil },
		"unconfigured":  func(_ *container, _, tile *item) { tile.properties = nil },
		"beyond itself": func(_ *container, _, tile *item) { tile.extents = [][2]uint64{{1 << 40, 5}} },
	} {
		c, aux, tile := withAlpha(t)
		change(c, aux, tile)
		s, err := c.find(c.info())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s.s.alpha != nil || !strings.Contains(s.Problem, "transparency") || s.Memory(1) > 64<<20 {
			t.Errorf("%s: %v, %q, %d MB", name, s.s.alpha, s.Problem, s.Memory(1)>>20)
		}
	}
}

// TestDamagedTransparency: where its bytes are no picture, what they belong to
// is shown all the same.
func TestDamagedTransparency(t *testing.T) {
	c, _, it := withAlpha(t)
	for _, e := range it.extents {
		clear(c.data[it.base+e[0]:][:e[1]])
	}
	s, err := c.find(c.info())
	if err != nil || s.Problem != "" || s.s.alpha == nil {
		t.Fatal(s, err)
	}
	m, err := s.Decode(t.Context(), 1, roomy)
	if err != nil {
		t.Fatal(err)
	}
	if got := psnr(m, as); got < 27 || !strings.Contains(s.Problem, "transparency") {
		t.Errorf("PSNR %.1f dB, %q", got, s.Problem)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Decode(ctx, 1, roomy); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestWhatCostsNothingIsBounded: what a few bytes of a file can claim many
// times over is not kept many times over.
func TestWhatCostsNothingIsBounded(t *testing.T) {
	file := func(boxes ...[]byte) *container {
		return readContainer(append(box("ftyp", []byte("heic\x00\x00\x00\x00")), box("meta", append(make([]byte, 4), slices.Concat(boxes...)...))...))
	}
	extents := func(widths byte) *container {
		body := []byte{1, 0, 0, 0, widths, widths & 15, 0x27, 0x10} // 10,000 items
		for id := range 10000 {
			body = append(body, byte(id>>8), byte(id), 0, 0, 0, 0, 0xff, 0xff)
			if id == 0 {
				body = append(body, make([]byte, int(widths>>4)*65535)...)
			}
		}
		return file(box("iloc", body))
	}
	n := 0
	for _, it := range extents(0).items {
		n += len(it.extents)
	}
	if n > 10000 {
		t.Errorf("%d extents of no width", n)
	}
	n = 0
	for _, it := range extents(0x10).items {
		n += cap(it.extents)
	}
	if n > 2*maxExtents {
		t.Errorf("%d extents of a byte each", n)
	}
	associations := numbers(0, 20000)
	for range 20000 {
		associations = append(append(associations, 0, 1, 255), make([]byte, 255)...)
	}
	if it := file(box("iprp", box("ipma", associations))).items[1]; len(it.properties) > 255 {
		t.Errorf("%d properties of one item", len(it.properties))
	}
}

// TestOneReader: the picture and what is said of it are read from the same
// boxes, however the associations are spread over them.
func TestOneReader(t *testing.T) {
	tile := box("hvcC", make([]byte, 23))
	ipco := box("ipco", slices.Concat(tile, box("ispe", numbers(0, 64, 48)), box("irot", []byte{1}), box("irot", []byte{2})))
	first := box("ipma", slices.Concat(numbers(0, 1), []byte{0, 1, 3, 0x81, 2, 0x83}))
	other := box("ipma", slices.Concat(numbers(0, 1), []byte{0, 2, 1, 2}))
	again := box("ipma", slices.Concat(numbers(0, 1), []byte{0, 1, 1, 0x84}))
	for name, boxes := range map[string][]byte{
		"one": first, "another item's after it": slices.Concat(first, other),
		"another item's before it": slices.Concat(other, first), "twice": slices.Concat(first, again),
	} {
		meta := slices.Concat(make([]byte, 4), box("pitm", []byte{0, 0, 0, 0, 0, 1}),
			box("iinf", append([]byte{0, 0, 0, 0, 0, 1}, box("infe", append([]byte{2, 0, 0, 0, 0, 1, 0, 0}, "hvc1\x00"...))...)),
			box("iloc", append([]byte{0, 0, 0, 0, 0x44, 0, 0, 1, 0, 1, 0, 0, 0, 1}, numbers(0, 16)...)), box("iprp", append(slices.Clone(ipco), boxes...)))
		info, s, err := Read(append(box("ftyp", []byte("heic\x00\x00\x00\x00")), box("meta", meta)...))
		if err != nil || info.Orientation != 8 || s.crop != image.Rect(0, 0, 64, 48) {
			t.Errorf("%s: %+v %v %v", name, info, s, err)
		}
	}
}

// TestSandboxIsWhatIsReckoned: a sandbox cannot grow beyond what was set aside,
// and a picture of one tile is reckoned with all of it.
func TestSandboxIsWhatIsReckoned(t *testing.T) {
	m := &memory{ctx: t.Context(), buffer: make([]byte, 0, 100)}
	if b := m.Reallocate(100); len(b) != 100 || m.Reallocate(101) != nil {
		t.Error("it grew")
	}
	for _, name := range []string{"d420.heic", "d444.heic", "alpha.heic"} {
		s, err := Find(read(t, name))
		if err != nil {
			t.Fatal(err)
		}
		if most := s.sandbox() + 4*s.Width*s.Height; s.Memory(1) < most {
			t.Errorf("%s: %d, takes up to %d", name, s.Memory(1), most)
		}
	}
	full, _ := Find(read(t, "d444.heic"))
	half, _ := Find(read(t, "d420.heic"))
	if full.s.chroma != 3 || half.s.chroma != 1 {
		t.Errorf("chroma %d and %d", full.s.chroma, half.s.chroma)
	}
}
