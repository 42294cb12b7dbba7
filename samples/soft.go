package samples

import "math"

// bear is a seated plush bear, 25 cm tall, with a ribbon.
func bear(unit uint64) *model {
	r := random(unit, "bear")
	seed := r.Uint32()
	tilt := spread(r, 0.5)
	arm := [2]float64{spread(r, 0.9), spread(r, 0.9)}
	leg := [2]float64{spread(r, 0.7), spread(r, 0.7)}
	plush := func(p vec) float64 {
		d := egg(p, vec{0, 7.6, 0}, vec{6, 7.2, 5.4})
		head := egg(p, vec{tilt, 17.6, 0.8}, vec{5.7, 5, 5})
		for i, s := range [2]float64{-1, 1} {
			ear := max(ball(p, vec{s*4.3 + tilt, 21.8, 0.2}, 2.15), -ball(p, vec{s*4.4 + tilt, 21.9, 3}, 1.9))
			head = smoothMin(head, ear, 0.5)
			d = smoothMin(d, stick(p, vec{s * 4.8, 11.6, 0.6}, vec{s * 7.2, 5.6 + arm[i], 4.4}, 1.9, 2.2), 0.7)
			d = smoothMin(d, stick(p, vec{s * 3.6, 2.9, 2}, vec{s*5.4 + leg[i], 2.5, 8.4}, 2.7, 2.45), 0.7)
		}
		head = smoothMin(head, egg(p, vec{tilt, 16.4, 5.1}, vec{2.5, 2, 1.9}), 0.5)
		return smoothMin(d, head, 0.5)
	}
	eyes := func(p vec) float64 {
		d := egg(p, vec{tilt, 17.4, 6.9}, vec{0.95, 0.65, 0.5})
		return min(d, ball(p, vec{tilt - 2.1, 18.7, 5.25}, 0.58), ball(p, vec{tilt + 2.1, 18.7, 5.25}, 0.58))
	}
	ribbon := func(p vec) float64 {
		q := vec{p.x, p.y - 13.1 - 0.12*p.z, p.z - 0.3}
		d := max(math.Abs(hypot(q.x, q.z*1.08)-4.55)-0.3, math.Abs(q.y)-0.75) - 0.12
		d = min(d, ball(p, vec{0, 12.9, 5.3}, 0.75))
		for _, s := range [2]float64{-1, 1} {
			bow := egg(p, vec{s * 1.9, 13 + 0.15*s, 5.4}, vec{1.7, 1.05 + 0.25*math.Abs(p.x)/2, 0.5})
			d = min(d, bow, stick(p, vec{s * 0.4, 12.6, 5.5}, vec{s * 1.6, 9.4, 6}, 0.35, 0.6))
		}
		return d * 0.8
	}
	dist := func(p vec) float64 {
		d := plush(p) - 0.12
		if d < 0.7 { // the pile: clumps and tips
			d -= 0.10*noise3(p.mul(2.1), seed) + 0.06*noise3(vec{p.x * 11, p.y * 5, p.z * 11}, seed+1)
			d *= 0.78
		}
		if p.z > 4 {
			d = min(d, eyes(p))
		}
		// Away from the neck a ball round the ribbon is near enough.
		if far := ball(p, vec{0, 12.6, 2}, 6.6); far > d {
			return d
		}
		return min(d, ribbon(p))
	}
	paint := func(p, n vec, foot float64) surface {
		if e := eyes(p); e < 0.04 && e < plush(p)+0.1 {
			return surface{albedo: srgb(0x17110f), normal: n, rough: 0.08, f0: 0.06}
		}
		if ribbon(p) < 0.04 {
			rib := math.Sin(p.x*16+p.y*7) * (1 - step01(0.05, 0.2, foot))
			return surface{albedo: srgb(0xb8322f).mul(0.92 + 0.08*rib), normal: n, rough: 0.38, f0: 0.05, sheen: 0.3}
		}
		tone := srgb(0xb98a5e)
		if hypot(p.x-tilt, p.y-16.4) < 2.4 && p.z > 4.6 || (p.z > 9.9 && p.y < 5) || (hypot(math.Abs(p.x-tilt)-4.4, p.y-21.9) < 1.5 && p.z > 0.9) {
			tone = srgb(0xe8cfa4)
		}
		if seam := math.Abs(p.x); seam < 0.12 && p.z > 0 && p.y < 12.5 {
			tone = tone.mul(0.75)
		}
		// Strands lie along the pile; their roots are dark.
		strand := cloud3(vec{p.x * 17, p.y * 4.5, p.z * 17}, foot*9, 3, seed+2)
		clump := noise3(p.mul(2.1), seed)
		depth := 0.5*clump + 0.5*noise3(vec{p.x * 11, p.y * 5, p.z * 11}, seed+1)
		v := 0.84 + 0.42*strand + 0.2*depth + 0.1*cloud3(p.mul(0.5), foot, 2, seed+3)
		s := surface{albedo: tone.times(vec{v, v * (0.98 + 0.03*strand), v * 0.98}), normal: n, rough: 1, soft: 0.3, sheen: 0.55, cavity: clamp(-0.35*depth, 0, 0.3)}
		comb := slope3(vec{p.x * 11, p.y * 4, p.z * 11}, seed+4)
		s.normal = n.along(comb.along(n, -comb.dot(n)), 0.3*(1-step01(0.06, 0.2, foot))).unit()
		return s
	}
	return &model{lo: vec{-9.8, 0, -6}, hi: vec{9.8, 24.4, 11.4}, dist: dist, paint: paint}
}

