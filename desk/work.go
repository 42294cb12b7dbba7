package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// Work does one job from the queue.
func (d *Desk) Work(ctx context.Context, j work.Job) error {
	switch j.Kind {
	case JobScreen:
		return d.Screen(ctx, j.Subject)
	case JobRoute:
		return d.Route(ctx, j.Subject)
	case JobDeliver:
		if d.opts.Deliver == nil {
			return nil
		}
		return d.opts.Deliver(ctx, j.Subject)
	case JobMail:
		if d.opts.Mail == nil {
			return nil
		}
		return d.opts.Mail(ctx, j.Subject)
	}
	return fmt.Errorf("no such job: %q", j.Kind)
}

// tickBatch bounds the clocks fired in one tick; the next tick goes on.
const tickBatch = 500

// Tick fires due clocks and starts policies whose time has come. It bears
// being run on many nodes at once: a clock is marked as fired in the same
// transaction as what it does.
func (d *Desk) Tick(ctx context.Context) error {
	err := d.promote(ctx)
	var due []work.ClockRow
	if e := d.read(ctx, func(tx Tx) (err error) {
		due, err = tx.DueClocks(ctx, d.now(), tickBatch)
		return err
	}); e != nil {
		return errors.Join(err, e)
	}
	for _, row := range due {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if e := d.fire(ctx, row.ID); e != nil {
			if r, ok := text.AsRefusal(e); ok && r.Code == text.CodeConflict {
				continue // the claim was changed at this very moment; the next tick looks again
			}
			d.opts.Log.ErrorContext(ctx, "clock", "id", row.ID, "kind", string(row.Kind), "error", e.Error())
			err = errors.Join(err, e)
		}
	}
	return err
}

// fire marks one clock as fired and does what it is for, in one transaction.
func (d *Desk) fire(ctx context.Context, id string) error {
	return d.write(ctx, func(tx Tx) error {
		at := d.now()
		row, ok, err := tx.FireClock(ctx, id, at)
		if err != nil || !ok {
			return err
		}
		if row.Subject.Kind != claim.SubjectKind {
			return fmt.Errorf("clock %s runs for %s, of which the desk knows nothing", id, row.Subject)
		}
		c, err := tx.Claim(ctx, row.Subject.ID)
		if err != nil {
			return err
		}
		if k := c.Clock(row.Kind); k == nil || k.ID != row.ID {
			return fmt.Errorf("clock %s of claim %s runs in the store and not with the claim", row.ID, c.ID)
		}
		return d.fired(ctx, tx, c, row.Kind, at)
	})
}

func (d *Desk) fired(ctx context.Context, tx Tx, c *claim.Claim, kind work.ClockKind, at time.Time) error {
	switch kind {
	case claim.ClockMerchant, claim.ClockBuyer, claim.ClockOffer:
		return d.move(ctx, tx, c, at, func(c *claim.Claim) (claim.Change, error) { return c.Silence(kind, at) })
	case claim.ClockAppeal:
		return d.move(ctx, tx, c, at, func(c *claim.Claim) (claim.Change, error) {
			if err := d.withinLeft(ctx, tx, c); err != nil {
				return claim.Change{}, err
			}
			return c.Final(at)
		})
	case claim.ClockVisit:
		return d.move(ctx, tx, c, at, func(c *claim.Claim) (claim.Change, error) { return c.Visited(access.Machine("clock"), at) })
	case claim.ClockReview:
		return d.overdue(ctx, tx, c, at)
	}
	return fmt.Errorf("clock of unknown kind %q", kind)
}

// overdue lifts a case that nobody has decided in time to the top of the
// queue, and gives it a new window: silence of reviewers decides nothing.
func (d *Desk) overdue(ctx context.Context, tx Tx, c *claim.Claim, at time.Time) error {
	after := c.Clone()
	ch, err := after.Overdue(at)
	if err != nil {
		return err
	}
	if err := d.commit(ctx, tx, step{Before: c, After: after, Change: ch}); err != nil {
		return err
	}
	*c = *after
	for _, t := range []Task{TaskDecide, TaskConfirm} {
		r, err := tx.Review(ctx, c.ID, t)
		if errors.Is(err, work.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		// Its due time stays the missed one, so that it stands before all that are in time.
		r.Stakes, r.Due = 3, at
		if err := tx.PutReview(ctx, r); err != nil {
			return err
		}
	}
	return nil
}
