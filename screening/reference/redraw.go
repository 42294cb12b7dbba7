package reference

import (
	"math"
	"slices"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
)

// What a copy that was drawn anew as a whole is taken to look like, and the
// alternatives to it. docs/same-capture.md derives each number and says on
// which part of the data it was chosen and on which it was tested.
const (
	nearReach   = 1.0  // frame pixels from the fitted place: near
	nearFitted  = 2.0  // votes that an affine can always win for itself
	roughEnough = 24   // near blocks on the small frames, or the matter ends there
	roughLeast  = 16   // where a finer frame may show more
	roughShare  = 0.60 // and of those that are clear there
	roughTries  = 2    // best transforms of the fine look that are tried again
	nearShare   = 0.55 // of the clear blocks, at least so many are near
	nearLeast   = 36
	grownShare  = 0.70 // and so many on a frame finer than the pictures are: little is clear there
	sureLeast   = 48   // and where drawn graphics are shared so many,
	sureShare   = 0.80 // and such a share
	nearRho     = 0.60 // their mean correlation
	disorder    = 0.70 // Geary's ratio from which a jitter has no order
	pageOrder   = 0.24 // and under which, where the
	pageRho     = 0.95 // shapes agree so well, a page that was squared by software is as likely
	levelTurn   = 0.15 // degrees: an orderly jitter is believed up to such a turn
	turnSpread  = 2.5  // degrees: standard deviation of a hand's turn about the lens axis
	turnSlack   = 0.05 // degrees
	turnFloor   = 0.04 // the least the turn may contribute: it is not independent of care
	redrawTries = 18   // frames judged: at most eight transforms of the fine look, and frame onto frame, at two sizes
	relaySurvey = 0.7  // frame pixels: a reference laid farther off is laid again
)

// surveyLimits: a redraw wobbles smoothly as well, and may stretch and slant.
var surveyLimits = planeLimits{tilt: 0.6, shear: math.Inf(1)}

// lookAgain is the second look, where the fine one found nothing, on what that
// one has tried: is the claim ref bent a little, or else redrawn?
func lookAgain(claim, ref *View, tried []trial) Result {
	best := roughest(claim, ref, tried)
	if best.near < roughLeast || float64(best.near) < roughShare*float64(best.clear) {
		return Result{}
	}
	if best.near < roughEnough {
		if !smallSurvey(claim, best.t) {
			return Result{}
		}
		return redrawn(claim, ref, best, newLaid(claim, ref, best.t, 1))
	}
	first := newLaid(claim, ref, best.t, 1)
	if r := bent(claim, ref, best, first); r.Strength != "" {
		return r
	}
	return redrawn(claim, ref, best, first)
}

// roughest is the transform that most blocks of the small frames obey: one of
// the fine look's best, or the one that carries frame onto frame.
func roughest(claim, ref *View, tried []trial) sketch {
	var small sketcher
	best := small.try(claim, ref, wholeFrame(claim, ref))
	order := slices.Clone(tried)
	slices.SortStableFunc(order, func(a, b trial) int { return b.fit - a.fit })
	for _, tr := range order[:min(roughTries, len(order))] {
		if s := small.try(claim, ref, tr.t); s.near > best.near {
			best = s
		}
	}
	return best
}

// redrawn asks whether the claim is ref drawn anew as a whole: everything is in
// its place, jittered by some tenths of a pixel, while the fine texture is new.
// first is what was measured at best.
func redrawn(claim, ref *View, best sketch, first laid) Result {
	s, r := surveyed(ref, best.t, first, nearShare)
	if r.Strength.Rank() < evidence.Strong.Rank() && smallSurvey(claim, best.t) {
		if larger, again := surveyed(ref, best.t, newLaid(claim, ref, best.t, surveyGrow), grownShare); again.Strength.Rank() > r.Strength.Rank() {
			s, r = larger, again
		}
	}
	if r.Strength == "" {
		return r
	}
	r.Regions = s.frame.changedRegions(s.near, s.grid.size)
	r.Aligned = upright(claim, ref, s.t)
	return r
}

// survey is the second look at one transform.
type survey struct {
	frame   *frame
	grid    *grid
	t       imaging.Affine // corrected: claim work pixels to reference work pixels
	affine  deformation    // from where the reference was laid
	terms   int
	blocks  []*block  // clear ones
	weights []float64 // of blocks in the fit
	near    []*block
	clear   float64 // blocks that can tell on both axes, and of these
	agree   float64 // those that are near
	ref     *View
}

// laid is the reference laid over the claim for a survey, and what was measured.
type laid struct {
	frame *frame
	grid  *grid
}

