package heif

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"image"
	"io"
	"math"
)

// leastOutside is from how many pixels on a picture is worth a process of its
// own, whose start takes as long as a megapixel in the sandbox.
var leastOutside = int64(1_500_000)

// errNotOutside says that a picture is left to the sandbox.
var errNotOutside = errors.New("a picture for the sandbox")

// Outside says whether a program outside may decode the picture: DecodeOutside
// is to be tried then.
func (s *Still) Outside() bool {
	o := outsideNow.Load()
	if o == nil || !o.hevc || s.AV1 || s.s.width*s.s.height < leastOutside {
		return false
	}
	for p := s.s; p != nil; p = p.alpha {
		if _, err := p.coded(); err != nil {
			return false
		}
	}
	return true
}

// OutsideMemory estimates what DecodeOutside holds at its peak, the program
// included, in bytes.
func (s *Still) OutsideMemory(factor int) int64 {
	f := int64(factor)
	area := (s.s.width + f - 1) / f * ((s.s.height + f - 1) / f)
	program := s.programMemory()
	if program >= 1<<40 || area >= 1<<38 {
		return 1 << 40
	}
	return program + 4*area + 2*int64(len(s.s.c.data)) // the file lies there in pieces, and on its way
}

// programMemory is what the program takes.
func (s *Still) programMemory() int64 {
	per := int64(outsidePixel)
	if s.deep {
		per *= 2
	}
	area := s.s.tileArea
	if s.s.alpha != nil {
		area = max(area, s.s.alpha.tileArea)
	}
	if area > (1<<40)/per {
		return 1 << 40
	}
	return outsideSelf + per*area + int64(len(s.s.c.data))
}

// DecodeOutside is Decode by the program outside. Its error is ErrOutside where
// Decode may do better, or ctx's.
func (s *Still) DecodeOutside(ctx context.Context, factor int, lim Limits) (image.Image, error) {
	o := outsideNow.Load()
	if o == nil || !o.hevc {
		return nil, ErrOutside
	}
	if lim.MaxPixels > 0 && s.s.height > lim.MaxPixels/s.s.width {
		return nil, ErrPixels
	}
	m, err := o.frame(ctx, s.s, factor, s.programMemory())
	if err != nil {
		return nil, err
	}
	if s.s.alpha != nil {
		a, err := o.frame(ctx, s.s.alpha, factor, s.programMemory())
		if err != nil {
			return nil, err
		}
		overWhite(m, a, s.s.premultiplied, s.info.StudioRange)
	}
	return s.shown(m, factor), nil
}

// frame decodes all tiles of a picture as one stream onto one canvas.
func (o *outside) frame(ctx context.Context, s *still, factor int, memory int64) (image.Image, error) {
	coded, err := s.coded()
	if err != nil {
		return nil, errors.Join(ErrOutside, err)
	}
	var out image.Image
	read := func(r io.Reader) error {
		f, err := newFrames(r, coded.each)
		if err != nil {
			return err
		}
		tile := newLayers(coded.each.w, coded.each.h, coded.each.planes(), 1, coded.each.ratio)
		m := assemble(tile, 1, coded.each.ratio)
		if len(s.tiles) == 1 && factor == 1 {
			out = m
			if err := f.next(tile); err != nil {
				return err
			}
			return f.end()
		}
		c, err := newCanvas(s, m, factor)
		if err != nil {
			return err
		}
		for i := range s.tiles {
			if err := f.next(tile); err != nil {
				return err
			}
			if err := c.lay(m, i%s.columns, i/s.columns); err != nil {
				return err
			}
		}
		out = c.picture()
		return f.end()
	}
	job := Job{Args: decoding(hevcDecoder...), Input: coded.stream, Memory: memory}
	if err := o.start(ctx, job, read); err != nil {
		return nil, err
	}
	return out, nil
}

// stream is a picture's tiles as HEVC's byte stream (H.265, annex B), and what
// each of them must turn out to be.
type stream struct {
	stream [][]byte
	each   samples
}

// The kinds of HEVC's units that matter here (H.265, table 7-1).
const (
	firstIRAP, lastIRAP = 16, 21
	unitVPS, unitPPS    = 32, 34
	unitSuffixSEI       = 40 // a sum of the samples, among others
	startCode           = "\x00\x00\x00\x01"
	endOfSequence       = "\x00\x00\x00\x01\x48\x01" // each picture begins anew
)

