package intake

import (
	"fmt"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
)

// filing is a claim as JSON Lines have it.
type filing struct {
	OrderID string         `json:"order_id"`
	LineIDs []string       `json:"line_ids"`
	Units   map[string]int `json:"units"`
	Kind    claim.Kind     `json:"kind"`
	Reason  claim.Reason   `json:"reason"`
	Ask     money.Money    `json:"ask"`
	Story   string         `json:"story"`
}

// part is one row of an order: what it says of the order, and one line.
type part struct {
	line                         int
	id, merchant, buyer          string
	currency                     string
	total, discount, freight     *int64
	placed, shipped, delivered   *stamp
	updated                      *stamp
	shipment                     order.Shipment
	article                      order.Line
	amount, paid, less, lineShip *int64 // of the line: all pieces, what was paid, discount, freight
	bad                          []*Problem
}

// partOf reads a row.
func partOf(s *sheet) part {
	p := part{line: s.line, id: s.id("order_id")}
	if p.id == "" {
		s.wrong("order_id", text.Text{
			EN: "This row has no order number. It may belong to the order above, which was therefore not taken either.",
			ZH: "这一行没有订单编号，可能属于上一个订单，因此上一个订单也未导入。",
		})
	}
	if p.merchant = s.id("merchant_id"); p.merchant == "" {
		p.merchant = s.habits.merchant
	}
	p.buyer = s.id("buyer_id")
	if p.buyer == "" {
		p.buyer = derived(s.habits.platform, s.cell("buyer"))
	}
	p.currency = s.currency()
	money := func(name string) *int64 {
		if m, given := s.amount(name, p.currency); given {
			return &m.Amount
		}
		return nil
	}
	p.total, p.discount, p.freight = money("total"), money("discount"), money("freight")
	p.amount, p.paid, p.less, p.lineShip = money("line_amount"), money("line_paid"), money("line_discount"), money("line_freight")
	p.placed, p.shipped, p.delivered = s.moment("placed_at"), s.moment("shipped_at"), s.moment("delivered_at")
	p.updated = s.moment("updated_at")
	p.shipment = order.Shipment{
		Carrier: s.text("carrier", 100), Tracking: s.number("tracking"), Province: s.text("province", 100),
		City: s.text("city", 100), District: s.text("district", 100),
	}
	p.article = order.Line{
		ID: s.id("line_id"), SKU: s.number("sku"), Title: s.text("title", order.MaxTitle),
		Category: s.text("category", 200), Quantity: s.count("quantity"),
	}
	price := money("price")
	p.priced(s, price)
	p.bad = s.problems
	return p
}

// priced settles what one piece costs. Where the row tells only what all of
// them cost, the price is that divided, rounded up where it must be.
func (p *part) priced(s *sheet, price *int64) {
	l := &p.article
	l.Price.Currency = p.currency
	n := int64(max(l.Quantity, 1))
	switch {
	case l.Title == "":
		s.wrong("title", text.Text{EN: "The article has no name.", ZH: "缺少商品名称。"})
	case price == nil && p.amount == nil:
		s.wrong("price", text.Text{EN: "The article has no price.", ZH: "缺少单价。"})
	case price == nil:
		l.Price.Amount = (*p.amount + n - 1) / n
	default:
		l.Price.Amount = *price
		if p.amount == nil {
			all := *price * n
			p.amount = &all
		}
	}
	if l.Price.Amount*n > money.Max {
		s.wrong("price", text.Text{EN: "This amount is larger than any that can be kept.", ZH: "金额超出上限。"})
	}
}

func merchantOf(s *sheet) order.Merchant {
	m := order.Merchant{ID: s.id("merchant_id"), Name: s.text("name", 200)}
	m.Consent.Reasons, m.Consent.Categories = s.list("consent_reasons"), s.list("consent_categories")
	for _, k := range s.list("consent_kinds") {
		m.Consent.Kinds = append(m.Consent.Kinds, string(kindWord(k)))
	}
	for i, r := range m.Consent.Reasons {
		m.Consent.Reasons[i] = string(reasonWord(r))
	}
	if upTo, given := s.amount("consent_up_to", s.currency()); given {
		m.Consent.UpTo = upTo
	}
	return m
}

func buyerOf(s *sheet) order.Buyer {
	b := order.Buyer{
		ID: s.id("buyer_id"), Name: s.text("name", 66), Phone: s.number("phone"), Email: s.text("email", 254),
		Language: s.text("language", 10),
	}
	return b
}

func filingOf(s *sheet) desk.Filing {
	f := desk.Filing{
		OrderID: s.id("order_id"), LineIDs: s.list("line_ids"), Kind: kindWord(s.cell("kind")),
		Reason: reasonWord(s.cell("reason")), Story: s.text("story", desk.MaxText),
	}
	if ask, given := s.amount("ask", s.currency()); given {
		f.Ask = ask
	}
	units := s.list("units")
	if len(units) > 0 && len(units) != len(f.LineIDs) {
		s.wrong("units", text.Text{
			EN: "Say how many pieces for each line that is named, in the same sequence.",
			ZH: "请按行号的顺序逐行填写件数。",
		})
		return f
	}
	style, _ := s.style(s.column("units"))
	for i, said := range units {
		n, ok := whole(said, style)
		if !ok || n < 1 {
			s.wrong(
				"units",
				text.Text{
					EN: fmt.Sprintf("Write a whole number from 1 to %d.", order.MaxQuantity),
					ZH: fmt.Sprintf("请填写 1 至 %d 的整数。", order.MaxQuantity),
				},
			)
			return f
		}
		if f.Units == nil {
			f.Units = map[string]int{}
		}
		f.Units[f.LineIDs[i]] = n
	}
	return f
}
