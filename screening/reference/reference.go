// Package reference tells whether a claim photo was made from a picture we
// already have: the same-capture test. It compares pixels with pixels; it does
// not judge what a picture shows, nor who made it.
package reference

import (
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/feature"
)

// Result is the outcome of comparing one claim picture with one reference.
type Result struct {
	// Strength is empty where nothing ties the two pictures together.
	Strength evidence.Strength
	// Code is empty for the same-capture finding itself, and otherwise says
	// what else the two pictures share: drawn graphics, or one stands in the
	// other.
	Code evidence.Code
	// FalseAlarm bounds the expected number of false findings this strong.
	FalseAlarm float64
	// Aligned maps upright claim pixels to upright reference pixels
	// (mirroring counted in); meaningful only with a Strength.
	Aligned imaging.Affine
	// Regions are in fractions of the upright claim picture.
	Regions []evidence.Region
	// Measured holds the numbers behind the verdict, by stable name.
	Measured map[string]float64
}

// maxTrials is how many proposed transforms are measured on pixels at most: two
// as they are, two mirrored. Where the reference's details are asked as well it
// may be twice as many.
const maxTrials = 4

// Compare asks whether any part of claim carries ref's own pixels. Where ref
// stands in it as a picture of its own, the rest is asked as well.
func Compare(claim, ref *View) Result {
	r := compare(claim, ref)
	if r.Code == evidence.ReferenceBeside {
		return r.orInTheRest(claim, ref)
	}
	return r
}

// compare takes the fine look, and the second one where that leaves it open.
// Graphics that agree to a fraction of a pixel nearly settle it: a redraw would
// have drawn them anew and moved them by more.
func compare(claim, ref *View) Result {
	var tried []trial
	best := try(claim, ref, ref.spots, &tried)
	if best.fit < minCoarseFit && max(claim.Width, claim.Height)*4 < max(ref.Width, ref.Height)*3 {
		if spots := ref.detail(); spots != nil {
			best = try(claim, ref, spots, &tried)
		}
	}
	var r Result
	if best.fit >= minCoarseFit && best.off <= offAllowed+best.fit/2 {
		r = look(claim, ref, best, len(tried))
	}
	if r.Code == evidence.ReferenceSharedGraphics {
		return r.orRedrawn(claim, ref, tried)
	}
	if r.Strength.Rank() >= evidence.Strong.Rank() || r.Code != "" {
		return r
	}
	if second := lookAgain(claim, ref, tried); second.Strength.Rank() > r.Strength.Rank() {
		return second
	}
	return r
}

// try proposes transforms from claim's spots to the given spots of ref, first
// as they are, then mirrored, and returns the one that fits best at a glance.
// All that it measured are added to tried.
func try(claim, ref *View, spots *feature.Set, tried *[]trial) (best trial) {
	var small glancer
	for _, mirrored := range []bool{false, true} {
		matches := feature.MatchSets(claim.spots, spots, mirrored)
		for _, h := range propose(claim.spots, spots, matches, mirrored) {
			tr := small.glance(claim, ref, h)
			*tried = append(*tried, tr)
			if tr.fit > best.fit {
				best = tr
			}
		}
		if best.fit >= clearCoarseFit && best.off*5 < best.fit {
			break
		}
	}
	return best
}

// workAffine turns a transform between feature pictures into one between work
// planes.
func workAffine(claim, ref *View, s similarity) imaging.Affine {
	return imaging.ScaleBy(claim.base, claim.base).Then(s.affine()).Then(imaging.ScaleBy(1/ref.base, 1/ref.base))
}
