// Package replay tries a version of the rules on past claims: what would have
// gone differently, in counts, money and hours, measured against how the
// claims ended after appeal. It is arithmetic over what it is given; it reads
// no store and changes nothing.
//
// What it cannot know: once a claim would have gone another way, nobody can
// say what its parties would have done. So each claim is judged at one point:
// the first of its routings at which the version parts from what happened, or
// its first routing where it never does. And a claim that no person ever ruled
// on has no known truth.
package replay

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/policy"
)

// Past is a claim that is over.
type Past struct {
	ClaimID  string      `json:"claim_id"`
	Ask      money.Money `json:"ask"`
	Routings []Step      `json:"routings"`
	// Outcome and Reasons are of the decision that stands after any appeal.
	Outcome  claim.Outcome      `json:"outcome"`
	Reasons  []claim.ReasonCode `json:"reasons"`
	Appealed bool               `json:"appealed"`
	ClosedAt time.Time          `json:"closed_at"`
}

// Step is one routing that took place.
type Step struct {
	At    time.Time   `json:"at"`
	Facts claim.Facts `json:"facts"`
	Rule  string      `json:"rule"`
	// Action is what the rule wanted, Done what the desk did: another thing
	// where a guarantee overruled the rule. Empty Done means Action.
	Action claim.Action `json:"action"`
	Done   claim.Action `json:"done,omitempty"`
	// Window is what the parties were given; 0 where nobody was asked.
	Window time.Duration `json:"window,omitempty"`
}

// Truth is what a claim turned out to be.
type Truth string

// The truths. Unknown is a claim that no person ruled on, or where the ruling
// does not tell.
const (
	Forged  Truth = "forged"
	Honest  Truth = "honest"
	Unknown Truth = "unknown"
)

// TruthOf reads it from the decision that stands: refused by a person because
// the evidence was not genuine or used before, or granted by a person.
func TruthOf(p Past) Truth {
	switch {
	case p.Outcome == claim.Refused && (slices.Contains(p.Reasons, "not_genuine") || slices.Contains(p.Reasons, "used_before")):
		return Forged
	case p.Outcome == claim.Granted:
		return Honest
	}
	return Unknown
}

// Tally counts claims by what they turned out to be.
type Tally struct {
	Claims  int `json:"claims"`
	Forged  int `json:"forged"`
	Honest  int `json:"honest"`
	Unknown int `json:"unknown"`
}

func (t *Tally) add(truth Truth) {
	t.Claims++
	switch truth {
	case Forged:
		t.Forged++
	case Honest:
		t.Honest++
	default:
		t.Unknown++
	}
}

// Row is one action before and after.
type Row struct {
	Action claim.Action `json:"action"`
	Before Tally        `json:"before"`
	After  Tally        `json:"after"`
}

// Paid is money settled at once in one currency, in minor units: by rule, with
// no ruling by a person. OfForged is the part that went to forged claims.
type Paid struct {
	Currency       string `json:"currency"`
	Before         int64  `json:"before"`
	After          int64  `json:"after"`
	OfForgedBefore int64  `json:"of_forged_before"`
	OfForgedAfter  int64  `json:"of_forged_after"`
}

// Difference is a claim that would have gone another way.
type Difference struct {
	ClaimID string       `json:"claim_id"`
	Stage   claim.Stage  `json:"stage"`
	Before  claim.Action `json:"before"`
	After   claim.Action `json:"after"`
	// RuleBefore and RuleAfter name the rules.
	RuleBefore string      `json:"rule_before"`
	RuleAfter  string      `json:"rule_after"`
	Ask        money.Money `json:"ask"`
	Truth      Truth       `json:"truth"`
	Appealed   bool        `json:"appealed"`
}

// Result is what a replay found.
type Result struct {
	Policy string `json:"policy"`
	Name   string `json:"name"`
	Claims int    `json:"claims"`
	// Different claims would have gone another way; Skipped ones had no routing.
	Different int `json:"different"`
	Skipped   int `json:"skipped"`
	Failed    int `json:"failed"` // a condition could not be computed; such claims went to a person
	// Moved counts the different claims by what they turned out to be: honest
	// buyers touched, forgeries caught.
	Moved Tally  `json:"moved"`
	Rows  []Row  `json:"rows"`
	Paid  []Paid `json:"paid"`
	// HoursBefore is the time from the point of judgement to the end, summed
	// over all claims; HoursAfter estimates the same under the version:
	//   - a claim that goes the same way takes as long as it took, changed by
	//     the difference of the windows where a window ran out;
	//   - one that is settled at once takes no time;
	//   - any other takes the mean of the claims that did go that way in this
	//     very replay, or, where none did, the version's whole window.
	HoursBefore float64 `json:"hours_before"`
	HoursAfter  float64 `json:"hours_after"`
	// List holds the claims that differ, in the order they came, up to the limit.
	List []Difference `json:"list"`
}

// run is a replay under way.
type run struct {
	policy *policy.Policy
	result *Result
	rows   map[claim.Action]*Row
	paid   map[string]*Paid
	// took sums, by action, how long claims that went that way took.
	took  map[claim.Action]time.Duration
	went  map[claim.Action]int
	moved map[claim.Action]int // claims that would newly go that way
	// window sums the windows that those would be given.
	window        map[claim.Action]time.Duration
	before, after time.Duration
}

