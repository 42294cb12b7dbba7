package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// poolSize is how many connections one node opens at most, beside two that
// listen; PostgreSQL allows 100 in all by default. "pool_max_conns" in the URL
// says otherwise.
const poolSize = 24

// connectWithin is how long reaching the server may take: a host that is gone
// does not answer at all.
const connectWithin = 5 * time.Second

func (d *DB) openPostgres(ctx context.Context, url string) error {
	c, err := pgxpool.ParseConfig(url)
	if err != nil {
		return errors.New("the database URL cannot be read") // the error would show the password
	}
	if fromURL, err := pgconn.ParseConfig(url); err == nil && fromURL.RuntimeParams["pool_max_conns"] == "" {
		c.MaxConns = poolSize
	}
	if c.ConnConfig.RuntimeParams["application_name"] == "" {
		c.ConnConfig.RuntimeParams["application_name"] = "evenhand"
	}
	if !strings.Contains(url, "connect_timeout") {
		c.ConnConfig.ConnectTimeout = connectWithin
	}
	if d.pool, err = pgxpool.NewWithConfig(ctx, c); err != nil {
		return err
	}
	d.write = stdlib.OpenDBFromPool(d.pool)
	d.write.SetMaxIdleConns(0) // the pool below keeps them
	d.read = d.write
	d.dialect = dialect{
		name: "postgres", postgres: true, find: "strpos",
		readOptions: &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
		next:        fmt.Sprintf("(SELECT base FROM seq_base) + (pg_current_xact_id()::text::bigint << %d) + ?::bigint", seqBits),
		horizon:     fmt.Sprintf(horizonSQL, seqBits),
		unique: func(err error) bool {
			var e *pgconn.PgError
			return errors.As(err, &e) && e.Code == "23505"
		},
	}
	if err := d.pool.Ping(ctx); err != nil {
		return fmt.Errorf("reaching PostgreSQL: %w", err)
	}
	return nil
}

// horizonSQL is the first seq that an open transaction may still give: that of
// the oldest one open in the snapshot. Those that are known to run in another
// database of the cluster do not count; one that cannot be found any more does.
const horizonSQL = `((SELECT base FROM seq_base) + ((
	SELECT least(min(x::text::bigint), pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
	FROM pg_snapshot_xip(pg_current_snapshot()) AS x
	WHERE NOT EXISTS (SELECT 1 FROM pg_stat_get_activity(NULL) AS a
		WHERE a.backend_xid::text::bigint = x::text::bigint %% 4294967296
		AND a.datid <> (SELECT oid FROM pg_database WHERE datname = current_database()))
	) << %d))`

// maxTries bounds how often a transaction that crossed another is run again.
const maxTries = 10

// writeRetrying runs f in a transaction at READ COMMITTED: what two writers
// could do to each other is guarded row by row, by versions and conditional
// updates. Where the database picks one of two as the loser, f runs again.
func (d *DB) writeRetrying(ctx context.Context, f func(*sql.Conn, *sql.Tx) error) error {
	for try := 1; ; try++ {
		err := d.writeOnce(ctx, f)
		if err == nil || !crossed(err) || try == maxTries {
			return err
		}
		wait := time.Duration(1+rand.IntN(5<<min(try, 6))) * time.Millisecond
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(wait):
		}
	}
}

func (d *DB) writeOnce(ctx context.Context, f func(*sql.Conn, *sql.Tx) error) error {
	c, err := d.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("finding a connection: %w", err)
	}
	defer c.Close() //nolint:errcheck // only gives back
	s, err := c.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("beginning to write: %w", err)
	}
	defer s.Rollback() //nolint:errcheck // no-op after the commit
	if err := f(c, s); err != nil {
		return err
	}
	if err := s.Commit(); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	return nil
}

// errOvertaken is a transaction that would append to a subject of the record
// before an event that is there already; see after.
var errOvertaken = errors.New("another transaction appended first")

// crossed says whether the transaction is to be run again: the database asks
// for it, after a serialization failure or a deadlock, or it was overtaken.
func crossed(err error) bool {
	var e *pgconn.PgError
	return errors.Is(err, errOvertaken) || errors.As(err, &e) && (e.Code == "40001" || e.Code == "40P01")
}
