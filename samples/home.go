package samples

import "math"

// warehouse is a packing bench: laminate or cardboard under strip lights.
func warehouse(s Shot, m *model) *scene {
	r := random(s.Seed, "warehouse")
	seed := r.Uint32()
	key := towards(s.KeyYaw, s.KeyElevation)
	tint := warmth(s.KeyWarmth)
	l := lights{
		key: key, keyColor: tint.mul(0.62), softness: 0.3, fill: towards(s.KeyYaw+150, 55),
		fillCol: tint.mul(0.16), zenith: tint.mul(0.46), horizon: vec{0.14, 0.14, 0.15}, bounce: vec{0.2, 0.18, 0.15},
	}
	l.around = func(d vec, rough float64) vec {
		// Two rows of tubes on a grey ceiling.
		base := 0.12 + 0.3*step01(0, 0.9, d.y)
		if d.y > 0.12 {
			x, z := d.x/d.y, d.z/d.y
			e := 0.03 + 0.5*rough
			for _, row := range [2]float64{-0.75, 0.55} {
				base += 2.4 * (1 - 0.7*rough) * step01(0.09+e, 0.09-e, math.Abs(x-row)) * step01(1.6, 1.3, math.Abs(z))
			}
		}
		return tint.mul(base)
	}
	ground := srgb([]uint32{0x9a9c98, 0xa9865c, 0x5d6a63, 0xb9b4a8}[r.IntN(4)])
	turned := turnBy(spread(r, 20))
	sc := &scene{lights: l, tableEnd: -between(r, 45, 80)}
	mat := r.IntN(2) == 0
	sc.table = func(p vec, foot float64) surface {
		q := turned.apply(p)
		c := cloud2(q.x*0.3, q.z*0.3, foot*0.3, 5, seed)
		fine := cloud2(q.x*9, q.z*9, foot*9, 2, seed+1)
		scuff := step01(0.32, 0.5, cloud2(q.x*0.9, q.z*0.12, foot*0.9, 4, seed+2))
		a := ground.mul(0.92 + 0.16*c + 0.18*fine).add(vec{0.05, 0.05, 0.05}.mul(scuff))
		if mat { // a cutting mat's grid
			gx, gz := math.Abs(q.x/5-math.Round(q.x/5))*5, math.Abs(q.z/5-math.Round(q.z/5))*5
			line := max(step01(0.06+foot, 0.03, gx), step01(0.06+foot, 0.03, gz))
			a = blend(a, vec{0.62, 0.66, 0.6}, 0.55*line)
		}
		return surface{albedo: a, normal: vec{0, 1, 0}, rough: 0.5 + 0.2*c, f0: 0.03}
	}
	wall := srgb(0x8c8f93)
	sc.backdrop = func(o, d vec) vec {
		p := o.along(d, (sc.tableEnd-90-o.z)/min(d.z, -0.05))
		// Shelving with cartons, far out of focus.
		row, col := math.Floor(p.y/28+20), math.Floor(p.x/36)
		h := mix32(int32(row), int32(col), 3, seed)
		fx, fy := p.x/36-col, p.y/28+20-row
		carton := step01(0.06, 0.16, fx) * step01(0.96, 0.86, fx) * step01(0.04, 0.12, fy) * step01(0.92, 0.8, fy-0.25*share01(h*31))
		c := blend(wall.mul(0.35), blend(srgb(0xa07a4c), srgb(0xc9a878), share01(h)), carton*step01(0.1, 0.14, share01(h*7)))
		return c.mul(0.5)
	}
	sc.things = clutter(s, m, sc.tableEnd, r.Uint64(), []uint32{0xb98d5a, 0xc49a66, 0x2e3b4e})
	return sc
}

