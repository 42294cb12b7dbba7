package samples

import (
	"math"
	"testing"
)

// TestCarryThereAndBack: points carried to another photo and back lie where
// they began; carried to their own photo they stay.
func TestCarryThereAndBack(t *testing.T) {
	for _, product := range []string{"mug", "book", "fruit"} {
		a, b := Claim(product, 3, 1, Damage{}), Claim(product, 3, 2, Damage{})
		a.Width, a.Height, b.Width, b.Height = 400, 300, 400, 300
		var points, there [][2]float64
		for y := 130.0; y < 200; y += 14 {
			for x := 150.0; x < 250; x += 14 {
				points = append(points, [2]float64{x, y})
			}
		}
		sights, err := Carry(a, b, points)
		if err != nil {
			t.Fatal(err)
		}
		var from [][2]float64
		for i, s := range sights {
			if s.Seen {
				from, there = append(from, points[i]), append(there, [2]float64{s.X, s.Y})
			}
		}
		back, err := Carry(b, a, there)
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for i, s := range back {
			if !s.Seen {
				continue // a grazing ray
			}
			seen++
			if d := math.Hypot(s.X-from[i][0], s.Y-from[i][1]); d > 1 {
				t.Errorf("%s: %v went to %v and came back to %+v", product, from[i], there[i], s)
			}
		}
		if seen < len(points)/4 || seen < len(there)*9/10 {
			t.Errorf("%s: %d of %d points are seen in both, %d came back", product, len(there), len(points), seen)
		}
		same, err := Carry(a, a, from[:1])
		if err != nil || !same[0].Seen || math.Hypot(same[0].X-from[0][0], same[0].Y-from[0][1]) > 0.01 {
			t.Errorf("%s: %v is seen in its own photo at %+v, %v", product, from[0], same, err)
		}
	}
	if _, err := Carry(Shot{Product: "a unicorn"}, Shot{}, nil); err == nil {
		t.Error("a product that is none was carried")
	}
}
