package onnx

import (
	"fmt"
	"slices"
	"strings"
)

// Model is a graph that was read and found to be within the limits.
type Model struct {
	limits  Limits
	opset   int
	weights map[string]*tensor
	nodes   []*node
	inputs  []Port // those that are no weights
	outputs []Port
	held    int64 // bytes of the weights
	numbers int64 // in them
	last    map[string]int
}

// Port is an input or an output of a model. A size that the file leaves open is
// -1.
type Port struct {
	Name  string
	Shape []int
	known bool
}

// node is one operator at its place in the graph.
type node struct {
	op      string
	name    string
	in, out []string
	attrs   map[string]attr
	run     operator
}

// attr is an attribute's value: the field that its kind fills.
type attr struct {
	kind   byte // as in the table of attributes; 0 where the file does not say
	i      int64
	f      float32
	s      string
	ints   []int64
	floats []float32
	t      *tensor
}

// Read reads a model. It keeps nothing of data.
func Read(data []byte, limits Limits) (*Model, error) {
	m := &Model{limits: limits.orDefaults(), weights: map[string]*tensor{}}
	if int64(len(data)) > m.limits.Bytes {
		return nil, refuse("the file has %d MB; at most %d are read", "文件有 %d MB，最多读取 %d MB", len(data)>>20, m.limits.Bytes>>20)
	}
	var graph []byte
	in := wire{data: data}
	for f, ok := in.next(); ok; f, ok = in.next() {
		switch f.number {
		case 7:
			if graph != nil {
				return nil, broken("it holds two graphs")
			}
			graph = f.data
		case 8:
			if err := m.readOpset(f.data); err != nil {
				return nil, err
			}
		case 25:
			return nil, refuse("the model defines functions of its own, which are not run", "模型自定义了函数，不予运行")
		}
	}
	switch {
	case in.err != nil:
		return nil, in.err
	case graph == nil:
		return nil, broken("it holds no graph")
	case m.opset < minOpset || m.opset > maxOpset:
		return nil, refuse("the model is of operator set %d; %d to %d are known", "模型的算子集版本为 %d，支持 %d 到 %d", m.opset, minOpset, maxOpset)
	}
	if err := m.readGraph(graph); err != nil {
		return nil, err
	}
	return m, m.check()
}

// Inputs and Outputs are what the graph takes and gives.
func (m *Model) Inputs() []Port  { return slices.Clone(m.inputs) }
func (m *Model) Outputs() []Port { return slices.Clone(m.outputs) }

// Weights is how many numbers the model was trained to have.
func (m *Model) Weights() int64 { return m.numbers }

// Operators lists the kinds of operators and how often each stands in the graph.
func (m *Model) Operators() map[string]int {
	out := map[string]int{}
	for _, n := range m.nodes {
		out[n.op]++
	}
	return out
}

func (m *Model) readOpset(data []byte) error {
	in := wire{data: data}
	domain, version := "", 0
	for f, ok := in.next(); ok; f, ok = in.next() {
		switch f.number {
		case 1:
			domain = string(f.data)
		case 2:
			version = int(int32(f.num))
		}
	}
	if domain == "" || domain == "ai.onnx" {
		m.opset = version
	}
	return in.err
}

func (m *Model) readGraph(data []byte) error {
	in := wire{data: data}
	for f, ok := in.next(); ok; f, ok = in.next() {
		var err error
		switch f.number {
		case 1:
			if len(m.nodes) >= m.limits.Nodes {
				return refuse("the graph has more than %d operators", "计算图的算子超过 %d 个", m.limits.Nodes)
			}
			var n *node
			n, err = m.readNode(f.data)
			m.nodes = append(m.nodes, n)
		case 5:
			var name string
			var t *tensor
			name, t, err = m.readTensor(f.data)
			if err == nil && m.weights[name] != nil {
				err = broken("two weights have one name")
			}
			m.weights[name] = t
		case 11:
			err = m.readPort(f.data, &m.inputs)
		case 12:
			err = m.readPort(f.data, &m.outputs)
		case 15:
			err = refuse("the model has sparse weights, which are not read", "模型含稀疏权重，不予读取")
		}
		if err != nil {
			return err
		}
	}
	return in.err
}

