package evenhand_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var testNamed = regexp.MustCompile(`\b(Test|Fuzz)[A-Z][A-Za-z0-9]*`)

// TestSecurityTablesNameTests: every page names tests that are there, and the
// table of ASVS has each requirement once and is summed up right.
func TestSecurityTablesNameTests(t *testing.T) {
	have := map[string]bool{"TestSecurityTablesNameTests": true}
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Z][A-Za-z0-9]*)\(`)
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() && (e.Name() == "node_modules" || e.Name() == "build") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(name, "_test.go") {
			return nil
		}
		src, err := os.ReadFile(name)
		for _, m := range declared.FindAllSubmatch(src, -1) {
			have[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob("docs/*.md")
	if err != nil || len(pages) < 30 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	top, err := filepath.Glob("*.md")
	if err != nil || len(top) < 4 {
		t.Fatalf("%d pages, %v", len(top), err)
	}
	for _, page := range append(pages, top...) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range testNamed.FindAllString(string(text), -1) {
			if !have[name] {
				t.Errorf("%s names %s, which is no test", page, name)
			}
		}
	}
	text, err := os.ReadFile("docs/asvs.md")
	if err != nil {
		t.Fatal(err)
	}
	rows, sums := map[string]int{}, map[string]int{}
	for _, m := range regexp.MustCompile(`(?m)^\| (\d+\.\d+\.\d+) \| [^|]+ \| (yes|~|\*\*no\*\*|n/a) \| [^|]+ \|$`).FindAllStringSubmatch(string(text), -1) {
		rows[m[1]]++
		sums[m[2]]++
	}
	if len(rows) != 259 {
		t.Errorf("the table of ASVS has %d requirements, levels 1 and 2 of 4.0.3 have 259", len(rows))
	}
	for id, n := range rows {
		if n > 1 {
			t.Errorf("%s stands there %d times", id, n)
		}
	}
	if sum := fmt.Sprintf("**%d hold, %d in part, %d do not, %d do not apply.**", sums["yes"], sums["~"], sums["**no**"], sums["n/a"]); !strings.Contains(string(text), sum) {
		t.Errorf("the table of ASVS does not say %s", sum)
	}
}
