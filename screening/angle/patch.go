package angle

import (
	"math"

	"github.com/evenhand/evenhand/imaging"
)

// Size of the patches that are laid over one another, in work pixels.
const (
	patchRadius = 8
	patchSide   = 2*patchRadius + 1
	patchArea   = patchSide * patchSide
)

// warp carries a patch of the first picture into the second: the offset
// (dx, dy) from its centre to (u + a·dx + b·dy, v + c·dx + d·dy).
type warp struct{ u, v, a, b, c, d float64 }

func (w warp) at(dx, dy float64) (u, v float64) {
	return w.u + w.a*dx + w.b*dy, w.v + w.c*dx + w.d*dy
}

// moved is w for the patch whose centre is (dx, dy) away.
func (w warp) moved(dx, dy float64) warp {
	w.u, w.v = w.at(dx, dy)
	return w
}

// sane is whether w could be a piece of surface seen from another side: not
// mirrored, not shrunk or stretched beyond what a patch can be compared over.
func (w warp) sane() bool {
	det := w.a*w.d - w.b*w.c
	norm := w.a*w.a + w.b*w.b + w.c*w.c + w.d*w.d
	// With singular values s ≥ t: norm/det = s/t + t/s.
	return det > 0.2 && det < 5 && norm < 3.4*det
}

// template is a patch of the first picture made ready to be found in the
// second: by Gauss and Newton's steps on an affine warp, with the patch's own
// slopes (the inverse compositional algorithm of Baker and Matthews,
// "Lucas-Kanade 20 years on", IJCV 56(3), 2004), brightness and contrast left
// free.
type template struct {
	x, y     float64            // centre
	value    [patchArea]float32 // less their mean
	mean     float64
	spread   float64 // standard deviation, grey levels
	descent  [6][patchArea]float32
	inverse  [6][6]float64
	seen     [patchArea]float32 // scratch: what the second picture shows there
	seenMean float64            // of it, once likeness was asked
}

// affineScale makes one unit of each of the four affine terms move the
// patch's rim by as much as one unit of shift moves it.
const affineScale = patchRadius

// cut fills t with the patch around pixel (x, y) of p; false where it leaves
// the picture or is too plain to be found again.
func (t *template) cut(p *imaging.Plane, x, y int, leastSpread float64) bool {
	return t.look(p, x, y) && t.spread >= leastSpread && t.slopes(p, x, y)
}

// slopes readies a patch that was looked at to be found.
func (t *template) slopes(p *imaging.Plane, x, y int) bool {
	var h [6][6]float64
	i := 0
	for dy := -patchRadius; dy <= patchRadius; dy++ {
		up, mid, down := p.Row(y+dy-1), p.Row(y+dy), p.Row(y+dy+1)
		fy := float32(dy) / affineScale
		for dx := -patchRadius; dx <= patchRadius; dx++ {
			gx, gy := (mid[x+dx+1]-mid[x+dx-1])/2, (down[x+dx]-up[x+dx])/2
			fx := float32(dx) / affineScale
			s := [6]float32{gx, gy, gx * fx, gx * fy, gy * fx, gy * fy}
			for k, v := range s {
				t.descent[k][i] = v
				for l := range k + 1 {
					h[k][l] += float64(v * s[l])
				}
			}
			i++
		}
	}
	for k := range 6 {
		for l := range k {
			h[l][k] = h[k][l]
		}
		// Keeps what the patch does not show, such as the place along an edge,
		// near where its neighbours put it.
		h[k][k] = h[k][k]*1.01 + patchArea
	}
	var ok bool
	t.inverse, ok = solve6(&h, 6)
	return ok
}

// look reads the patch and its contrast, without what finding it needs.
func (t *template) look(p *imaging.Plane, x, y int) bool {
	if x < patchRadius+1 || y < patchRadius+1 || x >= p.Width-patchRadius-1 || y >= p.Height-patchRadius-1 {
		return false
	}
	t.x, t.y = float64(x)+0.5, float64(y)+0.5
	i := 0
	for dy := -patchRadius; dy <= patchRadius; dy++ {
		i += copy(t.value[i:], p.Row(y + dy)[x-patchRadius:x+patchRadius+1])
	}
	t.mean, t.spread = centre(&t.value)
	return true
}

