package samples

import "math"

// setting builds light, table, backdrop and clutter for a shot of m.
func setting(s Shot, m *model) *scene {
	switch s.Setting {
	case Warehouse:
		return warehouse(s, m)
	case Home:
		return home(s, m)
	}
	return studio(s)
}

// warmth tints white light: positive amber, negative blue.
func warmth(w float64) vec { return vec{1 + 0.22*w, 1, 1 - 0.34*w} }

func studio(s Shot) *scene {
	key := towards(s.KeyYaw, s.KeyElevation)
	tint := warmth(s.KeyWarmth)
	white := func(_, _ vec) vec { return vec{1.3, 1.3, 1.3} }
	l := lights{
		key: key, keyColor: tint.mul(0.98), softness: 0.17,
		fill: towards(s.KeyYaw+105, 25), fillCol: vec{0.13, 0.13, 0.135},
		zenith: vec{0.44, 0.44, 0.445}, horizon: vec{0.17, 0.17, 0.17}, bounce: vec{0.42, 0.42, 0.42},
	}
	right := vec{0, 1, 0}.cross(key).unit()
	up := key.cross(right)
	l.around = func(d vec, rough float64) vec {
		edge := 0.02 + 0.5*rough
		// A square softbox, and a strip light on the other side.
		f := d.dot(key)
		box := 0.0
		if f > 0 {
			box = step01(0.42+edge, 0.42-edge, math.Abs(d.dot(right)/f)) * step01(0.42+edge, 0.42-edge, math.Abs(d.dot(up)/f))
		}
		a := math.Atan2(d.x, d.z)*180/math.Pi - s.KeyYaw - 118
		strip := step01(9+40*rough, 9-8*rough, math.Abs(a)) * step01(-0.1, 0.1, d.y) * step01(0.85, 0.6, d.y)
		base := 0.22 + 0.35*step01(-0.1, 0.9, d.y) + 0.25*step01(0.2, -0.6, d.z)
		return tint.mul(base + box*7*(1-0.6*rough) + strip*2.6*(1-0.6*rough))
	}
	return &scene{
		lights: l, sweep: true, tableEnd: math.Inf(-1), backdrop: white,
		table: func(p vec, foot float64) surface {
			return surface{albedo: vec{0.8, 0.8, 0.8}, normal: vec{0, 1, 0}, rough: 0.6, f0: 0.02}
		},
	}
}
