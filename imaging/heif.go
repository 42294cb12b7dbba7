package imaging

import (
	"context"
	"errors"
	"image"

	"github.com/evenhand/evenhand/imaging/heif"
)

// heifHeader reads what an HEIC or AVIF file declares. libheif turns the
// pixels itself, so only AVIF's orientation is left to us. An EXIF orientation
// does not count in either (ISO/IEC 23008-12, 6.5.10).
func heifHeader(f format, data []byte) header {
	info := heif.ReadInfo(data)
	h := header{width: info.Width, height: info.Height, orientation: 1}
	if f == formatAVIF {
		h.orientation = info.Orientation
	}
	if info.Width > 0 && info.Height > 0 {
		per := int64(4)
		if info.Deep {
			per = 8
		}
		h.memory = info.Memory(int64(len(data)))
		if h.memory < 1<<40 {
			h.memory += per * info.Width * info.Height
		}
	}
	return h
}

// decodeHEIC decodes with libheif. Files that say their range is the studio
// one are stretched to the full; where they do not say, cameras use the full.
func decodeHEIC(ctx context.Context, _ header, data []byte, lim Limits) (decoded, error) {
	m, err := heif.DecodeHEIC(ctx, data, heif.Limits{MaxMemory: lim.MaxMemory, MaxPixels: lim.MaxPixels})
	if err != nil {
		return decoded{}, heifError(err)
	}
	if y, ok := m.(*image.YCbCr); ok && heif.ReadInfo(data).StudioRange {
		stretchStudio(y)
	}
	return decoded{pixels: m}, nil
}

// decodeAVIF decodes with libavif, which gives full-range RGB.
func decodeAVIF(ctx context.Context, _ header, data []byte, lim Limits) (decoded, error) {
	m, err := heif.DecodeAVIF(ctx, data, heif.Limits{MaxMemory: lim.MaxMemory, MaxPixels: lim.MaxPixels})
	if err != nil {
		return decoded{}, heifError(err)
	}
	return decoded{pixels: m}, nil
}

// heifError gives the sandbox's errors their codes.
func heifError(err error) error {
	switch {
	case errors.Is(err, heif.ErrMemory):
		return &Error{Code: TooMuchMemory, Detail: err.Error(), Cause: err}
	case errors.Is(err, heif.ErrPixels):
		return &Error{Code: TooManyPixels, Detail: err.Error(), Cause: err}
	}
	return err
}
