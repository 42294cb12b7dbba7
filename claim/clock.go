package claim

import (
	"time"

	"github.com/evenhand/evenhand/work"
)

// The clocks.
const (
	ClockMerchant work.ClockKind = "merchant_answer"
	ClockBuyer    work.ClockKind = "buyer_answer"
	ClockOffer    work.ClockKind = "offer_reply"
	ClockReview   work.ClockKind = "review_due" // running out lifts the case in the queue; it decides nothing
	ClockVisit    work.ClockKind = "visit_due"
	ClockAppeal   work.ClockKind = "appeal"
)

// MaxExtensions and MaxExtension bound how far a window can be moved.
const (
	MaxExtensions = 3
	MaxExtension  = 14 * 24 * time.Hour
)

// NextClock is the running clock that ends first; nil where none runs.
func (c *Claim) NextClock() (next *work.Clock) {
	for i := range c.Clocks {
		if next == nil || c.Clocks[i].Due.Before(next.Due) {
			next = &c.Clocks[i]
		}
	}
	return next
}

// Clock finds the claim's running clock of a kind; nil where none runs.
func (c *Claim) Clock(kind work.ClockKind) *work.Clock {
	for i := range c.Clocks {
		if c.Clocks[i].Kind == kind {
			return &c.Clocks[i]
		}
	}
	return nil
}
