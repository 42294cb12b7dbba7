package desk

import (
	"slices"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
)

// ReviewerOf is the caller as somebody who takes work from the queue.
func ReviewerOf(c access.Caller) Reviewer {
	return Reviewer{ID: c.ID, Senior: c.Senior || c.Has(access.RoleSenior), Conflicts: c.Conflicts}
}

// Conflicted is whether the person has to do with a side of the claim, and so
// may neither rule on it nor read it as a reviewer.
func Conflicted(c access.Caller, k *claim.Claim) bool {
	return slices.Contains(c.Conflicts, k.MerchantID) || slices.Contains(c.Conflicts, k.BuyerID)
}

// SideOf is the party to the claim that the caller speaks for; ok is false for
// all others, whatever else they may do. A platform's key speaks for neither.
func SideOf(c access.Caller, k *claim.Claim) (side claim.Party, ok bool) {
	if k == nil || !c.Known() || c.Party == "" || c.Only != "" && c.Only != k.ID {
		return "", false
	}
	// Buyers and merchants are numbered apart, so that one id may be both.
	switch {
	case c.Has(access.RoleBuyer) && c.Party == k.BuyerID:
		return claim.Buyer, true
	case c.Has(access.RoleMerchant) && c.Party == k.MerchantID:
		return claim.Merchant, true
	}
	return "", false
}

// MayRead is whether the caller may see the claim at all. What of it they see
// is masked by role besides.
func MayRead(c access.Caller, k *claim.Claim) bool {
	if k == nil || !c.Known() {
		return false
	}
	if c.Kind == access.CallerKey && !c.HasScope(access.ScopeClaimsRead) {
		return false
	}
	if side, ok := SideOf(c, k); ok {
		// A draft is the buyer's alone.
		return side == claim.Buyer || k.State != claim.Draft
	}
	switch {
	case c.Kind == access.CallerLink || c.Party != "":
		return false // somebody's side, but not of this claim
	case c.HasAny(access.RoleOperator, access.RoleAuditor, access.RoleIntegrator):
		return true
	case c.Has(access.RoleReviewer):
		return k.State != claim.Draft && !Conflicted(c, k)
	}
	return false
}
