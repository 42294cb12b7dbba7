package desk

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
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
	Check func(step) text.Text // empty, or what would be broken
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
		if broken := g.Check(s); broken.EN != "" {
			return text.Refuse(CodeGuarantee, g.Name, broken.EN, broken.ZH)
		}
	}
	return nil
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
func heard(s step) text.Text {
	for _, d := range s.ruled() {
		if d.Remedy.Kind == "" {
			continue // nothing is asked of the merchant
		}
		byMerchant := d.By.Role == access.RoleMerchant
		ownOffer := s.Change.Move == claim.MoveTakeOffer && s.Before.Offer != nil && s.Before.Offer.By.Role == access.RoleMerchant
		agreed := byMerchant || ownOffer || s.covered(d.Remedy)
		if !s.heardBefore() && !agreed {
			return text.Both("The merchant has not answered, agreed, or let the window run out.", "商家尚未答复或同意，答复时限也未届满，不能作出对其不利的处理。")
		}
		if s.Change.Move == claim.MoveSettle && !agreed {
			return text.Both("The merchant's standing consent does not cover this claim.", "商家事先同意的范围不包括该申请。")
		}
		if d.By.Role == access.RoleMachine && keepsGoods(d.Remedy.Kind) && !agreed {
			return text.Both("Without the merchant's consent a refund without return is for a person to decide.", "未经商家同意，仅退款须由审核员裁决。")
		}
	}
	if s.Change.Move == claim.MoveOffer && s.Change.By.Role == access.RoleMachine && !s.heardBefore() && !s.covered(s.After.Offer.Remedy) {
		return text.Both("A return cannot be promised before the merchant was heard.", "商家答复之前，不能承诺退货。")
	}
	if s.Change.Move == claim.MoveSilence && s.Change.Body["clock"] == claim.ClockMerchant {
		k := s.Before.Clock(claim.ClockMerchant)
		if k == nil || s.Change.At.Before(k.Due) || k.Due.Sub(k.SetAt) < claim.MinMerchantWindow/s.Hurry {
			return text.Both("The merchant's window has not run out.", "商家的答复时限尚未届满。")
		}
	}
	return text.Text{}
}

// human: a refusal, and every ruling on a dispute, is a named person's. A
// machine may only carry out what the parties agreed or let stand in silence.
func human(s step) text.Text {
	for _, d := range s.ruled() {
		if s.After.Round > 1 && d.By.Role == access.RoleMachine {
			return text.Both("Who appeals gets a person.", "申诉须由审核员处理。")
		}
		switch d.Outcome {
		case claim.Granted, claim.Partly, claim.Refused:
			if !d.By.Person() {
				return text.Both("A claim is granted, cut or refused by a named reviewer alone.", "支持、部分支持或不支持，只能由具名的审核员裁决。")
			}
			if d.Second != nil && (!d.Second.Person() || d.Second.ID == d.By.ID) {
				return text.Both("The second pair of eyes must be another reviewer's.", "复核须由另一位审核员进行。")
			}
			if s.After.Terms.NeedsFourEyes(s.After.Ask) && d.Second == nil {
				return text.Both("From this amount a second reviewer confirms.", "达到此金额，须由第二位审核员确认。")
			}
			for _, earlier := range s.Before.Decisions {
				if earlier.By.ID == d.By.ID || earlier.Second != nil && earlier.Second.ID == d.By.ID || d.Second != nil && earlier.By.ID == d.Second.ID {
					return text.Both("An appeal goes to somebody who has not ruled on the case.", "申诉须由未裁决过该案的人处理。")
				}
			}
		case claim.Settled:
			if d.By.Role == access.RoleMachine && slices.ContainsFunc(s.After.Answers, func(a claim.Answer) bool { return a.Kind == claim.Contests }) {
				return text.Both("What a merchant disputes is for a person to decide.", "商家有异议的，须由审核员裁决。")
			}
		case claim.Lapsed:
			if s.Before.Stage != claim.StageBuyerSilent {
				return text.Both("A claim lapses only when the buyer's window has run out.", "买家的时限届满后，申请才能搁置。")
			}
		default:
			return text.Both("The decision has no known outcome.", "裁决没有有效的结果。")
		}
	}
	return text.Text{}
}

