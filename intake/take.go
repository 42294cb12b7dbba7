package intake

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// batchSize is how many orders are kept in one transaction.
const batchSize = 100

// takeAll keeps or refuses all rows.
func (i *importer) takeAll() error {
	n := 0
	err := i.data(func(r record) error {
		n += r.width()
		i.o.Progress(n, i.out.Rows)
		return i.take(r)
	})
	if err != nil {
		return err
	}
	// A row's key is the same in both walks, so that nothing should be left;
	// a file that changed under our hands is refused rather than halved.
	if len(i.held) > 0 {
		return fileError("The file changed while it was read.", "文件在读取过程中被修改。")
	}
	return i.flush()
}

// refuse counts rows and tells what is wrong with them.
func (i *importer) refuse(rows int, list ...*Problem) {
	i.out.Refused += rows
	for _, p := range list {
		i.o.Wrong(*p)
	}
}

func (i *importer) take(r record) error {
	if r.lost != nil {
		i.refuse(r.width(), r.lost)
		return nil
	}
	if i.o.Kind == Claims {
		return i.claim(r)
	}
	key := i.key(r)
	g := i.held[key]
	if g == nil {
		g = &group{}
	}
	if err := i.add(g, r); err != nil {
		return err
	}
	if key != "" {
		h := i.survey.hash(key)
		if i.survey.left[h]--; i.survey.left[h] > 0 {
			return i.hold(key, g)
		}
	}
	delete(i.held, key)
	i.rows -= max(len(g.parts)+len(g.values)-1, 0)
	return i.complete(key, g)
}

// hold keeps a group until its last row has come.
func (i *importer) hold(key string, g *group) error {
	i.held[key] = g
	if i.rows++; i.rows > i.o.held {
		return fileError(
			"The rows of one order lie too far apart: sort the file by order number.",
			"同一订单的行相隔太远，请按订单编号排序后导入。")
	}
	return nil
}

// add reads a row into its group.
func (i *importer) add(g *group, r record) error {
	if r.json != nil {
		v := value{line: r.line}
		into := map[Kind]any{Orders: &order.Order{}, Merchants: &order.Merchant{}, Buyers: &order.Buyer{}}[i.o.Kind]
		if p := strict(r.line, r.json, into); p != nil {
			v.bad = []*Problem{p}
		}
		v.v = reflect.ValueOf(into).Elem().Interface()
		g.values = append(g.values, v)
		return nil
	}
	if n := len(i.src.layout.columns); len(r.cells) > n && !blank(r.cells[n:]) {
		en := fmt.Sprintf(
			"This row has %d cells and the header %d; is there a separator that should be in quotation marks?",
			len(r.cells), n,
		)
		zh := fmt.Sprintf("这一行有 %d 格，表头只有 %d 格；是否有分隔符未加引号？", len(r.cells), n)
		g.parts = append(g.parts, part{line: r.line, id: i.key(r), bad: []*Problem{problem(r.line, "", en, zh)}})
		if i.o.Kind != Orders {
			g.parts, g.values = nil, append(g.values, value{line: r.line, bad: []*Problem{problem(r.line, "", en, zh)}})
		}
		return nil
	}
	s := i.sheet(r)
	switch i.o.Kind {
	case Orders:
		i.back.see(r, i.src.layout)
		if c := i.survey.currency[i.survey.hash(i.key(r))]; c != "" {
			s.habits.currency = c
		}
		g.parts = append(g.parts, partOf(s))
	case Merchants:
		m := merchantOf(s)
		g.values = append(g.values, value{line: r.line, v: m, bad: s.problems})
	case Buyers:
		b := buyerOf(s)
		g.values = append(g.values, value{line: r.line, v: b, bad: s.problems})
	}
	return nil
}

// jsonKey is what a line of JSON is about; empty where it does not say.
func jsonKey(data []byte) string {
	var v struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(data, &v) != nil {
		return ""
	}
	return v.ID
}

// complete keeps or refuses a group whose rows have all come.
func (i *importer) complete(key string, g *group) error {
	if len(g.parts) > 0 {
		return i.order(key, g.parts)
	}
	var bad []*Problem
	for n, v := range g.values {
		bad = append(bad, v.bad...)
		if n > 0 && !reflect.DeepEqual(v.v, g.values[0].v) {
			bad = append(bad, problem(v.line, "id",
				fmt.Sprintf(
					"%s is in lines %d and %d with different contents. None of these lines was taken.", key,
					g.values[0].line, v.line,
				),
				fmt.Sprintf("%s 在第 %d 行和第 %d 行内容不同。这些行均未导入。", key, g.values[0].line, v.line)))
		}
	}
	first := g.values[0]
	if o, ok := first.v.(order.Order); ok && len(bad) == 0 {
		for _, f := range fieldErrors(o.Validate()) {
			t := fieldText(f)
			bad = append(bad, problem(first.line, f.Field, t.EN, t.ZH))
		}
	}
	if len(bad) > 0 {
		i.refuse(len(g.values), bad...)
		return nil
	}
	for _, v := range g.values {
		first.lines = append(first.lines, v.line) // the same, said again
	}
	return i.value(first)
}

