package desk

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/order"
)

// Depth is how much of a case somebody is shown.
type Depth string

// The depths. What would teach evasion stays at the reviewers'.
const (
	DepthBuyer    Depth = "buyer"
	DepthMerchant Depth = "merchant"
	DepthReviewer Depth = "reviewer"
)

// DepthOf is the depth at which a caller sees a claim.
func (c Caller) DepthOf(k *claim.Claim) Depth {
	if side, ok := c.Side(k); ok {
		if side == claim.Merchant {
			return DepthMerchant
		}
		return DepthBuyer
	}
	if c.HasAny(claim.RoleReviewer, claim.RoleOperator, claim.RoleAuditor) {
		return DepthReviewer
	}
	return DepthMerchant // a platform passes on what either side may see
}

// Show is a claim as a depth may see it: a copy, the original stays whole.
func Show(c *claim.Claim, depth Depth) *claim.Claim {
	v := c.Clone()
	if depth == DepthReviewer {
		return v
	}
	if depth == DepthMerchant {
		v.Withdrawn = nil // of the draft, which was the buyer's alone
	}
	v.Proposal = nil
	v.Terms.SecondReading = 0
	for i := range v.Routings {
		r := &v.Routings[i]
		r.Note, r.Rule, r.Stakes, r.Overruled, r.Wanted = "", "", 0, "", ""
	}
	for i := range v.Decisions {
		d := &v.Decisions[i]
		d.Note, d.Findings = "", nil
		d.By, d.Second = masked(d.By), nil
	}
	return v
}

// masked hides which member of staff acted; the record knows.
func masked(a claim.Actor) claim.Actor {
	if a.Person() {
		a.ID = string(a.Role)
	}
	return a
}

// Blind hides what a second reader must not know: how it was decided.
func Blind(c *claim.Claim) *claim.Claim {
	v := c.Clone()
	v.State, v.Closing, v.Decisions, v.Proposal, v.Remedy, v.ClosedAt = claim.InReview, "", nil, nil, nil, nil
	v.Appeals, v.Clocks = nil, nil
	return v
}

// ShowEvidence is an item as a depth may see it. A buyer sees what speaks for
// them, and that a person will look where something does not; a merchant sees
// what was found, without the numbers and places that would teach evasion.
func ShowEvidence(it evidence.Item, depth Depth) evidence.Item {
	if depth == DepthReviewer || it.Screening == nil {
		return it
	}
	s := *it.Screening
	s.Findings = []evidence.Finding{}
	for _, f := range it.Screening.Findings {
		if depth == DepthBuyer && f.Stance == evidence.Against {
			continue
		}
		f.Measured, f.Regions = nil, nil
		if strings.HasPrefix(string(f.Code), "reuse.") {
			f.Reference = "" // another claim's evidence, which neither side may know of
		}
		s.Findings = append(s.Findings, f)
	}
	it.Screening = &s
	if depth == DepthMerchant && it.Party != string(claim.Merchant) {
		it.By, it.Name = "", ""
	}
	return it
}

// Case is a claim with everything that belongs on one screen.
type Case struct {
	Claim    *claim.Claim    `json:"claim"`
	Order    order.Order     `json:"order"`
	Evidence []evidence.Item `json:"evidence"`
	// References are the order's listing and packing media.
	References []evidence.Item `json:"references"`
	Depth      Depth           `json:"depth"`
	// Left is what remains of the order for this claim.
	Left Remains `json:"left"`
	// Blind is true for a second reader, to whom the outcome is not shown.
	Blind bool `json:"blind,omitempty"`
}

// Case shows a claim to a caller, masked for them.
func (d *Desk) Case(ctx context.Context, by Caller, id string) (Case, error) {
	var out Case
	err := d.read(ctx, func(tx Tx) error {
		c, err := d.seen(ctx, tx, by, id)
		if err != nil {
			return err
		}
		depth := by.DepthOf(c)
		out = Case{Claim: Show(c, depth), Depth: depth}
		if out.Blind, err = d.blind(ctx, tx, by, c); err != nil {
			return err
		}
		if out.Blind {
			out.Claim = Blind(c)
		}
		if out.Order, err = tx.Order(ctx, c.OrderID); err != nil {
			return err
		}
		if out.Left, err = leftFor(ctx, tx, c, out.Order); err != nil {
			return err
		}
		if depth != DepthReviewer {
			out.Order = maskOrder(out.Order)
		}
		if out.Evidence, err = tx.EvidenceOfClaim(ctx, id); err != nil {
			return err
		}
		if out.References, err = tx.EvidenceOfOrder(ctx, c.OrderID); err != nil {
			return err
		}
		for i := range out.Evidence {
			out.Evidence[i] = ShowEvidence(out.Evidence[i], depth)
		}
		for i := range out.References {
			out.References[i] = ShowEvidence(out.References[i], depth)
		}
		return nil
	})
	return out, err
}

