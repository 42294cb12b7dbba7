package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/work"
)

// The states of a clock's row.
const (
	clockRuns = iota
	clockFired
	clockStopped
)

// SetClock is ErrConflict where the clock has fired or was stopped, and where
// another of the kind runs for the subject.
func (t *tx) SetClock(ctx context.Context, r work.ClockRow) error {
	doc, err := encode(r.Clock)
	doing := fmt.Sprintf("setting the clock %s of %s", r.Kind, r.Subject)
	if err != nil {
		return because(doing, err)
	}
	return t.write(ctx, doing, oneRow(work.ErrConflict), `INSERT INTO clock (id, subject_kind, subject_id, kind, due, state, doc) VALUES (?, ?, ?, ?, ?, 0, ?)
		ON CONFLICT (id) DO UPDATE SET due = excluded.due, doc = excluded.doc
		WHERE clock.state = 0 AND clock.subject_kind = excluded.subject_kind AND clock.subject_id = excluded.subject_id AND clock.kind = excluded.kind`,
		r.ID, r.Subject.Kind, r.Subject.ID, string(r.Kind), micro(r.Due), doc)
}

// StopClock is no error where no such clock runs.
func (t *tx) StopClock(ctx context.Context, of record.Subject, kind work.ClockKind, at time.Time) error {
	return t.write(ctx, fmt.Sprintf("stopping the clock %s of %s", kind, of), nil,
		`UPDATE clock SET state = 2, ended_at = ? WHERE subject_kind = ? AND subject_id = ? AND kind = ? AND state = 0`, micro(at), of.Kind, of.ID, string(kind))
}

func (t *tx) FireClock(ctx context.Context, id string, at time.Time) (row work.ClockRow, ok bool, err error) {
	var doc string
	err = t.row(ctx, `UPDATE clock SET state = 1, ended_at = ? WHERE id = ? AND state = 0 AND due <= ? RETURNING subject_kind, subject_id, doc`,
		[]any{micro(at), id, micro(at)}, &row.Subject.Kind, &row.Subject.ID, &doc)
	if errors.Is(err, work.ErrNotFound) {
		return work.ClockRow{}, false, nil
	}
	if err == nil {
		row.Clock, err = decode[work.Clock](doc)
	}
	return row, err == nil, wrap(err, "firing clock %.64s", id)
}

func (t *tx) DueClocks(ctx context.Context, now time.Time, limit int) (out []work.ClockRow, err error) {
	// Left alone, SQLite walks every running clock by the index on state.
	index := " INDEXED BY clock_due"
	if t.db.dialect.postgres {
		index = ""
	}
	err = t.rows(ctx, `SELECT subject_kind, subject_id, doc FROM clock`+index+` WHERE state = 0 AND due <= ? ORDER BY due, id LIMIT ?`, []any{micro(now), limit}, func(s scanner) error {
		var r work.ClockRow
		var doc string
		if err := s.Scan(&r.Subject.Kind, &r.Subject.ID, &doc); err != nil {
			return err
		}
		var err error
		r.Clock, err = decode[work.Clock](doc)
		out = append(out, r)
		return err
	})
	return out, wrap(err, "listing due clocks")
}

func (t *tx) ClockCounts(ctx context.Context) (running, fired, stopped int, err error) {
	to := map[int]*int{clockRuns: &running, clockFired: &fired, clockStopped: &stopped}
	err = t.rows(ctx, `SELECT state, count(*) FROM clock GROUP BY state`, nil, func(s scanner) error {
		var state, n int
		if err := s.Scan(&state, &n); err != nil {
			return err
		}
		*to[state] = n
		return nil
	})
	return running, fired, stopped, wrap(err, "counting clocks")
}
