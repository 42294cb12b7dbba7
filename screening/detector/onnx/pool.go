package onnx

import "math"

func init() {
	register(map[string]operator{
		"MaxPool":           maxPool,
		"AveragePool":       averagePool,
		"GlobalAveragePool": global(func(v []float32) float32 { return float32(total(v) / float64(max(1, len(v)))) }),
		"GlobalMaxPool": global(func(v []float32) float32 {
			out := float32(math.Inf(-1))
			for _, w := range v {
				out = max(out, w)
			}
			return out
		}),
		"Resize":   resize,
		"Upsample": resize,
	})
}

func total(v []float32) (sum float64) {
	for _, w := range v {
		sum += float64(w)
	}
	return sum
}

func maxPool(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if len(n.out) > 1 {
		return nil, refuse("it is asked for places as well, which are not kept", "还要求输出位置，不支持")
	}
	return pool(x, n, in, func(plane []float32, places []int, full int) float32 {
		out := float32(math.Inf(-1))
		for _, p := range places {
			out = max(out, plane[p])
		}
		return out
	})
}

func averagePool(x *run, n *node, in []*tensor) ([]*tensor, error) {
	padded := n.int("count_include_pad", 0) != 0
	return pool(x, n, in, func(plane []float32, places []int, full int) float32 {
		sum := 0.0
		for _, p := range places {
			sum += float64(plane[p])
		}
		if !padded {
			full = len(places)
		}
		return float32(sum / float64(max(1, full)))
	})
}

// pool calls f with the places on the picture under each window, and how many
// there are with the padding.
func pool(x *run, n *node, in []*tensor, f func(plane []float32, places []int, full int) float32) ([]*tensor, error) {
	if err := needFloats(in, 1); err != nil {
		return nil, err
	}
	t := in[0]
	if err := square(t); err != nil {
		return nil, err
	}
	kernel, err := n.ints("kernel_shape", 2, 0, 1)
	if err != nil {
		return nil, err
	}
	w, err := windowOf(n, kernel)
	if err != nil {
		return nil, err
	}
	h, width := t.shape[2], t.shape[3]
	size, err := w.fit(n, h, width)
	if err != nil {
		return nil, err
	}
	planes := t.shape[0] * t.shape[1]
	out, err := x.floats(t.shape[0], t.shape[1], size[0], size[1])
	if err != nil {
		return nil, err
	}
	if err := x.spend(planes, size[0], size[1], kernel[0], kernel[1]); err != nil {
		return nil, err
	}
	if err := x.charge(8 * int64(kernel[0]) * int64(kernel[1])); err != nil {
		return nil, err
	}
	defer x.charge(-8 * int64(kernel[0]) * int64(kernel[1]))
	places := make([]int, 0, kernel[0]*kernel[1])
	for y := range size[0] {
		if err := x.ctx.Err(); err != nil {
			return nil, err
		}
		for xx := range size[1] {
			places = places[:0]
			full := 0
			for ky := range kernel[0] {
				py := y*w.stride[0] + ky*w.dilation[0] - w.before[0]
				for kx := range kernel[1] {
					px := xx*w.stride[1] + kx*w.dilation[1] - w.before[1]
					if py < h+w.after[0] && px < width+w.after[1] {
						full++
					}
					if py >= 0 && py < h && px >= 0 && px < width {
						places = append(places, py*width+px)
					}
				}
			}
			for p := range planes {
				out.f[(p*size[0]+y)*size[1]+xx] = f(t.f[p*h*width:][:h*width], places, full)
			}
		}
	}
	return []*tensor{out}, nil
}

// global makes one number of each channel's pixels.
func global(f func([]float32) float32) operator {
	return func(x *run, n *node, in []*tensor) ([]*tensor, error) {
		if err := needFloats(in, 1); err != nil {
			return nil, err
		}
		t := in[0]
		if len(t.shape) < 3 {
			return nil, refuse("it needs a picture in 4 dimensions, not %d", "需要 4 维的图片，而不是 %d 维", len(t.shape))
		}
		shape := append([]int{}, t.shape...)
		for k := 2; k < len(shape); k++ {
			shape[k] = 1
		}
		out, err := x.floats(shape...)
		if err != nil {
			return nil, err
		}
		inner := product(t.shape[2:])
		for p := range out.f {
			out.f[p] = f(t.f[p*inner:][:inner])
		}
		return []*tensor{out}, x.spend(t.size())
	}
}

