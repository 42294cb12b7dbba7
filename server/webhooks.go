package server

import (
	"context"
	"net/http"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/webhook"
	"github.com/evenhand/evenhand/text"
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
	hooks := webhook.Hooks{Store: s.opt.Store, Sender: s.opt.Webhooks, Note: s.opt.Desk.Note, Now: s.now}
	route(s, op("webhooks", http.MethodGet, "/v1/webhooks", "webhooks", "A platform sees those that it added, a key narrowed to one shop that shop's, operators and auditors all.", 200), read, text.Both("List webhooks", "回调列表"), func(ctx context.Context, _ *empty) (*hooksOutput, error) {
		list, err := hooks.List(ctx, CallerOf(ctx))
		return &hooksOutput{Body: List[desk.Webhook]{Items: list}}, err
	})
	route(s, op("add-webhook", http.MethodPost, "/v1/webhooks", "webhooks", "Messages are signed per Standard Webhooks and retried for some three days.", 201), fresh, text.Both("Add a webhook", "添加回调"), func(ctx context.Context, in *hookInput) (out *hookMadeOutput, err error) {
		out = &hookMadeOutput{}
		b := in.Body
		out.Body.Webhook, out.Body.Secret, err = hooks.Add(ctx, CallerOf(ctx), webhook.Wanted{URL: b.URL, Topics: b.Topics, Disabled: b.Disabled, Party: b.Party})
		return out, err
	})
	route(s, op("webhook", http.MethodGet, "/v1/webhooks/{id}", "webhooks", "", 200), read, text.Both("One webhook", "回调详情"), func(ctx context.Context, in *HookPath) (*hookOutput, error) {
		h, err := hooks.Get(ctx, CallerOf(ctx), in.ID)
		return &hookOutput{Body: h}, err
	})
	route(s, op("change-webhook", http.MethodPut, "/v1/webhooks/{id}", "webhooks", "", 200), write, text.Both("Change a webhook", "修改回调"), func(ctx context.Context, in *hookChangeInput) (*hookOutput, error) {
		h, err := hooks.Change(ctx, CallerOf(ctx), in.ID, webhook.Edit(in.Body))
		return &hookOutput{Body: h}, err
	})
	route(s, op("delete-webhook", http.MethodDelete, "/v1/webhooks/{id}", "webhooks", "", 204), write, text.Both("Delete a webhook", "删除回调"), func(ctx context.Context, in *HookPath) (*empty, error) {
		return nil, hooks.Delete(ctx, CallerOf(ctx), in.ID)
	})
	route(s, op("deliveries", http.MethodGet, "/v1/webhooks/{id}/deliveries", "webhooks", "The log of deliveries, newest first.", 200), read, text.Both("Deliveries", "投递记录"), func(ctx context.Context, in *deliveriesInput) (*deliveriesOutput, error) {
		p, err := s.page(ctx, "deliveries/"+in.ID, in.PageParams)
		if err != nil {
			return nil, err
		}
		items, next, err := hooks.Deliveries(ctx, CallerOf(ctx), in.ID, p)
		if err != nil {
			return nil, cursorError(err)
		}
		out, err := listOf(ctx, s, "deliveries/"+in.ID, items, next)
		return &deliveriesOutput{Body: out}, err
	})
	route(s, op("replay-delivery", http.MethodPost, "/v1/webhooks/deliveries/{delivery}/replay", "webhooks", "Sends a message again, under its old id.", 202), write, text.Both("Send a message again", "重新投递"), func(ctx context.Context, in *deliveryInput) (*empty, error) {
		return nil, hooks.Again(ctx, CallerOf(ctx), in.ID)
	})
	route(s, op("test-webhook", http.MethodPost, "/v1/webhooks/{id}/test", "webhooks", "Sends a message with the topic webhook.test.", 202), write, text.Both("Send a test message", "发送测试消息"), func(ctx context.Context, in *HookPath) (out *testedOutput, err error) {
		out = &testedOutput{}
		out.Body.DeliveryID, err = hooks.Try(ctx, CallerOf(ctx), in.ID)
		return out, err
	})
}
