package store

import (
	"context"
	"sync"
	"time"

	"github.com/evenhand/evenhand/desk"
)

// watch tells watchers of new events. One goroutine a node looks at the last
// seq: at once when this node or, on PostgreSQL, another says that it
// committed some; again shortly after, since on PostgreSQL an event stays
// hidden while an older transaction is open; and twice a second in any case.
type watch struct {
	mu       sync.Mutex
	watchers map[chan struct{}]struct{}
	started  bool
	poke     chan struct{} // holds one token
}

const (
	watchIdle  = 500 * time.Millisecond
	watchFirst = 5 * time.Millisecond
	// watchTelling bounds how often a node tells the others.
	watchTelling = 20 * time.Millisecond
	channel      = "evenhand_events"
)

func (w *watch) wake() {
	select {
	case w.poke <- struct{}{}:
	default:
	}
}

func (w *watch) broadcast() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.watchers {
		select {
		case c <- struct{}{}:
		default: // one waits already
		}
	}
}

// Watch tells of new events until ctx ends; see work.Watcher.
func (d *DB) Watch(ctx context.Context) <-chan struct{} {
	c := make(chan struct{}, 1)
	d.watch.mu.Lock()
	if d.watch.watchers == nil {
		d.watch.watchers = map[chan struct{}]struct{}{}
	}
	d.watch.watchers[c] = struct{}{}
	d.startWatching()
	d.watch.mu.Unlock()
	stop := func() {
		d.watch.mu.Lock()
		defer d.watch.mu.Unlock()
		if _, ok := d.watch.watchers[c]; ok {
			delete(d.watch.watchers, c)
			close(c)
		}
	}
	context.AfterFunc(ctx, stop)
	context.AfterFunc(d.closed, stop)
	return c
}

// startWatching starts what a node needs once; the caller holds the lock.
func (d *DB) startWatching() {
	if d.watch.started {
		return
	}
	d.watch.started = true
	// The first look is made here, so that what is committed from now on is told.
	last, err := d.lastSeq(d.closed)
	if err != nil {
		d.log.Warn("looking for new events", "err", err)
	}
	d.background.Go(func() { d.lookForEvents(last) })
	if d.dialect.postgres {
		d.background.Go(d.listen)
	}
}

func (d *DB) lastSeq(ctx context.Context) (seq int64, err error) {
	err = d.Read(ctx, func(t desk.Tx) error {
		seq, err = t.LastSeq(ctx)
		return err
	})
	return seq, err
}

func (d *DB) lookForEvents(last int64) {
	wait := watchIdle
	for {
		select {
		case <-d.closed.Done():
			return
		case <-d.watch.poke:
			wait = watchFirst
		case <-time.After(wait):
			wait = min(2*wait, watchIdle)
		}
		seq, err := d.lastSeq(d.closed)
		if err != nil {
			if d.closed.Err() == nil {
				d.log.Warn("looking for new events", "err", err)
			}
			wait = watchIdle
			continue
		}
		if seq != last {
			last = seq
			d.watch.broadcast()
		}
	}
}

// announce is called after each commit that held events.
func (d *DB) announce() {
	d.watch.wake()
	select {
	case d.told <- struct{}{}:
	default:
	}
}

// tell lets the other nodes know that this one committed events. It is not
// done within the transactions: PostgreSQL lets only one that notifies commit
// at a time.
func (d *DB) tell() {
	for {
		select {
		case <-d.closed.Done():
			return
		case <-d.told:
		}
		if _, err := d.pool.Exec(d.closed, `SELECT pg_notify($1, '')`, channel); err != nil && d.closed.Err() == nil {
			d.log.Warn("telling other nodes of events", "err", err)
		}
		select {
		case <-d.closed.Done():
			return
		case <-time.After(watchTelling):
		}
	}
}

// listen wakes this node when another tells it, over one connection, which it
// opens again when it breaks.
func (d *DB) listen() {
	for d.closed.Err() == nil {
		err := d.listenOnce()
		if d.closed.Err() != nil {
			return
		}
		d.log.Warn("listening for events of other nodes; trying again", "err", err)
		select {
		case <-d.closed.Done():
		case <-time.After(time.Second):
		}
	}
}

func (d *DB) listenOnce() error {
	conn, err := d.pool.Acquire(d.closed)
	if err != nil {
		return err
	}
	c := conn.Hijack()                  // not to be given back: it listens
	defer c.Close(context.Background()) //nolint:errcheck // gone in any case
	if _, err := c.Exec(d.closed, "LISTEN "+channel); err != nil {
		return err
	}
	for {
		d.watch.wake() // also once at first: something may have come in between
		if _, err := c.WaitForNotification(d.closed); err != nil {
			return err
		}
	}
}
