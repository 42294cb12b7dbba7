package onnx

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
)

// compute runs a file on one input and returns its output "y".
func compute(t *testing.T, data []byte, in []float32, shape ...int) ([]float32, []int) {
	t.Helper()
	m, err := Read(data, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := m.Run(t.Context(), in, shape)
	if err != nil {
		t.Fatal(err)
	}
	return answer.Outputs["y"], answer.Shapes["y"]
}

func near(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(v, w float32) bool { return math.Abs(float64(v-w)) <= 1e-5*max(1, math.Abs(float64(w))) })
}

// A small detector, worked out by hand: a convolution of two filters, what is
// negative cut off, the mean of each, one sum, squeezed between 0 and 1.
func TestSmallDetectorByHand(t *testing.T) {
	model := file(
		input("x", 1, 1, 3, 3), output("y"),
		weight("k", []int64{2, 1, 2, 2}, 1, 0, 0, -1, 0.5, 0.5, 0.5, 0.5),
		weight("b", []int64{2}, 0.5, -10),
		weight("w", []int64{1, 2}, 0.25, -2),
		weight("c", []int64{1}, 0.125),
		op("Conv", []string{"x", "k", "b"}, "1", intsAttr("kernel_shape", 2, 2)),
		op("Relu", []string{"1"}, "2"),
		op("GlobalAveragePool", []string{"2"}, "3"),
		op("Flatten", []string{"3"}, "4"),
		op("Gemm", []string{"4", "w", "c"}, "5", intAttr("transB", 1)),
		op("Sigmoid", []string{"5"}, "y"),
	)
	// First filter: x[r][c] - x[r+1][c+1] + 0.5 = -4 + 0.5 everywhere but where 1 - 0
	// stands: 1.5. Cut off: 0, 0, 0, 1.5 with x[2][2] = 4. Mean 0.375.
	// Second: half the sum of four minus 10: 12/2-10 < 0, 16/2-10 < 0, 24/2-10 = 2,
	// (5+6+8+4)/2-10 = 1.5. Mean 0.875.
	x := []float32{1, 2, 3, 4, 5, 6, 7, 8, 4}
	z := 0.25*0.375 - 2*0.875 + 0.125
	got, shape := compute(t, model, x, 1, 1, 3, 3)
	if want := float32(1 / (1 + math.Exp(-z))); !near(got, []float32{want}) || !slices.Equal(shape, []int{1, 1}) {
		t.Errorf("%v of %v, want %v", got, shape, want)
	}
}

