package desk_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/text"
)

// hostile is a policy that wants whatever a digest of the facts says: to pay,
// to lapse, to give windows of a second. No version of it is fair; the
// guarantees must hold all the same.
type hostile struct {
	seed byte
	// moods, in rules that keep not even their own promises, holds the facts
	// that were routed before: the first answer to some differs from all later
	// ones, and some rules' names are words. Other rules have none.
	moods map[[sha256.Size]byte]bool
}

func (h hostile) ID() string                 { return fmt.Sprintf("Phostile%03d", h.seed) }
func (h hostile) Name() string               { return "hostile" }
func (h hostile) VideoFrom() claim.VideoFrom { return claim.VideoFrom{"CNY": 1 << 40} }

func (h hostile) Terms() claim.Terms {
	return claim.Terms{
		MerchantWindow: claim.MinMerchantWindow, BuyerWindow: claim.MinBuyerWindow, OfferWindow: claim.MinOfferWindow,
		ReviewWindow: 24 * time.Hour, VisitWindow: 48 * time.Hour, AppealWindow: claim.MinAppealWindow,
		FourEyes: map[string]int64{"CNY": 50_000}, HoldFrom: map[string]int64{"CNY": 10_000}, SecondReading: 0.5,
	}
}

func (h hostile) Route(f claim.Facts) (claim.Routing, error) {
	data, err := json.Marshal(f)
	if err != nil {
		return claim.Routing{}, err
	}
	sum := sha256.Sum256(append(data, h.seed))
	actions := append([]claim.Action{claim.ActSettle, claim.ActSettle, claim.ActSettle, claim.ActLapse, claim.ActOfferReturn}, claim.Actions...)
	pick := int(sum[0])
	if h.moods != nil && sum[2] < 64 && !h.moods[sum] {
		h.moods[sum] = true
		pick++
	}
	r := claim.Routing{Policy: h.ID(), Rule: "whim", Action: actions[pick%len(actions)], Ask: text.Text{EN: "?", ZH: "？"}}
	if h.moods != nil && sum[3] < 32 {
		r.Rule = whim
	}
	if sum[1] < 16 {
		r.Window = time.Second // a trap
	}
	return r, nil
}

// whim is a rule's name that quotes somebody.
const whim = "unfair, said Wang Xiaoming"

// boast is a detector that calls conclusive whatever it likes.
type boast struct{}

// Examine draws its findings from the digest of the bytes.
func (boast) Examine(_ context.Context, x desk.Examination) (evidence.Screening, []desk.Fingerprint, error) {
	sum := sha256.Sum256([]byte(x.Item.SHA256))
	s := evidence.Screening{Detectors: "boast"}
	for _, b := range sum[:1+sum[31]%3] {
		s.Findings = append(s.Findings, evidence.Finding{
			Code: "reference.same_capture", Stance: []evidence.Stance{evidence.Against, evidence.For, evidence.Neutral}[b%3],
			Strength:   []evidence.Strength{evidence.Conclusive, evidence.Conclusive, evidence.Strong, evidence.Weak}[b/3%4],
			FalseAlarm: []float64{0, -1, 1e-9, 5e-4, 0.02, 1}[b/12%6],
		})
	}
	return s, nil, nil
}

// play is one random history of a marketplace under hostile rules.
type play struct {
	*world
	claims []string
	orders []string // of which some are claimed again, and lowered
	// facts that the test keeps for itself, to judge by
	consent order.Consent
	seen    map[string]*claim.Claim
	steps   int
	changes int               // how many of the steps changed a claim
	jobs    map[string]string // claim by the evidence that nobody has looked at
	rude    bool              // the rules break their own promises
	told    map[string]*told  // what the platform was told, by the event that told it
}

