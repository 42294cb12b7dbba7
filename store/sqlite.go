package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// openSQLite opens the file at path. One connection writes, others read: that
// is what SQLite can do at once in WAL mode, and what River's driver asks for.
func (d *DB) openSQLite(path string) error {
	if path == "" || path == ":memory:" {
		return errors.New("a SQLite database needs a file")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	sync := "FULL" // a commit that was answered survives a power cut
	if d.opt.RelaxedSync {
		sync = "NORMAL"
	}
	pragmas := url.Values{"_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(" + sync + ")", "foreign_keys(1)",
		"cache_size(-65536)", "temp_store(MEMORY)", "journal_size_limit(67108864)",
		"recursive_triggers(1)", // without it REPLACE deletes rows past the triggers that keep the record
	}}
	dsn := func(more ...string) string {
		q := url.Values{"_pragma": append([]string{}, pragmas["_pragma"]...)}
		for i := 0; i+1 < len(more); i += 2 {
			q.Add(more[i], more[i+1])
		}
		return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
	}
	var err error
	if d.write, err = sql.Open("sqlite", dsn("_txlock", "immediate")); err != nil {
		return err
	}
	d.write.SetMaxOpenConns(1)
	d.write.SetMaxIdleConns(1)
	// The writer comes first: it makes the file and turns WAL on.
	if err := d.write.Ping(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return err
	}
	if d.read, err = sql.Open("sqlite", dsn("_pragma", "query_only(1)")); err != nil {
		return err
	}
	readers := max(4, 2*runtime.GOMAXPROCS(0))
	d.read.SetMaxOpenConns(readers)
	d.read.SetMaxIdleConns(readers)
	d.group = newGroup(d.write)
	d.dialect = dialect{
		name: "sqlite", find: "instr", next: "CASE WHEN ? > 0 THEN NULL END",
		horizon: "9223372036854775807", unique: uniqueSQLite,
	}
	return nil
}

func uniqueSQLite(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	return e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
}

// maxStatements bounds the prepared statements of one pool; lists with filters
// have some hundred texts at most.
const maxStatements = 1000

// prepareMissed keeps prepared statements for what a transaction had none for.
// That is a matter of speed alone, so an error only goes to the log.
func (d *DB) prepareMissed(t *tx) {
	if t == nil {
		return
	}
	for _, q := range t.missed {
		k := stmtKey{t.pool, q}
		if _, ok := d.stmts.get(k); ok || d.stmts.size() >= 2*maxStatements {
			continue
		}
		st, err := t.pool.PrepareContext(context.Background(), q)
		if err != nil {
			d.log.Debug("a statement could not be prepared", "err", err)
			continue
		}
		d.stmts.put(k, st)
	}
}
