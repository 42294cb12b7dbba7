package desk

import (
	"cmp"
	"context"
	"crypto/hmac"
	"errors"
	"reflect"
	"slices"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// A platform tells the desk of orders, shops and buyers again and again, in
// parts and out of order. So what a push does not tell stays as it is; what is
// to go is named; a push that is older than what is kept is refused; and who
// names the state that it has seen changes that state alone.

// Sync is how a push is meant.
type Sync struct {
	// Clear names the fields that are to be emptied, as the API spells them.
	Clear []string
	// Match is the tag of what the caller has seen; empty: whatever is there.
	Match string
}

// matches refuses a push that was made from another state than the one kept;
// known is false where there is none.
func (d *Desk) matches(how Sync, known bool, kept any) error {
	if how.Match == "" {
		return nil
	}
	if !known {
		return work.ErrConflict
	}
	tag, err := d.tags.tag(kept)
	if err == nil && !hmac.Equal([]byte(tag), []byte(how.Match)) {
		err = work.ErrConflict
	}
	return err
}

// Kept is what a push left behind.
type Kept[T any] struct {
	Tag string
	// Seen is what is kept as its caller may read it; nil: they may not.
	Seen *T
}

func (d *Desk) keptOrder(by access.Caller, o order.Order) (k Kept[order.Order], err error) {
	if by.HasScope(access.ScopeOrdersRead) && mayReadOrder(by, o) {
		k.Seen = new(shownOrder(by, o))
	}
	k.Tag, err = d.tags.tag(o)
	return k, err
}

// PutOrder is KeepOrder of a push that clears nothing, for who asks for no more.
func (d *Desk) PutOrder(ctx context.Context, by access.Caller, o order.Order) error {
	rows, err := d.KeepOrders(ctx, by, []order.Order{o}, nil)
	if err != nil {
		return err
	}
	return rows[0]
}

// KeepOrder keeps an order as the platform tells it, over what it told before,
// and answers what is kept then. Its parties and its currency never change once
// the platform has told them.
func (d *Desk) KeepOrder(ctx context.Context, by access.Caller, o order.Order, how Sync) (kept Kept[order.Order], err error) {
	if err := d.mayKeep(by, o); err != nil {
		return kept, err
	}
	if err := d.tags.ready(ctx); err != nil {
		return kept, err
	}
	err = d.write(ctx, func(tx Tx) error {
		next, err := d.keepOrder(ctx, tx, by, o, how)
		if err == nil {
			kept, err = d.keptOrder(by, next)
		}
		return err
	})
	return kept, err
}

func (d *Desk) mayKeep(by access.Caller, o order.Order) error {
	if !answersFor(by, o.MerchantID) && !operates(by) {
		return forbidden()
	}
	if err := fields(o.Validate()); err != nil {
		return err
	}
	return d.notAhead(o.UpdatedAt)
}

func (d *Desk) keepOrder(ctx context.Context, tx Tx, by access.Caller, o order.Order, how Sync) (order.Order, error) {
	o.Lines = slices.Clone(o.Lines)
	for i, l := range o.Lines {
		o.Lines[i].Title = cmp.Or(plainName(l.Title), "?")
	}
	own := by.Party != ""
	if o.ToldBy = ""; own {
		o.ToldBy = ByMerchant
	}
	old, err := tx.LockOrder(ctx, o.ID)
	switch {
	case errors.Is(err, work.ErrNotFound):
		err = d.matches(how, false, old)
	case err != nil:
	case own:
		o, err = d.shopsWord(ctx, tx, old, o, how)
	default:
		o, err = d.platformsWord(ctx, tx, old, o, how)
	}
	if err != nil {
		return o, err
	}
	if err := fields(o.Validate()); err != nil {
		return o, err
	}
	if o.Shipment != nil {
		if _, err := tx.ErasedAt(ctx, o.BuyerID); err == nil {
			o.Shipment = &order.Shipment{Carrier: o.Shipment.Carrier} // a sync does not undo an erasure
		} else if !errors.Is(err, work.ErrNotFound) {
			return o, err
		}
	}
	return o, tx.PutOrder(ctx, o)
}

// PutOrders keeps many orders in one transaction. What is wrong with a row is
// told at its place in the answer and costs only that row; err is for all.
func (d *Desk) PutOrders(ctx context.Context, by access.Caller, list []order.Order) ([]error, error) {
	return d.KeepOrders(ctx, by, list, nil)
}

// KeepOrders is PutOrders with what each row clears; how is as long as list, or
// nil.
func (d *Desk) KeepOrders(ctx context.Context, by access.Caller, list []order.Order, how []Sync) (rows []error, err error) {
	if !by.Has(access.RoleIntegrator) && !by.Has(access.RoleOperator) {
		return nil, forbidden()
	}
	err = d.write(ctx, func(tx Tx) error {
		rows = make([]error, len(list))
		for i, o := range list {
			if rows[i] = d.mayKeep(by, o); rows[i] != nil {
				continue
			}
			var s Sync
			if how != nil {
				s = how[i]
			}
			_, rows[i] = d.keepOrder(ctx, tx, by, o, s)
			if _, refused := text.AsRefusal(rows[i]); rows[i] != nil && !refused {
				return rows[i]
			}
		}
		return nil
	})
	return rows, err
}

// ByMerchant is order.Merchant.ConsentBy where the shop itself has spoken.
const ByMerchant = "merchant"

// PutMerchant is KeepMerchant of a push that clears nothing.
func (d *Desk) PutMerchant(ctx context.Context, by access.Caller, m order.Merchant) error {
	_, err := d.keepMerchant(ctx, by, m, Sync{})
	return err
}

// KeepMerchant keeps a shop, over what was told of it before. The standing
// consent is the shop's own: a platform may pass one on and answers for it, but
// once the shop itself has given or taken back a consent, a platform's push
// leaves it alone. A consent without any field is not told; to take one back
// is to clear it.
func (d *Desk) KeepMerchant(ctx context.Context, by access.Caller, m order.Merchant, how Sync) (kept Kept[order.Merchant], err error) {
	if err := d.tags.ready(ctx); err != nil {
		return kept, err
	}
	next, err := d.keepMerchant(ctx, by, m, how)
	if err != nil {
		return kept, err
	}
	if by.HasScope(access.ScopeOrdersRead) && mayReadMerchant(by, m.ID) {
		kept.Seen = &next
	}
	kept.Tag, err = d.tags.tag(next)
	return kept, err
}

func (d *Desk) keepMerchant(ctx context.Context, by access.Caller, m order.Merchant, how Sync) (order.Merchant, error) {
	own := isMerchant(by, m.ID) && by.Only == "" // a link is for its one claim
	if !own && !answersFor(by, m.ID) {
		return m, forbidden()
	}
	if err := checkConsent(m.Consent); err != nil {
		return m, err
	}
	m.Name = plainName(m.Name)
	told := m.Consent.Told() || slices.Contains(how.Clear, "consent")
	var kept order.Merchant
	err := d.write(ctx, func(tx Tx) error {
		old, err := tx.LockMerchant(ctx, m.ID)
		known := err == nil
		if err != nil && !errors.Is(err, work.ErrNotFound) {
			return err
		}
		if err := d.matches(how, known, old); err != nil {
			return err
		}
		next := m
		if next.Name == "" {
			next.Name = old.Name
		}
		if !order.ValidID(next.ID) || next.Name == "" || len([]rune(next.Name)) > 200 {
			return text.Refuse(text.CodeInvalid, "name", "A merchant needs an id and a name of at most 200 characters.", "商家须有编号和不超过 200 字的名称。")
		}
		switch next.ConsentBy = old.ConsentBy; {
		case !told, !own && old.ConsentBy == ByMerchant:
			next.Consent = old.Consent
		case own:
			next.ConsentBy = ByMerchant
		}
		kept = next
		if known && reflect.DeepEqual(old, next) {
			return nil
		}
		if err := tx.PutMerchant(ctx, next); err != nil {
			return err
		}
		if known && reflect.DeepEqual(old.Consent, next.Consent) && old.ConsentBy == next.ConsentBy {
			return nil
		}
		return d.record(ctx, tx, "merchant/"+m.ID, "merchant.consent", by.As(access.RoleMerchant, access.RoleIntegrator), d.now(),
			map[string]any{"kinds": next.Consent.Kinds, "up_to": next.Consent.UpTo})
	})
	return kept, err
}

func checkConsent(c order.Consent) error {
	if len(c.Kinds) == 0 {
		return nil
	}
	if err := c.UpTo.Validate(); err != nil {
		t := amountFault("consent.up_to", err)
		return text.Refuse(text.CodeInvalid, "consent.up_to", t.EN, t.ZH)
	}
	for _, k := range c.Kinds {
		if !slices.Contains(claim.Kinds, claim.Kind(k)) {
			return text.Refuse(text.CodeInvalid, "consent.kinds", "There is no kind of claim called "+k+".", "没有这种售后类型："+k+"。")
		}
	}
	return nil
}

// PutBuyer is KeepBuyer of a push that clears nothing.
func (d *Desk) PutBuyer(ctx context.Context, by access.Caller, b order.Buyer) error {
	_, err := d.KeepBuyer(ctx, by, b, Sync{})
	return err
}

// KeepBuyer keeps how a buyer can be reached, over what was told before. A
// buyer whose data was erased is not written down again.
func (d *Desk) KeepBuyer(ctx context.Context, by access.Caller, b order.Buyer, how Sync) (order.Buyer, error) {
	if !answersFor(by, "") { // a shop's key has no buyers
		return b, forbidden()
	}
	if !order.ValidID(b.ID) || len(b.Name) > 200 || len(b.Phone) > 40 || len(b.Email) > 254 {
		return b, text.Refuse(text.CodeInvalid, "id", "A buyer needs an id; name, phone and e-mail are bounded.", "买家须有编号，姓名、电话、邮箱长度有限。")
	}
	b.Name = plainName(b.Name)
	var kept order.Buyer
	err := d.write(ctx, func(tx Tx) error {
		if _, err := tx.ErasedAt(ctx, b.ID); err == nil {
			return text.Refuse(text.CodeExists, "id", "This buyer's data was erased at their wish; it is not kept again.", "该买家的个人信息已应要求删除，不再保存。")
		} else if !errors.Is(err, work.ErrNotFound) {
			return err
		}
		old, err := tx.LockBuyer(ctx, b.ID)
		known := err == nil
		if err != nil && !errors.Is(err, work.ErrNotFound) {
			return err
		}
		if err := d.matches(how, known, old); err != nil {
			return err
		}
		next := b
		for name, f := range map[string][2]*string{
			"name": {&next.Name, &old.Name}, "phone": {&next.Phone, &old.Phone}, "email": {&next.Email, &old.Email}, "language": {&next.Language, &old.Language},
		} {
			if *f[0] == "" && !slices.Contains(how.Clear, name) {
				*f[0] = *f[1]
			}
		}
		kept = next
		return tx.PutBuyer(ctx, next)
	})
	return kept, err
}

// seenOrder is an order as it is kept, for who may read it.
func (d *Desk) seenOrder(ctx context.Context, by access.Caller, id string) (o order.Order, err error) {
	err = d.read(ctx, func(tx Tx) error {
		if o, err = tx.Order(ctx, id); err == nil && !mayReadOrder(by, o) {
			o, err = order.Order{}, notFound()
		}
		return err
	})
	return o, err
}

// OrderSeen is Order with the tag of what is kept, for who changes it.
func (d *Desk) OrderSeen(ctx context.Context, by access.Caller, id string) (o order.Order, tag string, err error) {
	if o, err = d.seenOrder(ctx, by, id); err == nil {
		tag, err = d.Tag(ctx, o)
	}
	return shownOrder(by, o), tag, err
}
