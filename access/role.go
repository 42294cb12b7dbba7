// Package access holds who acts and who asks: roles, actors as the record names
// them, callers as they have shown themselves, and the scopes of keys. It knows
// nothing of claims or of any other subject: what a caller may see or do with a
// thing is said where the thing is. Nor does it check passwords or keys; who
// makes a Caller has done so.
package access

// Role is in what capacity somebody acts.
type Role string

// The roles. RoleMachine is the desk itself: routing, clocks.
const (
	RoleBuyer      Role = "buyer"
	RoleMerchant   Role = "merchant"
	RoleReviewer   Role = "reviewer"
	RoleSenior     Role = "senior_reviewer"
	RoleOperator   Role = "operator"
	RoleAuditor    Role = "auditor"
	RoleIntegrator Role = "integrator"
	RoleMachine    Role = "machine"
)

// Roles lists those that a person or a key can hold.
var Roles = []Role{RoleBuyer, RoleMerchant, RoleReviewer, RoleSenior, RoleOperator, RoleAuditor, RoleIntegrator}

// Actor is who did something. ID is an account, a party's id, a key's id, or
// for the machine the job's name; never a person's name.
type Actor struct {
	ID   string `json:"id"`
	Role Role   `json:"role"`
}

// Machine is the desk acting by itself, as one of its parts.
func Machine(part string) Actor { return Actor{ID: part, Role: RoleMachine} }

// Person says whether the actor is a named human being who may rule on claims.
func (a Actor) Person() bool {
	return a.ID != "" && (a.Role == RoleReviewer || a.Role == RoleSenior)
}
