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

// maxTrials bounds how many proposed transforms are measured on pixels.
const maxTrials = 3

// Compare asks whether any part of claim carries ref's own pixels.
func Compare(claim, ref *View) Result {
	best := try(claim, ref, ref.spots)
	if best.fit < minCoarseFit && max(claim.Width, claim.Height)*4 < max(ref.Width, ref.Height)*3 {
		if spots := ref.detail(); spots != nil {
			best = try(claim, ref, spots)
		}
	}
	if best.fit < minCoarseFit {
		return Result{}
	}
	return look(claim, ref, best)
}

// try proposes transforms from claim's spots to the given spots of ref and
// returns the one that fits best at a glance.
func try(claim, ref *View, spots *feature.Set) (best trial) {
	matches := feature.MatchSets(claim.spots, spots)
	for i, h := range propose(claim.spots, spots, matches) {
		if i == maxTrials {
			break
		}
		if tr := glance(claim, ref, h); tr.fit > best.fit {
			best = tr
		}
	}
	return best
}

// workAffine turns a transform between feature pictures into one between work
// planes.
func workAffine(claim, ref *View, s similarity) imaging.Affine {
	return imaging.ScaleBy(claim.base, claim.base).Then(s.affine()).Then(imaging.ScaleBy(1/ref.base, 1/ref.base))
}
