package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

// tx is one transaction. It is used by one goroutine at a time.
type tx struct {
	db  *DB
	sql *sql.Tx
	// conn is what a batch is sent on; nil on SQLite and for reading.
	conn     *sql.Conn
	gathered *batch // what Together has gathered; nil outside it
	pool     *sql.DB
	// numbered counts the rows that this transaction gave a seq.
	numbered int64
	// missed are the queries that no prepared statement was there for.
	missed []string
	// docs are parties' and orders' documents read or written here before,
	// by table and id: one filing asks for its merchant four times.
	docs map[string]string
	// holds are the rows locked here, by table and id, and takings what is known
	// to be taken of locked orders: filing one claim asked for each three times.
	holds   map[string]bool
	takings map[string][]desk.Taking
}

// remember keeps a document for the rest of the transaction.
func (t *tx) remember(table, id, doc string) {
	if t.docs == nil {
		t.docs = map[string]string{}
	}
	t.docs[table+"/"+id] = doc
}

// document is the document of a row that only remember's callers change.
func (t *tx) document(ctx context.Context, table, id string) (doc string, err error) {
	doc, ok := t.docs[table+"/"+id]
	if ok {
		return doc, nil
	}
	if err = t.row(ctx, `SELECT doc FROM `+table+` WHERE id = ?`, []any{id}, &doc); err == nil {
		t.remember(table, id, doc)
	}
	return doc, err
}

// bound makes a context and arguments fit for the database. On SQLite the
// context's end is not passed on: it would interrupt a statement, and with it
// roll back what other callers have in the same transaction. Each statement
// there is short.
func (t *tx) bound(ctx context.Context, args []any) (context.Context, []any) {
	for i, a := range args {
		switch v := a.(type) {
		case string:
			args[i] = clean(v)
		case bool:
			args[i] = flag(v)
		}
	}
	if !t.db.dialect.postgres {
		ctx = context.WithoutCancel(ctx)
	}
	return ctx, args
}

// prepared is the statement for q within this transaction, for SQLite alone:
// pgx prepares by itself.
func (t *tx) prepared(ctx context.Context, q string) (*sql.Stmt, error) {
	k := stmtKey{t.pool, q}
	if st, ok := t.db.stmts.get(k); ok {
		return t.sql.StmtContext(ctx, st), nil
	}
	// Prepared on the transaction's connection: the pool may have no other.
	// Once that is free again, the pool gets one to keep.
	t.missed = append(t.missed, q)
	return t.sql.PrepareContext(ctx, q)
}

func (t *tx) exec(ctx context.Context, q string, args ...any) (changed int64, err error) {
	if err := t.send(ctx); err != nil {
		return 0, err
	}
	ctx, args = t.bound(ctx, args)
	var r sql.Result
	if t.db.dialect.postgres {
		r, err = t.sql.ExecContext(ctx, t.db.numbered(q), args...)
	} else {
		var st *sql.Stmt
		if st, err = t.prepared(ctx, q); err != nil {
			return 0, err
		}
		defer st.Close() //nolint:errcheck // only gives back
		r, err = st.ExecContext(ctx, args...)
	}
	if err != nil {
		return 0, t.translate(err)
	}
	return r.RowsAffected()
}

// rows runs a query and gives each row to scan.
func (t *tx) rows(ctx context.Context, q string, args []any, scan func(scanner) error) error {
	err := t.send(ctx)
	if err != nil {
		return err
	}
	ctx, args = t.bound(ctx, args)
	var rows *sql.Rows
	if t.db.dialect.postgres {
		rows, err = t.sql.QueryContext(ctx, t.db.numbered(q), args...)
	} else {
		var st *sql.Stmt
		if st, err = t.prepared(ctx, q); err != nil {
			return err
		}
		defer st.Close() //nolint:errcheck // only gives back
		rows, err = st.QueryContext(ctx, args...)
	}
	if err != nil {
		return t.translate(err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return t.translate(rows.Err())
}

// row runs a query for one row; ErrNotFound where there is none.
func (t *tx) row(ctx context.Context, q string, args []any, to ...any) error {
	found := false
	err := t.rows(ctx, q, args, func(s scanner) error {
		found = true
		return s.Scan(to...)
	})
	if err == nil && !found {
		err = work.ErrNotFound
	}
	return err
}

type scanner interface{ Scan(...any) error }

func (t *tx) translate(err error) error {
	if err != nil && t.db.dialect.unique(err) {
		return fmt.Errorf("%w: %w", work.ErrConflict, err)
	}
	if err != nil && strings.Contains(err.Error(), beyondPaid) {
		return fmt.Errorf("%w: %w", desk.ErrBeyond, err)
	}
	return err
}

// once is for statements that must change exactly one row: none is otherwise.
func once(changed int64, err, otherwise error) error {
	if err == nil && changed == 0 {
		return otherwise
	}
	return err
}

// wrap says what was being done; errors that callers tell apart stay so.
func wrap(err error, doing string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(doing+": %w", append(args, err)...)
}

// number gives the transaction's next number, for a seq.
func (t *tx) number() (int64, error) {
	if t.numbered >= maxNumbered {
		return 0, errTooMany
	}
	t.numbered++
	return t.numbered, nil
}

// Times are kept as microseconds since 1970 in UTC.

func micro(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.UnixMicro()
}

func microPtr(at *time.Time) any {
	if at == nil {
		return nil
	}
	return at.UnixMicro()
}

func fromMicro(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// farFuture stands for an open end.
const farFuture = int64(1) << 62

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// encode writes a document. HTML is not escaped, so that raw JSON within stays as it is.
func encode(v any) (string, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

func decode[T any](doc string) (v T, err error) {
	err = json.Unmarshal([]byte(doc), &v)
	return v, err
}

// get reads one document by a query.
func get[T any](ctx context.Context, t *tx, q string, args ...any) (v T, err error) {
	var doc string
	if err := t.row(ctx, q, args, &doc); err != nil {
		return v, err
	}
	return decode[T](doc)
}

// remembered reads one document of a table, once a transaction.
func remembered[T any](ctx context.Context, t *tx, table, id string) (v T, err error) {
	doc, err := t.document(ctx, table, id)
	if err != nil {
		return v, err
	}
	return decode[T](doc)
}

// list reads the documents of a query.
func list[T any](ctx context.Context, t *tx, q string, args ...any) (out []T, err error) {
	err = t.rows(ctx, q, args, func(s scanner) error {
		var doc string
		if err := s.Scan(&doc); err != nil {
			return err
		}
		v, err := decode[T](doc)
		out = append(out, v)
		return err
	})
	return out, err
}

// replaceNotFound makes a missing row something else.
func replaceNotFound(err, by error) error {
	if errors.Is(err, work.ErrNotFound) {
		return by
	}
	return err
}
