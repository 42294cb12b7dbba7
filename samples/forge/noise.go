package forge

import "math"

// noiseField is smooth random terrain over the plane, -1 to 1, the same for
// the same seed: value noise on a lattice of the given cell size in pixels.
type noiseField struct {
	seed uint64
	cell float64
}

func (n noiseField) at(x, y float64) float64 {
	x, y = x/n.cell, y/n.cell
	fx, fy := math.Floor(x), math.Floor(y)
	ix, iy := int64(fx), int64(fy)
	u, v := x-fx, y-fy
	u, v = u*u*(3-2*u), v*v*(3-2*v)
	a, b := n.lattice(ix, iy), n.lattice(ix+1, iy)
	c, d := n.lattice(ix, iy+1), n.lattice(ix+1, iy+1)
	return (a*(1-u)+b*u)*(1-v) + (c*(1-u)+d*u)*v
}

// lattice hashes a lattice point to -1..1 (the finaliser of SplitMix64).
func (n noiseField) lattice(x, y int64) float64 {
	z := n.seed + uint64(x)*0x9e3779b97f4a7c15 + uint64(y)*0xc2b2ae3d27d4eb4f
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	z ^= z >> 31
	return float64(z>>11)/(1<<52) - 1
}

// fractal sums octaves of noise, each half as wide and half as strong; the
// result stays within about -1 to 1.
func (n noiseField) fractal(x, y float64, octaves int) float64 {
	sum, gain, norm := 0.0, 1.0, 0.0
	for o := range octaves {
		layer := noiseField{seed: n.seed + uint64(o)*0x51ed27, cell: n.cell / float64(int(1)<<o)}
		if layer.cell < 1 {
			break
		}
		sum += gain * layer.at(x, y)
		norm += gain
		gain /= 2
	}
	if norm == 0 {
		return 0
	}
	return sum / norm * 1.5
}