// newLaid lays ref by t on a frame so many times as fine as the pictures are.
func newLaid(claim, ref *View, t imaging.Affine, grow float64) laid {
	f := newSurveyFrame(claim, ref, t, grow)
	return laid{f, f.survey(surveyBlock(f.a.Width, f.a.Height), surveyReach)}
}

// surveyed judges what a survey of t sees, where at least such a share of the
// clear blocks must be near.
func surveyed(ref *View, t imaging.Affine, first laid, least float64) (*survey, Result) {
	s, ok := newSurvey(ref, t, first)
	if !ok {
		return s, Result{}
	}
	return s, s.judge(least)
}

// newSurvey looks at t, and once more where the first look moved it.
func newSurvey(ref *View, t imaging.Affine, first laid) (*survey, bool) {
	s := &survey{t: t, ref: ref, frame: first.frame, grid: first.grid}
	for again := range 2 {
		if again > 0 {
			s.frame.lay(ref, t)
			s.grid = s.frame.survey(surveyBlock(s.frame.a.Width, s.frame.a.Height), surveyReach)
		}
		s.blocks = distinct(s.grid)
		s.terms = surveyTerms(s.blocks)
		ok := false
		if s.affine, s.weights, ok = robustFit(s.blocks, s.terms, 1.5*nearReach, nil); !ok {
			return s, false
		}
		s.t = s.frame.moved(&s.affine, t)
		if again > 0 || s.frame.drift(t, s.t) < relaySurvey {
			break
		}
		t = s.t
	}
	for _, b := range s.blocks {
		if b.sharp < surveySharp {
			continue
		}
		s.clear++
		if x, y := s.affine.at(b.x, b.y, s.terms); b.miss(x, y) <= nearReach {
			s.near = append(s.near, b)
		}
	}
	s.agree = float64(len(s.near))
	return s, true
}

// judge weighs what was surveyed against a second exposure of a scene (blocks
// match anywhere), of something flat (a tilted plane, a turned hand, uneven
// light), and of another unit on the same rig (only the goods agree). At least
// such a share of the clear blocks must be near.
func (s *survey) judge(least float64) Result {
	m := map[string]float64{"redrawn": 1, "agreeing": s.clear, "hits": s.agree}
	r := Result{Aligned: s.t, Measured: m}
	if s.agree < nearLeast {
		return r
	}
	if s.withoutPrint(); s.agree < nearLeast {
		return r
	}
	m["agreeing"], m["hits"] = s.clear, s.agree
	m["correlation"], m["disorder"], m["residual"] = meanRho(s.near), s.contiguity(), s.residual()
	scene := redrawTries * strayChance(s.clear, s.agree)
	plane := s.planeChance(m)
	turn := s.turnChance(m)
	light := s.frame.lightChance(s.grid, s.near, m)
	onRig := s.onRig(m)
	m["scene_chance"], m["plane_chance"], m["turn_chance"], m["light_chance"] = scene, plane, turn, light
	if plane == 1 {
		r.FalseAlarm = 1 // neither a level hand nor even light can excuse a tilt that was measured
		return r
	}
	r.FalseAlarm = min(1, scene+plane*turn*light)
	switch {
	case s.agree < least*s.clear, m["correlation"] < nearRho, onRig:
	case m["disorder"] < disorder && m["turn"] > levelTurn:
	case r.FalseAlarm <= strongBelow && !squaredPage(m):
		r.Strength = evidence.Strong
	case r.FalseAlarm <= weakBelow:
		r.Strength = evidence.Weak
	}
	return r
}

// squaredPage says that a phone's document mode may have made the claim of a
// print. It leaves neither tilt nor turn, for which the bound holds a hand, but
// it finds the corners to a pixel or two, and what that bends goes together over
// the whole picture while the shapes stay the print's.
func squaredPage(m map[string]float64) bool {
	return m["disorder"] < pageOrder && m["correlation"] > pageRho
}

// span is the share of the claim that lies within the hull of blocks, or of the
// reference, whichever is less: goods that fill a crop of one picture may fill
// little of the other.
func (f *frame) span(blocks []*block, t imaging.Affine, ref *View) float64 {
	ofClaim, ofRef := f.spans(blocks, t, ref)
	return min(ofClaim, ofRef)
}

// spans is both shares. t carries claim work pixels to reference work pixels.
func (f *frame) spans(blocks []*block, t imaging.Affine, ref *View) (ofClaim, ofRef float64) {
	area := hullArea(blocks)
	toRef := math.Abs(t.A*t.E-t.B*t.D) / (f.scaleX * f.scaleY) // reference work pixels per frame pixel
	return area / float64(f.claim.Width*f.claim.Height), area * toRef / float64(ref.work.Width*ref.work.Height)
}

