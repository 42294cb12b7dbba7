package angle

import (
	"strings"
	"testing"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// TestFindingThere: told on the second picture, the region is where the place
// lies there, and "there" is the place on the first.
func TestFindingThere(t *testing.T) {
	place := evidence.Region{X: 0.1, Y: 0.2, Width: 0.05, Height: 0.06, Kind: evidence.Asked}
	there := map[string]float64{"there_x": 0.5, "there_y": 0.6, "there_width": 0.04, "there_height": 0.03, "ring": 20}
	for _, answer := range []Answer{Absent, Present, Unseen} {
		l := Look{Answer: answer, Strength: evidence.Weak, Place: place, Measured: there, Missing: 0.9}
		f := l.FindingThere("E1", text.Text{EN: "an earlier photo", ZH: "较早的照片"})
		if len(f.Regions) != 1 || f.Regions[0] != (evidence.Region{X: 0.5, Y: 0.6, Width: 0.04, Height: 0.03, Kind: evidence.Asked}) {
			t.Errorf("%v: %+v", answer, f.Regions)
		}
		if f.Measured["there_x"] != 0.1 || f.Measured["there_height"] != 0.06 || there["there_x"] != 0.5 {
			t.Errorf("%v: %v, and the answer itself %v", answer, f.Measured, there)
		}
		if f.Code != l.Code() || f.Stance != l.Stance() || f.Reference != "E1" || f.Text == l.FindingOn("E1", text.Text{}).Text {
			t.Errorf("%+v", f)
		}
		if !strings.Contains(f.Text.EN, "earlier photo") || !strings.Contains(f.Text.ZH, "较早的照片") {
			t.Errorf("%+v", f.Text)
		}
	}
	if f := (Look{Place: place}).FindingThere("E1", text.Text{}); len(f.Regions) > 0 {
		t.Errorf("a place is told where none is known: %+v", f.Regions)
	}
}
