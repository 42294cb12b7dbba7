package onnx

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// fileOf is file of another operator set.
func fileOf(opset int64, parts ...[]byte) []byte {
	return append(append(number(1, 8), message(8, number(2, opset))...), message(7, parts...)...)
}

// Each operator that is computed has a line that says what is read of it, and each
// line an operator.
func TestEveryOperatorSaysWhatItReads(t *testing.T) {
	for name := range operators {
		if _, ok := known[name]; !ok {
			t.Errorf("%s is computed, and nothing says what is read of it", name)
		}
	}
	for name, k := range known {
		if operators[name] == nil {
			t.Errorf("%s is not computed", name)
		}
		for attr, r := range k.attrs {
			if !strings.ContainsRune("fistFI", rune(r.kind)) || r.from > r.to || r.to > maxOpset {
				t.Errorf("%s %s: %+v", name, attr, r)
			}
		}
	}
}

// What would be passed over unread may change what a network means: it is refused.
func TestWhatIsNotKnownIsRefused(t *testing.T) {
	x, y := input("x", 1, 1, 2, 2), output("y")
	scales := weight("s", []int64{4}, 1, 1, 2, 2)
	resized := func(attrs ...[]byte) []byte { return op("Resize", []string{"x", "", "s"}, "y", attrs...) }
	kernel := weight("k", []int64{1, 1, 1, 1}, 1)
	twice := func(b []byte) [][]byte { return [][]byte{b, b} }
	tests := []struct {
		says  string // "" where it is fine
		opset int64
		parts [][]byte
	}{
		{`the attribute "nonsense"`, 17, [][]byte{op("Relu", []string{"x"}, "y", intAttr("nonsense", 1))}},
		{"2 inputs; 1 are known", 17, [][]byte{op("Relu", []string{"x", "x"}, "y")}},
		{`"antialias"`, 17, [][]byte{scales, resized(intAttr("antialias", 1))}},
		{"antialias is 1", 18, [][]byte{scales, resized(intAttr("antialias", 1))}},
		{"", 18, [][]byte{scales, resized(intAttr("antialias", 0), textAttr("keep_aspect_ratio_policy", "stretch"), floatAttr("cubic_coeff_a", -0.75))}},
		{"keep_aspect_ratio_policy is not_larger", 18, [][]byte{scales, resized(textAttr("keep_aspect_ratio_policy", "not_larger"))}},
		{`"axes"`, 18, [][]byte{scales, resized(intsAttr("axes", 2, 3))}},
		{`"coordinate_transformation_mode"`, 10, [][]byte{scales, op("Resize", []string{"x", "s"}, "y", textAttr("coordinate_transformation_mode", "half_pixel"))}},
		{`"min"`, 17, [][]byte{op("Clip", []string{"x"}, "y", floatAttr("min", 0))}},
		{"", 10, [][]byte{op("Clip", []string{"x"}, "y", floatAttr("min", 0))}},
		{"of another kind", 17, [][]byte{op("Softmax", []string{"x"}, "y", floatAttr("axis", 1))}},
		{"of another kind", 17, [][]byte{op("Flatten", []string{"x"}, "y", intsAttr("axis", 1))}},
		{"twice", 17, [][]byte{op("Flatten", []string{"x"}, "y", twice(intAttr("axis", 1))...)}},
		{"stash_type is 0", 17, [][]byte{kernel, op("LayerNormalization", []string{"x", "k"}, "y", intAttr("stash_type", 0))}},
		{"approximate is sigmoid", 20, [][]byte{op("Gelu", []string{"x"}, "y", textAttr("approximate", "sigmoid"))}},
		{"mode is ABC", 17, [][]byte{op("DepthToSpace", []string{"x"}, "y", intAttr("blocksize", 1), textAttr("mode", "ABC"))}},
		{"spatial is 0", 8, [][]byte{kernel, op("BatchNormalization", []string{"x", "k", "k", "k", "k"}, "y", intAttr("spatial", 0))}},
		{"", 17, [][]byte{op("MaxPool", []string{"x"}, "y", intsAttr("kernel_shape", 1, 1), intAttr("storage_order", 1))}},
		{"", 14, [][]byte{kernel, op("BatchNormalization", []string{"x", "k", "k", "k", "k"}, "y", floatAttr("momentum", 0.1))}},
		{"is called another size", 17, [][]byte{kernel, op("Conv", []string{"x", "k"}, "y", intsAttr("kernel_shape", 3, 3))}},
		{"it is to learn", 17, [][]byte{weight("r", []int64{1}, 0.5), wholes("t", 1), op("Dropout", []string{"x", "r", "t"}, "y")}},
		{"along which dimension", 17, [][]byte{op("Concat", []string{"x", "x"}, "y")}},
		{"for 1 outputs", 17, [][]byte{wholes("p", 1, 1), op("Split", []string{"x", "p"}, "y", intAttr("axis", 3))}},
		{"cannot be split into 3", 18, [][]byte{op("Split", []string{"x"}, "y", intAttr("num_outputs", 3))}},
		{"does not say how to round", 10, [][]byte{weight("s", []int64{4}, 1, 1, 1, 0.75), op("Concat", []string{"x", "x"}, "c", intAttr("axis", 3)), op("Resize", []string{"c", "s"}, "y")}},
	}
	for _, tt := range tests {
		m, err := Read(fileOf(tt.opset, append([][]byte{x, y}, tt.parts...)...), Limits{})
		if err == nil {
			_, err = m.Run(t.Context(), []float32{1, 2, 3, 4}, []int{1, 1, 2, 2})
		}
		said, known := err.(*Error)
		if tt.says == "" && err != nil {
			t.Errorf("%s is refused: %v", m, err)
		}
		if tt.says != "" && (!known || !strings.Contains(said.Text.EN, tt.says) || said.Text.ZH == "") {
			t.Errorf("error %v, want %q in both languages", err, tt.says)
		}
	}
}

