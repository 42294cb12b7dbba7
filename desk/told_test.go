package desk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/work"
)

// told is one order as the platform heard of it: what it has given away by it,
// until it says that it failed.
type told struct {
	no           int
	worth        int64 // what is paid back, or what the exchanged article cost
	swap         bool
	done, failed bool
}

// hear notes what a platform is told to carry out. What is rolled back after it
// leaves no event.
func (p *play) hear(ctx context.Context, tx desk.Tx, m work.Message) error {
	if m.Topic != desk.TopicRemedyOrdered {
		return nil
	}
	var body struct {
		Event, Order string
		Pay          money.Money
		Remedy       claim.Remedy
	}
	if err := json.Unmarshal(m.Body, &body); err != nil {
		return err
	}
	k := &told{no: body.Remedy.No, worth: body.Pay.Amount, swap: !body.Remedy.Kind.Pays()}
	if k.swap {
		o, err := tx.Order(ctx, body.Order)
		if err != nil {
			return err
		}
		k.worth = o.Total.Amount
	}
	p.told[body.Event] = k
	return nil
}

// toldOf is what the platform was told of a claim, in time order.
func (p *play) toldOf(id string) (list []*told) {
	events, err := p.desk.Events(p.ctx, opal, id)
	p.must(err)
	for _, e := range events {
		if k := p.told[e.ID]; k != nil {
			list = append(list, k)
		}
	}
	return list
}

// report says of an order that it was done or failed, by its number or without,
// and notes which one it was. Without a number only one can have been meant.
func (p *play) report(t *rapid.T, id string, can func(*told) bool, say func(no int) error, note func(*told)) error {
	no, list := 0, p.toldOf(id)
	if len(list) > 0 && rapid.Bool().Draw(t, "by number") {
		no = rapid.SampledFrom(list).Draw(t, "order").no
	}
	err := say(no)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(k *told) bool { return no > 0 && k.no != no || !can(k) })
	if len(list) != 1 {
		t.Fatalf("a report of order %d of %s was taken, which can mean %d orders", no, id, len(list))
	}
	note(list[0])
	return nil
}

// overdrawn adds up what the platform was told to give for an order, less what
// it said to have failed, whenever it is told something: neither the claims'
// remedies nor the store's ledger are asked.
func (p *play) overdrawn(c, before *claim.Claim, events []record.Event) (out []string) {
	known := int64(0)
	if before != nil {
		known = before.Events
	}
	if !slices.ContainsFunc(events[min(known, int64(len(events))):], func(e record.Event) bool { return p.told[e.ID] != nil }) {
		return nil
	}
	o, err := p.desk.Order(p.ctx, platform, c.OrderID)
	p.must(err)
	list, _, err := p.desk.Claims(p.ctx, opal, desk.ClaimFilter{OrderID: c.OrderID}, work.Page{Limit: 200})
	p.must(err)
	given, swapped, granted := int64(0), 0, int64(0)
	for _, one := range list {
		numbers := map[int]bool{}
		for _, k := range p.toldOf(one.ID) {
			if k.no < 1 || numbers[k.no] {
				out = append(out, fmt.Sprintf("within: two orders of %s have the number %d", one.ID, k.no))
			}
			numbers[k.no] = true
			if k.failed {
				continue
			}
			given += k.worth
			if k.swap {
				swapped++
			}
			if one.ID == c.ID && !k.swap {
				granted += k.worth
			}
		}
	}
	if given > o.Total.Amount || swapped > 1 {
		out = append(out, fmt.Sprintf("within: %d given back, with %d exchanges and repairs, of one article that cost %d", given, swapped, o.Total.Amount))
	}
	if d := c.Standing(); d == nil || d.Remedy.Kind.Pays() && granted > d.Remedy.Amount.Amount {
		out = append(out, fmt.Sprintf("within: told to pay %d by the decision %+v", granted, d))
	}
	return out
}
