package heif

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"image"
	"io"
	"math"
)

// OutsideAVIF says whether a program outside may decode an AV1 picture of more
// than 8 bits, in which libavif holds 35 bytes a pixel: DecodeAVIFOutside is to
// be tried then.
func (s *Still) OutsideAVIF() bool {
	o := outsideNow.Load()
	if o == nil || !o.av1 || !s.AV1 || s.s.width*s.s.height < leastOutside {
		return false
	}
	_, err := s.codedAV1()
	return err == nil
}

// OutsideAVIFMemory estimates what DecodeAVIFOutside holds at its peak, the
// program included, in bytes.
func (s *Still) OutsideAVIFMemory(shallow bool) int64 {
	each := int64(8)
	if shallow {
		each = 4
	}
	area := s.s.width * s.s.height
	program := s.programMemoryAV1()
	if program >= 1<<40 || area >= 1<<37 {
		return 1 << 40
	}
	return program + each*area
}

// programMemoryAV1 is what the program takes: its frame, once more where grain
// is laid over it, and what it reads on its way.
func (s *Still) programMemoryAV1() int64 {
	area := s.s.width * s.s.height
	conf := s.s.c.property(s.s.item, "av1C")
	if area >= 1<<36 || len(conf) < 4 {
		return 1 << 40
	}
	each := int64(6) // 4:4:4 in two bytes a sample
	switch conf[2] & (av1Grey | av1Halved) {
	case av1HalvedX:
		each = 4
	case av1Halved:
		each = 3
	case av1Grey | av1Halved, av1Grey, av1Grey | av1HalvedX:
		each = 2
	}
	return outsideSelf + (2*each+1)*area + 3*int64(len(s.s.c.data))
}

// DecodeAVIFOutside is DecodeAVIF by the program outside. Its error is
// ErrOutside where DecodeAVIF may do better, or ctx's.
func (s *Still) DecodeAVIFOutside(ctx context.Context, lim Limits) (image.Image, error) {
	o := outsideNow.Load()
	if o == nil || !o.av1 {
		return nil, ErrOutside
	}
	if lim.MaxPixels > 0 && s.s.height > lim.MaxPixels/s.s.width {
		return nil, ErrPixels
	}
	return o.frameAV1(ctx, s, lim.Shallow)
}

func (o *outside) frameAV1(ctx context.Context, s *Still, shallow bool) (image.Image, error) {
	coded, err := s.codedAV1()
	if err != nil {
		return nil, errors.Join(ErrOutside, err)
	}
	nclx := s.s.c.nclx(s.s.item)
	var out image.Image
	read := func(r io.Reader) error {
		f, err := newFrames(r, coded.each)
		if err != nil {
			return err
		}
		m := newMatrix(be16(nclx[8:]), nclx[10]&0x80 != 0, coded.each.depth)
		if out, err = f.rgb(m, shallow); err != nil {
			return err
		}
		return f.end()
	}
	job := Job{Args: decoding(av1Decoder...), Input: coded.stream, Memory: s.programMemoryAV1()}
	if err := o.start(ctx, job, read); err != nil {
		return nil, err
	}
	return out, nil
}

// What av1C says in its third byte (AV1-ISOBMFF, 2.3.3).
const (
	av1Tier, av1Deep, av1Twelve, av1Grey = 0x80, 0x40, 0x20, 0x10
	av1HalvedX, av1HalvedY               = 0x08, 0x04
	av1Halved                            = av1HalvedX | av1HalvedY
)

// The kinds of AV1's units (AV1, 6.2.2).
const (
	obuSequence, obuDelimiter, obuHeader, obuTiles, obuMetadata, obuFrame, obuAgain, obuPadding = 1, 2, 3, 4, 5, 6, 7, 15

	delimiter = "\x12\x00"
)

// plainAV1 are the properties that a picture may have to be decoded outside:
// none of layers or of anything libavif may refuse.
var plainAV1 = map[string]bool{
	"ispe": true, "pixi": true, "av1C": true, "colr": true, "pasp": true, "irot": true, "imir": true, "clli": true, "clap": true,
}

// codedAV1 is the one picture of a file as a stream of AV1's units. Its error
// says that the file is not as simple as nearly all are, and is better left to
// libavif.
func (s *Still) codedAV1() (out stream, err error) {
	c, it := s.s.c, s.s.item
	if it.kind != "av01" || len(s.s.tiles) != 1 || s.s.tiles[0] != it || c.sequence || s.info.Alpha {
		return out, errNotOutside
	}
	for p := range c.propertiesOf(it) {
		if !plainAV1[p.kind] {
			return out, errNotOutside
		}
	}
	if out.each, err = c.samplesAV1(it); err != nil {
		return out, err
	}
	if halved := !out.each.grey && out.each.ratio != image.YCbCrSubsampleRatio444; halved && out.each.w%2 != 0 {
		return out, errNotOutside // ffmpeg 5.1 cuts the last of a row's deep colours in two
	}
	if !c.knownMatrix(it) {
		return out, errNotOutside
	}
	data, err := c.bytes(it, math.MaxInt)
	if err != nil {
		return out, err
	}
	out.stream, err = units(data)
	return out, err
}

