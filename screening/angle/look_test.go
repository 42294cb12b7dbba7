package angle

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
)

// can is a printed can before a wall, a scene with true geometry that costs
// nothing to draw: radius 8, axis upright, the wall 14 behind it.
type can struct {
	print, wall func(x, y float64) float64
	damage      func(x, y, print float64) float64 // what is seen instead of the print, nil for a sound one
}

func newCan(seed uint64) can { return can{print: texture(seed), wall: texture(seed + 1000)} }

// photo is seen from yaw radians round the axis, from 34 away, on 480 by 360
// pixels with a focal length of 570; noise is grey levels a pixel.
func (c can) photo(yaw, noise float64) *imaging.Plane {
	random := rand.New(rand.NewPCG(uint64(1e6*(yaw+9)), 1))
	sin, cos := math.Sincos(yaw)
	ex, ez := 34*sin, 34*cos
	return plane(480, 360, func(px, py float64) float64 {
		u, v := (px-240)/570, (py-180)/570
		dx, dy, dz := u*cos-sin, v, -u*sin-cos
		a, b, k := dx*dx+dz*dz, ex*dx+ez*dz, ex*ex+ez*ez-64
		level := 0.0
		if disc := b*b - a*k; disc > 0 {
			t := (-b - math.Sqrt(disc)) / a
			x, y, z := ex+t*dx, t*dy, ez+t*dz
			turn := math.Atan2(x, z)
			s, w := 8*turn*20, y*20
			level = c.print(s, w)
			if c.damage != nil {
				level = c.damage(s, w, level)
			}
			level *= 0.75 + 0.25*math.Cos(turn-0.4)
		} else {
			t := (-14 - ez) / dz
			level = c.wall((ex+t*dx)*12, t*dy*12)
		}
		return min(max(level+noise*random.NormFloat64(), 0), 255)
	})
}

// blotch is a dark ragged spot of the given radius about (x, y) with a grain
// of its own: what it makes of the grey level below it.
func blotch(x, y, radius float64) func(px, py, below float64) float64 {
	grain := texture(99)
	return func(px, py, below float64) float64 {
		d := math.Hypot(px-x, py-y) + (grain(2*px, 2*py)-128)/12
		cover := 1 / (1 + math.Exp((d-radius)/1.5))
		return below + cover*(60+0.7*(grain(px, py)-128)-below)
	}
}

func painted(p *imaging.Plane, paint func(x, y, below float64) float64) *imaging.Plane {
	return plane(p.Width, p.Height, func(x, y float64) float64 {
		return min(max(paint(x, y, float64(p.Row(int(y))[int(x)])), 0), 255)
	})
}

func seen(a, b *imaging.Plane) *Pair {
	return Compare(prepare(a, a.Width, a.Height), prepare(b, b.Width, b.Height))
}

var middle = evidence.Region{X: 0.42, Y: 0.40, Width: 0.16, Height: 0.2}

func TestDamageOfTheThingIsThereFromTheSide(t *testing.T) {
	if testing.Short() {
		t.Skip("slow under the race detector, and works on one picture after the other")
	}
	for seed := range uint64(2) {
		c := newCan(seed)
		c.damage = blotch(0, 0, 28)
		l := seen(c.photo(0.1, 1.5), c.photo(-0.1, 1.5)).Look(middle)
		if l.Answer != Present || l.Code() != evidence.AngleConsistent || l.Stance() != evidence.For {
			t.Errorf("can %d: answer %d (%s), %v", seed, l.Answer, l.Reason, l.Measured)
		}
		if l.Strength.Rank() > evidence.Weak.Rank() {
			t.Errorf("can %d: what a forger can paint twice is called %s", seed, l.Strength)
		}
	}
}

func TestPaintIsNotThereFromTheSide(t *testing.T) {
	for seed := range uint64(2) {
		c := newCan(seed)
		l := seen(painted(c.photo(0.1, 1.5), blotch(240, 180, 24)), c.photo(-0.1, 1.5)).Look(middle)
		if l.Answer != Absent || l.Strength != evidence.Strong || l.FalseAlarm == 0 {
			t.Errorf("can %d: answer %d (%s) at %s, %v", seed, l.Answer, l.Reason, l.Strength, l.Measured)
		}
	}
}