// Each operator alone, on numbers whose outcome is known from its definition.
func TestOperatorsByHand(t *testing.T) {
	e := math.E
	tests := []struct {
		name  string
		parts [][]byte
		in    []float32
		shape []int
		want  []float32
		size  []int
	}{
		{
			"stride and padding",
			[][]byte{
				weight("k", []int64{1, 1, 3, 3}, 1, 1, 1, 1, 1, 1, 1, 1, 1),
				op("Conv", []string{"x", "k"}, "y", intsAttr("pads", 1, 1, 1, 1), intsAttr("strides", 2, 2)),
			},
			[]float32{1, 2, 3, 4, 5, 6, 7, 8, 9},
			[]int{1, 1, 3, 3},
			[]float32{12, 16, 24, 28},
			[]int{1, 1, 2, 2},
		},
		{
			"dilation",
			[][]byte{
				weight("k", []int64{1, 1, 2, 2}, 1, 10, 100, 1000),
				op("Conv", []string{"x", "k"}, "y", intsAttr("dilations", 2, 2)),
			},
			[]float32{1, 2, 3, 4, 5, 6, 7, 8, 9},
			[]int{1, 1, 3, 3},
			[]float32{1 + 30 + 700 + 9000},
			[]int{1, 1, 1, 1},
		},
		{
			"a channel a group",
			[][]byte{
				weight("k", []int64{2, 1, 1, 2}, 1, -1, 2, 3),
				op("Conv", []string{"x", "k"}, "y", intAttr("group", 2), textAttr("auto_pad", "SAME_UPPER")),
			},
			[]float32{1, 2, 4, 8},
			[]int{1, 2, 1, 2},
			[]float32{-1, 2, 32, 16},
			[]int{1, 2, 1, 2},
		},
		{
			"two groups of two",
			[][]byte{weight("k", []int64{2, 2, 1, 1}, 1, 2, 3, 4), op("Conv", []string{"x", "k"}, "y", intAttr("group", 2))},
			[]float32{1, 10, 100, 1000},
			[]int{1, 4, 1, 1},
			[]float32{21, 4300},
			[]int{1, 2, 1, 1},
		},
		{
			"transposed",
			[][]byte{weight("k", []int64{1, 1, 2, 2}, 1, 2, 3, 4), op("ConvTranspose", []string{"x", "k"}, "y", intsAttr("strides", 2, 2))},
			[]float32{1, 10},
			[]int{1, 1, 1, 2},
			[]float32{1, 2, 10, 20, 3, 4, 30, 40},
			[]int{1, 1, 2, 4},
		},
		{
			"max pool",
			[][]byte{op("MaxPool", []string{"x"}, "y", intsAttr("kernel_shape", 2, 2), intsAttr("strides", 2, 2), intAttr("ceil_mode", 1))},
			[]float32{1, 2, 3, 4, 5, 6, 7, 8, 9},
			[]int{1, 1, 3, 3},
			[]float32{5, 6, 8, 9},
			[]int{1, 1, 2, 2},
		},
		{
			"average pool leaves the padding out",
			[][]byte{op("AveragePool", []string{"x"}, "y", intsAttr("kernel_shape", 2, 2), intsAttr("pads", 1, 1, 0, 0))},
			[]float32{1, 2, 3, 4},
			[]int{1, 1, 2, 2},
			[]float32{1, 1.5, 2, 2.5},
			[]int{1, 1, 2, 2},
		},
		{
			"average pool with the padding",
			[][]byte{op("AveragePool", []string{"x"}, "y", intsAttr("kernel_shape", 2, 2), intsAttr("pads", 1, 1, 0, 0), intAttr("count_include_pad", 1))},
			[]float32{1, 2, 3, 4},
			[]int{1, 1, 2, 2},
			[]float32{0.25, 0.75, 1, 2.5},
			[]int{1, 1, 2, 2},
		},
		{
			"batch norm",
			[][]byte{
				weight("s", []int64{2}, 2, 1), weight("b", []int64{2}, 1, 0), weight("m", []int64{2}, 3, 0), weight("v", []int64{2}, 4, 1),
				op("BatchNormalization", []string{"x", "s", "b", "m", "v"}, "y", floatAttr("epsilon", 0)),
			},
			[]float32{5, 7},
			[]int{1, 2, 1, 1},
			[]float32{3, 7},
			[]int{1, 2, 1, 1},
		},
		{
			"layer norm",
			[][]byte{weight("s", []int64{2}, 1, 2), weight("b", []int64{2}, 0, 1), op("LayerNormalization", []string{"x", "s", "b"}, "y", floatAttr("epsilon", 0))},
			[]float32{1, 3, 10, 30},
			[]int{2, 2},
			[]float32{-1, 3, -1, 3},
			[]int{2, 2},
		},
		{
			"softmax",
			[][]byte{op("Softmax", []string{"x"}, "y", intAttr("axis", 0))},
			[]float32{0, 5, 1, 5},
			[]int{2, 2},
			[]float32{float32(1 / (1 + e)), 0.5, float32(e / (1 + e)), 0.5},
			[]int{2, 2},
		},
		{
			"matrices in a stack",
			[][]byte{weight("m", []int64{2, 1}, 1, 10), op("MatMul", []string{"x", "m"}, "y")},
			[]float32{1, 2, 3, 4, 5, 6, 7, 8},
			[]int{2, 2, 2},
			[]float32{21, 43, 65, 87},
			[]int{2, 2, 1},
		},
		{"transposed axes", [][]byte{op("Transpose", []string{"x"}, "y", intsAttr("perm", 1, 0))}, []float32{1, 2, 3, 4, 5, 6}, []int{2, 3}, []float32{1, 4, 2, 5, 3, 6}, []int{3, 2}},
		{"reshape", [][]byte{wholes("s", 0, -1), op("Reshape", []string{"x", "s"}, "y")}, []float32{1, 2, 3, 4, 5, 6, 7, 8}, []int{2, 2, 2}, []float32{1, 2, 3, 4, 5, 6, 7, 8}, []int{2, 4}},
		{
			"slice backwards",
			[][]byte{wholes("a", -1), wholes("b", -100), wholes("c", 1), wholes("d", -2), op("Slice", []string{"x", "a", "b", "c", "d"}, "y")},
			[]float32{1, 2, 3, 4, 5, 6},
			[]int{2, 3},
			[]float32{3, 1, 6, 4},
			[]int{2, 2},
		},
		{"split and join", [][]byte{
			wholes("s", 1, 2), message(1, words(1, "x"), words(1, "s"), words(2, "p"), words(2, "q"), words(4, "Split"), intAttr("axis", 1)),
			op("Concat", []string{"q", "p"}, "y", intAttr("axis", 1)),
		}, []float32{1, 2, 3, 4, 5, 6}, []int{2, 3}, []float32{2, 3, 1, 5, 6, 4}, []int{2, 3}},
		{"gather", [][]byte{wholes("i", 2, -3), op("Gather", []string{"x", "i"}, "y", intAttr("axis", 1))}, []float32{1, 2, 3, 4, 5, 6}, []int{2, 3}, []float32{3, 1, 6, 4}, []int{2, 2}},
		{"mirrored edge", [][]byte{wholes("p", 0, 2, 0, 1), op("Pad", []string{"x", "p"}, "y", textAttr("mode", "reflect"))}, []float32{1, 2, 3}, []int{1, 3}, []float32{3, 2, 1, 2, 3, 2}, []int{1, 6}},
		{
			"nearest",
			[][]byte{weight("s", []int64{4}, 1, 1, 2, 2), op("Resize", []string{"x", "", "s"}, "y", textAttr("coordinate_transformation_mode", "asymmetric"), textAttr("nearest_mode", "floor"))},
			[]float32{1, 2},
			[]int{1, 1, 1, 2},
			[]float32{1, 1, 2, 2, 1, 1, 2, 2},
			[]int{1, 1, 2, 4},
		},
		{
			"linear",
			[][]byte{weight("s", []int64{4}, 1, 1, 1, 2), op("Resize", []string{"x", "", "s"}, "y", textAttr("mode", "linear"))},
			[]float32{0, 4},
			[]int{1, 1, 1, 2},
			[]float32{0, 1, 3, 4},
			[]int{1, 1, 1, 4},
		},
		{"mean of rows", [][]byte{op("ReduceMean", []string{"x"}, "y", intsAttr("axes", 0), intAttr("keepdims", 0))}, []float32{1, 2, 3, 4}, []int{2, 2}, []float32{2, 3}, []int{2}},
		{"hard swish", [][]byte{op("HardSwish", []string{"x"}, "y")}, []float32{-4, 0, 1, 4}, []int{4}, []float32{0, 0, float32(4.0 / 6), 4}, []int{4}},
		{"error function", [][]byte{op("Erf", []string{"x"}, "y")}, []float32{0, 1}, []int{2}, []float32{0, 0.8427008}, []int{2}},
		{
			"channels of a picture times a number each",
			[][]byte{weight("m", []int64{2, 1, 1}, 10, 100), op("Mul", []string{"x", "m"}, "y")},
			[]float32{1, 2, 3, 4},
			[]int{1, 2, 1, 2},
			[]float32{10, 20, 300, 400},
			[]int{1, 2, 1, 2},
		},
		{"pixels of channels", [][]byte{op("DepthToSpace", []string{"x"}, "y", intAttr("blocksize", 2))}, []float32{1, 2, 3, 4}, []int{1, 4, 1, 1}, []float32{1, 2, 3, 4}, []int{1, 1, 2, 2}},
		{
			"a size computed",
			[][]byte{op("Shape", []string{"x"}, "s"), wholes("one", 1), wholes("two", 2), op("Slice", []string{"s", "one", "two"}, "n"), op("Cast", []string{"n"}, "f", intAttr("to", 1)), op("Mul", []string{"x", "f"}, "y")},
			[]float32{1, 2, 3, 4, 5, 6},
			[]int{2, 3},
			[]float32{3, 6, 9, 12, 15, 18},
			[]int{2, 3},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			shape := make([]int64, len(tt.shape))
			for k, d := range tt.shape {
				shape[k] = int64(d)
			}
			got, size := compute(t, file(append([][]byte{input("x", shape...), output("y")}, tt.parts...)...), tt.in, tt.shape...)
			if !near(got, tt.want) || !slices.Equal(size, tt.size) {
				t.Errorf("%v of %v, want %v of %v", got, size, tt.want, tt.size)
			}
		})
	}
}

