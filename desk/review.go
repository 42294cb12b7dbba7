package desk

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// LeaseTime is how long a reviewer holds a case without a sign of life.
const LeaseTime = 15 * time.Minute

// queue keeps the reviewers' queue true to a claim's state, in the same
// transaction. An entry that stays the same keeps its lease.
func (d *Desk) queue(ctx context.Context, tx Tx, before, c *claim.Claim) error {
	wasIn := before != nil && before.State == claim.InReview
	isIn := c.State == claim.InReview
	if !isIn && !wasIn {
		return nil
	}
	if wasIn && isIn && before.Round == c.Round && (before.Proposal == nil) == (c.Proposal == nil) && (before.Proposal == nil || (before.Proposal.Second == nil) == (c.Proposal.Second == nil)) {
		return d.requeue(ctx, tx, before, c)
	}
	if wasIn {
		for _, t := range []Task{TaskDecide, TaskConfirm} {
			if err := tx.DeleteReview(ctx, before.ID, before.Round, t); err != nil && !errors.Is(err, work.ErrNotFound) {
				return err
			}
		}
	}
	if !isIn {
		return nil
	}
	return tx.PutReview(ctx, entry(c))
}

// requeue carries a moved due time into the queue.
func (d *Desk) requeue(ctx context.Context, tx Tx, before, c *claim.Claim) error {
	a, b := before.Clock(claim.ClockReview), c.Clock(claim.ClockReview)
	if a == nil || b == nil || a.Due.Equal(b.Due) {
		return nil
	}
	fresh := entry(c)
	r, err := tx.Review(ctx, c.ID, fresh.Task)
	if err != nil {
		return err
	}
	r.Due = b.Due
	return tx.PutReview(ctx, r)
}

// entry is the queue's row for a claim in review.
func entry(c *claim.Claim) Review {
	r := Review{ClaimID: c.ID, Round: c.Round, Task: TaskDecide, Amount: c.Ask.Amount, Currency: c.Ask.Currency, MerchantID: c.MerchantID, BuyerID: c.BuyerID, Kind: c.Kind, Reason: c.Reason}
	if k := c.Clock(claim.ClockReview); k != nil {
		r.Due = k.Due
	}
	if n := len(c.Routings); n > 0 {
		r.Stakes = c.Routings[n-1].Stakes
	}
	for _, d := range c.Decisions {
		r.Exclude = exclude(r.Exclude, d.By, d.Second)
	}
	if p := c.Proposal; p != nil {
		r.Exclude = exclude(r.Exclude, p.By, p.Second)
		r.Task = TaskConfirm
		if p.Second != nil { // they disagree
			r.Task, r.Senior = TaskDecide, true
		}
	}
	return r
}

func exclude(list []string, by access.Actor, second *access.Actor) []string {
	if by.Person() && !slices.Contains(list, by.ID) {
		list = append(list, by.ID)
	}
	if second != nil && !slices.Contains(list, second.ID) {
		list = append(list, second.ID)
	}
	return list
}

// Lease gives a reviewer one case: the named one, or with an empty id the most
// pressing that is free. Asking again while holding it renews the lease.
func (d *Desk) Lease(ctx context.Context, by access.Caller, claimID string, task Task) (Review, error) {
	var out Review
	if !by.Has(access.RoleReviewer) {
		return out, forbidden()
	}
	err := d.write(ctx, func(tx Tx) error {
		now := d.now()
		candidates, _, err := tx.Queue(ctx, QueueFilter{}, ReviewerOf(by), now, work.Page{Limit: 20})
		if claimID != "" {
			var r Review
			if r, err = d.named(ctx, tx, by, claimID, task); err == nil {
				candidates = []Review{r}
			}
		}
		if err != nil {
			return err
		}
		for _, r := range candidates {
			out, err = d.take(ctx, tx, by, r, now)
			if e, held := text.AsRefusal(err); held && e.Code == CodeLease && claimID == "" {
				continue
			}
			return err
		}
		return notFound()
	})
	return out, err
}

// take leases an entry that the caller may have.
func (d *Desk) take(ctx context.Context, tx Tx, by access.Caller, r Review, now time.Time) (Review, error) {
	until := now.Add(LeaseTime)
	ok, err := tx.LeaseReview(ctx, r.ClaimID, r.Round, r.Task, by.ID, now, until)
	if err == nil && !ok {
		err = text.Refuse(CodeLease, "", "Somebody else holds this case.", "该案件正由其他审核员处理。")
	}
	if err != nil {
		return Review{}, err
	}
	r.Holder, r.LeaseUntil = by.ID, until
	return r, d.seesNow(ctx, tx, by, r)
}

