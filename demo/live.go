package demo

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

// deed is something that somebody is going to do.
type deed struct {
	at   time.Time
	turn int // keeps deeds of one moment in order
	do   func(context.Context) error
}

// agenda holds what is to come, the soonest first.
type agenda struct {
	deeds []deed
	turns int
}

func (a agenda) Len() int { return len(a.deeds) }

func (a agenda) Less(i, j int) bool {
	if !a.deeds[i].at.Equal(a.deeds[j].at) {
		return a.deeds[i].at.Before(a.deeds[j].at)
	}
	return a.deeds[i].turn < a.deeds[j].turn
}

func (a agenda) Swap(i, j int) { a.deeds[i], a.deeds[j] = a.deeds[j], a.deeds[i] }

// Push and Pop are heap.Interface's.
func (a *agenda) Push(x any) { a.deeds = append(a.deeds, x.(deed)) }

func (a *agenda) Pop() any {
	last := a.deeds[len(a.deeds)-1]
	a.deeds = a.deeds[:len(a.deeds)-1]
	return last
}

// after plans a deed; one that would lie beyond the present is left out, and
// is for whoever looks at the demonstration to do.
func (w *world) after(d time.Duration, do func(context.Context) error) {
	at := w.now.Add(d)
	if !at.Before(w.end) {
		return
	}
	w.agenda.turns++
	heap.Push(&w.agenda, deed{at, w.agenda.turns, do})
}

// live plays the market from its first day until now.
func (w *world) live(ctx context.Context) error {
	start := w.now
	for n := range w.o.Claims {
		w.now = start
		b := w.orders[n]
		filed := b.PlacedAt.Add(time.Duration(4*24+w.r.IntN(48)) * time.Hour) // a lost parcel is missed
		if b.DeliveredAt != nil {
			filed = b.DeliveredAt.Add(time.Duration(20+w.r.IntN(70*60)) * time.Minute)
		}
		if late := w.end.Add(-time.Duration(5+w.r.IntN(40*60)) * time.Minute); !filed.Before(late) {
			filed = late
		}
		s := w.story(n, b)
		switch s.stays {
		case claim.AskedShop:
			filed = w.end.Add(-w.hours(3, 18))
		case claim.InReview:
			filed = w.end.Add(-w.hours(30, 44))
		}
		w.after(filed.Sub(w.now), func(ctx context.Context) error { return w.file(ctx, s) })
	}
	w.now, w.total = start, w.o.Claims
	for w.agenda.Len() > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		next := heap.Pop(&w.agenda).(deed)
		if err := w.clocks(ctx, next.at); err != nil {
			return err
		}
		if next.at.After(w.now) {
			w.now = next.at
		}
		if err := next.do(ctx); err != nil {
			return err
		}
	}
	return w.clocks(ctx, w.end)
}

// clocks fires what is due before a time, each at its own time, and lets the
// people concerned see it.
func (w *world) clocks(ctx context.Context, until time.Time) error {
	for {
		var due []work.ClockRow
		err := w.o.Store.Read(ctx, func(tx desk.Tx) (err error) {
			due, err = tx.DueClocks(ctx, until, 1)
			return err
		})
		if err != nil || len(due) == 0 {
			return err
		}
		if due[0].Due.After(w.now) {
			w.now = due[0].Due
		}
		if err := w.desk.Tick(ctx); err != nil {
			return fmt.Errorf("clock %s of claim %s: %w", due[0].Kind, due[0].Subject.ID, err)
		}
		if s := w.stories[due[0].Subject.ID]; s != nil {
			if err := w.react(ctx, s); err != nil {
				return err
			}
		}
	}
}

// react lets whose turn it is plan what they do next.
func (w *world) react(ctx context.Context, s *story) error {
	k, err := w.desk.Case(ctx, w.operator, s.id)
	if err != nil {
		return err
	}
	c := k.Claim
	plan := func(d time.Duration, move func(context.Context, *claim.Claim) (*claim.Claim, error)) {
		w.after(d, func(ctx context.Context) error {
			now, err := w.desk.Case(ctx, w.operator, s.id)
			if err != nil || now.Claim.State != c.State || now.Claim.Version != c.Version {
				return err // something else came between, and was reacted to
			}
			_, err = move(ctx, now.Claim)
			if errors.Is(err, errNobody) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("claim %s (%s, %s): %w", s.id, c.State, s.truth, err)
			}
			return w.react(ctx, s)
		})
	}
	switch c.State {
	case claim.AskedShop:
		w.shopTurn(s, c, plan)
	case claim.AskedBuy, claim.Offered:
		w.buyerTurn(s, c, plan)
	case claim.InReview:
		w.reviewTurn(s, c, plan)
	case claim.Visiting:
		plan(w.hours(20, 70), func(ctx context.Context, c *claim.Claim) (*claim.Claim, error) {
			return w.desk.Visited(ctx, w.operator, c.ID, c.Version)
		})
	case claim.Decided:
		w.appealTurn(s, c, plan)
	case claim.Closed:
		if c.Remedy != nil && c.Remedy.State == claim.RemedyOrdered && w.r.IntN(8) > 0 {
			plan(w.hours(2, 48), func(ctx context.Context, c *claim.Claim) (*claim.Claim, error) {
				return w.desk.Fulfil(ctx, w.platform, c.ID, c.Version, c.Remedy.No)
			})
		}
	}
	return nil
}

// hours is a time between two numbers of hours.
func (w *world) hours(lo, hi int) time.Duration {
	return time.Duration(lo)*time.Hour + time.Duration(w.r.Int64N(int64(time.Duration(hi-lo)*time.Hour)))
}
