package reference

import (
	"math"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
)

// Limits of a comparison that holds the listing beside something else, in
// blocks and shares.
const (
	panelFill    = 0.75 // of the textured blocks inside must agree
	panelLeast   = 8    // agreeing blocks
	otherTexture = 0.45 // as minTexture; the grain of a wall that did not survive is no other picture
	besideLeast  = 10   // textured blocks of the other picture
	besideShare  = 0.15 // of all textured blocks
	besideStray  = 0.10 // of the agreeing blocks may lie outside
	panelLargest = 0.85 // of the claim's area
	panelAltered = 0.02 // of the panel's area differs, and the buyer may have drawn it: strong at most
	trimBeyond   = 0.35 // of a line that shows something else: it is not the panel's
	straightOff  = 0.08 // of a block's width inside a cut may show something else
	goesOnShare  = 0.70 // of the area that the reference reaches outside the panel shows it:
	goesOnLeast  = 0.10 // one picture, if that area is so much of the panel's
	growBy       = 0.02 // of the claim's sides: what is painted over beyond the panel
	sideReach    = 1.6  // blocks from a border that still lie at it
)

// cellState is what a block of the claim says of a panel.
type cellState int8

const (
	plainCell cellState = iota // flat: says nothing
	agreeCell
	otherCell // textured, and not the reference's
)

// layout is the claim's blocks by what they say.
type layout struct {
	columns, rows int
	cells         []cellState
}

// layoutOf reads a measured grid; kept are the blocks that hit. Lettering and
// lines around a picture, as of an app's screen, are no other picture.
func (f *frame) layoutOf(g *grid, kept []*block) layout {
	l := layout{g.columns, g.rows, make([]cellState, len(g.blocks))}
	for i := range g.blocks {
		b := &g.blocks[i]
		x, y := int(b.x-float64(g.size)/2), int(b.y-float64(g.size)/2)
		switch {
		case b.covered && b.rho >= agreeRho, f.textureAt(b, g.size) < otherTexture:
			continue
		case !b.covered && f.touches(x, y, g.size):
			continue // on the border: it was not compared
		}
		alone := blockLook{plain: plainness(f.claim, x, y, g.size), contrast: contrast(f.claim, x, y, g.size)}
		alone.weakShare, _ = weakTexture(f.fineA, f.fineA, x, y, g.size)
		if !alone.printed() {
			l.cells[i] = otherCell
		}
	}
	for _, b := range kept {
		l.cells[b.row*g.columns+b.column] = agreeCell
	}
	return l
}

// touches says that a corner or the middle of the n×n block at (x, y) lies
// within the reference.
func (f *frame) touches(x, y, n int) bool {
	w := f.claim.Width
	for _, at := range [5][2]int{{x, y}, {x + n - 1, y}, {x, y + n - 1}, {x + n - 1, y + n - 1}, {x + n/2, y + n/2}} {
		if f.inside[at[1]*w+at[0]] {
			return true
		}
	}
	return false
}

// textureAt is the root mean square of the claim's texture over b, also where
// the reference does not reach.
func (f *frame) textureAt(b *block, n int) float64 {
	if b.covered {
		return b.textureA
	}
	x, y := int(b.x-float64(n)/2), int(b.y-float64(n)/2)
	var sum float32
	for v := range n {
		for _, s := range f.a.Row(y + v)[x : x+n] {
			sum += s * s
		}
	}
	return math.Sqrt(float64(sum) / float64(n*n))
}

// cellRect is a rectangle of blocks; right and bottom are exclusive.
type cellRect struct{ left, top, right, bottom int }

// densest is the rectangle with the most agreeing blocks less the others.
func (l layout) densest() (best cellRect, sum int) {
	worth := [3]int{0, 1, -1}
	column := make([]int, l.columns)
	for top := range l.rows {
		clear(column)
		for bottom := top; bottom < l.rows; bottom++ {
			run, start := 0, 0
			for x := range l.columns {
				column[x] += worth[l.cells[bottom*l.columns+x]]
				if run <= 0 {
					run, start = 0, x
				}
				if run += column[x]; run > sum {
					best, sum = cellRect{start, top, x + 1, bottom + 1}, run
				}
			}
		}
	}
	return best, sum
}

