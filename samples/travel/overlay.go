package travel

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/evenhand/evenhand/imaging"
)

// Overlay draws things on top of the picture: Count of them, of the named sort
// ("sticker", "text" or "marker"). Seed settles what and where.
type Overlay struct {
	Sort  string
	Count int
	Seed  uint64
}

func (s Overlay) String() string { return fmt.Sprintf("%d x %s on top", s.Count, s.Sort) }

func (s Overlay) do(img *image.RGBA) (*image.RGBA, imaging.Affine, error) {
	rng := rand.New(rand.NewPCG(s.Seed, 0x0f4a))
	out := image.NewRGBA(img.Rect)
	copy(out.Pix, img.Pix)
	for range s.Count {
		var err error
		switch s.Sort {
		case "text":
			err = drawNote(out, rng)
		case "marker":
			drawMarker(out, rng)
		default:
			drawFace(out, rng)
		}
		if err != nil {
			return nil, imaging.Affine{}, fmt.Errorf("draw a note: %w", err)
		}
	}
	return out, imaging.ScaleBy(1, 1), nil
}

// notes are what people write across photos of what they complain about.
func notes() []string {
	return []string{
		"BROKEN!!", "look at this", "refund please", "came like this", "not as described",
		"2026-11-20 14:32", "see here", "WORST SHOP EVER", "order 88213", "@me_and_my_cat", "damaged on arrival",
	}
}

// drawNote writes a line of text, on a bar or bare with an outline.
func drawNote(img *image.RGBA, rng *rand.Rand) error {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	size := float64(min(w, h)) * (0.04 + 0.06*rng.Float64())
	face, err := typeface(gobold.TTF, size)
	if err != nil {
		return err
	}
	defer face.Close()
	text := notes()[rng.IntN(len(notes()))]
	inks := []color.RGBA{{255, 255, 255, 255}, {230, 30, 40, 255}, {255, 220, 0, 255}, {20, 20, 20, 255}}
	ink := inks[rng.IntN(len(inks))]
	wide := font.MeasureString(face, text).Ceil()
	x := rng.IntN(max(1, w-wide))
	y := int(size*1.2) + rng.IntN(max(1, h-int(size*1.6)))
	if rng.IntN(2) == 0 {
		bar := image.Rect(x-int(size*0.3), y-int(size), x+wide+int(size*0.3), y+int(size*0.35))
		draw.Draw(img, bar, image.NewUniform(color.RGBA{0, 0, 0, 150}), image.Point{}, draw.Over)
		if ink.R < 60 {
			ink = inks[0] // dark on the dark bar could not be read
		}
	} else {
		edge := color.RGBA{0, 0, 0, 255}
		if ink.R < 60 {
			edge = color.RGBA{255, 255, 255, 255}
		}
		o := max(1, int(size/18))
		for _, d := range []image.Point{{-o, 0}, {o, 0}, {0, -o}, {0, o}} {
			write(img, face, text, x+d.X, y+d.Y, edge)
		}
	}
	write(img, face, text, x, y, ink)
	return nil
}

// drawMarker circles something, as people do to point at damage.
func drawMarker(img *image.RGBA, rng *rand.Rand) {
	w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
	cx, cy := w*(0.3+0.4*rng.Float64()), h*(0.3+0.4*rng.Float64())
	rx, ry := w*(0.08+0.14*rng.Float64()), h*(0.08+0.14*rng.Float64())
	thick := max(1.5, min(w, h)*0.006)
	wobble, phase := 0.04+0.05*rng.Float64(), rng.Float64()*6
	paint(img, cx-rx*1.3, cy-ry*1.3, cx+rx*1.3, cy+ry*1.3, func(x, y float64) (color.RGBA, float64) {
		dx, dy := (x-cx)/rx, (y-cy)/ry
		r := math.Hypot(dx, dy) - wobble*math.Sin(2*math.Atan2(dy, dx)+phase) - 1
		return color.RGBA{225, 25, 35, 255}, thick/2 + 0.5 - math.Abs(r)*min(rx, ry)
	})
}

// drawFace draws a round cartoon face; it covers 0.5 to 4 % of the picture.
func drawFace(img *image.RGBA, rng *rand.Rand) {
	w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
	r := math.Sqrt(w*h*(0.005+0.035*rng.Float64())) / math.Sqrt(math.Pi)
	cx, cy := r+(w-2*r)*rng.Float64(), r+(h-2*r)*rng.Float64()
	skins := []color.RGBA{{255, 205, 60, 255}, {240, 90, 80, 255}, {120, 190, 255, 255}, {140, 210, 120, 255}}
	skin, dark := skins[rng.IntN(len(skins))], color.RGBA{70, 45, 20, 255}
	mood := 1.0
	if rng.IntN(2) == 0 {
		mood = -1
	}
	paint(img, cx-r, cy-r, cx+r, cy+r, func(x, y float64) (color.RGBA, float64) {
		c := skin
		shade := 1 - 0.22*math.Hypot(x-cx, y-cy-r*0.3)/r
		c.R, c.G, c.B = level(float64(c.R)*shade), level(float64(c.G)*shade), level(float64(c.B)*shade)
		eye := min(math.Hypot((x-cx)+r*0.35, (y-cy+r*0.22)*0.7), math.Hypot((x-cx)-r*0.35, (y-cy+r*0.22)*0.7)) < r*0.12
		bend := mood * (r*0.12 - (x-cx)*(x-cx)/(r*0.9))
		mouth := math.Abs(x-cx) < r*0.5 && math.Abs(y-cy-r*0.36-bend) < r*0.07
		if eye || mouth {
			c = dark
		}
		return c, r - math.Hypot(x-cx, y-cy)
	})
}

// paint fills a region; ink returns a colour and how far inside the shape the
// point is, in pixels (0.5 in is fully covered).
func paint(img *image.RGBA, x0, y0, x1, y1 float64, ink func(x, y float64) (color.RGBA, float64)) {
	area := image.Rect(int(x0)-1, int(y0)-1, int(x1)+2, int(y1)+2).Intersect(img.Rect)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			c, in := ink(float64(x)+0.5, float64(y)+0.5)
			cover := max(0, min(1, in+0.5))
			if cover == 0 {
				continue
			}
			p := img.Pix[y*img.Stride+4*x:][:3:3]
			for k, v := range [3]uint8{c.R, c.G, c.B} {
				p[k] = level(float64(p[k]) + cover*(float64(v)-float64(p[k])))
			}
		}
	}
}

// typeface opens one of the Go fonts at a size in pixels.
func typeface(ttf []byte, size float64) (font.Face, error) {
	f, err := opentype.Parse(ttf)
	if err != nil {
		return nil, fmt.Errorf("read the font: %w", err)
	}
	return opentype.NewFace(f, &opentype.FaceOptions{Size: max(4, size), DPI: 72})
}

// regular opens the plain Go font.
func regular(size float64) (font.Face, error) { return typeface(goregular.TTF, size) }

// write sets a line of text with its baseline at (x, y).
func write(img *image.RGBA, face font.Face, text string, x, y int, ink color.RGBA) {
	d := font.Drawer{Dst: img, Src: image.NewUniform(ink), Face: face, Dot: fixed.P(x, y)}
	d.DrawString(text)
}
