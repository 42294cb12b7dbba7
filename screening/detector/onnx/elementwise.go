package onnx

import "math"

func init() {
	register(map[string]operator{
		"Relu":       unary(func(v float32) float32 { return max(v, 0) }),
		"Sigmoid":    unary(sigmoid),
		"Tanh":       wide(math.Tanh),
		"Exp":        wide(math.Exp),
		"Log":        wide(math.Log),
		"Sqrt":       wide(math.Sqrt),
		"Erf":        wide(math.Erf),
		"Sin":        wide(math.Sin),
		"Cos":        wide(math.Cos),
		"Floor":      wide(math.Floor),
		"Ceil":       wide(math.Ceil),
		"Round":      wide(math.RoundToEven),
		"Softplus":   wide(softplus),
		"Mish":       wide(func(v float64) float64 { return v * math.Tanh(softplus(v)) }),
		"Softsign":   unary(func(v float32) float32 { return v / (1 + max(v, -v)) }),
		"Reciprocal": unary(func(v float32) float32 { return 1 / v }),
		"HardSwish":  unary(func(v float32) float32 { return v * min(max(v/6+0.5, 0), 1) }),
		"Abs":        unary(func(v float32) float32 { return max(v, -v) }),
		"Neg":        negate,
		"HardSigmoid": tuned(func(n *node) func(float32) float32 {
			a, b := n.float("alpha", 0.2), n.float("beta", 0.5)
			return func(v float32) float32 { return min(max(a*v+b, 0), 1) }
		}),
		"LeakyRelu": tuned(func(n *node) func(float32) float32 {
			a := n.float("alpha", 0.01)
			return func(v float32) float32 { return max(v, 0) + a*min(v, 0) }
		}),
		"Elu": tuned(func(n *node) func(float32) float32 {
			a := n.float("alpha", 1)
			return func(v float32) float32 {
				if v >= 0 {
					return v
				}
				return a * float32(math.Expm1(float64(v)))
			}
		}),
		"Gelu": tuned(func(n *node) func(float32) float32 {
			if n.text("approximate", "none") == "tanh" {
				return func(v float32) float32 {
					w := float64(v)
					return float32(0.5 * w * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(w+0.044715*w*w*w))))
				}
			}
			return func(v float32) float32 { return float32(0.5 * float64(v) * (1 + math.Erf(float64(v)/math.Sqrt2))) }
		}),
		"Clip": clip,
		"Not": func(x *run, n *node, in []*tensor) ([]*tensor, error) {
			return integers(x, in, func(a int64) int64 { return truth(a == 0) })
		},
		"Cast":     cast,
		"Identity": same,
		"Dropout":  dropout,

		"Add": dyadic(func(a, b float32) float32 { return a + b }, func(a, b int64) int64 { return a + b }),
		"Sub": dyadic(func(a, b float32) float32 { return a - b }, func(a, b int64) int64 { return a - b }),
		"Mul": dyadic(func(a, b float32) float32 { return a * b }, func(a, b int64) int64 { return a * b }),
		"Div": dyadic(func(a, b float32) float32 { return a / b }, divide),
		"Pow": power,
		"Sum": variadic(func(a, b float32) float32 { return a + b }, func(a, b int64) int64 { return a + b }),
		"Max": variadic(func(a, b float32) float32 { return max(a, b) }, func(a, b int64) int64 { return max(a, b) }),
		"Min": variadic(func(a, b float32) float32 { return min(a, b) }, func(a, b int64) int64 { return min(a, b) }),
		"PRelu": dyadic(func(v, slope float32) float32 {
			return max(v, 0) + slope*min(v, 0)
		}, nil),
		"Equal":          compare(func(a, b float64) bool { return a == b }),
		"Less":           compare(func(a, b float64) bool { return a < b }),
		"LessOrEqual":    compare(func(a, b float64) bool { return a <= b }),
		"Greater":        compare(func(a, b float64) bool { return a > b }),
		"GreaterOrEqual": compare(func(a, b float64) bool { return a >= b }),
		"And":            compare(func(a, b float64) bool { return a != 0 && b != 0 }),
		"Or":             compare(func(a, b float64) bool { return a != 0 || b != 0 }),
		"Where":          where,
	})
}

func sigmoid(v float32) float32 { return float32(1 / (1 + math.Exp(-float64(v)))) }

func softplus(v float64) float64 {
	if v > 30 {
		return v
	}
	return math.Log1p(math.Exp(v))
}

// divide is whole numbers' division, which rounds towards nought.
func divide(a, b int64) int64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// unary applies f to each number.
func unary(f func(float32) float32) operator {
	return func(x *run, n *node, in []*tensor) ([]*tensor, error) { return each(x, in, f) }
}