func newPlay(t *testing.T, dir string, seed byte, rude bool) *play {
	w := &world{t: t, ctx: t.Context(), now: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	clock := func() time.Time { w.now = w.now.Add(time.Millisecond); return w.now }
	db, err := store.Open(w.ctx, store.Options{Dir: dir, Now: clock, RelaxedSync: true})
	if err != nil {
		t.Fatal(err)
	}
	w.db = db
	p := &play{world: w, seen: map[string]*claim.Claim{}, jobs: map[string]string{}, told: map[string]*told{}, rude: rude}
	w.desk = desk.New(desk.Options{
		Store: db, Blobs: db.Blobs(), Now: clock, Examine: boast{}, Fanout: p.hear,
		Compile: func(source []byte) (desk.Rules, error) {
			h := hostile{seed: source[0]}
			if rude {
				h.moods = map[[sha256.Size]byte]bool{}
			}
			return h, nil
		},
	})
	w.must(w.desk.FirstPolicy(w.ctx, []byte{seed, 'x'}))
	w.must(w.desk.PutMerchant(w.ctx, platform, order.Merchant{ID: "m1", Name: "Shop"}))
	return p
}

// fresh begins a history that owes nothing to the one before it, so that a
// failure can be played again: no claims, and a shop without a standing consent.
func (p *play) fresh() {
	for _, id := range p.claims {
		_, _ = p.desk.Withdraw(p.ctx, buyer, id, 0) // what is over refuses; the rest would go on taking the next history's time
	}
	p.orders = nil
	p.told = map[string]*told{}
	p.claims, p.seen, p.consent, p.jobs = nil, map[string]*claim.Claim{}, order.Consent{}, map[string]string{}
	_, err := p.desk.KeepMerchant(p.ctx, shop, order.Merchant{ID: "m1", Name: "Shop"}, desk.Sync{Clear: []string{"consent"}})
	p.must(err)
}

// any answers with a recent claim, mostly one in a state that a move is made
// for; "" where there is none such.
func (p *play) any(t *rapid.T, states ...claim.State) string {
	list := p.claims[max(0, len(p.claims)-6):]
	if rapid.IntRange(0, 3).Draw(t, "fitting") > 0 {
		fitting := []string{}
		for _, id := range list {
			if c := p.seen[id]; c != nil && slices.Contains(states, c.State) {
				fitting = append(fitting, id)
			}
		}
		list = fitting
	}
	if len(list) == 0 {
		return ""
	}
	return rapid.SampledFrom(list).Draw(t, "claim")
}

// refused lets every refusal pass and nothing else: a guarantee that refuses a
// person's move is doing its work; a stuck route or a failing store is not,
// unless no routing of rude rules could be lawful.
func (p *play) refused(t *rapid.T, err error) {
	if err == nil {
		return
	}
	if _, ok := text.AsRefusal(err); !ok || !p.rude && strings.Contains(err.Error(), "no lawful action") {
		t.Fatalf("not a refusal: %v", err)
	}
}

// moves are what anybody may try at any time, sensible or not.
func (p *play) moves() map[string]func(*rapid.T) {
	people := []access.Caller{buyer, shop, ann, bob, eve, opal, platform, {}}
	// who draws mostly one of those whose move it is, and at times anybody.
	who := func(t *rapid.T, right ...access.Caller) access.Caller {
		if rapid.IntRange(0, 3).Draw(t, "right") > 0 {
			return rapid.SampledFrom(right).Draw(t, "who")
		}
		return people[rapid.IntRange(0, len(people)-1).Draw(t, "anybody")]
	}
	staff := []access.Caller{ann, bob, eve}
	remedy := func(t *rapid.T) claim.Remedy {
		return claim.Remedy{Kind: rapid.SampledFrom(claim.Kinds).Draw(t, "remedy"), Amount: money.Money{Amount: rapid.Int64Range(0, 90_000).Draw(t, "fen"), Currency: "CNY"}}
	}
	file := func(t *rapid.T) {
		if len(p.orders) == 0 || rapid.IntRange(0, 2).Draw(t, "another order") > 0 {
			p.orders = append(p.orders, p.order(rapid.Int64Range(1, 90_000).Draw(t, "worth")))
		}
		f, err := p.desk.File(p.ctx, buyer, desk.Filing{
			OrderID: rapid.SampledFrom(p.orders[max(0, len(p.orders)-3):]).Draw(t, "order"), Kind: rapid.SampledFrom([]claim.Kind{claim.RefundOnly, claim.RefundOnly, claim.ReturnRefund, claim.Repair}).Draw(t, "kind"),
			Reason: claim.NotReceived, Story: "never came", Submit: true,
		})
		p.refused(t, err)
		if err == nil {
			p.claims = append(p.claims, f.Claim.ID)
		}
	}
	// on makes a move on some claim; where none waits for it, a new one is filed.
	on := func(f func(t *rapid.T, id string) error, states ...claim.State) func(*rapid.T) {
		return func(t *rapid.T) {
			if id := p.any(t, states...); id != "" {
				p.refused(t, f(t, id))
			} else {
				file(t)
			}
		}
	}
	one := func(_ *claim.Claim, err error) error { return err }
	decide := func(t *rapid.T, id string, by access.Caller) error {
		c := p.get(id)
		_, _ = p.desk.Lease(p.ctx, by, id, desk.TaskDecide) // a refusal shows below
		r := desk.Ruling{Outcome: rapid.SampledFrom([]claim.Outcome{claim.Granted, claim.Partly, claim.Refused, claim.Settled}).Draw(t, "outcome"), Text: rapid.SampledFrom([]string{"so it is", "so it is", ""}).Draw(t, "text")}
		switch r.Outcome {
		case claim.Granted:
			r.Remedy, r.Reasons = claim.Remedy{Kind: c.Kind, Amount: c.Ask}, []claim.ReasonCode{"missing_shown"}
		case claim.Partly:
			r.Remedy, r.Reasons = remedy(t), []claim.ReasonCode{"partial_loss"}
			if rapid.IntRange(0, 3).Draw(t, "small") > 0 { // ordered at once, not held
				r.Remedy.Amount.Amount = rapid.Int64Range(0, min(c.Ask.Amount, 9_999)).Draw(t, "part")
			}
		case claim.Refused:
			r.Reasons = []claim.ReasonCode{"not_shown"}
		}
		return one(p.desk.Decide(p.ctx, by, id, 0, r))
	}
	return map[string]func(*rapid.T){
		"file": file,
		"consent": func(t *rapid.T) {
			p.consent = order.Consent{UpTo: money.Money{Amount: rapid.Int64Range(0, 60_000).Draw(t, "up to"), Currency: "CNY"}}
			if rapid.Bool().Draw(t, "any") {
				p.consent.Kinds = []string{string(rapid.SampledFrom(claim.Kinds).Draw(t, "kind"))}
			}
			_, err := p.desk.KeepMerchant(p.ctx, shop, order.Merchant{ID: "m1", Name: "Shop", Consent: p.consent}, desk.Sync{Clear: []string{"consent"}})
			p.refused(t, err)
		},
		"lower": func(t *rapid.T) {
			if len(p.orders) == 0 {
				return
			}
			o, err := p.desk.Order(p.ctx, platform, rapid.SampledFrom(p.orders[max(0, len(p.orders)-3):]).Draw(t, "order"))
			p.must(err)
			o.Total.Amount = rapid.Int64Range(0, o.Total.Amount).Draw(t, "paid")
			p.refused(t, p.desk.PutOrder(p.ctx, platform, o))
		},
		"failed": on(func(t *rapid.T, id string) error {
			by := who(t, platform)
			return p.report(t, id, func(k *told) bool { return !k.failed },
				func(no int) error { return one(p.desk.Failed(p.ctx, by, id, 0, no, "bounced")) }, func(k *told) { k.failed = true })
		}, claim.Decided, claim.InReview, claim.Closed),
		"again":   on(func(t *rapid.T, id string) error { return one(p.desk.OrderAgain(p.ctx, who(t, platform), id, 0)) }, claim.Decided, claim.Closed),
		"accept":  on(func(t *rapid.T, id string) error { return one(p.desk.Accept(p.ctx, who(t, shop), id, 0, "yes")) }, claim.AskedShop),
		"contest": on(func(t *rapid.T, id string) error { return one(p.desk.Contest(p.ctx, who(t, shop), id, 0, "not so")) }, claim.AskedShop),
		"offer": on(func(t *rapid.T, id string) error {
			return one(p.desk.MakeOffer(p.ctx, who(t, shop), id, 0, remedy(t), "half"))
		}, claim.AskedShop),
		"take":  on(func(t *rapid.T, id string) error { return one(p.desk.TakeOffer(p.ctx, who(t, buyer), id, 0)) }, claim.Offered),
		"leave": on(func(t *rapid.T, id string) error { return one(p.desk.LeaveOffer(p.ctx, who(t, buyer), id, 0)) }, claim.Offered),
		"supplement": on(func(t *rapid.T, id string) error {
			return one(p.desk.Supplement(p.ctx, who(t, buyer), id, 0, "here it is"))
		}, claim.AskedBuy),
		"withdraw": on(func(t *rapid.T, id string) error {
			if rapid.IntRange(0, 9).Draw(t, "rarely") > 0 {
				return nil
			}
			return one(p.desk.Withdraw(p.ctx, who(t, buyer), id, 0))
		}, claim.AskedShop, claim.InReview),
		"appeal": on(func(t *rapid.T, id string) error {
			return one(p.desk.Appeal(p.ctx, who(t, buyer, shop), id, 0, "", "unfair"))
		}, claim.Decided),
		"lease": on(func(t *rapid.T, id string) error {
			_, err := p.desk.Lease(p.ctx, who(t, staff...), id, rapid.SampledFrom([]desk.Task{desk.TaskDecide, desk.TaskConfirm, desk.TaskReread}).Draw(t, "task"))
			return err
		}, claim.InReview, claim.Decided),
		"decide": on(func(t *rapid.T, id string) error { return decide(t, id, who(t, staff...)) }, claim.InReview),
		// A later decision meets what was ordered under an earlier one.
		"second look": on(func(t *rapid.T, id string) error {
			if _, err := p.desk.Appeal(p.ctx, rapid.SampledFrom([]access.Caller{buyer, shop}).Draw(t, "side"), id, 0, "", "unfair"); err != nil {
				return err
			}
			return decide(t, id, rapid.SampledFrom(staff).Draw(t, "another"))
		}, claim.Decided),
		"confirm": on(func(t *rapid.T, id string) error {
			by := who(t, staff...)
			_, _ = p.desk.Lease(p.ctx, by, id, desk.TaskConfirm)
			return one(p.desk.Confirm(p.ctx, by, id, 0))
		}, claim.InReview),
		"return": on(func(t *rapid.T, id string) error {
			by := who(t, staff...)
			_, _ = p.desk.Lease(p.ctx, by, id, desk.TaskConfirm)
			return one(p.desk.ReturnProposal(p.ctx, by, id, 0, "no"))
		}, claim.InReview),
		"ask": on(func(t *rapid.T, id string) error {
			return one(p.desk.AskBuyer(p.ctx, who(t, staff...), id, 0, text.Text{EN: "more?"}))
		}, claim.InReview),
		"ask shop": on(func(t *rapid.T, id string) error {
			return one(p.desk.AskShop(p.ctx, who(t, staff...), id, 0, text.Text{EN: "so?"}))
		}, claim.InReview),
		"visited": on(func(t *rapid.T, id string) error { return one(p.desk.Visited(p.ctx, who(t, platform), id, 0)) }, claim.Visiting),
		"done": on(func(t *rapid.T, id string) error {
			by := who(t, platform)
			return p.report(t, id, func(k *told) bool { return !k.failed && !k.done },
				func(no int) error { return one(p.desk.Fulfil(p.ctx, by, id, 0, no)) }, func(k *told) { k.done = true })
		}, claim.Decided, claim.InReview, claim.Closed),
		"extend": on(func(t *rapid.T, id string) error {
			kind := rapid.SampledFrom([]claim.ClockKind{claim.ClockMerchant, claim.ClockBuyer, claim.ClockAppeal}).Draw(t, "clock")
			return one(p.desk.Extend(p.ctx, who(t, staff...), id, 0, kind, p.now.Add(100*time.Hour), "holidays"))
		}, claim.AskedShop, claim.AskedBuy, claim.Decided),
		"reread": on(func(t *rapid.T, id string) error {
			by := who(t, staff...)
			_, _ = p.desk.Lease(p.ctx, by, id, desk.TaskReread)
			return p.desk.Reread(p.ctx, by, id, claim.Refused)
		}, claim.Decided, claim.Closed),
		"evidence": on(func(t *rapid.T, id string) error {
			if rapid.IntRange(0, 2).Draw(t, "rarely") > 0 {
				return nil
			}
			it, err := p.desk.AddEvidence(p.ctx, who(t, buyer, shop), id, desk.Upload{
				Purpose: evidence.CloseUp, Medium: evidence.Photo, Name: "holidays.jpg",
				Data: strings.NewReader("\xff\xd8\xff\xe0" + strconv.Itoa(rapid.IntRange(0, 1<<20).Draw(t, "picture"))),
			})
			if err == nil {
				p.jobs[it.ID] = id
			}
			return err
		}, claim.AskedShop, claim.AskedBuy, claim.InReview),
		"screen": func(t *rapid.T) {
			for id := range p.jobs {
				err := p.desk.Screen(p.ctx, id)
				if err == nil {
					delete(p.jobs, id)
				}
				p.refused(t, err)
			}
		},
		"time passes": func(t *rapid.T) {
			p.now = p.now.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "hours")) * time.Hour)
			if err := p.desk.Tick(p.ctx); err != nil {
				if !p.rude {
					t.Fatalf("a clock failed: %v", err)
				}
				p.refused(t, err)
			}
		},
	}
}

