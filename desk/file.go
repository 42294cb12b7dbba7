package desk

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// Limits of free words and files.
const (
	MaxText  = 4000      // characters of a story, an answer, an appeal
	MaxPhoto = 100 << 20 // bytes
	MaxVideo = 2 << 30
)

// fields turns a validation error into a refusal that names the first field,
// and says of each what it must be.
func fields(err error) error {
	if err == nil {
		return nil
	}
	e := text.Refuse(text.CodeInvalid, "", "The order is not valid.", "订单内容有误。").Because(err)
	var en, zh []string
	for _, f := range fieldErrors(err) {
		if e.Field == "" {
			e.Field = f.Field
		}
		en, zh = append(en, f.Field+" "+f.Fix.EN), append(zh, f.Field+" "+f.Fix.ZH)
	}
	if len(en) > 0 {
		e.Text = text.Text{EN: strings.Join(en, "; ") + ".", ZH: strings.Join(zh, "；") + "。"}
	}
	return e
}

// fieldErrors are those that an error joins.
func fieldErrors(err error) (out []order.FieldError) {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		for _, e := range joined.Unwrap() {
			out = append(out, fieldErrors(e)...)
		}
		return out
	}
	var f order.FieldError
	if errors.As(err, &f) {
		out = append(out, f)
	}
	return out
}

// amountFault is what is wrong with an amount, as a sentence about a field.
func amountFault(field string, err error) text.Text {
	var f text.Fault
	if !errors.As(err, &f) {
		return text.Text{EN: "The amount is not valid.", ZH: "金额有误。"}
	}
	return text.Text{EN: field + ": " + f.EN + ".", ZH: field + "：" + f.ZH + "。"}
}

// Filing is what a buyer asks for.
type Filing struct {
	OrderID string
	LineIDs []string // empty: the whole order
	// Units says how many of each line, by its id; a line that is not named
	// there: all that remain of it.
	Units  map[string]int
	Kind   claim.Kind
	Reason claim.Reason
	Ask    money.Money // zero: all that remains of what was paid for these units
	Story  string
	// Submit files it at once; otherwise it stays a draft to add evidence to.
	Submit bool
}

// Filed is a claim with what its filing still lacks.
type Filed struct {
	Claim   *claim.Claim
	Missing []claim.Requirement
}

// File opens a claim about an order. One order line has one open claim.
func (d *Desk) File(ctx context.Context, by access.Caller, f Filing) (Filed, error) {
	var out Filed
	if by.Only != "" { // a link is for its one claim
		return out, forbidden()
	}
	err := d.write(ctx, func(tx Tx) error {
		o, err := tx.LockOrder(ctx, f.OrderID) // two filings at once would not see each other
		if err != nil {
			return err
		}
		if !isBuyer(by, o.BuyerID) {
			return notFound()
		}
		at := d.now()
		c, err := d.draft(ctx, tx, o, f, at)
		if err != nil {
			return err
		}
		actor := by.As(access.RoleBuyer, access.RoleIntegrator)
		first := claim.Change{Move: "opened", By: actor, At: at, Body: map[string]any{"order": o.ID, "kind": c.Kind, "reason": c.Reason, "ask": c.Ask}, To: claim.Draft}
		out = Filed{Claim: c}
		if out.Missing, err = d.missing(ctx, tx, c); err != nil {
			return err
		}
		return tx.Together(ctx, func() error {
			if err := d.commit(ctx, tx, step{After: c, Change: first}); err != nil || !f.Submit {
				return err
			}
			return d.submit(ctx, tx, c, actor, out.Missing, at)
		})
	})
	return out, err
}

func (d *Desk) draft(ctx context.Context, tx Tx, o order.Order, f Filing, at time.Time) (*claim.Claim, error) {
	w, err := f.wish(ctx, tx, o, "")
	if err != nil {
		return nil, err
	}
	return &claim.Claim{
		ID: d.newID("c", at), OrderID: o.ID, LineIDs: w.LineIDs, Units: w.Units, MerchantID: o.MerchantID, BuyerID: o.BuyerID,
		Categories: w.Categories, Kind: w.Kind, Reason: w.Reason, Ask: w.Ask, Story: w.Story,
		State: claim.Draft, Round: 1, OpenedAt: at,
	}, nil
}

// Amend changes what a draft asks for and says what it lacks then. The order
// stays the same: f.OrderID and f.Submit are not read.
func (d *Desk) Amend(ctx context.Context, by access.Caller, id string, version int64, f Filing) (Filed, error) {
	var out Filed
	c, err := d.change(ctx, by, id, version, func(tx Tx, c *claim.Claim, at time.Time) error {
		if !isBuyer(by, c.BuyerID) {
			return notFound()
		}
		o, err := tx.LockOrder(ctx, c.OrderID)
		if err != nil {
			return err
		}
		w, err := f.wish(ctx, tx, o, c.ID)
		if err != nil {
			return err
		}
		actor := by.As(access.RoleBuyer, access.RoleIntegrator)
		if err := d.move(ctx, tx, c, at, func(c *claim.Claim) (claim.Change, error) { return c.Amend(w, actor, at) }); err != nil {
			return err
		}
		out.Missing, err = d.missing(ctx, tx, c)
		return err
	})
	out.Claim = c
	return out, err
}

func checkText(field, words string) error {
	if len([]rune(words)) > MaxText || strings.ContainsRune(words, 0) {
		return text.Refuse(text.CodeInvalid, field, "This text must have at most 4,000 characters and no NUL.", "文字不得超过 4000 字，且不得含空字符。")
	}
	return nil
}

