package samples

import "math"

// mark is damage on one unit, fixed to a place on its surface.
type mark struct {
	kind        string
	at, u, v, n vec // place and tangent frame, local
	size        float64
	seed        uint32
}

// newMark finds a place for the damage by looking at the model along a
// direction near its front, so that a photo from the usual side shows it.
func newMark(t *thing, d Damage, yaw float64) *mark {
	r := random(d.Seed, "damage/"+d.Kind)
	mid := t.lo.add(t.hi).mul(0.5)
	radius := t.hi.sub(t.lo).length() / 2
	for range 40 {
		sy, cy := math.Sincos((yaw + spread(r, 28)) * math.Pi / 180)
		se, ce := math.Sincos(between(r, 5, 50) * math.Pi / 180)
		away := vec{sy * ce, se, cy * ce}
		target := mid.add(vec{spread(r, 0.45) * (t.hi.x - t.lo.x) / 2, spread(r, 0.4) * (t.hi.y - t.lo.y) / 2, 0})
		from := target.along(away, 2*radius+5)
		s, ok := t.march(from, away.mul(-1), 0.001)
		if !ok {
			continue
		}
		p := from.along(away, -s)
		n := t.normal(p, 0.03)
		if n.dot(away) < 0.45 {
			continue
		}
		spin := vec{spread(r, 1), spread(r, 1), spread(r, 1)}
		u := spin.along(n, -spin.dot(n)).unit()
		return &mark{kind: d.Kind, at: p, u: u, v: n.cross(u), n: n, size: radius * between(r, 0.2, 0.36), seed: r.Uint32()}
	}
	return nil
}

// carve takes the damage's hollow out of the solid's distance d at p.
func (m *mark) carve(d float64, p vec) float64 {
	q := p.sub(m.at)
	reach := m.size * 1.3
	if d > 1 || q.dot(q) > reach*reach {
		return d
	}
	switch m.kind {
	case DamageDent:
		r := m.size * 1.5
		ball := q.along(m.n, -r*0.86).length() - r
		return smoothMax(d, -ball, 0.25*m.size)
	case DamageTear:
		if gap := m.gash(q) - 0.07*m.size; gap < 0.4 {
			return max(d, -max(gap*0.6, math.Abs(q.dot(m.n))-0.16*m.size))
		}
	case DamageCrack:
		if gap := m.gash(q) - 0.010*m.size; gap < 0.3 {
			return max(d, -max(gap*0.6, math.Abs(q.dot(m.n))-0.12))
		}
	}
	return d
}

// gash is the distance from q (relative to the mark) to the damage's jagged
// line and, for cracks, its branches.
func (m *mark) gash(q vec) float64 {
	x, y := q.dot(m.u), q.dot(m.v)
	s := m.size
	best := math.Abs(y-m.jag(x, 0)) + max(math.Abs(x)-s, 0)
	if m.kind == DamageCrack {
		for i := range int32(3) {
			h := mix32(i, 5, 9, m.seed)
			x0 := s * (share01(h)*1.4 - 0.7)
			angle := 0.5 + 0.9*share01(h*0x9e3779b1)
			if h&1 == 0 {
				angle = -angle
			}
			sn, cs := math.Sincos(angle)
			rx, ry := x-x0, y-m.jag(x0, 0)
			bx, by := rx*cs+ry*sn, -rx*sn+ry*cs
			if bx > 0 && bx < s*0.6 {
				best = min(best, math.Abs(by-m.jag(bx, uint32(i)+1)+m.jag(0, uint32(i)+1)))
			}
		}
	}
	return best
}

// jag is the crooked course of a crack at x along it.
func (m *mark) jag(x float64, line uint32) float64 {
	f := x / m.size
	return m.size * (0.16*noise2(f*2.3, 1, m.seed+line) + 0.06*noise2(f*9, 2, m.seed+line) + 0.02*noise2(f*31, 3, m.seed+line))
}

