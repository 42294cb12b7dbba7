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

// TestPaintedOverIsInNoFrame: what was painted over in a claim is outside of
// every frame, however the reference is laid.
func TestPaintedOverIsInNoFrame(t *testing.T) {
	ref := view(still(400, 300, 7))
	claim := ref.without(evidence.Region{X: 0.5, Y: 0, Width: 0.5, Height: 1})
	t0 := wholeFrame(claim, ref)
	none := func(_, _ float64) (dx, dy float64) { return 0, 0 }
	bent := emptyFrame(weave, claim, t0, workSide)
	bent.layBent(ref, t0, none)
	for name, f := range map[string]*frame{"plain": newFrame(claim, ref, t0, fineSide), "bent": bent} {
		w, h := f.claim.Width, f.claim.Height
		if f.inside[h/2*w+w*3/4] || f.inside[h/2*w+w*48/100] || !f.inside[h/2*w+w/4] {
			t.Errorf("%s: painted over is inside %v, beside it %v, the rest %v",
				name, f.inside[h/2*w+w*3/4], f.inside[h/2*w+w*48/100], f.inside[h/2*w+w/4])
		}
	}
}
