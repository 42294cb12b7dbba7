package reference

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
)

// redraw is what an instruction editor does to all of a picture, put bluntly:
// every patch of about 20 pixels is moved on its own by a normal jitter of so
// many pixels an axis, what is finer than two pixels goes, and new grain comes.
func redraw(img *image.RGBA, jitter float64, rng *rand.Rand) *image.RGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	const cell = 20
	columns := w/cell + 2
	field := make([][2]float64, columns*(h/cell+2))
	for i := range field {
		field[i] = [2]float64{rng.NormFloat64() * jitter * 1.5, rng.NormFloat64() * jitter * 1.5} // bilinear mixing takes a third off
	}
	out := image.NewRGBA(img.Rect)
	for y := range h {
		for x := range w {
			u, v := float64(x)/cell, float64(y)/cell
			iu, iv := int(u), int(v)
			u, v = u-float64(iu), v-float64(iv)
			var at [2]float64
			for k := range at {
				top := field[iv*columns+iu][k]*(1-u) + field[iv*columns+iu+1][k]*u
				low := field[(iv+1)*columns+iu][k]*(1-u) + field[(iv+1)*columns+iu+1][k]*u
				at[k] = top*(1-v) + low*v
			}
			grain := rng.NormFloat64() * 4
			c := soft(img, float64(x)+at[0], float64(y)+at[1])
			out.SetRGBA(x, y, color.RGBA{clamp(c[0] + grain), clamp(c[1] + grain), clamp(c[2] + grain), 255})
		}
	}
	return out
}

// soft averages img over three by three pixels about (x, y), between pixels.
func soft(img *image.RGBA, x, y float64) (c [3]float64) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for dy := -1.0; dy <= 1; dy++ {
		for dx := -1.0; dx <= 1; dx++ {
			px, py := min(max(x+dx, 0), float64(w-2)), min(max(y+dy, 0), float64(h-2))
			ix, iy := int(px), int(py)
			fx, fy := px-float64(ix), py-float64(iy)
			for k, weight := range [4]float64{(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy} {
				p := img.RGBAAt(ix+k%2, iy+k/2)
				c[0], c[1], c[2] = c[0]+weight*float64(p.R)/9, c[1]+weight*float64(p.G)/9, c[2]+weight*float64(p.B)/9
			}
		}
	}
	return c
}

// TestRedrawnPictureIsFound: a picture redrawn with up to 0.9 pixel of jitter on
// 640 is found at strong, also where an editor made a square of it, and is told
// as redrawn.
func TestRedrawnPictureIsFound(t *testing.T) {
	if testing.Short() {
		t.Skip("slow under the race detector, and works on one picture after the other")
	}
	for seed := range uint64(2) {
		reference := still(640, 512, 30+seed)
		ref := view(reference)
		for _, jitter := range []float64{0.5, 0.9} {
			rng := rand.New(rand.NewPCG(seed, 6))
			claim := redraw(blot(reference, 0.4, 0.4, 0.15, 0.15), jitter, rng)
			for name, img := range map[string]*image.RGBA{"whole": claim, "square": scaled4(claim, 512, 512)} {
				r := Compare(view(img), ref)
				if r.Strength.Rank() < evidence.Strong.Rank() {
					t.Errorf("seed %d, jitter %.1f, %s: found %q, false alarm %g, %v", seed, jitter, name, r.Strength, r.FalseAlarm, r.Measured)
				}
			}
		}
	}
}

// scaled4 resamples img to w by h.
func scaled4(img *image.RGBA, w, h int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := soft(img, (float64(x)+0.5)*float64(img.Rect.Dx())/float64(w)-0.5, (float64(y)+0.5)*float64(img.Rect.Dy())/float64(h)-0.5)
			out.SetRGBA(x, y, color.RGBA{clamp(c[0]), clamp(c[1]), clamp(c[2]), 255})
		}
	}
	return out
}

