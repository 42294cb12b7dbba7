package traces

import (
	"image"
	"math"
	"slices"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
)

// A preview that was kept while somebody painted on the picture still shows
// what was there before. The picture is brought to the preview's size, shape,
// sharpness and tone; what then differs in one place by far more than
// resampling and JPEG explain, at that place's contrast, was not there when the
// preview was made.
const (
	// fits is the correlation from which the two are near enough alike for a
	// part to be judged; a large dark hole takes away a quarter.
	fits = 0.75
	// agrees is the correlation, pixel by pixel, of all that is not odd.
	agrees = 0.96
	// bright is the least difference that is told of, in levels of 255.
	bright = 12.0
	// times is how often a difference exceeds what is expected of its place.
	times = 5.0
	// tail is how often it exceeds what four fifths of the picture stay below.
	tail = 4.0
	// leastArea is the least area of a place, as a share of the preview, and
	// leastReach the least length of one that is smaller, such as a crack, as a
	// share of the longer side.
	leastArea, leastReach = 0.002, 0.08
	// mostArea is the share of the picture beyond which it is not part of it
	// that differs, but all: another tone, another picture.
	mostArea = 0.3
	// largestPreview is the longest side compared, in pixels.
	largestPreview = 640
)

// kernels are the ways a preview may have been made smaller, in half pixels:
// plain averages, and two softer ones. Each has a sum of 1.
func kernels() [][]float64 {
	return [][]float64{{0.5, 0.5}, {1 / 6., 2 / 6., 2 / 6., 1 / 6.}, {1 / 12., 2 / 12., 3 / 12., 3 / 12., 2 / 12., 1 / 12.}}
}

// matched returns the picture as the preview would show it: of all kernels and
// shifts of up to a pixel the one whose differences are least. straight is
// false where some quarter of it lies a pixel or more elsewhere than the whole:
// then the picture was cut or bent later, and no part can be compared.
func matched(twice, preview raster) (now raster, straight bool) {
	all := image.Rect(0, 0, preview.w, preview.h)
	k, at, least := 0, image.Point{}, math.Inf(1)
	for i, kernel := range kernels() {
		if to, error := shifted(twice, preview, kernel, all); error < least {
			k, at, least = i, to, error
		}
	}
	straight = true
	mid := image.Pt(preview.w/2, preview.h/2)
	for _, corner := range []image.Point{{}, {X: preview.w}, {Y: preview.h}, {X: preview.w, Y: preview.h}} {
		quarter := image.Rectangle{Min: corner, Max: mid}.Canon()
		to, error := shifted(twice, preview, kernels()[k], quarter)
		here := spread(twice, preview, kernels()[k], at, quarter)
		if d := to.Sub(at); max(d.X, -d.X, d.Y, -d.Y) >= 2 && error < 0.85*here {
			straight = false
		}
	}
	return twice.halved(kernels()[k], at), straight
}

// shifted is the shift, in half pixels, at which part of the two differs least.
func shifted(twice, preview raster, kernel []float64, part image.Rectangle) (best image.Point, least float64) {
	least = math.Inf(1)
	for dy := -2; dy <= 2; dy++ {
		for dx := -2; dx <= 2; dx++ {
			if error := spread(twice, preview, kernel, image.Pt(dx, dy), part); error < least {
				best, least = image.Pt(dx, dy), error
			}
		}
	}
	return best, least
}

// halved brings a raster of twice the size down with a kernel, moved by some
// half pixels.
func (r raster) halved(kernel []float64, by image.Point) raster {
	out := newRaster(r.w/2, r.h/2)
	for y := range out.h {
		for x := range out.w {
			out.pix[y*out.w+x] = r.half(kernel, by, x, y)
		}
	}
	return out
}

