package desk

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/evenhand/evenhand/access"
)

// countingStaff may see figures about detectors and about people.
var countingStaff = []access.Role{access.RoleOperator, access.RoleSenior, access.RoleAuditor}

// ReviewerFigure is one reviewer's work in a span.
type ReviewerFigure struct {
	UserID    string `json:"user_id"`
	Name      string `json:"name"`
	Decided   int    `json:"decided"` // ruled, or proposed to a second person
	Confirmed int    `json:"confirmed"`
	Returned  int    `json:"returned"`
	Rereads   int    `json:"rereads"` // second readings of others' rulings
	// Reread is how many of their own rulings were read again, and Agreement
	// the share of those that came to the same outcome; nil where there are none.
	Reread    int      `json:"reread"`
	Agreement *float64 `json:"agreement"`
	// OverturnedOnAppeal is how many of Decided had another outcome in the end.
	OverturnedOnAppeal int `json:"overturned_on_appeal"`
	// MedianMinutes is from taking a case to being done with it; nil where
	// none is known.
	MedianMinutes *float64 `json:"median_minutes"`
	Holding       int      `json:"holding"` // cases held now
}

// ReviewerFigures are the reviewers who did something in a span, or hold a case.
type ReviewerFigures struct {
	Counted
	Items []ReviewerFigure `json:"items"`
}

// ReviewerFigures sums up each reviewer's work.
func (d *Desk) ReviewerFigures(ctx context.Context, by access.Caller, s Span) (out ReviewerFigures, err error) {
	if !mayCount(by, countingStaff...) {
		return out, forbidden()
	}
	if s, err = s.whole(d.now(), usualSpan); err != nil {
		return out, err
	}
	out.Items, out.At, err = lately(ctx, d, fmt.Sprintf("reviewer figures %v %v %v", s.From, s.To, judges(by)), func(tx Tx) ([]ReviewerFigure, error) {
		return d.reviewerFigures(ctx, tx, s, judges(by))
	})
	out.From, out.To = s.From, s.To
	return out, err
}

func (d *Desk) reviewerFigures(ctx context.Context, tx Tx, s Span, blind bool) ([]ReviewerFigure, error) {
	all := map[string]*ReviewerFigure{}
	of := func(id string) *ReviewerFigure {
		if all[id] == nil {
			all[id] = &ReviewerFigure{UserID: id}
		}
		return all[id]
	}
	work, err := tx.CountHandlings(ctx, s.From, s.To, blind)
	if err != nil {
		return nil, err
	}
	for _, n := range work {
		r := of(n.By)
		r.Decided, r.Confirmed, r.Returned, r.OverturnedOnAppeal = n.Decided, n.Confirmed, n.Returned, n.Overturned
		if n.Median > 0 {
			m := minutes(n.Median)
			r.MedianMinutes = &m
		}
	}
	readings, err := tx.Readings(ctx, s.From, s.To)
	if err != nil {
		return nil, err
	}
	agreed := map[string]int{}
	for _, x := range readings {
		of(x.By).Rereads++
		of(x.FirstBy).Reread++
		if x.First == x.Second {
			agreed[x.FirstBy]++
		}
	}
	held, err := tx.Holding(ctx, d.now())
	if err != nil {
		return nil, err
	}
	for id, n := range held {
		of(id).Holding = n
	}
	out := []ReviewerFigure{}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		r := all[id]
		if r.Reread > 0 {
			share := float64(agreed[id]) / float64(r.Reread)
			r.Agreement = &share
		}
		if r.Name, err = userName(ctx, tx, id); err != nil {
			return nil, err
		}
		out = append(out, *r)
	}
	slices.SortStableFunc(out, func(a, b ReviewerFigure) int {
		return cmp.Or(b.Decided-a.Decided, cmp.Compare(a.UserID, b.UserID))
	})
	return out, nil
}

// minutes is a duration in minutes, to a tenth.
func minutes(d time.Duration) float64 { return math.Round(d.Minutes()*10) / 10 }
