package webhook

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// Hooks are the use cases: who may have messages sent where. Each asks first whose a webhook is; one of somebody
// else's is as if it were not.
type Hooks struct {
	Store  desk.Store
	Sender *Sender
	// Note puts on record who did what, within the transaction.
	Note func(ctx context.Context, tx desk.Tx, subject, kind string, by access.Actor, body map[string]any) error
	Now  func() time.Time
}

// Wanted is where messages shall go.
type Wanted struct {
	URL      string
	Topics   []string // none: all
	Disabled bool
	Party    string // the merchant whose claims it is told of; "" all
}

// Edit changes a webhook; what is left out (nil, or "") stays as it is.
type Edit struct {
	URL      string
	Topics   *[]string
	Disabled *bool
}

// visible is whether a webhook is the caller's to see: a platform's own, a
// shop's for its keys, and all of them for who runs the desk.
func visible(c access.Caller, h desk.Webhook) bool {
	switch {
	case c.Party != "":
		return h.Party == c.Party
	case c.HasAny(access.RoleOperator, access.RoleAuditor):
		return true
	}
	return h.CreatedBy == c.ID
}

// partyOf is whose a new webhook is: the shop's to which a key is narrowed,
// or the one that the platform names.
func partyOf(c access.Caller, named string) (string, error) {
	switch {
	case c.Party != "" && named != "" && named != c.Party:
		return "", text.Refuse(text.CodeForbidden, "body.party", "This key is for one shop, and adds that shop's webhooks alone.", "该密钥仅限一个店铺，只能为该店铺添加回调。")
	case c.Party != "":
		return c.Party, nil
	case named != "" && !order.ValidID(named):
		return "", text.Refuse(text.CodeInvalid, "body.party", "Name a merchant by its id.", "请填写商家编号。")
	}
	return named, nil
}

// own finds a webhook that is the caller's.
func own(ctx context.Context, tx desk.Tx, by access.Caller, id string) (desk.Webhook, error) {
	h, err := tx.Webhook(ctx, id)
	if err == nil && !visible(by, h) {
		return desk.Webhook{}, work.ErrNotFound
	}
	return h, err
}

// note puts on record who sends what out and to which host. The rest of an
// address may hold a secret.
func (u Hooks) note(ctx context.Context, tx desk.Tx, by access.Caller, kind string, h desk.Webhook) error {
	host := ""
	if at, err := url.Parse(h.URL); err == nil {
		host = at.Host
	}
	body := map[string]any{"host": host, "topics": h.Topics, "disabled": h.Disabled, "party": h.Party}
	return u.Note(ctx, tx, "webhook/"+h.ID, kind, by.As(access.RoleOperator, access.RoleIntegrator), body)
}

// check refuses an address or topics that cannot be; had are the topics that
// the webhook has and may keep, whatever they are: one of an older version
// loads and changes.
func (u Hooks) check(address string, topics, had []string) error {
	if u.Sender.CheckURL(address) != nil {
		return text.Refuse(text.CodeInvalid, "url", "Give an https address on the public internet, without user, password or fragment.", "请填写公网 https 地址，不含用户名、密码或片段。")
	}
	for _, t := range topics {
		if t == "" || len(t) > 60 {
			return text.Refuse(text.CodeInvalid, "topics", "A topic is an event's kind, such as claim.submitted.", "主题须为事件类型，如 claim.submitted。")
		}
		if !slices.Contains(had, t) {
			if err := knownTopic(t); err != nil {
				return err
			}
		}
	}
	return nil
}

// unlikeOthers refuses a webhook whose address is told of the same already, as
// far as the caller may know: everything would come twice.
func unlikeOthers(ctx context.Context, tx desk.Tx, by access.Caller, h desk.Webhook) error {
	set := func(h desk.Webhook) []string { return slices.Compact(slices.Sorted(slices.Values(h.Topics))) }
	list, err := tx.Webhooks(ctx)
	if err != nil {
		return err
	}
	for _, o := range list {
		if o.ID != h.ID && o.URL == h.URL && o.Party == h.Party && visible(by, o) && slices.Equal(set(o), set(h)) {
			return text.Refuse(text.CodeInvalid, "url", "There is a webhook for this address and these events already; change that one.", "该地址已有接收相同事件的推送，请直接修改那一个。")
		}
	}
	return nil
}

func newID(letter string) string {
	b := make([]byte, 10)
	_, _ = rand.Read(b) // never fails (crypto/rand, since Go 1.24)
	return letter + hex.EncodeToString(b)
}

// List answers with the caller's webhooks.
func (u Hooks) List(ctx context.Context, by access.Caller) (list []desk.Webhook, err error) {
	err = u.Store.Read(ctx, func(tx desk.Tx) error {
		all, err := tx.Webhooks(ctx)
		list = append([]desk.Webhook{}, slices.DeleteFunc(all, func(h desk.Webhook) bool { return !visible(by, h) })...)
		return err
	})
	return list, err
}

// Get answers with one; work.ErrNotFound where it is not the caller's.
func (u Hooks) Get(ctx context.Context, by access.Caller, id string) (h desk.Webhook, err error) {
	err = u.Store.Read(ctx, func(tx desk.Tx) error {
		h, err = own(ctx, tx, by, id)
		return err
	})
	return h, err
}

