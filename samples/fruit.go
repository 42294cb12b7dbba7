package samples

import "math"

// piece is one fruit in the bowl.
type piece struct {
	kind int // 0 apple, 1 orange
	at   vec
	r    float64
	tip  vec // direction of its stem
	hue  float64
	seed uint32
}

// fruit is a wooden bowl with apples, oranges and two bananas, 23 cm across.
func fruit(unit uint64) *model {
	r := random(unit, "fruit")
	var all []piece
	for i, at := range []vec{{-4.5, 6.7, 3.7}, {4.4, 6.6, 3.9}, {0.1, 6.9, 6.2}, {-5.2, 6.6, -3.2}, {4.9, 6.7, -3.4}, {0, 8.2, -0.6}} {
		kind := i & 1
		if i == 2 {
			kind = 1
		}
		all = append(all, piece{
			kind: kind, at: at.add(vec{spread(r, 0.3), spread(r, 0.2), spread(r, 0.3)}), r: between(r, 3.35, 3.8),
			tip: vec{spread(r, 0.8), 1, spread(r, 0.8)}.unit(), hue: r.Float64(), seed: r.Uint32(),
		})
	}
	all[0].tip = vec{-0.2, 0.85, 0.5}.unit()
	seed := r.Uint32()
	bend := [2]float64{spread(r, 0.4), spread(r, 0.4)}
	banana := func(p vec, i int) (float64, float64, float64) {
		q := vec{p.x, p.y - 3.3 - bend[i] + 0.5*float64(i), p.z + 4.3 - 2.9*float64(i) + 0.12*p.x*float64(2*i-1)}
		a := math.Atan2(q.x, q.y)
		t := clamp(a, -0.78, 0.80)
		sn, cs := math.Sincos(t)
		ox, oy := q.x-9.6*sn, q.y-9.6*cs
		radial := ox*sn + oy*cs
		along := ox*cs - oy*sn
		end := math.Abs(t) / 0.8
		width := 1.72 * math.Sqrt(max(1-end*end*end*end*0.82, 0.02))
		if t > 0.62 {
			width = min(width, lerp(1.1, 0.48, step01(0.62, 0.74, t)))
		}
		phi := math.Atan2(q.z, radial)
		return math.Sqrt(radial*radial+q.z*q.z+along*along) - width*(1-0.05*math.Cos(5*phi)), t, phi
	}
	bowlShape := profile{{0, 5}, {0.8, 5.2}, {2, 7.6}, {4, 9.9}, {6.4, 11.2}}
	bowl := func(p vec) float64 {
		d := max(turned(p, bowlShape), -p.y)
		d = smoothMax(d, p.y-6.3, 0.3)
		k, slope := bowlShape.at(max(p.y-0.5, 0.9))
		return smoothMax(d, -max((hypot(p.x, p.z)-k+0.75)/math.Sqrt(1+slope*slope), 1.2-p.y), 0.3) * 0.9
	}
	dist := func(p vec) float64 {
		d := 99.0
		if p.y < 9 {
			d = bowl(p)
		} else {
			d = hypot(max(hypot(p.x, p.z)-11.2, 0), p.y-6.3)
		}
		for i := range all {
			f := &all[i]
			if b := ball(p, f.at, f.r); b > 1.2 {
				d = min(d, b-0.5)
			} else {
				d = min(d, f.dist(p))
			}
		}
		for i := range 2 {
			// Away from the banana a box round it is near enough.
			far := roundBox(vec{p.x, p.y - 12.1 + 0.5*float64(i), p.z + 4.3 - 2.9*float64(i)}, vec{9, 3.1, 2.8}, 0)
			if far > 0.7 {
				d = min(d, far)
			} else {
				b, _, _ := banana(p, i)
				d = min(d, b*0.9)
			}
		}
		return d * 0.95
	}
	paint := func(p, n vec, foot float64) surface {
		for i := range 2 {
			if b, t, phi := banana(p, i); b < 0.06 {
				return bananaSkin(p, n, foot, t, phi, seed+uint32(i))
			}
		}
		for i := range all {
			if f := &all[i]; f.dist(p) < 0.06 {
				return f.paint(p, n, foot)
			}
		}
		if hypot(p.x, p.z) > 11.5 || p.y > 6.6 {
			return surface{albedo: srgb(0x5a3b22), normal: n, rough: 0.8}
		}
		s := wood(vec{p.x * 0.9, 0, p.z*0.5 + p.y*1.7}, foot, srgb(0x9a6436), seed+7)
		s.normal, s.rough = n, 0.3
		return s
	}
	return &model{round: true, lo: vec{-11.5, 0, -11.5}, hi: vec{11.5, 14.8, 11.5}, dist: dist, paint: paint}
}

