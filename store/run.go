package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

// How the runner works. A job that outlives jobTimeout has its context ended.
const (
	tickEvery = time.Second
	// tickLease is how long a node that ticked keeps the others from it.
	tickLease = 3 * time.Second
	// heartbeat and deadAfter say when a node counts as gone: its jobs are
	// given to others then. This does not wait for the jobs' own timeout.
	heartbeat = 5 * time.Second
	deadAfter = 30 * time.Second

	jobTimeout    = time.Minute
	screenTimeout = 15 * time.Minute
	// rescueAfter is River's own way for jobs that are lost though their node lives.
	rescueAfter = 2 * time.Minute
	// stopTimeout is how long jobs under way may take to end once the runner
	// is told to; then their context ends too.
	stopTimeout = 20 * time.Second
	maxPause    = 15 * time.Minute
)

// runner is the part of River's client that does not depend on the database.
type runner interface {
	Start(context.Context) error
	Stopped() <-chan struct{}
}

// Run runs jobs and ticks until ctx ends; see work.Runner.
func (d *DB) Run(ctx context.Context, w work.Worker) error {
	beat := time.Now()
	if err := d.alive(ctx, beat); err != nil {
		return fmt.Errorf("starting to run jobs: %w", err)
	}
	client, err := d.newRunner(w)
	if err != nil {
		return fmt.Errorf("starting to run jobs: %w", err)
	}
	if err := client.Start(ctx); err != nil {
		return fmt.Errorf("starting to run jobs: %w", err)
	}
	d.tickUntil(ctx, w)
	<-client.Stopped()
	return nil
}

func (d *DB) newRunner(w work.Worker) (runner, error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker{desk: w})
	c := &river.Config{
		ID:     d.node,
		Logger: slog.New(quiet{d.log.Handler()}),
		Queues: map[string]river.QueueConfig{
			queueScreen: {MaxWorkers: screenWorkers}, queueDeliver: {MaxWorkers: deliverWorkers}, queueRest: {MaxWorkers: restWorkers},
		},
		Workers:                     workers,
		FetchCooldown:               20 * time.Millisecond,
		FetchPollInterval:           100 * time.Millisecond,
		JobTimeout:                  jobTimeout,
		RescueStuckJobsAfter:        rescueAfter,
		SoftStopTimeout:             stopTimeout,
		MaxAttempts:                 maxAttempts,
		RetryPolicy:                 retryPolicy{},
		CompletedJobRetentionPeriod: time.Hour,
		PollOnly:                    !d.dialect.postgres,
	}
	if d.dialect.postgres {
		return river.NewClient(riverpgxv5.New(d.pool), c)
	}
	return river.NewClient(riversqlite.New(d.write), c)
}

// worker hands River's jobs to the desk.
type worker struct {
	river.WorkerDefaults[jobArgs]
	desk work.Worker
}

func (w *worker) Work(ctx context.Context, j *river.Job[jobArgs]) error {
	return w.desk.Work(ctx, work.Job{Kind: j.Args.Job, Subject: j.Args.Subject, At: j.ScheduledAt.UTC()})
}

func (w *worker) Timeout(j *river.Job[jobArgs]) time.Duration {
	if j.Args.Job == desk.JobScreen {
		return screenTimeout
	}
	return jobTimeout
}

// retryPolicy waits one second after the first failure, and twice as long
// after each, up to maxPause, give or take a tenth.
type retryPolicy struct{}

func (retryPolicy) NextRetry(j *rivertype.JobRow) time.Time {
	return time.Now().UTC().Add(retryPause(len(j.Errors)+1, rand.Float64()))
}

func retryPause(failures int, dice float64) time.Duration {
	pause := maxPause
	if failures < 11 { // 2^10 seconds are more than maxPause
		pause = min(maxPause, time.Second<<(failures-1))
	}
	return time.Duration(float64(pause) * (0.9 + 0.2*dice))
}

// tickUntil ticks about once a second, where this node has the lease to.
func (d *DB) tickUntil(ctx context.Context, w work.Worker) {
	ticker := time.NewTicker(tickEvery)
	defer ticker.Stop()
	var beat time.Time
	for {
		now := time.Now()
		if now.Sub(beat) >= heartbeat {
			beat = now
			if err := d.alive(ctx, now); err != nil && ctx.Err() == nil {
				d.log.Warn("telling that this node lives", "err", err)
			}
		}
		if err := d.tickOnce(ctx, w, now); err != nil && ctx.Err() == nil {
			d.log.Error("a tick failed", "err", err)
		}
		select {
		case <-ctx.Done():
			d.letGo()
			return
		case <-ticker.C:
		}
	}
}

func (d *DB) tickOnce(ctx context.Context, w work.Worker, now time.Time) error {
	mine := false
	err := d.Write(ctx, func(s desk.Tx) error {
		n, err := s.(*tx).exec(ctx, `INSERT INTO lease (name, holder, until) VALUES ('tick', ?, ?)
			ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
			WHERE lease.holder = excluded.holder OR lease.until <= ?`, d.node, micro(now.Add(tickLease)), micro(now))
		mine = n == 1
		return err
	})
	if err != nil || !mine {
		return wrap(err, "taking the lease to tick")
	}
	return w.Tick(ctx)
}

// alive notes that this node lives, and puts back the jobs of nodes that do
// not: those under a name that has not been seen for deadAfter. There is only
// ever one node on SQLite, so there any other's are put back at once.
func (d *DB) alive(ctx context.Context, now time.Time) error {
	return d.Write(ctx, func(s desk.Tx) error {
		t := s.(*tx)
		if _, err := t.exec(ctx, `INSERT INTO node (id, seen) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET seen = excluded.seen`, d.node, micro(now)); err != nil {
			return err
		}
		dead := now.Add(-deadAfter)
		if !d.dialect.postgres {
			dead = now
		}
		if _, err := t.exec(ctx, `DELETE FROM node WHERE seen < ? AND id <> ?`, micro(dead), d.node); err != nil {
			return err
		}
		n, err := t.exec(ctx, `UPDATE river_job SET state = 'available' WHERE state = 'running' AND kind = 'desk' AND `+
			d.lastWorker()+` NOT IN (SELECT id FROM node)`)
		if n > 0 {
			d.log.Warn("jobs of a node that is gone were put back", "jobs", n)
		}
		return err
	})
}

// lastWorker is the SQL for the node that a job runs on.
func (d *DB) lastWorker() string {
	if d.dialect.postgres {
		return "attempted_by[array_upper(attempted_by, 1)]"
	}
	return "json_extract(attempted_by, '$[#-1]')"
}

// letGo gives the lease back, so that another node ticks at once. The node's
// own row stays until its jobs have ended; it is removed when it grows old.
func (d *DB) letGo() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := d.Write(ctx, func(s desk.Tx) error {
		_, err := s.(*tx).exec(ctx, `DELETE FROM lease WHERE name = 'tick' AND holder = ?`, d.node)
		return err
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		d.log.Warn("giving back the lease to tick", "err", err)
	}
}

// quiet lets only River's warnings and errors through.
type quiet struct{ slog.Handler }

func (q quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && q.Handler.Enabled(ctx, l)
}
func (q quiet) WithAttrs(a []slog.Attr) slog.Handler { return quiet{q.Handler.WithAttrs(a)} }
func (q quiet) WithGroup(name string) slog.Handler   { return quiet{q.Handler.WithGroup(name)} }
