package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk/mask"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/work"
)

// Options is what a Desk works with.
type Options struct {
	Store Store
	Blobs Blobs
	// Now is the clock; nil is the system's. It is called once a transaction.
	Now func() time.Time
	// Random feeds ids and salts; nil is crypto/rand.
	Random io.Reader
	// Hurry divides every window, for trials and tests: 3600 makes an hour a
	// second. 0 and 1 are real time.
	Hurry int
	// Examine screens evidence; nil leaves evidence unexamined (tests).
	Examine Examiner
	// Align lays pictures over one another for those who compare them by eye;
	// nil lays none.
	Align Aligner
	// Sight asks photos about places that a person marks on another; nil asks
	// none.
	Sight Sighter
	// Fanout hands a message to those who asked for it, inside the
	// transaction; nil keeps messages to the desk.
	Fanout func(ctx context.Context, tx Tx, m work.Message) error
	// Deliver sends one waiting delivery.
	Deliver func(ctx context.Context, deliveryID string) error
	// Mail sends the letter that a job asks for; nil: no mail goes out.
	Mail func(ctx context.Context, subject string) error
	// Compile makes rules of a policy's text; nil is package policy's. Tests
	// put hostile rules here.
	Compile func(source []byte) (Rules, error)
	// Notice is how long a policy version is public before it can be active.
	Notice Notice
	// TagKey is the key of tags, the same on all nodes; nil makes one that is good
	// as long as the process runs.
	TagKey func(context.Context) ([]byte, error)
	// Quotas bound the bytes that are kept; the zero value is DefaultQuotas.
	Quotas Quotas
	Log    *slog.Logger
}

// Notice is the public notice before new rules (Order 116: 7 days, and 15 for
// major changes).
type Notice struct{ Minor, Major time.Duration }

// DefaultNotice is what China's Order 116 asks for.
var DefaultNotice = Notice{Minor: 7 * 24 * time.Hour, Major: 15 * 24 * time.Hour}

// Examiner runs the detectors over one piece of evidence. It answers an error
// only for what is worth another try; an unreadable file is a Screening with
// its Error set.
type Examiner interface {
	Examine(ctx context.Context, c Examination) (evidence.Screening, []Fingerprint, error)
}

// Examination is one item with what it is compared against.
type Examination struct {
	Item        evidence.Item
	BuyerID     string
	References  []evidence.Item
	Siblings    []evidence.Item // the buyer's other evidence of the same claim
	OrderedAt   time.Time
	DeliveredAt *time.Time
	Lat, Lon    *float64
}

// Desk is the after-sales desk. It may be used by many goroutines, and by
// many processes on one store.
type Desk struct {
	opts     Options
	now      func() time.Time
	policies *policyCache
	tallies  tallies
	tags     *tagger
}

