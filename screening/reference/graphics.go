package reference

import (
	"math"

	"github.com/evenhand/evenhand/evidence"
)

// Drawn graphics - text, lines, bar codes, an app's interface, a camera app's
// stamp, a shop's frame - are shared to the pixel by pictures that have nothing
// else in common. What tells them from photographed texture is the ground they
// stand on: paper and screens are plain and dead, and where they stand on a
// photo, the photo between the strokes is another one. docs/same-capture.md
// derives the bound and says how its numbers were measured.
const (
	graphicShare      = 0.035 // scale of the share of drawn blocks that is taken for photographed, picture by picture
	graphicBlock      = 0.06  // chance that one drawn block is
	graphicVote       = 2.0   // blocks that are mistaken together
	plainGround       = 0.70  // share of a block at one level, plus share that is flat: beyond it it is on plain ground,
	calmLeast         = 0.04  // which is live like a photo's where so much in and around it is calm,
	calmEnough        = 0.10  // and where so much of it is calm and live, but correlates
	calmAgreement     = 0.10  // no better, it is another photo's
	liveGrain         = 0.08  // and fine texture of so many grey levels
	liveShare         = 0.50  // is at so many of the calm pixels,
	liveSlope         = 0.10  // and it is shaded by so many grey levels a pixel,
	liveAgreement     = 0.30  // and both pictures' calm texture correlates
	weakLeast         = 0.15  // of the block must be free of strokes to compare the ground between them,
	weakAgreement     = 0.65  // which correlates so well where it is one photo
	photographedLeast = 0.21  // of the blocks that hit; fewer, and the drawing is what agrees: a note at most,
	photographedSure  = 0.40  // and fewer than this, strong at most
	redrawnAgreement  = 0.40  // as weakAgreement, in what a redraw leaves of it,
	noAgreement       = 0.10  // and where it leaves nothing
	toneReach         = 8.0   // grey levels that a block may lie off one tone curve
	patchyLeast       = 20    // blocks farther off, of which
	patchyShare       = 0.60  // have the same ground: the light is patchy

	// Print is plain and inky, a photo full of faint texture that agrees: the
	// scales of the four against each other.
	inkScale   = 250.0 // grey levels of contrast
	weakWeight = 0.8
	rhoWeight  = 0.4
)

// photographed says that the block shows the same photographed ground in both
// pictures, and not just the same drawing. Where the light on them differs from
// place to place, tone tells nothing of a block whose faint texture agrees.
func (l *blockLook) photographed(patchy bool) bool {
	switch {
	case l.tone > toneReach && !(patchy && l.sameGround()):
		return false // another ground, lighter or darker
	case l.weakShare >= weakLeast && l.weakRho < weakAgreement:
		return false // another texture between the strokes
	case l.calm >= calmEnough && l.live >= liveShare && l.calmRho < calmAgreement:
		return false // another grain about it
	case l.plain < plainGround:
		return l.plain+l.contrast/inkScale <= weakWeight*l.weakShare+rhoWeight*l.weakRho
	}
	return l.calm >= calmLeast && l.live >= liveShare && l.slope >= liveSlope && l.calmRho >= liveAgreement
}

// sameGround says that the faint texture between the strokes is the same.
func (l *blockLook) sameGround() bool { return l.weakShare >= weakLeast && l.weakRho >= weakAgreement }

// patchyLight says that the blocks off one tone curve lie so because of the light,
// as under a shadow that was laid over a copy: their ground is the same. In pictures
// that share graphics alone at most half of such blocks look so, in copies under
// stripes and patches of light three quarters or more (docs/same-capture.md).
func patchyLight(looks []blockLook) bool {
	off, same := 0.0, 0.0
	for i := range looks {
		if looks[i].tone > toneReach {
			off++
			if looks[i].sameGround() {
				same++
			}
		}
	}
	return off >= patchyLeast && same >= patchyShare*off
}

// explainedByDrawing says that so small a share of what agrees is photographed
// that shared drawing explains the finding, whatever bound it has: a frame, a
// stamp or an interface over pictures that are otherwise different leaves some
// blocks that look photographed.
func explainedByDrawing(photographed, kept float64) bool {
	return photographed < photographedLeast*kept
}

