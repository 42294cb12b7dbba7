package claim

import (
	"maps"
	"slices"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
)

// RemedyState is how far a remedy has come.
type RemedyState string

// The states of a remedy.
const (
	RemedyHeld    RemedyState = "held"    // ordered when the decision is final
	RemedyOrdered RemedyState = "ordered" // the platform has been told to carry it out
	RemedyDone    RemedyState = "done"
	RemedyRevoked RemedyState = "revoked" // an appeal overturned it, the buyer withdrew, or nothing was left that it could take
	RemedyFailed  RemedyState = "failed"  // the platform could not carry it out; what it took is free again
)

// Remedy is what the buyer gets. Amount is what is paid back; for an exchange
// or a repair it says what the goods are worth, or 0, and nothing is paid.
type Remedy struct {
	Kind   Kind        `json:"kind"`
	Amount money.Money `json:"amount"`
	State  RemedyState `json:"state,omitempty"`
	// No is the number of the order that the platform was given, from 1 on in
	// each claim; 0 while it has been given none.
	No int `json:"no,omitempty"`
	// OrderedAt is when the platform was told; nil while that has not happened.
	OrderedAt *time.Time `json:"ordered_at,omitempty"`
	DoneAt    *time.Time `json:"done_at,omitempty"`
	FailedAt  *time.Time `json:"failed_at,omitempty"`
	// Paid is what the orders before it had the platform pay back; the rest of
	// Amount is to be paid.
	Paid *money.Money `json:"paid,omitempty"`
	// Wanted is what had been asked for or decided, where less was left of what
	// was paid for the goods.
	Wanted *money.Money `json:"wanted,omitempty"`
	// Lines is what it takes of the order's lines, once it is ordered; Before is
	// what earlier orders of this claim take beside it.
	Lines  []order.Taken `json:"lines,omitempty"`
	Before []order.Taken `json:"before,omitempty"`
	// Earlier are the orders that the platform was given for this claim before.
	Earlier []Told `json:"earlier,omitempty"`
}

// Told is one order that the platform was given and that a later one stands
// beside. It counts until the platform says that it failed.
type Told struct {
	No        int           `json:"no"`
	Kind      Kind          `json:"kind"`
	Pay       money.Money   `json:"pay"`
	Lines     []order.Taken `json:"lines,omitempty"`
	OrderedAt *time.Time    `json:"ordered_at,omitempty"`
	DoneAt    *time.Time    `json:"done_at,omitempty"`
	FailedAt  *time.Time    `json:"failed_at,omitempty"`
}