// check judges every claim by its record and its state alone, not by the code
// that is under test.
func (p *play) check(t *rapid.T) {
	p.steps++
	for _, id := range p.claims[max(0, len(p.claims)-6):] {
		c := p.get(id)
		before := p.seen[id]
		if before != nil && before.Version == c.Version {
			continue
		}
		p.seen[id] = c
		p.changes++
		for _, broken := range p.broken(c, before) {
			data, _ := json.MarshalIndent(c, "", " ")
			t.Fatalf("%s\n%s", broken, data)
		}
	}
}

func (p *play) broken(c, before *claim.Claim) (out []string) {
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	events, err := p.desk.Events(p.ctx, opal, c.ID)
	p.must(err)
	known := 0
	if before != nil {
		known = len(before.Decisions)
	}
	out = append(out, p.overdrawn(c, before, events)...)
	for _, d := range c.Decisions[min(known, len(c.Decisions)):] {
		agreed := c.Heard != nil && c.Heard.How == claim.HeardConsent || d.By.Role == access.RoleMerchant || len(d.Reasons) > 0 && d.Reasons[0] == "offer_accepted"
		if d.Remedy.Kind != "" && c.Heard == nil && !agreed {
			say("heard: a remedy against a merchant nobody heard")
		}
		if d.Remedy.Kind != "" && c.Heard != nil && c.Heard.How == claim.HeardConsent && d.By.Role == access.RoleMachine && !p.consent.Covers(string(d.Remedy.Kind), string(c.Reason), c.Categories, d.Remedy.Amount) {
			say("heard: settled beyond the consent %+v", p.consent)
		}
		if c.Heard != nil && c.Heard.How == claim.HeardSilence {
			if asked := when(events, "claim.merchant_asked", c.Heard.At); asked.IsZero() || c.Heard.At.Sub(asked) < claim.MinMerchantWindow {
				say("heard: silence after %v", c.Heard.At.Sub(asked))
			}
			// A standing consent that reaches the remedy is an agreement, silent or not.
			keeps := d.Remedy.Kind == claim.RefundOnly || d.Remedy.Kind == claim.PartialRefund
			if d.By.Role == access.RoleMachine && keeps && !p.consent.Covers(string(d.Remedy.Kind), string(c.Reason), c.Categories, d.Remedy.Amount) {
				say("heard: forced into a refund without return")
			}
		}
		person := d.By.Role == access.RoleReviewer || d.By.Role == access.RoleSenior
		if (d.Outcome == claim.Refused || d.Outcome == claim.Granted || d.Outcome == claim.Partly) && !person {
			say("human: %s by %s", d.Outcome, d.By.Role)
		}
		if person && c.Ask.Amount >= 50_000 && (d.Second == nil || d.Second.ID == d.By.ID) {
			say("human: no second pair of eyes")
		}
		for _, e := range c.Decisions {
			if e.Round != d.Round && person && e.By.ID == d.By.ID {
				say("human: the appeal came back to the same reviewer")
			}
		}
		if d.Outcome == claim.Lapsed && len(c.Appeals) > 0 {
			say("human: an appeal lapsed by machine")
		}
		if len(d.Reasons) == 0 || d.Facts == "" || d.Policy == "" || d.By.ID == "" || person && d.Text == "" {
			say("explained: %+v", d)
		}
	}
	for _, r := range c.Routings {
		if err := p.replays(r); err != nil {
			say("replayable: %v", err)
		}
	}
	if before != nil {
		if len(c.Decisions) < len(before.Decisions) || len(c.Evidence) < len(before.Evidence) || len(c.Routings) < len(before.Routings) {
			say("kept: something is gone")
		}
		old, _ := json.Marshal(before.Decisions)
		now, _ := json.Marshal(c.Decisions[:min(len(before.Decisions), len(c.Decisions))])
		if len(before.Decisions) > 0 && string(old) != string(now) {
			say("kept: a decision changed")
		}
	}
	prev := ""
	for i, e := range events {
		if e.No != int64(i+1) || e.Prev != prev || desk.HashEvent(e) != e.Hash {
			say("kept: event %d breaks the chain", i+1)
		}
		prev = e.Hash
		for _, words := range []string{"never came", "so it is", "not so", "unfair", "here it is", "holidays"} {
			if strings.Contains(string(e.Body), words) {
				say("private: %q is in the record", words)
			}
		}
	}
	out = append(out, p.unbounded(c)...)
	if c.State == claim.Screening && p.screening(c.ID) {
		return out // somebody will look at its evidence
	}
	return append(out, onTimeBroken(c)...)
}

