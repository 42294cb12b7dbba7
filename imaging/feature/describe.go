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

// spread says to which histogram cells a sample belongs, and how strongly; at
// the rim it has fewer than four.
type spread struct {
	cells  int
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
			s := &w.table[i]
			s.cell[s.cells], s.weight[s.cells] = uint8(gy*gridSide+gx), float32(weight)
			s.cells++
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
	// No sample lies farther off than the patch's corner, and a little for rounding.
	const reach = float32(half*patchStep*math.Sqrt2 + 1)
	within := p.X > reach && p.Y > reach && p.X < maxX-reach && p.Y < maxY-reach
	for i := range patchSide + 2 {
		v := float32(i) - half
		x := p.X - 0.5 - half*stepX - v*stepY
		y := p.Y - 0.5 - half*stepY + v*stepX
		row := (*[patchSide + 2]float32)(w.patch[i*(patchSide+2):])
		if within {
			sampleRow(row[:], img, x, y, stepX, stepY)
			continue
		}
		for k := range row {
			sampleRow(row[k:k+1], img, min(max(x, 0), maxX), min(max(y, 0), maxY), 0, 0)
			x += stepX
			y += stepY
		}
	}
}

// sampleRow fills a row from (x, y) on, bilinear between pixels, all inside.
func sampleRow(row []float32, img *imaging.Plane, x, y, stepX, stepY float32) {
	for k := range row {
		ix, iy := int(x), int(y)
		fx, fy := x-float32(ix), y-float32(iy)
		at := iy*img.Width + ix
		q, r := img.Pix[at:at+2:at+2], img.Pix[at+img.Width:at+img.Width+2:at+img.Width+2]
		top := q[0] + (q[1]-q[0])*fx
		row[k] = top + (r[0]+(r[1]-r[0])*fx-top)*fy
		x += stepX
		y += stepY
	}
}

// describe returns the descriptor of the window around p.
func (w *window) describe(img *imaging.Plane, p Point) descriptor {
	if !w.ready {
		w.prepare()
	}
	w.sample(img, p)
	var histogram [gridSide * gridSide * directions]float32
	const stride = patchSide + 2
	for y := range patchSide {
		up := (*[stride]float32)(w.patch[y*stride:])
		mid := (*[stride]float32)(w.patch[(y+1)*stride:])
		down := (*[stride]float32)(w.patch[(y+2)*stride:])
		table := (*[patchSide]spread)(w.table[y*patchSide:])
		for x := range table {
			k0, k1, a0, a1 := split(mid[x+2]-mid[x], down[x+1]-up[x+1])
			s := &table[x]
			for j := range s.cells {
				cell := (*[directions]float32)(histogram[int(s.cell[j&3]&15)*directions:])
				cell[k0&7] += a0 * s.weight[j&3]
				cell[k1&7] += a1 * s.weight[j&3]
			}
		}
	}
	return normalize(&histogram)
}

// split writes the gradient as a sum of the two nearest of eight unit
// directions (0 = +x, 2 = +y): exact, without an arc tangent, and without a
// branch, which noise would mislead.
func split(gx, gy float32) (k0, k1 int, a0, a1 float32) {
	const sign = 1 << 31
	x, y := math.Float32bits(gx), math.Float32bits(gy)
	ax, ay := x&^sign, y&^sign // ordered as the numbers are
	long, short := max(ax, ay), min(ax, ay)
	k := octants[x>>31|y>>31<<1|(ax-ay)>>31<<2]
	a1 = math.Float32frombits(short)
	return int(k[0]), int(k[1]), math.Float32frombits(long) - a1, a1 * math.Sqrt2
}

// octants are the directions nearest to a gradient along an axis and along a
// diagonal, by: points left, points up, is steeper than a diagonal.
var octants = [8][2]uint8{{0, 1}, {4, 3}, {0, 7}, {4, 5}, {2, 1}, {2, 3}, {6, 7}, {6, 5}}

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

// Shape of the search for a spot's own directions.
const (
	bins      = 36 // directions told apart
	nearReach = 8  // level pixels around the spot
)

