package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// MaxBulk is how many claims one call may move.
const MaxBulk = 100

// BulkAction is what is done with each of many claims.
type BulkAction string

// The actions; each is the move of one claim that has this name.
const (
	BulkDecide   BulkAction = "decide"
	BulkAsk      BulkAction = "ask"
	BulkAskVisit BulkAction = "ask_visit"
	BulkConfirm  BulkAction = "confirm"
)

// Bulk is one thing to do with many claims.
type Bulk struct {
	ClaimIDs []string
	Action   BulkAction
	Ruling   Ruling      // of BulkDecide
	To       claim.Party // whom BulkAsk asks
	Question text.Text   // of BulkAsk
	DryRun   bool        // say what would happen, and change nothing
}

// BulkResult is what became, or would become, of one claim.
type BulkResult struct {
	ClaimID string
	// Would is where the claim stands afterwards; nil with an error.
	Would *BulkState
	// Err is why it was not done; a refusal, or something that failed here.
	Err error
}

// BulkState is where a claim stands after a move.
type BulkState struct {
	State   claim.State   `json:"state"`
	Outcome claim.Outcome `json:"outcome,omitempty"`
	Remedy  *claim.Remedy `json:"remedy,omitempty"`
	// Proposal is true where a second person has to confirm the outcome.
	Proposal bool `json:"proposal,omitempty"`
}

// errDryRun undoes a transaction that was only to be seen.
var errDryRun = errors.New("a dry run is undone")

// Bulk does one thing with many claims, each leased and moved in a transaction
// of its own with the checks of the single move, so that one that is refused
// holds up none of the others. A dry run does the same and undoes it. The
// error is for all of them: a call that makes no sense, or was given up.
func (d *Desk) Bulk(ctx context.Context, by access.Caller, b Bulk) ([]BulkResult, error) {
	if !by.Has(access.RoleReviewer) {
		return nil, forbidden()
	}
	if n := len(b.ClaimIDs); n == 0 || n > MaxBulk {
		return nil, text.Refuse(text.CodeInvalid, "claim_ids", "Name 1 to 100 claims.", "请选择 1 至 100 个申请。")
	}
	act, task, err := d.bulkAct(ctx, b)
	if err != nil {
		return nil, err
	}
	out := make([]BulkResult, 0, len(b.ClaimIDs))
	for i, id := range b.ClaimIDs {
		r := BulkResult{ClaimID: id}
		if slices.Contains(b.ClaimIDs[:i], id) {
			r.Err = text.Refuse(text.CodeInvalid, "claim_ids", "This claim is named twice.", "该申请重复出现。")
		} else {
			r.Would, r.Err = d.bulkOne(ctx, by, id, task, act, b.DryRun)
		}
		if errors.Is(ctx.Err(), context.DeadlineExceeded) && i > 0 {
			// What was done stays and is told; the rest is still to do.
			r.Err = text.Refuse(text.CodeConflict, "", "Time ran out before this one was done; send it again.", "处理超时，该申请尚未处理，请重新提交。")
		} else if ctx.Err() != nil {
			return out, ctx.Err()
		}
		out = append(out, r)
	}
	return out, nil
}

// bulkAct is the action as something to do with one claim.
func (d *Desk) bulkAct(ctx context.Context, b Bulk) (reviewerAct, Task, error) {
	switch b.Action {
	case BulkDecide:
		act, err := d.deciding(ctx, b.Ruling)
		return act, TaskDecide, err
	case BulkAsk:
		ask := (*claim.Claim).AskMore
		switch b.To {
		case claim.Merchant:
			ask = (*claim.Claim).AskShop
		case claim.Buyer:
		default:
			return nil, "", text.Refuse(text.CodeInvalid, "ask.to", "ask.to must be buyer or merchant.", "ask.to 须为 buyer 或 merchant。")
		}
		act, err := d.asking(ctx, b.Question, ask)
		return act, TaskDecide, err
	case BulkAskVisit:
		act, err := d.asking(ctx, visitQuestion, askVisit)
		return act, TaskDecide, err
	case BulkConfirm:
		return d.confirming(ctx), TaskConfirm, nil
	}
	return nil, "", text.Refuse(text.CodeInvalid, "action", "action must be decide, ask, ask_visit or confirm.", "action 须为 decide、ask、ask_visit 或 confirm。")
}

// bulkOne leases one claim and moves it.
func (d *Desk) bulkOne(ctx context.Context, by access.Caller, id string, task Task, act reviewerAct, dry bool) (*BulkState, error) {
	var would *BulkState
	_, err := d.change(ctx, by, id, 0, func(tx Tx, c *claim.Claim, at time.Time) error {
		r, err := d.named(ctx, tx, by, id, task)
		if errors.Is(err, work.ErrNotFound) {
			return text.Refuse(text.CodeIllegal, "", "This case is not in the queue for that.", "该案件目前不在相应的审核队列中。")
		}
		if err != nil {
			return err
		}
		if _, err := d.take(ctx, tx, by, r, at); err != nil {
			return err
		}
		if err := act(tx, c, by.As(access.RoleSenior, access.RoleReviewer), at); err != nil {
			return err
		}
		would = bulkState(c)
		if dry {
			return errDryRun
		}
		return nil
	})
	if errors.Is(err, errDryRun) {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	return would, nil
}

func bulkState(c *claim.Claim) *BulkState {
	s := &BulkState{State: c.State}
	switch d := c.Standing(); {
	case c.Proposal != nil:
		s.Outcome, s.Proposal = c.Proposal.Outcome, true
		if c.Proposal.Remedy.Kind != "" {
			s.Remedy = &c.Proposal.Remedy
		}
	case d != nil && d.Round == c.Round:
		s.Outcome, s.Remedy = d.Outcome, c.Remedy
	}
	return s
}
