package samples

import "math"

// mug is a stoneware mug, 8.6 cm across and 9.6 cm tall, with a printed band
// and a speckled glaze.
func mug(unit uint64) *model {
	r := random(unit, "mug")
	band := mugBand().decal()
	seed := r.Uint32()
	shift, rise, lean := spread(r, 0.02), spread(r, 0.06), spread(r, 0.012)
	handle := spread(r, 0.15)
	dist := func(p vec) float64 {
		p.x -= lean * p.y
		radius := hypot(p.x, p.z)
		wall := 4.12 + 0.018*p.y
		outer := disc(p, wall, 0, 9.6, 0.22)
		d := outer
		if radius < wall && p.y > 0.3 {
			d = smoothMax(outer, -disc(p, wall-0.36, 0.75, 14, 0.6), 0.22)
		}
		if radius < 4 {
			return d
		}
		// The handle: a loop in the plane z = 0, flattened to a strap.
		q := vec{p.x - 4.5, (p.y - 5 - handle) * 0.86, p.z}
		ring := hypot(hypot(q.x, q.y)-2.45, q.z*0.78) - 0.42
		ring *= 0.85
		return smoothMin(d, ring, 0.45)
	}
	paint := func(p, n vec, foot float64) surface {
		radius := hypot(p.x, p.z)
		glaze := srgb(0xf1e9da)
		if radius < 3.95 && p.y > 0.5 {
			glaze = srgb(0xe9e2d2)
		}
		cloud := cloud3(p.mul(0.5), foot, 3, seed)
		s := surface{albedo: glaze.mul(0.93 + 0.1*cloud), normal: n, rough: 0.16, f0: 0.045}
		if fleck, id := cell3(p.mul(2.6), seed+1); share01(id) < 0.42 && p.y < 9.5 {
			size := 0.06 + 0.13*share01(id*77)
			s.albedo = blend(s.albedo, srgb(0x6b4a31), 0.8*step01(size+foot*2, size-foot, fleck))
		}
		outside := radius > 3.98 && hypot(p.x-4.2, p.z) > 0 && math.Abs(n.y) < 0.5
		if outside && p.y > 2.2 && p.y < 7.5 && !(p.x > 4.35 && math.Abs(p.z) < 0.9) {
			u := math.Atan2(p.x, p.z)/(2*math.Pi) + 0.5 + shift
			u -= math.Floor(u)
			v := (7.45 - p.y + rise) / 5.2
			if v > 0 && v < 1 {
				ink := band.at(u, v, foot/27)
				cover := 0.96 * step01(0, 0.012, v) * step01(1, 0.988, v)
				s.albedo = blend(s.albedo, ink.mul(0.97+0.05*cloud), cover)
				s.rough = 0.22
			}
		}
		if p.y < 0.45 { // the foot is left unglazed
			bare := step01(0.45, 0.3, p.y+0.05*cloud)
			s.albedo = blend(s.albedo, srgb(0xb08a66).mul(0.9+0.25*cloud3(p.mul(9), foot*9, 2, seed+3)), bare)
			s.f0 *= 1 - bare
			s.rough = lerp(s.rough, 0.9, bare)
		}
		if p.y > 9.35 { // and the rim shows the clay through
			s.albedo = blend(s.albedo, srgb(0x9a6f4a), 0.65*step01(9.38, 9.6, p.y+0.05*cloud))
		}
		wobble := slope3(p.mul(0.9), seed+5)
		s.normal = n.along(wobble.along(n, -wobble.dot(n)), 0.012).unit()
		return s
	}
	return &model{lo: vec{-4.5, 0, -4.5}, hi: vec{7.7, 9.7, 4.5}, dist: dist, paint: paint}
}

// mugBand is the transfer print: leaves, dots and a word, once round.
func mugBand() *artwork {
	const w, h = 27.0, 5.2
	a := newArtwork(w, h, 64, 0x24534f)
	a.rect(0, 0, w, 0.24, 0xd9a441)
	a.rect(0, h-0.24, w, 0.24, 0xd9a441)
	for i := range 9 {
		x := float64(i)*3 + 1.5
		tone := [3]uint32{0xe9d8a6, 0x94b49f, 0xe07a5f}[i%3]
		a.stroke(0xf4efe0, 0.07, x, 4.6, x+0.15, 3.2, x-0.1, 1.4)
		for k := range 4 {
			y := 4.1 - float64(k)*0.72
			l := 1.25 - 0.16*float64(k)
			a.leaf(x+0.05, y, l, 0.36, -38, tone)
			a.leaf(x+0.05, y, l, 0.36, -142, tone)
		}
		a.leaf(x-0.1, 1.5, 0.85, 0.3, -92, tone)
		a.round(x+1.5, 0.85, 0.17, 0.17, 0, 0xd9a441)
		a.round(x+1.5, 4.4, 0.12, 0.12, 0, 0xf4efe0)
		a.round(x+1.5, 2.2, 0.26, 0.26, 0, 0xe07a5f)
		a.round(x+1.5, 2.2, 0.11, 0.11, 0, 0xf4efe0)
	}
	a.rect(9.4, 1.25, 5.2, 2.7, 0xf4efe0)
	a.rect(9.52, 1.37, 4.96, 2.46, 0x24534f)
	a.text("Evenhand", 12, 2.6, 1.02, 0.5, italic, 0xf4efe0)
	a.text("GOOD MORNING", 12, 3.4, 0.44, 0.5, bold, 0xd9a441)
	return a
}
