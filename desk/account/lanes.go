package account

import (
	"context"
	"runtime"
	"time"
)

// lanes bound how many passwords are hashed at once: a hash takes a core and
// many MiB, and more of them than cores only cost memory. Strangers have lanes
// of their own, half as many, and a bounded queue before them, so that a known
// browser finds a place at once whatever strangers send.
type lanes struct {
	known, strangers chan struct{}
	queue            chan struct{} // strangers under way or waiting
}

// maxQueue is how many strangers may wait on one node; the next is asked to
// come back.
const maxQueue = 64

func newLanes() *lanes {
	n := runtime.GOMAXPROCS(0)
	half := max(1, n/2)
	return &lanes{known: make(chan struct{}, n), strangers: make(chan struct{}, half), queue: make(chan struct{}, maxQueue+half)}
}

// admit lets a stranger into the queue; leave must follow where it does.
func (l *lanes) admit() (leave func(), err error) {
	select {
	case l.queue <- struct{}{}:
		return func() { <-l.queue }, nil
	default:
		return nil, &SlowDown{After: 2 * time.Second}
	}
}

// enter waits for a place at the mill.
func (l *lanes) enter(ctx context.Context, known bool) (leave func(), err error) {
	lane := l.strangers
	if known {
		lane = l.known
	}
	select {
	case lane <- struct{}{}:
		return func() { <-lane }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
