package store

import (
	"archive/tar"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

// ErrNotEmpty means that a restore would mix with what is there.
var ErrNotEmpty = errors.New("the target is not empty")

// Restore fills the empty store at o from an archive that Backup wrote, on
// either database. All rows become visible together once every hash of the
// manifest has been checked, or none does; evidence bytes that came before an
// error stay, and are found again when it is repeated.
func Restore(ctx context.Context, o Options, r io.Reader) (m Manifest, err error) {
	d, err := Open(ctx, o)
	if err != nil {
		return m, fmt.Errorf("restoring: %w", err)
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	err = d.Write(ctx, func(s desk.Tx) error {
		rs := &restorer{t: s.(*tx), db: d}
		if err := rs.empty(ctx); err != nil {
			return err
		}
		if m, err = rs.all(ctx, tar.NewReader(r)); err != nil {
			return err
		}
		return rs.lower(ctx)
	})
	if err == nil {
		err = d.raiseBase(ctx)
	}
	return m, wrap(err, "restoring")
}

type restorer struct {
	t    *tx
	db   *DB
	seen []ManifestEntry
	rows map[string]int
	jobs int
	low  [][]any // rows of the ledger that end below what was taken of them
}

func (r *restorer) empty(ctx context.Context) error {
	for _, tb := range tables {
		var n int
		if err := r.t.row(ctx, `SELECT count(*) FROM (SELECT 1 FROM `+tb.name+` LIMIT 1) AS x`, nil, &n); err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("%w: it has rows in %q", ErrNotEmpty, tb.name)
		}
	}
	return nil
}

// errCut is for an archive that ends too early.
var errCut = errors.New("the archive is cut short: its manifest, which comes last, is missing")

func (r *restorer) all(ctx context.Context, in *tar.Reader) (Manifest, error) {
	r.rows = map[string]int{}
	for {
		h, err := in.Next()
		if err == io.EOF {
			return Manifest{}, errCut
		}
		if err != nil {
			return Manifest{}, fmt.Errorf("reading the archive: %w", err)
		}
		if h.Name == manifestName {
			return r.check(in)
		}
		sum := sha256.New()
		if err := r.part(ctx, h.Name, h.Size, io.TeeReader(in, sum)); err != nil {
			return Manifest{}, fmt.Errorf("%s: %w", h.Name, err)
		}
		r.seen = append(r.seen, ManifestEntry{h.Name, h.Size, hex.EncodeToString(sum.Sum(nil))})
	}
}

// check compares what was read with the manifest.
func (r *restorer) check(in io.Reader) (m Manifest, err error) {
	if err := json.NewDecoder(in).Decode(&m); err != nil {
		return m, fmt.Errorf("reading the manifest: %w", err)
	}
	if m.Format != archiveFormat {
		return m, fmt.Errorf("the archive's format is %q, and not %q", m.Format, archiveFormat)
	}
	schema, err := r.db.schemaVersion()
	if err != nil {
		return m, err
	}
	if m.Schema != schema {
		return m, fmt.Errorf("the archive has schema %d, and this program %d: restore it with the version that wrote it, then upgrade", m.Schema, schema)
	}
	for i, want := range m.Parts {
		if i >= len(r.seen) || r.seen[i] != want {
			return m, fmt.Errorf("%s is not as the manifest says: the archive was altered or damaged", want.Name)
		}
	}
	if len(r.seen) != len(m.Parts) {
		return m, fmt.Errorf("the archive has %d parts, and its manifest %d", len(r.seen), len(m.Parts))
	}
	for _, tb := range tables {
		if r.rows[tb.name] != m.Rows[tb.name] {
			return m, fmt.Errorf("%d rows of %s were read, and the manifest says %d", r.rows[tb.name], tb.name, m.Rows[tb.name])
		}
	}
	return m, nil
}

func (r *restorer) part(ctx context.Context, name string, size int64, in io.Reader) error {
	if sha, ok := strings.CutPrefix(name, blobFolder); ok {
		got, _, err := r.db.blobs.Put(ctx, in, size)
		if err == nil && got != sha {
			err = fmt.Errorf("the bytes hash to %s", got)
		}
		return err
	}
	folder, _, ok := strings.Cut(strings.TrimPrefix(name, rowFolder), "/")
	if !ok || !strings.HasPrefix(name, rowFolder) {
		return errors.New("this is no part of an archive")
	}
	line := r.job
	if folder != jobsTable {
		at := slices.IndexFunc(tables, func(t table) bool { return t.name == folder })
		if at < 0 {
			return errors.New("there is no such table")
		}
		line = func(ctx context.Context, doc []byte) error { return r.row(ctx, tables[at], doc) }
	}
	lines := bufio.NewReader(in)
	for {
		doc, err := lines.ReadBytes('\n')
		if err == io.EOF && len(doc) == 0 {
			return nil
		}
		if err != nil && err != io.EOF {
			return err
		}
		if err := line(ctx, doc); err != nil {
			return err
		}
	}
}

func (r *restorer) job(ctx context.Context, doc []byte) error {
	var j archivedJob
	if err := json.Unmarshal(doc, &j); err != nil {
		return err
	}
	r.jobs++
	return r.t.Enqueue(ctx, work.Job{Kind: j.Kind, Subject: j.Subject})
}

func (r *restorer) row(ctx context.Context, tb table, doc []byte) error {
	var fields []json.RawMessage
	if err := json.Unmarshal(doc, &fields); err != nil {
		return err
	}
	if len(fields) != len(tb.columns) {
		return fmt.Errorf("a row has %d columns, and not %d", len(fields), len(tb.columns))
	}
	args := make([]any, len(fields))
	for i, c := range tb.columns {
		v, err := c.value(fields[i])
		if err != nil {
			return fmt.Errorf("column %s: %w", c.name, err)
		}
		args[i] = v
	}
	r.rows[tb.name]++
	if tb.name == "remedy_room" {
		r.ledgerRow(args)
	}
	marks := "?" + strings.Repeat(", ?", len(args)-1)
	_, err := r.t.exec(ctx, `INSERT INTO `+tb.name+` (`+tb.list()+`) VALUES (`+marks+`)`, args...)
	return err
}

// ledgerRow begins a row of the ledger empty, as its guards ask: what was taken
// comes next and adds up in it. Of an order that was lowered after that, more
// was taken than there is; such a row is lowered again at the end.
func (r *restorer) ledgerRow(args []any) {
	n := func(i int) int64 { v, _ := args[i].(int64); return v } // order_id, line_id, paid, units, taken, used
	paid, units, taken, used := n(2), n(3), n(4), n(5)
	if taken > paid || used > units {
		r.low = append(r.low, []any{paid, units, args[0], args[1]})
	}
	args[2], args[3], args[4], args[5] = max(paid, taken), max(units, used), int64(0), int64(0)
}

func (r *restorer) lower(ctx context.Context) error {
	for _, row := range r.low {
		if _, err := r.t.exec(ctx, `UPDATE remedy_room SET paid = ?, units = ? WHERE order_id = ? AND line_id = ?`, row...); err != nil {
			return err
		}
	}
	return nil
}

// value reads one column of an archive's row; nil is NULL.
func (c column) value(doc json.RawMessage) (any, error) {
	if string(doc) == "null" {
		if c.kind == raw { // SQLite's driver reads empty bytes as none
			return []byte{}, nil
		}
		return nil, nil
	}
	switch c.kind {
	case whole:
		var v int64
		err := json.Unmarshal(doc, &v)
		return v, err
	case raw:
		var s string
		if err := json.Unmarshal(doc, &s); err != nil {
			return nil, err
		}
		b, err := base64.StdEncoding.DecodeString(s)
		return notNil(b), err
	}
	var s string
	err := json.Unmarshal(doc, &s)
	return s, err
}
