package imaging

import (
	"context"
	"errors"
	stdjpeg "image/jpeg"

	"github.com/evenhand/evenhand/imaging/jpeg"
)

// decodeJPEG hands ordinary files to the standard library, which is fast, and
// those it refuses (odd sampling, cut or damaged data, ink without Adobe's
// marker) to our own reader, which rebuilds what is there.
func decodeJPEG(ctx context.Context, _ header, data []byte, lim Limits) (decoded, error) {
	m, err := stdjpeg.Decode(newReader(ctx, data))
	if err == nil {
		return decoded{pixels: m}, nil
	}
	if ctx.Err() != nil {
		return decoded{}, err
	}
	f, err := jpeg.Parse(ctx, data, lim.MaxMemory/2)
	if err != nil {
		return decoded{}, jpegError(err)
	}
	if int64(f.Width)*int64(f.Height) > lim.MaxPixels { // a height declared late
		return decoded{}, header{width: int64(f.Width), height: int64(f.Height)}.check(lim)
	}
	rebuilt, err := f.Image(ctx)
	if err != nil {
		return decoded{}, jpegError(err)
	}
	return decoded{pixels: rebuilt, problem: f.Problem}, nil
}

// jpegError gives our reader's errors their codes.
func jpegError(err error) error {
	var u jpeg.UnsupportedError
	var m jpeg.MemoryError
	switch {
	case errors.As(err, &u):
		return &Error{Code: Unsupported, Detail: err.Error(), Cause: err}
	case errors.As(err, &m):
		return &Error{Code: TooMuchMemory, Detail: err.Error(), Cause: err}
	}
	return err
}
