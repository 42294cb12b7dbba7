package samples

import (
	"context"
	"fmt"
	"image"
	"math"
)

// PrintShot is a hand-held photo of a flat picture, with the true pose.
type PrintShot struct {
	Image *image.RGBA
	// TiltX and TiltY are the angles in degrees between the lens axis and the
	// print's normal, about its upright and its level axis; Roll is the turn
	// about the lens axis.
	TiltX, TiltY, Roll float64
	// Fill is the share of the frame the print spans, by its tighter side.
	Fill float64
	// Medium is what carried the picture: "paper", "gloss" or "screen".
	Medium string
	// Corners are the print's in the photo, in pixels: upper left, upper right,
	// lower right, lower left.
	Corners [4][2]float64
}

// PrintCare is how well a print is photographed.
type PrintCare struct {
	// Long is the longer side of the photo in pixels; 1280 where it is 0.
	Long int
	// Even is a buyer who takes pains: light that does not fall off and does not
	// glare, at most 1.5 degrees off square, the print filling most of the frame.
	Even bool
}

// medium is how a flat thing meets light.
type medium struct {
	name         string
	black, white float64 // reflectance range of the ink
	gloss        float64 // strength of the glare
	grain        float64 // paper's mottle
	curl         float64 // bow of the sheet, as a share of its size
	long         float64 // long side, cm
}

// media is a table of constants. Black and white points are those of common
// prints (ISO 12647-2 gives paper white L* 89 to 95 and black L* 16 to 20).
var media = [...]medium{
	{name: "paper", black: 0.03, white: 0.80, gloss: 0.03, grain: 0.05, curl: 0.012, long: 29},
	{name: "gloss", black: 0.012, white: 0.84, gloss: 0.22, grain: 0.02, curl: 0.002, long: 24},
	{name: "screen", black: 0.006, white: 0.98, gloss: 0.10, long: 15},
}

// PhotographPrint prints any picture (a listing photo as a poster, a cover, a
// box's face, or on a phone's screen), lays it on a table and photographs it
// by hand. The pose is drawn so that one in five is careful (0.5 to 3 degrees
// off square) and the rest lie 3 to 15 degrees off; the print spans 50 to
// 110 % of the frame. The photo is 1280 pixels on its longer side.
func PhotographPrint(ctx context.Context, print image.Image, seed uint64) (*PrintShot, error) {
	return PhotographPrintWith(ctx, print, seed, PrintCare{})
}

// PhotographPrintWith is PhotographPrint with more care.
func PhotographPrintWith(ctx context.Context, print image.Image, seed uint64, care PrintCare) (*PrintShot, error) {
	long := care.Long
	if long == 0 {
		long = 1280
	}
	b := print.Bounds()
	if b.Empty() {
		return nil, fmt.Errorf("photograph a print: the picture is empty")
	}
	r := random(seed, "print")
	m := media[r.IntN(len(media))]
	out := &PrintShot{Medium: m.name, Roll: r.NormFloat64() * 2.5, Fill: between(r, 0.5, 1.1)}
	tilt := between(r, 3, 15)
	if r.IntN(5) == 0 {
		tilt = between(r, 0.5, 3)
	}
	if care.Even {
		tilt, out.Fill = between(r, 0.2, 1.5), between(r, 0.8, 0.97)
	}
	sn, cs := math.Sincos(r.Float64() * 2 * math.Pi)
	out.TiltX, out.TiltY = tilt*cs, tilt*sn
	w, h := long, long*3/4
	if b.Dy() > b.Dx() {
		w, h = h, w
	}
	sheet := newSheet(print, m, seed)
	if care.Even {
		sheet.slopeX, sheet.slopeY, sheet.gloss = 0, 0, 0
	}
	cam := sheet.pose(out, w, h, between(r, 25, 29), spread(r, 0.06), spread(r, 0.06))
	for i, side := range [4]vec{{-1, 1, 0}, {1, 1, 0}, {1, -1, 0}, {-1, -1, 0}} {
		out.Corners[i][0], out.Corners[i][1], _ = cam.project(vec{side.x * sheet.w / 2, side.y * sheet.h / 2, 0})
	}
	f := newFrame(w, h)
	err := eachRow(ctx, h, func(y int) {
		for x := range w {
			c := sheet.see(cam.eye, cam.ray(float64(x)+0.5, float64(y)+0.5), cam.scale)
			i := 3 * (y*w + x)
			f.rgb[i], f.rgb[i+1], f.rgb[i+2] = float32(c.x), float32(c.y), float32(c.z)
		}
	})
	if err != nil {
		return nil, err
	}
	e := exposure{
		seed: r.Uint64(), stops: spread(r, 0.3), balance: spread(r, 0.4), gain: between(r, 1.5, 6),
		blur: between(r, 0.5, 0.95), shakeX: r.NormFloat64() * 0.4, shakeY: r.NormFloat64() * 0.4,
		vignette: 0.25, fringe: 0.0003, sharpen: 0.7,
	}
	if out.Image, err = expose(ctx, f, e); err != nil {
		return nil, fmt.Errorf("photograph a print: %w", err)
	}
	return out, nil
}

