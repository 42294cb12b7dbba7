package policy

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"go.yaml.in/yaml/v3"
)

var latinClause = regexp.MustCompile(`\b[a-z']{2,}[ ,]+(?:[a-z']{2,}|\d+)[ ,]+(?:[a-z']{2,}|\d+)\b`)

func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// TestEveryMessageOfTheYAMLParserIsSaidInChinese reads from the parser's source
// what it complains of.
func TestEveryMessageOfTheYAMLParserIsSaidInChinese(t *testing.T) {
	at, _ := runtime.FuncForPC(reflect.ValueOf(yaml.Unmarshal).Pointer()).FileLine(0)
	module := filepath.Dir(at)
	if _, err := os.Stat(module); err != nil {
		t.Skip("the parser's source is not at hand")
	}
	said, worded := 0, 0
	for _, name := range []string{"readerc.go", "scannerc.go", "parserc.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(module, name), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			message, err := strconv.Unquote(lit.Value)
			if err != nil || strings.Count(message, " ") < 2 || strings.HasPrefix(message, "while ") { // what it was at, which is not told
				return true
			}
			said++
			zh := yamlZH(strings.NewReplacer("%s", "x", "%q", "x", "%v", "x", "%d", "7", "%c", "x").Replace(message))
			if !han(zh) || latinClause.MatchString(zh) {
				t.Errorf("%q: %q", message, zh)
			}
			if !strings.HasPrefix(zh, "请检查") {
				worded++
			}
			return true
		})
	}
	if said < 20 || 2*worded < said {
		t.Errorf("%d of %d messages have words of their own", worded, said)
	}
	t.Logf("%d of %d messages have words of their own, the others are placed", worded, said)
}

// TestWrongRulesAreToldInOneLanguage sends the compiler what people write wrong,
// so that the messages are those that YAML's and CEL's parsers really give.
func TestWrongRulesAreToldInOneLanguage(t *testing.T) {
	rules := string(Default())
	for _, broken := range []string{
		"\tname: x", "a: [1, 2", "a: {b: 1", "a: \"x", "a: 'x", "- a\nb: c", "a: b: c", "a: @x", "a: `x", "a: *none", "%FOO", "? a", "a: |x\n  y", "a:\n- b\n c: d", "a: &x", "}", "]", "a:\n\t- b", "---\n...\nx", "a: %",
		"version: 1\nversion: 2", "name: {}", "rules: x",
	} {
		inOneLanguage(t, broken)
	}
	i := strings.Index(rules, "when:")
	if i < 0 {
		t.Fatal("the rules that ship have no condition")
	}
	line := rules[i:]
	if n := strings.IndexByte(line, '\n'); n >= 0 {
		line = line[:n]
	}
	for _, condition := range []string{
		"nothing", "claim.nothing", "1", "1 +", "(", "claim.kind ==", "claim.kind == 1", "claim && 1", "'x' + 1", "a b", "#", "size(1)", "claim[0]", "[1, 'a'][0]", "{1: 2}", "x ? 1", "claim.kind.all(x, x)", "1.all(x, x)", "has(1)",
		"claim.has.x()", "true ? 1 : 'a'", "9223372036854775808", "'\\q'", "\\", "money()", "within(1)", "in", "claim.kind in 1", "!1", "-true", "b'x' == 'x'", "timestamp('x')", "nothing()", "claim.nothing()", "exists(1)",
	} {
		inOneLanguage(t, rules[:i]+"when: "+strconv.Quote(condition)+rules[i+len(line):])
	}
	c := &compiler{}
	for _, message := range []string{"something nobody expected to be said here", "Syntax error: something nobody expected to be said here"} {
		if zh := safely(c, message); latinClause.MatchString(zh) || !han(zh) {
			t.Errorf("%q: %q", message, zh)
		}
	}
}

// safely explains a message that looks up no names.
func safely(c *compiler, message string) string { return c.explain(message).ZH }

// inOneLanguage compiles a wrong policy and reads what is said of it.
func inOneLanguage(t *testing.T, source string) {
	t.Helper()
	_, err := Compile([]byte(source))
	var problems Problems
	if !errors.As(err, &problems) || len(problems) == 0 {
		return // it was not wrong after all; what it means is not this test's
	}
	quoted := regexp.MustCompile("\"[^\"]*\"|“[^”]*”|（[a-z_, ()]*）") // values, and CEL's names of types
	for _, p := range problems {
		if zh := quoted.ReplaceAllString(p.Text.ZH, ""); !han(zh) || latinClause.MatchString(zh) || han(quoted.ReplaceAllString(p.Text.EN, "")) {
			t.Errorf("%.60q: %q, %q", source, p.Text.EN, p.Text.ZH)
		}
	}
}
