package policy

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/evenhand/evenhand/text"
)

// Bounds of a policy's text; far beyond any that a person can keep in mind.
const (
	maxSource  = 256 << 10 // bytes
	maxLines   = 10_000
	maxLine    = 5000 // characters; the parser takes time by the square of what stands on a line
	maxDepth   = 64   // of brackets, and of indentation levels on a line
	maxRules   = 200
	maxTests   = 1000
	maxEntries = 500 // of any other list or mapping
	maxText    = 1000
)

// place is where something stands in the source; lines and columns count from 1.
type place struct{ line, column int }

// reader walks a parsed policy and gathers what is wrong with it.
type reader struct {
	source   string
	lines    [][]rune
	problems Problems
}

func (r *reader) wrong(at place, field string, text text.Text) {
	r.problems = append(r.problems, Problem{Line: at.line, Column: at.column, Field: field, Text: text})
}

// parse reads the YAML. It answers nil after telling why, where that cannot be
// done.
func (r *reader) parse() (root ast.Node) {
	switch {
	case len(r.source) > maxSource:
		r.wrong(place{1, 1}, "", both("the text has %d bytes; at most %d are read", "文本有 %d 字节，最多读取 %d 字节", len(r.source), maxSource))
		return nil
	case !utf8.ValidString(r.source):
		r.wrong(place{1, 1}, "", text.Text{EN: "the text is not UTF-8", ZH: "文本不是 UTF-8 编码"})
		return nil
	case strings.ContainsFunc(r.source, func(c rune) bool { return c != '\n' && c != '\r' && c != '\t' && unicode.IsControl(c) }):
		r.wrong(place{1, 1}, "", text.Text{EN: "the text has control characters", ZH: "文本含有控制字符"})
		return nil
	}
	for line := range strings.Lines(r.source) {
		r.lines = append(r.lines, []rune(strings.TrimRight(line, "\r\n")))
	}
	if len(r.lines) > maxLines {
		r.wrong(place{maxLines + 1, 1}, "", both("more than %d lines", "超过 %d 行", maxLines))
		return nil
	}
	if i := slices.IndexFunc(r.lines, func(line []rune) bool { return len(line) > maxLine }); i >= 0 {
		r.wrong(place{i + 1, maxLine + 1}, "", both("a line has more than %d characters", "一行超过 %d 个字符", maxLine))
		return nil
	}
	if at, deep := r.tooDeep(); deep {
		r.wrong(at, "", both("nested more than %d deep", "嵌套超过 %d 层", maxDepth))
		return nil
	}
	// The parser is somebody else's and reads what strangers send: should it
	// panic on some text, that is a problem of the text, not of the desk.
	defer func() {
		if p := recover(); p != nil {
			root = nil
			r.wrong(place{1, 1}, "", text.Text{EN: "this cannot be read as YAML", ZH: "无法按 YAML 格式读取"})
		}
	}()
	file, err := parser.ParseBytes([]byte(r.source), 0)
	if err != nil {
		r.unreadable(err)
		return nil
	}
	var docs []ast.Node
	for _, d := range file.Docs {
		if d != nil && d.Body != nil {
			docs = append(docs, d.Body)
		}
	}
	switch len(docs) {
	case 0:
		r.wrong(place{1, 1}, "", text.Text{EN: "the text is empty", ZH: "文本为空"})
		return nil
	case 1:
		return docs[0]
	}
	r.wrong(r.place(docs[1]), "", text.Text{EN: "a file holds one policy; here a second one begins", ZH: "一个文件只能有一份规则，这里开始了第二份"})
	return nil
}

// tooDeep finds nesting that no policy needs, before the parser recurses into it.
func (r *reader) tooDeep() (at place, deep bool) {
	depth := 0
	for i, line := range r.lines {
		dashes := 0
		for j, c := range line {
			switch c {
			case '[', '{', '(':
				depth++
			case ']', '}', ')':
				depth = max(0, depth-1)
			case '-', '?', ':':
				dashes++
			}
			if depth > maxDepth {
				return place{i + 1, j + 1}, true
			}
		}
		// "- - - -" nests a level a dash; words with hyphens have far fewer.
		if indent := len(line) - len([]rune(strings.TrimLeft(string(line), " "))); indent > 8*maxDepth || dashes > 8*maxDepth {
			return place{i + 1, 1}, true
		}
	}
	return place{}, false
}

