package travel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Names lists the attacks that Named knows, in a fixed order: each attack the
// same-capture test must see through, alone, and "mix", several at once.
func Names() []string {
	return []string{
		"crop-half", "crop-third", "shrink", "rescale", "enlarge", "jpeg-50", "jpeg-twice", "light", "colour",
		"flip", "quarter-turn", "rotate", "screenshot", "sticker", "text", "mix",
	}
}

// Named plans a trip with one attack, its details drawn from rng. It ends in a
// JPEG of quality 85 unless JPEG is the attack.
func Named(name string, rng *rand.Rand) (Trip, error) {
	if name == "mix" {
		return Random(rng), nil
	}
	var s []Step
	last := JPEG{85}
	switch name {
	case "crop-half":
		s = append(s, cropOf(rng, 0.5, 0.5))
	case "crop-third":
		s = append(s, cropOf(rng, 1.0/3, 1.0/3))
	case "shrink":
		s = append(s, Rescale{0.45, anyFilter(rng)})
	case "rescale":
		s = append(s, Rescale{between(rng, 0.45, 1.1), anyFilter(rng)})
	case "enlarge":
		s = append(s, Rescale{1.1, anyFilter(rng)})
	case "jpeg-50":
		last = JPEG{50}
	case "jpeg-twice":
		// Between two apps the grid shifts, or the second pass would do little.
		s = append(s, JPEG{50 + rng.IntN(43)}, Crop{0.004, 0.007, 0.99, 0.985})
		last = JPEG{50 + rng.IntN(43)}
	case "light":
		s = append(s, light(rng))
	case "colour":
		s = append(s, colour(rng))
	case "flip":
		s = append(s, Flip{rng.IntN(2) == 0})
	case "quarter-turn":
		s = append(s, Turn{1 + rng.IntN(3)})
	case "rotate":
		s = append(s, rotation(rng))
	case "screenshot":
		s = append(s, frame(rng))
	case "sticker":
		s = append(s, Overlay{"sticker", 1 + rng.IntN(3), rng.Uint64()})
	case "text":
		s = append(s, Overlay{"text", 1 + rng.IntN(3), rng.Uint64()}, Overlay{"marker", 1, rng.Uint64()})
	default:
		return Trip{}, fmt.Errorf("unknown trip %q: want one of %v", name, Names())
	}
	return Trip{Name: name, Steps: append(s, last)}, nil
}

// Mild plans a crop that keeps most of the picture, and one recompression.
func Mild(rng *rand.Rand) Trip {
	side := between(rng, 0.6, 1)
	return Trip{Name: "mild", Steps: []Step{cropOf(rng, side, clampSide(side*between(rng, 0.9, 1.1))), JPEG{55 + rng.IntN(34)}}}
}

// Random plans a trip as pictures really go: a crop, a rescale, one or two
// recompressions, and up to three of the other attacks.
func Random(rng *rand.Rand) Trip {
	side := 1 - 0.55*math.Pow(rng.Float64(), 1.5)
	if rng.Float64() < 0.1 {
		side = between(rng, 1.0/3, 0.4)
	}
	crop := cropOf(rng, side, clampSide(side*between(rng, 0.85, 1.15)))
	// Nobody sends a third of a picture at half its size as proof: together
	// they leave a third of a side or more.
	lowest := max(0.45, 1/(3*min(crop.Width, crop.Height)))
	steps := []Step{crop, Rescale{between(rng, min(lowest, 1), 1.1), anyFilter(rng)}}
	if rng.IntN(2) == 0 {
		slices.Reverse(steps)
	}
	extras := []func(*rand.Rand) Step{
		func(r *rand.Rand) Step { return light(r) },
		func(r *rand.Rand) Step { return colour(r) },
		func(r *rand.Rand) Step { return Flip{r.IntN(3) == 0} },
		func(r *rand.Rand) Step { return Turn{1 + r.IntN(3)} },
		func(r *rand.Rand) Step { return rotation(r) },
		func(r *rand.Rand) Step { return frame(r) },
		func(r *rand.Rand) Step {
			return Overlay{[]string{"sticker", "text", "marker"}[r.IntN(3)], 1 + r.IntN(2), r.Uint64()}
		},
	}
	rng.Shuffle(len(extras), func(i, j int) { extras[i], extras[j] = extras[j], extras[i] })
	for _, extra := range extras[:rng.IntN(4)] {
		steps = slices.Insert(steps, rng.IntN(len(steps)+1), extra(rng))
	}
	if rng.IntN(2) == 0 {
		steps = slices.Insert(steps, rng.IntN(len(steps)), Step(JPEG{50 + rng.IntN(43)}))
	}
	return Trip{Name: "mix", Steps: append(steps, JPEG{50 + rng.IntN(43)})}
}

// cropOf keeps a window of the given sides, most often about the middle: the
// forger shows the damage, and the damage is on the goods.
func cropOf(rng *rand.Rand, width, height float64) Crop {
	start := func(side float64) float64 {
		free := 1 - side
		return free * max(0, min(1, 0.5+0.22*rng.NormFloat64()))
	}
	return Crop{X: start(width), Y: start(height), Width: width, Height: height}
}

func clampSide(v float64) float64 { return max(1.0/3, min(1, v)) }

func light(rng *rand.Rand) Tone {
	return Tone{Brightness: between(rng, -40, 40), Contrast: between(rng, -0.3, 0.35), Gamma: between(rng, 0.8, 1.25), Saturation: 1}
}

func colour(rng *rand.Rand) Tone {
	return Tone{Gamma: between(rng, 0.9, 1.1), Saturation: between(rng, 0.4, 1.5), Warmth: between(rng, -0.15, 0.15), Tint: between(rng, -0.05, 0.05)}
}

func rotation(rng *rand.Rand) Rotate {
	deg := between(rng, 0.5, 5)
	if rng.IntN(2) == 0 {
		deg = -deg
	}
	return Rotate{Degrees: deg, Cropped: rng.IntN(2) == 0, Fill: []uint8{0, 255, 128}[rng.IntN(3)]}
}

func frame(rng *rand.Rand) Frame {
	return Frame{[]string{"viewer", "chat", "card"}[rng.IntN(3)], rng.Uint64()}
}

func anyFilter(rng *rand.Rand) Filter { return filters()[rng.IntN(len(filters()))] }

func between(rng *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*rng.Float64() }
