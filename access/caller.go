package access

import "slices"

// CallerKind is by what somebody has shown who they are.
type CallerKind string

// The kinds of caller.
const (
	CallerNone    CallerKind = "none"
	CallerSession CallerKind = "session" // a person who signed in
	CallerKey     CallerKind = "key"     // a platform's API key
	CallerLink    CallerKind = "link"    // a signed link to one thing
)

// Caller is who asks, as far as they have shown it. The zero value is a
// stranger, who may do nothing.
type Caller struct {
	// ID is the account's or the key's id; for a link the party's.
	ID    string
	Kind  CallerKind
	Roles []Role
	// Party is the merchant or buyer that the caller acts for; empty for staff
	// and for a platform's own key.
	Party  string
	Scopes []string // of a key
	// Only is the id of the one thing that a link opens; empty: it is no link.
	Only string
	// Conflicts lists merchants and buyers that the person has to do with.
	Conflicts []string
	Senior    bool
	// Language is what the account prefers: "zh", "en" or empty.
	Language string
}

// Known is whether the caller is anybody at all.
func (c Caller) Known() bool { return c.ID != "" && c.Kind != "" && c.Kind != CallerNone }

// Has is whether the caller holds the role. A senior reviewer is a reviewer.
func (c Caller) Has(role Role) bool {
	if !c.Known() {
		return false
	}
	return slices.Contains(c.Roles, role) || role == RoleReviewer && slices.Contains(c.Roles, RoleSenior)
}

// HasAny is whether the caller holds one of the roles.
func (c Caller) HasAny(roles ...Role) bool { return slices.ContainsFunc(roles, c.Has) }

// HasScope is whether the caller may do what scope names, which for all but
// keys is up to the roles alone.
func (c Caller) HasScope(scope string) bool {
	if c.Kind != CallerKey {
		return c.Known()
	}
	return c.ID != "" && (scope == "" || slices.Contains(c.Scopes, scope) || slices.Contains(c.Scopes, ScopeAll))
}

// Actor is the caller acting in a role, as the record names them.
func (c Caller) Actor(role Role) Actor { return Actor{ID: c.ID, Role: role} }

// As is the caller acting in the first of the roles that it holds; a caller
// with none of them acts in the last, which the table of moves then refuses.
func (c Caller) As(roles ...Role) Actor {
	for _, r := range roles {
		if c.Has(r) || r == RoleReviewer && c.Has(RoleSenior) {
			return c.Actor(r)
		}
	}
	return c.Actor(roles[len(roles)-1])
}