// unreadable tells of a syntax error where the parser saw it.
func (r *reader) unreadable(err error) {
	at := place{1, 1}
	message := err.Error()
	var located interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if e, ok := err.(interface {
		GetToken() *token.Token
		GetMessage() string
	}); ok {
		located = e
	}
	if located != nil {
		message = located.GetMessage()
		if t := located.GetToken(); t != nil && t.Position != nil {
			at = place{t.Position.Line, t.Position.Column}
		}
	}
	r.wrong(at, "", text.Text{EN: "not YAML: " + message, ZH: "YAML 格式有误：" + yamlZH(message)})
}

// yamlFaults are what the parser says most often when people write rules, by a
// part of it, and what that means. It speaks English alone; what is not here is
// only placed.
var yamlFaults = []struct{ part, zh string }{
	{"tab character", "缩进不能使用制表符，请改用空格"},
	{"found character '\t'", "缩进不能使用制表符，请改用空格"},
	{"reserved character", "此处的字符有特殊含义，请加引号"},
	{"unexpected key name", "名称的位置或缩进不对"},
	{"could not find end character of", "引号没有闭合"},
	{"end character", "引号没有闭合"},
	{"sequence end token ']' not found", "缺少右方括号 ]"},
	{"sequence was used where mapping is expected", "此处应为“名称: 值”，而不是列表"},
	{"mapping was used where sequence is expected", "此处应为列表，而不是“名称: 值”"},
	{"flow mapping end token '}'", "缺少右花括号 }"},
	{"must be specified", "缺少分隔符"},
	{"map key-value is pre-defined", "名称与值的写法不对"},
	{"value is not allowed in this context", "此处不能有值，请检查缩进"},
	{"non-map value is specified", "此处应为“名称: 值”"},
	{"mapping key", "名称重复或位置不对"},
	{"block scalar", "多行文本的写法不对"},
	{"indent", "缩进不对"},
	{"alias", "别名没有定义"},
	{"anchor", "锚点的写法不对"},
	{"directive", "不支持这里的指令"},
	{"document", "文档分隔的写法不对"},
	{"comma", "逗号的位置不对"},
}

func yamlZH(message string) string {
	message = strings.ToLower(message)
	for _, f := range yamlFaults {
		if strings.Contains(message, f.part) {
			return f.zh
		}
	}
	return "请检查缩进、冒号、引号和括号"
}

// place finds where a node's text begins.
func (r *reader) place(n ast.Node) place {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return r.place(m.Values[0])
	}
	if v, ok := n.(*ast.MappingValueNode); ok && v.Key != nil {
		return r.place(v.Key)
	}
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return place{1, 1}
	}
	p := n.GetToken().Position
	return place{p.Line, p.Column}
}

// entry is one key of a mapping with its value.
type entry struct {
	key   string
	at    place // of the key
	value ast.Node
	path  string
}

// mapping reads a mapping; ok is false, and that told, for anything else.
func (r *reader) mapping(n ast.Node, path string) (entries []entry, ok bool) {
	var values []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		r.wrong(r.place(n), path, text.Text{EN: "must be a mapping: names, each with a colon and a value", ZH: "必须是“名称: 值”的形式"})
		return nil, false
	}
	if len(values) > maxEntries {
		r.wrong(r.place(n), path, both("has %d entries; at most %d are allowed", "有 %d 项，最多 %d 项", len(values), maxEntries))
		return nil, false
	}
	seen := map[string]bool{}
	for _, v := range values {
		key, isText := scalar(v.Key)
		switch {
		case !isText:
			r.wrong(r.place(v), path, text.Text{EN: "a name must be a plain word", ZH: "名称必须是普通的词"})
			continue
		case seen[key]:
			r.wrong(r.place(v), join(path, key), both("%s is there twice", "%s 出现了两次", key))
			continue
		}
		seen[key] = true
		entries = append(entries, entry{key, r.place(v.Key), v.Value, join(path, key)})
	}
	return entries, true
}

// fields reads a mapping with known names: others are told with the name that
// was probably meant, and so are required ones that are missing.
func (r *reader) fields(n ast.Node, path string, known, required []string) (map[string]entry, bool) {
	entries, ok := r.mapping(n, path)
	if !ok {
		return nil, false
	}
	found := map[string]entry{}
	for _, e := range entries {
		if !contains(known, e.key) {
			r.unknown(e.at, e.path, e.key, known)
			continue
		}
		found[e.key] = e
	}
	for _, name := range required {
		if _, there := found[name]; !there {
			r.wrong(r.place(n), join(path, name), both("%s is missing", "缺少 %s", name))
		}
	}
	return found, true
}

