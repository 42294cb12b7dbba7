package reference

import "math"

// lightChance bounds the probability that a second exposure would be lit as
// evenly as these blocks say: one tone curve for the whole picture, and what
// is left falls off neither along x nor along y.
func (f *frame) lightChance(g *grid, kept []*block, m map[string]float64) float64 {
	if len(kept) < 12 {
		return 1
	}
	means := make([][2]float64, len(kept))
	var cx, cy float64
	for i, b := range kept {
		means[i] = [2]float64{blockMean(f.ref.Pix, f.ref.Width, b, g.size), blockMean(f.claim.Pix, f.claim.Width, b, g.size)}
		cx += b.x / float64(len(kept))
		cy += b.y / float64(len(kept))
	}
	half := float64(max(f.claim.Width, f.claim.Height)) / 2
	weights := make([]float64, len(kept))
	for i := range weights {
		weights[i] = 1
	}
	var slope, deviation [2]float64
	for range 4 {
		var normal [8][9]float64
		rows := make([][7]float64, len(kept))
		for i, b := range kept {
			x := means[i][0]/128 - 1
			y := means[i][1]
			rows[i] = [7]float64{1, x, x * x, x * x * x, y * (b.x - cx) / half, y * (b.y - cy) / half, y}
			for r := range 6 {
				for c := range 6 {
					normal[r][c] += weights[i] * rows[i][r] * rows[i][c]
				}
				normal[r][8] += weights[i] * rows[i][r] * y
			}
		}
		for r := range 6 {
			normal[r][r] += 1e-6 * float64(len(kept))
		}
		inverse, ok := invert(&normal, 6)
		if !ok {
			return 1
		}
		var beta [6]float64
		for r := range 6 {
			for c := range 6 {
				beta[r] += inverse[r][c] * normal[c][8]
			}
		}
		var left, sum float64
		for i := range rows {
			e := rows[i][6]
			for r := range 6 {
				e -= beta[r] * rows[i][r]
			}
			left += weights[i] * e * e
			sum += weights[i]
			weights[i] = 1 / (1 + e*e/16)
		}
		variance := left / max(1, sum-6)
		for k := range 2 {
			slope[k] = beta[4+k]
			deviation[k] = math.Sqrt(variance * inverse[4+k][4+k])
		}
		m["light_residual"] = math.Sqrt(variance)
	}
	m["light_x"], m["light_y"] = slope[0], slope[1]
	m["light_x_error"], m["light_y_error"] = deviation[0], deviation[1]
	chance := 1.0
	for k := range 2 {
		chance *= min(1, 0.8*(math.Abs(slope[k])+3*deviation[k])/lightSpread)
	}
	return max(lightFloor, chance)
}

// blockMean is the mean of a plane over b's square.
func blockMean(pix []float32, width int, b *block, n int) float64 {
	x, y := int(b.x-float64(n)/2), int(b.y-float64(n)/2)
	var sum float32
	for v := range n {
		for _, s := range pix[(y+v)*width+x:][:n] {
			sum += s
		}
	}
	return float64(sum) / float64(n*n)
}
