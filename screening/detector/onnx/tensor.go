package onnx

import (
	"slices"
)

// maxRank is how many dimensions a tensor may have.
const maxRank = 8

// tensor is an array of 32-bit floats, or of whole numbers (whole; truth values
// are 0 and 1), rows last. A tensor is never written to after it is made.
type tensor struct {
	shape []int
	f     []float32
	i     []int64
	whole bool
	// cost is the bytes it was charged for, 0 where another's numbers are shared.
	cost int64
}

func (t *tensor) size() int {
	if t.whole {
		return len(t.i)
	}
	return len(t.f)
}

// bytesOf is what so many numbers take.
func bytesOf(n int, whole bool) int64 {
	if whole {
		return 8 * int64(n)
	}
	return 4 * int64(n)
}

// sizeOf multiplies a shape out, within bounds.
func sizeOf(shape []int) (int, error) {
	if len(shape) > maxRank {
		return 0, refuse("a tensor has %d dimensions; at most %d are taken", "有张量是 %d 维，最多支持 %d 维", len(shape), maxRank)
	}
	n := 1
	for _, d := range shape {
		if d < 0 || d > 1<<40 {
			return 0, refuse("a tensor has the size %v", "有张量的尺寸为 %v", shape)
		}
		if d != 0 && n > (1<<40)/d {
			return 0, refuse("a tensor of the size %v is too large", "尺寸为 %v 的张量太大", shape)
		}
		n *= d
	}
	return n, nil
}

// steps are the distances between neighbours in each dimension.
func steps(shape []int) []int {
	out := make([]int, len(shape))
	n := 1
	for d := len(shape) - 1; d >= 0; d-- {
		out[d] = n
		n *= shape[d]
	}
	return out
}

// broadcast is the shape that two shapes meet in (ONNX, "multidirectional
// broadcasting").
func broadcast(a, b []int) ([]int, error) {
	out := make([]int, max(len(a), len(b)))
	for k := range out {
		x, y := 1, 1
		if at := k - len(out) + len(a); at >= 0 {
			x = a[at]
		}
		if at := k - len(out) + len(b); at >= 0 {
			y = b[at]
		}
		switch {
		case x == y || y == 1:
			out[k] = x
		case x == 1:
			out[k] = y
		default:
			return nil, refuse("tensors of the sizes %v and %v do not go together", "尺寸为 %v 与 %v 的张量无法配合", a, b)
		}
	}
	return out, nil
}

// stretched are the steps of a tensor of shape when it is read as one of out:
// 0 where it repeats.
func stretched(shape, out []int) []int {
	own := steps(shape)
	res := make([]int, len(out))
	for k := range out {
		if at := k - len(out) + len(shape); at >= 0 && shape[at] != 1 {
			res[k] = own[at]
		}
	}
	return res
}

// odometer counts through a shape and keeps offsets into several tensors.
type odometer struct {
	shape []int
	at    []int
	by    [][]int
	off   []int
}

func newOdometer(shape []int, by ...[]int) *odometer {
	return &odometer{shape: shape, at: make([]int, len(shape)), by: by, off: make([]int, len(by))}
}

// step goes to the next place; the offsets follow.
func (o *odometer) step() {
	for d := len(o.shape) - 1; d >= 0; d-- {
		o.at[d]++
		for k, by := range o.by {
			o.off[k] += by[d]
		}
		if o.at[d] < o.shape[d] {
			return
		}
		for k, by := range o.by {
			o.off[k] -= by[d] * o.shape[d]
		}
		o.at[d] = 0
	}
}

// axisOf makes a counted-from-the-end axis a plain one.
func axisOf(axis int64, rank int) (int, error) {
	if axis < int64(-rank) || axis >= int64(rank) {
		return 0, refuse("there is no dimension %d among %d", "没有第 %d 维（共 %d 维）", axis, rank)
	}
	if axis < 0 {
		axis += int64(rank)
	}
	return int(axis), nil
}

func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

func sameShape(a, b []int) bool { return slices.Equal(a, b) }
