package intake

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
)

// wholeOrder makes an order of its rows, or says why none of them is taken.
func wholeOrder(rows []part, l *layout, h habits) (order.Order, []*Problem) {
	if bad := badRows(rows); len(bad) > 0 {
		return order.Order{}, bad
	}
	if bad := disagreements(rows, l); len(bad) > 0 {
		return order.Order{}, bad
	}
	first := rows[0]
	o := order.Order{ID: first.id}
	var placed, shipped, delivered *stamp
	var ship order.Shipment
	for _, r := range rows {
		o.MerchantID, o.BuyerID = or(o.MerchantID, r.merchant), or(o.BuyerID, r.buyer)
		o.Total.Currency = or(o.Total.Currency, r.currency)
		placed, shipped, delivered = or(placed, r.placed), or(shipped, r.shipped), or(delivered, r.delivered)
		ship = order.Shipment{
			Carrier: or(ship.Carrier, r.shipment.Carrier), Tracking: or(ship.Tracking, r.shipment.Tracking),
			Province: or(ship.Province, r.shipment.Province), City: or(ship.City, r.shipment.City),
			District: or(ship.District, r.shipment.District),
		}
		o.Lines = append(o.Lines, r.article)
	}
	if ship != (order.Shipment{}) {
		o.Shipment = &ship
	}
	if o.BuyerID == "" && h.platform != "" {
		o.BuyerID = perOrder(o.ID)
	}
	times(&o, placed, shipped, delivered, h.zone)
	for _, r := range rows {
		if r.updated != nil && (o.UpdatedAt == nil || r.updated.at.After(*o.UpdatedAt)) {
			o.UpdatedAt = &r.updated.at
		}
	}
	numbered(o.Lines)
	total, byLine, bad := totalOf(rows)
	if len(bad) > 0 {
		return o, bad
	}
	o.Total.Amount = total
	if p := share(o.Lines, rows, byLine); p != nil {
		return o, []*Problem{p}
	}
	return o, wrongs(o, rows, l)
}

// or is a, or b where a is nothing.
func or[T comparable](a, b T) T {
	var zero T
	if a == zero {
		return b
	}
	return a
}

// perOrder stands for a buyer whom the file does not name: one an order.
func perOrder(id string) string {
	out := "buyer-of-" + id
	if len(out) > 64 {
		out = derived("", out)
	}
	return out
}

// badRows are the problems of an order's rows, and, where only some have any,
// what that means for the others.
func badRows(rows []part) []*Problem {
	var bad []*Problem
	var spoilt, others []string
	at := 0
	for _, r := range rows {
		bad = append(bad, r.bad...)
		if len(r.bad) > 0 {
			spoilt = append(spoilt, strconv.Itoa(r.line))
			continue
		}
		if at == 0 {
			at = r.line
		}
		others = append(others, strconv.Itoa(r.line))
	}
	if len(bad) > 0 && len(others) > 0 {
		en := fmt.Sprintf(
			"Order %s is kept whole or not at all: line %s was not taken because of line %s.", rows[0].id,
			some(others, ", "), some(spoilt, ", "),
		)
		zh := fmt.Sprintf("订单 %s 须整单导入：因第 %s 行有误，第 %s 行也未导入。", rows[0].id, some(spoilt, "、"), some(others, "、"))
		bad = append(bad, problem(at, "", en, zh))
	}
	return bad
}

// some joins at most ten of a list.
func some(list []string, sep string) string {
	if len(list) > 10 {
		return strings.Join(list[:10], sep) + sep + "…"
	}
	return strings.Join(list, sep)
}

// disagreements are where the rows of one order say different things of it.
func disagreements(rows []part, l *layout) []*Problem {
	type said struct {
		field string
		of    func(part) string
	}
	at := func(s *stamp) string {
		if s == nil {
			return ""
		}
		return s.at.Format("2006-01-02 15:04:05Z07:00")
	}
	sum := func(n *int64, currency string) string {
		if n == nil {
			return ""
		}
		return money.Money{Amount: *n, Currency: currency}.String()
	}
	var bad []*Problem
	for _, s := range []said{
		{"merchant_id", func(p part) string { return p.merchant }},
		{"buyer_id", func(p part) string { return p.buyer }},
		{"currency", func(p part) string { return p.currency }},
		{"total", func(p part) string { return sum(p.total, p.currency) }},
		{"discount", func(p part) string { return sum(p.discount, p.currency) }},
		{"freight", func(p part) string { return sum(p.freight, p.currency) }},
		{"placed_at", func(p part) string { return at(p.placed) }},
		{"shipped_at", func(p part) string { return at(p.shipped) }},
		{"delivered_at", func(p part) string { return at(p.delivered) }},
		{"carrier", func(p part) string { return p.shipment.Carrier }},
		{"tracking", func(p part) string { return p.shipment.Tracking }},
		{"province", func(p part) string { return p.shipment.Province }},
		{"city", func(p part) string { return p.shipment.City }},
		{"district", func(p part) string { return p.shipment.District }},
	} {
		first := -1
		for i, r := range rows {
			v := s.of(r)
			switch {
			case v == "":
			case first < 0:
				first = i
			case v != s.of(rows[first]):
				a := s.of(rows[first])
				p := problem(r.line, s.field,
					fmt.Sprintf(
						"The rows of order %s disagree: line %d says %s, line %d says %s. None of them was taken.",
						r.id, rows[first].line, a, r.line, v,
					),
					fmt.Sprintf("订单 %s 的各行不一致：第 %d 行为 %s，第 %d 行为 %s。均未导入。", r.id, rows[first].line, a, r.line, v))
				p.Column = l.header(s.field)
				bad = append(bad, p)
				first = i
			}
		}
	}
	return bad
}

