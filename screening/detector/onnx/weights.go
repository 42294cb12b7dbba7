package onnx

import (
	"encoding/binary"
	"math"
)

// Kinds of numbers in a file (TensorProto.DataType).
const (
	float32Kind = 1
	uint8Kind   = 2
	int8Kind    = 3
	int32Kind   = 6
	int64Kind   = 7
	boolKind    = 9
	float16Kind = 10
	float64Kind = 11
)

// widths are the bytes of a number in a tensor's raw data.
var widths = map[int64]int{float32Kind: 4, uint8Kind: 1, int8Kind: 1, int32Kind: 4, int64Kind: 8, boolKind: 1, float16Kind: 2, float64Kind: 8}

// isWhole tells which kinds are held as whole numbers.
func isWhole(kind int64) bool {
	return kind != float32Kind && kind != float16Kind && kind != float64Kind
}

// stored is a tensor as the file has it: one of the lists is filled.
type stored struct {
	name   string
	dims   []int64
	kind   int64
	raw    []byte
	floats []float32
	ints   []int64
	double []byte
}

// readTensor reads a weight or a constant. What it claims to hold is compared
// with what is there before any memory is taken for it.
func (m *Model) readTensor(data []byte) (string, *tensor, error) {
	s, err := m.readStored(data)
	if err != nil {
		return "", nil, err
	}
	if len(m.weights) >= m.limits.Tensors {
		return "", nil, refuse("the model has more than %d weights or constants", "模型的权重或常量超过 %d 个", m.limits.Tensors)
	}
	width, known := widths[s.kind]
	if !known {
		return "", nil, refuse("%q is of the kind of numbers %d, which is not read", "%q 的数值类型为 %d，不予读取", short(s.name), s.kind)
	}
	shape := make([]int, len(s.dims))
	for k, d := range s.dims {
		if d < 0 || d > 1<<40 {
			return "", nil, refuse("%q has the size %v", "%q 的尺寸为 %v", short(s.name), s.dims)
		}
		shape[k] = int(d)
	}
	n, err := sizeOf(shape)
	if err != nil {
		return "", nil, err
	}
	there := s.count(width)
	if there != n || len(s.raw)%width != 0 {
		return "", nil, refuse("%q claims to hold %d numbers and holds %d", "%q 声称有 %d 个数，实际有 %d 个", short(s.name), n, there)
	}
	t := &tensor{shape: shape, whole: isWhole(s.kind)}
	m.numbers += int64(n)
	if err := m.charge(bytesOf(n, t.whole) + tensorCost + int64(len(s.name))); err != nil {
		return "", nil, err
	}
	return s.name, t, s.fill(t, n)
}

func (m *Model) readStored(data []byte) (s stored, err error) {
	in := wire{data: data}
	for f, ok := in.next(); ok && err == nil; f, ok = in.next() {
		switch f.number {
		case 1:
			if s.dims, err = f.numbers(s.dims, maxRank); err != nil {
				return s, refuse("a tensor has more than %d dimensions", "有张量超过 %d 维", maxRank)
			}
		case 2:
			s.kind = int64(int32(f.num))
		case 4:
			s.floats, err = f.floats(s.floats, m.room(4))
		case 5, 7:
			s.ints, err = f.numbers(s.ints, m.room(8))
		case 8:
			s.name = string(f.data)
		case 9:
			s.raw = f.data
		case 10:
			s.double = f.data
		case 13, 14:
			if f.number == 13 || f.num != 0 {
				return s, refuse("the model keeps weights in another file, which is not opened: save it as one file", "模型把权重存放在另一个文件里，不予打开。请保存为单个文件")
			}
		}
	}
	if err == nil {
		err = in.err
	}
	return s, err
}

// count is how many numbers there are, in the list that the kind is kept in.
func (s stored) count(width int) int {
	switch {
	case s.raw != nil:
		return len(s.raw) / width
	case isWhole(s.kind) || s.kind == float16Kind:
		return len(s.ints)
	case s.kind == float64Kind:
		return len(s.double) / 8
	}
	return len(s.floats)
}

// fill reads n numbers into t.
func (s stored) fill(t *tensor, n int) error {
	if t.whole {
		t.i = make([]int64, n)
		for k := range t.i {
			if s.raw == nil {
				t.i[k] = s.ints[k]
			} else {
				t.i[k] = wholeAt(s.raw, s.kind, k)
			}
		}
		return nil
	}
	t.f = make([]float32, n)
	for k := range t.f {
		switch {
		case s.raw != nil:
			t.f[k] = floatAt(s.raw, s.kind, k)
		case s.kind == float16Kind:
			t.f[k] = half(uint16(s.ints[k]))
		case s.kind == float64Kind:
			t.f[k] = floatAt(s.double, float64Kind, k)
		default:
			t.f[k] = s.floats[k]
		}
	}
	return nil
}

func floatAt(raw []byte, kind int64, k int) float32 {
	switch kind {
	case float16Kind:
		return half(binary.LittleEndian.Uint16(raw[2*k:]))
	case float64Kind:
		return float32(math.Float64frombits(binary.LittleEndian.Uint64(raw[8*k:])))
	}
	return math.Float32frombits(binary.LittleEndian.Uint32(raw[4*k:]))
}

func wholeAt(raw []byte, kind int64, k int) int64 {
	switch kind {
	case int64Kind:
		return int64(binary.LittleEndian.Uint64(raw[8*k:]))
	case int32Kind:
		return int64(int32(binary.LittleEndian.Uint32(raw[4*k:])))
	case int8Kind:
		return int64(int8(raw[k]))
	}
	return int64(raw[k])
}

// half widens a 16-bit float (IEEE 754 binary16).
func half(h uint16) float32 {
	sign, exp, frac := uint32(h>>15)<<31, uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch {
	case exp == 0x1f:
		return math.Float32frombits(sign | 0xff<<23 | frac<<13)
	case exp > 0:
		return math.Float32frombits(sign | (exp+112)<<23 | frac<<13)
	}
	small := float32(frac) / (1 << 24)
	if sign != 0 {
		return -small
	}
	return small
}

func tooMuchMemory(limit int64) error {
	return refuse("the model needs more than %d MB of memory", "模型需要的内存超过 %d MB", limit>>20)
}
