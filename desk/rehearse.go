package desk

import (
	"context"
	"errors"
)

// errRehearsed undoes a transaction that went well.
var errRehearsed = errors.New("rehearsed")

// Rehearse runs f with this desk in one transaction that is never kept: what f
// is told there is what it would be told without the rehearsal, since the same
// use cases say it. After one that is refused f should end, for what it had
// written until then is undone only with the rest. f may be run again.
func (d *Desk) Rehearse(ctx context.Context, f func(*Desk) error) error {
	err := d.write(ctx, func(tx Tx) error {
		o := d.opts
		o.Store = rehearsal{tx}
		if err := f(&Desk{opts: o, now: d.now, policies: d.policies, tags: d.tags}); err != nil {
			return err
		}
		return errRehearsed
	})
	if errors.Is(err, errRehearsed) {
		return nil
	}
	return err
}

// rehearsal is a store whose transactions are all one, which is open.
type rehearsal struct{ tx Tx }

func (r rehearsal) Read(_ context.Context, f func(Tx) error) error  { return f(r.tx) }
func (r rehearsal) Write(_ context.Context, f func(Tx) error) error { return f(r.tx) }
