package reference

import (
	"math"
	"sync"

	"github.com/evenhand/evenhand/imaging"
)

// frame holds both pictures in the claim's own frame, at the resolution of
// the coarser one, and their fine texture.
type frame struct {
	scaleX, scaleY float64 // frame pixels per claim work pixel
	claim, ref     *imaging.Plane
	inside         []bool    // frame pixels the reference covers
	gone           fractions // of the claim, painted over: the reference covers none of it
	filter         filter
	fineA, fineB   *imaging.Plane // both smoothed
	a, b           *imaging.Plane // and through the filter
	power          []float64      // integral image of b², (w+1)×(h+1)
}

// filter fills out with the texture of a picture that was smoothed.
type filter func(out, fine *imaging.Plane)

// scaled is a picture at some size, and its size in work pixels.
type scaled struct {
	*imaging.Plane
	workWidth, workHeight int
}

// pick returns the smallest stored size with at least scale pixels per work
// pixel, or the largest there is.
func (v *View) pick(scale float64) scaled {
	p := v.work
	for _, smaller := range [2]*imaging.Plane{v.small, v.tiny} {
		if smaller != nil && float64(smaller.Width) >= 0.97*scale*float64(v.work.Width) {
			p = smaller
		}
	}
	return scaled{p, v.work.Width, v.work.Height}
}

// shrink resamples s by about factor; it never enlarges.
func (s scaled) shrink(factor float64) scaled {
	w := max(1, int(float64(s.Width)*factor+0.5))
	h := max(1, int(float64(s.Height)*factor+0.5))
	if w >= s.Width && h >= s.Height {
		return s
	}
	s.Plane = imaging.Resize(s.Plane, min(w, s.Width), min(h, s.Height))
	return s
}

// scale is s's own pixels per work pixel, along x and y.
func (s scaled) scale() (x, y float64) {
	return float64(s.Width) / float64(s.workWidth), float64(s.Height) / float64(s.workHeight)
}

// newFrame lays ref over claim by t (claim work pixels to reference work
// pixels), on at most side pixels, and compares texture.
func newFrame(claim, ref *View, t imaging.Affine, side int) *frame {
	return newFrameThrough(texture, claim, ref, t, side)
}

// newFrameThrough is newFrame for another filter than texture.
func newFrameThrough(filter filter, claim, ref *View, t imaging.Affine, side int) *frame {
	f := emptyFrame(filter, claim, t, side)
	f.lay(ref, t)
	return f
}

// emptyFrame is a frame for t with nothing laid over the claim yet.
func emptyFrame(filter filter, claim *View, t imaging.Affine, side int) *frame {
	scale := frameScale(claim, t, side)
	picture := claim.pick(scale)
	if own, _ := picture.scale(); scale < own*0.98 {
		picture = picture.shrink(scale / own)
	}
	f := &frame{claim: picture.Plane, gone: claim.gone, filter: filter}
	f.scaleX, f.scaleY = picture.scale()
	f.filterClaim()
	return f
}

func (f *frame) filterClaim() {
	w, h := f.claim.Width, f.claim.Height
	f.fineA, f.a = imaging.NewPlane(w, h), imaging.NewPlane(w, h)
	smooth3(f.fineA, f.claim)
	f.filter(f.a, f.fineA)
}

// empty gives the frame room for a reference, in place of the one that is in it.
func (f *frame) empty() {
	w, h := f.claim.Width, f.claim.Height
	f.ref, f.fineB, f.b = imaging.NewPlane(w, h), imaging.NewPlane(w, h), imaging.NewPlane(w, h)
	f.inside, f.power = make([]bool, w*h), make([]float64, (w+1)*(h+1))
}

func (f *frame) filterRef() {
	f.leaveOut()
	smooth3(f.fineB, f.ref)
	f.filter(f.b, f.fineB)
	squareSums(f.power, f.b)
}

// frameScale is a frame's pixels per claim work pixel: at most side of them, and
// no finer than either picture is.
func frameScale(claim *View, t imaging.Affine, side int) float64 {
	zoom := math.Sqrt(math.Abs(t.A*t.E - t.B*t.D)) // reference work pixels per claim work pixel
	return min(1, zoom, float64(side)/float64(max(claim.work.Width, claim.work.Height)))
}

// maxDensity is how many reference pixels may fall on a frame pixel before
// plain interpolation would alias.
const maxDensity = 1.25

// lay warps the reference into the frame, over the one that is in it.
func (f *frame) lay(view *View, t imaging.Affine) {
	if f.ref == nil {
		f.empty()
	}
	ref, toRef := f.source(view, t)
	warp(f.ref, f.inside, ref.Plane, toRef)
	f.filterRef()
}

