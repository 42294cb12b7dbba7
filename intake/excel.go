package intake

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/evenhand/evenhand/evidence"
)

// Bounds of a workbook. What it says of its own size is believed, for reading
// stops where a part is larger than it says.
const (
	MaxWorkbook  = 64 << 20  // bytes, packed
	maxUnpacked  = 512 << 20 // bytes of all its parts
	maxInMemory  = 8 << 20   // a part beyond this is unpacked into a temporary file
	maxParts     = 2000
	maxExpansion = 200 // times its packed size may a part of over 1 MB be
)

// workbook is a worksheet of an xlsx file.
type workbook struct {
	book     *excelize.File
	sheet    string
	date1904 bool
}

// openWorkbook checks a workbook's bounds before anything of it is unpacked.
func openWorkbook(file io.ReadSeeker, o Options) (*source, error) {
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	if size > MaxWorkbook {
		return nil, fileError("The workbook is larger than 64 MB: export it as CSV, or split it.", "工作簿超过 64 MB，请导出为 CSV 或拆分。")
	}
	at := &readerAt{file}
	if err := bounded(at, size); err != nil {
		return nil, err
	}
	book, err := excelize.OpenReader(io.NewSectionReader(at, 0, size), excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxInMemory})
	if err != nil {
		return nil, notAWorkbook()
	}
	s := &source{close: func() { _ = book.Close() }} // it was only read
	if err := s.choose(book, o); err != nil {
		s.close()
		return s, err
	}
	return s, nil
}

func notAWorkbook() error {
	return fileError("This is no workbook that can be read: it is damaged, or another kind of archive.", "无法读取该工作簿：文件已损坏，或是其他类型的压缩包。")
}

// readerAt reads a file that can be sought, for one reader at a time.
type readerAt struct{ io.ReadSeeker }

func (r *readerAt) ReadAt(p []byte, off int64) (int, error) {
	if _, err := r.Seek(off, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(r, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

// bounded refuses an archive that is made to fill a memory.
func bounded(at io.ReaderAt, size int64) error {
	z, err := zip.NewReader(at, size)
	if err != nil {
		return notAWorkbook()
	}
	total := uint64(0)
	for _, f := range z.File {
		total += f.UncompressedSize64
		if len(z.File) > maxParts || f.UncompressedSize64 > maxUnpacked || total > maxUnpacked ||
			f.UncompressedSize64 > 1<<20 && f.UncompressedSize64/maxExpansion > f.CompressedSize64 {
			return fileError("The workbook unpacks to far more than it should: it was not opened.", "工作簿解压后的体积异常，未打开。")
		}
	}
	return nil
}

// choose takes the worksheet that has most known columns, and tells of others
// that hold anything.
func (s *source) choose(book *excelize.File, o Options) error {
	date1904 := false
	if p, err := book.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		date1904 = *p.Date1904
	}
	most := -1
	var first error
	var filled []string
	for _, name := range book.GetSheetList() {
		w := &workbook{book: book, sheet: name, date1904: date1904}
		l, err := headerOf(w, o, false)
		if err != nil {
			if first == nil {
				first = err
			}
			if s.layout == nil || l != nil && len(l.unknown()) < len(l.columns) {
				s.layout = l
			}
			if !isEmpty(w) {
				filled = append(filled, name)
			}
			continue
		}
		filled = append(filled, name)
		if n := len(l.columns) - len(l.unknown()); n > most {
			most, s.table, s.sheet, s.layout = n, w, name, l
		}
	}
	if most < 0 {
		if first == nil {
			first = fileError("The file has no rows.", "文件没有数据行。")
		}
		return first
	}
	var others []string
	for _, name := range filled {
		if name != s.sheet {
			others = append(others, name)
		}
	}
	if len(others) > 0 {
		s.notes = append(s.notes, note(evidence.Text{
			EN: fmt.Sprintf("The worksheet %q was read; these were not: %s.", s.sheet, strings.Join(others, ", ")),
			ZH: fmt.Sprintf("读取了工作表“%s”，以下工作表未读取：%s。", s.sheet, strings.Join(others, "、")),
		}))
	}
	return nil
}

func isEmpty(w *workbook) bool {
	empty := true
	_ = w.rows(func(record) bool { empty = false; return false })
	return empty
}

var shownDate = regexp.MustCompile(`^\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?([ T]|$)|^[A-Za-z]{3,9}[ -]\d{1,2}|^\d{1,2}-[A-Za-z]{3}|\d{1,2}:\d\d`)

// rows reads the worksheet twice side by side: as its cells are, and as they
// are shown. A number that is shown as a date is one; all others are taken as
// they are, for a format may hide digits.
func (w *workbook) rows(yield func(record) bool) error {
	raw, err := w.book.Rows(w.sheet)
	if err != nil {
		return notAWorkbook()
	}
	defer raw.Close() //nolint:errcheck // it was only read
	shown, err := w.book.Rows(w.sheet)
	if err != nil {
		return notAWorkbook()
	}
	defer shown.Close() //nolint:errcheck // it was only read
	for n := 1; raw.Next(); n++ {
		if n > MaxRows {
			return errTooMany()
		}
		shown.Next()
		cells, err := raw.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return notAWorkbook()
		}
		seen, err := shown.Columns()
		if err != nil {
			return notAWorkbook()
		}
		if blank(cells) {
			continue
		}
		r := record{line: n, cells: cells}
		if len(cells) > MaxCols && !blank(cells[MaxCols:]) {
			r = record{line: n, lost: problem(n, "", fmt.Sprintf("This row has more than %d cells.", MaxCols), fmt.Sprintf("这一行超过 %d 格。", MaxCols)), raw: []byte(strings.Join(cells, " "))}
		}
		for i := range r.cells {
			if i < len(seen) {
				r.cells[i] = w.text(r.cells[i], seen[i])
			}
		}
		if !yield(r) {
			return nil
		}
	}
	if err := raw.Error(); err != nil {
		return notAWorkbook()
	}
	return nil
}

// text is a cell's text. A number, which is known by being shown otherwise than
// it is kept, comes with the 15 digits that a workbook can hold; where it has
// more, as it is kept, so that its loss can be named. One that is shown as a
// date is that date, to the second.
func (w *workbook) text(raw, shown string) string {
	n, err := strconv.ParseFloat(raw, 64)
	if raw == shown || err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return raw
	}
	if n < 1 || n > 2958466 || !shownDate.MatchString(shown) { // up to the year 9999
		return digits(raw, n)
	}
	at, err := excelize.ExcelDateToTime(n, w.date1904)
	if err != nil {
		return raw
	}
	if n == float64(int64(n)) {
		return at.Format("2006-01-02")
	}
	return at.Format("2006-01-02 15:04:05")
}

// digits is a number as its text, without what a computer added to it: 118.8
// of 118.80000000000001, 20261101 of 2.0261101E7.
func digits(raw string, n float64) string {
	if math.Abs(n) < 1e15 {
		short, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64)
		if err != nil {
			return raw
		}
		return strconv.FormatFloat(short, 'f', -1, 64)
	}
	// Written out by a program from a number of 53 bits, it has digits that it never had.
	if raw == strconv.FormatFloat(n, 'f', -1, 64) {
		return strconv.FormatFloat(n, 'E', -1, 64)
	}
	return raw
}