func (f *piece) dist(p vec) float64 {
	q := p.sub(f.at)
	y := q.dot(f.tip)
	x := math.Sqrt(max(q.dot(q)-y*y, 0))
	if f.kind == 1 {
		d := hypot(x, y*1.03) - f.r
		return d + 0.12*step01(0.6, 0.1, x)*step01(0, 1, y)
	}
	x *= 1 - 0.035*y
	d := hypot(x-f.r*0.36, y*0.98) - f.r*0.66
	stem := hypot(x-0.12*max(y-1, 0), max(math.Abs(y-f.r*0.62)-1.1, 0)) - 0.16
	return min(d*0.95, stem)
}

func (f *piece) paint(p, n vec, foot float64) surface {
	q := p.sub(f.at)
	y := q.dot(f.tip) / f.r
	x := math.Sqrt(max(q.dot(q)/f.r/f.r-y*y, 0))
	if f.kind == 1 {
		pore, _ := cell3(q.mul(4.6), f.seed)
		pit := step01(0.42, 0.12, pore) * (1 - step01(0.06, 0.22, foot))
		a := blend(srgb(0xf08a1d), srgb(0xe8741a), 0.5+0.8*cloud3(q.mul(0.6), foot, 3, f.seed+1)).mul(1 - 0.14*pit)
		if x < 0.13 && y > 0 {
			a = srgb(0x5d6b35)
		}
		bump := slope3(q.mul(4.6), f.seed+2).mul(1 - step01(0.06, 0.25, foot))
		return surface{albedo: a, normal: n.along(bump.along(n, -bump.dot(n)), 0.07).unit(), rough: 0.36, f0: 0.045, soft: 0.22}
	}
	if x < 0.14 && y > 0.1 {
		return surface{albedo: srgb(0x4f3a22), normal: n, rough: 0.9}
	}
	ref := vec{f.tip.y, -f.tip.x, 0}.unit()
	around := math.Atan2(q.dot(f.tip.cross(ref)), q.dot(ref))
	streak := cloud2(around*4, y*0.8, foot, 4, f.seed)
	blush := step01(-0.75, 0.5, 0.5*streak+0.75*math.Sin(around+6*f.hue)+0.35-0.3*y)
	a := blend(srgb(0xd3b34c), srgb(0xa81c22), blush)
	a = a.mul(0.92 + 0.25*cloud2(around*9, y*1.5, foot*3, 3, f.seed+1)*blush)
	a = blend(a, srgb(0xa9a443), 0.8*step01(0.4, 0.1, x)*step01(0, 0.3, y))
	if dot, id := cell3(q.mul(2.6), f.seed+2); share01(id) < 0.6 {
		a = blend(a, srgb(0xe8cf8e), 0.7*step01(0.09+foot, 0.04, dot))
	}
	return surface{albedo: a, normal: n, rough: 0.2, f0: 0.045, soft: 0.12}
}

func bananaSkin(p, n vec, foot, t, phi float64, seed uint32) surface {
	a := blend(srgb(0xf2cb3d), srgb(0xdfae2b), 0.5+0.7*cloud3(p.mul(0.5), foot, 3, seed))
	ridge := math.Abs(math.Sin(2.5 * phi))
	a = a.mul(0.94 + 0.08*ridge)
	fleck := cloud3(vec{p.x * 2.2, p.y * 2.2, p.z * 5}, foot*4, 4, seed+1)
	a = blend(a, srgb(0x6b4420), 0.75*step01(0.3, 0.42, fleck))
	a = blend(a, srgb(0x9aa13a), 0.6*step01(0.5, 0.72, t))
	a = blend(a, srgb(0x3b2a18), step01(-0.72, -0.79, t)+0.8*step01(0.765, 0.8, t))
	return surface{albedo: a, normal: n, rough: 0.42, f0: 0.04, soft: 0.2}
}
