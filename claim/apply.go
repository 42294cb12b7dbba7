package claim

import (
	"slices"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// step checks a move against the table, makes it, and starts its Change.
func (c *Claim) step(name MoveName, to State, by access.Actor, at time.Time) (Change, error) {
	if err := legal(name, c.State, to, by.Role); err != nil {
		return Change{}, err
	}
	ch := Change{Move: name, By: by, At: at, From: c.State, To: to, Body: map[string]any{}, Texts: map[string]string{}}
	c.State = to
	if to == Closed {
		c.ClosedAt = &at
	}
	if ch.From != to || to == Closed {
		// A window belongs to the state it was opened in.
		for _, k := range c.Clocks {
			ch.Stop = append(ch.Stop, k.Kind)
		}
		c.Clocks = nil
	}
	return ch, nil
}

func (c *Claim) setClock(ch *Change, kind work.ClockKind, window time.Duration) {
	k := work.Clock{Kind: kind, SetAt: ch.At, Due: ch.At.Add(window)}
	c.Clocks = append(c.Clocks, k)
	ch.Set = append(ch.Set, k)
}

// deny refuses a move that the table has, with the reason as a clause.
func deny(name MoveName, c *Claim, by access.Actor, en, zh string) error {
	return &IllegalError{Move: name, State: c.State, Role: by.Role, Reason: text.Text{EN: en, ZH: zh}}
}

// Wish is what a claim asks for, in its filer's words; a draft's can change.
type Wish struct {
	LineIDs    []string
	Units      map[string]int
	Categories []string
	Kind       Kind
	Reason     Reason
	Ask        money.Money
	Story      string
}

// Amend puts another wish in the place of a draft's. What was sent in stays.
func (c *Claim) Amend(w Wish, by access.Actor, at time.Time) (Change, error) {
	ch, err := c.step(MoveAmend, Draft, by, at)
	if err != nil {
		return ch, err
	}
	c.LineIDs, c.Units, c.Categories, c.Kind, c.Reason, c.Ask, c.Story = w.LineIDs, w.Units, w.Categories, w.Kind, w.Reason, w.Ask, w.Story
	ch.Body["kind"], ch.Body["reason"], ch.Body["ask"] = w.Kind, w.Reason, w.Ask
	if w.Story != "" {
		ch.Texts["story"] = w.Story
	}
	return ch, nil
}

// Submit files a draft. The caller has checked that nothing required is missing.
func (c *Claim) Submit(by access.Actor, at time.Time) (Change, error) {
	ch, err := c.step(MoveSubmit, Screening, by, at)
	if err != nil {
		return ch, err
	}
	c.SubmittedAt, c.Stage, c.Round = &at, StageFiled, 1
	ch.Body["kind"], ch.Body["reason"], ch.Body["ask"] = c.Kind, c.Reason, c.Ask
	if c.Story != "" {
		ch.Texts["story"] = c.Story
	}
	for _, e := range c.Evidence {
		ch.Evidence = append(ch.Evidence, e.SHA256)
	}
	return ch, nil
}

// hear marks how the merchant was heard, the first time.
func (c *Claim) hear(how HeardHow, at time.Time) {
	if c.Heard == nil {
		c.Heard = &Hearing{How: how, At: at}
	}
}

// Route makes what a routing says happen. The caller has put the claim's terms
// and has let the guarantees overrule the action where they must.
func (c *Claim) Route(r Routed) (Change, error) {
	by := access.Machine("router")
	var ch Change
	var err error
	window := func(usual time.Duration) time.Duration {
		if r.Window > 0 {
			return r.Window
		}
		return usual
	}
	switch r.Action {
	case ActSettle:
		ch, err = c.settle(r)
	case ActAskMerchant:
		if ch, err = c.step(MoveAskMerchant, AskedShop, by, r.At); err == nil {
			c.setClock(&ch, ClockMerchant, window(c.Terms.MerchantWindow))
			c.Asked = append(c.Asked, Question{To: Merchant, Text: r.Ask, At: r.At})
		}
	case ActAskBuyer:
		if ch, err = c.step(MoveAskBuyer, AskedBuy, by, r.At); err == nil {
			c.setClock(&ch, ClockBuyer, window(c.Terms.BuyerWindow))
			c.Asked = append(c.Asked, Question{To: Buyer, Text: r.Ask, At: r.At})
		}
	case ActOfferReturn:
		if c.asked().empty() {
			return ch, deny(MoveOffer, c, by, nothingLeft.EN, nothingLeft.ZH)
		}
		if ch, err = c.step(MoveOffer, Offered, by, r.At); err == nil {
			c.Offer = &Offer{Remedy: c.bounded(Remedy{Kind: ReturnRefund, Amount: c.Ask}), By: by, At: r.At, State: OfferOpen}
			c.setClock(&ch, ClockOffer, window(c.Terms.OfferWindow))
		}
	case ActVisit:
		if ch, err = c.step(MoveToVisit, Visiting, by, r.At); err == nil {
			c.setClock(&ch, ClockVisit, window(c.Terms.VisitWindow))
		}
	case ActLapse:
		ch, err = c.lapse(r)
	default:
		if ch, err = c.step(MoveToReview, InReview, by, r.At); err == nil {
			c.setClock(&ch, ClockReview, window(c.Terms.ReviewWindow))
		}
	}
	if err != nil {
		return Change{}, err
	}
	c.Routings = append(c.Routings, r)
	ch.Body["rule"], ch.Body["stage"], ch.Body["action"], ch.Body["facts"] = r.Rule, r.Stage, r.Action, r.Facts
	if r.Overruled != "" {
		ch.Body["overruled"], ch.Body["wanted"] = r.Overruled, r.Wanted
	}
	return ch, nil
}

// settle closes a claim inside the merchant's agreement, or, after silence,
// decides it with an appeal open.
func (c *Claim) settle(r Routed) (Change, error) {
	by := access.Machine("router")
	if c.asked().empty() {
		return Change{}, deny(MoveSettle, c, by, nothingLeft.EN, nothingLeft.ZH)
	}
	d := Decision{Round: c.Round, Outcome: Settled, Remedy: c.asked(), Facts: r.Facts, Policy: r.Policy, By: by, At: r.At}
	if c.Heard != nil && c.Heard.How == HeardSilence {
		ch, err := c.step(MoveSettleHeld, Decided, by, r.At)
		if err != nil {
			return ch, err
		}
		d.Reasons = []ReasonCode{"merchant_silent"}
		c.rule(&ch, d, false)
		return ch, nil
	}
	ch, err := c.step(MoveSettle, Closed, by, r.At)
	if err != nil {
		return ch, err
	}
	c.hear(HeardConsent, r.At)
	d.Reasons = []ReasonCode{"standing_consent"}
	c.Closing = ClosedSettled
	c.rule(&ch, d, true)
	return ch, nil
}

func (c *Claim) lapse(r Routed) (Change, error) {
	by := access.Machine("router")
	ch, err := c.step(MoveLapse, Decided, by, r.At)
	if err != nil {
		return ch, err
	}
	c.rule(&ch, Decision{Round: c.Round, Outcome: Lapsed, Reasons: []ReasonCode{"buyer_silent"}, Facts: r.Facts, Policy: r.Policy, By: by, At: r.At}, false)
	return ch, nil
}

// Accept closes the claim with what the buyer asked for, by the merchant's word.
func (c *Claim) Accept(by access.Actor, text string, at time.Time) (Change, error) {
	if c.asked().empty() {
		return Change{}, deny(MoveAccept, c, by, nothingLeft.EN, nothingLeft.ZH)
	}
	ch, err := c.step(MoveAccept, Closed, by, at)
	if err != nil {
		return ch, err
	}
	c.hear(HeardConsent, at)
	c.Answers = append(c.Answers, Answer{Kind: Accepts, Text: text, By: by, At: at})
	c.Closing = ClosedSettled
	c.closeOffer(OfferLapsed)
	c.rule(&ch, Decision{Round: c.Round, Outcome: Settled, Remedy: c.asked(), Reasons: []ReasonCode{"merchant_agrees"}, Facts: c.lastFacts(), Policy: c.lastPolicy(), By: by, At: at}, true)
	if text != "" {
		ch.Texts["answer"] = text
	}
	return ch, nil
}

// Contest records the merchant's disagreement; screening and routing follow.
func (c *Claim) Contest(by access.Actor, text string, at time.Time) (Change, error) {
	ch, err := c.step(MoveContest, Screening, by, at)
	if err != nil {
		return ch, err
	}
	c.hear(HeardAnswer, at)
	c.Stage = StageContested
	c.Answers = append(c.Answers, Answer{Kind: Contests, Text: text, By: by, At: at})
	c.answered(Merchant, text, at)
	if text != "" {
		ch.Texts["answer"] = text
	}
	return ch, nil
}

// MakeOffer puts the merchant's own proposal to the buyer.
func (c *Claim) MakeOffer(by access.Actor, remedy Remedy, text string, at time.Time) (Change, error) {
	if remedy.Amount.Currency != c.Ask.Currency || remedy.Amount.Amount < 0 || remedy.Amount.Amount > c.Ask.Amount {
		return Change{}, deny(MoveOffer, c, by, "an offer must be in the claim's currency and not above what was asked for", "方案的币种须与申请一致，金额不得超过申请金额")
	}
	if remedy.empty() {
		return Change{}, deny(MoveOffer, c, by, "an offer to pay back must be more than 0", "退款方案的金额须大于 0")
	}
	ch, err := c.step(MoveOffer, Offered, by, at)
	if err != nil {
		return ch, err
	}
	c.hear(HeardAnswer, at)
	c.Answers = append(c.Answers, Answer{Kind: Offers, Text: text, By: by, At: at})
	c.answered(Merchant, text, at)
	remedy = Remedy{Kind: remedy.Kind, Amount: remedy.Amount}
	c.Offer = &Offer{Remedy: remedy, By: by, Text: text, At: at, State: OfferOpen}
	c.setClock(&ch, ClockOffer, c.Terms.OfferWindow)
	ch.Body["remedy"] = remedy
	if text != "" {
		ch.Texts["answer"] = text
	}
	return ch, nil
}

// TakeOffer closes the claim with the offered remedy.
func (c *Claim) TakeOffer(by access.Actor, at time.Time) (Change, error) {
	if c.Offer == nil || c.Offer.State != OfferOpen {
		return Change{}, deny(MoveTakeOffer, c, by, "there is no open offer", "当前没有待答复的方案")
	}
	ch, err := c.step(MoveTakeOffer, Closed, by, at)
	if err != nil {
		return ch, err
	}
	c.closeOffer(OfferAccepted)
	c.Closing = ClosedSettled
	c.rule(&ch, Decision{Round: c.Round, Outcome: Settled, Remedy: c.Offer.Remedy, Reasons: []ReasonCode{"offer_accepted"}, Facts: c.lastFacts(), Policy: c.lastPolicy(), By: by, At: at}, true)
	return ch, nil
}

// LeaveOffer declines it; the claim is routed again.
func (c *Claim) LeaveOffer(by access.Actor, at time.Time) (Change, error) {
	ch, err := c.step(MoveLeaveOffer, Screening, by, at)
	if err != nil {
		return ch, err
	}
	c.closeOffer(OfferDeclined)
	c.Stage = StageDeclined
	return ch, nil
}

// Supplement is the buyer's answer to a question; screening and routing follow.
func (c *Claim) Supplement(by access.Actor, text string, at time.Time) (Change, error) {
	ch, err := c.step(MoveSupplement, Screening, by, at)
	if err != nil {
		return ch, err
	}
	c.Stage = StageSupplemented
	c.answered(Buyer, text, at)
	if text != "" {
		ch.Texts["answer"] = text
	}
	return ch, nil
}

// Silence is what a fired window does: the claim goes back to be routed, and
// for a merchant's window it counts as having been heard.
func (c *Claim) Silence(kind work.ClockKind, at time.Time) (Change, error) {
	by := access.Machine("clock")
	ch, err := c.step(MoveSilence, Screening, by, at)
	if err != nil {
		return ch, err
	}
	switch kind {
	case ClockMerchant:
		c.hear(HeardSilence, at)
		c.Stage = StageMerchantSilent
	case ClockBuyer:
		c.Stage = StageBuyerSilent
	case ClockOffer:
		c.closeOffer(OfferLapsed)
		c.Stage = StageDeclined
	default:
		return Change{}, deny(MoveSilence, c, by, "no window of that kind leads on", "该时限不会推进流程")
	}
	ch.Body["clock"] = kind
	return ch, nil
}

// Final closes a decided claim when its appeal window has run out.
func (c *Claim) Final(at time.Time) (Change, error) {
	ch, err := c.step(MoveClose, Closed, access.Machine("clock"), at)
	if err != nil {
		return ch, err
	}
	c.Closing = ClosedDecided
	if d := c.Standing(); d != nil && d.Outcome == Settled {
		c.Closing = ClosedSilence
	} else if d != nil && d.Outcome == Lapsed {
		c.Closing = ClosedLapsed
	}
	if c.Remedy != nil && c.Remedy.State == RemedyHeld {
		r := c.bounded(*c.Remedy)
		if c.fitsNot(r) {
			r.State = RemedyRevoked
		} else {
			r.order(at)
		}
		c.Remedy = &r
		ch.Body["remedy"] = r
	}
	return ch, nil
}

// Withdraw ends the claim at the buyer's wish.
func (c *Claim) Withdraw(by access.Actor, at time.Time) (Change, error) {
	ch, err := c.step(MoveWithdraw, Closed, by, at)
	if err != nil {
		return ch, err
	}
	c.Closing = ClosedWithdrawn
	c.closeOffer(OfferLapsed)
	c.revoke()
	return ch, nil
}

// AskMore lets a reviewer put a question to the buyer.
func (c *Claim) AskMore(by access.Actor, text text.Text, at time.Time) (Change, error) {
	ch, err := c.step(MoveAskBuyer, AskedBuy, by, at)
	if err != nil {
		return ch, err
	}
	c.Proposal = nil
	c.Asked = append(c.Asked, Question{To: Buyer, Text: text, At: at})
	c.setClock(&ch, ClockBuyer, c.Terms.BuyerWindow)
	ch.Texts["question"] = text.ZH + "\n" + text.EN
	return ch, nil
}

// AskShop lets a reviewer put the claim to a merchant who was passed over so far.
func (c *Claim) AskShop(by access.Actor, text text.Text, at time.Time) (Change, error) {
	if c.Heard != nil {
		return Change{}, deny(MoveAskMerchant, c, by, "the merchant has been heard already", "商家已经答复过")
	}
	ch, err := c.step(MoveAskMerchant, AskedShop, by, at)
	if err != nil {
		return ch, err
	}
	c.Asked = append(c.Asked, Question{To: Merchant, Text: text, At: at})
	c.setClock(&ch, ClockMerchant, c.Terms.MerchantWindow)
	ch.Texts["question"] = text.ZH + "\n" + text.EN
	return ch, nil
}

// AskVisit sends somebody to look at the goods.
func (c *Claim) AskVisit(by access.Actor, at time.Time) (Change, error) {
	ch, err := c.step(MoveToVisit, Visiting, by, at)
	if err != nil {
		return ch, err
	}
	c.setClock(&ch, ClockVisit, c.Terms.VisitWindow)
	return ch, nil
}

// Visited ends a visit; a person rules next.
func (c *Claim) Visited(by access.Actor, at time.Time) (Change, error) {
	ch, err := c.step(MoveVisited, InReview, by, at)
	if err != nil {
		return ch, err
	}
	c.setClock(&ch, ClockReview, c.Terms.ReviewWindow)
	return ch, nil
}

// Overdue notes that nobody ruled in time, and sets the review's clock anew.
func (c *Claim) Overdue(at time.Time) (Change, error) {
	ch, err := c.keep(MoveOverdue, access.Machine("clock"), at)
	if err != nil {
		return ch, err
	}
	c.Clocks = slices.DeleteFunc(c.Clocks, func(k work.Clock) bool { return k.Kind == ClockReview })
	c.setClock(&ch, ClockReview, c.Terms.ReviewWindow)
	return ch, nil
}

// Object asks for the second look. A claim is appealed once.
func (c *Claim) Object(by access.Actor, side Party, text string, at time.Time) (Change, error) {
	if c.Round > 1 {
		return Change{}, deny(MoveAppeal, c, by, "the second decision is final", "第二次裁决为最终裁决")
	}
	ch, err := c.step(MoveAppeal, InReview, by, at)
	if err != nil {
		return ch, err
	}
	c.Round = 2
	c.Appeals = append(c.Appeals, Appeal{By: by, Side: side, Text: text, At: at})
	if c.Remedy != nil && c.Remedy.State == RemedyOrdered {
		c.Remedy.State = RemedyHeld // what has not been carried out waits
	}
	c.setClock(&ch, ClockReview, c.Terms.ReviewWindow)
	ch.Body["side"] = side
	if text != "" {
		ch.Texts["appeal"] = text
	}
	return ch, nil
}

// keep is step for moves that leave even a closed claim's clocks and times alone.
func (c *Claim) keep(name MoveName, by access.Actor, at time.Time) (Change, error) {
	if err := legal(name, c.State, c.State, by.Role); err != nil {
		return Change{}, err
	}
	return Change{Move: name, By: by, At: at, From: c.State, To: c.State, Body: map[string]any{}, Texts: map[string]string{}}, nil
}

func (c *Claim) closeOffer(s OfferState) {
	if c.Offer != nil && c.Offer.State == OfferOpen {
		c.Offer.State = s
	}
}

// answered closes the oldest open question to a side.
func (c *Claim) answered(side Party, text string, at time.Time) {
	for i := range c.Asked {
		if c.Asked[i].To == side && c.Asked[i].AnsweredAt == nil {
			c.Asked[i].AnsweredAt, c.Asked[i].Answer = &at, text
			return
		}
	}
}

func (c *Claim) lastFacts() string {
	if len(c.Routings) == 0 {
		return ""
	}
	return c.Routings[len(c.Routings)-1].Facts
}

func (c *Claim) lastPolicy() string {
	if len(c.Routings) == 0 {
		return ""
	}
	return c.Routings[len(c.Routings)-1].Policy
}
