package onnx

// pad puts rows and columns around a tensor: of one value, of its edge or
// mirrored.
func pad(x *run, n *node, in []*tensor) ([]*tensor, error) {
	if err := needFloats(in[:min(1, len(in))], 1); err != nil {
		return nil, err
	}
	t := in[0]
	by, _, err := n.list(in, 1, "pads")
	if err != nil {
		return nil, err
	}
	value := n.float("value", 0)
	if v := optional(in, 2); v != nil {
		if value, err = one(v); err != nil {
			return nil, err
		}
	}
	rank := len(t.shape)
	if len(by) != 2*rank || optional(in, 3) != nil {
		return nil, refuse("it pads by %s", "填充参数为 %s", some(by))
	}
	mode := n.text("mode", "constant")
	if mode != "constant" && mode != "edge" && mode != "reflect" {
		return nil, unknownMode("mode", mode)
	}
	shape := make([]int, rank)
	for k, d := range t.shape {
		if by[k] < 0 || by[k+rank] < 0 || by[k] > 1<<20 || by[k+rank] > 1<<20 || mode == "reflect" && max(by[k], by[k+rank]) >= int64(max(d, 1)) || mode == "edge" && d == 0 {
			return nil, refuse("it pads by %s", "填充参数为 %s", some(by))
		}
		shape[k] = d + int(by[k]+by[k+rank])
	}
	out, err := x.floats(shape...)
	if err != nil {
		return nil, err
	}
	own, at := steps(t.shape), newOdometer(shape)
	for k := range out.f {
		from, inside := 0, true
		for d, place := range at.at {
			p := place - int(by[d])
			if p < 0 || p >= t.shape[d] {
				switch mode {
				case "constant":
					inside = false
				case "edge":
					p = min(max(p, 0), t.shape[d]-1)
				default:
					p = mirrored(p, t.shape[d])
				}
			}
			from += p * own[d]
		}
		if out.f[k] = value; inside {
			out.f[k] = t.f[from]
		}
		at.step()
	}
	return []*tensor{out}, nil
}

// mirrored is where p lies when the line of n places is mirrored at its ends.
func mirrored(p, n int) int {
	if p < 0 {
		p = -p
	}
	if p >= n {
		p = 2*(n-1) - p
	}
	return p
}

// depthToSpace and its reverse move channels into pixels, as six dimensions in
// another order.
func depthToSpace(x *run, n *node, in []*tensor) ([]*tensor, error) {
	b, t, err := blocks(n, in)
	if err != nil {
		return nil, err
	}
	bn, c, h, w := t.shape[0], t.shape[1], t.shape[2], t.shape[3]
	if c%(b*b) != 0 {
		return nil, refuse("%d channels do not fill blocks of %d", "%d 个通道填不满边长 %d 的块", c, b)
	}
	depth := c / (b * b)
	// Where in the channel the row and the column within a block stand.
	row, column, channel := b*depth*h*w, depth*h*w, h*w
	if n.text("mode", "DCR") == "CRD" {
		row, column, channel = b*h*w, h*w, b*b*h*w
	}
	out, err := pick(x, t, []int{bn, depth, h, b, w, b}, 0, []int{c * h * w, channel, w, row, 1, column})
	if err == nil {
		out.shape = []int{bn, depth, h * b, w * b}
	}
	return []*tensor{out}, err
}

func spaceToDepth(x *run, n *node, in []*tensor) ([]*tensor, error) {
	b, t, err := blocks(n, in)
	if err != nil {
		return nil, err
	}
	bn, c, h, w := t.shape[0], t.shape[1], t.shape[2], t.shape[3]
	if h%b != 0 || w%b != 0 {
		return nil, refuse("a picture of %d x %d does not fill blocks", "%d × %d 的图片无法整分成块", w, h)
	}
	out, err := pick(x, t, []int{bn, b, b, c, h / b, w / b}, 0, []int{c * h * w, w, 1, h * w, b * w, b})
	if err == nil {
		out.shape = []int{bn, b * b * c, h / b, w / b}
	}
	return []*tensor{out}, err
}

func blocks(n *node, in []*tensor) (int, *tensor, error) {
	if err := need(in, 1); err != nil {
		return 0, nil, err
	}
	b := n.int("blocksize", 0)
	if len(in[0].shape) != 4 || b < 1 || b > 1<<10 {
		return 0, nil, refuse("it makes blocks of %d of a tensor of the size %v", "对尺寸 %[2]v 的张量按 %[1]d 分块", b, in[0].shape)
	}
	return int(b), in[0], nil
}
