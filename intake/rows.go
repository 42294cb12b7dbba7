package intake

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/evenhand/evenhand/evidence"
)

// Bounds of a file. A row is a line of JSON, or a record of CSV.
const (
	MaxRow  = 1 << 20 // bytes
	MaxRows = 1_000_000
	maxCols = 200
)

// Problem is what is wrong with a row.
type Problem struct {
	Line  int    // from 1
	Field string // as the file names it; may be empty
	Text  evidence.Text
}

// row is one record: CSV's cells by canonical name, or a line of JSON.
type row struct {
	line  int
	cells map[string]string
	json  []byte
}

func problem(line int, field, en, zh string) *Problem {
	return &Problem{Line: line, Field: field, Text: evidence.Text{EN: en, ZH: zh}}
}

// decoded answers the bytes as UTF-8. A file that is not UTF-8 is taken for
// GB18030, which Chinese spreadsheets write and of which GBK and GB 2312 are
// parts; the first bytes decide, for a file is in one encoding.
func decoded(r io.Reader) (*bufio.Reader, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	head, err := b.Peek(64 << 10)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, err
	}
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		_, err := b.Discard(3)
		return b, err
	}
	for i := 1; i < utf8.UTFMax && i < len(head); i++ { // a rune cut in two at the end
		if utf8.RuneStart(head[len(head)-i]) {
			if !utf8.FullRune(head[len(head)-i:]) {
				head = head[:len(head)-i]
			}
			break
		}
	}
	if utf8.Valid(head) || !isGB18030(head) {
		return b, nil // a row that is not UTF-8 is refused by itself
	}
	return bufio.NewReaderSize(simplifiedchinese.GB18030.NewDecoder().Reader(b), 64<<10), nil
}

// isGB18030 is whether the bytes, but for a character cut in two at the end,
// are text in that encoding.
func isGB18030(head []byte) bool {
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(head)
	for range 3 {
		out = bytes.TrimSuffix(out, []byte(string(utf8.RuneError)))
	}
	return err == nil && !bytes.ContainsRune(out, utf8.RuneError)
}

// rows yields a file's rows, or what is wrong with one. The error ends it.
func rows(r io.Reader, yield func(row, *Problem) bool) error {
	b, err := decoded(r)
	if err != nil {
		return err
	}
	c, err := b.Peek(1)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return err
	}
	if c[0] == '{' {
		return jsonRows(b, yield)
	}
	return csvRows(b, yield)
}

func jsonRows(b *bufio.Reader, yield func(row, *Problem) bool) error {
	for n := 1; n <= MaxRows; n++ {
		line, long, err := readLine(b)
		if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0 && !long) {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		line = bytes.TrimSpace(line)
		switch {
		case long:
			if !yield(row{line: n}, problem(n, "", "This line is longer than 1 MB; is a line break missing?", "这一行超过 1 MB，是否缺少换行？")) {
				return nil
			}
		case len(line) == 0:
		case !utf8.Valid(line):
			if !yield(row{line: n}, encodingProblem(n)) {
				return nil
			}
		case !yield(row{line: n, json: line}, nil):
			return nil
		}
	}
	return errTooMany
}

var errTooMany = fmt.Errorf("more than %d rows: split the file", MaxRows)

func encodingProblem(n int) *Problem {
	return problem(n, "", "This row is neither UTF-8 nor GB18030; save the file as UTF-8.", "这一行既不是 UTF-8 也不是 GB18030，请将文件另存为 UTF-8。")
}

// readLine reads one line of at most MaxRow bytes; a longer one is skipped.
func readLine(b *bufio.Reader) (line []byte, long bool, err error) {
	for {
		part, err := b.ReadSlice('\n')
		if len(line)+len(part) > MaxRow {
			line, long = nil, true
		} else if !long {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, long, err
		}
	}
}

// bounded stops a CSV record without end: an open quote would otherwise
// swallow the rest of the file into memory.
type bounded struct {
	r    io.Reader
	left int
}

var errLong = errors.New("a record is longer than 1 MB")

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errLong
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

func csvRows(b *bufio.Reader, yield func(row, *Problem) bool) error {
	limit := &bounded{r: b, left: MaxRow + 8192}
	c := csv.NewReader(limit)
	c.FieldsPerRecord, c.TrimLeadingSpace = -1, true
	var names []string
	for n := 0; n <= MaxRows; n++ {
		record, err := c.Read()
		limit.left = MaxRow + 8192 // csv reads ahead by its buffer
		var bad *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &bad) && !errors.Is(err, errLong):
			if !yield(row{line: bad.StartLine}, problem(bad.StartLine, "", "The quotation marks of this row do not match.", "这一行的引号不成对。")) {
				return nil
			}
			continue
		case err != nil:
			return err
		case names == nil:
			if names, err = header(record); err != nil {
				return err
			}
			continue
		}
		line, _ := c.FieldPos(0)
		r, p := cells(line, names, record)
		if r.cells == nil && p == nil {
			continue
		}
		if !yield(r, p) {
			return nil
		}
	}
	return errTooMany
}

// header turns the first row into canonical names.
func header(record []string) ([]string, error) {
	if len(record) > maxCols {
		return nil, fmt.Errorf("more than %d columns", maxCols)
	}
	names := make([]string, len(record))
	for i, cell := range record {
		name := strings.ToLower(strings.TrimSpace(cell))
		if known, ok := columnsZH[name]; ok {
			name = known
		}
		names[i] = name
	}
	return names, nil
}

func cells(line int, names, record []string) (row, *Problem) {
	r := row{line: line}
	if strings.Join(record, "") == "" {
		return r, nil
	}
	if len(record) > len(names) {
		return r, problem(line, "", fmt.Sprintf("This row has %d cells and the header %d; is there a comma that should be in quotation marks?", len(record), len(names)), fmt.Sprintf("这一行有 %d 格，表头只有 %d 格；是否有逗号未加引号？", len(record), len(names)))
	}
	r.cells = map[string]string{}
	for i, cell := range record {
		if !utf8.ValidString(cell) || strings.ContainsRune(cell, utf8.RuneError) {
			return r, encodingProblem(line)
		}
		if cell = strings.TrimSpace(cell); cell != "" {
			r.cells[names[i]] = cell
		}
	}
	return r, nil
}

// columnsZH are the Chinese names of columns, as exports of shops have them.
var columnsZH = map[string]string{
	"编号": "id", "订单号": "order_id", "订单编号": "order_id", "商家编号": "merchant_id", "买家编号": "buyer_id", "行号": "line_id",
	"商品编码": "sku", "商品名称": "title", "类目": "category", "数量": "quantity", "单价": "price", "币种": "currency", "实付金额": "total",
	"下单时间": "placed_at", "发货时间": "shipped_at", "签收时间": "delivered_at", "快递公司": "carrier", "快递单号": "tracking",
	"省": "province", "市": "city", "区": "district", "名称": "name", "姓名": "name", "手机": "phone", "邮箱": "email", "语言": "language",
	"售后类型": "kind", "申请原因": "reason", "申请金额": "ask", "说明": "story",
	"同意类型": "consent_kinds", "同意原因": "consent_reasons", "同意类目": "consent_categories", "同意上限": "consent_up_to",
}
