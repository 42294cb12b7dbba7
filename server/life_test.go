package server

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/policy"
)

// TestWebhooksAreTheirPlatforms has two platforms on one desk.
func TestWebhooksAreTheirPlatforms(t *testing.T) {
	m := newMarket(t)
	x := m.scene()
	other := "Bearer " + m.key("", access.ScopeWebhooksRead, access.ScopeWebhooksWrite)
	for _, call := range []struct{ method, path, body string }{
		{"GET", "/v1/webhooks/" + x.hook, ""},
		{"PUT", "/v1/webhooks/" + x.hook, `{"url":"https://93.184.216.34/x"}`},
		{"DELETE", "/v1/webhooks/" + x.hook, ""},
		{"GET", "/v1/webhooks/" + x.hook + "/deliveries", ""},
		{"POST", "/v1/webhooks/" + x.hook + "/test", ""},
		{"POST", "/v1/webhooks/deliveries/" + x.delivery + "/replay", ""},
	} {
		res, raw := m.do("", call.method, call.path, call.body, "Authorization", other)
		if res.StatusCode != 404 {
			t.Errorf("%s %s by another platform: %d %s", call.method, call.path, res.StatusCode, raw)
		}
	}
	if _, raw := m.do("", "GET", "/v1/webhooks", "", "Authorization", other); bytes.Contains(raw, []byte(x.hook)) {
		t.Errorf("another platform's list: %s", raw)
	}
	for _, who := range []string{"platform", "opal", "audrey"} {
		if _, raw := m.do(who, "GET", "/v1/webhooks", ""); !bytes.Contains(raw, []byte(x.hook)) || bytes.Contains(raw, []byte("whsec_")) {
			t.Errorf("%s reads %s", who, raw)
		}
	}
	m.ok("platform", "PUT", "/v1/webhooks/"+x.hook, `{"url":"https://93.184.216.34/other","disabled":true}`)
	m.ok("opal", "DELETE", "/v1/webhooks/"+x.hook, "")
	var kinds []string
	if err := m.s.opt.Store.Read(t.Context(), func(tx desk.Tx) error {
		list, err := tx.EventsOf(t.Context(), "webhook/"+x.hook)
		for _, e := range list {
			kinds = append(kinds, e.Kind)
			if bytes.Contains(e.Body, []byte("secret-path")) || e.By.ID == "" {
				t.Errorf("on record: %+v", e)
			}
		}
		return err
	}); err != nil || strings.Join(kinds, " ") != "webhook.created webhook.changed webhook.deleted" {
		t.Errorf("%v, %v", kinds, err)
	}
}