// samplesAV1 is what av1C and ispe say of a picture's samples.
func (c *container) samplesAV1(it *item) (out samples, err error) {
	conf := c.property(it, "av1C")
	if len(conf) < 4 || conf[0] != 0x81 || conf[2]&av1Deep == 0 {
		return out, errNotOutside
	}
	w, h := c.size(it)
	out = samples{w: int(w), h: int(h), depth: 10}
	if conf[2]&av1Twelve != 0 {
		out.depth = 12
	}
	channels := 3
	switch {
	case conf[2]&av1Grey != 0:
		out.grey, channels = true, 1
	case conf[2]&av1Halved == av1Halved:
		out.ratio = image.YCbCrSubsampleRatio420
	case conf[2]&av1Halved == av1HalvedX:
		out.ratio = image.YCbCrSubsampleRatio422
	case conf[2]&av1Halved == 0:
		out.ratio = image.YCbCrSubsampleRatio444
	default:
		return out, errNotOutside
	}
	if pixi := c.property(it, "pixi"); pixi != nil {
		if len(pixi) != 5+channels || int(pixi[4]) != channels {
			return out, errNotOutside
		}
		for _, depth := range pixi[5:] {
			if int(depth) != out.depth {
				return out, errNotOutside
			}
		}
	}
	return out, nil
}

// knownMatrix is whether a picture says once how its colours are coded, in a
// way that newMatrix knows.
func (c *container) knownMatrix(it *item) bool {
	n := 0
	for p := range c.propertiesOf(it) {
		if p.kind == "colr" && len(p.body) >= 4 && string(p.body[:4]) == "nclx" {
			if n++; len(p.body) < 11 || !matrices[be16(p.body[8:])].known {
				return false
			}
		}
	}
	return n == 1
}

// units are those of one temporal unit that matter to its samples, in a stream
// as AV1 has it (5.2). Any that are layered or do not say how long they are
// are left to libavif, and so is a picture without its sequence header.
func units(data []byte) ([][]byte, error) {
	out := [][]byte{[]byte(delimiter)}
	sequence, frames := false, 0
	for len(data) > 0 {
		kind := data[0] >> 3 & 15
		if data[0]&0x80 != 0 || data[0]&0x07 != 0x02 { // an extension, no size
			return nil, errNotOutside
		}
		size, n := leb128(data[1:])
		if n == 0 || size > uint64(len(data)-1-n) {
			return nil, errNotOutside
		}
		unit := data[:1+n+int(size)]
		data = data[len(unit):]
		switch kind {
		case obuDelimiter, obuMetadata, obuPadding:
			continue
		case obuSequence:
			if sequence || frames > 0 {
				return nil, errNotOutside
			}
			sequence = true
		case obuHeader, obuFrame, obuTiles, obuAgain:
			frames++
		default:
			return nil, errNotOutside
		}
		out = append(out, unit)
	}
	if !sequence || frames == 0 {
		return nil, errNotOutside
	}
	return out, nil
}

// leb128 reads a number and how many bytes it takes (AV1, 4.10.5); 0 where it
// is none.
func leb128(b []byte) (v uint64, n int) {
	for n < len(b) && n < 8 {
		v |= uint64(b[n]&0x7f) << (7 * n)
		if n++; b[n-1]&0x80 == 0 {
			if v > math.MaxUint32 {
				return 0, 0
			}
			return v, n
		}
	}
	return 0, 0
}

// What knowsAV1 tries: 10 bits and colour, and what comes of it in the sandbox
// (TestAVIFOutsideIsTheSame).
var (
	//go:embed testdata/d10.avif
	knownAV1    []byte
	knownAV1RGB = "0b886763a9542c92c50ef36156adfc0ce6454373d6fcbe46a5f61117e0a89ecd"
)

// knowsAV1 decodes a picture whose samples are known.
func (o *outside) knowsAV1(ctx context.Context) bool {
	s, err := Find(knownAV1)
	if err != nil {
		return false
	}
	m, err := o.frameAV1(ctx, s, false)
	return err == nil && sumOfRGB(m) == knownAV1RGB
}

// sumOfRGB is a checksum of all samples of a picture in RGB.
func sumOfRGB(m image.Image) string {
	var pix []byte
	switch m := m.(type) {
	case *image.RGBA:
		pix = m.Pix
	case *image.RGBA64:
		pix = m.Pix
	}
	sum := sha256.Sum256(pix)
	return hex.EncodeToString(sum[:])
}