// Run replays p over past claims. At most list differing claims are listed;
// the counts hold all. It stops at the iterator's first error.
func Run(p *policy.Policy, past iter.Seq2[Past, error], list int) (*Result, error) {
	r := &run{
		policy: p, result: &Result{Policy: p.ID(), Name: p.Name(), List: []Difference{}},
		rows: map[claim.Action]*Row{}, paid: map[string]*Paid{},
		took: map[claim.Action]time.Duration{}, went: map[claim.Action]int{}, moved: map[claim.Action]int{}, window: map[claim.Action]time.Duration{},
	}
	for c, err := range past {
		if err != nil {
			return nil, fmt.Errorf("reading past claims: %w", err)
		}
		r.one(c, list)
	}
	return r.finish(), nil
}

// one judges one claim.
func (r *run) one(c Past, list int) {
	r.result.Claims++
	if len(c.Routings) == 0 {
		r.result.Skipped++
		return
	}
	at, now := 0, claim.Routing{}
	for i, s := range c.Routings {
		routing, err := r.policy.Route(s.Facts)
		if err != nil {
			r.result.Failed++
		}
		if i == 0 || routing.Action != s.Action {
			at, now = i, routing
		}
		if routing.Action != s.Action {
			break
		}
	}
	s, truth := c.Routings[at], TruthOf(c)
	done := s.Done
	if done == "" {
		done = s.Action
	}
	same := now.Action == s.Action
	after := now.Action
	if same {
		after = done // a guarantee that overruled once would again
	}
	r.row(done).Before.add(truth)
	r.row(after).After.add(truth)
	r.pay(c.Ask, done, after, truth)
	r.wait(c, at, same, done, now)
	if same {
		return
	}
	r.result.Different++
	r.result.Moved.add(truth)
	if len(r.result.List) < list {
		r.result.List = append(r.result.List, Difference{
			ClaimID: c.ClaimID, Stage: s.Facts.Stage, Before: done, After: after, RuleBefore: s.Rule, RuleAfter: now.Rule,
			Ask: c.Ask, Truth: truth, Appealed: c.Appealed,
		})
	}
}

func (r *run) row(a claim.Action) *Row {
	if r.rows[a] == nil {
		r.rows[a] = &Row{Action: a}
	}
	return r.rows[a]
}

// pay counts what is settled at once.
func (r *run) pay(m money.Money, before, after claim.Action, truth Truth) {
	p := r.paid[m.Currency]
	if p == nil {
		p = &Paid{Currency: m.Currency}
		r.paid[m.Currency] = p
	}
	if before == claim.ActSettle {
		p.Before += m.Amount
		if truth == Forged {
			p.OfForgedBefore += m.Amount
		}
	}
	if after == claim.ActSettle {
		p.After += m.Amount
		if truth == Forged {
			p.OfForgedAfter += m.Amount
		}
	}
}

// wait adds the time from the routing to the end, before and after.
func (r *run) wait(c Past, at int, same bool, done claim.Action, now claim.Routing) {
	took := max(0, c.ClosedAt.Sub(c.Routings[at].At))
	r.before += took
	r.took[done] += took
	r.went[done]++
	switch {
	case same:
		r.after += max(0, took+r.longer(c))
	case now.Action == claim.ActSettle || now.Action == claim.ActLapse:
	default:
		r.moved[now.Action]++
		r.window[now.Action] += r.given(now)
	}
}

// longer is by how much the version's windows are longer than the ones that
// ran out on this claim.
func (r *run) longer(c Past) (sum time.Duration) {
	for i, s := range c.Routings {
		if i+1 == len(c.Routings) || s.Window == 0 {
			continue
		}
		next := c.Routings[i+1].Facts.Stage
		if next != claim.StageMerchantSilent && next != claim.StageBuyerSilent {
			continue
		}
		if now, err := r.policy.Route(s.Facts); err == nil {
			sum += r.given(now) - s.Window
		}
	}
	return sum
}

// given is the window that a routing gives: its own, or the terms'.
func (r *run) given(now claim.Routing) time.Duration {
	t := r.policy.Terms()
	switch {
	case now.Window > 0:
		return now.Window
	case now.Action == claim.ActAskMerchant:
		return t.MerchantWindow
	case now.Action == claim.ActAskBuyer:
		return t.BuyerWindow
	case now.Action == claim.ActOfferReturn:
		return t.OfferWindow
	case now.Action == claim.ActVisit:
		return t.VisitWindow
	case now.Action == claim.ActReview:
		return t.ReviewWindow
	}
	return 0
}

func (r *run) finish() *Result {
	for action, n := range r.moved {
		if r.went[action] > 0 {
			r.after += r.took[action] / time.Duration(r.went[action]) * time.Duration(n)
		} else {
			r.after += r.window[action]
		}
	}
	r.result.HoursBefore, r.result.HoursAfter = r.before.Hours(), r.after.Hours()
	r.result.Rows, r.result.Paid = []Row{}, []Paid{}
	for _, a := range claim.Actions {
		if row := r.rows[a]; row != nil {
			r.result.Rows = append(r.result.Rows, *row)
		}
	}
	for _, p := range r.paid {
		if *p != (Paid{Currency: p.Currency}) {
			r.result.Paid = append(r.result.Paid, *p)
		}
	}
	slices.SortFunc(r.result.Paid, func(a, b Paid) int { return cmp.Compare(a.Currency, b.Currency) })
	return r.result
}
