package intake

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/evenhand/evenhand/text"
)

// Bounds of a workbook. What it says of its own size is believed, for reading
// stops where a part is larger than it says.
const (
	MaxWorkbook  = 64 << 20  // bytes, packed
	maxUnpacked  = 512 << 20 // bytes of all its parts
	maxTexts     = 64 << 20  // bytes of the texts that its cells share, which are kept in memory
	maxPart      = 16 << 20  // bytes of any other part that is no worksheet
	maxParts     = 2000
	maxExpansion = 200 // times its packed size may a part of over 1 MB be
)

// inMemory is held by the one workbook whose texts may be in memory, and
// patience is how long others wait for it.
var inMemory = make(chan struct{}, 1)

const patience = 30 * time.Second

// workbook is an xlsx file (ECMA-376, 1st edition, part 4, 3: SpreadsheetML).
// It is read here and not by a library, so that every row and the checksum of
// every part that is read is accounted for: one that is damaged in its middle
// is refused rather than read up to there.
type workbook struct {
	parts    map[string]*zip.File
	sheets   []worksheet
	texts    texts
	dates    []bool // by style: whether it shows a number as a date
	date1904 bool
}

// worksheet is one sheet of a workbook.
type worksheet struct {
	book *workbook
	name string
	part string
}

// openWorkbook checks a workbook's bounds before anything of it is unpacked.
func openWorkbook(ctx context.Context, file io.ReadSeeker, o Options) (*source, error) {
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	if size > MaxWorkbook {
		return nil, fileError(
			"The workbook is larger than 64 MB: export it as CSV, or split it.",
			"工作簿超过 64 MB，请导出为 CSV 或拆分。")
	}
	z, err := zip.NewReader(&readerAt{file}, size)
	if err != nil {
		return nil, notAWorkbook()
	}
	if err := bounded(z); err != nil {
		return nil, err
	}
	free, err := alone(ctx)
	if err != nil {
		return nil, err
	}
	s := &source{close: free}
	w := &workbook{}
	if err = w.open(z); err == nil {
		err = s.choose(w, o)
	}
	if err != nil {
		s.close()
		return s, err
	}
	return s, nil
}

// alone waits until no other workbook is in memory.
func alone(ctx context.Context) (free func(), err error) {
	select {
	case inMemory <- struct{}{}:
		return func() { <-inMemory }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(patience):
		return nil, fileError(
			"Another workbook is being read at the moment: try again when it is done, or export this one as CSV.",
			"正在读取另一个工作簿，请稍后重试，或将该文件导出为 CSV。")
	}
}

func notAWorkbook() error {
	return fileError(
		"This is no workbook that can be read: it is damaged, or another kind of archive.",
		"无法读取该工作簿：文件已损坏，或是其他类型的压缩包。")
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
func bounded(z *zip.Reader) error {
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

// partName is by what a part is found: programs differ in its letters' case
// and in its slashes.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}

// open reads what stands around the worksheets.
func (w *workbook) open(z *zip.Reader) error {
	w.parts = map[string]*zip.File{}
	for _, f := range z.File {
		name := partName(f.Name)
		if w.parts[name] != nil {
			return notAWorkbook() // which of the two counts?
		}
		w.parts[name] = f
	}
	main := "xl/workbook.xml"
	root, err := w.relations("")
	if err != nil {
		return err
	}
	for _, r := range root {
		if r.is("/officeDocument") {
			main = r.part
		}
	}
	rels, err := w.relations(main)
	if err != nil {
		return err
	}
	if err := w.index(main, rels); err != nil {
		return err
	}
	for _, r := range rels {
		switch {
		case r.is("/sharedStrings"):
			err = w.shared(r.part)
		case r.is("/styles"):
			err = w.styles(r.part)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// choose takes the worksheet that has most known columns, and tells of others
// that hold anything.
func (s *source) choose(book *workbook, o Options) error {
	most := -1
	var first error
	var filled []string
	for i := range book.sheets {
		w := &book.sheets[i]
		l, err := headerOf(w, o, false)
		if err != nil {
			if first == nil {
				first = err
			}
			if s.layout == nil || l != nil && len(l.unknown()) < len(l.columns) {
				s.layout = l
			}
			if !isEmpty(w) {
				filled = append(filled, w.name)
			}
			continue
		}
		filled = append(filled, w.name)
		if n := len(l.columns) - len(l.unknown()); n > most {
			most, s.table, s.sheet, s.layout = n, w, w.name, l
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
		s.notes = append(s.notes, note(text.Text{
			EN: fmt.Sprintf("The worksheet %q was read; these were not: %s.", s.sheet, strings.Join(others, ", ")),
			ZH: fmt.Sprintf("读取了工作表“%s”，以下工作表未读取：%s。", s.sheet, strings.Join(others, "、")),
		}))
	}
	return nil
}

func isEmpty(w *worksheet) bool {
	empty := true
	_ = w.rows(func(record) bool { empty = false; return false })
	return empty
}

// number is the text of a number in a cell, whose style shows it as a date or
// not, with the 15 digits that a workbook can hold; where it has more, as it is
// kept, so that its loss can be named. A date comes to the second. plain is
// whether the text is a number, which always has a point before its decimals.
func (w *workbook) number(raw string, style int) (text string, plain bool) {
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		return raw, false
	}
	// From the first of March 1900, before which day numbers are in dispute, to the year 9999.
	if style < 0 || style >= len(w.dates) || !w.dates[style] || n < 61 || n > 2958466 {
		return digits(raw, n), true
	}
	from := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if w.date1904 {
		from = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	days := math.Floor(n)
	at := from.AddDate(0, 0, int(days)).Add(time.Duration(math.Round((n-days)*86400)) * time.Second)
	if n == days {
		return at.Format("2006-01-02"), false
	}
	return at.Format("2006-01-02 15:04:05"), false
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

var (
	formatWords  = regexp.MustCompile(`"[^"]*"|\[[^\]]*\]|\\.|[_*].`) // what stands for itself, colours, conditions, spaces
	secondParts  = regexp.MustCompile(`[sS]\.0+`)
	datePart     = regexp.MustCompile(`[yYmMdDhHsS]`)
	numberDigits = regexp.MustCompile(`[0#?]`)
)

// showsDate is whether a number format shows a date or a time (ECMA-376, part
// 4, 3.8.30 and 3.8.31): by its code, or by its number where it is built in.
func showsDate(id int, code string) bool {
	if code == "" {
		return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
	}
	code = formatWords.ReplaceAllString(code, "")
	code, _, _ = strings.Cut(code, ";")
	if strings.EqualFold(strings.TrimSpace(code), "general") {
		return false
	}
	return datePart.MatchString(code) && !numberDigits.MatchString(secondParts.ReplaceAllString(code, ""))
}
