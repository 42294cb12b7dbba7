package forge

import (
	"math"
	"math/rand/v2"
)

// blob is a ragged disc: radius varies with direction and along its edge.
type blob struct {
	x, y, r, flat, angle float64
	edge                 noiseField
	rough                float64
}

func newBlob(rng *rand.Rand, x, y, r, rough float64) blob {
	return blob{
		x: x, y: y, r: r, flat: 0.65 + 0.35*rng.Float64(), angle: rng.Float64() * math.Pi,
		edge: noiseField{seed: rng.Uint64(), cell: max(3, r*0.7)}, rough: rough,
	}
}

// depth is 1 in the middle, 0 on the ragged edge, negative outside.
func (b blob) depth(x, y float64) float64 {
	dx, dy := x-b.x, y-b.y
	c, s := math.Cos(b.angle), math.Sin(b.angle)
	u, v := dx*c+dy*s, (dy*c-dx*s)/b.flat
	return 1 - math.Hypot(u, v)/b.r + b.rough*b.edge.fractal(x, y, 5)
}

// fill visits the pixels that the blob may touch.
func (b blob) fill(l *layer, visit func(x, y int, depth float64)) {
	reach := b.r * (1.15 + 1.5*b.rough)
	for y := max(0, int(b.y-reach)); y <= min(l.h-1, int(b.y+reach)); y++ {
		for x := max(0, int(b.x-reach)); x <= min(l.w-1, int(b.x+reach)); x++ {
			visit(x, y, b.depth(float64(x)+0.5, float64(y)+0.5))
		}
	}
}

// drawMould paints a cluster of fuzzy colonies that keep some of the light of
// the surface they grow on.
func drawMould(l *layer, p placement) {
	rng := p.rng()
	tints := [][3]float32{{96, 112, 84}, {138, 146, 132}, {62, 70, 58}, {176, 178, 170}, {88, 102, 104}}
	tint := tints[rng.IntN(len(tints))]
	spread := p.size * p.unit
	fuzz := noiseField{seed: rng.Uint64(), cell: max(2, p.unit*0.006)}
	l.grain = 5
	for k := range 5 + rng.IntN(7) {
		r := spread * (0.14 + 0.22*rng.Float64())
		away := spread * 0.45 * math.Abs(rng.NormFloat64())
		if k == 0 {
			r, away = spread*0.42, 0
		}
		dir := rng.Float64() * 2 * math.Pi
		b := newBlob(rng, p.x+away*math.Cos(dir), p.y+away*math.Sin(dir), r, 0.34)
		own := tint
		for c := range 3 {
			own[c] += float32(8 * rng.NormFloat64())
		}
		b.fill(l, func(x, y int, d float64) {
			hair := fuzz.fractal(float64(x), float64(y), 3)
			o := 0.86 * smoothstep(-0.06, 0.4, d+0.22*hair)
			add := own
			for c := range 3 {
				add[c] = add[c]*0.68 + float32(26*hair)
			}
			l.put(x, y, o, grey(0.3), add)
		})
	}
}

// drawStain paints a dried spill: it multiplies what is below, most at its rim.
func drawStain(l *layer, p placement) {
	rng := p.rng()
	tints := [][3]float32{{0.68, 0.50, 0.30}, {0.58, 0.56, 0.48}, {0.74, 0.62, 0.36}, {0.62, 0.36, 0.34}, {0.45, 0.42, 0.42}}
	tint := tints[rng.IntN(len(tints))]
	cloud := noiseField{seed: rng.Uint64(), cell: p.size * p.unit * 0.5}
	l.grain = 1.5
	spots := []blob{newBlob(rng, p.x, p.y, p.size*p.unit*0.6, 0.22)}
	for range rng.IntN(5) { // splashes
		dir, away := rng.Float64()*2*math.Pi, p.size*p.unit*(0.6+0.4*rng.Float64())
		spots = append(spots, newBlob(rng, p.x+away*math.Cos(dir), p.y+away*math.Sin(dir), p.size*p.unit*(0.05+0.1*rng.Float64()), 0.2))
	}
	for _, b := range spots {
		b.fill(l, func(x, y int, d float64) {
			body := smoothstep(-0.015, 0.03, d)
			rim := body * (1 - smoothstep(0.02, 0.16, d))
			o := body*(0.62+0.2*cloud.fractal(float64(x), float64(y), 4)) + 0.34*rim
			l.put(x, y, o, tint, grey(0))
		})
	}
}

