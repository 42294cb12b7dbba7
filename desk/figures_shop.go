package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/text"
)

// usualShopSpan is a year, in days.
const usualShopSpan = 365

// ShopScore is how a shop's claims ended. Won are those refused, lapsed or
// withdrawn; lost those granted, wholly or in part, by a ruling or by the
// shop's silence; settled those on which both sides agreed, or the shop
// beforehand. Open are all others, also while an appeal is possible.
type ShopScore struct {
	Claims  int `json:"claims"`
	Open    int `json:"open"`
	Won     int `json:"won"`
	Lost    int `json:"lost"`
	Settled int `json:"settled"`
}

func (s *ShopScore) add(n ShopCount) {
	s.Claims += n.Claims
	switch n.Outcome {
	case claim.Refused, claim.Lapsed, Withdrawn:
		s.Won += n.Claims
	case claim.Granted, claim.Partly:
		s.Lost += n.Claims
	case claim.Settled:
		if slices.Contains(n.Codes, "merchant_silent") {
			s.Lost += n.Claims
		} else {
			s.Settled += n.Claims
		}
	default:
		s.Open += n.Claims
	}
}

// ShopFigures are one merchant's claims submitted in a span.
type ShopFigures struct {
	Counted
	MerchantID string `json:"merchant_id"`
	ShopScore
	ByReason []ShopReason `json:"by_reason"`
	ByCode   []ShopCode   `json:"by_code"`
	Months   []ShopMonth  `json:"months"`
	// AnswerMedianMinutes is from the first question to the shop's answer, and
	// AnsweredInTimeShare the answered among the answered and the silent; both
	// are nil before there is one.
	AnswerMedianMinutes *float64 `json:"answer_median_minutes"`
	AnsweredInTimeShare *float64 `json:"answered_in_time_share"`
	Silent              int      `json:"silent"` // windows that ran out
}

// ShopReason is a shop's claims for one reason.
type ShopReason struct {
	Reason claim.Reason `json:"reason"`
	ShopScore
}

// ShopCode is how often a ruling gave a reason.
type ShopCode struct {
	Code    claim.ReasonCode `json:"code"`
	Outcome claim.Outcome    `json:"outcome"`
	Claims  int              `json:"claims"`
}

// ShopMonth is a month's claims. Month is "2026-11".
type ShopMonth struct {
	Month string `json:"month"`
	ShopScore
}

// ShopFigures counts one merchant's claims: for itself, or for the office,
// which says which merchant it means.
func (d *Desk) ShopFigures(ctx context.Context, by access.Caller, s Span, merchantID string) (out ShopFigures, err error) {
	switch {
	case mayCount(by, access.RoleOperator, access.RoleAuditor, access.RoleIntegrator):
		if merchantID == "" {
			return out, text.Refuse(text.CodeInvalid, "query.merchant", "Say which merchant you mean.", "请指定商家。")
		}
		if slices.Contains(by.Conflicts, merchantID) {
			return out, notFound()
		}
	case by.Only == "" && by.Party != "" && (by.Has(access.RoleMerchant) || by.Has(access.RoleIntegrator)):
		if merchantID != "" && merchantID != by.Party {
			return out, notFound()
		}
		merchantID = by.Party
	default:
		return out, forbidden()
	}
	if s, err = s.whole(d.now(), usualShopSpan); err != nil {
		return out, err
	}
	f := CountFilter{From: s.From, To: s.To, MerchantID: merchantID}
	out, at, err := lately(ctx, d, fmt.Sprintf("shop figures %v %+v", s.Offset, f), func(tx Tx) (ShopFigures, error) {
		return shopFigures(ctx, tx, f, s)
	})
	out.MerchantID, out.Counted = merchantID, Counted{At: at, From: s.From, To: s.To}
	return out, err
}

func shopFigures(ctx context.Context, tx Tx, f CountFilter, s Span) (out ShopFigures, err error) {
	list, err := tx.CountShop(ctx, f, s.Offset)
	if err != nil {
		return out, err
	}
	out.ByReason, out.ByCode, out.Months = []ShopReason{}, []ShopCode{}, []ShopMonth{}
	for _, n := range list {
		out.count(n)
	}
	slices.SortStableFunc(out.ByReason, func(a, b ShopReason) int { return b.Claims - a.Claims })
	slices.SortStableFunc(out.ByCode, func(a, b ShopCode) int {
		return cmp.Or(b.Claims-a.Claims, cmp.Compare(a.Code, b.Code), cmp.Compare(a.Outcome, b.Outcome))
	})
	answered, median, err := tx.AnswerTimes(ctx, f)
	if answered > 0 {
		m := minutes(median)
		out.AnswerMedianMinutes = &m
	}
	if all := answered + out.Silent; all > 0 {
		share := float64(answered) / float64(all)
		out.AnsweredInTimeShare = &share
	}
	return out, err
}

// count adds claims that are alike to everything that they are part of.
// Months come in their order.
func (out *ShopFigures) count(n ShopCount) {
	out.add(n)
	if n.Heard == claim.HeardSilence {
		out.Silent += n.Claims
	}
	i := slices.IndexFunc(out.ByReason, func(r ShopReason) bool { return r.Reason == n.Reason })
	if i < 0 {
		i, out.ByReason = len(out.ByReason), append(out.ByReason, ShopReason{Reason: n.Reason})
	}
	out.ByReason[i].add(n)
	for _, c := range n.Codes {
		i := slices.IndexFunc(out.ByCode, func(x ShopCode) bool { return x.Code == c && x.Outcome == n.Outcome })
		if i < 0 {
			i, out.ByCode = len(out.ByCode), append(out.ByCode, ShopCode{Code: c, Outcome: n.Outcome})
		}
		out.ByCode[i].Claims += n.Claims
	}
	month := n.Month.Format("2006-01")
	if l := len(out.Months); l == 0 || out.Months[l-1].Month != month {
		out.Months = append(out.Months, ShopMonth{Month: month})
	}
	out.Months[len(out.Months)-1].add(n)
}
