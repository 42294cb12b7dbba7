package examine

import (
	"context"
	"errors"
	"fmt"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening/angle"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// maxPairs are the pairs of photos kept laid beside each other, some 10 MB
// each: whoever marks one place often marks another.
const maxPairs = 8

// Sight asks the photo b about a place on the photo a, and keeps the answer.
func (x *Examiner) Sight(ctx context.Context, a string, b evidence.Item, place evidence.Region) (f evidence.Finding, err error) {
	called := text.Text{EN: "another photo of the claim", ZH: "该申请的另一张照片"}
	key := angleKey(a, b.SHA256, place)
	var look angle.Look
	if x.kept(ctx, key, &look) {
		return look.FindingOn(b.ID, called), nil
	}
	select {
	case x.running <- struct{}{}:
		defer func() { <-x.running }()
	case <-ctx.Done():
		return f, ctx.Err()
	}
	defer func() {
		if v := recover(); v != nil {
			x.opts.Log.ErrorContext(ctx, "a place could not be looked for", "evidence", b.ID, "sha256", b.SHA256, "panic", fmt.Sprint(v))
			err = &imaging.Error{Code: imaging.Broken}
		}
	}()
	pair, err := x.pair(ctx, a, b.SHA256)
	if err != nil {
		return f, err
	}
	look = pair.Look(place)
	x.keep(ctx, key, look)
	return look.FindingOn(b.ID, called), nil
}

// pair lays the photo b beside a, or finds that done.
func (x *Examiner) pair(ctx context.Context, a, b string) (*angle.Pair, error) {
	if p, ok := x.pairs.get(a + b); ok {
		return p, nil
	}
	if _, err := x.angleView(ctx, a); err != nil {
		var unread *imaging.Error
		if errors.As(err, &unread) || errors.Is(err, work.ErrNotFound) {
			err = fmt.Errorf("%w: %w", desk.ErrMarked, err)
		}
		return nil, err
	}
	p, err := x.beside(ctx, a, b)
	if err != nil {
		return nil, err
	}
	x.pairs.put(a+b, p)
	return p, nil
}
