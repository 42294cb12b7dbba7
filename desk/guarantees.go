package desk

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/order"
)

// A step is a change about to be committed, with what the guarantees need to
// judge it.
type step struct {
	Before *claim.Claim // nil for a new claim
	After  *claim.Claim
	Change claim.Change
	// Consent is the merchant's standing consent now.
	Consent order.Consent
	// Routed is the routing that made the change, with its canonical facts;
	// nil for what a person or a clock did.
	Routed    *claim.Routed
	Canonical []byte
	// Again routes canonical facts once more, under the same version.
	Again func(canonical []byte) (claim.Routing, error)
	// Body is the event's body as it will be kept.
	Body []byte
	// Taking is the order with what others took of it, where the step orders or
	// promises a remedy.
	Taking *takings
	// Hurry divides the floors of the windows, in trial mode; 1 otherwise.
	Hurry time.Duration
}

// A guarantee is one of the nine, as a check that every change must pass.
type guarantee struct {
	Name  string
	Check func(step) string // empty, or in English what would be broken
}

// guarantees are checked below every policy and every handler, for every
// change of a claim. "Kept" has its other half in the store (append-only
// tables), "on time" in FireClock, "bounded doubt" in bounded below.
var guarantees = []guarantee{
	{"heard", heard},
	{"human", human},
	{"explained", explained},
	{"replayable", replayable},
	{"kept", kept},
	{"on_time", onTime},
	{"private", private},
	{"within", within},
}

// guard answers a refusal if the step breaks a guarantee.
func guard(s step) error {
	for _, g := range guarantees {
		if broken := g.Check(s); broken != "" {
			e := refuse(CodeGuarantee, g.Name, broken, guaranteeZH[g.Name])
			if g.Name == "within" {
				e.Text.ZH = s.exceeds().ZH // it knows what is left
			}
			return e
		}
	}
	return nil
}

var guaranteeZH = map[string]string{
	"heard":      "商家尚未得到答复机会，不能作出对其不利的处理。",
	"human":      "不能仅凭机器发现作出此决定，须由审核员裁决。",
	"explained":  "裁决缺少理由、依据或说明。",
	"replayable": "该流转无法复现。",
	"kept":       "已有的证据和记录不可更改。",
	"on_time":    "等待状态须有符合下限的时限。",
	"private":    "记录中不得含有个人信息。",
}

// ruled lists the decisions that the step adds.
func (s step) ruled() []claim.Decision {
	if s.Before == nil {
		return s.After.Decisions
	}
	return s.After.Decisions[min(len(s.Before.Decisions), len(s.After.Decisions)):]
}

// heardBefore says whether the merchant had been heard before this step.
func (s step) heardBefore() bool { return s.Before != nil && s.Before.Heard != nil }

// covered says whether the merchant's standing consent reaches a remedy.
func (s step) covered(r claim.Remedy) bool {
	return s.Consent.Covers(string(r.Kind), string(s.After.Reason), s.After.Categories, r.Amount)
}

// keepsGoods are the remedies that leave both money and goods with the buyer.
func keepsGoods(k claim.Kind) bool { return k == claim.RefundOnly || k == claim.PartialRefund }

// heard: nothing goes against a merchant who has not answered, agreed, or let
// the window run out; and no machine makes a merchant pay without the goods
// coming back unless the merchant agreed (Order 116, art. 27).
func heard(s step) string {
	for _, d := range s.ruled() {
		if d.Remedy.Kind == "" {
			continue // nothing is asked of the merchant
		}
		byMerchant := d.By.Role == claim.RoleMerchant
		ownOffer := s.Change.Move == claim.MoveTakeOffer && s.Before.Offer != nil && s.Before.Offer.By.Role == claim.RoleMerchant
		agreed := byMerchant || ownOffer || s.covered(d.Remedy)
		if !s.heardBefore() && !agreed {
			return "The merchant has not answered, agreed, or let the window run out."
		}
		if s.Change.Move == claim.MoveSettle && !agreed {
			return "The merchant's standing consent does not cover this claim."
		}
		if d.By.Role == claim.RoleMachine && keepsGoods(d.Remedy.Kind) && !agreed {
			return "Without the merchant's consent a refund without return is for a person to decide."
		}
	}
	if s.Change.Move == claim.MoveOffer && s.Change.By.Role == claim.RoleMachine && !s.heardBefore() && !s.covered(s.After.Offer.Remedy) {
		return "A return cannot be promised before the merchant was heard."
	}
	if s.Change.Move == claim.MoveSilence && s.Change.Body["clock"] == claim.ClockMerchant {
		k := s.Before.Clock(claim.ClockMerchant)
		if k == nil || s.Change.At.Before(k.Due) || k.Due.Sub(k.SetAt) < claim.MinMerchantWindow/s.Hurry {
			return "The merchant's window has not run out."
		}
	}
	return ""
}