// screening is whether a claim has evidence that nobody has looked at.
func (p *play) screening(id string) bool {
	for _, of := range p.jobs {
		if of == id {
			return true
		}
	}
	return false
}

// unbounded names what is kept as conclusive without a bound that allows it.
func (p *play) unbounded(c *claim.Claim) (out []string) {
	if len(c.Evidence) == 0 {
		return nil
	}
	x, err := p.desk.Case(p.ctx, opal, c.ID)
	p.must(err)
	for _, it := range x.Evidence {
		if it.Screening == nil {
			continue
		}
		for _, f := range it.Screening.Findings {
			if f.Strength == evidence.Conclusive && (f.FalseAlarm <= 0 || f.FalseAlarm > 1e-3) {
				out = append(out, fmt.Sprintf("bounded: conclusive with a bound of %g", f.FalseAlarm))
			}
		}
	}
	return out
}

// onTimeBroken says what is wrong with a claim's clocks.
func onTimeBroken(c *claim.Claim) (out []string) {
	floor := map[claim.State]time.Duration{claim.AskedShop: 24 * time.Hour, claim.AskedBuy: 24 * time.Hour, claim.Offered: 12 * time.Hour, claim.Decided: 72 * time.Hour, claim.InReview: time.Hour, claim.Visiting: time.Hour}
	least, waits := floor[c.State]
	if waits && len(c.Clocks) != 1 || !waits && len(c.Clocks) != 0 {
		return []string{fmt.Sprintf("on time: %d clocks while %s", len(c.Clocks), c.State)}
	}
	if waits && c.Clocks[0].Due.Sub(c.Clocks[0].SetAt) < least {
		return []string{fmt.Sprintf("on time: a window of %v while %s", c.Clocks[0].Due.Sub(c.Clocks[0].SetAt), c.State)}
	}
	if c.State == claim.Screening {
		return []string{"on time: a claim waits in screening with nothing to screen"}
	}
	return nil
}

