package server

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/desk"
)

// A topic that no message has is refused with the one that was meant: the
// webhook would stand there as switched on and never be sent anything.
func TestAWebhookAsksForKnownTopics(t *testing.T) {
	m := newMarket(t)
	add := func(topics ...string) (int, string) {
		list, _ := json.Marshal(topics)
		res, raw := m.do("opal", "POST", "/v1/webhooks", `{"url":"https://93.184.216.34/`+strings.Join(topics, "-")+`","topics":`+string(list)+`}`)
		return res.StatusCode, string(raw)
	}
	for typed, meant := range map[string]string{
		"claim.submited": "did you mean claim.submitted?", "claim_decided": "did you mean claim.decided?",
		"remedy_ordered": "did you mean remedy.ordered?", "appealed": "did you mean claim.appealed?",
		"claim.submit": "did you mean claim.submitted?", "claim.*": "There are remedy.ordered, ", "x": "There are remedy.ordered, ",
	} {
		if status, raw := add("remedy.ordered", typed); status != http.StatusUnprocessableEntity || !strings.Contains(raw, meant) || !strings.Contains(raw, `"body.topics"`) {
			t.Errorf("%s: %d %s", typed, status, raw)
		}
	}
	if _, raw := m.do("opal", "POST", "/v1/webhooks", `{"url":"https://93.184.216.34/zh","topics":["claim.submited"]}`, "Accept-Language", "zh"); !strings.Contains(string(raw), "是否指 claim.submitted？") {
		t.Errorf("in Chinese: %s", raw)
	}
	if all := desk.Topics(); !slices.Contains(all, "claim.remedy_failed") || !slices.Contains(all, "claim.opened") || !slices.Contains(all, "webhook.test") {
		t.Errorf("the topics are %v", all)
	} else if status, raw := add(all...); status != http.StatusCreated {
		t.Errorf("all of them: %d %s", status, raw)
	}
}

// What an older version let through goes on loading, and changes; the same
// address is not told of the same events twice.
func TestAWebhookThatIsThere(t *testing.T) {
	m := newMarket(t)
	err := m.s.opt.Store.Write(t.Context(), func(tx desk.Tx) error {
		return tx.PutWebhook(t.Context(), desk.Webhook{ID: "old", URL: "https://93.184.216.34/old", Topics: []string{"claim.submited"}, Secret: "whsec_x", CreatedAt: m.s.now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	m.ok("opal", "PUT", "/v1/webhooks/old", `{"url":"https://93.184.216.34/old","topics":["claim.submited"],"disabled":true}`)
	m.ok("opal", "PUT", "/v1/webhooks/old", `{"topics":["claim.submitted","claim.decided"]}`)

	const twin = `{"url":"https://93.184.216.34/old","topics":["claim.decided","claim.submitted"]}`
	if res, raw := m.do("opal", "POST", "/v1/webhooks", twin); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(raw), "already") {
		t.Errorf("the same address for the same events: %d %s", res.StatusCode, raw)
	}
	m.ok("platform", "POST", "/v1/webhooks", twin) // another's webhooks are none of its business
	m.ok("opal", "POST", "/v1/webhooks", `{"url":"https://93.184.216.34/old","topics":["claim.decided"]}`)
}
