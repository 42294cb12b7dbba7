package heif

import (
	"errors"
	"fmt"
	"iter"
)

// UnsupportedError names a kind of HEIF that is sound, as far as can be seen,
// and not read here.
type UnsupportedError string

func (e UnsupportedError) Error() string { return string(e) }

// The bounds of what is followed: a phone's 200 megapixels are 768 tiles. Many
// extents cost no byte of the file, so that all of them together are bounded.
const (
	maxItems      = 1 << 14
	maxExtents    = 4 * maxItems
	maxTiles      = 4096
	maxProperties = 32768 // an association names at most 32767
)

// item is one picture, tile or piece of metadata (ISO/IEC 23008-12, 14496-12).
type item struct {
	id         uint32
	kind       string // infe's item type: hvc1, av01, grid, ...
	inside     bool   // its bytes lie in idat
	base       uint64
	extents    [][2]uint64 // offset, length
	properties []uint16    // indices from 1
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
	extents    int  // of all items
	meta       bool // there is a meta box: a second does not count
	sequence   bool // there are tracks
	// trackWidth and trackHeight are the largest track's, in pixels.
	trackWidth, trackHeight int64
}

// property is one child of ipco.
type property struct {
	kind string
	body []byte
}

// NoStill is a sequence of pictures that none stands for.
const NoStill UnsupportedError = "HEIF: a sequence of pictures without a still"

// readContainer reads the meta box as far as it makes sense.
func readContainer(data []byte) *container {
	c := &container{data: data, items: map[uint32]*item{}}
	eachBox(data, func(kind string, body []byte) bool {
		switch {
		case kind == "moov":
			c.sequence = true
			c.tracks(body)
		case kind == "meta" && len(body) >= 4 && !c.meta:
			c.meta = true
			eachBox(body[4:], func(kind string, body []byte) bool {
				c.box(kind, body)
				return true
			})
		}
		return true
	})
	return c
}

// tracks notes the largest track of a movie: 16.16 fixed point at the end of
// its header (14496-12, 8.3.2).
func (c *container) tracks(moov []byte) {
	eachBox(moov, func(kind string, body []byte) bool {
		if kind != "trak" {
			return true
		}
		eachBox(body, func(kind string, body []byte) bool {
			if n := len(body); kind == "tkhd" && n >= 84 {
				w, h := int64(be32(body[n-8:])>>16), int64(be32(body[n-4:])>>16)
				if w*h > c.trackWidth*c.trackHeight {
					c.trackWidth, c.trackHeight = w, h
				}
			}
			return true
		})
		return true
	})
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
		count := f.uint(2)
		if version == 0 {
			index = 0
		}
		if index+offset+length == 0 { // all are the whole from base on, and cost nothing to write
			count = min(count, 1)
		}
		for ; count > 0 && !f.over; count-- {
			if c.extents++; c.extents > maxExtents {
				it.extents = nil
				return
			}
			f.skip(index)
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
		// Properties named a second time do not count: an item has them in one
		// place, and so at most 255.
		first := len(it.properties) == 0
		for k := f.uint(1); k > 0 && !f.over; k-- {
			index := f.uint(1) & 0x7f
			if flags&1 == 1 {
				index = index<<8 | f.uint(1)
			}
			if first {
				it.properties = append(it.properties, uint16(index))
			}
		}
	}
}

// property is an item's first of a kind; nil where it has none.
func (c *container) property(it *item, kind string) []byte {
	for p := range c.propertiesOf(it) {
		if p.kind == kind {
			return p.body
		}
	}
	return nil
}

// propertiesOf yields an item's properties in order.
func (c *container) propertiesOf(it *item) iter.Seq[property] {
	return func(yield func(property) bool) {
		for _, i := range it.properties {
			if i >= 1 && int(i) <= len(c.properties) && !yield(c.properties[i-1]) {
				return
			}
		}
	}
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

// pieces are the parts of the file that an item's bytes lie in, and how many
// bytes they are together: no more than the file has. The offsets come from
// strangers.
func (c *container) pieces(it *item) (parts [][]byte, total int, err error) {
	from := c.data
	if it.inside {
		from = c.idat
	}
	cut := fmt.Errorf("item %d: %w", it.id, errCut)
	if len(it.extents) == 0 {
		return nil, 0, cut
	}
	parts = make([][]byte, 0, len(it.extents))
	for _, e := range it.extents {
		at, n := it.base+e[0], e[1]
		if at > uint64(len(from)) || at < e[0] {
			return nil, 0, cut
		}
		if n == 0 { // to the end
			n = uint64(len(from)) - at
		}
		if n > uint64(len(from))-at || uint64(total)+n > uint64(len(c.data)) {
			return nil, 0, cut
		}
		parts = append(parts, from[at:at+n])
		total += int(n)
	}
	return parts, total, nil
}

// bytes gathers an item's first bytes, most of them at most.
func (c *container) bytes(it *item, most int) ([]byte, error) {
	parts, total, err := c.pieces(it)
	if err != nil {
		return nil, err
	}
	if len(parts) == 1 {
		return parts[0][:min(total, most)], nil
	}
	out := make([]byte, 0, min(total, most))
	for _, p := range parts {
		out = append(out, p[:min(len(p), most-len(out))]...)
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
