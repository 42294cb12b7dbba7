package reference

import (
	"testing"

	"github.com/evenhand/evenhand/evidence"
)

// TestMostlyDrawn: what agrees mostly in drawing is not conclusive; nothing is
// raised.
func TestMostlyDrawn(t *testing.T) {
	for _, c := range []struct {
		was   evidence.Strength
		share float64
		want  evidence.Strength
	}{
		{evidence.Conclusive, 0.41, evidence.Conclusive},
		{evidence.Conclusive, 0.39, evidence.Strong},
		{evidence.Strong, 0.22, evidence.Strong},
		{evidence.Weak, 0, evidence.Weak},
		{"", 0, ""},
	} {
		if got := mostlyDrawn(c.was, 100*c.share, 100); got != c.want {
			t.Errorf("%q with %.2f photographed: %q, want %q", c.was, c.share, got, c.want)
		}
	}
}

// TestLittlePhotographedIsANote: where less than 0.21 of what agrees is
// photographed the drawing explains it, whatever the finding was before, and
// nothing is left where drawn graphics would lie closer.
func TestLittlePhotographedIsANote(t *testing.T) {
	for _, was := range []evidence.Strength{evidence.Weak, evidence.Strong, evidence.Conclusive} {
		for _, c := range []struct {
			share, residual float64
			want            evidence.Strength
			code            evidence.Code
		}{
			{0.20, 0.05, evidence.Note, evidence.ReferenceSharedGraphics},
			{0.20, 0.20, "", ""},
			{0.30, 0.05, was, ""},
		} {
			r := Result{Strength: was, FalseAlarm: 1e-6, Measured: map[string]float64{"residual": c.residual}}
			chance := 1e-6
			switch was {
			case evidence.Weak:
				chance = 0.09
			case evidence.Conclusive:
				if c.want == was {
					c.want = evidence.Strong // so little is photographed
				}
			}
			if got := r.besideGraphics(chance, 100*c.share, 100); got.Strength != c.want || got.Code != c.code {
				t.Errorf("%q with %.2f photographed, %.2f pixel left: %q, code %q", was, c.share, c.residual, got.Strength, got.Code)
			}
		}
	}
	if !explainedByDrawing(20, 100) || explainedByDrawing(22, 100) {
		t.Error("of 100 blocks 20 photographed ones are explained by drawing, and 22 are not")
	}
}