func (d *Desk) missing(ctx context.Context, tx Tx, c *claim.Claim) ([]claim.Requirement, error) {
	p, err := d.policyFor(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	return claim.MissingFrom(claim.Requirements(c.Kind, c.Reason, c.Ask, p.VideoFrom()), c.Evidence), nil
}

func (d *Desk) submit(ctx context.Context, tx Tx, c *claim.Claim, by access.Actor, missing []claim.Requirement, at time.Time) error {
	if len(missing) > 0 {
		return incomplete(missing)
	}
	after := c.Clone()
	ch, err := after.Submit(by, at)
	if err != nil {
		return err
	}
	if err := d.commit(ctx, tx, step{Before: c, After: after, Change: ch}); err != nil {
		return err
	}
	*c = *after
	return d.advance(ctx, tx, c, at)
}

// Submit files a draft.
func (d *Desk) Submit(ctx context.Context, by access.Caller, claimID string, version int64) (*claim.Claim, error) {
	return d.change(ctx, by, claimID, version, func(tx Tx, c *claim.Claim, at time.Time) error {
		if !isBuyer(by, c.BuyerID) {
			return notFound()
		}
		missing, err := d.missing(ctx, tx, c)
		if err != nil {
			return err
		}
		return d.submit(ctx, tx, c, by.As(access.RoleBuyer, access.RoleIntegrator), missing, at)
	})
}

// change loads a claim that the caller may see, checks the version it was
// seen at (0: any), and runs f in one transaction.
func (d *Desk) change(ctx context.Context, by access.Caller, id string, version int64, f func(Tx, *claim.Claim, time.Time) error) (*claim.Claim, error) {
	return d.changeIf(ctx, by, id, version, func(tx Tx, c *claim.Claim) error {
		hidden, err := blind(ctx, tx, by, c)
		if err == nil && hidden { // what a move answers, or how it is refused, tells too
			err = errBlind()
		}
		return err
	}, f)
}

// changeSeen is change also for a second reader, who gives a reading.
func (d *Desk) changeSeen(ctx context.Context, by access.Caller, id string, version int64, f func(Tx, *claim.Claim, time.Time) error) (*claim.Claim, error) {
	return d.changeIf(ctx, by, id, version, nil, f)
}

// changeIf is change where may lets it, which is asked before versions are
// compared: a version tells how much has happened to a claim.
func (d *Desk) changeIf(ctx context.Context, by access.Caller, id string, version int64, may func(Tx, *claim.Claim) error, f func(Tx, *claim.Claim, time.Time) error) (*claim.Claim, error) {
	var out *claim.Claim
	err := d.write(ctx, func(tx Tx) error {
		c, err := tx.Claim(ctx, id)
		if err != nil {
			return err
		}
		if !MayRead(by, c) {
			return notFound()
		}
		if may != nil {
			if err := may(tx, c); err != nil {
				return err
			}
		}
		if version != 0 && c.Version != version {
			return work.ErrConflict
		}
		out = c
		return f(tx, c, d.now())
	})
	return out, err
}

// move runs one domain move on a claim, commits it, and routes it on where it
// went back to Screening.
func (d *Desk) move(ctx context.Context, tx Tx, c *claim.Claim, at time.Time, f func(*claim.Claim) (claim.Change, error)) error {
	after := c.Clone()
	ch, err := f(after)
	if err != nil {
		return err
	}
	if err := d.commit(ctx, tx, step{Before: c, After: after, Change: ch}); err != nil {
		return err
	}
	*c = *after
	return d.advance(ctx, tx, c, at)
}

// WithdrawEvidence removes a piece of the buyer's evidence from a draft and says
// what the draft lacks then. Item, bytes and record are kept; nothing and nobody
// looks at them any more.
func (d *Desk) WithdrawEvidence(ctx context.Context, by access.Caller, claimID, evidenceID string) (Filed, error) {
	var out Filed
	c, err := d.change(ctx, by, claimID, 0, func(tx Tx, c *claim.Claim, at time.Time) error {
		if !isBuyer(by, c.BuyerID) || c.State == claim.Draft && !c.BuyersOwn(evidenceID) {
			return notFound()
		}
		actor := by.As(access.RoleBuyer, access.RoleIntegrator)
		err := d.move(ctx, tx, c, at, func(c *claim.Claim) (claim.Change, error) {
			ch, err := c.TakeBack(evidenceID, actor, at)
			if err != nil {
				return ch, err
			}
			return ch, errors.Join(tx.WithdrawEvidence(ctx, evidenceID, at), withoutWitness(ctx, tx, claimID, evidenceID))
		})
		if err != nil {
			return err
		}
		out.Missing, err = d.missing(ctx, tx, c)
		return err
	})
	out.Claim = c
	return out, err
}

// Hides is whether a character has no place in a name: control characters, and
// those that turn the direction of what follows, by which a name reads as
// another. The joiners and marks that scripts are written with are left.
func Hides(r rune) bool {
	return unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x2028 || r == 0x2029 || r == 0xfeff
}

// plainName is a name without what Hides.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if Hides(r) {
			return -1
		}
		return r
	}, name)
}

// cleanName keeps a file's last path element, bounded, without control characters.
func cleanName(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		if r == 0xfffd || Hides(r) {
			return -1
		}
		return r
	}, name)
	if r := []rune(name); len(r) > 120 {
		name = string(r[len(r)-120:])
	}
	return name
}
