package account

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// onceFor is how long a one-time link to set a password works.
const onceFor = 72 * time.Hour

// loginRule is what a login may be: short, lower case, an e-mail address among others.
var loginRule = regexp.MustCompile(`^[a-z0-9][a-z0-9._@+-]{1,99}$`)

// Profile is what an operator says about somebody.
type Profile struct {
	Login     string
	Name      string
	Email     string // where one-time links go; may be empty
	Roles     []access.Role
	Party     string // the merchant or buyer they act for
	Conflicts []string
	Language  string // "zh", "en" or empty
	Disabled  bool
}

// check refuses profiles that make no sense or mix sides.
func (p *Profile) check() error {
	if err := checkConflicts(p.Roles); err != nil {
		return err
	}
	p.Login, p.Email = strings.ToLower(strings.TrimSpace(p.Login)), strings.TrimSpace(p.Email)
	switch {
	case !loginRule.MatchString(p.Login):
		return text.Refuse(text.CodeInvalid, "login", "A login has 2 to 100 letters, digits and . _ @ + -", "登录名为 2 至 100 位字母、数字及 . _ @ + -。")
	case utf8.RuneCountInString(p.Name) > 100:
		return text.Refuse(text.CodeInvalid, "name", "A name has at most 100 characters.", "姓名最长 100 个字符。")
	case strings.ContainsFunc(p.Name, desk.Hides):
		return text.Refuse(text.CodeInvalid, "name", "A name has no control characters.", "姓名不能包含控制字符。")
	case p.Email != "" && !validEmail(p.Email):
		return text.Refuse(text.CodeInvalid, "email", "Write an e-mail address such as li@example.com.", "请填写邮箱地址，如 li@example.com。")
	case p.Language != "" && p.Language != "zh" && p.Language != "en":
		return text.Refuse(text.CodeInvalid, "language", "The languages are zh and en.", "可选语言为 zh 和 en。")
	case len(p.Conflicts) > 1000:
		return text.Refuse(text.CodeInvalid, "conflicts", "At most 1000 conflicts.", "利益冲突最多 1000 项。")
	}
	return checkRoles(p.Roles, p.Party)
}

// validEmail takes a bare address, without a name before it or anything behind.
func validEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254
}

// checkRoles holds for people and keys: no two roles that conflict, and a side's
// role needs a party.
func checkRoles(roles []access.Role, party string) error {
	if err := checkConflicts(roles); err != nil {
		return err
	}
	sides := 0
	for _, r := range roles {
		if !slices.Contains(access.Roles, r) {
			return text.Refuse(text.CodeInvalid, "roles", "There is no role "+fmt.Sprintf("%.40q", string(r))+".", "没有这个角色。")
		}
		if r == access.RoleBuyer || r == access.RoleMerchant {
			sides++
		}
	}
	switch {
	case len(roles) == 0:
		return text.Refuse(text.CodeInvalid, "roles", "Give at least one role.", "至少选择一个角色。")
	case sides > 0 && party == "":
		return text.Refuse(text.CodeInvalid, "party", "Say which buyer or merchant this is.", "请填写对应的买家或商家编号。")
	case sides == 0 && party != "" && !slices.Contains(roles, access.RoleIntegrator):
		return text.Refuse(text.CodeInvalid, "party", "Only buyers and merchants act for a party.", "只有买家或商家需要填写编号。")
	}
	return nil
}