// when is the last time before another that something happened.
func when(events []claim.Event, kind string, before time.Time) (at time.Time) {
	for _, e := range events {
		if e.Kind == kind && e.At.Before(before) {
			at = e.At
		}
	}
	return at
}

// replays routes kept facts again.
func (p *play) replays(r claim.Routed) error {
	var data []byte
	err := p.db.Read(p.ctx, func(tx desk.Tx) (err error) {
		data, err = tx.Facts(p.ctx, r.Facts)
		return err
	})
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(data); fmt.Sprintf("%x", sum) != r.Facts {
		return errors.New("the facts are not those of the digest")
	}
	var f claim.Facts
	if err := json.Unmarshal(data, &f); err != nil {
		return err
	}
	n, err := strconv.Atoi(strings.TrimPrefix(r.Policy, "Phostile"))
	if err != nil {
		return err
	}
	again, err := hostile{seed: byte(n)}.Route(f)
	wanted := r.Action
	if r.Overruled != "" {
		wanted = r.Wanted
	}
	if err == nil && again.Action != wanted {
		err = fmt.Errorf("routed %s, then %s", wanted, again.Action)
	}
	return err
}

// TestGuaranteesHoldUnderHostilePolicies drives random histories under random
// rules; every move is judged for all guarantees at once. EVENHAND_MOVES sets
// how many moves at least (make test-long: 100,000).
func TestGuaranteesHoldUnderHostilePolicies(t *testing.T) {
	want := 3000
	if testing.Short() {
		want = 600
	}
	if s := os.Getenv("EVENHAND_MOVES"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatalf("EVENHAND_MOVES: %v", err)
		}
		want = n
	}
	moves, changes, histories := 0, 0, 0
	for moves < want {
		p := newPlay(t, t.TempDir(), byte(histories), histories%3 == 2)
		// One history is drawn by rapid, so that a failure is shrunk within it.
		rapid.Check(t, func(rt *rapid.T) {
			p.fresh()
			actions := p.moves()
			actions[""] = p.check
			rt.Repeat(actions)
		})
		moves, changes = moves+p.steps, changes+p.changes
		histories++
		p.must(p.db.Close())
	}
	t.Logf("%d moves under %d sets of rules (%d changes of claims), each judged for heard, human, explained, replayable, kept, on time, bounded, private and within", moves, histories, changes)
}