// What the specification and ONNX Runtime say where plain reading goes wrong.
func TestOperatorSetsByHand(t *testing.T) {
	up := weight("s", []int64{4}, 1, 1, 1, 2)
	tests := []struct {
		name  string
		opset int64
		parts [][]byte
		in    []float32
		shape []int
		want  []float32
		size  []int
	}{
		{
			"linear, before half pixels", 10,
			[][]byte{up, op("Resize", []string{"x", "s"}, "y", textAttr("mode", "linear"))},
			[]float32{0, 4},
			[]int{1, 1, 1, 2},
			[]float32{0, 2, 4, 4},
			[]int{1, 1, 1, 4},
		},
		{
			"scales that are an attribute", 7,
			[][]byte{op("Upsample", []string{"x"}, "y", message(5, words(1, "scales"), single(7, 1), single(7, 1), single(7, 1), single(7, 2)))},
			[]float32{0, 4},
			[]int{1, 1, 1, 2},
			[]float32{0, 0, 4, 4},
			[]int{1, 1, 1, 4},
		},
		{
			"0.7 of 10 is 7", 13,
			[][]byte{weight("s", []int64{4}, 1, 1, 1, 0.7), op("Resize", []string{"x", "", "s"}, "y", textAttr("coordinate_transformation_mode", "asymmetric"), textAttr("nearest_mode", "floor"))},
			[]float32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
			[]int{1, 1, 1, 10},
			[]float32{0, 1, 2, 4, 5, 7, 8},
			[]int{1, 1, 1, 7},
		},
		{
			"squares of each alone", 18,
			[][]byte{op("ReduceSumSquare", []string{"x"}, "y", intAttr("noop_with_empty_axes", 1))},
			[]float32{1, -2, 3},
			[]int{3},
			[]float32{1, 4, 9},
			[]int{3},
		},
		{
			"lengths of each alone", 18,
			[][]byte{op("ReduceL2", []string{"x"}, "y", intAttr("noop_with_empty_axes", 1))},
			[]float32{1, -2, 3},
			[]int{3},
			[]float32{1, 2, 3},
			[]int{3},
		},
		{
			"means of each alone", 18,
			[][]byte{op("ReduceMean", []string{"x"}, "y", intAttr("noop_with_empty_axes", 1))},
			[]float32{1, -2, 3},
			[]int{3},
			[]float32{1, -2, 3},
			[]int{3},
		},
		{
			"whole numbers held at one end", 17,
			[][]byte{op("Cast", []string{"x"}, "i", intAttr("to", 7)), message(5, number(2, 7), message(7, []byte{2}), words(8, "low")), op("Clip", []string{"i", "low"}, "c"), op("Cast", []string{"c"}, "y", intAttr("to", 1))},
			[]float32{-5, 1, 7},
			[]int{3},
			[]float32{2, 2, 7},
			[]int{3},
		},
		{
			"whole numbers held at the other", 17,
			[][]byte{op("Cast", []string{"x"}, "i", intAttr("to", 7)), message(5, number(2, 7), message(7, []byte{2}), words(8, "high")), op("Clip", []string{"i", "", "high"}, "c"), op("Cast", []string{"c"}, "y", intAttr("to", 1))},
			[]float32{-5, 1, 7},
			[]int{3},
			[]float32{-5, 1, 2},
			[]int{3},
		},
		{
			"bytes wrap around", 17,
			[][]byte{op("Cast", []string{"x"}, "i", intAttr("to", 2)), op("Cast", []string{"i"}, "y", intAttr("to", 1))},
			[]float32{-65, -412, 300, 7.9},
			[]int{4},
			[]float32{191, 100, 44, 7},
			[]int{4},
		},
		{
			"signed bytes wrap around, whole ones too", 17,
			[][]byte{op("Cast", []string{"x"}, "w", intAttr("to", 7)), op("Cast", []string{"w"}, "i", intAttr("to", 3)), op("Cast", []string{"i"}, "y", intAttr("to", 1))},
			[]float32{200, -129, 5},
			[]int{3},
			[]float32{-56, 127, 5},
			[]int{3},
		},
		{
			"32 bits wrap around", 17,
			[][]byte{op("Cast", []string{"x"}, "w", intAttr("to", 7)), op("Cast", []string{"w"}, "i", intAttr("to", 6)), op("Cast", []string{"i"}, "y", intAttr("to", 1))},
			[]float32{4294967296, 2147483648, -3},
			[]int{3},
			[]float32{0, -2147483648, -3},
			[]int{3},
		},
	}
	for _, tt := range tests {
		shape := make([]int64, len(tt.shape))
		for k, d := range tt.shape {
			shape[k] = int64(d)
		}
		got, size := compute(t, fileOf(tt.opset, append([][]byte{input("x", shape...), output("y")}, tt.parts...)...), tt.in, tt.shape...)
		if !near(got, tt.want) || !slices.Equal(size, tt.size) {
			t.Errorf("%s: %v of %v, want %v of %v", tt.name, got, size, tt.want, tt.size)
		}
	}
}

