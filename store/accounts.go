package store

import (
	"context"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

// IdempotentKept is how long the answer to a request with an idempotency key
// is kept.
const IdempotentKept = 24 * time.Hour

// secretUser is a user as it is kept: with what its JSON hides.
type secretUser struct {
	desk.User
	Password string `json:"password,omitempty"`
	TOTP     string `json:"totp,omitempty"`
	TOTPUsed int64  `json:"totp_used,omitempty"`
	OIDC     string `json:"oidc,omitempty"`
	// Devices is microseconds since 1970.
	Devices int64 `json:"devices,omitempty"`
}

func (s secretUser) user() desk.User {
	u := s.User
	u.Password, u.TOTP, u.TOTPUsed, u.OIDC, u.DevicesFrom = s.Password, s.TOTP, s.TOTPUsed, s.OIDC, fromMicro(s.Devices)
	return u
}

// PutUser inserts or replaces; ErrConflict where another account has the
// login or the OIDC identity.
func (t *tx) PutUser(ctx context.Context, u desk.User) error {
	doc, err := encode(secretUser{u, u.Password, u.TOTP, u.TOTPUsed, u.OIDC, micro(u.DevicesFrom)})
	if err == nil {
		var oidc any
		if u.OIDC != "" {
			oidc = u.OIDC
		}
		_, err = t.exec(ctx, `INSERT INTO account (id, login, oidc, created_at, doc) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET login = excluded.login, oidc = excluded.oidc, doc = excluded.doc`,
			u.ID, u.Login, oidc, micro(u.CreatedAt), doc)
	}
	return wrap(err, "keeping user %s", u.ID)
}

func (t *tx) user(ctx context.Context, column, value string) (desk.User, error) {
	s, err := get[secretUser](ctx, t, `SELECT doc FROM account WHERE `+column+` = ?`, value)
	return s.user(), wrap(err, "user")
}

func (t *tx) User(ctx context.Context, id string) (desk.User, error) { return t.user(ctx, "id", id) }

func (t *tx) UserByLogin(ctx context.Context, login string) (desk.User, error) {
	return t.user(ctx, "login", login)
}

func (t *tx) UserByOIDC(ctx context.Context, oidc string) (desk.User, error) {
	return t.user(ctx, "oidc", oidc)
}

// Users lists all, oldest first.
func (t *tx) Users(ctx context.Context) (out []desk.User, err error) {
	all, err := list[secretUser](ctx, t, `SELECT doc FROM account ORDER BY created_at, id`)
	for _, s := range all {
		out = append(out, s.user())
	}
	return out, wrap(err, "listing users")
}

// sessionColumns are in the order in which scanSession reads them.
const sessionColumns = "id, user_id, csrf, created, seen, expires, pending, confirmed, device, address, provider"

// InsertSession is ErrConflict where there is one of that id.
func (t *tx) InsertSession(ctx context.Context, s desk.Session) error {
	n, err := t.exec(ctx, `INSERT INTO session (`+sessionColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		s.ID, s.UserID, s.CSRF, micro(s.Created), micro(s.Seen), micro(s.Expires), s.Pending, micro(s.Confirmed), s.Device, s.Address, s.Provider)
	return wrap(once(n, err, work.ErrConflict), "keeping a session")
}

func scanSession(row scanner) (s desk.Session, err error) {
	var created, seen, expires, pending, confirmed, provider int64
	err = row.Scan(&s.ID, &s.UserID, &s.CSRF, &created, &seen, &expires, &pending, &confirmed, &s.Device, &s.Address, &provider)
	s.Created, s.Seen, s.Expires, s.Pending = fromMicro(created), fromMicro(seen), fromMicro(expires), pending == 1
	s.Confirmed, s.Provider = fromMicro(confirmed), provider == 1
	return s, err
}

func (t *tx) Session(ctx context.Context, id string) (desk.Session, error) {
	out, err := t.sessions(ctx, `WHERE id = ?`, id)
	if err == nil && len(out) == 0 {
		err = work.ErrNotFound
	}
	if err != nil {
		return desk.Session{}, wrap(err, "session")
	}
	return out[0], nil
}

func (t *tx) sessions(ctx context.Context, rest string, args ...any) (out []desk.Session, err error) {
	err = t.rows(ctx, `SELECT `+sessionColumns+` FROM session `+rest, args, func(row scanner) error {
		s, err := scanSession(row)
		out = append(out, s)
		return err
	})
	return out, err
}

// DeleteSession is no error where there is none such.
func (t *tx) DeleteSession(ctx context.Context, id string) error {
	_, err := t.exec(ctx, `DELETE FROM session WHERE id = ?`, id)
	return wrap(err, "ending a session")
}

func (t *tx) DeleteSessionsOf(ctx context.Context, userID string) error {
	_, err := t.exec(ctx, `DELETE FROM session WHERE user_id = ?`, userID)
	return wrap(err, "ending a user's sessions")
}

// PutKey inserts or replaces.
func (t *tx) PutKey(ctx context.Context, k desk.Key) error {
	doc, err := encode(k)
	if err == nil {
		_, err = t.exec(ctx, `INSERT INTO api_key (id, created_at, hash, doc) VALUES (?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, doc = excluded.doc`, k.ID, micro(k.CreatedAt), k.Hash, doc)
	}
	return wrap(err, "keeping key %s", k.ID)
}

func (t *tx) keys(ctx context.Context, rest string, args ...any) (out []desk.Key, err error) {
	err = t.rows(ctx, `SELECT hash, doc FROM api_key `+rest, args, func(s scanner) error {
		var hash, doc string
		if err := s.Scan(&hash, &doc); err != nil {
			return err
		}
		k, err := decode[desk.Key](doc)
		k.Hash = hash
		out = append(out, k)
		return err
	})
	return out, err
}

func (t *tx) Key(ctx context.Context, id string) (desk.Key, error) {
	out, err := t.keys(ctx, `WHERE id = ?`, id)
	if err == nil && len(out) == 0 {
		err = work.ErrNotFound
	}
	if err != nil {
		return desk.Key{}, wrap(err, "key %.64s", id)
	}
	return out[0], nil
}

// Keys lists all, oldest first.
func (t *tx) Keys(ctx context.Context) ([]desk.Key, error) {
	out, err := t.keys(ctx, `ORDER BY created_at, id`)
	return out, wrap(err, "listing keys")
}

func (t *tx) InsertIdempotent(ctx context.Context, i desk.Idempotent) error {
	n, err := t.exec(ctx, `INSERT INTO idempotent (key, request, status, header, body, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`,
		i.Key, i.Request, i.Status, i.Header, i.Body, micro(i.At))
	return wrap(once(n, err, work.ErrConflict), "keeping an idempotency key")
}

func (t *tx) UpdateIdempotent(ctx context.Context, i desk.Idempotent) error {
	n, err := t.exec(ctx, `UPDATE idempotent SET request = ?, status = ?, header = ?, body = ?, at = ? WHERE key = ?`,
		i.Request, i.Status, i.Header, i.Body, micro(i.At), i.Key)
	return wrap(once(n, err, work.ErrNotFound), "keeping an answer under its idempotency key")
}

func (t *tx) Idempotent(ctx context.Context, key string) (i desk.Idempotent, err error) {
	var at int64
	err = t.row(ctx, `SELECT key, request, status, header, body, at FROM idempotent WHERE key = ?`, []any{key},
		&i.Key, &i.Request, &i.Status, &i.Header, &i.Body, &at)
	i.At = fromMicro(at)
	return i, wrap(err, "idempotency key")
}

// DeleteIdempotent is no error where there is none such.
func (t *tx) DeleteIdempotent(ctx context.Context, key string) error {
	_, err := t.exec(ctx, `DELETE FROM idempotent WHERE key = ?`, key)
	return wrap(err, "removing an idempotency key")
}

// Sweep removes what is past its time by now: sessions, answers older than
// IdempotentKept, counts of failures, alerts.
func (t *tx) Sweep(ctx context.Context, now time.Time) error {
	for _, old := range []struct {
		what, where string
		before      time.Time
	}{
		{"sessions", "session WHERE expires <= ?", now},
		{"idempotency keys", "idempotent WHERE at <= ?", now.Add(-IdempotentKept)},
		{"counts of failures", "attempt WHERE last <= ?", now.Add(-desk.AttemptKept)},
		{"alerts", "alert WHERE at <= ?", now.Add(-desk.AlertKept)},
	} {
		if _, err := t.exec(ctx, `DELETE FROM `+old.where, micro(old.before)); err != nil {
			return wrap(err, "sweeping %s", old.what)
		}
	}
	return nil
}

func (t *tx) Setting(ctx context.Context, name string) (value []byte, err error) {
	err = t.row(ctx, `SELECT value FROM setting WHERE name = ?`, []any{name}, &value)
	return value, wrap(err, "setting %.64s", name)
}

func (t *tx) PutSetting(ctx context.Context, name string, value []byte) error {
	_, err := t.exec(ctx, `INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, notNil(value))
	return wrap(err, "keeping setting %s", name)
}
