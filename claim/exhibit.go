package claim

import (
	"slices"
	"time"

	"github.com/evenhand/evenhand/access"
)

// AddEvidence ties a stored item to the claim.
func (c *Claim) AddEvidence(x Exhibit, by access.Actor) (Change, error) {
	if len(c.Evidence)+len(c.Withdrawn) >= MaxEvidence {
		return Change{}, deny(MoveEvidence, c, by, "a claim holds at most 100 pieces of evidence", "每个申请最多 100 份证据")
	}
	ch, err := c.step(MoveEvidence, c.State, by, x.At)
	if err != nil {
		return ch, err
	}
	c.Evidence = append(c.Evidence, x)
	ch.Evidence = []string{x.SHA256}
	ch.Body["evidence"], ch.Body["purpose"], ch.Body["party"] = x.ID, x.Purpose, x.Party
	return ch, nil
}

// TakeBack removes a piece of the buyer's evidence from a draft. The item and
// its bytes stay where they are; the draft does without them.
func (c *Claim) TakeBack(id string, by access.Actor, at time.Time) (Change, error) {
	ch, err := c.step(MoveTakeBack, Draft, by, at)
	if err != nil {
		return ch, err
	}
	i := c.buyersOwn(id)
	if i < 0 {
		return Change{}, deny(MoveTakeBack, c, by, "the buyer has sent no such piece of evidence", "买家没有提交过这份证据")
	}
	x := c.Evidence[i]
	c.Evidence = slices.Delete(slices.Clone(c.Evidence), i, i+1)
	c.Withdrawn = append(c.Withdrawn, x.ID)
	ch.Evidence = []string{x.SHA256}
	ch.Body["evidence"], ch.Body["purpose"], ch.Body["party"] = x.ID, x.Purpose, x.Party
	return ch, nil
}

// BuyersOwn is whether the buyer sent in this piece of evidence, and it counts.
func (c *Claim) BuyersOwn(id string) bool { return c.buyersOwn(id) >= 0 }

func (c *Claim) buyersOwn(id string) int {
	return slices.IndexFunc(c.Evidence, func(x Exhibit) bool { return x.ID == id && x.Party == Buyer })
}

// MaxEvidence bounds the pieces of evidence of one claim, with those that were
// withdrawn.
const MaxEvidence = 100
