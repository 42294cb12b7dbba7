package main

import (
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// TestEveryMutantFindsItsPlace: what moves in the code moves in the list as
// well; a mutant that takes nothing away would be counted as survived.
func TestEveryMutantFindsItsPlace(t *testing.T) {
	t.Chdir("../..")
	for _, m := range mutants {
		source, err := m.mutate()
		if err != nil {
			t.Errorf("%s: %v", m.what, err)
			continue
		}
		if strings.HasSuffix(m.file, ".go") {
			if _, err := parser.ParseFile(token.NewFileSet(), m.file, source, 0); err != nil {
				t.Errorf("%s: %v", m.what, err)
			}
		}
	}
}
