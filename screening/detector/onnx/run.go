package onnx

import (
	"context"
	"fmt"
	"slices"

	"github.com/evenhand/evenhand/text"
)

// operator computes a node's outputs from its inputs; an input that is left out
// is nil.
type operator func(x *run, n *node, in []*tensor) ([]*tensor, error)

// operators are all that are known. It is filled by the files that hold them,
// for they refer to it by way of the models they belong to.
var operators = map[string]operator{}

func register(more map[string]operator) {
	for name, op := range more {
		operators[name] = op
	}
}

// run is one computation and what it has spent.
type run struct {
	ctx    context.Context
	model  *Model
	values map[string]*tensor
	held   int64
	peak   int64
	work   int64
}

// Answer is what a model gave, and what it took.
type Answer struct {
	Outputs map[string][]float32
	Shapes  map[string][]int
	// Work counts multiplications and the like, Memory the most bytes at one time.
	Work, Memory int64
}

// Run computes the outputs for one input. The order of sums does not depend on
// the machine's number of cores.
func (m *Model) Run(ctx context.Context, input []float32, shape []int) (answer *Answer, err error) {
	defer func() {
		// Shapes that no check foresaw must cost one answer at most.
		if p := recover(); p != nil {
			answer, err = nil, &Error{text.Text{EN: fmt.Sprintf("the model does not compute: %v", p), ZH: "模型无法计算：张量的尺寸互相矛盾"}}
		}
	}()
	if n, err := sizeOf(shape); err != nil || n != len(input) {
		return nil, refuse("%d numbers do not fill a picture of the size %v", "%d 个数填不满尺寸为 %v 的图片", len(input), shape)
	}
	if err := m.inputs[0].takes(shape); err != nil {
		return nil, err
	}
	x := &run{ctx: ctx, model: m, values: map[string]*tensor{}, held: m.held}
	x.values[m.inputs[0].Name] = &tensor{shape: slices.Clone(shape), f: input}
	for at, n := range m.nodes {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := x.node(at, n); err != nil {
			return nil, within(n, err)
		}
	}
	answer = &Answer{Outputs: map[string][]float32{}, Shapes: map[string][]int{}, Work: x.work, Memory: x.peak}
	for _, p := range m.outputs {
		t := x.value(p.Name)
		if t == nil {
			return nil, refuse("nothing makes the output %q", "没有任何算子产生输出 %q", short(p.Name))
		}
		answer.Shapes[p.Name] = t.shape
		answer.Outputs[p.Name] = floatsOf(t)
	}
	return answer, nil
}

// takes says whether an input of shape fits what the file says it takes.
func (p Port) takes(shape []int) error {
	if !p.known {
		return nil
	}
	fits := len(p.Shape) == len(shape)
	for k := 0; fits && k < len(shape); k++ {
		fits = p.Shape[k] == -1 || p.Shape[k] == shape[k]
	}
	if !fits {
		return refuse("the model takes pictures of the size %v (-1 is any), and gets %v", "模型的输入尺寸为 %v（-1 为任意），给出的是 %v", p.Shape, shape)
	}
	return nil
}

// within names the operator that an error is about.
func within(n *node, err error) error {
	if known, ok := err.(*Error); ok {
		return refuse("%[1]s: %[2]s", "%[1]s：%[3]s", n.label(), known.Text.EN, known.Text.ZH)
	}
	return err
}

func (x *run) value(name string) *tensor {
	if t := x.values[name]; t != nil {
		return t
	}
	return x.model.weights[name]
}

// node runs one operator and lets go of what nobody needs any more.
func (x *run) node(at int, n *node) error {
	if err := x.spend(1 + len(n.in) + len(n.out)); err != nil {
		return err
	}
	in := make([]*tensor, len(n.in))
	for k, name := range n.in {
		if name == "" {
			continue
		}
		if in[k] = x.value(name); in[k] == nil {
			return refuse("%q was not made", "%q 没有算出", short(name))
		}
	}
	out, err := n.run(x, n, in)
	if err != nil {
		return err
	}
	for k, name := range n.out {
		switch {
		case k < len(out) && name != "":
			x.values[name] = out[k]
		case k < len(out):
			x.free(out[k])
		}
	}
	for _, names := range [][]string{n.in, n.out} {
		for _, name := range names {
			if last, used := x.model.last[name]; !used || last <= at {
				x.free(x.values[name])
				delete(x.values, name)
			}
		}
	}
	return nil
}

func (x *run) free(t *tensor) {
	if t != nil {
		x.held -= t.cost
	}
}

// charge takes memory from the budget.
func (x *run) charge(bytes int64) error {
	if x.held += bytes; x.held > x.model.limits.Memory {
		return tooMuchMemory(x.model.limits.Memory)
	}
	x.peak = max(x.peak, x.held)
	return nil
}

