package desk_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

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
	switch {
	case err == nil:
		p.made[p.move]++
		return
	case errors.Is(err, errNothing):
		return
	}
	p.refusals++
	if now := p.databaseVersion(); now != p.version {
		t.Fatalf("%q was refused and has changed the database: %v", p.move, err)
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
		p.begin("file")
		if len(p.orders) == 0 || rapid.IntRange(0, 2).Draw(t, "another order") > 0 {
			p.orders = append(p.orders, p.order(rapid.Int64Range(1, 90_000).Draw(t, "worth")))
			p.begin("file")
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
	// reviewing makes a reviewer's move on a case by somebody who takes it; mostly by whoever of the staff may.
	reviewing := func(t *rapid.T, id string, task desk.Task, act func(by access.Caller) error) error {
		by := who(t, staff...)
		p.lease(by, id, task)
		err := act(by)
		for _, other := range staff {
			// Who holds it and is refused for what they wrote keeps it.
			if c := code(err); err == nil || c != desk.CodeLease && c != text.CodeForbidden || rapid.IntRange(0, 3).Draw(t, "give up") == 0 {
				break
			}
			p.lease(other, id, task)
			err = act(other)
		}
		return err
	}
	decide := func(t *rapid.T, id string) error {
		c := p.get(id)
		r := desk.Ruling{
			Outcome: rapid.SampledFrom([]claim.Outcome{claim.Granted, claim.Granted, claim.Partly, claim.Partly, claim.Refused, claim.Refused, claim.Settled}).Draw(t, "outcome"),
			Text:    rapid.SampledFrom([]string{"so it is", "so it is", "so it is", "so it is", ""}).Draw(t, "text"),
		}
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
		return reviewing(t, id, desk.TaskDecide, func(by access.Caller) error { return one(p.desk.Decide(p.ctx, by, id, 0, r)) })
	}
	// proposed has somebody propose a ruling where none waits for a second person.
	proposed := func(t *rapid.T, id string) {
		if p.get(id).Proposal == nil {
			_ = decide(t, id) // a refusal shows in the move
			p.begin(p.move)
		}
	}
	all := map[string]func(*rapid.T){
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
				return errNothing
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
		"decide": on(decide, claim.InReview),
		// A later decision meets what was ordered under an earlier one.
		"second look": on(func(t *rapid.T, id string) error {
			if _, err := p.desk.Appeal(p.ctx, rapid.SampledFrom([]access.Caller{buyer, shop}).Draw(t, "side"), id, 0, "", "unfair"); err != nil {
				return err
			}
			p.begin(p.move)
			return decide(t, id)
		}, claim.Decided),
		"confirm": on(func(t *rapid.T, id string) error {
			proposed(t, id)
			return reviewing(t, id, desk.TaskConfirm, func(by access.Caller) error { return one(p.desk.Confirm(p.ctx, by, id, 0)) })
		}, claim.InReview),
		"return": on(func(t *rapid.T, id string) error {
			proposed(t, id)
			return reviewing(t, id, desk.TaskConfirm, func(by access.Caller) error { return one(p.desk.ReturnProposal(p.ctx, by, id, 0, "no")) })
		}, claim.InReview),
		"ask": on(func(t *rapid.T, id string) error {
			return reviewing(t, id, desk.TaskDecide, func(by access.Caller) error {
				return one(p.desk.AskBuyer(p.ctx, by, id, 0, text.Text{EN: "more?"}))
			})
		}, claim.InReview),
		"ask shop": on(func(t *rapid.T, id string) error {
			return reviewing(t, id, desk.TaskDecide, func(by access.Caller) error {
				return one(p.desk.AskShop(p.ctx, by, id, 0, text.Text{EN: "so?"}))
			})
		}, claim.InReview),
		"visited": on(func(t *rapid.T, id string) error { return one(p.desk.Visited(p.ctx, who(t, platform), id, 0)) }, claim.Visiting),
		"done": on(func(t *rapid.T, id string) error {
			by := who(t, platform)
			return p.report(t, id, func(k *told) bool { return !k.failed && !k.done },
				func(no int) error { return one(p.desk.Fulfil(p.ctx, by, id, 0, no)) }, func(k *told) { k.done = true })
		}, claim.Decided, claim.InReview, claim.Closed),
		"extend": on(func(t *rapid.T, id string) error {
			kind := rapid.SampledFrom([]work.ClockKind{claim.ClockMerchant, claim.ClockBuyer, claim.ClockAppeal}).Draw(t, "clock")
			return one(p.desk.Extend(p.ctx, who(t, staff...), id, 0, kind, p.now.Add(100*time.Hour), "holidays"))
		}, claim.AskedShop, claim.AskedBuy, claim.Decided),
		"reread": on(func(t *rapid.T, id string) error {
			return reviewing(t, id, desk.TaskReread, func(by access.Caller) error { return p.desk.Reread(p.ctx, by, id, claim.Refused) })
		}, claim.Decided, claim.Closed),
		"evidence": on(func(t *rapid.T, id string) error {
			if rapid.IntRange(0, 2).Draw(t, "rarely") > 0 {
				return errNothing
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
				p.begin("screen")
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
				p.begin("time passes") // clocks that fired before the one that could not have done so
				p.refused(t, err)
				return
			}
			p.refused(t, nil)
		},
	}
	// What people do with a case in review is rare under rules that settle on a whim: it is tried more often.
	for name, more := range map[string]int{"decide": 2, "second look": 2, "confirm": 2, "reread": 2} {
		for i := range more {
			all[name+again+strconv.Itoa(i)] = all[name]
		}
	}
	for name, move := range all {
		all[name] = func(t *rapid.T) {
			what, _, _ := strings.Cut(name, again)
			p.begin(what)
			move(t)
		}
	}
	return all
}

// again parts the name of a move that is tried more often from its number.
const again = " #"

// begin notes how the database stands before a move.
func (p *play) begin(move string) { p.move, p.version = move, p.databaseVersion() }

// lease takes a case if it can; the move that follows is judged without it.
func (p *play) lease(by access.Caller, id string, task desk.Task) {
	_, _ = p.desk.Lease(p.ctx, by, id, task) // a refusal shows in the move
	p.begin(p.move)
}

// watch opens the database beside the desk.
func (p *play) watch(dir string) {
	beside, err := sql.Open("sqlite", filepath.Join(dir, "evenhand.db"))
	p.must(err)
	beside.SetMaxOpenConns(1) // the number counts what others have committed since this connection last looked
	p.beside = beside
}

// databaseVersion changes with every commit of the desk, whatever it wrote.
// (SQLite, PRAGMA data_version.)
func (p *play) databaseVersion() (n int64) {
	p.must(p.beside.QueryRowContext(p.ctx, "PRAGMA data_version").Scan(&n))
	return n
}

// errNothing is what a move answers that was left out this time.
var errNothing = errors.New("nothing was tried")
