package desk

import (
	"context"
	"fmt"
	"time"
)

// Sweeper finds bytes that belong to nobody and puts them away.
type Sweeper interface {
	// Sweep goes through all that lies in the store of evidence longer than
	// grace. What no row names is put aside, what was put aside longer than
	// grace ago is removed, or taken back where a row names it meanwhile.
	Sweep(ctx context.Context, now time.Time, grace time.Duration) (Swept, error)
}

// Swept says what a sweep did, in blobs; Bytes were removed for good.
type Swept struct {
	Seen, Aside, Removed, TakenBack, Spools int
	Bytes                                   int64
}

// How often what belongs to nobody is looked for, and how long it may lie:
// longer than the slowest upload takes from its first byte to its row.
const (
	sweepEvery = 24 * time.Hour
	sweepGrace = 24 * time.Hour
)

// SweepBytes sweeps now and then once a day, until ctx ends.
func (d *Desk) SweepBytes(ctx context.Context, s Sweeper) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := d.sweepOnce(ctx, s); err != nil && ctx.Err() == nil {
			d.opts.Log.ErrorContext(ctx, "sweep evidence store", "error", err.Error())
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (d *Desk) sweepOnce(ctx context.Context, s Sweeper) error {
	// The age of files goes by the system's clock, whatever the desk's says.
	did, err := s.Sweep(ctx, time.Now(), sweepGrace)
	if did.Aside+did.Removed+did.TakenBack+did.Spools > 0 {
		d.opts.Log.InfoContext(ctx, "swept evidence store", "seen", did.Seen, "aside", did.Aside, "removed", did.Removed,
			"taken_back", did.TakenBack, "spools", did.Spools, "bytes", did.Bytes)
	}
	if err != nil {
		return fmt.Errorf("sweeping: %w", err)
	}
	return d.forgetDays(ctx)
}
