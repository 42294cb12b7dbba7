package account

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// Link is what a signed link says: who may act for which side of one claim,
// until when. Nothing of it is personal or secret; the signature is what counts.
type Link struct {
	ClaimID string      `json:"c"`
	Party   string      `json:"p"`
	Role    access.Role `json:"r"`
	Expires int64       `json:"e"` // Unix seconds
	Nonce   string      `json:"n"`
	// Generation is the claim's when the link was made; raising it revokes all
	// links made before.
	Generation int `json:"g"`
}

// The bounds of a link: its time, and its text in bytes.
const (
	MaxLinkFor = 90 * 24 * time.Hour
	maxLink    = 1024
	linkKey    = "account/link-key"
)

func generationOf(claimID string) string { return "account/links/" + claimID }

// linkSecret is the key that signs links, made when first needed. It is read
// each time rather than kept, so that nodes that start together agree.
func (a *Accounts) linkSecret(ctx context.Context, tx desk.Tx, make bool) ([]byte, error) {
	key, err := tx.Setting(ctx, linkKey)
	if err == nil && len(key) >= 32 {
		return key, nil
	}
	if err != nil && !errors.Is(err, work.ErrNotFound) {
		return nil, fmt.Errorf("read link key: %w", err)
	}
	if !make {
		return nil, work.ErrNotFound
	}
	if key, err = a.random(32); err != nil {
		return nil, err
	}
	return key, tx.PutSetting(ctx, linkKey, key)
}

// Secret derives a key for a purpose from the installation's own, the same on
// every node.
func (a *Accounts) Secret(ctx context.Context, purpose string) (key []byte, err error) {
	read := func(make bool) func(tx desk.Tx) error {
		return func(tx desk.Tx) error {
			k, err := a.linkSecret(ctx, tx, make)
			key = mac(k, "evenhand/"+purpose)
			return err
		}
	}
	if err = a.store.Read(ctx, read(false)); errors.Is(err, work.ErrNotFound) {
		err = a.store.Write(ctx, read(true))
	}
	return key, err
}

func mac(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// IssueLink makes a link for one side of a claim, good for as long as given.
func (a *Accounts) IssueLink(ctx context.Context, claimID string, role access.Role, lasts time.Duration) (token string, l Link, err error) {
	if role != access.RoleBuyer && role != access.RoleMerchant {
		return "", l, text.Refuse(text.CodeInvalid, "role", "A link is for the buyer or the merchant.", "链接只能发给买家或商家。")
	}
	if lasts <= 0 || lasts > MaxLinkFor {
		return "", l, text.Refuse(text.CodeInvalid, "hours", "A link lasts for 1 to 2160 hours.", "链接有效期为 1 至 2160 小时。")
	}
	nonce, err := a.token(9)
	if err != nil {
		return "", l, err
	}
	err = a.store.Write(ctx, func(tx desk.Tx) error {
		c, err := tx.Claim(ctx, claimID)
		if errors.Is(err, work.ErrNotFound) {
			return errNone()
		}
		if err != nil {
			return err
		}
		l = Link{ClaimID: c.ID, Party: c.BuyerID, Role: role, Expires: a.now().Add(lasts).Unix(), Nonce: nonce}
		if role == access.RoleMerchant {
			l.Party = c.MerchantID
		}
		if _, err := setting(ctx, tx, generationOf(c.ID), &l.Generation); err != nil {
			return err
		}
		key, err := a.linkSecret(ctx, tx, true)
		if err != nil {
			return err
		}
		if token, err = l.sign(key); err != nil {
			return err
		}
		body := map[string]any{"role": role, "expires": time.Unix(l.Expires, 0).UTC(), "generation": l.Generation}
		return a.note(ctx, tx, "link/"+c.ID, kindLinkIssued, a.actor, body)
	})
	if err != nil {
		return "", l, fmt.Errorf("issue link: %w", err)
	}
	return token, l, nil
}

// sign is base64url(JSON) "." base64url(HMAC-SHA256 of what is left of the dot).
func (l Link) sign(key []byte) (string, error) {
	payload, err := json.Marshal(l)
	if err != nil {
		return "", fmt.Errorf("sign link: %w", err)
	}
	left := base64.RawURLEncoding.EncodeToString(payload)
	return left + "." + base64.RawURLEncoding.EncodeToString(mac(key, left)), nil
}

// readLink checks the signature, then reads; ok is false for all else.
func readLink(key []byte, token string) (l Link, ok bool) {
	left, right, cut := strings.Cut(token, ".")
	sum, err := base64.RawURLEncoding.Strict().DecodeString(right)
	if !cut || err != nil || len(token) > maxLink || !hmac.Equal(sum, mac(key, left)) {
		return l, false
	}
	payload, err := base64.RawURLEncoding.Strict().DecodeString(left)
	if err != nil {
		return l, false
	}
	dec := json.NewDecoder(bytes.NewReader(payload))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&l); err != nil || l.ClaimID == "" || l.Party == "" {
		return Link{}, false
	}
	return l, l.Role == access.RoleBuyer || l.Role == access.RoleMerchant
}

// ByLink finds for whom a link speaks; CodeExpired where it does not any more,
// or never did.
func (a *Accounts) ByLink(ctx context.Context, token string) (access.Caller, Link, error) {
	invalid := text.Refuse(CodeExpired, "", "This link has expired or is not valid. Ask for a new one.", "链接已失效或无效，请重新获取。")
	if len(token) > maxLink {
		return access.Caller{}, Link{}, invalid
	}
	var l Link
	err := a.store.Read(ctx, func(tx desk.Tx) error {
		key, err := a.linkSecret(ctx, tx, false)
		if errors.Is(err, work.ErrNotFound) {
			return invalid
		}
		if err != nil {
			return err
		}
		var ok bool
		if l, ok = readLink(key, token); !ok || !a.now().Before(time.Unix(l.Expires, 0)) {
			return invalid
		}
		generation := 0
		if _, err := setting(ctx, tx, generationOf(l.ClaimID), &generation); err != nil {
			return err
		}
		if l.Generation != generation {
			return invalid
		}
		return nil
	})
	if err != nil {
		return access.Caller{}, Link{}, err
	}
	return access.Caller{ID: l.Party, Kind: access.CallerLink, Roles: []access.Role{l.Role}, Party: l.Party, Only: l.ClaimID}, l, nil
}

// RevokeLinks ends all links to a claim made so far.
func (a *Accounts) RevokeLinks(ctx context.Context, claimID string) error {
	return a.store.Write(ctx, func(tx desk.Tx) error {
		if _, err := tx.Claim(ctx, claimID); errors.Is(err, work.ErrNotFound) {
			return errNone()
		} else if err != nil {
			return err
		}
		generation := 0
		if _, err := setting(ctx, tx, generationOf(claimID), &generation); err != nil {
			return err
		}
		if err := putSetting(ctx, tx, generationOf(claimID), generation+1); err != nil {
			return err
		}
		return a.note(ctx, tx, "link/"+claimID, kindLinksRevoked, a.actor, nil)
	})
}

// LinkCSRF is the value that a browser with a link in its cookie has to send
// back; it follows from the link, so nothing need be kept.
func LinkCSRF(token string) string {
	return base64.RawURLEncoding.EncodeToString(mac([]byte(token), "csrf"))
}
