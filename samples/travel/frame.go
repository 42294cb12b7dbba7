package travel

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"

	"github.com/evenhand/evenhand/imaging"
)

// Frame is a screenshot of the picture in some app: "viewer" (a gallery, bars
// above and below), "chat" (a message with a caption) or "card" (a rounded card
// on grey, as shops show pictures). Seed settles margins and words.
type Frame struct {
	Style string
	Seed  uint64
}

func (s Frame) String() string { return "screenshot in a " + s.Style }

func (s Frame) do(img *image.RGBA) (*image.RGBA, imaging.Affine, error) {
	rng := rand.New(rand.NewPCG(s.Seed, 0x5c4e))
	w, h := img.Rect.Dx(), img.Rect.Dy()
	unit := float64(w) / 100
	side := int(unit * (2 + 7*rng.Float64()))
	top := int(unit * (12 + 14*rng.Float64()))
	bottom := int(unit * (10 + 25*rng.Float64()))
	back, ink := color.RGBA{242, 242, 244, 255}, color.RGBA{30, 30, 34, 255}
	switch s.Style {
	case "viewer":
		side = 0
		back, ink = color.RGBA{0, 0, 0, 255}, color.RGBA{235, 235, 235, 255}
	case "chat":
		side = int(unit * (6 + 10*rng.Float64()))
		back = color.RGBA{237, 237, 237, 255}
	}
	out := image.NewRGBA(image.Rect(0, 0, w+2*side, h+top+bottom))
	draw.Draw(out, out.Rect, image.NewUniform(back), image.Point{}, draw.Src)
	if err := statusBar(out, unit, ink, rng); err != nil {
		return nil, imaging.Affine{}, fmt.Errorf("draw the status bar: %w", err)
	}
	place := image.Rect(side, top, side+w, top+h)
	if s.Style == "card" {
		card := place.Inset(-side / 2)
		fillRounded(out, card, unit*3, color.RGBA{255, 255, 255, 255})
	}
	draw.Draw(out, place, img, image.Point{}, draw.Src)
	if s.Style != "viewer" {
		roundCorners(out, place, unit*2.5, back)
	}
	if err := caption(out, place, unit, ink, rng); err != nil {
		return nil, imaging.Affine{}, fmt.Errorf("draw the caption: %w", err)
	}
	return out, imaging.Affine{A: 1, E: 1, C: -float64(side), F: -float64(top)}, nil
}

// statusBar draws the time, signal bars and a battery along the top.
func statusBar(img *image.RGBA, unit float64, ink color.RGBA, rng *rand.Rand) error {
	face, err := regular(unit * 3.4)
	if err != nil {
		return err
	}
	defer face.Close()
	w := float64(img.Rect.Dx())
	write(img, face, fmt.Sprintf("%d:%02d", 7+rng.IntN(16), rng.IntN(60)), int(unit*5), int(unit*5.4), ink)
	box := func(x, y, bw, bh float64) {
		r := image.Rect(int(x), int(y), int(x+bw), int(y+bh))
		draw.Draw(img, r, image.NewUniform(ink), image.Point{}, draw.Src)
	}
	for i := range 4 {
		tall := unit * (0.8 + 0.6*float64(i))
		box(w-unit*18+unit*1.1*float64(i), unit*5.2-tall, unit*0.8, tall)
	}
	box(w-unit*11, unit*2.6, unit*(2+3*rng.Float64()), unit*2.6)
	box(w-unit*5.6, unit*3.3, unit*0.5, unit*1.2)
	return nil
}

// caption writes a line or two under the picture.
func caption(img *image.RGBA, place image.Rectangle, unit float64, ink color.RGBA, rng *rand.Rand) error {
	face, err := regular(unit * 3.6)
	if err != nil {
		return err
	}
	defer face.Close()
	lines := []string{"This is how it arrived today.", "Photo 1 of 3", "Seller does not answer!", "Like   Comment   Share", "Yesterday 18:04"}
	y := place.Max.Y + int(unit*6)
	for range 1 + rng.IntN(2) {
		write(img, face, lines[rng.IntN(len(lines))], place.Min.X+int(unit*3), y, ink)
		y += int(unit * 5)
	}
	return nil
}

// fillRounded fills a rectangle with rounded corners of radius r.
func fillRounded(img *image.RGBA, box image.Rectangle, r float64, c color.RGBA) {
	paint(img, float64(box.Min.X), float64(box.Min.Y), float64(box.Max.X), float64(box.Max.Y), func(x, y float64) (color.RGBA, float64) {
		return c, insideRounded(box, r, x, y)
	})
}

// roundCorners gives what lies outside the rounded box, within the box, the
// background's colour.
func roundCorners(img *image.RGBA, box image.Rectangle, r float64, back color.RGBA) {
	paint(img, float64(box.Min.X), float64(box.Min.Y), float64(box.Max.X), float64(box.Max.Y), func(x, y float64) (color.RGBA, float64) {
		if !image.Pt(int(x), int(y)).In(box) {
			return back, -1
		}
		return back, -insideRounded(box, r, x, y)
	})
}

// insideRounded is how far inside the rounded box the point is, in pixels,
// near its edge; well inside it is only sure to be positive.
func insideRounded(box image.Rectangle, r, x, y float64) float64 {
	dx := max(float64(box.Min.X)+r-x, x-float64(box.Max.X)+r, 0)
	dy := max(float64(box.Min.Y)+r-y, y-float64(box.Max.Y)+r, 0)
	if dx == 0 || dy == 0 {
		return min(x-float64(box.Min.X), float64(box.Max.X)-x, y-float64(box.Min.Y), float64(box.Max.Y)-y)
	}
	return r - math.Hypot(dx, dy)
}