// AddUser makes an account without a password, and a one-time token by which
// the person sets one.
func (a *Accounts) AddUser(ctx context.Context, p Profile) (u desk.User, once string, err error) {
	if err := p.check(); err != nil {
		return u, "", err
	}
	id, err := a.id("U")
	if err != nil {
		return u, "", err
	}
	secret, err := a.token(32)
	if err != nil {
		return u, "", err
	}
	u = desk.User{ID: id, CreatedAt: a.now()}
	p.onto(&u)
	err = a.store.Write(ctx, func(tx desk.Tx) error {
		if err := loginFree(ctx, tx, u.Login, u.ID); err != nil {
			return err
		}
		if err := tx.PutUser(ctx, u); err != nil {
			return err
		}
		if err := a.putOnce(ctx, tx, u.ID, secret); err != nil {
			return err
		}
		return a.note(ctx, tx, "user/"+u.ID, kindUserAdded, a.actor, rights(u.Roles, u.Party))
	})
	if err != nil {
		return u, "", fmt.Errorf("add user: %w", err)
	}
	return u, u.ID + "." + secret, nil
}

func (p Profile) onto(u *desk.User) {
	u.Login, u.Name, u.Email, u.Roles, u.Party, u.Conflicts, u.Language, u.Disabled = p.Login, p.Name, p.Email, p.Roles, p.Party, p.Conflicts, p.Language, p.Disabled
}

func loginFree(ctx context.Context, tx desk.Tx, login, id string) error {
	other, err := tx.UserByLogin(ctx, login)
	if errors.Is(err, work.ErrNotFound) || err == nil && other.ID == id {
		return nil
	}
	if err != nil {
		return err
	}
	return text.Refuse(text.CodeExists, "login", "This login is taken.", "该登录名已被使用。")
}

// ChangeUser replaces a profile. Whoever loses a role or is disabled is signed
// out at once. The last operator stays one.
func (a *Accounts) ChangeUser(ctx context.Context, id string, change func(desk.User) Profile) (u desk.User, err error) {
	err = a.store.Write(ctx, func(tx desk.Tx) error {
		if u, err = tx.User(ctx, id); errors.Is(err, work.ErrNotFound) {
			return errNone()
		} else if err != nil {
			return err
		}
		before, p := u, change(u)
		if err := p.check(); err != nil {
			return err
		}
		p.onto(&u)
		if u.Email != before.Email {
			// To both: the old address is where its owner would look.
			if err := a.tell(ctx, tx, u, desk.Alert{Kind: AlertEmail, To: []string{before.Email, u.Email}}, From{}); err != nil {
				return err
			}
		}
		if err := errors.Join(loginFree(ctx, tx, u.Login, u.ID), keepOperator(ctx, tx, before, u)); err != nil {
			return err
		}
		if u.Disabled || u.Party != before.Party || !slices.Equal(u.Roles, before.Roles) {
			if err := tx.DeleteSessionsOf(ctx, u.ID); err != nil {
				return err
			}
		}
		if err := tx.PutUser(ctx, u); err != nil {
			return err
		}
		if hooks(before) && !hooks(u) {
			if err := a.pauseHooks(ctx, tx, u.ID, "user"); err != nil {
				return err
			}
		}
		body := rights(u.Roles, u.Party)
		body["disabled"], body["conflicts"] = u.Disabled, len(u.Conflicts)
		return a.note(ctx, tx, "user/"+u.ID, kindUserChanged, a.actor, body)
	})
	if err != nil {
		return u, fmt.Errorf("change user: %w", err)
	}
	return u, nil
}

// hooks is whether somebody may add webhooks.
func hooks(u desk.User) bool {
	roles := Effective(u.Roles)
	return !u.Disabled && (slices.Contains(roles, access.RoleOperator) || slices.Contains(roles, access.RoleIntegrator))
}

// keepOperator refuses to take the last operator away.
func keepOperator(ctx context.Context, tx desk.Tx, before, after desk.User) error {
	operates := func(u desk.User) bool { return !u.Disabled && slices.Contains(Effective(u.Roles), access.RoleOperator) }
	if !operates(before) || operates(after) {
		return nil
	}
	all, err := tx.Users(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(u desk.User) bool { return u.ID != after.ID && operates(u) }) {
		return nil
	}
	return text.Refuse(text.CodeIllegal, "roles", "This is the last operator; make another one first.", "这是最后一位运营人员，请先添加另一位。")
}

