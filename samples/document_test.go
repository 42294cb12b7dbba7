package samples

import (
	"image"
	"image/color"
	"math"
	"testing"
)

// TestDocumentSquaresThePrint: a document mode that finds the corners gives the
// print back in its own frame; one that misses them by some pixels does not.
func TestDocumentSquaresThePrint(t *testing.T) {
	const w, h = 160, 120
	print := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			v := uint8(60)
			if (x/8+y/8)%2 == 0 {
				v = 200
			}
			print.SetRGBA(x, y, color.RGBA{v, v, v, 255})
		}
	}
	for seed := range uint64(3) {
		shot, err := PhotographPrintWith(t.Context(), print, seed+1, PrintCare{Long: 400, Even: true})
		if err != nil {
			t.Fatal(err)
		}
		if tilt := math.Hypot(shot.TiltX, shot.TiltY); tilt > 1.5 {
			t.Errorf("seed %d: held %.1f degrees off square", seed, tilt)
		}
		sure, unsure := likeness(shot.Document(0, 1), print), likeness(shot.Document(40, 1), print)
		if sure < 0.9 || unsure > sure-0.1 {
			t.Errorf("seed %d, %s: the document correlates with the print to %.2f, with corners missed to %.2f", seed, shot.Medium, sure, unsure)
		}
	}
}

// likeness correlates two pictures laid frame onto frame.
func likeness(a, b *image.RGBA) float64 {
	var n, sa, sb, aa, bb, ab float64
	for y := range b.Rect.Dy() {
		for x := range b.Rect.Dx() {
			p := float64(a.RGBAAt((2*x+1)*a.Rect.Dx()/(2*b.Rect.Dx()), (2*y+1)*a.Rect.Dy()/(2*b.Rect.Dy())).G)
			q := float64(b.RGBAAt(x, y).G)
			n, sa, sb, aa, bb, ab = n+1, sa+p, sb+q, aa+p*p, bb+q*q, ab+p*q
		}
	}
	return (ab - sa*sb/n) / math.Sqrt((aa-sa*sa/n)*(bb-sb*sb/n))
}