// wide applies f in double precision.
func wide(f func(float64) float64) operator {
	return unary(func(v float32) float32 { return float32(f(float64(v))) })
}

// tuned applies a function that a node's attributes settle.
func tuned(f func(*node) func(float32) float32) operator {
	return func(x *run, n *node, in []*tensor) ([]*tensor, error) { return each(x, in, f(n)) }
}

func each(x *run, in []*tensor, f func(float32) float32) ([]*tensor, error) {
	if err := needFloats(in[:min(1, len(in))], 1); err != nil {
		return nil, err
	}
	out, err := x.floats(in[0].shape...)
	if err != nil {
		return nil, err
	}
	for k, v := range in[0].f {
		out.f[k] = f(v)
	}
	return []*tensor{out}, nil
}

func integers(x *run, in []*tensor, f func(int64) int64) ([]*tensor, error) {
	if err := need(in, 1); err != nil {
		return nil, err
	}
	if !in[0].whole {
		return nil, refuse("it is computed on whole numbers alone", "仅支持整数")
	}
	out, err := x.wholes(in[0].shape...)
	if err != nil {
		return nil, err
	}
	for k, v := range in[0].i {
		out.i[k] = f(v)
	}
	return []*tensor{out}, nil
}

func negate(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if len(in) > 0 && in[0] != nil && in[0].whole {
		return integers(x, in, func(v int64) int64 { return -v })
	}
	return each(x, in, func(v float32) float32 { return -v })
}

// same passes its first input on.
func same(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := need(in, 1); err != nil {
		return nil, err
	}
	out, err := x.view(in[0], in[0].shape)
	return []*tensor{out}, err
}

// dropout passes its input on, as a network does that no longer learns.
func dropout(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if learns := optional(in, 2); learns != nil {
		if v, err := one(learns); err != nil || v != 0 {
			return nil, refuse("it is to learn, which is not done", "处于训练模式，不予运行")
		}
	}
	return same(x, n, in[:min(1, len(in))])
}

// clip has its bounds as attributes up to opset 10, as inputs from 11; one that is
// left out is the last number of its kind.
func clip(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := need(in, 1); err != nil {
		return nil, err
	}
	for k := 1; k <= 2; k++ {
		if t := optional(in, k); t != nil && (t.whole != in[0].whole || t.size() != 1) {
			return nil, refuse("its bounds are no single numbers of its input's kind", "上下界应为与输入同类的单个数")
		}
	}
	if in[0].whole {
		low, high := int64(math.MinInt64), int64(math.MaxInt64)
		for k, bound := range []*int64{&low, &high} {
			if t := optional(in, k+1); t != nil {
				*bound = t.i[0]
			}
		}
		return integers(x, in, func(v int64) int64 { return min(max(v, low), high) })
	}
	low, high := n.float("min", -math.MaxFloat32), n.float("max", math.MaxFloat32)
	for k, bound := range []*float32{&low, &high} {
		if t := optional(in, k+1); t != nil {
			*bound = t.f[0]
		}
	}
	return each(x, in, func(v float32) float32 { return min(max(v, low), high) })
}

// cast makes numbers of another kind. Whole ones that do not fit a smaller kind wrap
// around, as they do everywhere (ONNX leaves it open).
func cast(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := need(in, 1); err != nil {
		return nil, err
	}
	to := n.int("to", 0)
	if widths[to] == 0 {
		return nil, refuse("it makes numbers of the kind %d, which are not known", "目标数值类型 %d 不支持", to)
	}
	if isWhole(to) == in[0].whole && (!isWhole(to) || to == int64Kind) {
		return same(x, n, in)
	}
	out, err := x.tensor(in[0].shape, isWhole(to))
	if err != nil {
		return nil, err
	}
	for k := range in[0].size() {
		switch {
		case !isWhole(to):
			out.f[k] = float32(in[0].i[k])
		case in[0].whole:
			out.i[k] = wrapped(in[0].i[k], to)
		case to == boolKind:
			out.i[k] = truth(in[0].f[k] != 0)
		case !math.IsNaN(float64(in[0].f[k])):
			out.i[k] = wrapped(int64(min(max(in[0].f[k], -1e18), 1e18)), to)
		}
	}
	return []*tensor{out}, nil
}

