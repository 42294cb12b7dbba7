package report

import (
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/screening"
)

// dutyText is what article 6 of China's labelling Measures asks for, empty
// where it asks for nothing. It is no finding: it weighs nothing in a claim.
func dutyText(c screening.ClaimFile) evidence.Text {
	if c.Duty == nil {
		return evidence.Text{}
	}
	return c.Duty.Text
}
