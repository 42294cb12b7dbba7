package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// waiting is a statement that has not been sent yet, and what is to be done
// with its answer.
type waiting struct {
	query string
	args  []any
	// changed judges how many rows it changed; into takes the one row it
	// returns. One of the two is set.
	changed func(rows int64) error
	into    []any
	missing error  // where into is set and no row came
	doing   string // what an error is wrapped in
}

// batch gathers the writes of Together. On PostgreSQL each statement is a
// journey there and back, and a change of a claim makes about ten.
type batch struct {
	conn *sql.Conn
	list []waiting
}

// Together runs f and sends the writes of it as one; see desk.Tx. A read
// within f sends first what waits. On SQLite nothing is gathered.
func (t *tx) Together(ctx context.Context, f func() error) error {
	if t.conn == nil || t.gathered != nil {
		return f()
	}
	t.gathered = &batch{conn: t.conn}
	err := f()
	if err == nil {
		err = t.send(ctx)
	}
	t.gathered = nil
	return err
}

// write runs a statement whose answer is judged by changed (nil: anything
// will do), at once or with what is gathered.
func (t *tx) write(ctx context.Context, doing string, changed func(int64) error, q string, args ...any) error {
	if t.gathered != nil {
		_, args = t.bound(ctx, args)
		t.gathered.list = append(t.gathered.list, waiting{query: t.db.numbered(q), args: args, changed: changed, doing: doing})
		return nil
	}
	n, err := t.exec(ctx, q, args...)
	if err == nil && changed != nil {
		err = changed(n)
	}
	return because(doing, err)
}

// writeRow is write for a statement that returns one row.
func (t *tx) writeRow(ctx context.Context, doing string, missing error, q string, args []any, into ...any) error {
	if t.gathered != nil {
		_, args = t.bound(ctx, args)
		t.gathered.list = append(t.gathered.list, waiting{query: t.db.numbered(q), args: args, into: into, missing: missing, doing: doing})
		return nil
	}
	return because(doing, replaceNotFound(t.row(ctx, q, args, into...), missing))
}

// oneRow is for statements that must change a row: none is otherwise.
func oneRow(otherwise error) func(int64) error {
	return func(n int64) error { return once(n, nil, otherwise) }
}

func because(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// send sends what is gathered and judges the answers in order.
func (t *tx) send(ctx context.Context) error {
	if t.gathered == nil || len(t.gathered.list) == 0 {
		return nil
	}
	list := t.gathered.list
	t.gathered.list = nil
	return t.gathered.conn.Raw(func(driver any) error {
		c, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("store: a connection is a %T", driver)
		}
		var b pgx.Batch
		for _, w := range list {
			b.Queue(w.query, w.args...)
		}
		answers := c.Conn().SendBatch(ctx, &b)
		var err error
		for _, w := range list {
			if err = because(w.doing, t.translate(w.take(answers))); err != nil {
				break
			}
		}
		// What the first failure leaves unread belongs to a transaction that ends.
		if closing := answers.Close(); err == nil {
			err = closing
		}
		return err
	})
}

// take reads the answer to one statement.
func (w waiting) take(answers pgx.BatchResults) error {
	if w.into != nil {
		err := answers.QueryRow().Scan(w.into...)
		if errors.Is(err, pgx.ErrNoRows) {
			return w.missing
		}
		return err
	}
	tag, err := answers.Exec()
	if err == nil && w.changed != nil {
		err = w.changed(tag.RowsAffected())
	}
	return err
}
