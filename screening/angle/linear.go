package angle

import (
	"cmp"
	"math"
	"slices"
)

func (m *matrix3) determinant() float64 {
	return m[0]*(m[4]*m[8]-m[5]*m[7]) - m[1]*(m[3]*m[8]-m[5]*m[6]) + m[2]*(m[3]*m[7]-m[4]*m[6])
}

// kernel is two vectors that span what seven rows leave free, by elimination
// with full pivoting; ok is false where the rows leave more.
func kernel(rows *[sampleOfSeven][9]float64) (f, g [9]float64, ok bool) {
	a := *rows
	var order [9]int
	for i := range order {
		order[i] = i
	}
	for i := range a {
		best, at, col := 0.0, i, i
		for r := i; r < len(a); r++ {
			for c := i; c < 9; c++ {
				if v := math.Abs(a[r][c]); v > best {
					best, at, col = v, r, c
				}
			}
		}
		if best < 1e-12 {
			return f, g, false
		}
		a[i], a[at] = a[at], a[i]
		for r := range a {
			a[r][i], a[r][col] = a[r][col], a[r][i]
		}
		order[i], order[col] = order[col], order[i]
		for r := range a {
			if r == i {
				continue
			}
			k := a[r][i] / a[i][i]
			for c := i; c < 9; c++ {
				a[r][c] -= k * a[i][c]
			}
		}
	}
	f[order[7]], g[order[8]] = 1, 1
	for i := range a {
		f[order[i]], g[order[i]] = -a[i][7]/a[i][i], -a[i][8]/a[i][i]
	}
	return unit9(f), unit9(g), true
}

func unit9(v [9]float64) [9]float64 {
	var sum float64
	for _, x := range v {
		sum += x * x
	}
	for i := range v {
		v[i] /= math.Sqrt(sum)
	}
	return v
}

// cubicRoots lists the real roots of a·t³ + b·t² + c·t + d: Cardano, or his
// casus irreducibilis by cosines.
func cubicRoots(a, b, c, d float64) []float64 {
	size := math.Abs(a) + math.Abs(b) + math.Abs(c) + math.Abs(d)
	if size == 0 || math.IsNaN(size) || math.IsInf(size, 0) {
		return nil
	}
	if math.Abs(a) < 1e-12*size {
		return quadraticRoots(b, c, d)
	}
	b, c, d = b/a, c/a, d/a
	q, r := (b*b-3*c)/9, (2*b*b*b-9*b*c+27*d)/54
	if r*r < q*q*q {
		angle, k := math.Acos(min(max(r/math.Sqrt(q*q*q), -1), 1)), -2*math.Sqrt(q)
		return []float64{
			k*math.Cos(angle/3) - b/3,
			k*math.Cos((angle+2*math.Pi)/3) - b/3,
			k*math.Cos((angle-2*math.Pi)/3) - b/3,
		}
	}
	e := -math.Copysign(math.Cbrt(math.Abs(r)+math.Sqrt(r*r-q*q*q)), r)
	if e == 0 {
		return []float64{-b / 3}
	}
	return []float64{e + q/e - b/3}
}

func quadraticRoots(a, b, c float64) []float64 {
	if a == 0 {
		if b == 0 {
			return nil
		}
		return []float64{-c / b}
	}
	disc := b*b - 4*a*c
	if disc < 0 {
		return nil
	}
	q := -(b + math.Copysign(math.Sqrt(disc), b)) / 2
	if q == 0 {
		return []float64{0}
	}
	return []float64{q / a, c / q}
}

// eigen returns the eigenvalues of a symmetric matrix, smallest first, and
// their unit vectors, by Jacobi's cyclic rotations (Golub and Van Loan,
// "Matrix Computations", section 8.5).
func eigen(a [9][9]float64) (values [9]float64, vectors [9][9]float64) {
	var v [9][9]float64
	for i := range v {
		v[i][i] = 1
	}
	for range 30 {
		if !rotate(&a, &v) {
			break
		}
	}
	order := [9]int{0, 1, 2, 3, 4, 5, 6, 7, 8}
	slices.SortFunc(order[:], func(i, j int) int { return cmp.Compare(a[i][i], a[j][j]) })
	for k, i := range order {
		values[k] = a[i][i]
		for j := range 9 {
			vectors[k][j] = v[j][i]
		}
	}
	return values, vectors
}

// rotate makes one sweep over all pairs; it is false where nothing was left
// to turn.
func rotate(a, v *[9][9]float64) (turned bool) {
	for p := range 8 {
		for q := p + 1; q < 9; q++ {
			if a[p][q]*a[p][q] <= 1e-30*math.Abs(a[p][p]*a[q][q]) {
				continue
			}
			turned = true
			theta := (a[q][q] - a[p][p]) / (2 * a[p][q])
			t := math.Copysign(1, theta) / (math.Abs(theta) + math.Sqrt(theta*theta+1))
			c := 1 / math.Sqrt(t*t+1)
			s := t * c
			for k := range 9 {
				x, y := a[k][p], a[k][q]
				a[k][p], a[k][q] = c*x-s*y, s*x+c*y
			}
			for k := range 9 {
				x, y := a[p][k], a[q][k]
				a[p][k], a[q][k] = c*x-s*y, s*x+c*y
				x, y = v[k][p], v[k][q]
				v[k][p], v[k][q] = c*x-s*y, s*x+c*y
			}
		}
	}
	return turned
}

// solve6 inverts a symmetric positive matrix of up to six rows by Cholesky's
// factors; ok is false where it is not positive.
func solve6(a *[6][6]float64, n int) (inverse [6][6]float64, ok bool) {
	var l [6][6]float64
	for i := range n {
		for j := range i + 1 {
			sum := a[i][j]
			for k := range j {
				sum -= l[i][k] * l[j][k]
			}
			if i != j {
				l[i][j] = sum / l[j][j]
				continue
			}
			if !(sum > 1e-12*a[i][i]) || a[i][i] <= 0 {
				return inverse, false
			}
			l[i][i] = math.Sqrt(sum)
		}
	}
	for c := range n {
		var y [6]float64
		for i := range n {
			if i == c {
				y[i] = 1
			}
			for k := range i {
				y[i] -= l[i][k] * y[k]
			}
			y[i] /= l[i][i]
		}
		for i := n - 1; i >= 0; i-- {
			for k := i + 1; k < n; k++ {
				y[i] -= l[k][i] * inverse[k][c]
			}
			inverse[i][c] = y[i] / l[i][i]
		}
	}
	return inverse, true
}
