package evenhand_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/text"
)

// points is how a sentence of a finding points at a place that is drawn.
var points = regexp.MustCompile(`outlin|marked place|look at the place|look at both, and|框出|框内|标出|查看两处`)

// TestNoPlaceIsPointedAtOutside: whatever the instruments say, whoever is shown
// no places (a buyer, a merchant, a platform, a terminal) reads of none that is
// drawn. It walks the sentences in the code, so that a new one is met as well.
func TestNoPlaceIsPointedAtOutside(t *testing.T) {
	verbs := regexp.MustCompile(`%(?:\.\d)?[dsf]`)
	sentences := 0
	eachText(t, func(file, s string) {
		if !points.MatchString(s) {
			return
		}
		sentences++
		s = verbs.ReplaceAllString(s, "7")
		out := evidence.WithoutPlaces(text.Text{EN: s, ZH: s})
		if points.MatchString(out.EN) || points.MatchString(out.ZH) {
			t.Errorf("%s: %q still points at a place: add its clause to evidence/outside.go", file, out.EN)
		}
	})
	if sentences < 15 {
		t.Errorf("only %d sentences point at a place: does this still know where they stand?", sentences)
	}
}

// TestPerCentIsJoined: a number and its sign never part at a line's end, and are
// written as the console writes them.
func TestPerCentIsJoined(t *testing.T) {
	parted := regexp.MustCompile(`(?:\d|%(?:\.\d)?[dfg]) %%`)
	eachText(t, func(file, s string) {
		if parted.MatchString(s) {
			t.Errorf("%s: %q: write 93%%%%", file, s)
		}
	})
}

// eachText hands out what is written out in the instruments' code: texts over
// several lines are one.
func eachText(t *testing.T, do func(file, text string)) {
	t.Helper()
	for _, root := range []string{"screening", "desk/examine"} {
		err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), root+"/"+name, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				e, ok := n.(ast.Expr)
				if !ok {
					return true
				}
				s, ok := joined(e)
				if ok {
					do(root+"/"+name, s)
				}
				return !ok
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// joined is a text that is written out in the code, be it over several lines.
func joined(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		a, one := joined(e.X)
		b, two := joined(e.Y)
		return a + b, one && two && e.Op == token.ADD
	}
	return "", false
}
