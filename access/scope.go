package access

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
