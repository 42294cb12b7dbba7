package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/work"
)

// Progress is how far a claim has come, without anything personal: for whoever
// has its id, which nobody can guess, and no account.
type Progress struct {
	State     claim.State    `json:"state"`
	Kind      claim.Kind     `json:"kind"`
	OpenedAt  time.Time      `json:"opened_at"`
	UpdatedAt time.Time      `json:"updated_at"`
	Clocks    []RunningClock `json:"clocks"`
	Outcome   claim.Outcome  `json:"outcome,omitempty"`
	Steps     []Step         `json:"steps"`
}

// RunningClock is a window that runs, and when it ends.
type RunningClock struct {
	Kind work.ClockKind `json:"kind"`
	Due  time.Time      `json:"due"`
}

// Step is one thing that happened; Code is the move's name.
type Step struct {
	Code claim.MoveName `json:"code"`
	At   time.Time      `json:"at"`
}

// publicSteps are the moves that both sides know of. What goes on among
// reviewers, and what the sides write or send in, is not among them.
var publicSteps = []claim.MoveName{
	claim.MoveSubmit, claim.MoveAskMerchant, claim.MoveAskBuyer, claim.MoveOffer, claim.MoveToReview, claim.MoveToVisit, claim.MoveSettle,
	claim.MoveSettleHeld, claim.MoveContest, claim.MoveAccept, claim.MoveSupplement, claim.MoveTakeOffer, claim.MoveLeaveOffer, claim.MoveLapse,
	claim.MoveDecide, claim.MoveVisited, claim.MoveAppeal, claim.MoveClose, claim.MoveWithdraw, claim.MoveRemedyDone,
	claim.MoveRemedyFailed, claim.MoveRemedyAgain,
}

// Progress tells anybody who knows a claim's id how far it has come. A draft is
// the buyer's alone. While a blind second reading of it waits, a reviewer is
// told what happened before the decision, and a stranger, who may be one, not
// how it was decided; the sides, and who runs the desk, are told all.
func (d *Desk) Progress(ctx context.Context, by access.Caller, id string) (out Progress, err error) {
	err = d.read(ctx, func(tx Tx) error {
		c, err := tx.Claim(ctx, id)
		if err != nil {
			return err
		}
		if c.State == claim.Draft {
			return notFound()
		}
		events, err := tx.EventsOf(ctx, "claim/"+id)
		if err != nil {
			return err
		}
		out = progress(c, events)
		again, err := Rereading(ctx, tx, c)
		switch {
		case err != nil || again == nil:
			return err
		case BlindTo(by, again):
			out.until(claim.MoveDecide, false)
			out.State = claim.InReview
		case !MayRead(by, c):
			out.until(claim.MoveDecide, true)
			out.State = claim.Decided
		}
		return nil
	})
	return out, err
}

// until leaves out what happened after a move, with the outcome and what runs
// since; with is whether the move itself is told.
func (p *Progress) until(last claim.MoveName, with bool) {
	p.Outcome, p.Clocks = "", []RunningClock{}
	if i := slices.IndexFunc(p.Steps, func(s Step) bool { return s.Code == last }); i >= 0 {
		if with {
			i++
		}
		p.Steps = p.Steps[:i]
	}
	if n := len(p.Steps); n > 0 {
		p.UpdatedAt = p.Steps[n-1].At
	}
}

func progress(c *claim.Claim, events []record.Event) Progress {
	out := Progress{State: c.State, Kind: c.Kind, OpenedAt: c.OpenedAt, UpdatedAt: c.OpenedAt, Outcome: outcomeOf(c), Clocks: []RunningClock{}, Steps: []Step{}}
	for _, k := range c.Clocks {
		out.Clocks = append(out.Clocks, RunningClock{Kind: k.Kind, Due: k.Due})
	}
	for _, e := range events {
		if name := claim.MoveName(strings.TrimPrefix(e.Kind, "claim.")); slices.Contains(publicSteps, name) {
			out.Steps = append(out.Steps, Step{Code: name, At: e.At})
			out.UpdatedAt = e.At
		}
	}
	return out
}
