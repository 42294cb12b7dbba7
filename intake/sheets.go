package intake

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// maxDepth is how deep elements of a part may lie in one another.
const maxDepth = 100

// errDone ends a walk over a part early.
var errDone = errors.New("done")

// piece is a piece of a part: the start or the end of an element, or text.
type piece struct {
	start *xml.StartElement
	end   string
	text  []byte
}

// attr is an attribute of an element by its local name.
func (t piece) attr(name string) string {
	for _, a := range t.start.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// walk reads a part to its end, where its checksum is known to hold, unless f
// says errDone. Whatever else goes wrong means that the workbook is damaged.
func (w *workbook) walk(name string, most uint64, f func(piece) error) error {
	part := w.parts[name]
	if part == nil || part.UncompressedSize64 > maxUnpacked {
		return notAWorkbook()
	}
	if part.UncompressedSize64 > most {
		return fileError(
			"The workbook keeps more text in one part than can be read at once: export it as CSV, or split it.",
			"工作簿单个部分的文字过多，无法一次读取，请导出为 CSV 或拆分。")
	}
	r, err := part.Open()
	if err != nil {
		return notAWorkbook()
	}
	defer r.Close() //nolint:errcheck // it was only read
	in := &shortTokens{b: bufio.NewReaderSize(r, 64<<10)}
	d := xml.NewDecoder(in)
	for depth := 0; ; {
		in.n = 0
		x, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var t piece
		switch x := x.(type) {
		case xml.StartElement:
			t.start = &x
			depth++
		case xml.EndElement:
			t.end = x.Name.Local
			depth--
		case xml.CharData:
			t.text = x
		case xml.Directive: // a document type, which no workbook has
			return notAWorkbook()
		}
		if err != nil || depth > maxDepth {
			return notAWorkbook()
		}
		switch err := f(t); {
		case errors.Is(err, errDone):
			return nil
		case err != nil:
			return err
		}
	}
}

// shortTokens ends a text in which nothing ends for longer than a row may be.
type shortTokens struct {
	b *bufio.Reader
	n int
}

func (s *shortTokens) Read(p []byte) (int, error) { return s.b.Read(p) }

func (s *shortTokens) ReadByte() (byte, error) {
	if s.n++; s.n > MaxRow {
		return 0, errTooMany()
	}
	return s.b.ReadByte()
}

// relation is what one part says of another.
type relation struct{ id, kind, part string }

func (r relation) is(kind string) bool { return strings.HasSuffix(r.kind, kind) }

// relations are those of a part; "" is the whole package. None is none.
func (w *workbook) relations(of string) (out []relation, err error) {
	folder, file := path.Split(of)
	name := partName(folder + "_rels/" + file + ".rels")
	if w.parts[name] == nil {
		return nil, nil
	}
	err = w.walk(name, maxPart, func(t piece) error {
		if t.start == nil || t.start.Name.Local != "Relationship" || t.attr("TargetMode") == "External" {
			return nil
		}
		target := t.attr("Target")
		if !strings.HasPrefix(target, "/") {
			target = folder + target
		}
		out = append(out, relation{id: t.attr("Id"), kind: t.attr("Type"), part: partName(target)})
		return nil
	})
	return out, err
}

// index reads which worksheets there are.
func (w *workbook) index(main string, rels []relation) error {
	return w.walk(main, maxPart, func(t piece) error {
		if t.start == nil {
			return nil
		}
		switch t.start.Name.Local {
		case "workbookPr":
			on := t.attr("date1904")
			w.date1904 = on == "1" || on == "true"
		case "sheet":
			id := ""
			for _, a := range t.start.Attr { // sheetId is another thing
				if a.Name.Local == "id" {
					id = a.Value
				}
			}
			i := slices.IndexFunc(rels, func(r relation) bool { return r.id == id })
			if i >= 0 && rels[i].is("/worksheet") {
				w.sheets = append(w.sheets, worksheet{book: w, name: t.attr("name"), part: rels[i].part})
			}
		}
		return nil
	})
}

// texts are those that cells share, one behind the other.
type texts struct {
	all  []byte
	ends []uint32
}

// text is one of them.
func (t texts) text(n int) (string, bool) {
	if n < 0 || n >= len(t.ends) {
		return "", false
	}
	from := uint32(0)
	if n > 0 {
		from = t.ends[n-1]
	}
	return string(t.all[from:t.ends[n]]), true
}

// wording gathers the text of a cell or of a shared one: of its runs, without
// what says how it is pronounced.
type wording struct {
	in, aside bool
}

// hears is the part of the text that a piece brings.
func (g *wording) hears(t piece) []byte {
	switch {
	case t.start != nil && t.start.Name.Local == "rPh":
		g.aside = true
	case t.end == "rPh":
		g.aside = false
	case t.start != nil && t.start.Name.Local == "t":
		g.in = true
	case t.end == "t":
		g.in = false
	case g.in && !g.aside:
		return t.text
	}
	return nil
}

func (w *workbook) shared(part string) error {
	var g wording
	return w.walk(part, maxTexts, func(t piece) error {
		w.texts.all = append(w.texts.all, g.hears(t)...)
		if t.end == "si" {
			w.texts.ends = append(w.texts.ends, uint32(len(w.texts.all))) //nolint:gosec // at most maxTexts
		}
		return nil
	})
}

// styles reads which styles of cells show a number as a date.
func (w *workbook) styles(part string) error {
	codes := map[int]string{}
	inCells := false
	return w.walk(part, maxPart, func(t piece) error {
		if t.end == "cellXfs" {
			inCells = false
		}
		if t.start == nil {
			return nil
		}
		switch t.start.Name.Local {
		case "numFmt":
			if id, err := strconv.Atoi(t.attr("numFmtId")); err == nil {
				codes[id] = t.attr("formatCode")
			}
		case "cellXfs":
			inCells = true
		case "xf":
			if inCells {
				id, _ := strconv.Atoi(t.attr("numFmtId")) // none is 0, General
				w.dates = append(w.dates, showsDate(id, codes[id]))
			}
		}
		return nil
	})
}

// gridRow is a row of a worksheet while it is read.
type gridRow struct {
	line    int
	cells   []string
	numbers []bool
	lost    *Problem
}

// gridCell is a cell while it is read.
type gridCell struct {
	column  int
	kind    string
	style   int
	value   []byte
	formula bool
	is      bool // whether it has a value at all
}

// rows walks over the worksheet's rows.
func (s *worksheet) rows(yield func(record) bool) error {
	var row gridRow
	var cell gridCell
	var words wording
	last, n, within, inData, inRow := 0, 0, "", false, false
	return s.book.walk(s.part, maxUnpacked, func(t piece) error {
		if t.start != nil && t.start.Name.Local == "sheetData" {
			inData = true
		}
		if t.end == "sheetData" {
			inData = false
		}
		if !inData { // controls and drawings have rows too
			return nil
		}
		if t.start != nil {
			switch name := t.start.Name.Local; name {
			case "row":
				if inRow {
					return notAWorkbook()
				}
				var err error
				if row, err = rowOf(t, last); err != nil {
					return err
				}
				last, inRow = row.line, true
			case "c":
				if !inRow {
					return notAWorkbook()
				}
				var err error
				if cell, err = cellOf(t, row); err != nil {
					return err
				}
				words = wording{}
			case "f":
				cell.formula = true
			case "v", "is":
				within, cell.is = name, true
			}
		}
		switch within {
		case "v":
			cell.value = append(cell.value, t.text...)
		case "is":
			cell.value = append(cell.value, words.hears(t)...)
		}
		switch t.end {
		case "v", "is":
			within = ""
		case "c":
			return s.put(&row, cell)
		case "row":
			inRow = false
			if row.lost == nil && blank(row.cells) {
				return nil
			}
			if n++; n > MaxRows+1 { // and the header
				return errTooMany()
			}
			if !yield(row.record()) {
				return errDone
			}
		}
		return nil
	})
}

// rowOf begins a row. One that goes back would be read for another's.
func rowOf(t piece, last int) (gridRow, error) {
	line := last + 1
	if r := t.attr("r"); r != "" {
		var err error
		if line, err = strconv.Atoi(r); err != nil || line <= last {
			return gridRow{}, notAWorkbook()
		}
	}
	return gridRow{line: line}, nil
}

// cellOf begins a cell; the next one where it does not say which.
func cellOf(t piece, row gridRow) (gridCell, error) {
	c := gridCell{column: len(row.cells), kind: t.attr("t"), style: -1}
	if r := t.attr("r"); r != "" {
		at, ok := columnOf(r)
		if !ok || at < c.column {
			return c, notAWorkbook()
		}
		c.column = at
	}
	if s := t.attr("s"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			return c, notAWorkbook()
		}
		c.style = n
	}
	return c, nil
}

