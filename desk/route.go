package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// facts gathers what a policy may look at, at whole seconds.
func (d *Desk) facts(ctx context.Context, tx Tx, c *claim.Claim, items []evidence.Item, video claim.VideoFrom, at time.Time) (claim.Facts, error) {
	f := claim.Facts{Stage: c.Stage, At: at.Truncate(time.Second), Findings: []claim.FindingFact{}}
	o, err := tx.Order(ctx, c.OrderID)
	if err != nil {
		return f, err
	}
	m, err := merchantOf(ctx, tx, c.MerchantID)
	if err != nil {
		return f, err
	}
	h, err := tx.History(ctx, c.BuyerID, c.MerchantID, c.ID, false, at)
	if err != nil {
		return f, err
	}
	packed, err := tx.EvidenceOfOrder(ctx, c.OrderID)
	if err != nil {
		return f, err
	}
	f.Claim.ID, f.Claim.Kind, f.Claim.Reason, f.Claim.Round = c.ID, c.Kind, c.Reason, c.Round
	f.Claim.Amount, f.Claim.Currency = c.Ask.Amount, c.Ask.Currency
	f.Claim.Categories = append([]string{}, c.Categories...)
	f.Claim.AgeHours = -1
	if o.DeliveredAt != nil && c.SubmittedAt != nil {
		f.Claim.AgeHours = int64(c.SubmittedAt.Sub(*o.DeliveredAt) / time.Hour)
	}
	if o.Total.Amount > 0 {
		f.Claim.Share = float64(c.Ask.Amount*10_000/o.Total.Amount) / 10_000
	}
	f.Claim.Missing = []string{}
	for _, r := range claim.MissingFrom(claim.Requirements(c.Kind, c.Reason, c.Ask, video), c.Evidence) {
		f.Claim.Missing = append(f.Claim.Missing, string(r.Purpose))
	}
	for _, q := range c.Asked {
		if q.To == claim.Buyer {
			f.Claim.Asked++
		}
	}
	for _, x := range c.Evidence {
		switch {
		case x.Party == claim.Merchant:
			f.Merchant.Packing++
		case x.Medium == evidence.Photo:
			f.Claim.Photos++
		case x.Medium == evidence.Video:
			f.Claim.Videos++
		}
	}
	f.Order.Total, f.Order.Delivered = o.Total.Amount, o.DeliveredAt != nil
	for _, it := range packed {
		if it.Purpose == evidence.Packing {
			f.Order.Packed++
		}
	}
	f.Merchant.ID, f.Merchant.Recent = c.MerchantID, h.MerchantRecent
	f.Merchant.Consent = m.Consent.Covers(string(c.Kind), string(c.Reason), c.Categories, c.Ask)
	if n := len(c.Answers); n > 0 {
		f.Merchant.Answer = string(c.Answers[n-1].Kind)
	}
	f.Buyer.ID, f.Buyer.Orders, f.Buyer.Claims, f.Buyer.Refunds, f.Buyer.Confirmed = c.BuyerID, h.BuyerOrders, h.BuyerClaims, h.BuyerRefunds, h.BuyerConfirmed
	addFindings(&f, items)
	return f, nil
}

func addFindings(f *claim.Facts, items []evidence.Item) {
	for _, it := range items {
		if it.Screening == nil {
			continue
		}
		for _, x := range it.Screening.Findings {
			f.Findings = append(f.Findings, claim.FindingFact{Code: string(x.Code), Strength: string(x.Strength), Stance: string(x.Stance), Party: it.Party})
			switch {
			case it.Party != string(claim.Buyer):
			case x.Stance == evidence.Against:
				f.Against = max(f.Against, x.Strength.Rank())
			case x.Stance == evidence.For:
				f.For = max(f.For, x.Strength.Rank())
			}
		}
	}
}

// route sends a claim in Screening on its way, in the caller's transaction.
// The version under which a claim was first routed stays its version.
func (d *Desk) route(ctx context.Context, tx Tx, c *claim.Claim, at time.Time) error {
	p, err := d.policyFor(ctx, tx, c)
	if err != nil {
		return err
	}
	var items []evidence.Item
	if len(c.Evidence) > 0 {
		if items, err = tx.EvidenceOfClaim(ctx, c.ID); err != nil {
			return err
		}
	}
	f, err := d.facts(ctx, tx, c, items, p.VideoFrom(), at)
	if err != nil {
		return err
	}
	canonical, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("facts: %w", err)
	}
	// What is routed is what will be read back years later, not the value in memory.
	r, err := routeCanonical(p, canonical)
	if err != nil {
		return err
	}
	if c.Terms.AppealWindow == 0 {
		c.Terms = d.terms(p)
	}
	if err := d.shadow(ctx, tx, c, canonical, r, at); err != nil {
		return err
	}
	r.Window = d.hurried(r.Window)
	return d.apply(ctx, tx, c, p, claim.Routed{Routing: r, Stage: c.Stage, At: at, Facts: digest(canonical)}, canonical)
}

