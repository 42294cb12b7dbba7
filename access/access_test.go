package access_test

import (
	"slices"
	"testing"

	"github.com/evenhand/evenhand/access"
)

func session(roles ...access.Role) access.Caller {
	return access.Caller{ID: "u1", Kind: access.CallerSession, Roles: roles}
}

// TestStrangersHoldNothing: roles and scopes count only with an id and a way in
// which it was shown.
func TestStrangersHoldNothing(t *testing.T) {
	all := append(slices.Clone(access.Roles), access.RoleMachine)
	for name, c := range map[string]access.Caller{
		"nobody":         {},
		"roles alone":    {Roles: all, Scopes: []string{access.ScopeAll}},
		"no kind":        {ID: "u1", Roles: all},
		"of kind none":   {ID: "u1", Kind: access.CallerNone, Roles: all},
		"no id":          {Kind: access.CallerSession, Roles: all},
		"a key of no id": {Kind: access.CallerKey, Roles: all, Scopes: []string{access.ScopeAll}},
	} {
		if c.Known() || c.HasAny(all...) || c.HasScope(access.ScopeClaimsRead) {
			t.Errorf("%s: known %v, has a role %v, has a scope %v", name, c.Known(), c.HasAny(all...), c.HasScope(access.ScopeClaimsRead))
		}
	}
}

// TestASeniorReviewerIsAReviewer, and not the other way round.
func TestASeniorReviewerIsAReviewer(t *testing.T) {
	senior, reviewer := session(access.RoleSenior), session(access.RoleReviewer)
	if !senior.Has(access.RoleReviewer) || !senior.Has(access.RoleSenior) || reviewer.Has(access.RoleSenior) {
		t.Error("senior:", senior, "reviewer:", reviewer)
	}
	if senior.HasAny(access.RoleOperator, access.RoleAuditor) {
		t.Error("a senior reviewer is not staff of other kinds")
	}
}

func TestScopesBindKeysAlone(t *testing.T) {
	key := func(scopes ...string) access.Caller {
		return access.Caller{ID: "k1", Kind: access.CallerKey, Scopes: scopes}
	}
	for _, tt := range []struct {
		name  string
		c     access.Caller
		scope string
		want  bool
	}{
		{"a person needs none", session(), access.ScopeClaimsWrite, true},
		{"a link needs none", access.Caller{ID: "b1", Kind: access.CallerLink}, access.ScopeClaimsWrite, true},
		{"the key's own", key(access.ScopeClaimsRead), access.ScopeClaimsRead, true},
		{"another", key(access.ScopeClaimsRead), access.ScopeClaimsWrite, false},
		{"all", key(access.ScopeAll), access.ScopePeopleErase, true},
		{"none asked for", key(), "", true},
		{"none held", key(), access.ScopeMetricsRead, false},
	} {
		if got := tt.c.HasScope(tt.scope); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
	if seen := slices.Compact(slices.Sorted(slices.Values(access.Scopes))); len(seen) != len(access.Scopes) {
		t.Errorf("a scope is listed twice: %v", access.Scopes)
	}
}

// TestAs: the first role held counts; who holds none acts in the last, and is
// refused where it counts.
func TestAs(t *testing.T) {
	both := session(access.RoleBuyer, access.RoleIntegrator)
	for _, tt := range []struct {
		c     access.Caller
		roles []access.Role
		want  access.Role
	}{
		{both, []access.Role{access.RoleBuyer, access.RoleIntegrator}, access.RoleBuyer},
		{both, []access.Role{access.RoleIntegrator, access.RoleBuyer}, access.RoleIntegrator},
		{session(access.RoleSenior), []access.Role{access.RoleSenior, access.RoleReviewer}, access.RoleSenior},
		{session(access.RoleSenior), []access.Role{access.RoleReviewer}, access.RoleReviewer},
		{session(), []access.Role{access.RoleBuyer, access.RoleIntegrator}, access.RoleIntegrator},
	} {
		if got := tt.c.As(tt.roles...); got != (access.Actor{ID: "u1", Role: tt.want}) {
			t.Errorf("%v as one of %v acts as %v, want %s", tt.c.Roles, tt.roles, got, tt.want)
		}
	}
}

// TestPersons: only named reviewers rule; a machine never does.
func TestPersons(t *testing.T) {
	for _, role := range append(slices.Clone(access.Roles), access.RoleMachine) {
		want := role == access.RoleReviewer || role == access.RoleSenior
		if got := (access.Actor{ID: "ann", Role: role}).Person(); got != want {
			t.Errorf("%s: %v", role, got)
		}
		if (access.Actor{Role: role}).Person() {
			t.Errorf("a nameless %s rules", role)
		}
	}
	if access.Machine("clock").Person() {
		t.Error("a machine is a person")
	}
	if slices.Contains(access.Roles, access.RoleMachine) {
		t.Error("somebody can be given the machine's role")
	}
}