// Users lists all accounts.
func (a *Accounts) Users(ctx context.Context) (list []desk.User, err error) {
	err = a.store.Read(ctx, func(tx desk.Tx) error { list, err = tx.Users(ctx); return err })
	return list, err
}

// User finds an account.
func (a *Accounts) User(ctx context.Context, id string) (u desk.User, err error) {
	err = a.store.Read(ctx, func(tx desk.Tx) error { u, err = tx.User(ctx, id); return err })
	if errors.Is(err, work.ErrNotFound) {
		return u, errNone()
	}
	return u, err
}

// once is a kept one-time token.
type once struct {
	Digest  string    `json:"digest"`
	Expires time.Time `json:"expires"`
}

func onceOf(userID string) string { return "account/once/" + userID }

func (a *Accounts) putOnce(ctx context.Context, tx desk.Tx, userID, secret string) error {
	return putSetting(ctx, tx, onceOf(userID), once{Digest: digest(secret), Expires: a.now().Add(onceFor)})
}

// OnceToken makes a new one-time token for setting a password; an earlier one
// ends. The old password works until the new one is set.
func (a *Accounts) OnceToken(ctx context.Context, userID string) (string, error) {
	secret, err := a.token(32)
	if err != nil {
		return "", err
	}
	err = a.store.Write(ctx, func(tx desk.Tx) error {
		u, err := tx.User(ctx, userID)
		if errors.Is(err, work.ErrNotFound) {
			return errNone()
		} else if err != nil {
			return err
		}
		if err := a.putOnce(ctx, tx, userID, secret); err != nil {
			return err
		}
		if u.Password != "" {
			if err := a.tell(ctx, tx, u, desk.Alert{Kind: AlertLink}, From{}); err != nil {
				return err
			}
		}
		return a.note(ctx, tx, "user/"+userID, kindOnceIssued, a.actor, nil)
	})
	return userID + "." + secret, err
}

// Bootstrap makes sure that somebody can get in: where no operator could sign
// in, it makes (or finds) the account "operator" and gives it a password that
// works once and must be changed then. made is false where there was no need.
func (a *Accounts) Bootstrap(ctx context.Context) (login, password string, made bool, err error) {
	need, err := a.lockedOut(ctx)
	if err != nil || !need {
		return "", "", false, err
	}
	if password, err = a.token(18); err != nil {
		return "", "", false, err
	}
	phc, err := a.hash(ctx, password)
	if err != nil {
		return "", "", false, err
	}
	id, err := a.id("U")
	if err != nil {
		return "", "", false, err
	}
	err = a.store.Write(ctx, func(tx desk.Tx) error {
		u, err := tx.UserByLogin(ctx, "operator")
		if errors.Is(err, work.ErrNotFound) {
			u, err = desk.User{ID: id, Login: "operator", Name: "Operator", CreatedAt: a.now()}, nil
		}
		if err != nil {
			return err
		}
		u.Roles, u.Party, u.Disabled, u.Password = []access.Role{access.RoleOperator}, "", false, oncePrefix+phc
		if err := tx.PutUser(ctx, u); err != nil {
			return err
		}
		return a.note(ctx, tx, "user/"+u.ID, kindUserAdded, access.Machine("bootstrap"), rights(u.Roles, ""))
	})
	return "operator", password, err == nil, err
}

// lockedOut is whether no operator has a way to sign in.
func (a *Accounts) lockedOut(ctx context.Context) (bool, error) {
	all, err := a.Users(ctx)
	if err != nil {
		return false, fmt.Errorf("look for an operator: %w", err)
	}
	return !slices.ContainsFunc(all, func(u desk.User) bool {
		lasting := u.Password != "" && !strings.HasPrefix(u.Password, oncePrefix)
		return !u.Disabled && slices.Contains(Effective(u.Roles), access.RoleOperator) && (lasting || u.OIDC != "")
	}), nil
}
