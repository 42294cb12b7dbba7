package claim

import (
	"slices"
	"time"

	"github.com/evenhand/evenhand/order"
)

// RemedyState is how far a remedy has come.
type RemedyState string

// The states of a remedy.
const (
	RemedyHeld    RemedyState = "held"    // ordered when the decision is final
	RemedyOrdered RemedyState = "ordered" // the platform has been told to carry it out
	RemedyDone    RemedyState = "done"
	RemedyRevoked RemedyState = "revoked" // an appeal overturned it, or nothing was left to pay back
	RemedyFailed  RemedyState = "failed"  // the platform could not carry it out; what it took is free again
)

// Remedy is what the buyer gets. Amount is what is paid back; for an exchange
// or a repair it says what the goods are worth, or 0, and nothing is paid.
type Remedy struct {
	Kind   Kind        `json:"kind"`
	Amount order.Money `json:"amount"`
	State  RemedyState `json:"state,omitempty"`
	// OrderedAt is when the platform was told; nil while that has not happened.
	OrderedAt *time.Time `json:"ordered_at,omitempty"`
	DoneAt    *time.Time `json:"done_at,omitempty"`
	FailedAt  *time.Time `json:"failed_at,omitempty"`
	// Paid is what an earlier decision of this claim had paid back already; the
	// rest of Amount is to be paid.
	Paid *order.Money `json:"paid,omitempty"`
	// Wanted is what had been asked for or decided, where less was left of what
	// was paid for the goods.
	Wanted *order.Money `json:"wanted,omitempty"`
	// Lines is what it takes of the order's lines, once it is ordered; in it is
	// Before, what earlier remedies of this claim took that were carried out.
	Lines  []order.Taken `json:"lines,omitempty"`
	Before []order.Taken `json:"before,omitempty"`
}

// Due is what is to be paid back now.
func (r Remedy) Due() order.Money {
	due := order.Money{Currency: r.Amount.Currency}
	if r.Kind.Pays() {
		due.Amount = r.Amount.Amount - r.paid()
	}
	due.Amount = max(due.Amount, 0)
	return due
}

func (r Remedy) paid() int64 {
	if r.Paid == nil {
		return 0
	}
	return r.Paid.Amount
}

// Counts is whether the remedy takes of what was paid for the order: it has
// been ordered or carried out. One that was revoked after it was ordered may
// have been carried out meanwhile; it counts until the platform says that it
// was not.
func (r *Remedy) Counts() bool {
	return r != nil && r.State != RemedyFailed && (r.OrderedAt != nil || r.State == RemedyOrdered || r.State == RemedyDone)
}

// Taken is what the claim's remedy takes of its order's lines as it stands.
func (c *Claim) Taken() []order.Taken {
	switch {
	case c.Remedy == nil:
		return nil
	case c.Remedy.Counts():
		return c.Remedy.Lines
	}
	return c.Remedy.Before
}

// Takes is what a remedy takes of its order's lines, given what other claims
// took; earlier remedies of this claim are in it. ok is false where that is
// more than is left.
func (c *Claim) Takes(r Remedy, o order.Order, others []order.Taken) (list []order.Taken, ok bool) {
	room := o.Room(r.aside(others))
	units := c.Goods(room)
	if r.Kind.Pays() {
		list, ok = room.Pay(units, r.Due().Amount, r.Kind == ReturnRefund)
	} else {
		list, ok = room.Swap(units)
	}
	return together(r.Before, list), ok
}

// Most is the most that a refund of this claim can come to, given what other
// claims took: what is left for its goods, and what it has paid back before.
func (c *Claim) Most(r Remedy, o order.Order, others []order.Taken) order.Money {
	room := o.Room(r.aside(others))
	most := room.Most(c.Goods(room))
	most.Amount += r.paid()
	return most
}

// aside adds what earlier remedies of the claim took, but for their units:
// these are the claim's own.
func (r Remedy) aside(others []order.Taken) []order.Taken {
	out := slices.Clone(others)
	for _, t := range r.Before {
		out = append(out, order.Taken{LineID: t.LineID, Amount: t.Amount})
	}
	return out
}

// together adds up two remedies of one claim: their amounts, and the units as
// often as one of them uses them up.
func together(a, b []order.Taken) []order.Taken {
	out := slices.Clone(a)
	for _, t := range b {
		i := slices.IndexFunc(out, func(x order.Taken) bool { return x.LineID == t.LineID })
		if i < 0 {
			out = append(out, t)
			continue
		}
		out[i].Amount += t.Amount
		out[i].Units = max(out[i].Units, t.Units)
	}
	return out
}

