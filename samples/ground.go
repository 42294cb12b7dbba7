package samples

import (
	"context"
	"math"
)

// groundLight is a map of the light on the table round the things that stand
// on it: both shares vary slowly there, so they are worked out on a grid and
// read between its points.
type groundLight struct {
	x0, z0, step float64
	w, h         int
	lit, open    []float32
}

// groundCells is the most cells a side of the grid has; small pictures do with
// fewer.
const groundCells = 220

// lightGround fills the map: the key light's share from four points of the
// lamp, which smooths the penumbra, and the open sky's.
func (sc *scene) lightGround(ctx context.Context, width float64) error {
	g := &groundLight{x0: math.Inf(1), z0: math.Inf(1)}
	x1, z1 := math.Inf(-1), math.Inf(-1)
	l := &sc.lights
	lean := hypot(l.key.x, l.key.z) / max(l.key.y, 0.2)
	for i := range sc.things {
		t := &sc.things[i]
		r := hypot(max(-t.lo.x, t.hi.x), max(-t.lo.z, t.hi.z)) + 9
		reach := lean*t.hi.y + t.penumbra*l.softness*1.2
		dx, dz := -l.key.x*reach, -l.key.z*reach
		g.x0, x1 = min(g.x0, t.at.x-r+min(dx, 0)), max(x1, t.at.x+r+max(dx, 0))
		g.z0, z1 = min(g.z0, t.at.z-r+min(dz, 0)), max(z1, t.at.z+r+max(dz, 0))
	}
	if len(sc.things) == 0 {
		return nil
	}
	g.step = max(x1-g.x0, z1-g.z0) / clamp(width/5, 40, groundCells)
	g.w, g.h = int((x1-g.x0)/g.step)+2, int((z1-g.z0)/g.step)+2
	g.lit, g.open = make([]float32, g.w*g.h), make([]float32, g.w*g.h)
	right := vec{0, 1, 0}.cross(l.key).unit()
	up := l.key.cross(right)
	var lamp [4]vec
	for i, c := range edgeGrid {
		lamp[i] = l.key.along(right, (c[0]-0.5)*1.6*l.softness).along(up, (c[1]-0.5)*1.6*l.softness).unit()
	}
	err := eachRow(ctx, g.h, func(y int) {
		for x := range g.w {
			p := vec{g.x0 + float64(x)*g.step, 0, g.z0 + float64(y)*g.step}
			sum := 0.0
			for _, key := range lamp {
				sum += sc.shadow(p, vec{0, 1, 0}, key, 0.55*l.softness)
			}
			g.lit[y*g.w+x] = float32(sum / 4)
			g.open[y*g.w+x] = float32(sc.open(p, vec{0, 1, 0}, true))
		}
	})
	g.lit, g.open = g.smooth(g.lit), g.smooth(g.open)
	sc.ground = g
	return err
}

// smooth averages squares of three by three cells, so that the edge of a
// solid's foot does not show the grid's steps.
func (g *groundLight) smooth(a []float32) []float32 {
	out := make([]float32, len(a))
	for y := range g.h {
		for x := range g.w {
			var sum float32
			for dy := -1; dy <= 1; dy++ {
				row := min(max(y+dy, 0), g.h-1) * g.w
				sum += a[row+max(x-1, 0)] + a[row+x] + a[row+min(x+1, g.w-1)]
			}
			out[y*g.w+x] = sum / 9
		}
	}
	return out
}

// at reads the map; beyond it all light arrives.
func (g *groundLight) at(x, z float64) (lit, open float64) {
	if g == nil {
		return 1, 1
	}
	fx, fz := (x-g.x0)/g.step, (z-g.z0)/g.step
	if fx < 0 || fz < 0 || fx >= float64(g.w-1) || fz >= float64(g.h-1) {
		return 1, 1
	}
	i := int(fz)*g.w + int(fx)
	u, v := fx-math.Floor(fx), fz-math.Floor(fz)
	read := func(a []float32) float64 {
		return lerp(lerp(float64(a[i]), float64(a[i+1]), u), lerp(float64(a[i+g.w]), float64(a[i+g.w+1]), u), v)
	}
	return read(g.lit), read(g.open)
}
