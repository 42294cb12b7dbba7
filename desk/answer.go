package desk

import (
	"context"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/work"
)

// Accept is the merchant's yes, to what was asked for as far as it is left.
func (d *Desk) Accept(ctx context.Context, by access.Caller, id string, version int64, text string) (*claim.Claim, error) {
	return d.merchantMove(ctx, by, id, version, "text", text, func(tx Tx, c *claim.Claim, a access.Actor, at time.Time) (claim.Change, error) {
		if err := d.withinLeft(ctx, tx, c); err != nil {
			return claim.Change{}, err
		}
		return c.Accept(a, text, at)
	})
}

// Contest is the merchant's no, to which a person listens.
func (d *Desk) Contest(ctx context.Context, by access.Caller, id string, version int64, text string) (*claim.Claim, error) {
	return d.merchantMove(ctx, by, id, version, "text", text, func(_ Tx, c *claim.Claim, a access.Actor, at time.Time) (claim.Change, error) {
		return c.Contest(a, text, at)
	})
}

// MakeOffer is the merchant's own proposal.
func (d *Desk) MakeOffer(ctx context.Context, by access.Caller, id string, version int64, r claim.Remedy, text string) (*claim.Claim, error) {
	return d.merchantMove(ctx, by, id, version, "text", text, func(_ Tx, c *claim.Claim, a access.Actor, at time.Time) (claim.Change, error) {
		return c.MakeOffer(a, r, text, at)
	})
}

func (d *Desk) merchantMove(ctx context.Context, by access.Caller, id string, version int64, field, text string, f func(Tx, *claim.Claim, access.Actor, time.Time) (claim.Change, error)) (*claim.Claim, error) {
	if err := checkText(field, text); err != nil {
		return nil, err
	}
	return d.change(ctx, by, id, version, func(tx Tx, c *claim.Claim, at time.Time) error {
		if !isMerchant(by, c.MerchantID) {
			return forbidden()
		}
		return d.move(ctx, tx, c, at, func(c *claim.Claim) (claim.Change, error) { return f(tx, c, by.Actor(access.RoleMerchant), at) })
	})
}

// TakeOffer is the buyer's yes to an offer.
func (d *Desk) TakeOffer(ctx context.Context, by access.Caller, id string, version int64) (*claim.Claim, error) {
	return d.buyerMove(ctx, by, id, version, "", (*claim.Claim).TakeOffer)
}

// LeaveOffer is the buyer's no to an offer.
func (d *Desk) LeaveOffer(ctx context.Context, by access.Caller, id string, version int64) (*claim.Claim, error) {
	return d.buyerMove(ctx, by, id, version, "", (*claim.Claim).LeaveOffer)
}

// Withdraw ends the claim at the buyer's wish.
func (d *Desk) Withdraw(ctx context.Context, by access.Caller, id string, version int64) (*claim.Claim, error) {
	return d.buyerMove(ctx, by, id, version, "", (*claim.Claim).Withdraw)
}

// Supplement is the buyer's answer to what was asked.
func (d *Desk) Supplement(ctx context.Context, by access.Caller, id string, version int64, text string) (*claim.Claim, error) {
	return d.buyerMove(ctx, by, id, version, text, func(c *claim.Claim, a access.Actor, at time.Time) (claim.Change, error) {
		return c.Supplement(a, text, at)
	})
}

func (d *Desk) buyerMove(ctx context.Context, by access.Caller, id string, version int64, text string, f func(*claim.Claim, access.Actor, time.Time) (claim.Change, error)) (*claim.Claim, error) {
	if err := checkText("text", text); err != nil {
		return nil, err
	}
	return d.change(ctx, by, id, version, func(tx Tx, c *claim.Claim, at time.Time) error {
		if !isBuyer(by, c.BuyerID) {
			return forbidden()
		}
		return d.move(ctx, tx, c, at, func(c *claim.Claim) (claim.Change, error) {
			return f(c, by.As(access.RoleBuyer, access.RoleIntegrator), at)
		})
	})
}