// human: a refusal, and every ruling on a dispute, is a named person's. A
// machine may only carry out what the parties agreed or let stand in silence.
func human(s step) string {
	for _, d := range s.ruled() {
		if s.After.Round > 1 && d.By.Role == claim.RoleMachine {
			return "Who appeals gets a person."
		}
		switch d.Outcome {
		case claim.Granted, claim.Partly, claim.Refused:
			if !d.By.Person() {
				return "A claim is granted, cut or refused by a named reviewer alone."
			}
			if d.Second != nil && (!d.Second.Person() || d.Second.ID == d.By.ID) {
				return "The second pair of eyes must be another reviewer's."
			}
			if s.After.Terms.NeedsFourEyes(s.After.Ask) && d.Second == nil {
				return "From this amount a second reviewer confirms."
			}
			for _, earlier := range s.Before.Decisions {
				if earlier.By.ID == d.By.ID || earlier.Second != nil && earlier.Second.ID == d.By.ID || d.Second != nil && earlier.By.ID == d.Second.ID {
					return "An appeal goes to somebody who has not ruled on the case."
				}
			}
		case claim.Settled:
			if d.By.Role == claim.RoleMachine && slices.ContainsFunc(s.After.Answers, func(a claim.Answer) bool { return a.Kind == claim.Contests }) {
				return "What a merchant disputes is for a person to decide."
			}
		case claim.Lapsed:
			if s.Before.Stage != claim.StageBuyerSilent {
				return "A claim lapses only when the buyer's window has run out."
			}
		default:
			return "The decision has no known outcome."
		}
	}
	return ""
}

// explained: a decision names its reasons, its facts, its policy version, its
// author and time; a ruling has words that both sides read.
func explained(s step) string {
	for _, d := range s.ruled() {
		if len(d.Reasons) == 0 || d.Facts == "" || d.Policy == "" || d.By.ID == "" || d.At.IsZero() {
			return "A decision names its reasons, facts, policy version, author and time."
		}
		for _, r := range d.Reasons {
			if _, ok := claim.Words(r); !ok {
				return "The reason " + string(r) + " has no words."
			}
		}
		if d.By.Person() && strings.TrimSpace(d.Text) == "" {
			return "A ruling needs a text that both sides can read."
		}
	}
	return ""
}

// replayable: the routing follows from the kept facts and nothing else.
func replayable(s step) string {
	if s.Routed == nil {
		return ""
	}
	if digest(s.Canonical) != s.Routed.Facts {
		return "The facts kept are not those that were routed."
	}
	again, err := s.Again(s.Canonical)
	if err != nil {
		return "The facts cannot be routed again: " + err.Error()
	}
	action := s.Routed.Action
	if s.Routed.Overruled != "" {
		action = s.Routed.Wanted
	}
	if again.Action != action || again.Rule != s.Routed.Rule || again.Policy != s.Routed.Policy {
		return "The same facts under the same version route otherwise."
	}
	return ""
}

// kept: evidence, routings, answers, decisions and appeals are only added to;
// takenBack is the exception.
func kept(s step) string {
	b, a := s.Before, s.After
	if b == nil {
		return ""
	}
	if b.ID != a.ID || b.OrderID != a.OrderID || b.BuyerID != a.BuyerID || b.MerchantID != a.MerchantID || b.State != claim.Draft && (b.Ask != a.Ask || b.Kind != a.Kind || b.Reason != a.Reason) {
		return "What a claim is about does not change."
	}
	if s.Change.Move == claim.MoveTakeBack {
		if !takenBack(b, a) {
			return "From a draft, and from nothing else, the buyer's own evidence can be withdrawn, a piece at a time."
		}
	} else if !prefix(b.Evidence, a.Evidence) || !slices.Equal(b.Withdrawn, a.Withdrawn) {
		return "Evidence is only added to."
	}
	if !prefix(b.Routings, a.Routings) || !prefix(b.Answers, a.Answers) || !prefix(b.Decisions, a.Decisions) || !prefix(b.Appeals, a.Appeals) {
		return "Routings, answers, decisions and appeals are only added to."
	}
	return ""
}