// mostlyDrawn lowers a strength where less than 0.40 of what agrees is
// photographed.
func mostlyDrawn(s evidence.Strength, photographed, kept float64) evidence.Strength {
	if photographed < photographedSure*kept && s == evidence.Conclusive {
		return evidence.Strong
	}
	return s
}

// otherGround says that the strokes agree while the ground is another one: in
// faint texture altogether, or in tone and largely in texture. A redraw keeps
// something of the one or the other.
func (l *blockLook) otherGround() bool {
	return l.weakShare >= weakLeast && (l.weakRho < noAgreement || l.tone > toneReach && l.weakRho < redrawnAgreement)
}

// printed says that the block looks drawn in both pictures, whether or not they
// agree: a redraw has new texture everywhere.
func (l *blockLook) printed() bool {
	if l.plain < plainGround {
		return l.plain+l.contrast/inkScale > weakWeight*l.weakShare+rhoWeight
	}
	return l.calm < calmLeast || l.live < liveShare || l.slope < liveSlope
}

// withoutPrint drops from a survey's blocks what is printed, or written over
// another ground: graphics that are shared say no more for a redraw than for a
// copy.
func (s *survey) withoutPrint() {
	looks := s.frame.looks(s.grid, s.near)
	kept := s.near[:0]
	for i, b := range s.near {
		if !looks[i].printed() && !looks[i].otherGround() {
			kept = append(kept, b)
		}
	}
	s.clear -= float64(len(s.near) - len(kept))
	s.near, s.agree = kept, float64(len(kept))
}

// setGraphicsAside adds to r's bound the alternative that the pictures share
// drawn graphics and nothing else. Where that explains the finding, what is
// left of it is a note.
func (f *frame) setGraphicsAside(g *grid, kept []*block, r Result) Result {
	looks := f.looks(g, kept)
	m := r.Measured
	agreeing, hits, photographed := m["agreeing"], 0.0, 0.0
	patchy := patchyLight(looks)
	for i, b := range kept {
		real, sharp := looks[i].photographed(patchy), b.sharp >= sharpEnough
		switch {
		case real && sharp:
			hits++
		case sharp:
			agreeing--
		}
		if real {
			photographed++
		}
	}
	// The graphics fix the transform: one trial, and none of it won by the fit.
	chance := binomialChance(agreeing/blocksPerVote, hits/blocksPerVote, strayShare(hitReach, fineReach))
	if m["off"] > offShare*hits+offAllowed {
		chance = 1
	}
	chance = min(1, chance+mistakenChance(float64(len(kept)), photographed))
	m["photographed"], m["graphics_chance"] = photographed, chance
	return r.besideGraphics(chance, photographed, float64(len(kept)))
}

// besideGraphics adds to r's bound the chance that shared graphics look so, and
// lowers it where they explain it: so many of the kept blocks are photographed.
func (r Result) besideGraphics(chance, photographed, kept float64) Result {
	before := r.Strength
	r.FalseAlarm = min(1, r.FalseAlarm+chance)
	r.Strength = mostlyDrawn(verdict(r.FalseAlarm, r.Measured), photographed, kept)
	explained := r.Strength == "" || explainedByDrawing(photographed, kept) ||
		before.Rank() >= evidence.Strong.Rank() && r.Strength.Rank() < evidence.Strong.Rank()
	switch {
	case !explained:
	case r.Measured["residual"] > conclusiveMiss:
		r.Strength = "" // drawn graphics would lie closer
	default:
		r.Strength, r.Code, r.FalseAlarm = evidence.Note, evidence.ReferenceSharedGraphics, 0
	}
	return r
}

// mistakenChance bounds the probability that of n drawn blocks so many are taken
// for photographed: by a ground that fools the test in a whole picture, whose
// share falls off exponentially, or block by block.
func mistakenChance(n, photographed float64) float64 {
	if n == 0 {
		return 1
	}
	picture := math.Exp(-photographed / n / graphicShare)
	return min(1, picture+binomialChance(n/graphicVote, photographed/graphicVote, graphicBlock))
}
