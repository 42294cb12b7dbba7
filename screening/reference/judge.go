package reference

import (
	"math"

	"github.com/evenhand/evenhand/evidence"
)

// What the two alternatives to "made from this reference" are taken to look
// like. docs/same-capture.md derives each number and says how it was checked.
const (
	hitReach       = 0.40 // frame pixels from the fitted place: a hit
	blocksPerVote  = 4.0  // neighbouring blocks share a surface: so many count once
	fittedVotes    = 1.25 // votes the fitted transform can always win for itself
	tiltSpread     = 2.0  // degrees: standard deviation of a careful hand's tilt, each axis
	focalLength    = 1.5  // of the claim's longer side
	lightSpread    = 0.03 // standard deviation of the light's change over half a picture, encoded values
	lightFloor     = 0.01 // the least the light may contribute: it is not independent of care
	deviationReach = 5.0  // standard errors
	slack          = 0.03 // frame pixels no fit can be trusted to
	tiltSmall      = 0.15 // degrees: what looks like less may be an editor's own unsteadiness
	shearSmall     = 5e-4
	stretchMax     = 0.04
	offShare       = 0.05 // of the hits: so many blocks may match elsewhere, by repetition and chance
	offAllowed     = 3
)

// Thresholds on the expected number of false alarms.
const (
	conclusiveBelow = 1e-3
	clearBelow      = 1e-2
	strongBelow     = 5e-2
	weakBelow       = 1e-1

	// What is left after the fit, in frame pixels an axis. Recompression leaves
	// 0.02 to 0.1; a second unit of the goods on the same rig leaves more,
	// because its parts have moved against each other.
	// The weaker the bound, the less may be left.
	conclusiveMiss = 0.13
	strongMiss     = 0.12
)

// judge weighs one fully measured transform against its alternatives: two
// exposures of a scene (displacements scatter), and a second exposure of a
// flat print (displacements follow a tilted plane, light is uneven). tr is the
// best of so many tries.
func judge(f *frame, g *grid, tr trial, tries int) (Result, []*block) {
	m := map[string]float64{"inliers": tr.score, "coarse_fit": float64(tr.fit), "coarse_off": float64(tr.off)}
	r := Result{Aligned: tr.t, Measured: m}
	blocks := agreeing(g)
	d, weights, ok := robustFit(blocks, refineTerms(blocks), 1.0, nil)
	if !ok {
		return r, nil
	}
	r.Aligned = f.moved(&d, tr.t)
	kept, keptWeights := hits(blocks, weights, &d, m)
	if len(kept) < 4 {
		return r, nil
	}
	scene := sceneChance(m["agreeing"], m["hits"])
	plane := 1.0
	m["stretch"] = d.coefficient[4] / d.radius
	if p, ok := fit(kept, keptWeights, planeTerms); ok && math.Abs(m["stretch"]) < stretchMax {
		plane = planeChance(&p, float64(max(f.claim.Width, f.claim.Height)), fineLimits, m)
	}
	light := f.lightChance(g, kept, m)
	if m["off"] > offShare*m["hits"]+offAllowed {
		scene = 1 // much of the picture matches, but elsewhere: parallax
	}
	m["scene_chance"], m["plane_chance"], m["light_chance"] = scene, plane, light
	r.FalseAlarm = min(1, float64(max(maxTrials, tries))*scene+plane*light)
	if plane == 1 {
		r.FalseAlarm = 1 // even light cannot excuse a tilt that was measured
	}
	r.Strength = verdict(r.FalseAlarm, m)
	return r, kept
}

// verdict is what a bound on false alarms is worth, given what is left after
// the fit and how the light lies.
func verdict(falseAlarm float64, m map[string]float64) evidence.Strength {
	left := m["residual"]
	switch {
	case falseAlarm <= conclusiveBelow && left <= conclusiveMiss && !unevenLight(m):
		return evidence.Conclusive
	case falseAlarm <= conclusiveBelow, falseAlarm <= clearBelow && left <= conclusiveMiss,
		falseAlarm <= strongBelow && left <= strongMiss:
		return evidence.Strong
	case falseAlarm <= weakBelow:
		return evidence.Weak
	}
	return ""
}

