package forge

import (
	"image"
	"math"
	"math/rand/v2"
)

// point is a place on a line, with the line's half-width there, in pixels.
type point struct{ x, y, r float64 }

// walk draws a line of small straight steps that keeps to a heading while it
// wanders; its width tapers to nothing at the end.
func walk(rng *rand.Rand, from point, heading, length, step, wander float64) []point {
	n := max(2, int(length/step))
	pts := make([]point, 0, n+1)
	x, y, dir := from.x, from.y, heading
	for i := range n + 1 {
		t := float64(i) / float64(n)
		pts = append(pts, point{x, y, from.r * (1 - 0.85*t) * (0.75 + 0.5*rng.Float64())})
		dir += wander * rng.NormFloat64()
		dir += 0.25 * (heading - dir) // pulled back, or it would curl up
		x += step * math.Cos(dir)
		y += step * math.Sin(dir)
	}
	return pts
}

// stroke calls paint for each pixel within reach (half-width plus pad, in
// pixels) of the line, with its distance from the line in pixels, the side it
// lies on (the sign of side: which side of the direction of travel), and the
// half-width there. A pixel near two steps is painted once, by the nearer.
func stroke(l *layer, pts []point, pad float64, paint func(x, y int, dist, side, r float64)) {
	box := boundsOf(pts, pad).Intersect(image.Rect(0, 0, l.w, l.h))
	if box.Empty() {
		return
	}
	type hit struct{ d, side, r float32 }
	near := make([]hit, box.Dx()*box.Dy()) // d is one more than the distance; 0 is none
	for i := 1; i < len(pts); i++ {
		a, b := pts[i-1], pts[i]
		reach := max(a.r, b.r) + pad
		step := boundsOf(pts[i-1:i+1], pad).Intersect(box)
		for y := step.Min.Y; y < step.Max.Y; y++ {
			for x := step.Min.X; x < step.Max.X; x++ {
				d, side, t := toSegment(float64(x)+0.5, float64(y)+0.5, a, b)
				if d > reach {
					continue
				}
				h := &near[(y-box.Min.Y)*box.Dx()+x-box.Min.X]
				if h.d == 0 || float32(d)+1 < h.d {
					*h = hit{float32(d) + 1, float32(side), float32(a.r + t*(b.r-a.r))}
				}
			}
		}
	}
	for i, h := range near {
		if h.d > 0 {
			paint(box.Min.X+i%box.Dx(), box.Min.Y+i/box.Dx(), float64(h.d)-1, float64(h.side), float64(h.r))
		}
	}
}

// boundsOf is the pixels that a line with its pad can touch.
func boundsOf(pts []point, pad float64) image.Rectangle {
	lo, hi := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	for _, p := range pts {
		lo[0], lo[1] = min(lo[0], p.x-p.r-pad), min(lo[1], p.y-p.r-pad)
		hi[0], hi[1] = max(hi[0], p.x+p.r+pad), max(hi[1], p.y+p.r+pad)
	}
	return image.Rect(int(math.Floor(lo[0])), int(math.Floor(lo[1])), int(math.Ceil(hi[0]))+1, int(math.Ceil(hi[1]))+1)
}

// toSegment returns the distance from (x, y) to the segment ab, the signed
// side, and where along it the nearest point lies (0 at a, 1 at b).
func toSegment(x, y float64, a, b point) (d, side, t float64) {
	dx, dy := b.x-a.x, b.y-a.y
	l2 := dx*dx + dy*dy
	if l2 > 0 {
		t = clamp(((x-a.x)*dx+(y-a.y)*dy)/l2, 0, 1)
	}
	px, py := x-(a.x+t*dx), y-(a.y+t*dy)
	return math.Hypot(px, py), math.Copysign(1, dx*py-dy*px), t
}

// drawCrack paints a main fracture with branches, each a dark line, a lit lip
// on the side towards the light, and a soft shade about it.
func drawCrack(l *layer, p placement) {
	rng := p.rng()
	length := p.size * p.unit
	width := max(0.9, p.unit*(0.0016+0.0016*rng.Float64()))
	step := max(2.5, p.unit*0.012)
	start := point{p.x - length/2*math.Cos(p.angle), p.y - length/2*math.Sin(p.angle), width}
	trunk := walk(rng, start, p.angle, length, step, 0.32)
	lines := [][]point{trunk}
	for range 4 + rng.IntN(5) {
		from := trunk[rng.IntN(max(1, len(trunk)*4/5))]
		turn := (0.35 + 0.7*rng.Float64()) * sign(rng)
		branch := walk(rng, point{from.x, from.y, from.r * 0.75}, p.angle+turn, length*(0.2+0.4*rng.Float64()), step, 0.35)
		lines = append(lines, branch)
		for range rng.IntN(3) {
			from := branch[rng.IntN(len(branch))]
			lines = append(lines, walk(rng, point{from.x, from.y, from.r * 0.7}, p.angle+turn+0.8*sign(rng), length*(0.08+0.15*rng.Float64()), step, 0.4))
		}
	}
	lit := sign(rng)
	dark := 0.12 + 0.25*rng.Float64()
	halo := 3.2 * width
	l.grain = 2.5
	for _, line := range lines {
		stroke(l, line, halo, func(x, y int, d, side, r float64) {
			shade := 0.32 * (1 - smoothstep(r, r+halo, d))
			l.put(x, y, shade, grey(0.62), grey(0))
			if side == lit {
				lip := 0.45 * smoothstep(r*0.7, r+0.8, d) * (1 - smoothstep(r+0.8, r+1.6*width+1, d))
				l.put(x, y, lip, grey(0.8), grey(62))
			}
			core := 1 - smoothstep(r-0.6, r+0.7, d)
			l.put(x, y, core*0.95, grey(float32(dark)), grey(4))
		})
	}
}

// drawScratch paints bundles of thin straight scores, each a light line with a
// dark one beside it.
func drawScratch(l *layer, p placement) {
	rng := p.rng()
	length := p.size * p.unit
	width := max(0.7, p.unit*0.0011)
	l.grain = 2
	for range 9 + rng.IntN(8) {
		dir := p.angle + 0.12*rng.NormFloat64()
		off := 0.16 * length * rng.NormFloat64()
		along := 0.2 * length * rng.NormFloat64()
		own := length * (0.4 + 0.6*rng.Float64())
		cx := p.x + along*math.Cos(p.angle) - off*math.Sin(p.angle)
		cy := p.y + along*math.Sin(p.angle) + off*math.Cos(p.angle)
		start := point{cx - own/2*math.Cos(dir), cy - own/2*math.Sin(dir), width * (0.7 + 0.9*rng.Float64())}
		line := walk(rng, start, dir, own, max(4, own/14), 0.03)
		strength := 0.45 + 0.5*rng.Float64()
		stroke(l, line, 2.2*width+1.2, func(x, y int, d, side, r float64) {
			if side > 0 {
				l.put(x, y, 0.5*strength*(1-smoothstep(r, r+2.2*width+1, d)), grey(0.55), grey(0))
			}
			l.put(x, y, strength*(1-smoothstep(r-0.5, r+0.9, d)), grey(0.5), grey(108))
		})
	}
}

func sign(rng *rand.Rand) float64 {
	if rng.IntN(2) == 0 {
		return -1
	}
	return 1
}

func grey(v float32) [3]float32 { return [3]float32{v, v, v} }