// listener is a test that may fail without failing the one that runs it.
type listener struct {
	testing.TB
	said strings.Builder
	bad  bool
}

func (l *listener) Helper()                    {}
func (l *listener) Name() string               { return "listener" }
func (l *listener) Failed() bool               { return l.bad }
func (l *listener) Fail()                      { l.bad = true }
func (l *listener) FailNow()                   { l.bad = true; runtime.Goexit() }
func (l *listener) Log(args ...any)            { fmt.Fprintln(&l.said, args...) }
func (l *listener) Logf(f string, args ...any) { fmt.Fprintf(&l.said, f+"\n", args...) }
func (l *listener) Error(args ...any)          { l.Log(args...); l.Fail() }
func (l *listener) Errorf(f string, a ...any)  { l.Logf(f, a...); l.Fail() }
func (l *listener) Fatal(args ...any)          { l.Log(args...); l.FailNow() }
func (l *listener) Fatalf(f string, a ...any)  { l.Logf(f, a...); l.FailNow() }

// TestEachGuaranteeIsMissed takes the guarantees away one by one and expects
// the histories above to notice. Nobody can try to break "kept" through the
// desk, and "bounded" is no entry of the list: see make mutants for both.
func TestEachGuaranteeIsMissed(t *testing.T) {
	if os.Getenv("EVENHAND_LONG") == "" {
		t.Skip("a minute of histories; make test-long runs it")
	}
	for name, value := range map[string]string{"rapid.nofailfile": "true", "rapid.shrinktime": "1ms", "rapid.steps": "60", "rapid.checks": "80"} {
		f := flag.Lookup(name)
		old := f.Value.String()
		if err := f.Value.Set(value); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Value.Set(old) }()
	}
	for name, word := range map[string]string{"heard": "heard:", "human": "human:", "explained": "explained:", "replayable": "replayable:", "on_time": "on time:", "private": "private:"} {
		t.Run(name, func(t *testing.T) {
			defer desk.Without(name)()
			l := &listener{TB: t}
			// Other rules, other holes: what one set never tries the next may.
			for seed := byte(7); seed < 107 && !l.bad; seed++ {
				p := newPlay(t, t.TempDir(), seed, name == "replayable" || name == "private")
				done := make(chan struct{})
				go func() {
					defer close(done)
					rapid.Check(l, func(rt *rapid.T) {
						p.fresh()
						actions := p.moves()
						actions[""] = p.check
						rt.Repeat(actions)
					})
				}()
				<-done
				p.must(p.db.Close())
			}
			if !l.bad || !strings.Contains(l.said.String(), word) {
				t.Errorf("nobody misses the guarantee %q:\n%s", name, l.said.String())
			}
		})
	}
}
