package store

import (
	"strings"
	"time"

	"github.com/evenhand/evenhand/claim"
)

// figureColumns are what figures count by; see figures for the values.
const figureColumns = "ended, codes, currency, ask_amount, paid_amount, heard, answer_us, period"

// figures are a claim's values of figureColumns. They are columns of the claim
// itself, so that a count is true as of each commit and costs a change of a
// claim no statement of its own.
func figures(c *claim.Claim) []any {
	heard := ""
	if c.Heard != nil {
		heard = string(c.Heard.How)
	}
	return []any{ended(c), codes(c), c.Ask.Currency, c.Ask.Amount, paid(c), heard, answerTime(c), periodOf(filedAt(c))}
}

// period is how long the spans are by which counts go: indexes that begin with
// a claim's period and go on with what is counted need no sorting, and no more
// of them is read than a span holds.
const period = 30 * 24 * time.Hour

// periodOf numbers the period of a time in microseconds since 1970.
func periodOf(us int64) int64 { return us / period.Microseconds() }

// withdrawn is the outcome of a claim that its buyer took back.
const withdrawn = "withdrawn"

// ended is the outcome of a claim that is final, empty before; see outcomeOf for
// the one that stands.
func ended(c *claim.Claim) string {
	s := c.Standing()
	switch {
	case c.State != claim.Closed:
		return ""
	case c.Closing == claim.ClosedWithdrawn:
		return withdrawn
	case s == nil:
		return ""
	}
	return string(s.Outcome)
}

// codes are the reasons of the final decision, with commas.
func codes(c *claim.Claim) string {
	if o := ended(c); o == "" || o == withdrawn {
		return ""
	}
	var list []string
	for _, r := range c.Standing().Reasons {
		list = append(list, string(r))
	}
	return strings.Join(list, ",")
}

// paid is what the platform has been told to pay back, in minor units.
func paid(c *claim.Claim) int64 {
	if r := c.Remedy; r != nil && (r.State == claim.RemedyOrdered || r.State == claim.RemedyDone) {
		return r.Amount.Amount
	}
	return 0
}

// answerTime is how long the merchant took to answer when first asked, in
// microseconds; NULL where it was not asked, or has not answered.
func answerTime(c *claim.Claim) any {
	if len(c.Answers) == 0 {
		return nil
	}
	for _, q := range c.Asked {
		if q.To == claim.Merchant {
			if took := c.Answers[0].At.Sub(q.At); took >= 0 {
				return took.Microseconds()
			}
			return nil
		}
	}
	return nil
}
