package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
)

// What is needed for the guarantee "within": all remedies of an order together
// never exceed what was paid for it, as it is now, nor a line its share and its
// units. The check stands among the guarantees; the database keeps the sums
// once more by itself (Remedies).

// takings is the order of a step that orders, promises or gives back a remedy,
// locked, with what the other claims about it take.
type takings struct {
	order  order.Order
	others []order.Taken
	// fits is whether the remedy that the step orders finds what it takes.
	fits bool
}

// Remains is what is left of an order for remedies.
type Remains struct {
	// Amount is what is left of Paid, which is what was paid for the order.
	Amount money.Money  `json:"amount"`
	Paid   money.Money  `json:"paid"`
	Lines  []order.Left `json:"lines"`
	// Most is the most that a refund of the claim can come to; nil where no
	// claim is asked about.
	Most *money.Money `json:"most,omitempty"`
}

func remains(o order.Order, taken []order.Taken) Remains {
	room := o.Room(taken)
	return Remains{Amount: room.Amount, Paid: o.Total, Lines: room.Lines}
}

// takenBy is what the claims about an order take, but for one.
func takenBy(ctx context.Context, tx Tx, orderID, without string) (list []order.Taken, err error) {
	all, err := tx.Takings(ctx, orderID)
	for _, k := range all {
		if k.ClaimID != without {
			list = append(list, k.Taken)
		}
	}
	return list, err
}

// knownTakings is takenBy as somebody may know it: what a case takes that they
// may have to read again would tell how it was decided.
func knownTakings(ctx context.Context, tx Tx, by access.Caller, orderID, without string) (list []order.Taken, err error) {
	all, err := tx.Takings(ctx, orderID)
	hidden := map[string]bool{without: true}
	for _, k := range all {
		if _, looked := hidden[k.ClaimID]; !looked && judges(by) {
			c, err := tx.Claim(ctx, k.ClaimID)
			if err != nil {
				return nil, err
			}
			if hidden[k.ClaimID], err = blind(ctx, tx, by, c); err != nil {
				return nil, err
			}
		}
		if !hidden[k.ClaimID] {
			list = append(list, k.Taken)
		}
	}
	return list, err
}

// Left says what is left of an order, to who may see it.
func (d *Desk) Left(ctx context.Context, by access.Caller, orderID string) (out Remains, err error) {
	err = d.read(ctx, func(tx Tx) error {
		o, err := tx.Order(ctx, orderID)
		if err != nil {
			return err
		}
		if !mayReadOrder(by, o) {
			return notFound()
		}
		taken, err := knownTakings(ctx, tx, by, orderID, "")
		out = remains(o, taken)
		return err
	})
	return out, err
}

// leftFor is what is left for a claim, to who looks at it: what its own orders
// took is its to dispose of.
func leftFor(ctx context.Context, tx Tx, by access.Caller, c *claim.Claim, o order.Order) (Remains, error) {
	others, err := knownTakings(ctx, tx, by, o.ID, c.ID)
	if err != nil {
		return Remains{}, err
	}
	out := remains(o, others)
	most := c.Most(o, others)
	out.Most = &most
	return out, nil
}

// withinLeft bounds a claim's next move to what is left of its order now.
func (d *Desk) withinLeft(ctx context.Context, tx Tx, c *claim.Claim) error {
	o, err := tx.LockOrder(ctx, c.OrderID)
	if err != nil {
		return err
	}
	others, err := takenBy(ctx, tx, o.ID, c.ID)
	if err == nil {
		c.Within(o, others)
	}
	return err
}

// weigh finds out what a step's remedy takes, and writes it into the remedy and
// the event. A step that neither orders nor promises anything needs no order.
func (d *Desk) weigh(ctx context.Context, tx Tx, s *step) error {
	if !s.moves() && len(s.promises()) == 0 {
		return nil
	}
	o, err := tx.LockOrder(ctx, s.After.OrderID)
	if err != nil {
		return err
	}
	k := takings{order: o}
	if k.others, err = takenBy(ctx, tx, o.ID, s.After.ID); err != nil {
		return err
	}
	if r := s.After.Remedy; r.Counts() && s.orders() {
		r.Lines, k.fits = s.After.Takes(*r, o, k.others)
		if _, told := s.Change.Body["remedy"]; told {
			s.Change.Body["remedy"] = *r
		}
	}
	s.Taking = &k
	return nil
}

// before is the remedy before the step.
func (s step) before() *claim.Remedy {
	if s.Before == nil {
		return nil
	}
	return s.Before.Remedy
}

// moves is whether the step changes what the claim's remedies take.
func (s step) moves() bool {
	var before []order.Taken
	if s.Before != nil {
		before = s.Before.Taken()
	}
	return s.orders() || !slices.Equal(before, s.After.Taken())
}

// orders is whether the step gives the platform an order, another than before.
func (s step) orders() bool {
	b, a := s.before(), s.After.Remedy
	if !a.Counts() {
		return false
	}
	return !b.Counts() || b.No != a.No || b.Kind != a.Kind || b.Amount != a.Amount || !sameTime(b.OrderedAt, a.OrderedAt)
}