// spend takes so many steps of work from the budget: the product of counts, none of
// which is less than one, for what goes over nothing has still to be gone over.
func (x *run) spend(counts ...int) error {
	n := 1.0
	for _, c := range counts {
		n *= float64(max(1, c))
	}
	if limit := float64(x.model.limits.Work); float64(x.work)+n > limit {
		return refuse("the model computes more than %.0f million steps a picture", "模型每张图片的计算量超过 %.0f 百万步", limit/1e6)
	}
	x.work += int64(n)
	return x.ctx.Err()
}

// floats and wholes make room for a new tensor.
func (x *run) floats(shape ...int) (*tensor, error) { return x.tensor(shape, false) }
func (x *run) wholes(shape ...int) (*tensor, error) { return x.tensor(shape, true) }

func (x *run) tensor(shape []int, whole bool) (*tensor, error) {
	n, err := sizeOf(shape)
	if err != nil {
		return nil, err
	}
	t := &tensor{shape: slices.Clone(shape), whole: whole, cost: bytesOf(n, whole) + tensorCost}
	if err := x.charge(t.cost); err != nil {
		return nil, err
	}
	if err := x.spend(shape...); err != nil { // without numbers it can still have rows
		return nil, err
	}
	if whole {
		t.i = make([]int64, n)
	} else {
		t.f = make([]float32, n)
	}
	return t, nil
}

// view is t under another shape of as many numbers. It is charged in full, for
// either may outlive the other.
func (x *run) view(t *tensor, shape []int) (*tensor, error) {
	n, err := sizeOf(shape)
	if err != nil {
		return nil, err
	}
	if n != t.size() {
		return nil, refuse("%v cannot become %v", "%v 无法变为 %v", t.shape, shape)
	}
	v := &tensor{shape: slices.Clone(shape), f: t.f, i: t.i, whole: t.whole, cost: bytesOf(n, t.whole) + tensorCost}
	return v, x.charge(v.cost)
}

// need checks how many inputs there are, and that those needed are given.
func need(in []*tensor, least int) error {
	if len(in) < least {
		return refuse("it has %d inputs and needs %d", "有 %d 个输入，需要 %d 个", len(in), least)
	}
	for _, t := range in[:least] {
		if t == nil {
			return refuse("an input is left out", "缺少一个输入")
		}
	}
	return nil
}

// needFloats is need where the inputs are to be floats, given or not.
func needFloats(in []*tensor, least int) error {
	if err := need(in, least); err != nil {
		return err
	}
	for _, t := range in {
		if t != nil && t.whole {
			return refuse("it is computed on floats alone", "仅支持浮点数")
		}
	}
	return nil
}

func optional(in []*tensor, k int) *tensor {
	if k < len(in) {
		return in[k]
	}
	return nil
}

// mostListed is how long a list of places or sizes may be.
const mostListed = 4096

// list reads a short list of whole numbers: an input, or where there is none an
// attribute, as older opsets have it.
func (n *node) list(in []*tensor, k int, name string) ([]int64, bool, error) {
	if t := optional(in, k); t != nil {
		if !t.whole || len(t.i) > mostListed {
			return nil, false, refuse("its input %d is no short list of whole numbers", "第 %d 个输入不是简短的整数列表", k+1)
		}
		return t.i, true, nil
	}
	a, ok := n.attrs[name]
	if len(a.ints) > mostListed {
		return nil, false, refuse("%s lists %d numbers", "%s 列出了 %d 个数", name, len(a.ints))
	}
	return a.ints, ok, nil
}

func (n *node) int(name string, usual int64) int64 {
	if a, ok := n.attrs[name]; ok {
		return a.i
	}
	return usual
}

func (n *node) float(name string, usual float32) float32 {
	if a, ok := n.attrs[name]; ok {
		return a.f
	}
	return usual
}

func (n *node) text(name, usual string) string {
	if a, ok := n.attrs[name]; ok && a.s != "" {
		return a.s
	}
	return usual
}

// ints is a list of so many whole numbers, each from least up, or the usual one.
func (n *node) ints(name string, count int, usual, least int64) ([]int, error) {
	out := make([]int, count)
	a, given := n.attrs[name]
	if given && len(a.ints) > 0 && len(a.ints) != count {
		return nil, refuse("%s lists %d numbers, not %d", "%s 有 %d 个数，应为 %d 个", name, len(a.ints), count)
	}
	for k := range out {
		v := usual
		if len(a.ints) > 0 {
			v = a.ints[k]
		}
		if v < least || v > 1<<20 {
			return nil, refuse("%s is %d", "%s 为 %d", name, v)
		}
		out[k] = int(v)
	}
	return out, nil
}

func floatsOf(t *tensor) []float32 {
	if !t.whole {
		return t.f
	}
	out := make([]float32, len(t.i))
	for k, v := range t.i {
		out[k] = float32(v)
	}
	return out
}

// one is a tensor's only number.
func one(t *tensor) (float32, error) {
	if t.size() != 1 {
		return 0, refuse("%d numbers stand where one should", "应为一个数，却有 %d 个", t.size())
	}
	return floatsOf(t)[0], nil
}

func unknownMode(what, value string) error {
	return refuse("%s is %s, which is not known", "%s 为 %s，不支持", what, short(fmt.Sprint(value)))
}
