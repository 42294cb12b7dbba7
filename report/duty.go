package report

import (
	"github.com/evenhand/evenhand/screening"
	"github.com/evenhand/evenhand/text"
)

// dutyText is what article 6 of China's labelling Measures asks for, empty
// where it asks for nothing. It is no finding: it weighs nothing in a claim.
func dutyText(c screening.ClaimFile) text.Text {
	if c.Duty == nil {
		return text.Text{}
	}
	return c.Duty.Text
}