// wrapped is a whole number as the kind keeps it.
func wrapped(v, kind int64) int64 {
	switch kind {
	case uint8Kind:
		return int64(uint8(v))
	case int8Kind:
		return int64(int8(v))
	case int32Kind:
		return int64(int32(v))
	case boolKind:
		return truth(v != 0)
	}
	return v
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// pairwise reads two tensors side by side, stretched to one shape, and calls
// put with the offsets; whole tells of which kind the result is.
func pairwise(x *run, a, b *tensor, whole bool, put func(out *tensor, k, i, j int)) (*tensor, error) {
	shape, err := broadcast(a.shape, b.shape)
	if err != nil {
		return nil, err
	}
	out, err := x.tensor(shape, whole)
	if err != nil {
		return nil, err
	}
	n := out.size()
	switch {
	case sameShape(a.shape, b.shape):
		for k := range n {
			put(out, k, k, k)
		}
	case b.size() == 1:
		for k := range n {
			put(out, k, k, 0)
		}
	default:
		at := newOdometer(shape, stretched(a.shape, shape), stretched(b.shape, shape))
		for k := range n {
			put(out, k, at.off[0], at.off[1])
			at.step()
		}
	}
	return out, nil
}

func dyadic(f func(a, b float32) float32, g func(a, b int64) int64) operator {
	return func(x *run, n *node, in []*tensor) ([]*tensor, error) {
		if err := need(in, 2); err != nil {
			return nil, err
		}
		out, err := combine(x, in[0], in[1], f, g)
		return []*tensor{out}, err
	}
}

func combine(x *run, a, b *tensor, f func(a, b float32) float32, g func(a, b int64) int64) (*tensor, error) {
	switch {
	case a.whole != b.whole || a.whole && g == nil:
		return nil, refuse("floats and whole numbers are mixed", "浮点数与整数混用")
	case a.whole:
		return pairwise(x, a, b, true, func(out *tensor, k, i, j int) { out.i[k] = g(a.i[i], b.i[j]) })
	}
	return pairwise(x, a, b, false, func(out *tensor, k, i, j int) { out.f[k] = f(a.f[i], b.f[j]) })
}

func variadic(f func(a, b float32) float32, g func(a, b int64) int64) operator {
	return func(x *run, n *node, in []*tensor) ([]*tensor, error) {
		if err := need(in, max(1, len(in))); err != nil {
			return nil, err
		}
		out, err := x.view(in[0], in[0].shape)
		for _, t := range in[1:] {
			if err != nil {
				return nil, err
			}
			x.free(out)
			out, err = combine(x, out, t, f, g)
		}
		return []*tensor{out}, err
	}
}

// power takes exponents of either kind.
func power(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := need(in, 2); err != nil {
		return nil, err
	}
	if in[0].whole {
		return nil, refuse("it is computed on floats alone", "仅支持浮点数")
	}
	by := floatsOf(in[1])
	out, err := pairwise(x, in[0], in[1], false, func(out *tensor, k, i, j int) {
		switch v := in[0].f[i]; by[j] {
		case 2:
			out.f[k] = v * v
		default:
			out.f[k] = float32(math.Pow(float64(v), float64(by[j])))
		}
	})
	return []*tensor{out}, err
}

func compare(f func(a, b float64) bool) operator {
	return func(x *run, n *node, in []*tensor) ([]*tensor, error) {
		if err := need(in, 2); err != nil {
			return nil, err
		}
		at := func(t *tensor, k int) float64 {
			if t.whole {
				return float64(t.i[k])
			}
			return float64(t.f[k])
		}
		out, err := pairwise(x, in[0], in[1], true, func(out *tensor, k, i, j int) {
			if f(at(in[0], i), at(in[1], j)) {
				out.i[k] = 1
			}
		})
		return []*tensor{out}, err
	}
}

func where(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := need(in, 3); err != nil {
		return nil, err
	}
	cond, a, b := in[0], in[1], in[2]
	if !cond.whole || a.whole != b.whole {
		return nil, refuse("floats and whole numbers are mixed", "浮点数与整数混用")
	}
	shape, err := broadcast(a.shape, b.shape)
	if err == nil {
		shape, err = broadcast(shape, cond.shape)
	}
	if err != nil {
		return nil, err
	}
	out, err := x.tensor(shape, a.whole)
	if err != nil {
		return nil, err
	}
	at := newOdometer(shape, stretched(cond.shape, shape), stretched(a.shape, shape), stretched(b.shape, shape))
	for k := range out.size() {
		from, off := b, at.off[2]
		if cond.i[at.off[0]] != 0 {
			from, off = a, at.off[1]
		}
		if a.whole {
			out.i[k] = from.i[off]
		} else {
			out.f[k] = from.f[off]
		}
		at.step()
	}
	return []*tensor{out}, nil
}
