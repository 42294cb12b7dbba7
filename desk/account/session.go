package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// How long a sign-in waits for its second factor, and how often the time of
// the last request is written down.
const (
	pendingFor = 10 * time.Minute
	seenEvery  = time.Minute
)

// oncePrefix marks a password that works a single time.
const oncePrefix = "once:"

// SignedIn is a new session. Token goes into the cookie and is kept nowhere.
type SignedIn struct {
	Token   string
	CSRF    string
	User    desk.User
	Pending bool // the second factor is still to come
	Expires time.Time
	// Device is the cookie by which the browser is known from now on; "" where
	// nothing changes. See From.
	Device string
}

// Present is somebody with a session that holds.
type Present struct {
	Caller  access.Caller // without roles while anything is pending
	User    desk.User
	Session desk.Session
	// NeedsPassword and NeedsTOTP say what has to be set up before the roles count.
	NeedsPassword, NeedsTOTP bool
	// Recent is whether they showed who they are within the last ConfirmedFor.
	Recent bool
}

// SignIn checks a password and opens a session. A session that the browser
// came with (old, may be empty) ends, so that nobody can plant one. Name and
// password are refused in the same words, and about the same time, whichever
// of the two is wrong.
func (a *Accounts) SignIn(ctx context.Context, login, password, old string, from From) (SignedIn, error) {
	u, who, device, err := a.candidate(ctx, login, from)
	if err != nil {
		return SignedIn{}, err
	}
	if device == "" {
		leave, err := a.lanes.admit()
		if err != nil {
			return SignedIn{}, err
		}
		defer leave()
	}
	e := entry{userID: u.ID, old: old, from: from, device: device, how: "password", tally: passwordTally(who, device, from.Address), confirmed: true}
	if err := a.attempt(ctx, e.tally); err != nil {
		return SignedIn{}, err
	}
	phc := a.nobody
	if kept := strings.TrimPrefix(u.Password, oncePrefix); kept != "" {
		phc = kept
	}
	ok, cost, err := a.verify(ctx, phc, password, device != "")
	if err != nil {
		return SignedIn{}, fmt.Errorf("check password of %s: %w", u.ID, err)
	}
	wrong := text.Refuse(CodeSignIn, "", "The name or the password is wrong.", "用户名或密码不正确。")
	if !ok || u.Password == "" || u.Disabled {
		return SignedIn{}, errors.Join(a.failed(ctx, u, "password", device != "", from), wrong)
	}
	renewed := ""
	if cost != a.opt.Hash && !strings.HasPrefix(u.Password, oncePrefix) {
		if renewed, err = a.hash(ctx, password); err != nil {
			return SignedIn{}, err
		}
	}
	return a.open(ctx, e, func(ctx context.Context, tx desk.Tx, now *desk.User) (pending bool, err error) {
		if now.Password != u.Password { // changed, or a one-time password used, in between
			return false, wrong
		}
		switch {
		case strings.HasPrefix(now.Password, oncePrefix):
			now.Password = ""
		case renewed != "":
			now.Password = renewed
		}
		return now.TOTP != "", nil
	})
}

// candidate finds whose login it is, under which name attempts are counted,
// and by which name their browser is known, if it is.
func (a *Accounts) candidate(ctx context.Context, login string, from From) (u desk.User, who, device string, err error) {
	login = strings.ToLower(strings.TrimSpace(login))
	err = a.store.Read(ctx, func(tx desk.Tx) error {
		u, err = tx.UserByLogin(ctx, login)
		if errors.Is(err, work.ErrNotFound) {
			u = desk.User{}
		} else if err != nil {
			return err
		}
		device, err = a.knownTo(ctx, tx, u, from)
		return err
	})
	if err != nil {
		return u, "", "", fmt.Errorf("find user: %w", err)
	}
	return u, orElse(u.ID, unknownLogin(login)), device, nil
}

// entry is a way into an account.
type entry struct {
	userID string
	old    string // the session that the browser came with
	from   From
	device string // the name of a known browser
	how    string // "password", "second_factor", "provider"; "" where a session goes on
	tally  tally  // what it was counted against
	// confirmed is whether who they are was shown just now.
	confirmed bool
	// provider is whether the provider let them in.
	provider bool
	// at is since when the browser is known; zero is now.
	at time.Time
}