// emptyRows are concatenated: 15,000 tensors of a million rows without a number.
func emptyRows() [][]byte {
	names := slices.Repeat([]string{"e"}, 15_000)
	return [][]byte{wholes("s", 1_000_000, 0), op("ConstantOfShape", []string{"s"}, "e"), op("Concat", names, "y", intAttr("axis", 1))}
}

// Work over nothing, and memory for lists, are in the accounts.
func TestNothingIsAlsoWork(t *testing.T) {
	x, y := input("x", 1, 4), output("y")
	for name, tt := range map[string]struct {
		says  string
		parts [][]byte
	}{
		"windows over an empty batch":  {"million steps", [][]byte{wholes("s", 0, 1, 3000, 3000), op("ConstantOfShape", []string{"s"}, "e"), op("MaxPool", []string{"e"}, "y", intsAttr("kernel_shape", 100, 100))}},
		"rows without numbers, joined": {"million steps", emptyRows()},
		"more parts than outputs":      {"lists 5000 numbers", [][]byte{wholes("s", 0, 4), op("ConstantOfShape", []string{"s"}, "e"), split13(5000)}},
	} {
		opset := int64(17)
		if name == "more parts than outputs" {
			opset = 12
		}
		m, err := Read(fileOf(opset, append([][]byte{x, y}, tt.parts...)...), Limits{Memory: 2 << 20, Work: 2e9})
		if err == nil {
			_, err = m.Run(t.Context(), make([]float32, 4), []int{1, 4})
		}
		if said, known := err.(*Error); !known || !strings.Contains(said.Text.EN, tt.says) {
			t.Errorf("%s: error %v, want %q", name, err, tt.says)
		}
	}
	for name, part := range map[string][]byte{
		"a list in an attribute": split13(8_000_000),
		"a list in a weight":     message(5, number(1, 8_000_000), number(2, 7), message(7, make([]byte, 8_000_000)), words(8, "w")),
		"attributes by the thousand": op("Relu", []string{"x"}, "y", func() (out [][]byte) {
			for k := range 19_000 {
				out = append(out, intAttr(fmt.Sprint(k), 1))
			}
			return out
		}()...),
	} {
		_, err := Read(fileOf(12, x, y, part), Limits{Memory: 4 << 20})
		if said, known := err.(*Error); !known || !strings.Contains(said.Text.EN, "memory") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// A tensor without a number takes memory too, as long as it is held.
func TestEmptyTensorsTakeMemory(t *testing.T) {
	parts, names := [][]byte{input("x", 1, 4), output("y"), wholes("s", 0)}, []string{}
	for k := range 500 {
		names = append(names, fmt.Sprint("e", k))
		parts = append(parts, op("ConstantOfShape", []string{"s"}, names[k]))
	}
	data := file(append(parts, op("Concat", names, "y", intAttr("axis", 0)))...)
	m, err := Read(data, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for room, fits := range map[int64]bool{200: false, 600: true} {
		m, err := Read(data, Limits{Memory: m.held + room*tensorCost})
		if err != nil {
			t.Fatal(err)
		}
		_, err = m.Run(t.Context(), make([]float32, 4), []int{1, 4})
		if fits && err != nil || !fits && (err == nil || !strings.Contains(err.Error(), "of memory")) {
			t.Errorf("with room for %d: error %v", room, err)
		}
	}
}

// split13 is an operator that splits into so many parts of nothing, by an attribute
// as before operator set 13.
func split13(parts int) []byte {
	packed := make([]byte, parts)
	return op("Split", []string{"e"}, "y", message(5, words(1, "split"), message(8, packed), number(20, 7)))
}

// impatient is a context that ends after it was looked at so often.
type impatient struct {
	context.Context
	looks *int
}

func (c impatient) Err() error {
	if *c.looks--; *c.looks < 0 {
		return context.Canceled
	}
	return nil
}

// Long operators look at the clock as they go.
func TestLongOperatorsStop(t *testing.T) {
	x, y := input("x", 1, 1, 50, 50), output("y")
	for name, parts := range map[string][][]byte{
		"windows": {op("MaxPool", []string{"x"}, "y", intsAttr("kernel_shape", 3, 3))},
		"joined":  {op("Concat", slices.Repeat([]string{"x"}, 50), "y", intAttr("axis", 1))},
		"scaled":  {wholes("n", 1, 50, 50, 50), op("Expand", []string{"x", "n"}, "e"), weight("s", []int64{4}, 1, 1, 2, 2), op("Resize", []string{"e", "", "s"}, "y")},
	} {
		m, err := Read(file(append([][]byte{x, y}, parts...)...), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		looks := 30
		if _, err := m.Run(impatient{t.Context(), &looks}, make([]float32, 2500), []int{1, 1, 50, 50}); err != context.Canceled {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// However long the names and lists in a file are, a complaint is a few lines.
func TestComplaintsStayShort(t *testing.T) {
	long := strings.Repeat("n", 5<<20)
	x, y := input("x", 1, 4), output("y")
	for name, data := range map[string][]byte{
		"a port that is no tensor":    file(message(11, words(1, long), message(2, message(4))), y),
		"an output that nobody makes": file(x, output(long)),
		"a list of paddings":          file(x, y, wholes("p", make([]int64, 4000)...), op("Pad", []string{"x", "p"}, "y")),
		"an attribute":                file(x, y, op("Relu", []string{"x"}, "y", intAttr(long, 1))),
	} {
		m, err := Read(data, Limits{})
		if err == nil {
			_, err = m.Run(t.Context(), make([]float32, 4), []int{1, 4})
		}
		if said, known := err.(*Error); !known || len(said.Text.EN) > 500 || len(said.Text.ZH) > 1500 {
			t.Errorf("%s: %d bytes", name, len(fmt.Sprint(err)))
		}
	}
}
