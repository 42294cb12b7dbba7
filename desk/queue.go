package desk

import (
	"context"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/work"
)

// DueSoon is how far ahead a case's due time may lie to be called due soon.
const DueSoon = 2 * time.Hour

// excerptRunes is how much of a buyer's words stands in the queue.
const excerptRunes = 80

// Queued is a case in the queue with what a reviewer chooses by.
type Queued struct {
	Review
	State       claim.State `json:"state"`
	ClaimAmount money.Money `json:"claim_amount"`
	// Strongest is the finding that weighs most; nil where there is none
	// beyond notes.
	Strongest *StrongestFinding `json:"strongest"`
	// BuyerWords is the beginning of what the buyer wrote.
	BuyerWords string `json:"buyer_words"`
}

// StrongestFinding is a finding in three words.
type StrongestFinding struct {
	Code     evidence.Code     `json:"code"`
	Strength evidence.Strength `json:"strength"`
	Stance   evidence.Stance   `json:"stance"`
}

// Queue lists what a reviewer may take, most pressing first.
func (d *Desk) Queue(ctx context.Context, by access.Caller, f QueueFilter, p work.Page) (list []Queued, next string, err error) {
	if !by.Has(access.RoleReviewer) {
		return nil, "", forbidden()
	}
	err = d.read(ctx, func(tx Tx) error {
		entries, n, err := tx.Queue(ctx, f, ReviewerOf(by), d.now(), p)
		if err != nil {
			return err
		}
		next = n
		list, err = queued(ctx, tx, entries)
		return err
	})
	return list, next, err
}

// QueueSummary counts what a reviewer may take.
func (d *Desk) QueueSummary(ctx context.Context, by access.Caller) (sum QueueSummary, err error) {
	if !by.Has(access.RoleReviewer) {
		return sum, forbidden()
	}
	err = d.read(ctx, func(tx Tx) error {
		now := d.now()
		sum, err = tx.QueueSummary(ctx, ReviewerOf(by), now, now.Add(DueSoon))
		return err
	})
	return sum, err
}

// queued adds the claims' own facts to a page of entries, with two queries for
// all of them.
func queued(ctx context.Context, tx Tx, entries []Review) ([]Queued, error) {
	ids := make([]string, len(entries))
	for i, r := range entries {
		ids[i] = r.ClaimID
	}
	claims, err := tx.ClaimsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	items, err := tx.EvidenceOfClaims(ctx, ids)
	if err != nil {
		return nil, err
	}
	words, found := map[string]string{}, map[string]*StrongestFinding{}
	for _, c := range claims {
		words[c.ID] = excerpt(c.Story)
	}
	for _, it := range items {
		found[it.ClaimID] = stronger(found[it.ClaimID], it)
	}
	out := make([]Queued, len(entries))
	for i, r := range entries {
		out[i] = Queued{
			// All that is queued is in review; a second reader must not know
			// that it is over.
			Review: r, State: claim.InReview, ClaimAmount: money.Money{Amount: r.Amount, Currency: r.Currency},
			Strongest: found[r.ClaimID], BuyerWords: words[r.ClaimID],
		}
	}
	return out, nil
}

// excerpt is the beginning of a text, cut between characters.
func excerpt(s string) string {
	n := 0
	for i := range s {
		if n == excerptRunes {
			return s[:i]
		}
		n++
	}
	return s
}

// stronger is the finding that weighs most, of one known and an item's. Of
// equal strength the one against the claim comes first, then the one for it:
// a reviewer must not miss either. Notes are context and do not count.
func stronger(best *StrongestFinding, it evidence.Item) *StrongestFinding {
	if it.Screening == nil {
		return best
	}
	for _, f := range it.Screening.Findings {
		if f.Strength.Rank() <= evidence.Note.Rank() {
			continue
		}
		if best == nil || weight(f.Strength, f.Stance) > weight(best.Strength, best.Stance) {
			best = &StrongestFinding{Code: f.Code, Strength: f.Strength, Stance: f.Stance}
		}
	}
	return best
}

func weight(s evidence.Strength, st evidence.Stance) int {
	side := map[evidence.Stance]int{evidence.Against: 2, evidence.For: 1}
	return s.Rank()*3 + side[st]
}
