package samples

import "math"

// surface is what light meets at one point.
type surface struct {
	albedo vec     // diffuse reflectance, linear
	normal vec     // shading normal, bumps included
	rough  float64 // 0 mirror to 1 matt
	f0     float64 // reflectance at normal incidence; 0 has no gloss at all
	metal  bool    // gloss takes the albedo's colour
	soft   float64 // how far light wraps round (translucency), 0 to 1
	sheen  float64 // extra brightness at grazing view: pile and fibres
	cavity float64 // 0 open to 1 closed: darkens indirect light (0 is common)
	marked bool    // belongs to the drawn damage
}

// model is one solid in its own coordinates: standing on y = 0, front to +z.
type model struct {
	lo, hi vec  // a box that holds all of it
	round  bool // no part of it is in the box's upright edges
	// dist is a lower bound of the distance to the surface in centimetres,
	// negative inside; it need not be exact.
	dist func(p vec) float64
	// paint gives the surface at p with geometric normal n; foot is the size of
	// a pixel there, in centimetres.
	paint func(p, n vec, foot float64) surface
}

// corners are points round the model that a view must hold.
func (m *model) corners() []vec {
	out := make([]vec, 0, 24)
	for _, y := range [2]float64{m.lo.y, m.hi.y} {
		if m.round {
			for i := range 12 {
				s, c := math.Sincos(float64(i) * math.Pi / 6)
				out = append(out, vec{m.hi.x * c, y, m.hi.z * s})
			}
			continue
		}
		out = append(out, vec{m.lo.x, y, m.lo.z}, vec{m.hi.x, y, m.lo.z}, vec{m.lo.x, y, m.hi.z}, vec{m.hi.x, y, m.hi.z})
	}
	return out
}

// thing is a model put down somewhere.
type thing struct {
	*model
	at   vec
	face turn
	mark *mark // damage, nil for a sound one
	// penumbra is how far from the box, per unit of softness, its shadow's edge
	// can reach (cm): the box's diagonal.
	penumbra float64
	// subject is true for the product itself, false for clutter.
	subject bool
}

func (t *thing) toLocal(p vec) vec { return t.face.undo(p.sub(t.at)) }

func (t *thing) distance(p vec) float64 {
	d := t.dist(p)
	if t.mark != nil {
		d = t.mark.carve(d, p)
	}
	return d
}

// slab clips a local ray to the model's box grown by pad.
func (t *thing) slab(o, d vec, pad float64) (near, far float64, ok bool) {
	near, far = 0, math.Inf(1)
	for i := range 3 {
		var oi, di, lo, hi float64
		switch i {
		case 0:
			oi, di, lo, hi = o.x, d.x, t.lo.x, t.hi.x
		case 1:
			oi, di, lo, hi = o.y, d.y, t.lo.y, t.hi.y
		default:
			oi, di, lo, hi = o.z, d.z, t.lo.z, t.hi.z
		}
		lo, hi = lo-pad, hi+pad
		if math.Abs(di) < 1e-12 {
			if oi < lo || oi > hi {
				return 0, 0, false
			}
			continue
		}
		a, b := (lo-oi)/di, (hi-oi)/di
		if a > b {
			a, b = b, a
		}
		near, far = max(near, a), min(far, b)
	}
	return near, far, near <= far
}

// march walks a local ray to the surface by sphere tracing (Hart, "Sphere
// tracing", The Visual Computer 12, 1996). pixel is the size of a pixel at
// distance one.
func (t *thing) march(o, d vec, pixel float64) (float64, bool) {
	s, far, ok := t.slab(o, d, 0.05)
	if !ok {
		return 0, false
	}
	for range 110 {
		h := t.distance(o.along(d, s))
		if h < 0.35*pixel*s {
			return s, true
		}
		s += h
		if s > far {
			return 0, false
		}
	}
	// Out of steps is a grazing ray: it counts as a hit only if really close.
	return s, t.distance(o.along(d, s)) < 3*pixel*s
}

// normal is the gradient of the distance from four samples on a tetrahedron.
func (t *thing) normal(p vec, e float64) vec {
	a := t.distance(vec{p.x + e, p.y - e, p.z - e})
	b := t.distance(vec{p.x - e, p.y - e, p.z + e})
	c := t.distance(vec{p.x - e, p.y + e, p.z - e})
	d := t.distance(vec{p.x + e, p.y + e, p.z + e})
	return vec{a - b - c + d, -a - b + c + d, -a + b - c + d}.unit()
}

// lights is the light of a setting.
type lights struct {
	key      vec     // towards the key light
	keyColor vec     // its irradiance on a surface facing it
	softness float64 // angular radius of the key light, radians
	fill     vec     // towards the fill light; no shadow of its own
	fillCol  vec
	zenith   vec // sky irradiance on a surface that faces up
	horizon  vec // and on one that faces the horizon
	bounce   vec // light thrown back up by the table
	// around is the radiance seen in a mirror direction, blurred by roughness.
	around func(d vec, rough float64) vec
}

// scene is all the camera can see.
type scene struct {
	things []thing
	lights lights
	// table paints the plane y = 0; backdrop what lies beyond its edge.
	table    func(p vec, foot float64) surface
	tableEnd float64 // z of the table's far edge; the backdrop rises there
	backdrop func(o, d vec) vec
	// sweep is true for a seamless studio background that burns out to white.
	sweep bool
	// ground is the light that reaches the table.
	ground *groundLight
}

