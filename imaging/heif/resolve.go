package heif

import (
	"fmt"
	"slices"
)

// still is the primary picture, resolved to what must be decoded.
type still struct {
	c             *container
	item          *item // that the transformations belong to
	tiles         []*item
	columns, rows int
	width, height int64 // of the whole, before transformations
	tileArea      int64 // the largest's, in pixels; see checkHEVC
	longest       int   // coded tile, in bytes
	chroma        int   // as Info.Chroma
	alpha         *still
	premultiplied bool
}

// codecs are the item types that may be met, by name.
var codecs = map[string]string{
	"avc1": "H.264", "j2k1": "JPEG 2000", "jpeg": "JPEG", "vvc1": "VVC", "unci": "uncompressed pixels",
	"iovl": "an overlay", "tmap": "a tone map", "hvt1": "HEVC tiles", "lhv1": "layered HEVC", "evc1": "EVC", "mski": "a mask",
}

// open resolves the primary picture. Its error is UnsupportedError where the
// file is of a kind that is not read, and ErrBroken or errCut where it makes
// no sense.
func (c *container) open() (*still, error) {
	it := c.items[c.primary]
	if it == nil {
		if c.sequence {
			return nil, NoStill
		}
		return nil, fmt.Errorf("no primary picture: %w", ErrBroken)
	}
	return c.resolve(it)
}

// transparency finds the picture that says how much of s is there, the first
// that claims to be one, and says what is wrong where it cannot be used: s is
// sound without.
func (c *container) transparency(s *still) (problem string) {
	for _, r := range c.references {
		aux := c.items[r.from]
		if r.kind != "auxl" || !slices.Contains(r.to, s.item.id) || aux == nil || !isAlpha(c.property(aux, "auxC")) {
			continue
		}
		a, err := c.resolve(aux)
		if err == nil {
			err = c.checkAlpha(s, a)
		}
		if err != nil {
			return noTransparency(err)
		}
		s.alpha, s.premultiplied = a, slices.Contains(c.uses(s.item.id, "prem"), aux.id)
		return ""
	}
	return ""
}

func noTransparency(err error) string { return "its transparency was left out: " + err.Error() }

// mostAlphaTile bounds a tile of transparency where the picture's are smaller,
// in pixels.
const mostAlphaTile = 16 << 20

// checkAlpha sees that a can be decoded with what s takes.
func (c *container) checkAlpha(s, a *still) error {
	if a.tiles[0].kind != "hvc1" {
		return UnsupportedError("HEIF: transparency of another codec")
	}
	if err := c.checkHEVC(a); err != nil {
		return err
	}
	if a.width <= 0 || a.height <= 0 || a.width > s.width || a.height > s.height || a.tileArea > max(s.tileArea, mostAlphaTile) {
		return fmt.Errorf("it is larger than its picture: %w", ErrBroken)
	}
	return nil
}

// checkHEVC sees that every tile is configured and that its bytes are there,
// and notes the largest.
func (c *container) checkHEVC(s *still) error {
	seen := map[uint32]bool{} // one may stand in many places
	for _, t := range s.tiles {
		if seen[t.id] {
			continue
		}
		seen[t.id] = true
		conf := c.property(t, "hvcC")
		if len(conf) < 23 {
			return fmt.Errorf("a picture without its configuration: %w", ErrBroken)
		}
		w, h := c.size(t)
		if w <= 0 || h <= 0 || w > mostSide || h > mostSide {
			return fmt.Errorf("a picture without a size: %w", ErrBroken)
		}
		_, n, err := c.pieces(t)
		if err != nil {
			return err
		}
		s.tileArea, s.longest, s.chroma = max(s.tileArea, w*h), max(s.longest, n), max(s.chroma, int(conf[16]&3))
	}
	return nil
}

// isAlpha knows the two names of transparency (23008-12, 6.5.8 and MIAF).
func isAlpha(b []byte) bool {
	if len(b) < 5 {
		return false
	}
	name := string(b[4:])
	for _, urn := range []string{"urn:mpeg:hevc:2015:auxid:1", "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha"} {
		if name == urn || len(name) > len(urn) && name[:len(urn)+1] == urn+"\x00" {
			return true
		}
	}
	return false
}

// resolve follows an item to its coded tiles.
func (c *container) resolve(it *item) (*still, error) {
	s := &still{c: c, item: it, columns: 1, rows: 1, tiles: []*item{it}}
	s.width, s.height = c.size(it)
	switch it.kind {
	case "hvc1", "av01":
		return s, nil
	case "iden":
		from := c.uses(it.id, "dimg")
		if len(from) != 1 || c.items[from[0]] == nil || c.items[from[0]].kind != "hvc1" && c.items[from[0]].kind != "av01" {
			return nil, UnsupportedError("HEIF: a picture derived twice")
		}
		s.tiles[0] = c.items[from[0]]
		s.width, s.height = c.size(s.tiles[0])
		return s, nil
	case "grid":
		return s, c.grid(it, s)
	case "":
		return nil, fmt.Errorf("the primary picture has no kind: %w", ErrBroken)
	}
	name := codecs[it.kind]
	if name == "" {
		name = fmt.Sprintf("%q", it.kind)
	}
	return nil, UnsupportedError("HEIF: " + name)
}

// grid reads the layout of tiles (23008-12, 6.6.2.3).
func (c *container) grid(it *item, s *still) error {
	b, err := c.bytes(it, 12)
	if err != nil {
		return err
	}
	f := &fields{b: b}
	f.skip(1)
	wide := 2
	if f.uint(1)&1 == 1 {
		wide = 4
	}
	s.rows, s.columns = int(f.uint(1))+1, int(f.uint(1))+1
	s.width, s.height = int64(f.uint(wide)), int64(f.uint(wide))
	ids := c.uses(it.id, "dimg")
	if f.over || len(ids) < s.rows*s.columns || s.rows*s.columns > maxTiles || s.width == 0 || s.height == 0 {
		return fmt.Errorf("a grid that does not add up: %w", ErrBroken)
	}
	s.tiles = s.tiles[:0]
	for _, id := range ids[:s.rows*s.columns] {
		t := c.items[id]
		switch {
		case t == nil:
			return fmt.Errorf("a tile is missing: %w", ErrBroken)
		case t.kind != "hvc1" && t.kind != "av01" || t.kind != s.tilesKind(t):
			return UnsupportedError("HEIF: a grid of " + t.kind)
		}
		s.tiles = append(s.tiles, t)
	}
	return nil
}

// tilesKind is the first tile's, or t's where it is the first.
func (s *still) tilesKind(t *item) string {
	if len(s.tiles) > 0 {
		return s.tiles[0].kind
	}
	return t.kind
}

// Codec says what the primary picture is coded in: "hevc" or "av1". The error
// is UnsupportedError where it is something else; any other means that the
// file does not say, for it is cut or damaged.
func Codec(data []byte) (string, error) {
	s, err := readContainer(data).open()
	if err != nil {
		return "", err
	}
	if s.tiles[0].kind == "av01" {
		return "av1", nil
	}
	return "hevc", nil
}
