package store

import (
	"context"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/work"
)

func (t *tx) PutOrder(ctx context.Context, o order.Order) error {
	doc, err := encode(o)
	if err == nil {
		_, err = t.exec(ctx, `INSERT INTO orders (id, merchant_id, buyer_id, placed_at, doc) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET merchant_id = excluded.merchant_id, buyer_id = excluded.buyer_id,
			placed_at = excluded.placed_at, doc = excluded.doc`, o.ID, o.MerchantID, o.BuyerID, micro(o.PlacedAt), doc)
	}
	if err == nil {
		t.remember("orders", o.ID, doc)
	}
	return wrap(err, "keeping order %s", o.ID)
}

func (t *tx) Order(ctx context.Context, id string) (order.Order, error) {
	o, err := remembered[order.Order](ctx, t, "orders", id)
	return o, wrap(err, "order %.64s", id)
}

func (t *tx) LockOrder(ctx context.Context, id string) (order.Order, error) {
	o, err := locked[order.Order](ctx, t, "orders", id)
	return o, wrap(err, "order %.64s", id)
}

func (t *tx) LockMerchant(ctx context.Context, id string) (order.Merchant, error) {
	m, err := locked[order.Merchant](ctx, t, "merchant", id)
	return m, wrap(err, "merchant %.64s", id)
}

func (t *tx) LockBuyer(ctx context.Context, id string) (order.Buyer, error) {
	b, err := locked[order.Buyer](ctx, t, "buyer", id)
	return b, wrap(err, "buyer %.64s", id)
}

// locked reads a row anew: what this transaction read of it before may be older
// than what another has laid down while this one waited. Once locked it is
// nobody else's to change, and is not asked for again.
func locked[T any](ctx context.Context, t *tx, table, id string) (v T, err error) {
	if t.holds[table+"/"+id] {
		return remembered[T](ctx, t, table, id)
	}
	q := `SELECT doc FROM ` + table + ` WHERE id = ?`
	if t.db.dialect.postgres {
		q += ` FOR UPDATE`
	}
	var doc string
	if err := t.row(ctx, q, []any{id}, &doc); err != nil {
		return v, err
	}
	t.remember(table, id, doc)
	if t.holds == nil {
		t.holds = map[string]bool{}
	}
	t.holds[table+"/"+id] = true
	return decode[T](doc)
}

func (t *tx) Orders(ctx context.Context, f desk.OrderFilter, p work.Page) (list []order.Order, next string, err error) {
	var w where
	w.equal("merchant_id", f.MerchantID)
	w.equal("buyer_id", f.BuyerID)
	w.none("merchant_id", f.Without)
	w.none("buyer_id", f.Without)
	list, next, err = pageOf[order.Order](ctx, t, listing{list: "orders", table: "orders", number: "placed_at", id: "id", down: true}, w, p)
	return list, next, wrap(err, "listing orders")
}

func (t *tx) PutMerchant(ctx context.Context, m order.Merchant) error {
	doc, err := encode(m)
	if err == nil {
		_, err = t.exec(ctx, `INSERT INTO merchant (id, doc) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET doc = excluded.doc`, m.ID, doc)
	}
	if err == nil {
		t.remember("merchant", m.ID, doc)
	}
	return wrap(err, "keeping merchant %s", m.ID)
}

func (t *tx) Merchant(ctx context.Context, id string) (order.Merchant, error) {
	m, err := remembered[order.Merchant](ctx, t, "merchant", id)
	return m, wrap(err, "merchant %.64s", id)
}

// Merchants goes by id.
func (t *tx) Merchants(ctx context.Context, p work.Page) (list []order.Merchant, next string, err error) {
	list, next, err = pageOf[order.Merchant](ctx, t, listing{list: "merchants", table: "merchant", id: "id"}, where{}, p)
	return list, next, wrap(err, "listing merchants")
}

func (t *tx) PutBuyer(ctx context.Context, b order.Buyer) error {
	doc, err := encode(b)
	if err == nil {
		_, err = t.exec(ctx, `INSERT INTO buyer (id, doc) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET doc = excluded.doc`, b.ID, doc)
	}
	return wrap(err, "keeping buyer %s", b.ID)
}

func (t *tx) Buyer(ctx context.Context, id string) (order.Buyer, error) {
	b, err := get[order.Buyer](ctx, t, `SELECT doc FROM buyer WHERE id = ?`, id)
	return b, wrap(err, "buyer %.64s", id)
}
