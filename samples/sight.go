package samples

import (
	"fmt"
	"math"
)

// Sight is where one point of a photograph lies in another of the same scene.
type Sight struct {
	X, Y float64 // pixels of the other photograph
	// Seen is false where the point is hidden there, or outside the frame.
	Seen bool
}

// seenWithin is how far, in pixels of the first photograph, what the other
// camera meets may lie from the point itself.
const seenWithin = 0.75

// Carry says where points of shot a, in pixels, lie in shot b: the true
// geometry that instruments are measured with. Both shots must be of one scene
// (same product, unit, seed, setting, placing and damage), seen from anywhere.
func Carry(a, b Shot, points [][2]float64) ([]Sight, error) {
	c, err := find(a.Product)
	if err != nil {
		return nil, fmt.Errorf("carry points: %w", err)
	}
	sc, m := stage(c, a)
	for i := range sc.things {
		t := &sc.things[i]
		t.penumbra = t.hi.sub(t.lo).length()
	}
	from, to := aim(a, m), aim(b, m)
	out := make([]Sight, len(points))
	for i, p := range points {
		d := from.ray(p[0], p[1])
		s, ok := sc.meet(from.eye, d, from.scale)
		if !ok {
			continue
		}
		at := from.eye.along(d, s)
		x, y, ahead := to.project(at)
		if !ahead || x < 0 || y < 0 || x > to.w || y > to.h {
			continue
		}
		e := to.ray(x, y)
		t, ok := sc.meet(to.eye, e, to.scale)
		if !ok {
			continue
		}
		bx, by, _ := from.project(to.eye.along(e, t))
		out[i] = Sight{X: x, Y: y, Seen: hypot(bx-p[0], by-p[1]) < seenWithin}
	}
	return out, nil
}

// meet is how far along a ray the first solid or the table lies.
func (sc *scene) meet(o, d vec, pixel float64) (float64, bool) {
	best := math.Inf(1)
	for i := range sc.things {
		t := &sc.things[i]
		if s, ok := t.march(t.toLocal(o), t.face.undo(d), pixel); ok && s < best {
			best = s
		}
	}
	if d.y < -1e-6 {
		if s := -o.y / d.y; s < best && o.along(d, s).z > sc.tableEnd {
			best = s
		}
	}
	return best, !math.IsInf(best, 1)
}

// project is the picture point of p, the inverse of ray; ahead is false behind
// the camera.
func (c *camera) project(p vec) (x, y float64, ahead bool) {
	q := p.sub(c.eye)
	z := q.dot(c.ahead)
	if z <= 0 {
		return 0, 0, false
	}
	u, v := q.dot(c.right)/z/c.scale, q.dot(c.up)/z/c.scale
	r := math.Sqrt(u*u + v*v)
	half := (c.w*c.w + c.h*c.h) / 4
	d := r
	for range 8 { // the distortion is weak: this settles at once
		d = r / (1 + c.k1*d*d/half)
	}
	if r > 0 {
		u, v = u*d/r, v*d/r
	}
	return c.w/2 + u, c.h/2 - v, true
}
