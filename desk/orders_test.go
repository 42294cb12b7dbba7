package desk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/work"
)

// hearing is a world whose platform notes what it is told to pay.
func hearing(t *testing.T) (w *world, told *[]string) {
	w, told = newWorld(t, policy.Default()), new([]string)
	w.desk = desk.New(desk.Options{
		Store: w.db, Blobs: w.db.Blobs(), Now: func() time.Time { w.now = w.now.Add(time.Millisecond); return w.now },
		Fanout: func(_ context.Context, _ desk.Tx, m work.Message) error {
			var body struct {
				Pay    money.Money
				Remedy claim.Remedy
			}
			if m.Topic != desk.TopicRemedyOrdered {
				return nil
			}
			*told = append(*told, "")
			err := json.Unmarshal(m.Body, &body)
			(*told)[len(*told)-1] = fmt.Sprintf("%d: %s", body.Remedy.No, body.Pay)
			return err
		},
	})
	return w, told
}

// disputed is a filed claim that waits for a person.
func (w *world) disputed(f desk.Filing) *claim.Claim {
	w.t.Helper()
	c, err := w.filing(f)
	w.must(err)
	return w.is(w.db2(w.desk.Contest(w.ctx, shop, c.ID, c.Version, "no")), nil, claim.InReview)
}

// ruled has a person give so much back, or refuse with 0.
func (w *world) ruled(by access.Caller, id string, fen int64) (*claim.Claim, error) {
	w.t.Helper()
	w.lease(by, id, desk.TaskDecide)
	r := desk.Ruling{Outcome: claim.Refused, Reasons: []claim.ReasonCode{"not_shown"}, Text: "So it is."}
	if c := w.get(id); fen == c.Ask.Amount {
		r.Outcome, r.Reasons, r.Remedy = claim.Granted, []claim.ReasonCode{"missing_shown"}, claim.Remedy{Kind: c.Kind, Amount: c.Ask}
	} else if fen > 0 {
		r.Outcome, r.Reasons, r.Remedy = claim.Partly, []claim.ReasonCode{"partial_loss"}, claim.Remedy{Kind: claim.RefundOnly, Amount: cny(fen)}
	}
	return w.desk.Decide(w.ctx, by, id, 0, r)
}

func wantTold(t *testing.T, told *[]string, want ...string) {
	t.Helper()
	if fmt.Sprint(*told) != fmt.Sprint(want) {
		t.Errorf("the platform was told %v, want %v", *told, want)
	}
}

