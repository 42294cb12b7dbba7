package desk

import (
	"context"
	"errors"
	"slices"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk/mask"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// PersonalData is all that the desk holds about one buyer.
type PersonalData struct {
	Buyer    order.Buyer     `json:"buyer"`
	Orders   []order.Order   `json:"orders"`
	Claims   []*claim.Claim  `json:"claims"`
	Evidence []evidence.Item `json:"evidence"`
	Texts    []PrivateText   `json:"texts"`
	Events   []record.Event  `json:"events"`
	// Accounts are those that act for the buyer; their secrets stay out.
	Accounts []User `json:"accounts,omitempty"`
}

// Export gathers all data of a buyer, for the buyer or for who answers for
// them (Personal Information Protection Law, art. 45).
func (d *Desk) Export(ctx context.Context, by access.Caller, buyerID string) (PersonalData, error) {
	var out PersonalData
	own := by.Has(access.RoleBuyer) && by.Party == buyerID && by.Only == ""
	if !own && !operates(by) && !(answersFor(by, "") && by.HasScope(access.ScopePeopleRead)) {
		return out, notFound()
	}
	err := d.read(ctx, func(tx Tx) (err error) {
		out = PersonalData{}
		switch out.Buyer, err = tx.Buyer(ctx, buyerID); {
		case errors.Is(err, work.ErrNotFound):
			out.Buyer = order.Buyer{ID: buyerID} // an order names a buyer of whom the platform told nothing else
		case err != nil:
			return err
		}
		unknown := err != nil
		for p := (work.Page{Limit: 200}); ; {
			list, next, err := tx.Orders(ctx, OrderFilter{BuyerID: buyerID}, p)
			if err != nil {
				return err
			}
			if out.Orders = append(out.Orders, list...); next == "" {
				break
			}
			p.After = next
		}
		for p := (work.Page{Limit: 200}); ; {
			list, next, err := tx.Claims(ctx, ClaimFilter{BuyerID: buyerID}, p)
			if err != nil {
				return err
			}
			for _, c := range list {
				if err := exportClaim(ctx, tx, &out, c); err != nil {
					return err
				}
			}
			if next == "" {
				break
			}
			p.After = next
		}
		if out.Texts, err = tx.PrivateOf(ctx, "buyer/"+buyerID); err != nil {
			return err
		}
		if out.Accounts, err = accountsOf(ctx, tx, buyerID); err != nil {
			return err
		}
		if unknown && len(out.Orders)+len(out.Claims)+len(out.Texts) == 0 {
			return notFound()
		}
		return nil
	})
	return out, err
}

// accountsOf lists the accounts that act for a buyer.
func accountsOf(ctx context.Context, tx Tx, buyerID string) (list []User, err error) {
	all, err := tx.Users(ctx)
	for _, u := range all {
		if u.Party == buyerID && slices.Contains(u.Roles, access.RoleBuyer) {
			list = append(list, u)
		}
	}
	return list, err
}

// eraseAddresses takes a buyer's e-mail address off their accounts.
func eraseAddresses(ctx context.Context, tx Tx, buyerID string) error {
	list, err := accountsOf(ctx, tx, buyerID)
	if err != nil {
		return err
	}
	for _, u := range list {
		u.Email = ""
		if err := tx.PutUser(ctx, u); err != nil {
			return err
		}
	}
	return nil
}

func exportClaim(ctx context.Context, tx Tx, out *PersonalData, c *claim.Claim) error {
	eye := mask.Eye{Depth: DepthBuyer, Side: claim.Buyer}
	out.Claims = append(out.Claims, eye.Claim(c))
	items, err := tx.EvidenceOfClaim(ctx, c.ID)
	if err != nil {
		return err
	}
	for _, id := range c.Withdrawn { // kept, and so the person's to know
		it, err := tx.Evidence(ctx, id)
		if err != nil {
			return err
		}
		items = append(items, it)
	}
	for _, it := range items {
		if it.Party == string(claim.Buyer) {
			out.Evidence = append(out.Evidence, eye.Evidence(it))
		}
	}
	events, err := tx.EventsOf(ctx, "claim/"+c.ID)
	if err != nil {
		return err
	}
	for _, e := range events {
		out.Events = append(out.Events, eye.Event(e))
	}
	return nil
}

// Erase removes what is personal of a buyer; claims, events and digests stay,
// so that the history remains whole. Not while a claim is open: its other side
// has a right to an answer first.
func (d *Desk) Erase(ctx context.Context, by access.Caller, buyerID string) error {
	own := by.Has(access.RoleBuyer) && by.Party == buyerID && by.Only == "" && by.Kind == access.CallerSession
	if !own && !operates(by) && !(answersFor(by, "") && by.HasScope(access.ScopePeopleErase)) {
		return notFound()
	}
	return d.write(ctx, func(tx Tx) error {
		at := d.now()
		if _, err := tx.ErasedAt(ctx, buyerID); err == nil || !errors.Is(err, work.ErrNotFound) {
			return err // erased already
		}
		open, _, err := tx.Claims(ctx, ClaimFilter{BuyerID: buyerID, States: claim.States[:len(claim.States)-1]}, work.Page{Limit: 1})
		if err != nil {
			return err
		}
		if len(open) > 0 {
			return text.Refuse(text.CodeIllegal, "", "A claim is still open; erasure follows when it is closed.", "仍有处理中的申请，结案后方可删除。")
		}
		if err := errors.Join(tx.EraseBuyer(ctx, buyerID, at), eraseAddresses(ctx, tx, buyerID)); err != nil {
			return err
		}
		return d.record(ctx, tx, "buyer/"+buyerID, "buyer.erased", by.As(access.RoleBuyer, access.RoleOperator, access.RoleIntegrator), at, map[string]any{})
	})
}