// maxPorts bounds inputs and outputs, of the graph and of a node.
const maxPorts = 20_000

// What a part of a graph takes in memory beside its numbers: about, and rather more.
const (
	nodeCost   = 512
	attrCost   = 256
	nameCost   = 64 // and its bytes
	tensorCost = 128
)

// charge counts memory that the model takes for as long as it is there.
func (m *Model) charge(bytes int64) error {
	if m.held += bytes; m.held > m.limits.Memory {
		return tooMuchMemory(m.limits.Memory)
	}
	return nil
}

// room is how many numbers of so many bytes there is memory left for.
func (m *Model) room(bytes int64) int64 { return max(0, m.limits.Memory-m.held) / bytes }

func (m *Model) readPort(data []byte, to *[]Port) error {
	var p Port
	if err := m.charge(nameCost + int64(len(data))); err != nil {
		return err
	}
	in := wire{data: data}
	for f, ok := in.next(); ok; f, ok = in.next() {
		switch f.number {
		case 1:
			p.Name = string(f.data)
		case 2:
			if err := p.readType(f.data); err != nil {
				return err
			}
		}
	}
	if len(*to) >= maxPorts {
		return broken("it has too many inputs or outputs")
	}
	*to = append(*to, p)
	return in.err
}

// readType follows TypeProto to the tensor's shape.
func (p *Port) readType(data []byte) error {
	in := wire{data: data}
	for f, ok := in.next(); ok; f, ok = in.next() {
		if f.number != 1 {
			return refuse("the input or output %q is no tensor", "输入或输出 %q 不是张量", short(p.Name))
		}
		tensor := wire{data: f.data}
		for f, ok := tensor.next(); ok; f, ok = tensor.next() {
			if f.number != 2 {
				continue
			}
			p.known = true
			shape := wire{data: f.data}
			for f, ok := shape.next(); ok; f, ok = shape.next() {
				if f.number != 1 {
					continue
				}
				if len(p.Shape) >= maxRank {
					return refuse("a tensor has more than %d dimensions", "有张量超过 %d 维", maxRank)
				}
				size := -1
				dim := wire{data: f.data}
				for f, ok := dim.next(); ok; f, ok = dim.next() {
					if f.number == 1 && f.kind == wireVarint && int64(f.num) > 0 && f.num < 1<<31 {
						size = int(f.num)
					}
				}
				p.Shape = append(p.Shape, size)
				if dim.err != nil {
					return dim.err
				}
			}
			if shape.err != nil {
				return shape.err
			}
		}
		if tensor.err != nil {
			return tensor.err
		}
	}
	return in.err
}

func (m *Model) readNode(data []byte) (*node, error) {
	n := &node{attrs: map[string]attr{}}
	if err := m.charge(nodeCost); err != nil {
		return nil, err
	}
	domain := ""
	in := wire{data: data}
	for f, ok := in.next(); ok; f, ok = in.next() {
		if f.number < 5 { // a name; what attributes take is counted with them
			if err := m.charge(nameCost + int64(len(f.data))); err != nil {
				return nil, err
			}
		}
		switch f.number {
		case 1:
			n.in = append(n.in, string(f.data))
		case 2:
			n.out = append(n.out, string(f.data))
		case 3:
			n.name = string(f.data)
		case 4:
			n.op = string(f.data)
		case 5:
			name, a, err := m.readAttr(f.data)
			if err != nil {
				return nil, err
			}
			if _, twice := n.attrs[name]; twice {
				return nil, refuse("the operator %s has the attribute %q twice", "算子 %s 的属性 %q 重复", short(n.op), short(name))
			}
			n.attrs[name] = a
		case 7:
			domain = string(f.data)
		}
		if len(n.in)+len(n.out)+len(n.attrs) > maxPorts {
			return nil, broken("an operator has too many inputs or outputs")
		}
	}
	if in.err != nil {
		return nil, in.err
	}
	if domain != "" && domain != "ai.onnx" {
		return nil, refuse("the operator %s is of the set %s, which is not known", "算子 %s 属于未知的算子集 %s", short(n.op), short(domain))
	}
	if n.run = operators[n.op]; n.run == nil {
		return nil, refuse("the operator %s is not known", "不支持算子 %s", short(n.op))
	}
	return n, nil
}

