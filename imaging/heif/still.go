package heif

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"math"
)

// Still is the primary picture of a file, found and not yet decoded.
type Still struct {
	// Width and Height are of the stored picture, before Info.Orientation, in
	// pixels: the size that the file declares, cropped where it says so.
	Width, Height int64
	// CodedWidth and CodedHeight are what must be decoded for it: the whole
	// before it is cropped, or one tile where that is larger.
	CodedWidth, CodedHeight int64
	AV1                     bool
	s                       *still
	deep                    bool
	crop                    image.Rectangle
	tileW, tileH            int64
}

// mostSide bounds a side that a file declares, in pixels, so that products fit.
const mostSide = 1 << 30

// Find resolves the primary picture. Its error is UnsupportedError where the
// file is of a kind that is not read here, and another where it makes no sense.
func Find(data []byte) (*Still, error) {
	c := readContainer(data)
	s, err := c.open()
	if err != nil {
		return nil, err
	}
	out := &Still{s: s, AV1: s.tiles[0].kind == "av01"}
	out.tileW, out.tileH = c.size(s.tiles[0])
	for _, t := range s.tiles {
		if pixi := c.property(t, "pixi"); len(pixi) >= 6 && pixi[5] > 8 {
			out.deep = true
		}
		if conf := c.property(t, "hvcC"); len(conf) > 17 && conf[17]&7 > 0 { // bitDepthLumaMinus8
			out.deep = true
		}
		if conf := c.property(t, "av1C"); len(conf) > 2 && conf[2]&0x40 != 0 {
			out.deep = true
		}
	}
	if !out.AV1 {
		if err := c.checkHEVC(s); err != nil {
			return nil, err
		}
	}
	if s.width <= 0 || s.height <= 0 || s.width > mostSide || s.height > mostSide || out.tileW <= 0 || out.tileH <= 0 {
		return nil, fmt.Errorf("no size: %w", ErrBroken)
	}
	out.crop = c.cleanAperture(s)
	out.CodedWidth, out.CodedHeight = s.width, s.height
	if float64(out.tileW)*float64(out.tileH) > float64(s.width)*float64(s.height) {
		out.CodedWidth, out.CodedHeight = out.tileW, out.tileH
	}
	out.Width, out.Height = int64(out.crop.Dx()), int64(out.crop.Dy())
	return out, nil
}

// checkHEVC sees that every tile is configured and that its bytes are there.
func (c *container) checkHEVC(s *still) error {
	for _, t := range s.tiles {
		conf := c.property(t, "hvcC")
		if len(conf) < 23 {
			return fmt.Errorf("a picture without its configuration: %w", ErrBroken)
		}
		if w, h := c.size(t); w <= 0 || h <= 0 || w > mostSide || h > mostSide {
			return fmt.Errorf("a picture without a size: %w", ErrBroken)
		}
		if _, err := c.bytes(t); err != nil {
			return err
		}
	}
	return nil
}

// cleanAperture is the part of the picture that is meant to be seen (14496-12,
// 12.1.4); all of it where the file does not say, or says nonsense.
func (c *container) cleanAperture(s *still) image.Rectangle {
	all := image.Rect(0, 0, int(s.width), int(s.height))
	b := c.property(s.item, "clap")
	if len(b) < 32 || s.item.kind == "av01" { // libavif leaves it to the caller
		return all
	}
	ratio := func(i int) float64 {
		return float64(int32(be32(b[8*i:]))) / float64(int32(be32(b[8*i+4:])))
	}
	w, h, dx, dy := ratio(0), ratio(1), ratio(2), ratio(3)
	left, top := dx+(float64(s.width)-w)/2, dy+(float64(s.height)-h)/2
	for _, v := range []float64{w, h, left, top} {
		if math.IsNaN(v) || math.IsInf(v, 0) || math.Abs(v) > 1<<30 {
			return all
		}
	}
	r := image.Rect(int(math.Round(left)), int(math.Round(top)), int(math.Round(left+w)), int(math.Round(top+h)))
	if r.Empty() || !r.In(all) {
		return all
	}
	return r
}

// A sandbox that decodes tile after tile keeps some of each (the decoder's
// glue frees no picture): it is replaced once it has grown by leaked bytes.
const leaked = 32 << 20

// tileMemory is what a sandbox needs for one tile, in bytes; see Info.Memory.
func (s *Still) tileMemory() int64 {
	longest := uint64(0)
	for _, t := range s.s.tiles {
		n := uint64(0)
		for _, e := range t.extents {
			n += e[1]
		}
		longest = max(longest, n)
	}
	i := Info{Width: s.tileW, Height: s.tileH, Deep: s.deep}
	return i.Memory(int64(min(longest, uint64(len(s.s.c.data)))))
}