// count is how many blocks agree and how many do not, in a rectangle.
func (l layout) count(r cellRect) (agree, other int) {
	for y := max(0, r.top); y < min(l.rows, r.bottom); y++ {
		for x := max(0, r.left); x < min(l.columns, r.right); x++ {
			switch l.cells[y*l.columns+x] {
			case agreeCell:
				agree++
			case otherCell:
				other++
			}
		}
	}
	return agree, other
}

// panel finds the reference standing in the claim as a picture of its own: a
// rectangle that the reference fills and that ends where the reference does or
// the claim does, but for one side where it may be cut; and around it another
// picture.
func (f *frame) panel(g *grid, kept []*block) (box pixelBox, ok bool) {
	l := f.layoutOf(g, kept)
	r, _ := l.densest()
	agree, inside := l.count(r)
	allAgree, allOther := l.count(cellRect{0, 0, l.columns, l.rows})
	outside := float64(allOther - inside)
	switch {
	case agree < panelLeast, float64(agree) < panelFill*float64(agree+inside),
		outside < besideLeast, outside < besideShare*float64(allAgree+allOther),
		float64(allAgree-agree) > besideStray*float64(allAgree):
		return box, false
	}
	box, cut := f.settle(g, l, r)
	d := f.differing(kept, g.size)
	d.trim(&box)
	if !d.straight(box, cut, g.size) || box.area() > panelLargest*float64(f.claim.Width*f.claim.Height) || d.goesOn(box) {
		return box, false
	}
	return box, true
}

// differing marks where the claim shows something else than the reference laid
// on it, or where that does not reach: as alteredRegions, without the margin
// for edges.
func (f *frame) differing(kept []*block, size int) mask {
	claim, expected := box(f.claim, blurRadius), box(f.toned(kept, size), blurRadius)
	threshold := float32(leastContrast + noiseFactor*typicalDifference(claim, expected, kept, size))
	m := mask{width: f.claim.Width, inside: f.inside, differs: make([]bool, len(f.inside))}
	for i := range m.differs {
		d := claim.Pix[i] - expected.Pix[i]
		m.differs[i] = !f.inside[i] || max(d, -d) > threshold
	}
	return m
}

// mask is the pixels of a frame that the reference reaches, and those that show
// something else.
type mask struct {
	width           int
	inside, differs []bool
}

// share is how many of a rectangle's pixels show something else.
func (m mask) share(x0, y0, x1, y1 int) float64 {
	count := 0
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			if m.differs[y*m.width+x] {
				count++
			}
		}
	}
	return float64(count) / float64(max(1, (x1-x0)*(y1-y0)))
}

// trim moves the sides of the box in past lines that mostly show something
// else, by a quarter of the box at most: settle knows them to a block, and
// plain ground beside the panel may hide what the panel cuts off.
func (m mask) trim(b *pixelBox) {
	wide, high := (b.right-b.left)/4, (b.bottom-b.top)/4
	for n := wide; n > 0 && m.share(b.left, b.top, b.left+1, b.bottom) > trimBeyond; n-- {
		b.left++
	}
	for n := wide; n > 0 && m.share(b.right-1, b.top, b.right, b.bottom) > trimBeyond; n-- {
		b.right--
	}
	for n := high; n > 0 && m.share(b.left, b.top, b.right, b.top+1) > trimBeyond; n-- {
		b.top++
	}
	for n := high; n > 0 && m.share(b.left, b.bottom-1, b.right, b.bottom) > trimBeyond; n-- {
		b.bottom--
	}
}

// straight says that at most one side is a cut, and that the reference fills
// the box right up to it: goods before another scene are cut on both sides, and
// their outline is no straight line.
func (m mask) straight(b pixelBox, cut [4]bool, size int) bool {
	cuts := 0
	for i, c := range cut {
		if !c {
			continue
		}
		cuts++
		strip, in := b, min(size, (b.right-b.left)/4, (b.bottom-b.top)/4)
		switch i {
		case 0:
			strip.left, strip.right = b.left+blurRadius, b.left+in
		case 1:
			strip.left, strip.right = b.right-in, b.right-blurRadius
		case 2:
			strip.top, strip.bottom = b.top+blurRadius, b.top+in
		default:
			strip.top, strip.bottom = b.bottom-in, b.bottom-blurRadius
		}
		if m.share(strip.left, strip.top, strip.right, strip.bottom) > straightOff {
			return false
		}
	}
	return cuts <= 1
}

