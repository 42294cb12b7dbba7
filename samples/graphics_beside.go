package samples

import (
	"fmt"
	"image"
	"image/draw"

	xdraw "golang.org/x/image/draw"
)

// Beside is an honest comparison: the listing picture and what was received in
// one picture, side by side, one above the other, or one set into the other.
// It returns the picture and where in it the listing stands.
func Beside(listing, received image.Image, width int, seed uint64) (*image.RGBA, image.Rectangle, error) {
	if width < 64 || width > maxSide {
		return nil, image.Rectangle{}, fmt.Errorf("draw a comparison: a width of %d is not between 64 and %d pixels", width, maxSide)
	}
	r := random(seed, "beside")
	w, gap := float64(width), between(r, 0, 0.025)
	first := r.IntN(2) == 0
	var high float64 // of the picture, in widths
	var panels [2]image.Rectangle
	box := func(x, y, pw, ph float64) image.Rectangle {
		return image.Rect(int(x*w), int(y*w), int((x+pw)*w), int((y+ph)*w))
	}
	captions := r.IntN(2) == 0
	head := 0.0
	if captions {
		head = 0.06
	}
	inset := false
	switch r.IntN(5) {
	case 0: // one above the other
		ph := between(r, 0.6, 0.8)
		gap = max(gap, head)
		high = 2*ph + gap + head
		panels = [2]image.Rectangle{box(0, head, 1, ph), box(0, head+ph+gap, 1, ph)}
	case 1: // the listing set into a corner of the other
		high, inset, first = between(r, 0.75, 1.3), true, false
		side := between(r, 0.32, 0.45)
		tall := min(side*float64(listing.Bounds().Dy())/float64(max(1, listing.Bounds().Dx())), high-0.1)
		panels = [2]image.Rectangle{box(0, 0, 1, high), box(0.97-side, 0.03, side, tall)}
	default:
		pw := (1 - gap) / 2
		ph := pw * between(r, 1, 1.35)
		high = ph + head
		panels = [2]image.Rectangle{box(0, head, pw, ph), box(pw+gap, head, pw, ph)}
	}
	a := newArtwork(1, high, w, 0xffffff)
	shown := [2]image.Image{received, listing}
	if first {
		shown = [2]image.Image{listing, received}
	}
	for i, p := range panels {
		if inset && i == 1 {
			draw.Draw(a.img, p.Inset(-max(2, width/150)), image.White, image.Point{}, draw.Src)
		}
		src := shown[i].Bounds()
		xdraw.CatmullRom.Scale(a.img, p, shown[i], cutTo(src, p.Dx(), p.Dy()), draw.Src, nil)
		if captions && !inset {
			at := float64(p.Min.X) / w
			a.signs(r, 4, at+0.02, max(0.012, float64(p.Min.Y)/w-0.05), 0.036, heavy, 0x222222)
		}
	}
	place := panels[1]
	if first {
		place = panels[0]
	}
	return a.img, place, nil
}
