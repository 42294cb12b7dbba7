package desk

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk/mask"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// Bounds of what stands around a case.
const (
	maxRecent  = 10
	maxSharing = 50
	// answeredOf is over how many of a merchant's last claims the share of
	// answers is taken.
	answeredOf = 100
)

// Context is what a reviewer knows of both sides beyond the case itself.
type Context struct {
	Buyer    BuyerContext    `json:"buyer"`
	Merchant MerchantContext `json:"merchant"`
	Sharing  []Shared        `json:"sharing"`
	// Route is how the claim was routed last; nil before the first time.
	Route *RouteContext `json:"route"`
}

// BuyerContext is a buyer's history, this claim left out. The windows are
// those of claim.Facts: orders and confirmed cases of a year, claims and
// refunds of 90 days.
type BuyerContext struct {
	Orders    int      `json:"orders"`
	Claims    int      `json:"claims"`
	Refunds   int      `json:"refunds"`
	Confirmed int      `json:"confirmed"`
	Recent    []Recent `json:"recent"`
}

// MerchantContext is a merchant's, over 30 days.
type MerchantContext struct {
	Name         string `json:"name"`
	RecentClaims int    `json:"recent_claims"`
	// AnsweredInTimeShare is 0 to 1 of the last claims that waited for the
	// merchant; nil where none did.
	AnsweredInTimeShare *float64 `json:"answered_in_time_share"`
	Recent              []Recent `json:"recent"`
}

// Recent is another claim of a side in one line.
type Recent struct {
	ID       string        `json:"id"`
	Kind     claim.Kind    `json:"kind"`
	Reason   claim.Reason  `json:"reason"`
	State    claim.State   `json:"state"`
	Outcome  claim.Outcome `json:"outcome,omitempty"`
	OpenedAt time.Time     `json:"opened_at"`
	Amount   money.Money   `json:"amount"`
}

// Shared is another claim in which a picture of this one was found.
type Shared struct {
	ClaimID       string            `json:"claim_id"`
	EvidenceID    string            `json:"evidence_id"`     // there
	OwnEvidenceID string            `json:"own_evidence_id"` // here
	Code          evidence.Code     `json:"code"`
	Strength      evidence.Strength `json:"strength"`
	State         claim.State       `json:"state"`
	Outcome       claim.Outcome     `json:"outcome,omitempty"`
	SameBuyer     bool              `json:"same_buyer"`
}

// RouteContext says which rule put the claim where it is.
type RouteContext struct {
	PolicyVersion string       `json:"policy_version"`
	Rule          string       `json:"rule"`
	Action        claim.Action `json:"action"`
	Text          text.Text    `json:"text"`
	Note          string       `json:"note,omitempty"`
	NoteZH        string       `json:"note_zh,omitempty"`
	// Overruled names the guarantee that did not let the rule's own action,
	// Wanted, happen.
	Overruled string       `json:"overruled,omitempty"`
	Wanted    claim.Action `json:"wanted,omitempty"`
}

