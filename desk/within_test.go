package desk_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/mask"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/store/pgtest"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// cny is an amount in fen.
func cny(fen int64) money.Money { return money.Money{Amount: fen, Currency: "CNY"} }

// sold pushes an order with lines "1", "2" … of price and quantity.
func (w *world) sold(id string, total int64, lines ...[2]int64) order.Order {
	w.t.Helper()
	placed, delivered := w.now.Add(-72*time.Hour), w.now.Add(-10*time.Hour)
	o := order.Order{ID: id, MerchantID: "m1", BuyerID: "b1", Total: cny(total), PlacedAt: placed, DeliveredAt: &delivered}
	for i, l := range lines {
		o.Lines = append(o.Lines, order.Line{ID: string(rune('1' + i)), Title: "Mug", Price: cny(l[0]), Quantity: int(l[1])})
	}
	w.must(w.desk.PutOrder(w.ctx, platform, o))
	return o
}

func (w *world) filing(f desk.Filing) (*claim.Claim, error) {
	if f.Kind == "" {
		f.Kind = claim.RefundOnly
	}
	f.Reason, f.Submit = claim.NotReceived, true
	got, err := w.desk.File(w.ctx, buyer, f)
	return got.Claim, err
}

// granted files and has the merchant agree.
func (w *world) granted(f desk.Filing) *claim.Claim {
	w.t.Helper()
	c, err := w.filing(f)
	w.must(err)
	return w.is(w.db2(w.desk.Accept(w.ctx, shop, c.ID, c.Version, "")), nil, claim.Closed)
}

// ordered is what the remedies of an order took, by the store alone.
func (w *world) ordered(orderID string) (sum int64) {
	w.must(w.db.Read(w.ctx, func(tx desk.Tx) error {
		list, err := tx.Takings(w.ctx, orderID)
		for _, k := range list {
			sum += k.Amount
		}
		return err
	}))
	return sum
}

func wantRefusal(t *testing.T, err error, words ...string) {
	t.Helper()
	e, ok := text.AsRefusal(err)
	if !ok {
		t.Fatalf("not refused: %v", err)
	}
	for _, word := range words {
		if !strings.Contains(e.Text.EN, word) && !strings.Contains(e.Text.ZH, word) {
			t.Errorf("the refusal does not say %q: %v / %s", word, e, e.Text.ZH)
		}
	}
}

// TestAnOrderIsPaidBackOnce: 300, claimed three times, each after the one
// before was closed, gave 900.
func TestAnOrderIsPaidBackOnce(t *testing.T) {
	w := newWorld(t, policy.Default())
	w.sold("o", 300_00, [2]int64{300_00, 1})
	w.granted(desk.Filing{OrderID: "o"})
	for range 2 {
		_, err := w.filing(desk.Filing{OrderID: "o"})
		wantRefusal(t, err, "Nothing remains")
		_, err = w.filing(desk.Filing{OrderID: "o", LineIDs: []string{"1"}})
		wantRefusal(t, err, "0 of 1 units", "¥0.00", "¥300.00")
	}
	if sum := w.ordered("o"); sum != 300_00 {
		t.Errorf("%d were ordered of 30000", sum)
	}
}

// TestLinesAreWorthWhatWasPaid: lines of 100 and 200 with a coupon of 50,
// claimed one by one, gave 300.
func TestLinesAreWorthWhatWasPaid(t *testing.T) {
	w := newWorld(t, policy.Default())
	w.sold("o", 250_00, [2]int64{100_00, 1}, [2]int64{200_00, 1})
	_, err := w.filing(desk.Filing{OrderID: "o", LineIDs: []string{"1"}, Ask: cny(100_00)})
	wantRefusal(t, err, "83.33")
	for line, want := range map[string]int64{"1": 83_33, "2": 166_67} {
		if c := w.granted(desk.Filing{OrderID: "o", LineIDs: []string{line}}); c.Remedy.Amount.Amount != want {
			t.Errorf("line %s gives %v, want %d", line, c.Remedy.Amount, want)
		}
	}
	if sum := w.ordered("o"); sum != 250_00 {
		t.Errorf("%d were ordered of 25000", sum)
	}
}