// disc is how far the disc around a spot reaches along each row from the middle
// one on, and what a gradient counts by its squared distance.
var disc = func() (d struct {
	reach  [nearReach + 1]int
	weight [nearReach*nearReach + 1]float32
},
) {
	for i := range d.reach {
		d.reach[i] = int(math.Sqrt(float64(nearReach*nearReach - i*i)))
	}
	for i := range d.weight {
		d.weight[i] = 1 - float32(i)/(nearReach*nearReach+1)
	}
	return d
}()

// orientations returns the one or two strongest gradient directions around p.
func (w *window) orientations(img *imaging.Plane, p Point) []float32 {
	var histogram [bins + 2]float32
	cx, cy := int(p.X), int(p.Y)
	for y := max(1, cy-nearReach); y <= min(img.Height-2, cy+nearReach); y++ {
		dy := max(y-cy, cy-y)
		from, to := max(1, cx-disc.reach[dy]), min(img.Width-2, cx+disc.reach[dy])
		if from > to {
			continue
		}
		mid := img.Row(y)[from-1 : to+2]
		up, down := img.Row(y - 1)[from : to+1][:len(mid)-2], img.Row(y + 1)[from : to+1][:len(mid)-2]
		for i := range up {
			dx := from + i - cx
			gx, gy := mid[i+2]-mid[i], down[i]-up[i]
			b := turn(gx, gy) * bins
			at := int(b)
			weight := float32(math.Sqrt(float64(gx*gx+gy*gy))) * disc.weight[dx*dx+dy*dy]
			f := b - float32(at)
			next := at + 2
			if next > bins {
				next -= bins
			}
			histogram[at+1] += weight * (1 - f)
			histogram[next] += weight * f
		}
	}
	return w.peaks((*[bins]float32)(histogram[1:]))
}

// peaks smooths the circular histogram and returns its top directions.
func (w *window) peaks(h *[bins]float32) []float32 {
	var round [bins + 4]float32 // with the last two before the first, and so on
	copy(round[:2], h[bins-2:])
	copy(round[2:], h[:])
	copy(round[bins+2:], h[:2])
	var smooth [bins + 2]float32 // and with one
	var top float32
	for i := range bins {
		r := (*[5]float32)(round[i:])
		v := r[0] + r[4] + 3*(r[1]+r[3]) + 4*r[2]
		smooth[i+1] = v
		top = max(top, v)
	}
	smooth[0], smooth[bins+1] = smooth[bins], smooth[1]
	found := w.angles[:0]
	used := -1
	for range 2 {
		best, at := float32(0), -1
		for i := range bins {
			if v := smooth[i+1]; i != used && v > best && v >= smooth[i+2] && v > smooth[i] {
				best, at = v, i
			}
		}
		if at < 0 || best < 0.8*top {
			break
		}
		used = at
		a, b := smooth[at], smooth[at+2]
		shift := float32(0)
		if d := a - 2*best + b; d < 0 {
			shift = (a - b) / (2 * d)
		}
		found = append(found, (float32(at)+shift)*2*math.Pi/bins)
	}
	return found
}

// turn is the direction of (gx, gy) as a fraction of a full turn, 0 ≤ t < 1,
// by a polynomial good to about 0.1 degree.
func turn(gx, gy float32) float32 {
	const sign = 1 << 31
	x, y := math.Float32bits(gx), math.Float32bits(gy)
	ax, ay := x&^sign, y&^sign // ordered as the numbers are
	if ax|ay == 0 {
		return 0
	}
	r := math.Float32frombits(min(ax, ay)) / math.Float32frombits(max(ax, ay))
	t := r * (0.25 + 0.273/math.Pi*(1-r)) / 2 // Rajan et al. 2006, IEEE Signal Processing Magazine 23(3)
	f := &folds[x>>31|y>>31<<1|(ax-ay)>>31<<2]
	t = f[0][0] + f[0][1]*t
	t = f[1][0] + f[1][1]*t
	t = f[2][0] + f[2][1]*t
	if t >= 1 {
		t -= 1
	}
	return t
}

// folds take the direction within the first eighth to its own, by: points left,
// points up, is steeper than a diagonal.
var folds = func() (f [8][3][2]float32) {
	for i := range f {
		for k, from := range [3]float32{0.25, 0.5, 1} {
			if f[i][k] = [2]float32{0, 1}; i>>((k+2)%3)&1 != 0 {
				f[i][k] = [2]float32{from, -1}
			}
		}
	}
	return f
}()