// unknown tells of a word that is none of the known ones.
func (r *reader) unknown(at place, path, word string, known []string) {
	if meant := Nearest(word, known); meant != "" {
		r.wrong(at, path, both("there is no %q here; did you mean %q?", "这里没有 %q，您要写的是 %q 吗？", clip(word), meant))
		return
	}
	r.wrong(at, path, text.Text{
		EN: fmt.Sprintf("there is no %q here; it can be %s", clip(word), strings.Join(known, ", ")),
		ZH: fmt.Sprintf("这里没有 %q，可以用：%s", clip(word), strings.Join(known, "、")),
	})
}

// list reads a sequence of at most most values.
func (r *reader) list(e entry, most int) (values []ast.Node, ok bool) {
	s, ok := e.value.(*ast.SequenceNode)
	if !ok {
		r.wrong(r.place(e.value), e.path, text.Text{EN: "must be a list: a line with a dash for each", ZH: "必须是列表：每项一行，以短横线开头"})
		return nil, false
	}
	if len(s.Values) > most {
		r.wrong(r.place(e.value), e.path, both("has %d entries; at most %d are allowed", "有 %d 项，最多 %d 项", len(s.Values), most))
		return nil, false
	}
	return s.Values, true
}

// text reads a value that is words or a number, as it is written.
func (r *reader) text(e entry) (s string, ok bool) {
	s, ok = scalar(e.value)
	if !ok {
		r.wrong(r.valuePlace(e), e.path, text.Text{EN: "must be a text", ZH: "必须是文字"})
	} else if most := max(maxText, maxExpression+1); len([]rune(s)) > most {
		r.wrong(r.valuePlace(e), e.path, both("has %d characters; at most %d are allowed", "有 %d 个字符，最多 %d 个", len([]rune(s)), most))
		ok = false
	}
	return s, ok
}

// valuePlace is where an entry's value stands, or its key where there is none.
func (r *reader) valuePlace(e entry) place {
	if e.value == nil || e.value.Type() == ast.NullType {
		return e.at
	}
	return r.place(e.value)
}

// scalar is a single value as it is written. Anchors, aliases and tags are not
// read: what a rule says must stand where it is read.
func scalar(n ast.Node) (string, bool) {
	switch v := n.(type) {
	case *ast.StringNode:
		return v.Value, true
	case *ast.LiteralNode:
		if v.Value == nil {
			return "", true
		}
		return v.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// locate answers where each character of a scalar stands in the source, by
// walking both side by side. Where they part (an escape), the value's start
// stands for the rest.
func (r *reader) locate(n ast.Node) func(offset int) place {
	value, _ := scalar(n)
	start := r.place(n)
	line, column := start.line-1, start.column-1
	if l, ok := n.(*ast.LiteralNode); ok && l.Start != nil && l.Start.Position != nil {
		line, column = l.Start.Position.Line, 0 // the line after the | or >
	}
	next := func() (rune, bool) {
		for line < len(r.lines) {
			for column < len(r.lines[line]) {
				if c := r.lines[line][column]; !unicode.IsSpace(c) {
					return c, true
				}
				column++
			}
			line, column = line+1, 0
		}
		return 0, false
	}
	if s, ok := n.(*ast.StringNode); ok && s.Token != nil && (s.Token.Type == token.SingleQuoteType || s.Token.Type == token.DoubleQuoteType) {
		if c, ok := next(); ok && (c == '\'' || c == '"') {
			column++
		}
	}
	places := make([]place, 0, len(value))
	for _, c := range value {
		if unicode.IsSpace(c) {
			places = append(places, place{line + 1, column + 1})
			continue
		}
		got, ok := next()
		if !ok || got != c {
			break
		}
		places = append(places, place{line + 1, column + 1})
		column++
		if s, quoted := n.(*ast.StringNode); quoted && s.Token.Type == token.SingleQuoteType && c == '\'' {
			column++ // '' stands for one
		}
	}
	return func(offset int) place {
		if offset >= 0 && offset < len(places) {
			return places[offset]
		}
		if len(places) > 0 && offset >= len(places) && len(places) == len([]rune(value)) {
			last := places[len(places)-1]
			return place{last.line, last.column + 1}
		}
		return start
	}
}

func join(path, name string) string {
	if path == "" {
		return clip(name)
	}
	return path + "." + clip(name)
}

// clip keeps a stranger's word short enough to be shown.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
