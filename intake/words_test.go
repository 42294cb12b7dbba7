package intake

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// TestEveryMessageIsInOneLanguage walks every text of this package that a
// person may read, by its source: the English has no Chinese in it but words
// that are to be written into a file, the Chinese no English but names.
func TestEveryMessageIsInOneLanguage(t *testing.T) {
	names := regexp.MustCompile(`CSV|xlsx|xls|JSON Lines|JSON|UTF-8|GB18030|PDF|XML|CNY|RMB|MB|order_id|Shopify|WooCommerce|Amazon|zh|en|%[a-z]`)
	toWrite := strings.NewReplacer("人民币", "", "元", "")
	english := regexp.MustCompile(`[A-Za-z]{2,}`)
	han := func(s string) bool {
		return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
	}
	seen := 0
	check := func(at token.Position, en, zh string) {
		seen++
		if en == "" || zh == "" {
			t.Errorf("%s: a message is missing in one language: %q %q", at, en, zh)
		}
		if han(toWrite.Replace(en)) {
			t.Errorf("%s: the English has Chinese in it: %s", at, en)
		}
		if rest := names.ReplaceAllString(zh, ""); english.MatchString(rest) || !han(zh) && english.MatchString(names.ReplaceAllString(zh, "")) {
			t.Errorf("%s: the Chinese has English in it: %s", at, zh)
		}
	}
	files := token.NewFileSet()
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		said := ""
		ast.Inspect(file, func(n ast.Node) bool {
			switch x := n.(type) {
			case *ast.CallExpr:
				f, ok := x.Fun.(*ast.Ident)
				if !ok {
					return true
				}
				if first, ok := map[string]int{"problem": 2, "fileError": 0, "lost": 1}[f.Name]; ok && len(x.Args) == first+2 {
					if en, zh := literal(x.Args[first]), literal(x.Args[first+1]); en+zh != "" {
						check(files.Position(x.Pos()), en, zh)
					}
				}
			case *ast.AssignStmt:
				if id, ok := x.Lhs[0].(*ast.Ident); ok && len(x.Lhs) == 1 && id.Name == "en" {
					said = literal(x.Rhs[0])
				} else if ok && len(x.Lhs) == 1 && id.Name == "zh" && literal(x.Rhs[0]) != "" {
					check(files.Position(x.Pos()), said, literal(x.Rhs[0]))
				}
			case *ast.CompositeLit:
				var en, zh ast.Expr
				for _, e := range x.Elts {
					if kv, ok := e.(*ast.KeyValueExpr); ok {
						if k, ok := kv.Key.(*ast.Ident); ok && k.Name == "EN" {
							en = kv.Value
						} else if ok && k.Name == "ZH" {
							zh = kv.Value
						}
					}
				}
				if en != nil && literal(en) != "" {
					check(files.Position(x.Pos()), literal(en), literal(zh))
				}
			}
			return true
		})
	}
	if seen < 60 {
		t.Errorf("only %d messages were found", seen)
	}
}

// literal is the text of an expression, as far as it stands there.
func literal(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(x.Value); err == nil {
			return s
		}
	case *ast.BinaryExpr:
		return literal(x.X) + literal(x.Y)
	case *ast.CallExpr:
		if len(x.Args) > 0 {
			return literal(x.Args[0])
		}
	}
	return ""
}
