// Package store keeps the desk's state in SQL: in one SQLite file by default,
// or in PostgreSQL, where any number of nodes may share it; evidence bytes in a
// folder or an object store; and jobs, beside the state, in the same
// transactions. It implements desk.Store, desk.Blobs, work.Runner and
// work.Watcher. Nothing else in this module knows SQL. It decides nothing:
// what may happen to a claim is desk's and claim's to say.
//
// The queries are written by hand and the same for both databases, with the
// few differences in type dialect; on the hot path they run as prepared
// statements, which is why no query builder stands in between.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

// Options say where things are kept. The zero value of a field is its default.
type Options struct {
	// Database is the path of a SQLite file, "sqlite://" and a path, or a
	// "postgres://" URL; empty is evenhand.db in Dir.
	Database string
	// Dir is the folder that holds everything that has no place of its own.
	// It is made where it is missing. It may be empty only where Database and
	// Blobs are both given and Database is PostgreSQL.
	Dir string
	// Blobs is a folder or a gocloud.dev/blob URL such as
	// "s3://bucket?endpoint=https://…&use_path_style=true"; empty is Dir/blobs.
	Blobs string
	Log   *slog.Logger     // nil: slog.Default()
	Now   func() time.Time // nil: time.Now; stamps what callers give no time for
	// RelaxedSync lets SQLite answer before the disk has what it was told: a
	// power cut may then lose the last commits, a killed process none.
	RelaxedSync bool
}

// DB is an open store. It is safe for use by many goroutines.
type DB struct {
	opt     Options
	dialect dialect
	log     *slog.Logger
	node    string // this process's name among nodes

	write, read *sql.DB       // the same for PostgreSQL
	pool        *pgxpool.Pool // nil for SQLite
	group       *group        // nil for PostgreSQL
	stmts       statements
	spelled     sync.Map // a query by "?" to the same by "$1"
	jobs        inserter
	blobs       *Blobs
	watch       watch
	told        chan struct{} // holds one token: this node committed events
	closing     context.CancelFunc
	closed      context.Context
	background  sync.WaitGroup
}

var (
	_ desk.Store   = (*DB)(nil)
	_ work.Runner  = (*DB)(nil)
	_ work.Watcher = (*DB)(nil)
	_ desk.Blobs   = (*Blobs)(nil)
	_ desk.Tx      = (*tx)(nil)
)

// Open opens the store, makes what is missing and brings the schema up to
// date. It fails where the database was written by a newer version.
func Open(ctx context.Context, o Options) (*DB, error) {
	d, err := connect(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("opening the store: %w", err)
	}
	if err := d.start(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the store: %w", err), d.Close())
	}
	return d, nil
}

// connect opens databases and blobs, and leaves the schema as it is.
func connect(ctx context.Context, o Options) (*DB, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	d := &DB{opt: o, log: o.Log, node: nodeName()}
	d.closed, d.closing = context.WithCancel(context.Background())
	d.stmts.of = map[stmtKey]*sql.Stmt{}
	d.watch.poke = make(chan struct{}, 1)
	d.told = make(chan struct{}, 1)
	if o.Dir != "" {
		if err := os.MkdirAll(o.Dir, 0o700); err != nil {
			return nil, err
		}
	}
	database := o.Database
	if database == "" {
		if o.Dir == "" {
			return nil, errors.New("neither a database nor a folder is given")
		}
		database = filepath.Join(o.Dir, "evenhand.db")
	}
	var err error
	if strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://") {
		err = d.openPostgres(ctx, database)
	} else {
		err = d.openSQLite(strings.TrimPrefix(database, "sqlite://"))
	}
	if err != nil {
		return nil, err
	}
	if d.blobs, err = openBlobs(ctx, o); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (d *DB) start(ctx context.Context) error {
	if err := d.migrate(ctx); err != nil {
		return err
	}
	var err error
	if d.jobs, err = d.newInserter(); err != nil {
		return err
	}
	if d.dialect.postgres {
		d.background.Go(d.tell)
	}
	return nil
}

// Close lets go of everything; what runs must have ended before.
func (d *DB) Close() error {
	d.closing()
	d.background.Wait()
	var errs []error
	errs = append(errs, d.stmts.close())
	if d.read != nil && d.read != d.write {
		errs = append(errs, d.read.Close())
	}
	if d.write != nil {
		errs = append(errs, d.write.Close())
	}
	if d.pool != nil {
		d.pool.Close()
	}
	if d.blobs != nil {
		errs = append(errs, d.blobs.bucket.Close())
	}
	return errors.Join(errs...)
}

// Blobs is where the bytes of evidence are.
func (d *DB) Blobs() *Blobs { return d.blobs }

// Name says which database it is: "sqlite" or "postgres".
func (d *DB) Name() string { return d.dialect.name }

// Ready says whether database and blobs take writes, by writing to them.
func (d *DB) Ready(ctx context.Context) error {
	err := d.Write(ctx, func(t desk.Tx) error {
		_, err := t.(*tx).exec(ctx, `INSERT INTO lease (name, holder, until) VALUES ('ready', ?, ?)
			ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until`, d.node, micro(time.Now()))
		return err
	})
	if err != nil {
		return fmt.Errorf("the database is not ready: %w", err)
	}
	if err := d.blobs.ready(ctx, d.node); err != nil {
		return fmt.Errorf("the evidence store is not ready: %w", err)
	}
	return nil
}

// Read runs f on one consistent view of the state. Nothing can be written in it.
func (d *DB) Read(ctx context.Context, f func(desk.Tx) error) error {
	s, err := d.read.BeginTx(ctx, d.dialect.readOptions)
	if err != nil {
		return d.mark(ctx, fmt.Errorf("beginning to read: %w", err))
	}
	t := &tx{db: d, sql: s, pool: d.read}
	defer d.prepareMissed(t)
	defer s.Rollback() //nolint:errcheck // nothing was written
	return d.mark(ctx, f(t))
}

// Write runs f in one transaction; see desk.Store. f must not call Write again.
func (d *DB) Write(ctx context.Context, f func(desk.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var t *tx
	run := func(c *sql.Conn, s *sql.Tx) error {
		t = &tx{db: d, sql: s, conn: c, pool: d.write}
		return f(t)
	}
	var err error
	if d.group != nil {
		err = d.group.do(func(s *sql.Tx) error { return run(nil, s) })
	} else {
		err = d.writeRetrying(ctx, run)
	}
	d.prepareMissed(t)
	if err == nil && t.numbered > 0 {
		d.announce()
	}
	return d.mark(ctx, err)
}

// nodeName is a name that no other process has.
func nodeName() string {
	host, _ := os.Hostname()
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails; see crypto/rand
	return fmt.Sprintf("%.40s-%s", host, hex.EncodeToString(b[:]))
}