// goesOn says that the reference is seen outside the box too, on plain ground
// perhaps: then the claim is one picture, and what stops the box is a change
// in it.
func (m mask) goesOn(b pixelBox) bool {
	same, all := 0, 0
	for i, in := range m.inside {
		x, y := i%m.width, i/m.width
		if !in || x >= b.left && x < b.right && y >= b.top && y < b.bottom {
			continue
		}
		all++
		if !m.differs[i] {
			same++
		}
	}
	return float64(same) > goesOnShare*float64(all) && float64(all) > goesOnLeast*b.area()
}

// pixelBox is a rectangle in frame pixels; right and bottom are exclusive.
type pixelBox struct{ left, top, right, bottom int }

func (b pixelBox) area() float64 { return float64((b.right - b.left) * (b.bottom - b.top)) }

// standsBeside says where r rests on the reference standing all but unaltered in
// the claim beside another picture: a comparison, and no forgery of the goods.
// The finding is a note then, with the place, and after it what is altered there.
func (f *frame) standsBeside(g *grid, kept []*block, r Result) Result {
	box, ok := f.panel(g, kept)
	if !ok {
		return r
	}
	w, h := float64(f.claim.Width), float64(f.claim.Height)
	place := evidence.Region{
		X: round4(float64(box.left) / w), Y: round4(float64(box.top) / h),
		Width: round4(float64(box.right-box.left) / w), Height: round4(float64(box.bottom-box.top) / h), Kind: evidence.Copied,
	}
	regions := f.alteredWithin(box, kept, g.size)
	var altered float64
	for _, a := range regions {
		altered += a.Width * a.Height
	}
	altered /= place.Width * place.Height
	r.Measured["beside_share"], r.Measured["beside_altered"] = round4(place.Width*place.Height), round4(altered)
	if len(regions) > 0 {
		r.Regions = regions // beyond the panel lies another picture, and no alteration
		// A crack is a thousandth of a picture, and so is a circle that an honest buyer
		// drew on the listing's half of a comparison: a person looks at it.
		if altered <= panelAltered && r.Strength == evidence.Conclusive {
			r.Strength = evidence.Strong
		}
		return r
	}
	r.Strength, r.Code, r.FalseAlarm = evidence.Note, evidence.ReferenceBeside, 0
	r.Regions = []evidence.Region{place}
	return r
}

// alteredWithin is alteredRegions for a part of the claim, a cell's width from
// its sides.
func (f *frame) alteredWithin(box pixelBox, kept []*block, size int) []evidence.Region {
	whole := f.inside
	defer func() { f.inside = whole }()
	f.inside = make([]bool, len(whole))
	for y := box.top + cellSize; y < box.bottom-cellSize; y++ {
		from, to := y*f.claim.Width+box.left+cellSize, y*f.claim.Width+box.right-cellSize
		if from < to {
			copy(f.inside[from:to], whole[from:to])
		}
	}
	return f.alteredRegions(kept, size)
}

// orInTheRest looks for the reference once more, beside the place where it
// stands: what is told to be the received goods may be its copy too. That
// makes twice as many trials.
func (r Result) orInTheRest(claim, ref *View) Result {
	rest := compare(claim.without(r.Regions[0]), ref)
	rest.FalseAlarm *= 2
	if rest.Code != "" || rest.Strength.Rank() < evidence.Strong.Rank() || !rest.supportsStrong() {
		return r
	}
	return rest
}

// supportsStrong says that a bound supports a strong finding of the look that
// found it.
func (r Result) supportsStrong() bool {
	switch {
	case r.Measured["redrawn"] != 0:
		return r.FalseAlarm <= strongBelow
	case r.Measured["bent"] != 0:
		return r.FalseAlarm <= bentLimit(r.Measured)
	}
	return verdict(r.FalseAlarm, r.Measured).Rank() >= evidence.Strong.Rank()
}

