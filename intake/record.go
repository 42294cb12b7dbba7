package intake

import (
	"errors"
	"io"

	"github.com/evenhand/evenhand/text"
)

// Bounds of a file. A row is a line of JSON, a record of CSV or a row of a
// worksheet.
const (
	MaxRow  = 1 << 20 // bytes
	MaxRows = 1_000_000
	MaxCols = 200
	// maxSpan is over how many lines one quoted cell may run.
	maxSpan = 200
)

// Problem is what is wrong with a row.
type Problem struct {
	Line   int    // from 1; of a row over several lines the first
	Field  string // which of the documented fields; may be empty
	Column string // the column's header as the file has it; may be empty
	Text   text.Text
}

func problem(line int, field, en, zh string) *Problem {
	return &Problem{Line: line, Field: field, Text: text.Text{EN: en, ZH: zh}}
}

// FileError is why a file cannot be taken at all.
type FileError struct{ Text text.Text }

func (e *FileError) Error() string { return e.Text.EN }

func fileError(en, zh string) error { return &FileError{Text: text.Text{EN: en, ZH: zh}} }

// AsFileError is what a person can read of an error, if it is of the file.
func AsFileError(err error) (*FileError, bool) {
	var e *FileError
	ok := errors.As(err, &e)
	return e, ok
}

// record is one row as it stands in the file: cells, a line of JSON, or what
// could not be read of it.
type record struct {
	line  int
	cells []string
	// numbers are the cells that a workbook keeps as numbers, whose text has a
	// point before its decimals whatever the other cells do; nil is none.
	numbers []bool
	json    []byte
	// lost is why the row cannot be read; raw is then its text, as far as
	// there is any, and lines how many lines of the file it takes.
	lost  *Problem
	raw   []byte
	lines int
}

// width is how many of the file's lines are gone with a lost record.
func (r record) width() int { return max(r.lines, 1) }

// table is a file whose rows can be read again and again.
type table interface {
	// rows yields each row. It ends early where yield says false.
	rows(yield func(record) bool) error
}

func errTooMany() error {
	return fileError("The file has more than 1,000,000 rows: split it.", "文件超过 1,000,000 行，请拆分后导入。")
}

// rewind starts a file again, after its mark.
func rewind(r io.ReadSeeker, skip int64) error {
	_, err := r.Seek(skip, io.SeekStart)
	return err
}
