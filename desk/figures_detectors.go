package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/evenhand/evenhand/access"
)

// DetectorFigure is how one kind of finding fared before people.
type DetectorFigure struct {
	FindingFigure
	Findings int `json:"findings"`
	// FalseAlarmShare is the overturned among those that a person upheld or
	// overturned; nil before there is one.
	FalseAlarmShare *float64 `json:"false_alarm_share"`
	// Bound is the loosest bound on false alarms that such findings stated,
	// per comparison; nil where one states none.
	Bound *float64 `json:"bound,omitempty"`
}

// DetectorFigures are the findings on claims submitted in a span.
type DetectorFigures struct {
	Counted
	Items []DetectorFigure `json:"items"`
}

// DetectorFigures counts what became of each detector's findings.
func (d *Desk) DetectorFigures(ctx context.Context, by access.Caller, s Span) (out DetectorFigures, err error) {
	if !mayCount(by, countingStaff...) {
		return out, forbidden()
	}
	if s, err = s.whole(d.now(), usualSpan); err != nil {
		return out, err
	}
	f := CountFilter{From: s.From, To: s.To, Blind: judges(by)}
	out.Items, out.At, err = lately(ctx, d, fmt.Sprintf("detector figures %+v", f), func(tx Tx) ([]DetectorFigure, error) {
		found, err := tx.CountFindings(ctx, f)
		return detectorFigures(found), err
	})
	out.From, out.To = s.From, s.To
	return out, err
}

// detectorFigures rolls counts by verdict up, strongest first.
func detectorFigures(list []FindingCount) []DetectorFigure {
	out := []DetectorFigure{}
	for _, n := range list {
		i := slices.IndexFunc(out, func(x DetectorFigure) bool {
			return x.Code == n.Code && x.Strength == n.Strength && x.Stance == n.Stance
		})
		if i < 0 {
			bound := n.Bound
			i, out = len(out), append(out, DetectorFigure{FindingFigure: FindingFigure{Code: n.Code, Strength: n.Strength, Stance: n.Stance}, Bound: &bound})
		}
		out[i].add(n)
	}
	for i := range out {
		out[i].share()
	}
	slices.SortStableFunc(out, func(a, b DetectorFigure) int {
		return cmp.Or(b.Strength.Rank()-a.Strength.Rank(), b.Claims-a.Claims, cmp.Compare(a.Code, b.Code))
	})
	return out
}

func (x *DetectorFigure) add(n FindingCount) {
	x.Claims += n.Claims
	x.Findings += n.Findings
	switch n.Verdict {
	case VerdictUpheld:
		x.Upheld += n.Claims
	case VerdictOverturned:
		x.Overturned += n.Claims
	case VerdictUndecided:
		x.Undecided += n.Claims
	default:
		x.Open += n.Claims
	}
	// One that states nothing leaves nothing to state for all of them.
	if n.Bound == 0 || *x.Bound == 0 {
		*x.Bound = 0
	} else {
		*x.Bound = max(*x.Bound, n.Bound)
	}
}

// share fills in what only the whole count tells.
func (x *DetectorFigure) share() {
	if *x.Bound == 0 {
		x.Bound = nil
	}
	if judged := x.Upheld + x.Overturned; judged > 0 {
		s := float64(x.Overturned) / float64(judged)
		x.FalseAlarmShare = &s
	}
}