// TestOutlineFollowsTheSurface: a place is carried to where it truly lies, and
// its outline narrows as the can turns away.
func TestOutlineFollowsTheSurface(t *testing.T) {
	c := newCan(2)
	l := seen(c.photo(0.12, 1), c.photo(-0.12, 1)).Look(middle)
	if len(l.Outline) != 8 {
		t.Fatalf("no outline: %s", l.Reason)
	}
	if x, w := l.Measured["there_x"], l.Measured["there_width"]; x <= 0 || w <= 0 || x+w > 1 {
		t.Errorf("the frame for viewers is missing: %v", l.Measured)
	}
	// The true place: the point of the can under a pixel of the first photo, seen by the second.
	for i, q := range [8][2]float64{{0.42, 0.40}, {0.50, 0.40}, {0.58, 0.40}, {0.58, 0.50}, {0.58, 0.60}, {0.50, 0.60}, {0.42, 0.60}, {0.42, 0.50}} {
		x, y := carryCan(q[0]*480, q[1]*360, 0.12, -0.12)
		if d := math.Hypot(l.Outline[i][0]*480-x, l.Outline[i][1]*360-y); d > 1.5 {
			t.Errorf("corner %d lies %.1f pixels from where it is", i, d)
		}
	}
}

// carryCan is where the point of a can at a pixel of one photo lies in another.
func carryCan(px, py, from, to float64) (x, y float64) {
	sin, cos := math.Sincos(from)
	ex, ez := 34*sin, 34*cos
	u, v := (px-240)/570, (py-180)/570
	dx, dy, dz := u*cos-sin, v, -u*sin-cos
	a, b, k := dx*dx+dz*dz, ex*dx+ez*dz, ex*ex+ez*ez-64
	t := (-b - math.Sqrt(b*b-a*k)) / a
	wx, wy, wz := ex+t*dx, t*dy, ez+t*dz
	sin, cos = math.Sincos(to)
	wx, wz = wx-34*sin, wz-34*cos
	depth := -(wx*sin + wz*cos)
	return 240 + 570*(wx*cos-wz*sin)/depth, 180 + 570*wy/depth
}

func TestSamePhotoIsNoSecondAngle(t *testing.T) {
	p := newCan(1).photo(0, 1)
	smaller := imaging.Resize(p, 400, 300)
	brighter := painted(p, func(x, _, below float64) float64 { return below + 10 + x/50 })
	for name, other := range map[string]*imaging.Plane{"itself": p, "smaller": smaller, "brighter": brighter, "painted": painted(p, blotch(240, 180, 24))} {
		pair := seen(p, other)
		if pair.Reason != SamePicture {
			t.Errorf("%s: reason %q, %v", name, pair.Reason, pair.measured)
		}
		if l := pair.Look(middle); l.Answer != Unseen || l.Strength != evidence.Note || l.Stance() != evidence.Neutral {
			t.Errorf("%s: answer %d at %s", name, l.Answer, l.Strength)
		}
	}
}

func TestOtherGoodsTellNothing(t *testing.T) {
	if l := seen(newCan(1).photo(0.1, 1), newCan(5).photo(-0.1, 1)).Look(middle); l.Answer != Unseen || l.Reason != NotCommon {
		t.Errorf("answer %d, %q", l.Answer, l.Reason)
	}
}

// TestTurnedGoodsBeforeAStillWall: goods turned on the table are no one rigid
// scene with the room behind; whichever the geometry follows, sound goods must
// not be accused.
func TestTurnedGoodsBeforeAStillWall(t *testing.T) {
	c := newCan(3)
	d := c
	d.print = func(x, y float64) float64 { return c.print(x+30, y) }
	if l := seen(c.photo(0.1, 1), d.photo(-0.1, 1)).Look(middle); l.Strength == evidence.Strong {
		t.Errorf("answer %d at %s, %v", l.Answer, l.Strength, l.Measured)
	}
}

