package account

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" // RFC 6238's default, and the only one that every app knows
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// RFC 6238 with what every authenticator app takes for granted.
const (
	totpStep   = 30 // seconds
	totpDigits = 6
	totpSkew   = 1  // steps before and after, for clocks that go wrong
	totpSecret = 20 // bytes, as RFC 4226 section 4 asks for
	enrolFor   = 15 * time.Minute
	spareCodes = 10
)

// code is RFC 4226's HOTP of a step.
func code(secret []byte, step int64) string {
	mac := hmac.New(sha1.New, secret)
	var msg [8]byte
	binary.BigEndian.PutUint64(msg[:], uint64(step))
	mac.Write(msg[:])
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	n := binary.BigEndian.Uint32(sum[at:]) & 0x7fffffff
	return fmt.Sprintf("%0*d", totpDigits, n%1_000_000)
}

// step is the RFC 6238 time step of t.
func step(t time.Time) int64 { return t.Unix() / totpStep }

// matchCode finds the step that a code belongs to; only steps after used
// count, so that a code seen over a shoulder is worth nothing. Every step is
// tried, whatever the first yields, so that the time taken tells nothing.
func matchCode(secret32, given string, now time.Time, used int64) (at int64, ok bool) {
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret32)
	if err != nil || len(given) != totpDigits {
		return 0, false
	}
	for s := step(now) - totpSkew; s <= step(now)+totpSkew; s++ {
		if same(code(secret, s), given) && s > used && !ok {
			at, ok = s, true
		}
	}
	return at, ok
}

// Enrolment is a second factor about to be set up; it is shown once.
type Enrolment struct {
	Secret string // base32
	URI    string // otpauth://, for a QR code
}

// enrolling is an enrolment that waits for its first code.
type enrolling struct {
	Secret  string    `json:"secret"`
	Expires time.Time `json:"expires"`
}

func enrolOf(userID string) string { return "account/enrol/" + userID }
func spareOf(userID string) string { return "account/spare/" + userID }

// EnrolTOTP begins to set up a second factor, for somebody who has just shown
// their password again. Nothing counts before ConfirmTOTP.
func (a *Accounts) EnrolTOTP(ctx context.Context, userID, password string, from From) (Enrolment, error) {
	u, err := a.confirmPassword(ctx, userID, password, from)
	if err != nil {
		return Enrolment{}, err
	}
	if u.TOTP != "" {
		return Enrolment{}, text.Refuse(text.CodeExists, "", "A second factor is set up already; an operator can remove it.", "已启用两步验证；如需更换，请联系运营人员移除。")
	}
	b, err := a.random(totpSecret)
	if err != nil {
		return Enrolment{}, err
	}
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)
	err = a.store.Write(ctx, func(tx desk.Tx) error {
		return putSetting(ctx, tx, enrolOf(userID), enrolling{Secret: secret, Expires: a.now().Add(enrolFor)})
	})
	label := url.PathEscape(a.opt.Issuer + ":" + u.Login)
	q := url.Values{"secret": {secret}, "issuer": {a.opt.Issuer}}
	return Enrolment{Secret: secret, URI: "otpauth://totp/" + label + "?" + q.Encode()}, err
}

// ConfirmTOTP ends an enrolment with the app's first code, and answers with
// spare codes, each good for one sign-in, shown this once.
func (a *Accounts) ConfirmTOTP(ctx context.Context, userID, given string, from From) (spare []string, err error) {
	if err := a.attempt(ctx, confirmTally(userID)); err != nil {
		return nil, err
	}
	kept := make([]string, spareCodes)
	spare = make([]string, spareCodes)
	for i := range spare {
		b, err := a.random(10)
		if err != nil {
			return nil, err
		}
		s := strings.ToLower(base32.StdEncoding.EncodeToString(b))
		spare[i] = s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
		kept[i] = digest(s)
	}
	err = a.store.Write(ctx, func(tx desk.Tx) error {
		var e enrolling
		found, err := setting(ctx, tx, enrolOf(userID), &e)
		if err != nil {
			return err
		}
		if !found || a.now().After(e.Expires) {
			return text.Refuse(CodeExpired, "", "Begin again: this took too long.", "已超时，请重新开始。")
		}
		u, err := tx.User(ctx, userID)
		if err != nil {
			return err
		}
		at, ok := matchCode(e.Secret, given, a.now(), 0)
		if !ok {
			return errCode()
		}
		u.TOTP, u.TOTPUsed = e.Secret, at
		return errors.Join(tx.PutUser(ctx, u), putSetting(ctx, tx, enrolOf(userID), nil), putSetting(ctx, tx, spareOf(userID), kept), succeeded(ctx, tx, confirmTally(userID)),
			a.note(ctx, tx, "user/"+userID, kindTOTPSet, self(u), nil), a.tell(ctx, tx, u, desk.Alert{Kind: AlertFactorSet, Self: true}, from))
	})
	if err != nil {
		return nil, fmt.Errorf("confirm second factor: %w", err)
	}
	return spare, nil
}

