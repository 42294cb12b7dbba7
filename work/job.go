// Package work holds what every subject's work is made of: transactions and what
// they answer, pages of lists, jobs that run after a commit, messages to those
// outside, and clocks that fire once. It is the shapes alone, without a
// database: package store fills them, each subject says which it needs.
package work

import (
	"context"
	"time"
)

// Job is work to be done after the commit, at least once.
type Job struct {
	Kind JobKind
	// Subject is the id of what it is about; of which kind, Kind says.
	Subject string
	At      time.Time // not before; zero: at once
	// Unique means that a job of this kind and subject that waits is enough.
	Unique bool
}

// JobKind names a kind of job.
type JobKind string

// Backlog is the work of one kind that waits.
type Backlog struct {
	Kind   JobKind
	Jobs   int
	Oldest time.Time // when the oldest could first have run
}

// Worker does what comes back from the queue. Work runs a job, at least once:
// an error means that it is tried again later. Tick runs about once a second,
// on one node at a time as far as the database can tell; it must bear being
// run twice at once all the same.
type Worker interface {
	Work(ctx context.Context, j Job) error
	Tick(ctx context.Context) error
}

// Runner runs jobs until ctx ends, then waits for those that are under way.
type Runner interface {
	Run(ctx context.Context, w Worker) error
}

// Watcher tells that there are new events, committed on any node: the channel
// gets a value soon after (values may be merged), and is closed with ctx.
type Watcher interface {
	Watch(ctx context.Context) <-chan struct{}
}