// TestHonestPlacesAreNotAccused asks about any place of honest photos, at the
// outline of the can, on the wall, across both; with light, blur and noise.
func TestHonestPlacesAreNotAccused(t *testing.T) {
	if testing.Short() {
		t.Skip("slow under the race detector, and works on one picture after the other")
	}
	c := newCan(7)
	a := c.photo(0.12, 1.5)
	b := c.photo(-0.06, 1.5)
	dim := smooth(smooth(painted(b, func(x, _, below float64) float64 { return 0.75*below + 15 - x/40 })))
	pairs := []*Pair{seen(a, b), seen(b, a), seen(a, dim)}
	random := rand.New(rand.NewPCG(8, 8))
	places := []evidence.Region{ // at the can's right outline
		{X: 0.67435, Y: 0.08636, Width: 0.28122, Height: 0.06811}, {X: 0.66, Y: 0.3, Width: 0.12, Height: 0.3}, {X: 0.2, Y: 0.3, Width: 0.14, Height: 0.3},
	}
	for range 24 {
		w, h := 0.03+0.27*random.Float64(), 0.03+0.27*random.Float64()
		places = append(places, evidence.Region{X: random.Float64() * (1 - w), Y: random.Float64() * (1 - h), Width: w, Height: h})
	}
	for i, place := range places {
		for k, p := range pairs {
			if i >= 3 && k != i%3 {
				continue
			}
			if l := p.Look(place); l.Answer == Absent {
				t.Errorf("the sound place %+v of pair %d is called absent at %s: %v", place, k, l.Strength, l.Measured)
			}
		}
	}
}

// TestLightOverThePlaceIsNotAbsence: a glare in the other photo hides what is
// there.
func TestLightOverThePlaceIsNotAbsence(t *testing.T) {
	c := newCan(4)
	c.damage = blotch(0, 0, 28)
	x, y := carryCan(240, 180, 0.1, -0.1)
	lit := painted(c.photo(-0.1, 1.5), func(px, py, below float64) float64 {
		return below + 260*math.Exp(-math.Pow(math.Hypot(px-x, py-y)/40, 4))
	})
	if l := seen(c.photo(0.1, 1.5), lit).Look(middle); l.Answer != Unseen || l.Reason != Glare {
		t.Errorf("answer %d (%s) at %s, %v", l.Answer, l.Reason, l.Strength, l.Measured)
	}
}

func TestPlainPlacesTellNothing(t *testing.T) {
	c := newCan(6)
	print := c.print
	c.print = func(x, y float64) float64 {
		return 128 + (print(x, y)-128)*min(1, math.Pow(math.Hypot(x, y)/60, 6))
	}
	if l := seen(c.photo(0.1, 1), c.photo(-0.1, 1)).Look(evidence.Region{X: 0.46, Y: 0.45, Width: 0.08, Height: 0.1}); l.Answer != Unseen {
		t.Errorf("answer %d, %v", l.Answer, l.Measured)
	}
}

// FuzzLook: pictures and places of any kind end in an answer.
func FuzzLook(f *testing.F) {
	f.Add(uint16(64), uint16(64), []byte("some pixels"), 0.1, 0.1, 0.5, 0.5)
	f.Add(uint16(1), uint16(1), []byte{255}, 0.0, 0.0, 1.0, 1.0)
	f.Add(uint16(200), uint16(150), []byte{0, 255, 7}, math.NaN(), math.Inf(1), -1.0, 1e300)
	f.Fuzz(func(t *testing.T, w, h uint16, pixels []byte, x, y, width, height float64) {
		pw, ph := int(w)%256+1, int(h)%256+1
		p, q := imaging.NewPlane(pw, ph), imaging.NewPlane(ph, pw)
		for i := range p.Pix {
			if len(pixels) > 0 {
				p.Pix[i], q.Pix[i] = float32(pixels[i%len(pixels)]), float32(pixels[(i*7)%len(pixels)])
			}
		}
		l := seen(p, q).Look(evidence.Region{X: x, Y: y, Width: width, Height: height})
		if l.Answer != Unseen && l.Reason != NoReason || l.Answer == Unseen && l.Reason == NoReason {
			t.Errorf("answer %d with reason %q", l.Answer, l.Reason)
		}
	})
}

func BenchmarkCompare(b *testing.B) {
	c := newCan(1)
	va, vb := prepare(c.photo(0.1, 1), 640, 480), prepare(c.photo(-0.1, 1), 640, 480)
	for b.Loop() {
		Compare(va, vb).Look(middle)
	}
}
