package server

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/webhook"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// HookPath names a webhook.
type HookPath struct {
	ID string `path:"id" maxLength:"60"`
}

// HookBody is where messages shall go.
type HookBody struct {
	URL      string   `json:"url" minLength:"8" maxLength:"2000" example:"https://shop.example.com/evenhand" doc:"https"`
	Topics   []string `json:"topics,omitempty" maxItems:"100" doc:"Kinds of event, such as claim.submitted; none: all"`
	Disabled bool     `json:"disabled,omitempty"`
	Party    string   `json:"party,omitempty" maxLength:"64" doc:"The merchant whose claims it is told of; none: all. A key narrowed to one shop adds that shop's alone; it never changes"`
}

type hookInput struct{ Body HookBody }

// HookChangeBody changes a webhook; what is left out stays as it is.
type HookChangeBody struct {
	URL      string    `json:"url,omitempty" minLength:"8" maxLength:"2000" example:"https://shop.example.com/evenhand" doc:"https; left out, it stays as it is"`
	Topics   *[]string `json:"topics,omitempty" nullable:"true" maxItems:"100" doc:"Left out, they stay as they are; an empty list: all"`
	Disabled *bool     `json:"disabled,omitempty" doc:"Left out, it stays as it is"`
}

type hookChangeInput struct {
	HookPath
	Body HookChangeBody
}

type hookOutput struct{ Body desk.Webhook }

type hooksOutput struct{ Body List[desk.Webhook] }

type hookMadeOutput struct {
	Body struct {
		Webhook desk.Webhook `json:"webhook"`
		Secret  string       `json:"secret" doc:"whsec_…, for checking signatures (Standard Webhooks); shown this once"`
	}
}

type deliveriesInput struct {
	HookPath
	PageParams
}

type deliveriesOutput struct{ Body List[desk.Delivery] }

type deliveryInput struct {
	ID string `path:"delivery" maxLength:"60"`
}

type testedOutput struct {
	Body struct {
		DeliveryID string `json:"delivery_id" doc:"Look it up among the deliveries"`
	}
}

