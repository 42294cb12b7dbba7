package server

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/danielgtaylor/huma/v2"

	"github.com/evenhand/evenhand/text"
)

// texts finds the constants and variables of a Go file that are plain texts.
func texts(t *testing.T, file, prefix string) map[string]string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for i, name := range v.Names {
			if i < len(v.Values) && strings.HasPrefix(name.Name, prefix) {
				if lit, ok := v.Values[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
					out[name.Name], _ = strconv.Unquote(lit.Value) // the parser took it
				}
			}
		}
		return true
	})
	return out
}

func TestEveryCodeHasItsStatusAndWords(t *testing.T) {
	n := 0
	for _, from := range [][2]string{{"../text/refusal.go", "Code"}, {"../desk/errors.go", "Code"}, {"../desk/account/account.go", "Code"}, {"../desk/gallery/gallery.go", "Code"}, {"../desk/gallery/plain.go", "Code"}, {"problem.go", "code"}} {
		for name, code := range texts(t, from[0], from[1]) {
			n++
			k, ok := kinds[text.Code(code)]
			if !ok || k.status < 400 || k.status > 599 || k.title.EN == "" || !hasHan(k.title.ZH) {
				t.Errorf("%s (%s): %+v", name, code, k)
			}
		}
	}
	if n < 30 || n != len(kinds) {
		t.Errorf("%d codes, %d rows", n, len(kinds))
	}
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// TestEveryMessageOfHumasIsSaidInBothLanguages reads the messages that this
// version of huma has from its source, and says each with values in it.
func TestEveryMessageOfHumasIsSaidInBothLanguages(t *testing.T) {
	at, _ := runtime.FuncForPC(reflect.ValueOf(huma.Validate).Pointer()).FileLine(0)
	file := filepath.Join(filepath.Dir(at), "validation", "messages.go")
	if _, err := os.Stat(file); err != nil {
		t.Skip("huma's source is not at hand")
	}
	messages := texts(t, file, "Msg")
	if len(messages) < 40 {
		t.Fatalf("%d messages", len(messages))
	}
	for name, format := range messages {
		said := strings.NewReplacer("%v", "7", "%d", "7", "%s", "seven").Replace(format)
		for _, l := range []language{english, chinese} {
			p := fieldProblem(l, &huma.ErrorDetail{Message: said, Location: "body.x", Value: "a secret"})
			if p.Code == "invalid" || hasHan(p.Detail) != (l == chinese) || strings.ContainsAny(p.Detail, "%") || strings.Contains(p.Detail, "secret") {
				t.Errorf("%s in %s: %+v", name, l, p)
			}
			if strings.Contains(format, "%d") && !strings.Contains(p.Detail, "7") {
				t.Errorf("%s in %s leaves the number out: %s", name, l, p.Detail)
			}
		}
	}
}

// TestValidationIsProvoked sends huma's validator what it refuses, so that the
// messages are those that it really gives.
func TestValidationIsProvoked(t *testing.T) {
	type shape struct {
		S   string   `json:"s,omitempty" minLength:"2" maxLength:"3"`
		P   string   `json:"p,omitempty" pattern:"^a$"`
		E   string   `json:"e,omitempty" enum:"x,y"`
		N   int      `json:"n,omitempty" minimum:"1" maximum:"9" multipleOf:"2"`
		X   float64  `json:"x,omitempty" exclusiveMinimum:"0" exclusiveMaximum:"5"`
		L   []string `json:"l,omitempty" minItems:"1" maxItems:"2" uniqueItems:"true"`
		B   bool     `json:"b,omitempty"`
		U   string   `json:"u,omitempty" format:"uri"`
		T   string   `json:"t,omitempty" format:"date-time"`
		D   string   `json:"d,omitempty" format:"date"`
		M   string   `json:"m,omitempty" format:"email"`
		ID  string   `json:"id,omitempty" format:"uuid"`
		IP  string   `json:"ip,omitempty" format:"ipv4"`
		IP6 string   `json:"ip6,omitempty" format:"ipv6"`
		H   string   `json:"h,omitempty" format:"hostname"`
		R   string   `json:"r,omitempty" format:"regex"`
		Dep string   `json:"dep,omitempty" dependentRequired:"s"`
		Raw []byte   `json:"raw,omitempty"`
	}
	registry := huma.NewMapRegistry("#/", huma.DefaultSchemaNamer)
	schema := registry.Schema(reflect.TypeFor[shape](), false, "")
	for value, code := range map[[2]any]string{
		{"s", "a"}: "length", {"s", "aaaa"}: "length", {"s", 1.0}: "type", {"p", "b"}: "pattern", {"e", "z"}: "choice", {"n", 0.0}: "range", {"n", 10.0}: "range",
		{"n", 3.0}: "range", {"n", "1"}: "type", {"x", 0.0}: "range", {"x", 5.0}: "range", {"x", "1"}: "type", {"l", "a"}: "type", {"b", "a"}: "type",
		{"u", "\x7f:"}: "url", {"t", "a"}: "time", {"d", "a"}: "date", {"m", "a"}: "email", {"id", "a"}: "uuid", {"ip", "a"}: "address", {"ip6", "a"}: "address",
		{"h", "-"}: "host", {"r", "("}: "pattern", {"dep", "a"}: "missing", {"raw", "!"}: "type", {"other", "a"}: "unknown",
	} {
		wantSaid(t, registry, schema, map[string]any{value[0].(string): value[1]}, code)
	}
	wantSaid(t, registry, schema, map[string]any{"l": []any{}}, "count")
	wantSaid(t, registry, schema, map[string]any{"l": []any{"a", "b", "c"}}, "count")
	wantSaid(t, registry, schema, map[string]any{"l": []any{"a", "a"}}, "twice")
	wantSaid(t, registry, schema, []any{}, "type")
}

func wantSaid(t *testing.T, registry huma.Registry, schema *huma.Schema, value any, code string) {
	t.Helper()
	res := &huma.ValidateResult{}
	huma.Validate(registry, schema, huma.NewPathBuffer([]byte("body"), 4), huma.ModeWriteToServer, value, res)
	if len(res.Errors) == 0 {
		t.Errorf("%v is taken", value)
	}
	for _, err := range res.Errors {
		d := err.(huma.ErrorDetailer).ErrorDetail()
		en, zh := fieldProblem(english, d), fieldProblem(chinese, d)
		if en.Code != code || zh.Code != code || hasHan(en.Detail) || !hasHan(zh.Detail) {
			t.Errorf("%v: huma says %q, we %+v and %+v", value, d.Message, en, zh)
		}
	}
}