// open starts a session for a user as check leaves them, and ends the old one.
func (a *Accounts) open(ctx context.Context, e entry, check func(context.Context, desk.Tx, *desk.User) (pending bool, err error)) (SignedIn, error) {
	token, err := a.token(32)
	if err != nil {
		return SignedIn{}, err
	}
	csrf, err := a.token(32)
	if err != nil {
		return SignedIn{}, err
	}
	key, err := a.Secret(ctx, "device")
	if err != nil {
		return SignedIn{}, err
	}
	cookie, err := a.withDevice(key, e.userID, e.from.Device, orElse(e.at, a.now()))
	if err != nil {
		return SignedIn{}, err
	}
	out := SignedIn{Token: token, CSRF: csrf}
	err = a.store.Write(ctx, func(tx desk.Tx) error {
		u, err := tx.User(ctx, e.userID)
		if err != nil {
			return err
		}
		if u.Disabled {
			return errSignedOut()
		}
		if out.Pending, err = check(ctx, tx, &u); err != nil {
			return err
		}
		if err := tx.PutUser(ctx, u); err != nil {
			return err
		}
		if e.old != "" {
			if err := tx.DeleteSession(ctx, digest(e.old)); err != nil && !errors.Is(err, work.ErrNotFound) {
				return err
			}
		}
		if err := succeeded(ctx, tx, e.tally); err != nil {
			return err
		}
		now := a.now()
		out.User, out.Device, out.Expires = u, "", now.Add(a.opt.Lifetime)
		kept := desk.Session{ID: digest(token), UserID: u.ID, CSRF: csrf, Created: now, Seen: now, Pending: out.Pending, Provider: e.provider, Device: e.from.Agent, Address: MaskedAddress(e.from.Address)}
		if out.Pending {
			out.Expires = now.Add(pendingFor)
		} else {
			if e.device == "" {
				out.Device = cookie
			}
			if err := a.entered(ctx, tx, u, e); err != nil {
				return err
			}
		}
		if e.confirmed && !out.Pending {
			kept.Confirmed = now
		}
		kept.Expires = out.Expires
		return tx.InsertSession(ctx, kept)
	})
	if err != nil {
		return SignedIn{}, fmt.Errorf("open session: %w", err)
	}
	return out, nil
}

// entered puts a whole sign-in on record, and tells the person of one by a
// browser that was not known.
func (a *Accounts) entered(ctx context.Context, tx desk.Tx, u desk.User, e entry) error {
	if e.how == "" {
		return nil
	}
	name, err := a.pseudonym(ctx, tx, e.from.Address)
	if err != nil {
		return err
	}
	if err := a.note(ctx, tx, "user/"+u.ID, kindSignedIn, self(u), map[string]any{"how": e.how, "known_device": e.device != "", "address": name}); err != nil {
		return err
	}
	if e.device != "" {
		return nil
	}
	return a.tell(ctx, tx, u, desk.Alert{Kind: AlertDevice, Self: true}, e.from)
}

// BySession finds who holds a session's token; CodeSignedOut where nobody does.
func (a *Accounts) BySession(ctx context.Context, token string) (Present, error) {
	if len(token) != 43 { // 32 bytes in base64url
		return Present{}, errSignedOut()
	}
	var p Present
	err := a.store.Read(ctx, func(tx desk.Tx) (err error) {
		if p.Session, err = tx.Session(ctx, digest(token)); err != nil {
			return err
		}
		p.User, err = tx.User(ctx, p.Session.UserID)
		return err
	})
	if errors.Is(err, work.ErrNotFound) {
		return Present{}, errSignedOut()
	}
	if err != nil {
		return Present{}, fmt.Errorf("find session: %w", err)
	}
	now := a.now()
	if p.User.Disabled || !now.Before(p.Session.Expires) || now.Sub(p.Session.Seen) >= a.opt.Idle {
		return Present{}, errSignedOut()
	}
	if now.Sub(p.Session.Seen) >= seenEvery {
		// Where nothing can be written reading goes on: only its being used is
		// not noted.
		if err := a.touch(ctx, p.Session, now); err != nil && !errors.Is(err, work.ErrFull) && !errors.Is(err, work.ErrAway) {
			return Present{}, err
		}
	}
	p.NeedsPassword = p.User.Password == "" && p.User.OIDC == ""
	p.NeedsTOTP = a.opt.RequireTOTP && p.User.TOTP == "" && !p.Session.Provider && staff(p.User.Roles)
	p.Recent = !p.Session.Pending && now.Sub(p.Session.Confirmed) < ConfirmedFor
	p.Caller = callerOf(p.User)
	if p.Session.Pending || p.NeedsPassword || p.NeedsTOTP {
		p.Caller.Roles, p.Caller.Party, p.Caller.Senior = nil, "", false
	}
	return p, nil
}

// touch writes down that a session was used, unless it has ended meanwhile.
func (a *Accounts) touch(ctx context.Context, s desk.Session, now time.Time) error {
	err := a.store.Write(ctx, func(tx desk.Tx) error { return tx.SeeSession(ctx, s.ID, now) })
	if errors.Is(err, work.ErrNotFound) {
		return errSignedOut()
	}
	return err
}

func callerOf(u desk.User) access.Caller {
	roles := Effective(u.Roles)
	return access.Caller{
		ID: u.ID, Kind: access.CallerSession, Roles: roles, Party: u.Party, Conflicts: u.Conflicts,
		Senior: slices.Contains(roles, access.RoleSenior), Language: u.Language,
	}
}

// staff is whether one of the roles is more than a party's.
func staff(roles []access.Role) bool {
	return slices.ContainsFunc(roles, func(r access.Role) bool { return r != access.RoleBuyer && r != access.RoleMerchant })
}

// SignOut ends a session; one that is not there is no error.
func (a *Accounts) SignOut(ctx context.Context, token string) error {
	err := a.store.Write(ctx, func(tx desk.Tx) error { return tx.DeleteSession(ctx, digest(token)) })
	if errors.Is(err, work.ErrNotFound) {
		return nil
	}
	return err
}

// CheckCSRF is whether the header's value belongs to the session.
func (p Present) CheckCSRF(header string) bool {
	return p.Session.CSRF != "" && same(header, p.Session.CSRF)
}