// TestALoweredOrderYieldsLess: what was asked for before the order was lowered
// is ordered as far as it is left, whoever orders it.
func TestALoweredOrderYieldsLess(t *testing.T) {
	w := newWorld(t, policy.Default())
	lower := func(id string, total int64) {
		var o order.Order
		o, err := w.desk.Order(w.ctx, platform, id)
		w.must(err)
		o.Total = cny(total)
		w.must(w.desk.PutOrder(w.ctx, platform, o))
	}
	t.Run("the merchant agrees", func(t *testing.T) {
		w.sold("a", 300_00, [2]int64{300_00, 1})
		c, err := w.filing(desk.Filing{OrderID: "a"})
		w.must(err)
		lower("a", 120_00)
		c = w.is(w.db2(w.desk.Accept(w.ctx, shop, c.ID, c.Version, "")), nil, claim.Closed)
		if c.Remedy.Amount != cny(120_00) || c.Remedy.Wanted == nil || *c.Remedy.Wanted != cny(300_00) || c.Ask != cny(300_00) {
			t.Errorf("the remedy is %+v", c.Remedy)
		}
	})
	t.Run("nothing is left", func(t *testing.T) {
		w.sold("b", 300_00, [2]int64{300_00, 1})
		c, err := w.filing(desk.Filing{OrderID: "b"})
		w.must(err)
		lower("b", 0)
		_, err = w.desk.Accept(w.ctx, shop, c.ID, c.Version, "")
		wantRefusal(t, err, "nothing is left", "无余额")
	})
	t.Run("the buyer takes an offer", func(t *testing.T) {
		w.sold("c", 300_00, [2]int64{300_00, 1})
		c, err := w.filing(desk.Filing{OrderID: "c"})
		w.must(err)
		_, err = w.desk.MakeOffer(w.ctx, shop, c.ID, c.Version, claim.Remedy{Kind: claim.PartialRefund, Amount: cny(0)}, "")
		wantRefusal(t, err, "more than 0", "大于 0")
		c = w.db2(w.desk.MakeOffer(w.ctx, shop, c.ID, c.Version, claim.Remedy{Kind: claim.PartialRefund, Amount: cny(200_00)}, ""))
		lower("c", 120_00)
		_, err = w.desk.TakeOffer(w.ctx, buyer, c.ID, c.Version)
		wantRefusal(t, err, "120.00 CNY", "¥120.00")
	})
	t.Run("a person decides, and the time for an appeal runs out", func(t *testing.T) {
		w.sold("d", 300_00, [2]int64{300_00, 1})
		c, err := w.filing(desk.Filing{OrderID: "d"})
		w.must(err)
		c = w.db2(w.desk.Contest(w.ctx, shop, c.ID, c.Version, "no"))
		w.lease(ann, c.ID, desk.TaskDecide)
		ruling := desk.Ruling{Outcome: claim.Granted, Remedy: claim.Remedy{Kind: claim.RefundOnly, Amount: cny(300_00)}, Reasons: []claim.ReasonCode{"missing_shown"}, Text: "So it is."}
		lower("d", 250_00)
		_, err = w.desk.Decide(w.ctx, ann, c.ID, 0, ruling)
		wantRefusal(t, err, "250.00 CNY")
		ruling.Outcome, ruling.Remedy.Amount, ruling.Reasons = claim.Partly, cny(250_00), []claim.ReasonCode{"partial_loss"}
		c = w.db2(w.desk.Decide(w.ctx, ann, c.ID, 0, ruling))
		for c.State == claim.InReview { // four eyes
			w.lease(bob, c.ID, desk.TaskConfirm)
			c = w.db2(w.desk.Confirm(w.ctx, bob, c.ID, 0))
		}
		if c.Remedy.State != claim.RemedyHeld {
			t.Fatalf("the remedy is %+v", c.Remedy)
		}
		lower("d", 100_00)
		w.later(30 * 24 * time.Hour)
		if c = w.get(c.ID); c.State != claim.Closed || c.Remedy.State != claim.RemedyOrdered || c.Remedy.Amount != cny(100_00) {
			t.Errorf("closed with %s, %+v", c.State, c.Remedy)
		}
	})
}

