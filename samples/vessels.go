package samples

import "math"

// vase is a porcelain vase, 24 cm tall, painted under the glaze in cobalt.
func vase(unit uint64) *model {
	r := random(unit, "vase")
	drawing := vasePainting().decal()
	seed := r.Uint32()
	turn, rise := spread(r, 0.02), spread(r, 0.004)
	shape := profile{{0, 3.6}, {0.7, 3.5}, {2, 3.75}, {6, 5.3}, {10, 6.7}, {14, 6.6}, {17, 4.7}, {19, 2.7}, {21, 2.05}, {22.6, 2.35}, {24, 3.3}}
	dist := func(p vec) float64 {
		d := max(turned(p, shape), -p.y)
		if p.y > 23 {
			d = smoothMax(d, p.y-23.9, 0.25)
		}
		if p.y > 18 {
			k, slope := shape.at(p.y)
			d = smoothMax(d, -(hypot(p.x, p.z)-k+0.32)/math.Sqrt(1+slope*slope), 0.18)
		}
		return d * 0.93
	}
	paint := func(p, n vec, foot float64) surface {
		s := surface{albedo: srgb(0xeef1f0), normal: n, rough: 0.09, f0: 0.055}
		k, _ := shape.at(p.y)
		if hypot(p.x, p.z) > k-0.2 {
			u := math.Atan2(p.x, p.z)/(2*math.Pi) + 0.5 + turn
			u -= math.Floor(u)
			v := 1 - p.y/24 + rise
			// The brush: cobalt gathers and thins, and bleeds a little.
			bleed := 0.0016 * noise2(u*300, v*190, seed)
			ink := drawing.at(u+bleed, v+bleed, foot/(2*math.Pi*max(k, 2)))
			thin := 0.16 * (1 + cloud3(p.mul(1.6), foot*1.6, 4, seed+1)*2)
			s.albedo = blend(ink, srgb(0xeef1f0), clamp(thin, 0, 0.5)).times(vec{0.99, 1, 1})
		}
		if p.y < 0.35 {
			s.albedo, s.f0 = srgb(0xd8c3a4).mul(0.9+0.2*cloud3(p.mul(8), foot*8, 2, seed+2)), 0
		}
		if pit, id := cell3(p.mul(1.1), seed+3); share01(id) < 0.25 {
			s.albedo = blend(s.albedo, srgb(0x55423a), 0.5*step01(0.05+foot, 0.03, pit))
		}
		wave := slope3(p.mul(0.55), seed+4)
		s.normal = n.along(wave.along(n, -wave.dot(n)), 0.008).unit()
		return s
	}
	return &model{round: true, lo: vec{-6.9, 0, -6.9}, hi: vec{6.9, 24.1, 6.9}, dist: dist, paint: paint}
}

// vasePainting is the whole skin of the vase, 36 units round and 24 high.
func vasePainting() *artwork {
	const deep, mid, pale = 0x1c3578, 0x3458a5, 0x86a3d6
	a := newArtwork(36, 24, 44, 0xf4f6f4)
	for _, y := range []float64{0.35, 0.75, 4.3, 6.6, 7.0, 18.3, 18.7, 23.2} {
		a.rect(0, y, 36, 0.13, deep)
	}
	for i := range 18 { // plantain leaves on the neck, lappets at the foot
		x := float64(i) * 2
		a.leaf(x+1, 4.2, 3.2, 0.95, -90, mid)
		a.leaf(x+1, 4.2, 2.6, 0.4, -90, 0xf4f6f4)
		a.leaf(x+1, 4.2, 2.3, 0.2, -90, deep)
		a.leaf(x+1, 18.9, 4, 1.3, 90, deep)
		a.leaf(x+1, 18.9, 3.4, 0.85, 90, 0xf4f6f4)
		a.leaf(x+1, 18.9, 2.7, 0.45, 90, mid)
		a.round(x, 5.45, 0.8, 0.75, 0, pale)
		a.round(x, 5.45, 0.5, 0.45, 0, 0xf4f6f4)
		a.round(x, 5.45, 0.2, 0.2, 0, deep)
	}
	for i := range 6 { // peonies on a winding stem
		x, y := float64(i)*6+3, 12.6+1.1*float64(i%2*2-1)
		var stem []float64
		for k := range 25 {
			t := float64(k) / 24
			stem = append(stem, x-6+6*t, y-2.2*math.Cos(math.Pi*t)*float64(i%2*2-1)+0.5*math.Sin(9*t))
		}
		a.stroke(mid, 0.16, stem...)
		for k := range 6 {
			angle := float64(k)*60 + 20
			sn, cs := math.Sincos(angle * math.Pi / 180)
			a.leaf(x+2*cs, y+1.9*sn, 1.9, 0.75, angle+35, mid)
			a.leaf(x+2*cs, y+1.9*sn, 1.5, 0.16, angle+35, pale)
		}
		for ring, tone := range []uint32{deep, pale, mid, 0xf4f6f4} {
			l := 1.85 - 0.42*float64(ring)
			for k := range 9 {
				angle := float64(k)*40 + 20*float64(ring)
				sn, cs := math.Sincos(angle * math.Pi / 180)
				a.round(x+0.62*l*cs, y+0.62*l*sn, 0.5*l, 0.36*l, angle, tone)
			}
		}
		a.round(x, y, 0.34, 0.34, 0, deep)
		for k := range 3 {
			cy := y - 3.9*float64(i%2*2-1) + 0.5*float64(k)
			cx := x + 0.6*float64(k-1)
			a.leaf(cx, cy, 1.5, 0.5, float64(k)*70+200, pale)
			a.leaf(cx, cy, 1.1, 0.2, float64(k)*70+200, deep)
		}
	}
	return a
}

