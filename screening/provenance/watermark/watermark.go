// Package watermark reads the invisible marks that the reference scripts of
// Stable Diffusion, SDXL and FLUX put into every picture they make, by the
// published method "dwtDct" of the invisible-watermark library. It needs no
// key: method and messages are public.
//
// It is not a general detector of generated pictures. A mark is gone after
// resizing, cropping at the left or top, turning, or strong recompression, and
// most services that host these models put in none; no mark means nothing.
// And since the method is public, anyone can put a mark into any picture.
package watermark

import (
	"cmp"
	"image"
	"slices"
)

// Mark is one message found in a picture.
type Mark struct {
	// Generator names the software that puts the message in.
	Generator string
	// Message is a stable short name of the message.
	Message string
	// Agreeing of Counted bits read as the message has them.
	Agreeing, Counted int
	// FalseAlarm bounds the chance that a picture without the mark, whatever
	// it shows, is called marked with any of the messages tried: see
	// falseAlarm.
	FalseAlarm float64
}

// Budget is the largest FalseAlarm that Read accepts. One in a hundred thousand
// is ten times stricter than the one in ten thousand that the product
// promises: the margin is for what the bound leaves open (see falseAlarm).
const Budget = 1e-5

// minPixels is the smallest picture the library marks; smaller ones raise an
// error there.
const minPixels = 256 * 256

// Read looks for each known message in m, as the file stores it (a mark does
// not turn with EXIF orientation). Of pictures over four megapixels it looks at
// the topmost half megapixel, which holds each bit fifty times over or more.
func Read(m image.Image) []Mark {
	b := m.Bounds()
	if b.Dx()*b.Dy() < minPixels {
		return nil
	}
	known := messages()
	votes := collect(m, known)
	var found []Mark
	for i, msg := range known {
		a, ok := votes[i].compare(msg)
		if !ok {
			continue
		}
		if p := falseAlarm(a.chance, msg); p <= Budget {
			found = append(found, Mark{Generator: msg.generator, Message: msg.name, Agreeing: a.agreeing, Counted: a.counted, FalseAlarm: p})
		}
	}
	return best(found)
}

// best keeps the least likely reading: no picture carries two marks, as the
// second one overwrites the first, but layouts of one message resemble each
// other.
func best(found []Mark) []Mark {
	if len(found) < 2 {
		return found
	}
	return []Mark{slices.MinFunc(found, func(a, b Mark) int { return cmp.Compare(a.FalseAlarm, b.FalseAlarm) })}
}

// falseAlarm bounds the chance that any message is found in an unmarked
// picture, where one reading of it was found with the given chance.
//
// The bits of a picture are far from independent: a blue sky reads as one long
// run. So the chance is taken over the message instead: whatever a picture
// reads as, a message whose bits were drawn by lot agrees in each place with
// probability 1/2, independently, and how the picture's own votes then add up
// is known exactly (see lot). The readings share the total by the union bound:
// each may err in its share of the cases.
//
// The SDXL and FLUX messages were drawn by lot. The two that are text were not,
// but no picture knows ASCII; of the long one only the low five bits of each
// letter are counted nevertheless, since the high three are those of any text.
// The short one has no bits to spare: another text of four letters that the
// same library wrote would be taken for it about once in a thousand.
//
// What this leaves open is that the messages, once drawn, are the same for all
// pictures, so that kinds of picture that happen to resemble one err together.
// That is what the test on unmarked pictures looks at.
func falseAlarm(chance float64, msg message) float64 { return min(1, chance/msg.share) }