// TestRedrawnChangeIsFramed: what was painted before the redrawing is framed,
// and the rest of the redrawn picture is not.
func TestRedrawnChangeIsFramed(t *testing.T) {
	if testing.Short() {
		t.Skip("slow under the race detector, and works on one picture after the other")
	}
	reference := still(800, 640, 41)
	const x, y, w, h = 0.35, 0.45, 0.16, 0.14
	r := Compare(view(redraw(blot(reference, x, y, w, h), 0.8, rand.New(rand.NewPCG(4, 6)))), view(reference))
	if r.Strength != evidence.Strong || r.Measured["redrawn"] == 0 {
		t.Fatalf("found %q, %v", r.Strength, r.Measured)
	}
	const n = 200
	var truth, both, marked float64
	for i := range n * n {
		px, py := (float64(i%n)+0.5)/n, (float64(i/n)+0.5)/n
		changed := px >= x && px < x+w && py >= y && py < y+h
		in := false
		for _, g := range r.Regions {
			in = in || px >= g.X && px < g.X+g.Width && py >= g.Y && py < g.Y+g.Height
		}
		if changed {
			truth++
		}
		if in {
			marked++
		}
		if in && changed {
			both++
		}
	}
	if both < 0.8*truth || marked > 2*truth {
		t.Errorf("framed %.2f of the change; the frames are %.2f times as large as it: %v", both/truth, marked/truth, r.Regions)
	}
}

// TestPatternedThingPhotographedTwice: a flat patterned thing on plain cloth,
// moved, turned or tilted by a little between two exposures, is not a redraw.
func TestPatternedThingPhotographedTwice(t *testing.T) {
	if testing.Short() {
		t.Skip("slow under the race detector, and works on one picture after the other")
	}
	pattern := still(420, 340, 51)
	first := onCloth(pattern, 800, 600, 0, 0, 0, 1)
	ref := view(first)
	for i, c := range []struct{ turn, shift, tilt float64 }{
		{0.8, 3, 1}, {-1.5, 8, 2}, {0.2, 1, 3}, {0.05, 0.3, 0.7},
	} {
		again := onCloth(tilt(pattern, c.tilt, -c.tilt/2), 800, 600, c.turn, c.shift, c.tilt, uint64(i)+2)
		if r := Compare(view(again), ref); r.Strength.Rank() >= evidence.Strong.Rank() {
			t.Errorf("turned by %g degrees, moved by %g pixels, tilted by %g degrees: %q, %v", c.turn, c.shift, c.tilt, r.Strength, r.Measured)
		}
	}
}

// TestCroppedGoodsAreNotARedraw: another unit of a thing, whose relief moves its
// parts smoothly, fills a crop of the claim but little of the reference.
func TestCroppedGoodsAreNotARedraw(t *testing.T) {
	pattern := still(420, 340, 52)
	ref := view(onCloth(pattern, 1000, 800, 0, 0, 0, 1))
	again := onCloth(pushed(pattern, 2.4), 1000, 800, 0.05, 0.4, 6, 2)
	crop := again.SubImage(image.Rect(270, 210, 730, 590)).(*image.RGBA)
	if r := Compare(view(crop), ref); r.Strength.Rank() >= evidence.Strong.Rank() {
		t.Errorf("%q, %v", r.Strength, r.Measured)
	}
}

// pushed moves the middle of img aside by so many pixels, as parallax moves what
// stands out.
func pushed(img *image.RGBA, most float64) *image.RGBA {
	w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
	out := image.NewRGBA(img.Rect)
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			u, v := (float64(x)/w-0.5)*4, (float64(y)/h-0.5)*4
			c := soft(img, float64(x)+most*math.Exp(-u*u-v*v), float64(y)-most*math.Exp(-u*u-v*v)/2)
			out.SetRGBA(x, y, color.RGBA{clamp(c[0]), clamp(c[1]), clamp(c[2]), 255})
		}
	}
	return out
}

// onCloth lays a pattern on plain cloth with its own noise.
func onCloth(pattern *image.RGBA, w, h int, turn, shift, slope float64, seed uint64) *image.RGBA {
	rng := rand.New(rand.NewPCG(seed, 12))
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	sn, cs := math.Sincos(turn * math.Pi / 180)
	pw, ph := float64(pattern.Rect.Dx()), float64(pattern.Rect.Dy())
	for y := range h {
		for x := range w {
			u, v := float64(x)-float64(w)/2-shift, float64(y)-float64(h)/2+shift/2
			u, v = cs*u+sn*v+pw/2, cs*v-sn*u+ph/2
			c := [3]float64{186, 180, 170}
			if u >= 1 && v >= 1 && u < pw-2 && v < ph-2 {
				c = soft(pattern, u, v)
			}
			gain := 1 + 0.01*slope*(float64(x)/float64(w)-0.5)
			for k := range c {
				c[k] = c[k]*gain + rng.NormFloat64()*2.5
			}
			out.SetRGBA(x, y, color.RGBA{clamp(c[0]), clamp(c[1]), clamp(c[2]), 255})
		}
	}
	return out
}

