package samples

import "math"

// kettleBox is a printed carton, 18 x 24 x 16 cm, taped on top.
func kettleBox(unit uint64) *model {
	r := random(unit, "box")
	front, flank := boxFront().decal(), boxSide(r.Uint32()).decal()
	seed := r.Uint32()
	half := vec{9, 12, 8}
	bulge := between(r, 0.05, 0.22)
	shift := vec{spread(r, 0.004), spread(r, 0.004), spread(r, 0.25)}
	dist := func(p vec) float64 {
		q := vec{p.x, p.y - half.y, p.z}
		x, y, z := q.x/half.x, q.y/half.y, q.z/half.z
		swell := bulge * (1 - y*y) * (1 - min(x*x, z*z))
		d := roundBox(q, half, 0.18) - swell
		if q.y > half.y-0.6 { // the slit between the top flaps
			d = max(d, -max(math.Abs(q.z)-0.05, half.y-0.25-q.y))
		}
		return d * 0.92
	}
	paint := func(p, n vec, foot float64) surface {
		s := surface{normal: n, rough: 0.34, f0: 0.04}
		q := vec{p.x, p.y - half.y, p.z}
		switch {
		case math.Abs(n.y) > 0.7:
			s.albedo = srgb(0xe8e4da).mul(0.95 + 0.1*cloud3(p.mul(4), foot*4, 3, seed))
			if edge := math.Abs(p.z - shift.z); n.y > 0 && edge < 2.4 { // clear tape
				s.albedo = blend(s.albedo, srgb(0xcdb185), 0.42*step01(2.4, 2.36-foot, edge))
				s.rough = 0.12
				s.normal = n.along(slope3(vec{p.x * 0.5, 1, p.z * 3}, seed+2), 0.03).unit()
			}
		case math.Abs(n.z) >= math.Abs(n.x):
			u := 0.5 + q.x/(2*half.x)
			if n.z < 0 {
				u = 1 - u
			}
			s.albedo = front.at(u+shift.x, 0.5-q.y/(2*half.y)+shift.y, foot/18)
		default:
			u := 0.5 - q.z/(2*half.z)
			if n.x < 0 {
				u = 1 - u
			}
			s.albedo = flank.at(u+shift.x, 0.5-q.y/(2*half.y)+shift.y, foot/16)
		}
		x, y, z := half.x-math.Abs(q.x), half.y-math.Abs(q.y), half.z-math.Abs(q.z)
		corner := x + y + z - max(x, y, z) // small near any edge
		wear := step01(0.2, 0.04, corner+0.12*cloud3(p.mul(0.8), foot, 5, seed+1))
		s.albedo = blend(s.albedo, srgb(0xb49a78), wear*0.6)
		s.rough = lerp(s.rough, 0.8, wear)
		wave := slope3(vec{p.x * 0.35, p.y * 0.25, p.z * 0.35}, seed+5)
		s.normal = s.normal.along(wave.along(n, -wave.dot(n)), 0.02).unit()
		return s
	}
	return &model{lo: vec{-9.4, 0, -8.4}, hi: vec{9.4, 24.2, 8.4}, dist: dist, paint: paint}
}

func boxFront() *artwork {
	a := newArtwork(18, 24, 44, 0xf4f1ea)
	a.shape(0x1f4e5f, 0, 0, 18, 0, 18, 8.2, 0, 12.6)
	a.shape(0xe4a03a, 0, 12.6, 18, 8.2, 18, 8.55, 0, 12.95)
	a.text("evenhand", 1.2, 2.5, 1.5, 0, bold, 0xffffff)
	a.text("HOME", 1.25, 3.4, 0.62, 0, regular, 0xe4a03a)
	a.text("Gooseneck", 1.2, 6.1, 1.9, 0, bold, 0xffffff)
	a.text("electric kettle", 1.2, 7.7, 1.2, 0, italic, 0xdfe9ec)
	drawKettle(a, 10.2, 15.2, 1)
	for i, f := range []string{"1.0 L", "1200 W", "±1 °C"} {
		y := 15.2 + 2.2*float64(i)
		a.round(2.5, y, 0.95, 0.95, 0, 0x1f4e5f)
		a.round(2.5, y, 0.8, 0.8, 0, 0xf4f1ea)
		a.text(f, 2.5, y+0.18, 0.46, 0.5, bold, 0x1f4e5f)
	}
	a.text("Brushed steel · precise pour · keeps warm for 60 minutes", 9, 22.9, 0.56, 0.5, regular, 0x4a4a46)
	return a
}

