package store

import (
	"context"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/order"
)

// PutPrivate keeps a text once: its id is its digest.
func (t *tx) PutPrivate(ctx context.Context, p desk.PrivateText) error {
	return t.write(ctx, "keeping a private text", nil, `INSERT INTO private_text (id, subject, claim_id, name, salt, body, at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO NOTHING`, p.ID, p.Subject, p.ClaimID, p.Name, notNil(p.Salt), []byte(p.Text), micro(p.At))
}

func (t *tx) privates(ctx context.Context, column, value string) (out []desk.PrivateText, err error) {
	err = t.rows(ctx, `SELECT id, subject, claim_id, name, salt, body, at FROM private_text WHERE `+column+` = ? ORDER BY at, id`, []any{value}, func(s scanner) error {
		var p desk.PrivateText
		var body []byte
		var at int64
		if err := s.Scan(&p.ID, &p.Subject, &p.ClaimID, &p.Name, &p.Salt, &body, &at); err != nil {
			return err
		}
		p.Text, p.At = string(body), fromMicro(at)
		out = append(out, p)
		return nil
	})
	return out, wrap(err, "listing private texts")
}

func (t *tx) PrivateOf(ctx context.Context, subject string) ([]desk.PrivateText, error) {
	return t.privates(ctx, "subject", subject)
}

func (t *tx) PrivateOfClaim(ctx context.Context, claimID string) ([]desk.PrivateText, error) {
	return t.privates(ctx, "claim_id", claimID)
}

// EraseBuyer empties what is the buyer's own: contact data, the words they
// wrote in claims, the names of files they sent, and where parcels went. A
// buyer who is not known is noted all the same, so that a later import can ask.
func (t *tx) EraseBuyer(ctx context.Context, buyerID string, at time.Time) error {
	if _, err := t.exec(ctx, `DELETE FROM private_text WHERE subject = ?`, "buyer/"+buyerID); err != nil {
		return wrap(err, "erasing private texts")
	}
	empty, err := encode(order.Buyer{ID: buyerID})
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE buyer SET doc = ? WHERE id = ?`, empty, buyerID); err != nil {
		return wrap(err, "erasing contact data")
	}
	if err := t.eraseClaims(ctx, buyerID); err != nil {
		return wrap(err, "erasing what the buyer wrote")
	}
	if err := t.eraseOrders(ctx, buyerID); err != nil {
		return wrap(err, "erasing where parcels went")
	}
	_, err = t.exec(ctx, `INSERT INTO erased (buyer_id, at) VALUES (?, ?) ON CONFLICT (buyer_id) DO NOTHING`, buyerID, micro(at))
	return wrap(err, "noting the erasure")
}

func (t *tx) eraseClaims(ctx context.Context, buyerID string) error {
	claims, err := list[*claim.Claim](ctx, t, `SELECT doc FROM claim WHERE buyer_id = ?`, buyerID)
	if err != nil {
		return err
	}
	for _, c := range claims {
		forget(c)
		if err := t.UpdateClaim(ctx, c); err != nil {
			return err
		}
		items, err := t.items(ctx, `claim_id = ? AND claim_id <> ''`, c.ID)
		if err != nil {
			return err
		}
		for _, i := range items {
			if i.Party != string(claim.Buyer) || i.Name == "" {
				continue
			}
			if err := t.eraseName(ctx, i); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *tx) eraseName(ctx context.Context, i evidence.Item) error {
	i.Name, i.Screening = "", nil
	doc, err := encode(i)
	if err == nil {
		_, err = t.exec(ctx, `UPDATE evidence SET doc = ? WHERE id = ?`, doc, i.ID)
	}
	return err
}

// forget removes the buyer's own words from a claim.
func forget(c *claim.Claim) {
	c.Story, c.Failures = "", nil
	for i := range c.Asked {
		if c.Asked[i].To == claim.Buyer {
			c.Asked[i].Answer = ""
		}
	}
	for i := range c.Appeals {
		if c.Appeals[i].Side == claim.Buyer {
			c.Appeals[i].Text = ""
		}
	}
}

func (t *tx) eraseOrders(ctx context.Context, buyerID string) error {
	orders, err := list[order.Order](ctx, t, `SELECT doc FROM orders WHERE buyer_id = ?`, buyerID)
	if err != nil {
		return err
	}
	for _, o := range orders {
		if o.Shipment == nil {
			continue
		}
		// The carrier stays: it says nothing of a person.
		o.Shipment = &order.Shipment{Carrier: o.Shipment.Carrier}
		if err := t.PutOrder(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) ErasedAt(ctx context.Context, buyerID string) (time.Time, error) {
	var at int64
	err := t.row(ctx, `SELECT at FROM erased WHERE buyer_id = ?`, []any{buyerID}, &at)
	return fromMicro(at), wrap(err, "erasure of buyer %.64s", buyerID)
}
