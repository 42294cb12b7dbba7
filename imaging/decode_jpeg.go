package imaging

import (
	"context"
	"errors"
	stdjpeg "image/jpeg"

	"github.com/evenhand/evenhand/imaging/jpeg"
)

// decodeJPEG hands ordinary files to the standard library, which is fast, and
// those it refuses (odd sampling, cut or damaged data, ink without Adobe's
// marker) to our own reader, which rebuilds what is there. That reader takes
// large progressive files too, for it keeps coefficients in half the memory, and
// those of many scans, for it passes over blocks of which nothing comes. Neither
// starts on more scans than a picture needs.
func decodeJPEG(ctx context.Context, h header, data []byte, lim Limits) (decoded, error) {
	visits, err := jpeg.CheckWork(data)
	if err != nil {
		return decoded{}, jpegError(err)
	}
	if h.jpeg.own || visits > manyVisits && h.jpeg.rebuilt > 0 {
		return rebuildJPEG(ctx, h, data, lim)
	}
	m, err := stdjpeg.Decode(newReader(ctx, data))
	switch {
	case err == nil:
		return decoded{pixels: m}, nil
	case ctx.Err() != nil:
		return decoded{}, err
	}
	need := h.jpeg.rebuilt
	if need == 0 { // a height declared late: nobody knows yet
		need = min(lateJPEG, lim.MaxMemory, max(BudgetSize()-int64(len(data)), leastNeed))
	}
	return decoded{}, &again{memory: need, decode: rebuildJPEG, otherwise: unsupportedOr(err)}
}

// manyVisits is how often a file may visit each block until our own reader takes
// it: encoders' own scripts do 6 times.
const manyVisits = 20

// lateJPEG bounds files that do not begin with their height, in bytes.
const lateJPEG = 256 << 20

// rebuildJPEG is our own reader.
func rebuildJPEG(ctx context.Context, h header, data []byte, lim Limits) (decoded, error) {
	most := lim.MaxMemory / 2
	if h.jpeg.rebuilt == 0 {
		most = min(most, h.memory/2) // what was asked for
	}
	f, err := jpeg.Parse(ctx, data, most)
	if err != nil {
		return decoded{}, jpegError(err)
	}
	if int64(f.Width)*int64(f.Height) > lim.MaxPixels { // a height declared late
		return decoded{}, header{width: int64(f.Width), height: int64(f.Height)}.check(lim)
	}
	factor := max(h.jpeg.factor, 1)
	if m, err := f.Reduced(ctx, factor); err == nil {
		d := decoded{pixels: m, problem: f.Problem}
		d.full.X, d.full.Y = f.Width, f.Height
		return d, nil
	} else if ctx.Err() != nil {
		return decoded{}, err
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
	var w jpeg.WorkError
	switch {
	case errors.As(err, &u):
		return &Error{Code: Unsupported, Detail: err.Error(), Cause: err}
	case errors.As(err, &m):
		return &Error{Code: TooMuchMemory, Detail: err.Error(), Cause: err}
	case errors.As(err, &w):
		return &Error{Code: TooManyScans, Detail: err.Error(), Cause: err}
	}
	return err
}
