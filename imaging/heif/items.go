package heif

import (
	"errors"
	"fmt"
	"slices"
)

// UnsupportedError names a kind of HEIF that is sound, as far as can be seen,
// and not read here.
type UnsupportedError string

func (e UnsupportedError) Error() string { return string(e) }

// The bounds of what is followed: a phone's 200 megapixels are 768 tiles.
const (
	maxItems   = 1 << 14
	maxExtents = 1 << 12
	maxTiles   = 4096
)

// item is one picture, tile or piece of metadata (ISO/IEC 23008-12, 14496-12).
type item struct {
	id         uint32
	kind       string // infe's item type: hvc1, av01, grid, ...
	inside     bool   // its bytes lie in idat
	base       uint64
	extents    [][2]uint64 // offset, length
	properties []int       // indices from 1
}

// reference says that from uses to, in order.
type reference struct {
	kind string
	from uint32
	to   []uint32
}

// container is what a file's meta box says.
type container struct {
	data       []byte
	primary    uint32
	items      map[uint32]*item
	references []reference
	properties []property
	idat       []byte
	sequence   bool // there are tracks
}

// NoStill is a sequence of pictures that none stands for.
const NoStill UnsupportedError = "HEIF: a sequence of pictures without a still"

// readContainer reads the meta box as far as it makes sense.
func readContainer(data []byte) *container {
	c := &container{data: data, items: map[uint32]*item{}}
	eachBox(data, func(kind string, body []byte) bool {
		if kind != "meta" || len(body) < 4 {
			c.sequence = c.sequence || kind == "moov"
			return true
		}
		eachBox(body[4:], func(kind string, body []byte) bool {
			c.box(kind, body)
			return true
		})
		return true
	})
	return c
}

// eachBox walks one level of boxes until do says no (14496-12, 4.2).
func eachBox(data []byte, do func(kind string, body []byte) bool) {
	for len(data) >= 8 {
		size, head := uint64(be32(data)), uint64(8)
		switch {
		case size == 0:
			size = uint64(len(data))
		case size == 1 && len(data) >= 16:
			size, head = uint64(be32(data[8:]))<<32|uint64(be32(data[12:])), 16
		}
		if size < head {
			return
		}
		end := min(size, uint64(len(data)))
		if !do(string(data[4:8]), data[head:end]) {
			return
		}
		data = data[end:]
	}
}

func (c *container) box(kind string, body []byte) {
	f := &fields{b: body}
	switch kind {
	case "pitm":
		f.skip(4)
		c.primary = uint32(f.uint(idBytes(body)))
	case "iinf":
		if len(body) < 4 {
			return
		}
		at := 6
		if body[0] > 0 {
			at = 8
		}
		eachBox(body[min(at, len(body)):], func(kind string, body []byte) bool {
			if kind == "infe" {
				c.entry(body)
			}
			return len(c.items) < maxItems
		})
	case "iloc":
		c.locations(f)
	case "iref":
		wide := 2
		if len(body) > 0 && body[0] > 0 {
			wide = 4
		}
		eachBox(body[min(4, len(body)):], func(kind string, body []byte) bool {
			f := &fields{b: body}
			r := reference{kind: kind, from: uint32(f.uint(wide))}
			for n := f.uint(2); n > 0 && !f.over; n-- {
				r.to = append(r.to, uint32(f.uint(wide)))
			}
			c.references = append(c.references, r)
			return len(c.references) < maxItems
		})
	case "iprp":
		eachBox(body, func(kind string, body []byte) bool {
			switch kind {
			case "ipco":
				eachBox(body, func(kind string, body []byte) bool {
					c.properties = append(c.properties, property{kind, body})
					return len(c.properties) < maxProperties
				})
			case "ipma":
				c.associations(&fields{b: body})
			}
			return true
		})
	case "idat":
		c.idat = body
	}
}

// idBytes is how wide item numbers are in a box of this version.
func idBytes(body []byte) int {
	if len(body) > 0 && body[0] > 0 {
		return 4
	}
	return 2
}

// at is the item of a number, made on first mention; nil beyond the bound.
func (c *container) at(id uint32) *item {
	it, ok := c.items[id]
	if !ok && len(c.items) < maxItems {
		it = &item{id: id}
		c.items[id] = it
	}
	return it
}

// entry reads an infe (14496-12, 8.11.6).
func (c *container) entry(body []byte) {
	if len(body) < 4 || body[0] < 2 {
		return
	}
	f := &fields{b: body[4:]}
	wide := 2
	if body[0] > 2 {
		wide = 4
	}
	id := uint32(f.uint(wide))
	f.skip(2) // protection
	kind := f.take(4)
	if it := c.at(id); it != nil && len(kind) == 4 {
		it.kind = string(kind)
	}
}

