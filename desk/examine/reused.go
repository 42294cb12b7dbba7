package examine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/work"
)

// exactFalseAlarm is the bound stated for equal SHA-256 sums; two different
// files with one sum have never been seen.
const exactFalseAlarm = 1e-18

// candidateRows bounds how many near pictures are looked at to find those
// that count: a claim's own pictures are near it, too.
const candidateRows = 64

// reused looks for this picture among all that was filed elsewhere. Its own
// fingerprints are published first: of two that are examined at the same time,
// on whatever nodes, one finds the other.
func (l *looked) reused(ctx context.Context, o opened) error {
	x := l.x
	if x.reuse == nil || l.c.Item.ID == "" {
		return nil
	}
	err := x.opts.Store.Write(ctx, func(tx desk.Tx) error { return tx.PutFingerprints(ctx, l.prints) })
	if err != nil {
		return fmt.Errorf("publishing fingerprints: %w", err)
	}
	if l.c.Item.Party != "buyer" || l.c.Item.ClaimID == "" {
		return nil // shops use their listing with every order
	}
	if err := x.reuse.Follow(ctx); err != nil {
		return err
	}
	same, near, err := l.filedElsewhere(ctx, o)
	if err != nil {
		return err
	}
	var best [relations]*evidence.Finding
	for _, it := range same {
		rel := l.relation(it)
		if best[rel] == nil {
			best[rel] = l.reuseFinding(rel, it, evidence.Finding{Strength: evidence.Conclusive, FalseAlarm: exactFalseAlarm}, true)
		}
	}
	for _, it := range near {
		rel := l.relation(it)
		if best[rel] != nil && best[rel].Strength == evidence.Conclusive {
			continue
		}
		result, err := x.compare(ctx, l.c.Item.SHA256, it.SHA256)
		var unread *imaging.Error
		switch {
		case errors.As(err, &unread), errors.Is(err, work.ErrNotFound):
			continue // that one cannot be read any more; its bytes were compared
		case err != nil:
			return err
		}
		f, ok := result.Finding(it.ID)
		if result.Code != "" {
			continue // graphics in common, or one set beside another: no reuse of a photo
		}
		if ok && (best[rel] == nil || f.Strength.Rank() > best[rel].Strength.Rank()) {
			best[rel] = l.reuseFinding(rel, it, f, false)
		}
	}
	for _, f := range best {
		if f != nil {
			l.add(*f)
		}
	}
	return nil
}

// filed is a picture that was filed elsewhere: with its claim's or order's
// buyer, and what its claim is about (empty: all of the order).
type filed struct {
	evidence.Item
	buyer string
	lines []string
}

// filedElsewhere lists what was published before this item and does not belong
// to its claim: items with these very bytes, and items that look alike.
func (l *looked) filedElsewhere(ctx context.Context, o opened) (same, near []filed, err error) {
	var candidates []Candidate
	if o.Error == nil {
		forms := o.PDQ[:]
		if o.Quality < wholeQuality {
			forms = nil
		}
		candidates = l.x.reuse.Near(forms, o.Spots, candidateRows)
	}
	seen := map[string]bool{l.c.Item.SHA256: true}
	for _, r := range l.bounds {
		seen[r.SHA256] = true // compared as a reference already
	}
	err = l.x.opts.Store.Read(ctx, func(tx desk.Tx) (err error) {
		if l.lines, err = linesOf(ctx, tx, l.c.Item.ClaimID); err != nil {
			return err
		}
		equal, err := tx.FingerprintBySHA(ctx, l.c.Item.SHA256)
		if err != nil {
			return err
		}
		var own int64 // this item's own first row
		for _, f := range equal {
			if f.Evidence == l.c.Item.ID && (own == 0 || f.Seq < own) {
				own = f.Seq
			}
		}
		asked := map[string]bool{l.c.Item.ID: true}
		take := func(f desk.Fingerprint, into *[]filed) error {
			if asked[f.Evidence] || own > 0 && f.Seq > own || f.ClaimID == l.c.Item.ClaimID {
				return nil
			}
			asked[f.Evidence] = true
			it, err := tx.Evidence(ctx, f.Evidence)
			if errors.Is(err, work.ErrNotFound) || err == nil && it.WithdrawnAt != nil {
				return nil // what was removed from a draft was never filed
			}
			// Pictures of this very order are references, whoever sent them.
			if err == nil && (it.ClaimID != "" || it.OrderID != l.c.Item.OrderID) {
				other := filed{Item: it, buyer: f.BuyerID}
				if it.OrderID == l.c.Item.OrderID {
					other.lines, err = linesOf(ctx, tx, it.ClaimID)
				}
				*into = append(*into, other)
			}
			return err
		}
		for _, f := range equal[:min(len(equal), 1000)] {
			if err := take(f, &same); err != nil {
				return err
			}
		}
		for _, c := range candidates {
			rows, err := tx.Fingerprints(ctx, c.Seq-1, 1)
			if err != nil {
				return err
			}
			if len(rows) == 0 || rows[0].Seq != c.Seq || seen[rows[0].SHA256] || len(near) == shortlisted {
				continue
			}
			seen[rows[0].SHA256] = true
			if err := take(rows[0], &near); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("looking for earlier pictures: %w", err)
	}
	return same, near, nil
}

// linesOf is what a claim is about; nothing where it is not there to be asked.
func linesOf(ctx context.Context, tx desk.Tx, claimID string) ([]string, error) {
	c, err := tx.Claim(ctx, claimID)
	switch {
	case errors.Is(err, work.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return c.LineIDs, nil
}

func (l *looked) relation(it filed) relation {
	sameOrder := it.OrderID == l.c.Item.OrderID
	switch {
	case it.Party != "buyer" && sameOrder:
		return shopAnswer
	case it.Party != "buyer":
		return shopPicture
	case it.buyer != l.c.BuyerID:
		return otherBuyer
	case !sameOrder:
		return ownOther
	case len(l.lines) > 0 && len(it.lines) > 0 && !slices.ContainsFunc(it.lines, func(id string) bool { return slices.Contains(l.lines, id) }):
		return ownParcel
	}
	return ownSame
}

// reuseFinding rewords a comparison with a picture that was filed elsewhere.
// Reference is that item's id, which only reviewers may follow.
func (l *looked) reuseFinding(rel relation, it filed, f evidence.Finding, exact bool) *evidence.Finding {
	f.Code, f.Stance, f.Reference = evidence.ReuseSameCapture, evidence.Against, it.ID
	f.Text = reuseText(rel, exact, f.Strength)
	if rel.usual() {
		f.Strength, f.Stance, f.FalseAlarm = evidence.Note, evidence.Neutral, 0
	}
	return &f
}
