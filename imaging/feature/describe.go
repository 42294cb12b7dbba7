package feature

import (
	"math"

	"github.com/evenhand/evenhand/imaging"
)

// A descriptor is a 4×4 grid of 8-direction gradient histograms (Lowe 2004,
// "Distinctive image features from scale-invariant keypoints", section 6),
// stored as square roots (Arandjelović and Zisserman 2012) scaled to bytes.
// Index: (row*4 + column)*8 + direction.
type descriptor [128]uint8

// signature is a descriptor's 256-bit sketch for a first, cheap comparison.
type signature [4]uint64

const (
	gridSide   = 4
	directions = 8
	patchSide  = 16  // samples a side
	patchStep  = 1.3 // level pixels between samples
)

// spread says to which histogram cells a sample belongs, and how strongly.
type spread struct {
	cell   [4]uint8
	weight [4]float32
}

// window holds the scratch memory and tables of one describing goroutine.
type window struct {
	patch  [(patchSide + 2) * (patchSide + 2)]float32
	table  [patchSide * patchSide]spread
	ready  bool
	angles [2]float32
}

// prepare fills the bilinear weights of each sample, under a Gaussian whose
// standard deviation is half the window.
func (w *window) prepare() {
	w.ready = true
	for i := range w.table {
		y, x := float64(i/patchSide), float64(i%patchSide)
		cy, cx := (y+0.5)/patchSide*gridSide-0.5, (x+0.5)/patchSide*gridSide-0.5
		dy, dx := y+0.5-patchSide/2, x+0.5-patchSide/2
		g := math.Exp(-(dx*dx + dy*dy) / (2 * patchSide / 2 * patchSide / 2))
		y0, x0 := math.Floor(cy), math.Floor(cx)
		for k := range 4 {
			gy, gx := y0+float64(k/2), x0+float64(k%2)
			weight := (1 - math.Abs(cy-gy)) * (1 - math.Abs(cx-gx)) * g
			if gy < 0 || gx < 0 || gy >= gridSide || gx >= gridSide {
				continue
			}
			w.table[i].cell[k] = uint8(gy*gridSide + gx)
			w.table[i].weight[k] = float32(weight)
		}
	}
}

// sample fills the patch around p, turned by its angle. Samples outside the
// picture repeat its rim.
func (w *window) sample(img *imaging.Plane, p Point) {
	sin, cos := math.Sincos(float64(p.Angle))
	stepX, stepY := float32(cos*patchStep), float32(sin*patchStep)
	const half = float32(patchSide+1) / 2
	maxX, maxY := float32(img.Width-1)-0.001, float32(img.Height-1)-0.001
	i := 0
	for v := -half; v <= half; v++ {
		x := p.X - 0.5 - half*stepX - v*stepY
		y := p.Y - 0.5 - half*stepY + v*stepX
		for range patchSide + 2 {
			cx, cy := min(max(x, 0), maxX), min(max(y, 0), maxY)
			ix, iy := int(cx), int(cy)
			fx, fy := cx-float32(ix), cy-float32(iy)
			q := img.Pix[iy*img.Width+ix:]
			r := q[img.Width : img.Width+2]
			top := q[0] + (q[1]-q[0])*fx
			bottom := r[0] + (r[1]-r[0])*fx
			w.patch[i] = top + (bottom-top)*fy
			i++
			x += stepX
			y += stepY
		}
	}
}

// describe returns the descriptor of the window around p.
func (w *window) describe(img *imaging.Plane, p Point) descriptor {
	if !w.ready {
		w.prepare()
	}
	w.sample(img, p)
	var histogram [128]float32
	const stride = patchSide + 2
	for i := range w.table {
		at := (i/patchSide+1)*stride + i%patchSide + 1
		gx := w.patch[at+1] - w.patch[at-1]
		gy := w.patch[at+stride] - w.patch[at-stride]
		k0, k1, a0, a1 := split(gx, gy)
		s := &w.table[i]
		for j, c := range s.cell {
			cell := histogram[int(c)*directions : int(c)*directions+directions : int(c)*directions+directions]
			cell[k0&7] += a0 * s.weight[j]
			cell[k1&7] += a1 * s.weight[j]
		}
	}
	return normalize(&histogram)
}