// shoe is a right-hand knit running shoe, 28 cm long, toe to +z.
func shoe(unit uint64) *model {
	r := random(unit, "shoe")
	seed := r.Uint32()
	slack := spread(r, 0.2)
	// outline is the plan of the last, negative inside.
	outline := func(x, z float64) float64 {
		p := vec{x, 0, z}
		d := stick(p, vec{0.1, 0, -9.6}, vec{0.2, 0, -2}, 3.5, 3.4)
		d = smoothMin(d, stick(p, vec{0.2, 0, -2}, vec{-0.1, 0, 5.5}, 3.4, 4.55), 1.5)
		return smoothMin(d, stick(p, vec{-0.1, 0, 5.5}, vec{-0.7, 0, 9.6}, 4.55, 3.6), 1.5)
	}
	crest := profile{{-14, 9.6}, {-12, 10.4}, {-8, 8.9}, {-4, 8.8}, {-0.5, 10.2}, {3, 8.4}, {7, 6.4}, {11, 5.6}, {13.5, 5}}
	spring := func(z float64) float64 {
		z3 := max(z-1, 0)
		return 0.0016*z3*z3*z3 + 0.02*max(-z-9, 0)
	}
	sole := func(p vec, plan float64) float64 {
		y := p.y - spring(p.z)*0.8
		flare := 0.28 - 0.22*step01(0, 3, y) + 0.22*math.Max(-p.z-8, 0)*0.2
		top := 2.7 - 0.05*(p.z-4) + 0.35*step01(9, 12, p.z)
		a, b := plan-flare, max(-y, y-top)
		d := smoothMax(a, b, 0.7)
		groove := 0.07 * step01(0.35, 0, math.Abs(y-1.5+0.25*math.Sin(p.z*0.8)))
		tread := max(0.35-y, 0) * step01(0.2, 0.6, math.Sin(p.z*2.6))
		return d + groove + tread
	}
	upper := func(p vec, plan float64) float64 {
		y := p.y - spring(p.z)*0.9
		h, _ := crest.at(p.z)
		lift := clamp((y-2)/max(h-2, 1), 0, 1.3)
		inset := 0.25 + (0.6+0.14*math.Max(p.z+2, 0))*lift*lift*1.6
		d := smoothMax(plan+inset, y-h-0.6+0.09*p.x*p.x, 3.4)
		d = max(d, 1.5-y)
		mouth := egg(p, vec{0.1, 10.8, -6.4}, vec{2.35, 5.4, 4.7})
		return smoothMax(d, -mouth, 0.7)
	}
	tongue := func(p vec) float64 {
		q := vec{p.x, p.y - 10, p.z + 0.8}
		q.y, q.z = q.y*0.86+q.z*0.5, -q.y*0.5+q.z*0.86
		return roundBox(q, vec{2.2, 2.9, 0.42}, 0.4)
	}
	var rows [5]float64 // heights of the crossings
	for i := range rows {
		z := 0.9 + 1.28*float64(i)
		h, _ := crest.at(z)
		rows[i] = h + spring(z)*0.9 - 0.12 + slack*0.3
	}
	lace := func(p vec) float64 {
		best := 9.0
		for i, y := range rows {
			z := 0.9 + 1.28*float64(i)
			x := math.Abs(p.x)
			bend := 0.13 * x * x
			q := vec{0, p.y - y + bend, p.z - z - 0.16*p.x*float64(1-2*(i&1))}
			d := max(hypot(q.y, q.z*0.7)-0.3, x-2.2)
			best = min(best, d)
		}
		loop := vec{math.Abs(p.x) - 1.9, p.y - 9.9, p.z - 1.4}
		loop.y += 0.18 * loop.x * loop.x
		return min(best, hypot(hypot(loop.x*0.75, loop.z*1.3)-1.1, loop.y)-0.2) * 0.7
	}
	dist := func(p vec) float64 {
		plan := outline(p.x, p.z)
		d := min(upper(p, plan), sole(p, plan), tongue(p))
		if p.y > 4 {
			d = min(d, lace(p))
		}
		return d * 0.75
	}
	paint := func(p, n vec, foot float64) surface {
		if p.y > 4 && lace(p) < 0.05 {
			twill := math.Sin((p.x*2+p.z)*14) * (1 - step01(0.03, 0.12, foot))
			return surface{albedo: srgb(0xf2efe8).mul(0.92 + 0.08*twill), normal: n, rough: 1, sheen: 0.2}
		}
		y := p.y - spring(p.z)*0.8
		if plan := outline(p.x, p.z); sole(p, plan) < upper(p, plan) {
			a := srgb(0xf0eee8)
			if y < 0.75 {
				a = srgb(0x2a2d33)
			} else if math.Abs(y-1.5+0.25*math.Sin(p.z*0.8)) < 0.3 {
				a = srgb(0xe8663d)
			}
			foam := speckle(p.mul(14), foot*14, seed)
			return surface{albedo: a.mul(0.95 + 0.08*foam), normal: n, rough: 0.6, f0: 0.03}
		}
		s := knit(p, n, foot, seed)
		if tongue(p) < 0.04 && p.y > 8.2 {
			s.albedo = srgb(0x1d2733).mul(0.9 + 0.2*cloud3(p.mul(9), foot*9, 2, seed))
			return s
		}
		if mouth := egg(p, vec{0.1, 10.8, -6.4}, vec{2.35, 5.4, 4.7}); mouth < 0.12 {
			s.albedo = srgb(0xe8663d).mul(0.8 + 0.25*cloud3(p.mul(10), foot*10, 2, seed))
			return s
		}
		if patch := shoePatch(p); patch > 0 { // smooth overlays: stripes, toe guard, heel counter
			tone := srgb(0xf2efe8)
			if p.z < -8 {
				tone = srgb(0xe8663d)
			} else if p.z > 9 {
				tone = srgb(0x1b2430)
			}
			s.albedo = blend(s.albedo, tone, patch)
			s.rough, s.f0 = lerp(1, 0.35, patch), 0.045*patch
			s.normal = blend(s.normal, n, patch).unit()
		}
		return s
	}
	return &model{lo: vec{-5.4, 0, -14}, hi: vec{5.4, 13, 14}, dist: dist, paint: paint}
}

