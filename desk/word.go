package desk

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// Whose word an order is. A platform's push stands over all that was told
// before. A key that is narrowed to one shop tells its own orders, but it is a
// side of every claim about them: it adds what nobody has told yet, and takes
// nothing away from what a buyer may get.

// clockSkew is by how much the clock of a platform may be ahead of ours.
const clockSkew = 15 * time.Minute

// notAhead refuses a time of change that lies in the future: what is told later
// would be older than it, and the order could never be changed again.
func (d *Desk) notAhead(at *time.Time) error {
	if !d.ahead(at) {
		return nil
	}
	return text.Refuse(text.CodeInvalid, "updated_at", "updated_at must not lie in the future: it is when the order was last changed.", "updated_at 不得晚于当前时间，它是订单最后一次变更的时间。")
}

func (d *Desk) ahead(at *time.Time) bool { return at != nil && at.After(d.now().Add(clockSkew)) }

// submitted are the states of a claim that its shop may know of.
var submitted = slices.DeleteFunc(slices.Clone(claim.States), func(s claim.State) bool { return s == claim.Draft })

// claimedAt is whether there is a claim about an order, in one of the states or
// in any.
func claimedAt(ctx context.Context, tx Tx, orderID string, states ...claim.State) (bool, error) {
	list, _, err := tx.Claims(ctx, ClaimFilter{OrderID: orderID, States: states}, work.Page{Limit: 1})
	return len(list) > 0, err
}

// sameDeal is whether two pushes are of the same parties and currency.
func sameDeal(a, b order.Order) bool {
	return a.MerchantID == b.MerchantID && a.BuyerID == b.BuyerID && a.Total.Currency == b.Total.Currency
}

func otherParties() error {
	return text.Refuse(text.CodeExists, "id", "This order is known with other parties or another currency.", "该订单已存在，且买卖双方或币种不同。")
}

// platformsWord lays a platform's push over what is kept. What only a shop's key
// has told until now gives way to it: another shop's number is the platform's to
// give, unless claims hang on it, and its times of change count for nothing.
func (d *Desk) platformsWord(ctx context.Context, tx Tx, old, o order.Order, how Sync) (order.Order, error) {
	first := old.ToldBy == ByMerchant
	if !sameDeal(old, o) {
		if !first {
			return o, otherParties()
		}
		claimed, err := claimedAt(ctx, tx, o.ID)
		if err != nil {
			return o, err
		}
		if claimed {
			return o, text.Refuse(text.CodeExists, "id", "A shop's own key told this number before you, with other parties or another currency, and there are claims about it.", "该订单号此前已由商家自己的密钥推送，买卖双方或币种不同，且已有售后申请。")
		}
	}
	if err := d.matches(how, true, old); err != nil {
		return o, err
	}
	if !first && o.Older(old) && !d.ahead(old.UpdatedAt) {
		return o, text.Refuse(text.CodeConflict, "updated_at", "This push is older than what is kept of the order; it was not taken.", "该推送早于已保存的订单内容，未予采用。")
	}
	if !sameDeal(old, o) {
		d.opts.Log.WarnContext(ctx, "a platform's order takes the place of one that a shop's key told", "order", o.ID, "shop", old.MerchantID)
		return o, setAsideMedia(ctx, tx, o.ID, d.now())
	}
	if first { // of the parcel a platform may know nothing; of the goods its word is whole
		old.UpdatedAt, old.Lines = nil, nil
	}
	if d.ahead(old.UpdatedAt) {
		old.UpdatedAt = nil
	}
	return o.Onto(old, how.Clear...), nil
}

// setAsideMedia takes the pictures of one shop off an order that is another's.
func setAsideMedia(ctx context.Context, tx Tx, orderID string, at time.Time) error {
	list, err := tx.EvidenceOfOrder(ctx, orderID)
	for _, it := range list {
		err = errors.Join(err, tx.WithdrawEvidence(ctx, it.ID, at))
	}
	return err
}

// shopsWord lays the push of a key that is narrowed to one shop over what is
// kept. Of another shop's order it learns that the number is not free, and with
// If-Match not even that.
func (d *Desk) shopsWord(ctx context.Context, tx Tx, old, o order.Order, how Sync) (order.Order, error) {
	if old.MerchantID != o.MerchantID {
		if how.Match != "" {
			return o, work.ErrConflict
		}
		return o, text.Refuse(text.CodeExists, "id", "This number cannot be used.", "该订单号不可用。")
	}
	if err := d.matches(how, true, old); err != nil {
		return o, err
	}
	switch {
	case !sameDeal(old, o):
		return o, otherParties()
	case o.Older(old) && !d.ahead(old.UpdatedAt):
		return o, text.Refuse(text.CodeConflict, "updated_at", "This push is older than what is kept of the order; it was not taken.", "该推送早于已保存的订单内容，未予采用。")
	}
	claimed, err := claimedAt(ctx, tx, o.ID, submitted...)
	if err != nil {
		return o, err
	}
	w := word{claimed: claimed, own: old.ToldBy == ByMerchant}
	if w.firm() {
		if s := o.Shipment; s != nil { // which it does not see, and could try out otherwise
			unseen := *s
			unseen.Lat, unseen.Lon = nil, nil
			o.Shipment = &unseen
		}
	}
	next := o.Onto(old, how.Clear...)
	if next.ToldBy = old.ToldBy; !w.own {
		next.UpdatedAt = old.UpdatedAt // by the platform's clock
	}
	if field := w.against(old, next); field != "" {
		return o, w.refusal(field)
	}
	return next, nil
}