// Memory estimates what Decode holds at its peak with the given factor, in
// bytes: a sandbox for one tile, and the picture with its transparency.
func (s *Still) Memory(factor int) int64 {
	f := int64(factor)
	area := (s.s.width + f - 1) / f * ((s.s.height + f - 1) / f)
	most := s.tileMemory()
	if most >= 1<<40 || area >= 1<<38 {
		return 1 << 40
	}
	if len(s.s.tiles) > 1 {
		most += 2 * leaked
	}
	return most + 4*area
}

// Reducible says whether Decode can reduce by factor on the way: where tiles
// are whole squares of it.
func (s *Still) Reducible(factor int) bool {
	return !s.AV1 && len(s.s.tiles) > 1 && s.tileW%int64(2*factor) == 0 && s.tileH%int64(2*factor) == 0
}

// Decode decodes an HEVC picture tile by tile, each reduced as it comes to
// means of squares of factor by factor pixels (1 where !Reducible), and lays
// what is transparent over white: image.YCbCr, image.Gray or image.NRGBA, as
// stored: irot and imir are left to the caller (Info.Orientation). Samples keep
// the range and matrix they are coded in (Info.StudioRange).
func (s *Still) Decode(ctx context.Context, factor int, lim Limits) (image.Image, error) {
	l, err := compileHEIC()
	if err != nil {
		return nil, err
	}
	if lim.MaxPixels > 0 && s.s.height > lim.MaxPixels/s.s.width {
		return nil, ErrPixels
	}
	d := &tileDecoder{l: l, ctx: ctx, lim: lim, most: s.tileMemory()}
	defer d.stop()
	m, err := d.frame(s.s, factor)
	if err != nil {
		return nil, err
	}
	if s.s.alpha != nil {
		d.stop()
		a, err := d.frame(s.s.alpha, factor)
		if err != nil {
			return nil, err
		}
		overWhite(m, a, s.s.premultiplied, ReadInfo(s.s.c.data).StudioRange)
	}
	return s.shown(m, factor), nil
}

// shown is the part of a decoded picture that is meant to be seen.
func (s *Still) shown(m image.Image, factor int) image.Image {
	all := m.Bounds()
	r := image.Rect(s.crop.Min.X/factor, s.crop.Min.Y/factor, (s.crop.Max.X+factor-1)/factor, (s.crop.Max.Y+factor-1)/factor).Intersect(all)
	if r != all {
		return cropped(m, r)
	}
	return m
}

// tileDecoder decodes tiles one after the other.
type tileDecoder struct {
	l    *library
	ctx  context.Context
	lim  Limits
	most int64 // what one tile needs
	s    *sandbox
	out  uint32 // where the last tile's samples lie; 0 for nowhere
}

func (d *tileDecoder) stop() {
	if d.s != nil {
		d.s.close()
		d.s, d.out = nil, 0
	}
}

// frame decodes all tiles of a picture onto one canvas.
func (d *tileDecoder) frame(s *still, factor int) (image.Image, error) {
	var out *canvas
	for i, t := range s.tiles {
		file, err := s.c.wrap(t)
		if err != nil {
			return nil, err
		}
		m, err := d.tile(file, s.c.depth(t))
		if err != nil {
			return nil, err
		}
		if conf := s.c.property(t, "hvcC"); conf[16]&3 == 0 {
			m = greyOf(m)
		}
		if len(s.tiles) == 1 && factor == 1 {
			return own(m), nil
		}
		if out == nil {
			if out, err = newCanvas(s, m, factor); err != nil {
				return nil, err
			}
		}
		if err := out.lay(m, i%s.columns, i/s.columns); err != nil {
			return nil, err
		}
	}
	return out.picture(), nil
}

