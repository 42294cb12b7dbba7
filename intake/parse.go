package intake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/order"
)

// filing is a claim as JSON Lines have it.
type filing struct {
	OrderID string       `json:"order_id"`
	LineIDs []string     `json:"line_ids"`
	Kind    claim.Kind   `json:"kind"`
	Reason  claim.Reason `json:"reason"`
	Ask     order.Money  `json:"ask"`
	Story   string       `json:"story"`
}

// strict reads one JSON value and nothing else; a field with a wrong name
// would be lost in silence.
func strict(line int, data []byte, into any) *Problem {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if _, e := d.Token(); e != io.EOF {
			err = errors.New("more than one value")
		}
	}
	if err == nil {
		return nil
	}
	field := ""
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		field = kind.Field
		shape := desk.ShapeOf(kind.Type)
		return problem(line, field, "This must be "+shape.EN+".", "类型有误，此处应为"+shape.ZH+"。")
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return problem(line, strings.Trim(name, `"`), "There is no such field; see the API's description.", "没有该字段，请参阅接口文档。")
	}
	return problem(line, field, "This is no JSON object of the documented shape: "+err.Error()+".", "不是符合文档格式的 JSON 对象："+err.Error()+"。")
}

// sheet reads the cells of one row and gathers what is wrong.
type sheet struct {
	row
	zone     *time.Location
	used     []string
	problems []*Problem
}

func (s *sheet) text(name string) string {
	s.used = append(s.used, name)
	return s.cells[name]
}

func (s *sheet) wrong(name, en, zh string) {
	s.problems = append(s.problems, problem(s.line, name, en, zh))
}

// amount reads main units, such as 39.90, exactly; empty is 0 and false.
func (s *sheet) amount(name, currency string) (m order.Money, given bool) {
	text := s.text(name)
	m.Currency = currency
	if text == "" {
		return m, false
	}
	n, err := minor(strings.TrimPrefix(strings.TrimPrefix(text, "¥"), "￥"), order.Exponent(currency))
	if err != nil {
		s.wrong(name, fmt.Sprintf("Write an amount such as 39.90, with at most %d decimals.", order.Exponent(currency)), fmt.Sprintf("金额请写作 39.90 的形式，最多 %d 位小数。", order.Exponent(currency)))
	}
	m.Amount = n
	return m, true
}

// minor turns a decimal into the smallest unit.
func minor(text string, decimals int) (int64, error) {
	whole, part, _ := strings.Cut(strings.ReplaceAll(text, ",", ""), ".")
	if len(part) > decimals && strings.Trim(part[decimals:], "0") != "" || len(whole) > 15 || len(part) > 15 || whole == "" {
		return 0, errors.New("no amount")
	}
	digits := whole + (part + strings.Repeat("0", decimals))[:decimals]
	n, err := strconv.ParseUint(digits, 10, 62)
	return int64(n), err
}

// time reads RFC 3339, or a date and time as spreadsheets write it, in the
// zone of the import.
func (s *sheet) time(name string) *time.Time {
	text := s.text(name)
	if text == "" {
		return nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02 15:04", "2006/1/2 15:04:05", "2006/1/2 15:04", "2006-01-02", "2006/1/2"} {
		if t, err := time.ParseInLocation(layout, text, s.zone); err == nil && t.Year() > 1990 && t.Year() < 2200 {
			t = t.UTC().Truncate(time.Microsecond)
			return &t
		}
	}
	s.wrong(name, "Write a time such as 2026-11-01 09:30:00 or 2026-11-01T09:30:00+08:00.", "时间请写作 2026-11-01 09:30:00 或 2026-11-01T09:30:00+08:00。")
	return nil
}

func (s *sheet) list(name string) []string {
	return strings.FieldsFunc(s.text(name), func(r rune) bool { return strings.ContainsRune(";；| ", r) })
}

func (s *sheet) currency() string {
	if c := s.text("currency"); c != "" {
		return strings.ToUpper(c)
	}
	return "CNY"
}

// done complains about columns that nobody asked for: a misspelt one would be
// lost in silence.
func (s *sheet) done() []*Problem {
	for name := range s.cells {
		if !slices.Contains(s.used, name) {
			s.wrong(name, "There is no such column; see evenhand import --help.", "没有这一列，用法见 evenhand import --help。")
		}
	}
	slices.SortStableFunc(s.problems, func(a, b *Problem) int { return strings.Compare(a.Field, b.Field) })
	return s.problems
}

