package onnx

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// takes says what an operator reads: so many inputs at most (-1: any number), and
// its attributes. A node with anything more is refused, for what is passed over
// unread may change what the network means.
type takes struct {
	inputs int
	attrs  map[string]reads
}

// reads is one attribute: its kind, the operator sets that have it, and the values
// that are computed where not every one is.
type reads struct {
	kind     byte
	from, to int
	only     []string
}

// Kinds of attributes by AttributeProto.AttributeType, and the letters that the
// table has for them.
var attrKinds = map[uint64]byte{1: 'f', 2: 'i', 3: 's', 4: 't', 6: 'F', 7: 'I'}

// known is the table, from the ONNX operator specification (Operators.md and
// Changelog.md, operator sets 7 to 22): "inputs name:kind@from-to=value|value".
// Attributes that only tell how to train (momentum, seed) or are of outputs that
// are not computed (storage_order) are read past on purpose.
var known = parseKnown(map[string]string{
	"HardSigmoid": "1 alpha:f beta:f",
	"LeakyRelu":   "1 alpha:f",
	"Elu":         "1 alpha:f",
	"Gelu":        "1 approximate:s=none|tanh",
	"Clip":        "3 min:f@-10 max:f@-10",
	"Cast":        "1 to:i saturate:i@19",
	"Dropout":     "3 ratio:f@-11 seed:i@12",
	"Add":         "2",
	"Sub":         "2",
	"Mul":         "2",
	"Div":         "2",
	"Pow":         "2",
	"Sum":         "-1",
	"Max":         "-1",
	"Min":         "-1",
	"PRelu":       "2",

	"Equal":          "2",
	"Less":           "2",
	"LessOrEqual":    "2",
	"Greater":        "2",
	"GreaterOrEqual": "2",
	"And":            "2",
	"Or":             "2",
	"Where":          "3",

	"Conv":          "3 auto_pad:s dilations:I group:i kernel_shape:I pads:I strides:I",
	"ConvTranspose": "3 auto_pad:s dilations:I group:i kernel_shape:I pads:I strides:I output_padding:I output_shape:I",
	"MaxPool":       "1 auto_pad:s ceil_mode:i@10 dilations:I@10 kernel_shape:I pads:I storage_order:i@8 strides:I",
	"AveragePool":   "1 auto_pad:s ceil_mode:i@10 count_include_pad:i dilations:I@19 kernel_shape:I pads:I strides:I",
	"Gemm":          "3 alpha:f beta:f transA:i transB:i",
	"MatMul":        "2",

	"BatchNormalization":    "5 epsilon:f momentum:f spatial:i@-8=1 training_mode:i@14",
	"InstanceNormalization": "3 epsilon:f",
	"LayerNormalization":    "3 axis:i epsilon:f stash_type:i=1",
	"LpNormalization":       "1 axis:i p:i",
	"Softmax":               "1 axis:i",
	"LogSoftmax":            "1 axis:i",
	"ReduceMean":            "2 axes:I@-17 keepdims:i noop_with_empty_axes:i@18",
	"ReduceMax":             "2 axes:I@-17 keepdims:i noop_with_empty_axes:i@18",
	"ReduceMin":             "2 axes:I@-17 keepdims:i noop_with_empty_axes:i@18",
	"ReduceL2":              "2 axes:I@-17 keepdims:i noop_with_empty_axes:i@18",
	"ReduceSumSquare":       "2 axes:I@-17 keepdims:i noop_with_empty_axes:i@18",
	"ReduceSum":             "2 axes:I@-12 keepdims:i noop_with_empty_axes:i@13",

	// cubic_coeff_a and extrapolation_value are of modes that are refused.
	"Resize": "4 mode:s coordinate_transformation_mode:s@11 nearest_mode:s@11 cubic_coeff_a:f@11 exclude_outside:i@11=0 " +
		"extrapolation_value:f@11 antialias:i@18=0 keep_aspect_ratio_policy:s@18=stretch",
	"Upsample": "2 mode:s scales:F@-8",

	"Shape":           "1 start:i@15 end:i@15",
	"Reshape":         "2 allowzero:i@14",
	"Flatten":         "1 axis:i",
	"Squeeze":         "2 axes:I@-12",
	"Unsqueeze":       "2 axes:I@-12",
	"Transpose":       "1 perm:I",
	"Concat":          "-1 axis:i",
	"Split":           "2 axis:i split:I@-12 num_outputs:i@18",
	"Slice":           "5 starts:I@-9 ends:I@-9 axes:I@-9",
	"Gather":          "2 axis:i",
	"Expand":          "2",
	"Tile":            "2",
	"Pad":             "4 mode:s pads:I@-10 value:f@-10",
	"Constant":        "0 value:t value_float:f@12 value_int:i@12 value_ints:I@12 value_floats:F@12",
	"ConstantOfShape": "1 value:t",
	"Range":           "3",
	"DepthToSpace":    "1 blocksize:i mode:s@11=DCR|CRD",
	"SpaceToDepth":    "1 blocksize:i",
})

