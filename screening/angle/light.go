package angle

import "github.com/evenhand/evenhand/imaging"

// What a light in the second picture looks like.
const (
	nearlyBurnt    = 240  // grey level
	lightAbove     = 10.0 // grey levels above the brightest next to a block: a light
	burntShare     = 0.04 // of a block that are burnt: it says nothing
	brightTogether = 300  // pixels: the brightest of a picture
	brightWithin   = 2    // grey levels below the darkest of those
	lightReach     = 40   // pixels about a block that a light spoils
	lightMore      = 1.5  // times as many bright pixels as in the first picture, and
	lightLeast     = 40   // so many more
)

// brightest is the level that the brightest pixels of a plane reach together:
// where a light burnt out, the level it burnt to, however it was toned since.
func brightest(p *imaging.Plane) float32 {
	var count [257]int
	for _, v := range p.Pix {
		count[int(min(max(v, 0), 256))]++
	}
	n := 0
	for l := 256; l > 0; l-- {
		if n += count[l]; n >= brightTogether {
			return float32(l) - brightWithin
		}
	}
	return 0
}

// lit is whether a light lies on what was sampled: it is brighter than the
// level, or burnt out in part.
func (t *template) lit(level float64) bool {
	n, sum := 0, 0.0
	for _, v := range t.seen {
		sum += float64(v)
		if v >= nearlyBurnt {
			n++
		}
	}
	return sum/patchArea > level || float64(n) > burntShare*patchArea
}

// lightNear is whether the second picture has a light near (u, v) that the
// first has not near (x, y): what lies in its halo differs honestly.
func (p *Pair) lightNear(x, y, u, v float64) bool {
	there, here := countBright(p.b, u, v, p.brightB), countBright(p.a, x, y, p.brightA)
	return float64(there) > lightMore*float64(here)+lightLeast
}

func countBright(p *imaging.Plane, x, y float64, level float32) (n int) {
	for r := max(0, int(y)-lightReach); r < min(p.Height, int(y)+lightReach); r++ {
		row := p.Row(r)
		for c := max(0, int(x)-lightReach); c < min(p.Width, int(x)+lightReach); c++ {
			if row[c] >= level {
				n++
			}
		}
	}
	return n
}
