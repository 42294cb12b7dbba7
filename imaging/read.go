package imaging

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// Limits bound what one file may cost. A zero field means the field's default.
type Limits struct {
	// MaxBytes is the longest file read, in bytes.
	MaxBytes int64
	// MaxPixels is the largest declared width times height.
	MaxPixels int64
	// MaxMemory bounds, in bytes, what decoding may hold at once beyond the
	// file itself, as estimated from the header before decoding starts. It is
	// also the hard ceiling of the HEIC and AVIF decoders' own memory.
	MaxMemory int64
	// Timeout bounds the decoding of one picture of up to 50 megapixels; a larger
	// one has as much more as it is larger.
	Timeout time.Duration
}

// DefaultLimits admit every phone on the market (200 megapixels included)
// and keep one decode under a gigabyte. The time is for such a HEIC, the
// slowest of them, on a slow machine.
var DefaultLimits = Limits{
	MaxBytes:  256 << 20,
	MaxPixels: 209_000_000,
	MaxMemory: 1 << 30,
	Timeout:   60 * time.Second,
}

// orDefault fills zero fields from DefaultLimits.
func (l Limits) orDefault() Limits {
	if l.MaxBytes <= 0 {
		l.MaxBytes = DefaultLimits.MaxBytes
	}
	if l.MaxPixels <= 0 {
		l.MaxPixels = DefaultLimits.MaxPixels
	}
	if l.MaxMemory <= 0 {
		l.MaxMemory = DefaultLimits.MaxMemory
	}
	if l.Timeout <= 0 {
		l.Timeout = DefaultLimits.Timeout
	}
	return l
}

// ReadFile reads a whole regular file (a link to one counts) of at most
// lim.MaxBytes. It never opens a pipe or a device, so it cannot block on one.
// Its errors are *Error.
func ReadFile(ctx context.Context, path string, lim Limits) ([]byte, error) {
	lim = lim.orDefault()
	info, err := os.Stat(path)
	if err != nil {
		return nil, fileError(err)
	}
	if err := regular(info); err != nil {
		return nil, err
	}
	if info.Size() > lim.MaxBytes {
		return nil, tooLarge(info.Size(), lim.MaxBytes)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fileError(err)
	}
	defer f.Close()
	// The name may have changed hands between Stat and Open.
	if info, err = f.Stat(); err != nil {
		return nil, fileError(err)
	}
	if err := regular(info); err != nil {
		return nil, err
	}
	return readAll(ctx, f, info.Size(), lim.MaxBytes)
}

// readAll reads r to its end; size is a hint, limit a bound, both in bytes.
func readAll(ctx context.Context, r io.Reader, size, limit int64) ([]byte, error) {
	data := make([]byte, 0, min(size, limit)+1)
	const step = 4 << 20 // how much is read between two looks at ctx
	for {
		if err := ctx.Err(); err != nil {
			return nil, contextError(err)
		}
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
		n, err := r.Read(data[len(data):min(cap(data), len(data)+step)])
		data = data[:len(data)+n]
		if int64(len(data)) > limit {
			return nil, tooLarge(int64(len(data)), limit)
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fileError(err)
		}
	}
	if len(data) == 0 {
		return nil, &Error{Code: Empty}
	}
	return data, nil
}

// regular refuses all that is not a plain file.
func regular(info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return &Error{Code: Folder}
	case !info.Mode().IsRegular():
		return &Error{Code: NotAFile, Detail: info.Mode().Type().String()}
	}
	return nil
}

func fileError(err error) error {
	code := Unreadable
	switch {
	case errors.Is(err, fs.ErrNotExist):
		code = NotFound
	case errors.Is(err, fs.ErrPermission):
		code = NoPermission
	}
	return &Error{Code: code, Detail: err.Error(), Cause: err}
}

func contextError(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return &Error{Code: TimedOut, Cause: err}
	}
	return &Error{Code: Cancelled, Cause: err}
}

func tooMuchMemory(need, limit int64) error {
	return &Error{Code: TooMuchMemory, Detail: fmt.Sprintf("%d MB > %d MB", need>>20, limit>>20)}
}

func tooLarge(size, limit int64) error {
	return &Error{Code: TooLarge, Detail: fmt.Sprintf("%d MB > %d MB", size>>20, limit>>20)}
}
