package policy

import (
	"errors"
	"strings"
	"testing"
)

// TestTextsThatWouldTakeLongAreNotParsed has texts of 240 KB, below the bound
// on the whole, on which the YAML parser took up to ten seconds: the time goes
// by the square of the tokens on a line.
func TestTextsThatWouldTakeLongAreNotParsed(t *testing.T) {
	for name, c := range map[string]struct {
		source string
		at     place
		says   string
	}{
		"anchors on a line": {strings.Repeat("&a ", 80_000), place{1, maxLine + 1}, "characters"},
		"quotes on a line":  {"name: x\n" + strings.Repeat("'a' ", 60_000), place{2, maxLine + 1}, "characters"},
		"tags on a line":    {strings.Repeat("!a ", 80_000), place{1, maxLine + 1}, "characters"},
		"lines":             {strings.Repeat("-\n", 120_000), place{maxLines + 1, 1}, "lines"},
	} {
		_, err := Compile([]byte(c.source))
		ps, ok := errors.AsType[Problems](err)
		if !ok || len(ps) != 1 || (place{ps[0].Line, ps[0].Column}) != c.at || !strings.Contains(ps[0].Text.EN, c.says) || ps[0].Text.ZH == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
