package account

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// keyRoles are what a key can be. It is never a reviewer or an operator: who
// rules on a claim or on the rules is a named person.
var keyRoles = []access.Role{access.RoleIntegrator, access.RoleMerchant, access.RoleBuyer, access.RoleAuditor}

// KeyWish is what a new key shall be.
type KeyWish struct {
	Name    string
	Scopes  []string
	Roles   []access.Role // empty: integrator
	Party   string        // narrows the key to one merchant or buyer
	Expires *time.Time
	From    From // from where it is wished for; its maker is told
}

func (a *Accounts) checkWish(w *KeyWish) error {
	if err := checkConflicts(w.Roles); err != nil {
		return err
	}
	if len(w.Roles) == 0 {
		w.Roles = []access.Role{access.RoleIntegrator}
	}
	switch n := utf8.RuneCountInString(w.Name); {
	case n == 0 || n > 100:
		return text.Refuse(text.CodeInvalid, "name", "Give the key a name of at most 100 characters.", "请填写密钥名称，最长 100 个字符。")
	case len(w.Scopes) == 0:
		return text.Refuse(text.CodeInvalid, "scopes", "Give at least one scope.", "至少选择一个权限范围。")
	case w.Expires != nil && !w.Expires.After(a.now()):
		return text.Refuse(text.CodeInvalid, "expires", "The key would have expired already.", "过期时间须晚于现在。")
	}
	for _, s := range w.Scopes {
		if !slices.Contains(access.Scopes, s) {
			return text.Refuse(text.CodeInvalid, "scopes", "There is no scope "+fmt.Sprintf("%.40q", s)+".", "没有这个权限范围。")
		}
	}
	for _, r := range w.Roles {
		if !slices.Contains(keyRoles, r) {
			return text.Refuse(text.CodeInvalid, "roles", "A key can be an integrator, a merchant, a buyer or an auditor; reviewers and operators are people.", "密钥只能是平台、商家、买家或审计角色；审核员与运营须为真人。")
		}
	}
	return checkRoles(w.Roles, w.Party)
}

// IssueKey makes a key; secret is shown this once: ehk_<id>_<secret>.
func (a *Accounts) IssueKey(ctx context.Context, by access.Caller, w KeyWish) (k desk.Key, secret string, err error) {
	if err := a.checkWish(&w); err != nil {
		return k, "", err
	}
	b, err := a.random(8)
	if err != nil {
		return k, "", err
	}
	part, err := a.token(32)
	if err != nil {
		return k, "", err
	}
	k = desk.Key{ID: hex.EncodeToString(b), Name: w.Name, Hash: digest(part), Scopes: w.Scopes, Roles: w.Roles, Party: w.Party, CreatedBy: by.ID, CreatedAt: a.now()}
	if w.Expires != nil {
		at := w.Expires.UTC().Truncate(time.Microsecond)
		k.Expires = &at
	}
	body := rights(k.Roles, k.Party)
	body["scopes"], body["expires"] = k.Scopes, k.Expires
	err = a.store.Write(ctx, func(tx desk.Tx) error {
		if err := tx.PutKey(ctx, k); err != nil {
			return err
		}
		maker, err := tx.User(ctx, by.ID) // the command line has none
		if err == nil {
			err = a.tell(ctx, tx, maker, desk.Alert{Kind: AlertKey, Name: k.Name, Self: true}, w.From)
		}
		if err != nil && !errors.Is(err, work.ErrNotFound) {
			return err
		}
		return a.note(ctx, tx, "key/"+k.ID, kindKeyIssued, by.Actor(access.RoleOperator), body)
	})
	if err != nil {
		return k, "", fmt.Errorf("keep key: %w", err)
	}
	return k, "ehk_" + k.ID + "_" + part, nil
}

// ParseKey takes a key's text apart; ok is false where it cannot be one.
func ParseKey(text string) (id, secret string, ok bool) {
	rest, found := strings.CutPrefix(text, "ehk_")
	id, secret, cut := strings.Cut(rest, "_")
	if !found || !cut || len(id) != 16 || len(secret) != 43 {
		return "", "", false
	}
	for _, r := range id {
		if !strings.ContainsRune("0123456789abcdef", r) {
			return "", "", false
		}
	}
	for _, r := range secret {
		if r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return "", "", false
		}
	}
	return id, secret, true
}

// ByKey finds whose key this is; CodeSignedOut where it is nobody's, has
// expired or was revoked.
func (a *Accounts) ByKey(ctx context.Context, words string) (access.Caller, error) {
	id, secret, ok := ParseKey(words)
	invalid := text.Refuse(CodeSignedOut, "", "The API key is not valid.", "API 密钥无效。")
	if !ok {
		return access.Caller{}, invalid
	}
	var k desk.Key
	err := a.store.Read(ctx, func(tx desk.Tx) (err error) { k, err = tx.Key(ctx, id); return err })
	if err != nil && !errors.Is(err, work.ErrNotFound) {
		return access.Caller{}, fmt.Errorf("find key: %w", err)
	}
	if !same(k.Hash, digest(secret)) || k.Ended(a.now()) {
		return access.Caller{}, invalid
	}
	return access.Caller{ID: k.ID, Kind: access.CallerKey, Roles: Effective(k.Roles), Party: k.Party, Scopes: k.Scopes}, nil
}

// RevokeKey ends a key for good.
func (a *Accounts) RevokeKey(ctx context.Context, id string) (k desk.Key, err error) {
	err = a.store.Write(ctx, func(tx desk.Tx) error {
		if k, err = tx.Key(ctx, id); errors.Is(err, work.ErrNotFound) {
			return errNone()
		} else if err != nil {
			return err
		}
		if k.Revoked != nil {
			return nil
		}
		now := a.now()
		k.Revoked = &now
		if err := tx.PutKey(ctx, k); err != nil {
			return err
		}
		if err := a.pauseHooks(ctx, tx, k.ID, "key"); err != nil {
			return err
		}
		return a.note(ctx, tx, "key/"+k.ID, kindKeyRevoked, a.actor, nil)
	})
	return k, err
}

// pauseHooks switches off the webhooks that a key or a person added: who must not ask any
// more must not be told either. They stay, with what was sent to them, until
// somebody who may switches them on again and so takes them over.
func (a *Accounts) pauseHooks(ctx context.Context, tx desk.Tx, id, kind string) error {
	hooks, err := tx.Webhooks(ctx)
	if err != nil {
		return err
	}
	for _, h := range hooks {
		if h.CreatedBy != id || h.Disabled {
			continue
		}
		h.Disabled = true
		if err := tx.PutWebhook(ctx, h); err != nil {
			return err
		}
		if err := a.note(ctx, tx, "webhook/"+h.ID, kindHookPaused, a.actor, map[string]any{"disabled": true, kind: id}); err != nil {
			return err
		}
	}
	return nil
}

// Keys lists all keys, those that ended among them.
func (a *Accounts) Keys(ctx context.Context) (list []desk.Key, err error) {
	err = a.store.Read(ctx, func(tx desk.Tx) error { list, err = tx.Keys(ctx); return err })
	return list, err
}
