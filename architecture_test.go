package evenhand_test

import (
	"cmp"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// room is a top folder and what it may import.
type room struct {
	folder       string
	ours, others []string
}

const module = "github.com/evenhand/evenhand/"

// house says what each room may import beyond the standard library and its own
// subfolders: folders of this module, and modules of others. It is the table
// in ARCHITECTURE.md; a new room needs a line in both. What a room does not
// use it is not allowed: see TestNoRoomMayMoreThanItDoes.
var house = []room{
	{folder: "text"},
	{folder: "access"},
	{folder: "record", ours: []string{"access"}},
	{folder: "work", ours: []string{"access", "record"}},
	{folder: "money", ours: []string{"text"}},
	{folder: "evidence", ours: []string{"text"}},
	{folder: "order", ours: []string{"money", "text"}},
	{folder: "claim", ours: []string{"evidence", "order", "money", "access", "record", "text", "work"}},
	{folder: "policy", ours: []string{"claim", "evidence", "money", "text"}, others: []string{
		"cel.dev/cel-go", "go.yaml.in/yaml/v3",
	}},
	{folder: "desk", ours: []string{"policy", "claim", "evidence", "order", "money", "access", "record", "text", "screening", "imaging", "work"}, others: []string{
		"github.com/oklog/ulid", "golang.org/x/crypto", "golang.org/x/text/unicode/norm",
		"github.com/coreos/go-oidc", "golang.org/x/oauth2", "github.com/wneessen/go-mail",
		"golang.org/x/sys/unix",
	}},
	{folder: "store", ours: []string{"desk", "claim", "evidence", "order", "money", "access", "record", "work"}, others: []string{
		"github.com/google/go-cmp", "modernc.org/sqlite", "github.com/jackc/pgx", "github.com/pressly/goose",
		"github.com/riverqueue/river", "gocloud.dev", "golang.org/x/sys/unix",
	}},
	{folder: "server", ours: []string{"desk", "intake", "policy", "claim", "evidence", "order", "money", "access", "record", "text", "work"}, others: []string{
		"github.com/danielgtaylor/huma", "github.com/tus/tusd", "github.com/prometheus/client_golang", "go.opentelemetry.io",
		"golang.org/x/time", "golang.org/x/exp/slog",
	}},
	{folder: "web"},
	{folder: "imaging", others: []string{
		"golang.org/x/image", "golang.org/x/text/encoding", "github.com/gen2brain", "github.com/tetratelabs/wazero",
	}},
	{folder: "screening", ours: []string{"imaging", "evidence", "text"}, others: []string{
		"golang.org/x/sys/cpu", "github.com/fxamacker/cbor", "github.com/andybalholm/brotli", "golang.org/x/crypto/ocsp",
	}},
	{folder: "report", ours: []string{"screening", "imaging", "evidence", "text"}, others: []string{"golang.org/x/text"}},
	{folder: "samples", ours: []string{"imaging"}, others: []string{"golang.org/x/image"}},
	{folder: "intake", ours: []string{"desk", "claim", "order", "money", "access", "text", "work"}, others: []string{"golang.org/x/text/encoding"}},
	{folder: "demo", ours: []string{"desk", "samples", "claim", "evidence", "order", "money", "access", "text", "work"}},
	{folder: "examples", ours: []string{"samples"}},
	{folder: "client", others: []string{"github.com/oapi-codegen/runtime"}},
	{folder: "eval", ours: []string{"samples", "screening", "imaging", "evidence", "report", "text"}, others: []string{"golang.org/x/text"}},
	{folder: "cmd", ours: []string{""}, others: []string{"github.com/alecthomas/kong", "golang.org/x/term", "go.opentelemetry.io"}},
}

func TestImportsPointDown(t *testing.T) {
	problems, err := architecture(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
}

// TestNoRoomMayMoreThanItDoes keeps the table short: an allowance that nobody
// uses would let the next import in unseen.
func TestNoRoomMayMoreThanItDoes(t *testing.T) {
	idle, err := unused(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range idle {
		t.Error(p)
	}
}

// TestArchitectureGoesRed keeps the test above honest.
func TestArchitectureGoesRed(t *testing.T) {
	tests := []struct{ name, file, source, want string }{
		{"upward", "imaging/x.go", `package imaging; import "github.com/evenhand/evenhand/screening"`, "imaging may not import screening"},
		{"in depth", "screening/a/b/x.go", `package b; import "github.com/evenhand/evenhand/report"`, "screening may not import report"},
		{"foreign", "evidence/x.go", `package evidence; import "golang.org/x/image/draw"`, "evidence may not import golang.org/x/image/draw"},
		{"look-alike", "screening/x.go", `package screening; import "github.com/evenhand/evenhand/imaginary"`, "screening may not import imaginary"},
		{"unknown room", "cellar/x.go", `package cellar`, "cellar is not in the table"},
		{"allowed", "screening/x.go", `package screening; import ("fmt"; "github.com/evenhand/evenhand/imaging/pdq")`, ""},
		{"tests are free", "imaging/x_test.go", `package imaging; import "github.com/evenhand/evenhand/samples"`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			problems, err := architecture(fstest.MapFS{tt.file: {Data: []byte(tt.source)}})
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(problems, "\n")
			if (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want it to contain %q", got, tt.want)
			}
		})
	}
}

// TestUnusedGoesRed keeps TestNoRoomMayMoreThanItDoes honest.
func TestUnusedGoesRed(t *testing.T) {
	idle, err := unused(fstest.MapFS{
		"evidence/x.go":      {Data: []byte(`package evidence; import "github.com/evenhand/evenhand/text"`)},
		"samples/x.go":       {Data: []byte(`package samples; import "golang.org/x/image/draw"`)},
		"samples/x_test.go":  {Data: []byte(`package samples; import "github.com/evenhand/evenhand/imaging"`)},
		"examples/a/main.go": {Data: []byte(`package main; import "github.com/evenhand/evenhand/samples/travel"`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(idle, "\n")
	for _, want := range []string{"samples may import imaging and", "client may import github.com/oapi-codegen/runtime and", "cmd may import everything here and"} {
		if !strings.Contains(got, want) {
			t.Errorf("nothing about %q in:\n%s", want, got)
		}
	}
	for _, used := range []string{"evidence may import", "samples may import golang.org/x/image", "examples may import"} {
		if strings.Contains(got, used) {
			t.Errorf("%q is used, and is listed:\n%s", used, got)
		}
	}
}

// imported is one import in one file of a room.
type imported struct {
	file, folder, path string
	ours               bool // path is within this module
}

// imports lists what the rooms import beyond the standard library and
// themselves. Test files are free: they may well need samples from above.
func imports(root fs.FS) (list []imported, err error) {
	err = fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(name)
		if entry.IsDir() {
			if name != "." && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules" || name == "tools" || name == "build") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go") || !strings.Contains(name, "/") {
			return nil
		}
		found, err := importsOf(root, name)
		list = append(list, found...)
		return err
	})
	return list, err
}

func importsOf(root fs.FS, name string) (list []imported, err error) {
	folder, _, _ := strings.Cut(name, "/")
	source, err := fs.ReadFile(root, name)
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	list = append(list, imported{file: name, folder: folder, path: folder, ours: true}) // that the room exists
	for _, spec := range file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		ours, isOurs := strings.CutPrefix(p, module)
		if isOurs {
			p = ours
		} else if !strings.Contains(strings.Split(p, "/")[0], ".") {
			continue // the standard library
		}
		list = append(list, imported{file: name, folder: folder, path: p, ours: isOurs})
	}
	return list, nil
}

// architecture lists the imports in root that the house does not allow.
func architecture(root fs.FS) (problems []string, err error) {
	list, err := imports(root)
	for _, i := range list {
		at := slices.IndexFunc(house, func(r room) bool { return r.folder == i.folder })
		switch {
		case at < 0:
			problems = append(problems, fmt.Sprintf("%s: %s is not in the table of this test and of ARCHITECTURE.md: say there what it holds and may import", i.file, i.folder))
		case !house[at].may(i):
			problems = append(problems, fmt.Sprintf("%s: %s may not import %s: imports point down the table in ARCHITECTURE.md", i.file, i.folder, i.path))
		}
	}
	return problems, err
}

// unused lists what the house allows and nobody in root does.
func unused(root fs.FS) (idle []string, err error) {
	list, err := imports(root)
	for _, r := range house {
		for _, f := range r.ours {
			if !slices.ContainsFunc(list, func(i imported) bool {
				return i.folder == r.folder && i.ours && i.path != r.folder && reaches(f, i.path)
			}) {
				idle = append(idle, fmt.Sprintf("%s may import %s and does not: take it out here and in ARCHITECTURE.md", r.folder, cmp.Or(f, "everything here")))
			}
		}
		for _, m := range r.others {
			if !slices.ContainsFunc(list, func(i imported) bool { return i.folder == r.folder && !i.ours && under(i.path, m) }) {
				idle = append(idle, fmt.Sprintf("%s may import %s and does not: take it out here", r.folder, m))
			}
		}
	}
	return idle, err
}

// may is whether the room is allowed an import.
func (r room) may(i imported) bool {
	if i.ours {
		return under(i.path, r.folder) || slices.ContainsFunc(r.ours, func(f string) bool { return reaches(f, i.path) })
	}
	return slices.ContainsFunc(r.others, func(m string) bool { return under(i.path, m) })
}

// reaches is whether an allowance covers a folder of ours; "" covers all.
func reaches(allowed, folder string) bool { return allowed == "" || under(folder, allowed) }

// under is whether the slash-separated p is folder or lies in it.
func under(p, folder string) bool { return p == folder || strings.HasPrefix(p, folder+"/") }
