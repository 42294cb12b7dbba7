package evenhand_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"
)

// A text in two languages is a literal with EN and ZH, or a call that is given
// both, one after the other (refuse, say, both, fault …). This walks every one
// of them in the code: whoever reads Chinese reads no English sentence in it,
// and the other way round; what libraries and the system say, in English, is
// never put into a Chinese text as it is.

// english is three words in a row, which is a clause: names of fields, values,
// formats and programs stand alone or in pairs.
var english = regexp.MustCompile(`\b[a-z']{2,}[ ,]+(?:[a-z']{2,}|\d+)[ ,]+(?:[a-z']{2,}|\d+)\b`)

// chinese is more than the name of a thing or a value, such as 人民币.
var chinese = regexp.MustCompile(`\p{Han}{4,}`)

// twoWords is how an English half with a Chinese word in it is told from two
// Chinese halves.
var twoWords = regexp.MustCompile(`[a-z]{2,} [a-z]{2,}|[a-z]{2,} \p{Han}`)

// quoted is what stands in quotation marks or is an address or a path: a value,
// not a sentence.
var quoted = regexp.MustCompile("`[^`]*`|\"[^\"]*\"|“[^”]*”|「[^」]*」|https?://\\S+|--[a-z-]+")

func TestEveryTextIsInOneLanguage(t *testing.T) {
	texts, problems, err := twoLanguages(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	if texts < 1000 {
		t.Errorf("only %d texts were found: does this still know where they stand?", texts)
	}
	for _, p := range problems {
		t.Error(p)
	}
	t.Logf("%d texts", texts)
}

// TestOneLanguageGoesRed keeps the test above honest.
func TestOneLanguageGoesRed(t *testing.T) {
	for source, want := range map[string]string{
		`var x = Text{EN: "it is wrong: " + err.Error(), ZH: "内容有误：" + err.Error()}`:             "err",
		`var x = refuse(Code, "", err.Error(), "内容有误："+err.Error())`:                             "err",
		`var x = refuse(Code, "id", "The id is wrong.", "编号有误：must be 1 to 64 letters.")`:        "English",
		`var x = say(Code, "", "The id 编号必须有效 is wrong.", "编号有误。")`:                              "Chinese",
		`var x = Text{EN: "cannot be read", ZH: fmt.Sprintf("无法读取（%v）", err)}`:                   "err",
		`var x = Text{EN: "cannot be read", ZH: "cannot be read"}`:                               "no Chinese",
		`var x = both("%s is missing", "缺少 %s", name)`:                                           "",
		`var x = both("it is wrong: %v", "内容有误：%v", err)`:                                        "err",
		`var x = both("it is wrong: %s", "内容有误：%s", err.Error())`:                                "err",
		`var x = both("it is wrong: %s", "内容有误：%s", "that is not so")`:                           "English is put",
		`var x = wrap("it is wrong now", "内容有误", err)`:                                           "",
		`var x = say(Code, "", "Send application/json.", "请使用 application/json，如 “a b c d e”。")`: "",
		`var x = Text{EN: "cannot be read: " + reason.EN, ZH: "无法读取：" + text.Reason(err).ZH}`:    "",
	} {
		_, problems, err := twoLanguages(fstest.MapFS{"a/x.go": {Data: []byte("package a\n" + source)}})
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Join(problems, "\n")
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", source, got, want)
		}
	}
}

// twoLanguages counts the texts in root and lists those that are not each in
// their own language.
func twoLanguages(root fs.FS) (texts int, problems []string, err error) {
	err = fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(name)
		if entry.IsDir() {
			if name != "." && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules" || name == "tools" || name == "build" || name == "web" || name == "services" || name == "docs") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go") {
			return nil
		}
		source, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, source, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			en, zh, args := pair(n)
			if zh == nil {
				return true
			}
			texts++
			for _, p := range oneLanguage(en, zh, args) {
				problems = append(problems, set.Position(zh.Pos()).String()+": "+p)
			}
			return true
		})
		return nil
	})
	return texts, problems, err
}

// pair is the two halves of a text in two languages, with what is put into both
// of them; nil where n is none.
func pair(n ast.Node) (en, zh ast.Expr, args []ast.Expr) {
	switch n := n.(type) {
	case *ast.CompositeLit:
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				switch key, _ := kv.Key.(*ast.Ident); {
				case key == nil:
				case key.Name == "EN" || key.Name == "en":
					en = kv.Value
				case key.Name == "ZH" || key.Name == "zh":
					zh = kv.Value
				}
			}
		}
		if en != nil {
			return en, zh, nil
		}
	case *ast.CallExpr:
		for i := range max(0, len(n.Args)-1) {
			if isText(n.Args[i]) && isText(n.Args[i+1]) && hasHan(words(n.Args[i+1])) && (!hasHan(words(n.Args[i])) || twoWords.MatchString(words(n.Args[i]))) {
				return n.Args[i], n.Args[i+1], n.Args[i+2:]
			}
		}
	}
	return nil, nil, nil
}

// isText is whether an argument could be the English half: words, or something
// put together.
func isText(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return e.Kind == token.STRING && (strings.Contains(e.Value, " ") || hasHan(e.Value))
	case *ast.BinaryExpr:
		return true
	case *ast.CallExpr:
		s, ok := e.Fun.(*ast.SelectorExpr)
		return ok && (s.Sel.Name == "Error" || s.Sel.Name == "Sprintf")
	}
	return false
}

// oneLanguage says what is wrong with a text's halves.
func oneLanguage(en, zh ast.Expr, args []ast.Expr) (problems []string) {
	if m := chinese.FindString(quoted.ReplaceAllString(words(en), "")); m != "" {
		problems = append(problems, "Chinese in the English half: "+m)
	}
	s := words(zh)
	if s != "" && !hasHan(s) && english.MatchString(s) {
		problems = append(problems, "no Chinese in the Chinese half: "+s)
	} else if m := english.FindString(quoted.ReplaceAllString(s, "")); m != "" {
		problems = append(problems, "English in the Chinese half: "+m)
	}
	halves := []ast.Expr{zh}
	if strings.Contains(s, "%") {
		halves = append(halves, args...)
	}
	for _, e := range halves {
		if name := foreign(e); name != "" {
			problems = append(problems, name+" speaks English, and is put into the Chinese half")
		} else if m := english.FindString(quoted.ReplaceAllString(words(e), "")); e != zh && m != "" {
			problems = append(problems, "English is put into the Chinese half: "+m)
		}
	}
	return problems
}

// words are the literal parts of an expression.
func words(e ast.Expr) string {
	var out []string
	ast.Inspect(e, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil {
				out = append(out, s)
			}
		}
		return true
	})
	return strings.Join(out, "\n")
}

// foreign is an error that flows into an expression, unless it is worded on
// the way: text.Reason(err).ZH.
func foreign(e ast.Expr) (name string) {
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if n.Sel.Name == "ZH" {
				return false
			}
			if n.Sel.Name == "Error" {
				name = "an error"
			}
		case *ast.CallExpr: // what words it, or takes it apart by a table
			if f, ok := n.Fun.(*ast.Ident); ok && strings.HasSuffix(f.Name, "ZH") {
				return false
			}
			if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "ReplaceAllString" {
				return false
			}
		case *ast.Ident:
			if n.Name == "err" || n.Name == "cause" || n.Name == "message" {
				name = n.Name
			}
		}
		return true
	})
	return name
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}