// source is the reference at the size that suits the frame, and the transform
// from frame pixels to its own.
func (f *frame) source(view *View, t imaging.Affine) (scaled, imaging.Affine) {
	toRef := imaging.ScaleBy(1/f.scaleX, 1/f.scaleY).Then(t)
	density := math.Sqrt(math.Abs(toRef.A*toRef.E - toRef.B*toRef.D)) // reference work pixels per frame pixel
	ref := view.pick(1 / density)
	if own, _ := ref.scale(); own*density > maxDensity {
		ref = ref.shrink(1 / (own * density))
	}
	sx, sy := ref.scale()
	return ref, toRef.Then(imaging.ScaleBy(sx, sy))
}

// drift is how far apart two transforms carry the frame's corners, in frame
// pixels of the claim.
func (f *frame) drift(t, u imaging.Affine) (most float64) {
	inverse, ok := t.Invert()
	if !ok {
		return math.Inf(1)
	}
	for _, corner := range [4][2]float64{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
		x, y := corner[0]*float64(f.claim.Width)/f.scaleX, corner[1]*float64(f.claim.Height)/f.scaleY
		bx, by := inverse.Apply(u.Apply(x, y))
		most = max(most, math.Hypot((bx-x)*f.scaleX, (by-y)*f.scaleY))
	}
	return most
}

// warp samples src bilinearly at m of each pixel centre of out; pixels whose
// source lies outside get the nearest rim value and inside=false.
func warp(out *imaging.Plane, inside []bool, src *imaging.Plane, m imaging.Affine) {
	w, h := out.Width, out.Height
	maxX, maxY := float64(src.Width-1)-1e-3, float64(src.Height-1)-1e-3
	if maxX <= 0 || maxY <= 0 {
		clear(out.Pix)
		clear(inside)
		return
	}
	within := func(x, y float64) bool { return x >= 0 && y >= 0 && x <= maxX && y <= maxY }
	for y := range h {
		sx, sy := m.Apply(0.5, float64(y)+0.5)
		sx, sy = sx-0.5, sy-0.5
		row, in := out.Row(y), inside[y*w:(y+1)*w]
		if last := float64(w - 1); within(sx, sy) && within(sx+last*m.A, sy+last*m.D) {
			warpRow(row, src, float32(sx), float32(sy), float32(m.A), float32(m.D))
			for x := range in {
				in[x] = true
			}
			continue
		}
		for x := range row {
			in[x] = sx > -0.5 && sy > -0.5 && sx < maxX+0.5 && sy < maxY+0.5
			warpRow(row[x:x+1], src, float32(min(max(sx, 0), maxX)), float32(min(max(sy, 0), maxY)), 0, 0)
			sx += m.A
			sy += m.D
		}
	}
}

// warpRow fills a row from points (x, y), (x+dx, y+dy), …, all inside src.
func warpRow(row []float32, src *imaging.Plane, x, y, dx, dy float32) {
	width := src.Width
	for i := range row {
		px, py := x+float32(i)*dx, y+float32(i)*dy
		ix, iy := int(px), int(py)
		fx, fy := px-float32(ix), py-float32(iy)
		at := iy*width + ix
		q := src.Pix[at : at+2 : at+2]
		r := src.Pix[at+width : at+width+2 : at+width+2]
		top := q[0] + (q[1]-q[0])*fx
		row[i] = top + (r[0]+(r[1]-r[0])*fx-top)*fy
	}
}

// Shape of the texture filter, in frame pixels and grey levels.
const (
	coarseRadius = 3  // what is smoother than this is not texture
	gainRadius   = 10 // window of the local contrast normalisation
	gainFloor    = 4  // grey levels: below it noise would be blown up
)

// texture removes the coarse picture and evens out the contrast of the rest:
// v / (σ + floor), so that a block is judged by its weave and not by the one
// bright edge that crosses it.
func texture(out, fine *imaging.Plane) { band(out, fine, coarseRadius, gainRadius) }

// band is what is finer than about twice coarseRadius, over its strength
// within gainRadius.
func band(out, fine *imaging.Plane, coarseRadius, gainRadius int) {
	bandOver(out, fine, coarseRadius, gainRadius, gainFloor)
}

// bandOver is band with another floor, in grey levels.
func bandOver(out, fine *imaging.Plane, coarseRadius, gainRadius int, floor float32) {
	square := borrow(out.Width, out.Height)
	defer giveBack(square)
	boxRows(fine, coarseRadius, func(y int, coarse []float32) {
		from, to, squares := fine.Row(y)[:len(coarse)], out.Row(y)[:len(coarse)], square.Row(y)[:len(coarse)]
		for x, c := range coarse {
			d := from[x] - c
			to[x] = d
			squares[x] = d * d
		}
	})
	boxRows(square, gainRadius, func(y int, power []float32) {
		to := out.Row(y)[:len(power)]
		for x, v := range power {
			if v < 0 {
				v = 0 // by rounding
			}
			to[x] /= float32(math.Sqrt(float64(v))) + floor
		}
	})
}

// planes are for what is needed for a moment only.
var planes = sync.Pool{New: func() any { return new(imaging.Plane) }}

