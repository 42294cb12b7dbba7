package imaging

import (
	"context"
	"errors"
	"image"

	"github.com/evenhand/evenhand/imaging/heif"
)

// heifHeader reads what an HEIC or AVIF file declares. An EXIF orientation
// does not count in either (ISO/IEC 23008-12, 6.5.10).
func heifHeader(f format, data []byte) header {
	info, still, err := heif.Read(data)
	h := header{width: info.Width, height: info.Height, orientation: info.Orientation}
	var no heif.UnsupportedError
	switch {
	case errors.As(err, &no) && (no != heif.NoStill || f != formatAVIF):
		h.unsupported = no.Error()
		return h
	case err == nil && !still.AV1 && f == formatHEIC:
		h.still, h.width, h.height = still, still.CodedWidth, still.CodedHeight
		for h.factor = factorFor(h.width, h.height, 3); h.factor > 1 && !still.Reducible(h.factor); h.factor /= 2 {
		}
		if h.outside = still.Outside(); h.outside {
			h.memory = still.OutsideMemory(max(h.factor, 1))
		} else {
			h.memory = still.Memory(max(h.factor, 1))
		}
		return h
	case f == formatHEIC: // cut or damaged: the decoder says so
		h.width, h.height = 0, 0
		return h
	}
	if h.memory = avifMemory(info, int64(len(data))); err == nil && f == formatAVIF && still.OutsideAVIF() {
		h.avif, h.memory = still, still.OutsideAVIFMemory(avifShallow(h))
	}
	return h
}

// avifShallow is whether 16 bits a sample would be too many.
func avifShallow(h header) bool { return bytesFor(h.width, h.height, 8) > mostDeep }

// avifMemory is what a sandbox takes for an AV1 picture, and the picture.
func avifMemory(info heif.Info, length int64) int64 {
	if info.Width <= 0 || info.Height <= 0 {
		return 0
	}
	n := info.Memory(length)
	per := int64(4)
	if info.Deep && bytesFor(info.Width, info.Height, 8) <= mostDeep {
		per = 8
	}
	if n < 1<<40 {
		n += per * info.Width * info.Height
	}
	return n
}

// decodeHEIC decodes tile by tile. Files that say their range is the studio
// one are stretched to the full; where they do not say, cameras use the full.
func decodeHEIC(ctx context.Context, h header, data []byte, lim Limits) (decoded, error) {
	if h.still == nil {
		_, err := heif.Find(data)
		if err == nil {
			err = heif.ErrBroken
		}
		return decoded{}, err
	}
	decode := h.still.Decode
	if h.outside {
		decode = h.still.DecodeOutside
	}
	m, err := decode(ctx, h.factor, heif.Limits{MaxMemory: lim.MaxMemory, MaxPixels: lim.MaxPixels})
	if errors.Is(err, heif.ErrOutside) {
		return decoded{}, inSandbox(h.still.Memory(max(h.factor, 1)), lim, decodeHEIC)
	}
	if err != nil {
		return decoded{}, heifError(err)
	}
	if h.still.StudioRange() {
		switch m := m.(type) {
		case *image.YCbCr:
			stretchStudio(m)
		case *image.Gray:
			stretchLuma(m.Pix)
		}
	}
	d := decoded{pixels: m, problem: h.still.Problem, complete: true}
	if h.factor > 1 {
		d.full = image.Pt(int(h.still.Width), int(h.still.Height))
	}
	return d, nil
}

// decodeAVIF decodes with libavif, which gives full-range RGB, or with a program
// outside that gives the same.
func decodeAVIF(ctx context.Context, h header, data []byte, lim Limits) (decoded, error) {
	within := heif.Limits{MaxMemory: lim.MaxMemory, MaxPixels: lim.MaxPixels, Shallow: avifShallow(h)}
	var m image.Image
	var err error
	if h.avif != nil {
		m, err = h.avif.DecodeAVIFOutside(ctx, within)
	} else {
		m, err = heif.DecodeAVIF(ctx, data, within)
	}
	if errors.Is(err, heif.ErrOutside) {
		return decoded{}, inSandbox(avifMemory(heif.ReadInfo(data), int64(len(data))), lim, decodeAVIF)
	}
	if err != nil {
		return decoded{}, heifError(err)
	}
	return decoded{pixels: m}, nil
}

// inSandbox has what a program outside did not decode decoded in the sandbox,
// which says what is wrong with it, if anything.
func inSandbox(memory int64, lim Limits, decode decoder) error {
	return &again{memory: memory, otherwise: tooMuchMemory(memory, lim.MaxMemory), decode: func(ctx context.Context, h header, data []byte, lim Limits) (decoded, error) {
		h.outside, h.avif = false, nil
		return decode(ctx, h, data, lim)
	}}
}

// heifError gives the sandbox's errors their codes.
func heifError(err error) error {
	var no heif.UnsupportedError
	switch {
	case errors.As(err, &no):
		return &Error{Code: Unsupported, Detail: no.Error(), Cause: err}
	case errors.Is(err, heif.ErrMemory):
		return &Error{Code: TooMuchMemory, Detail: err.Error(), Cause: err}
	case errors.Is(err, heif.ErrPixels):
		return &Error{Code: TooManyPixels, Detail: err.Error(), Cause: err}
	}
	return err
}