// home is a buyer's table by a window.
func home(s Shot, m *model) *scene {
	r := random(s.Seed, "home")
	key := towards(s.KeyYaw, s.KeyElevation)
	tint := warmth(s.KeyWarmth)
	l := lights{
		key: key, keyColor: tint.mul(0.95), softness: 0.13, fill: towards(s.KeyYaw+160, 40),
		fillCol: vec{0.1, 0.095, 0.085}, zenith: vec{0.42, 0.42, 0.43}, horizon: vec{0.12, 0.115, 0.11}, bounce: vec{0.16, 0.135, 0.11},
	}
	right := vec{0, 1, 0}.cross(key).unit()
	up := key.cross(right)
	l.around = func(d vec, rough float64) vec {
		base := vec{0.2, 0.185, 0.165}.mul(0.7 + 0.5*d.y)
		f := d.dot(key)
		if f <= 0 {
			return base
		}
		e := 0.015 + 0.5*rough
		x, y := math.Abs(d.dot(right)/f), d.dot(up)/f
		pane := step01(0.34+e, 0.34-e, x) * step01(0.46+e, 0.46-e, math.Abs(y)) * step01(0.012-e, 0.012+e, x) * step01(0.012-e, 0.012+e, math.Abs(y-0.1))
		return base.add(tint.mul(2.9 * pane * (1 - 0.6*rough)))
	}
	sc := &scene{lights: l, tableEnd: -between(r, 26, 60)}
	seed := r.Uint32()
	spin := turnBy(spread(r, 35))
	if r.IntN(5) < 3 {
		tone := srgb([]uint32{0xa9713f, 0xc59a63, 0x7a4c2b, 0xd8b98a}[r.IntN(4)])
		sc.table = func(p vec, foot float64) surface { return wood(spin.apply(p), foot, tone, seed) }
	} else {
		tone := srgb([]uint32{0xd9d2c3, 0x7d8c99, 0xb7a994, 0x9aa68f}[r.IntN(4)])
		other := srgb([]uint32{0xffffff, 0xa4473d, 0x39527a}[r.IntN(3)])
		sc.table = func(p vec, foot float64) surface { return cloth(spin.apply(p), foot, tone, other, seed) }
	}
	wall := srgb([]uint32{0xd7d0c4, 0xb9c0bd, 0xc9b9a4, 0xa8b2bf}[r.IntN(4)])
	edge := spread(r, 60)
	dark := srgb([]uint32{0x4a3b30, 0x39464f, 0x6a6258}[r.IntN(3)])
	sc.backdrop = func(o, d vec) vec {
		p := o.along(d, (sc.tableEnd-70-o.z)/min(d.z, -0.05))
		c := wall.mul(0.5 + 0.0016*clamp(p.y, -60, 160) + 0.05*noise2(p.x*0.02, p.y*0.02, seed))
		c = blend(c, dark.mul(0.7), step01(-6, 6, p.x-edge-0.04*p.y)*step01(150, 140, p.x-edge))
		return blend(c, dark.mul(0.4), step01(-28, -34, p.y))
	}
	sc.things = clutter(s, m, sc.tableEnd, r.Uint64(), []uint32{0x39527a, 0xa4473d, 0xe4dfd2, 0x4f6b57, 0x2b2b2e})
	return sc
}

// wood is a planked table top with figure, pores and a satin finish.
func wood(p vec, foot float64, tone vec, seed uint32) surface {
	plank := math.Floor(p.z / 11)
	h := mix32(int32(plank), 7, 7, seed)
	z := p.z - plank*11
	x := p.x + 300*share01(h)
	warp := cloud2(x*0.035, z*0.2+plank*5, foot*0.2, 3, seed)
	ring := 0.5 + 0.5*math.Sin((z*0.9+warp*9+plank*3)*2.1)
	fade := 1 - step01(0.3, 1.2, foot)
	grain := cloud2(x*0.5, z*9, foot*9, 4, seed+1)
	pores := step01(0.2, 0.5, cloud2(x*1.2, z*26, foot*20, 3, seed+2))
	v := 0.86 + 0.22*(ring-0.5)*fade + 0.35*grain - 0.2*pores + 0.22*(share01(h*3)-0.5)
	a := tone.times(vec{v, v * (0.97 + 0.03*ring), v * (0.93 + 0.07*ring)})
	seam := step01(0.10+foot, 0.03, min(z, 11-z))
	a = a.mul(1 - 0.65*seam)
	return surface{albedo: a, normal: vec{0.03 * grain, 1, 0.08*grain + 0.02*warp}.unit(), rough: 0.42 + 0.2*pores, f0: 0.035}
}