// named finds the entry of one claim that the reviewer may take.
func (d *Desk) named(ctx context.Context, tx Tx, by access.Caller, claimID string, task Task) (Review, error) {
	if task == "" {
		task = TaskDecide
	}
	r, err := tx.Review(ctx, claimID, task)
	if err != nil {
		return r, err
	}
	who := ReviewerOf(by)
	if slices.Contains(r.Exclude, who.ID) || slices.Contains(who.Conflicts, r.MerchantID) || slices.Contains(who.Conflicts, r.BuyerID) || r.Senior && !who.Senior {
		return r, text.Refuse(text.CodeForbidden, "", "This case goes to somebody else: you have ruled on it, have to do with a side, or it needs a senior reviewer.", "该案件须由他人处理：您曾参与裁决、与当事人有关，或须由高级审核员处理。")
	}
	return r, nil
}

// Release gives a case back.
func (d *Desk) Release(ctx context.Context, by access.Caller, claimID string, round int, task Task) error {
	return d.write(ctx, func(tx Tx) error { return tx.ReleaseReview(ctx, claimID, round, task, by.ID) })
}

// held checks that the caller holds the case now.
func (d *Desk) held(ctx context.Context, tx Tx, by access.Caller, c *claim.Claim, task Task, at time.Time) (Review, error) {
	r, err := tx.Review(ctx, c.ID, task)
	if errors.Is(err, work.ErrNotFound) || err == nil && (r.Holder != by.ID || !r.LeaseUntil.After(at)) {
		return r, text.Refuse(CodeLease, "", "Take the case first: it is not leased to you now.", "请先领取该案件：目前未由您持有。")
	}
	return r, err
}

// Ruling is what a reviewer decides.
type Ruling struct {
	Outcome  claim.Outcome
	Remedy   claim.Remedy
	Reasons  []claim.ReasonCode
	Text     string // both sides read it
	Note     string // reviewers alone
	Findings []claim.FindingRef
}

// Decide lays a ruling down. From the four-eyes amount it is a proposal until
// a second person confirms it.
func (d *Desk) Decide(ctx context.Context, by access.Caller, id string, version int64, r Ruling) (*claim.Claim, error) {
	act, err := d.deciding(ctx, r)
	if err != nil {
		return nil, err
	}
	return d.reviewerMove(ctx, by, id, version, TaskDecide, act)
}

// reviewerAct is what a reviewer does with a case that they hold.
type reviewerAct func(tx Tx, c *claim.Claim, actor access.Actor, at time.Time) error

// deciding is the ruling as something to do with a case.
func (d *Desk) deciding(ctx context.Context, r Ruling) (reviewerAct, error) {
	if err := errors.Join(checkText("text", r.Text), checkText("note", r.Note)); err != nil {
		return nil, err
	}
	return d.handling(ctx, TaskDecide, ActDecide, func(tx Tx, c *claim.Claim, actor access.Actor, at time.Time) error {
		ruling := claim.Decision{
			Outcome: r.Outcome, Remedy: r.Remedy, Reasons: r.Reasons, Text: r.Text, Note: r.Note, Findings: r.Findings, By: actor, At: at,
		}
		if n := len(c.Routings); n > 0 {
			ruling.Facts, ruling.Policy = c.Routings[n-1].Facts, c.Routings[n-1].Policy
		}
		if p := c.Proposal; p != nil && p.Second != nil {
			second := p.By // the senior rules; the first reader was the second pair of eyes
			ruling.Second = &second
		} else if c.Terms.NeedsFourEyes(c.Ask) {
			return d.move(ctx, tx, c, at, func(c *claim.Claim) (claim.Change, error) { return c.Propose(ruling) })
		}
		return d.rule(ctx, tx, c, ruling, at)
	}), nil
}

