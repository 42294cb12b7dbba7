package server

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/desk/webhook"
	"github.com/evenhand/evenhand/work"
)

// shopsOwn is a key narrowed to a shop, as headers.
func (m *market) shopsOwn(merchant string) []string {
	return []string{"Authorization", "Bearer " + m.key(merchant, access.ScopeAll)}
}

// hook adds a webhook and answers its id.
func (m *market) hook(body string, header ...string) string {
	m.t.Helper()
	return m.ok("", "POST", "/v1/webhooks", body, header...)["webhook"].(map[string]any)["id"].(string)
}

// sentTo lists the topics and subjects of the messages on their way to a webhook.
func (m *market) sentTo(hook string) (out []string) {
	m.t.Helper()
	err := m.s.opt.Store.Read(m.t.Context(), func(tx desk.Tx) error {
		list, _, err := tx.Deliveries(m.t.Context(), hook, work.Page{Limit: 200})
		for _, d := range list {
			msg, err := tx.Message(m.t.Context(), d.MessageID)
			if err != nil {
				return err
			}
			out = append(out, msg.Topic+" "+msg.Subject)
		}
		return err
	})
	if err != nil {
		m.t.Fatal(err)
	}
	return out
}

// theirs files a claim between buyer b2 and merchant m2.
func (m *market) theirs(order string) string {
	m.t.Helper()
	m.ok("platform", "PUT", "/v1/orders/"+order, `{"merchant_id":"m2","buyer_id":"b2","lines":[{"id":"1","title":"Pen","quantity":1,"price":{"amount":100,"currency":"CNY"}}],"total":{"amount":100,"currency":"CNY"},"placed_at":"2026-11-01T00:00:00Z"}`)
	return m.ok("buyer2", "POST", "/v1/claims", `{"order_id":"`+order+`","kind":"refund_only","reason":"not_received","story":"x","submit":true}`)["claim"].(map[string]any)["id"].(string)
}

// TestAStateTellsNoStranger: who names the state of an order hears the same of
// another shop's order and of one that is not there.
func TestAStateTellsNoStranger(t *testing.T) {
	m := newMarket(t)
	x := m.scene()
	key := m.shopsOwn("m2")
	ask := func(id string) string {
		body := `{"merchant_id":"m2","buyer_id":"b2","lines":[{"id":"1","title":"Pen","quantity":1,"price":{"amount":100,"currency":"CNY"}}],"total":{"amount":100,"currency":"CNY"},"placed_at":"2026-11-01T00:00:00Z"}`
		res, raw := m.do("", "PUT", "/v1/orders/"+id, body, append([]string{"If-Match", `"5f2b1c"`}, key...)...)
		var p struct{ Code, Title, Detail string }
		if err := json.Unmarshal(raw, &p); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(res.StatusCode, p)
	}
	if theirs, none := ask(x.order), ask("no-such-order"); theirs != none || !strings.HasPrefix(none, "412") {
		t.Errorf("another shop's order: %s; none: %s", theirs, none)
	}
}

// TestEachShopsWebhooks: what is sent to a shop's webhook is about its own
// claims, and no more than the shop itself would be told.
func TestEachShopsWebhooks(t *testing.T) {
	m := newMarket(t)
	m.person("buyer2", account.Profile{Roles: []access.Role{access.RoleBuyer}, Party: "b2"})
	one, two := m.shopsOwn("m1"), m.shopsOwn("m2")
	const to = `{"url":"https://93.184.216.34/`
	hooks := map[string]string{"m1": m.hook(to+`one"}`, one...), "m2": m.hook(to+`two"}`, two...), "": m.hook(to+`all"}`, "Authorization", m.auth["platform"])}
	named := m.hook(to+`named","party":"m2"}`, "Authorization", m.auth["platform"])
	mine := m.scene() // to m1: filed, asked, contested
	m.ok("ann", "POST", "/v1/reviews/lease", `{"claim_id":"`+mine.claim+`"}`)
	m.move("ann", mine.claim, "/decision", `{"outcome":"refused","reasons":["delivered_as_ordered"],"text":"x"}`, claim.Decided)
	other := m.theirs("theirs")
	for merchant, hook := range map[string]string{"m1": hooks["m1"], "m2": hooks["m2"], "m2 named by the platform": named} {
		own, not := "claim/"+mine.claim, other
		if merchant != "m1" {
			own, not = "claim/"+other, mine.claim
		}
		sent := m.sentTo(hook)
		if !slices.ContainsFunc(sent, func(s string) bool { return strings.HasSuffix(s, " "+own) }) {
			t.Errorf("%s is told nothing of its own claim: %v", merchant, sent)
		}
		for _, s := range sent {
			topic, _, _ := strings.Cut(s, " ")
			if strings.Contains(s, not) || topic == "claim.opened" || topic == "claim.evidence_added" && merchant != "m1" || !desk.ToldToSides(topic) {
				t.Errorf("%s is told of %s", merchant, s)
			}
		}
	}
	if all := m.sentTo(hooks[""]); !slices.ContainsFunc(all, func(s string) bool { return strings.Contains(s, mine.claim) }) || !slices.ContainsFunc(all, func(s string) bool { return strings.Contains(s, other) }) {
		t.Errorf("the platform is told of less than all: %v", all)
	}
	// Its hooks are its own: seen, changed and added by nobody else's key.
	if list := m.ok("", "GET", "/v1/webhooks", "", one...); len(list["items"].([]any)) != 1 {
		t.Errorf("m1 sees %v", list)
	}
	for _, r := range []struct{ method, path, body string }{
		{"GET", "/v1/webhooks/" + hooks["m2"], ""},
		{"PUT", "/v1/webhooks/" + hooks["m2"], to + `x"}`},
		{"DELETE", "/v1/webhooks/" + hooks["m2"], ""},
		{"GET", "/v1/webhooks/" + hooks["m2"] + "/deliveries", ""},
		{"POST", "/v1/webhooks/" + hooks["m2"] + "/test", ""},
	} {
		if res, raw := m.do("", r.method, r.path, r.body, one...); res.StatusCode != http.StatusNotFound {
			t.Errorf("m1 at m2's: %s %s: %d %s", r.method, r.path, res.StatusCode, raw)
		}
	}
	if res, _ := m.do("", "POST", "/v1/webhooks", to+`x","party":"m2"}`, one...); res.StatusCode != http.StatusForbidden {
		t.Errorf("m1 adds a webhook of m2: %d", res.StatusCode)
	}
	if res, _ := m.do("", "PUT", "/v1/webhooks/"+hooks["m1"], to+`x","party":"m2"}`, one...); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("m1 makes its webhook m2's: %d", res.StatusCode)
	}
	m.strayDelivery(hooks["m1"], other)
}

