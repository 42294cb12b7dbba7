package claim

import (
	"time"

	"github.com/evenhand/evenhand/access"
)

// ClockKind says what a deadline is for; a claim has at most one running clock
// of a kind.
type ClockKind string

// The clocks.
const (
	ClockMerchant ClockKind = "merchant_answer"
	ClockBuyer    ClockKind = "buyer_answer"
	ClockOffer    ClockKind = "offer_reply"
	ClockReview   ClockKind = "review_due" // running out lifts the case in the queue; it decides nothing
	ClockVisit    ClockKind = "visit_due"
	ClockAppeal   ClockKind = "appeal"
)

// Clock is a deadline that fires once. It is a row of its own in the store;
// the claim carries its running ones so that both sides see them.
type Clock struct {
	ID    string    `json:"id"`
	Kind  ClockKind `json:"kind"`
	Due   time.Time `json:"due"`
	SetAt time.Time `json:"set_at"`
	// Extensions are in time order.
	Extensions []Extension `json:"extensions,omitempty"`
}

// Extension is why a clock was moved, by whom.
type Extension struct {
	From   time.Time    `json:"from"`
	To     time.Time    `json:"to"`
	By     access.Actor `json:"by"`
	Reason string       `json:"reason"`
	At     time.Time    `json:"at"`
}

// MaxExtensions and MaxExtension bound how far a window can be moved.
const (
	MaxExtensions = 3
	MaxExtension  = 14 * 24 * time.Hour
)

// NextClock is the running clock that ends first; nil where none runs.
func (c *Claim) NextClock() (next *Clock) {
	for i := range c.Clocks {
		if next == nil || c.Clocks[i].Due.Before(next.Due) {
			next = &c.Clocks[i]
		}
	}
	return next
}

// Clock finds the claim's running clock of a kind; nil where none runs.
func (c *Claim) Clock(kind ClockKind) *Clock {
	for i := range c.Clocks {
		if c.Clocks[i].Kind == kind {
			return &c.Clocks[i]
		}
	}
	return nil
}
