package reference

import (
	"testing"

	"github.com/evenhand/evenhand/evidence"
)

// TestMostlyDrawn: what agrees mostly in drawing is neither conclusive nor, where
// little of it is photographed, strong; nothing is raised.
func TestMostlyDrawn(t *testing.T) {
	for _, c := range []struct {
		was   evidence.Strength
		share float64
		want  evidence.Strength
	}{
		{evidence.Conclusive, 0.41, evidence.Conclusive},
		{evidence.Conclusive, 0.39, evidence.Strong},
		{evidence.Conclusive, 0.20, evidence.Weak},
		{evidence.Strong, 0.22, evidence.Strong},
		{evidence.Strong, 0.20, evidence.Weak},
		{evidence.Weak, 0, evidence.Weak},
		{"", 0, ""},
	} {
		if got := mostlyDrawn(c.was, c.share); got != c.want {
			t.Errorf("%q with %.2f photographed: %q, want %q", c.was, c.share, got, c.want)
		}
	}
}
