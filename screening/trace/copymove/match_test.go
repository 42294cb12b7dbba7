package copymove

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/evenhand/evenhand/imaging/feature"
)

// TestAboutAngle: every spot that is turned the same way is asked, in order,
// also over a whole turn, and few others are.
func TestAboutAngle(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	points := make([]feature.Point, 300)
	for i := range points {
		points[i] = feature.Point{Angle: float32(2*math.Pi*r.Float64() - 0.08), Scale: 1}
	}
	index := newByAngle(points)
	asked := 0
	for i, p := range points {
		list := index.about(nil, p.Angle)
		if !slices.IsSorted(list) {
			t.Fatalf("%d: %v is out of order", i, list)
		}
		asked += len(list)
		for j, q := range points {
			if upright(p, q) && !slices.Contains(list, j) {
				t.Errorf("%g lies about %g and is not asked", q.Angle, p.Angle)
			}
		}
	}
	if all := len(points) * len(points); asked > all/20 {
		t.Errorf("%d of %d pairs are asked", asked, all)
	}
}
