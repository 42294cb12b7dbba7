package onnx

import "slices"

func init() {
	register(map[string]operator{
		"Shape":           shapeOf,
		"Reshape":         reshape,
		"Flatten":         flatten,
		"Squeeze":         squeeze,
		"Unsqueeze":       unsqueeze,
		"Transpose":       transpose,
		"Concat":          concat,
		"Split":           split,
		"Slice":           slice,
		"Gather":          gather,
		"Expand":          expand,
		"Tile":            tile,
		"Pad":             pad,
		"Constant":        constant,
		"ConstantOfShape": constantOfShape,
		"Range":           countUp,
		"DepthToSpace":    depthToSpace,
		"SpaceToDepth":    spaceToDepth,
	})
}

func shapeOf(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := need(in, 1); err != nil {
		return nil, err
	}
	rank := int64(len(in[0].shape))
	clamp := func(v int64) int64 {
		if v < 0 {
			v += rank
		}
		return min(max(v, 0), rank)
	}
	from, to := clamp(n.int("start", 0)), clamp(n.int("end", rank))
	out, err := x.wholes(int(max(0, to-from)))
	if err != nil {
		return nil, err
	}
	for k := range out.i {
		out.i[k] = int64(in[0].shape[int(from)+k])
	}
	return []*tensor{out}, nil
}

func reshape(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := need(in, 1); err != nil {
		return nil, err
	}
	want, _, err := n.list(in, 1, "shape")
	if err != nil {
		return nil, err
	}
	if len(want) > maxRank {
		return nil, refuse("a tensor has more than %d dimensions", "有张量超过 %d 维", maxRank)
	}
	shape := make([]int, len(want))
	open, rest := -1, 1
	for k, v := range want {
		switch {
		case v == -1 && open < 0:
			open = k
			continue
		case v == 0 && n.int("allowzero", 0) == 0 && k < len(in[0].shape):
			v = int64(in[0].shape[k])
		case v < 0 || v > 1<<40:
			return nil, refuse("%v is no size", "%v 不是有效的尺寸", want)
		}
		shape[k] = int(v)
		if rest, err = sizeOf([]int{rest, int(v)}); err != nil {
			return nil, err
		}
	}
	if open >= 0 {
		if rest == 0 || in[0].size()%rest != 0 {
			return nil, refuse("%v cannot become %v", "%v 无法变为 %v", in[0].shape, want)
		}
		shape[open] = in[0].size() / rest
	}
	out, err := x.view(in[0], shape)
	return []*tensor{out}, err
}

func flatten(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := need(in, 1); err != nil {
		return nil, err
	}
	rank := len(in[0].shape)
	axis := n.int("axis", 1)
	if axis < 0 {
		axis += int64(rank)
	}
	if axis < 0 || axis > int64(rank) {
		return nil, refuse("there is no dimension %d among %d", "没有第 %d 维（共 %d 维）", axis, rank)
	}
	out, err := x.view(in[0], []int{product(in[0].shape[:axis]), product(in[0].shape[axis:])})
	return []*tensor{out}, err
}

// axesOf reads which dimensions an operator is about: an input, or an attribute.
func axesOf(n *node, in []*tensor, k, rank int) (map[int]bool, error) {
	list, _, err := n.list(in, k, "axes")
	if err != nil {
		return nil, err
	}
	out := map[int]bool{}
	for _, v := range list {
		axis, err := axisOf(v, rank)
		if err != nil {
			return nil, err
		}
		out[axis] = true
	}
	return out, nil
}

func squeeze(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := need(in, 1); err != nil {
		return nil, err
	}
	axes, err := axesOf(n, in, 1, len(in[0].shape))
	if err != nil {
		return nil, err
	}
	shape := []int{}
	for k, d := range in[0].shape {
		if axes[k] && d != 1 {
			return nil, refuse("a dimension of %d is to vanish", "长度为 %d 的维不能去掉", d)
		}
		if !axes[k] && (len(axes) > 0 || d != 1) {
			shape = append(shape, d)
		}
	}
	out, err := x.view(in[0], shape)
	return []*tensor{out}, err
}

func unsqueeze(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := need(in, 1); err != nil {
		return nil, err
	}
	list, _, err := n.list(in, 1, "axes")
	if err != nil {
		return nil, err
	}
	rank := len(in[0].shape) + len(list)
	if rank > maxRank {
		return nil, refuse("a tensor has more than %d dimensions", "有张量超过 %d 维", maxRank)
	}
	axes, err := axesOf(n, in, 1, rank)
	if err != nil {
		return nil, err
	}
	if len(axes) != len(list) {
		return nil, refuse("a dimension is named twice", "有一维重复出现")
	}
	shape, from := make([]int, rank), 0
	for k := range shape {
		shape[k] = 1
		if !axes[k] {
			shape[k] = in[0].shape[from]
			from++
		}
	}
	out, err := x.view(in[0], shape)
	return []*tensor{out}, err
}