// Goods are the units that the claim is about, of those that are left; claims
// of older versions name lines alone.
func (c *Claim) Goods(room order.Room) map[string]int {
	if c.Units != nil {
		return room.Fits(c.Units)
	}
	all := room.All()
	for id := range all {
		if len(c.LineIDs) > 0 && !slices.Contains(c.LineIDs, id) {
			delete(all, id)
		}
	}
	return all
}

// Within bounds what the next move can order by itself to what is left: what
// was asked for is ordered as far as that goes, when an order was lowered after
// the claim was filed.
func (c *Claim) Within(most order.Money) { c.Bound = &most }

// bounded is a remedy within what is left, where it pays.
func (c *Claim) bounded(r Remedy) Remedy {
	if c.Bound != nil && r.Kind.Pays() && r.Amount.Amount > c.Bound.Amount {
		wanted := r.Amount
		r.Amount.Amount, r.Wanted = c.Bound.Amount, &wanted
	}
	return r
}

// asked is what the buyer asked for, as far as it can be ordered.
func (c *Claim) asked() Remedy { return c.bounded(Remedy{Kind: c.Kind, Amount: c.Ask}) }

// empty is whether a remedy would give nothing: a refund of 0.
func (r Remedy) empty() bool { return r.Kind.Pays() && r.Amount.Amount <= 0 }

// award puts a decision's remedy in the place of the one before, and answers
// what was ordered or held; nil where nothing new is. What was carried out
// under an earlier decision stays, and counts towards a larger refund.
func (c *Claim) award(r Remedy, final bool, at time.Time) *Remedy {
	old := c.Remedy
	if old != nil && old.State == RemedyDone {
		if old.Kind.Pays() && r.Kind.Pays() {
			paid := old.Amount
			if r.Amount.Amount <= paid.Amount {
				return nil // it has been paid; nobody takes money back
			}
			r.Paid = &paid
		}
		r.Before = old.Lines
	} else if old != nil {
		r.Paid, r.Before = old.Paid, old.Before
	}
	r.State, r.DoneAt, r.FailedAt, r.OrderedAt = RemedyOrdered, nil, nil, &at
	if !final && c.Terms.Holds(r.Amount) {
		r.State, r.OrderedAt = RemedyHeld, nil
	}
	c.Remedy = &r
	return c.Remedy
}

// Fulfil notes that the remedy has been carried out.
func (c *Claim) Fulfil(by Actor, at time.Time) (Change, error) {
	if !c.carriedOut() {
		return Change{}, deny(MoveRemedyDone, c, by, "no remedy is waiting to be carried out")
	}
	ch, err := c.keep(MoveRemedyDone, by, at)
	if err != nil {
		return ch, err
	}
	c.Remedy.State, c.Remedy.DoneAt = RemedyDone, &at
	ch.Body["remedy"] = *c.Remedy
	return ch, nil
}

// carriedOut is whether the platform can have carried the remedy out: it has
// been told to, and has not said anything of it yet. An appeal may have
// overtaken what it was told.
func (c *Claim) carriedOut() bool {
	r := c.Remedy
	return r != nil && (r.State == RemedyOrdered || r.OrderedAt != nil && (r.State == RemedyHeld || r.State == RemedyRevoked))
}

// Fail notes that the remedy was not carried out, or came back: a payment that
// the bank refused. What it took of the order is free again.
func (c *Claim) Fail(by Actor, text string, at time.Time) (Change, error) {
	if !c.carriedOut() && (c.Remedy == nil || c.Remedy.State != RemedyDone) {
		return Change{}, deny(MoveRemedyFailed, c, by, "no remedy has been ordered that could fail")
	}
	ch, err := c.keep(MoveRemedyFailed, by, at)
	if err != nil {
		return ch, err
	}
	r := *c.Remedy
	r.State, r.FailedAt, r.DoneAt = RemedyFailed, &at, nil
	c.Remedy = &r
	ch.Body["remedy"] = r
	if text != "" {
		ch.Texts["reason"] = text
	}
	return ch, nil
}

// OrderAgain orders a remedy that failed once more, if what it takes is still
// there.
func (c *Claim) OrderAgain(by Actor, at time.Time) (Change, error) {
	if c.Remedy == nil || c.Remedy.State != RemedyFailed {
		return Change{}, deny(MoveRemedyAgain, c, by, "no remedy has failed that could be ordered again")
	}
	ch, err := c.keep(MoveRemedyAgain, by, at)
	if err != nil {
		return ch, err
	}
	r := c.bounded(*c.Remedy)
	if r.Kind.Pays() && r.Due().Amount == 0 {
		return Change{}, deny(MoveRemedyAgain, c, by, nothingLeft)
	}
	r.State, r.OrderedAt = RemedyOrdered, &at
	c.Remedy = &r
	ch.Body["remedy"] = r
	return ch, nil
}

// nothingLeft is why what was asked for cannot be ordered.
const nothingLeft = "nothing is left of what was paid for these goods"
