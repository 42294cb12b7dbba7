package webhook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

// The states of a desk.Delivery.
const (
	Waiting   = "waiting"
	Delivered = "delivered"
	Failed    = "failed"
)

// waits are the pauses after the first, second, … failed try: the schedule of
// the specification. After the last there is no further try: a message is
// given up after some 75 hours, and can be replayed by hand.
var waits = [...]time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
	10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// Tries is how often a message is sent before it is given up.
const Tries = len(waits) + 1

// Fanout keeps messages and a delivery for each endpoint that wants them, and
// the jobs that send them, all in the caller's transaction. The endpoints are
// read once, so give it all of a transaction's messages together. A message
// that no endpoint wants is not kept: the record has the event.
func Fanout(ctx context.Context, tx desk.Tx, messages ...work.Message) error {
	if len(messages) == 0 {
		return nil
	}
	hooks, err := tx.Webhooks(ctx)
	if err != nil {
		return fmt.Errorf("reading the webhooks: %w", err)
	}
	var jobs []work.Job
	for _, m := range messages {
		kept := false
		for _, h := range hooks {
			if !wants(h, m) {
				continue
			}
			if !kept {
				if err := tx.PutMessage(ctx, m); err != nil {
					return fmt.Errorf("keeping message %s: %w", m.ID, err)
				}
				kept = true
			}
			d := desk.Delivery{
				ID: DeliveryID(h.ID, m.ID), WebhookID: h.ID, MessageID: m.ID, Topic: m.Topic,
				State: Waiting, CreatedAt: m.At, NextAt: m.At,
			}
			if err := tx.PutDelivery(ctx, d); err != nil {
				return fmt.Errorf("keeping the delivery of message %s: %w", m.ID, err)
			}
			jobs = append(jobs, work.Job{Kind: desk.JobDeliver, Subject: d.ID})
		}
	}
	if len(jobs) == 0 {
		return nil
	}
	if err := tx.Enqueue(ctx, jobs...); err != nil {
		return fmt.Errorf("queueing deliveries: %w", err)
	}
	return nil
}

func wants(h desk.Webhook, m work.Message) bool {
	return !h.Disabled && (len(h.Topics) == 0 || slices.Contains(h.Topics, m.Topic)) && desk.MessageFor(m, h)
}

// DeliveryID is the id of one message's delivery to one webhook. It follows
// from the two, so that a message never has two deliveries to one place.
func DeliveryID(webhookID, messageID string) string {
	sum := sha256.Sum256([]byte(webhookID + "\x00" + messageID))
	return "D" + hex.EncodeToString(sum[:12])
}

// parcel is all that one try needs.
type parcel struct {
	delivery desk.Delivery
	hook     desk.Webhook // zero where it was deleted
	key      desk.Key     // that added the webhook; zero where a person did
	message  work.Message
}

// Deliver makes one try of a delivery that waits, outside any transaction, and
// writes down what came of it, with the job for the next try where one is due.
// It errs only where the store does; a failed try is no error. A job that runs
// twice, too early or too late does no harm beyond sending a message again.
func (s *Sender) Deliver(ctx context.Context, store desk.Store, id string) error {
	p, err := read(ctx, store, id)
	if errors.Is(err, work.ErrNotFound) {
		return nil // deleted: nothing to send any more
	}
	if err != nil {
		return fmt.Errorf("reading delivery %s: %w", id, err)
	}
	start := s.opts.Now()
	switch {
	case p.delivery.State != Waiting:
		return nil
	case p.hook.ID != "" && !desk.MessageFor(p.message, p.hook):
		// Queued before the webhook had its party, or replayed: it is not theirs.
		return s.drop(ctx, store, p.delivery, FailParty)
	case p.key.Ended(start):
		// Who must not ask any more must not be told either.
		return s.drop(ctx, store, p.delivery, FailKey)
	case p.delivery.NextAt.After(start.Add(time.Second)):
		return enqueue(ctx, store, id, p.delivery.NextAt)
	}
	body, err := payload(p.message)
	if err != nil {
		return err
	}
	got := s.post(ctx, p.hook, p.message.ID, body)
	if ctx.Err() != nil && got.status == 0 {
		return ctx.Err() // we are shutting down: not the receiver's fault, and not a try
	}
	done := s.opts.Now()
	try := desk.DeliveryTry{At: start.UTC().Truncate(time.Microsecond), Status: got.status, Error: got.fail, TookMS: done.Sub(start).Milliseconds()}
	s.opts.Log.InfoContext(ctx, "webhook try", "delivery", id, "webhook", p.hook.ID, "topic", p.message.Topic,
		"status", got.status, "error", got.fail, "took_ms", try.TookMS)
	if err := store.Write(ctx, func(tx desk.Tx) error { return s.settle(ctx, tx, p, try, got, done) }); err != nil {
		return fmt.Errorf("writing down a try of delivery %s: %w", id, err)
	}
	return nil
}