// sheet is a print in the plane z = 0, centred, on a table just under it.
type sheet struct {
	medium
	ink        *decal
	w, h       float64 // cm
	px         float64 // picture pixels per cm
	bow        vec     // direction of the bow, and its phase
	slopeX     float64 // light's gradient, per half side
	slopeY     float64
	lamp       vec // where the glare's lamp hangs, cm
	lampSize   float64
	warm       vec
	table      func(p vec, foot float64) surface
	seed       uint32
	bezel      float64
	shadowLean vec
}

func newSheet(print image.Image, m medium, seed uint64) *sheet {
	r := random(seed, "sheet")
	b := print.Bounds()
	long := m.long * between(r, 0.8, 1.25)
	k := long / float64(max(b.Dx(), b.Dy()))
	s := &sheet{medium: m, ink: newDecal(print), w: float64(b.Dx()) * k, h: float64(b.Dy()) * k, px: 1 / k, seed: r.Uint32()}
	s.curl *= between(r, 0, 1)
	s.slopeX, s.slopeY = spread(r, 0.22), spread(r, 0.22)
	angle := r.Float64() * 2 * math.Pi
	s.bow = vec{math.Cos(angle), math.Sin(angle), r.Float64() * 2}
	s.lamp = vec{spread(r, 1.1) * long, spread(r, 1.1) * long, long * between(r, 1.5, 3)}
	s.lampSize = between(r, 0.05, 0.16)
	s.gloss *= between(r, 0.2, 1)
	s.warm = warmth(spread(r, 0.35))
	s.shadowLean = vec{-s.slopeX * 4, -s.slopeY * 4, 0}
	if m.name == "screen" {
		s.bezel = between(r, 0.2, 0.5)
	}
	tone := srgb([]uint32{0xa9713f, 0xc59a63, 0x5a4a3d, 0xd3c7b2, 0x6f7a80}[r.IntN(5)])
	spin, figure := turnBy(spread(r, 40)), r.Uint32()
	if r.IntN(3) > 0 {
		s.table = func(p vec, foot float64) surface { return wood(spin.apply(p), foot, tone, figure) }
	} else {
		s.table = func(p vec, foot float64) surface { return cloth(spin.apply(p), foot, tone, tone.mul(0.6), figure) }
	}
	return s
}

// pose holds a camera over the sheet.
func (s *sheet) pose(p *PrintShot, w, h int, focal, offX, offY float64) camera {
	scale := 43.27 / focal / hypot(float64(w), float64(h))
	// The tighter side decides how far away the camera must be.
	span := max(s.w/float64(w), s.h/float64(h))
	distance := span / scale / p.Fill
	ax, ay := p.TiltX*math.Pi/180, p.TiltY*math.Pi/180
	back := vec{math.Tan(ax), math.Tan(ay), 1}.unit()
	ahead := back.mul(-1)
	right := ahead.cross(vec{0, 1, 0}).unit()
	up := right.cross(ahead)
	sr, cr := math.Sincos(p.Roll * math.Pi / 180)
	eye := back.mul(distance).add(vec{offX * s.w, offY * s.h, 0})
	return camera{
		eye: eye, right: right.mul(cr).along(up, sr), up: up.mul(cr).along(right, -sr), ahead: ahead,
		scale: scale, w: float64(w), h: float64(h), k1: -0.01,
	}
}

