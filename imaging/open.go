package imaging

import (
	"context"
	"errors"
	"fmt"
	"image"
	"sync/atomic"
	"time"
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
	left := h.patience(lim.Timeout)
	p, err := attempt(ctx, f, h, data, lim, decoders[f], &left)
	var more *again
	if errors.As(err, &more) {
		h.memory = more.memory
		if h.check(lim) != nil || h.need(int64(len(data))) > BudgetSize() {
			return nil, decodeError(ctx, more.otherwise)
		}
		p, err = attempt(ctx, f, h, data, lim, more.decode, &left)
	}
	if err != nil {
		return nil, decodeError(ctx, err)
	}
	return p, nil
}

// attempt runs one decoder within its part of the process's budget and the time
// that is left, of which it takes off what it used.
func attempt(ctx context.Context, f format, h header, data []byte, lim Limits, decode decoder, left *time.Duration) (*Picture, error) {
	share, err := budgetNow().take(ctx, h.need(int64(len(data))))
	if err != nil {
		return nil, decodeError(ctx, err)
	}
	began := time.Now() // waiting does not count
	defer func() { *left -= time.Since(began) }()
	ctx, cancel := context.WithTimeout(ctx, *left)
	defer cancel()
	p, err := inBackground(ctx, share, func() (*Picture, error) { return decodeAs(ctx, f, h, data, lim, decode) })
	if err != nil && ctx.Err() != nil {
		return nil, contextError(ctx.Err())
	}
	return p, err
}

// again is a decoder's answer that another way must be tried, which takes more
// memory than was reckoned with: a damaged file's, mostly. The first decoder's
// share is given back before the second's is asked for, so that no two wait
// for each other.
type again struct {
	memory    int64 // as header.memory
	decode    decoder
	otherwise error // what is wrong where there is no room for it
}

func (a *again) Error() string { return a.otherwise.Error() }

// decoded is what a decoder gives: pixels, and what was wrong if only a part
// of them is real.
type decoded struct {
	pixels image.Image
	// full is the stored picture's size where pixels are a reduced one's; zero
	// where they are all there.
	full    image.Point
	problem string
	// complete is true where the pixels are all real for all that: what the
	// problem is about lay beside them.
	complete bool
	// orientation overrides the header's where it is not 0: a decoder that
	// turns pixels itself says 1.
	orientation int
}

// decodeAs runs the format's decoder and holds its result against what the
// header promised.
func decodeAs(ctx context.Context, f format, h header, data []byte, lim Limits, decode decoder) (*Picture, error) {
	d, err := decode(ctx, h, data, lim)
	if err != nil {
		return nil, err
	}
	b := d.pixels.Bounds()
	if b.Empty() {
		return nil, errors.New("no pixels")
	}
	if d, err = bounded(ctx, d); err != nil {
		return nil, err
	}
	size := b.Size()
	if d.full != (image.Point{}) {
		size = d.full
	}
	p := &Picture{
		Format: string(f), Width: size.X, Height: size.Y,
		Stored: d.pixels, Orientation: h.orientation,
		Partial: d.problem != "" && !d.complete, Problem: d.problem,
	}
	if d.orientation != 0 {
		p.Orientation = d.orientation
	}
	if p.Orientation >= 5 {
		p.Width, p.Height = p.Height, p.Width
	}
	return p, nil
}

// inBackground runs decode and returns its result, or ctx's error as soon as
// ctx ends; decode then runs on until it notices, and its share of the budget
// is held until then. A panic becomes an error.
func inBackground(ctx context.Context, s *share, decode func() (*Picture, error)) (*Picture, error) {
	type result struct {
		p   *Picture
		err error
	}
	done := make(chan result, 1)
	var taken atomic.Bool // by the caller, or by nobody any more
	go func() {
		var r result
		defer func() {
			if v := recover(); v != nil {
				r = result{err: fmt.Errorf("the decoder failed: %v", v)}
			}
			if r.err != nil || r.p == nil || !taken.CompareAndSwap(false, true) {
				s.drop()
			} else {
				r.p.hold(s)
			}
			done <- r
		}()
		r.p, r.err = decode()
	}()
	select {
	case r := <-done:
		return r.p, r.err
	case <-ctx.Done():
		if taken.CompareAndSwap(false, true) {
			return nil, ctx.Err()
		}
		r := <-done // it was done at the same moment
		return r.p, r.err
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
