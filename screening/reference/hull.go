package reference

import (
	"cmp"
	"slices"
)

// hullArea is the area of the convex hull of the blocks' centres, in square
// frame pixels (the monotone chain of Andrew 1979).
func hullArea(blocks []*block) float64 {
	points := slices.Clone(blocks)
	slices.SortFunc(points, func(a, b *block) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y)) })
	turn := func(a, b, c *block) float64 { return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x) }
	chain := func() (c []*block) {
		for _, p := range points {
			for len(c) > 1 && turn(c[len(c)-2], c[len(c)-1], p) <= 0 {
				c = c[:len(c)-1]
			}
			c = append(c, p)
		}
		return c
	}
	round := chain()
	slices.Reverse(points)
	round = append(round, chain()...)
	var twice float64
	for i, a := range round {
		b := round[(i+1)%len(round)]
		twice += a.x*b.y - b.x*a.y
	}
	return twice / 2
}