// cloth is a woven table cloth with a printed stripe and soft folds.
func cloth(p vec, foot float64, tone, other vec, seed uint32) surface {
	fold := cloud2(p.x*0.045, p.z*0.045, foot*0.05, 2, seed)
	fade := 1 - step01(0.05, 0.2, foot)
	const pitch = 0.17
	u, v := p.x/pitch, p.z/pitch
	over := math.Sin(math.Pi*u) * math.Sin(math.Pi*v)
	slub := cloud2(p.x*0.8, p.z*6, foot*6, 3, seed+1) + cloud2(p.x*6, p.z*0.8, foot*6, 3, seed+2)
	a := tone
	if s := math.Abs(p.x/14 - math.Round(p.x/14)); s < 0.09 {
		a = blend(a, other, 0.8*step01(0.09, 0.085, s)*step01(0.03, 0.035, math.Abs(s-0.055)))
	}
	if s := math.Abs(p.z/14 - math.Round(p.z/14)); s < 0.09 {
		a = blend(a, other, 0.5*step01(0.09, 0.085, s))
	}
	a = a.mul(0.9 + 0.14*over*fade + 0.2*slub)
	e := 0.6
	fx := cloud2((p.x+e)*0.045, p.z*0.045, foot*0.05, 2, seed) - fold
	fz := cloud2(p.x*0.045, (p.z+e)*0.045, foot*0.05, 2, seed) - fold
	n := vec{-fx*3 + 0.12*slub, 1, -fz*3 + 0.1*over*fade}.unit()
	return surface{albedo: a, normal: n, rough: 1}
}

// clutter is what else lies about: boxes, a notebook, a cup, behind and
// beside the product, never in front of it.
func clutter(s Shot, m *model, end float64, seed uint64, tones []uint32) []thing {
	r := random(seed, "clutter")
	reach := hypot(max(-m.lo.x, m.hi.x), max(-m.lo.z, m.hi.z))
	var out []thing
	for i := range 1 + r.IntN(3) {
		tone := srgb(tones[r.IntN(len(tones))])
		angle := s.Yaw + 180 + spread(r, 75)
		if i == 1 {
			angle = s.Yaw + 90*side(r) + spread(r, 15)
		}
		var c *model
		if r.IntN(3) == 0 {
			c = cup(tone, between(r, 2.4, 4), between(r, 5, 12))
		} else {
			c = slab(tone, vec{between(r, 4, 9), between(r, 0.4, 4), between(r, 5, 10)}, r.Uint32())
		}
		far := reach + hypot(c.hi.x, c.hi.z) + between(r, 1, 9)
		sn, cs := math.Sincos(angle * math.Pi / 180)
		at := vec{sn * far, 0, cs * far}
		if at.z < end+hypot(c.hi.x, c.hi.z) {
			continue
		}
		out = append(out, thing{model: c, at: at, face: turnBy(spread(r, 90))})
	}
	return out
}

func slab(tone vec, half vec, seed uint32) *model {
	return &model{
		lo: vec{-half.x, 0, -half.z}, hi: vec{half.x, 2 * half.y, half.z},
		dist: func(p vec) float64 { return roundBox(vec{p.x, p.y - half.y, p.z}, half, 0.25) },
		paint: func(p, n vec, foot float64) surface {
			a := tone.mul(0.95 + 0.15*cloud3(p.mul(3), foot*3, 3, seed))
			if math.Abs(n.y) < 0.3 && half.y < 1.6 { // pages
				a = vec{0.72, 0.69, 0.62}.mul(0.85 + 0.2*noise2(p.y*22, (p.x+p.z)*0.3, seed))
			}
			return surface{albedo: a, normal: n, rough: 0.55, f0: 0.03}
		},
	}
}

func cup(tone vec, radius, height float64) *model {
	return &model{
		lo: vec{-radius, 0, -radius}, hi: vec{radius, height, radius},
		dist: func(p vec) float64 {
			return smoothMax(disc(p, radius, 0, height, 0.15), -disc(p, radius-0.3, 0.5, height+4, 0.3), 0.1)
		},
		paint: func(p, n vec, foot float64) surface {
			return surface{albedo: tone, normal: n, rough: 0.2, f0: 0.045}
		},
	}
}
