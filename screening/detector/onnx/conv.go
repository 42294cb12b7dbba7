package onnx

func init() {
	register(map[string]operator{"Conv": conv, "ConvTranspose": convTranspose})
}

// conv multiplies a picture's patches with kernels, group by group: the patches
// are laid out as columns and the rest is one product of matrices.
func conv(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := needFloats(in, 2); err != nil {
		return nil, err
	}
	t, kernels, bias := in[0], in[1], optional(in, 2)
	if err := square(t); err != nil {
		return nil, err
	}
	w, err := windowOf(n, kernels.shape[min(2, len(kernels.shape)):])
	if err != nil {
		return nil, err
	}
	size, err := w.fit(n, t.shape[2], t.shape[3])
	if err != nil {
		return nil, err
	}
	groups := int(n.int("group", 1))
	batch, channels, filters := t.shape[0], t.shape[1], kernels.shape[0]
	if groups < 1 || groups > channels || channels%groups != 0 || filters%groups != 0 || kernels.shape[1] != channels/groups || bias != nil && bias.size() != filters {
		return nil, refuse("kernels of the size %v do not fit %d channels in %d groups", "尺寸为 %v 的卷积核与 %d 个通道、%d 组不符", kernels.shape, channels, groups)
	}
	out, err := x.floats(batch, filters, size[0], size[1])
	if err != nil {
		return nil, err
	}
	each, deep := filters/groups, channels/groups*w.kernel[0]*w.kernel[1]
	if err := x.spend(batch, groups); err != nil {
		return nil, err
	}
	if err := x.spend(batch, filters, size[0], size[1], deep); err != nil {
		return nil, err
	}
	depthwise := channels == groups && each == 1
	plain := w.kernel == [2]int{1, 1} && w.stride == [2]int{1, 1} && w.before == [2]int{} && w.after == [2]int{}
	pixels, inner := size[0]*size[1], t.shape[2]*t.shape[3]
	var columns *tensor
	if !depthwise && !plain {
		if columns, err = x.floats(deep, pixels); err != nil {
			return nil, err
		}
		defer x.free(columns)
	}
	for b := range batch {
		for g := range groups {
			from := t.f[(b*channels+g*channels/groups)*inner:][:channels/groups*inner]
			to := out.f[(b*filters+g*each)*pixels:][:each*pixels]
			for k := range each {
				if bias != nil {
					fill(to[k*pixels:][:pixels], bias.f[g*each+k])
				}
			}
			weights := kernels.f[g*each*deep:][:each*deep]
			switch {
			case depthwise:
				w.slide(to, from, weights, t.shape[2], t.shape[3], size)
			case plain:
				multiply(to, weights, from, each, deep, pixels)
			default:
				w.lay(columns.f, from, channels/groups, t.shape[2], t.shape[3], size)
				multiply(to, weights, columns.f, each, deep, pixels)
			}
			if err := x.ctx.Err(); err != nil {
				return nil, err
			}
		}
	}
	return []*tensor{out}, nil
}

func fill(to []float32, v float32) {
	for k := range to {
		to[k] = v
	}
}

// reach is the first and one past the last output place whose window's tap falls
// on the picture of size, where the tap lies at offset.
func reach(offset, stride, size, places int) (from, to int) {
	if offset < 0 {
		from = (-offset + stride - 1) / stride
	}
	if offset >= size {
		return 0, 0
	}
	return from, max(from, min(places, (size-1-offset)/stride+1))
}

// slide adds one channel's convolution to to.
func (w *window) slide(to, from, weights []float32, h, width int, size [2]int) {
	for ky := range w.kernel[0] {
		oy := ky*w.dilation[0] - w.before[0]
		y0, y1 := reach(oy, w.stride[0], h, size[0])
		for kx := range w.kernel[1] {
			ox := kx*w.dilation[1] - w.before[1]
			x0, x1 := reach(ox, w.stride[1], width, size[1])
			weight := weights[ky*w.kernel[1]+kx]
			for y := y0; y < y1; y++ {
				row := from[(y*w.stride[0]+oy)*width:][:width]
				out := to[y*size[1]:][:size[1]]
				if w.stride[1] == 1 {
					for x, v := range row[x0+ox:][:x1-x0] {
						out[x0+x] += weight * v
					}
					continue
				}
				for x := x0; x < x1; x++ {
					out[x] += weight * row[x*w.stride[1]+ox]
				}
			}
		}
	}
}

