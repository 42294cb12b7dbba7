package reference

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/samples"
	"github.com/evenhand/evenhand/samples/forge"
)

// TestBentCopyIsFound: a painted copy that an editor bent by up to three per
// cent is found at strong, whatever the bending, and the damage is framed.
func TestBentCopyIsFound(t *testing.T) {
	if testing.Short() {
		t.Skip("slow under the race detector, and works on one picture after the other")
	}
	reference := still(800, 640, 61)
	ref := view(reference)
	const x, y, w, h = 0.42, 0.40, 0.14, 0.15
	for i, kind := range forge.Bendings() {
		for _, most := range []float64{0.01, 0.03} {
			bent := forge.Bend(blot(reference, x, y, w, h), kind, most, rand.New(rand.NewPCG(uint64(i), 3)))
			data, err := samples.EncodeJPEG(bent, 85)
			if err != nil {
				t.Fatal(err)
			}
			r := Compare(viewBytes(t, data), ref)
			if r.Strength.Rank() < evidence.Strong.Rank() {
				t.Errorf("%s by %.2f: found %q, false alarm %g, %v", kind, most, r.Strength, r.FalseAlarm, r.Measured)
				continue
			}
			framed := false
			for _, g := range r.Regions {
				framed = framed || g.X < x+w/2 && g.X+g.Width > x+w/2 && g.Y < y+h/2 && g.Y+g.Height > y+h/2
			}
			if !framed {
				t.Errorf("%s by %.2f: the damage is not framed: %v", kind, most, r.Regions)
			}
		}
	}
}

// TestFinerPhotographIsNoBentCopy: what has the reference's finest texture at
// the reference's size only because it was reduced to it may be a sharp photograph of a
// print, and is not called a bent copy: neither where the claim came at twice
// the pixels, nor where both did.
func TestFinerPhotographIsNoBentCopy(t *testing.T) {
	reference := still(800, 640, 61)
	copied := forge.Bend(reference, forge.Perspective, 0.03, rand.New(rand.NewPCG(1, 3)))
	data, err := samples.EncodeJPEG(copied, 85)
	if err != nil {
		t.Fatal(err)
	}
	own, ref := viewBytes(t, data), view(reference)
	var tried []trial
	try(own, ref, ref.spots, &tried)
	best := roughest(own, ref, tried)
	if r := bent(own, ref, best, newLaid(own, ref, best.t, 1)); r.Strength != evidence.Strong {
		t.Fatalf("as it is: %q, false alarm %g, %v", r.Strength, r.FalseAlarm, r.Measured)
	}
	for times, want := range map[float64]evidence.Strength{1.2: evidence.Strong, 1.3: "", 2: ""} {
		reduced := func(v *View) *View {
			return &View{
				Width: int(float64(v.Width) * times), Height: int(float64(v.Height) * times),
				work: v.work, small: v.small, tiny: v.tiny, base: v.base, spots: v.spots,
			}
		}
		for name, other := range map[string]*View{"the claim": ref, "both": reduced(ref)} {
			if r := bent(reduced(own), other, best, newLaid(reduced(own), other, best.t, 1)); r.Strength != want {
				t.Errorf("%s at %.1f times the pixels: %q, false alarm %g, %v", name, times, r.Strength, r.FalseAlarm, r.Measured)
			}
		}
	}
}

// TestPagesSquaredByAPhoneAreNotStrong: what prints of real photos gave that were
// photographed in even light and squared by a document mode (evaluation.md,
// careful-prints), beside what edits and bent copies gave.
func TestPagesSquaredByAPhoneAreNotStrong(t *testing.T) {
	for _, c := range []struct {
		disorder, correlation float64
		page                  bool
	}{
		{0.095, 0.989, true},
		{0.196, 0.982, true},
		{0.155, 0.957, true},
		{0.077, 0.984, true},
		{0.216, 0.984, true},
		{0.268, 0.970, false},
		{0.305, 0.958, false},
		{0.167, 0.847, false},
		{0.604, 0.965, false},
		{0.875, 0.828, false},
	} {
		if got := squaredPage(map[string]float64{"disorder": c.disorder, "correlation": c.correlation}); got != c.page {
			t.Errorf("%+v: %v", c, got)
		}
	}
	for _, c := range []struct {
		falseAlarm, weave float64
		found             bool
	}{{0.0072, 0.937, false}, {0.0047, 0.923, false}, {0.0076, 0.986, true}, {0.0013, 0.865, true}, {0.001, 0.838, true}} {
		if got := c.falseAlarm <= bentLimit(map[string]float64{"weave": c.weave}); got != c.found {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// TestFlowFollowsAPush: a flow through blocks of a smooth push, a tenth of them
// strays, comes within a few tenths of a pixel of it.
func TestFlowFollowsAPush(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	push := func(x, y float64) (dx, dy float64) {
		fall := math.Exp(-((x-250)*(x-250) + (y-180)*(y-180)) / (2 * 90 * 90))
		return 4 * fall, -3 * fall
	}
	g := &grid{size: 20, columns: 25, rows: 18, blocks: make([]block, 25*18)}
	var blocks []*block
	for i := range g.blocks {
		b := &g.blocks[i]
		b.column, b.row = i%25, i/25
		b.x, b.y = float64(b.column)*20+10, float64(b.row)*20+10
		b.rho, b.sharp, b.xx, b.yy = 0.9, 0.3, 3, 3
		b.dx, b.dy = push(b.x, b.y)
		b.dx += rng.NormFloat64() * 0.1
		b.dy += rng.NormFloat64() * 0.1
		if i%10 == 3 {
			b.dx, b.dy = rng.Float64()*12-6, rng.Float64()*12-6
		}
		blocks = append(blocks, b)
	}
	path, kept, _ := follow(g, blocks, nil)
	if path == nil || len(kept) < 380 {
		t.Fatalf("%d of %d blocks follow", len(kept), len(blocks))
	}
	for y := 40.0; y < 320; y += 13 {
		for x := 40.0; x < 460; x += 17 {
			px, py := push(x, y)
			fx, fy := path.at(x, y)
			if math.Hypot(px-fx, py-fy) > 0.6 {
				t.Fatalf("at (%.0f, %.0f): the flow says (%.2f, %.2f), the push is (%.2f, %.2f)", x, y, fx, fy, px, py)
			}
		}
	}
}

// TestWarpBentWithoutBendIsWarp: no bend changes nothing.
func TestWarpBentWithoutBendIsWarp(t *testing.T) {
	src := view(still(200, 150, 3)).work
	m := imaging.Affine{A: 0.9, B: 0.1, C: 7, D: -0.1, E: 1.05, F: 9}
	want, in := imaging.NewPlane(180, 140), make([]bool, 180*140)
	warp(want, in, src, m)
	got, in2 := imaging.NewPlane(180, 140), make([]bool, 180*140)
	warpBent(got, in2, src, m, func(_, _ float64) (float64, float64) { return 0, 0 })
	for i := range want.Pix {
		if in[i] != in2[i] {
			t.Fatalf("pixel %d: inside %v and %v", i, in[i], in2[i])
		}
		if math.Abs(float64(want.Pix[i]-got.Pix[i])) > 0.1 {
			t.Fatalf("pixel %d: %g and %g", i, want.Pix[i], got.Pix[i])
		}
	}
}
