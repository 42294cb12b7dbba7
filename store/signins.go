package store

import (
	"context"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

func (t *tx) Attempt(ctx context.Context, key string) (a desk.Attempt, err error) {
	var last int64
	err = t.row(ctx, `SELECT n, last FROM attempt WHERE key = ?`, []any{key}, &a.N, &last)
	a.Last = fromMicro(last)
	return a, wrap(replaceNotFound(err, nil), "count of failures")
}

// PutAttempt compares before it writes, so that of two at once one counts on
// from the other.
func (t *tx) PutAttempt(ctx context.Context, key string, was, now desk.Attempt) error {
	var n int64
	var err error
	if was == (desk.Attempt{}) {
		n, err = t.exec(ctx, `INSERT INTO attempt (key, n, last) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING`, key, now.N, micro(now.Last))
	} else {
		n, err = t.exec(ctx, `UPDATE attempt SET n = ?, last = ? WHERE key = ? AND n = ? AND last = ?`, now.N, micro(now.Last), key, was.N, micro(was.Last))
	}
	return wrap(once(n, err, work.ErrConflict), "counting a failure")
}

// SeeSession and ConfirmSession change what is there and nothing else: a
// session that was read is written back by nobody, for it may have ended since.
func (t *tx) SeeSession(ctx context.Context, id string, at time.Time) error {
	n, err := t.exec(ctx, `UPDATE session SET seen = ? WHERE id = ?`, micro(at), id)
	return wrap(once(n, err, work.ErrNotFound), "noting that a session was used")
}

func (t *tx) ConfirmSession(ctx context.Context, id string, at time.Time) error {
	n, err := t.exec(ctx, `UPDATE session SET confirmed = ? WHERE id = ?`, micro(at), id)
	return wrap(once(n, err, work.ErrNotFound), "noting that a session's holder showed who they are")
}

func (t *tx) SessionsOf(ctx context.Context, userID string) ([]desk.Session, error) {
	out, err := t.sessions(ctx, `WHERE user_id = ? ORDER BY seen DESC, id`, userID)
	return out, wrap(err, "listing sessions")
}

// keptAlert is an alert as it is kept: with what its JSON hides.
type keptAlert struct {
	desk.Alert
	UserID string   `json:"user_id"`
	To     []string `json:"to,omitempty"`
}

func (k keptAlert) alert() desk.Alert {
	n := k.Alert
	n.UserID, n.To = k.UserID, k.To
	return n
}

func (t *tx) PutAlert(ctx context.Context, n desk.Alert) error {
	doc, err := encode(keptAlert{n, n.UserID, n.To})
	if err == nil {
		_, err = t.exec(ctx, `INSERT INTO alert (id, user_id, at, doc) VALUES (?, ?, ?, ?)`, n.ID, n.UserID, micro(n.At), doc)
	}
	return wrap(err, "keeping an alert")
}

func (t *tx) Alert(ctx context.Context, id string) (desk.Alert, error) {
	k, err := get[keptAlert](ctx, t, `SELECT doc FROM alert WHERE id = ?`, id)
	return k.alert(), wrap(err, "alert")
}

func (t *tx) AlertsOf(ctx context.Context, userID string, limit int) (out []desk.Alert, err error) {
	all, err := list[keptAlert](ctx, t, `SELECT doc FROM alert WHERE user_id = ? ORDER BY at DESC, id LIMIT ?`, userID, limit)
	for _, k := range all {
		out = append(out, k.alert())
	}
	return out, wrap(err, "listing alerts")
}
