package work

import (
	"context"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/record"
)

// ClockKind says what a deadline is for; a subject has at most one running clock
// of a kind.
type ClockKind string

// Clock is a deadline that fires once. It is a row of its own in the store; a
// claim carries its running ones as well, so that both sides see them.
type Clock struct {
	ID    string    `json:"id"`
	Kind  ClockKind `json:"kind"`
	Due   time.Time `json:"due"`
	SetAt time.Time `json:"set_at"`
	// Extensions are in time order.
	Extensions []Extension `json:"extensions,omitempty"`
}

// Extension is why a clock was moved, by whom.
type Extension struct {
	From   time.Time    `json:"from"`
	To     time.Time    `json:"to"`
	By     access.Actor `json:"by"`
	Reason string       `json:"reason"`
	At     time.Time    `json:"at"`
}

// ClockRow is a clock with what it runs for.
type ClockRow struct {
	Clock
	Subject record.Subject
}

// Clocks keeps deadlines. A clock is running until it fires or is stopped,
// and does either once.
type Clocks interface {
	SetClock(ctx context.Context, r ClockRow) error // a new one, or a new Due for one that runs
	StopClock(ctx context.Context, of record.Subject, kind ClockKind, at time.Time) error
	// FireClock marks a running clock as fired; ok is false where it was no
	// longer running, or is not yet due at at.
	FireClock(ctx context.Context, id string, at time.Time) (row ClockRow, ok bool, err error)
	// DueClocks lists running clocks due at or before now, earliest first.
	DueClocks(ctx context.Context, now time.Time, limit int) ([]ClockRow, error)
	// ClockCounts says how many ever ran, fired and were stopped.
	ClockCounts(ctx context.Context) (running, fired, stopped int, err error)
}
