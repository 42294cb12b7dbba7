package angle

import "math"

// What makes two things alike that do not match.
const (
	alikeEnergy = 2.0 // times as much contrast, either way
	alikeFewest = 8   // blocks around that a relation of tones is taken from
)

// alike is whether the second picture has something of the same tone and
// contrast where it lacks the first's: a deep tear, mould, a dent's shine look
// another way from another side, but they are there. Paint mostly leaves the
// clean surface there, which is of another tone, or has another contrast.
func alike(lost, around []*blockTally) bool {
	var here, there, off float64
	tone, rms := toneLine(around)
	for _, k := range lost {
		here += k.structure
		there += max(0, k.there*k.there-noiseLevel*noiseLevel)
		off += (tone(k.levelThere) - k.level) / float64(len(lost))
	}
	return there <= alikeEnergy*alikeEnergy*here && here <= alikeEnergy*alikeEnergy*there &&
		math.Abs(off) <= max(toneLeast, toneMost*rms)
}

// toneLine is what a straight line through blocks makes of the second
// picture's grey levels, and how far they are from it (root mean square). Too
// few blocks tell nothing: then all tones are alike.
func toneLine(around []*blockTally) (tone func(float64) float64, rms float64) {
	var f affineFit
	for _, k := range around {
		f.add(k.levelThere, 0, k.level, 1)
		f.m[2][2]++ // the third term is not used
	}
	c, ok := f.solve()
	if !ok || len(around) < alikeFewest {
		return func(v float64) float64 { return v }, math.Inf(1)
	}
	tone = func(v float64) float64 { return c[0] + c[1]*v }
	for _, k := range around {
		e := tone(k.levelThere) - k.level
		rms += e * e / float64(len(around))
	}
	return tone, math.Sqrt(rms)
}

// tallies are those of a list at the indexes, or all.
func tallies(each []blockTally, index []int) (out []*blockTally) {
	if index == nil {
		for i := range each {
			out = append(out, &each[i])
		}
	}
	for _, i := range index {
		out = append(out, &each[i])
	}
	return out
}
