package samples

import (
	"context"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// frame is a rendered picture before the sensor: linear light, row order.
type frame struct {
	w, h  int
	rgb   []float32 // 3 a pixel, 1 is white
	depth []float32 // distance along the ray, cm; 0 where unknown
	fuzzy []bool    // pile and knit: finer than pixels, needs no extra rays
	what  []uint8   // 0 backdrop, 1 table, 2 clutter, 3 the product, 4 its damage
}

func newFrame(w, h int) *frame {
	return &frame{w: w, h: h, rgb: make([]float32, 3*w*h), depth: make([]float32, w*h), what: make([]uint8, w*h), fuzzy: make([]bool, w*h)}
}

// camera is where the photo is taken from, a pinhole with radial distortion.
type camera struct {
	eye, right, up, ahead vec
	scale                 float64 // image plane units per pixel
	w, h                  float64
	k1                    float64 // radial distortion over the half diagonal
}

// ray goes through the picture point (x, y) in pixels.
func (c *camera) ray(x, y float64) vec {
	u, v := x-c.w/2, c.h/2-y
	r2 := (u*u + v*v) / (c.w*c.w/4 + c.h*c.h/4)
	s := c.scale * (1 + c.k1*r2)
	return c.ahead.along(c.right, u*s).along(c.up, v*s).unit()
}

// aim places a camera for a shot of a model so that the model's box spans
// Fill of the frame on its tighter side, centred but for AimX and AimY.
func aim(s Shot, m *model) camera {
	w, h := float64(s.Width), float64(s.Height)
	// 35 mm equivalence by the diagonal, 43.27 mm.
	scale := 43.27 / s.Focal / hypot(w, h)
	back := towards(s.Yaw, s.Elevation)
	ahead := back.mul(-1)
	right := ahead.cross(vec{0, 1, 0}).unit()
	up := right.cross(ahead)
	target := m.lo.add(m.hi).mul(0.5)
	distance := m.hi.sub(m.lo).length() / (scale * min(w, h))
	for range 6 { // settles to a fraction of a pixel
		x0, x1, y0, y1 := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
		for _, p := range m.corners() {
			q := p.sub(target)
			z := distance + q.dot(ahead)
			x, y := q.dot(right)/z, q.dot(up)/z
			x0, x1, y0, y1 = min(x0, x), max(x1, x), min(y0, y), max(y1, y)
		}
		target = target.along(right, (x0+x1)/2*distance).along(up, (y0+y1)/2*distance)
		distance *= max((x1-x0)/(scale*w), (y1-y0)/(scale*h)) / s.Fill
	}
	sr, cr := math.Sincos(s.Roll * math.Pi / 180)
	step := scale * distance * min(w, h)
	eye := target.along(back, distance).along(right, -s.AimX*step).along(up, s.AimY*step)
	return camera{
		eye: eye, right: right.mul(cr).along(up, sr), up: up.mul(cr).along(right, -sr), ahead: ahead,
		scale: scale, w: w, h: h, k1: -0.012,
	}
}

// sample is what one ray brings back.
type sample struct {
	rgb   vec
	depth float64
	what  uint8
	fuzzy bool
}

func (sc *scene) trace(o, d vec, pixel float64) sample {
	best, hit := math.Inf(1), -1
	for i := range sc.things {
		t := &sc.things[i]
		if s, ok := t.march(t.toLocal(o), t.face.undo(d), pixel); ok && s < best {
			best, hit = s, i
		}
	}
	if d.y < -1e-6 {
		if s := -o.y / d.y; s < best {
			if p := o.along(d, s); p.z > sc.tableEnd {
				return sc.traceTable(p, d, s, pixel)
			}
		}
	}
	if hit < 0 {
		return sample{rgb: sc.backdrop(o, d), depth: 400}
	}
	t := &sc.things[hit]
	local := t.toLocal(o).along(t.face.undo(d), best)
	foot := best * pixel
	n := t.normal(local, max(0.003, 0.5*foot))
	s := t.paint(local, n, foot)
	what := uint8(2)
	if t.subject {
		what = 3
	}
	if t.mark != nil {
		s = t.mark.stain(local, s, foot)
		if s.marked {
			what = 4
		}
	}
	s.normal = t.face.apply(s.normal)
	p := o.along(d, best)
	return sample{rgb: sc.shade(p, d, t.face.apply(n), s), depth: best, what: what, fuzzy: s.sheen > 0}
}

func (sc *scene) traceTable(p, d vec, s, pixel float64) sample {
	foot := s * pixel / max(-d.y, 0.15)
	m := sc.table(p, foot)
	lit, open := sc.ground.at(p.x, p.z)
	c := sc.light(d, m, lit, open)
	if sc.sweep { // the sweep rises behind the product and burns out
		c = blend(c, sc.backdrop(p, d), step01(8, 90, max(-p.z, 0)+0.4*math.Abs(p.x)))
	}
	return sample{rgb: c, depth: s, what: 1}
}

// edgeGrid are the four points of a rotated grid inside a pixel.
var edgeGrid = [4][2]float64{{0.375, 0.125}, {0.875, 0.375}, {0.625, 0.875}, {0.125, 0.625}}

// render draws the scene: one ray a pixel, then four more wherever the pixel
// differs from a neighbour. Each pixel depends on the scene alone, so the
// picture is the same on any number of cores.
func (sc *scene) render(ctx context.Context, cam camera) (*frame, error) {
	for i := range sc.things {
		t := &sc.things[i]
		t.penumbra = t.hi.sub(t.lo).length()
	}
	if err := sc.lightGround(ctx, cam.w); err != nil {
		return nil, err
	}
	f := newFrame(int(cam.w), int(cam.h))
	err := eachRow(ctx, f.h, func(y int) {
		for x := range f.w {
			f.put(x, y, sc.trace(cam.eye, cam.ray(float64(x)+0.5, float64(y)+0.5), cam.scale))
		}
	})
	if err != nil {
		return nil, err
	}
	rough := f.edges()
	err = eachRow(ctx, f.h, func(y int) {
		for x := range f.w {
			if !rough[y*f.w+x] {
				continue
			}
			var sum vec
			for _, g := range edgeGrid {
				s := sc.trace(cam.eye, cam.ray(float64(x)+g[0], float64(y)+g[1]), cam.scale)
				sum = sum.add(vec{min(s.rgb.x, 4), min(s.rgb.y, 4), min(s.rgb.z, 4)})
			}
			i := 3 * (y*f.w + x)
			f.rgb[i], f.rgb[i+1], f.rgb[i+2] = float32(sum.x/4), float32(sum.y/4), float32(sum.z/4)
		}
	})
	return f, err
}

func (f *frame) put(x, y int, s sample) {
	i := y*f.w + x
	f.rgb[3*i], f.rgb[3*i+1], f.rgb[3*i+2] = float32(s.rgb.x), float32(s.rgb.y), float32(s.rgb.z)
	f.depth[i], f.what[i], f.fuzzy[i] = float32(s.depth), s.what, s.fuzzy
}

// edges marks the pixels one ray is too few for.
func (f *frame) edges() []bool {
	out := make([]bool, f.w*f.h)
	mark := func(i, j int) {
		if f.fuzzy[i] && f.fuzzy[j] && math.Abs(float64(f.depth[i]-f.depth[j])) < 1.2 {
			return
		}
		if f.what[i] != f.what[j] || math.Abs(float64(f.depth[i]-f.depth[j])) > 0.6 || contrast(f.rgb[3*i:], f.rgb[3*j:]) {
			out[i], out[j] = true, true
		}
	}
	for y := range f.h {
		for x := range f.w {
			i := y*f.w + x
			right, below := f.what[i], f.what[i]
			if x+1 < f.w {
				right = f.what[i+1]
			}
			if y+1 < f.h {
				below = f.what[i+f.w]
			}
			if w := f.what[i]; w < 2 && right == w && below == w {
				continue // table textures fade themselves out
			}
			if x+1 < f.w {
				mark(i, i+1)
			}
			if y+1 < f.h {
				mark(i, i+f.w)
			}
		}
	}
	return out
}

// contrast is true where two colours differ visibly, in red or in green.
func contrast(p, q []float32) bool {
	for ch := range 2 {
		a, b := min(p[ch], 1.2), min(q[ch], 1.2)
		if max(a, b)-min(a, b) > 0.07+0.28*min(a, b) {
			return true
		}
	}
	return false
}

// eachRow runs work for rows 0 to n-1 on all cores and stops early when ctx
// ends.
func eachRow(ctx context.Context, n int, work func(y int)) error {
	var next atomic.Int64
	var wait sync.WaitGroup
	const strip = 8
	for range min(runtime.GOMAXPROCS(0), (n+strip-1)/strip) {
		wait.Go(func() {
			for ctx.Err() == nil {
				y := int(next.Add(strip)) - strip
				if y >= n {
					return
				}
				for end := min(y+strip, n); y < end; y++ {
					work(y)
				}
			}
		})
	}
	wait.Wait()
	return ctx.Err()
}