// TestUnitsAreUsedUp: a line of three, by units and by each kind of remedy.
func TestUnitsAreUsedUp(t *testing.T) {
	w := newWorld(t, policy.Default())
	w.sold("o", 100_00, [2]int64{50_00, 3}) // 33.34 + 33.33 + 33.33
	one := map[string]int{"1": 1}
	first, err := w.filing(desk.Filing{OrderID: "o", Units: one})
	w.must(err)
	if first.Ask != cny(33_34) {
		t.Errorf("one of three is worth %v", first.Ask)
	}
	_, err = w.filing(desk.Filing{OrderID: "o"})
	wantRefusal(t, err, first.ID) // all three, of which one is claimed
	second, err := w.filing(desk.Filing{OrderID: "o", Units: one, Kind: claim.Exchange})
	w.must(err) // another one
	for _, c := range []*claim.Claim{first, second} {
		w.is(w.db2(w.desk.Accept(w.ctx, shop, c.ID, 0, "")), nil, claim.Closed)
	}
	_, err = w.filing(desk.Filing{OrderID: "o", Units: map[string]int{"1": 2}})
	wantRefusal(t, err, "1 of 3 units", "¥33.33")
	third := w.granted(desk.Filing{OrderID: "o", Kind: claim.Repair})
	if sum := w.ordered("o"); sum != 100_00 || third.Units["1"] != 1 {
		t.Errorf("%d were ordered, the last for %v", sum, third.Units)
	}
	_, err = w.filing(desk.Filing{OrderID: "o"})
	wantRefusal(t, err, "Nothing remains")
	for _, bad := range []map[string]int{{"1": 0}, {"1": 4}, {"9": 1}, {"1": -1}} {
		_, err = w.filing(desk.Filing{OrderID: "o", Units: bad})
		wantRefusal(t, err)
	}
}

func TestAClaimOfNothingIsNone(t *testing.T) {
	w := newWorld(t, policy.Default())
	w.sold("o", 100_00, [2]int64{100_00, 1})
	for _, k := range claim.Kinds {
		_, err := w.filing(desk.Filing{OrderID: "o", Kind: k, Ask: money.Money{Currency: "CNY"}})
		wantRefusal(t, err, "more than 0", "大于 0")
	}
	w.sold("gift", 0, [2]int64{0, 1})
	w.granted(desk.Filing{OrderID: "gift", Kind: claim.Exchange})
	_, err := w.filing(desk.Filing{OrderID: "gift", Kind: claim.Exchange})
	wantRefusal(t, err)
}

// saysWhy is whether the claim says why its order failed: to the buyer, and
// neither to the merchant nor in the record, where nothing can be erased.
func (w *world) saysWhy(id, text string) {
	w.t.Helper()
	err := w.db.Read(w.ctx, func(tx desk.Tx) error {
		c, err := tx.Claim(w.ctx, id)
		if err != nil {
			return err
		}
		for depth, want := range map[mask.Depth]int{mask.Buyer: 1, mask.Merchant: 0, mask.Reviewer: 1} {
			if got := (mask.Eye{Depth: depth}).Claim(c).Failures; len(got) != want || want == 1 && (got[0].Text != text || got[0].No != 1) {
				w.t.Errorf("to the %s: %+v", depth, got)
			}
		}
		events, err := tx.EventsOf(w.ctx, "claim/"+id)
		for _, e := range events {
			if strings.Contains(string(e.Body), text) {
				w.t.Errorf("the record says %s", e.Body)
			}
		}
		return err
	})
	if err != nil {
		w.t.Error(err)
	}
}