// columnOf is the column of a reference such as AB12, from 0.
func columnOf(ref string) (column int, ok bool) {
	i := 0
	for ; i < len(ref) && i < 4; i++ {
		c := ref[i] | 0x20
		if c < 'a' || c > 'z' {
			break
		}
		column = column*26 + int(c-'a') + 1
	}
	return column - 1, i > 0 && column <= 1<<14
}

var hexEscape = regexp.MustCompile(`_x([0-9A-Fa-f]{4})_`)

// unescaped are the characters that a workbook cannot hold as they are
// (ECMA-376, part 4, 7.4, ST_Xstring); a NUL stays as it is written.
func unescaped(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	return hexEscape.ReplaceAllStringFunc(text, func(s string) string {
		n, err := strconv.ParseUint(s[2:6], 16, 16)
		if err != nil || n == 0 || n >= 0xd800 && n < 0xe000 {
			return s
		}
		return string(rune(n))
	})
}

// put sets a cell into its row.
func (s *worksheet) put(row *gridRow, c gridCell) error {
	text, number := string(c.value), false
	switch c.kind {
	case "", "n":
		if text = strings.TrimSpace(text); text != "" {
			text, number = s.book.number(text, c.style)
		}
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(text))
		shared, ok := s.book.texts.text(n)
		if c.is && (err != nil || !ok) {
			return notAWorkbook()
		}
		text = unescaped(shared)
	case "b":
		text = map[string]string{"1": "TRUE", "0": "FALSE"}[strings.TrimSpace(text)]
	default: // inlineStr, str, e, d
		text = unescaped(text)
	}
	if c.formula && !c.is && row.lost == nil {
		row.lost = problem(row.line, "",
			fmt.Sprintf(
				"Cell %d of this row holds a formula without its result: open the workbook in a spreadsheet, save it, and import it again.",
				c.column+1,
			),
			fmt.Sprintf("这一行第 %d 格只有公式而没有结果，请用电子表格打开并保存后重新导入。", c.column+1))
	}
	if text == "" {
		return nil
	}
	if c.column >= 1<<14 {
		return notAWorkbook()
	}
	for len(row.cells) <= c.column {
		row.cells, row.numbers = append(row.cells, ""), append(row.numbers, false)
	}
	row.cells[c.column], row.numbers[c.column] = text, number
	return nil
}

func (r gridRow) record() record {
	out := record{line: r.line, cells: r.cells, numbers: r.numbers, lost: r.lost}
	if out.lost == nil && len(r.cells) > MaxCols && !blank(r.cells[MaxCols:]) {
		out.lost = problem(
			r.line, "", fmt.Sprintf("This row has more than %d cells.", MaxCols),
			fmt.Sprintf("这一行超过 %d 格。", MaxCols),
		)
	}
	if out.lost != nil {
		out.raw = []byte(strings.Join(r.cells, " "))
	}
	return out
}
