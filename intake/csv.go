package intake

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// textTable is a file of separated values. It is read by lines: a quotation
// that does not end costs its own line, and reading goes on at the next.
type textTable struct {
	file     io.ReadSeeker
	skip     int64
	encoding string
	sep      byte
	width    int // how many columns the header has; 0 is not known yet
}

// separators are those that are recognised, likeliest first.
var separators = []byte{',', ';', '\t', '|'}

func (t *textTable) open() (*bufio.Reader, error) {
	if err := rewind(t.file, t.skip); err != nil {
		return nil, err
	}
	return decoded(t.file, t.encoding), nil
}

func (t *textTable) rows(yield func(record) bool) error {
	b, err := t.open()
	if err != nil {
		return err
	}
	s := &scanner{lines: lines{b: b}, sep: t.sep, width: t.width}
	for n := 0; n <= MaxRows; {
		r, err := s.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if r.lost == nil && blank(r.cells) {
			continue
		}
		n++
		if !yield(r) {
			return nil
		}
	}
	return errTooMany()
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// line is one line of a text, numbered from 1.
type line struct {
	n    int
	text []byte
	long bool
}

// lines reads a text line by line and takes lines back.
type lines struct {
	b    *bufio.Reader
	n    int
	back []line // to be read again, the next one last
}

func (l *lines) next() (line, error) {
	if k := len(l.back) - 1; k >= 0 {
		out := l.back[k]
		l.back = l.back[:k]
		return out, nil
	}
	text, long, err := readLine(l.b)
	if err != nil {
		return line{}, err
	}
	l.n++
	if l.n > 4*MaxRows {
		return line{}, errTooMany()
	}
	return line{n: l.n, text: text, long: long}, nil
}

// again gives lines back, in their order.
func (l *lines) again(list []line) {
	for i := len(list) - 1; i >= 0; i-- {
		l.back = append(l.back, list[i])
	}
}

// scanner reads records.
type scanner struct {
	lines lines
	sep   byte
	width int
}

// next reads a record. A quotation may run over lines; where it does not end,
// or goes on after its end, its first line alone is lost. Where it ends and
// holds what looks like rows, all its lines are lost: which of them are rows
// and which are words cannot be told, and words must never become an order.
func (s *scanner) next() (record, error) {
	first, err := s.lines.next()
	if err != nil {
		return record{}, err
	}
	if first.long {
		return lost([]line{first}, "This line is longer than 1 MB; is a line break missing?", "这一行超过 1 MB，是否缺少换行？"), nil
	}
	read := []line{first}
	text := slices.Clone(first.text)
	for {
		cells, state := split(text, s.sep)
		switch {
		case state == closed && len(read) > 1 && s.swallowed(read):
			en := fmt.Sprintf(
				"A quotation mark opens here and closes in line %d, with what looks like rows between. None of these %d lines was taken: correct the quotation marks.",
				read[len(read)-1].n, len(read),
			)
			zh := fmt.Sprintf("引号从这一行开始，到第 %d 行才结束，中间像是其他数据行。这 %d 行均未导入，请修正引号。", read[len(read)-1].n, len(read))
			return lost(read, en, zh), nil
		case state == closed:
			return s.sound(read, cells)
		case state == open:
			text, read, err = s.more(text, read)
			if err == nil {
				continue
			}
			if !errors.Is(err, io.EOF) {
				return record{}, err
			}
		}
		s.lines.again(read[1:])
		return lost(read[:1],
			"The quotation marks of this row do not match; reading went on at the next line.",
			"这一行的引号不成对；已从下一行继续读取。"), nil
	}
}

// more adds lines to a text that left off inside a quotation, up to one that
// may end it. io.EOF says that there is none within the bounds.
func (s *scanner) more(text []byte, read []line) ([]byte, []line, error) {
	for len(read) < maxSpan {
		l, err := s.lines.next()
		if err != nil {
			return text, read, err
		}
		if len(text)+len(l.text) >= MaxRow {
			s.lines.again([]line{l})
			break
		}
		read = append(read, l)
		text = append(append(text, '\n'), l.text...)
		if bytes.IndexByte(l.text, '"') >= 0 {
			return text, read, nil
		}
	}
	return text, read, io.EOF
}

// sound is a record whose text has a meaning.
func (s *scanner) sound(read []line, cells []string) (record, error) {
	for _, c := range cells {
		if !utf8.ValidString(c) || strings.ContainsRune(c, utf8.RuneError) || strings.ContainsRune(c, 0) {
			return lost(read,
				"This row holds bytes that are not text in the file's encoding; save the file as UTF-8.",
				"这一行含有与文件编码不符的字节，请将文件另存为 UTF-8。"), nil
		}
	}
	return record{line: read[0].n, cells: cells}, nil
}

func lost(read []line, en, zh string) record {
	var raw []byte
	for _, l := range read {
		raw = append(append(raw, l.text...), '\n')
	}
	return record{line: read[0].n, lost: problem(read[0].n, "", en, zh), raw: raw, lines: len(read)}
}

// swallowed is whether a quotation over several lines seems to have swallowed
// rows: a line inside it has as many separators as a row, or the first and the
// last line both have. A note that a person wrote has not.
func (s *scanner) swallowed(read []line) bool {
	if s.width < 2 {
		return false
	}
	full := func(l line) bool { return bytes.Count(l.text, []byte{s.sep}) >= s.width-1 }
	for _, l := range read[1 : len(read)-1] {
		if full(l) {
			return true
		}
	}
	return full(read[0]) && full(read[len(read)-1])
}

// The states in which a text can leave off.
type state int

const (
	closed state = iota // at the end of a record
	open                // inside a quotation
	bent                // after a quotation, where no separator follows
)

// split cuts a record into cells as RFC 4180 has it, but for a quotation mark
// inside a cell that does not begin with one, which stands for itself: 12" is
// a length.
func split(text []byte, sep byte) (cells []string, end state) {
	var cell []byte
	for i := 0; ; i++ {
		cell = cell[:0]
		for i < len(text) && text[i] == ' ' {
			i++
		}
		if i < len(text) && text[i] == '"' {
			rest, ok := quoted(text[i+1:], &cell)
			if !ok {
				return nil, open
			}
			i = len(text) - len(rest)
			for i < len(text) && (text[i] == ' ' || text[i] == '\t' && sep != '\t') {
				i++
			}
			if i < len(text) && text[i] != sep {
				return nil, bent
			}
		} else {
			for i < len(text) && text[i] != sep {
				cell = append(cell, text[i])
				i++
			}
		}
		cells = append(cells, string(cell))
		if i >= len(text) {
			return cells, closed
		}
	}
}

// quoted reads to the end of a quotation, in which two marks stand for one.
func quoted(text []byte, into *[]byte) (rest []byte, ok bool) {
	for i := 0; i < len(text); i++ {
		if text[i] != '"' {
			*into = append(*into, text[i])
			continue
		}
		if i+1 < len(text) && text[i+1] == '"' {
			*into = append(*into, '"')
			i++
			continue
		}
		return text[i+1:], true
	}
	return nil, false
}

// separatorOf chooses the separator under which the beginning of a text has
// most columns that are known; declared by a first line "sep=;", as
// spreadsheets write it, it counts as said. hinted is whether it was.
func (t *textTable) separatorOf(known func(cells []string) int) (sep byte, hinted bool, err error) {
	b, err := t.open()
	if err != nil {
		return 0, false, err
	}
	var head [][]byte
	for range headerWithin {
		line, _, err := readLine(b)
		if err != nil {
			break
		}
		head = append(head, line)
	}
	if len(head) > 0 && len(head[0]) == 5 && strings.EqualFold(string(head[0][:4]), "sep=") {
		return head[0][4], true, nil
	}
	best, most := separators[0], 0
	for _, sep := range separators {
		for _, line := range head {
			cells, state := split(line, sep)
			if state != closed {
				continue
			}
			// Known columns decide; among none, the number of cells.
			if n := known(cells)*1000 + min(len(cells), MaxCols+1); n > most {
				best, most = sep, n
			}
		}
	}
	return best, false, nil
}
