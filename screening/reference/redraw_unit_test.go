package reference

import (
	"image"
	"image/draw"
	"math/rand/v2"
	"testing"

	"github.com/evenhand/evenhand/evidence"
)

// part is the middle of img, so many times as wide and as high.
func part(img *image.RGBA, share float64) *image.RGBA {
	w, h := int(share*float64(img.Rect.Dx())), int(share*float64(img.Rect.Dy()))
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Rect, img, image.Pt((img.Rect.Dx()-w)/2, (img.Rect.Dy()-h)/2), draw.Src)
	return out
}

// TestCroppedRedrawIsFound: a redraw of a picture that has texture out to its
// rim is found in a crop to a fifth of it as well.
func TestCroppedRedrawIsFound(t *testing.T) {
	reference := still(900, 700, 71)
	claim := part(redraw(reference, 0.7, rand.New(rand.NewPCG(1, 6))), 0.45)
	r := Compare(view(claim), view(reference))
	if r.Strength != evidence.Strong || r.Measured["redrawn"] == 0 || r.Measured["span"] >= spanLeast {
		t.Errorf("found %q, %v", r.Strength, r.Measured)
	}
}

// TestSmallRedrawIsFound: a redraw that was sent on at 112 pixels has too few
// blocks of its own size, and enough on a finer frame.
func TestSmallRedrawIsFound(t *testing.T) {
	for _, seed := range []uint64{72, 74} {
		reference := still(600, 480, seed)
		claim := view(scaled4(redraw(reference, 2, rand.New(rand.NewPCG(2, 6))), 112, 89))
		ref := view(reference)
		best := roughest(claim, ref, nil)
		r := redrawn(claim, ref, best, newLaid(claim, ref, best.t, 1))
		if r.Strength != evidence.Strong || len(r.Regions) > 2 {
			t.Errorf("seed %d: found %q, %v", seed, r.Strength, r.Measured)
		}
	}
}

// TestCroppedRedrawOfGoodsOnPlainGround: the same crop of goods on plain ground
// could be another unit's, and is not accused.
func TestCroppedRedrawOfGoodsOnPlainGround(t *testing.T) {
	pattern := still(400, 340, 73)
	reference := onCloth(pattern, 900, 700, 0, 0, 0, 1)
	claim := part(redraw(onCloth(pattern, 900, 700, 0, 0, 0, 2), 0.7, rand.New(rand.NewPCG(3, 6))), 0.45)
	if r := Compare(view(claim), view(reference)); r.Strength.Rank() >= evidence.Strong.Rank() {
		t.Errorf("%q, %v", r.Strength, r.Measured)
	}
}

// TestNoteGivesWayToARedraw: that drawn graphics are shared stays a note, unless
// nearly all that is photographed lies in its place as well.
func TestNoteGivesWayToARedraw(t *testing.T) {
	note := Result{Strength: evidence.Note, Code: evidence.ReferenceSharedGraphics}
	reference := still(640, 512, 76)
	ref := view(reference)
	claim := redraw(reference, 0.7, rand.New(rand.NewPCG(5, 6)))
	if r := note.orRedrawn(view(claim), ref, nil); r.Code != "" || r.Strength != evidence.Strong {
		t.Errorf("redrawn: %q, %q, %v", r.Code, r.Strength, r.Measured)
	}
	// Another picture under the same stamp and caption.
	other := still(640, 512, 77)
	for _, stamp := range []image.Rectangle{image.Rect(0, 0, 640, 90), image.Rect(0, 420, 640, 512)} {
		draw.Draw(other, stamp, claim, stamp.Min, draw.Src)
	}
	claim = other
	if r := note.orRedrawn(view(claim), ref, nil); r.Code != evidence.ReferenceSharedGraphics {
		t.Errorf("another picture: %q, %q, %v", r.Code, r.Strength, r.Measured)
	}
}

// TestRim: a picture with texture all over has it at its rim, goods on plain
// ground have not.
func TestRim(t *testing.T) {
	pattern := still(400, 340, 74)
	if got := view(still(640, 480, 75)).rim(map[string]float64{}); got < 2*rimLeast {
		t.Errorf("a picture with texture all over: %.2f", got)
	}
	if got := view(onCloth(pattern, 800, 640, 0, 0, 0, 1)).rim(map[string]float64{}); got > rimLeast/2 {
		t.Errorf("goods on plain ground: %.2f", got)
	}
}