// rule commits a decision and draws the sample that is read again.
func (d *Desk) rule(ctx context.Context, tx Tx, c *claim.Claim, ruling claim.Decision, at time.Time) error {
	m, err := merchantOf(ctx, tx, c.MerchantID)
	if err != nil {
		return err
	}
	before := c.Standing()
	err = d.move(ctx, tx, c, at, func(c *claim.Claim) (claim.Change, error) {
		r := ruling.Remedy
		if c.Heard == nil && r.Kind != "" && m.Consent.Covers(string(r.Kind), string(c.Reason), c.Categories, r.Amount) {
			c.Heard = &claim.Hearing{How: claim.HeardConsent, At: at}
		}
		return c.Decide(ruling)
	})
	if err != nil {
		return err
	}
	if before != nil && before.Round < c.Round && before.By.Person() && before.Outcome != ruling.Outcome {
		if err := tx.Overturn(ctx, c.ID, before.Round, before.By.ID); err != nil {
			return err
		}
	}
	if !sampled(c.ID, c.Round, c.Terms.SecondReading) {
		return nil
	}
	r := entry(c)
	r.Task, r.Senior, r.Due = TaskReread, false, at.Add(d.hurried(7*24*time.Hour))
	return tx.PutReview(ctx, r)
}

// sampled draws by the claim's id, so that nobody can steer it and every node
// draws alike.
func sampled(id string, round int, share float64) bool {
	sum := sha256.Sum256([]byte(id + ":" + string(rune('0'+round))))
	return float64(binary.BigEndian.Uint32(sum[:4])) < share*(1<<32)
}

// Confirm makes a proposed decision the claim's decision.
func (d *Desk) Confirm(ctx context.Context, by access.Caller, id string, version int64) (*claim.Claim, error) {
	return d.reviewerMove(ctx, by, id, version, TaskConfirm, d.confirming(ctx))
}

func (d *Desk) confirming(ctx context.Context) reviewerAct {
	return d.handling(ctx, TaskConfirm, ActConfirm, func(tx Tx, c *claim.Claim, actor access.Actor, at time.Time) error {
		if c.Proposal == nil || c.Proposal.By.ID == actor.ID {
			return text.Refuse(CodeTwoPeople, "", "Another reviewer must confirm.", "须由另一位审核员确认。")
		}
		ruling := *c.Proposal
		ruling.Second, ruling.At = &actor, at
		return d.rule(ctx, tx, c, ruling, at)
	})
}

// ReturnProposal hands it to a senior reviewer.
func (d *Desk) ReturnProposal(ctx context.Context, by access.Caller, id string, version int64, note string) (*claim.Claim, error) {
	if err := checkText("note", note); err != nil {
		return nil, err
	}
	return d.reviewerMove(ctx, by, id, version, TaskConfirm, d.handling(ctx, TaskConfirm, ActReturn, func(tx Tx, c *claim.Claim, actor access.Actor, at time.Time) error {
		return d.move(ctx, tx, c, at, func(c *claim.Claim) (claim.Change, error) { return c.Return(actor, note, at) })
	}))
}

// AskBuyer, AskShop and AskVisit put the case back to a side, or to somebody
// on the spot.
func (d *Desk) AskBuyer(ctx context.Context, by access.Caller, id string, version int64, q text.Text) (*claim.Claim, error) {
	return d.ask(ctx, by, id, version, q, (*claim.Claim).AskMore)
}

// AskShop is AskBuyer for a merchant who was passed over.
func (d *Desk) AskShop(ctx context.Context, by access.Caller, id string, version int64, q text.Text) (*claim.Claim, error) {
	return d.ask(ctx, by, id, version, q, (*claim.Claim).AskShop)
}

// AskVisit sends somebody to look.
func (d *Desk) AskVisit(ctx context.Context, by access.Caller, id string, version int64) (*claim.Claim, error) {
	return d.ask(ctx, by, id, version, visitQuestion, askVisit)
}

// visitQuestion stands for the question that a visit answers; nobody is asked.
var visitQuestion = text.Text{EN: "visit", ZH: "上门"}

// question is a move of the domain that asks somebody.
type question func(*claim.Claim, access.Actor, text.Text, time.Time) (claim.Change, error)

func askVisit(c *claim.Claim, a access.Actor, _ text.Text, at time.Time) (claim.Change, error) {
	return c.AskVisit(a, at)
}

func (d *Desk) ask(ctx context.Context, by access.Caller, id string, version int64, q text.Text, f question) (*claim.Claim, error) {
	act, err := d.asking(ctx, q, f)
	if err != nil {
		return nil, err
	}
	return d.reviewerMove(ctx, by, id, version, TaskDecide, act)
}

// asking is the question as something to do with a case.
func (d *Desk) asking(ctx context.Context, q text.Text, f question) (reviewerAct, error) {
	if err := errors.Join(checkText("question", q.EN), checkText("question", q.ZH)); err != nil {
		return nil, err
	}
	if q.EN == "" && q.ZH == "" {
		return nil, text.Refuse(text.CodeInvalid, "question", "Say what you ask.", "请写明问题。")
	}
	return func(tx Tx, c *claim.Claim, actor access.Actor, at time.Time) error {
		return d.move(ctx, tx, c, at, func(c *claim.Claim) (claim.Change, error) { return f(c, actor, q, at) })
	}, nil
}

