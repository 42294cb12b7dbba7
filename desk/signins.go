package desk

import (
	"context"
	"time"
)

// Attempt is how often something went wrong, and when last.
type Attempt struct {
	N    int
	Last time.Time
}

// AttemptKept is how long after the last failure a count is forgotten, and
// AlertKept how long an alert stands in the list of its account.
const (
	AttemptKept = 24 * time.Hour
	AlertKept   = 180 * 24 * time.Hour
)

// Alert tells somebody that a credential of theirs was changed or used from
// somewhere new. It is personal: the address is masked, and all of it goes
// after AlertKept.
type Alert struct {
	ID      string    `json:"id"`
	UserID  string    `json:"-"`
	Kind    string    `json:"kind"`
	At      time.Time `json:"at"`
	Device  string    `json:"device,omitempty"`
	Address string    `json:"address,omitempty"`
	// Name is the key's, where a key was made.
	Name string `json:"name,omitempty"`
	// Self is whether the person did it, rather than an operator.
	Self bool `json:"self"`
	// To is where letters about it go.
	To []string `json:"-"`
}

// SignIns keeps what surrounds signing in: failures, sessions by person,
// alerts.
type SignIns interface {
	// Attempt is the zero value where nothing went wrong lately.
	Attempt(ctx context.Context, key string) (Attempt, error)
	// PutAttempt replaces was by now; ErrConflict where it is not was any more.
	PutAttempt(ctx context.Context, key string, was, now Attempt) error
	// SeeSession and ConfirmSession note when a session was used, and when its
	// holder showed who they are; ErrNotFound where it has ended meanwhile.
	SeeSession(ctx context.Context, id string, at time.Time) error
	ConfirmSession(ctx context.Context, id string, at time.Time) error
	// SessionsOf lists a user's, the latest used first.
	SessionsOf(ctx context.Context, userID string) ([]Session, error)
	PutAlert(context.Context, Alert) error
	Alert(ctx context.Context, id string) (Alert, error)
	// AlertsOf lists a user's newest.
	AlertsOf(ctx context.Context, userID string, limit int) ([]Alert, error)
}
