package store

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/evenhand/evenhand/work"
)

// A cursor is the place of the last row of a page: the name of the list, a
// number and an id, which together order that list. It is opaque to callers
// and of no use in another list.

func newCursor(list string, n int64, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(list + "," + strconv.FormatInt(n, 36) + "," + id))
}

const maxCursor = 1024

func readCursor(list, cursor string) (n int64, id string, err error) {
	if len(cursor) > maxCursor {
		return 0, "", work.ErrBadCursor
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil {
		return 0, "", fmt.Errorf("%w: %w", work.ErrBadCursor, err)
	}
	parts := strings.SplitN(string(raw), ",", 3)
	if len(parts) != 3 || parts[0] != list || clean(parts[2]) != parts[2] {
		return 0, "", fmt.Errorf("%w: it is not one of this list", work.ErrBadCursor)
	}
	if n, err = strconv.ParseInt(parts[1], 36, 64); err != nil {
		return 0, "", fmt.Errorf("%w: %w", work.ErrBadCursor, err)
	}
	return n, parts[2], nil
}

// limit is a page's bound within 1 to 200.
func limit(p work.Page) int { return min(max(p.Limit, 1), 200) }

// where gathers the conditions of a query.
type where struct {
	parts []string
	args  []any
}

func (w *where) add(cond string, args ...any) {
	w.parts = append(w.parts, cond)
	w.args = append(w.args, args...)
}

// equal adds a condition where the value is not empty.
func (w *where) equal(column, value string) {
	if value != "" {
		w.add(column+" = ?", value)
	}
}

// prefix adds that a column's text begins so. "\U0010ffff" comes after every
// character there is, and both databases compare these columns by bytes.
func (w *where) prefix(column, value string) {
	if value != "" {
		w.add(column+" >= ? AND "+column+" < ?", value, value+"\U0010ffff")
	}
}

// none adds that a column has none of the values.
func (w *where) none(column string, values []string) {
	if len(values) > 0 {
		w.add(column+" NOT IN ("+marks(len(values))+")", anys(values)...)
	}
}

// marks is "?, ?, …", n times.
func marks(n int) string { return "?" + strings.Repeat(", ?", n-1) }

// padded repeats the last of the values up to the next power of two, so that
// lists of all lengths share a few prepared statements.
func padded(list []string) []string {
	out := slices.Clone(list)
	for n := 1; len(out) > 0 && n < 2*len(list); n *= 2 {
		for len(out) < n {
			out = append(out, out[len(out)-1])
		}
	}
	return out
}

func anys[T ~string](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

func (w where) String() string {
	if len(w.parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.parts, " AND ")
}

// with is w and one more condition; w stays as it is.
func (w where) with(cond string, args ...any) where {
	return where{
		parts: append(w.parts[:len(w.parts):len(w.parts)], cond),
		args:  append(w.args[:len(w.args):len(w.args)], args...),
	}
}

// paged is one row of a list with its place in the order.
type paged[T any] struct {
	n     int64
	id    string
	value T
}

// page cuts the rows at the limit, of which one more was asked for, and gives
// the cursor of the next page, empty at the end.
func page[T any](list string, rows []paged[T], p work.Page) (out []T, next string) {
	if l := limit(p); len(rows) > l {
		rows = rows[:l]
		next = newCursor(list, rows[l-1].n, rows[l-1].id)
	}
	for _, r := range rows {
		out = append(out, r.value)
	}
	return out, next
}

// listing says where a list's rows are and by what they go.
type listing struct {
	list   string // the cursor's name
	table  string
	number string // the column that orders; empty: id alone does
	id     string // the column that orders among equals
	down   bool   // newest first
}

func (l listing) sql() string {
	down := ""
	if l.down {
		down = " DESC"
	}
	if l.number == "" {
		return " ORDER BY " + l.id + down
	}
	return " ORDER BY " + l.number + down + ", " + l.id + down
}

// after adds the cursor's condition.
func (l listing) after(w *where, p work.Page) error {
	if p.After == "" {
		return nil
	}
	n, id, err := readCursor(l.list, p.After)
	if err != nil {
		return err
	}
	sign := " > "
	if l.down {
		sign = " < "
	}
	if l.number == "" {
		w.add(l.id+sign+"?", id)
	} else {
		w.add("("+l.number+", "+l.id+")"+sign+"(?, ?)", n, id)
	}
	return nil
}

// rowsOf reads one row more than the page holds.
func rowsOf[T any](ctx context.Context, t *tx, l listing, w where, p work.Page) (out []paged[T], err error) {
	if err := l.after(&w, p); err != nil {
		return nil, err
	}
	number := l.number
	if number == "" {
		number = "0"
	}
	q := "SELECT " + number + ", " + l.id + ", doc FROM " + l.table + w.String() + l.sql() + " LIMIT ?"
	err = t.rows(ctx, q, append(w.args, limit(p)+1), func(s scanner) error {
		var r paged[T]
		var doc string
		if err := s.Scan(&r.n, &r.id, &doc); err != nil {
			return err
		}
		var err error
		r.value, err = decode[T](doc)
		out = append(out, r)
		return err
	})
	return out, err
}

// pageOf reads one page of documents.
func pageOf[T any](ctx context.Context, t *tx, l listing, w where, p work.Page) (out []T, next string, err error) {
	rows, err := rowsOf[T](ctx, t, l, w, p)
	if err != nil {
		return nil, "", err
	}
	out, next = page(l.list, rows, p)
	return out, next, nil
}
