package copymove

import (
	"cmp"
	"image"
	"math"
	"math/bits"
	"slices"

	"github.com/evenhand/evenhand/imaging/feature"
)

const (
	// apart is how far two spots must lie from each other, in pixels of the
	// plane they were found on, to be two places.
	apart = 28
	// alike and clearly bound the squared distance of descriptors, absolutely
	// and against the next best elsewhere (Lowe 2004, section 7.1; Amerini and
	// others, IEEE TIFS 6(3), 2011, for copies within one picture).
	alike   = 30_000
	clearly = 0.6
	// turned and grown are how far two copies may differ in direction, radians,
	// and size: what is moved without turning or scaling.
	turned = 0.12
	grown  = 1.15
)

// twin is a pair of spots that look alike.
type twin struct{ from, to int }

// twins pairs each spot with the one most like it elsewhere in the picture,
// neither turned nor scaled.
func twins(s *feature.Set) (found []twin) {
	desc := make([][128]uint8, len(s.Points))
	for i := range desc {
		desc[i] = s.Descriptor(i)
	}
	index := newByAngle(s.Points)
	var candidates []int
	for i := range desc {
		best, second, at := alike, math.MaxInt, -1
		candidates = index.about(candidates[:0], s.Points[i].Angle)
		for _, j := range candidates {
			if !upright(s.Points[i], s.Points[j]) || near(s.Points[i], s.Points[j]) {
				continue
			}
			d := distance2(&desc[i], &desc[j], second)
			switch {
			case d < best:
				if at < 0 || !near(s.Points[at], s.Points[j]) {
					second = best
				}
				best, at = d, j
			case d < second && at >= 0 && !near(s.Points[at], s.Points[j]):
				second = d
			case d < second && at < 0:
				second = d
			}
		}
		if at >= 0 && float64(best) < clearly*clearly*float64(second) {
			found = append(found, twin{i, at})
		}
	}
	return found
}

// byAngle finds spots by their angle.
type byAngle struct {
	angle []float64 // ascending
	spot  []int     // whose it is
	found []uint64  // a bit a spot
}

func newByAngle(points []feature.Point) *byAngle {
	b := &byAngle{spot: make([]int, len(points)), found: make([]uint64, len(points)/64+1)}
	for i := range b.spot {
		b.spot[i] = i
	}
	slices.SortFunc(b.spot, func(i, j int) int { return cmp.Compare(points[i].Angle, points[j].Angle) })
	for _, i := range b.spot {
		b.angle = append(b.angle, float64(points[i].Angle))
	}
	return b
}

// about adds to list, in order, the spots whose angle is within turned of this
// one, and a few more.
func (b *byAngle) about(list []int, angle float32) []int {
	const reach = 1.01 * turned
	for _, round := range [3]float64{0, 2 * math.Pi, -2 * math.Pi} {
		at := float64(angle) + round
		first, _ := slices.BinarySearch(b.angle, at-reach)
		for k := first; k < len(b.angle) && b.angle[k] <= at+reach; k++ {
			b.found[b.spot[k]/64] |= 1 << (b.spot[k] % 64)
		}
	}
	for w, found := range b.found {
		for ; found != 0; found &= found - 1 {
			list = append(list, 64*w+bits.TrailingZeros64(found))
		}
		b.found[w] = 0
	}
	return list
}

// upright is whether q could be p, moved without being turned or scaled.
func upright(p, q feature.Point) bool {
	spread := p.Angle - q.Angle
	if spread > math.Pi {
		spread -= 2 * math.Pi
	} else if spread < -math.Pi {
		spread += 2 * math.Pi
	}
	return spread < turned && spread > -turned && p.Scale < grown*q.Scale && q.Scale < grown*p.Scale
}

func near(p, q feature.Point) bool {
	return math.Abs(float64(p.X-q.X)) < apart && math.Abs(float64(p.Y-q.Y)) < apart
}

// distance2 stops where it passes limit.
func distance2(a, b *[128]uint8, limit int) int {
	sum := 0
	for k := 0; k < 128; k += 32 {
		for i := k; i < k+32; i++ {
			d := int(a[i]) - int(b[i])
			sum += d * d
		}
		if sum > limit {
			return sum
		}
	}
	return sum
}

// shift is a displacement that several pairs of spots agree on, in pixels of
// the plane, and the spots it begins at.
type shift struct {
	dx, dy float64
	spots  []int
}

const (
	// agree is how far displacements may differ within a shift, in pixels.
	agree = 2.5
	// fewestTwins make a shift worth a look, maxShifts of them are looked at.
	fewestTwins = 4
	maxShifts   = 6
)

// shifts groups the pairs by displacement, the largest groups first.
func shifts(s *feature.Set, pairs []twin) (out []shift) {
	type vector struct {
		dx, dy float64
		spot   int
	}
	var all []vector
	for _, t := range pairs {
		p, q := s.Points[t.from], s.Points[t.to]
		v := vector{float64(q.X - p.X), float64(q.Y - p.Y), t.from}
		if v.dy < 0 || v.dy == 0 && v.dx < 0 { // either end may have found the other
			v = vector{-v.dx, -v.dy, t.to}
		}
		all = append(all, v)
	}
	used := make([]bool, len(all))
	for range maxShifts {
		var best []int
		for i, v := range all {
			if used[i] {
				continue
			}
			var group []int
			for j, o := range all {
				if !used[j] && math.Hypot(v.dx-o.dx, v.dy-o.dy) <= agree {
					group = append(group, j)
				}
			}
			if len(group) > len(best) {
				best = group
			}
		}
		if len(best) == 0 {
			break
		}
		var sh shift
		seen := map[image.Point]bool{} // a spot on several levels is one
		for _, j := range best {
			used[j] = true
			sh.dx += all[j].dx / float64(len(best))
			sh.dy += all[j].dy / float64(len(best))
			p := s.Points[all[j].spot]
			if at := image.Pt(int(p.X)/6, int(p.Y)/6); !seen[at] {
				seen[at] = true
				sh.spots = append(sh.spots, all[j].spot)
			}
		}
		if len(sh.spots) < fewestTwins {
			break
		}
		out = append(out, sh)
	}
	slices.SortStableFunc(out, func(a, b shift) int { return cmp.Compare(len(b.spots), len(a.spots)) })
	return out
}