// see is the light a ray brings back from the sheet or the table.
func (s *sheet) see(eye, d vec, pixel float64) vec {
	if d.z > -0.05 {
		return vec{0.3, 0.3, 0.3}
	}
	t := -eye.z / d.z
	p := eye.along(d, t)
	if s.curl > 0 { // one step of refinement is enough for a shallow bow
		t = (s.height(p) - eye.z) / d.z
		p = eye.along(d, t)
	}
	foot := t * pixel / -d.z
	u, v := p.x/s.w+0.5, 0.5-p.y/s.h
	light := s.warm.mul(max(1+s.slopeX*p.x/s.w*2+s.slopeY*p.y/s.h*2, 0.15) * 0.98)
	out := max(math.Abs(p.x)-s.w/2, math.Abs(p.y)-s.h/2)
	if out > s.bezel {
		return s.around(p, foot, light)
	}
	glare := s.glare(p, d)
	if out > 0 {
		return light.mul(0.02).add(glare)
	}
	edge := step01(0, foot, -out)
	c := s.ink.at(u, v, foot/s.w*0.75)
	c = vec{s.black, s.black, s.black}.add(c.mul(s.white - s.black))
	if s.name == "screen" {
		c = s.glow(c, u, v, foot)
	} else {
		g := s.grain
		c = c.mul(1 + g*cloud2(p.x*14, p.y*14, foot*14, 3, s.seed) + g*0.5*noise2(p.x*1.5, p.y*1.5, s.seed+1))
		c = s.rosette(c, p, foot).times(light)
	}
	if edge < 1 {
		c = blend(s.around(p, foot, light), c, edge)
	}
	return c.add(glare)
}

func (s *sheet) height(p vec) float64 {
	a := (p.x*s.bow.x+p.y*s.bow.y)/max(s.w, s.h)*math.Pi + s.bow.z
	return s.curl * max(s.w, s.h) * (0.5 + 0.5*math.Sin(a))
}

// around is the table, with the sheet's soft shadow along its edge.
func (s *sheet) around(p vec, foot float64, light vec) vec {
	q := p.sub(s.shadowLean.mul(0.25))
	x, y := max(math.Abs(q.x)-s.w/2, 0), max(math.Abs(q.y)-s.h/2, 0)
	shade := 0.55 + 0.45*step01(0, 0.8, hypot(x, y))
	m := s.table(vec{p.x, 0, p.y}, foot)
	return m.albedo.times(light).mul(shade * (0.8 + 0.2*m.normal.x*4))
}

// glare is the lamp mirrored in the sheet, spread by its surface.
func (s *sheet) glare(p, d vec) vec {
	n := vec{0, 0, 1}
	if s.curl > 0 {
		a := (p.x*s.bow.x+p.y*s.bow.y)/max(s.w, s.h)*math.Pi + s.bow.z
		k := -s.curl * math.Pi * 0.5 * math.Cos(a)
		n = vec{k * s.bow.x, k * s.bow.y, 1}.unit()
	}
	r := d.reflect(n)
	l := s.lamp.sub(p).unit()
	off := (1 - r.dot(l)) / (s.lampSize * s.lampSize)
	return s.warm.mul(s.gloss * (1.6*math.Exp(-off) + 0.5/(1+off) + 0.05))
}

// glow is an emissive screen of square pixels, each three strips; seen from a
// distance the grid beats with the sensor's.
func (s *sheet) glow(c vec, u, v, foot float64) vec {
	pitch := s.w / 1080
	amp := 0.10 * (1 - step01(0.8, 2.6, foot/pitch))
	if s.h > s.w {
		pitch = s.h / 1920
	}
	x, y := u*s.w/pitch, v*s.h/pitch
	row := 1 + amp*math.Cos(2*math.Pi*y)
	return vec{
		c.x * (1 + amp*math.Cos(2*math.Pi*x)), c.y * (1 + amp*math.Cos(2*math.Pi*(x-1.0/3))),
		c.z * (1 + amp*math.Cos(2*math.Pi*(x-2.0/3))),
	}.mul(row * 0.95)
}

// rosette is the halftone: four-colour screens of about 60 lines a cm at their
// usual angles, visible only from very near.
func (s *sheet) rosette(c, p vec, foot float64) vec {
	amp := 0.16 * (1 - step01(0.3, 1.3, foot*60))
	if amp <= 0 {
		return c
	}
	dot := func(angle float64) float64 {
		sn, cs := math.Sincos(angle * math.Pi / 180)
		return math.Cos(2*math.Pi*60*(p.x*cs+p.y*sn)) * math.Cos(2*math.Pi*60*(p.y*cs-p.x*sn))
	}
	mid := func(v float64) float64 { return 4 * v * max(1-v, 0) }
	return vec{c.x * (1 + amp*mid(c.x)*dot(15)), c.y * (1 + amp*mid(c.y)*dot(75)), c.z * (1 + amp*mid(c.z)*dot(0))}
}
