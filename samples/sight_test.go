package samples

import (
	"math"
	"testing"
)

// TestCarryThereAndBack: a point carried to another photo and back lies where
// it began; carried to its own photo it stays.
func TestCarryThereAndBack(t *testing.T) {
	for _, p := range Products() {
		a, b := Claim(p.Name, 3, 1, Damage{}), Claim(p.Name, 3, 2, Damage{})
		a.Width, a.Height, b.Width, b.Height = 400, 300, 400, 300
		var points [][2]float64
		for y := 110.0; y < 220; y += 20 {
			for x := 140.0; x < 270; x += 20 {
				points = append(points, [2]float64{x, y})
			}
		}
		there, err := Carry(a, b, points)
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for i, s := range there {
			if !s.Seen {
				continue
			}
			seen++
			back, err := Carry(b, a, [][2]float64{{s.X, s.Y}})
			if err != nil {
				t.Fatal(err)
			}
			if d := math.Hypot(back[0].X-points[i][0], back[0].Y-points[i][1]); !back[0].Seen || d > 0.5 {
				t.Errorf("%s: %v went to %+v and came back to %+v", p.Name, points[i], s, back[0])
			}
		}
		if seen < len(points)/4 {
			t.Errorf("%s: only %d of %d points are seen in both", p.Name, seen, len(points))
		}
		same, err := Carry(a, a, points[:1])
		if err != nil || !same[0].Seen || math.Hypot(same[0].X-points[0][0], same[0].Y-points[0][1]) > 0.01 {
			t.Errorf("%s: %v is seen in its own photo at %+v, %v", p.Name, points[0], same, err)
		}
	}
	if _, err := Carry(Shot{Product: "a unicorn"}, Shot{}, nil); err == nil {
		t.Error("a product that is none was carried")
	}
}