// Failure is why an order of this number was not carried out, in the platform's
// words. They can be about the buyer's account, so that the merchant and
// messages have none of them.
type Failure struct {
	No   int       `json:"no"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

// open is whether the platform has not said anything of the order yet.
func (t Told) open() bool { return t.DoneAt == nil && t.FailedAt == nil }

// told is the remedy as the order that the platform was given.
func (r Remedy) told() Told {
	return Told{No: max(r.No, 1), Kind: r.Kind, Pay: r.Due(), Lines: r.Lines, OrderedAt: r.OrderedAt, DoneAt: r.DoneAt, FailedAt: r.FailedAt}
}

// Due is what is to be paid back now.
func (r Remedy) Due() money.Money {
	due := money.Money{Currency: r.Amount.Currency}
	if r.Kind.Pays() {
		due.Amount = r.Amount.Amount
		if r.Paid != nil {
			due.Amount -= r.Paid.Amount
		}
	}
	due.Amount = max(due.Amount, 0)
	return due
}

// Counts is whether the remedy takes of what was paid for the order: it has
// been ordered or carried out. One that was revoked after it was ordered may
// have been carried out meanwhile; it counts until the platform says that it
// was not.
func (r *Remedy) Counts() bool {
	return r != nil && r.State != RemedyFailed && (r.OrderedAt != nil || r.State == RemedyOrdered || r.State == RemedyDone)
}

// before is what the earlier orders take together.
func (r Remedy) before() (list []order.Taken) {
	for _, t := range r.Earlier {
		if t.FailedAt == nil {
			list = together(list, t.Lines)
		}
	}
	return list
}

// Taken is what the claim's remedies take of its order's lines as they stand.
func (c *Claim) Taken() []order.Taken {
	switch {
	case c.Remedy == nil:
		return nil
	case c.Remedy.Counts():
		return together(c.Remedy.Before, c.Remedy.Lines)
	}
	return c.Remedy.Before
}

// given is what the platform was told to pay back for the claim, without what
// it said to have failed.
func (c *Claim) given() money.Money {
	sum := money.Money{Currency: c.Ask.Currency}
	if c.Remedy == nil {
		return sum
	}
	for _, t := range c.Remedy.Earlier {
		if t.FailedAt == nil {
			sum.Amount += t.Pay.Amount
		}
	}
	if c.Remedy.Counts() {
		sum.Amount += c.Remedy.Due().Amount
	}
	return sum
}

// Beside is a remedy as it would be ordered now: beside what the platform was
// told of this claim before. ok is false where that is all that it gives, so
// that nothing is left to be ordered.
func (c *Claim) Beside(r Remedy) (next Remedy, ok bool) {
	old, given := c.Remedy, c.given()
	next = Remedy{Kind: r.Kind, Amount: r.Amount, Wanted: r.Wanted, Before: c.Taken()}
	if old == nil {
		return next, true
	}
	next.Earlier = slices.Clone(old.Earlier)
	if old.OrderedAt != nil || old.State == RemedyDone {
		next.Earlier = append(next.Earlier, old.told())
	}
	if !r.Kind.Pays() {
		swapped := func(t Told) bool { return t.FailedAt == nil && t.Kind == r.Kind }
		return next, !slices.ContainsFunc(next.Earlier, swapped)
	}
	if given.Amount > 0 {
		next.Paid = &given
	}
	return next, given.Amount == 0 || r.Amount.Amount > given.Amount
}

// order makes the remedy one that the platform is told of.
func (r *Remedy) order(at time.Time) {
	r.State, r.OrderedAt, r.DoneAt, r.FailedAt, r.No = RemedyOrdered, &at, nil, nil, len(r.Earlier)+1
}

// Takes is what a remedy takes of its order's lines beside what earlier orders
// of the claim take, given what other claims took. ok is false where that is
// more than is left.
func (c *Claim) Takes(r Remedy, o order.Order, others []order.Taken) (list []order.Taken, ok bool) {
	room := o.Room(aside(r.Before, others))
	units := c.Goods(room)
	if r.Kind.Pays() {
		return room.Pay(units, r.Due().Amount, r.Kind == ReturnRefund)
	}
	return room.Swap(units)
}

// Most is the most that a refund of this claim can come to, given what other
// claims took: what is left for its goods, and what it has paid back before.
func (c *Claim) Most(o order.Order, others []order.Taken) money.Money {
	room := o.Room(aside(c.Taken(), others))
	most := room.Most(c.Goods(room))
	most.Amount += c.given().Amount
	return most
}

// aside adds what a claim's own orders took, but for their units: these are the
// claim's to dispose of.
func aside(own, others []order.Taken) []order.Taken {
	out := slices.Clone(others)
	for _, t := range own {
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

// Open is how many units of each line an open claim may still take: those that
// it is about and that no remedy of its own has used up.
func (c *Claim) Open(room order.Room) map[string]int {
	if c.Units == nil {
		return c.Goods(room)
	}
	units := maps.Clone(c.Units)
	for _, t := range c.Taken() {
		units[t.LineID] -= t.Units
	}
	return room.Fits(units)
}

// Bound is how far the next move can order something by itself.
type Bound struct {
	// Most is the most that a refund can come to.
	Most money.Money
	// Swap is whether an exchange or a repair still finds what it takes.
	Swap bool
}

// Within bounds what the next move can order by itself to what is left: what
// was asked for is ordered as far as that goes, when an order was lowered after
// the claim was filed.
func (c *Claim) Within(o order.Order, others []order.Taken) {
	_, swap := c.Takes(Remedy{Kind: Exchange, Before: c.Taken()}, o, others)
	c.Bound = &Bound{Most: c.Most(o, others), Swap: swap}
}

// bounded is a remedy within what is left, where it pays.
func (c *Claim) bounded(r Remedy) Remedy {
	if c.Bound != nil && r.Kind.Pays() && r.Amount.Amount > c.Bound.Most.Amount {
		wanted := r.Amount
		r.Amount.Amount, r.Wanted = c.Bound.Most.Amount, &wanted
	}
	return r
}

// asked is what the buyer asked for, as far as it can be ordered.
func (c *Claim) asked() Remedy { return c.bounded(Remedy{Kind: c.Kind, Amount: c.Ask}) }

// empty is whether a remedy would give nothing: a refund of 0.
func (r Remedy) empty() bool { return r.Kind.Pays() && r.Amount.Amount <= 0 }

// fitsNot is whether nothing is left that the remedy could take.
func (c *Claim) fitsNot(r Remedy) bool {
	if r.Kind.Pays() {
		return r.Due().Amount == 0
	}
	return c.Bound != nil && !c.Bound.Swap
}

// award puts a decision's remedy in the place of the one before, and answers
// what was ordered, held or taken back; nil where nothing is new. What the
// platform was told under an earlier decision counts until it says that it
// failed: only the difference is ordered. Where less is decided than that, the
// earlier order is taken back; what was paid by then stays paid.
func (c *Claim) award(r Remedy, final bool, at time.Time) *Remedy {
	next, ok := c.Beside(r)
	if !ok {
		return c.stands(r)
	}
	if next.State = RemedyHeld; final || !c.Terms.Holds(r.Amount) {
		next.order(at)
	}
	c.Remedy = &next
	return c.Remedy
}

// stands leaves an earlier order as it is where a later decision gives no more:
// an appeal that led to the same lets it go on, one that led to less, or to the
// goods coming back first, takes it back.
func (c *Claim) stands(r Remedy) *Remedy {
	old := *c.Remedy
	if old.State != RemedyHeld && old.State != RemedyOrdered {
		return nil // carried out, and nobody takes money back; or not what counts
	}
	old.State = RemedyOrdered
	if r.Kind.Pays() && (r.Amount.Amount < c.given().Amount || (r.Kind == ReturnRefund) != (old.Kind == ReturnRefund)) {
		old.State = RemedyRevoked
	}
	c.Remedy = &old
	return c.Remedy
}

// revoke takes the remedy back: its decision fell, or the buyer withdrew. What
// failed has come to nothing and is not ordered again.
func (c *Claim) revoke() {
	if c.Remedy == nil || c.Remedy.State == RemedyDone {
		return
	}
	r := *c.Remedy
	if r.State == RemedyFailed {
		r.OrderedAt = nil
	}
	r.State = RemedyRevoked
	c.Remedy = &r
}

// grants is the remedy that the standing decision gives; nil where it gives
// none, or the buyer has withdrawn.
func (c *Claim) grants() *Remedy {
	d := c.Standing()
	if d == nil || d.Outcome == Refused || d.Outcome == Lapsed || d.Remedy.Kind == "" || c.Closing == ClosedWithdrawn {
		return nil
	}
	return &d.Remedy
}

// Fulfil notes that an order has been carried out; no is its number, or 0 where
// there is one alone that the platform has said nothing of.
func (c *Claim) Fulfil(no int, by access.Actor, at time.Time) (Change, error) {
	i, err := c.meant(MoveRemedyDone, no, by, text.Both("no remedy is waiting to be carried out", "没有待执行的处理结果"), Told.open)
	if err != nil {
		return Change{}, err
	}
	ch, err := c.keep(MoveRemedyDone, by, at)
	if err != nil {
		return ch, err
	}
	r := *c.Remedy
	if i < len(r.Earlier) {
		r.Earlier = slices.Clone(r.Earlier)
		r.Earlier[i].DoneAt = &at
	} else {
		r.State, r.DoneAt = RemedyDone, &at
	}
	c.Remedy = &r
	ch.Body["remedy"] = r
	return ch, nil
}

// meant finds the order that the platform speaks of, by its number, among those
// that can be meant: its place in Earlier, and one further for the remedy's own.
func (c *Claim) meant(m MoveName, no int, by access.Actor, none text.Text, can func(Told) bool) (int, error) {
	found := -1
	for i, t := range c.orders() {
		switch {
		case no > 0 && t.No != no || !can(t):
		case found >= 0:
			return 0, deny(m, c, by, severalOrders.EN, severalOrders.ZH)
		default:
			found = i
		}
	}
	if found < 0 {
		return 0, deny(m, c, by, none.EN, none.ZH)
	}
	return found, nil
}

// orders are all that the platform was told of the claim, the last one last.
func (c *Claim) orders() (list []Told) {
	if c.Remedy == nil {
		return nil
	}
	list = slices.Clone(c.Remedy.Earlier)
	if c.Remedy.Counts() {
		list = append(list, c.Remedy.told())
	}
	return list
}

// Fail notes that an order was not carried out, or came back: a payment that
// the bank refused. What it took of the order is free again. no is its number,
// or 0 where only one can be meant.
func (c *Claim) Fail(no int, by access.Actor, words string, at time.Time) (Change, error) {
	i, err := c.meant(MoveRemedyFailed, no, by, text.Both("no remedy has been ordered that could fail", "没有已安排执行的处理结果"), func(t Told) bool { return t.FailedAt == nil })
	if err != nil {
		return Change{}, err
	}
	ch, err := c.keep(MoveRemedyFailed, by, at)
	if err != nil {
		return ch, err
	}
	failed, r := c.orders()[i].No, *c.Remedy
	switch {
	case i < len(r.Earlier):
		r.Earlier = slices.Clone(r.Earlier)
		r.Earlier[i].DoneAt, r.Earlier[i].FailedAt = nil, &at
		r.Before = r.before()
	case c.grants() == nil:
		r.State, r.FailedAt, r.DoneAt, r.OrderedAt = RemedyRevoked, &at, nil, nil
	default:
		r.State, r.FailedAt, r.DoneAt = RemedyFailed, &at, nil
	}
	c.Remedy = &r
	ch.Body["remedy"] = r
	if words != "" {
		ch.Texts["reason"] = words
		c.Failures = append(slices.Clone(c.Failures), Failure{No: failed, Text: words, At: at})
	}
	return ch, nil
}

// OrderAgain orders what failed once more: what the standing decision gives,
// less what the platform was told and what counts, as far as it is still there.
func (c *Claim) OrderAgain(by access.Actor, at time.Time) (Change, error) {
	gives := c.grants()
	if gives == nil || !c.failed() {
		return Change{}, deny(MoveRemedyAgain, c, by, "no remedy has failed that could be ordered again", "没有执行失败的处理结果可再次安排")
	}
	ch, err := c.keep(MoveRemedyAgain, by, at)
	if err != nil {
		return ch, err
	}
	r, ok := c.Beside(c.bounded(*gives))
	if !ok || r.Kind.Pays() && r.Due().Amount == 0 {
		return Change{}, deny(MoveRemedyAgain, c, by, nothingLeft.EN, nothingLeft.ZH)
	}
	r.order(at)
	c.Remedy = &r
	ch.Body["remedy"] = r
	return ch, nil
}

// failed is whether the remedy or an order before it failed. One that is held
// or taken back waits for no order.
func (c *Claim) failed() bool {
	r := c.Remedy
	switch {
	case r == nil || r.State == RemedyHeld || r.State == RemedyRevoked:
		return false
	case r.State == RemedyFailed:
		return true
	}
	return slices.ContainsFunc(r.Earlier, func(t Told) bool { return t.FailedAt != nil })
}

// nothingLeft is why what was asked for cannot be ordered.
var nothingLeft = text.Text{EN: "nothing is left of what was paid for these goods", ZH: "所选商品已付的款项已无余额可退"}

// severalOrders is why a report without a number is refused.
var severalOrders = text.Text{EN: "this claim was ordered in several parts; name one by its number, the no of data.remedy in its message", ZH: "该申请分几次下达了处理结果，请填写序号，即消息中 data.remedy 的 no"}
