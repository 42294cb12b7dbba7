package account

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

// Bounds of links that are asked for at the sign-in page.
const (
	// mailedFor is how long such a link works: who asks for it waits for it.
	mailedFor = time.Hour
	// mailedStale is after how long a letter that could not be sent is given up.
	mailedStale = 6 * time.Hour
	// mailedEach is how long lies between two letters to one person, so that
	// nobody's letter box is filled.
	mailedEach = 5 * time.Minute
)

// nobody is whose letter is asked for where none is due.
const nobodysLetter = "nobody"

// asked is a kept wish for a letter.
type asked struct {
	At time.Time `json:"at"`
}

func askedOf(userID string) string  { return "account/asked/" + userID }
func mailedOf(userID string) string { return "account/mailed/" + userID }

// OnceURL is the page on which a one-time token sets a password. The token
// stands behind "#", where no server and no log sees it.
func OnceURL(public *url.URL, token string) string {
	return public.JoinPath("/password").String() + "#" + url.QueryEscape(token)
}

// Forgot asks for a one-time link by e-mail. It answers the same, and does the
// same writes, whether there is such an account or not, so that nobody learns
// who has one.
func (a *Accounts) Forgot(ctx context.Context, login string) error {
	login = strings.ToLower(strings.TrimSpace(login))
	return a.store.Write(ctx, func(tx desk.Tx) error {
		u, err := tx.UserByLogin(ctx, login)
		if err != nil && !errors.Is(err, work.ErrNotFound) {
			return err
		}
		now, id := a.now(), nobodysLetter
		var last asked
		if err == nil {
			if _, err := setting(ctx, tx, askedOf(u.ID), &last); err != nil {
				return err
			}
			if mayBeMailed(u) && now.Sub(last.At) >= mailedEach {
				id = u.ID
			}
		} else if _, err := setting(ctx, tx, askedOf(nobodysLetter), &last); err != nil {
			return err
		}
		if err := putSetting(ctx, tx, askedOf(id), asked{At: now}); err != nil {
			return err
		}
		return tx.Enqueue(ctx, work.Job{Kind: desk.JobMail, Subject: id})
	})
}

// mayBeMailed is whether a link may go to this person: not to who is locked
// out, nor to who signs in at a provider alone.
func mayBeMailed(u desk.User) bool {
	return !u.Disabled && u.Email != "" && (u.OIDC == "" || u.Password != "")
}

// LinkToMail makes the link that a letter carries, for the subject of a job.
// due is false where there is nobody to write to, or the wish is old by now.
func (a *Accounts) LinkToMail(ctx context.Context, subject string) (u desk.User, token string, due bool, err error) {
	if subject == nobodysLetter {
		return u, "", false, nil
	}
	secret, err := a.token(32)
	if err != nil {
		return u, "", false, err
	}
	err = a.store.Write(ctx, func(tx desk.Tx) error {
		due = false
		if u, err = tx.User(ctx, subject); err != nil {
			return replaceNone(err)
		}
		var wish asked
		if _, err := setting(ctx, tx, askedOf(u.ID), &wish); err != nil {
			return err
		}
		if !mayBeMailed(u) || a.now().Sub(wish.At) > mailedStale {
			return nil
		}
		due = true
		if err := putSetting(ctx, tx, mailedOf(u.ID), once{Digest: digest(secret), Expires: a.now().Add(mailedFor)}); err != nil {
			return err
		}
		return a.note(ctx, tx, "user/"+u.ID, kindOnceIssued, access.Machine("mail"), nil)
	})
	return u, u.ID + "." + secret, due && err == nil, err
}

// replaceNone: an account that is gone needs no letter.
func replaceNone(err error) error {
	if errors.Is(err, work.ErrNotFound) {
		return nil
	}
	return err
}

// onceValid is whether a secret opens one of the account's one-time links: the
// one an operator made, or the one that was mailed. They stand apart, so that
// a stranger who asks for a letter does not end an invitation.
func (a *Accounts) onceValid(ctx context.Context, tx desk.Tx, userID, secret string) (bool, error) {
	for _, name := range []string{onceOf(userID), mailedOf(userID)} {
		var o once
		found, err := setting(ctx, tx, name, &o)
		if err != nil {
			return false, err
		}
		if found && same(o.Digest, digest(secret)) && !a.now().After(o.Expires) {
			return true, nil
		}
	}
	return false, nil
}

// endOnce ends all of an account's one-time links.
func endOnce(ctx context.Context, tx desk.Tx, userID string) error {
	return errors.Join(putSetting(ctx, tx, onceOf(userID), nil), putSetting(ctx, tx, mailedOf(userID), nil))
}