// New makes a desk; Options.Store and Blobs must be set.
func New(o Options) *Desk {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	o.Hurry = max(o.Hurry, 1)
	if o.Notice == (Notice{}) {
		o.Notice = DefaultNotice
	}
	o.Quotas = o.Quotas.orDefault()
	if o.Compile == nil {
		o.Compile = compilePolicy
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	now := o.Now
	return &Desk{opts: o, now: func() time.Time { return now().UTC().Truncate(time.Microsecond) }, policies: &policyCache{}, tags: newTagger(o.TagKey, o.Random)}
}

// hurried divides a window in trial mode.
func (d *Desk) hurried(w time.Duration) time.Duration { return w / time.Duration(d.opts.Hurry) }

// newID makes a time-ordered id with a prefix that says what it names.
func (d *Desk) newID(prefix string, at time.Time) string {
	id, err := ulid.New(ulid.Timestamp(at), d.opts.Random)
	if err != nil {
		panic("desk: no randomness: " + err.Error()) // crypto/rand does not fail
	}
	return prefix + strings.ToLower(id.String())
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// read and write run f in a transaction and say errors as refusals.
func (d *Desk) read(ctx context.Context, f func(Tx) error) error {
	return said(d.opts.Store.Read(ctx, f))
}

func (d *Desk) write(ctx context.Context, f func(Tx) error) error {
	return said(d.opts.Store.Write(ctx, f))
}

// commit lays down one change of a claim: claim, event, clocks, queue and
// messages, in the caller's transaction, if no guarantee forbids it.
func (d *Desk) commit(ctx context.Context, tx Tx, s step) error {
	c, ch := s.After, s.Change
	s.Hurry = time.Duration(d.opts.Hurry)
	if s.Consent.Kinds == nil {
		m, err := tx.Merchant(ctx, c.MerchantID)
		if err != nil && !errors.Is(err, work.ErrNotFound) {
			return err
		}
		s.Consent = m.Consent
	}
	if err := d.weigh(ctx, tx, &s); err != nil {
		return err
	}
	private, err := d.sealTexts(&ch, c, ch.At)
	if err != nil {
		return err
	}
	if s.Body, err = json.Marshal(ch.Body); err != nil {
		return fmt.Errorf("event body: %w", err)
	}
	if err := guard(s); err != nil {
		return err
	}
	e := d.event(c, "claim."+string(ch.Move), ch, s)
	return tx.Together(ctx, func() error { return d.lay(ctx, tx, s, e, private) })
}

// lay writes what commit has judged.
func (d *Desk) lay(ctx context.Context, tx Tx, s step, e record.Event, private []PrivateText) (err error) {
	c, ch := s.After, s.Change
	if s.Routed != nil {
		if err := tx.PutFacts(ctx, s.Routed.Facts, s.Canonical); err != nil {
			return err
		}
	}
	c.Events, c.Head = e.No, e.Hash
	if s.Taking != nil && s.moves() {
		if err := tx.Take(ctx, s.Taking.order, c.ID, c.Taken()); err != nil {
			return err
		}
	}
	if err := d.commitClocks(ctx, tx, c, ch); err != nil {
		return err
	}
	if s.Before == nil {
		err = tx.InsertClaim(ctx, c)
	} else {
		err = tx.UpdateClaim(ctx, c)
	}
	if err != nil {
		return err
	}
	for _, p := range private {
		if err := tx.PutPrivate(ctx, p); err != nil {
			return err
		}
	}
	if err := tx.AppendEvent(ctx, &e); err != nil {
		return err
	}
	if err := d.queue(ctx, tx, s.Before, c); err != nil {
		return err
	}
	return d.tell(ctx, tx, e, s)
}

// commitClocks stops and sets the clocks of a change; new ones get their ids.
func (d *Desk) commitClocks(ctx context.Context, tx Tx, c *claim.Claim, ch claim.Change) error {
	for _, kind := range ch.Stop {
		if err := tx.StopClock(ctx, claim.Subject(c.ID), kind, ch.At); err != nil {
			return err
		}
	}
	for _, k := range ch.Set {
		mine := c.Clock(k.Kind)
		if mine == nil {
			return fmt.Errorf("clock %s was set and is not with the claim", k.Kind)
		}
		if mine.ID == "" {
			mine.ID = d.newID("k", ch.At)
		}
		if err := tx.SetClock(ctx, work.ClockRow{Clock: *mine, Subject: claim.Subject(c.ID)}); err != nil {
			return err
		}
	}
	return nil
}

// sealTexts puts the digests of a change's free words into its body and
// answers the salted words themselves, to be kept where they can be erased.
func (d *Desk) sealTexts(ch *claim.Change, c *claim.Claim, at time.Time) ([]PrivateText, error) {
	if len(ch.Texts) == 0 {
		return nil, nil
	}
	subject := "user/" + ch.By.ID
	switch ch.By.Role {
	case access.RoleBuyer, access.RoleIntegrator:
		subject = "buyer/" + c.BuyerID
	case access.RoleMerchant:
		subject = "merchant/" + c.MerchantID
	}
	var out []PrivateText
	digests := map[string]string{}
	for name, text := range ch.Texts {
		salt := make([]byte, 16)
		if _, err := io.ReadFull(d.opts.Random, salt); err != nil {
			return nil, fmt.Errorf("salt: %w", err)
		}
		sum := digest(append(append([]byte{}, salt...), text...))
		digests[name] = sum
		out = append(out, PrivateText{ID: sum, Subject: subject, ClaimID: c.ID, Name: name, Salt: salt, Text: text, At: at})
	}
	ch.Body["texts"] = digests
	return out, nil
}

// event makes the next event of a claim's chain.
func (d *Desk) event(c *claim.Claim, kind string, ch claim.Change, s step) record.Event {
	e := record.Event{ID: d.newID("e", ch.At), Subject: claim.Subject(c.ID).String(), Kind: kind, At: ch.At, By: ch.By, Evidence: ch.Evidence, Body: s.Body}
	if s.Routed != nil {
		e.Policy = s.Routed.Policy
	}
	return record.Chain{No: c.Events, Head: c.Head}.Next(e)
}

// tell hands an event to those outside who asked for it, and, where it orders
// a remedy, that too under a topic of its own: whatever led to the remedy, the
// platform has to hear of one thing. One message goes to all of them, so that it
// holds what each of them may see.
func (d *Desk) tell(ctx context.Context, tx Tx, e record.Event, s step) error {
	if d.opts.Fanout == nil {
		return nil
	}
	c := mask.Outside.Claim(s.After)
	body := map[string]any{
		"event": e.ID, "no": e.No, "claim": c.ID, "order": c.OrderID, "state": c.State, "round": c.Round,
		"kind": c.Kind, "reason": c.Reason, "ask": c.Ask, "remedy": c.Remedy, "closing": c.Closing, "clocks": c.Clocks,
		"merchant": c.MerchantID, "buyer": c.BuyerID,
	}
	send := func(id, topic string) error {
		data, err := json.Marshal(body)
		if err != nil {
			return err
		}
		return d.opts.Fanout(ctx, tx, work.Message{ID: id, Topic: topic, Subject: e.Subject, At: e.At, Body: data})
	}
	if err := send("msg_"+e.ID, e.Kind); err != nil || !s.orders() || c.Remedy.State != claim.RemedyOrdered {
		return err
	}
	body["pay"], body["lines"] = c.Remedy.Due(), c.Remedy.Lines
	return send("msg_"+e.ID+"_remedy", TopicRemedyOrdered)
}

// TopicRemedyOrdered is the topic of the message on which a platform acts: pay
// back, arrange the return, send another article. It comes once for every time
// that a remedy is ordered, however that came about.
const TopicRemedyOrdered = "remedy.ordered"

// record writes an event that changes no claim, such as a policy's.
func (d *Desk) record(ctx context.Context, tx Tx, subject, kind string, by access.Actor, at time.Time, body map[string]any) error {
	no, head, err := tx.HeadOf(ctx, subject)
	if err != nil {
		return err
	}
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	e := record.Chain{No: no, Head: head}.Next(record.Event{ID: d.newID("e", at), Subject: subject, Kind: kind, At: at, By: by, Body: data})
	return tx.AppendEvent(ctx, &e)
}

// merchantOf is the merchant's row; one that was never told is empty.
func merchantOf(ctx context.Context, tx Tx, id string) (order.Merchant, error) {
	m, err := tx.Merchant(ctx, id)
	if errors.Is(err, work.ErrNotFound) {
		return order.Merchant{ID: id}, nil
	}
	return m, err
}