// locations reads iloc (14496-12, 8.11.3).
func (c *container) locations(f *fields) {
	version := f.uint(1)
	f.skip(3)
	sizes := f.uint(2)
	offset, length, base, index := int(sizes>>12), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	wide := 2
	if version > 1 {
		wide = 4
	}
	for n := f.uint(wide); n > 0 && !f.over; n-- {
		it := c.at(uint32(f.uint(wide)))
		if it == nil {
			return
		}
		if version > 0 {
			it.inside = f.uint(2)&15 == 1
		}
		f.skip(2) // data reference
		it.base = f.uint(base)
		it.extents = nil
		for k := f.uint(2); k > 0 && !f.over && len(it.extents) < maxExtents; k-- {
			if version > 0 {
				f.skip(index)
			}
			at := f.uint(offset)
			it.extents = append(it.extents, [2]uint64{at, f.uint(length)})
		}
	}
}

// associations reads ipma (23008-12, 9.3).
func (c *container) associations(f *fields) {
	version := f.uint(1)
	flags := f.uint(3)
	wide := 2
	if version > 0 {
		wide = 4
	}
	for n := f.uint(4); n > 0 && !f.over; n-- {
		it := c.at(uint32(f.uint(wide)))
		if it == nil {
			return
		}
		for k := f.uint(1); k > 0 && !f.over; k-- {
			if flags&1 == 1 {
				it.properties = append(it.properties, int(f.uint(2)&0x7fff))
			} else {
				it.properties = append(it.properties, int(f.uint(1)&0x7f))
			}
		}
	}
}

// property is an item's first of a kind; nil where it has none.
func (c *container) property(it *item, kind string) []byte {
	for _, i := range it.properties {
		if i >= 1 && i <= len(c.properties) && c.properties[i-1].kind == kind {
			return c.properties[i-1].body
		}
	}
	return nil
}

// uses lists what an item refers to.
func (c *container) uses(id uint32, kind string) []uint32 {
	for _, r := range c.references {
		if r.kind == kind && r.from == id {
			return r.to
		}
	}
	return nil
}

// errCut says that an item's bytes are not in the file.
var errCut = errors.New("the file is cut short")

// bytes gathers an item's bytes, at most most of them; the offsets come from
// strangers.
func (c *container) bytes(it *item) ([]byte, error) {
	from := c.data
	if it.inside {
		from = c.idat
	}
	if len(it.extents) == 0 {
		return nil, fmt.Errorf("item %d: %w", it.id, errCut)
	}
	var out []byte
	for _, e := range it.extents {
		at, n := it.base+e[0], e[1]
		if at > uint64(len(from)) || at < e[0] {
			return nil, fmt.Errorf("item %d: %w", it.id, errCut)
		}
		if n == 0 { // to the end
			n = uint64(len(from)) - at
		}
		if n > uint64(len(from))-at || uint64(len(out))+n > uint64(len(c.data)) {
			return nil, fmt.Errorf("item %d: %w", it.id, errCut)
		}
		if len(it.extents) == 1 {
			return from[at : at+n], nil
		}
		out = append(out, from[at:at+n]...)
	}
	return out, nil
}

// size is what an item's ispe says, in pixels; 0 where it says nothing.
func (c *container) size(it *item) (w, h int64) {
	if b := c.property(it, "ispe"); len(b) >= 12 {
		return int64(be32(b[4:])), int64(be32(b[8:]))
	}
	return 0, 0
}

// fields reads numbers of any width; over is true once it ran out.
type fields struct {
	b    []byte
	over bool
}

func (f *fields) take(n int) []byte {
	if n > len(f.b) {
		f.over, f.b = true, nil
		return nil
	}
	out := f.b[:n]
	f.b = f.b[n:]
	return out
}

func (f *fields) skip(n int) { f.take(n) }

func (f *fields) uint(n int) (v uint64) {
	for _, b := range f.take(n) {
		v = v<<8 | uint64(b)
	}
	return v
}

// still is the primary picture, resolved to what must be decoded.
type still struct {
	c             *container
	item          *item // that the transformations belong to
	tiles         []*item
	columns, rows int
	width, height int64 // of the whole, before transformations
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
	s, err := c.resolve(it)
	if err != nil {
		return nil, err
	}
	for _, r := range c.references {
		if r.kind != "auxl" || !slices.Contains(r.to, it.id) {
			continue
		}
		aux := c.items[r.from]
		if aux == nil || !isAlpha(c.property(aux, "auxC")) {
			continue
		}
		if a, err := c.resolve(aux); err == nil {
			s.alpha, s.premultiplied = a, slices.Contains(c.uses(it.id, "prem"), aux.id)
		}
	}
	return s, nil
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
	b, err := c.bytes(it)
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
