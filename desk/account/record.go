package account

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/oklog/ulid/v2"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/record"
)

// What is on record of accounts: who let whom in, and with which rights. The
// subject is "user/ID", "key/ID", or "link/ID" with a claim's id. Names,
// logins and secrets are not in it: the record is never erased.
const (
	kindUserAdded    = "user.added"
	kindUserChanged  = "user.changed"
	kindUserTied     = "user.tied" // to a provider's subject
	kindOnceIssued   = "user.password_link"
	kindPasswordSet  = "user.password_set"
	kindSignedIn     = "user.signed_in"
	kindSignInFailed = "user.sign_in_failed"
	kindSessionEnded = "user.session_ended" // by the person, from elsewhere
	kindTOTPSet      = "user.second_factor_set"
	kindTOTPReset    = "user.second_factor_reset"
	kindKeyIssued    = "key.issued"
	kindKeyRevoked   = "key.revoked"
	kindHookPaused   = "webhook.changed" // switched off with the key that added it
	kindLinkIssued   = "link.issued"
	kindLinksRevoked = "link.revoked" // all of a claim's
)

// As is the accounts with changes on record as somebody's; without it they are
// the machine's, which is to say of whoever has a shell on it.
func (a *Accounts) As(by access.Caller) *Accounts {
	b := *a
	b.actor = by.Actor("")
	for _, r := range []access.Role{access.RoleOperator, access.RoleIntegrator} {
		if by.Has(r) {
			b.actor.Role = r
			return &b
		}
	}
	if len(by.Roles) > 0 {
		b.actor.Role = by.Roles[0]
	}
	return &b
}

// rights is what a user or key may do, as the record tells it.
func rights(roles []access.Role, party string) map[string]any {
	body := map[string]any{"roles": roles}
	if party != "" {
		body["party"] = party
	}
	return body
}

// self makes the account itself the actor, for what people do to their own.
func self(u desk.User) access.Actor {
	out := access.Actor{ID: u.ID}
	if len(u.Roles) > 0 {
		out.Role = u.Roles[0]
	}
	return out
}

// note appends an event to the subject's chain, in the transaction of the
// change that it tells of.
func (a *Accounts) note(ctx context.Context, tx desk.Tx, subject, kind string, by access.Actor, body map[string]any) error {
	if by.ID == "" {
		by = access.Machine("accounts")
	}
	no, head, err := tx.HeadOf(ctx, subject)
	if err != nil {
		return fmt.Errorf("put %s on record: %w", kind, err)
	}
	if body == nil {
		body = map[string]any{}
	}
	data, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("put %s on record: %w", kind, err)
	}
	at := a.now()
	id, err := ulid.New(ulid.Timestamp(at), a.opt.Rand)
	if err != nil {
		return fmt.Errorf("put %s on record: %w", kind, err)
	}
	e := record.Chain{No: no, Head: head}.Next(record.Event{ID: "e" + strings.ToLower(id.String()), Subject: subject, Kind: kind, At: at, By: by, Body: data})
	return tx.AppendEvent(ctx, &e)
}
