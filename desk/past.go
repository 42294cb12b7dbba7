package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/policy/replay"
	"github.com/evenhand/evenhand/work"
)

// maxPast bounds one replay, in claims.
const maxPast = 20_000

// Past yields claims that are over with the facts of their routings, for
// policy/replay, newest first. It reads a page a transaction, so that a long
// replay holds up nobody.
func (d *Desk) Past(ctx context.Context, by access.Caller, from, to time.Time) iter.Seq2[replay.Past, error] {
	return func(yield func(replay.Past, error) bool) {
		if !by.Has(access.RoleOperator) {
			yield(replay.Past{}, forbidden())
			return
		}
		p := work.Page{Limit: 200}
		for seen := 0; seen < maxPast; {
			var page []replay.Past
			var next string
			err := d.read(ctx, func(tx Tx) error {
				list, n, err := tx.Claims(ctx, ClaimFilter{ClosedOnly: true, From: from.UTC(), To: to.UTC()}, p)
				page, next = nil, n
				for _, c := range list {
					one, err := past(ctx, tx, c)
					if err != nil {
						return err
					}
					page = append(page, one)
				}
				return err
			})
			if err != nil {
				yield(replay.Past{}, err)
				return
			}
			for _, one := range page {
				if !yield(one, nil) {
					return
				}
			}
			if seen += len(page); next == "" {
				return
			}
			p.After = next
		}
	}
}

func past(ctx context.Context, tx Tx, c *claim.Claim) (replay.Past, error) {
	out := replay.Past{ClaimID: c.ID, Ask: c.Ask, Appealed: len(c.Appeals) > 0}
	if c.ClosedAt != nil {
		out.ClosedAt = *c.ClosedAt
	}
	if s := c.Standing(); s != nil {
		out.Outcome, out.Reasons = s.Outcome, s.Reasons
	}
	for _, r := range c.Routings {
		raw, err := tx.Facts(ctx, r.Facts)
		if err != nil {
			return out, fmt.Errorf("facts of claim %s: %w", c.ID, err)
		}
		step := replay.Step{At: r.At, Rule: r.Rule, Action: r.Action, Window: r.Window}
		if r.Wanted != "" {
			step.Action, step.Done = r.Wanted, r.Action
		}
		if err := json.Unmarshal(raw, &step.Facts); err != nil {
			return out, fmt.Errorf("facts of claim %s: %w", c.ID, err)
		}
		out.Routings = append(out.Routings, step)
	}
	return out, nil
}