// speckle is one octave of noise that fades where a pixel is coarser.
func speckle(p vec, foot float64, seed uint32) float64 {
	return noise3(p, seed) * (1 - step01(0.4, 1, foot))
}

// shoePatch is the cover, 0 to 1, of the overlays on the shoe's sides.
func shoePatch(p vec) float64 {
	out := 0.0
	if math.Abs(p.x) > 1.6 {
		for i := range 3 {
			c := p.z - 0.9 - 2.3*float64(i) + 0.62*(p.y-5)
			out = max(out, step01(0.55, 0.48, math.Abs(c))*step01(8.3-0.9*float64(i), 8.1-0.9*float64(i), p.y))
		}
	}
	out = max(out, step01(-9.2, -9.5, p.z+0.32*(p.y-5)))
	return max(out, step01(9.9, 10.1, p.z-0.5*(p.y-3.4)))
}

// knit is an engineered knit: rows of stitches with open-work holes.
func knit(p, n vec, foot float64, seed uint32) surface {
	u, v := (p.z+0.15*math.Abs(p.x))*4.6, (p.y+0.85*math.Abs(p.x))*4.6
	fade := 1 - step01(0.05, 0.16, foot)
	stitch := math.Sin(math.Pi*u*2+math.Sin(math.Pi*v*2)*1.2) * math.Cos(math.Pi*v)
	row := math.Mod(math.Abs(math.Floor(v*0.5)), 2)
	eyelet := step01(0.36, 0.2, hypot(u*0.5+0.5*row-math.Round(u*0.5+0.5*row), v*0.5-math.Floor(v*0.5)-0.5)) * fade
	if p.z < 3.5 {
		eyelet *= 0.25
	}
	fibre := cloud3(p.mul(7), foot*7, 3, seed)
	a := blend(srgb(0x3d6c8c), srgb(0x2b4a66), 0.5+0.5*math.Sin(v*0.35+fibre))
	a = a.mul(0.92 + 0.22*stitch*fade + 0.3*fibre)
	a = blend(a, srgb(0x18222d), 0.75*eyelet)
	bump := slope3(vec{u * 1.1, v * 1.1, p.x}, seed+1)
	return surface{albedo: a, normal: n.along(bump.along(n, -bump.dot(n)), 0.12*fade).unit(), rough: 1, sheen: 0.35, cavity: 0.3 * eyelet}
}