// numbered gives the lines without a number one: the next that is free.
func numbered(lines []order.Line) {
	used := map[string]bool{}
	for _, l := range lines {
		used[l.ID] = true
	}
	next := 1
	for i := range lines {
		if lines[i].ID != "" {
			continue
		}
		for used[strconv.Itoa(next)] {
			next++
		}
		lines[i].ID = strconv.Itoa(next)
		next++
	}
}

// times sets when things happened; a day without a time is not before what
// happened earlier on it.
func times(o *order.Order, placed, shipped, delivered *stamp, zone *time.Location) {
	if placed == nil {
		return
	}
	o.PlacedAt = placed.at
	latest := o.PlacedAt
	for _, x := range []struct {
		s    *stamp
		into **time.Time
	}{{shipped, &o.ShippedAt}, {delivered, &o.DeliveredAt}} {
		if x.s != nil {
			t := x.s.notBefore(latest, zone)
			*x.into = &t
			latest = t
		}
	}
}

// share sets what was paid for each line, where some row says more of it than
// its price: for all lines then, so that they are weighed alike.
func share(lines []order.Line, rows []part, byLine bool) *Problem {
	told := byLine
	for i, r := range rows {
		told = told || r.less != nil || r.lineShip != nil || deref(r.amount) != lines[i].Price.Amount*int64(lines[i].Quantity)
	}
	if !told {
		return nil
	}
	for i, r := range rows {
		paid := deref(r.amount) + deref(r.lineShip) - deref(r.less)
		if byLine {
			paid = *r.paid
		}
		if paid < 0 {
			return problem(r.line, "line_discount",
				"The discount of this line is larger than its goods.",
				"该行优惠超过商品金额。")
		}
		lines[i].Paid = &money.Money{Amount: paid, Currency: lines[i].Price.Currency}
	}
	return nil
}

// totalOf is what was paid: as the file says it for the order, or for each
// line, or the sum of its parts. byLine is whether each row says what was paid
// for it.
func totalOf(rows []part) (total int64, byLine bool, bad []*Problem) {
	goods := int64(0) // of the lines, with their freight and discounts
	paid, told := int64(0), 0
	alike := true // whether each row tells the same as paid
	fits := true  // whether each row's paid is the sum of the row's parts
	for _, r := range rows {
		if r.total != nil {
			return *r.total, false, nil
		}
		own := deref(r.amount) + deref(r.lineShip) - deref(r.less)
		goods += own
		if r.paid == nil {
			continue
		}
		told++
		paid += *r.paid
		fits = fits && *r.paid == own
		alike = alike && rows[0].paid != nil && *r.paid == *rows[0].paid
	}
	for _, r := range rows {
		if r.discount != nil || r.freight != nil {
			goods += deref(r.freight) - deref(r.discount)
			break
		}
	}
	line, id := rows[0].line, rows[0].id
	switch {
	case told == len(rows) && (told == 1 || !alike || fits):
		return paid, true, nil
	case told == len(rows) && *rows[0].paid == goods:
		return goods, false, nil // each row tells what was paid for the whole order
	case told > 0 && told == len(rows):
		return 0, false, []*Problem{problem(line, "line_paid",
			fmt.Sprintf(
				"Whether the amount paid in the rows of order %s is for each row or for the whole order cannot be told, for the sums do not add up. None of them was taken.",
				id,
			),
			fmt.Sprintf("无法判断订单 %s 各行的实付金额是单行还是整单金额，合计不符。均未导入。", id))}
	case told > 0:
		return 0, false, []*Problem{problem(
			line, "line_paid", fmt.Sprintf("Only some rows of order %s say what was paid.", id),
			fmt.Sprintf("订单 %s 只有部分行填写了实付金额。", id),
		)}
	case goods < 0:
		return 0, false, []*Problem{problem(
			line, "discount", fmt.Sprintf("The discounts of order %s are larger than its goods.", id),
			fmt.Sprintf("订单 %s 的优惠超过商品金额。", id),
		)}
	}
	return goods, false, nil
}