func (s *Server) registerWebhooks() {
	write := Access{Roles: []access.Role{access.RoleOperator, access.RoleIntegrator}, Scope: access.ScopeWebhooksWrite}
	fresh := write
	fresh.Fresh = true
	read := Access{Roles: []access.Role{access.RoleOperator, access.RoleAuditor, access.RoleIntegrator}, Scope: access.ScopeWebhooksRead}
	route(s, op("webhooks", http.MethodGet, "/v1/webhooks", "webhooks", "A platform sees those that it added, a key narrowed to one shop that shop's, operators and auditors all.", 200), read, text.Both("List webhooks", "回调列表"), func(ctx context.Context, _ *empty) (*hooksOutput, error) {
		out := &hooksOutput{Body: List[desk.Webhook]{Items: []desk.Webhook{}}}
		return out, s.hookRead(ctx, func(tx desk.Tx) error {
			list, err := tx.Webhooks(ctx)
			out.Body.Items = append([]desk.Webhook{}, slices.DeleteFunc(list, func(h desk.Webhook) bool { return !hooksOf(CallerOf(ctx), h) })...)
			return err
		})
	})
	route(s, op("add-webhook", http.MethodPost, "/v1/webhooks", "webhooks", "Messages are signed per Standard Webhooks and retried for some three days.", 201), fresh, text.Both("Add a webhook", "添加回调"), s.addHook)
	route(s, op("webhook", http.MethodGet, "/v1/webhooks/{id}", "webhooks", "", 200), read, text.Both("One webhook", "回调详情"), func(ctx context.Context, in *HookPath) (*hookOutput, error) {
		out := &hookOutput{}
		return out, s.hookRead(ctx, func(tx desk.Tx) (err error) { out.Body, err = ownHook(ctx, tx, in.ID); return err })
	})
	route(s, op("change-webhook", http.MethodPut, "/v1/webhooks/{id}", "webhooks", "", 200), write, text.Both("Change a webhook", "修改回调"), s.changeHook)
	route(s, op("delete-webhook", http.MethodDelete, "/v1/webhooks/{id}", "webhooks", "", 204), write, text.Both("Delete a webhook", "删除回调"), func(ctx context.Context, in *HookPath) (*empty, error) {
		return nil, s.opt.Store.Write(ctx, func(tx desk.Tx) error {
			h, err := ownHook(ctx, tx, in.ID)
			if err != nil {
				return err
			}
			if err := tx.DeleteWebhook(ctx, in.ID); err != nil {
				return err
			}
			return s.noteHook(ctx, tx, "webhook.deleted", h)
		})
	})
	route(s, op("deliveries", http.MethodGet, "/v1/webhooks/{id}/deliveries", "webhooks", "The log of deliveries, newest first.", 200), read, text.Both("Deliveries", "投递记录"), s.deliveries)
	route(s, op("replay-delivery", http.MethodPost, "/v1/webhooks/deliveries/{delivery}/replay", "webhooks", "Sends a message again, under its old id.", 202), write, text.Both("Send a message again", "重新投递"), func(ctx context.Context, in *deliveryInput) (*empty, error) {
		err := s.hookRead(ctx, func(tx desk.Tx) error {
			d, err := tx.Delivery(ctx, in.ID)
			if err == nil {
				_, err = ownHook(ctx, tx, d.WebhookID)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		return nil, s.opt.Webhooks.Replay(ctx, s.opt.Store, in.ID)
	})
	route(s, op("test-webhook", http.MethodPost, "/v1/webhooks/{id}/test", "webhooks", "Sends a message with the topic webhook.test.", 202), write, text.Both("Send a test message", "发送测试消息"), s.testHook)
}

// hooksOf is whether a webhook is the caller's to see: a platform's own, a
// shop's for its keys, and all of them for who runs the desk.
func hooksOf(c access.Caller, h desk.Webhook) bool {
	switch {
	case c.Party != "":
		return h.Party == c.Party
	case c.HasAny(access.RoleOperator, access.RoleAuditor):
		return true
	}
	return h.CreatedBy == c.ID
}

// hookParty is whose a new webhook is: the shop's to which a key is narrowed,
// or the one that the platform names.
func hookParty(c access.Caller, named string) (string, error) {
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

// ownHook finds a webhook that is the caller's; any other is as if it were not.
func ownHook(ctx context.Context, tx desk.Tx, id string) (desk.Webhook, error) {
	h, err := tx.Webhook(ctx, id)
	if err == nil && !hooksOf(CallerOf(ctx), h) {
		return desk.Webhook{}, work.ErrNotFound
	}
	return h, err
}

// noteHook puts on record who sends what out and to which host. The rest of an
// address may hold a secret.
func (s *Server) noteHook(ctx context.Context, tx desk.Tx, kind string, h desk.Webhook) error {
	host := ""
	if u, err := url.Parse(h.URL); err == nil {
		host = u.Host
	}
	by := CallerOf(ctx).As(access.RoleOperator, access.RoleIntegrator)
	return s.opt.Desk.Note(ctx, tx, "webhook/"+h.ID, kind, by, map[string]any{"host": host, "topics": h.Topics, "disabled": h.Disabled, "party": h.Party})
}

func (s *Server) hookRead(ctx context.Context, f func(desk.Tx) error) error {
	return s.opt.Store.Read(ctx, f)
}

// checkHook checks where messages shall go; had are the topics that the webhook
// has and may keep, whatever they are: one of an older version loads and changes.
func (s *Server) checkHook(b HookBody, had []string) error {
	if s.opt.Webhooks.CheckURL(b.URL) != nil {
		return text.Refuse(text.CodeInvalid, "url", "Give an https address on the public internet, without user, password or fragment.", "请填写公网 https 地址，不含用户名、密码或片段。")
	}
	for _, t := range b.Topics {
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

// knownTopic refuses a topic that no message has, and names the one that was
// probably meant: mistyped, or without its "claim.".
func knownTopic(t string) error {
	known := desk.Topics()
	if slices.Contains(known, t) {
		return nil
	}
	meant := cmp.Or(policy.Nearest(t, known), policy.Nearest("claim."+t, known))
	if i := slices.IndexFunc(known, func(k string) bool { return len(t) > len("claim.") && strings.HasPrefix(k, t) }); meant == "" && i >= 0 {
		meant = known[i]
	}
	if meant == "" {
		return text.Refuse(text.CodeInvalid, "topics", fmt.Sprintf("There is no topic %q. There are remedy.ordered, claim. with a move, such as claim.submitted, and webhook.test; none at all means all of them.", t),
			fmt.Sprintf("没有 %q 这个事件。可用的是 remedy.ordered、claim. 加动作名（如 claim.submitted）和 webhook.test；一个都不填即接收全部。", t))
	}
	return text.Refuse(text.CodeInvalid, "topics", fmt.Sprintf("There is no topic %q; did you mean %s?", t, meant), fmt.Sprintf("没有 %q 这个事件，是否指 %s？", t, meant))
}

// twinOf refuses a webhook whose address is told of the same already, as far as
// the caller may know: everything would come twice.
func twinOf(ctx context.Context, tx desk.Tx, h desk.Webhook) error {
	set := func(h desk.Webhook) []string { return slices.Compact(slices.Sorted(slices.Values(h.Topics))) }
	list, err := tx.Webhooks(ctx)
	if err != nil {
		return err
	}
	for _, o := range list {
		if o.ID != h.ID && o.URL == h.URL && o.Party == h.Party && hooksOf(CallerOf(ctx), o) && slices.Equal(set(o), set(h)) {
			return text.Refuse(text.CodeInvalid, "url", "There is a webhook for this address and these events already; change that one.", "该地址已有接收相同事件的推送，请直接修改那一个。")
		}
	}
	return nil
}

func hookID(letter string) string {
	b := make([]byte, 10)
	_, _ = rand.Read(b) // never fails (crypto/rand, since Go 1.24)
	return letter + hex.EncodeToString(b)
}

func (s *Server) addHook(ctx context.Context, in *hookInput) (*hookMadeOutput, error) {
	if err := s.checkHook(in.Body, nil); err != nil {
		return nil, err
	}
	secret, err := webhook.NewSecret(rand.Reader)
	if err != nil {
		return nil, err
	}
	party, err := hookParty(CallerOf(ctx), in.Body.Party)
	if err != nil {
		return nil, err
	}
	h := desk.Webhook{ID: hookID("W"), Party: party, URL: in.Body.URL, Topics: in.Body.Topics, Disabled: in.Body.Disabled, Secret: secret, CreatedBy: CallerOf(ctx).ID, CreatedAt: s.now()}
	if h.Topics == nil {
		h.Topics = []string{}
	}
	out := &hookMadeOutput{}
	out.Body.Webhook, out.Body.Secret = h, secret
	return out, s.opt.Store.Write(ctx, func(tx desk.Tx) error {
		if err := twinOf(ctx, tx, h); err != nil {
			return err
		}
		if err := tx.PutWebhook(ctx, h); err != nil {
			return err
		}
		return s.noteHook(ctx, tx, "webhook.created", h)
	})
}

func (s *Server) changeHook(ctx context.Context, in *hookChangeInput) (*hookOutput, error) {
	out := &hookOutput{}
	return out, s.opt.Store.Write(ctx, func(tx desk.Tx) error {
		h, err := ownHook(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		b := in.Body
		next := HookBody{URL: cmp.Or(b.URL, h.URL), Topics: sentOr(b.Topics, h.Topics), Disabled: sentOr(b.Disabled, h.Disabled)}
		if err := s.checkHook(next, h.Topics); err != nil {
			return err
		}
		if b.Disabled != nil && !*b.Disabled { // who switches it on again after its key has ended takes it over
			if k, err := tx.Key(ctx, h.CreatedBy); err == nil && k.Ended(s.now()) {
				h.CreatedBy = CallerOf(ctx).ID
			} else if err != nil && !errors.Is(err, work.ErrNotFound) {
				return err
			}
		}
		moved := next.URL != h.URL || !slices.Equal(next.Topics, h.Topics)
		h.URL, h.Topics, h.Disabled = next.URL, append([]string{}, next.Topics...), next.Disabled
		if moved {
			if err := twinOf(ctx, tx, h); err != nil {
				return err
			}
		}
		if out.Body = h; !CallerOf(ctx).HasScope(access.ScopeWebhooksRead) { // an address can hold a secret
			out.Body.URL, out.Body.Topics, out.Body.CreatedBy = b.URL, sentOr(b.Topics, []string{}), ""
		}
		if err := tx.PutWebhook(ctx, h); err != nil {
			return err
		}
		return s.noteHook(ctx, tx, "webhook.changed", h)
	})
}

func (s *Server) deliveries(ctx context.Context, in *deliveriesInput) (*deliveriesOutput, error) {
	p, err := s.page(ctx, "deliveries/"+in.ID, in.PageParams)
	if err != nil {
		return nil, err
	}
	var items []desk.Delivery
	var next string
	err = s.hookRead(ctx, func(tx desk.Tx) error {
		if _, err := ownHook(ctx, tx, in.ID); err != nil {
			return err
		}
		items, next, err = tx.Deliveries(ctx, in.ID, p)
		return err
	})
	if err != nil {
		return nil, cursorError(err)
	}
	out, err := listOf(ctx, s, "deliveries/"+in.ID, items, next)
	return &deliveriesOutput{Body: out}, err
}

func (s *Server) testHook(ctx context.Context, in *HookPath) (*testedOutput, error) {
	out := &testedOutput{}
	err := s.opt.Store.Write(ctx, func(tx desk.Tx) error {
		h, err := ownHook(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		body, err := json.Marshal(map[string]string{"webhook": h.ID})
		if err != nil {
			return err
		}
		at := s.now()
		m := work.Message{ID: "msg_" + hookID("t"), Topic: desk.TopicTest, Subject: "webhook/" + h.ID, At: at, Body: body}
		d := desk.Delivery{ID: webhook.DeliveryID(h.ID, m.ID), WebhookID: h.ID, MessageID: m.ID, Topic: m.Topic, State: webhook.Waiting, CreatedAt: at, NextAt: at}
		out.Body.DeliveryID = d.ID
		if err := tx.PutMessage(ctx, m); err != nil {
			return err
		}
		if err := tx.PutDelivery(ctx, d); err != nil {
			return err
		}
		return tx.Enqueue(ctx, work.Job{Kind: desk.JobDeliver, Subject: d.ID})
	})
	return out, err
}