// half is one pixel of halved.
func (r raster) half(kernel []float64, by image.Point, x, y int) (v float64) {
	reach := len(kernel)/2 - 1
	left, top := 2*x+by.X-reach, 2*y+by.Y-reach
	if left >= 0 && left+len(kernel) <= r.w && top >= 0 && top+len(kernel) <= r.h {
		for j, ky := range kernel {
			at, sum := (top+j)*r.w+left, 0.0
			for i, u := range r.pix[at : at+len(kernel)] {
				sum += kernel[i] * u
			}
			v += ky * sum
		}
		return v
	}
	for j, ky := range kernel {
		row := min(r.h-1, max(0, top+j)) * r.w
		for i, kx := range kernel {
			v += ky * kx * r.pix[row+min(r.w-1, max(0, left+i))]
		}
	}
	return v
}

// compared is about how many places of a picture spread looks at.
const compared = 1500

// spread is the mean absolute difference in part after the best plain change
// of tone, a line, over places spread evenly, every fifth pixel each way or
// fewer, less the rim.
func spread(twice, preview raster, kernel []float64, by image.Point, part image.Rectangle) float64 {
	step := max(5, int(math.Sqrt(float64(preview.w*preview.h)/compared)))
	part = part.Intersect(image.Rect(0, 0, preview.w, preview.h).Inset(5))
	places := (part.Dx()/step + 1) * (part.Dy()/step + 1)
	a, b := make([]float64, 0, places), make([]float64, 0, places)
	var sa, sb, sab, sbb float64
	for y := part.Min.Y; y < part.Max.Y; y += step {
		for x := part.Min.X; x < part.Max.X; x += step {
			u, v := twice.half(kernel, by, x, y), preview.pix[y*preview.w+x]
			a, b = append(a, u), append(b, v)
			sa, sb, sab, sbb = sa+u, sb+v, sab+u*v, sbb+v*v
		}
	}
	n := float64(len(a))
	if n == 0 || n*sbb-sb*sb <= 0 {
		return math.Inf(1)
	}
	slope := (n*sab - sa*sb) / (n*sbb - sb*sb)
	base, total := (sa-slope*sb)/n, 0.0
	for i := range a {
		total += math.Abs(a[i] - base - slope*b[i])
	}
	return total / n
}

// toned maps the preview's tones to the picture's: for each sixteenth of the
// scale the median of what the picture shows there, joined by lines. Damage is
// the smaller part of most tones, so it does not move the median.
func toned(preview, shown raster) raster {
	var at [tones][]float64
	for i, v := range preview.pix {
		at[toneOf(v)] = append(at[toneOf(v)], shown.pix[i]-v)
	}
	type knot struct{ x, y float64 }
	var knots []knot
	for b, list := range at {
		if len(list) >= 64 {
			knots = append(knots, knot{(float64(b) + 0.5) * 256 / tones, median(list)})
		}
	}
	out := newRaster(preview.w, preview.h)
	for i, v := range preview.pix {
		change := 0.0
		for k, to := range knots {
			if v <= to.x || k == len(knots)-1 {
				change = to.y
				if k > 0 && v < to.x {
					from := knots[k-1]
					change = from.y + (to.y-from.y)*(v-from.x)/(to.x-from.x)
				}
				break
			}
		}
		out.pix[i] = v + change
	}
	return out
}

func median(list []float64) float64 { return quantile(list, 0.5) }

// quantile is that of some two thousand of the values, evenly spread: enough
// for a bound, and a tenth of the time.
func quantile(list []float64, q float64) float64 {
	if len(list) == 0 {
		return 0
	}
	const enough = 2000
	every := 1 + len(list)/enough
	s := make([]float64, 0, enough+1)
	for i := 0; i < len(list); i += every {
		s = append(s, list[i])
	}
	slices.Sort(s)
	return s[min(len(s)-1, int(q*float64(len(s))))]
}

// steepest is the largest difference to a neighbour within two pixels.
func (r raster) steepest() raster {
	slope := newRaster(r.w, r.h)
	for y := range r.h {
		for x := range r.w {
			i := y*r.w + x
			if x > 0 && x < r.w-1 {
				slope.pix[i] = math.Abs(r.pix[i+1]-r.pix[i-1]) / 2
			}
			if y > 0 && y < r.h-1 {
				slope.pix[i] = max(slope.pix[i], math.Abs(r.pix[i+r.w]-r.pix[i-r.w])/2)
			}
		}
	}
	return slope.peak(2)
}