// takenBack is the one exception to what is kept: in a draft, which nobody
// else has seen, one piece of the buyer's evidence goes from the list of what
// counts to the list of what was withdrawn. All the others stay as they are.
func takenBack(b, a *claim.Claim) bool {
	if b.State != claim.Draft || a.State != claim.Draft || len(a.Withdrawn) != len(b.Withdrawn)+1 || !prefix(b.Withdrawn, a.Withdrawn) {
		return false
	}
	gone := a.Withdrawn[len(b.Withdrawn)]
	i := slices.IndexFunc(b.Evidence, func(x claim.Exhibit) bool { return x.ID == gone && x.Party == claim.Buyer })
	if i < 0 || len(a.Evidence) != len(b.Evidence)-1 {
		return false
	}
	return prefix(slices.Delete(slices.Clone(b.Evidence), i, i+1), a.Evidence)
}

// prefix says whether long begins with short, by their JSON.
func prefix[T any](short, long []T) bool {
	if len(short) > len(long) {
		return false
	}
	if len(short) == 0 {
		return true
	}
	x, errX := json.Marshal(short)
	y, errY := json.Marshal(long[:len(short)])
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// waits names the clock that must run in a state, and the least it may last.
var waits = map[claim.State]struct {
	Kind  claim.ClockKind
	Floor time.Duration
}{
	claim.AskedShop: {claim.ClockMerchant, claim.MinMerchantWindow},
	claim.AskedBuy:  {claim.ClockBuyer, claim.MinBuyerWindow},
	claim.Offered:   {claim.ClockOffer, claim.MinOfferWindow},
	claim.InReview:  {claim.ClockReview, time.Hour},
	claim.Visiting:  {claim.ClockVisit, claim.MinBuyerWindow},
	claim.Decided:   {claim.ClockAppeal, claim.MinAppealWindow},
}

// onTime: who is waited for has a clock of at least the floor's length, and
// nothing waits without one.
func onTime(s step) string {
	w, waiting := waits[s.After.State]
	if !waiting {
		if len(s.After.Clocks) > 0 {
			return "A clock runs in a state that waits for nobody."
		}
		return ""
	}
	k := s.After.Clock(w.Kind)
	if k == nil {
		return "The claim waits without a clock."
	}
	if length := k.Due.Sub(k.SetAt); length < w.Floor/s.Hurry || length > claim.MaxWindow+claim.MaxExtensions*claim.MaxExtension {
		return "The window is shorter than the least a side must have, or without end."
	}
	return ""
}

// private: the record holds numbers, times, ids and code words, and no free
// text: every string in an event's body is a token without spaces, so that
// words of the parties, names and addresses cannot slip in.
func private(s step) string {
	var body any
	if err := json.Unmarshal(s.Body, &body); err != nil {
		return "The event's body is not JSON."
	}
	if !tokens(body) {
		return "Free words do not go into the record; their digest does."
	}
	return ""
}

// tokens says whether every string in a JSON value is a code word, an id, a
// digest or a time.
func tokens(v any) bool {
	switch v := v.(type) {
	case string:
		return len(v) <= 80 && strings.Trim(v, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:/+") == ""
	case []any:
		return !slices.ContainsFunc(v, func(x any) bool { return !tokens(x) })
	case map[string]any:
		for k, x := range v {
			if !tokens(k) || !tokens(x) {
				return false
			}
		}
	}
	return true
}

// bounded is guarantee 7: a finding that states no bound on its false alarms
// is not conclusive, whatever the detector called it.
func bounded(findings []evidence.Finding) []evidence.Finding {
	for i, f := range findings {
		if f.Strength == evidence.Conclusive && (f.FalseAlarm <= 0 || f.FalseAlarm > maxConclusive) {
			findings[i].Strength = evidence.Strong
		}
	}
	return findings
}

// maxConclusive is the largest bound with which a finding may stand alone.
const maxConclusive = 1e-3
