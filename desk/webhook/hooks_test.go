package webhook

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

var (
	platformA = access.Caller{ID: "K-a", Kind: access.CallerKey, Roles: []access.Role{access.RoleIntegrator}, Scopes: []string{access.ScopeWebhooksRead, access.ScopeWebhooksWrite}}
	platformB = access.Caller{ID: "K-b", Kind: access.CallerKey, Roles: []access.Role{access.RoleIntegrator}, Scopes: []string{access.ScopeWebhooksRead, access.ScopeWebhooksWrite}}
	shopKey   = access.Caller{ID: "K-s", Kind: access.CallerKey, Party: "m1", Roles: []access.Role{access.RoleIntegrator}, Scopes: platformA.Scopes}
	operator  = access.Caller{ID: "U-o", Kind: access.CallerSession, Roles: []access.Role{access.RoleOperator}}
)

// noted is one line of the record.
type noted struct{ subject, kind, by string }

func newHooks(hooks ...desk.Webhook) (Hooks, *fakeStore, *[]noted) {
	store, record := newFake(hooks...), &[]noted{}
	return Hooks{
		Store: store, Sender: NewSender(Options{}), Now: func() time.Time { return time.Unix(1_800_000_000, 0) },
		Note: func(_ context.Context, _ desk.Tx, subject, kind string, by access.Actor, _ map[string]any) error {
			*record = append(*record, noted{subject, kind, by.ID})
			return nil
		},
	}, store, record
}

func refusalCode(err error) string {
	if r, ok := text.AsRefusal(err); ok {
		return string(r.Code)
	}
	return ""
}