// peak is the largest value within some pixels each way, row by row and then
// column by column.
func (r raster) peak(reach int) raster {
	mid, out := newRaster(r.w, r.h), newRaster(r.w, r.h)
	for y := range r.h {
		row, dst := r.row(y), mid.row(y)
		for x := range dst {
			dst[x] = slices.Max(row[max(0, x-reach):min(r.w, x+reach+1)])
		}
	}
	for y := range r.h {
		dst := out.row(y)
		copy(dst, mid.row(y))
		for j := max(0, y-reach); j <= min(r.h-1, y+reach); j++ {
			for x, v := range mid.row(j) {
				if v > dst[x] {
					dst[x] = v
				}
			}
		}
	}
	return out
}

// lit follows light and contrast that change slowly over the picture: around
// each pixel the line that takes was to shown best, over a third of the longer
// side, drawn towards a slope of 1 where there is little contrast to tell. A
// large dark hole must not pass for bad light, so from the second round on a
// pixel's difference from the line counts for no more than most.
func lit(was, shown raster) raster {
	const most = 10 // levels
	fit := regressionOn(was)
	line := fit.of(shown)
	for range 2 {
		tame := newRaster(was.w, was.h)
		for i, v := range line.pix {
			tame.pix[i] = v + min(most, max(-most, shown.pix[i]-v))
		}
		line = fit.of(tame)
	}
	return line
}

// regression is the local linear regression on a raster, over a box.
type regression struct {
	a, mean raster
	spread  []float64 // the variance around each pixel, and stiff
	radius  int
}

// stiff draws slopes towards 1 where there is little contrast, in levels squared.
const stiff = 400

func regressionOn(a raster) regression {
	f := regression{a: a, radius: max(a.w, a.h) / 6, spread: make([]float64, len(a.pix))}
	square := newRaster(a.w, a.h)
	for i, v := range a.pix {
		square.pix[i] = v * v
	}
	f.mean, square = a.box(f.radius), square.box(f.radius)
	for i, m := range f.mean.pix {
		f.spread[i] = square.pix[i] - m*m + stiff
	}
	return f
}

// of is what the line through a and b says of b at each pixel.
func (f regression) of(b raster) raster {
	product := newRaster(b.w, b.h)
	for i, v := range f.a.pix {
		product.pix[i] = v * b.pix[i]
	}
	mb, mp := b.box(f.radius), product.box(f.radius)
	out := product
	for i, v := range f.a.pix {
		ma := f.mean.pix[i]
		out.pix[i] = mb.pix[i] + (mp.pix[i]-ma*mb.pix[i]+stiff)/f.spread[i]*(v-ma)
	}
	return out
}

// oddness is, for each pixel, how far picture and preview differ, as a
// multiple of what is expected there, 0 where they hardly do. What is expected
// is measured on the pair itself: the usual difference at that tone (where the
// preview's tones are clipped, the picture's may be anything beyond), and more
// where the preview has contours, which the least shift moves.
func oddness(preview, shown raster) raster {
	was := lit(toned(preview, shown), shown)
	slope, size := was.steepest(), apart(was, shown)
	usual := usualByTone(preview, size)
	contours := quantile(slope.pix, 0.8)
	var per []float64
	for i, s := range slope.pix {
		if s >= contours && s > 0 {
			per = append(per, size[i]/s)
		}
	}
	edge := max(0.1, 1.5*median(per))
	out := newRaster(was.w, was.h)
	for i := range out.pix {
		out.pix[i] = size[i] / math.Hypot(usual[toneOf(preview.pix[i])], edge*slope.pix[i])
	}
	bound := max(times, tail*quantile(out.pix, 0.8))
	for i := range out.pix {
		if size[i] < bright || out.pix[i] < bound {
			out.pix[i] = 0
		}
	}
	return out
}