// lay writes the patches as columns: a row a channel and tap, a column a place.
func (w *window) lay(columns, from []float32, channels, h, width int, size [2]int) {
	pixels := size[0] * size[1]
	at := 0
	for c := range channels {
		plane := from[c*h*width:][:h*width]
		for ky := range w.kernel[0] {
			oy := ky*w.dilation[0] - w.before[0]
			y0, y1 := reach(oy, w.stride[0], h, size[0])
			for kx := range w.kernel[1] {
				ox := kx*w.dilation[1] - w.before[1]
				x0, x1 := reach(ox, w.stride[1], width, size[1])
				row := columns[at:][:pixels]
				at += pixels
				fill(row, 0)
				for y := y0; y < y1; y++ {
					src, dst := plane[(y*w.stride[0]+oy)*width:][:width], row[y*size[1]:][:size[1]]
					if w.stride[1] == 1 {
						copy(dst[x0:x1], src[x0+ox:])
						continue
					}
					for x := x0; x < x1; x++ {
						dst[x] = src[x*w.stride[1]+ox]
					}
				}
			}
		}
	}
}

// convTranspose spreads each pixel by a kernel, the transpose of a convolution.
func convTranspose(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := needFloats(in, 2); err != nil {
		return nil, err
	}
	t, kernels, bias := in[0], in[1], optional(in, 2)
	if err := square(t); err != nil {
		return nil, err
	}
	w, err := windowOf(n, kernels.shape[min(2, len(kernels.shape)):])
	if err != nil {
		return nil, err
	}
	extra, err := n.ints("output_padding", 2, 0, 0)
	if err != nil {
		return nil, err
	}
	groups := int(n.int("group", 1))
	batch, channels := t.shape[0], t.shape[1]
	if _, sized := n.attrs["output_shape"]; sized || n.text("auto_pad", "NOTSET") != "NOTSET" {
		return nil, refuse("its output's size is given in a way that is not known", "输出尺寸的写法不支持")
	}
	if groups < 1 || groups > channels || channels%groups != 0 || kernels.shape[0] != channels {
		return nil, refuse("kernels of the size %v do not fit %d channels in %d groups", "尺寸为 %v 的卷积核与 %d 个通道、%d 组不符", kernels.shape, channels, groups)
	}
	var size [2]int
	for k := range 2 {
		size[k] = (t.shape[2+k]-1)*w.stride[k] + (w.kernel[k]-1)*w.dilation[k] + 1 + extra[k] - w.before[k] - w.after[k]
		if size[k] < 1 {
			return nil, refuse("nothing is left of its output", "输出为空")
		}
	}
	each := kernels.shape[1]
	out, err := x.floats(batch, groups*each, size[0], size[1])
	if err != nil {
		return nil, err
	}
	if bias != nil && bias.size() != groups*each {
		return nil, refuse("%d numbers are added to %d channels", "%d 个偏置与 %d 个通道不符", bias.size(), groups*each)
	}
	if err := x.spend(batch, channels, each, t.shape[2], t.shape[3], w.kernel[0], w.kernel[1]); err != nil {
		return nil, err
	}
	taps, inner, pixels := w.kernel[0]*w.kernel[1], t.shape[2]*t.shape[3], size[0]*size[1]
	for b := range batch {
		for f := range groups * each {
			if bias != nil {
				fill(out.f[(b*groups*each+f)*pixels:][:pixels], bias.f[f])
			}
		}
		for c := range channels {
			g := c / (channels / groups)
			from := t.f[(b*channels+c)*inner:][:inner]
			for f := range each {
				to := out.f[(b*groups*each+g*each+f)*pixels:][:pixels]
				w.spread(to, from, kernels.f[(c*each+f)*taps:][:taps], t.shape[2], t.shape[3], size)
			}
			if err := x.ctx.Err(); err != nil {
				return nil, err
			}
		}
	}
	return []*tensor{out}, nil
}

// spread adds one channel's pixels, each times the kernel, to to.
func (w *window) spread(to, from, weights []float32, h, width int, size [2]int) {
	for ky := range w.kernel[0] {
		oy := ky*w.dilation[0] - w.before[0]
		y0, y1 := reach(oy, w.stride[0], size[0], h)
		for kx := range w.kernel[1] {
			ox := kx*w.dilation[1] - w.before[1]
			x0, x1 := reach(ox, w.stride[1], size[1], width)
			weight := weights[ky*w.kernel[1]+kx]
			for y := y0; y < y1; y++ {
				row, out := from[y*width:][:width], to[(y*w.stride[0]+oy)*size[1]:][:size[1]]
				for x := x0; x < x1; x++ {
					out[x*w.stride[1]+ox] += weight * row[x]
				}
			}
		}
	}
}