// Products of matrices in blocks are those of the plain three loops.
func TestMultiplyInBlocks(t *testing.T) {
	for _, size := range [][3]int{{1, 1, 1}, {5, 131, 7}, {9, 259, 515}, {4, 3, 1025}} {
		rows, deep, wide := size[0], size[1], size[2]
		a, b := make([]float32, rows*deep), make([]float32, deep*wide)
		for k := range a {
			a[k] = float32(k%17) - 8
		}
		for k := range b {
			b[k] = float32(k%13) - 6
		}
		got := make([]float32, rows*wide)
		multiply(got, a, b, rows, deep, wide)
		for r := range rows {
			for j := range wide {
				want := float32(0)
				for k := range deep {
					want += a[r*deep+k] * b[k*wide+j]
				}
				if got[r*wide+j] != want { // whole numbers, exact
					t.Fatalf("%v at %d, %d: %v, want %v", size, r, j, got[r*wide+j], want)
				}
			}
		}
	}
}

// What a file may try, and what is said of it. None may take long or much.
func TestHostileFilesAreRefused(t *testing.T) {
	x, y := input("x", 1, 4), output("y")
	nested := append(tag(7, wireBytes), 0xff, 0xff, 0xff, 0xff, 0x0f) // says 4 GB follow
	tests := []struct {
		name, says string
		data       []byte
	}{
		{"nothing", "holds no graph", nil},
		{"words", "whole ONNX file", []byte("<html><body>not found</body></html>")},
		{"cut off", "more follows than there is", append(number(1, 8), nested...)},
		{"endless number", "a number is cut off", []byte{0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}},
		{"old", "operator set 3", append(message(8, number(2, 3)), message(7, x, y)...)},
		{"functions", "functions of its own", append(file(x, y), message(25, words(1, "f"))...)},
		{"a loop", "a graph within a graph", file(x, y, op("Loop", []string{"x"}, "y", message(5, words(1, "body"), message(6, x, y))))},
		{"a circle", "before it is made", file(x, y, op("Relu", []string{"b"}, "a"), op("Relu", []string{"a"}, "b"), op("Add", []string{"a", "x"}, "y"))},
		{"made twice", "two operators make", file(x, y, op("Relu", []string{"x"}, "y"), op("Relu", []string{"x"}, "y"))},
		{"unknown operator", "the operator Frobnicate is not known", file(x, y, op("Frobnicate", []string{"x"}, "y"))},
		{"another set", "of the set com.evil", file(x, y, message(1, words(1, "x"), words(2, "y"), words(4, "Relu"), words(7, "com.evil")))},
		{"weights elsewhere", "in another file", file(x, y, message(5, number(1, 4), number(2, 1), words(8, "w"), message(13, words(1, "location"), words(2, "/etc/passwd")), number(14, 1)), op("Add", []string{"x", "w"}, "y"))},
		{"two gigabytes claimed", "claims to hold", file(x, y, message(5, number(1, 1<<29), number(2, 1), words(8, "w")), op("Add", []string{"x", "w"}, "y"))},
		{"sizes that overflow", "too large", file(x, y, message(5, number(1, 1<<39), number(1, 1<<39), number(2, 1), words(8, "w")), op("Add", []string{"x", "w"}, "y"))},
		{"a negative size", "has the size", file(x, y, message(5, number(1, -5), number(2, 1), words(8, "w")), op("Add", []string{"x", "w"}, "y"))},
		{"strings", "kind of numbers 8", file(x, y, message(5, number(1, 1), number(2, 8), words(6, "s"), words(8, "w")), op("Add", []string{"x", "w"}, "y"))},
		{"numbers of the wrong list", "claims to hold 2 numbers and holds 0", file(x, y, message(5, number(1, 2), number(2, 7), single(4, 1), single(4, 2), words(8, "w")), op("Add", []string{"x", "w"}, "y"))},
		{"two inputs", "2 inputs", file(x, input("z", 1), y, op("Add", []string{"x", "z"}, "y"))},
		{"no output made", "nothing makes the output", file(x, y, op("Relu", []string{"x"}, "a"))},
		{"a name of a megabyte", "is not known", file(x, y, op(strings.Repeat("\x1b[31mA", 150_000), []string{"x"}, "y"))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read(tt.data, Limits{})
			said, ok := err.(*Error)
			if !ok {
				t.Fatalf("error %v", err)
			}
			if !strings.Contains(said.Text.EN, tt.says) || said.Text.ZH == "" {
				t.Errorf("says %+v, want %q", said.Text, tt.says)
			}
			if len(said.Text.EN) > 500 || strings.ContainsRune(said.Text.EN, 0x1b) {
				t.Errorf("passes on what the file chose: %d bytes", len(said.Text.EN))
			}
		})
	}
}

