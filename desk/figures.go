package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/work"
)

// usualSpan is how many days figures are about where nobody says.
const usualSpan = 30

// topMerchants is how many merchants figures list, those with the most claims.
const topMerchants = 20

// Counted says what figures are about and when they were counted: a count of
// very many claims is used again for a while.
type Counted struct {
	At   time.Time `json:"at"`
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// ClaimFigures are the claims submitted in a span, and how they ended.
// Outcomes are final ones: while an appeal is possible a claim counts as open.
type ClaimFigures struct {
	Counted
	Days       []DayFigure      `json:"days"`
	ByReason   []ReasonFigure   `json:"by_reason"`
	ByMerchant []MerchantFigure `json:"by_merchant"`
	ByFinding  []FindingFigure  `json:"by_finding"`
	Amounts    []AmountFigure   `json:"amounts"`
}

// DayFigure is one day. Day is its date at the offset asked for.
type DayFigure struct {
	Day    string `json:"day"`
	Opened int    `json:"opened"`
	Closed int    `json:"closed"` // whenever they were submitted
}

// ReasonFigure is how claims for one reason ended.
type ReasonFigure struct {
	Reason claim.Reason `json:"reason"`
	Claims int          `json:"claims"`
	Ends
}

// Ends counts claims by their final outcome; Open is all the others.
type Ends struct {
	Granted   int `json:"granted"`
	Partly    int `json:"partly"`
	Refused   int `json:"refused"`
	Settled   int `json:"settled"`
	Lapsed    int `json:"lapsed"`
	Withdrawn int `json:"withdrawn"`
	Open      int `json:"open"`
}

func (e *Ends) add(o claim.Outcome, n int) {
	switch o {
	case claim.Granted:
		e.Granted += n
	case claim.Partly:
		e.Partly += n
	case claim.Refused:
		e.Refused += n
	case claim.Settled:
		e.Settled += n
	case claim.Lapsed:
		e.Lapsed += n
	case Withdrawn:
		e.Withdrawn += n
	default:
		e.Open += n
	}
}

// MerchantFigure is one merchant's claims.
type MerchantFigure struct {
	MerchantID string `json:"merchant_id"`
	Name       string `json:"name"`
	Claims     int    `json:"claims"`
	Granted    int    `json:"granted"`
	Partly     int    `json:"partly"`
	Refused    int    `json:"refused"`
	Settled    int    `json:"settled"`
}

// FindingFigure is how many claims have findings of a kind, and how they ended.
type FindingFigure struct {
	Code       evidence.Code     `json:"code"`
	Strength   evidence.Strength `json:"strength"`
	Stance     evidence.Stance   `json:"stance"`
	Claims     int               `json:"claims"`
	Upheld     int               `json:"upheld"`
	Overturned int               `json:"overturned"`
	Undecided  int               `json:"undecided"`
	Open       int               `json:"open"`
}

// AmountFigure is money in one currency, in minor units.
type AmountFigure struct {
	Currency string `json:"currency"`
	Claimed  int64  `json:"claimed"`
	Refunded int64  `json:"refunded"` // ordered to be paid back, or paid
}

// mayCount is whether the caller works for neither side and holds one of roles.
func mayCount(c access.Caller, roles ...access.Role) bool {
	return c.Party == "" && c.Only == "" && c.HasAny(roles...)
}

// ClaimFigures counts the claims submitted in a span, of one merchant or of
// all. Merchants that the caller has to do with are not told apart.
func (d *Desk) ClaimFigures(ctx context.Context, by access.Caller, s Span, merchantID string) (ClaimFigures, error) {
	if !mayCount(by, access.RoleOperator, access.RoleAuditor, access.RoleSenior, access.RoleIntegrator) {
		return ClaimFigures{}, forbidden()
	}
	if slices.Contains(by.Conflicts, merchantID) {
		return ClaimFigures{}, notFound()
	}
	s, err := s.whole(d.now(), usualSpan)
	if err != nil {
		return ClaimFigures{}, err
	}
	f := CountFilter{From: s.From, To: s.To, MerchantID: merchantID, Blind: judges(by)}
	out, at, err := lately(ctx, d, fmt.Sprintf("claim figures %v %+v", s.Offset, f), func(tx Tx) (ClaimFigures, error) {
		return claimFigures(ctx, tx, f, s.Offset)
	})
	out.Counted = Counted{At: at, From: s.From, To: s.To}
	if len(by.Conflicts) > 0 { // a copy: the count is shared
		out.ByMerchant = slices.DeleteFunc(slices.Clone(out.ByMerchant), func(m MerchantFigure) bool { return slices.Contains(by.Conflicts, m.MerchantID) })
	}
	return out, err
}

func claimFigures(ctx context.Context, tx Tx, f CountFilter, offset time.Duration) (out ClaimFigures, err error) {
	days, err := tx.CountDays(ctx, f)
	if err != nil {
		return out, err
	}
	out.Days = []DayFigure{}
	for _, n := range days {
		out.Days = append(out.Days, DayFigure{Day: n.Day.Add(offset).Format(time.DateOnly), Opened: n.Opened, Closed: n.Closed})
	}
	ended, err := tx.CountOutcomes(ctx, f)
	if err != nil {
		return out, err
	}
	out.ByReason, out.Amounts = byReason(ended), amounts(ended)
	found, err := tx.CountFindings(ctx, f)
	if err != nil {
		return out, err
	}
	out.ByFinding = []FindingFigure{}
	for _, n := range detectorFigures(found) {
		out.ByFinding = append(out.ByFinding, n.FindingFigure)
	}
	out.ByMerchant, err = byMerchant(ctx, tx, f)
	return out, err
}

func byReason(list []OutcomeCount) []ReasonFigure {
	out := []ReasonFigure{}
	for _, n := range list {
		i := slices.IndexFunc(out, func(r ReasonFigure) bool { return r.Reason == n.Reason })
		if i < 0 {
			i, out = len(out), append(out, ReasonFigure{Reason: n.Reason})
		}
		out[i].Claims += n.Claims
		out[i].add(n.Outcome, n.Claims)
	}
	slices.SortStableFunc(out, func(a, b ReasonFigure) int { return b.Claims - a.Claims })
	return out
}

func amounts(list []OutcomeCount) []AmountFigure {
	out := []AmountFigure{}
	for _, n := range list {
		i := slices.IndexFunc(out, func(a AmountFigure) bool { return a.Currency == n.Currency })
		if i < 0 {
			i, out = len(out), append(out, AmountFigure{Currency: n.Currency})
		}
		out[i].Claimed += n.Claimed
		out[i].Refunded += n.Paid
	}
	slices.SortFunc(out, func(a, b AmountFigure) int { return cmp.Compare(a.Currency, b.Currency) })
	return out
}

func byMerchant(ctx context.Context, tx Tx, f CountFilter) ([]MerchantFigure, error) {
	list, err := tx.CountMerchants(ctx, f, topMerchants)
	out := make([]MerchantFigure, 0, len(list))
	for _, n := range list {
		var m order.Merchant
		if m, err = merchantOf(ctx, tx, n.MerchantID); err != nil {
			return nil, err
		}
		out = append(out, MerchantFigure{MerchantID: n.MerchantID, Name: m.Name, Claims: n.Claims, Granted: n.Granted, Partly: n.Partly, Refused: n.Refused, Settled: n.Settled})
	}
	return out, err
}

// userName is what an account or a key is called; empty where it is neither.
func userName(ctx context.Context, tx Tx, id string) (string, error) {
	u, err := tx.User(ctx, id)
	if err == nil || !errors.Is(err, work.ErrNotFound) {
		return cmp.Or(u.Name, u.Login), err
	}
	k, err := tx.Key(ctx, id)
	if errors.Is(err, work.ErrNotFound) {
		return "", nil
	}
	return k.Name, err
}