// drawHole paints a place where material is gone: dark, deeper on the side of
// the light, with a lit broken rim.
func drawHole(l *layer, p placement) {
	rng := p.rng()
	b := newBlob(rng, p.x, p.y, p.size*p.unit*0.6, 0.2)
	inside := noiseField{seed: rng.Uint64(), cell: max(4, b.r*0.5)}
	warm := float32(6 * rng.Float64())
	lx, ly := math.Cos(p.angle), math.Sin(p.angle)
	l.grain = 3
	b.fill(l, func(x, y int, d float64) {
		fx, fy := float64(x)+0.5, float64(y)+0.5
		away := ((fx-b.x)*lx + (fy-b.y)*ly) / b.r
		shade := 0.3 * smoothstep(-0.12, 0, d)
		l.put(x, y, shade, grey(0.55), grey(0))
		rim := smoothstep(-0.05, -0.01, d) * (1 - smoothstep(0.01, 0.06, d))
		l.put(x, y, 0.7*rim*(0.5+0.5*clamp(away, -1, 1)), grey(0.7), grey(70))
		deep := smoothstep(0, 0.07, d)
		base := float32(22 + 16*away + 14*inside.fractal(fx, fy, 4))
		l.put(x, y, 0.96*deep, grey(0.07), [3]float32{base + warm, base + warm/2, base})
	})
}

// drawTear paints a ragged slit, wide in the middle, with a pale torn edge on
// one side and its shadow on the other.
func drawTear(l *layer, p placement) {
	rng := p.rng()
	length := p.size * p.unit * 2.2
	step := max(2, p.unit*0.01)
	start := point{p.x - length/2*math.Cos(p.angle), p.y - length/2*math.Sin(p.angle), 1}
	line := walk(rng, start, p.angle, length, step, 0.28)
	open := length * (0.06 + 0.06*rng.Float64())
	for i := range line {
		t := float64(i) / float64(len(line)-1)
		line[i].r = 0.6 + open*math.Pow(math.Sin(math.Pi*t), 0.8)*(0.8+0.4*rng.Float64())
	}
	fibre := noiseField{seed: rng.Uint64(), cell: max(2, p.unit*0.004)}
	ragged := noiseField{seed: rng.Uint64(), cell: max(3, p.unit*0.012)}
	lit := sign(rng)
	band := max(1.5, 0.3*open)
	l.grain = 4
	stroke(l, line, 2*band+2, func(x, y int, d, side, r float64) {
		fx, fy := float64(x), float64(y)
		d += 0.5 * band * ragged.fractal(fx, fy, 4)
		l.put(x, y, 0.3*(1-smoothstep(r, r+2*band, d)), grey(0.6), grey(0))
		if side == lit {
			paper := smoothstep(r-0.8*band, r-0.2*band, d) * (1 - smoothstep(r+0.6*band, r+band, d))
			pale := float32(150 + 40*fibre.fractal(fx, fy, 3))
			l.put(x, y, 0.9*paper, grey(0.28), [3]float32{pale, pale * 0.97, pale * 0.9})
		}
		slit := 1 - smoothstep(r-0.9*band, r-0.4*band, d)
		l.put(x, y, 0.94*slit, grey(0.12), grey(float32(16+9*fibre.fractal(fx, fy, 2))))
	})
}
