package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

// jobArgs is a work.Job as River keeps it; to River all are of one kind.
type jobArgs struct {
	Job     work.JobKind `json:"job"`
	Subject string       `json:"subject"`
}

func (jobArgs) Kind() string { return "desk" }

// Queues and how many of each one node works on at once. Screening takes a
// core each; delivery mostly waits for others.
const (
	queueScreen, screenWorkers   = "screen", 2
	queueDeliver, deliverWorkers = "deliver", 20
	queueRest, restWorkers       = "rest", 10
)

func queueOf(k work.JobKind) string {
	switch k {
	case desk.JobScreen:
		return queueScreen
	case desk.JobDeliver, desk.JobMail:
		return queueDeliver
	}
	return queueRest
}

// maxAttempts is when a job that always fails is given up: with the pauses of
// retryPause, after about two days. It stays as "discarded" for a week.
const maxAttempts = 200

// inserter adds jobs within our transactions.
type inserter interface {
	InsertManyTx(context.Context, *sql.Tx, []river.InsertManyParams) ([]*rivertype.JobInsertResult, error)
}

func (d *DB) newInserter() (inserter, error) {
	c := &river.Config{Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), PollOnly: true, MaxAttempts: maxAttempts}
	if d.dialect.postgres {
		return river.NewClient(riverdatabasesql.New(d.write), c)
	}
	return river.NewClient(riversqlite.New(d.write), c)
}

// Enqueue adds jobs to the transaction. A unique one is left out where one
// waits that will run by then; one that runs already does not count, since it
// may have read what this transaction changes.
func (t *tx) Enqueue(ctx context.Context, jobs ...work.Job) error {
	var add []river.InsertManyParams
	for _, j := range jobs {
		if j.Kind == "" {
			return errors.New("enqueueing: a job has no kind")
		}
		if j.Unique {
			waits, err := t.jobWaits(ctx, j)
			if err != nil {
				return wrap(err, "enqueueing %s", j.Kind)
			}
			if waits {
				continue
			}
		}
		o := &river.InsertOpts{Queue: queueOf(j.Kind), MaxAttempts: maxAttempts}
		if !j.At.IsZero() {
			o.ScheduledAt = j.At
		}
		add = append(add, river.InsertManyParams{Args: jobArgs{j.Kind, clean(j.Subject)}, InsertOpts: o})
	}
	if len(add) == 0 {
		return nil
	}
	if err := t.send(ctx); err != nil {
		return err
	}
	ctx, _ = t.bound(ctx, nil)
	_, err := t.db.jobs.InsertManyTx(ctx, t.sql, add)
	return wrap(err, "enqueueing")
}

// jobWaits says whether such a job waits, and keeps it from starting before
// this transaction ends: on PostgreSQL by a lock on its row, which whoever
// fetches jobs passes over; on SQLite nobody else writes meanwhile. Where
// somebody else has it locked, a second job does no harm.
func (t *tx) jobWaits(ctx context.Context, j work.Job) (bool, error) {
	at := time.Now()
	if j.At.After(at) {
		at = j.At
	}
	q := `SELECT id FROM river_job WHERE state IN ('available', 'pending', 'retryable', 'scheduled') AND kind = 'desk'
		AND ` + jobKey(t.db.dialect) + ` = ? AND scheduled_at <= ? LIMIT 1`
	var due any = at.UTC().Add(time.Millisecond)
	if t.db.dialect.postgres {
		q += ` FOR UPDATE SKIP LOCKED`
	} else {
		due = at.UTC().Add(time.Millisecond).Format("2006-01-02 15:04:05.999")
	}
	var id int64
	err := t.row(ctx, q, []any{string(j.Kind) + " " + j.Subject, due}, &id)
	if errors.Is(err, work.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// jobKey is the SQL for kind and subject of a job; an index covers it.
func jobKey(d dialect) string {
	if d.postgres {
		return `((args ->> 'job') || ' ' || (args ->> 'subject'))`
	}
	return `(json_extract(args, '$.job') || ' ' || json_extract(args, '$.subject'))`
}

func jobIndex(d dialect) string {
	return fmt.Sprintf(`CREATE INDEX IF NOT EXISTS evenhand_waiting_job ON river_job (%s)
		WHERE state IN ('available', 'pending', 'retryable', 'scheduled') AND kind = 'desk'`, jobKey(d))
}

// Backlog reads along the index of waiting jobs.
func (t *tx) Backlog(ctx context.Context, now time.Time) (out []work.Backlog, err error) {
	kind, oldest, due := `args ->> 'job'`, `(extract(epoch FROM min(scheduled_at)) * 1000000)::bigint`, any(now.UTC())
	if !t.db.dialect.postgres {
		kind, oldest = `json_extract(args, '$.job')`, `CAST(unixepoch(min(scheduled_at), 'subsec') * 1000000 AS INTEGER)`
		due = now.UTC().Format("2006-01-02 15:04:05.999")
	}
	q := `SELECT ` + kind + `, count(*), ` + oldest + ` FROM river_job
		WHERE state IN ('available', 'pending', 'retryable', 'scheduled') AND kind = 'desk' AND scheduled_at <= ? GROUP BY 1 ORDER BY 1`
	err = t.rows(ctx, q, []any{due}, func(s scanner) error {
		var b work.Backlog
		var job string
		var since int64
		err := s.Scan(&job, &b.Jobs, &since)
		b.Kind, b.Oldest = work.JobKind(job), fromMicro(since)
		out = append(out, b)
		return err
	})
	return out, wrap(err, "counting the jobs that wait")
}
