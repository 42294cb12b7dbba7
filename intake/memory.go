package intake

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"regexp"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// Memory is what was said of the columns of files, for everybody at the desk:
// a file with the same headers, in whatever order, is read alike. It is read
// and changed in transactions of its own.
type Memory struct {
	Store interface {
		Read(ctx context.Context, f func(desk.Tx) error) error
		Write(ctx context.Context, f func(desk.Tx) error) error
	}
	// Record notes who changed it; see desk.Desk.Note.
	Record interface {
		Note(ctx context.Context, tx desk.Tx, subject, kind string, by access.Actor, body map[string]any) error
	}
}

// kindColumns is the event's kind, on the stream "columns/<signature>".
const kindColumns = "columns.remembered"

var (
	headerShape    = regexp.MustCompile(`^[^\x00-\x1f]{1,200}$`)
	signatureShape = regexp.MustCompile(`^[0-9a-f]{32}$`)
)

func columnsSetting(kind Kind, signature string) string {
	return "import.columns." + string(kind) + "." + signature
}

// Of is what was said of the columns of files with this signature; nil where
// nothing was.
func (m Memory) Of(ctx context.Context, kind Kind, signature string) (columns map[string]string, err error) {
	err = m.Store.Read(ctx, func(tx desk.Tx) error { columns, err = remembered(ctx, tx, kind, signature); return err })
	return columns, err
}

func remembered(ctx context.Context, tx desk.Tx, kind Kind, signature string) (columns map[string]string, err error) {
	value, err := tx.Setting(ctx, columnsSetting(kind, signature))
	if errors.Is(err, work.ErrNotFound) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal(value, &columns)
	}
	return columns, err
}

// Keep remembers what columns hold, by header: a field of this kind of file,
// or - for none. It changes how everybody's files are read, so that the record
// says who said it, of which headers; what they are called stays out of it.
func (m Memory) Keep(ctx context.Context, by access.Caller, kind Kind, signature string, columns map[string]string) error {
	if by.Kind != access.CallerSession || !by.Has(access.RoleOperator) {
		return &text.Refusal{Code: text.CodeForbidden, Text: text.Text{EN: "Only an operator says what columns hold.", ZH: "仅平台运营可以设定列的含义。"}}
	}
	if err := checkColumns(kind, signature, columns); err != nil {
		return err
	}
	value, err := json.Marshal(columns)
	if err != nil {
		return err
	}
	return m.Store.Write(ctx, func(tx desk.Tx) error {
		before, err := remembered(ctx, tx, kind, signature)
		if err != nil || before != nil && maps.Equal(before, columns) {
			return err
		}
		if err := tx.PutSetting(ctx, columnsSetting(kind, signature), value); err != nil {
			return err
		}
		body := map[string]any{"kind": kind, "signature": signature, "columns": len(columns), "changed": before != nil}
		return m.Record.Note(ctx, tx, "columns/"+signature, kindColumns, by.Actor(access.RoleOperator), body)
	})
}

func checkColumns(kind Kind, signature string, columns map[string]string) error {
	invalid := func(field, en, zh string) error {
		return &text.Refusal{Code: text.CodeInvalid, Field: field, Text: text.Text{EN: en, ZH: zh}}
	}
	fields := Fields(kind)
	known := map[string]bool{"-": true}
	for _, f := range fields {
		known[f.Name] = true
	}
	if len(fields) == 0 || !signatureShape.MatchString(signature) {
		return invalid("signature", "There is no file of this kind with such columns.", "没有这种文件，或列的标识有误。")
	}
	if len(columns) > MaxCols {
		return invalid("columns", "A file has at most 200 columns.", "文件最多 200 列。")
	}
	for h, f := range columns {
		if !known[f] || !headerShape.MatchString(h) {
			return invalid("columns", "Name for each header a field that this kind of file has, or - for none.", "请为每个表头指定该类文件的一个字段，或填 - 表示不读取。")
		}
	}
	return nil
}