// maskOrder takes the coordinates off; a district is as near as others see.
func maskOrder(o order.Order) order.Order {
	if o.Shipment != nil {
		s := *o.Shipment
		s.Lat, s.Lon, s.Tracking = nil, nil, ""
		o.Shipment = &s
	}
	return o
}

func (d *Desk) seen(ctx context.Context, tx Tx, by Caller, id string) (*claim.Claim, error) {
	c, err := tx.Claim(ctx, id)
	if err != nil {
		return nil, err
	}
	if !by.MayRead(c) {
		return nil, notFound()
	}
	return c, nil
}

// blind is whether the caller reads the case as its second reader.
func (d *Desk) blind(ctx context.Context, tx Tx, by Caller, c *claim.Claim) (bool, error) {
	if !by.Has(claim.RoleReviewer) {
		return false, nil
	}
	r, err := tx.Review(ctx, c.ID, TaskReread)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil && r.Holder == by.ID && r.LeaseUntil.After(d.now()), err
}

// Claims lists claims that the caller may see, newest first.
func (d *Desk) Claims(ctx context.Context, by Caller, f ClaimFilter, p Page) (list []*claim.Claim, next string, err error) {
	if by.ClaimID != "" {
		return nil, "", forbidden()
	}
	switch {
	case by.Has(claim.RoleBuyer) && by.Party != "" && !by.Has(claim.RoleMerchant):
		f.BuyerID = by.Party
	case by.Has(claim.RoleMerchant) && by.Party != "":
		f.MerchantID = by.Party
		if len(f.States) == 0 {
			f.States = claim.States[1:] // a draft is the buyer's alone
		}
	case !by.HasAny(claim.RoleReviewer, claim.RoleOperator, claim.RoleAuditor, claim.RoleIntegrator) || by.Party != "":
		return nil, "", forbidden()
	}
	err = d.read(ctx, func(tx Tx) error {
		list, next, err = tx.Claims(ctx, f, p)
		return err
	})
	kept := list[:0]
	for _, c := range list {
		if by.MayRead(c) {
			kept = append(kept, Show(c, by.DepthOf(c)))
		}
	}
	return kept, next, err
}

// Events is the record of one claim, at the caller's depth: staff see the
// bodies, parties what happened and when.
func (d *Desk) Events(ctx context.Context, by Caller, id string) ([]claim.Event, error) {
	var out []claim.Event
	err := d.read(ctx, func(tx Tx) error {
		c, err := d.seen(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if blind, err := d.blind(ctx, tx, by, c); err != nil || blind {
			return errors.Join(err, forbidden())
		}
		if out, err = tx.EventsOf(ctx, "claim/"+id); err != nil {
			return err
		}
		if by.DepthOf(c) != DepthReviewer {
			for i := range out {
				out[i].Body, out[i].By = nil, masked(out[i].By)
			}
		}
		return nil
	})
	return out, err
}

// EvidenceContent says where an item's bytes are, if the caller may see them.
func (d *Desk) EvidenceContent(ctx context.Context, by Caller, id string) (evidence.Item, error) {
	var it evidence.Item
	err := d.read(ctx, func(tx Tx) (err error) {
		if it, err = tx.Evidence(ctx, id); err != nil {
			return err
		}
		if it.WithdrawnAt != nil {
			return notFound()
		}
		if it.ClaimID != "" {
			_, err = d.seen(ctx, tx, by, it.ClaimID)
			return err
		}
		o, err := tx.Order(ctx, it.OrderID)
		if err != nil {
			return err
		}
		staff := by.Party == "" && by.HasAny(claim.RoleReviewer, claim.RoleOperator, claim.RoleAuditor, claim.RoleIntegrator) && by.HasScope(ScopeClaimsRead)
		if staff || by.Party != "" && by.ClaimID == "" && (by.Has(claim.RoleBuyer) && by.Party == o.BuyerID || by.isMerchant(o.MerchantID)) {
			return nil
		}
		if by.ClaimID != "" {
			c, err := d.seen(ctx, tx, by, by.ClaimID)
			if err == nil && c.OrderID == it.OrderID {
				return nil
			}
		}
		return notFound()
	})
	return it, err
}

// Blobs gives the server the bytes, for items that EvidenceContent let pass.
func (d *Desk) Blobs() Blobs { return d.opts.Blobs }

// Now is the desk's clock.
func (d *Desk) Now() time.Time { return d.now() }
