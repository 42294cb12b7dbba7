package policy

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/evenhand/evenhand/text"
)

// Bounds of a policy's text; far beyond any that a person can keep in mind.
const (
	maxSource  = 256 << 10 // bytes
	maxLines   = 10_000
	maxLine    = 5000 // characters
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
func (r *reader) parse() (root *yaml.Node) {
	switch {
	case len(r.source) > maxSource:
		r.wrong(place{1, 1}, "", text.Bothf("the text has %d bytes; at most %d are read", "文本有 %d 字节，最多读取 %d 字节", len(r.source), maxSource))
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
		r.wrong(place{maxLines + 1, 1}, "", text.Bothf("more than %d lines", "超过 %d 行", maxLines))
		return nil
	}
	if i := slices.IndexFunc(r.lines, func(line []rune) bool { return len(line) > maxLine }); i >= 0 {
		r.wrong(place{i + 1, maxLine + 1}, "", text.Bothf("a line has more than %d characters", "一行超过 %d 个字符", maxLine))
		return nil
	}
	if at, deep := r.tooDeep(); deep {
		r.wrong(at, "", text.Bothf("nested more than %d deep", "嵌套超过 %d 层", maxDepth))
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
	docs, err := documents(r.source)
	if err != nil {
		r.unreadable(err)
		return nil
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

// documents parses a text into what its documents hold, as far as a second one.
func documents(source string) (docs []*yaml.Node, err error) {
	d := yaml.NewDecoder(strings.NewReader(source))
	for len(docs) < 2 {
		var doc yaml.Node
		switch err := d.Decode(&doc); {
		case errors.Is(err, io.EOF):
			return docs, nil
		case err != nil:
			return nil, err
		}
		docs = append(docs, doc.Content...)
	}
	return docs, nil
}

// yamlError is how the parser writes an error: a line, or none, and what it misses.
var yamlError = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?(?s:(.*))$`)

// unreadable tells of a syntax error on the line where the parser saw it.
func (r *reader) unreadable(err error) {
	at := place{1, 1}
	parts := yamlError.FindStringSubmatch(err.Error())
	message := parts[2]
	if line, err := strconv.Atoi(parts[1]); err == nil && line >= 1 && line <= len(r.lines) {
		at.line = line
		if i := slices.IndexFunc(r.lines[line-1], func(c rune) bool { return !unicode.IsSpace(c) }); i > 0 {
			at.column = i + 1
		}
	}
	r.wrong(at, "", text.Text{EN: "not YAML: " + message, ZH: "YAML 格式有误：" + yamlZH(message)})
}

// yamlFaults are what the parser says most often when people write rules, by a
// part of it, and what that means. It speaks English alone; what is not here is
// only placed.
var yamlFaults = []struct{ part, zh string }{
	{"tab character", "缩进不能使用制表符，请改用空格"},
	{"cannot start any token", "此处的字符有特殊含义，请加引号"},
	{"mapping values are not allowed", "此处不能再有“名称: 值”，请检查缩进和冒号，或给文字加引号"},
	{"mapping keys are not allowed", "此处不能有名称，请检查缩进"},
	{"block sequence entries are not allowed", "此处不能有列表项，请检查缩进"},
	{"could not find expected ':'", "缺少冒号"},
	{"expected ',' or ']'", "缺少逗号或右方括号 ]"},
	{"expected ',' or '}'", "缺少逗号或右花括号 }"},
	{"expected '-' indicator", "此处应为以短横线开头的列表项，请检查缩进"},
	{"expected key", "此处应为“名称: 值”，请检查缩进"},
	{"expected node content", "此处缺少内容"},
	{"unexpected end of stream", "引号没有闭合"},
	{"unexpected document indicator", "引号没有闭合，文档就结束了"},
	{"escape character", "双引号内有不认识的转义符"},
	{"escape code", "双引号内的转义码不对"},
	{"hexdecimal number", "双引号内的转义码不对"},
	{"quoted scalar", "引号内的写法不对"},
	{"block scalar", "多行文本的写法不对"},
	{"indentation indicator", "多行文本的写法不对"},
	{"comment or line break", "此处只能换行或写注释"},
	{"plain scalar", "文字的写法不对，请加引号"},
	{"document start", "文档分隔的写法不对"},
	{"alphabetic or numeric", "锚点或别名的写法不对"},
	{"anchor", "锚点的写法不对"},
	{"alias", "别名没有定义"},
	{"tag", "不支持这里的标签"},
	{"uri", "不支持这里的标签"},
	{"directive", "不支持这里的指令"},
	{"version number", "不支持这里的指令"},
	{"yaml document", "不支持这里的指令"},
	{"whitespace or line break", "此处应为空格或换行"},
	{"utf-", "文本编码有误"},
	{"unicode", "文本含有不能使用的字符"},
	{"control characters", "文本含有控制字符"},
	{"byte order mark", "文本编码有误"},
	{"max depth", "嵌套过深"},
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
func (r *reader) place(n *yaml.Node) place {
	if n == nil || n.Line < 1 || n.Column < 1 {
		return place{1, 1}
	}
	return place{n.Line, n.Column}
}

// plain is whether a node is of a kind and stands for itself. Anchors, aliases
// and tags are not read: what a rule says must stand where it is read.
func plain(n *yaml.Node, kind yaml.Kind) bool {
	return n != nil && n.Kind == kind && n.Anchor == "" && n.Style&yaml.TaggedStyle == 0
}

// entry is one key of a mapping with its value.
type entry struct {
	key   string
	at    place // of the key
	value *yaml.Node
	path  string
}

// mapping reads a mapping; ok is false, and that told, for anything else.
func (r *reader) mapping(n *yaml.Node, path string) (entries []entry, ok bool) {
	if !plain(n, yaml.MappingNode) {
		r.wrong(r.place(n), path, text.Text{EN: "must be a mapping: names, each with a colon and a value", ZH: "必须是“名称: 值”的形式"})
		return nil, false
	}
	if most := len(n.Content) / 2; most > maxEntries {
		r.wrong(r.place(n), path, text.Bothf("has %d entries; at most %d are allowed", "有 %d 项，最多 %d 项", most, maxEntries))
		return nil, false
	}
	seen := map[string]bool{}
	for pair := range slices.Chunk(n.Content, 2) {
		key, isText := scalar(pair[0])
		switch {
		case !isText:
			r.wrong(r.place(pair[0]), path, text.Text{EN: "a name must be a plain word", ZH: "名称必须是普通的词"})
			continue
		case seen[key]:
			r.wrong(r.place(pair[0]), join(path, key), text.Bothf("%s is there twice", "%s 出现了两次", key))
			continue
		}
		seen[key] = true
		entries = append(entries, entry{key, r.place(pair[0]), pair[1], join(path, key)})
	}
	return entries, true
}

// fields reads a mapping with known names: others are told with the name that
// was probably meant, and so are required ones that are missing.
func (r *reader) fields(n *yaml.Node, path string, known, required []string) (map[string]entry, bool) {
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
			r.wrong(r.place(n), join(path, name), text.Bothf("%s is missing", "缺少 %s", name))
		}
	}
	return found, true
}

// unknown tells of a word that is none of the known ones.
func (r *reader) unknown(at place, path, word string, known []string) {
	if meant := Nearest(word, known); meant != "" {
		r.wrong(at, path, text.Bothf("there is no %q here; did you mean %q?", "这里没有 %q，您要写的是 %q 吗？", clip(word), meant))
		return
	}
	r.wrong(at, path, text.Text{
		EN: fmt.Sprintf("there is no %q here; it can be %s", clip(word), strings.Join(known, ", ")),
		ZH: fmt.Sprintf("这里没有 %q，可以用：%s", clip(word), strings.Join(known, "、")),
	})
}

// list reads a sequence of at most most values.
func (r *reader) list(e entry, most int) (values []*yaml.Node, ok bool) {
	if !plain(e.value, yaml.SequenceNode) {
		r.wrong(r.place(e.value), e.path, text.Text{EN: "must be a list: a line with a dash for each", ZH: "必须是列表：每项一行，以短横线开头"})
		return nil, false
	}
	if n := len(e.value.Content); n > most {
		r.wrong(r.place(e.value), e.path, text.Bothf("has %d entries; at most %d are allowed", "有 %d 项，最多 %d 项", n, most))
		return nil, false
	}
	return e.value.Content, true
}

// text reads a value that is words or a number, as it is written.
func (r *reader) text(e entry) (s string, ok bool) {
	s, ok = scalar(e.value)
	if !ok {
		r.wrong(r.valuePlace(e), e.path, text.Text{EN: "must be a text", ZH: "必须是文字"})
	} else if most := max(maxText, maxExpression+1); len([]rune(s)) > most {
		r.wrong(r.valuePlace(e), e.path, text.Bothf("has %d characters; at most %d are allowed", "有 %d 个字符，最多 %d 个", len([]rune(s)), most))
		ok = false
	}
	return s, ok
}

// valuePlace is where an entry's value stands, or its key where there is none.
func (r *reader) valuePlace(e entry) place {
	if e.value == nil || e.value.ShortTag() == "!!null" {
		return e.at
	}
	return r.place(e.value)
}

// scalar is a single value as it is written.
func scalar(n *yaml.Node) (string, bool) {
	if !plain(n, yaml.ScalarNode) || n.Tag == "!!null" || n.Tag == "!!merge" {
		return "", false
	}
	return n.Value, true
}

// locate answers where each character of a scalar stands in the source, by
// walking both side by side. Where they part (an escape), the value's start
// stands for the rest.
func (r *reader) locate(n *yaml.Node) func(offset int) place {
	value, _ := scalar(n)
	start := r.place(n)
	line, column := start.line-1, start.column-1
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		line, column = start.line, 0 // the line after the | or >
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
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
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
		if n.Style&yaml.SingleQuotedStyle != 0 && c == '\'' {
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
