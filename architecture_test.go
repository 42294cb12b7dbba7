package evenhand_test

import (
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
// in ARCHITECTURE.md; a new room needs a line in both.
var house = []room{
	{folder: "evidence"},
	{folder: "order"},
	{folder: "claim", ours: []string{"evidence", "order"}},
	{folder: "policy", ours: []string{"claim", "evidence", "order"}, others: []string{"cel.dev/cel-go", "github.com/goccy/go-yaml", "google.golang.org"}},
	{folder: "desk", ours: []string{"policy", "claim", "evidence", "order", "screening", "imaging"}, others: []string{"github.com/oklog/ulid", "golang.org/x/crypto", "golang.org/x/text/unicode/norm", "github.com/pquerna/otp", "github.com/coreos/go-oidc", "golang.org/x/oauth2", "github.com/standard-webhooks", "github.com/wneessen/go-mail", "golang.org/x/sys/unix"}},
	{folder: "store", ours: []string{"desk", "policy", "claim", "evidence", "order"}, others: []string{"github.com/google/go-cmp", "modernc.org/sqlite", "github.com/jackc/pgx", "github.com/pressly/goose", "github.com/riverqueue/river", "gocloud.dev", "github.com/aws/aws-sdk-go-v2", "golang.org/x/sys/unix"}},
	{folder: "server", ours: []string{"desk", "intake", "policy", "claim", "evidence", "order"}, others: []string{"github.com/danielgtaylor/huma", "github.com/tus/tusd", "github.com/prometheus/client_golang", "go.opentelemetry.io", "golang.org/x/time", "golang.org/x/exp/slog", "github.com/coreos/go-oidc", "golang.org/x/oauth2"}},
	{folder: "web"},
	{folder: "imaging", others: []string{"golang.org/x/image", "golang.org/x/text/encoding", "github.com/gen2brain", "github.com/tetratelabs/wazero"}},
	{folder: "screening", ours: []string{"imaging", "evidence"}, others: []string{"golang.org/x/sys/cpu", "github.com/fxamacker/cbor", "github.com/andybalholm/brotli", "golang.org/x/crypto/ocsp"}},
	{folder: "report", ours: []string{"screening", "imaging", "evidence"}, others: []string{"golang.org/x/text"}},
	{folder: "samples", ours: []string{"imaging"}, others: []string{"golang.org/x/image"}},
	{folder: "intake", ours: []string{"desk", "claim", "evidence", "order"}, others: []string{"golang.org/x/text/encoding"}},
	{folder: "demo", ours: []string{"desk", "samples", "policy", "claim", "evidence", "order"}},
	{folder: "examples", ours: []string{"samples"}},
	{folder: "client", others: []string{"github.com/oapi-codegen/runtime"}},
	{folder: "eval", ours: []string{"samples", "screening", "imaging", "evidence", "report"}, others: []string{"golang.org/x/text"}},
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

// architecture lists the imports in root that the house does not allow. Test
// files are free: they may well need samples from above.
func architecture(root fs.FS) (problems []string, err error) {
	err = fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(name)
		if entry.IsDir() {
			if name != "." && (strings.HasPrefix(base, ".") || base == "testdata" || name == "tools" || name == "build") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go") || !strings.Contains(name, "/") {
			return nil
		}
		found, err := importProblems(root, name)
		problems = append(problems, found...)
		return err
	})
	return problems, err
}

func importProblems(root fs.FS, name string) ([]string, error) {
	folder, _, _ := strings.Cut(name, "/")
	at := slices.IndexFunc(house, func(r room) bool { return r.folder == folder })
	if at < 0 {
		return []string{fmt.Sprintf("%s: %s is not in the table of this test and of ARCHITECTURE.md: say there what it holds and may import", name, folder)}, nil
	}
	source, err := fs.ReadFile(root, name)
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var problems []string
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		ours, isOurs := strings.CutPrefix(imported, module)
		switch {
		case !isOurs && !strings.Contains(strings.Split(imported, "/")[0], "."):
			continue // the standard library
		case isOurs && (under(ours, folder) || slices.ContainsFunc(house[at].ours, func(f string) bool { return f == "" || under(ours, f) })):
			continue
		case !isOurs && slices.ContainsFunc(house[at].others, func(m string) bool { return under(imported, m) }):
			continue
		}
		if isOurs {
			imported = ours
		}
		problems = append(problems, fmt.Sprintf("%s: %s may not import %s: imports point down the table in ARCHITECTURE.md", name, folder, imported))
	}
	return problems, nil
}

// under is whether the slash-separated p is folder or lies in it.
func under(p, folder string) bool { return p == folder || strings.HasPrefix(p, folder+"/") }
