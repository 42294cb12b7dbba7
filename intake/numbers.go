package intake

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
)

// Style is how a file writes decimals.
type Style string

// The styles. With Unsure, what both would read, and differently, is refused.
const (
	Unsure Style = ""
	Point  Style = "point" // 1,234.50
	Comma  Style = "comma" // 1.234,50
)

// narrow makes ASCII of the digits and signs that Chinese keyboards write wide,
// and of the spaces that are put between thousands.
var narrow = strings.NewReplacer(
	"０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9",
	"．", ".", "，", ",", "－", "-", "−", "-", "／", "/", "：", ":", "\u00a0", " ", "\u202f", " ", "\u3000", " ",
)

// currencyWords are how people write currencies, in small letters.
var currencyWords = map[string]string{
	"rmb": "CNY", "人民币": "CNY", "元": "CNY", "人民币元": "CNY", "¥": "CNY", "￥": "CNY", "cn¥": "CNY", "圆": "CNY",
	"块": "CNY", "yuan": "CNY",
	"us$": "USD", "美元": "USD", "€": "EUR", "欧元": "EUR", "£": "GBP", "英镑": "GBP", "hk$": "HKD", "港币": "HKD", "港元": "HKD",
	"日元": "JPY", "円": "JPY", "jp¥": "JPY", "nt$": "TWD", "新台币": "TWD", "韩元": "KRW", "₩": "KRW", "澳元": "AUD",
	"加元": "CAD", "新加坡元": "SGD",
}

// currencyOf is the code of a currency, as three letters or a word.
func currencyOf(text string) (code string, ok bool) {
	t := strings.ToLower(strings.TrimSpace(text))
	if code, ok := currencyWords[t]; ok {
		return code, true
	}
	code = strings.ToUpper(t)
	if len(code) != 3 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return "", false
	}
	return code, true
}

// bare takes the currency off an amount: 100元, ¥ 100, USD 5. mark is what it
// was, empty where there was none.
func bare(text string) (digits, mark string) {
	text = strings.TrimSpace(narrow.Replace(text))
	at := strings.IndexAny(text, "0123456789")
	if at < 0 {
		return text, ""
	}
	end := strings.LastIndexAny(text, "0123456789") + 1
	before, after := strings.TrimSpace(text[:at]), strings.TrimSpace(text[end:])
	// A sign or a point belongs to the number, and makes it none or another.
	if rest, ok := strings.CutSuffix(before, "-"); ok {
		return "-" + text[at:end], strings.TrimSpace(rest)
	}
	if rest, ok := strings.CutSuffix(before, "."); ok {
		return "." + text[at:end], strings.TrimSpace(rest)
	}
	if before != "" && after != "" {
		return text, ""
	}
	return text[at:end], before + after
}

// reading is one meaning of a number's text, in units of 10^-decimals.
type reading struct {
	n     int64
	valid bool
	// plain means that the text holds no separator at all.
	plain bool
}

// read takes a number in one style: groups of three between the separators of
// thousands, or none at all; at most decimals after the other one, but for
// zeros.
func read(text string, style Style, decimals int) reading {
	thousands, point := ",", "."
	if style == Comma {
		thousands, point = ".", ","
	}
	whole, part, fraction := strings.Cut(text, point)
	if fraction && (part == "" || strings.Contains(part, point)) || whole == "" {
		return reading{}
	}
	plain := !fraction
	if strings.Contains(whole, thousands) || strings.Contains(whole, " ") {
		sep := thousands
		if !strings.Contains(whole, thousands) {
			sep = " "
		}
		groups := strings.Split(whole, sep)
		for i, g := range groups {
			if i > 0 && len(g) != 3 || len(g) > 3 || g == "" {
				return reading{}
			}
		}
		if groups[0][0] == '0' { // nobody writes 0,500 for five hundred
			return reading{}
		}
		plain = false
		whole = strings.Join(groups, "")
	}
	if len(whole) > 15 || len(part) > 15 || strings.Trim(whole+part, "0123456789") != "" {
		return reading{}
	}
	if len(part) > decimals && strings.Trim(part[decimals:], "0") != "" {
		return reading{}
	}
	n, err := strconv.ParseInt(whole+(part + strings.Repeat("0", decimals))[:decimals], 10, 64)
	return reading{n: n, valid: err == nil, plain: plain}
}