// stain colours the surface inside the damage.
func (m *mark) stain(p vec, s surface, foot float64) surface {
	q := p.sub(m.at)
	r := q.length() / m.size
	if r > 1.35 {
		return s
	}
	switch m.kind {
	case DamageCrack:
		return m.paintCrack(q, s, foot)
	case DamageTear:
		return m.paintTear(q, s)
	case DamageMould:
		return m.paintMould(p, q, r, s, foot)
	case DamageStain:
		return m.paintStain(q, r, s)
	case DamageDent:
		if r < 0.9 {
			s.marked = true
			scuff := step01(0.1, 0.6, cloud3(p.mul(5/m.size), foot*5/m.size, 4, m.seed)) * (1 - r)
			s.albedo = blend(s.albedo, s.albedo.mul(0.6), scuff)
			s.rough = lerp(s.rough, 0.7, scuff)
		}
	}
	return s
}

func (m *mark) paintCrack(q vec, s surface, foot float64) surface {
	gap := m.gash(q)
	width := 0.018 * m.size
	wear := step01(width*5, 0, gap)
	core := step01(max(width*1.7, foot), 0, gap)
	if wear == 0 || math.Abs(q.dot(m.n)) > 0.8*m.size {
		return s
	}
	s.marked = wear > 0.25
	s.albedo = blend(s.albedo, s.albedo.mul(0.72).add(vec{0.03, 0.025, 0.02}), wear*0.55)
	s.albedo = blend(s.albedo, srgb(0x2b2119), core*0.92)
	s.rough = lerp(s.rough, 0.8, wear)
	s.f0 *= 1 - core
	return s
}

func (m *mark) paintTear(q vec, s surface) surface {
	gap := m.gash(q) + 0.03*m.size*noise3(q.mul(6/m.size), m.seed)
	edge := step01(0.2*m.size, 0.06*m.size, gap)
	if edge == 0 {
		return s
	}
	s.marked = true
	s.albedo = blend(s.albedo, vec{0.55, 0.5, 0.43}, edge*0.75)
	if gap < 0.075*m.size {
		s.albedo = srgb(0x3a2f26)
	}
	s.rough, s.f0 = 0.95, s.f0*(1-edge)
	return s
}

func (m *mark) paintMould(p, q vec, r float64, s surface, foot float64) surface {
	k := 9 / m.size
	body := cloud3(p.mul(k*0.35), foot*k*0.35, 4, m.seed) + 0.75 - 1.15*r
	spots, id := cell3(p.mul(k*0.8), m.seed+9)
	fuzz := cloud3(p.mul(k*3), foot*k*3, 3, m.seed+4)
	cover := step01(0.0, 0.5, body+0.25*fuzz) * step01(0.75, 0.25, spots-0.2*share01(id))
	if cover < 0.02 {
		return s
	}
	s.marked = cover > 0.1
	tone := blend(srgb(0x5d6b4e), srgb(0xc9cdbb), step01(-0.2, 0.6, fuzz+0.5*share01(id)))
	tone = blend(tone, srgb(0x2c332a), 0.7*step01(0.35, 0.1, spots))
	s.albedo = blend(s.albedo, tone, cover*0.9)
	s.rough, s.f0 = lerp(s.rough, 1, cover), s.f0*(1-cover)
	s.normal = s.normal.along(slope3(p.mul(k*3), m.seed+4), 0.25*cover).unit()
	return s
}

func (m *mark) paintStain(q vec, r float64, s surface) surface {
	x, y := q.dot(m.u)/m.size, q.dot(m.v)/m.size
	edge := 0.85 + 0.22*noise2(x*2.2, y*2.2, m.seed) + 0.07*noise2(x*7, y*7, m.seed+1)
	inside := step01(edge+0.03, edge-0.03, r)
	if inside == 0 {
		return s
	}
	s.marked = true
	ring := step01(0.16, 0.02, math.Abs(edge-0.04-r))
	deep := inside * (0.42 + 0.3*ring + 0.18*noise2(x*4, y*4, m.seed+2))
	s.albedo = blend(s.albedo, s.albedo.times(vec{0.42, 0.24, 0.1}), clamp(deep, 0, 1))
	return s
}
