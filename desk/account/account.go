// Package account holds how somebody shows who they are: passwords and second
// factors, sign-in at an outside provider, sessions, API keys, and signed
// links for buyers and merchants without an account. It answers with a
// access.Caller and knows nothing of claims beyond their id, nor of HTTP beyond
// what a provider needs; which role may do what is up to desk and server.
//
// Secrets are kept as what proves them: passwords as argon2id, tokens of 256
// random bits as SHA-256, for which no slow hash is needed. The second factor's
// seed must be kept as it is, for that is how RFC 6238 works.
package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// Options are what differs between installations; the zero value is sound.
type Options struct {
	Now  func() time.Time // default: time.Now
	Rand io.Reader        // default: crypto/rand
	// Idle and Lifetime end a session: after so long without a request, and
	// after so long whatever happens. Defaults: 4 and 12 hours, a working day.
	Idle, Lifetime time.Duration
	// Hash is the cost of passwords; the zero value is DefaultCost.
	Hash Cost
	// RequireTOTP gives staff no roles until they have set up a second factor.
	RequireTOTP bool
	// Issuer is what an authenticator app shows; default "Evenhand".
	Issuer string
}

// Accounts knows people, their sessions, keys and links. It is safe for use by
// many goroutines, and all that lasts is in the store, so that nodes agree.
type Accounts struct {
	store  desk.Store
	opt    Options
	lanes  *lanes       // bound how many password hashes are under way
	nobody string       // a hash that no password has, compared with where there is no user
	actor  access.Actor // whose changes are; see As
}

// New makes the accounts kept in store.
func New(store desk.Store, o Options) (*Accounts, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	o.Idle = orElse(o.Idle, 4*time.Hour)
	o.Lifetime = orElse(o.Lifetime, 12*time.Hour)
	o.Hash = orElse(o.Hash, DefaultCost)
	o.Issuer = orElse(o.Issuer, "Evenhand")
	a := &Accounts{store: store, opt: o, lanes: newLanes()}
	secret, err := a.random(32)
	if err != nil {
		return nil, err
	}
	a.nobody, err = hashPassword(a.opt.Rand, string(secret), o.Hash)
	return a, err
}

// Now is the time as the accounts see it: UTC, whole microseconds.
func (a *Accounts) now() time.Time { return a.opt.Now().UTC().Truncate(time.Microsecond) }

// random is n random bytes.
func (a *Accounts) random(n int) ([]byte, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(a.opt.Rand, b); err != nil {
		return nil, fmt.Errorf("random bytes: %w", err)
	}
	return b, nil
}

// token is a secret of n random bytes, as text for cookies, headers and URLs.
func (a *Accounts) token(n int) (string, error) {
	b, err := a.random(n)
	return base64.RawURLEncoding.EncodeToString(b), err
}

// id is a name for a new thing: a letter and 20 hex digits.
func (a *Accounts) id(letter string) (string, error) {
	b, err := a.random(10)
	return letter + hex.EncodeToString(b), err
}

// digest is what is kept of a token.
func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// same compares secrets in a time that does not tell where they differ.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// The codes of refusals that are this package's own.
const (
	CodeSignedOut    text.Code = "signed_out"    // no session, or it has ended; a key or link that is not valid
	CodeSignIn       text.Code = "sign_in"       // name or password is wrong
	CodeSecondFactor text.Code = "second_factor" // the code is wrong, or was used
	CodeSlowDown     text.Code = "slow_down"     // too many attempts
	CodeConfirm      text.Code = "confirm"       // show again who you are first
	CodeExpired      text.Code = "expired"       // a link past its time, used up or revoked
	CodeProvider     text.Code = "provider"      // the outside provider did not confirm it
	CodeProviderAway text.Code = "provider_away" // the outside provider cannot be reached
)

// SlowDown is the refusal that says how long to wait.
type SlowDown struct{ After time.Duration }

func (e *SlowDown) Error() string {
	return fmt.Sprintf("too many attempts: wait %s", e.After.Round(time.Second))
}

// Unwrap makes text.AsRefusal find words for it.
func (e *SlowDown) Unwrap() error {
	s := int(e.After.Round(time.Second).Seconds())
	return text.Refuse(CodeSlowDown, "", fmt.Sprintf("Too many attempts. Try again in %d s.", s), fmt.Sprintf("尝试次数过多，请在 %d 秒后重试。", s))
}

func errSignedOut() error {
	return text.Refuse(CodeSignedOut, "", "Sign in first.", "请先登录。")
}

func errNone() error {
	return text.Refuse(text.CodeNotFound, "", "There is no such thing, or it is not yours to see.", "不存在，或您无权查看。")
}

// setting reads a JSON value of the installation's settings; found is false
// where it was never set or has been emptied.
func setting(ctx context.Context, tx desk.Tx, name string, into any) (found bool, err error) {
	raw, err := tx.Setting(ctx, name)
	if errors.Is(err, work.ErrNotFound) || err == nil && len(raw) == 0 {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read setting %s: %w", name, err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return false, fmt.Errorf("read setting %s: %w", name, err)
	}
	return true, nil
}

// putSetting keeps a JSON value; nil empties it, for settings are never removed.
func putSetting(ctx context.Context, tx desk.Tx, name string, value any) error {
	raw := []byte{}
	if value != nil {
		var err error
		if raw, err = json.Marshal(value); err != nil {
			return fmt.Errorf("keep setting %s: %w", name, err)
		}
	}
	return tx.PutSetting(ctx, name, raw)
}

// orElse is v, or d where v is the zero value.
func orElse[T comparable](v, d T) T {
	var zero T
	if v == zero {
		return d
	}
	return v
}
