package reference

import (
	"math"

	"github.com/evenhand/evenhand/imaging"
)

// similarity is x' = a·u − b·y + c, y' = b·u + a·y + d with u = x, or u = −x
// where mirrored: the only maps a copied picture goes through, up to the
// slight stretch of rounded sizes.
type similarity struct {
	a, b, c, d float64
	mirrored   bool
}

func (s similarity) apply(x, y float64) (float64, float64) {
	if s.mirrored {
		x = -x
	}
	return s.a*x - s.b*y + s.c, s.b*x + s.a*y + s.d
}

func (s similarity) scale() float64 { return math.Hypot(s.a, s.b) }

func (s similarity) affine() imaging.Affine {
	m := imaging.Affine{A: s.a, B: -s.b, C: s.c, D: s.b, E: s.a, F: s.d}
	if s.mirrored {
		m.A, m.D = -m.A, -m.D
	}
	return m
}

// pointPair is one correspondence: (x, y) in one picture, (u, v) in the other.
type pointPair struct{ x, y, u, v, weight float64 }

// fitSimilarity is the weighted least-squares similarity through pairs
// (Umeyama 1991 without the scale constraint; in two dimensions it is linear).
func fitSimilarity(pairs []pointPair, mirrored bool) (similarity, bool) {
	var w, mx, my, mu, mv float64
	flip := 1.0
	if mirrored {
		flip = -1
	}
	for _, p := range pairs {
		w += p.weight
		mx += p.weight * flip * p.x
		my += p.weight * p.y
		mu += p.weight * p.u
		mv += p.weight * p.v
	}
	if w == 0 {
		return similarity{}, false
	}
	mx, my, mu, mv = mx/w, my/w, mu/w, mv/w
	var n, re, im float64
	for _, p := range pairs {
		x, y, u, v := flip*p.x-mx, p.y-my, p.u-mu, p.v-mv
		n += p.weight * (x*x + y*y)
		re += p.weight * (x*u + y*v)
		im += p.weight * (x*v - y*u)
	}
	if n <= 1e-9 {
		return similarity{}, false
	}
	s := similarity{a: re / n, b: im / n, mirrored: mirrored}
	if s.scale() < 1e-3 {
		return similarity{}, false
	}
	s.c = mu - s.a*mx + s.b*my
	s.d = mv - s.b*mx - s.a*my
	return s, true
}