func routeCanonical(p Rules, canonical []byte) (claim.Routing, error) {
	var f claim.Facts
	if err := json.Unmarshal(canonical, &f); err != nil {
		return claim.Routing{}, fmt.Errorf("facts: %w", err)
	}
	return p.Route(f)
}

// terms are a policy's, hurried in trial mode.
func (d *Desk) terms(p Rules) claim.Terms {
	t := p.Terms()
	for _, w := range []*time.Duration{&t.MerchantWindow, &t.BuyerWindow, &t.OfferWindow, &t.ReviewWindow, &t.VisitWindow, &t.AppealWindow} {
		*w = d.hurried(*w)
	}
	return t
}

// apply takes the rule's action if the guarantees let it, and otherwise the
// nearest lawful one: the merchant is asked, or a person looks. What the rule
// wanted and which guarantee stood in its way is written down with it.
func (d *Desk) apply(ctx context.Context, tx Tx, c *claim.Claim, p Rules, r claim.Routed, canonical []byte) error {
	m, err := merchantOf(ctx, tx, c.MerchantID)
	if err != nil {
		return err
	}
	wanted := r.Action
	var refused error
	// The rule's own action is tried with its own window, then with the usual one.
	for i, action := range []claim.Action{wanted, wanted, claim.ActAskMerchant, claim.ActReview} {
		switch {
		case i == 1 && r.Window == 0, i > 1 && action == wanted, i > 1 && action == claim.ActAskMerchant && c.Heard != nil:
			continue
		case i > 0:
			r.Wanted, r.Action, r.Window = wanted, action, 0
		}
		if action != wanted {
			r.Ask = askMerchant
		}
		after := c.Clone()
		if action == claim.ActSettle || action == claim.ActOfferReturn {
			if err := d.withinLeft(ctx, tx, after); err != nil {
				return err
			}
		}
		ch, err := after.Route(r)
		if err == nil {
			s := step{
				Before: c, After: after, Change: ch, Consent: m.Consent, Routed: &after.Routings[len(after.Routings)-1], Canonical: canonical,
				Again: func(canonical []byte) (claim.Routing, error) { return routeCanonical(p, canonical) },
			}
			err = d.commit(ctx, tx, s)
		}
		e, isRefusal := text.AsRefusal(said(err))
		switch {
		case err == nil:
			*c = *after
			return nil
		case !isRefusal || e.Code != CodeGuarantee && e.Code != text.CodeIllegal:
			return err
		}
		if refused = err; r.Overruled == "" {
			r.Overruled = e.Field
			if e.Code == text.CodeIllegal {
				r.Overruled = "not_now"
			}
		}
	}
	return fmt.Errorf("no lawful action for claim %s: %w", c.ID, refused)
}

// askMerchant is what a merchant reads who is asked because a guarantee says so.
var askMerchant = text.Text{
	EN: "A buyer has filed a claim about your order. Please agree, disagree with your packing photos or video, or make an offer.",
	ZH: "买家对您的订单提交了售后申请，请同意、提交打包照片或视频说明异议，或提出协商方案。",
}

// shadow routes the claim under each shadow version too, without effect.
func (d *Desk) shadow(ctx context.Context, tx Tx, c *claim.Claim, canonical []byte, active claim.Routing, at time.Time) error {
	shadows, err := d.shadowPolicies(ctx, tx)
	if err != nil {
		return err
	}
	for _, p := range shadows {
		r, err := routeCanonical(p, canonical)
		if err != nil {
			continue // a shadow that fails must not stop what counts
		}
		s := ShadowRouting{ClaimID: c.ID, Stage: c.Stage, Policy: p.ID(), Rule: r.Rule, Action: r.Action, Active: active.Action, At: at}
		if err := tx.PutShadow(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// advance routes a claim if it is in Screening and all its evidence has been
// looked at; otherwise the job that finishes screening does.
func (d *Desk) advance(ctx context.Context, tx Tx, c *claim.Claim, at time.Time) error {
	if c.State != claim.Screening {
		return nil
	}
	if len(c.Evidence) > 0 && d.opts.Examine != nil {
		open, err := tx.Unscreened(ctx, c.ID)
		if err != nil || open > 0 {
			return err
		}
	}
	return d.route(ctx, tx, c, at)
}

// Route is the job that sends a screened claim on its way; it does nothing
// where that has happened.
func (d *Desk) Route(ctx context.Context, claimID string) error {
	err := d.write(ctx, func(tx Tx) error {
		c, err := tx.Claim(ctx, claimID)
		if err != nil {
			return err
		}
		return d.advance(ctx, tx, c, d.now())
	})
	if e, ok := text.AsRefusal(err); ok && (e.Code == text.CodeConflict || e.Code == text.CodeNotFound) {
		return errors.Join(errAgain, err)
	}
	return err
}

var errAgain = errors.New("another change came between; try again")