// drawKettle draws the picture on the pack, k times its full size.
func drawKettle(a *artwork, x, y, k float64) {
	p := func(v ...float64) []float64 {
		for i := range v {
			if i%2 == 0 {
				v[i] = x + k*v[i]
			} else {
				v[i] = y + k*v[i]
			}
		}
		return v
	}
	a.round(x+0.3*k, y+5.3*k, 5*k, 0.6*k, 0, 0xd5d0c4)
	a.stroke(0x2c3136, 0.62*k, p(3.1, -1.6, 5.4, -2, 6.1, 0.4, 5.5, 3.2)...)
	a.stroke(0x9ba3a8, 0.7*k, p(-2.6, 3.4, -4.6, 2.4, -4.4, -0.4, -5.9, -2.5, -6.8, -2.6)...)
	a.stroke(0xd9dee0, 0.25*k, p(-2.8, 3.2, -4.5, 2.1, -4.25, -0.5, -5.8, -2.6)...)
	a.shape(0xaab2b6, p(-2.2, -2.2, 2.4, -2.2, 4, 4.6, -3.8, 4.6)...)
	a.shape(0xe6eaeb, p(-1.5, -2.2, -0.5, -2.2, -0.9, 4.6, -2.5, 4.6)...)
	a.shape(0x7f888d, p(1.6, -2.2, 2.4, -2.2, 4, 4.6, 2.8, 4.6)...)
	a.shape(0x2c3136, p(-4.1, 4.5, 4.3, 4.5, 4.5, 5.4, -4.3, 5.4)...)
	a.round(x+0.1*k, y-2.3*k, 2.35*k, 0.45*k, 0, 0x5d666b)
	a.round(x+0.1*k, y-2.9*k, 0.5*k, 0.5*k, 0, 0x2c3136)
}

func boxSide(code uint32) *artwork {
	a := newArtwork(16, 24, 44, 0x1f4e5f)
	a.rect(0, 0, 16, 3.2, 0xe4a03a)
	a.text("evenhand", 8, 2.2, 1.4, 0.5, bold, 0x1f4e5f)
	drawKettle(a, 8.2, 7.6, 0.55)
	rows := []string{"Capacity        1.0 litre", "Power           1200 W", "Mains             220–240 V ~ 50 Hz", "Keep warm    40–100 °C", "Cord               0.75 m", "Net weight     1.36 kg"}
	for i, t := range rows {
		y := 13.2 + 0.98*float64(i)
		a.rect(1.3, y+0.26, 13.4, 0.04, 0x5f8794)
		a.text(t, 1.4, y, 0.6, 0, regular, 0xf4f1ea)
	}
	a.barcode(1.6, 20, 5.6, 2.1, code)
	for i := range 3 {
		x := 9.2 + 2*float64(i)
		a.rect(x, 20, 1.6, 1.6, 0xf4f1ea)
		a.round(x+0.8, 20.8, 0.5, 0.5, 0, 0x1f4e5f)
	}
	a.text("This side up", 9.2, 22.7, 0.56, 0, bold, 0xf4f1ea)
	return a
}

