package server

import (
	"testing"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
)

// TestLiveUpdatesAreBlind: what happens to a case after its decision is told to
// no reviewer who may have to read it again, and to everybody else.
func TestLiveUpdatesAreBlind(t *testing.T) {
	c := &claim.Claim{ID: "C1", BuyerID: "b1", MerchantID: "m1", State: claim.Closed, Version: 9}
	item := liveItem{event: claim.Event{Kind: "claim.remedy_done", Subject: "claim/C1"}, about: c, again: &desk.Review{ClaimID: "C1", Task: desk.TaskReread, Exclude: []string{"ann"}}}
	person := func(id string, r claim.Role, party string) desk.Caller {
		return desk.Caller{ID: id, Kind: desk.CallerSession, Roles: []claim.Role{r}, Party: party}
	}
	for _, tt := range []struct {
		by   desk.Caller
		want bool
	}{
		{person("bob", claim.RoleReviewer, ""), false},
		{person("eve", claim.RoleSenior, ""), false},
		{person("ann", claim.RoleReviewer, ""), true},
		{person("opal", claim.RoleOperator, ""), true},
		{person("audrey", claim.RoleAuditor, ""), true},
		{person("u1", claim.RoleBuyer, "b1"), true},
		{person("u2", claim.RoleMerchant, "m1"), true},
		{person("u3", claim.RoleMerchant, "m2"), false},
	} {
		if _, told := liveFor(tt.by, item); told != tt.want {
			t.Errorf("%s is told: %v", tt.by.ID, told)
		}
	}
	item.again = nil // it has been read
	if _, told := liveFor(person("bob", claim.RoleReviewer, ""), item); !told {
		t.Error("after the reading nothing is told to reviewers")
	}
}