// pick makes a tensor of shape whose numbers stand in t at start and by so many
// steps in each dimension.
func pick(x *run, t *tensor, shape []int, start int, by []int) (*tensor, error) {
	out, err := x.tensor(shape, t.whole)
	if err != nil {
		return nil, err
	}
	at := newOdometer(shape, by)
	at.off[0] = start
	for k := range out.size() {
		if t.whole {
			out.i[k] = t.i[at.off[0]]
		} else {
			out.f[k] = t.f[at.off[0]]
		}
		at.step()
	}
	return out, nil
}

func transpose(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := need(in, 1); err != nil {
		return nil, err
	}
	t := in[0]
	rank := len(t.shape)
	order := make([]int, rank)
	for k := range order {
		order[k] = rank - 1 - k
	}
	if a, ok := n.attrs["perm"]; ok {
		if len(a.ints) != rank {
			return nil, refuse("%d dimensions are ordered, not %d", "排列了 %d 维，应为 %d 维", len(a.ints), rank)
		}
		seen := map[int]bool{}
		for k, v := range a.ints {
			axis, err := axisOf(v, rank)
			if err != nil {
				return nil, err
			}
			if seen[axis] {
				return nil, refuse("a dimension is named twice", "有一维重复出现")
			}
			order[k], seen[axis] = axis, true
		}
	}
	own := steps(t.shape)
	shape, by := make([]int, rank), make([]int, rank)
	for k, axis := range order {
		shape[k], by[k] = t.shape[axis], own[axis]
	}
	out, err := pick(x, t, shape, 0, by)
	return []*tensor{out}, err
}

func concat(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := need(in, max(1, len(in))); err != nil {
		return nil, err
	}
	if _, ok := n.attrs["axis"]; !ok {
		return nil, refuse("it is not told along which dimension", "没有说明沿哪一维")
	}
	axis, err := axisOf(n.int("axis", 1), len(in[0].shape))
	if err != nil {
		return nil, err
	}
	shape := slices.Clone(in[0].shape)
	shape[axis] = 0
	for _, t := range in {
		fits := len(t.shape) == len(shape) && t.whole == in[0].whole
		for k := 0; fits && k < len(shape); k++ {
			fits = k == axis || t.shape[k] == in[0].shape[k]
		}
		if !fits {
			return nil, refuse("tensors of the sizes %v and %v do not go together", "尺寸为 %v 与 %v 的张量无法配合", in[0].shape, t.shape)
		}
		shape[axis] += t.shape[axis]
	}
	out, err := x.tensor(shape, in[0].whole)
	if err != nil {
		return nil, err
	}
	outer, row := product(shape[:axis]), product(shape[axis:])
	if err := x.spend(outer, len(in)); err != nil {
		return nil, err
	}
	done := 0
	for _, t := range in {
		if err := x.ctx.Err(); err != nil {
			return nil, err
		}
		own := product(t.shape[axis:])
		if own == 0 {
			continue
		}
		for o := range outer {
			if t.whole {
				copy(out.i[o*row+done:], t.i[o*own:(o+1)*own])
			} else {
				copy(out.f[o*row+done:], t.f[o*own:(o+1)*own])
			}
		}
		done += own
	}
	return []*tensor{out}, nil
}

func split(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := need(in, 1); err != nil {
		return nil, err
	}
	t := in[0]
	axis, err := axisOf(n.int("axis", 0), len(t.shape))
	if err != nil {
		return nil, err
	}
	parts, given, err := n.list(in, 1, "split")
	if err != nil {
		return nil, err
	}
	if !given || len(parts) == 0 {
		count := max(1, len(n.out))
		if more := n.int("num_outputs", int64(count)); more != int64(count) || x.model.opset < 18 && t.shape[axis]%count != 0 {
			return nil, refuse("%d cannot be split into %d", "%d 不能分成 %d 份", t.shape[axis], more)
		}
		each := (t.shape[axis] + count - 1) / count
		parts = nil
		for left := t.shape[axis]; len(parts) < count; left -= each {
			parts = append(parts, int64(max(0, min(each, left))))
		}
	}
	if len(parts) != len(n.out) {
		return nil, refuse("it makes %d parts for %d outputs", "分成 %d 份，却有 %d 个输出", len(parts), len(n.out))
	}
	var out []*tensor
	own, from := steps(t.shape), 0
	for _, p := range parts {
		if p < 0 || p > int64(t.shape[axis]-from) {
			return nil, refuse("%d cannot be split into %s", "%d 不能分成 %s", t.shape[axis], some(parts))
		}
		shape := slices.Clone(t.shape)
		shape[axis] = int(p)
		piece, err := pick(x, t, shape, from*own[axis], own)
		if err != nil {
			return nil, err
		}
		out, from = append(out, piece), from+int(p)
	}
	if from != t.shape[axis] {
		return nil, refuse("%d cannot be split into %s", "%d 不能分成 %s", t.shape[axis], some(parts))
	}
	return out, nil
}