// TestAnAppealForgetsNoOrder: the platform was told to pay 10 and had not yet
// said that it did when an appeal came. It may pay all the same, so that a later
// decision orders the difference alone; it was told to pay 10, and then 40.
func TestAnAppealForgetsNoOrder(t *testing.T) {
	appealed := func(t *testing.T) (w *world, told *[]string, c *claim.Claim) {
		w, told = hearing(t)
		w.sold("o", 40_00, [2]int64{40_00, 1})
		c = w.disputed(desk.Filing{OrderID: "o"})
		c = w.db2(w.ruled(ann, c.ID, 10_00))
		c = w.db2(w.desk.Appeal(w.ctx, buyer, c.ID, c.Version, "", "too little"))
		wantTold(t, told, "1: 10.00 CNY")
		return w, told, c
	}
	t.Run("more", func(t *testing.T) {
		w, told, c := appealed(t)
		c = w.db2(w.ruled(bob, c.ID, 40_00))
		wantTold(t, told, "1: 10.00 CNY", "2: 30.00 CNY")
		if sum := w.ordered("o"); sum != 40_00 {
			t.Errorf("%d are taken", sum)
		}
		// Which of the two it speaks of it has to say.
		_, err := w.desk.Fulfil(w.ctx, platform, c.ID, 0, 0)
		wantRefusal(t, err, "by its number", "序号")
		_, err = w.desk.Fulfil(w.ctx, platform, c.ID, 0, 3)
		wantRefusal(t, err)
		c = w.db2(w.desk.Fulfil(w.ctx, platform, c.ID, 0, 1))
		if c.Remedy.State != claim.RemedyOrdered || c.Remedy.Earlier[0].DoneAt == nil {
			t.Errorf("a late word of the first order: %+v", c.Remedy)
		}
		c = w.db2(w.desk.Failed(w.ctx, platform, c.ID, 0, 1, "bounced"))
		if sum := w.ordered("o"); sum != 30_00 || c.Remedy.State != claim.RemedyOrdered {
			t.Errorf("%d are taken by %+v", sum, c.Remedy)
		}
		c = w.db2(w.desk.Fulfil(w.ctx, platform, c.ID, 0, 0)) // one alone is open now
		c = w.db2(w.desk.OrderAgain(w.ctx, platform, c.ID, 0))
		wantTold(t, told, "1: 10.00 CNY", "2: 30.00 CNY", "3: 10.00 CNY")
		if sum := w.ordered("o"); sum != 40_00 || c.Remedy.State != claim.RemedyOrdered {
			t.Errorf("%d are taken by %+v", sum, c.Remedy)
		}
		w.chain(c.ID)
	})
	t.Run("the same", func(t *testing.T) {
		w, told, c := appealed(t)
		c = w.db2(w.ruled(bob, c.ID, 10_00))
		wantTold(t, told, "1: 10.00 CNY")
		if c.Remedy.State != claim.RemedyOrdered || w.ordered("o") != 10_00 {
			t.Errorf("%+v", c.Remedy)
		}
	})
	t.Run("less", func(t *testing.T) {
		w, told, c := appealed(t)
		c = w.db2(w.ruled(bob, c.ID, 4_00))
		if c.Remedy.State != claim.RemedyRevoked || w.ordered("o") != 10_00 {
			t.Errorf("%+v, %d are taken", c.Remedy, w.ordered("o"))
		}
		c = w.db2(w.desk.Failed(w.ctx, platform, c.ID, 0, 1, "stopped"))
		c = w.db2(w.desk.OrderAgain(w.ctx, platform, c.ID, 0))
		wantTold(t, told, "1: 10.00 CNY", "2: 4.00 CNY")
		if w.ordered("o") != 4_00 {
			t.Errorf("%+v, %d are taken", c.Remedy, w.ordered("o"))
		}
	})
	t.Run("more than is left", func(t *testing.T) {
		w, _, c := appealed(t)
		w.sold("o", 30_00, [2]int64{40_00, 1})
		_, err := w.ruled(bob, c.ID, 40_00)
		wantRefusal(t, err, "30.00 CNY", "¥30.00")
	})
}

// TestWhatFellIsNotOrderedAgain: a payment failed, and then the decision that
// had ordered it fell, or the buyer withdrew.
func TestWhatFellIsNotOrderedAgain(t *testing.T) {
	for _, first := range []string{"it fails", "the decision falls"} {
		for name, fall := range map[string]func(w *world, id string) (*claim.Claim, error){
			"refused":   func(w *world, id string) (*claim.Claim, error) { return w.ruled(bob, id, 0) },
			"withdrawn": func(w *world, id string) (*claim.Claim, error) { return w.desk.Withdraw(w.ctx, buyer, id, 0) },
		} {
			t.Run(first+", "+name, func(t *testing.T) {
				w, told := hearing(t)
				w.sold("o", 40_00, [2]int64{40_00, 1})
				c := w.disputed(desk.Filing{OrderID: "o"})
				c = w.db2(w.ruled(ann, c.ID, 10_00))
				fails := func() { c = w.db2(w.desk.Failed(w.ctx, platform, c.ID, 0, 0, "bounced")) }
				if first == "it fails" {
					fails()
				}
				c = w.db2(w.desk.Appeal(w.ctx, buyer, c.ID, 0, "", "too little"))
				c = w.is(w.db2(fall(w, c.ID)), nil, claim.Closed)
				if first != "it fails" {
					fails()
				}
				_, err := w.desk.OrderAgain(w.ctx, platform, c.ID, 0)
				wantRefusal(t, err, "no remedy has failed")
				wantTold(t, told, "1: 10.00 CNY")
				if sum := w.ordered("o"); sum != 0 || c.Remedy.State != claim.RemedyRevoked {
					t.Errorf("%d are taken by %+v", sum, c.Remedy)
				}
			})
		}
	}
}

