package store

import (
	"context"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

// PutMessage keeps a message once: an id that is there keeps its message.
func (t *tx) PutMessage(ctx context.Context, m work.Message) error {
	return t.write(ctx, "keeping message "+m.ID, nil, `INSERT INTO message (id, topic, subject, at, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		m.ID, m.Topic, m.Subject, micro(m.At), string(m.Body))
}

func (t *tx) Message(ctx context.Context, id string) (m work.Message, err error) {
	var at int64
	var body string
	err = t.row(ctx, `SELECT id, topic, subject, at, body FROM message WHERE id = ?`, []any{id}, &m.ID, &m.Topic, &m.Subject, &at, &body)
	m.At = fromMicro(at)
	if body != "" {
		m.Body = []byte(body)
	}
	return m, wrap(err, "message %.64s", id)
}

// PutWebhook inserts or replaces.
func (t *tx) PutWebhook(ctx context.Context, w desk.Webhook) error {
	doc, err := encode(w)
	if err == nil {
		_, err = t.exec(ctx, `INSERT INTO webhook (id, created_at, secret, doc) VALUES (?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET secret = excluded.secret, doc = excluded.doc`, w.ID, micro(w.CreatedAt), w.Secret, doc)
	}
	return wrap(err, "keeping webhook %s", w.ID)
}

func (t *tx) webhooks(ctx context.Context, rest string, args ...any) (out []desk.Webhook, err error) {
	err = t.rows(ctx, `SELECT secret, doc FROM webhook `+rest, args, func(s scanner) error {
		var secret, doc string
		if err := s.Scan(&secret, &doc); err != nil {
			return err
		}
		w, err := decode[desk.Webhook](doc)
		w.Secret = secret
		out = append(out, w)
		return err
	})
	return out, err
}

func (t *tx) Webhook(ctx context.Context, id string) (desk.Webhook, error) {
	out, err := t.webhooks(ctx, `WHERE id = ?`, id)
	if err == nil && len(out) == 0 {
		err = work.ErrNotFound
	}
	if err != nil {
		return desk.Webhook{}, wrap(err, "webhook %.64s", id)
	}
	return out[0], nil
}

// Webhooks lists all, oldest first.
func (t *tx) Webhooks(ctx context.Context) ([]desk.Webhook, error) {
	out, err := t.webhooks(ctx, `ORDER BY created_at, id`)
	return out, wrap(err, "listing webhooks")
}

// DeleteWebhook leaves its deliveries; ErrNotFound where there is none such.
func (t *tx) DeleteWebhook(ctx context.Context, id string) error {
	n, err := t.exec(ctx, `DELETE FROM webhook WHERE id = ?`, id)
	return wrap(once(n, err, work.ErrNotFound), "removing webhook %.64s", id)
}

func (t *tx) PutDelivery(ctx context.Context, d desk.Delivery) error {
	doc, err := encode(d)
	if err == nil {
		err = t.write(ctx, "keeping it", nil, `INSERT INTO delivery (id, webhook_id, created_at, doc) VALUES (?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET doc = excluded.doc`, d.ID, d.WebhookID, micro(d.CreatedAt), doc)
	}
	return wrap(err, "keeping delivery %s", d.ID)
}

func (t *tx) Delivery(ctx context.Context, id string) (desk.Delivery, error) {
	d, err := get[desk.Delivery](ctx, t, `SELECT doc FROM delivery WHERE id = ?`, id)
	return d, wrap(err, "delivery %.64s", id)
}

func (t *tx) Deliveries(ctx context.Context, webhookID string, p work.Page) (out []desk.Delivery, next string, err error) {
	var w where
	w.add("webhook_id = ?", webhookID)
	out, next, err = pageOf[desk.Delivery](ctx, t, listing{list: "deliveries", table: "delivery", number: "created_at", id: "id", down: true}, w, p)
	return out, next, wrap(err, "listing deliveries")
}
