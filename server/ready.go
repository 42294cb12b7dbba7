package server

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

const (
	// readyWithin is how long database and blobs may take before the node
	// counts as not ready.
	readyWithin = 2 * time.Second
	// readyFor is how long an answer serves, for anybody may ask as often as
	// they like; a bad one is looked into sooner.
	readyFor, unreadyFor = 3 * time.Second, time.Second
)

// readiness asks whether the node can keep what it is told, at most once at a
// time and every few seconds.
type readiness struct {
	ask func(context.Context) error
	now func() time.Time

	mu    sync.Mutex
	until time.Time
	err   error
	// asked is what a look that took too long will say one day; until then
	// there is no other, for each holds a goroutine, and in a system call a thread.
	asked chan error
}

// check is the answer as it is now, or was a moment ago. It does not end with
// the request that asked: others get the same answer.
func (r *readiness) check(ctx context.Context) error { return r.within(ctx, readyWithin) }

func (r *readiness) within(ctx context.Context, patience time.Duration) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now().Before(r.until) {
		return r.err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if r.asked == nil {
		asked := make(chan error, 1)
		go func() { asked <- r.ask(ctx) }() // a database that hangs does not look at ctx
		r.asked = asked
	}
	select {
	case r.err = <-r.asked:
		r.asked = nil
	case <-ctx.Done():
		r.err = errors.Join(work.ErrAway, ctx.Err())
	}
	r.until = r.now().Add(readyFor)
	if r.err != nil {
		r.until = r.now().Add(unreadyFor)
	}
	return r.err
}

// canRead is whether the database can be read, for a server that was not told
// how to find out more.
func canRead(s desk.Store) func(context.Context) error {
	return func(ctx context.Context) error {
		return s.Read(ctx, func(tx desk.Tx) error { _, err := tx.LastSeq(ctx); return err })
	}
}

// readyz asks the database and the blobs to keep something, for a node that
// cannot is no use.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	req := requestOf(r.Context())
	if s.draining.Load() {
		fail(w, r, later(req, codeUnavailable, 1, text.Both("The node is stopping.", "节点正在停止。")))
		return
	}
	err := s.ready.check(r.Context())
	if err == nil {
		plain(w, "ready\n")
		return
	}
	req.cause = err
	if errors.Is(err, work.ErrFull) {
		fail(w, r, err)
		return
	}
	fail(w, r, later(req, codeUnavailable, awayWait, text.Both("The node cannot write to its database or its evidence store.", "节点无法写入数据库或证据存储。")))
}
