package claim

import (
	"slices"
	"time"

	"github.com/evenhand/evenhand/access"
)

// Propose lays down a decision that a second person must confirm.
func (c *Claim) Propose(d Decision) (Change, error) {
	if c.Proposal != nil {
		return Change{}, deny(MovePropose, c, d.By, "a decision has been proposed already; confirm it or return it", "已有待确认的判断，请确认或退回")
	}
	if err := c.fits(MovePropose, d); err != nil {
		return Change{}, err
	}
	ch, err := c.step(MovePropose, InReview, d.By, d.At)
	if err != nil {
		return ch, err
	}
	d.Round = c.Round
	c.Proposal = &d
	ch.Body["round"] = c.Round
	return ch, nil
}

// Return hands a proposal back unconfirmed: only a senior reviewer who has not
// seen the case rules then.
func (c *Claim) Return(by access.Actor, note string, at time.Time) (Change, error) {
	if c.Proposal == nil || c.Proposal.By.ID == by.ID {
		return Change{}, deny(MoveReturnPair, c, by, "only another reviewer can return a proposal, and there must be one", "只有另一位审核员才能退回判断，且须有待确认的判断")
	}
	ch, err := c.step(MoveReturnPair, InReview, by, at)
	if err != nil {
		return ch, err
	}
	second := by
	c.Proposal.Second = &second
	ch.Body["round"] = c.Round
	if note != "" {
		ch.Texts["note"] = note
	}
	return ch, nil
}

// Decide rules. In the second round the decision is final.
func (c *Claim) Decide(d Decision) (Change, error) {
	if err := c.fits(MoveDecide, d); err != nil {
		return Change{}, err
	}
	to := Decided
	if c.Round > 1 {
		to = Closed
	}
	ch, err := c.step(MoveDecide, to, d.By, d.At)
	if err != nil {
		return ch, err
	}
	d.Round = c.Round
	if to == Closed {
		c.Closing = ClosedDecided
	}
	c.rule(&ch, d, to == Closed)
	return ch, nil
}

// fits checks a ruling's own sense: a known outcome, reasons that go with it,
// a remedy where there must be one and within what was asked for.
func (c *Claim) fits(m MoveName, d Decision) error {
	if !slices.Contains([]Outcome{Granted, Partly, Refused}, d.Outcome) {
		return deny(m, c, d.By, "outcome must be granted, partly or refused", "裁决结果须为支持、部分支持或不支持")
	}
	if len(d.Reasons) == 0 {
		return deny(m, c, d.By, "a decision needs at least one reason code", "裁决至少需要一个理由")
	}
	for _, r := range d.Reasons {
		if w, ok := Words(r); !ok || !slices.Contains(w.Outcomes, d.Outcome) {
			return deny(m, c, d.By, "reason "+string(r)+" does not go with the outcome "+string(d.Outcome), "理由 "+string(r)+" 与结果 "+string(d.Outcome)+" 不符")
		}
	}
	if d.Outcome == Refused {
		if d.Remedy.Kind != "" || d.Remedy.Amount.Amount != 0 {
			return deny(m, c, d.By, "a refusal has no remedy", "不支持时不能带处理结果")
		}
		return nil
	}
	if !slices.Contains(Kinds, d.Remedy.Kind) || d.Remedy.Amount.Currency != c.Ask.Currency || d.Remedy.Amount.Amount < 0 || d.Remedy.Amount.Amount > c.Ask.Amount {
		return deny(m, c, d.By, "the remedy must be of a known kind, in the claim's currency, and not above what was asked for", "处理结果的类型和币种须有效，金额不得超过申请金额")
	}
	if d.Remedy.empty() {
		return deny(m, c, d.By, "a remedy that pays back must be more than 0", "退款的金额须大于 0")
	}
	if d.Outcome == Granted && (d.Remedy.Kind != c.Kind || d.Remedy.Amount != c.Ask) {
		return deny(m, c, d.By, "granted means what was asked for; use partly for anything else", "“支持”即按申请处理，其他情况请选“部分支持”")
	}
	return nil
}

// rule lays a decision down and orders, holds or revokes the remedy.
func (c *Claim) rule(ch *Change, d Decision, final bool) {
	c.Decisions = append(c.Decisions, d)
	c.Proposal = nil
	if d.Remedy.Kind != "" && d.Outcome != Refused && d.Outcome != Lapsed {
		if m := c.award(d.Remedy, final, ch.At); m != nil {
			ch.Body["remedy"] = *m
		}
	} else {
		c.revoke()
	}
	if !final {
		c.setClock(ch, ClockAppeal, c.Terms.AppealWindow)
	}
	ch.Body["outcome"], ch.Body["reasons"], ch.Body["round"], ch.Body["facts"] = d.Outcome, d.Reasons, d.Round, d.Facts
	if d.Second != nil {
		ch.Body["second"] = *d.Second
	}
	if len(d.Findings) > 0 {
		ch.Body["findings"] = d.Findings
	}
	if d.Text != "" {
		ch.Texts["text"] = d.Text
	}
	if d.Note != "" {
		ch.Texts["note"] = d.Note
	}
}