// shadow is the share of the key light that reaches p, by marching towards the
// light and remembering the narrowest gap as an angle (Quilez, "Soft shadows
// in raymarched SDFs", 2010).
func (sc *scene) shadow(p, n, key vec, softness float64) float64 {
	lit := 1.0
	start := p.along(n, 0.04)
	k := 1 / softness
	for i := range sc.things {
		t := &sc.things[i]
		o, d := t.toLocal(start), t.face.undo(key)
		s, far, ok := t.slab(o, d, t.penumbra*softness)
		if !ok {
			continue
		}
		s = max(s, 0.05)
		for range 34 {
			h := t.distance(o.along(d, s))
			// The gap as an angle, shifted so that the penumbra straddles the edge.
			lit = min(lit, 0.5+0.5*k*h/s)
			if lit < 0.01 {
				return 0
			}
			s += clamp(0.85*h, 0.06, 2.5)
			if s > far {
				break
			}
		}
	}
	return lit * lit * (3 - 2*lit)
}

// aoReach are the distances (cm) at which ambient occlusion feels for walls.
var aoReach = [...]float64{0.25, 0.8, 2, 4.2, 7.5}

// open is how much of the sky p sees: 1 all, 0 none. It compares how far the
// scene is with how far it would be over an open plane (Evans, "Fast
// approximations for global illumination", SIGGRAPH 2006 course).
func (sc *scene) open(p, n vec, table bool) float64 {
	sum, weight := 0.0, 0.34
	for _, h := range aoReach {
		q := p.along(n, h)
		d := h
		if !table {
			d = min(d, max(q.y, 0)+0.35*h)
		}
		for i := range sc.things {
			t := &sc.things[i]
			l := t.toLocal(q)
			if l.x < t.lo.x-h || l.x > t.hi.x+h || l.y > t.hi.y+h || l.z < t.lo.z-h || l.z > t.hi.z+h {
				continue
			}
			d = min(d, t.distance(l))
		}
		sum += weight * (h - max(d, 0)) / h
		weight *= 0.82
	}
	return clamp(1-sum, 0.06, 1)
}

// shade is the radiance leaving p, a point of a solid, towards the viewer
// (direction -d).
func (sc *scene) shade(p, d, geometric vec, s surface) vec {
	l := &sc.lights
	lit := 0.0
	if s.normal.dot(l.key)+s.soft > 0 && geometric.dot(l.key) > -s.soft-0.05 {
		lit = sc.shadow(p, geometric, l.key, l.softness)
	}
	return sc.light(d, s, lit, sc.open(p, geometric, false)*(1-s.cavity))
}

// light adds up what a surface sends back, given the share of the key light
// and of the sky that reach it.
func (sc *scene) light(d vec, s surface, lit, open float64) vec {
	l := &sc.lights
	n := s.normal
	facing := max(-d.dot(n), 0.02)
	cosKey := (n.dot(l.key) + s.soft) / (1 + s.soft)
	up := 0.5 + 0.5*n.y
	sky := blend(l.bounce, l.zenith, up)
	if n.y < 0.9 {
		sky = sky.add(l.horizon.mul(0.35 * (1 - math.Abs(n.y))))
	}
	light := sky.mul(open)
	light = light.add(l.keyColor.mul(max(cosKey, 0) * lit))
	light = light.add(l.fillCol.mul(max(n.dot(l.fill), 0) * (0.25 + 0.75*open)))
	out := s.albedo.times(light)
	if s.sheen > 0 {
		rim := 1 - facing
		out = out.add(light.times(blend(s.albedo, vec{1, 1, 1}, 0.3)).mul(s.sheen * rim * rim))
	}
	if s.f0 <= 0 {
		return out
	}
	return out.mul(1 - s.f0).add(sc.gloss(d, n, s, facing, lit, open))
}

// gloss is the mirror-like part: the surroundings by Schlick's Fresnel term
// ("An inexpensive BRDF model", 1994), the key light by the GGX lobe (Walter
// et al., "Microfacet models for refraction", EGSR 2007).
func (sc *scene) gloss(d, n vec, s surface, facing, lit, open float64) vec {
	l := &sc.lights
	tint := vec{s.f0, s.f0, s.f0}
	if s.metal {
		tint = s.albedo
	}
	x := 1 - facing
	x = x * x * x * x * x * (1 - s.rough) * (1 - s.rough)
	fresnel := blend(tint, vec{1, 1, 1}, x)
	r := d.reflect(n)
	seen := l.around(r, s.rough)
	if r.y < 0.1 {
		below := l.bounce.mul(0.75 * (0.35 + 0.65*open))
		seen = blend(seen, below, step01(0.1, -0.15-0.3*s.rough, r.y))
	}
	out := seen.times(fresnel).mul(open * (1 - 0.5*s.rough))
	half := l.key.sub(d).unit()
	nh := max(n.dot(half), 0)
	a := max(s.rough*s.rough, 0.02)
	q := nh*nh*(a*a-1) + 1
	lobe := a * a / (4 * q * q) * max(n.dot(l.key), 0) * lit
	return out.add(l.keyColor.times(fresnel).mul(min(lobe, 30) * step01(0.12, 0.35, s.rough)))
}
