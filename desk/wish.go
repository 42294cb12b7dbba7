package desk

import (
	"context"
	"fmt"
	"slices"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
)

// wish checks what is asked for against the order and what remains of it; own
// is the claim that asks, empty for a new one.
func (f Filing) wish(ctx context.Context, tx Tx, o order.Order, own string) (claim.Wish, error) {
	w := claim.Wish{LineIDs: f.LineIDs, Kind: f.Kind, Reason: f.Reason, Ask: f.Ask, Story: f.Story}
	switch {
	case !slices.Contains(claim.Kinds, f.Kind):
		return w, text.Refuse(text.CodeInvalid, "kind", "kind must be refund_only, return_refund, exchange, repair or partial_refund.", "售后类型须为仅退款、退货退款、换货、维修或部分退款。")
	case !slices.Contains(claim.Reasons, f.Reason):
		return w, text.Refuse(text.CodeInvalid, "reason", "There is no such reason.", "没有这种申请原因。")
	}
	if err := f.knownLines(o); err != nil {
		return w, err
	}
	if len(w.LineIDs) == 0 && len(f.Units) > 0 {
		for _, l := range o.Lines {
			if f.Units[l.ID] != 0 {
				w.LineIDs = append(w.LineIDs, l.ID)
			}
		}
	}
	w.Categories = o.Categories(w.LineIDs)
	taken, err := takenBy(ctx, tx, o.ID, own)
	if err != nil {
		return w, err
	}
	room := o.Room(taken)
	claimed, err := claimedUnits(ctx, tx, o, room, own)
	if err != nil {
		return w, err
	}
	if w.Units, err = f.units(o, room, w.LineIDs, claimed); err != nil {
		return w, err
	}
	if err := f.asked(&w, room.Most(w.Units)); err != nil {
		return w, err
	}
	if _, ok := room.Swap(w.Units); !ok && !f.Kind.Pays() {
		return w, notWhole(room, w.Units)
	}
	return w, checkText("story", f.Story)
}

// notWhole refuses an exchange or a repair of goods of which a part was paid
// back: it counts as all that was paid for them, so that nobody could grant it.
func notWhole(room order.Room, units map[string]int) error {
	left := room.Most(units)
	return text.Refuse(text.CodeInvalid, "kind", "An exchange or a repair counts as all that was paid for its units, and of these "+left.String()+" remains; ask for a refund of that, or for units of which nothing was paid back.",
		"换货、维修按商品已付金额计，而所选商品只剩 "+left.Shown()+"；可改为申请退款，或选择未退过款的商品。")
}

// knownLines refuses lines and units that the order does not have.
func (f Filing) knownLines(o order.Order) error {
	for i, id := range f.LineIDs {
		if _, ok := o.Line(id); !ok || slices.Contains(f.LineIDs[:i], id) {
			return text.Refuse(text.CodeInvalid, fmt.Sprintf("line_ids[%d]", i), "The order has no such line, or it is named twice.", "订单中没有这一行，或重复填写。")
		}
	}
	for id, n := range f.Units {
		l, ok := o.Line(id)
		switch {
		case !ok || len(f.LineIDs) > 0 && !slices.Contains(f.LineIDs, id):
			return text.Refuse(text.CodeInvalid, "units", "units names a line that the order does not have, or that line_ids leaves out.", "units 中的行不在订单中，或未列入 line_ids。")
		case n < 1 || n > l.Quantity:
			return text.Refuse(text.CodeInvalid, "units", fmt.Sprintf("units must be 1 to %d for this line: so many were bought.", l.Quantity), fmt.Sprintf("该行的件数须为 1 至 %d，即购买的件数。", l.Quantity))
		}
	}
	return nil
}

// claimed is how many units of each line other open claims are about that are
// still there, with the id of one of them.
type claimed struct {
	units map[string]int
	by    map[string]string
}

// claimedUnits looks through an order's open claims but for own.
func claimedUnits(ctx context.Context, tx Tx, o order.Order, room order.Room, own string) (claimed, error) {
	out := claimed{map[string]int{}, map[string]string{}}
	open, err := tx.OpenClaims(ctx, o.ID)
	if err != nil {
		return out, err
	}
	for _, id := range open {
		if id == own {
			continue
		}
		other, err := tx.Claim(ctx, id)
		if err != nil {
			return out, err
		}
		for line, n := range other.Open(room) {
			out.units[line] += n
			out.by[line] = id
		}
	}
	return out, nil
}

// units are those that the filing is about: as many as it names, and all that
// are left where it names none. Goods of which nothing is left, and those of
// an open claim, are refused.
func (f Filing) units(o order.Order, room order.Room, lineIDs []string, taken claimed) (map[string]int, error) {
	out := map[string]int{}
	for _, l := range room.Lines {
		if len(lineIDs) > 0 && !slices.Contains(lineIDs, l.LineID) {
			continue
		}
		n, named := f.Units[l.LineID]
		if !named {
			n = l.Units
		}
		if id := taken.by[l.LineID]; id != "" && n+taken.units[l.LineID] > l.Units {
			return nil, text.Refuse(text.CodeExists, "order_id", "There is an open claim about these goods: "+id+".", "这些商品已有处理中的申请："+id+"。")
		}
		if n > l.Units || n == 0 && len(lineIDs) > 0 {
			return nil, beyond("units", o, l)
		}
		if n > 0 {
			out[l.LineID] = n
		}
	}
	if len(out) == 0 {
		return nil, text.Refuse(text.CodeInvalid, "order_id", "Nothing remains of this order: all that was paid has been paid back, or its units have been exchanged or repaired.", "该订单已无可申请的内容：款项已全部退还，或商品已换货、维修。")
	}
	return out, nil
}

// beyond says what remains of a line of which more is asked for.
func beyond(field string, o order.Order, l order.Left) error {
	line, _ := o.Line(l.LineID)
	return text.Refuse(text.CodeInvalid, field,
		fmt.Sprintf("Of line %s, %d of %d units and %s of %s remain.", l.LineID, l.Units, line.Quantity, l.Amount, l.Paid),
		fmt.Sprintf("第 %s 行还剩 %d 件（共 %d 件），可退 %s（已付 %s）。", l.LineID, l.Units, line.Quantity, l.Amount.Shown(), l.Paid.Shown()))
}

// asked checks the amount: more than nothing, and at most what remains of what
// was paid for the units. Goods that cost nothing can be exchanged and repaired.
func (f Filing) asked(w *claim.Wish, most money.Money) error {
	if w.Ask == (money.Money{}) {
		w.Ask = most
	}
	free := most.Amount == 0 && !f.Kind.Pays()
	switch {
	case w.Ask.Currency != most.Currency || w.Ask.Amount < 0 || w.Ask.Amount > most.Amount:
		return text.Refuse(text.CodeInvalid, "ask", "ask must be in the order's currency and not above "+most.String()+", what remains of what was paid for these goods.", "申请金额的币种须与订单一致，且不超过所选商品尚可退还的 "+most.Shown()+"。")
	case w.Ask.Amount == 0 && !free:
		return text.Refuse(text.CodeInvalid, "ask", "ask must be more than 0.", "申请金额须大于 0。")
	case f.Kind == claim.PartialRefund && w.Ask.Amount >= most.Amount:
		return text.Refuse(text.CodeInvalid, "ask", "A partial refund is less than the whole, "+most.String()+".", "部分退款须小于商品金额 "+most.Shown()+"。")
	}
	return nil
}