// settle moves the sides of r out to where the reference or the claim ends, as
// far as only plain blocks lie between. A side that another picture's texture
// stops before that is a cut; cut says which are: left, right, top, bottom.
func (f *frame) settle(g *grid, l layout, r cellRect) (box pixelBox, cut [4]bool) {
	n := g.size
	start := [2]int{(f.claim.Width - g.columns*n) / 2, (f.claim.Height - g.rows*n) / 2}
	box = pixelBox{start[0] + r.left*n, start[1] + r.top*n, start[0] + r.right*n, start[1] + r.bottom*n}
	for i, s := range [4]struct {
		at         *int
		step, axis int
		first      int // the first column or row outside
	}{{&box.left, -1, 0, r.left - 1}, {&box.right, 1, 0, r.right}, {&box.top, -1, 1, r.top - 1}, {&box.bottom, 1, 1, r.bottom}} {
		end := f.reachOut(box, *s.at, s.step, s.axis)
		if stop := l.firstOther(r, s.first, s.step, s.axis); stop >= 0 {
			near := start[s.axis] + stop*n // the edge of the texture that stops it
			if s.step < 0 {
				near += n
			}
			if float64((end-near)*s.step) > sideReach*float64(n) {
				end, cut[i] = near, true
			}
		}
		*s.at = end
	}
	return box, cut
}

// reachOut is where the reference or the claim ends, going from a side of the
// box outwards along an axis: two of three lines decide.
func (f *frame) reachOut(b pixelBox, at, step, axis int) int {
	w, h := f.claim.Width, f.claim.Height
	last, low, high := w, b.top, b.bottom
	if axis == 1 {
		last, low, high = h, b.left, b.right
	}
	for {
		next := at
		if step < 0 {
			next--
		}
		if next < 0 || next >= last {
			return at
		}
		within := 0
		for k := 1; k <= 3; k++ {
			x, y := next, low+(high-low)*k/4
			if axis == 1 {
				x, y = y, x
			}
			if f.inside[min(y, h-1)*w+min(x, w-1)] {
				within++
			}
		}
		if within < 2 {
			return at
		}
		at += step
	}
}

// firstOther is the first column (axis 0) or row from first on, going outwards,
// that holds another picture's texture beside r; -1 where none does.
func (l layout) firstOther(r cellRect, first, step, axis int) int {
	last := [2]int{l.columns, l.rows}[axis]
	for at := first; at >= 0 && at < last; at += step {
		strip := cellRect{at, r.top, at + 1, r.bottom}
		if axis == 1 {
			strip = cellRect{r.left, at, r.right, at + 1}
		}
		if agree, other := l.count(strip); other > max(1, agree) {
			return at
		}
	}
	return -1
}

// without is the claim with a part of its work plane painted over, made ready
// anew. What is painted over is in no frame.
func (v *View) without(part evidence.Region) *View {
	rest := imaging.NewPlane(v.work.Width, v.work.Height)
	copy(rest.Pix, v.work.Pix)
	var sum float64
	for _, p := range rest.Pix {
		sum += float64(p)
	}
	mean := float32(sum / float64(max(1, len(rest.Pix))))
	gone := grown(part, growBy).pixels(rest.Width, rest.Height)
	for y := gone.top; y < gone.bottom; y++ {
		row := rest.Row(y)
		for x := gone.left; x < gone.right; x++ {
			row[x] = mean
		}
	}
	view := prepare(rest, v.Width, v.Height)
	view.gone = grown(part, growBy)
	return view
}

// fractions is a rectangle in fractions of a picture.
type fractions struct{ left, top, right, bottom float64 }

// grown is a region with so much more on every side, in fractions of the picture.
func grown(r evidence.Region, by float64) fractions {
	return fractions{r.X - by, r.Y - by, r.X + r.Width + by, r.Y + r.Height + by}
}

// pixels is the rectangle in a picture of w×h pixels, outer edges included.
func (r fractions) pixels(w, h int) pixelBox {
	return pixelBox{
		left: max(0, int(math.Floor(r.left*float64(w)))), top: max(0, int(math.Floor(r.top*float64(h)))),
		right: min(w, int(math.Ceil(r.right*float64(w)))), bottom: min(h, int(math.Ceil(r.bottom*float64(h)))),
	}
}

// leaveOut marks what was painted over in the claim as outside of the reference, and
// a little about it that smoothing and reducing have touched.
func (f *frame) leaveOut() {
	if f.gone == (fractions{}) {
		return
	}
	const margin = blurRadius + 1
	b := f.gone.pixels(f.claim.Width, f.claim.Height)
	for y := max(0, b.top-margin); y < min(f.claim.Height, b.bottom+margin); y++ {
		clear(f.inside[y*f.claim.Width+max(0, b.left-margin) : y*f.claim.Width+min(f.claim.Width, b.right+margin)])
	}
}