// What goes wrong only when it is computed costs the answer, within the limits.
func TestHostileGraphsGiveNoAnswer(t *testing.T) {
	x, y := input("x", 1, 4), output("y")
	doubling := [][]byte{x, y}
	last := "x"
	for k := range 60 {
		next := "d" + string(rune(48+k))
		doubling = append(doubling, op("Concat", []string{last, last}, next, intAttr("axis", 1)))
		last = next
	}
	doubling = append(doubling, op("Relu", []string{last}, "y"))
	matrices := [][]byte{x, y, wholes("big", 4000, 4000), op("ConstantOfShape", []string{"big"}, "m0")}
	for k := range 50 {
		matrices = append(matrices, op("MatMul", []string{"m" + string(rune('0'+k)), "m0"}, "m"+string(rune('1'+k))))
	}
	matrices = append(matrices, op("ReduceSum", []string{"m" + string(rune('0'+50))}, "y"))
	tests := []struct {
		name, says string
		parts      [][]byte
	}{
		{"a tensor that doubles sixty times", "of memory", doubling},
		{"a size out of a weight", "of memory", [][]byte{x, y, wholes("s", 1<<30, 4), op("Expand", []string{"x", "s"}, "y")}},
		{"a size beyond all", "too large", [][]byte{x, y, wholes("s", 1<<39, 1<<39), op("ConstantOfShape", []string{"s"}, "y")}},
		{"work without end", "million steps", matrices},
		{"rows without numbers", "million steps", [][]byte{x, y, wholes("s", 1<<36, 0), op("ConstantOfShape", []string{"s"}, "e"), weight("w", []int64{0}), op("LayerNormalization", []string{"e", "w"}, "y", intAttr("axis", 1))}},
		{"sizes that do not meet", "do not go together", [][]byte{x, y, weight("w", []int64{3}, 1, 2, 3), op("Add", []string{"x", "w"}, "y")}},
		{"too few inputs", "needs 2", [][]byte{x, y, op("Add", []string{"x"}, "y")}},
		{"a kernel that does not fit", "4 dimensions", [][]byte{x, y, weight("k", []int64{1, 1, 1, 1}, 1), op("Conv", []string{"x", "k"}, "y")}},
		{"places that are not there", "no dimension", [][]byte{x, y, wholes("i", 99), op("Gather", []string{"x", "i"}, "y", intAttr("axis", 1))}},
		{"kinds mixed", "mixed", [][]byte{x, y, wholes("i", 1), op("Add", []string{"x", "i"}, "y")}},
		{"a stride of nought", "strides is 0", [][]byte{input("x", 1, 1, 2, 2), y, op("MaxPool", []string{"x"}, "y", intsAttr("kernel_shape", 1, 1), intsAttr("strides", 0, 0))}},
		{"padding past all bounds", "pads is", [][]byte{input("x", 1, 1, 2, 2), y, op("MaxPool", []string{"x"}, "y", intsAttr("kernel_shape", 1, 1), intsAttr("pads", 0, 0, 1<<40, 0))}},
		{"another picture", "the model takes pictures", [][]byte{input("x", 1, 5), y, op("Relu", []string{"x"}, "y")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := Read(file(tt.parts...), Limits{Memory: 256 << 20, Work: 2e9})
			if err != nil {
				t.Fatal(err)
			}
			shape := []int{1, 4}
			if len(m.inputs[0].Shape) == 4 {
				shape = []int{1, 1, 2, 2}
			}
			_, err = m.Run(t.Context(), make([]float32, 4), shape)
			said, ok := err.(*Error)
			if !ok || !strings.Contains(said.Text.EN, tt.says) || said.Text.ZH == "" {
				t.Errorf("error %v, want %q in both languages", err, tt.says)
			}
		})
	}
}