// alone are the operators that read one tensor and nothing else.
const alone = "Relu Sigmoid Tanh Exp Log Sqrt Erf Sin Cos Floor Ceil Round Softplus Mish Softsign Reciprocal HardSwish Abs Neg Not " +
	"Identity GlobalAveragePool GlobalMaxPool"

func parseKnown(table map[string]string) map[string]takes {
	for name := range strings.FieldsSeq(alone) {
		table[name] = "1"
	}
	out := map[string]takes{}
	for name, line := range table {
		parts := strings.Fields(line)
		t := takes{inputs: mustInt(parts[0]), attrs: map[string]reads{}}
		for _, part := range parts[1:] {
			r := reads{to: maxOpset}
			part, only, some := strings.Cut(part, "=")
			if some {
				r.only = strings.Split(only, "|")
			}
			part, sets, some := strings.Cut(part, "@")
			if some {
				from, to, ranged := strings.Cut(sets, "-")
				if from != "" {
					r.from = mustInt(from)
				}
				if ranged {
					r.to = mustInt(to)
				}
			}
			attr, kind, _ := strings.Cut(part, ":")
			r.kind = kind[0]
			t.attrs[attr] = r
		}
		out[name] = t
	}
	return out
}

// mustInt reads a number of the table above, which tests have read before.
func mustInt(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(err)
	}
	return n
}

// Operator sets that are known.
const (
	minOpset = 7
	maxOpset = 22
)

// readable says what of a node would be passed over unread: too many inputs, or an
// attribute that its operator does not have in this operator set, is of another
// kind, or holds a value that is not computed.
func (n *node) readable(opset int) error {
	t := known[n.op]
	if t.inputs >= 0 && len(n.in) > t.inputs {
		return refuse("%s: it has %d inputs; %d are known", "%s：有 %d 个输入，已知的为 %d 个", n.label(), len(n.in), t.inputs)
	}
	names := make([]string, 0, len(n.attrs))
	for name := range n.attrs {
		names = append(names, name)
	}
	slices.Sort(names) // the same complaint each time
	for _, name := range names {
		a := n.attrs[name]
		r, ok := t.attrs[name]
		if !ok || opset < r.from || opset > r.to {
			return refuse("%s: it has the attribute %q, which is not known of it in operator set %d", "%s：属性 %q 在算子集 %d 中不支持", n.label(), short(name), opset)
		}
		if a.kind != 0 && a.kind != r.kind {
			return refuse("%s: its attribute %s is of another kind than it should be", "%s：属性 %s 的类型不对", n.label(), name)
		}
		if value := a.told(); len(r.only) > 0 && value != "" && !slices.Contains(r.only, value) {
			return within(n, unknownMode(name, value))
		}
	}
	return nil
}

// told is a number's or a word's value as the table writes it.
func (a attr) told() string {
	if a.kind == 's' {
		return a.s
	}
	return fmt.Sprint(a.i)
}
