package server

import (
	"testing"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/record"
)

// TestLiveUpdatesAreBlind: what happens to a case after its decision is told to
// no reviewer who may have to read it again, and to everybody else.
func TestLiveUpdatesAreBlind(t *testing.T) {
	c := &claim.Claim{ID: "C1", BuyerID: "b1", MerchantID: "m1", State: claim.Closed, Version: 9}
	item := liveItem{event: record.Event{Kind: "claim.remedy_done", Subject: "claim/C1"}, about: c, again: &desk.Review{ClaimID: "C1", Task: desk.TaskReread, Exclude: []string{"ann"}}}
	person := func(id string, r access.Role, party string) access.Caller {
		return access.Caller{ID: id, Kind: access.CallerSession, Roles: []access.Role{r}, Party: party}
	}
	for _, tt := range []struct {
		by   access.Caller
		want bool
	}{
		{person("bob", access.RoleReviewer, ""), false},
		{person("eve", access.RoleSenior, ""), false},
		{person("ann", access.RoleReviewer, ""), true},
		{person("opal", access.RoleOperator, ""), true},
		{person("audrey", access.RoleAuditor, ""), true},
		{person("u1", access.RoleBuyer, "b1"), true},
		{person("u2", access.RoleMerchant, "m1"), true},
		{person("u3", access.RoleMerchant, "m2"), false},
	} {
		if _, told := liveFor(tt.by, item); told != tt.want {
			t.Errorf("%s is told: %v", tt.by.ID, told)
		}
	}
	item.again = nil // it has been read
	if _, told := liveFor(person("bob", access.RoleReviewer, ""), item); !told {
		t.Error("after the reading nothing is told to reviewers")
	}
}
