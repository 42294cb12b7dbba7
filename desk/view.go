package desk

import (
	"context"
	"slices"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk/mask"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/work"
)

// Depth is how much of a case somebody is shown.
type Depth = mask.Depth

// The depths. What would teach evasion stays at the reviewers'.
const (
	DepthBuyer    = mask.Buyer
	DepthMerchant = mask.Merchant
	DepthReviewer = mask.Reviewer
)

// EyeOf is the caller as somebody to whom a claim, with all that hangs on it, is
// shown.
func EyeOf(c access.Caller, k *claim.Claim) mask.Eye {
	side, _ := SideOf(c, k)
	return mask.Eye{Depth: DepthOf(c, k), Side: side, ID: c.ID}
}

// DepthOf is the depth at which a caller sees a claim.
func DepthOf(c access.Caller, k *claim.Claim) Depth {
	if side, ok := SideOf(c, k); ok {
		if side == claim.Merchant {
			return DepthMerchant
		}
		return DepthBuyer
	}
	if c.HasAny(access.RoleReviewer, access.RoleOperator, access.RoleAuditor) {
		return DepthReviewer
	}
	return DepthMerchant // a platform passes on what either side may see
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
func (d *Desk) Case(ctx context.Context, by access.Caller, id string) (Case, error) {
	var out Case
	err := d.read(ctx, func(tx Tx) error {
		c, err := d.seen(ctx, tx, by, id)
		if err != nil {
			return err
		}
		eye := EyeOf(by, c)
		out = Case{Claim: eye.Claim(c), Depth: eye.Depth}
		reading, err := blindUntil(ctx, tx, by, c)
		if err != nil {
			return err
		}
		if out.Blind = reading != nil; out.Blind {
			out.Claim = mask.Blind(c, reading.Round)
		}
		if out.Order, err = tx.Order(ctx, c.OrderID); err != nil {
			return err
		}
		if out.Left, err = leftFor(ctx, tx, by, out.Claim, out.Order); err != nil {
			return err
		}
		out.Order = eye.Order(out.Order)
		if out.Evidence, err = tx.EvidenceOfClaim(ctx, id); err != nil {
			return err
		}
		if out.References, err = tx.EvidenceOfOrder(ctx, c.OrderID); err != nil {
			return err
		}
		if out.Blind {
			out.Evidence, out.References = foundBy(c, reading, out.Evidence), foundBy(c, reading, out.References)
		}
		for i := range out.Evidence {
			out.Evidence[i] = eye.Evidence(out.Evidence[i])
		}
		for i := range out.References {
			out.References[i] = eye.Evidence(out.References[i])
		}
		return nil
	})
	return out, err
}

// foundBy is what of a case's evidence was there when a person first ruled: what
// came afterwards tells that it was appealed.
func foundBy(c *claim.Claim, reading *Review, all []evidence.Item) (out []evidence.Item) {
	at := mask.Ruled(c, reading.Round)
	for _, it := range all {
		if at.IsZero() || !it.ReceivedAt.After(at) {
			out = append(out, it)
		}
	}
	return out
}

func (d *Desk) seen(ctx context.Context, tx Tx, by access.Caller, id string) (*claim.Claim, error) {
	c, err := tx.Claim(ctx, id)
	if err != nil {
		return nil, err
	}
	if !MayRead(by, c) {
		return nil, notFound()
	}
	return c, nil
}

// Claims lists claims that the caller may see, newest first.
func (d *Desk) Claims(ctx context.Context, by access.Caller, f ClaimFilter, p work.Page) (list []*claim.Claim, next string, err error) {
	if by.Only != "" {
		return nil, "", forbidden()
	}
	switch {
	case by.Has(access.RoleBuyer) && by.Party != "" && !by.Has(access.RoleMerchant):
		f.BuyerID = by.Party
	case by.Has(access.RoleMerchant) && by.Party != "":
		f.MerchantID = by.Party
		if len(f.States) == 0 {
			f.States = claim.States[1:]
		}
	case !by.HasAny(access.RoleReviewer, access.RoleOperator, access.RoleAuditor, access.RoleIntegrator) || by.Party != "":
		return nil, "", forbidden()
	}
	switch {
	case f.MerchantID != "" && f.MerchantID == by.Party:
		f.NoDrafts = true // a draft is the buyer's alone
	case judgesOnly(by):
		f.NoDrafts, f.Without = true, by.Conflicts
	}
	if by.Kind == access.CallerKey && !by.HasScope(access.ScopeClaimsRead) || among(f.Without, f.MerchantID, f.BuyerID) {
		return nil, "", nil
	}
	err = d.read(ctx, func(tx Tx) error {
		list, next, err = filled(p, !judges(by), func(p work.Page) ([]*claim.Claim, string, error) { return tx.Claims(ctx, f, p) }, func(all []*claim.Claim) ([]*claim.Claim, error) {
			return blindly(ctx, tx, by, f, slices.DeleteFunc(all, func(c *claim.Claim) bool { return !MayRead(by, c) }))
		})
		return err
	})
	for i, c := range list {
		list[i] = EyeOf(by, c).Claim(c)
	}
	return list, next, err
}

// Events is the record of one claim, at the caller's depth: staff see the
// bodies, parties what happened and when.
func (d *Desk) Events(ctx context.Context, by access.Caller, id string) ([]record.Event, error) {
	var out []record.Event
	err := d.read(ctx, func(tx Tx) error {
		c, err := d.seen(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if hidden, err := blind(ctx, tx, by, c); err != nil {
			return err
		} else if hidden {
			return errBlind()
		}
		if out, err = tx.EventsOf(ctx, "claim/"+id); err != nil {
			return err
		}
		for i := range out {
			out[i] = EyeOf(by, c).Event(out[i])
		}
		return nil
	})
	return out, err
}

// EvidenceContent says where an item's bytes are, if the caller may see them,
// and whether as they came: all but staff and the side that sent them get a
// copy that says nothing of where, when and with what it was made.
func (d *Desk) EvidenceContent(ctx context.Context, by access.Caller, id string) (it evidence.Item, original bool, err error) {
	err = d.read(ctx, func(tx Tx) error {
		var eye mask.Eye
		if it, err = tx.Evidence(ctx, id); err == nil {
			eye, err = eyeOn(by, ctx, tx, it)
		}
		original = err == nil && eye.Original(it)
		return err
	})
	return it, original, err
}

// eyeOn is the caller looking at the bytes of an item; it errs where they may not.
func eyeOn(c access.Caller, ctx context.Context, tx Tx, it evidence.Item) (mask.Eye, error) {
	id := it.ClaimID
	if id == "" {
		id = c.Only // a link sees the order's pictures through its claim
	}
	switch {
	case it.WithdrawnAt != nil:
		return mask.Eye{}, notFound()
	case id != "":
		k, err := tx.Claim(ctx, id)
		if err == nil && (!MayRead(c, k) || k.OrderID != it.OrderID) {
			err = notFound()
		}
		if err != nil {
			return mask.Eye{}, err
		}
		return EyeOf(c, k), nil
	}
	o, err := tx.Order(ctx, it.OrderID)
	if err != nil {
		return mask.Eye{}, err
	}
	staff := c.Party == "" && c.HasAny(access.RoleReviewer, access.RoleOperator, access.RoleAuditor, access.RoleIntegrator) && c.HasScope(access.ScopeClaimsRead)
	if staff || c.Party != "" && (c.Has(access.RoleBuyer) && c.Party == o.BuyerID || isMerchant(c, o.MerchantID)) {
		return orderEye(c, o), nil
	}
	return mask.Eye{}, notFound()
}

// orderEye is Eye where there is no claim to go by.
func orderEye(c access.Caller, o order.Order) mask.Eye {
	return EyeOf(c, &claim.Claim{OrderID: o.ID, MerchantID: o.MerchantID, BuyerID: o.BuyerID})
}

// Blobs gives the server the bytes, for items that EvidenceContent let pass.
func (d *Desk) Blobs() Blobs { return d.opts.Blobs }

// Now is the desk's clock.
func (d *Desk) Now() time.Time { return d.now() }
