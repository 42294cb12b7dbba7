package onnx

// window is how a kernel goes over a picture.
type window struct {
	kernel, stride, dilation [2]int
	before, after            [2]int // padding, rows then columns
	ceil                     bool
}

// windowOf reads the attributes that convolutions and pools share. A tensor of
// one dimension is taken as a picture of one row.
func windowOf(n *node, kernel []int) (w window, err error) {
	if len(kernel) != 2 {
		return w, refuse("only pictures are gone over, not tensors of %d dimensions", "仅支持二维图片，不支持 %d 维", len(kernel))
	}
	copy(w.kernel[:], kernel)
	for k, v := range n.attrs["kernel_shape"].ints {
		if k >= 2 || v != int64(kernel[k]) {
			return w, refuse("its kernel is %v and is called another size", "卷积核为 %v，与声明的尺寸不符", kernel)
		}
	}
	for _, f := range []struct {
		name string
		into *[2]int
	}{{"strides", &w.stride}, {"dilations", &w.dilation}} {
		v, err := n.ints(f.name, 2, 1, 1)
		if err != nil {
			return w, err
		}
		copy(f.into[:], v)
	}
	pads, err := n.ints("pads", 4, 0, 0)
	if err != nil {
		return w, err
	}
	copy(w.before[:], pads[:2])
	copy(w.after[:], pads[2:])
	w.ceil = n.int("ceil_mode", 0) != 0
	for k := range 2 {
		if w.kernel[k] < 1 || w.kernel[k] > 1<<12 || w.dilation[k] > 1<<12 {
			return w, refuse("its kernel is %v", "卷积核为 %v", kernel)
		}
	}
	return w, nil
}

// fit sets automatic padding and returns the output's rows and columns.
func (w *window) fit(n *node, h, width int) (out [2]int, err error) {
	mode := n.text("auto_pad", "NOTSET")
	for k, size := range [2]int{h, width} {
		reach := (w.kernel[k]-1)*w.dilation[k] + 1
		switch mode {
		case "NOTSET":
		case "VALID":
			w.before[k], w.after[k] = 0, 0
		case "SAME_UPPER", "SAME_LOWER":
			want := (size + w.stride[k] - 1) / w.stride[k]
			total := max(0, (want-1)*w.stride[k]+reach-size)
			w.before[k], w.after[k] = total/2, total-total/2
			if mode == "SAME_LOWER" {
				w.before[k], w.after[k] = w.after[k], w.before[k]
			}
		default:
			return out, unknownMode("auto_pad", mode)
		}
		room := size + w.before[k] + w.after[k] - reach
		if room < 0 {
			return out, refuse("a kernel of %d is larger than the picture's %d", "卷积核 %d 大于图片的 %d", reach, size+w.before[k]+w.after[k])
		}
		out[k] = room/w.stride[k] + 1
		if w.ceil && room%w.stride[k] != 0 && out[k]*w.stride[k] < size+w.before[k] {
			out[k]++ // a window must begin on the picture or its left padding
		}
	}
	return out, nil
}

// square checks for a picture in four dimensions: number, channels, rows, columns.
func square(t *tensor) error {
	if len(t.shape) != 4 {
		return refuse("it needs a picture in 4 dimensions, not %d", "需要 4 维的图片，而不是 %d 维", len(t.shape))
	}
	return nil
}
