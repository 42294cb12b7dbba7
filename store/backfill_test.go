package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/store"
)

// TestFiguresOfOlderClaims lays claims down, forgets what is kept for figures
// and lets the migration find it in the documents: it must be what the store
// had written.
func TestFiguresOfOlderClaims(t *testing.T) {
	both(t, func(t *testing.T, o store.Options) {
		ctx, db := t.Context(), open(t, o)
		err := db.Write(ctx, func(tx desk.Tx) error {
			for _, c := range olderClaims() {
				if err := tx.InsertClaim(ctx, c); err != nil {
					return err
				}
				if err := tx.InsertEvidence(ctx, evidence.Item{ID: "e-" + c.ID, ClaimID: c.ID}); err != nil {
					return err
				}
				err := tx.SetScreening(ctx, "e-"+c.ID, evidence.Screening{Findings: []evidence.Finding{
					{Code: evidence.ReferenceSameCapture, Strength: evidence.Conclusive, Stance: evidence.Against, FalseAlarm: 0.001},
					{Code: evidence.ReferenceSameCapture, Strength: evidence.Conclusive, Stance: evidence.Against},
					{Code: evidence.ProvenanceC2PACamera, Strength: evidence.Weak, Stance: evidence.For},
				}})
				if err != nil {
					return err
				}
			}
			return nil
		})
		must(t, err)
		want, err := db.FigureRows(ctx)
		must(t, err)
		if len(want) < 20 {
			t.Fatalf("only %d rows", len(want))
		}
		must(t, db.ForgetFigures(ctx))
		must(t, db.BackfillFigures(ctx))
		got, err := db.FigureRows(ctx)
		must(t, err)
		if !cmp.Equal(got, want) {
			t.Error(cmp.Diff(want, got))
		}
	})
}

// olderClaims ended in each way there is.
func olderClaims() (out []*claim.Claim) {
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	person := access.Actor{ID: "r-1", Role: access.RoleReviewer}
	cited := []claim.FindingRef{{Evidence: "e", Code: evidence.ReferenceSameCapture}}
	add := func(id string, change func(*claim.Claim)) {
		c := &claim.Claim{ID: id, MerchantID: "m", State: claim.Closed, Closing: claim.ClosedDecided, SubmittedAt: &at, ClosedAt: &at, OpenedAt: at, Ask: money.Money{Amount: 7, Currency: "CNY"}}
		change(c)
		out = append(out, c)
	}
	ruled := func(o claim.Outcome, by access.Actor, findings []claim.FindingRef, codes ...claim.ReasonCode) func(*claim.Claim) {
		return func(c *claim.Claim) {
			c.Decisions = []claim.Decision{{Outcome: claim.Lapsed}, {Outcome: o, By: by, Findings: findings, Reasons: codes}}
		}
	}
	add("draft", func(c *claim.Claim) { c.State, c.SubmittedAt, c.ClosedAt, c.Closing = claim.Draft, nil, nil, "" })
	add("decided", func(c *claim.Claim) {
		ruled(claim.Granted, person, nil, "damage_shown")(c)
		c.State, c.ClosedAt, c.Closing = claim.Decided, nil, ""
		c.Remedy = &claim.Remedy{Amount: money.Money{Amount: 5, Currency: "CNY"}, State: claim.RemedyHeld}
	})
	add("withdrawn", func(c *claim.Claim) { ruled(claim.Refused, person, cited)(c); c.Closing = claim.ClosedWithdrawn })
	add("granted", func(c *claim.Claim) {
		ruled(claim.Granted, person, nil, "damage_shown", "appeal_error")(c)
		c.Remedy, c.Heard = &claim.Remedy{Amount: c.Ask, State: claim.RemedyDone}, &claim.Hearing{How: claim.HeardSilence}
	})
	add("refused on it", ruled(claim.Refused, person, cited, "not_genuine"))
	add("refused", ruled(claim.Refused, person, nil, "not_shown"))
	add("partly", ruled(claim.Partly, person, nil, "partial_loss"))
	add("partly, citing", ruled(claim.Partly, person, cited, "partial_loss"))
	add("settled", ruled(claim.Settled, access.Machine("router"), nil, "standing_consent"))
	return out
}