// TestAFailedRemedyGivesTheRoomBackOnce: a payment that the bank refuses.
func TestAFailedRemedyGivesTheRoomBackOnce(t *testing.T) {
	w := newWorld(t, policy.Default())
	w.sold("o", 100_00, [2]int64{100_00, 1})
	c := w.granted(desk.Filing{OrderID: "o"})
	c = w.db2(w.desk.Fulfil(w.ctx, platform, c.ID, c.Version, 0))
	c = w.db2(w.desk.Failed(w.ctx, platform, c.ID, c.Version, 0, "account closed"))
	if c.Remedy.State != claim.RemedyFailed || w.ordered("o") != 0 {
		t.Fatalf("%+v, and %d are taken", c.Remedy, w.ordered("o"))
	}
	w.saysWhy(c.ID, "account closed")
	_, err := w.desk.Failed(w.ctx, platform, c.ID, 0, 0, "again")
	wantRefusal(t, err, "not possible now")
	_, err = w.desk.Fulfil(w.ctx, platform, c.ID, 0, 0)
	wantRefusal(t, err)
	_, err = w.desk.Failed(w.ctx, shop, c.ID, 0, 0, "")
	wantRefusal(t, err)
	// It can be ordered again, or claimed again, and not both.
	other := w.granted(desk.Filing{OrderID: "o", Ask: cny(60_00)})
	c = w.db2(w.desk.OrderAgain(w.ctx, platform, c.ID, 0))
	if c.Remedy.State != claim.RemedyOrdered || c.Remedy.Amount != cny(40_00) || w.ordered("o") != 100_00 {
		t.Errorf("ordered again: %+v, beside %+v; %d are taken", c.Remedy, other.Remedy, w.ordered("o"))
	}
	w.chain(c.ID)
}

// TestAnAppealOvertakesAPayment: the platform paid before it heard of the
// appeal; the second decision orders the rest, not the whole once more.
func TestAnAppealOvertakesAPayment(t *testing.T) {
	w := newWorld(t, policy.Default())
	w.sold("o", 40_00, [2]int64{40_00, 1})
	c, err := w.filing(desk.Filing{OrderID: "o"})
	w.must(err)
	c = w.db2(w.desk.Contest(w.ctx, shop, c.ID, c.Version, "no"))
	decide := func(by access.Caller, outcome claim.Outcome, fen int64, reason claim.ReasonCode) {
		t.Helper()
		w.lease(by, c.ID, desk.TaskDecide)
		r := desk.Ruling{Outcome: outcome, Reasons: []claim.ReasonCode{reason}, Text: "So it is."}
		if fen > 0 {
			r.Remedy = claim.Remedy{Kind: claim.RefundOnly, Amount: cny(fen)}
		}
		c = w.db2(w.desk.Decide(w.ctx, by, c.ID, 0, r))
	}
	decide(ann, claim.Partly, 10_00, "partial_loss")
	if c.Remedy.State != claim.RemedyOrdered {
		t.Fatalf("%+v", c.Remedy)
	}
	c = w.db2(w.desk.Appeal(w.ctx, buyer, c.ID, c.Version, "", "too little"))
	c = w.db2(w.desk.Fulfil(w.ctx, platform, c.ID, c.Version, 0))
	decide(bob, claim.Granted, 40_00, "missing_shown")
	if due := c.Remedy.Due(); c.Remedy.State != claim.RemedyOrdered || due != cny(30_00) || w.ordered("o") != 40_00 {
		t.Errorf("%v is due of %+v, %d are taken", due, c.Remedy, w.ordered("o"))
	}
}

// TestEveryOrderedRemedyIsTold: a claim settled by consent told subscribers of
// the documented topics nothing.
func TestEveryOrderedRemedyIsTold(t *testing.T) {
	w := newWorld(t, policy.Default())
	var told []work.Message
	d := desk.New(desk.Options{
		Store: w.db, Blobs: w.db.Blobs(), Now: func() time.Time { w.now = w.now.Add(time.Millisecond); return w.now },
		Fanout: func(_ context.Context, _ desk.Tx, m work.Message) error {
			if m.Topic == desk.TopicRemedyOrdered {
				told = append(told, m)
			}
			return nil
		},
	})
	w.desk = d
	w.must(d.PutMerchant(w.ctx, shop, order.Merchant{ID: "m1", Name: "Shop", Consent: order.Consent{Kinds: []string{"return_refund"}, UpTo: cny(20_00)}}))
	w.sold("o", 10_00, [2]int64{10_00, 1})
	draft, err := d.File(w.ctx, buyer, desk.Filing{OrderID: "o", Kind: claim.ReturnRefund, Reason: claim.OtherReason})
	w.must(err)
	w.photo(draft.Claim.ID, evidence.Whole)
	c, err := d.Submit(w.ctx, buyer, draft.Claim.ID, 0)
	w.is(c, err, claim.Closed)
	w.sold("p", 100_00, [2]int64{50_00, 2})
	w.granted(desk.Filing{OrderID: "p", Units: map[string]int{"1": 1}})
	w.sold("q", 100_00, [2]int64{100_00, 1})
	w.granted(desk.Filing{OrderID: "q", Kind: claim.Exchange})
	var got []string
	for _, m := range told {
		var body struct {
			Claim, Order, Merchant string
			Pay                    money.Money
			Lines                  []order.Taken
			Remedy                 claim.Remedy
		}
		w.must(json.Unmarshal(m.Body, &body))
		if body.Remedy.State != claim.RemedyOrdered || body.Merchant != "m1" || len(body.Lines) != 1 || body.Claim == "" {
			t.Errorf("%s", m.Body)
		}
		got = append(got, body.Order+" "+body.Pay.String())
	}
	if want := "o 10.00 CNY, p 50.00 CNY, q 0.00 CNY"; strings.Join(got, ", ") != want {
		t.Errorf("told %v, want %s", got, want)
	}
}

