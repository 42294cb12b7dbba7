package intake

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/evenhand/evenhand/text"
)

// paidBack gathers the rows of a platform's export that tell of money paid
// back, or of an order that was closed. It lowers nothing: whether it was this
// desk's own remedy that the platform tells of cannot be known from a file.
type paidBack struct {
	rows    int
	lines   []string // the first of them
	columns []string
}

// backWords are how platforms say that an order was paid back or closed.
var backWords = regexp.MustCompile(`退款成功|已退款|退款完成|交易关闭|已关闭|已取消|refunded|cancell?ed|voided`)

func (p *paidBack) see(r record, l *layout) {
	told := false
	for _, i := range l.money {
		if i >= len(r.cells) {
			continue
		}
		text := strings.ToLower(unwrapped(r.cells[i]))
		digits, _ := bare(text)
		amount := strings.Trim(digits, "0123456789., ") == "" && strings.ContainsAny(digits, "123456789")
		if !amount && !backWords.MatchString(text) {
			continue
		}
		told = true
		if name := l.columns[i].Header; !slices.Contains(p.columns, name) {
			p.columns = append(p.columns, name)
		}
	}
	if told {
		if p.rows++; len(p.lines) <= 10 {
			p.lines = append(p.lines, strconv.Itoa(r.line))
		}
	}
}

func (p *paidBack) tell(say func(note)) {
	if p.rows == 0 {
		return
	}
	say(text.Text{
		EN: fmt.Sprintf(
			"%d rows tell of money paid back or of a closed order (columns %s; lines %s). Their orders count with what was paid at first: look at them before claims about them are decided, or leave them out.",
			p.rows, strings.Join(p.columns, ", "), some(p.lines, ", "),
		),
		ZH: fmt.Sprintf(
			"有 %d 行显示已退款或订单已关闭（列：%s；第 %s 行）。这些订单仍按最初实付金额计：请在处理相关售后之前核对，或不要导入。", p.rows,
			strings.Join(p.columns, "、"), some(p.lines, "、"),
		),
	})
}