// strayDelivery puts a message about another shop's claim on its way, as from
// before webhooks had a party: it is ended, not sent.
func (m *market) strayDelivery(hook, other string) {
	m.t.Helper()
	ctx := m.t.Context()
	body, _ := json.Marshal(map[string]string{"merchant": "m2", "state": "review", "claim": other})
	msg := work.Message{ID: "msg_stray", Topic: "claim.submitted", Subject: "claim/" + other, At: time.Now().UTC(), Body: body}
	d := desk.Delivery{ID: webhook.DeliveryID(hook, msg.ID), WebhookID: hook, MessageID: msg.ID, Topic: msg.Topic, State: webhook.Waiting}
	err := m.s.opt.Store.Write(ctx, func(tx desk.Tx) error {
		if err := tx.PutMessage(ctx, msg); err != nil {
			return err
		}
		return tx.PutDelivery(ctx, d)
	})
	if err == nil {
		err = m.s.opt.Webhooks.Deliver(ctx, m.s.opt.Store, d.ID)
	}
	if err == nil {
		err = m.s.opt.Store.Read(ctx, func(tx desk.Tx) (err error) { d, err = tx.Delivery(ctx, d.ID); return err })
	}
	if err != nil || d.State != webhook.Failed || len(d.Attempts) != 1 || d.Attempts[0].Error != webhook.FailParty {
		m.t.Errorf("a stray message: %+v, %v", d, err)
	}
}

// hear listens to the live stream from the beginning of the record until it
// hears of a claim, and answers all that came.
func (m *market) hear(until, who string, header ...string) string {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, m.url+"/v1/live", nil)
	if err != nil {
		m.t.Fatal(err)
	}
	r.Header.Set("Last-Event-ID", "0")
	if who != "" {
		r.Header.Set("Cookie", m.auth[who])
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		m.t.Fatal(err)
	}
	defer res.Body.Close()
	var heard strings.Builder
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		heard.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), until) {
			return heard.String()
		}
	}
	m.t.Errorf("%s%v did not hear of %s: %s", who, header, until, heard.String())
	return heard.String()
}

// TestEachShopsLiveStream: both shops listen from the start; each hears of its
// own claim and nothing of the other's.
func TestEachShopsLiveStream(t *testing.T) {
	m := newMarket(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- m.s.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	m.person("buyer2", account.Profile{Roles: []access.Role{access.RoleBuyer}, Party: "b2"})
	m.person("shop2", account.Profile{Roles: []access.Role{access.RoleMerchant}, Party: "m2"})
	mine := m.scene()
	other := m.theirs("theirs")
	key := m.merchantKey("m2")
	for name, heard := range map[string]string{
		"the other shop": m.hear(other, "shop2"), "its key": m.hear(other, "", "Authorization", "Bearer "+key), "its link": m.hear(other, "", headerLink, m.link(other, "merchant")),
		"the other buyer": m.hear(other, "buyer2"),
	} {
		if strings.Contains(heard, mine.claim) {
			t.Errorf("%s hears of another's claim: %s", name, heard)
		}
	}
	if heard := m.hear(mine.claim, "shop"); strings.Contains(heard, other) {
		t.Errorf("the first shop hears of another's claim: %s", heard)
	}
}