// Add makes one. Its secret is answered this once.
func (u Hooks) Add(ctx context.Context, by access.Caller, w Wanted) (h desk.Webhook, secret string, err error) {
	if err := u.check(w.URL, w.Topics, nil); err != nil {
		return h, "", err
	}
	if secret, err = NewSecret(rand.Reader); err != nil {
		return h, "", err
	}
	party, err := partyOf(by, w.Party)
	if err != nil {
		return h, "", err
	}
	h = desk.Webhook{
		ID: newID("W"), Party: party, URL: w.URL, Topics: append([]string{}, w.Topics...), Disabled: w.Disabled,
		Secret: secret, CreatedBy: by.ID, CreatedAt: u.Now(),
	}
	return h, secret, u.Store.Write(ctx, func(tx desk.Tx) error {
		if err := unlikeOthers(ctx, tx, by, h); err != nil {
			return err
		}
		if err := tx.PutWebhook(ctx, h); err != nil {
			return err
		}
		return u.note(ctx, tx, by, "webhook.created", h)
	})
}

// Change changes one. Who may not read webhooks is answered with what they
// sent: an address can hold a secret.
func (u Hooks) Change(ctx context.Context, by access.Caller, id string, e Edit) (out desk.Webhook, err error) {
	err = u.Store.Write(ctx, func(tx desk.Tx) error {
		h, err := own(ctx, tx, by, id)
		if err != nil {
			return err
		}
		had := h
		h.URL = cmp.Or(e.URL, h.URL)
		h.Topics = append([]string{}, h.Topics...)
		if e.Topics != nil {
			h.Topics = append([]string{}, *e.Topics...)
		}
		if e.Disabled != nil {
			h.Disabled = *e.Disabled
		}
		if err := u.check(h.URL, h.Topics, had.Topics); err != nil {
			return err
		}
		if e.Disabled != nil && !*e.Disabled { // who switches it on again after its key has ended takes it over
			if k, err := tx.Key(ctx, h.CreatedBy); err == nil && k.Ended(u.Now()) {
				h.CreatedBy = by.ID
			} else if err != nil && !errors.Is(err, work.ErrNotFound) {
				return err
			}
		}
		if h.URL != had.URL || !slices.Equal(h.Topics, had.Topics) {
			if err := unlikeOthers(ctx, tx, by, h); err != nil {
				return err
			}
		}
		if out = h; !by.HasScope(access.ScopeWebhooksRead) {
			out.URL, out.Topics, out.CreatedBy = e.URL, []string{}, ""
			if e.Topics != nil {
				out.Topics = *e.Topics
			}
		}
		if err := tx.PutWebhook(ctx, h); err != nil {
			return err
		}
		return u.note(ctx, tx, by, "webhook.changed", h)
	})
	return out, err
}

// Delete takes one away.
func (u Hooks) Delete(ctx context.Context, by access.Caller, id string) error {
	return u.Store.Write(ctx, func(tx desk.Tx) error {
		h, err := own(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if err := tx.DeleteWebhook(ctx, id); err != nil {
			return err
		}
		return u.note(ctx, tx, by, "webhook.deleted", h)
	})
}

// Deliveries are what was sent to one, newest first.
func (u Hooks) Deliveries(ctx context.Context, by access.Caller, id string, p work.Page) (list []desk.Delivery, next string, err error) {
	err = u.Store.Read(ctx, func(tx desk.Tx) error {
		if _, err := own(ctx, tx, by, id); err != nil {
			return err
		}
		list, next, err = tx.Deliveries(ctx, id, p)
		return err
	})
	return list, next, err
}

// Again sends a message once more, under its old id.
func (u Hooks) Again(ctx context.Context, by access.Caller, deliveryID string) error {
	err := u.Store.Read(ctx, func(tx desk.Tx) error {
		d, err := tx.Delivery(ctx, deliveryID)
		if err == nil {
			_, err = own(ctx, tx, by, d.WebhookID)
		}
		return err
	})
	if err != nil {
		return err
	}
	return u.Sender.Replay(ctx, u.Store, deliveryID)
}

// Try sends a message of the topic webhook.test; it answers with the delivery's
// id.
func (u Hooks) Try(ctx context.Context, by access.Caller, id string) (deliveryID string, err error) {
	err = u.Store.Write(ctx, func(tx desk.Tx) error {
		h, err := own(ctx, tx, by, id)
		if err != nil {
			return err
		}
		body, err := json.Marshal(map[string]string{"webhook": h.ID})
		if err != nil {
			return err
		}
		at := u.Now()
		m := work.Message{ID: "msg_" + newID("t"), Topic: desk.TopicTest, Subject: "webhook/" + h.ID, At: at, Body: body}
		d := desk.Delivery{ID: DeliveryID(h.ID, m.ID), WebhookID: h.ID, MessageID: m.ID, Topic: m.Topic, State: Waiting, CreatedAt: at, NextAt: at}
		deliveryID = d.ID
		if err := tx.PutMessage(ctx, m); err != nil {
			return err
		}
		if err := tx.PutDelivery(ctx, d); err != nil {
			return err
		}
		return tx.Enqueue(ctx, work.Job{Kind: desk.JobDeliver, Subject: d.ID})
	})
	return deliveryID, err
}