// resize scales pictures, by the nearest pixel or linearly.
func resize(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := needFloats(in[:min(1, len(in))], 1); err != nil {
		return nil, err
	}
	t := in[0]
	if err := square(t); err != nil {
		return nil, err
	}
	size, scale, err := scaled(x.model.opset, n, in)
	if err != nil {
		return nil, err
	}
	mode := n.text("mode", "nearest")
	if mode != "nearest" && mode != "linear" {
		return nil, unknownMode("mode", mode)
	}
	out, err := x.floats(t.shape[0], t.shape[1], size[0], size[1])
	if err != nil {
		return nil, err
	}
	var lines [2][]tap
	for k := range 2 {
		if err := x.charge(24 * int64(size[k])); err != nil {
			return nil, err
		}
		defer x.charge(-24 * int64(size[k]))
		if lines[k], err = taps(x.model.opset, n, mode, t.shape[2+k], size[k], scale[k]); err != nil {
			return nil, err
		}
	}
	if err := x.spend(out.size(), 4); err != nil {
		return nil, err
	}
	h, w := t.shape[2], t.shape[3]
	for p := range t.shape[0] * t.shape[1] {
		if err := x.ctx.Err(); err != nil {
			return nil, err
		}
		from, to := t.f[p*h*w:][:h*w], out.f[p*size[0]*size[1]:][:size[0]*size[1]]
		for y, v := range lines[0] {
			top, low := from[v.a*w:][:w], from[v.b*w:][:w]
			for xx, u := range lines[1] {
				a := top[u.a] + (top[u.b]-top[u.a])*u.share
				b := low[u.a] + (low[u.b]-low[u.a])*u.share
				to[y*size[1]+xx] = a + (b-a)*v.share
			}
		}
	}
	return []*tensor{out}, nil
}

// scaled is the output's rows and columns, and by how much they are scaled. The
// size is the fourth input, the scales the third; before operator set 11 they are
// the second, and of Upsample before 9 an attribute. It is computed with 32 bits as
// everybody does: 0.7 of 10 is 7 then, and 6 with 64.
func scaled(opset int, n *node, in []*tensor) (size [2]int, scale [2]float32, err error) {
	t := in[0]
	scales := optional(in, 2)
	if opset < 11 {
		scales = optional(in, 1)
	}
	if a, ok := n.attrs["scales"]; ok {
		scales = &tensor{f: a.floats}
	}
	if sizes := optional(in, 3); sizes != nil {
		want, err := shapeFrom(sizes)
		if err != nil {
			return size, scale, err
		}
		if len(want) != 4 || want[0] != t.shape[0] || want[1] != t.shape[1] {
			return size, scale, refuse("%v cannot become %v", "%v 无法变为 %v", t.shape, want)
		}
		for k := range 2 {
			size[k] = want[2+k]
			scale[k] = float32(size[k]) / float32(max(1, t.shape[2+k]))
		}
	} else {
		if scales == nil || scales.whole || len(scales.f) != 4 || scales.f[0] != 1 || scales.f[1] != 1 {
			return size, scale, refuse("it is not told how to scale a picture", "没有说明如何缩放图片")
		}
		for k := range 2 {
			scale[k] = scales.f[2+k]
			if !(scale[k] > 0 && scale[k] < 1<<12) {
				return size, scale, refuse("it scales by %v", "缩放比例为 %v", scales.f)
			}
			size[k] = int(float32(t.shape[2+k]) * scale[k])
		}
	}
	if min(size[0], size[1], t.shape[2], t.shape[3]) < 1 || max(size[0], size[1]) > 1<<16 {
		return size, scale, refuse("%v cannot become %v", "%v 无法变为 %v", t.shape, size)
	}
	return size, scale, nil
}

// tap is two places and how much of the second counts.
type tap struct {
	a, b  int
	share float32
}

// taps says for each place of a scaled line where it is read. Before operator set 11
// nothing but one way of counting places was known.
func taps(opset int, n *node, mode string, from, to int, scale float32) ([]tap, error) {
	how, near := n.text("coordinate_transformation_mode", "half_pixel"), n.text("nearest_mode", "round_prefer_floor")
	if opset < 11 {
		how, near = "asymmetric", "floor"
	}
	out := make([]tap, to)
	for k := range out {
		at, err := placeOf(how, k, from, to, scale)
		if err != nil {
			return nil, err
		}
		if mode == "linear" {
			at = min(max(at, 0), float32(from-1))
			a := min(int(at), from-1)
			out[k] = tap{a, min(a+1, from-1), at - float32(a)}
			continue
		}
		if opset < 11 && scale < 1 && at != float32(int(at)) {
			return nil, refuse("it shrinks by %v, which operator set %d does not say how to round", "缩小比例为 %v，算子集 %d 没有规定如何取整", scale, opset)
		}
		v := float64(at)
		switch near {
		case "round_prefer_floor":
			v = math.Ceil(v - 0.5)
		case "round_prefer_ceil":
			v = math.Floor(v + 0.5)
		case "floor":
			v = math.Floor(v)
		case "ceil":
			v = math.Ceil(v)
		default:
			return nil, unknownMode("nearest_mode", near)
		}
		a := min(max(int(v), 0), from-1)
		out[k] = tap{a: a, b: a}
	}
	return out, nil
}

// placeOf is where the place k of a scaled line lies on the line that it is made of.
func placeOf(how string, k, from, to int, scale float32) (float32, error) {
	switch how {
	case "pytorch_half_pixel":
		if to == 1 {
			return 0, nil
		}
		return (float32(k)+0.5)/scale - 0.5, nil
	case "half_pixel":
		return (float32(k)+0.5)/scale - 0.5, nil
	case "asymmetric":
		return float32(k) / scale, nil
	case "align_corners":
		if to == 1 {
			return 0, nil
		}
		return float32(k) * float32(from-1) / float32(to-1), nil
	}
	return 0, unknownMode("coordinate_transformation_mode", how)
}
