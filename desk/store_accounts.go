package desk

import (
	"context"
	"time"

	"github.com/evenhand/evenhand/access"
)

// User is a person with an account.
type User struct {
	ID    string `json:"id"`
	Login string `json:"login"` // unique, lower case
	Name  string `json:"name"`
	// Email is where one-time links go; empty: nowhere. It is personal.
	Email    string        `json:"email,omitempty"`
	Roles    []access.Role `json:"roles"`
	Password string        `json:"-"` // argon2id, PHC string; empty: OIDC alone
	TOTP     string        `json:"-"` // base32 secret; empty: not enrolled
	// TOTPUsed is the last time step taken, so that a code works once.
	TOTPUsed int64  `json:"-"`
	OIDC     string `json:"-"` // issuer + " " + subject
	// DevicesFrom is since when browsers count as known: with a new password
	// they have to become so again.
	DevicesFrom time.Time `json:"-"`
	// Party is the merchant or buyer that the account acts for.
	Party     string    `json:"party,omitempty"`
	Conflicts []string  `json:"conflicts,omitempty"`
	Language  string    `json:"language,omitempty"`
	Disabled  bool      `json:"disabled"`
	CreatedAt time.Time `json:"created_at"`
}

// SavedView is a list as somebody wants to see it again.
type SavedView struct {
	ID        string    `json:"id"`
	UserID    string    `json:"-"`
	Place     string    `json:"place"` // the list: see Places
	Name      string    `json:"name"`
	Query     string    `json:"query"` // the query part of the list's address
	CreatedAt time.Time `json:"created_at"`
}

// Session is a signed-in browser. ID is the SHA-256 of the cookie's token.
type Session struct {
	ID      string
	UserID  string
	CSRF    string
	Created time.Time
	Seen    time.Time
	Expires time.Time
	// Pending is true until the second factor was given.
	Pending bool
	// Provider is whether it was opened at the provider, which answers for the
	// second factor; a password alone does not.
	Provider bool
	// Confirmed is when they last showed who they are: by signing in, or again
	// for what a session alone must not do.
	Confirmed time.Time
	// Device is what the browser calls itself, in short; Address is masked.
	Device, Address string
}

// Key is an API key of a platform. Hash is the SHA-256 of the secret part.
type Key struct {
	ID        string        `json:"id"`
	Name      string        `json:"name"`
	Hash      string        `json:"-"`
	Scopes    []string      `json:"scopes"`
	Roles     []access.Role `json:"roles"`
	Party     string        `json:"party,omitempty"`
	CreatedBy string        `json:"created_by"`
	CreatedAt time.Time     `json:"created_at"`
	Expires   *time.Time    `json:"expires,omitempty"`
	Revoked   *time.Time    `json:"revoked,omitempty"`
}

// Ended is whether the key lets nobody in any more.
func (k Key) Ended(now time.Time) bool {
	return k.Revoked != nil || k.Expires != nil && !now.Before(*k.Expires)
}

// Idempotent is a kept answer to a request with an idempotency key.
type Idempotent struct {
	Key     string // caller's identity + " " + the key
	Request string // SHA-256 of method, path and body
	Status  int    // 0 while the first request runs
	Header  []byte
	Body    []byte
	At      time.Time
}

// Accounts keeps people, sessions, keys and idempotency answers.
type Accounts interface {
	PutUser(context.Context, User) error
	User(ctx context.Context, id string) (User, error)
	UserByLogin(ctx context.Context, login string) (User, error)
	UserByOIDC(ctx context.Context, oidc string) (User, error)
	Users(ctx context.Context) ([]User, error)
	InsertSession(context.Context, Session) error
	Session(ctx context.Context, id string) (Session, error)
	DeleteSession(ctx context.Context, id string) error
	DeleteSessionsOf(ctx context.Context, userID string) error
	PutKey(context.Context, Key) error
	Key(ctx context.Context, id string) (Key, error)
	Keys(ctx context.Context) ([]Key, error)
	// InsertIdempotent is ErrConflict where the key is taken.
	InsertIdempotent(context.Context, Idempotent) error
	UpdateIdempotent(context.Context, Idempotent) error
	Idempotent(ctx context.Context, key string) (Idempotent, error)
	DeleteIdempotent(ctx context.Context, key string) error
	// Sweep removes sessions, idempotency answers, counts of failures and
	// alerts that are past their time.
	Sweep(ctx context.Context, now time.Time) error
	// Setting and PutSetting keep small secrets and facts of the installation,
	// such as the key that signs links.
	Setting(ctx context.Context, name string) ([]byte, error)
	PutSetting(ctx context.Context, name string, value []byte) error
	// PutView keeps a saved view; one of the same user, place and name is
	// replaced and keeps its id, which v has afterwards.
	PutView(ctx context.Context, v *SavedView) error
	// Views lists a user's, by place and name.
	Views(ctx context.Context, userID string) ([]SavedView, error)
	// DeleteView is ErrNotFound where the user has none such.
	DeleteView(ctx context.Context, userID, id string) error
}
