package work

import (
	"context"
	"errors"
)

// The errors a Store answers with; they may be wrapped.
var (
	ErrNotFound = errors.New("not found")
	// ErrConflict means that somebody else changed it first, or that it exists.
	ErrConflict = errors.New("conflict")
	// ErrBadCursor means that Page.After is none that this list gave.
	ErrBadCursor = errors.New("bad cursor")
	// ErrAway means that the database or the blobs cannot be reached, or not
	// written to, at the moment: nothing was changed, and it may work later.
	ErrAway = errors.New("not to be reached")
	// ErrFull means that there is no room left to write to.
	ErrFull = errors.New("no room left")
)

// Store gives transactions, of which T is what a subject needs to see. Write
// runs f in one transaction: when f or the commit fails nothing remains, and f
// may be run again from the start where the database says that two transactions
// crossed. Jobs enqueued in f become visible with the commit. Read runs f on one
// consistent view.
type Store[T any] interface {
	Read(ctx context.Context, f func(T) error) error
	Write(ctx context.Context, f func(T) error) error
}
