package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"gocloud.dev/gcerrors"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

// What databases, disks and object stores answer when they are away or full is
// told apart here, and nowhere else: everything above knows work.ErrAway and
// work.ErrFull alone.

// mark tells apart an error of a transaction. An error of the one who waits, whose
// patience has run out, is not the database's.
func (d *DB) mark(ctx context.Context, err error) error {
	if err == nil || errors.Is(err, work.ErrAway) || errors.Is(err, work.ErrFull) || errors.Is(ctx.Err(), context.Canceled) {
		return err
	}
	kind := ofDisk(err)
	if kind == nil && d.closed.Err() != nil {
		kind = work.ErrAway // this node lets go of it
	}
	if kind == nil && d.dialect.postgres {
		kind = ofPostgres(err)
	} else if kind == nil {
		kind = ofSQLite(err)
	}
	return marked(err, kind)
}

func marked(err, kind error) error {
	if kind == nil {
		return err
	}
	return fmt.Errorf("%w: %w", kind, err)
}

// ofDisk is for what the operating system says.
func ofDisk(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return work.ErrFull
	case errors.Is(err, syscall.EIO), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ESTALE), errors.Is(err, syscall.ENOTCONN),
		errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return work.ErrAway
	}
	return nil
}

// ofSQLite goes by the result codes of https://www.sqlite.org/rescode.html; the
// low byte is the primary one.
func ofSQLite(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) {
			return work.ErrAway
		}
		return nil
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return work.ErrFull
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PROTOCOL:
		return work.ErrAway
	}
	return nil
}

// ofPostgres goes by the classes of PostgreSQL's appendix A: 08 the connection,
// 53 resources, 57 an operator's intervention, 58 the system; a statement that
// was cancelled is the caller's matter, one refused as read-only a standby's.
// A connection that broke, or none in time, has no code.
func ofPostgres(err error) error {
	var e *pgconn.PgError
	if errors.As(err, &e) && len(e.Code) == 5 {
		switch {
		case e.Code == "53100":
			return work.ErrFull
		case e.Code == "57014":
			return nil
		case e.Code == "25006":
			return work.ErrAway
		}
		switch e.Code[:2] {
		case "08", "53", "57", "58":
			return work.ErrAway
		}
		return nil
	}
	var dial *pgconn.ConnectError
	var network net.Error
	if errors.As(err, &dial) || errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, net.ErrClosed) || errors.Is(err, context.DeadlineExceeded) || pgconn.SafeToRetry(err) {
		return work.ErrAway
	}
	return nil
}

// mark tells apart an error of keeping or reading bytes. A folder is away where its
// disk is; an object store with whatever it does not answer properly.
func (b *Blobs) mark(ctx context.Context, err error) error {
	if err == nil || errors.Is(err, work.ErrNotFound) || errors.Is(err, desk.ErrTooLarge) || errors.Is(ctx.Err(), context.Canceled) {
		return err
	}
	kind := ofDisk(err)
	switch {
	case kind != nil:
	case b.folder == "":
		if c := gcerrors.Code(err); c != gcerrors.NotFound && c != gcerrors.InvalidArgument && c != gcerrors.Canceled {
			kind = work.ErrAway
		}
	case errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrNotExist): // the disk is not mounted, or somebody else's
		kind = work.ErrAway
	}
	return marked(err, kind)
}

// toldReader marks the errors of reading a blob.
type toldReader struct {
	io.ReadCloser
	ctx context.Context
	of  *Blobs
}

func (r *toldReader) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = r.of.mark(r.ctx, err)
	}
	return n, err
}
