package desk

import (
	"github.com/evenhand/evenhand/claim"
)

// As is the caller acting in the first of the roles that it holds; a caller
// with none of them acts in the last, which the table of moves then refuses.
func (c Caller) As(roles ...claim.Role) claim.Actor {
	for _, r := range roles {
		if c.Has(r) || r == claim.RoleReviewer && c.Has(claim.RoleSenior) {
			return c.Actor(r)
		}
	}
	return c.Actor(roles[len(roles)-1])
}

// isBuyer is whether the caller is this buyer, or the platform that speaks for
// its buyers.
func (c Caller) isBuyer(buyerID string) bool {
	return c.Has(claim.RoleBuyer) && c.Party == buyerID || c.platform()
}

// isMerchant is the same for a merchant.
func (c Caller) isMerchant(merchantID string) bool {
	return c.Has(claim.RoleMerchant) && c.Party == merchantID
}

// platform is whether the caller is a platform's own key or account that may write claims.
func (c Caller) platform() bool {
	return c.Has(claim.RoleIntegrator) && c.Party == "" && c.HasScope(ScopeClaimsWrite)
}

// answersFor is whether the caller is a platform that answers for this party:
// any, unless its key is narrowed to one.
func (c Caller) answersFor(party string) bool {
	return c.Has(claim.RoleIntegrator) && c.ClaimID == "" && (c.Party == "" || c.Party == party)
}

// operates is whether the caller runs the desk.
func (c Caller) operates() bool { return c.Has(claim.RoleOperator) && c.Party == "" }

// sideOf is the side for which the caller brings something: its own, or for a
// platform the one it names.
func (c Caller) sideOf(k *claim.Claim, named claim.Party) (claim.Party, bool) {
	if side, ok := c.Side(k); ok {
		return side, named == "" || named == side
	}
	if c.platform() {
		if named == "" {
			named = claim.Buyer
		}
		return named, named == claim.Buyer || named == claim.Merchant
	}
	return "", false
}
