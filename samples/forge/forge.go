// Package forge does to a picture what somebody with an editor or an AI tool
// does to a listing photo: paints damage on it, swaps what is behind the
// subject, or has the whole of it drawn again. It makes test material with a
// known truth, so each edit also says which pixels it changed. It is not a
// generator: the edits copy the effect of such tools (soft edges, own grain,
// light kept from below), not their machinery.
//
// Everything is a function of its inputs and the random source passed in.
package forge

import (
	"fmt"
	"image"
	"image/draw"
	"math"
	"math/rand/v2"
)

// Kind names one sort of painted damage.
type Kind string

// The sorts of damage that Paint knows.
const (
	Crack   Kind = "crack"   // branching fracture lines with a lit lip
	Mould   Kind = "mould"   // fuzzy grown-over blotches
	Stain   Kind = "stain"   // a dried spill, darker at its rim
	Hole    Kind = "hole"    // material gone, dark inside
	Tear    Kind = "tear"    // a ragged slit showing pale fibre
	Scratch Kind = "scratch" // bundles of thin, nearly parallel scores
)

// Kinds returns every kind, in a fixed order.
func Kinds() []Kind { return []Kind{Crack, Mould, Stain, Hole, Tear, Scratch} }

// Painted areas stay between these shares of the whole picture.
const (
	minArea = 0.01
	maxArea = 0.15
)

// visible is the opacity from which a pixel counts as altered: below it the
// paint moves a pixel by less than recompression does.
const visible = 0.08

// Paint returns a copy of img with one piece of damage of the given kind, and
// the mask of the pixels it altered (255 altered, 0 not; same bounds as the
// copy, which start at the origin). The damage covers 1 to 15 % of the picture
// and lies near its middle, where the subject is. An unknown kind paints a
// stain.
func Paint(img *image.RGBA, kind Kind, rng *rand.Rand) (out *image.RGBA, mask *image.Alpha) {
	out = clone(img)
	w, h := out.Rect.Dx(), out.Rect.Dy()
	if w < 8 || h < 8 {
		return out, image.NewAlpha(out.Rect)
	}
	// Log-uniform: forgers paint small damage more often than large.
	target := minArea * 1.3 * math.Pow(maxArea*0.8/(minArea*1.3), rng.Float64())
	if kind == Crack || kind == Scratch {
		target = minArea * 1.2 * math.Pow(4, rng.Float64()) // lines never cover much
	}
	place := placement{
		x:     float64(w) * clamp(0.5+0.11*rng.NormFloat64(), 0.28, 0.72),
		y:     float64(h) * clamp(0.5+0.11*rng.NormFloat64(), 0.28, 0.72),
		angle: rng.Float64() * 2 * math.Pi,
		unit:  math.Sqrt(float64(w) * float64(h)),
		seed:  rng.Uint64(),
	}
	layer := fitArea(w, h, kind, place, target)
	blend(out, layer, place, rng)
	return out, layer.mask()
}

// placement is where and how a piece of damage lies.
type placement struct {
	x, y  float64 // centre, pixels
	angle float64 // main direction, radians
	unit  float64 // square root of the picture's area, pixels
	size  float64 // extent as a share of unit
	seed  uint64  // shape: the same at every size
}

func (p placement) rng() *rand.Rand { return rand.New(rand.NewPCG(p.seed, 0x6576656e)) }

// fitArea draws the shape at growing or shrinking sizes until its area is near
// the target share of the picture.
func fitArea(w, h int, kind Kind, p placement, target float64) *layer {
	p.size = math.Sqrt(target)
	if kind == Crack || kind == Scratch {
		p.size = 0.5
	}
	best, spare := newLayer(w, h), newLayer(w, h)
	bestMiss := math.Inf(1)
	for range 7 {
		clear(spare.opacity) // what lies under no opacity does not count
		drawKind(spare, kind, p)
		area := spare.area()
		// A miss beyond the allowed shares is never kept over one within them.
		miss := math.Abs(math.Log((area + 1e-6) / target))
		if area < minArea || area > maxArea {
			miss += 10
		}
		if miss < bestMiss {
			best, spare, bestMiss = spare, best, miss
		}
		if miss < 0.15 {
			break
		}
		step := math.Pow(target/(area+1e-6), 0.5)
		p.size = clamp(p.size*clamp(step, 0.4, 2.5), 0.02, 1.4)
	}
	return best
}