// orderOf reads an order, of which a CSV row is one line.
func orderOf(r row, zone *time.Location) (o order.Order, totalGiven bool, bad []*Problem) {
	if r.json != nil {
		if p := strict(r.line, r.json, &o); p != nil {
			return o, true, []*Problem{p}
		}
		return o, true, nil
	}
	s := &sheet{row: r, zone: zone}
	o.ID = s.text("order_id")
	if id := s.text("id"); o.ID == "" {
		o.ID = id
	}
	o.MerchantID, o.BuyerID = s.text("merchant_id"), s.text("buyer_id")
	currency := s.currency()
	l := order.Line{ID: s.text("line_id"), SKU: s.text("sku"), Title: s.text("title"), Category: s.text("category"), Quantity: 1}
	if l.ID == "" {
		l.ID = "1"
	}
	if q := s.text("quantity"); q != "" {
		n, err := strconv.Atoi(q)
		if err != nil {
			s.wrong("quantity", "Write a whole number.", "请填写整数。")
		}
		l.Quantity = n
	}
	l.Price, _ = s.amount("price", currency)
	o.Lines = []order.Line{l}
	o.Total, totalGiven = s.amount("total", currency)
	if t := s.time("placed_at"); t != nil {
		o.PlacedAt = *t
	}
	o.ShippedAt, o.DeliveredAt = s.time("shipped_at"), s.time("delivered_at")
	ship := order.Shipment{Carrier: s.text("carrier"), Tracking: s.text("tracking"), Province: s.text("province"), City: s.text("city"), District: s.text("district")}
	if ship != (order.Shipment{}) {
		o.Shipment = &ship
	}
	return o, totalGiven, s.done()
}

func merchantOf(r row, zone *time.Location) (m order.Merchant, bad []*Problem) {
	if r.json != nil {
		if p := strict(r.line, r.json, &m); p != nil {
			bad = append(bad, p)
		}
		return m, bad
	}
	s := &sheet{row: r, zone: zone}
	m.ID = s.text("merchant_id")
	if id := s.text("id"); m.ID == "" {
		m.ID = id
	}
	m.Name = s.text("name")
	m.Consent.Kinds, m.Consent.Reasons, m.Consent.Categories = s.list("consent_kinds"), s.list("consent_reasons"), s.list("consent_categories")
	upTo, given := s.amount("consent_up_to", s.currency())
	if given {
		m.Consent.UpTo = upTo
	}
	return m, s.done()
}

func buyerOf(r row, zone *time.Location) (b order.Buyer, bad []*Problem) {
	if r.json != nil {
		if p := strict(r.line, r.json, &b); p != nil {
			bad = append(bad, p)
		}
		return b, bad
	}
	s := &sheet{row: r, zone: zone}
	b.ID = s.text("buyer_id")
	if id := s.text("id"); b.ID == "" {
		b.ID = id
	}
	b.Name, b.Phone, b.Email, b.Language = s.text("name"), s.text("phone"), s.text("email"), s.text("language")
	return b, s.done()
}

func filingOf(r row, zone *time.Location) (f desk.Filing, bad []*Problem) {
	var j filing
	if r.json != nil {
		if p := strict(r.line, r.json, &j); p != nil {
			return f, []*Problem{p}
		}
	} else {
		s := &sheet{row: r, zone: zone}
		j.OrderID, j.LineIDs, j.Story = s.text("order_id"), s.list("line_ids"), s.text("story")
		j.Kind, j.Reason = claim.Kind(word(kindsZH, s.text("kind"))), claim.Reason(word(reasonsZH, s.text("reason")))
		ask, given := s.amount("ask", s.currency())
		if given {
			j.Ask = ask
		}
		bad = s.done()
	}
	return desk.Filing{OrderID: j.OrderID, LineIDs: j.LineIDs, Kind: j.Kind, Reason: j.Reason, Ask: j.Ask, Story: j.Story}, bad
}

// word takes a Chinese word for its code, and leaves others as they are.
func word(of map[string]string, text string) string {
	if code, ok := of[text]; ok {
		return code
	}
	return text
}

var kindsZH = map[string]string{"仅退款": "refund_only", "退货退款": "return_refund", "换货": "exchange", "维修": "repair", "部分退款": "partial_refund"}

var reasonsZH = map[string]string{
	"商品破损": "damaged", "破损": "damaged", "发错货": "wrong_item", "少件": "missing", "漏发": "missing", "与描述不符": "not_as_described",
	"质量问题": "quality", "变质": "expired", "过期": "expired", "未收到货": "not_received", "假冒": "counterfeit", "其他": "other",
}