// ResetTOTP removes somebody's second factor and ends their sessions; it is
// for an operator who has made sure of the person.
func (a *Accounts) ResetTOTP(ctx context.Context, userID string) error {
	return a.store.Write(ctx, func(tx desk.Tx) error {
		u, err := tx.User(ctx, userID)
		if errors.Is(err, work.ErrNotFound) {
			return errNone()
		}
		if err != nil {
			return err
		}
		u.TOTP, u.TOTPUsed = "", 0
		return errors.Join(tx.PutUser(ctx, u), putSetting(ctx, tx, spareOf(userID), nil), tx.DeleteSessionsOf(ctx, userID),
			a.note(ctx, tx, "user/"+userID, kindTOTPReset, a.actor, nil), a.tell(ctx, tx, u, desk.Alert{Kind: AlertFactorGone}, From{}))
	})
}

// SecondFactor completes a pending sign-in by a code of the app or a spare
// one. The session gets a new token: the pending one is worth nothing more.
func (a *Accounts) SecondFactor(ctx context.Context, token, given string, from From) (SignedIn, error) {
	p, err := a.BySession(ctx, token)
	if err != nil {
		return SignedIn{}, err
	}
	if !p.Session.Pending {
		return SignedIn{}, text.Refuse(text.CodeIllegal, "", "No second factor is awaited.", "当前无需两步验证。")
	}
	e := entry{userID: p.User.ID, old: token, from: from, how: "second_factor", provider: p.Session.Provider, confirmed: true}
	if err := a.store.Read(ctx, func(tx desk.Tx) error { e.device, err = a.knownTo(ctx, tx, p.User, from); return err }); err != nil {
		return SignedIn{}, err
	}
	e.tally = codeTally(p.User.ID, e.device)
	if err := a.attempt(ctx, e.tally); err != nil {
		return SignedIn{}, err
	}
	out, err := a.open(ctx, e, func(ctx context.Context, tx desk.Tx, u *desk.User) (bool, error) {
		// The session must still be there: two codes at once must not open two.
		if _, err := tx.Session(ctx, p.Session.ID); err != nil {
			return false, errSignedOut()
		}
		return false, a.takeCode(ctx, tx, u, given)
	})
	if r, ok := text.AsRefusal(err); ok && r.Code == CodeSecondFactor {
		err = errors.Join(a.failed(ctx, p.User, "second_factor", e.device != "", from), err)
	}
	return out, err
}

// takeCode uses up a code of the app, or a spare one.
func (a *Accounts) takeCode(ctx context.Context, tx desk.Tx, u *desk.User, given string) error {
	given = strings.ToLower(strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, given))
	if at, ok := matchCode(u.TOTP, given, a.now(), u.TOTPUsed); ok {
		u.TOTPUsed = at
		return nil
	}
	var kept []string
	if _, err := setting(ctx, tx, spareOf(u.ID), &kept); err != nil {
		return err
	}
	at := slices.IndexFunc(kept, func(k string) bool { return same(k, digest(given)) })
	if at < 0 {
		return errCode()
	}
	return putSetting(ctx, tx, spareOf(u.ID), slices.Delete(kept, at, at+1))
}

func errCode() error {
	return text.Refuse(CodeSecondFactor, "code", "The code is wrong, or has been used. Wait for the next one.", "验证码不正确或已使用，请等待下一个。")
}
