package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
)

// habits are those of a whole file, found by looking at all of it.
type habits struct {
	numbers  Style
	mixed    bool
	dates    DateOrder
	zone     *time.Location
	merchant string // where no column says
	currency string // where no column says
	platform string
	// cut is whether numbers of more than 15 digits lost their ends in a spreadsheet.
	cut bool
}

// sheet reads the cells of one row and gathers what is wrong.
type sheet struct {
	line     int
	cells    []string
	numbers  []bool // as of a record
	layout   *layout
	habits   habits
	problems []*Problem
}

func (s *sheet) wrong(name string, t text.Text) {
	s.problems = append(s.problems, &Problem{Line: s.line, Field: name, Column: s.layout.header(name), Text: t})
}

// cell is a field's text, without what spreadsheets put around it.
func (s *sheet) cell(name string) string {
	i, ok := s.layout.by[name]
	if !ok || i >= len(s.cells) {
		return ""
	}
	return unwrapped(s.cells[i])
}

// style is how the amount in a column is written: as those of the file are,
// but for a workbook's own numbers.
func (s *sheet) style(column int) (style Style, mixed bool) {
	if column >= 0 && column < len(s.numbers) && s.numbers[column] {
		return Point, false
	}
	return s.habits.numbers, s.habits.mixed
}

// column is a field's, or -1.
func (s *sheet) column(name string) int {
	if i, ok := s.layout.by[name]; ok {
		return i
	}
	return -1
}

var (
	scientific = regexp.MustCompile(`^\d\.\d+[Ee]\+?\d{1,2}$|^\d[Ee]\+\d{1,2}$`)
	numeric    = regexp.MustCompile(`^[0-9A-Za-z:._+-]+$`)
	longDigits = regexp.MustCompile(`^\d{16,}$`)
)

// unwrapped takes off ="…", with which exports keep spreadsheets from
// changing a number; nothing is lost by it.
func unwrapped(text string) string {
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "\ufeff"))
	if inner, ok := strings.CutPrefix(text, `="`); ok {
		if inner, ok = strings.CutSuffix(inner, `"`); ok {
			return strings.TrimSpace(strings.ReplaceAll(inner, `""`, `"`))
		}
	}
	return text
}

// bareNumber takes off a leading ' or ` as well, which do the same for a
// number; in a text they would be part of it.
func bareNumber(text string) string {
	for _, mark := range []string{"'", "’", "`"} {
		if rest, ok := strings.CutPrefix(text, mark); ok && numeric.MatchString(rest) {
			return rest
		}
	}
	return text
}

// number reads what names something: an order, a line, a party.
func (s *sheet) number(name string) string {
	said := bareNumber(narrow.Replace(s.cell(name)))
	switch {
	case scientific.MatchString(said):
		s.wrong(name, text.Text{
			EN: "A spreadsheet has turned this number into " + said + ", and its last digits are gone. Export again and import that file without opening it in a spreadsheet, or give the column the format Text before the numbers are put in.",
			ZH: "电子表格已把该编号变成 " + said + "，末尾数字已丢失。请重新导出，不要先用电子表格打开，直接导入；或在填入编号之前将该列设为“文本”格式。",
		})
	case s.habits.cut && cutShort(said):
		s.wrong(name, text.Text{
			EN: "All long numbers of this file end in zeros from the 16th digit on: a spreadsheet has cut them. Export again and import that file without opening it in a spreadsheet.",
			ZH: "该文件中的长编号从第 16 位起全部为 0，是被电子表格截断的。请重新导出，不要先用电子表格打开，直接导入。",
		})
	}
	return said
}

// cutShort is whether a long number has nothing but zeros beyond the 15 digits
// that a spreadsheet keeps (IEEE 754 double precision).
func cutShort(text string) bool {
	return longDigits.MatchString(text) && strings.Trim(text[15:], "0") == ""
}

// id reads a number that names something in the desk.
func (s *sheet) id(name string) string {
	before := len(s.problems)
	said := strings.TrimPrefix(s.number(name), "#")
	if said != "" && !order.ValidID(said) && len(s.problems) == before {
		s.wrong(name, text.Text{
			EN: "Write 1 to 64 letters, digits, '-', '_', '.' or ':'.",
			ZH: "须为 1 至 64 个字母、数字或“-”“_”“.”“:”。",
		})
	}
	return said
}

// text reads words.
func (s *sheet) text(name string, most int) string {
	said := s.cell(name)
	if len([]rune(said)) > most {
		s.wrong(
			name,
			text.Text{
				EN: fmt.Sprintf("This text has more than %d characters.", most),
				ZH: fmt.Sprintf("文字超过 %d 个字。", most),
			},
		)
	}
	return said
}

// list reads words between semicolons, bars or spaces; nil is none, which is
// not the same as a list that was emptied.
func (s *sheet) list(name string) []string {
	out := strings.FieldsFunc(s.cell(name), func(r rune) bool { return strings.ContainsRune(";；、|, ", r) })
	if len(out) == 0 {
		return nil
	}
	return out
}

// currency is that of the row's amounts.
func (s *sheet) currency() string {
	said := s.cell("currency")
	if said == "" {
		return s.habits.currency
	}
	code, ok := currencyOf(said)
	if !ok {
		s.wrong("currency", text.Text{
			EN: "Write three letters, such as CNY, or a word such as RMB, 人民币 or 元.",
			ZH: "币种请写三个字母，如 CNY，或写 RMB、人民币、元。",
		})
	}
	return code
}

// amount reads a field's amounts, added where several columns hold it. given
// is whether there was any.
func (s *sheet) amount(name, currency string) (m money.Money, given bool) {
	m.Currency = currency
	for i, f := range s.layout.of {
		if f.name != name || i >= len(s.cells) {
			continue
		}
		text := bareNumber(unwrapped(s.cells[i]))
		if text == "" {
			continue
		}
		given = true
		if currency == "" {
			continue // told elsewhere
		}
		style, mixed := s.style(i)
		n, why := worth(text, currency, style, mixed)
		if why != nil {
			s.problems = append(
				s.problems,
				&Problem{Line: s.line, Field: name, Column: s.layout.columns[i].Header, Text: *why},
			)
		}
		m.Amount += n
	}
	return m, given
}

// count reads how many there are; 1 where nothing is said.
func (s *sheet) count(name string) int {
	said := bareNumber(s.cell(name))
	if said == "" {
		return 1
	}
	style, _ := s.style(s.column(name))
	n, ok := whole(said, style)
	if !ok || n < 1 {
		s.wrong(
			name,
			text.Text{
				EN: fmt.Sprintf("Write a whole number from 1 to %d.", order.MaxQuantity),
				ZH: fmt.Sprintf("请填写 1 至 %d 的整数。", order.MaxQuantity),
			},
		)
	}
	return n
}

// moment reads a time; nil is none.
func (s *sheet) moment(name string) *stamp {
	text := s.cell(name)
	if text == "" || text == "-" {
		return nil
	}
	t, why := readTime(bareNumber(text), s.habits.zone, s.habits.dates)
	if why != nil {
		s.wrong(name, *why)
		return nil
	}
	return &t
}

// derived is a party's number, made of an account, a name or an address: the
// same each time. What can be a number already stays as it is, but for an
// account at another platform, which may be spelled as somebody else's number
// here. It is no secret: who knows an address can make its number.
func derived(platform, text string) string {
	if text == "" || platform == "" && order.ValidID(text) {
		return text
	}
	sum := sha256.Sum256([]byte("evenhand buyer\n" + platform + "\n" + strings.ToLower(text)))
	return "b-" + hex.EncodeToString(sum[:10])
}