// drop ends a delivery of a message that the webhook may not have.
func (s *Sender) drop(ctx context.Context, store desk.Store, d desk.Delivery, why string) error {
	err := store.Write(ctx, func(tx desk.Tx) error {
		d.State, d.NextAt = Failed, time.Time{}
		d.Attempts = append(slices.Clone(d.Attempts), desk.DeliveryTry{At: s.opts.Now().UTC().Truncate(time.Microsecond), Error: why})
		return tx.PutDelivery(ctx, d)
	})
	if err != nil {
		return fmt.Errorf("ending delivery %s: %w", d.ID, err)
	}
	return nil
}

func read(ctx context.Context, store desk.Store, id string) (p parcel, err error) {
	err = store.Read(ctx, func(tx desk.Tx) error {
		if p.delivery, err = tx.Delivery(ctx, id); err != nil || p.delivery.State != Waiting {
			return err
		}
		if p.message, err = tx.Message(ctx, p.delivery.MessageID); err != nil {
			return err
		}
		p.hook, err = tx.Webhook(ctx, p.delivery.WebhookID)
		if errors.Is(err, work.ErrNotFound) {
			p.hook, err = desk.Webhook{}, nil
		}
		if err != nil || p.hook.CreatedBy == "" {
			return err
		}
		if p.key, err = tx.Key(ctx, p.hook.CreatedBy); errors.Is(err, work.ErrNotFound) {
			p.key, err = desk.Key{}, nil
		}
		return err
	})
	return p, err
}

// settle writes down a try, unless somebody else has meanwhile: two jobs of
// one delivery must not make four.
func (s *Sender) settle(ctx context.Context, tx desk.Tx, p parcel, try desk.DeliveryTry, got outcome, now time.Time) error {
	d, err := tx.Delivery(ctx, p.delivery.ID)
	if err != nil {
		return err
	}
	if d.State != Waiting || len(d.Attempts) != len(p.delivery.Attempts) {
		return nil
	}
	d.Attempts = append(slices.Clone(d.Attempts), try)
	d.State, d.NextAt = s.next(d, got, now)
	if err := tx.PutDelivery(ctx, d); err != nil {
		return err
	}
	if got.fail == FailGone {
		return disable(ctx, tx, d.WebhookID)
	}
	if d.State == Waiting {
		return tx.Enqueue(ctx, work.Job{Kind: desk.JobDeliver, Subject: d.ID, At: d.NextAt})
	}
	return nil
}

// next says what follows a try that is already among d's.
func (s *Sender) next(d desk.Delivery, got outcome, now time.Time) (state string, at time.Time) {
	switch got.fail {
	case "":
		return Delivered, time.Time{}
	case FailGone, FailDisabled, FailSecret, FailURL:
		return Failed, time.Time{} // trying again would change nothing
	}
	tried := sinceReplay(d)
	if tried >= Tries {
		return Failed, time.Time{}
	}
	wait := waits[tried-1]
	// A tenth either way, so that a receiver that was down is not met by all
	// at once when it is back.
	wait = time.Duration(float64(wait) * (0.9 + 0.2*s.opts.Random()))
	wait = max(wait, min(got.retryAfter, waits[len(waits)-1]))
	return Waiting, now.Add(wait / time.Duration(s.opts.Hurry)).UTC().Truncate(time.Microsecond)
}

// sinceReplay counts the tries of the running round: a try after one that
// ended a round (delivered, or the last) begins anew, which is what a replay
// does. Rounds that were given up early are told by their last failure.
func sinceReplay(d desk.Delivery) int {
	n := 0
	for i, t := range d.Attempts {
		n++
		last := i == len(d.Attempts)-1
		if !last && (t.Error == "" || n == Tries || t.Error == FailGone || t.Error == FailDisabled || t.Error == FailSecret || t.Error == FailURL || t.Error == FailParty || t.Error == FailKey) {
			n = 0
		}
	}
	return n
}

// disable switches an endpoint off because it said that it is gone.
func disable(ctx context.Context, tx desk.Tx, id string) error {
	h, err := tx.Webhook(ctx, id)
	if errors.Is(err, work.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	h.Disabled = true
	return tx.PutWebhook(ctx, h)
}

func enqueue(ctx context.Context, store desk.Store, id string, at time.Time) error {
	return store.Write(ctx, func(tx desk.Tx) error {
		return tx.Enqueue(ctx, work.Job{Kind: desk.JobDeliver, Subject: id, At: at})
	})
}

// Replay sends a message again, with all its tries anew, under its old id. A
// delivery that still waits is tried at once. An unknown id is work.ErrNotFound.
func (s *Sender) Replay(ctx context.Context, store desk.Store, id string) error {
	err := store.Write(ctx, func(tx desk.Tx) error {
		d, err := tx.Delivery(ctx, id)
		if err != nil {
			return err
		}
		d.State, d.NextAt = Waiting, s.opts.Now().UTC().Truncate(time.Microsecond)
		if err := tx.PutDelivery(ctx, d); err != nil {
			return err
		}
		return tx.Enqueue(ctx, work.Job{Kind: desk.JobDeliver, Subject: id})
	})
	if err != nil {
		return fmt.Errorf("replaying delivery %s: %w", id, err)
	}
	return nil
}
