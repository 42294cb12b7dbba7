package heif

import (
	"context"
	"errors"
	"image"
)

// What decoding may fail with, besides its context's error.
var (
	ErrMemory = errors.New("the decoder needs more memory than is allowed")
	ErrPixels = errors.New("the picture has more pixels than are accepted")
	ErrBroken = errors.New("the decoder found no sound picture")
)

// Limits bound one decode.
type Limits struct {
	MaxMemory int64 // of the sandbox, in bytes
	MaxPixels int64
	// Shallow asks for 8 bits a sample whatever the file has.
	Shallow bool
}

// room is what the decoders' C functions write their answers to.
const room = 5

// verdict reads a decoder's 1 for success.
func verdict(ok uint32, err error) error {
	if err == nil && ok == 0 {
		err = ErrBroken
	}
	return err
}

// checkSize holds sizes the decoder found itself against the limits.
func checkSize(w, h uint32, lim Limits) error {
	if w == 0 || h == 0 {
		return ErrBroken
	}
	if lim.MaxPixels > 0 && int64(h) > lim.MaxPixels/int64(w) {
		return ErrPixels
	}
	return nil
}

// libheif's names for what it gives (heif.h).
const (
	colourYCbCr = 0
	colourRGB   = 1
	colourGrey  = 2
	chroma420   = 1
	chroma422   = 2
	chroma444   = 3
)

// heicLayout is how libheif lays out planes: rows padded to 16 bytes, one
// plane after the other.
type heicLayout struct {
	colour         uint32
	w, h           int
	stride         int64
	cStride, cRows int64
	ratio          image.YCbCrSubsampleRatio
	// depth is the bits of a sample; those of more than 8 take two bytes, the
	// lower first.
	depth int
}

// newHEICLayout reads the answers: width, height, colour space, chroma. Colour
// comes as deep as it is coded.
func newHEICLayout(a []uint32, depth int, lim Limits) (heicLayout, error) {
	if err := checkSize(a[0], a[1], lim); err != nil {
		return heicLayout{}, err
	}
	w, h := int64(a[0]), int64(a[1])
	l := heicLayout{colour: a[2], w: int(w), h: int(h), depth: 8}
	each := int64(1)
	if l.colour == colourYCbCr && depth > 8 {
		l.depth, each = depth, 2
	}
	pad := func(n int64) int64 { return (each*max(n, 64) + 15) &^ 15 }
	switch {
	case l.colour == colourGrey:
		l.stride = pad(w)
	case l.colour == colourRGB:
		l.stride = pad(4 * w)
	case l.colour == colourYCbCr && a[3] == chroma420:
		l.ratio, l.stride, l.cStride, l.cRows = image.YCbCrSubsampleRatio420, pad(w), pad((w+1)/2), (h+1)/2
	case l.colour == colourYCbCr && a[3] == chroma422:
		l.ratio, l.stride, l.cStride, l.cRows = image.YCbCrSubsampleRatio422, pad(w), pad((w+1)/2), h
	case l.colour == colourYCbCr && a[3] == chroma444:
		l.ratio, l.stride, l.cStride, l.cRows = image.YCbCrSubsampleRatio444, pad(w), pad(w), h
	default:
		return heicLayout{}, ErrBroken
	}
	return l, nil
}

func (l heicLayout) bytes() int64 { return l.stride*int64(l.h) + 2*l.cStride*l.cRows }

// picture wraps the bytes as an image.
func (l heicLayout) picture(pix []byte, premultiplied bool) image.Image {
	r := image.Rect(0, 0, l.w, l.h)
	switch {
	case l.colour == colourGrey:
		return &image.Gray{Pix: pix, Stride: int(l.stride), Rect: r}
	case l.colour == colourRGB && premultiplied:
		return &image.RGBA{Pix: pix, Stride: int(l.stride), Rect: r}
	case l.colour == colourRGB:
		return &image.NRGBA{Pix: pix, Stride: int(l.stride), Rect: r}
	}
	luma, chroma := l.stride*int64(l.h), l.cStride*l.cRows
	if l.depth > 8 { // in place: the upper bits of each sample, at half the stride
		for i := range len(pix) / 2 {
			pix[i] = uint8((uint16(pix[2*i]) | uint16(pix[2*i+1])<<8) >> (l.depth - 8))
		}
		l.stride, l.cStride, luma, chroma = l.stride/2, l.cStride/2, luma/2, chroma/2
		pix = pix[:luma+2*chroma]
	}
	return &image.YCbCr{
		Y: pix[:luma], Cb: pix[luma : luma+chroma], Cr: pix[luma+chroma:],
		YStride: int(l.stride), CStride: int(l.cStride), SubsampleRatio: l.ratio, Rect: r,
	}
}

// DecodeAVIF decodes the primary picture, or a sequence's first: image.RGBA, or
// image.RGBA64 where it has more than 8 bits, as stored: irot and imir are left
// to the caller (Info.Orientation).
func DecodeAVIF(ctx context.Context, data []byte, lim Limits) (image.Image, error) {
	l, err := compileAVIF()
	if err != nil {
		return nil, err
	}
	s, err := l.start(ctx, min(lim.MaxMemory, ReadInfo(data).Memory(int64(len(data)))))
	if err != nil {
		return nil, err
	}
	defer s.close()
	in, err := s.put(data)
	if err != nil {
		return nil, err
	}
	answers, err := s.alloc(4*room + 8)
	if err != nil {
		return nil, err
	}
	decode := func(headOnly, out uint32) error {
		const firstOnly = 0
		ok, err := s.call("decode", uint64(in), uint64(len(data)), uint64(headOnly), firstOnly, uint64(answers),
			uint64(answers+4), uint64(answers+8), uint64(answers+12), uint64(answers+16), uint64(out))
		return verdict(ok, err)
	}
	if err := decode(1, 0); err != nil {
		return nil, err
	}
	a, err := s.words(answers, 3)
	if err != nil {
		return nil, err
	}
	if err := checkSize(a[0], a[1], lim); err != nil {
		return nil, err
	}
	n := 4 * int64(a[0]) * int64(a[1])
	deep := a[2] > 8
	if deep {
		n *= 2
	}
	out, err := s.alloc(n)
	if err != nil {
		return nil, err
	}
	if err := decode(0, out); err != nil {
		return nil, err
	}
	pix, err := s.view(out, n)
	if err != nil {
		return nil, err
	}
	return avifPicture(pix, int(a[0]), int(a[1]), deep, lim.Shallow), nil
}

// avifPicture copies premultiplied RGBA out of the sandbox; deep samples are
// little-endian there and big-endian in package image.
func avifPicture(pix []byte, w, h int, deep, shallow bool) image.Image {
	r := image.Rect(0, 0, w, h)
	if deep && shallow {
		out := image.NewRGBA(r)
		for i := range out.Pix {
			out.Pix[i] = shallowOf(uint16(pix[2*i]) | uint16(pix[2*i+1])<<8)
		}
		return out
	}
	if !deep {
		return &image.RGBA{Pix: append([]byte(nil), pix...), Stride: 4 * w, Rect: r}
	}
	out := image.NewRGBA64(r)
	for i := 0; i+1 < len(pix); i += 2 {
		out.Pix[i], out.Pix[i+1] = pix[i+1], pix[i]
	}
	return out
}
