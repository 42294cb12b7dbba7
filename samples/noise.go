package samples

import "math"

// mix32 scrambles lattice coordinates and a seed into 32 even bits (a
// multiply-xorshift finaliser over a linear combination by odd constants).
func mix32(x, y, z int32, seed uint32) uint32 {
	h := uint32(x)*0x8da6b343 ^ uint32(y)*0xd8163841 ^ uint32(z)*0xcb1ab31f ^ seed*0x9e3779b1
	h ^= h >> 15
	h *= 0x2c1b3c6d
	h ^= h >> 12
	h *= 0x297a2d39
	return h ^ h>>15
}

func lattice(x, y, z int32, seed uint32) float64 {
	return float64(mix32(x, y, z, seed))*(2.0/4294967295) - 1
}

func floor(v float64) (int32, float64) {
	f := math.Floor(v)
	return int32(int64(f)), v - f
}

// noise3 is value noise in -1..1 with lattice step 1.
func noise3(p vec, seed uint32) float64 {
	xi, xf := floor(p.x)
	yi, yf := floor(p.y)
	zi, zf := floor(p.z)
	u, v, w := xf*xf*(3-2*xf), yf*yf*(3-2*yf), zf*zf*(3-2*zf)
	a := lerp(lerp(lattice(xi, yi, zi, seed), lattice(xi+1, yi, zi, seed), u),
		lerp(lattice(xi, yi+1, zi, seed), lattice(xi+1, yi+1, zi, seed), u), v)
	b := lerp(lerp(lattice(xi, yi, zi+1, seed), lattice(xi+1, yi, zi+1, seed), u),
		lerp(lattice(xi, yi+1, zi+1, seed), lattice(xi+1, yi+1, zi+1, seed), u), v)
	return lerp(a, b, w)
}

// slope3 is noise3's gradient by three forward differences.
func slope3(p vec, seed uint32) vec {
	const e = 0.15
	n := noise3(p, seed)
	return vec{
		noise3(vec{p.x + e, p.y, p.z}, seed) - n, noise3(vec{p.x, p.y + e, p.z}, seed) - n,
		noise3(vec{p.x, p.y, p.z + e}, seed) - n,
	}.mul(1 / e)
}

// noise2 is value noise in -1..1 on the plane.
func noise2(x, y float64, seed uint32) float64 {
	xi, xf := floor(x)
	yi, yf := floor(y)
	u, v := xf*xf*(3-2*xf), yf*yf*(3-2*yf)
	return lerp(lerp(lattice(xi, yi, 0, seed), lattice(xi+1, yi, 0, seed), u),
		lerp(lattice(xi, yi+1, 0, seed), lattice(xi+1, yi+1, 0, seed), u), v)
}

// cloud2 sums octaves of noise2, each half as high at twice the frequency. It
// stops where an octave is finer than foot, the size of a pixel in the same
// unit as x and y, so that textures do not alias.
func cloud2(x, y, foot float64, octaves int, seed uint32) float64 {
	sum, amp := 0.0, 0.5
	for range octaves {
		fade := 1 - step01(0.35, 0.9, foot)
		if fade == 0 {
			break
		}
		sum += amp * fade * noise2(x, y, seed)
		x, y, foot, amp, seed = x*2.03+7.1, y*2.03-3.7, foot*2.03, amp*0.5, seed+0x51ed
	}
	return sum
}

// cloud3 is cloud2 in space.
func cloud3(p vec, foot float64, octaves int, seed uint32) float64 {
	sum, amp := 0.0, 0.5
	for range octaves {
		fade := 1 - step01(0.35, 0.9, foot)
		if fade == 0 {
			break
		}
		sum += amp * fade * noise3(p, seed)
		p, foot, amp, seed = p.mul(2.03).add(vec{7.1, -3.7, 1.9}), foot*2.03, amp*0.5, seed+0x51ed
	}
	return sum
}

// cell3 is the distance to the nearest of a jittered point per lattice cell
// (Worley noise), and that point's own random number.
func cell3(p vec, seed uint32) (float64, uint32) {
	xi, xf := floor(p.x)
	yi, yf := floor(p.y)
	zi, zf := floor(p.z)
	best, id := 9.0, uint32(0)
	for dz := int32(-1); dz <= 1; dz++ {
		for dy := int32(-1); dy <= 1; dy++ {
			for dx := int32(-1); dx <= 1; dx++ {
				h := mix32(xi+dx, yi+dy, zi+dz, seed)
				x := float64(dx) + float64(h&1023)/1023 - xf
				y := float64(dy) + float64(h>>10&1023)/1023 - yf
				z := float64(dz) + float64(h>>20&1023)/1023 - zf
				if d := x*x + y*y + z*z; d < best {
					best, id = d, h
				}
			}
		}
	}
	return math.Sqrt(best), id*0x9e3779b1 ^ id>>7
}

// share01 turns a random word into 0..1.
func share01(h uint32) float64 { return float64(h>>8) / (1 << 24) }