// apart is the size of the difference at each pixel, averaged over its
// neighbours, with the picture moved by up to a pixel so that it is least there:
// a picture that was cut by a hundredth, or a lens corrected after the preview
// was made, is out of place here and there.
func apart(was, shown raster) []float64 {
	size := make([]float64, len(was.pix))
	for i := range size {
		size[i] = math.Inf(1)
	}
	before, now := was.box(1), shown.box(1)
	for dy := -1; dy <= 1; dy++ {
		for y := range was.h {
			least, here, there := size[y*was.w:(y+1)*was.w], before.row(y), now.row(min(was.h-1, max(0, y+dy)))
			for x, v := range here {
				for _, u := range there[max(0, x-1):min(was.w, x+2)] {
					least[x] = min(least[x], math.Abs(u-v))
				}
			}
		}
	}
	return size
}

// tones is how many steps of the preview's scale are looked at apart.
const tones = 16

func toneOf(v float64) int { return min(tones-1, max(0, int(v*tones/256))) }

// usualByTone is the usual difference at each tone: the standard deviation
// that the median size stands for in a normal distribution, and nowhere less
// than over the whole picture.
func usualByTone(preview raster, size []float64) (out [tones]float64) {
	var at [tones][]float64
	for i, v := range preview.pix {
		at[toneOf(v)] = append(at[toneOf(v)], size[i])
	}
	whole := max(1.2, 1.48*median(size))
	for t, list := range at {
		out[t] = whole
		if len(list) >= 64 {
			out[t] = max(whole, 1.48*median(list))
		}
	}
	return out
}

// agreement is the correlation of the two where nothing odd was found. A
// preview that does not lie on its picture, because that was cut later, has
// odd places all along the contours and agrees badly between them too.
func agreement(preview, shown, odd raster) float64 {
	var a, b []float64
	for i, v := range odd.pix {
		if v == 0 {
			a, b = append(a, preview.pix[i]), append(b, shown.pix[i])
		}
	}
	if len(a) == 0 {
		return 0
	}
	r, _ := correlation(a, b)
	return r
}

// places joins what is odd into rectangles, largest first, and gives the share
// of the picture that is odd. Pixels up to two apart belong together; the rim
// is left out.
func (r raster) places() (list []image.Rectangle, share float64) {
	seen := make([]bool, len(r.pix))
	type place struct {
		box image.Rectangle
		n   int
	}
	var all []place
	total := 0
	for y := 2; y < r.h-2; y++ {
		for x := 2; x < r.w-2; x++ {
			if r.pix[y*r.w+x] == 0 || seen[y*r.w+x] {
				continue
			}
			p := place{box: image.Rect(x, y, x+1, y+1)}
			queue := []image.Point{{X: x, Y: y}}
			seen[y*r.w+x] = true
			for len(queue) > 0 {
				at := queue[len(queue)-1]
				queue = queue[:len(queue)-1]
				p.n++
				p.box = p.box.Union(image.Rect(at.X, at.Y, at.X+1, at.Y+1))
				for j := max(2, at.Y-2); j <= min(r.h-3, at.Y+2); j++ {
					for i := max(2, at.X-2); i <= min(r.w-3, at.X+2); i++ {
						if k := j*r.w + i; r.pix[k] > 0 && !seen[k] {
							seen[k] = true
							queue = append(queue, image.Pt(i, j))
						}
					}
				}
			}
			total += p.n
			reach := float64(max(p.box.Dx(), p.box.Dy()))
			if float64(p.n) >= leastArea*float64(len(r.pix)) || p.n >= 8 && reach >= leastReach*float64(max(r.w, r.h)) {
				all = append(all, p)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b place) int { return b.n - a.n })
	for _, p := range all[:min(len(all), 8)] {
		list = append(list, p.box)
	}
	return list, float64(total) / float64(len(r.pix))
}

// upright turns a rectangle in fractions of the stored picture into one of the
// upright picture, for an orientation in EXIF's numbering.
func upright(x0, y0, x1, y1 float64, orientation int) evidence.Region {
	ax, ay := imaging.Upright(x0, y0, orientation)
	bx, by := imaging.Upright(x1, y1, orientation)
	return evidence.Region{X: min(ax, bx), Y: min(ay, by), Width: math.Abs(bx - ax), Height: math.Abs(by - ay), Kind: evidence.Altered}
}