// contiguity is Geary's ratio (1954) of what the fit leaves, over blocks that
// share a side: about 1 where neighbours differ as much as any two blocks do, and
// near 0 where they go together, as parallax over a relief makes them.
func (s *survey) contiguity() float64 {
	at := make(map[[2]int][2]float64, len(s.near))
	var mean [2]float64
	for _, b := range s.near {
		x, y := s.affine.at(b.x, b.y, s.terms)
		left := [2]float64{b.dx - x, b.dy - y}
		at[[2]int{b.column, b.row}] = left
		mean[0] += left[0] / s.agree
		mean[1] += left[1] / s.agree
	}
	var all, beside, pairs float64
	for _, b := range s.near {
		left := at[[2]int{b.column, b.row}]
		all += square(left[0]-mean[0]) + square(left[1]-mean[1])
		for _, next := range [2][2]int{{b.column + 1, b.row}, {b.column, b.row + 1}} {
			if other, ok := at[next]; ok {
				beside += square(left[0]-other[0]) + square(left[1]-other[1])
				pairs++
			}
		}
	}
	if pairs < 8 || all == 0 {
		return 0
	}
	return beside / pairs / (2 * all / s.agree)
}

func square(v float64) float64 { return v * v }

// residual is the near blocks' scatter about the fit, in pixels an axis of a
// frame of FrameSide.
func (s *survey) residual() float64 {
	var sum float64
	for _, b := range s.near {
		x, y := s.affine.at(b.x, b.y, s.terms)
		sum += (b.dx-x)*(b.dx-x) + (b.dy-y)*(b.dy-y)
	}
	own := float64(max(s.frame.claim.Width, s.frame.claim.Height))
	claimSide := own / s.frame.scaleX
	return math.Sqrt(sum/(2*s.agree)) * min(fineSide, claimSide) / own
}

// planeChance is the chance of a plane's tilt at the jitter that is there. The
// jitter goes together over neighbouring blocks, so that four count once and
// the errors double.
func (s *survey) planeChance(m map[string]float64) float64 {
	bent, weights, ok := robustFit(s.blocks, planeTerms, 1.5*nearReach, &s.affine)
	if !ok {
		return 1
	}
	var kept []*block
	var w []float64
	for i, b := range s.blocks {
		if weights[i] > 0 && b.sharp >= surveySharp {
			kept, w = append(kept, b), append(w, weights[i])
		}
	}
	if bent, ok = fit(kept, w, planeTerms); !ok {
		return 1
	}
	for i := range bent.deviation {
		bent.deviation[i] *= math.Sqrt(blocksPerVote)
	}
	return planeChance(&bent, float64(max(s.frame.claim.Width, s.frame.claim.Height)), surveyLimits, m)
}

// turnChance bounds the probability that a hand would hold the camera as level
// to the reference's edges as the transform says, to within a quarter turn. An
// editor's stretch can slant one pair of edges, so that the more level pair
// counts, at twice its chance.
func (s *survey) turnChance(m map[string]float64) float64 {
	off := func(y, x float64) float64 {
		return math.Abs(math.Remainder(math.Atan2(y, x)*180/math.Pi, 90))
	}
	turn := min(off(s.t.D, s.t.A), off(s.t.B, s.t.E))
	m["turn"] = turn
	return min(1, max(turnFloor, 2*0.8*(turn+turnSlack)/turnSpread))
}

// strayChance bounds the probability that so many of n clear blocks are near by
// accident, as sceneChance does for hits.
func strayChance(n, near float64) float64 {
	return binomialChance(n/blocksPerVote, near/blocksPerVote-nearFitted, strayShare(nearReach, surveyReach))
}

func meanRho(blocks []*block) float64 {
	var sum float64
	for _, b := range blocks {
		sum += b.rho
	}
	return sum / float64(len(blocks))
}

// orRedrawn is r, the note that pictures share drawn graphics, unless nearly all
// that is photographed agrees as well: flat colours and fine lines look drawn on
// photos, too.
func (r Result) orRedrawn(claim, ref *View, tried []trial) Result {
	best := roughest(claim, ref, tried)
	if best.near < sureLeast || float64(best.near) < sureShare*float64(best.clear) {
		return r
	}
	second := redrawn(claim, ref, best, newLaid(claim, ref, best.t, 1))
	hits, of := second.Measured["hits"], second.Measured["agreeing"]
	if second.Strength.Rank() < evidence.Strong.Rank() || hits < sureLeast || hits < sureShare*of {
		return r
	}
	return second
}