// jittered makes blocks displaced by the model and a jitter that goes together
// over two by two blocks.
func jittered(d deformation, w, h, step int, jitter float64, rng *rand.Rand) []*block {
	patch := map[[2]int][2]float64{}
	blocks := field(d, w, h, step, 0, rng)
	for _, b := range blocks {
		b.column, b.row = int(b.x)/step, int(b.y)/step
		at := [2]int{b.column / 2, b.row / 2}
		if _, ok := patch[at]; !ok {
			patch[at] = [2]float64{rng.NormFloat64() * jitter, rng.NormFloat64() * jitter}
		}
		b.dx += patch[at][0]
		b.dy += patch[at][1]
	}
	return blocks
}

// TestRedrawPlaneBoundHolds: as TestPlaneBoundHolds, for blocks that jitter four
// at a time, as a redraw's do, and a hand's turn beside its tilt.
func TestRedrawPlaneBoundHolds(t *testing.T) {
	if testing.Short() {
		t.Skip("slow under the race detector, and works on one picture after the other")
	}
	rng := rand.New(rand.NewPCG(7, 7))
	const runs, side = 300, 512.0
	for _, jitter := range []float64{0.15, 0.35} {
		t.Run(fmt.Sprint(jitter), func(t *testing.T) {
			var chances []float64
			for range runs {
				d := deformation{cx: side / 2, cy: 192, radius: 1}
				d.coefficient[3] = rng.NormFloat64() * turnSpread * math.Pi / 180
				for i := 6; i <= 7; i++ {
					d.coefficient[i] = rng.NormFloat64() * tiltSpread * math.Pi / 180 / (1.2 * side)
				}
				s := flatSurvey(jittered(d, side, 384, 24, jitter, rng), d.coefficient[3])
				chances = append(chances, s.planeChance(map[string]float64{})*s.turnChance(map[string]float64{}))
			}
			for _, alpha := range []float64{0.3, 0.1, 0.03, 0.01} {
				below := 0.0
				for _, c := range chances {
					if c <= alpha {
						below++
					}
				}
				if limit := alpha*runs + 3*math.Sqrt(alpha*runs); below > limit {
					t.Errorf("%.0f of %d lie below %g; at most %.0f may", below, runs, alpha, limit)
				}
			}
		})
	}
}

// flatSurvey is a survey of blocks as if the reference had been laid with the
// turn taken out.
func flatSurvey(blocks []*block, turn float64) *survey {
	for _, b := range blocks {
		x, y := (b.x-256)*turn, (b.y-192)*turn
		b.dx, b.dy = b.dx+y, b.dy-x
	}
	s := &survey{blocks: blocks, terms: affineTerms}
	s.frame = &frame{claim: imaging.NewPlane(512, 384), scaleX: 1, scaleY: 1}
	s.affine, s.weights, _ = robustFit(blocks, affineTerms, 1.5*nearReach, nil)
	sn, cs := math.Sincos(turn + (s.affine.coefficient[3] / s.affine.radius))
	s.t.A, s.t.B, s.t.D, s.t.E = cs, -sn, sn, cs
	return s
}

// TestStrayBoundHolds: clear blocks that match anywhere, four at a time. That
// they lie near a place as often as the bound takes is TestStraysMissOften's.
func TestStrayBoundHolds(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	const runs, window = 3000, 2*surveyReach - 1
	for _, alpha := range []float64{0.1, 0.01, 0.001} {
		below := 0.0
		for range runs {
			near := 0.0
			for range 15 {
				x, y := (rng.Float64()-0.5)*window, (rng.Float64()-0.5)*window
				if math.Hypot(x, y) < nearReach {
					near += 4
				}
			}
			if strayChance(60, near) <= alpha {
				below++
			}
		}
		if limit := alpha*runs + 3*math.Sqrt(alpha*runs) + 1; below > limit {
			t.Errorf("%.0f of %d lie below %g; at most %.0f may", below, runs, alpha, limit)
		}
	}
}

