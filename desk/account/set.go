package account

import (
	"context"
	"errors"
	"strings"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
)

// SetPasswordOnce sets a password by a one-time token and ends all sessions.
func (a *Accounts) SetPasswordOnce(ctx context.Context, token, password string) error {
	_, err := a.SetPasswordFrom(ctx, token, password, From{})
	return err
}

// SetPasswordFrom is SetPasswordOnce in a browser, which is known from then
// on: whoever is being guessed at gets in by a link.
func (a *Accounts) SetPasswordFrom(ctx context.Context, token, password string, from From) (device string, err error) {
	userID, secret, _ := strings.Cut(token, ".")
	invalid := text.Refuse(CodeExpired, "token", "This link has expired or was used. Ask for a new one.", "链接已失效或已使用，请重新获取。")
	if len(userID) != 21 || len(secret) != 43 {
		return "", invalid
	}
	check := func(tx desk.Tx) (u desk.User, err error) {
		valid, err := a.onceValid(ctx, tx, userID, secret)
		if err != nil {
			return u, err
		}
		if !valid {
			return u, invalid
		}
		return tx.User(ctx, userID)
	}
	var u desk.User
	err = a.store.Read(ctx, func(tx desk.Tx) (err error) {
		if u, err = check(tx); err != nil {
			return err
		}
		return a.checkPassword(ctx, tx, password, u)
	})
	if err != nil {
		return "", err
	}
	phc, err := a.hash(ctx, password)
	if err != nil {
		return "", err
	}
	key, err := a.Secret(ctx, "device")
	if err != nil {
		return "", err
	}
	at := a.now()
	if device, err = a.withDevice(key, userID, from.Device, at); err != nil {
		return "", err
	}
	return device, a.store.Write(ctx, func(tx desk.Tx) error {
		u, err := check(tx)
		if err != nil {
			return err
		}
		first := u.Password == "" && u.OIDC == ""
		u.Password, u.DevicesFrom = phc, at
		if !first {
			if err := a.tell(ctx, tx, u, desk.Alert{Kind: AlertPassword, Self: true}, from); err != nil {
				return err
			}
		}
		return errors.Join(tx.PutUser(ctx, u), endOnce(ctx, tx, userID), tx.DeleteSessionsOf(ctx, userID),
			a.note(ctx, tx, "user/"+userID, kindPasswordSet, self(u), nil))
	})
}

// ChangePassword replaces one's own password; all sessions end and a new one
// begins, and of all browsers only this one stays known. Somebody who came with
// a one-time password has no old one to give.
func (a *Accounts) ChangePassword(ctx context.Context, userID, old, password string, from From) (SignedIn, error) {
	u, err := a.User(ctx, userID)
	if err != nil {
		return SignedIn{}, err
	}
	if u.OIDC != "" && u.Password == "" {
		return SignedIn{}, text.Refuse(text.CodeIllegal, "", "This account signs in at its provider and has no password here.", "该账号通过外部登录，没有本地密码。")
	}
	if u.Password != "" {
		if _, err := a.confirmPassword(ctx, userID, old, from); err != nil {
			return SignedIn{}, err
		}
	}
	if err := a.store.Read(ctx, func(tx desk.Tx) error { return a.checkPassword(ctx, tx, password, u) }); err != nil {
		return SignedIn{}, err
	}
	phc, err := a.hash(ctx, password)
	if err != nil {
		return SignedIn{}, err
	}
	e := entry{userID: userID, from: from, confirmed: true, at: a.now()}
	return a.open(ctx, e, func(ctx context.Context, tx desk.Tx, now *desk.User) (bool, error) {
		if now.Password != u.Password {
			return false, text.Refuse(text.CodeConflict, "", "The password was changed just now.", "密码刚刚已被更改。")
		}
		now.Password, now.DevicesFrom = phc, e.at
		if u.Password != "" {
			if err := a.tell(ctx, tx, *now, desk.Alert{Kind: AlertPassword, Self: true}, from); err != nil {
				return false, err
			}
		}
		return false, errors.Join(endOnce(ctx, tx, userID), tx.DeleteSessionsOf(ctx, userID), a.note(ctx, tx, "user/"+userID, kindPasswordSet, self(u), nil))
	})
}