func (d *Desk) reviewerMove(ctx context.Context, by access.Caller, id string, version int64, task Task, f reviewerAct) (*claim.Claim, error) {
	if !by.Has(access.RoleReviewer) {
		return nil, forbidden()
	}
	return d.change(ctx, by, id, version, func(tx Tx, c *claim.Claim, at time.Time) error {
		if _, err := d.held(ctx, tx, by, c, task, at); err != nil {
			return err
		}
		return f(tx, c, by.As(access.RoleSenior, access.RoleReviewer), at)
	})
}

// handling is for what ends a reviewer's work on a case: it keeps how long they
// held it.
func (d *Desk) handling(ctx context.Context, task Task, act Act, f reviewerAct) reviewerAct {
	return func(tx Tx, c *claim.Claim, actor access.Actor, at time.Time) error {
		r, err := tx.Review(ctx, c.ID, task)
		if err != nil {
			return err
		}
		if err := f(tx, c, actor, at); err != nil {
			return err
		}
		return tx.PutHandling(ctx, Handling{ClaimID: c.ID, Round: r.Round, Act: act, By: actor.ID, At: at, TakenAt: r.TakenAt})
	}
}

// Reread records a blind second reading; it changes nothing for the parties.
func (d *Desk) Reread(ctx context.Context, by access.Caller, id string, outcome claim.Outcome) error {
	if !slices.Contains([]claim.Outcome{claim.Granted, claim.Partly, claim.Refused}, outcome) {
		return text.Refuse(text.CodeInvalid, "outcome", "outcome must be granted, partly or refused.", "裁决结果须为支持、部分支持或不支持。")
	}
	_, err := d.changeSeen(ctx, by, id, 0, func(tx Tx, c *claim.Claim, at time.Time) error {
		r, err := d.held(ctx, tx, by, c, TaskReread, at)
		if err != nil {
			return err
		}
		if slices.Contains(r.Exclude, by.ID) {
			return forbidden()
		}
		i := slices.IndexFunc(c.Decisions, func(x claim.Decision) bool { return x.Round == r.Round && x.By.Person() })
		if i < 0 {
			return notFound()
		}
		first := c.Decisions[i]
		reading := Reading{ClaimID: id, Round: r.Round, By: by.ID, At: at, First: first.Outcome, Second: outcome, FirstBy: first.By.ID}
		if err := tx.PutReading(ctx, reading); err != nil {
			return err
		}
		if err := tx.DeleteReview(ctx, id, r.Round, TaskReread); err != nil {
			return err
		}
		return d.remark(ctx, tx, c, "reread", by.As(access.RoleSenior, access.RoleReviewer), at, map[string]any{"round": r.Round}, nil)
	})
	return err
}

// Agreement says how often second readings agree with the first: the plain
// share, and Cohen's kappa (Cohen 1960, "A coefficient of agreement for
// nominal scales"), which takes off what chance would give. Kappa is 0 where
// there is nothing to compare.
type Agreement struct {
	Readings int     `json:"readings"`
	Agreed   int     `json:"agreed"`
	Kappa    float64 `json:"kappa"`
}

// Agreement sums up the readings between two times.
func (d *Desk) Agreement(ctx context.Context, by access.Caller, from, to time.Time) (Agreement, error) {
	if !by.HasAny(access.RoleOperator, access.RoleAuditor, access.RoleSenior) {
		return Agreement{}, forbidden()
	}
	var list []Reading
	err := d.read(ctx, func(tx Tx) (err error) {
		list, err = tx.Readings(ctx, from, to)
		return err
	})
	return agreement(list), err
}

func agreement(list []Reading) Agreement {
	a := Agreement{Readings: len(list)}
	first, second := map[claim.Outcome]float64{}, map[claim.Outcome]float64{}
	for _, r := range list {
		first[r.First]++
		second[r.Second]++
		if r.First == r.Second {
			a.Agreed++
		}
	}
	if len(list) == 0 {
		return a
	}
	n := float64(len(list))
	chance := 0.0
	for o, x := range first {
		chance += x / n * second[o] / n
	}
	if chance < 1 {
		a.Kappa = (float64(a.Agreed)/n - chance) / (1 - chance)
	}
	return a
}
