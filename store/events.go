package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/work"
)

// AppendEvent is ErrConflict where the subject has an event of that number.
func (t *tx) AppendEvent(ctx context.Context, e *record.Event) error {
	seen := "[]"
	if len(e.Evidence) > 0 {
		var err error
		if seen, err = encode(e.Evidence); err != nil {
			return err
		}
	}
	n, err := t.number()
	if err != nil {
		return wrap(err, "appending event %d of %s", e.No, e.Subject)
	}
	into, before := []any{&e.Seq}, ""
	if t.db.dialect.postgres {
		into, before = append(into, after{&e.Seq}), `, (SELECT p.seq FROM event AS p WHERE p.subject = event.subject AND p.no = event.no - 1)`
	}
	return t.writeRow(ctx, fmt.Sprintf("appending event %d of %s", e.No, e.Subject), work.ErrConflict, `INSERT INTO event (seq, id, subject, no, kind, at, by_id, by_role, policy, evidence, body, prev, hash)
		VALUES (`+t.db.dialect.next+`, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (subject, no) DO NOTHING RETURNING seq`+before,
		[]any{n, e.ID, e.Subject, e.No, e.Kind, micro(e.At), e.By.ID, string(e.By.Role), e.Policy, seen, string(e.Body), e.Prev, e.Hash}, into...)
}

// after reads the seq of a subject's last event beside the new one's. A
// transaction has its place in the order from its first write; where it came
// to the subject only later, another may have appended in between, and its
// event would stand before the one that it follows.
type after struct{ seq *int64 }

// Scan answers errOvertaken where the new event would come first.
func (a after) Scan(last any) error {
	if last, ok := last.(int64); ok && last >= *a.seq {
		return errOvertaken
	}
	return nil
}

func (t *tx) events(ctx context.Context, rest string, args ...any) (out []record.Event, err error) {
	err = t.rows(ctx, `SELECT seq, id, subject, no, kind, at, by_id, by_role, policy, evidence, body, prev, hash FROM event `+rest, args, func(s scanner) error {
		var e record.Event
		var at int64
		var role, seen, body string
		if err := s.Scan(&e.Seq, &e.ID, &e.Subject, &e.No, &e.Kind, &at, &e.By.ID, &role, &e.Policy, &seen, &body, &e.Prev, &e.Hash); err != nil {
			return err
		}
		e.At, e.By.Role = fromMicro(at), access.Role(role)
		if body != "" {
			e.Body = json.RawMessage(body)
		}
		if seen != "[]" {
			if err := json.Unmarshal([]byte(seen), &e.Evidence); err != nil {
				return err
			}
		}
		out = append(out, e)
		return nil
	})
	return out, err
}

func (t *tx) EventsOf(ctx context.Context, subject string) ([]record.Event, error) {
	out, err := t.events(ctx, `WHERE subject = ? ORDER BY no`, subject)
	return out, wrap(err, "events of %.100s", subject)
}

// EventsAfter ends before the first event that a transaction still open could
// come before; see seqBits. SQLite has one writer, so there is no such event.
func (t *tx) EventsAfter(ctx context.Context, after int64, limit int) ([]record.Event, error) {
	out, err := t.events(ctx, `WHERE seq > ? AND seq < `+t.db.dialect.horizon+` ORDER BY seq LIMIT ?`, after, limit)
	return out, wrap(err, "events after %d", after)
}

// LastSeq is the last one that EventsAfter would list.
func (t *tx) LastSeq(ctx context.Context) (seq int64, err error) {
	err = t.row(ctx, `SELECT seq FROM event WHERE seq < `+t.db.dialect.horizon+` ORDER BY seq DESC LIMIT 1`, nil, &seq)
	return seq, wrap(replaceNotFound(err, nil), "last event")
}

func (t *tx) HeadOf(ctx context.Context, subject string) (no int64, hash string, err error) {
	err = t.row(ctx, `SELECT no, hash FROM event WHERE subject = ? ORDER BY no DESC LIMIT 1`, []any{subject}, &no, &hash)
	return no, hash, wrap(replaceNotFound(err, nil), "last event of %.100s", subject)
}

func (t *tx) PutFacts(ctx context.Context, digest string, canonical []byte) error {
	return t.write(ctx, "keeping facts", nil, `INSERT INTO facts (digest, canonical) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING`, digest, notNil(canonical))
}

func (t *tx) Facts(ctx context.Context, digest string) (canonical []byte, err error) {
	err = t.row(ctx, `SELECT canonical FROM facts WHERE digest = ?`, []any{digest}, &canonical)
	return canonical, wrap(err, "facts %.64s", digest)
}