// value keeps what one row says, whole.
func (i *importer) value(v value) error {
	switch x := v.v.(type) {
	case order.Order:
		return i.keepOrder(gathered{o: x, lines: v.lines})
	case order.Merchant:
		if i.o.NoConsent && !reflect.ValueOf(x.Consent).IsZero() {
			i.refuse(len(v.lines), problem(v.line, "consent",
				"Standing consent is the merchant's own to give, or the platform's key passes it on.",
				"预先同意须由商家本人设置，或由平台密钥代为传递。"))
			return nil
		}
		return i.put(v, func() (bool, error) {
			old, err := i.desk.Merchant(i.ctx, i.by, x.ID)
			return err == nil && saysOfShop(old, x), refusalOnly(err)
		}, func() error { return i.try(func(d house) error { return d.PutMerchant(i.ctx, i.by, x) }) })
	case order.Buyer:
		return i.put(v, nil, func() error { return i.try(func(d house) error { return d.PutBuyer(i.ctx, i.by, x) }) })
	case desk.Filing:
		return i.put(v, func() (bool, error) { return i.filed(x) }, func() error { return i.file(v.line, x) })
	}
	return fmt.Errorf("there is no import of %T", v.v)
}

// order keeps an order of one or several rows, or refuses all of them.
func (i *importer) order(key string, rows []part) error {
	if key != "" && i.survey.spoilt[i.survey.hash(key)] {
		if bad := badRows(rows); len(bad) == 0 {
			i.refuse(len(rows), problem(rows[0].line, "order_id",
				fmt.Sprintf(
					"A row that could not be read names order %s, which may therefore lack a line: none of its rows was taken.",
					key,
				),
				fmt.Sprintf("有一行无法读取，其中出现订单 %s，该订单可能缺行，因此均未导入。", key)))
			return nil
		}
	}
	o, bad := wholeOrder(rows, i.src.layout, i.habits)
	if len(bad) > 0 {
		i.refuse(len(rows), bad...)
		return nil
	}
	g := gathered{o: o}
	for _, r := range rows {
		g.lines = append(g.lines, r.line)
	}
	return i.keepOrder(g)
}

func (i *importer) show(line int, v any) {
	if i.o.First > 0 {
		i.o.First--
		i.o.Shown(Understood{Line: line, Value: v})
	}
}

// keepOrder puts an order into the batch, unless the desk has it so already.
func (i *importer) keepOrder(g gathered) error {
	i.show(g.lines[0], g.o)
	old, err := i.desk.Order(i.ctx, i.by, g.o.ID)
	switch {
	case err != nil && refusalOnly(err) != nil:
		return err
	case err == nil && i.says(old, g.o):
		i.out.Same++
		i.out.Taken += len(g.lines)
		return nil
	}
	if i.batch = append(i.batch, g); len(i.batch) >= batchSize {
		return i.flush()
	}
	return nil
}

// says is whether the desk's order holds all that the file's says of it: kept
// over it, the file's would change nothing. Who told an order is not the file's
// to say: a shop's own file leaves that as it is, a platform's confirms.
func (i *importer) says(old, o order.Order) bool {
	if o.ToldBy = ""; i.by.Party != "" {
		o.ToldBy = old.ToldBy
	}
	return reflect.DeepEqual(o.Onto(old), old)
}

// saysOfShop is whether the desk's merchant holds all that the file's says.
func saysOfShop(old, m order.Merchant) bool {
	if m.Name == "" {
		m.Name = old.Name
	}
	if reflect.ValueOf(m.Consent).IsZero() || old.ConsentBy == desk.ByMerchant {
		m.Consent = old.Consent
	}
	m.ConsentBy = old.ConsentBy
	return reflect.DeepEqual(old, m)
}

// flush keeps the batch in one transaction.
func (i *importer) flush() error {
	if len(i.batch) == 0 {
		return nil
	}
	list := make([]order.Order, len(i.batch))
	for n, g := range i.batch {
		list[n] = g.o
	}
	var rows []error
	err := i.try(func(d house) (err error) {
		rows, err = d.PutOrders(i.ctx, i.by, list)
		return err
	})
	if err != nil {
		return err
	}
	for n, err := range rows {
		g := i.batch[n]
		if e, refused := text.AsRefusal(err); refused {
			i.refuse(len(g.lines), &Problem{Line: g.lines[0], Field: e.Field, Text: e.Text})
			continue
		}
		i.out.Kept++
		i.out.Taken += len(g.lines)
	}
	i.batch = i.batch[:0]
	return nil
}

