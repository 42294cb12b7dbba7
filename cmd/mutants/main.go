// Command mutants takes the enforcement of the nine guarantees away, one
// piece at a time, and runs the tests that should miss it. It prints which test
// goes red for each, and exits 1 where all stay green. Nothing in the tree is
// touched: the compiler is given other files in place (go help build, -overlay).
//
//	go run ./cmd/mutants              # all, minutes
//	go run ./cmd/mutants -only kept   # one guarantee
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

func main() {
	only := flag.String("only", "", "the one guarantee to try, such as heard")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *only); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, only string) error {
	dir, err := os.MkdirTemp("", "evenhand-mutants-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a folder in the system's own
	tried := slices.DeleteFunc(slices.Clone(mutants), func(m mutant) bool { return only != "" && m.guarantee != only })
	if len(tried) == 0 {
		return fmt.Errorf("there is no guarantee %q", only)
	}
	began := time.Now()
	if err := green(ctx, tried); err != nil {
		return err
	}
	fmt.Println("| guarantee | taken away | goes red |\n|---|---|---|")
	var stayed []string
	for _, m := range tried {
		red, err := m.try(ctx, dir)
		switch {
		case errors.Is(err, errNoPostgres):
			fmt.Printf("| %s | %s | not tried: there is no PostgreSQL here |\n", m.guarantee, m.what)
			continue
		case err != nil:
			return fmt.Errorf("%s, %s: %w", m.guarantee, m.what, err)
		case len(red) == 0:
			stayed = append(stayed, m.guarantee+": "+m.what)
			red = []string{"**nothing**"}
		}
		fmt.Printf("| %s | %s | %s |\n", m.guarantee, m.what, strings.Join(red, ", "))
	}
	fmt.Printf("\n%d enforcements taken away in %s.\n", len(tried), time.Since(began).Round(time.Second))
	if len(stayed) > 0 {
		return fmt.Errorf("no test misses:\n%s", strings.Join(stayed, "\n"))
	}
	return nil
}

// green makes sure that the tests pass while everything stands, so that what
// goes red later is the mutant's doing.
func green(ctx context.Context, list []mutant) error {
	var seen []string
	for _, m := range list {
		key := m.pkg + " " + m.tests
		if slices.Contains(seen, key) {
			continue
		}
		seen = append(seen, key)
		out, err := m.test(ctx)
		if err != nil {
			return fmt.Errorf("%s -run %s fails with nothing taken away: %w\n%s", m.pkg, m.tests, err, out)
		}
		if !bytes.Contains(out, []byte("--- PASS")) && !bytes.Contains(out, []byte("--- SKIP")) {
			return fmt.Errorf("%s has no test %s", m.pkg, m.tests)
		}
	}
	return nil
}

var errNoPostgres = errors.New("there is no PostgreSQL")

// try takes the mutant's piece away and answers which tests fail.
func (m mutant) try(ctx context.Context, dir string) (red []string, err error) {
	changed, err := m.mutate()
	if err != nil {
		return nil, err
	}
	file, overlay := filepath.Join(dir, "file"+filepath.Ext(m.file)), filepath.Join(dir, "overlay.json")
	whole, err := filepath.Abs(m.file)
	if err != nil {
		return nil, err
	}
	list, err := json.Marshal(map[string]map[string]string{"Replace": {whole: file}})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(os.WriteFile(file, changed, 0o600), os.WriteFile(overlay, list, 0o600)); err != nil {
		return nil, err
	}
	out, err := m.test(ctx, "-overlay", overlay)
	if err == nil {
		if skipped.Match(out) {
			return nil, errNoPostgres
		}
		return nil, nil
	}
	if red = failed(out); len(red) == 0 {
		return nil, fmt.Errorf("the tests did not run: %w\n%s", err, out)
	}
	return red, nil
}

// test runs the mutant's tests.
func (m mutant) test(ctx context.Context, more ...string) ([]byte, error) {
	args := append([]string{"test", "-v", "-vet=off", "-count=1", "-timeout", "10m", "-run", m.tests}, more...)
	args = append(args, m.pkg)
	if m.rapid {
		args = append(args, "-rapid.nofailfile", "-rapid.shrinktime=1ms")
	}
	return exec.CommandContext(ctx, "go", args...).CombinedOutput()
}

var (
	fails   = regexp.MustCompile(`(?m)^ *--- FAIL: (\S+)`)
	skipped = regexp.MustCompile(`(?m)^ *--- SKIP: TestPostgres`)
)

// failed lists the failing tests of an output: the innermost ones, and of many
// under one the first.
func failed(out []byte) (red []string) {
	var all []string
	for _, f := range fails.FindAllSubmatch(out, -1) {
		all = append(all, string(f[1]))
	}
	of := map[string]int{}
	for _, name := range all {
		if slices.ContainsFunc(all, func(other string) bool { return strings.HasPrefix(other, name+"/") }) {
			continue
		}
		top, _, _ := strings.Cut(name, "/")
		if of[top]++; of[top] == 1 {
			red = append(red, name)
		}
	}
	for i, name := range red {
		top, _, _ := strings.Cut(name, "/")
		if red[i] = "`" + name + "`"; of[top] > 1 {
			red[i] += fmt.Sprintf(" and %d more", of[top]-1)
		}
	}
	return red
}

// mutate answers the mutant's file with its piece taken away.
func (m mutant) mutate() ([]byte, error) {
	source, err := os.ReadFile(m.file)
	if err != nil {
		return nil, err
	}
	if m.function == "" {
		if n := bytes.Count(source, []byte(m.old)); n != 1 {
			return nil, fmt.Errorf("%s has %q %d times, want once", m.file, m.old, n)
		}
		return bytes.Replace(source, []byte(m.old), []byte(m.becomes), 1), nil
	}
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, m.file, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, d := range parsed.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == m.function {
			// What follows a return still compiles, and keeps its imports used.
			at := set.Position(f.Body.Lbrace).Offset + 1
			return slices.Concat(source[:at], []byte(" "+m.becomes+"; "), source[at:]), nil
		}
	}
	return nil, fmt.Errorf("%s has no function %s", m.file, m.function)
}
