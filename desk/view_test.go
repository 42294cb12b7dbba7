package desk

import (
	"testing"

	"github.com/evenhand/evenhand/desk/mask"
	"github.com/evenhand/evenhand/evidence"
)

// TestAnotherClaimsEvidenceIsNotNamed: a reuse finding's reference is evidence
// of somebody else's claim; a copy's reference is the order's own picture.
func TestAnotherClaimsEvidenceIsNotNamed(t *testing.T) {
	it := evidence.Item{ID: "e1", Party: "buyer", Screening: &evidence.Screening{Findings: []evidence.Finding{
		{Code: "reuse.same_capture", Stance: evidence.Neutral, Reference: "e-of-another-claim"},
		{Code: "reuse.same_bytes", Stance: evidence.For, Reference: "e-of-another-claim"},
		{Code: "reference.same_capture", Stance: evidence.Neutral, Reference: "listing"},
	}}}
	for depth, want := range map[Depth][]string{
		DepthBuyer: {}, DepthMerchant: {"", "", "listing"},
		DepthReviewer: {"e-of-another-claim", "e-of-another-claim", "listing"},
	} {
		shown := mask.Eye{Depth: depth}.Evidence(it).Screening.Findings
		if len(shown) != len(want) {
			t.Errorf("%s: %d findings", depth, len(shown))
			continue
		}
		for i, f := range shown {
			if f.Reference != want[i] {
				t.Errorf("%s sees the reference %q of %s, want %q", depth, f.Reference, f.Code, want[i])
			}
		}
	}
	if it.Screening.Findings[0].Reference == "" {
		t.Error("the item itself was changed")
	}
}