// claim keeps a row of a claims file.
func (i *importer) claim(r record) error {
	v := value{line: r.line, lines: []int{r.line}}
	if r.json != nil {
		var j filing
		if p := strict(r.line, r.json, &j); p != nil {
			v.bad = []*Problem{p}
		}
		v.v = desk.Filing{
			OrderID: j.OrderID, LineIDs: j.LineIDs, Units: j.Units, Kind: j.Kind, Reason: j.Reason, Ask: j.Ask,
			Story: j.Story,
		}
	} else {
		s := i.sheet(r)
		v.v = filingOf(s)
		v.bad = s.problems
	}
	if len(v.bad) > 0 {
		i.refuse(1, v.bad...)
		return nil
	}
	return i.value(v)
}

// put keeps one row, unless it is there already; same may be nil.
func (i *importer) put(v value, same func() (bool, error), keep func() error) error {
	i.show(v.line, v.v)
	if same != nil {
		known, err := same()
		if err != nil {
			return err
		}
		if known {
			i.out.Same++
			i.out.Taken += len(v.lines)
			return nil
		}
	}
	err := keep()
	if e, refused := text.AsRefusal(err); refused {
		i.refuse(len(v.lines), &Problem{Line: v.line, Field: e.Field, Text: e.Text})
		return nil
	}
	if err != nil {
		return err
	}
	i.out.Kept++
	i.out.Taken += len(v.lines)
	return nil
}

// refusalOnly lets through what is no refusal: a store that fails.
func refusalOnly(err error) error {
	if _, refused := text.AsRefusal(err); refused {
		return nil
	}
	return err
}

// rehearsed is a claim that a dry run would have filed, and the row it is of.
type rehearsed struct {
	desk.Filing
	line int
	id   string // in the last rehearsal
}

// at does something with an order as it stands after the rows above: in a dry
// run these are filed again first, in the same rehearsal.
func (i *importer) at(orderID string, f func(house) error) error {
	return i.try(func(d house) error {
		above := i.before[orderID]
		for n, b := range above {
			filed, err := d.File(i.ctx, i.by, b.Filing)
			if err != nil {
				return err
			}
			above[n].id = filed.Claim.ID
		}
		return f(d)
	})
}

// filed is whether a claim like this one is there, open or closed: the same
// order, goods, kind, reason, amount and words. What the file says twice are
// two claims: the second is there already only where the desk has two.
func (i *importer) filed(f desk.Filing) (known bool, err error) {
	data, err := json.Marshal(f)
	if err != nil || f.OrderID == "" {
		return false, err
	}
	said := i.survey.hash(string(data))
	i.asked[said]++
	err = i.at(f.OrderID, func(d house) error {
		n := 0
		for p := (work.Page{Limit: 200}); ; {
			list, next, err := d.Claims(i.ctx, i.by, desk.ClaimFilter{OrderID: f.OrderID}, p)
			if err != nil {
				return refusalOnly(err)
			}
			for _, c := range list {
				if asks(c, f) {
					n++
				}
			}
			if p.After = next; next == "" {
				known = n >= i.asked[said]
				return nil
			}
		}
	})
	return known, err
}

// asks is whether a claim asks for what is said.
func asks(c *claim.Claim, f desk.Filing) bool {
	return c.Kind == f.Kind && c.Reason == f.Reason && c.Story == f.Story && slices.Equal(c.LineIDs, f.LineIDs) &&
		sameUnits(c.Units, f.Units) && (f.Ask.Amount == 0 || c.Ask == f.Ask)
}

// sameUnits is whether a claim is about as many pieces as are said.
func sameUnits(of, said map[string]int) bool {
	for id, n := range said {
		if of[id] != n {
			return false
		}
	}
	return true
}

// file opens a claim and submits it where it needs no evidence; otherwise it
// stays a draft, to which the buyer adds photos.
func (i *importer) file(line int, f desk.Filing) error {
	open := func() error {
		return i.at(f.OrderID, func(d house) error {
			_, err := d.File(i.ctx, i.by, f)
			return err
		})
	}
	f.Submit = true
	err := open()
	if e, ok := text.AsRefusal(err); ok && e.Code == desk.CodeIncomplete {
		f.Submit = false
		if err = open(); err == nil {
			i.out.Drafts++
		}
	}
	if err == nil && i.o.DryRun {
		i.before[f.OrderID] = append(i.before[f.OrderID], rehearsed{Filing: f, line: line})
	}
	if e, ok := text.AsRefusal(err); ok {
		err = i.byLine(f.OrderID, e)
	}
	return err
}

// byLine names the claims of a rehearsal, which there are not, by their rows.
func (i *importer) byLine(orderID string, e *text.Refusal) error {
	out := *e
	for _, b := range i.before[orderID] {
		out.Text.EN = strings.ReplaceAll(out.Text.EN, b.id, fmt.Sprintf("that of line %d", b.line))
		out.Text.ZH = strings.ReplaceAll(out.Text.ZH, b.id, fmt.Sprintf("第 %d 行的申请", b.line))
	}
	return &out
}
