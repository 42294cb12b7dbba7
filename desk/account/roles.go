package account

import (
	"context"
	"fmt"
	"slices"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/text"
)

// precedence is the order in which roles stay where an account from before the
// rule holds several that conflict: a side's own first, so that it gains
// nothing; then who keeps accounts, so that somebody can mend it; then what a
// platform runs on. Who judges and who watches comes last: nothing is judged,
// and nothing is watched, by somebody who has another hand in it.
var precedence = [][]access.Role{
	{access.RoleBuyer}, {access.RoleMerchant}, {access.RoleOperator}, {access.RoleIntegrator}, {access.RoleReviewer, access.RoleSenior}, {access.RoleAuditor},
}

// Conflicting names two of the roles that one account or key must not hold
// together; ok is false where all go together. A senior reviewer is a
// reviewer; any two others conflict: a side and the platform that speaks for
// it do not work at the desk, who sets the rules does not judge by them, who
// files claims does not decide them, and who audits does nothing else.
func Conflicting(roles []access.Role) (a, b access.Role, ok bool) {
	for i, a := range roles {
		for _, b := range roles[:i] {
			if a != b && roleGroup(a) != roleGroup(b) {
				return b, a, true
			}
		}
	}
	return "", "", false
}

func roleGroup(r access.Role) int {
	return slices.IndexFunc(precedence, func(group []access.Role) bool { return slices.Contains(group, r) })
}

// Effective are the roles that count: all of them, or where some conflict
// those of the first group in precedence. New accounts and changes are refused
// instead; this is for accounts and keys from before the rule.
func Effective(roles []access.Role) []access.Role {
	if _, _, bad := Conflicting(roles); !bad {
		return roles
	}
	first := len(precedence)
	for _, r := range roles {
		if g := roleGroup(r); g >= 0 {
			first = min(first, g)
		}
	}
	var out []access.Role
	for _, r := range roles {
		if roleGroup(r) == first {
			out = append(out, r)
		}
	}
	return out
}

// SetAside are the roles that an account holds and that do not count.
func SetAside(roles []access.Role) []access.Role {
	counts := Effective(roles)
	return slices.DeleteFunc(slices.Clone(roles), func(r access.Role) bool { return slices.Contains(counts, r) })
}

// checkConflicts is asked first of all, before anything else is read of a
// profile or a key.
func checkConflicts(roles []access.Role) error {
	a, b, bad := Conflicting(roles)
	if !bad {
		return nil
	}
	return text.Refuse(text.CodeInvalid, "roles",
		fmt.Sprintf("The roles %.40q and %.40q conflict: one account holds one of them. A reviewer may also be a senior reviewer.", string(a), string(b)),
		fmt.Sprintf("角色 %.40q 与 %.40q 存在利益冲突，一个账号只能选其一。审核员可同时是高级审核员。", string(a), string(b)))
}

// Tangled lists the accounts and keys whose roles conflict, by login and by
// name, so that whoever runs the desk is told of them.
func (a *Accounts) Tangled(ctx context.Context) (logins, keys []string, err error) {
	users, err := a.Users(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("look for conflicting roles: %w", err)
	}
	for _, u := range users {
		if !u.Disabled && len(SetAside(u.Roles)) > 0 {
			logins = append(logins, u.Login)
		}
	}
	all, err := a.Keys(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("look for conflicting roles: %w", err)
	}
	for _, k := range all {
		if k.Revoked == nil && len(SetAside(k.Roles)) > 0 {
			keys = append(keys, k.Name)
		}
	}
	return logins, keys, nil
}