// Context tells a reviewer what stands around a case. Claims of sides that the
// caller has to do with are left out.
func (d *Desk) Context(ctx context.Context, by access.Caller, id string) (out Context, err error) {
	err = d.read(ctx, func(tx Tx) error {
		out = Context{Sharing: []Shared{}}
		c, err := d.seen(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if DepthOf(by, c) != DepthReviewer {
			return forbidden()
		}
		h, err := tx.History(ctx, c.BuyerID, c.MerchantID, c.ID, judges(by), d.now())
		if err != nil {
			return err
		}
		out.Buyer = BuyerContext{Orders: h.BuyerOrders, Claims: h.BuyerClaims, Refunds: h.BuyerRefunds, Confirmed: h.BuyerConfirmed}
		out.Merchant.RecentClaims = h.MerchantRecent
		reading, err := blindUntil(ctx, tx, by, c)
		if err != nil {
			return err
		}
		out.Route = routeContext(c)
		if reading != nil {
			out.Route = routeContext(mask.Blind(c, reading.Round))
		}
		if err := out.sides(ctx, tx, by, c); err != nil {
			return err
		}
		out.Sharing, err = sharing(ctx, tx, by, c, reading)
		return err
	})
	return out, err
}

// sides fills in both sides' other claims.
func (x *Context) sides(ctx context.Context, tx Tx, by access.Caller, c *claim.Claim) error {
	m, err := merchantOf(ctx, tx, c.MerchantID)
	if err != nil {
		return err
	}
	x.Merchant.Name = m.Name
	theirs, _, err := tx.Claims(ctx, ClaimFilter{BuyerID: c.BuyerID}, work.Page{Limit: 2 * maxRecent})
	if err != nil {
		return err
	}
	if x.Buyer.Recent, err = recents(ctx, tx, theirs, by, c.ID); err != nil {
		return err
	}
	shops, _, err := tx.Claims(ctx, ClaimFilter{MerchantID: c.MerchantID}, work.Page{Limit: answeredOf})
	if err != nil {
		return err
	}
	x.Merchant.AnsweredInTimeShare = answeredInTime(shops)
	x.Merchant.Recent, err = recents(ctx, tx, shops, by, c.ID)
	return err
}

func recents(ctx context.Context, tx Tx, list []*claim.Claim, by access.Caller, without string) ([]Recent, error) {
	out := []Recent{}
	list, err := blindly(ctx, tx, by, ClaimFilter{}, slices.Clone(list))
	for _, c := range list {
		if c.ID == without || c.State == claim.Draft || !MayRead(by, c) || len(out) == maxRecent {
			continue
		}
		out = append(out, Recent{ID: c.ID, Kind: c.Kind, Reason: c.Reason, State: c.State, Outcome: outcomeOf(c), OpenedAt: c.OpenedAt, Amount: c.Ask})
	}
	return out, err
}

// outcomeOf is how a claim stands decided, empty before a decision.
func outcomeOf(c *claim.Claim) claim.Outcome {
	if s := c.Standing(); s != nil {
		return s.Outcome
	}
	return ""
}

// answeredInTime is the share of claims on which the merchant spoke before the
// window ran out, of those where it did or the window ran out.
func answeredInTime(list []*claim.Claim) *float64 {
	spoke, waited := 0, 0
	for _, c := range list {
		switch {
		case len(c.Answers) > 0:
			spoke, waited = spoke+1, waited+1
		case c.Heard != nil && c.Heard.How == claim.HeardSilence:
			waited++
		}
	}
	if waited == 0 {
		return nil
	}
	share := float64(spoke) / float64(waited)
	return &share
}

func routeContext(c *claim.Claim) *RouteContext {
	if len(c.Routings) == 0 {
		return nil
	}
	r := c.Routings[len(c.Routings)-1]
	return &RouteContext{PolicyVersion: r.Policy, Rule: r.Rule, Action: r.Action, Text: r.Why, Note: r.Note, NoteZH: r.NoteZH, Overruled: r.Overruled, Wanted: r.Wanted}
}

// sharing finds the other claims that have a picture in common with this one:
// those filed before, which this claim's findings name, and those filed
// afterwards, as far as their bytes are the same. A second reader is told of
// the pictures that the first had.
func sharing(ctx context.Context, tx Tx, by access.Caller, c *claim.Claim, reading *Review) ([]Shared, error) {
	items, err := tx.EvidenceOfClaim(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	if reading != nil {
		items = foundBy(c, reading, items)
	}
	var found []Shared
	for _, it := range items {
		if it.Party != string(claim.Buyer) {
			continue
		}
		mine, err := sharedWith(ctx, tx, by, c, it)
		if err != nil {
			return nil, err
		}
		found = append(found, mine...)
		if len(found) >= maxSharing {
			break
		}
	}
	slices.SortStableFunc(found, func(a, b Shared) int { return cmp.Compare(b.Strength.Rank(), a.Strength.Rank()) })
	return append([]Shared{}, found[:min(len(found), maxSharing)]...), nil
}

// sharedWith is sharing for one item.
func sharedWith(ctx context.Context, tx Tx, by access.Caller, c *claim.Claim, it evidence.Item) ([]Shared, error) {
	type other struct {
		id       string
		strength evidence.Strength
	}
	var others []other
	asked := map[string]bool{}
	note := func(id string, s evidence.Strength) {
		if id != "" && !asked[id] && len(others) < maxSharing {
			asked[id] = true
			others = append(others, other{id, s})
		}
	}
	if it.Screening != nil {
		for _, f := range it.Screening.Findings {
			if strings.HasPrefix(string(f.Code), "reuse.") {
				note(f.Reference, f.Strength)
			}
		}
	}
	equal, err := tx.FingerprintBySHA(ctx, it.SHA256)
	if err != nil {
		return nil, err
	}
	for _, f := range equal {
		if f.ClaimID != "" && f.ClaimID != c.ID {
			note(f.Evidence, evidence.Conclusive) // the very same bytes
		}
	}
	var out []Shared
	for _, o := range others {
		s, ok, err := sharedItem(ctx, tx, by, c, o.id)
		if err != nil {
			return nil, err
		}
		if ok {
			s.OwnEvidenceID, s.Code, s.Strength = it.ID, evidence.ReuseSameCapture, o.strength
			out = append(out, s)
		}
	}
	return out, nil
}

// sharedItem looks up another claim's item; ok is false where it is of this
// claim or of none, or not the caller's to see.
func sharedItem(ctx context.Context, tx Tx, by access.Caller, c *claim.Claim, evidenceID string) (s Shared, ok bool, err error) {
	it, err := tx.Evidence(ctx, evidenceID)
	if errors.Is(err, work.ErrNotFound) || err == nil && (it.ClaimID == "" || it.ClaimID == c.ID || it.WithdrawnAt != nil) {
		return s, false, nil
	}
	if err != nil {
		return s, false, err
	}
	k, err := tx.Claim(ctx, it.ClaimID)
	if err != nil || !MayRead(by, k) {
		return s, false, err
	}
	if r, err := blindUntil(ctx, tx, by, k); err != nil {
		return s, false, err
	} else if r != nil {
		k = mask.Blind(k, r.Round)
	}
	return Shared{ClaimID: k.ID, EvidenceID: it.ID, State: k.State, Outcome: outcomeOf(k), SameBuyer: k.BuyerID == c.BuyerID}, true, nil
}