func sameTime(a, b *time.Time) bool { return a == b || a != nil && b != nil && a.Equal(*b) }

// promises are the remedies that the step puts to somebody without ordering
// them, beside what was ordered before: an offer, a proposal, a decision that
// waits to be final.
func (s step) promises() (list []claim.Remedy) {
	var before claim.Claim
	if s.Before != nil {
		before = *s.Before
	}
	put := func(r claim.Remedy) {
		if next, more := s.After.Beside(r); more || r.Amount.Amount <= 0 {
			list = append(list, next)
		}
	}
	if o := s.After.Offer; o != nil && o.State == claim.OfferOpen && (before.Offer == nil || !before.Offer.At.Equal(o.At)) {
		put(o.Remedy)
	}
	if p := s.After.Proposal; p != nil && p.Remedy.Kind != "" && (before.Proposal == nil || !before.Proposal.At.Equal(p.At)) {
		put(p.Remedy)
	}
	if r := s.After.Remedy; r != nil && r.State == claim.RemedyHeld && !r.Counts() && len(s.ruled()) > 0 {
		list = append(list, *r)
	}
	return list
}

// within: what the step orders, with all that was ordered or done for the
// order, is at most what was paid for it, and of each line at most its share
// and its units; what it promises would be.
func within(s step) text.Text { return s.exceeds() }

// exceeds says in both languages what passes what was paid; empty: nothing does.
func (s step) exceeds() text.Text {
	if s.Taking == nil {
		if s.moves() || len(s.promises()) > 0 {
			return text.Text{EN: "A remedy is ordered without looking at what is left of the order.", ZH: "未核对订单余额，不能下达处理结果。"}
		}
		return text.Text{}
	}
	k := s.Taking
	if s.orders() {
		r := s.After.Remedy
		if r.Kind.Pays() && r.Due().Amount <= 0 {
			return text.Text{EN: "A refund of 0 is none.", ZH: "退款金额须大于 0。"}
		}
		if !k.fits || !k.holds(*r) {
			return k.beyond(s.asker())
		}
	}
	for _, r := range s.promises() {
		if _, ok := s.After.Takes(r, k.order, k.others); !ok || r.Kind.Pays() && r.Amount.Amount <= 0 {
			return k.beyond(s.asker())
		}
	}
	return text.Text{}
}

// asker is the claim as it stood before it asked for too much.
func (s step) asker() *claim.Claim {
	if s.Before != nil {
		return s.Before
	}
	return s.After
}

// holds adds it all up once more: what others took, what the claim's earlier
// orders took and what the remedy takes, against what was paid. It is as strict
// as the database, which lets an order that was lowered below what was taken
// stand as it is: only what grows must fit.
func (k takings) holds(r claim.Remedy) bool {
	sum, more := int64(0), int64(0)
	amount, units := map[string]int64{}, map[string]int{}
	for _, t := range k.others {
		sum += t.Amount
		amount[t.LineID] += t.Amount
		units[t.LineID] += t.Units
	}
	before := map[string]order.Taken{}
	for _, t := range r.Before {
		sum += t.Amount
		amount[t.LineID] += t.Amount
		before[t.LineID] = t
	}
	shares := k.order.Shares()
	for _, t := range r.Lines {
		more += t.Amount
		i := slices.IndexFunc(k.order.Lines, func(l order.Line) bool { return l.ID == t.LineID })
		if i < 0 || t.Amount > 0 && amount[t.LineID]+t.Amount > shares[i] ||
			t.Units > before[t.LineID].Units && units[t.LineID]+t.Units > k.order.Lines[i].Quantity {
			return false
		}
	}
	if more > 0 && sum+more > k.order.Total.Amount {
		return false
	}
	if r.Kind.Pays() {
		return more >= r.Due().Amount
	}
	return len(r.Lines) > 0
}

// beyond says what is left for a claim.
func (k takings) beyond(c *claim.Claim) text.Text {
	room := k.order.Room(k.others)
	n, of := 0, 0
	goods := c.Goods(room)
	for _, l := range room.Lines {
		if m := goods[l.LineID]; m > 0 || len(c.LineIDs) == 0 || slices.Contains(c.LineIDs, l.LineID) {
			n, of = n+m, of+l.Quantity
		}
	}
	most := c.Most(k.order, k.others)
	stands := text.Text{}
	if len(c.Taken()) > 0 {
		stands = text.Text{
			EN: " What was ordered for this claim before counts until the platform says that it failed.",
			ZH: "本申请此前已下达的处理结果，在平台回报执行失败之前仍计入。",
		}
	}
	return text.Text{
		EN: fmt.Sprintf("More cannot be ordered than was paid: for these goods %s and %d of %d units remain; an exchange or a repair counts as what its units cost.", most, n, of) + stands.EN,
		ZH: fmt.Sprintf("处理结果合计不得超过已付金额：所选商品还可退 %s，剩 %d 件（共 %d 件）；换货、维修按商品金额计。", most.Shown(), n, of) + stands.ZH,
	}
}