// tin is a tea tin with a paper label and a pressed lid, 15 cm tall.
func tin(unit uint64) *model {
	r := random(unit, "tin")
	label := tinLabel().decal()
	seed := r.Uint32()
	turn, rise := spread(r, 0.03), spread(r, 0.08)
	ding := vec{4.6, between(r, 2, 10), 0}
	dingTurn := turnBy(r.Float64() * 360)
	dist := func(p vec) float64 {
		body := disc(p, 4.5, 0, 11.6, 0.2)
		rib := hypot(hypot(p.x, p.z)-4.5, p.y-0.35) - 0.14
		lid := disc(p, 4.62, 11.5, 14.2, 0.35)
		lip := hypot(hypot(p.x, p.z)-4.6, p.y-11.75) - 0.16
		step := disc(p, 3.7, 14, 14.5, 0.18)
		d := min(smoothMin(lid, step, 0.2), lip, rib)
		d = min(d, body)
		q := dingTurn.apply(p).sub(ding)
		return smoothMax(d, -(vec{q.x - 2.3, q.y, q.z}.length()-2.33), 0.12) * 0.95
	}
	paint := func(p, n vec, foot float64) surface {
		scratch := cloud3(vec{p.x * 6, p.y * 0.8, p.z * 6}, foot*6, 3, seed)
		if p.y > 11.55 || p.y < 0.55 {
			a := srgb(0xc79a4b).mul(0.9 + 0.12*scratch)
			wave := slope3(p.mul(1.2), seed+1)
			return surface{albedo: a, normal: n.along(wave.along(n, -wave.dot(n)), 0.012).unit(), rough: 0.2 + 0.12*scratch, f0: 0.8, metal: true}
		}
		u := math.Atan2(p.x, p.z)/(2*math.Pi) + 0.5 + turn
		u -= math.Floor(u)
		s := surface{normal: n, rough: 0.36, f0: 0.04, albedo: label.at(u, (11.55-p.y+rise)/11, foot/28.3)}
		s.albedo = s.albedo.mul(0.96 + 0.08*cloud3(p.mul(5), foot*5, 3, seed+2))
		wrinkle := slope3(vec{p.x, p.y * 0.4, p.z}, seed+3)
		s.normal = n.along(wrinkle.along(n, -wrinkle.dot(n)), 0.014).unit()
		return s
	}
	return &model{round: true, lo: vec{-4.9, 0, -4.9}, hi: vec{4.9, 14.7, 4.9}, dist: dist, paint: paint}
}

func tinLabel() *artwork {
	const w, h = 28.3, 11.0
	a := newArtwork(w, h, 60, 0x7b2d26)
	for i := range 36 {
		for j := range 14 {
			x, y := float64(i)*w/36+0.39*float64(j%2), float64(j)*h/14+0.4
			a.leaf(x-0.3, y, 0.6, 0.2, 0, 0x8d3b31)
			a.round(x, y+0.33, 0.07, 0.07, 0, 0xa65a45)
		}
	}
	a.rect(0, 0, w, 0.3, 0xd9b25f)
	a.rect(0, h-0.3, w, 0.3, 0xd9b25f)
	for k := range 2 {
		x := w/2 + float64(k)*w/2
		for _, at := range []float64{x, x - w} {
			a.round(at, 5.4, 3.75, 4.5, 0, 0xd9b25f)
			a.round(at, 5.4, 3.55, 4.3, 0, 0xf3ead3)
			a.round(at, 5.4, 3.4, 4.15, 0, 0x7b2d26)
			a.round(at, 5.4, 3.32, 4.07, 0, 0xf3ead3)
			for i := range 3 {
				a.leaf(at, 3.9, 1.7, 0.62, -90+42*float64(i-1), 0x4d6b3a)
				a.leaf(at, 3.9, 1.4, 0.1, -90+42*float64(i-1), 0x9db07a)
			}
			a.text("MOUNTAIN", at, 5.2, 0.98, 0.5, bold, 0x4a1f1a)
			a.text("OOLONG", at, 6.4, 1.12, 0.5, bold, 0x7b2d26)
			a.rect(at-1.9, 6.75, 3.8, 0.06, 0xd9b25f)
			a.text("spring harvest", at, 7.5, 0.62, 0.5, italic, 0x4a1f1a)
			a.text("NET 125 g", at, 8.5, 0.5, 0.5, regular, 0x4a1f1a)
		}
	}
	a.barcode(w/4-1.3, 6.6, 2.6, 1.7, 99)
	a.text("Steep 3 g in 150 ml at 95 °C", w/4, 3.4, 0.42, 0.5, regular, 0xf3ead3)
	a.text("for two minutes. Store dry.", w/4, 4.0, 0.42, 0.5, regular, 0xf3ead3)
	return a
}
