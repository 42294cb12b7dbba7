package account

import (
	"context"
	"errors"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// ConfirmedFor is how long somebody who has shown who they are may do what a
// session alone must not: make keys, change accounts and credentials.
const ConfirmedFor = 10 * time.Minute

// OwnSession is one of somebody's sessions, as they may see it.
type OwnSession struct {
	desk.Session
	Public string // names it without giving it away
}

// publicID names a session to its owner: a part of the SHA-256 that is kept.
func publicID(s desk.Session) string { return s.ID[:min(16, len(s.ID))] }

// Sessions lists somebody's sessions that hold, the latest used first.
func (a *Accounts) Sessions(ctx context.Context, userID string) (out []OwnSession, err error) {
	err = a.store.Read(ctx, func(tx desk.Tx) error {
		all, err := tx.SessionsOf(ctx, userID)
		out = nil
		for _, s := range all {
			if a.holds(s) {
				out = append(out, OwnSession{s, publicID(s)})
			}
		}
		return err
	})
	return out, err
}

func (a *Accounts) holds(s desk.Session) bool {
	now := a.now()
	return !s.Pending && now.Before(s.Expires) && now.Sub(s.Seen) < a.opt.Idle
}

// EndSession ends one of somebody's sessions, named as Sessions names it.
func (a *Accounts) EndSession(ctx context.Context, userID, public string) error {
	return a.endWhere(ctx, userID, true, func(s desk.Session) bool { return publicID(s) == public })
}

// EndOthers ends all of somebody's sessions but the one with the token.
func (a *Accounts) EndOthers(ctx context.Context, userID, token string) error {
	mine := digest(token)
	return a.endWhere(ctx, userID, false, func(s desk.Session) bool { return s.ID != mine })
}

func (a *Accounts) endWhere(ctx context.Context, userID string, needed bool, which func(desk.Session) bool) error {
	return a.store.Write(ctx, func(tx desk.Tx) error {
		u, err := tx.User(ctx, userID)
		if err != nil {
			return err
		}
		all, err := tx.SessionsOf(ctx, userID)
		if err != nil {
			return err
		}
		n := 0
		for _, s := range all {
			if !which(s) {
				continue
			}
			n++
			if err := tx.DeleteSession(ctx, s.ID); err != nil {
				return err
			}
		}
		switch {
		case n == 0 && needed:
			return errNone()
		case n == 0:
			return nil
		}
		return a.note(ctx, tx, "user/"+userID, kindSessionEnded, self(u), map[string]any{"sessions": n})
	})
}

// Proof shows again who somebody is: their password, or a code of the second
// factor.
type Proof struct{ Password, Code string }

// Confirm takes a proof from whoever holds a session, and lets them do for
// ConfirmedFor what needs one.
func (a *Accounts) Confirm(ctx context.Context, token string, proof Proof, from From) error {
	p, err := a.BySession(ctx, token)
	if err != nil {
		return err
	}
	if p.Session.Pending {
		return errSignedOut()
	}
	if proof.Code == "" {
		if _, err := a.confirmPassword(ctx, p.User.ID, proof.Password, from); err != nil {
			return err
		}
		return a.store.Write(ctx, func(tx desk.Tx) error { return a.confirmed(ctx, tx, p.Session.ID) })
	}
	t := confirmTally(p.User.ID)
	if err := a.attempt(ctx, t); err != nil {
		return err
	}
	err = a.store.Write(ctx, func(tx desk.Tx) error {
		u, err := tx.User(ctx, p.User.ID)
		if err != nil {
			return err
		}
		if u.TOTP == "" {
			return errCode()
		}
		if err := a.takeCode(ctx, tx, &u, proof.Code); err != nil {
			return err
		}
		return errors.Join(tx.PutUser(ctx, u), succeeded(ctx, tx, t), a.confirmed(ctx, tx, p.Session.ID))
	})
	if r, ok := text.AsRefusal(err); ok && r.Code == CodeSecondFactor {
		err = errors.Join(a.failed(ctx, p.User, "confirm", true, from), err)
	}
	return err
}

// confirmed notes on a session that its holder has just shown who they are.
func (a *Accounts) confirmed(ctx context.Context, tx desk.Tx, id string) error {
	err := tx.ConfirmSession(ctx, id, a.now())
	if errors.Is(err, work.ErrNotFound) {
		return errSignedOut()
	}
	return err
}

// confirmPassword is for what a session alone must not do.
func (a *Accounts) confirmPassword(ctx context.Context, userID, password string, from From) (desk.User, error) {
	u, err := a.User(ctx, userID)
	if err != nil {
		return u, err
	}
	t := confirmTally(userID)
	if err := a.attempt(ctx, t); err != nil {
		return u, err
	}
	ok, _, err := a.verify(ctx, orElse(u.Password, a.nobody), password, true)
	if err != nil {
		return u, err
	}
	if !ok || u.Password == "" {
		return u, errors.Join(a.failed(ctx, u, "confirm", true, from), text.Refuse(CodeSignIn, "password", "The password is wrong.", "密码不正确。"))
	}
	return u, a.store.Write(ctx, func(tx desk.Tx) error { return succeeded(ctx, tx, t) })
}