// TestStraysMissOften: of blocks that match somewhere in their search, anywhere
// alike, no more lie near where they were laid than the bounds take. What peaks
// on the rim of the search is left out by the look itself.
func TestStraysMissOften(t *testing.T) {
	if testing.Short() {
		t.Skip("slow under the race detector, and works on one picture after the other")
	}
	const n = 24
	for _, c := range []struct {
		name   string
		filter filter
		search func(f *frame) searcher
		listed func(g *grid) []*block
		sharp  float64
		radii  [2]float64 // the look's, and a wider one, which more lie within
		reach  int
	}{
		{"fine", texture, func(f *frame) searcher { return f.search }, agreeing, sharpEnough, [2]float64{hitReach, 1.5}, fineReach},
		{"redraw", shape, func(f *frame) searcher { return f.searchWide }, distinct, surveySharp, [2]float64{nearReach, 3}, surveyReach},
	} {
		rng := rand.New(rand.NewPCG(1, 2))
		var clear float64
		var near [2]float64
		for range 25 {
			f := strayFrame(c.filter, c.reach, rng)
			g := &grid{size: n, columns: strayCells, rows: strayCells, blocks: make([]block, strayCells*strayCells)}
			for i := range g.blocks {
				f.compare(c.search(f), &g.blocks[i], i%strayCells*strayCell+n, i/strayCells*strayCell+n, n, c.reach)
			}
			for _, b := range c.listed(g) {
				if b.sharp < c.sharp {
					continue
				}
				clear++
				for i, radius := range c.radii {
					if b.miss(0, 0) <= radius {
						near[i]++
					}
				}
			}
		}
		for i, radius := range c.radii {
			p := strayShare(radius, c.reach)
			t.Logf("%s: %.0f of %.0f clear blocks lie within %.1f, %.4f; the bound takes %.4f", c.name, near[i], clear, radius, near[i]/clear, p)
			if limit := p*clear + 3*math.Sqrt(p*clear); near[i] > limit {
				t.Errorf("%s: %.0f of %.0f lie within %.1f of a place, at most %.0f may", c.name, near[i], clear, radius, limit)
			}
		}
	}
}

const (
	strayCells = 6  // on a side
	strayCell  = 72 // pixels that move together
)

// strayFrame holds one texture twice, in cells that are each moved somewhere
// within the search and half a pixel more.
func strayFrame(filter filter, reach int, rng *rand.Rand) *frame {
	const side = strayCells * strayCell
	blur, most := 1, float64(reach)+0.5
	if reach > fineReach {
		blur = 3
	}
	ground := imaging.NewPlane(side+40, side+40)
	for i := range ground.Pix {
		ground.Pix[i] = float32(rng.NormFloat64() * 60)
	}
	ground = box(box(ground, blur), blur)
	for i := range ground.Pix {
		ground.Pix[i] = 128 + ground.Pix[i]*float32(3+6*blur)
	}
	f := &frame{claim: imaging.NewPlane(side, side), scaleX: 1, scaleY: 1, filter: filter}
	f.empty()
	for y := range side {
		copy(f.claim.Row(y), ground.Row(y + 20)[20:])
	}
	for i := range f.inside {
		f.inside[i] = true
	}
	for cell := range strayCells * strayCells {
		dx, dy := (rng.Float64()*2-1)*most, (rng.Float64()*2-1)*most
		x0, y0 := cell%strayCells*strayCell, cell/strayCells*strayCell
		moved := imaging.NewPlane(strayCell, strayCell)
		warp(moved, make([]bool, strayCell*strayCell), ground, imaging.Affine{A: 1, E: 1, C: float64(x0+20) - dx, F: float64(y0+20) - dy})
		for y := range strayCell {
			copy(f.ref.Row(y0 + y)[x0:], moved.Row(y))
		}
	}
	f.filterClaim()
	f.filterRef()
	return f
}

func TestHullArea(t *testing.T) {
	var blocks []*block
	for _, p := range [][2]float64{{0, 0}, {10, 0}, {10, 20}, {0, 20}, {5, 5}, {0, 10}, {10, 20}} {
		blocks = append(blocks, &block{x: p[0], y: p[1]})
	}
	if got := hullArea(blocks); got != 200 {
		t.Errorf("a rectangle of 10 by 20 has %g", got)
	}
	if got := hullArea(blocks[:2]); got != 0 {
		t.Errorf("a line has %g", got)
	}
}