func deref(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

// wrongs are what the domain refuses of an order, in words of its file.
func wrongs(o order.Order, rows []part, l *layout) []*Problem {
	var bad []*Problem
	seen := map[string]int{}
	for i, a := range o.Lines {
		if j, twice := seen[a.ID]; twice {
			p := problem(rows[i].line, "line_id",
				fmt.Sprintf(
					"Line %s of order %s is there twice, in lines %d and %d of the file. None of its rows was taken.",
					a.ID, o.ID, rows[j].line, rows[i].line,
				),
				fmt.Sprintf("订单 %s 的行号 %s 重复，见文件第 %d 行和第 %d 行。该订单各行均未导入。", o.ID, a.ID, rows[j].line, rows[i].line))
			p.Column = l.header("line_id")
			return []*Problem{p}
		}
		seen[a.ID] = i
	}
	for _, f := range fieldErrors(o.Validate()) {
		name := f.Field
		if i := strings.LastIndexByte(name, '.'); i >= 0 {
			name = name[i+1:]
		}
		t := fieldText(f)
		p := problem(rows[0].line, f.Field, t.EN, t.ZH)
		p.Column = l.header(name)
		bad = append(bad, p)
	}
	slices.SortStableFunc(bad, func(a, b *Problem) int { return strings.Compare(a.Field, b.Field) })
	return bad
}

// fieldErrors takes a validation apart.
func fieldErrors(err error) []order.FieldError {
	many, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	var out []order.FieldError
	for _, e := range many.Unwrap() {
		if f, ok := e.(order.FieldError); ok {
			out = append(out, f)
		}
	}
	return out
}

// fieldText says what a field of an order must be, in both languages.
func fieldText(f order.FieldError) text.Text {
	name := f.Field[strings.LastIndexByte(f.Field, '.')+1:]
	t, ok := map[string]text.Text{
		"id":           {EN: "This must be 1 to 64 letters, digits, '-', '_', '.' or ':', and of a line unlike the others'.", ZH: "须为 1 至 64 个字母、数字或“-”“_”“.”“:”；行号不得重复。"},
		"merchant_id":  {EN: "The merchant's number is missing, or is not 1 to 64 letters, digits, '-', '_', '.' or ':'.", ZH: "缺少商家编号，或不是 1 至 64 个字母、数字或“-”“_”“.”“:”。"},
		"buyer_id":     {EN: "The buyer's number is missing, or is not 1 to 64 letters, digits, '-', '_', '.' or ':'.", ZH: "缺少买家编号，或不是 1 至 64 个字母、数字或“-”“_”“.”“:”。"},
		"lines":        {EN: fmt.Sprintf("An order has 1 to %d lines.", order.MaxLines), ZH: fmt.Sprintf("一个订单须有 1 至 %d 行商品。", order.MaxLines)},
		"total":        {EN: "The total must be an amount from 0 up, with a currency of three letters.", ZH: "总额须不小于 0，币种为三个字母。"},
		"placed_at":    {EN: "When the order was placed is missing.", ZH: "缺少下单时间。"},
		"shipped_at":   {EN: "It must not have been sent before it was ordered.", ZH: "发货时间不得早于下单时间。"},
		"delivered_at": {EN: "It must not have arrived before it was ordered or sent.", ZH: "签收时间不得早于下单或发货时间。"},
		"title":        {EN: fmt.Sprintf("The article's name must have 1 to %d characters.", order.MaxTitle), ZH: fmt.Sprintf("商品名称须为 1 至 %d 字。", order.MaxTitle)},
		"quantity":     {EN: fmt.Sprintf("Write a whole number from 1 to %d.", order.MaxQuantity), ZH: fmt.Sprintf("请填写 1 至 %d 的整数。", order.MaxQuantity)},
		"price":        {EN: "The price must be an amount from 0 up, with a currency of three letters.", ZH: "单价须不小于 0，币种为三个字母。"},
		"paid":         {EN: "What was paid must be an amount from 0 up, with a currency of three letters.", ZH: "实付金额须不小于 0，币种为三个字母。"},
		"currency":     {EN: "The currency must be the order's.", ZH: "币种须与订单一致。"},
		"shipment":     {EN: "Latitude and longitude go together, within -90 to 90 and -180 to 180 degrees.", ZH: "经纬度须同时填写，且在有效范围内。"},
	}[name]
	if !ok {
		return text.Text{EN: "This is not as the documentation has it.", ZH: "不符合文档要求。"}
	}
	return t
}
