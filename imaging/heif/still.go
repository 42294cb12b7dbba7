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
	// Problem says what was left out of a picture that is sound without: its
	// transparency, where that is damaged or not read here. Decode may find so.
	Problem      string
	s            *still
	info         Info
	deep         bool
	crop         image.Rectangle
	tileW, tileH int64
}

// StudioRange says what Info.StudioRange does.
func (s *Still) StudioRange() bool { return s.info.StudioRange }

// mostSide bounds a side that a file declares, in pixels, so that products fit.
const mostSide = 1 << 30

// Find resolves the primary picture. Its error is UnsupportedError where the
// file is of a kind that is not read here, and another where it makes no sense.
func Find(data []byte) (*Still, error) {
	_, s, err := Read(data)
	return s, err
}

func (c *container) find(info Info) (*Still, error) {
	s, err := c.open()
	if err != nil {
		return nil, err
	}
	out := &Still{s: s, info: info, AV1: s.tiles[0].kind == "av01"}
	out.tileW, out.tileH = c.size(s.tiles[0])
	out.deep = c.deep(s)
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
	if !out.AV1 { // libavif finds its own
		out.Problem = c.transparency(s)
		out.deep = out.deep || s.alpha != nil && c.deep(s.alpha)
	}
	out.Width, out.Height = int64(out.crop.Dx()), int64(out.crop.Dy())
	return out, nil
}

// deep is whether any tile has more than 8 bits a sample.
func (c *container) deep(s *still) bool {
	for _, t := range s.tiles {
		pixi, hevc, av1 := c.property(t, "pixi"), c.property(t, "hvcC"), c.property(t, "av1C")
		if len(pixi) >= 6 && pixi[5] > 8 || len(hevc) > 17 && hevc[17]&7 > 0 /* bitDepthLumaMinus8 */ || len(av1) > 2 && av1[2]&0x40 != 0 {
			return true
		}
	}
	return false
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

// sandbox is what one sandbox may hold, in bytes: what the largest tile needs,
// and where there are many what those before it left.
func (s *Still) sandbox() int64 {
	area, longest, chroma, many := s.s.tileArea, s.s.longest, s.s.chroma, len(s.s.tiles) > 1
	if a := s.s.alpha; a != nil {
		area, longest, chroma = max(area, a.tileArea), max(longest, a.longest), max(chroma, a.chroma)
		many = many || len(a.tiles) > 1
	}
	n := Info{Width: area, Height: 1, Deep: s.deep, Chroma: chroma}.Memory(int64(longest))
	if many && n < 1<<40 {
		n += 2 * leaked
	}
	return n
}

// Memory estimates what Decode holds at its peak with the given factor, in
// bytes: a sandbox for one tile, beside the picture of up to four bytes a pixel
// and its transparency; or the picture and the part cut out of it.
func (s *Still) Memory(factor int) int64 {
	f := int64(factor)
	area := (s.s.width + f - 1) / f * ((s.s.height + f - 1) / f)
	box := s.sandbox()
	if box >= 1<<40 || area >= 1<<37 {
		return 1 << 40
	}
	beside, cut := 4*area, int64(0)
	if s.s.alpha != nil {
		beside += area
	}
	if int64(s.crop.Dx()) != s.s.width || int64(s.crop.Dy()) != s.s.height {
		cut = 8 * area
	}
	return max(box+beside, cut)
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
	d := &tileDecoder{l: l, ctx: ctx, lim: lim, most: min(lim.MaxMemory, s.sandbox())}
	defer d.stop()
	m, err := d.frame(s.s, factor, false)
	if err != nil {
		return nil, err
	}
	if s.s.alpha != nil {
		d.stop()
		a, err := d.frame(s.s.alpha, factor, true)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err != nil: // what is there of the picture is worth more than a guess at what is not
			s.Problem = noTransparency(err)
		default:
			overWhite(m, a, s.s.premultiplied, s.info.StudioRange)
		}
	}
	d.stop()
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
	most int64 // what a sandbox may hold
	s    *sandbox
	out  uint32 // where the last tile's samples lie; 0 for nowhere
}

func (d *tileDecoder) stop() {
	if d.s != nil {
		d.s.close()
		d.s, d.out = nil, 0
	}
}

// frame decodes all tiles of a picture onto one canvas, or their luma alone.
func (d *tileDecoder) frame(s *still, factor int, luma bool) (image.Image, error) {
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
		if conf := s.c.property(t, "hvcC"); luma || conf[16]&3 == 0 {
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
	if d.s != nil && int64(d.s.mod.Memory().Size()) > d.most-leaked {
		d.stop()
	}
	if d.s == nil {
		var err error
		if d.s, err = d.l.start(d.ctx, d.most); err != nil {
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
	coded, err := c.bytes(t, math.MaxInt)
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
	if nclx := c.nclx(t); nclx != nil {
		properties, uses = append(properties, box("colr", nclx)...), append(uses, 3)
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
