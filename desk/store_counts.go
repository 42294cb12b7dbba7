package desk

import (
	"context"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/work"
)

// CountFilter says which claims are counted: those submitted in [From, To), of
// one merchant or, where MerchantID is empty, of all. A zero To is open.
type CountFilter struct {
	From, To   time.Time
	MerchantID string
	// Blind counts a claim of which a second reading waits as one in review.
	Blind bool
}

// Counts sums up what is there for figures. Each is one statement along an
// index, over columns that are written with the claim itself.
type Counts interface {
	// CountDays counts the claims submitted and closed on each day of [From,
	// To), which both must be set. Days are 24 hours long from From.
	CountDays(ctx context.Context, f CountFilter) ([]DayCount, error)
	// CountOutcomes counts by reason, outcome and currency.
	CountOutcomes(ctx context.Context, f CountFilter) ([]OutcomeCount, error)
	// CountMerchants counts by merchant, for those with the most claims.
	CountMerchants(ctx context.Context, f CountFilter, limit int) ([]MerchantCount, error)
	CountFindings(ctx context.Context, f CountFilter) ([]FindingCount, error)
	// CountShop counts one merchant's claims by month, reason, outcome and the
	// ruling's codes; months are counted as of offset east of UTC.
	CountShop(ctx context.Context, f CountFilter, offset time.Duration) ([]ShopCount, error)
	// AnswerTimes says how many claims the merchant answered, and their median
	// time, 0 where there are none.
	AnswerTimes(ctx context.Context, f CountFilter) (answered int, median time.Duration, err error)
	// Holding counts the cases that each reviewer holds at now.
	Holding(ctx context.Context, now time.Time) (map[string]int, error)
}

// DayCount is one day's claims. Day is its beginning.
type DayCount struct {
	Day            time.Time
	Opened, Closed int
}

// OutcomeCount is how many claims for a reason ended in an outcome; empty is
// for those that are not final.
type OutcomeCount struct {
	Reason        claim.Reason
	Outcome       claim.Outcome
	Currency      string
	Claims        int
	Claimed, Paid int64 // minor units
}

// Withdrawn stands beside the outcomes in counts: the buyer took it back.
const Withdrawn claim.Outcome = "withdrawn"

// MerchantCount is one merchant's claims; the outcomes are of final ones.
type MerchantCount struct {
	MerchantID                                string
	Claims, Granted, Partly, Refused, Settled int
}

// Verdict is what became of a finding when its claim was final.
type Verdict string

// The verdicts. Only a person's ruling upholds or overturns: agreements and
// silence say nothing of who was right.
const (
	VerdictOpen       Verdict = "open"
	VerdictUpheld     Verdict = "upheld"     // ruled its way, and the ruling names it
	VerdictOverturned Verdict = "overturned" // ruled the other way
	VerdictUndecided  Verdict = "undecided"
)

// FindingCount is how many claims have findings of a kind.
type FindingCount struct {
	Code     evidence.Code
	Strength evidence.Strength
	Stance   evidence.Stance
	Verdict  Verdict
	Claims   int
	Findings int
	// Bound is the loosest bound on false alarms that a finding of the kind
	// stated; 0 where one stated none.
	Bound float64
}

// ShopCount is how many of a merchant's claims are alike.
type ShopCount struct {
	Month   time.Time // its beginning, as of the offset asked for
	Reason  claim.Reason
	Outcome claim.Outcome
	Codes   []claim.ReasonCode
	Heard   claim.HeardHow
	Claims  int
}

// Act is what a reviewer did with a case that they held.
type Act string

// The acts.
const (
	ActDecide  Act = "decide" // ruled, or proposed a ruling
	ActConfirm Act = "confirm"
	ActReturn  Act = "return"
)

// Handling is one case in one reviewer's hands.
type Handling struct {
	ClaimID string
	Round   int
	Act     Act
	By      string
	At      time.Time // when they were done
	TakenAt time.Time // when they took the case; zero where that is not known
}

// Handlings keeps who handled what.
type Handlings interface {
	PutHandling(context.Context, Handling) error
	// Overturn marks the decision of a round as overturned on appeal.
	Overturn(ctx context.Context, claimID string, round int, by string) error
	// CountHandlings sums up acts done in [from, to), by person. Blind is as in
	// CountFilter: what became of such a ruling on appeal is left out.
	CountHandlings(ctx context.Context, from, to time.Time, blind bool) ([]HandlingCount, error)
}

// HandlingCount is one reviewer's work.
type HandlingCount struct {
	By                                       string
	Decided, Confirmed, Returned, Overturned int
	// Median is from taking a case to being done with it, over those where
	// both are known, to a tenth of a minute, from ten minutes on to a minute;
	// 0 where there are none.
	Median time.Duration
}

// AuditFilter narrows the record; empty fields do not.
type AuditFilter struct {
	By   string // an actor's id
	Kind string // an event's kind, such as "claim.decided"
	// Stream is a subject, such as "policy/P1", or the kind of one: "policy".
	Stream   string
	From, To time.Time // happened in [From, To)
}

// Audits reads the record from its newest end.
type Audits interface {
	Audit(ctx context.Context, f AuditFilter, p work.Page) (list []record.Event, next string, err error)
}