// TestRacingNodesOrderWhatWasPaid: two nodes on one database accept and file
// about one order at once, while it is lowered.
func TestRacingNodesOrderWhatWasPaid(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { racing(t, store.Options{Dir: t.TempDir(), RelaxedSync: true}) })
	t.Run("postgres", func(t *testing.T) { racing(t, store.Options{Dir: t.TempDir(), Database: pgtest.URL(t)}) })
}

func racing(t *testing.T, o store.Options) {
	w := &world{t: t, ctx: t.Context(), now: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	o.Now = func() time.Time { return w.now }
	var nodes [2]*desk.Desk
	for i := range nodes {
		w.db = w.open(o)
		nodes[i] = desk.New(desk.Options{Store: w.db, Blobs: w.db.Blobs(), Now: o.Now})
	}
	w.desk = nodes[0]
	w.must(w.desk.FirstPolicy(w.ctx, policy.Default()))
	w.must(w.desk.PutMerchant(w.ctx, platform, order.Merchant{ID: "m1", Name: "Shop"}))
	for round := range 6 {
		id := "race" + string(rune('a'+round))
		w.sold(id, 90_00, [2]int64{50_00, 2})
		var filed []*claim.Claim
		for range 2 {
			c, err := w.filing(desk.Filing{OrderID: id, Units: map[string]int{"1": 1}})
			w.must(err)
			filed = append(filed, c)
		}
		low, err := w.desk.Order(w.ctx, platform, id)
		w.must(err)
		low.Total = cny(60_00)
		var all sync.WaitGroup
		for i, c := range filed {
			all.Go(func() {
				_, err := nodes[i].Accept(w.ctx, shop, c.ID, 0, "")
				if _, refused := text.AsRefusal(err); err != nil && !refused {
					t.Error(err)
				}
			})
		}
		all.Go(func() { w.must(nodes[round%2].PutOrder(w.ctx, platform, low)) })
		for _, d := range nodes {
			all.Go(func() {
				_, err := d.File(w.ctx, buyer, desk.Filing{OrderID: id, Kind: claim.RefundOnly, Reason: claim.NotReceived, Submit: true})
				if _, refused := text.AsRefusal(err); err != nil && !refused {
					t.Error(err)
				}
			})
		}
		all.Wait()
		// Ordered before it was lowered: up to 90; after: up to 60. Anything
		// that is open still is accepted now, and gets what is left.
		list, _, err := w.desk.Claims(w.ctx, opal, desk.ClaimFilter{OrderID: id}, work.Page{Limit: 9})
		w.must(err)
		open := map[string]int{}
		for _, c := range list {
			if c.State != claim.Closed {
				open["1"] += c.Units["1"]
				_, _ = w.desk.Accept(w.ctx, shop, c.ID, 0, "") // refused where nothing is left
			}
		}
		if open["1"] > 2 {
			t.Errorf("%d of 2 units are claimed at once", open["1"])
		}
		if sum := w.ordered(id); sum > 90_00 || sum < 60_00 {
			t.Errorf("%d were ordered of 9000, later 6000", sum)
		}
	}
}
