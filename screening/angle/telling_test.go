package angle

import (
	"slices"
	"testing"

	"github.com/evenhand/evenhand/evidence"
)

func TestWorth(t *testing.T) {
	unseen := func(r Reason) Look { return Look{Answer: Unseen, Reason: r, Strength: evidence.Note} }
	absent := func(s evidence.Strength) Look { return Look{Answer: Absent, Strength: s} }
	present := func(s evidence.Strength) Look { return Look{Answer: Present, Strength: s} }
	for name, tt := range map[string]struct {
		looks [][]Look
		want  []Picked
	}{
		"nothing asked":               {nil, nil},
		"nobody saw any place":        {[][]Look{{unseen(NotCommon), unseen(Undecided)}, {unseen(SamePicture), unseen(Undecided)}}, []Picked{{0, 1}}},
		"one place was seen":          {[][]Look{{unseen(Undecided), unseen(NotCommon)}, {absent(evidence.Weak), unseen(NotCommon)}}, []Picked{{1, 0}}},
		"the strongest of each":       {[][]Look{{absent(evidence.Weak), present(evidence.Weak), absent(evidence.Strong)}}, []Picked{{0, 2}, {0, 1}}},
		"each place that has answers": {[][]Look{{present(evidence.Weak)}, {present(evidence.Strong)}}, []Picked{{0, 0}, {1, 0}}},
	} {
		if got := Worth(tt.looks); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
	for _, r := range []Reason{Unread, NotCommon, SamePicture, Derived, NotSurrounded, TooPlain, Glare, TooBlurred, Undecided} {
		if nearness(unseen(r)) < 0 {
			t.Errorf("%s has no place among the reasons", r)
		}
	}
	if l := NoAngle(SamePicture).Look(evidence.Region{X: 0.4, Y: 0.4, Width: 0.1, Height: 0.1}); l.Answer != Unseen || l.Reason != SamePicture {
		t.Errorf("%+v", l)
	}
}