// book is a hardback lying on its back, 20 x 26 x 2.4 cm.
func book(unit uint64) *model {
	r := random(unit, "book")
	cover := bookCover().decal()
	seed := r.Uint32()
	dx, dz := spread(r, 0.003), spread(r, 0.003)
	warp := between(r, 0.02, 0.16)
	board := vec{10, 0.16, 13}
	dist := func(p vec) float64 {
		lift := warp * (p.x + 10) * (p.x + 10) / 400
		top := roundBox(vec{p.x, p.y - 2.24 - lift, p.z}, board, 0.1)
		low := roundBox(vec{p.x, p.y - 0.16, p.z}, board, 0.1)
		pages := roundBox(vec{p.x + 0.3, p.y - 1.2, p.z}, vec{9.9, 1.0, 12.65}, 0.05)
		q := vec{p.x + 9.75, (p.y - 1.2) * 0.62, p.z}
		spine := max(hypot(q.x, q.y)-0.77, math.Abs(p.z)-13) // rounded back
		groove := hypot(p.x+8.7, p.y-2.46) - 0.16
		return max(min(top, low, pages, spine), -max(groove, math.Abs(p.z)-14)) * 0.95
	}
	paint := func(p, n vec, foot float64) surface {
		inside := p.y > 0.36 && p.y < 2.02 && p.x > -9.7 && (p.x > 9.3 || math.Abs(p.z) > 12.3)
		if inside {
			leaf := noise2(p.y*38, (p.x+p.z)*0.25, seed)*(1-step01(0.02, 0.08, foot)) + 0.5*noise2(p.y*9, 3, seed+1)
			return surface{albedo: srgb(0xeee6d4).mul(0.88 + 0.14*leaf), normal: n, rough: 1}
		}
		s := surface{normal: n, rough: 0.3, f0: 0.045}
		s.albedo = srgb(0x20324f)
		if n.y > 0.5 {
			s.albedo = cover.at(0.5+p.x/20+dx, 0.5+p.z/26+dz, foot/20)
		}
		weave := slope3(vec{p.x * 22, 0, p.z * 22}, seed+3).mul(1 - step01(0.01, 0.05, foot))
		wave := slope3(vec{p.x * 0.2, 0, p.z * 0.2}, seed+4)
		s.normal = n.add(vec{wave.x*0.015 + weave.x*0.01, 0, wave.z*0.015 + weave.z*0.01}).unit()
		rub := step01(0.2, 0.05, min(10-math.Abs(p.x), 13-math.Abs(p.z))+0.22*cloud3(p.mul(0.9), foot, 5, seed+5))
		s.albedo = blend(s.albedo, vec{0.6, 0.58, 0.52}, 0.35*rub)
		return s
	}
	return &model{lo: vec{-10.7, 0, -13.1}, hi: vec{10.1, 2.7, 13.1}, dist: dist, paint: paint}
}

// bookCover is a night over hills and water.
func bookCover() *artwork {
	a := newArtwork(20, 26, 44, 0x20324f)
	for i := range 60 {
		t := float64(i) / 59
		c := blend(vec{0.11, 0.18, 0.33}, vec{0.93, 0.62, 0.42}, t*t)
		a.rect(0, float64(i)*0.27, 20, 0.29, uint32(c.x*255)<<16|uint32(c.y*255)<<8|uint32(c.z*255))
	}
	for i := range int32(70) {
		h := mix32(i, 3, 1, 77)
		s := 0.02 + 0.05*share01(h*7)
		a.round(20*share01(h), 9*share01(h*31), s, s, 0, 0xf7ecd2)
	}
	a.round(13.6, 9.8, 2.1, 2.1, 0, 0xf8e3b0)
	for layer, tone := range []uint32{0xa7705f, 0x6f4c5c, 0x433a56, 0x27304d, 0x182238} {
		xy := []float64{0, 26}
		for i := range 81 {
			x := float64(i) * 0.25
			y := 12.2 + 2.1*float64(layer) - (1.9-0.25*float64(layer))*(1+cloud2(x*0.3, float64(layer)*9, 0, 4, 5+uint32(layer)))
			xy = append(xy, x, y)
		}
		a.shape(tone, append(xy, 20, 26)...)
	}
	for i := range int32(46) {
		h := mix32(i, 9, 1, 41)
		x, l := 20*share01(h), 0.6+1.3*share01(h*13)
		y := 21.4 + 1.6*share01(h*3)
		a.shape(0x0f1729, x-l*0.24, y, x, y-l*1.6, x+l*0.24, y)
	}
	a.text("THE LONG", 10, 4, 2.3, 0.5, bold, 0xfdf6e3)
	a.text("WAY HOME", 10, 6.4, 2.3, 0.5, bold, 0xfdf6e3)
	a.rect(8.4, 7.1, 3.2, 0.08, 0xe4a03a)
	a.text("a picture book", 10, 8.1, 0.8, 0.5, italic, 0xfdf6e3)
	a.text("M. L. Evenhand", 10, 24.8, 1, 0.5, regular, 0xe8dcc0)
	return a
}
