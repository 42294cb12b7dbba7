package imaging

import (
	"context"
	"errors"
	"fmt"
	"image"
)

// Open reads and decodes the picture file at path within the limits. The
// format is told from the bytes, never from the name. Its errors are *Error.
func Open(ctx context.Context, path string, lim Limits) (*Picture, error) {
	data, err := ReadFile(ctx, path, lim)
	if err != nil {
		return nil, err
	}
	return Decode(ctx, data, lim)
}

// Decode decodes one picture file held in memory within the limits. data must
// not change until Decode returns. Its errors are *Error.
func Decode(ctx context.Context, data []byte, lim Limits) (*Picture, error) {
	lim = lim.orDefault()
	if len(data) == 0 {
		return nil, &Error{Code: Empty}
	}
	if int64(len(data)) > lim.MaxBytes {
		return nil, tooLarge(int64(len(data)), lim.MaxBytes)
	}
	f, err := sniff(data)
	if err != nil {
		return nil, err
	}
	h := readHeader(f, data)
	if err := h.check(lim); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, lim.Timeout)
	defer cancel()
	p, err := inBackground(ctx, func() (*Picture, error) { return decodeAs(ctx, f, h, data, lim) })
	if err != nil {
		return nil, decodeError(ctx, err)
	}
	return p, nil
}

// decoded is what a decoder gives: pixels, and what was wrong if only a part
// of them is real.
type decoded struct {
	pixels  image.Image
	problem string
	// orientation overrides the header's where it is not 0: a decoder that
	// turns pixels itself says 1.
	orientation int
}

// decodeAs runs the format's decoder and holds its result against what the
// header promised.
func decodeAs(ctx context.Context, f format, h header, data []byte, lim Limits) (*Picture, error) {
	d, err := decoders[f](ctx, h, data, lim)
	if err != nil {
		return nil, err
	}
	b := d.pixels.Bounds()
	if b.Empty() {
		return nil, errors.New("no pixels")
	}
	p := &Picture{
		Format: string(f), Width: b.Dx(), Height: b.Dy(),
		Stored: d.pixels, Orientation: h.orientation,
		Partial: d.problem != "", Problem: d.problem,
	}
	if d.orientation != 0 {
		p.Orientation = d.orientation
	}
	if p.Orientation >= 5 {
		p.Width, p.Height = p.Height, p.Width
	}
	return p, nil
}

// maxRunning bounds the decoders at work in this process, those included that
// were given up and have not noticed yet. It is far above what any caller runs
// at once, so that only a pile of given-up decoders makes a new one wait.
const maxRunning = 64

// running has a place for each decoder at work; see maxRunning.
var running = make(chan struct{}, maxRunning)

// inBackground runs decode and returns its result, or ctx's error as soon as
// ctx ends; decode then runs on until it notices. A panic becomes an error.
func inBackground(ctx context.Context, decode func() (*Picture, error)) (*Picture, error) {
	select {
	case running <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	type result struct {
		p   *Picture
		err error
	}
	done := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if v := recover(); v != nil {
				r = result{err: fmt.Errorf("the decoder failed: %v", v)}
			}
			<-running
			done <- r
		}()
		r.p, r.err = decode()
	}()
	select {
	case r := <-done:
		return r.p, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// decodeError makes an *Error of whatever a decoder returned.
func decodeError(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil {
		return contextError(cause)
	}
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	return &Error{Code: Broken, Detail: err.Error(), Cause: err}
}
