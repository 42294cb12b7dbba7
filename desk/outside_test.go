package desk_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/work"
)

// TestMessagesNameNoStaff: what is sent outside tells that a window was moved
// and that a person ruled, and not who of the staff did.
func TestMessagesNameNoStaff(t *testing.T) {
	w := newWorld(t, policy.Default())
	var sent []string
	w.desk = desk.New(desk.Options{
		Store: w.db, Blobs: w.db.Blobs(), Now: func() time.Time { w.now = w.now.Add(time.Millisecond); return w.now }, Random: diceOf(t.Name()),
		Fanout: func(_ context.Context, _ desk.Tx, m work.Message) error {
			sent = append(sent, string(m.Body))
			return nil
		},
	})
	f, err := w.desk.File(w.ctx, buyer, desk.Filing{OrderID: w.order(20_000), Kind: claim.RefundOnly, Reason: claim.NotReceived, Story: "It never came.", Submit: true})
	w.must(err)
	c := w.is(f.Claim, nil, claim.AskedShop)
	c, err = w.desk.Extend(w.ctx, opal, c.ID, c.Version, claim.ClockMerchant, w.now.Add(72*time.Hour), "A holiday.")
	w.must(err)
	c = w.is(w.db2(w.desk.Contest(w.ctx, shop, c.ID, c.Version, "It was handed over.")), nil, claim.InReview)
	w.lease(ann, c.ID, desk.TaskDecide)
	_, err = w.desk.Decide(w.ctx, ann, c.ID, c.Version, desk.Ruling{Outcome: claim.Refused, Reasons: []claim.ReasonCode{"not_shown"}, Text: "So it is."})
	w.must(err)
	all := strings.Join(sent, "\n")
	if !strings.Contains(all, "A holiday.") {
		t.Fatalf("no message tells of the window: %s", all)
	}
	for _, id := range []string{opal.ID, ann.ID, shop.ID} {
		if strings.Contains(all, id) {
			t.Errorf("messages name %s", id)
		}
	}
	if x := w.get(c.ID).Clocks; !strings.Contains(all, string(access.RoleOperator)) || len(x) == 0 {
		t.Error("messages do not say in what role")
	}
}