// styles gathers in which style the amounts of a file are written.
type styles struct {
	point, comma int // amounts that only this style reads
	both         int // and among those of comma, such as show groups and decimals
}

// see looks at one amount.
func (s *styles) see(text string) {
	digits, _ := bare(text)
	// More decimals than any currency has, so that the style alone decides.
	p, c := read(digits, Point, 3), read(digits, Comma, 3)
	switch {
	case p.valid && !c.valid:
		s.point++
	case c.valid && !p.valid:
		s.comma++
		if strings.Contains(digits, ".") && strings.Contains(digits, ",") {
			s.both++
		}
	}
}

// style is the one that the file certainly uses. A few amounts such as 1,5 may
// be slips of the hand: the comma is believed where cells are separated by
// semicolons, as spreadsheets do for those who write it, where some amount
// shows groups and decimals, or where there are three of them.
func (s styles) style(sep byte) Style {
	switch {
	case s.point > 0 && s.comma == 0:
		return Point
	case s.comma > 0 && s.point == 0 && (sep == ';' || s.both > 0 || s.comma >= 3):
		return Comma
	}
	return Unsure
}

// mixed is whether amounts of both styles are there.
func (s styles) mixed() bool { return s.point > 0 && s.comma > 0 }

// money reads an amount in main units exactly, in the style, or in the only
// way that makes sense.
func worth(said, currency string, style Style, mixed bool) (int64, *text.Text) {
	decimals := money.Exponent(currency)
	digits, mark := bare(said)
	if mark != "" {
		code, ok := currencyOf(mark)
		if yen := mark == "¥" || mark == "￥"; yen && currency == "JPY" || mark == "$" && strings.HasSuffix(currency, "D") {
			code, ok = currency, true
		}
		if !ok || code != currency {
			return 0, &text.Text{
				EN: fmt.Sprintf("The amount says %q, and the row's currency is %s.", mark, currency),
				ZH: fmt.Sprintf("金额标注为“%s”，而该行币种为 %s。", mark, currency),
			}
		}
	}
	if strings.HasPrefix(digits, "-") {
		return 0, &text.Text{EN: "An amount must not be below 0.", ZH: "金额不得为负。"}
	}
	n, ok := choose(digits, style, mixed, decimals)
	if !ok {
		return 0, amountText(decimals)
	}
	if n > money.Max {
		return 0, &text.Text{EN: "This amount is larger than any that can be kept.", ZH: "金额超出上限。"}
	}
	return n, nil
}

func amountText(decimals int) *text.Text {
	return &text.Text{
		EN: fmt.Sprintf(
			"Write an amount such as 39.90 or 1,299.00, with at most %d decimals; if the comma stands before the decimals in this file, say so.",
			decimals,
		),
		ZH: fmt.Sprintf("金额请写作 39.90 或 1,299.00 的形式，最多 %d 位小数；若文件以逗号作小数点，请声明。", decimals),
	}
}

// choose decides between the readings of a number. Without a style the point
// counts, as long as the comma would not make another sensible number of it.
func choose(digits string, style Style, mixed bool, decimals int) (int64, bool) {
	p, c := read(digits, Point, decimals), read(digits, Comma, decimals)
	switch style {
	case Point:
		return p.n, p.valid
	case Comma:
		return c.n, c.valid
	}
	if !p.valid || p.plain {
		return p.n, p.valid
	}
	if c.valid && c.n != p.n && (mixed || strings.Contains(digits, ".")) {
		return 0, false // 1.290 may be 1290
	}
	return p.n, true
}

// whole reads a count: 2, 2.0, 1,000.
func whole(text string, style Style) (int, bool) {
	digits, mark := bare(text)
	if mark != "" && mark != "件" && mark != "个" {
		return 0, false
	}
	n, ok := choose(digits, style, style == Unsure, 0)
	return int(n), ok && n <= order.MaxQuantity
}