func TestRunStops(t *testing.T) {
	m, err := Read(file(input("x", 1, 4), output("y"), op("Relu", []string{"x"}, "y")), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Run(ctx, make([]float32, 4), []int{1, 4}); err != context.Canceled {
		t.Errorf("error %v", err)
	}
}

// Memory that is let go of is there again: the budget is of what is held, and a
// second run begins with as much.
func TestMemoryIsGivenBack(t *testing.T) {
	parts := [][]byte{input("x", 1, 1000), output("y")}
	last := "x"
	for k := range 50 {
		next := "v" + string(rune('0'+k))
		parts = append(parts, op("Relu", []string{last}, next))
		last = next
	}
	data := file(append(parts, op("Relu", []string{last}, "y"))...)
	m, err := Read(data, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	graph := m.held
	if m, err = Read(data, Limits{Memory: graph + 9000}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		answer, err := m.Run(t.Context(), make([]float32, 1000), []int{1, 1000})
		if err != nil {
			t.Fatal(err)
		}
		if answer.Memory > graph+8000+2*tensorCost {
			t.Errorf("%d bytes at one time for two tensors of 4,000 and the graph", answer.Memory)
		}
	}
}

// Whatever the bytes, reading and computing end with an answer or an *Error.
func FuzzRead(f *testing.F) {
	f.Add(file(input("x", 1, 4), output("y"), weight("w", []int64{4}, 1, 2, 3, 4), op("Add", []string{"x", "w"}, "y")))
	f.Add(file(input("x", 1, 1, 2, 2), output("y"), weight("k", []int64{1, 1, 1, 1}, 2), op("Conv", []string{"x", "k"}, "c"), op("Softmax", []string{"c"}, "y")))
	f.Add(file(input("x", 1, 4), output("y"), wholes("s", 2, 2), op("Reshape", []string{"x", "s"}, "r"), op("Transpose", []string{"r"}, "y")))
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := Limits{Bytes: 1 << 16, Memory: 1 << 20, Work: 1 << 20, Nodes: 50, Tensors: 50}
		m, err := Read(data, limits)
		if err == nil {
			_, err = m.Run(t.Context(), make([]float32, 4), []int{1, 4})
		}
		if _, known := err.(*Error); err != nil && !known {
			t.Fatalf("an error of no known kind: %v", err)
		}
	})
}