// TestARevokedKeysWebhooks: who must not ask any more is not told either, until
// somebody who may takes the webhook over.
func TestARevokedKeysWebhooks(t *testing.T) {
	m := newMarket(t)
	k, secret, err := m.s.opt.Accounts.IssueKey(t.Context(), access.Caller{ID: "test"}, account.KeyWish{Name: "leaving", Scopes: []string{access.ScopeAll}})
	if err != nil {
		t.Fatal(err)
	}
	theirs := m.hook(`{"url":"https://93.184.216.34/leaving"}`, "Authorization", "Bearer "+secret)
	staying := m.hook(`{"url":"https://93.184.216.34/staying"}`, m.shopsOwn("m1")...)
	m.ok("opal", "DELETE", "/v1/keys/"+k.ID, "")
	for id, off := range map[string]bool{theirs: true, staying: false} {
		if h := m.ok("opal", "GET", "/v1/webhooks/"+id, ""); h["disabled"] != off {
			t.Errorf("%s after the key of %s was revoked: %v", id, theirs, h)
		}
	}
	x := m.scene()
	if got := m.sentTo(theirs); len(got) != 0 {
		t.Errorf("sent to it: %v", got)
	}
	m.ok("opal", "PUT", "/v1/webhooks/"+theirs, `{"disabled":false}`)
	delivery := m.ok("opal", "POST", "/v1/webhooks/"+theirs+"/test", "")["delivery_id"].(string)
	if err := m.s.opt.Store.Read(t.Context(), func(tx desk.Tx) error {
		h, err := tx.Webhook(t.Context(), theirs)
		if err == nil && (h.Disabled || h.CreatedBy == k.ID || delivery == "" || x.claim == "") {
			t.Errorf("taken over: %+v", h)
		}
		list, err := tx.EventsOf(t.Context(), "webhook/"+theirs)
		if err == nil && (len(list) < 3 || list[1].Kind != "webhook.changed" || !bytes.Contains(list[1].Body, []byte(k.ID))) {
			t.Errorf("on record: %+v", list)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestADisabledPersonsWebhooks: what goes for a key goes for a person.
func TestADisabledPersonsWebhooks(t *testing.T) {
	for name, leave := range map[string]func(*account.Profile){
		"disabled":   func(p *account.Profile) { p.Disabled = true },
		"other role": func(p *account.Profile) { p.Roles = []access.Role{access.RoleAuditor} },
		"other name": func(p *account.Profile) { p.Name = "Otto the second" },
	} {
		m := newMarket(t)
		p := account.Profile{Login: "otto", Roles: []access.Role{access.RoleOperator}}
		u, _, err := m.s.opt.Accounts.AddUser(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.s.opt.Store.Write(t.Context(), func(tx desk.Tx) error {
			return tx.PutWebhook(t.Context(), desk.Webhook{ID: "theirs", URL: "https://93.184.216.34/otto", CreatedBy: u.ID})
		}); err != nil {
			t.Fatal(err)
		}
		leave(&p)
		if _, err := m.s.opt.Accounts.ChangeUser(t.Context(), u.ID, func(desk.User) account.Profile { return p }); err != nil {
			t.Fatal(err)
		}
		if h := m.ok("opal", "GET", "/v1/webhooks/theirs", ""); h["disabled"] != (name != "other name") {
			t.Errorf("%s: %v", name, h)
		}
	}
}

func TestPolicyLifeOverHTTP(t *testing.T) {
	m := newMarket(t)
	x := m.scene()
	m.move("buyer", x.claim, "/withdraw", "", claim.Closed)
	m.person("otto", account.Profile{Roles: []access.Role{access.RoleOperator}})
	source := strings.Replace(string(policy.Default()), "Evenhand default", "Evenhand second", 1)
	body, _ := json.Marshal(map[string]any{"source": source, "summary": "A new name."})
	if res, raw := m.do("inte", "POST", "/v1/policies", string(body)); res.StatusCode != 403 {
		t.Errorf("an integrator drafts: %d %s", res.StatusCode, raw)
	}
	id, _ := m.ok("opal", "POST", "/v1/policies", string(body))["id"].(string)
	if got := m.ok("opal", "POST", "/v1/policies/"+id+"/approve", `{}`); got["status"] != string(desk.PolicyDraft) {
		t.Errorf("after one approval: %v", got["status"])
	}
	res, raw := m.do("opal", "POST", "/v1/policies/"+id+"/approve", `{}`)
	if res.StatusCode < 400 || !bytes.Contains(raw, []byte(`"two_people"`)) {
		t.Errorf("one person twice: %d %s", res.StatusCode, raw)
	}
	res, raw = m.do("otto", "POST", "/v1/policies/"+id+"/approve", `{"active_from":"2026-01-01T00:00:00Z"}`)
	if res.StatusCode < 400 || !bytes.Contains(raw, []byte(`"notice"`)) {
		t.Errorf("before the notice has run: %d %s", res.StatusCode, raw)
	}
	if got := m.ok("otto", "POST", "/v1/policies/"+id+"/approve", `{}`); got["status"] != string(desk.PolicyAnnounced) {
		t.Errorf("after two approvals: %v", got["status"])
	}
	if _, raw := m.do("", "GET", "/v1/policies/announced", ""); !bytes.Contains(raw, []byte("A new name.")) {
		t.Errorf("the public notice: %s", raw)
	}
	if loaded := m.ok("opal", "GET", "/v1/policies/active", ""); loaded["id"] == id {
		t.Error("announced rules are active already")
	}
	replay, _ := json.Marshal(map[string]any{"source": source})
	if _, raw := m.do("opal", "POST", "/v1/policies/replay", string(replay)); !bytes.Contains(raw, []byte(`"claims":1,"different":0`)) {
		t.Errorf("replay: %s", raw)
	}
}

func TestExportAndErase(t *testing.T) {
	m := newMarket(t)
	x := m.scene()
	_, raw := m.do("buyer", "GET", "/v1/buyers/b1/export", "")
	for _, w := range []string{secretStory, "secret@example.com", x.claim, x.item, x.order} {
		if !bytes.Contains(raw, []byte(w)) {
			t.Errorf("the export lacks %q", w)
		}
	}
	if res, _ := m.do("buyer", "DELETE", "/v1/buyers/b1", ""); res.StatusCode != 409 {
		t.Errorf("erased while a claim is open: %d", res.StatusCode)
	}
	m.move("buyer", x.claim, "/withdraw", "", claim.Closed)
	m.ok("buyer", "DELETE", "/v1/buyers/b1", "")
	for _, path := range []string{"/v1/claims/" + x.claim, "/v1/claims/" + x.claim + "/events", "/v1/buyers/b1/export"} {
		if _, raw := m.do("opal", "GET", path, ""); bytes.Contains(raw, []byte(secretStory)) || bytes.Contains(raw, []byte("secret@example.com")) {
			t.Errorf("%s still tells: %s", path, raw)
		}
	}
	m.ok("platform", "PUT", "/v1/orders/lone", `{"merchant_id":"m1","buyer_id":"b7","lines":[{"id":"1","title":"Pen","quantity":1,"price":{"amount":100,"currency":"CNY"}}],"total":{"amount":100,"currency":"CNY"},"placed_at":"2026-11-01T00:00:00Z"}`)
	if got := m.ok("opal", "GET", "/v1/buyers/b7/export", ""); len(got["orders"].([]any)) != 1 {
		t.Errorf("a buyer known by an order alone: %v", got)
	}
	if res, _ := m.do("opal", "GET", "/v1/buyers/b8/export", ""); res.StatusCode != 404 {
		t.Errorf("a buyer of whom nothing is known: %d", res.StatusCode)
	}
	for _, path := range []string{"/v1/orders/lone", "/v1/merchants/m1", "/v1/buyers/b7"} {
		if res, raw := m.do("platform", "PUT", path, `{"id":"another","name":"x","merchant_id":"m1","buyer_id":"b7","lines":[],"total":{"amount":1,"currency":"CNY"},"placed_at":"2026-11-01T00:00:00Z"}`); res.StatusCode != 422 && res.StatusCode != 400 {
			t.Errorf("%s with another id: %d %s", path, res.StatusCode, raw)
		}
		if res, raw := m.do("platform", "PUT", path, `{"id":"another","name":"x"}`); res.StatusCode < 400 || strings.Contains(path, "orders") != !bytes.Contains(raw, []byte("address")) {
			t.Errorf("%s with another id: %d %s", path, res.StatusCode, raw)
		}
	}
}

// hostile are values that no field expects.
var hostile = []string{
	`null`, `true`, `-1`, `1e300`, `1e400`, `9223372036854775808`, `""`, `"' OR 1=1 --"`, `"../../etc/passwd"`, `"\u0000"`, "\"\xff\xfe\"", `[]`, `{}`, `[[[[]]]]`, `[{"$ne":null}]`,
	`{"amount":1e99,"currency":"CNY"}`, `"9999-12-31T23:59:59Z"`, `"0000-01-01T00:00:00Z"`, `"` + strings.Repeat("a", 9000) + `"`,
}

// TestSessionsTakeNothingOdd sends hostile bodies where people sign in.
func TestSessionsTakeNothingOdd(t *testing.T) {
	m := newMarket(t)
	for _, r := range []struct{ method, path string }{{"POST", "/v1/session"}, {"POST", "/v1/session/totp"}, {"POST", "/v1/password"}, {"POST", "/v1/me/password"}, {"POST", "/v1/me/totp"}, {"POST", "/v1/me/totp/confirm"}} {
		for _, h := range hostile {
			for _, body := range []string{h, `{"login":` + h + `,"password":` + h + `}`, `{"code":` + h + `}`, `{"token":` + h + `,"password":"` + good + `"}`, `{"old":` + h + `,"password":` + h + `}`} {
				for _, who := range []string{"", "ann"} {
					res, raw := m.do(who, r.method, r.path, body)
					if res.StatusCode < 400 || res.StatusCode >= 500 || bytes.Contains(raw, []byte(".go:")) {
						t.Errorf("%q %s %.80s: %d %.200s", who, r.path, body, res.StatusCode, raw)
					}
				}
			}
		}
	}
	m.ok("ann", "GET", "/v1/me", "") // and nothing has changed for her
}
