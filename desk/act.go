package desk

import (
	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
)

// isBuyer is whether the caller is this buyer, or the platform that speaks for
// its buyers.
func isBuyer(c access.Caller, buyerID string) bool {
	return c.Has(access.RoleBuyer) && c.Party == buyerID || isPlatform(c)
}

// isMerchant is the same for a merchant.
func isMerchant(c access.Caller, merchantID string) bool {
	return c.Has(access.RoleMerchant) && c.Party == merchantID
}

// isPlatform is whether the caller is a platform's own key or account that may write claims.
func isPlatform(c access.Caller) bool {
	return c.Has(access.RoleIntegrator) && c.Party == "" && c.HasScope(access.ScopeClaimsWrite)
}

// answersFor is whether the caller is a platform that answers for this party:
// any, unless its key is narrowed to one.
func answersFor(c access.Caller, party string) bool {
	return c.Has(access.RoleIntegrator) && c.Only == "" && (c.Party == "" || c.Party == party)
}

// operates is whether the caller runs the desk.
func operates(c access.Caller) bool { return c.Has(access.RoleOperator) && c.Party == "" }

// sideFor is the side for which the caller brings something: its own, or for a
// platform the one it names.
func sideFor(c access.Caller, k *claim.Claim, named claim.Party) (claim.Party, bool) {
	if side, ok := SideOf(c, k); ok {
		return side, named == "" || named == side
	}
	if isPlatform(c) {
		if named == "" {
			named = claim.Buyer
		}
		return named, named == claim.Buyer || named == claim.Merchant
	}
	return "", false
}