func (m *Model) readAttr(data []byte) (name string, a attr, err error) {
	if err := m.charge(attrCost); err != nil {
		return "", a, err
	}
	in := wire{data: data}
	var seen, said byte
	for f, ok := in.next(); ok && err == nil; f, ok = in.next() {
		switch f.number {
		case 1:
			name = string(f.data)
			err = m.charge(int64(len(f.data)))
		case 2:
			var one []float32
			if one, err = f.floats(nil, 1); len(one) > 0 {
				a.f, seen = one[0], 'f'
			}
		case 3:
			a.i, seen = int64(f.num), 'i'
		case 4:
			a.s, seen = string(f.data), 's'
			err = m.charge(int64(len(f.data)))
		case 5:
			_, a.t, err = m.readTensor(f.data)
			seen = 't'
		case 6, 11:
			err = refuse("the model has a graph within a graph (a loop or a branch), which is not run", "模型的计算图里还有计算图（循环或分支），不予运行")
		case 7:
			had := len(a.floats)
			if a.floats, err = f.floats(a.floats, m.room(4)); err == nil {
				seen, err = 'F', m.charge(4*int64(len(a.floats)-had))
			}
		case 8:
			had := len(a.ints)
			if a.ints, err = f.numbers(a.ints, m.room(8)); err == nil {
				seen, err = 'I', m.charge(8*int64(len(a.ints)-had))
			}
		case 9, 10, 14, 15, 22, 23:
			seen = '?' // lists of texts, tensors and graphs, and sparse ones
		case 20:
			if said = attrKinds[f.num]; said == 0 {
				said = '?'
			}
		case 21:
			err = refuse("the model defines functions of its own, which are not run", "模型自定义了函数，不予运行")
		}
	}
	if err == nil {
		err = in.err
	}
	if a.kind = seen; seen == 0 {
		a.kind = said // a nought or an empty list need not be written
	} else if said != 0 && said != seen {
		a.kind = '?'
	}
	return name, a, err
}

// check looks at the graph as a whole: every value is made once and before it is
// used, and the outputs are made. So there is no loop in it.
func (m *Model) check() error {
	m.inputs = slices.DeleteFunc(m.inputs, func(p Port) bool { return m.weights[p.Name] != nil })
	made := map[string]bool{"": true}
	for name := range m.weights {
		made[name] = true
	}
	for _, p := range m.inputs {
		made[p.Name] = true
	}
	m.last = map[string]int{}
	for at, n := range m.nodes {
		if err := n.readable(m.opset); err != nil {
			return err
		}
		for _, name := range n.in {
			if !made[name] {
				return refuse("the operator %s needs %q before it is made", "算子 %s 要用的 %q 尚未算出", n.label(), short(name))
			}
			m.last[name] = at
		}
		for _, name := range n.out {
			if name != "" && made[name] {
				return refuse("two operators make %q", "有两个算子都产生 %q", short(name))
			}
			made[name] = true
		}
	}
	if len(m.inputs) != 1 {
		return refuse("the model has %d inputs; one picture is all that it gets", "模型有 %d 个输入，而这里只提供一张图片", len(m.inputs))
	}
	if len(m.outputs) == 0 {
		return refuse("the model has no output", "模型没有输出")
	}
	for _, p := range m.outputs {
		if !made[p.Name] || p.Name == "" {
			return refuse("nothing makes the output %q", "没有任何算子产生输出 %q", short(p.Name))
		}
		m.last[p.Name] = len(m.nodes)
	}
	return nil
}

// label names a node for people.
func (n *node) label() string {
	if n.name == "" {
		return short(n.op)
	}
	return short(n.op) + " " + short(n.name)
}

// short keeps names that a file chose within a line.
func short(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	return brief(s, 60)
}

// String sums the model up.
func (m *Model) String() string {
	return fmt.Sprintf("%d operators, %d weights, operator set %d", len(m.nodes), m.Weights(), m.opset)
}
