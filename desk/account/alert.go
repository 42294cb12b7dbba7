package account

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

// What people are told about their own account, by mail and in the console.
const (
	AlertPassword   = "password_set"
	AlertLink       = "password_link" // an operator made a one-time link
	AlertFactorSet  = "second_factor_set"
	AlertFactorGone = "second_factor_removed"
	AlertKey        = "key_made"
	AlertEmail      = "email_changed"
	AlertDevice     = "new_device"
	AlertProvider   = "provider_tied"
)

// AlertKinds are all of them, for those who word them.
var AlertKinds = []string{AlertPassword, AlertLink, AlertFactorSet, AlertFactorGone, AlertKey, AlertEmail, AlertDevice, AlertProvider}

// alertStale is after how long a letter that could not be sent is given up:
// an alert is worth reading late, other than a link that waits to be opened.
const alertStale = 48 * time.Hour

// alertPrefix marks the jobs of alerts among those of letters: it is followed
// by the alert's id, "/", and which of its addresses.
const alertPrefix = "alert/"

// tell keeps an alert for a person, and asks for letters in the same
// transaction as the change it tells of.
func (a *Accounts) tell(ctx context.Context, tx desk.Tx, u desk.User, n desk.Alert, from From) error {
	id, err := a.id("N")
	if err != nil {
		return err
	}
	n.ID, n.UserID, n.At, n.Device, n.Address = id, u.ID, a.now(), from.Agent, MaskedAddress(from.Address)
	if n.To == nil {
		n.To = []string{u.Email}
	}
	n.To = slices.DeleteFunc(n.To, func(to string) bool { return to == "" })
	if err := tx.PutAlert(ctx, n); err != nil {
		return err
	}
	for i := range n.To {
		if err := tx.Enqueue(ctx, work.Job{Kind: desk.JobMail, Subject: alertPrefix + id + "/" + strconv.Itoa(i)}); err != nil {
			return err
		}
	}
	return nil
}

// AlertToMail is what a letter says, to whom and in whose words, for the
// subject of a job. due is false where it is old by now, or gone.
func (a *Accounts) AlertToMail(ctx context.Context, subject string) (n desk.Alert, u desk.User, to string, due bool, err error) {
	id, which, _ := strings.Cut(strings.TrimPrefix(subject, alertPrefix), "/")
	at, err := strconv.Atoi(which)
	if err != nil {
		return n, u, "", false, nil // no job of ours
	}
	err = a.store.Read(ctx, func(tx desk.Tx) error {
		if n, err = tx.Alert(ctx, id); err != nil {
			return replaceNone(err)
		}
		if u, err = tx.User(ctx, n.UserID); err != nil {
			return replaceNone(err)
		}
		if at >= 0 && at < len(n.To) && a.now().Sub(n.At) <= alertStale {
			to, due = n.To[at], true
		}
		return nil
	})
	return n, u, to, due, err
}

// IsAlert is whether a letter's job is for an alert rather than for a link.
func IsAlert(subject string) bool { return strings.HasPrefix(subject, alertPrefix) }

// Alerts lists what somebody was told lately about their account.
func (a *Accounts) Alerts(ctx context.Context, userID string) (out []desk.Alert, err error) {
	err = a.store.Read(ctx, func(tx desk.Tx) error { out, err = tx.AlertsOf(ctx, userID, 20); return err })
	return out, err
}

// failed puts a failure on record. Strangers cannot flood it: what has to wait
// is refused before it gets here (throttle.go). For a login that does not exist
// there is nothing to be put on record; a write like it takes the same time.
func (a *Accounts) failed(ctx context.Context, u desk.User, at string, known bool, from From) error {
	return a.store.Write(ctx, func(tx desk.Tx) error {
		name, err := a.pseudonym(ctx, tx, from.Address)
		if err != nil {
			return err
		}
		if u.ID == "" {
			return putSetting(ctx, tx, "account/failures/nobody", desk.Attempt{N: 1, Last: a.now()})
		}
		body := map[string]any{"at": at, "known_device": known, "address": name}
		return a.note(ctx, tx, "user/"+u.ID, kindSignInFailed, access.Machine("accounts"), body)
	})
}

// Addresses stand in the record under a pseudonym: the record is never erased,
// and who signed in from where is personal. Of one day (UTC) the same address
// has the same one, so that a spell of guessing can be seen as one. It is a
// keyed hash; each day's key lies in the database for pseudonymDays, in which
// whoever keeps the desk can look for a given address, and is then destroyed.
const (
	pseudonymSetting = "account/pseudonyms"
	pseudonymDays    = 30
)

// pseudonym is "a" and 12 hex digits, or "" for no address.
func (a *Accounts) pseudonym(ctx context.Context, tx desk.Tx, addr netip.Addr) (string, error) {
	if !addr.IsValid() || addr.IsUnspecified() {
		return "", nil
	}
	keys := map[string]string{}
	if _, err := setting(ctx, tx, pseudonymSetting, &keys); err != nil {
		return "", err
	}
	today := a.now().Format(time.DateOnly)
	if keys[today] == "" {
		secret, err := a.token(32)
		if err != nil {
			return "", err
		}
		keys[today] = secret
		oldest := a.now().AddDate(0, 0, -pseudonymDays).Format(time.DateOnly)
		for day := range keys {
			if day < oldest {
				delete(keys, day)
			}
		}
		if err := putSetting(ctx, tx, pseudonymSetting, keys); err != nil {
			return "", fmt.Errorf("keep the day's key: %w", err)
		}
	}
	return Pseudonym(keys[today], addr), nil
}

// Pseudonym is an address under a day's key.
func Pseudonym(key string, addr netip.Addr) string {
	return "a" + hex.EncodeToString(mac([]byte(key), addr.Unmap().String()))[:12]
}