// split writes the gradient as a sum of the two nearest of eight unit
// directions (0 = +x, 2 = +y): exact, and without an arc tangent.
func split(gx, gy float32) (k0, k1 int, a0, a1 float32) {
	ax, ay := gx, gy
	if ax < 0 {
		ax = -ax
	}
	if ay < 0 {
		ay = -ay
	}
	long, short := ax, ay
	axis, diagonal := 0, 1
	if ay > ax {
		long, short, axis = ay, ax, 2
	}
	if gx < 0 {
		axis, diagonal = 4-axis, 3
		if ay > ax {
			axis = 2
		}
	}
	if gy < 0 {
		axis, diagonal = (8-axis)&7, 8-diagonal
	}
	return axis, diagonal, long - short, short * math.Sqrt2
}

func normalize(h *[128]float32) (d descriptor) {
	var squares float32
	for _, v := range h {
		squares += v * v
	}
	if squares == 0 {
		return d
	}
	limit := 0.2 * float32(math.Sqrt(float64(squares)))
	var sum float32
	for i, v := range h {
		h[i] = min(v, limit)
		sum += h[i]
	}
	for i, v := range h {
		d[i] = uint8(min(255, 512*math.Sqrt(float64(v/sum))+0.5))
	}
	return d
}

// orientations returns the one or two strongest gradient directions around p.
func (w *window) orientations(img *imaging.Plane, p Point) []float32 {
	const bins, radius = 36, 8
	var histogram [bins + 2]float32
	cx, cy := int(p.X), int(p.Y)
	for dy := -radius; dy <= radius; dy++ {
		y := cy + dy
		if y < 1 || y >= img.Height-1 {
			continue
		}
		up, mid, down := img.Row(y-1), img.Row(y), img.Row(y+1)
		for dx := -radius; dx <= radius; dx++ {
			x := cx + dx
			r2 := dx*dx + dy*dy
			if r2 > radius*radius || x < 1 || x >= img.Width-1 {
				continue
			}
			gx, gy := mid[x+1]-mid[x-1], down[x]-up[x]
			b := turn(gx, gy) * bins
			i := int(b)
			weight := float32(math.Sqrt(float64(gx*gx+gy*gy))) * (1 - float32(r2)/(radius*radius+1))
			f := b - float32(i)
			histogram[i+1] += weight * (1 - f)
			histogram[i+2-bins*((i+1)/bins)] += weight * f
		}
	}
	return w.peaks(histogram[1 : bins+1])
}

// peaks smooths the circular histogram and returns its top directions.
func (w *window) peaks(h []float32) []float32 {
	n := len(h)
	smooth := make([]float32, n)
	for i := range h {
		smooth[i] = h[(i+n-2)%n] + h[(i+2)%n] + 3*(h[(i+n-1)%n]+h[(i+1)%n]) + 4*h[i]
	}
	found := w.angles[:0]
	var top float32
	for _, v := range smooth {
		top = max(top, v)
	}
	used := -1
	for range 2 {
		best, at := float32(0), -1
		for i, v := range smooth {
			if i != used && v > best && v >= smooth[(i+1)%n] && v > smooth[(i+n-1)%n] {
				best, at = v, i
			}
		}
		if at < 0 || best < 0.8*top {
			break
		}
		used = at
		a, b := smooth[(at+n-1)%n], smooth[(at+1)%n]
		shift := float32(0)
		if d := a - 2*best + b; d < 0 {
			shift = (a - b) / (2 * d)
		}
		found = append(found, (float32(at)+shift)*2*math.Pi/float32(n))
	}
	return found
}

// turn is the direction of (gx, gy) as a fraction of a full turn, 0 ≤ t < 1,
// by a polynomial good to about 0.1 degree.
func turn(gx, gy float32) float32 {
	ax, ay := gx, gy
	if ax < 0 {
		ax = -ax
	}
	if ay < 0 {
		ay = -ay
	}
	if ax+ay == 0 {
		return 0
	}
	r := min(ax, ay) / max(ax, ay)
	t := r * (0.25 + 0.273/math.Pi*(1-r)) / 2 // Rajan et al. 2006, IEEE Signal Processing Magazine 23(3)
	if ay > ax {
		t = 0.25 - t
	}
	if gx < 0 {
		t = 0.5 - t
	}
	if gy < 0 {
		t = 1 - t
	}
	if t >= 1 {
		t -= 1
	}
	return t
}