// coded makes the stream. Its error says that the file is not as simple as
// nearly all are, and is better left to the sandbox.
func (s *still) coded() (out stream, err error) {
	conf := s.c.property(s.tiles[0], "hvcC")
	if len(conf) < 23 {
		return out, errNotOutside
	}
	w, h := s.c.size(s.tiles[0])
	out.each = samples{w: int(w), h: int(h), depth: int(conf[17]&7) + 8}
	switch conf[16] & 3 { // chroma_format_idc
	case 0:
		out.each.grey = true
	case 1:
		out.each.ratio = image.YCbCrSubsampleRatio420
	case 2:
		out.each.ratio = image.YCbCrSubsampleRatio422
	default:
		out.each.ratio = image.YCbCrSubsampleRatio444
	}
	if !out.each.grey && conf[18]&7 != conf[17]&7 { // luma and chroma of different depths
		return out, errNotOutside
	}
	head, err := parameterSets(conf)
	if err != nil {
		return out, err
	}
	out.stream = append(out.stream, head)
	for _, t := range s.tiles {
		tw, th := s.c.size(t)
		if tw != w || th != h || !bytes.Equal(s.c.property(t, "hvcC"), conf) || s.c.isRGB(t) {
			return out, errNotOutside
		}
		data, err := s.c.bytes(t, math.MaxInt)
		if err != nil {
			return out, err
		}
		if out.stream, err = appendUnits(out.stream, data, int(conf[21]&3)+1); err != nil {
			return out, err
		}
	}
	return out, nil
}

// isRGB is whether a picture's three planes are red, green and blue (H.273,
// matrix coefficients 0), which the sandbox turns into pixels.
func (c *container) isRGB(t *item) bool {
	for p := range c.propertiesOf(t) {
		if p.kind == "colr" && len(p.body) >= 10 && string(p.body[:4]) == "nclx" && be16(p.body[8:]) == 0 {
			return true
		}
	}
	return false
}

// parameterSets are those of a configuration (14496-15, 8.3.3.1).
func parameterSets(conf []byte) (out []byte, err error) {
	f := &fields{b: conf[22:]}
	for range f.uint(1) {
		kind := f.uint(1) & 0x3f
		for n := f.uint(2); n > 0 && !f.over; n-- {
			unit := f.take(int(f.uint(2)))
			if kind < unitVPS || kind > unitPPS {
				continue
			}
			if len(unit) < 2 || uint64(unit[0]>>1&0x3f) != kind || splits(unit) {
				return nil, errNotOutside
			}
			out = append(append(out, startCode...), unit...)
		}
	}
	if f.over || len(out) == 0 {
		return nil, errNotOutside
	}
	return out, nil
}

// appendUnits puts start codes where a picture's units have their lengths. Only
// slices of one picture that needs no other are taken, and sums: what else a
// stream may say could change what the next tile is.
func appendUnits(out [][]byte, data []byte, wide int) ([][]byte, error) {
	f := &fields{b: data}
	slices := 0
	for len(f.b) > 0 {
		unit := f.take(int(f.uint(wide)))
		if f.over || len(unit) < 3 || splits(unit) || unit[0]&1 != 0 || unit[1]>>3 != 0 { // another layer
			return nil, errNotOutside
		}
		switch kind := unit[0] >> 1 & 0x3f; {
		case kind >= firstIRAP && kind <= lastIRAP:
			if first := unit[2]&0x80 != 0; first != (slices == 0) { // first_slice_segment_in_pic_flag
				return nil, errNotOutside
			}
			slices++
		case kind >= unitVPS && kind <= unitPPS || kind < firstIRAP:
			return nil, errNotOutside
		case kind != unitSuffixSEI:
			continue
		}
		out = append(out, []byte(startCode), unit)
	}
	if slices == 0 {
		return nil, errNotOutside
	}
	return append(out, []byte(endOfSequence)), nil
}

// splits says whether a unit has a start code in it, which no sound one has.
func splits(unit []byte) bool {
	return bytes.Contains(unit, []byte{0, 0, 1}) || bytes.Contains(unit, []byte{0, 0, 0})
}

func be16(b []byte) int { return int(binary.BigEndian.Uint16(b)) }

// What knowsHEVC tries: 12 bits and colour, and what comes of it, as the
// sandbox sees it (TestChromaIsAsCoded).
var (
	//go:embed testdata/d12.heic
	knownHEVC []byte
	knownYCC  = "26c85e2e6e7847fdc6fa261d0c486b111cf7222de4fa70549c5a15c5103be3da"
)

// knowsHEVC decodes a picture whose samples are known.
func (o *outside) knowsHEVC(ctx context.Context) bool {
	s, err := Find(knownHEVC)
	if err != nil {
		return false
	}
	m, err := o.frame(ctx, s.s, 1, s.programMemory())
	return err == nil && sumOf(s.shown(m, 1)) == knownYCC
}

// sumOf is a checksum of all samples.
func sumOf(m image.Image) string {
	h := sha256.New()
	parts, channels, _ := layers(m)
	for _, p := range parts {
		for y := range p.h {
			h.Write(p.pix[y*p.stride:][:p.w*channels])
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