// unevenLight says that the light is seen to fall off over the picture, which a
// copy's does not unless somebody filtered it: then a person should look.
func unevenLight(m map[string]float64) bool {
	for _, axis := range [2]string{"light_x", "light_y"} {
		if g := math.Abs(m[axis]); g > lightSpread && g > deviationReach*m[axis+"_error"] {
			return true
		}
	}
	return false
}

// hits returns the blocks that lie where d puts them, and notes what it saw:
// "agreeing" and "hits" count only blocks that can tell on both axes.
func hits(blocks []*block, weights []float64, d *deformation, m map[string]float64) (kept []*block, keptWeights []float64) {
	var rho, off, sharp, hit float64
	for i, b := range blocks {
		x, y := d.at(b.x, b.y, stretchTerms)
		e := b.miss(x, y)
		if e <= hitReach {
			kept = append(kept, b)
			keptWeights = append(keptWeights, weights[i])
			rho += b.rho
		}
		if b.sharp < sharpEnough {
			continue
		}
		sharp++
		if e <= hitReach {
			hit++
		}
		if e > offReach && b.rho > offRho {
			off++
		}
	}
	m["agreeing"], m["hits"], m["kept"], m["off"] = sharp, hit, float64(len(kept)), off
	m["residual"], m["radius"] = d.residual, d.radius
	if len(kept) > 0 {
		m["correlation"] = rho / float64(len(kept))
	}
	return kept, keptWeights
}

// sceneChance bounds the probability that so many of n blocks hit by accident,
// if each matches anywhere in its search window alike: Chernoff's bound on the
// binomial tail, with neighbouring blocks counted as one vote.
func sceneChance(n, hits float64) float64 {
	return binomialChance(n/blocksPerVote, hits/blocksPerVote-fittedVotes, strayShare(hitReach, fineReach))
}

// strayShare is the chance that a block which matches anywhere lies so near to a
// place. What peaks on the rim of the search counts nowhere, so that the window
// is the search's less its rim.
func strayShare(near float64, reach int) float64 {
	window := float64(2*reach - 1)
	return math.Pi * near * near / (window * window)
}

// binomialChance is Chernoff's bound on the probability of at least k of so many
// votes where each goes this way with probability p.
func binomialChance(votes, k, p float64) float64 {
	if k <= p*votes {
		return 1
	}
	share := min(1, k/votes)
	kl := share * math.Log(share/p)
	if share < 1 {
		kl += (1 - share) * math.Log((1-share)/(1-p))
	}
	return math.Exp(-votes * kl)
}

// planeLimits is what an editor's own unsteadiness may look like: up to so much
// is no proof of a plane, though it counts in the bound.
type planeLimits struct {
	tilt  float64 // degrees
	shear float64 // displacement per pixel
}

var fineLimits = planeLimits{tiltSmall, shearSmall}

// planeChance bounds the probability that a hand would hold the camera so
// square to a flat print that the fit p could not tell: a plane tilted by θ
// about an axis in the picture moves points at distance r by θ·r²/f. It is 1
// where the fit shows a tilt, or a shear, beyond what a copy has.
func planeChance(p *deformation, side float64, limits planeLimits, m map[string]float64) float64 {
	names := [3]string{"shear", "tilt_x", "tilt_y"}
	chance := 1.0
	for i, name := range names {
		c, se := math.Abs(p.coefficient[5+i]), p.deviation[5+i]
		m[name], m[name+"_error"] = p.coefficient[5+i], se
		seen := c > deviationReach*se+slack
		if i == 0 {
			if seen && c/p.radius > limits.shear {
				return 1
			}
			continue
		}
		perPixel := focalLength * side / (p.radius * p.radius) * 180 / math.Pi // degrees
		if seen && c*perPixel > limits.tilt {
			return 1
		}
		chance *= min(1, 0.8*(c+3*se+slack/3)*perPixel/tiltSpread)
	}
	return chance
}
