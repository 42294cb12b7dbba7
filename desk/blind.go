package desk

import (
	"context"
	"errors"
	"slices"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk/mask"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// Rereading is the blind second reading of a claim that waits to be given; nil
// where there is none. Only what was drawn for one is looked up.
func Rereading(ctx context.Context, tx Tx, c *claim.Claim) (*Review, error) {
	drawn := slices.ContainsFunc(c.Decisions, func(d claim.Decision) bool { return d.By.Person() && sampled(c.ID, d.Round, c.Terms.SecondReading) })
	if !drawn {
		return nil, nil
	}
	r, err := tx.Review(ctx, c.ID, TaskReread)
	if errors.Is(err, work.ErrNotFound) {
		return nil, nil
	}
	return &r, err
}

// judges is whether the caller rules on claims, and nothing besides.
func judges(c access.Caller) bool {
	return c.Party == "" && c.Has(access.RoleReviewer) && !c.HasAny(access.RoleOperator, access.RoleAuditor)
}

// judgesOnly is whether the caller sees claims as a reviewer alone: no drafts,
// and none whose sides they have to do with.
func judgesOnly(c access.Caller) bool { return judges(c) && !c.Has(access.RoleIntegrator) }

// BlindTo is whether the caller must not know how a case was decided: a second
// reading of it waits, and it could be theirs to give. It holds before they
// take it and until it is given, wherever the case shows. Who has ruled on the
// case, or holds an appeal of it, is excluded from reading it again and sees it.
func BlindTo(c access.Caller, r *Review) bool {
	return r != nil && judges(c) && !slices.Contains(r.Exclude, c.ID)
}

// blind is BlindTo for a claim.
func blind(ctx context.Context, tx Tx, by access.Caller, c *claim.Claim) (bool, error) {
	r, err := blindUntil(ctx, tx, by, c)
	return r != nil, err
}

// blindUntil is the second reading until which the caller must not know how a
// claim was decided; nil where they may.
func blindUntil(ctx context.Context, tx Tx, by access.Caller, c *claim.Claim) (*Review, error) {
	if !judges(by) {
		return nil, nil
	}
	r, err := Rereading(ctx, tx, c)
	if err != nil || !BlindTo(by, r) {
		return nil, err
	}
	return r, nil
}

// errBlind refuses what would tell a second reader the outcome.
func errBlind() error {
	return text.Refuse(text.CodeForbidden, "", "A blind second reading of this case waits. Until it is given, its outcome and what followed are not shown to reviewers.", "该案件正待盲审复核，复核完成之前，裁决结果及后续情况不向审核员显示。")
}

// narrowsByOutcome is whether a list would tell by what is in it how claims
// stand.
func (f ClaimFilter) narrowsByOutcome() bool {
	return len(f.States) > 0 || f.Outcome != "" || f.ByDue || f.ClosedOnly
}

// blindly takes from a list what would tell a reviewer how a case that they may
// have to read again was decided. In a list that goes by states, outcomes or
// windows even the place tells, so that the case is in none of those.
func blindly(ctx context.Context, tx Tx, by access.Caller, f ClaimFilter, list []*claim.Claim) ([]*claim.Claim, error) {
	out := list[:0]
	for _, c := range list {
		r, err := blindUntil(ctx, tx, by, c)
		switch {
		case err != nil:
			return nil, err
		case r != nil && f.narrowsByOutcome():
			continue
		case r != nil:
			c = mask.Blind(c, r.Round)
		}
		out = append(out, c)
	}
	return out, nil
}

// filled is a page of a list of which the caller may not see all: what sight
// leaves of the store's pages, filled up. A page with a gap, one that ends at
// something that is not in it, or one that says that more follows where nothing
// does, would tell that there is something. The last is not looked for where
// sure says that the query asked for no more than may be seen.
func filled[T any](p work.Page, sure bool, read func(work.Page) ([]T, string, error), sight func([]T) ([]T, error)) (out []T, next string, err error) {
	limit := p.Limit
	for {
		list, n, err := read(p)
		if err != nil {
			return nil, "", err
		}
		if list, err = sight(list); err != nil {
			return nil, "", err
		}
		switch full := len(out) >= limit; {
		case full && len(list) > 0:
			return out, next, nil // something follows
		case full && n == "":
			return out, "", nil
		case full:
			p.After = n
			continue
		}
		out, next = append(out, list...), n
		switch {
		case n == "":
			return out, "", nil
		case len(out) < limit:
			p = work.Page{After: n, Limit: limit - len(out)}
		case sure:
			return out, n, nil
		default:
			p = work.Page{After: n, Limit: sought}
		}
	}
}

// sought is how many at once are looked through for one that follows.
const sought = 50

// among is whether one of the ids is in the list.
func among(list []string, ids ...string) bool {
	return slices.ContainsFunc(ids, func(id string) bool { return id != "" && slices.Contains(list, id) })
}

// seesNow notes that a reviewer who takes a case as it stands knows how it was
// decided before, and so cannot read that again blind. One who reads it blind
// just now finishes that first.
func (d *Desk) seesNow(ctx context.Context, tx Tx, by access.Caller, r Review) error {
	if r.Task == TaskReread {
		return nil
	}
	again, err := tx.Review(ctx, r.ClaimID, TaskReread)
	if errors.Is(err, work.ErrNotFound) || err == nil && slices.Contains(again.Exclude, by.ID) {
		return nil
	}
	if err != nil {
		return err
	}
	if again.Holder == by.ID && again.LeaseUntil.After(d.now()) {
		return text.Refuse(CodeLease, "", "You hold the blind second reading of this case: give it, or give it back, first.", "您正在盲审该案件，请先提交或退回盲审。")
	}
	again.Exclude = append(slices.Clone(again.Exclude), by.ID)
	return tx.PutReview(ctx, again)
}