// Appeal asks for a second look. A platform names the side it speaks for.
func (d *Desk) Appeal(ctx context.Context, by access.Caller, id string, version int64, side claim.Party, text string) (*claim.Claim, error) {
	if err := checkText("text", text); err != nil {
		return nil, err
	}
	return d.change(ctx, by, id, version, func(tx Tx, c *claim.Claim, at time.Time) error {
		side, ok := sideFor(by, c, side)
		if !ok {
			return forbidden()
		}
		actor := by.As(access.RoleBuyer, access.RoleMerchant, access.RoleIntegrator)
		return d.move(ctx, tx, c, at, func(c *claim.Claim) (claim.Change, error) { return c.Object(actor, side, text, at) })
	})
}

// Extend moves a running window, with a reason that both sides see.
func (d *Desk) Extend(ctx context.Context, by access.Caller, id string, version int64, kind work.ClockKind, to time.Time, reason string) (*claim.Claim, error) {
	if err := checkText("reason", reason); err != nil {
		return nil, err
	}
	return d.change(ctx, by, id, version, func(tx Tx, c *claim.Claim, at time.Time) error {
		if !by.HasAny(access.RoleReviewer, access.RoleOperator) {
			return forbidden()
		}
		actor := by.As(access.RoleSenior, access.RoleReviewer, access.RoleOperator)
		return d.move(ctx, tx, c, at, func(c *claim.Claim) (claim.Change, error) {
			return c.Extend(kind, to.UTC().Truncate(time.Microsecond), reason, actor, at)
		})
	})
}

// Fulfil notes that the platform has carried an order out; no is the number that
// its message told, or 0 where only one can be meant.
func (d *Desk) Fulfil(ctx context.Context, by access.Caller, id string, version int64, no int) (*claim.Claim, error) {
	return d.platformMove(ctx, by, id, version, func(_ Tx, c *claim.Claim, a access.Actor, at time.Time) (claim.Change, error) {
		return c.Fulfil(no, a, at)
	})
}

// Failed notes that the platform could not carry an order out, or that it came
// back; no is as for Fulfil. What it took is free again.
func (d *Desk) Failed(ctx context.Context, by access.Caller, id string, version int64, no int, text string) (*claim.Claim, error) {
	if err := checkText("text", text); err != nil {
		return nil, err
	}
	return d.platformMove(ctx, by, id, version, func(_ Tx, c *claim.Claim, a access.Actor, at time.Time) (claim.Change, error) {
		return c.Fail(no, a, text, at)
	})
}

// OrderAgain orders a remedy that failed once more.
func (d *Desk) OrderAgain(ctx context.Context, by access.Caller, id string, version int64) (*claim.Claim, error) {
	return d.platformMove(ctx, by, id, version, func(tx Tx, c *claim.Claim, a access.Actor, at time.Time) (claim.Change, error) {
		if err := d.withinLeft(ctx, tx, c); err != nil {
			return claim.Change{}, err
		}
		return c.OrderAgain(a, at)
	})
}

func (d *Desk) platformMove(ctx context.Context, by access.Caller, id string, version int64, f func(Tx, *claim.Claim, access.Actor, time.Time) (claim.Change, error)) (*claim.Claim, error) {
	return d.change(ctx, by, id, version, func(tx Tx, c *claim.Claim, at time.Time) error {
		if !isPlatform(by) && !by.Has(access.RoleOperator) {
			return forbidden()
		}
		return d.move(ctx, tx, c, at, func(c *claim.Claim) (claim.Change, error) {
			return f(tx, c, by.As(access.RoleIntegrator, access.RoleOperator), at)
		})
	})
}

// Visited ends a visit; a person rules next.
func (d *Desk) Visited(ctx context.Context, by access.Caller, id string, version int64) (*claim.Claim, error) {
	return d.platformMove(ctx, by, id, version, func(_ Tx, c *claim.Claim, a access.Actor, at time.Time) (claim.Change, error) {
		return c.Visited(a, at)
	})
}
