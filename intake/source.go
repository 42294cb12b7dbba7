package intake

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
)

// source is a file that was recognised.
type source struct {
	table    table
	json     bool
	encoding string // of a text
	sep      byte   // of a text's cells
	sheet    string // of a workbook
	layout   *layout
	// said are notes on what was found in the file beside its rows.
	notes []note
	close func()
}

// openSource recognises what a file is, by its content. Where its columns are
// what is wrong, the source tells them beside the error.
func openSource(ctx context.Context, file io.ReadSeeker, o Options) (*source, error) {
	head := make([]byte, 4096)
	if err := rewind(file, 0); err != nil {
		return nil, err
	}
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	head = head[:n]
	switch lower := bytes.ToLower(bytes.TrimSpace(head)); {
	case n == 0:
		return nil, fileError("The file is empty.", "文件是空的。")
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return openWorkbook(ctx, file, o)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return nil, fileError(
			"This is a workbook of the old kind (xls) or one with a password: save it as xlsx, without a password.",
			"这是旧版 xls 或带密码的工作簿，请另存为不带密码的 xlsx。")
	case bytes.HasPrefix(lower, []byte("<html")), bytes.HasPrefix(lower, []byte("<!doctype html")), bytes.HasPrefix(lower, []byte("<table")), bytes.HasPrefix(lower, []byte("<?xml")):
		return nil, fileError(
			"This is a web page or XML, whatever its name says: open it in a spreadsheet and save it as xlsx or CSV.",
			"这实际上是网页或 XML 文件，请用电子表格打开后另存为 xlsx 或 CSV。")
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return nil, fileError("This is a PDF: export the table as xlsx or CSV.", "这是 PDF 文件，请将表格导出为 xlsx 或 CSV。")
	}
	return openText(file, o)
}

func openText(file io.ReadSeeker, o Options) (*source, error) {
	if err := rewind(file, 0); err != nil {
		return nil, err
	}
	encoding, skip, err := encodingOf(file)
	if err != nil {
		return nil, err
	}
	s := &source{encoding: encoding, close: func() {}}
	if err := rewind(file, skip); err != nil {
		return nil, err
	}
	if first, err := firstByte(decoded(file, encoding)); err != nil {
		return nil, fileError("The file has no rows.", "文件没有数据行。")
	} else if first == '{' {
		s.json, s.table = true, &jsonTable{file: file, skip: skip, encoding: encoding}
		return s, nil
	}
	t := &textTable{file: file, skip: skip, encoding: encoding, sep: o.Separator}
	said, hinted, err := t.separatorOf(func(cells []string) int { return knownOf(o.Kind, cells) })
	if err != nil {
		return nil, err
	}
	if t.sep == 0 {
		t.sep = said
	}
	s.sep, s.table = t.sep, t
	if s.layout, err = headerOf(t, o, hinted); err != nil {
		return s, err
	}
	t.width = len(s.layout.columns)
	return s, nil
}

// firstByte is the first that is no blank.
func firstByte(b *bufio.Reader) (byte, error) {
	for {
		c, err := b.ReadByte()
		if err != nil || !strings.ContainsRune(" \t\r\n", rune(c)) {
			return c, err
		}
	}
}

// headerOf finds the header: of the first rows the one that has most known
// columns, or else the very first.
func headerOf(t table, o Options, hinted bool) (*layout, error) {
	var best record
	most, seen, row := -1, 0, 0
	var lost *Problem
	err := t.rows(func(r record) bool {
		row++
		if hinted && row == 1 {
			return true
		}
		seen++
		if r.lost != nil {
			if lost == nil {
				lost = r.lost
			}
			return seen < headerWithin
		}
		if n := knownOf(o.Kind, r.cells); n > most {
			best, most = r, n
		}
		return seen < headerWithin
	})
	switch {
	case err != nil:
		return nil, err
	case most < 0 && lost != nil:
		return nil, &FileError{Text: lost.Text}
	case most < 0:
		return nil, fileError("The file has no rows.", "文件没有数据行。")
	}
	return layoutOf(o, best.line, best.cells)
}
