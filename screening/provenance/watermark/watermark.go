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
	"image"
	"math"
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
	// it shows, is called marked with any of the messages tried. It is the
	// binomial tail of this reading times the number of readings tried.
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
		agreeing, counted, ok := votes[i].agree(msg)
		if !ok {
			continue
		}
		if p := falseAlarm(agreeing, counted, len(known)); p <= Budget {
			found = append(found, Mark{Generator: msg.generator, Message: msg.name, Agreeing: agreeing, Counted: counted, FalseAlarm: p})
		}
	}
	return distinct(found)
}

// distinct keeps the best reading of each message: one message is tried in
// several layouts.
func distinct(found []Mark) []Mark {
	var out []Mark
next:
	for _, f := range found {
		for i := range out {
			if out[i].Message == f.Message {
				if f.FalseAlarm < out[i].FalseAlarm {
					out[i] = f
				}
				continue next
			}
		}
		out = append(out, f)
	}
	return out
}

// falseAlarm bounds the chance that one of tries messages agrees with the bits
// of an unmarked picture in at least agreeing of counted places.
//
// The bits of a picture are far from independent: a blue sky reads as one long
// run. So the chance is taken over the message instead: whatever bits a
// picture reads as, a message whose bits were drawn by lot agrees in each place
// with probability 1/2, independently. The number that agree is then binomial
// exactly, and the tries add up by the union bound. The SDXL and FLUX messages
// were drawn by lot; of the two that are text only the low five bits of each
// letter are counted, since the high three are those of any ASCII text.
//
// What this leaves open is that the messages, once drawn, are the same for all
// pictures, so that kinds of picture that happen to resemble one err together.
// That is what the margin in Budget is for, and what the test on unmarked
// pictures looks at.
func falseAlarm(agreeing, counted, tries int) float64 {
	p := 0.0
	for k := agreeing; k <= counted; k++ {
		p += math.Exp(logChoose(counted, k) - float64(counted)*math.Ln2)
	}
	return min(1, p*float64(tries))
}

// logChoose is the natural logarithm of n over k.
func logChoose(n, k int) float64 {
	lg := func(v int) float64 { g, _ := math.Lgamma(float64(v) + 1); return g }
	return lg(n) - lg(k) - lg(n-k)
}