// borrow is a plane that holds anything.
func borrow(w, h int) *imaging.Plane {
	p := planes.Get().(*imaging.Plane)
	if cap(p.Pix) < w*h {
		p.Pix = make([]float32, w*h)
	}
	p.Width, p.Height, p.Pix = w, h, p.Pix[:w*h]
	return p
}

func giveBack(p *imaging.Plane) { planes.Put(p) }

// smooth3 is the separable (1 2 1)/4: it takes off pixel noise and the
// difference between one resampling filter and another.
func smooth3(out, p *imaging.Plane) {
	w, h := p.Width, p.Height
	column := make([]float32, w)
	for y := range h {
		a, b, c := p.Row(max(y-1, 0))[:w], p.Row(y)[:w], p.Row(min(y+1, h-1))[:w]
		for x := range column {
			column[x] = (a[x] + 2*b[x] + c[x]) * (1.0 / 16)
		}
		o := out.Row(y)
		if w > 2 {
			left, mid, next := column[0], column[1], column[2:]
			d := o[1:][:len(next)]
			for x, right := range next {
				d[x] = left + 2*mid + right
				left, mid = mid, right
			}
		}
		o[0] = 3*column[0] + column[min(1, w-1)]
		o[w-1] = 3*column[w-1] + column[max(0, w-2)]
	}
}

// box averages over (2r+1)² pixels by running sums; borders repeat.
func box(p *imaging.Plane, r int) *imaging.Plane {
	out := imaging.NewPlane(p.Width, p.Height)
	boxRows(p, r, func(y int, row []float32) { copy(out.Row(y), row) })
	return out
}

// boxRows is box row by row. It goes two rows at a time: a running sum waits for
// itself, and two wait together.
func boxRows(p *imaging.Plane, r int, do func(y int, row []float32)) {
	w, h := p.Width, p.Height
	all := make([]float32, 4*w)
	column, next, row, below := all[:w], all[w:2*w], all[2*w:3*w], all[3*w:]
	for y := -r; y <= r; y++ {
		for x, v := range p.Row(min(max(y, 0), h-1)) {
			column[x] += v
		}
	}
	slide := func(to, from []float32, y int) {
		add, sub := p.Row(min(y+r+1, h-1))[:len(to)], p.Row(max(y-r, 0))[:len(to)]
		from = from[:len(to)]
		for x := range to {
			to[x] = from[x] + (add[x] - sub[x])
		}
	}
	norm := 1 / float32((2*r+1)*(2*r+1))
	for y := 0; y < h; y += 2 {
		slide(next, column, y)
		boxTwoRows(row, below, column, next, r, norm)
		do(y, row)
		if y+1 < h {
			do(y+1, below)
			slide(column, next, y+1)
		}
	}
}

// boxTwoRows averages over 2r+1 samples of a and of b.
func boxTwoRows(outA, outB, a, b []float32, r int, norm float32) {
	n := len(a)
	b, outA, outB = b[:n], outA[:n], outB[:n]
	var sumA, sumB float32
	for x := -r; x <= r; x++ {
		i := min(max(x, 0), n-1)
		sumA, sumB = sumA+a[i], sumB+b[i]
	}
	step := func(x int) {
		outA[x], outB[x] = sumA*norm, sumB*norm
		add, sub := min(x+r+1, n-1), max(x-r, 0)
		sumA, sumB = sumA+(a[add]-a[sub]), sumB+(b[add]-b[sub])
	}
	x := 0
	for ; x < min(r, n); x++ {
		step(x)
	}
	if m := n - r - 1 - x; m > 0 {
		addA, subA, toA := a[x+r+1:][:m], a[x-r:][:m], outA[x:][:m]
		addB, subB, toB := b[x+r+1:][:m], b[x-r:][:m], outB[x:][:m]
		s, t := sumA, sumB
		for i := range m {
			toA[i], toB[i] = s*norm, t*norm
			s, t = s+(addA[i]-subA[i]), t+(addB[i]-subB[i])
		}
		sumA, sumB = s, t
		x += m
	}
	for ; x < n; x++ {
		step(x)
	}
}

// squareSums fills out with the integral image of p², which has an extra zero
// row and column.
func squareSums(out []float64, p *imaging.Plane) {
	w, h := p.Width, p.Height
	clear(out[:w+1])
	for y := range h {
		var sum float64
		above, row := out[y*(w+1):(y+1)*(w+1)], out[(y+1)*(w+1):(y+2)*(w+1)]
		row[0] = 0
		above, row = above[1:], row[1:]
		pix := p.Row(y)
		above, row = above[:len(pix)], row[:len(pix)]
		for x, v := range pix {
			sum += float64(v * v)
			row[x] = above[x] + sum
		}
	}
}

// energy is the sum of b² over the n×n window at (x, y).
func (f *frame) energy(x, y, n int) float64 {
	w := f.b.Width + 1
	return f.power[(y+n)*w+x+n] - f.power[y*w+x+n] - f.power[(y+n)*w+x] + f.power[y*w+x]
}
