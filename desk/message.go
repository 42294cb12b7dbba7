package desk

import (
	"encoding/json"
	"strings"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/work"
)

// inner moves are between reviewers; the parties learn of their outcome.
var inner = map[string]bool{"claim." + string(claim.MovePropose): true, "claim." + string(claim.MoveReturnPair): true}

// TopicTest is the topic of the message that was asked for as a test.
const TopicTest = "webhook.test"

// remarks are the events of a claim that move nothing.
var remarks = []string{"opened", "screened", "reread"}

// Topics are all that a message can have, the one to act upon first; a webhook
// that asks for another would never be sent anything.
func Topics() []string {
	list := []string{TopicRemedyOrdered}
	for _, m := range claim.Moves {
		list = append(list, "claim."+string(m.Name))
	}
	for _, name := range remarks {
		list = append(list, "claim."+name)
	}
	return append(list, TopicTest)
}

// ToldToSides is whether the sides of a claim are told of an event: of the
// moves that change something for them, not of what detectors and reviewers do
// among themselves.
func ToldToSides(kind string) bool {
	name, ok := strings.CutPrefix(kind, "claim.")
	if !ok || inner[kind] {
		return false
	}
	return claim.FindMove(claim.MoveName(name)) != nil
}

// MessageFor is whether a webhook may have the message. One without a party belongs
// to who runs the desk or to a platform, and may have all; a merchant's may
// have what the merchant itself would be told of its own claims.
func MessageFor(m work.Message, h Webhook) bool {
	if h.Party == "" || m.Subject == "webhook/"+h.ID {
		return true
	}
	var about struct {
		Merchant string      `json:"merchant"`
		State    claim.State `json:"state"`
	}
	if json.Unmarshal(m.Body, &about) != nil || about.Merchant != h.Party || about.State == claim.Draft {
		return false // a draft is the buyer's alone
	}
	return !strings.HasPrefix(m.Topic, "claim.") || ToldToSides(m.Topic)
}