// centre takes the mean off and returns it with the standard deviation.
func centre(v *[patchArea]float32) (mean, deviation float64) {
	var sum float32
	for _, x := range v {
		sum += x
	}
	m := sum / patchArea
	var squares float32
	for i, x := range v {
		x -= m
		v[i] = x
		squares += x * x
	}
	return float64(m), math.Sqrt(float64(squares) / patchArea)
}

// sample reads what p shows under w into t.seen; false where it leaves p.
func (t *template) sample(p *imaging.Plane, w warp) bool {
	for _, corner := range [4][2]float64{{-1, -1}, {1, -1}, {-1, 1}, {1, 1}} {
		u, v := w.at(patchRadius*corner[0], patchRadius*corner[1])
		if !(u >= 0.5 && v >= 0.5 && u < float64(p.Width)-1.5 && v < float64(p.Height)-1.5) {
			return false
		}
	}
	stepU, stepV := float32(w.a), float32(w.c)
	i := 0
	for dy := -patchRadius; dy <= patchRadius; dy++ {
		u0, v0 := w.at(-patchRadius, float64(dy))
		u, v := float32(u0-0.5), float32(v0-0.5)
		for range patchSide {
			iu, iv := int(u), int(v)
			fu, fv := u-float32(iu), v-float32(iv)
			q := p.Pix[iv*p.Width+iu:]
			r := q[p.Width : p.Width+2]
			top := q[0] + (q[1]-q[0])*fu
			t.seen[i] = top + (r[0]+(r[1]-r[0])*fu-top)*fv
			i++
			u += stepU
			v += stepV
		}
	}
	return true
}

// likeness is the correlation of the patch with what sample read, and the
// standard deviation of the latter.
func (t *template) likeness() (correlation, spread float64) {
	t.seenMean, spread = centre(&t.seen)
	if spread < 1e-3 || t.spread < 1e-3 {
		return 0, spread
	}
	var dot float32
	for i, v := range t.value {
		dot += v * t.seen[i]
	}
	return float64(dot) / patchArea / (spread * t.spread), spread
}

// find moves w until p shows the patch there as well as it can. ok is false
// where it ran out of the picture, or more than drift pixels away.
func (t *template) find(p *imaging.Plane, w warp, drift float64) (found warp, correlation, spread float64, ok bool) {
	start := w
	for range 8 {
		if !t.sample(p, w) {
			return w, 0, 0, false
		}
		_, s := centre(&t.seen)
		if s < 0.3 {
			break
		}
		step := t.step(float32(min(max(t.spread/s, 0.25), 4)))
		w = w.less(step)
		if math.Hypot(w.u-start.u, w.v-start.v) > drift || !w.sane() {
			return w, 0, 0, false
		}
		if math.Abs(step[0])+math.Abs(step[1]) < 0.03 {
			break
		}
	}
	if !t.sample(p, w) {
		return w, 0, 0, false
	}
	correlation, spread = t.likeness()
	return w, correlation, spread, true
}

// step is the change of the six terms that would make the patch look like
// t.seen times gain.
func (t *template) step(gain float32) (step [6]float64) {
	var b [6]float32
	for i, v := range t.value {
		e := t.seen[i]*gain - v
		for k := range b {
			b[k] += t.descent[k][i] * e
		}
	}
	for k := range step {
		for l := range b {
			step[k] += t.inverse[k][l] * float64(b[l])
		}
	}
	return step
}

// less is w after the inverse of a step: w∘(1 + step)⁻¹.
func (w warp) less(step [6]float64) warp {
	a, b, c, d := 1+step[2]/affineScale, step[3]/affineScale, step[4]/affineScale, 1+step[5]/affineScale
	det := a*d - b*c
	if math.Abs(det) < 1e-6 {
		return w
	}
	ia, ib, ic, id := d/det, -b/det, -c/det, a/det
	x, y := -(ia*step[0] + ib*step[1]), -(ic*step[0] + id*step[1])
	u, v := w.at(x, y)
	return warp{
		u: u, v: v,
		a: w.a*ia + w.b*ic, b: w.a*ib + w.b*id,
		c: w.c*ia + w.d*ic, d: w.c*ib + w.d*id,
	}
}
