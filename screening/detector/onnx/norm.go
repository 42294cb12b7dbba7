package onnx

import (
	"math"
	"slices"
)

func init() {
	register(map[string]operator{
		"BatchNormalization":    batchNorm,
		"InstanceNormalization": instanceNorm,
		"LayerNormalization":    layerNorm,
		"Softmax":               softmax(false),
		"LogSoftmax":            softmax(true),
		"ReduceMean":            reduce(func(v []float64) float64 { return sum(v) / float64(max(1, len(v))) }),
		"ReduceSum":             reduce(sum),
		"ReduceMax":             reduce(func(v []float64) float64 { return slices.Max(v) }),
		"ReduceMin":             reduce(func(v []float64) float64 { return slices.Min(v) }),
		"ReduceL2":              reduce(func(v []float64) float64 { return math.Sqrt(squares(v)) }),
		"ReduceSumSquare":       reduce(squares),
		"LpNormalization":       lpNorm,
	})
}

func sum(v []float64) (s float64) {
	for _, w := range v {
		s += w
	}
	return s
}

func squares(v []float64) (s float64) {
	for _, w := range v {
		s += w * w
	}
	return s
}

// channelwise checks a picture with its channels second and so many lists of a
// number a channel.
func channelwise(in []*tensor, lists int) error {
	if err := needFloats(in, 1+lists); err != nil {
		return err
	}
	if len(in[0].shape) < 2 {
		return refuse("it needs channels, and gets %v", "需要通道，得到的是 %v", in[0].shape)
	}
	for _, t := range in[1 : 1+lists] {
		if t.size() != in[0].shape[1] {
			return refuse("%d numbers stand for %d channels", "%d 个数对应 %d 个通道", t.size(), in[0].shape[1])
		}
	}
	return nil
}

// batchNorm as when a trained network is used: by the means it learned.
func batchNorm(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := channelwise(in, 4); err != nil {
		return nil, err
	}
	if n.int("training_mode", 0) != 0 {
		return nil, refuse("it is to learn, which is not done", "处于训练模式，不予运行")
	}
	t, eps := in[0], float64(n.float("epsilon", 1e-5))
	out, err := x.floats(t.shape...)
	if err != nil {
		return nil, err
	}
	channels, inner := t.shape[1], product(t.shape[2:])
	for p := range t.shape[0] * channels {
		c := p % channels
		scale := float64(in[1].f[c]) / math.Sqrt(float64(in[4].f[c])+eps)
		a, b := float32(scale), float32(float64(in[2].f[c])-float64(in[3].f[c])*scale)
		for k, v := range t.f[p*inner:][:inner] {
			out.f[p*inner+k] = a*v + b
		}
	}
	return []*tensor{out}, nil
}

// standard writes (v - mean) / deviation.
func standard(to, v []float32, eps float64) {
	mean := total(v) / float64(max(1, len(v)))
	spread := 0.0
	for _, w := range v {
		spread += (float64(w) - mean) * (float64(w) - mean)
	}
	by := 1 / math.Sqrt(spread/float64(max(1, len(v)))+eps)
	for k, w := range v {
		to[k] = float32((float64(w) - mean) * by)
	}
}

func instanceNorm(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := channelwise(in, 2); err != nil {
		return nil, err
	}
	t := in[0]
	out, err := x.floats(t.shape...)
	if err != nil {
		return nil, err
	}
	channels, inner := t.shape[1], product(t.shape[2:])
	for p := range t.shape[0] * channels {
		row := out.f[p*inner:][:inner]
		standard(row, t.f[p*inner:][:inner], float64(n.float("epsilon", 1e-5)))
		a, b := in[1].f[p%channels], in[2].f[p%channels]
		for k := range row {
			row[k] = a*row[k] + b
		}
	}
	return []*tensor{out}, nil
}

func layerNorm(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := needFloats(in, 2); err != nil {
		return nil, err
	}
	t := in[0]
	axis, err := axisOf(n.int("axis", -1), len(t.shape))
	if err != nil {
		return nil, err
	}
	inner := product(t.shape[axis:])
	bias := optional(in, 2)
	if in[1].size() != inner || bias != nil && bias.size() != inner || len(n.out) > 1 {
		return nil, refuse("tensors of the sizes %v and %v do not go together", "尺寸为 %v 与 %v 的张量无法配合", t.shape, in[1].shape)
	}
	out, err := x.floats(t.shape...)
	if err != nil {
		return nil, err
	}
	for p := range product(t.shape[:axis]) {
		row := out.f[p*inner:][:inner]
		standard(row, t.f[p*inner:][:inner], float64(n.float("epsilon", 1e-5)))
		for k := range row {
			row[k] *= in[1].f[k]
			if bias != nil {
				row[k] += bias.f[k]
			}
		}
	}
	return []*tensor{out}, nil
}