func slice(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := need(in, 1); err != nil {
		return nil, err
	}
	t := in[0]
	starts, _, err1 := n.list(in, 1, "starts")
	ends, _, err2 := n.list(in, 2, "ends")
	axes, some, err3 := n.list(in, 3, "axes")
	every, stepped, err4 := n.list(in, 4, "steps")
	for _, err := range []error{err1, err2, err3, err4} {
		if err != nil {
			return nil, err
		}
	}
	if len(starts) != len(ends) || some && len(axes) != len(starts) || stepped && len(every) != len(starts) || len(starts) > maxRank {
		return nil, refuse("it is told to cut in two ways at once", "裁切参数不一致")
	}
	shape, by := slices.Clone(t.shape), steps(t.shape)
	start := 0
	for k := range starts {
		axis := int64(k)
		if some {
			axis = axes[k]
		}
		at, err := axisOf(axis, len(t.shape))
		if err != nil {
			return nil, err
		}
		step := int64(1)
		if stepped {
			step = every[k]
		}
		first, count, err := cut(starts[k], ends[k], step, int64(t.shape[at]))
		if err != nil {
			return nil, err
		}
		start += int(first) * by[at]
		by[at] *= int(step)
		shape[at] = int(count)
	}
	if product(shape) == 0 {
		start = 0
	}
	out, err := pick(x, t, shape, start, by)
	return []*tensor{out}, err
}

// cut is the first place and the number of places of start:end:step among size,
// clamped as in numpy.
func cut(start, end, step, size int64) (first, count int64, err error) {
	if step == 0 || step < -size-1 || step > 1<<31 {
		return 0, 0, refuse("it cuts by steps of %d", "裁切步长为 %d", step)
	}
	low, high := int64(0), size
	if step < 0 {
		low, high = -1, size-1
	}
	place := func(v int64) int64 {
		if v < 0 {
			v = max(v, -size-1) + size
		}
		return min(max(v, low), high)
	}
	first, last := place(start), place(end)
	if step > 0 {
		count = (last - first + step - 1) / step
	} else {
		count = (first - last - step - 1) / -step
	}
	return first, max(0, count), nil
}

func gather(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := need(in, 2); err != nil {
		return nil, err
	}
	t, which := in[0], in[1]
	axis, err := axisOf(n.int("axis", 0), len(t.shape))
	if err != nil {
		return nil, err
	}
	if !which.whole {
		return nil, refuse("it is pointed at places by floats", "下标不是整数")
	}
	shape := slices.Concat(t.shape[:axis], which.shape, t.shape[axis+1:])
	out, err := x.tensor(shape, t.whole)
	if err != nil {
		return nil, err
	}
	outer, inner, size := product(t.shape[:axis]), product(t.shape[axis+1:]), t.shape[axis]
	to := 0
	for o := range outer {
		for _, v := range which.i {
			at, err := axisOf(v, size)
			if err != nil {
				return nil, err
			}
			from := (o*size + at) * inner
			if t.whole {
				copy(out.i[to:to+inner], t.i[from:])
			} else {
				copy(out.f[to:to+inner], t.f[from:])
			}
			to += inner
		}
	}
	return []*tensor{out}, nil
}

func expand(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := need(in, 2); err != nil {
		return nil, err
	}
	want, err := shapeFrom(in[1])
	if err != nil {
		return nil, err
	}
	shape, err := broadcast(in[0].shape, want)
	if err != nil {
		return nil, err
	}
	out, err := pick(x, in[0], shape, 0, stretched(in[0].shape, shape))
	return []*tensor{out}, err
}

// shapeFrom reads a size that was computed.
func shapeFrom(t *tensor) ([]int, error) {
	if !t.whole || len(t.i) > maxRank {
		return nil, refuse("%v is no size", "%v 不是有效的尺寸", t.shape)
	}
	out := make([]int, len(t.i))
	for k, v := range t.i {
		if v < 0 || v > 1<<40 {
			return nil, refuse("%v is no size", "%v 不是有效的尺寸", t.i)
		}
		out[k] = int(v)
	}
	return out, nil
}

func tile(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := need(in, 2); err != nil {
		return nil, err
	}
	times, err := shapeFrom(in[1])
	if err != nil {
		return nil, err
	}
	t := in[0]
	if len(times) != len(t.shape) || 2*len(times) > maxRank {
		return nil, refuse("tensors of the sizes %v and %v do not go together", "尺寸为 %v 与 %v 的张量无法配合", t.shape, times)
	}
	own := steps(t.shape)
	var shape, by, final []int
	for k, m := range times {
		shape, by = append(shape, m, t.shape[k]), append(by, 0, own[k])
		joint, err := sizeOf([]int{m, t.shape[k]})
		if err != nil {
			return nil, err
		}
		final = append(final, joint)
	}
	out, err := pick(x, t, shape, 0, by)
	if err == nil {
		out.shape = final
	}
	return []*tensor{out}, err
}
