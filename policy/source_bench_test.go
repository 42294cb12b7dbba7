package policy

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkCompileLongest reads the longest texts there may be: what a parser costs whose time grows by the square of
// the names of a mapping (2 s and more here with github.com/goccy/go-yaml 1.19) beside one as long of a list.
func BenchmarkCompileLongest(b *testing.B) {
	var names strings.Builder
	for i := range maxLines {
		fmt.Fprintf(&names, "k%d: v\n", i)
	}
	for _, c := range []struct{ name, text string }{
		{"names", names.String()},
		{"list", "rules:\n" + strings.Repeat("  - k: v\n", maxLines-1)},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Compile([]byte(c.text)); err == nil {
					b.Fatal("it is far too long")
				}
			}
		})
	}
}
