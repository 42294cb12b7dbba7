package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*/*.sql
var migrations embed.FS

// migrateLock is the key of the advisory lock that keeps several nodes from
// migrating one PostgreSQL at once; the number means nothing.
const migrateLock = 7_045_316_220

// migrate brings the schema up to date: ours, then River's, then what we lay
// over River's. Migrations only go forward.
func (d *DB) migrate(ctx context.Context) error {
	unlock, err := d.lockSchema(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	p, err := d.provider()
	if err != nil {
		return err
	}
	if err := newerSchema(ctx, p); err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrating: %w", err)
	}
	if d.dialect.postgres {
		err = migrateRiver(ctx, riverdatabasesql.New(d.write))
	} else {
		err = migrateRiver(ctx, riversqlite.New(d.write))
	}
	if err != nil {
		return fmt.Errorf("migrating the job queue: %w", err)
	}
	if _, err := d.write.ExecContext(ctx, jobIndex(d.dialect)); err != nil {
		return fmt.Errorf("indexing the job queue: %w", err)
	}
	return d.raiseBase(ctx)
}

// lockSchema keeps other nodes out until unlock. SQLite's own lock does.
func (d *DB) lockSchema(ctx context.Context) (unlock func(), err error) {
	if !d.dialect.postgres {
		return func() {}, nil
	}
	conn, err := d.write.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, int64(migrateLock)); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return func() {
		_, err := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(migrateLock))
		if err := errors.Join(err, conn.Close()); err != nil {
			d.log.Warn("the lock on the schema was not given back", "err", err)
		}
	}, nil
}

// provider runs our migrations.
func (d *DB) provider() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations/"+d.dialect.name)
	if err != nil {
		return nil, err
	}
	kind := database.DialectSQLite3
	if d.dialect.postgres {
		kind = database.DialectPostgres
	}
	return goose.NewProvider(kind, d.write, files, goose.WithTableName("schema_version"), goose.WithGoMigrations(backfillRemedies(d.dialect), numberOrders(d.dialect)),
		goose.WithSlog(slog.New(slog.DiscardHandler)))
}

// newerSchema refuses a database that a newer version of this program wrote.
func newerSchema(ctx context.Context, p *goose.Provider) error {
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("reading the schema's version: %w", err)
	}
	sources := p.ListSources()
	if known := sources[len(sources)-1].Version; have > known {
		return fmt.Errorf("the database has schema %d, and this program knows %d: it was written by a newer version", have, known)
	}
	return nil
}

// schemaVersion is the newest version that this program knows.
func (d *DB) schemaVersion() (int64, error) {
	p, err := d.provider()
	if err != nil {
		return 0, err
	}
	sources := p.ListSources()
	return sources[len(sources)-1].Version, nil
}

func migrateRiver[T any](ctx context.Context, driver riverdriver.Driver[T]) error {
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

// raiseBase makes the seqs to come larger than those that are there, also
// where the rows came from a cluster that had seen more transactions.
func (d *DB) raiseBase(ctx context.Context) error {
	if !d.dialect.postgres {
		return nil
	}
	_, err := d.write.ExecContext(ctx, raiseBaseSQL)
	return wrap(err, "laying the base of the record's numbers")
}

var raiseBaseSQL = fmt.Sprintf(`UPDATE seq_base SET base = top.seq + 1
	FROM (SELECT greatest((SELECT coalesce(max(seq), 0) FROM event), (SELECT coalesce(max(seq), 0) FROM fingerprint)) AS seq) AS top
	WHERE top.seq >= base + (pg_snapshot_xmax(pg_current_snapshot())::text::bigint << %d)`, seqBits)