// tile decodes one file of one picture. The result lies in the sandbox's
// memory, and is good until the next call. depth is what its samples have if it
// is in colour, in bits.
func (d *tileDecoder) tile(file []byte, depth int) (image.Image, error) {
	if d.s != nil && int64(d.s.mod.Memory().Size()) > d.most+leaked {
		d.stop()
	}
	if d.s == nil {
		var err error
		if d.s, err = d.l.start(d.ctx, min(d.lim.MaxMemory, d.most+2*leaked), d.most); err != nil {
			return nil, err
		}
	}
	if d.out != 0 {
		d.s.free(d.out)
		d.out = 0
	}
	in, err := d.s.put(file)
	if err != nil {
		return nil, err
	}
	defer d.s.free(in)
	answers, err := d.s.alloc(4 * room)
	if err != nil {
		return nil, err
	}
	defer d.s.free(answers)
	decode := func(headOnly, out uint32) error {
		ok, err := d.s.call("decode", uint64(in), uint64(len(file)), uint64(headOnly), uint64(answers),
			uint64(answers+4), uint64(answers+8), uint64(answers+12), uint64(answers+16), uint64(out))
		return verdict(ok, err)
	}
	if err := decode(1, 0); err != nil {
		return nil, err
	}
	a, err := d.s.words(answers, room)
	if err != nil {
		return nil, err
	}
	layout, err := newHEICLayout(a, depth, d.lim)
	if err != nil {
		return nil, err
	}
	if d.out, err = d.s.alloc(layout.bytes()); err != nil {
		return nil, err
	}
	if err := decode(0, d.out); err != nil {
		return nil, err
	}
	pix, err := d.s.view(d.out, layout.bytes())
	if err != nil {
		return nil, err
	}
	return layout.picture(pix, a[4] == 1), nil
}

// depth is what a tile's samples have in colour, in bits; grey, wrapped as
// colour, is brought to 8 (see wrap).
func (c *container) depth(t *item) int {
	conf := c.property(t, "hvcC")
	if len(conf) < 23 || conf[16]&3 == 0 {
		return 8
	}
	return 8 + int(conf[17]&7)
}

// free gives memory of the sandbox back; what fails shows at the next call.
func (s *sandbox) free(p uint32) {
	if f := s.mod.ExportedFunction("free"); f != nil && s.ctx.Err() == nil {
		_, _ = f.Call(s.ctx, uint64(p))
	}
}

// wrap makes a file of one HEVC picture alone, of the brand that the decoder
// asks for: no transformations, no transparency, nothing else.
func (c *container) wrap(t *item) ([]byte, error) {
	coded, err := c.bytes(t)
	if err != nil {
		return nil, err
	}
	conf, size := c.property(t, "hvcC"), c.property(t, "ispe")
	if conf == nil || size == nil {
		return nil, fmt.Errorf("a picture without its configuration: %w", ErrBroken)
	}
	if grey := len(conf) > 16 && conf[16]&3 == 0; grey {
		// The sandboxed libheif falls over its own glue with grey pictures. Told
		// that there is colour, it makes some, of which Decode takes the luma.
		conf = append([]byte(nil), conf...)
		conf[16] |= 1
	}
	properties := append(box("hvcC", conf), box("ispe", size)...)
	uses := []byte{0x81, 2}
	for _, i := range t.properties {
		if i < 1 || i > len(c.properties) {
			continue
		}
		p := c.properties[i-1]
		if p.kind == "colr" && len(p.body) >= 4 && string(p.body[:4]) == "nclx" {
			properties = append(properties, box(p.kind, p.body)...)
			uses = append(uses, byte(len(uses)+1))
		}
	}
	meta := func(at int) []byte {
		b := []byte{0, 0, 0, 0}
		b = append(b, box("hdlr", append(append(make([]byte, 8), "pict"...), make([]byte, 13)...))...)
		b = append(b, box("pitm", []byte{0, 0, 0, 0, 0, 1})...)
		b = append(b, box("iinf", append([]byte{0, 0, 0, 0, 0, 1}, box("infe", append([]byte{2, 0, 0, 0, 0, 1, 0, 0}, "hvc1\x00"...))...))...)
		where := []byte{0, 0, 0, 0, 0x44, 0, 0, 1, 0, 1, 0, 0, 0, 1}
		where = binary.BigEndian.AppendUint32(where, uint32(at))
		where = binary.BigEndian.AppendUint32(where, uint32(len(coded)))
		b = append(b, box("iloc", where)...)
		entry := append([]byte{0, 0, 0, 0, 0, 0, 0, 1, 0, 1, byte(len(uses))}, uses...)
		b = append(b, box("iprp", append(box("ipco", properties), box("ipma", entry)...))...)
		return box("meta", b)
	}
	head := box("ftyp", []byte("heic\x00\x00\x00\x00mif1heic"))
	head = append(head, meta(len(head)+len(meta(0))+8)...)
	return append(head, box("mdat", coded)...), nil
}

func box(kind string, body []byte) []byte {
	out := binary.BigEndian.AppendUint32(make([]byte, 0, 8+len(body)), uint32(8+len(body)))
	return append(append(out, kind...), body...)
}

var errMixed = errors.New("tiles of different kinds")
