package store

import (
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// group lets several writers share one commit. SQLite has one writer at a
// time, and each commit waits for the disk; so callers take turns in one
// transaction, each within a savepoint of its own, and whoever finds nobody
// waiting behind commits for all. A caller that fails rolls back its savepoint
// alone. Nobody gets an answer before the commit that holds their work.
type group struct {
	db      *sql.DB
	turn    chan struct{} // holds one token, taken by whoever has the turn
	waiting atomic.Int32

	// What follows belongs to whoever has the turn.
	tx      *sql.Tx
	began   time.Time
	members []chan error
}

// A shared transaction ends at the latest after so many callers or so long.
const (
	groupSize = 64
	groupTime = 20 * time.Millisecond
)

func newGroup(db *sql.DB) *group { return &group{db: db, turn: make(chan struct{}, 1)} }

// do runs f in the shared transaction and waits for its commit.
func (g *group) do(f func(*sql.Tx) error) error {
	// Everybody counted here takes a turn, so that somebody always commits.
	g.waiting.Add(1)
	g.turn <- struct{}{}
	g.waiting.Add(-1)
	done, err := g.take(f)
	if err != nil {
		return err
	}
	return <-done
}

// take uses up one turn. It ends the turn also where f panics.
func (g *group) take(f func(*sql.Tx) error) (done chan error, err error) {
	defer func() {
		if g.tx != nil && (g.waiting.Load() == 0 || len(g.members) >= groupSize || time.Since(g.began) > groupTime) {
			g.finish()
		}
		<-g.turn
	}()
	if err := g.begin(); err != nil {
		return nil, err
	}
	if err := g.inSavepoint(f); err != nil {
		return nil, err
	}
	done = make(chan error, 1)
	g.members = append(g.members, done)
	return done, nil
}

func (g *group) begin() (err error) {
	if g.tx != nil {
		return nil
	}
	if g.tx, err = g.db.Begin(); err != nil {
		g.tx = nil
		return fmt.Errorf("beginning to write: %w", err)
	}
	g.began = time.Now()
	return nil
}

func (g *group) inSavepoint(f func(*sql.Tx) error) (err error) {
	if _, err := g.tx.Exec("SAVEPOINT member"); err != nil {
		g.abandon(err)
		return err
	}
	kept := false
	defer func() {
		if kept {
			return
		}
		if _, undo := g.tx.Exec("ROLLBACK TO member"); undo != nil {
			g.abandon(undo)
			err = errors.Join(err, undo)
		} else if _, undo := g.tx.Exec("RELEASE member"); undo != nil {
			g.abandon(undo)
			err = errors.Join(err, undo)
		}
	}()
	if err := f(g.tx); err != nil {
		return err
	}
	if _, err := g.tx.Exec("RELEASE member"); err != nil {
		return err
	}
	kept = true
	return nil
}

// finish commits, or rolls back where nobody is left in it, and tells everybody.
func (g *group) finish() {
	var err error
	if len(g.members) == 0 {
		_ = g.tx.Rollback() // nothing is in it
	} else if err = g.tx.Commit(); err != nil {
		_ = g.tx.Rollback() // so that the connection is free again
		err = fmt.Errorf("committing: %w", err)
	}
	g.tell(err)
}

// abandon gives the transaction up: the database left it, or a savepoint broke.
func (g *group) abandon(err error) {
	_ = g.tx.Rollback()
	g.tell(fmt.Errorf("the shared transaction broke: %w", err))
}

func (g *group) tell(err error) {
	g.tx = nil
	for _, m := range g.members {
		m <- err
	}
	g.members = nil
}
