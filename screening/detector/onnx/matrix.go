package onnx

func init() {
	register(map[string]operator{"Gemm": gemm, "MatMul": matMul})
}

// Sizes of the blocks in which matrices are multiplied: a strip of the right one
// stays in the cache while all rows of the left go over it.
const (
	blockDeep = 128
	blockWide = 512
)

// multiply adds a·b to c: a is rows x deep, b deep x wide. Four rows go at a
// time, so that each number of b that is read is used four times. The sums are
// in the order of deep, whatever the blocks.
func multiply(c, a, b []float32, rows, deep, wide int) {
	for k0 := 0; k0 < deep; k0 += blockDeep {
		k1 := min(deep, k0+blockDeep)
		for j0 := 0; j0 < wide; j0 += blockWide {
			j1 := min(wide, j0+blockWide)
			r := 0
			for ; r+4 <= rows; r += 4 {
				four(c[r*wide:], a[r*deep:], b, deep, wide, k0, k1, j0, j1)
			}
			for ; r < rows; r++ {
				to := c[r*wide+j0 : r*wide+j1]
				for k := k0; k < k1; k++ {
					v := a[r*deep+k]
					for j, w := range b[k*wide+j0:][:len(to)] {
						to[j] += v * w
					}
				}
			}
		}
	}
}

// four multiplies four rows with a block of b, two of whose rows go at a time.
func four(c, a, b []float32, deep, wide, k0, k1, j0, j1 int) {
	n := j1 - j0
	c0, c1, c2, c3 := c[j0:][:n], c[wide+j0:][:n], c[2*wide+j0:][:n], c[3*wide+j0:][:n]
	k := k0
	for ; k+2 <= k1; k += 2 {
		p, q := b[k*wide+j0:][:n], b[(k+1)*wide+j0:][:n]
		p0, p1, p2, p3 := a[k], a[deep+k], a[2*deep+k], a[3*deep+k]
		q0, q1, q2, q3 := a[k+1], a[deep+k+1], a[2*deep+k+1], a[3*deep+k+1]
		for j := range n {
			v, w := p[j], q[j]
			c0[j] = c0[j] + p0*v + q0*w
			c1[j] = c1[j] + p1*v + q1*w
			c2[j] = c2[j] + p2*v + q2*w
			c3[j] = c3[j] + p3*v + q3*w
		}
	}
	for ; k < k1; k++ {
		p := b[k*wide+j0:][:n]
		p0, p1, p2, p3 := a[k], a[deep+k], a[2*deep+k], a[3*deep+k]
		for j, v := range p {
			c0[j] += p0 * v
			c1[j] += p1 * v
			c2[j] += p2 * v
			c3[j] += p3 * v
		}
	}
}

// turned is a matrix with its rows as columns.
func turned(x *run, t *tensor) (*tensor, error) {
	return pick(x, t, []int{t.shape[1], t.shape[0]}, 0, []int{1, t.shape[1]})
}

func gemm(x *run, n *node, in []*tensor) (_ []*tensor, err error) {
	if err := needFloats(in, 2); err != nil {
		return nil, err
	}
	a, b, c := in[0], in[1], optional(in, 2)
	if len(a.shape) != 2 || len(b.shape) != 2 {
		return nil, refuse("%v and %v are no matrices", "%v 与 %v 不是矩阵", a.shape, b.shape)
	}
	for _, m := range []struct {
		name string
		of   **tensor
	}{{"transA", &a}, {"transB", &b}} {
		if n.int(m.name, 0) == 0 {
			continue
		}
		if *m.of, err = turned(x, *m.of); err != nil {
			return nil, err
		}
		defer x.free(*m.of)
	}
	rows, deep, wide := a.shape[0], a.shape[1], b.shape[1]
	if b.shape[0] != deep {
		return nil, refuse("tensors of the sizes %v and %v do not go together", "尺寸为 %v 与 %v 的张量无法配合", a.shape, b.shape)
	}
	out, err := x.floats(rows, wide)
	if err != nil {
		return nil, err
	}
	if err := x.spend(rows, deep, wide); err != nil {
		return nil, err
	}
	multiply(out.f, a.f, b.f, rows, deep, wide)
	alpha, beta := n.float("alpha", 1), n.float("beta", 1)
	if alpha != 1 {
		for k := range out.f {
			out.f[k] *= alpha
		}
	}
	if c == nil {
		return []*tensor{out}, nil
	}
	shape, err := broadcast(c.shape, out.shape)
	if err != nil || !sameShape(shape, out.shape) {
		return nil, refuse("tensors of the sizes %v and %v do not go together", "尺寸为 %v 与 %v 的张量无法配合", c.shape, out.shape)
	}
	at := newOdometer(out.shape, stretched(c.shape, out.shape))
	for k := range out.f {
		out.f[k] += beta * c.f[at.off[0]]
		at.step()
	}
	return []*tensor{out}, nil
}

// matMul multiplies stacks of matrices, as numpy does.
func matMul(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := needFloats(in, 2); err != nil {
		return nil, err
	}
	a, b := in[0], in[1]
	if len(a.shape) == 0 || len(b.shape) == 0 {
		return nil, refuse("%v and %v are no matrices", "%v 与 %v 不是矩阵", a.shape, b.shape)
	}
	as, bs := a.shape, b.shape
	if len(as) == 1 {
		as = []int{1, as[0]}
	}
	if len(bs) == 1 {
		bs = []int{bs[0], 1}
	}
	rows, deep, wide := as[len(as)-2], as[len(as)-1], bs[len(bs)-1]
	if bs[len(bs)-2] != deep {
		return nil, refuse("tensors of the sizes %v and %v do not go together", "尺寸为 %v 与 %v 的张量无法配合", a.shape, b.shape)
	}
	stack, err := broadcast(as[:len(as)-2], bs[:len(bs)-2])
	if err != nil {
		return nil, err
	}
	shape := append(append([]int{}, stack...), rows, wide)
	out, err := x.floats(shape...)
	if err != nil {
		return nil, err
	}
	if err := x.spend(product(stack), rows, deep, wide); err != nil {
		return nil, err
	}
	at := newOdometer(stack, stretched(as[:len(as)-2], stack), stretched(bs[:len(bs)-2], stack))
	for k := range product(stack) {
		multiply(out.f[k*rows*wide:][:rows*wide], a.f[at.off[0]*rows*deep:][:rows*deep], b.f[at.off[1]*deep*wide:][:deep*wide], rows, deep, wide)
		at.step()
		if err := x.ctx.Err(); err != nil {
			return nil, err
		}
	}
	switch {
	case len(a.shape) == 1 && len(b.shape) == 1:
		out.shape = []int{}
	case len(a.shape) == 1:
		out.shape = append(shape[:len(shape)-2], wide)
	case len(b.shape) == 1:
		out.shape = shape[:len(shape)-1]
	}
	return []*tensor{out}, nil
}