// explained: a decision names its reasons, its facts, its policy version, its
// author and time; a ruling has words that both sides read.
func explained(s step) text.Text {
	for _, d := range s.ruled() {
		if len(d.Reasons) == 0 || d.Facts == "" || d.Policy == "" || d.By.ID == "" || d.At.IsZero() {
			return text.Both("A decision names its reasons, facts, policy version, author and time.", "裁决须写明理由、依据、规则版本、裁决人和时间。")
		}
		for _, r := range d.Reasons {
			if _, ok := claim.Words(r); !ok {
				return text.Both("The reason "+string(r)+" has no words.", "理由 "+string(r)+" 没有对应的文字。")
			}
		}
		if d.By.Person() && strings.TrimSpace(d.Text) == "" {
			return text.Both("A ruling needs a text that both sides can read.", "裁决须附有双方都能看到的说明。")
		}
	}
	return text.Text{}
}

// replayable: the routing follows from the kept facts and nothing else.
func replayable(s step) text.Text {
	if s.Routed == nil {
		return text.Text{}
	}
	if digest(s.Canonical) != s.Routed.Facts {
		return text.Both("The facts kept are not those that were routed.", "保存的依据与流转所用的不一致。")
	}
	again, err := s.Again(s.Canonical)
	if err != nil {
		return text.Both("The facts cannot be routed again: "+err.Error(), "依据无法重新流转。")
	}
	action := s.Routed.Action
	if s.Routed.Overruled != "" {
		action = s.Routed.Wanted
	}
	if again.Action != action || again.Rule != s.Routed.Rule || again.Policy != s.Routed.Policy {
		return text.Both("The same facts under the same version route otherwise.", "同样的依据在同一规则版本下，流转结果不同。")
	}
	return text.Text{}
}

// kept: evidence, routings, answers, decisions and appeals are only added to;
// takenBack is the exception.
func kept(s step) text.Text {
	b, a := s.Before, s.After
	if b == nil {
		return text.Text{}
	}
	if b.ID != a.ID || b.OrderID != a.OrderID || b.BuyerID != a.BuyerID || b.MerchantID != a.MerchantID || b.State != claim.Draft && (b.Ask != a.Ask || b.Kind != a.Kind || b.Reason != a.Reason) {
		return text.Both("What a claim is about does not change.", "申请的对象和诉求不可更改。")
	}
	if s.Change.Move == claim.MoveTakeBack {
		if !takenBack(b, a) {
			return text.Both("From a draft, and from nothing else, the buyer's own evidence can be withdrawn, a piece at a time.", "只有草稿可以移除证据，且每次只能移除买家自己的一份。")
		}
	} else if !prefix(b.Evidence, a.Evidence) || !slices.Equal(b.Withdrawn, a.Withdrawn) {
		return text.Both("Evidence is only added to.", "已有的证据不可更改，只能补充。")
	}
	if !prefix(b.Routings, a.Routings) || !prefix(b.Answers, a.Answers) || !prefix(b.Decisions, a.Decisions) || !prefix(b.Appeals, a.Appeals) {
		return text.Both("Routings, answers, decisions and appeals are only added to.", "已有的流转、答复、裁决和申诉不可更改，只能补充。")
	}
	return text.Text{}
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
	Kind  work.ClockKind
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
func onTime(s step) text.Text {
	w, waiting := waits[s.After.State]
	if !waiting {
		if len(s.After.Clocks) > 0 {
			return text.Both("A clock runs in a state that waits for nobody.", "当前状态无需等待任何一方，不应有时限。")
		}
		return text.Text{}
	}
	k := s.After.Clock(w.Kind)
	if k == nil {
		return text.Both("The claim waits without a clock.", "等待状态须有时限。")
	}
	if length := k.Due.Sub(k.SetAt); length < w.Floor/s.Hurry || length > claim.MaxWindow+claim.MaxExtensions*claim.MaxExtension {
		return text.Both("The window is shorter than the least a side must have, or without end.", "时限短于一方应有的下限，或没有终点。")
	}
	return text.Text{}
}

// private: the record holds numbers, times, ids and code words, and no free
// text: every string in an event's body is a token without spaces, so that
// words of the parties, names and addresses cannot slip in.
func private(s step) text.Text {
	var body any
	if err := json.Unmarshal(s.Body, &body); err != nil {
		return text.Both("The event's body is not JSON.", "记录的内容不是有效的 JSON。")
	}
	if !tokens(body) {
		return text.Both("Free words do not go into the record; their digest does.", "自由文字不得写入记录，只能写入其摘要。")
	}
	return text.Text{}
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
