package desk

import (
	"slices"

	"github.com/evenhand/evenhand/claim"
)

// CallerKind is by what somebody has shown who they are.
type CallerKind string

// The kinds of caller.
const (
	CallerNone    CallerKind = "none"
	CallerSession CallerKind = "session" // a person who signed in
	CallerKey     CallerKind = "key"     // a platform's API key
	CallerLink    CallerKind = "link"    // a signed link to one claim
)

// The scopes that an API key can hold. A person needs none: their roles say
// what they may do.
const (
	ScopeAll           = "*"
	ScopeOrdersRead    = "orders:read"
	ScopeOrdersWrite   = "orders:write"
	ScopeClaimsRead    = "claims:read"
	ScopeClaimsWrite   = "claims:write"
	ScopeEvidenceWrite = "evidence:write"
	ScopeLinksWrite    = "links:write"
	ScopePoliciesRead  = "policies:read"
	ScopePoliciesWrite = "policies:write"
	ScopeWebhooksRead  = "webhooks:read"
	ScopeWebhooksWrite = "webhooks:write"
	ScopePeopleRead    = "people:read"  // export of a person's data
	ScopePeopleErase   = "people:erase" // erasure of a person's data
	ScopeFiguresRead   = "figures:read" // statistics
	ScopeMetricsRead   = "metrics:read"
)

// Scopes lists them all.
var Scopes = []string{
	ScopeAll, ScopeOrdersRead, ScopeOrdersWrite, ScopeClaimsRead, ScopeClaimsWrite, ScopeEvidenceWrite, ScopeLinksWrite, ScopePoliciesRead,
	ScopePoliciesWrite, ScopeWebhooksRead, ScopeWebhooksWrite, ScopePeopleRead, ScopePeopleErase, ScopeFiguresRead, ScopeMetricsRead,
}

// Caller is who asks, as far as they have shown it. The zero value is a
// stranger, who may do nothing.
type Caller struct {
	// ID is the account's or the key's id; for a link the party's.
	ID    string
	Kind  CallerKind
	Roles []claim.Role
	// Party is the merchant or buyer that the caller acts for; empty for staff
	// and for a platform's own key.
	Party  string
	Scopes []string // of a key
	// ClaimID is the one claim that a link opens.
	ClaimID string
	// Conflicts lists merchants and buyers that the person has to do with.
	Conflicts []string
	Senior    bool
	// Language is what the account prefers: "zh", "en" or empty.
	Language string
}

// Known is whether the caller is anybody at all.
func (c Caller) Known() bool { return c.ID != "" && c.Kind != "" && c.Kind != CallerNone }

// Has is whether the caller holds the role. A senior reviewer is a reviewer.
func (c Caller) Has(role claim.Role) bool {
	if !c.Known() {
		return false
	}
	return slices.Contains(c.Roles, role) || role == claim.RoleReviewer && slices.Contains(c.Roles, claim.RoleSenior)
}

// HasAny is whether the caller holds one of the roles.
func (c Caller) HasAny(roles ...claim.Role) bool { return slices.ContainsFunc(roles, c.Has) }

// HasScope is whether the caller may do what scope names, which for all but
// keys is up to the roles alone.
func (c Caller) HasScope(scope string) bool {
	if c.Kind != CallerKey {
		return c.Known()
	}
	return c.ID != "" && (scope == "" || slices.Contains(c.Scopes, scope) || slices.Contains(c.Scopes, ScopeAll))
}

// Actor is the caller acting in a role, as the record names them.
func (c Caller) Actor(role claim.Role) claim.Actor { return claim.Actor{ID: c.ID, Role: role} }

// Reviewer is the caller as somebody who takes work from the queue.
func (c Caller) Reviewer() Reviewer {
	return Reviewer{ID: c.ID, Senior: c.Senior || c.Has(claim.RoleSenior), Conflicts: c.Conflicts}
}

// Conflicted is whether the person has to do with a side of the claim, and so
// may neither rule on it nor read it as a reviewer.
func (c Caller) Conflicted(k *claim.Claim) bool {
	return slices.Contains(c.Conflicts, k.MerchantID) || slices.Contains(c.Conflicts, k.BuyerID)
}

// Side is the party to the claim that the caller speaks for; ok is false for
// all others, whatever else they may do. A platform's key speaks for neither.
func (c Caller) Side(k *claim.Claim) (side claim.Party, ok bool) {
	if k == nil || !c.Known() || c.Party == "" || c.ClaimID != "" && c.ClaimID != k.ID {
		return "", false
	}
	// Buyers and merchants are numbered apart, so that one id may be both.
	switch {
	case c.Has(claim.RoleBuyer) && c.Party == k.BuyerID:
		return claim.Buyer, true
	case c.Has(claim.RoleMerchant) && c.Party == k.MerchantID:
		return claim.Merchant, true
	}
	return "", false
}

// MayRead is whether the caller may see the claim at all. What of it they see
// is masked by role besides.
func (c Caller) MayRead(k *claim.Claim) bool {
	if k == nil || !c.Known() {
		return false
	}
	if c.Kind == CallerKey && !c.HasScope(ScopeClaimsRead) {
		return false
	}
	if side, ok := c.Side(k); ok {
		// A draft is the buyer's alone.
		return side == claim.Buyer || k.State != claim.Draft
	}
	switch {
	case c.Kind == CallerLink || c.Party != "":
		return false // somebody's side, but not of this claim
	case c.HasAny(claim.RoleOperator, claim.RoleAuditor, claim.RoleIntegrator):
		return true
	case c.Has(claim.RoleReviewer):
		return k.State != claim.Draft && !c.Conflicted(k)
	}
	return false
}
