package onnx

func constant(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if a := n.attrs["value"]; a.t != nil {
		out, err := x.view(a.t, a.t.shape)
		return []*tensor{out}, err
	}
	var out *tensor
	var err error
	if a, ok := n.attrs["value_float"]; ok {
		if out, err = x.floats(); err == nil {
			out.f[0] = a.f
		}
	} else if a, ok := n.attrs["value_int"]; ok {
		if out, err = x.wholes(); err == nil {
			out.i[0] = a.i
		}
	} else if a, ok := n.attrs["value_ints"]; ok {
		if out, err = x.wholes(len(a.ints)); err == nil {
			copy(out.i, a.ints)
		}
	} else if a, ok := n.attrs["value_floats"]; ok {
		if out, err = x.floats(len(a.floats)); err == nil {
			copy(out.f, a.floats)
		}
	} else {
		return nil, refuse("it holds no number", "没有给出数值")
	}
	return []*tensor{out}, err
}

func constantOfShape(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := need(in, 1); err != nil {
		return nil, err
	}
	shape, err := shapeFrom(in[0])
	if err != nil {
		return nil, err
	}
	value := n.attrs["value"].t
	if value != nil && value.size() != 1 {
		return nil, refuse("%d numbers stand where one should", "应为一个数，却有 %d 个", value.size())
	}
	out, err := x.tensor(shape, value != nil && value.whole)
	if err != nil || value == nil {
		return []*tensor{out}, err
	}
	for k := range out.size() {
		if out.whole {
			out.i[k] = value.i[0]
		} else {
			out.f[k] = value.f[0]
		}
	}
	return []*tensor{out}, nil
}

// countUp lists start, start+step, … below limit.
func countUp(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := need(in, 3); err != nil {
		return nil, err
	}
	for _, t := range in[:3] {
		if !t.whole || t.size() != 1 {
			return nil, refuse("it counts by whole numbers alone", "仅支持整数计数")
		}
	}
	start, limit, step := in[0].i[0], in[1].i[0], in[2].i[0]
	const far = 1 << 31
	if step == 0 || max(start, -start, limit, -limit, step, -step) > far {
		return nil, refuse("it counts from %d to %d by %d", "从 %d 数到 %d，步长 %d", start, limit, step)
	}
	count := max(0, (limit-start)/step)
	if count*step < limit-start && step > 0 || count*step > limit-start && step < 0 {
		count++
	}
	out, err := x.wholes(int(count))
	if err != nil {
		return nil, err
	}
	for k := range out.i {
		out.i[k] = start + int64(k)*step
	}
	return []*tensor{out}, nil
}
