package visible

import (
	"cmp"
	"math"
	"slices"

	"github.com/evenhand/evenhand/imaging"
)

const (
	// bandHeight is how high a band along an edge is, in the finder's pixels,
	// in which letters are 7 to 15 high: room for a label and its distance
	// from the edge.
	bandHeight = 48
	// cell is how many pixels across one of the finder's answers is for.
	cell = 4
	// finderUnit is the em, in pixels, whose logarithm the finder calls 0.
	finderUnit = 10
	// finderRadius is the radius of level's box for the finder.
	finderRadius = 12
	// maxLines is how many lines of a picture are read.
	maxLines = 8
	// maxRead is how wide, in the reader's pixels, all lines of a picture that
	// are read may be together: 90 em, seven labels' worth.
	maxRead = 1800
	// maxColumns is how wide one line may be, in the reader's pixels: 32 em.
	maxColumns = 640
	// maxWide is how many times wider than high a picture may be for bands
	// along its whole width.
	maxWide = 6
)

// finderSides are the shorter sides, in pixels, that pictures are brought to:
// letters of 4 to 8 % of it are 7.6 to 15 pixels high at the first, those of 2
// to 4 % at the second.
var finderSides = [...]int{190, 380}

// finder marks where lines of text run.
type finder struct{ net net }

// line is a line of text in pixels of the sheet.
type line struct {
	x0, x1, y float64 // its ends and its middle
	em        float64 // its letters' size
	score     float64
}

// lines finds the lines of text along the top and the bottom edge, the likeliest
// first.
func lines(f finder, from sheet) []line {
	if from.width > maxWide*from.height {
		return nil
	}
	short := float64(min(from.width, from.height))
	high := func(side int) int { return min(int(math.Round(bandHeight*short/float64(side))), from.height) }
	tallest := high(finderSides[0])
	var out []line
	for _, bottom := range []bool{false, true} {
		top := 0
		if bottom {
			top = from.height - tallest
		}
		edge := from.strip(top, tallest)
		for _, side := range finderSides {
			scale, rows := short/float64(side), high(side)
			first := 0
			if bottom {
				first = tallest - rows
			}
			for _, l := range f.find(edge.band(first, rows, scale)) {
				out = append(out, line{l.x0 * scale, l.x1 * scale, float64(top+first) + l.y*scale, l.em * scale, l.score})
			}
		}
	}
	return likeliest(out)
}

// likeliest drops what overlaps a likelier line, and all beyond maxLines and
// maxRead.
func likeliest(all []line) []line {
	slices.SortStableFunc(all, func(a, b line) int { return cmp.Compare(b.score, a.score) })
	var out []line
	left := float64(maxRead)
	for _, l := range all {
		if len(out) < maxLines && l.width() <= left && !slices.ContainsFunc(out, l.same) {
			out = append(out, l)
			left -= l.width()
		}
	}
	return out
}

// same says whether two lines are one, seen at both sizes.
func (l line) same(o line) bool {
	overlap := min(l.x1, o.x1) - max(l.x0, o.x0)
	return math.Abs(l.y-o.y) < 0.4*max(l.em, o.em) && overlap > 0.6*max(l.x1-l.x0, o.x1-o.x0) && max(l.em, o.em) < 1.5*min(l.em, o.em)
}

// find returns a band's lines, in its pixels.
func (f finder) find(band *imaging.Plane) []line {
	y := f.net.run(level(band, finderRadius, finderRadius))
	var out []line
	for _, level := range finderLevels {
		for _, cells := range groups(y, level) {
			if l, ok := lineOf(y, cells); ok {
				out = append(out, l)
			}
		}
	}
	return out
}

// finderLevels are the scores from which on a cell counts: at the higher one
// lines stay apart from what is beside them, at the lower one pale and short
// ones are found. A line found at both counts once; see likeliest.
var finderLevels = [...]float32{-0.5, -1.5}

// groups gathers cells over a level that belong together: gaps of two cells
// between words are bridged. A group is a list of positions in the plane.
func groups(y tensor, level float32) [][]int {
	score := y.plane(0)
	done := make([]bool, len(score))
	var out [][]int
	for i, v := range score {
		if v < level || done[i] {
			continue
		}
		done[i] = true
		group := []int{i}
		for at := 0; at < len(group); at++ {
			group = appendNear(group, group[at], y, level, done)
		}
		out = append(out, group)
	}
	return out
}

// appendNear adds the cells near position i that are over the level and not
// done.
func appendNear(group []int, i int, y tensor, level float32, done []bool) []int {
	cx, cy := i%y.width, i/y.width
	for ny := max(cy-1, 0); ny <= min(cy+1, y.height-1); ny++ {
		for nx := max(cx-3, 0); nx <= min(cx+3, y.width-1); nx++ {
			if j := ny*y.width + nx; !done[j] && y.at[j] >= level {
				done[j] = true
				group = append(group, j)
			}
		}
	}
	return group
}

// lineOf sums up a group; false where it is too short for a label.
func lineOf(y tensor, cells []int) (line, bool) {
	score, size := y.plane(0), y.plane(1)
	var sum, rows float64
	x0, x1 := y.width, 0
	sizes := make([]float32, 0, len(cells))
	for _, i := range cells {
		p := 1 / (1 + math.Exp(-float64(score[i])))
		sum += p
		rows += p * (float64(i/y.width) + 0.5)
		x0, x1 = min(x0, i%y.width), max(x1, i%y.width+1)
		sizes = append(sizes, size[i])
	}
	slices.Sort(sizes)
	em := 1.06 * finderUnit * math.Exp2(min(max(float64(sizes[len(sizes)*7/10]), -1), 1))
	l := line{x0: float64(cell * x0), x1: float64(cell * x1), y: cell * rows / sum, em: em}
	long := (l.x1 - l.x0) / em
	l.score = sum / float64(len(cells)) * min(long, 6)
	return l, long >= 0.5
}
