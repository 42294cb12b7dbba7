package evenhand_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestEveryDependencyIsExplained asks docs/dependencies.md about each library that the server and the console ask for
// themselves: what it is for and what would replace it.
func TestEveryDependencyIsExplained(t *testing.T) {
	page, err := os.ReadFile("docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := strings.ToLower(string(page))
	for _, name := range append(modules(t), packages(t)...) {
		if !explained(doc, name) {
			t.Errorf("docs/dependencies.md does not say what %s is for", name)
		}
	}
	if explained(doc, "github.com/nobody/nothing") || explained(doc, "golang.org/x/nothing") {
		t.Error("what is not there counts as explained")
	}
}

var version = regexp.MustCompile(`/v\d+$`)

// explained is whether a lower-case text names a module or package: by its owner, its name, or in braces with others.
func explained(doc, name string) bool {
	name = strings.TrimPrefix(strings.ToLower(version.ReplaceAllString(name, "")), "@")
	if rest, ok := strings.CutPrefix(name, "golang.org/x/"); ok {
		return regexp.MustCompile("golang\\.org/x/(\\{[^}]*\\b" + rest + "\\b|" + rest + "`)").MatchString(doc)
	}
	parts := strings.Split(strings.TrimPrefix(name, "github.com/"), "/")
	return regexp.MustCompile(`\b(` + regexp.QuoteMeta(parts[0]) + "|" + regexp.QuoteMeta(parts[len(parts)-1]) + `)\b`).MatchString(doc)
}

// modules are what go.mod asks for itself.
func modules(t *testing.T) (list []string) {
	raw, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) v\S+$`).FindAllStringSubmatch(string(raw), -1) {
		list = append(list, m[1])
	}
	if len(list) < 20 {
		t.Fatalf("go.mod asks for %d modules", len(list))
	}
	return list
}

// packages are what the console asks for.
func packages(t *testing.T) (list []string) {
	raw, err := os.ReadFile("web/package.json")
	if err != nil {
		t.Fatal(err)
	}
	var p struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal(raw, &p); err != nil {
		t.Fatal(err)
	}
	for _, from := range []map[string]string{p.Dependencies, p.DevDependencies} {
		for name := range from {
			list = append(list, name)
		}
	}
	return list
}