// TestAHeldExchangeThatFitsNoMoreIsClosed: nothing is left of an order for an
// exchange that waited to be final. The claim is closed all the same.
func TestAHeldExchangeThatFitsNoMoreIsClosed(t *testing.T) {
	w := newWorld(t, policy.Default())
	w.sold("o", 600_00, [2]int64{300_00, 1}, [2]int64{300_00, 1})
	c := w.disputed(desk.Filing{OrderID: "o", LineIDs: []string{"2"}, Kind: claim.Exchange})
	c = w.db2(w.ruled(ann, c.ID, 300_00))
	for c.State == claim.InReview { // four eyes
		w.lease(bob, c.ID, desk.TaskConfirm)
		c = w.db2(w.desk.Confirm(w.ctx, bob, c.ID, 0))
	}
	if c.Remedy.State != claim.RemedyHeld {
		t.Fatalf("%+v", c.Remedy)
	}
	w.granted(desk.Filing{OrderID: "o", LineIDs: []string{"1"}})
	w.sold("o", 500_00, [2]int64{300_00, 1}, [2]int64{300_00, 1})
	w.later(30 * 24 * time.Hour) // a clock that fails fails the test
	if c = w.get(c.ID); c.State != claim.Closed || c.Remedy.State != claim.RemedyRevoked || w.ordered("o") != 300_00 {
		t.Errorf("%s, %+v", c.State, c.Remedy)
	}
}

// TestAnOrderedUnitIsClaimedOnce: of three cups one is paid back, by a claim
// that can be appealed still. The other two are free.
func TestAnOrderedUnitIsClaimedOnce(t *testing.T) {
	w := newWorld(t, policy.Default())
	w.sold("o", 30_00, [2]int64{10_00, 3})
	c := w.disputed(desk.Filing{OrderID: "o", Units: map[string]int{"1": 1}})
	c = w.is(w.db2(w.ruled(ann, c.ID, 10_00)), nil, claim.Decided)
	if c.Remedy.State != claim.RemedyOrdered {
		t.Fatalf("%+v", c.Remedy)
	}
	_, err := w.filing(desk.Filing{OrderID: "o", Units: map[string]int{"1": 3}})
	wantRefusal(t, err)
	w.granted(desk.Filing{OrderID: "o", Units: map[string]int{"1": 2}})
	if sum := w.ordered("o"); sum != 30_00 {
		t.Errorf("%d are taken", sum)
	}
}

// TestAnExchangeThatNobodyCouldGrantIsRefused: a part of the price was paid
// back, and an exchange counts as the whole.
func TestAnExchangeThatNobodyCouldGrantIsRefused(t *testing.T) {
	w := newWorld(t, policy.Default())
	w.sold("o", 40_00, [2]int64{40_00, 1})
	w.granted(desk.Filing{OrderID: "o", Kind: claim.PartialRefund, Ask: cny(10_00)})
	for _, k := range []claim.Kind{claim.Exchange, claim.Repair} {
		_, err := w.filing(desk.Filing{OrderID: "o", Kind: k})
		wantRefusal(t, err, "30.00 CNY", "¥30.00")
	}
	w.granted(desk.Filing{OrderID: "o"})
	if sum := w.ordered("o"); sum != 40_00 {
		t.Errorf("%d are taken", sum)
	}
}

// TestAGiftOfALoweredOrderIsExchanged: an order that was lowered below what was
// paid back yields nothing more, and what takes nothing of it is no more.
func TestAGiftOfALoweredOrderIsExchanged(t *testing.T) {
	w := newWorld(t, policy.Default())
	w.sold("o", 100_00, [2]int64{100_00, 1}, [2]int64{0, 1})
	w.granted(desk.Filing{OrderID: "o", LineIDs: []string{"1"}})
	w.sold("o", 50_00, [2]int64{100_00, 1}, [2]int64{0, 1})
	c := w.granted(desk.Filing{OrderID: "o", LineIDs: []string{"2"}, Kind: claim.Exchange})
	if c.Remedy.State != claim.RemedyOrdered || w.ordered("o") != 100_00 {
		t.Errorf("%+v, %d are taken", c.Remedy, w.ordered("o"))
	}
}
