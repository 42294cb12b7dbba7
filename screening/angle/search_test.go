package angle

import (
	"math"
	"testing"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
)

// TestPaintIsMissedWhereTheMarkTakesInTheOutline: the frame of a mark holds a
// piece of the wall beside the can as well, and no one surface lies about it.
func TestPaintIsMissedWhereTheMarkTakesInTheOutline(t *testing.T) {
	wide := evidence.Region{X: 0.18, Y: 0.3, Width: 0.44, Height: 0.4}
	for seed := range uint64(1) {
		c := newCan(seed)
		pair := seen(painted(c.photo(0.05, 1.5), blotch(230, 180, 34)), c.photo(-0.05, 1.5))
		l := pair.Look(wide)
		if l.Answer != Absent || l.Measured["there_width"] <= 0 {
			t.Errorf("can %d: answer %d (%s), %v", seed, l.Answer, l.Reason, l.Measured)
		}
		if l := seen(c.photo(0.05, 1.5), c.photo(-0.05, 1.5)).Look(wide); l.Answer == Absent {
			t.Errorf("can %d, sound: absent at %s, %v", seed, l.Strength, l.Measured)
		}
	}
}

// TestBentCopyIsNoSecondAngle: one photo seen in perspective, sheared, or
// through another lens has its damage in place, and proves nothing.
func TestBentCopyIsNoSecondAngle(t *testing.T) {
	if testing.Short() {
		t.Skip("slow under the race detector, and works on one picture after the other")
	}
	c := newCan(2)
	c.damage = blotch(0, 0, 28)
	p := c.photo(0.1, 1.5)
	for name, from := range map[string]func(x, y float64) (float64, float64){
		"perspective": func(x, y float64) (float64, float64) {
			w := 1 + 0.0002*x - 0.00012*y
			return x/w + 4, y/w - 3
		},
		"shear": func(x, y float64) (float64, float64) { return x + 0.04*y - 7, y - 0.02*x + 5 },
		"lens": func(x, y float64) (float64, float64) {
			dx, dy := x-240, y-180
			k := 1 - 0.05*(dx*dx+dy*dy)/(300*300)
			return 240 + k*dx, 180 + k*dy
		},
	} {
		l := seen(p, bentBy(p, from)).Look(middle)
		if l.Answer == Present || l.Strength.Rank() > evidence.Note.Rank() {
			t.Errorf("%s: answer %d at %s, %v", name, l.Answer, l.Strength, l.Measured)
		}
	}
}

// bentBy reads p where from says.
func bentBy(p *imaging.Plane, from func(x, y float64) (float64, float64)) *imaging.Plane {
	return plane(p.Width, p.Height, func(px, py float64) float64 {
		x, y := from(px, py)
		x, y = min(max(x-0.5, 0), float64(p.Width)-1.01), min(max(y-0.5, 0), float64(p.Height)-1.01)
		i, j := int(x), int(y)
		fx, fy := float32(x-float64(i)), float32(y-float64(j))
		a, b := p.Row(j), p.Row(j+1)
		return float64((a[i]*(1-fx)+a[i+1]*fx)*(1-fy) + (b[i]*(1-fx)+b[i+1]*fx)*fy)
	})
}

func TestShareOfBend(t *testing.T) {
	var bent, deep []place
	for i := range 20 {
		for j := range 15 {
			x, y := 24*float64(i)+10, 24*float64(j)+10
			dx, dy := (x-240)/240, (y-180)/240
			bent = append(bent, place{x, y, x + 9*dx*dx*dx - 4*dx*dy, y + 7*dy*dy*dx + 3})
			near := 0.0
			if math.Hypot(dx, dy) < 0.5 {
				near = 15
			}
			deep = append(deep, place{x, y, x + near + 3*dx, y})
		}
	}
	if share := shareOfBend(bent, 480); share < 0.99 {
		t.Errorf("%.2f of a bent picture", share)
	}
	if share := shareOfBend(deep, 480); share > 0.7 {
		t.Errorf("%.2f of a scene with depth is said to be one bent picture", share)
	}
	if share := shareOfBend(deep[:20], 480); share != 1 {
		t.Errorf("%.2f: so few places fit any such map", share)
	}
}

// TestWhatMayBeHiddenIsNotMissed: of blocks between two things that come
// closer together in the second picture, as many may be hidden as the line
// between them is shortened by, and no more.
func TestWhatMayBeHiddenIsNotMissed(t *testing.T) {
	still := warp{a: 1, d: 1}
	at := func(x, shift float64) witness {
		w := still
		w.u, w.v = x+shift, 100
		return witness{x: x, y: 100, warp: w, gain: 1}
	}
	for _, c := range []struct {
		lost   int // blocks in a row without counterpart
		closer float64
		hidden bool
	}{{4, 0, false}, {4, 4, false}, {4, 40, true}, {20, 40, false}, {30, 40, false}, {3, 12, false}} {
		s := &scan{columns: 41, rows: 1, step: scanStep}
		for i := range s.columns {
			b := scanned{}
			b.x, b.y, b.structure = 100+float64(scanStep*(i-20)), 100, 400
			if 2*max(i-20, 20-i) < c.lost {
				b.missing = 1
			}
			s.blocks = append(s.blocks, b)
		}
		left, right := at(100-70, 0), at(100+70, -c.closer)
		if got := s.squeezes(20, &left, &right); got != c.hidden {
			t.Errorf("%d lost blocks, %g pixels closer: hidden %v", c.lost, c.closer, got)
		}
	}
}

// TestLightNearAPlaceIsNotAbsence: what lies in the halo of a light is not
// missed.
func TestLightNearAPlaceIsNotAbsence(t *testing.T) {
	if testing.Short() {
		t.Skip("slow under the race detector, and works on one picture after the other")
	}
	c := newCan(4)
	x, y := carryCan(215, 180, 0.05, -0.05)
	lit := painted(c.photo(-0.05, 1.5), func(px, py, below float64) float64 {
		return below + 300*math.Exp(-math.Pow(math.Hypot(px-x, py-y)/30, 3))
	})
	// Toned since: it burnt to 200, not to 255.
	toned := painted(lit, func(_, _, below float64) float64 { return 0.75*below + 9 })
	for name, other := range map[string]*imaging.Plane{"light": lit, "light, toned": toned} {
		l := seen(c.photo(0.05, 1.5), other).Look(evidence.Region{X: 0.2, Y: 0.3, Width: 0.42, Height: 0.4})
		if l.Answer == Absent {
			t.Errorf("%s: absent at %s, %v", name, l.Strength, l.Measured)
		}
	}
}
