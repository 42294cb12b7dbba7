package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/work"
)

// What became of a finding, once its claim is final.
const (
	verdictOpen       = "open"
	verdictUpheld     = "upheld"     // a person ruled its way and named it
	verdictOverturned = "overturned" // a person ruled the other way
	verdictUndecided  = "undecided"  // nobody ruled, or not on it
)

// findingKind is what findings are counted by.
type findingKind struct {
	code     evidence.Code
	strength evidence.Strength
	stance   evidence.Stance
}

// findingCount is how many findings of a kind a claim has, and the tightest
// bound that they state: one false alarm in so many, 0 where none is stated.
type findingCount struct{ findings, oneIn int64 }

// countFindings lays a claim's findings down anew after one of its items was
// screened or withdrawn. A claim has at most claim.MaxEvidence items.
func (t *tx) countFindings(ctx context.Context, evidenceID string) error {
	var claimID string
	if err := t.row(ctx, `SELECT claim_id FROM evidence WHERE id = ?`, []any{evidenceID}, &claimID); err != nil || claimID == "" {
		return err
	}
	c, err := t.Claim(ctx, claimID)
	if errors.Is(err, work.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	counts, err := t.findingsOf(ctx, claimID)
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, `DELETE FROM claim_finding WHERE claim_id = ?`, claimID); err != nil {
		return err
	}
	cited := citedCodes(c)
	for k, n := range counts {
		v := verdicts(c)
		_, err := t.exec(ctx, `INSERT INTO claim_finding (claim_id, code, strength, stance, findings, one_in, merchant_id, filed_at, period, verdict) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			claimID, string(k.code), string(k.strength), string(k.stance), n.findings, n.oneIn, c.MerchantID, filedAt(c), periodOf(filedAt(c)), v.of(k.stance, slices.Contains(cited, string(k.code))))
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) findingsOf(ctx context.Context, claimID string) (map[findingKind]findingCount, error) {
	counts := map[findingKind]findingCount{}
	items, err := t.items(ctx, `claim_id = ? AND claim_id <> '' AND screening IS NOT NULL`, claimID)
	for _, it := range counting(items) {
		for _, f := range it.Screening.Findings {
			k := findingKind{f.Code, f.Strength, f.Stance}
			n := counts[k]
			n.findings++
			if one := oneIn(f.FalseAlarm); one > n.oneIn {
				n.oneIn = one
			}
			counts[k] = n
		}
	}
	return counts, err
}

// oneIn turns a bound on false alarms into whole numbers, which both databases keep alike.
func oneIn(bound float64) int64 {
	return int64(min(evidence.Per(bound), 1e15))
}

// filedAt is when a claim was submitted, 0 for a draft.
func filedAt(c *claim.Claim) int64 {
	if c.SubmittedAt == nil {
		return 0
	}
	return micro(*c.SubmittedAt)
}

// verdictSet is what a claim's end means for its findings, by stance and by
// whether the ruling names them.
type verdictSet struct{ againstCited, against, forCited, forOther, other string }

func (v verdictSet) of(s evidence.Stance, cited bool) string {
	switch {
	case s == evidence.Against && cited:
		return v.againstCited
	case s == evidence.Against:
		return v.against
	case s == evidence.For && cited:
		return v.forCited
	case s == evidence.For:
		return v.forOther
	}
	return v.other
}

// verdicts judges by the final ruling of a person alone: an agreement says
// nothing of who was right.
func verdicts(c *claim.Claim) verdictSet {
	if c.State != claim.Closed {
		return verdictSet{verdictOpen, verdictOpen, verdictOpen, verdictOpen, verdictOpen}
	}
	v := verdictSet{verdictUndecided, verdictUndecided, verdictUndecided, verdictUndecided, verdictUndecided}
	d := c.Standing()
	if d == nil || !d.By.Person() || c.Closing == claim.ClosedWithdrawn {
		return v
	}
	switch d.Outcome {
	case claim.Refused:
		v.againstCited, v.forCited, v.forOther = verdictUpheld, verdictOverturned, verdictOverturned
	case claim.Granted:
		v.againstCited, v.against, v.forCited = verdictOverturned, verdictOverturned, verdictUpheld
	case claim.Partly: // with a finding named, half of it was believed
		v.against, v.forCited = verdictOverturned, verdictUpheld
	}
	return v
}

// citedCodes are the findings that the standing decision rests on.
func citedCodes(c *claim.Claim) (out []string) {
	if d := c.Standing(); d != nil {
		for _, f := range d.Findings {
			out = append(out, string(f.Code))
		}
	}
	return out
}

// judgeFindings carries a claim's filing and its end to its findings; between
// the two nothing about them changes.
func (t *tx) judgeFindings(ctx context.Context, c *claim.Claim) error {
	if c.State != claim.Closed && (c.State != claim.Screening || c.Stage != claim.StageFiled) {
		return nil
	}
	v := verdicts(c)
	named := t.db.dialect.find + `(?, ',' || code || ',') > 0`
	cited := "," + strings.Join(citedCodes(c), ",") + ","
	return t.write(ctx, "judging the findings of claim "+c.ID, nil, `UPDATE claim_finding SET filed_at = ?, period = ?, verdict = CASE
		WHEN stance = 'against' AND `+named+` THEN ? WHEN stance = 'against' THEN ?
		WHEN stance = 'for' AND `+named+` THEN ? WHEN stance = 'for' THEN ? ELSE ? END WHERE claim_id = ?`,
		filedAt(c), periodOf(filedAt(c)), cited, v.againstCited, v.against, cited, v.forCited, v.forOther, v.other, c.ID)
}