func drawKind(l *layer, kind Kind, p placement) {
	switch kind {
	case Crack:
		drawCrack(l, p)
	case Mould:
		drawMould(l, p)
	case Hole:
		drawHole(l, p)
	case Tear:
		drawTear(l, p)
	case Scratch:
		drawScratch(l, p)
	default:
		drawStain(l, p)
	}
}

// layer is paint not yet on the picture. Each pixel mixes, by opacity, what is
// below with target = below*mul + add (in 0..255 values).
type layer struct {
	w, h    int
	opacity []float32
	mul     [][3]float32
	add     [][3]float32
	grain   float64 // own noise inside the paint, standard deviation in levels
}

func newLayer(w, h int) *layer {
	return &layer{w: w, h: h, opacity: make([]float32, w*h), mul: make([][3]float32, w*h), add: make([][3]float32, w*h), grain: 3}
}

// put lays paint at one pixel over what the layer already holds there.
func (l *layer) put(x, y int, opacity float64, mul, add [3]float32) {
	if opacity <= 0 || x < 0 || y < 0 || x >= l.w || y >= l.h {
		return
	}
	i, o := y*l.w+x, float32(min(opacity, 1))
	old := l.opacity[i]
	total := o + old*(1-o)
	for c := range 3 {
		// Straight-alpha "over" of two linear operators, first order.
		l.mul[i][c] = (mul[c]*o + l.mul[i][c]*old*(1-o)) / total
		l.add[i][c] = (add[c]*o + l.add[i][c]*old*(1-o)) / total
	}
	l.opacity[i] = total
}

// area is the share of pixels altered.
func (l *layer) area() float64 {
	n := 0
	for _, o := range l.opacity {
		if o >= visible {
			n++
		}
	}
	return float64(n) / float64(len(l.opacity))
}

func (l *layer) mask() *image.Alpha {
	m := image.NewAlpha(image.Rect(0, 0, l.w, l.h))
	for i, o := range l.opacity {
		if o >= visible {
			m.Pix[i] = 255
		}
	}
	return m
}

// blend puts the layer on the picture, with grain of its own: painted pixels
// do not carry the camera's noise.
func blend(img *image.RGBA, l *layer, p placement, rng *rand.Rand) {
	coarse := noiseField{seed: p.seed ^ 0x9e37, cell: 2.2}
	for y := range l.h {
		for x := range l.w {
			o := float64(l.opacity[y*l.w+x])
			if o <= 0 {
				continue
			}
			i := y*l.w + x
			n := l.grain * (0.6*rng.NormFloat64() + 1.6*coarse.at(float64(x), float64(y)))
			px := img.Pix[y*img.Stride+4*x:][:3:3]
			for c := range 3 {
				below := float64(px[c])
				painted := below*float64(l.mul[i][c]) + float64(l.add[i][c]) + n
				px[c] = level(below + o*(painted-below))
			}
		}
	}
}

// clone copies img so that it starts at the origin.
func clone(img *image.RGBA) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, img.Rect.Dx(), img.Rect.Dy()))
	draw.Draw(out, out.Rect, img, img.Rect.Min, draw.Src)
	return out
}

// level rounds to a sample value.
func level(v float64) uint8 { return uint8(clamp(v, 0, 255) + 0.5) }

func clamp(v, lo, hi float64) float64 { return max(lo, min(hi, v)) }

// smoothstep goes from 0 at a to 1 at b, with level ends.
func smoothstep(a, b, v float64) float64 {
	t := clamp((v-a)/(b-a), 0, 1)
	return t * t * (3 - 2*t)
}

// ParseKind reads a kind by name.
func ParseKind(name string) (Kind, error) {
	for _, k := range Kinds() {
		if string(k) == name {
			return k, nil
		}
	}
	return "", fmt.Errorf("unknown damage %q: want one of %v", name, Kinds())
}