// TestAnothersWebhookIsNotThere tries every use case on a webhook of somebody else.
func TestAnothersWebhookIsNotThere(t *testing.T) {
	hook := desk.Webhook{ID: "W1", URL: "https://a.example/x", Topics: []string{}, CreatedBy: platformA.ID}
	for name, by := range map[string]access.Caller{"another platform": platformB, "a shop": shopKey, "nobody": {}} {
		u, store, record := newHooks(hook)
		store.state.deliveries["D1"] = desk.Delivery{ID: "D1", WebhookID: "W1"}
		ctx := t.Context()
		tries := map[string]func() error{
			"get":        func() error { _, err := u.Get(ctx, by, "W1"); return err },
			"change":     func() error { _, err := u.Change(ctx, by, "W1", Edit{URL: "https://b.example/"}); return err },
			"delete":     func() error { return u.Delete(ctx, by, "W1") },
			"deliveries": func() error { _, _, err := u.Deliveries(ctx, by, "W1", work.Page{}); return err },
			"again":      func() error { return u.Again(ctx, by, "D1") },
			"try":        func() error { _, err := u.Try(ctx, by, "W1"); return err },
		}
		for what, try := range tries {
			if err := try(); !errors.Is(err, work.ErrNotFound) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
		if list, err := u.List(ctx, by); err != nil || len(list) != 0 {
			t.Errorf("%s sees %v, %v", name, list, err)
		}
		if len(*record) != 0 || len(store.state.jobs) != 0 || store.state.hooks[0].URL != hook.URL {
			t.Errorf("%s has changed something", name)
		}
	}
	u, _, _ := newHooks(hook)
	for _, by := range []access.Caller{platformA, operator} {
		if list, err := u.List(t.Context(), by); err != nil || len(list) != 1 {
			t.Errorf("%s sees %v, %v", by.ID, list, err)
		}
	}
}

func TestAddIsForOneShopOrAll(t *testing.T) {
	for _, c := range []struct {
		name  string
		by    access.Caller
		w     Wanted
		party string
		code  string
	}{
		{"a platform, all", platformA, Wanted{URL: "https://a.example/"}, "", ""},
		{"a platform, one shop", platformA, Wanted{URL: "https://a.example/", Party: "m2"}, "m2", ""},
		{"a shop's key", shopKey, Wanted{URL: "https://a.example/"}, "m1", ""},
		{"a shop's key for another", shopKey, Wanted{URL: "https://a.example/", Party: "m2"}, "", string(text.CodeForbidden)},
		{"no id", platformA, Wanted{URL: "https://a.example/", Party: "no id!"}, "", string(text.CodeInvalid)},
		{"no https", platformA, Wanted{URL: "http://a.example/"}, "", string(text.CodeInvalid)},
		{"no such topic", platformA, Wanted{URL: "https://a.example/", Topics: []string{"claim.submited"}}, "", string(text.CodeInvalid)},
	} {
		u, store, record := newHooks()
		h, secret, err := u.Add(t.Context(), c.by, c.w)
		if refusalCode(err) != c.code || err != nil && c.code == "" {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if c.code != "" {
			if len(store.state.hooks)+len(*record) != 0 {
				t.Errorf("%s: refused, and kept", c.name)
			}
			continue
		}
		if h.Party != c.party || secret == "" || len(store.state.hooks) != 1 || !slices.Equal(*record, []noted{{"webhook/" + h.ID, "webhook.created", c.by.ID}}) {
			t.Errorf("%s: %+v, %v", c.name, h, *record)
		}
	}
}

// TestNothingIsSentTwice refuses a second webhook of one address and the same topics, but only one that the caller may
// know of.
func TestNothingIsSentTwice(t *testing.T) {
	u, _, _ := newHooks(desk.Webhook{ID: "W1", URL: "https://a.example/", Topics: []string{"claim.submitted", "claim.decided"}, CreatedBy: platformA.ID})
	same := Wanted{URL: "https://a.example/", Topics: []string{"claim.decided", "claim.submitted"}}
	if _, _, err := u.Add(t.Context(), platformA, same); refusalCode(err) != string(text.CodeInvalid) {
		t.Errorf("a twin: %v", err)
	}
	if _, _, err := u.Add(t.Context(), platformB, same); err != nil {
		t.Errorf("another's twin is none: %v", err)
	}
	if _, _, err := u.Add(t.Context(), platformA, Wanted{URL: same.URL, Topics: same.Topics[:1]}); err != nil {
		t.Errorf("other topics: %v", err)
	}
}

// TestChangeTellsWhoMayNotReadNothingMore: an address can hold a secret.
func TestChangeTellsWhoMayNotReadNothingMore(t *testing.T) {
	writer := platformA
	writer.Scopes = []string{access.ScopeWebhooksWrite}
	u, store, record := newHooks(desk.Webhook{ID: "W1", URL: "https://a.example/?token=secret", Topics: []string{"claim.decided"}, CreatedBy: platformA.ID})
	off := true
	got, err := u.Change(t.Context(), writer, "W1", Edit{Disabled: &off})
	if err != nil || got.URL != "" || len(got.Topics) != 0 || got.CreatedBy != "" || !got.Disabled {
		t.Errorf("%+v, %v", got, err)
	}
	if h := store.state.hooks[0]; h.URL != "https://a.example/?token=secret" || !h.Disabled || len(*record) != 1 {
		t.Errorf("kept %+v", h)
	}
}

// TestWhoSwitchesItOnAgainTakesItOver, after the key of who added it has ended.
func TestWhoSwitchesItOnAgainTakesItOver(t *testing.T) {
	ended := time.Unix(1_700_000_000, 0)
	hook := desk.Webhook{ID: "W1", URL: "https://a.example/", Topics: []string{}, Disabled: true, CreatedBy: platformA.ID}
	on := false
	for _, c := range []struct {
		name string
		keys []desk.Key
		want string
	}{
		{"ended", []desk.Key{{ID: platformA.ID, Expires: &ended}}, operator.ID},
		{"in force", []desk.Key{{ID: platformA.ID}}, platformA.ID},
		{"no key", nil, platformA.ID},
	} {
		u, store, _ := newHooks(hook)
		store.state.keys = c.keys
		if _, err := u.Change(t.Context(), operator, "W1", Edit{Disabled: &on}); err != nil || store.state.hooks[0].CreatedBy != c.want {
			t.Errorf("%s: %+v, %v", c.name, store.state.hooks[0], err)
		}
	}
}

func TestTrySendsTheTestMessage(t *testing.T) {
	u, store, _ := newHooks(desk.Webhook{ID: "W1", URL: "https://a.example/", Topics: []string{}, CreatedBy: platformA.ID})
	id, err := u.Try(t.Context(), platformA, "W1")
	if err != nil || id == "" || store.state.deliveries[id].Topic != desk.TopicTest || len(store.state.jobs) != 1 || store.state.jobs[0].Subject != id {
		t.Errorf("%q, %v, %+v", id, err, store.state.jobs)
	}
}