// word is how far a shop's own key may change one of its orders.
type word struct {
	claimed bool // there are claims about it
	own     bool // nobody but the shop has told it
}

// firm is whether what was told stays as it is.
func (w word) firm() bool { return w.claimed || !w.own }

// refusal says why a field stays.
func (w word) refusal(field string) error {
	switch {
	case w.claimed:
		return text.Refuse(text.CodeForbidden, field, "There are claims about this order: a shop's own key changes "+field+" no more; only the platform does.", "该订单已有售后申请，商家自己的密钥不能再更改 "+field+"，只有平台可以。")
	case !w.own:
		return text.Refuse(text.CodeForbidden, field, "The platform has told this order: a shop's own key adds what is missing, and does not change "+field+".", "该订单由平台推送，商家自己的密钥只能补充缺少的内容，不能更改 "+field+"。")
	}
	return text.Refuse(text.CodeForbidden, field, "A shop's own key does not lower an order that was told, nor change when it was placed or delivered ("+field+"); only the platform does.", "商家自己的密钥不能调低已推送订单的金额或件数，也不能更改下单、签收时间（"+field+"），只有平台可以。")
}

// against is the first field of which the push takes what the word may not;
// empty: none.
func (w word) against(old, next order.Order) string {
	switch {
	case !next.PlacedAt.Equal(old.PlacedAt):
		return "placed_at"
	case old.DeliveredAt != nil && !sameTime(old.DeliveredAt, next.DeliveredAt), w.claimed && !sameTime(old.DeliveredAt, next.DeliveredAt):
		return "delivered_at"
	case !w.firm():
		return lowered(old, next)
	case next.Total != old.Total:
		return "total"
	case old.ShippedAt != nil && !sameTime(old.ShippedAt, next.ShippedAt):
		return "shipped_at"
	}
	if field := otherLines(old.Lines, next.Lines); field != "" {
		return field
	}
	return w.otherShipment(old.Shipment, next.Shipment)
}

// otherLines names a field of a line that is not what it was; an article number
// may come to one that had none.
func otherLines(old, next []order.Line) string {
	if len(old) != len(next) {
		return "lines"
	}
	for i, l := range next {
		n := slices.IndexFunc(old, func(o order.Line) bool { return o.ID == l.ID })
		if n < 0 {
			return fmt.Sprintf("lines[%d].id", i)
		}
		was := old[n]
		for _, f := range []struct {
			name string
			same bool
		}{
			{"title", l.Title == was.Title},
			{"category", l.Category == was.Category},
			{"sku", was.SKU == "" || l.SKU == was.SKU},
			{"quantity", l.Quantity == was.Quantity},
			{"price", l.Price == was.Price},
			{"paid", l.Paid == was.Paid || l.Paid != nil && was.Paid != nil && *l.Paid == *was.Paid},
		} {
			if !f.same {
				return fmt.Sprintf("lines[%d].%s", i, f.name)
			}
		}
	}
	return ""
}

// otherShipment names what is not as it was of a parcel. What was not told may
// be told; where it went only as long as nobody compares photos with it.
func (w word) otherShipment(old, next *order.Shipment) string {
	var was, now order.Shipment
	if old != nil {
		was = *old
	}
	if next != nil {
		now = *next
	}
	for _, f := range []struct {
		name     string
		was, now string
		place    bool
	}{
		{"carrier", was.Carrier, now.Carrier, false},
		{"tracking", was.Tracking, now.Tracking, false},
		{"province", was.Province, now.Province, true},
		{"city", was.City, now.City, true},
		{"district", was.District, now.District, true},
	} {
		if f.was != f.now && (f.was != "" || f.place && w.claimed) {
			return "shipment." + f.name
		}
	}
	if !sameNumber(was.Lat, now.Lat) || !sameNumber(was.Lon, now.Lon) {
		return "shipment"
	}
	return ""
}

func sameNumber(a, b *float64) bool { return a == b || a != nil && b != nil && *a == *b }

// lowered names the field by which an order, a line of it, or one unit of a line
// would be worth less than before.
func lowered(old, next order.Order) string {
	if next.Total.Amount < old.Total.Amount {
		return "total"
	}
	before, after := old.Shares(), next.Shares()
	for i, was := range old.Lines {
		n := slices.IndexFunc(next.Lines, func(l order.Line) bool { return l.ID == was.ID })
		if n < 0 {
			return "lines"
		}
		l := next.Lines[n]
		at := func(name string) string { return fmt.Sprintf("lines[%d].%s", n, name) }
		a := new(big.Int).Mul(big.NewInt(before[i]), big.NewInt(int64(l.Quantity)))
		b := new(big.Int).Mul(big.NewInt(after[n]), big.NewInt(int64(was.Quantity)))
		switch {
		case l.Quantity < was.Quantity:
			return at("quantity")
		case l.Price.Amount < was.Price.Amount:
			return at("price")
		case was.Paid != nil && l.Paid != nil && l.Paid.Amount < was.Paid.Amount:
			return at("paid")
		case after[n] < before[i], a.Cmp(b) > 0:
			return at("price") // its share of the total, or that of a unit of it
		}
	}
	return ""
}
