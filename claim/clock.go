package claim

import (
	"slices"
	"time"

	"github.com/evenhand/evenhand/access"
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

// Extend moves a running clock, with a reason that both sides see.
func (c *Claim) Extend(kind work.ClockKind, to time.Time, reason string, by access.Actor, at time.Time) (Change, error) {
	k := c.Clock(kind)
	switch {
	case k == nil:
		return Change{}, deny(MoveExtend, c, by, "no such clock is running", "没有正在计时的该项时限")
	case reason == "":
		return Change{}, deny(MoveExtend, c, by, "an extension needs a reason", "延长时限须说明原因")
	case !to.After(k.Due):
		return Change{}, deny(MoveExtend, c, by, "the new time must lie after the old one", "新的截止时间须晚于原时间")
	case len(k.Extensions) >= MaxExtensions || to.Sub(k.Due) > MaxExtension:
		return Change{}, deny(MoveExtend, c, by, "a window can be moved three times, by 14 days each", "时限最多延长三次，每次不超过 14 天")
	}
	ch, err := c.step(MoveExtend, c.State, by, at)
	if err != nil {
		return ch, err
	}
	k.Extensions = append(slices.Clone(k.Extensions), work.Extension{From: k.Due, To: to, By: by, Reason: reason, At: at})
	k.Due = to
	ch.Set = []work.Clock{*k}
	ch.Body["clock"], ch.Body["due"] = kind, to
	ch.Texts["reason"] = reason
	return ch, nil
}
