package desk

import (
	"context"
	"slices"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk/mask"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// office is whether the caller works for neither side: staff, or the platform.
func office(c access.Caller) bool {
	return c.Party == "" && c.Only == "" && c.HasAny(access.RoleReviewer, access.RoleOperator, access.RoleAuditor, access.RoleIntegrator)
}

// mayReadOrder is whether the caller may see an order: the office, and the two
// sides of it. A link opens a claim, and shows its order there.
func mayReadOrder(c access.Caller, o order.Order) bool {
	switch {
	case !c.Known() || c.Only != "":
		return false
	case office(c):
		return !c.Has(access.RoleReviewer) || !Conflicted(c, &claim.Claim{MerchantID: o.MerchantID, BuyerID: o.BuyerID})
	}
	return c.Has(access.RoleBuyer) && c.Party == o.BuyerID || isMerchant(c, o.MerchantID) || c.Has(access.RoleIntegrator) && c.Party == o.MerchantID
}

// shownOrder takes off what the caller need not know.
func shownOrder(c access.Caller, o order.Order) order.Order {
	if office(c) {
		return o
	}
	return mask.Eye{Depth: DepthMerchant}.Order(o)
}

// Order shows an order to a caller.
func (d *Desk) Order(ctx context.Context, by access.Caller, id string) (order.Order, error) {
	o, err := d.seenOrder(ctx, by, id)
	return shownOrder(by, o), err
}

// Orders lists orders that the caller may see, newest first.
func (d *Desk) Orders(ctx context.Context, by access.Caller, f OrderFilter, p work.Page) (list []order.Order, next string, err error) {
	switch {
	case by.Only != "" || !by.Known():
		return nil, "", forbidden()
	case office(by):
		if by.Has(access.RoleReviewer) {
			f.Without = by.Conflicts
		}
	case by.Party == "":
		return nil, "", forbidden()
	case by.Has(access.RoleBuyer):
		f.BuyerID = by.Party
	default:
		f.MerchantID = by.Party
	}
	if among(f.Without, f.MerchantID, f.BuyerID) {
		return nil, "", nil
	}
	err = d.read(ctx, func(tx Tx) error {
		list, next, err = filled(p, true, func(p work.Page) ([]order.Order, string, error) { return tx.Orders(ctx, f, p) }, func(all []order.Order) (kept []order.Order, err error) {
			for _, o := range all {
				if mayReadOrder(by, o) {
					kept = append(kept, shownOrder(by, o))
				}
			}
			return kept, nil
		})
		return err
	})
	return list, next, err
}

// OrderMedia lists an order's listing and packing media.
func (d *Desk) OrderMedia(ctx context.Context, by access.Caller, orderID string) (list []evidence.Item, err error) {
	err = d.read(ctx, func(tx Tx) error {
		o, err := tx.Order(ctx, orderID)
		if err != nil {
			return err
		}
		if !mayReadOrder(by, o) {
			return notFound()
		}
		if list, err = tx.EvidenceOfOrder(ctx, orderID); err != nil {
			return err
		}
		for i := range list {
			list[i] = orderEye(by, o).Evidence(list[i])
		}
		return nil
	})
	return list, err
}

// mayReadMerchant is whether the caller may see a shop: the office, the shop
// itself, and a key that is narrowed to it.
func mayReadMerchant(c access.Caller, id string) bool {
	return office(c) || c.Only == "" && (isMerchant(c, id) || c.Has(access.RoleIntegrator) && c.Party == id)
}

// Merchant shows a shop to those who may see it.
func (d *Desk) Merchant(ctx context.Context, by access.Caller, id string) (m order.Merchant, err error) {
	if !mayReadMerchant(by, id) {
		return m, notFound()
	}
	err = d.read(ctx, func(tx Tx) error { m, err = tx.Merchant(ctx, id); return err })
	return m, err
}

// Merchants lists shops for the office.
func (d *Desk) Merchants(ctx context.Context, by access.Caller, p work.Page) (list []order.Merchant, next string, err error) {
	if !office(by) {
		return nil, "", forbidden()
	}
	err = d.read(ctx, func(tx Tx) error { list, next, err = tx.Merchants(ctx, p); return err })
	return list, next, err
}

// MayAddTo is whether the caller may bring evidence to a claim, asked before
// its bytes are read.
func (d *Desk) MayAddTo(ctx context.Context, by access.Caller, claimID string) error {
	return d.read(ctx, func(tx Tx) error {
		c, err := tx.Claim(ctx, claimID)
		if err != nil {
			return err
		}
		if _, ok := sideFor(by, c, ""); !ok || !MayRead(by, c) {
			return notFound()
		}
		return nil
	})
}

// MayAddToOrder is MayAddTo for an order's own media.
func (d *Desk) MayAddToOrder(ctx context.Context, by access.Caller, orderID string) error {
	return d.read(ctx, func(tx Tx) error {
		o, err := tx.Order(ctx, orderID)
		if err != nil {
			return err
		}
		if by.Only != "" || !isMerchant(by, o.MerchantID) && !isPlatform(by) {
			return notFound()
		}
		return nil
	})
}

// Requirements lists the evidence that a filing needs under the active rules.
func (d *Desk) Requirements(ctx context.Context, kind claim.Kind, reason claim.Reason, ask money.Money) (need []claim.Requirement, err error) {
	if err := ask.Validate(); err != nil {
		t := amountFault("amount, currency", err)
		return nil, text.Refuse(text.CodeInvalid, "query.currency", t.EN, t.ZH)
	}
	err = d.read(ctx, func(tx Tx) error {
		p, err := d.policyFor(ctx, tx, &claim.Claim{})
		if err == nil {
			need = claim.Requirements(kind, reason, ask, p.VideoFrom())
		}
		return err
	})
	return need, err
}

// mayReadPolicies is whether the caller may read the rules' whole text, which
// would teach evasion.
func mayReadPolicies(c access.Caller) bool { return office(c) }

// Policies lists all versions of the rules, newest first.
func (d *Desk) Policies(ctx context.Context, by access.Caller) (list []PolicyVersion, err error) {
	if !mayReadPolicies(by) {
		return nil, forbidden()
	}
	err = d.read(ctx, func(tx Tx) error { list, err = tx.PolicyVersions(ctx); return err })
	return list, err
}

// Policy is one version of the rules.
func (d *Desk) Policy(ctx context.Context, by access.Caller, id string) (v PolicyVersion, err error) {
	if !mayReadPolicies(by) {
		return v, forbidden()
	}
	err = d.read(ctx, func(tx Tx) error { v, err = tx.Policy(ctx, id); return err })
	return v, err
}

// Shadows lists what a shadow version would have done.
func (d *Desk) Shadows(ctx context.Context, by access.Caller, id string, p work.Page) (list []ShadowRouting, next string, err error) {
	if !mayReadPolicies(by) {
		return nil, "", forbidden()
	}
	err = d.read(ctx, func(tx Tx) error {
		if _, err := tx.Policy(ctx, id); err != nil {
			return err
		}
		list, next, err = tx.Shadows(ctx, id, p)
		return err
	})
	return list, next, err
}

// Announced is a version under public notice, as both sides may read it: what
// changes and from when, without the conditions that would teach evasion.
type Announced struct {
	ID          string          `json:"id"`
	Name        string          `json:"name"`
	Summary     string          `json:"summary,omitempty"`
	Major       bool            `json:"major"`
	AnnouncedAt time.Time       `json:"announced_at"`
	ActiveFrom  time.Time       `json:"active_from"`
	Changes     []policy.Change `json:"changes"`
}

// Announcements lists the versions under public notice.
func (d *Desk) Announcements(ctx context.Context) ([]Announced, error) {
	var out []Announced
	err := d.read(ctx, func(tx Tx) error {
		out = nil
		versions, err := tx.PolicyVersions(ctx)
		if err != nil {
			return err
		}
		var now *policy.Policy
		if active, err := d.activeNow(ctx, tx, d.now()); err != nil {
			return err
		} else if active != nil {
			rules, err := d.compiled(ctx, tx, active.ID)
			if err != nil {
				return err
			}
			now, _ = rules.(*policy.Policy)
		}
		for _, v := range versions {
			if v.Status != PolicyAnnounced || v.ActiveFrom == nil || v.AnnouncedAt == nil || !v.ActiveFrom.After(d.now()) {
				continue
			}
			rules, err := d.compiled(ctx, tx, v.ID)
			if err != nil {
				return err
			}
			a := Announced{ID: v.ID, Name: v.Name, Summary: v.Summary, Major: v.Major, AnnouncedAt: *v.AnnouncedAt, ActiveFrom: *v.ActiveFrom, Changes: []policy.Change{}}
			if next, ok := rules.(*policy.Policy); ok {
				a.Changes = append(a.Changes, policy.Diff(now, next)...)
			}
			out = append(out, a)
		}
		return nil
	})
	return out, err
}

// Figures are the claims by where they stand, and how often second readings
// agree.
type Figures struct {
	// At is when the claims were counted: counting a million takes a moment,
	// and is not done again at once.
	At       time.Time            `json:"at"`
	ByState  map[claim.State]int  `json:"by_state"`
	ByReason map[claim.Reason]int `json:"by_reason"`
	// Agreement is nil for callers who may not know it.
	Agreement *Agreement `json:"agreement,omitempty"`
}

// Figures sums up the claims that f takes.
func (d *Desk) Figures(ctx context.Context, by access.Caller, f ClaimFilter) (Figures, error) {
	out := Figures{ByState: map[claim.State]int{}, ByReason: map[claim.Reason]int{}}
	if !office(by) {
		return out, forbidden()
	}
	if f.MerchantID != "" && slices.Contains(by.Conflicts, f.MerchantID) {
		return out, notFound()
	}
	f.Blind = judges(by)
	rows, at, err := d.tally(ctx, f)
	out.At = at
	for _, n := range rows {
		out.ByState[n.State] += n.Claims
		out.ByReason[n.Reason] += n.Claims
	}
	if err != nil || !by.HasAny(access.RoleOperator, access.RoleAuditor, access.RoleSenior) {
		return out, err
	}
	to := f.To
	if to.IsZero() {
		to = d.now().Add(time.Second)
	}
	a, err := d.Agreement(ctx, by, f.From, to)
	out.Agreement = &a
	return out, err
}