// lines calls f with the numbers along some dimensions, for each place in the
// others: its number, the numbers, where the first of them stands in t, and how
// far from it each does.
func lines(x *run, t *tensor, along map[int]bool, f func(place int, line []float64, base int, offsets []int)) error {
	own := steps(t.shape)
	var in, out, inBy, outBy []int
	for k, d := range t.shape {
		if along[k] {
			in, inBy = append(in, d), append(inBy, own[k])
		} else {
			out, outBy = append(out, d), append(outBy, own[k])
		}
	}
	n := product(in)
	if err := x.charge(16 * int64(n)); err != nil {
		return err
	}
	defer x.charge(-16 * int64(n))
	if err := x.spend(t.size()); err != nil {
		return err
	}
	offsets, line := make([]int, n), make([]float64, n)
	at := newOdometer(in, inBy)
	for k := range offsets {
		offsets[k] = at.off[0]
		at.step()
	}
	outer := newOdometer(out, outBy)
	for place := range product(out) {
		for k, off := range offsets {
			if t.whole {
				line[k] = float64(t.i[outer.off[0]+off])
			} else {
				line[k] = float64(t.f[outer.off[0]+off])
			}
		}
		f(place, line, outer.off[0], offsets)
		outer.step()
	}
	return nil
}

func reduce(f func([]float64) float64) operator {
	return func(x *run, n *node, in []*tensor) ([]*tensor, error) {
		if err := need(in, 1); err != nil {
			return nil, err
		}
		t := in[0]
		axes, err := axesOf(n, in, 1, len(t.shape))
		if err != nil {
			return nil, err
		}
		if len(axes) == 0 {
			// With noop_with_empty_axes each number is a line of its own: nothing is
			// summed, and what is done to a number (a square) is done.
			for k := range t.shape {
				axes[k] = n.int("noop_with_empty_axes", 0) == 0
			}
		}
		if t.size() == 0 {
			return nil, refuse("it sums up nothing", "没有可汇总的数")
		}
		shape := []int{}
		for k, d := range t.shape {
			switch {
			case !axes[k]:
				shape = append(shape, d)
			case n.int("keepdims", 1) != 0:
				shape = append(shape, 1)
			}
		}
		out, err := x.tensor(shape, t.whole)
		if err != nil {
			return nil, err
		}
		return []*tensor{out}, lines(x, t, axes, func(place int, line []float64, _ int, _ []int) {
			if t.whole {
				out.i[place] = int64(f(line))
			} else {
				out.f[place] = float32(f(line))
			}
		})
	}
}

// softmax goes along one dimension; up to opset 12 along all from it on.
func softmax(log bool) operator {
	return func(x *run, n *node, in []*tensor) ([]*tensor, error) {
		if err := needFloats(in, 1); err != nil {
			return nil, err
		}
		t := in[0]
		usual := int64(-1)
		if x.model.opset < 13 {
			usual = 1
		}
		axis, err := axisOf(n.int("axis", usual), len(t.shape))
		if err != nil {
			return nil, err
		}
		along := map[int]bool{axis: true}
		for k := axis; k < len(t.shape) && x.model.opset < 13; k++ {
			along[k] = true
		}
		out, err := x.floats(t.shape...)
		if err != nil || t.size() == 0 {
			return []*tensor{out}, err
		}
		return []*tensor{out}, lines(x, t, along, func(_ int, line []float64, base int, offsets []int) {
			top, whole := slices.Max(line), 0.0
			for _, v := range line {
				whole += math.Exp(v - top)
			}
			for k, v := range line {
				if log {
					out.f[base+offsets[k]] = float32(v - top - math.Log(whole))
				} else {
					out.f[base+offsets[k]] = float32(math.Exp(v-top) / whole)
				}
			}
		})
	}
}

// lpNorm divides along one dimension by its length.
func lpNorm(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := needFloats(in, 1); err != nil {
		return nil, err
	}
	t := in[0]
	axis, err := axisOf(n.int("axis", -1), len(t.shape))
	if err != nil {
		return nil, err
	}
	if n.int("p", 2) != 2 {
		return nil, unknownMode("p", "1")
	}
	out, err := x.floats(t.shape...)
	if err != nil {
		return nil, err
	}
	inner, size := product(t.shape[axis+1:]), t.shape[axis]
	for o := range product(t.shape[:axis]) {
		for i := range inner {
			length := 0.0
			for k := range size {
				v := float64(t.f[(o*size+k)*inner+i])
				length += v * v
			}
			by := 1.0
			if length > 0 {
				by = 1 / math.Sqrt(length)
			}
			for k := range size {
				at := (o*size+k)*inner + i
				out.f[at] = float32(float64(t.f[at]) * by)
			}
		}
	}
	return []*tensor{out}, x.spend(t.size())
}
