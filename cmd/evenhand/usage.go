package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/evenhand/evenhand/report"
	"github.com/evenhand/evenhand/text"
)

var description = text.Text{
	EN: "Evenhand looks at after-sales claims with measured instruments, for both sides.",
	ZH: "持平用可度量的方法鉴定售后申请的证据，对买卖双方一视同仁。",
}

// wantedLanguage looks for --lang before the command line is parsed, because
// the help and the complaints about that very line are in a language too.
func wantedLanguage(args []string, getenv func(string) string) string {
	for i, arg := range args {
		value, ok := strings.CutPrefix(arg, "--lang=")
		if arg == "--lang" && i+1 < len(args) {
			value, ok = args[i+1], true
		}
		if ok && (value == "zh" || value == "en") {
			return value
		}
	}
	return language(getenv)
}

// translate puts the help into the caller's language.
func (a *app) translate(k *kong.Kong) error {
	if a.lang != "zh" {
		return nil
	}
	swap := func(help *string, key string) {
		if zh, ok := helpZH[strings.TrimSpace(key)]; ok {
			*help = zh
		}
	}
	var visit func(n *kong.Node, path string)
	visit = func(n *kong.Node, path string) {
		swap(&n.Help, path)
		for _, f := range n.Flags {
			swap(&f.Help, path+" --"+f.Name)
		}
		for _, p := range n.Positional {
			swap(&p.Help, path+" <"+p.Name+">")
		}
		for _, child := range n.Children {
			visit(child, path+" "+child.Name)
		}
	}
	for _, f := range k.Model.Flags {
		swap(&f.Help, "--"+f.Name)
	}
	if k.Model.HelpFlag != nil {
		swap(&k.Model.HelpFlag.Help, "--help")
	}
	for _, child := range k.Model.Children {
		visit(child, child.Name)
	}
	return nil
}

// complaint words one kind of parse error. The parser has no error types, so
// they are told apart by its wording; what is not known here is passed on in
// English, and in Chinese the hint at the help is all.
type complaint struct {
	pattern *regexp.Regexp
	en, zh  string // with $1, $2 for the pattern's groups
}

var complaints = []complaint{
	{regexp.MustCompile(`^unknown flag (\S+), did you mean "(.*)"\?$`), "there is no flag $1; did you mean $2?", "没有 $1 这个选项，您要用的是 $2 吗？"},
	{regexp.MustCompile(`^unknown flag (\S+), did you mean one of (.*)\?$`), "there is no flag $1; did you mean one of $2?", "没有 $1 这个选项，您要用的是 $2 之一吗？"},
	{regexp.MustCompile(`^unknown flag (\S+)$`), "there is no flag $1", "没有 $1 这个选项"},
	{regexp.MustCompile(`^unexpected argument (.+), did you mean (.*)\?$`), "$1 is not a command; did you mean $2?", "没有 $1 这个命令，您要用的是 $2 吗？"},
	{regexp.MustCompile(`^unexpected argument (.+)$`), "$1 is not a command", "没有 $1 这个命令"},
	{regexp.MustCompile(`^expected "?<(\S+)> \.\.\."?$`), "name at least one $1 photo or folder", "请至少给出一张照片或一个文件夹（$1）"},
	{regexp.MustCompile(`^expected "?<(\S+)>.*$`), "something is missing: <$1>", "缺少参数 <$1>"},
	{regexp.MustCompile(`^missing flags: (.*)$`), "these flags are missing: $1", "缺少选项：$1"},
	{regexp.MustCompile(`^(--\S+): expected (?:string|an int|.*) value but got "EOL".*$`), "$1 needs a value after it", "$1 后面需要一个值"},
	{regexp.MustCompile(`^(--\S+): missing value.*$`), "$1 needs a value after it", "$1 后面需要一个值"},
	{regexp.MustCompile(`^(--[^ =:]+)\S*: expected a valid .* int but got (.*)$`), "$1 needs a whole number, not $2", "$1 需要一个整数，而不是 $2"},
	{regexp.MustCompile(`^(--[^ =:]+)\S*: expected a (?:valid .* uint|float) but got (.*)$`), "$1 needs a number, not $2", "$1 需要一个数字，而不是 $2"},
	{regexp.MustCompile(`^(--[^ =:]+)\S*: expected duration but got ("[^"]*").*$`), "$1 needs a time such as 30m, not $2", "$1 需要一段时间，如 30m，而不是 $2"},
	{regexp.MustCompile(`^(--[^ =:]+)\S*: (?:bool value must be .*|expected bool) but got ("[^"]*").*$`), "$1 is true or false, not $2", "$1 只能是 true 或 false，而不是 $2"},
	{regexp.MustCompile(`^(--[^ =]+)\S* must be one of (.*?)(?:,"")? but got "(.*)"$`), "$1 is one of $2, not “$3”", "$1 只能是 $2 之一，而不是“$3”"},
}

// usageProblem says what is wrong with the command line and where to look.
func usageProblem(err error) text.Text {
	message := err.Error()
	t := text.Text{EN: message, ZH: "命令行写法有误"}
	for _, c := range complaints {
		if c.pattern.MatchString(message) {
			t.EN = c.pattern.ReplaceAllString(message, c.en)
			t.ZH = c.pattern.ReplaceAllString(message, c.zh)
			break
		}
	}
	hint := "evenhand --help"
	return text.Text{
		EN: fmt.Sprintf("%s (see %s)", report.Clean(t.EN), hint),
		ZH: fmt.Sprintf("%s（用法见 %s）", report.Clean(t.ZH), hint),
	}
}
