package report

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"github.com/evenhand/evenhand/text"
)

// In picks the sentence for lang, "zh" or anything else for English.
func In(lang string, t text.Text) string {
	if lang == "zh" {
		return t.ZH
	}
	return t.EN
}

// Clean makes a name from outside safe to print: control and formatting
// characters, which could move the cursor, recolour the terminal or turn the
// reading direction, become visible escapes.
func Clean(name string) string {
	if strings.IndexFunc(name, unprintable) < 0 {
		return name
	}
	var b strings.Builder
	for _, r := range name {
		switch {
		case !unprintable(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// unprintable includes the replacement character, which is what ranging over
// a name yields for bytes that are not UTF-8.
func unprintable(r rune) bool {
	return r == unicode.ReplacementChar || (r != ' ' && !unicode.IsPrint(r))
}

// cells is how many terminal columns r takes: two for the wide forms of East
// Asian scripts and emoji (Unicode Standard Annex 11), none for marks that
// sit on the letter before.
func cells(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// columns is the width of s in terminal columns.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += cells(r)
	}
	return n
}

// pad fills s with spaces up to n columns.
func pad(s string, n int) string {
	return s + strings.Repeat(" ", max(0, n-columns(s)))
}

// Punctuation that must not start a line, and that must not end one, in
// Chinese typesetting (the short list of Requirements for Chinese Text
// Layout, section 3.1.3).
const (
	neverFirst = "，。、；：！？）》」』”’…%％"
	neverLast  = "（《「『“‘"
)

// wrap breaks s into lines of at most limit columns: at spaces, and between
// wide characters where Chinese typesetting allows it. A word longer than a
// line is cut, so that no line is ever too long.
func wrap(s string, limit int) []string {
	limit = max(limit, 8)
	var lines []string
	line, used := "", 0
	flush := func() {
		lines = append(lines, strings.TrimRight(line, " "))
		line, used = "", 0
	}
	for _, piece := range pieces(s) {
		n := columns(strings.TrimRight(piece, " "))
		if used > 0 && used+n > limit {
			flush()
		}
		for _, part := range cut(piece, limit) {
			if w := columns(part); used > 0 && used+columns(strings.TrimRight(part, " ")) > limit {
				flush()
				line, used = part, w
			} else {
				line, used = line+part, used+w
			}
		}
	}
	if line != "" || lines == nil {
		flush()
	}
	return lines
}

// cut splits a piece that is wider than a line into line-wide parts.
func cut(piece string, limit int) []string {
	if columns(piece) <= limit {
		return []string{piece}
	}
	var parts []string
	start, used := 0, 0
	for i, r := range piece {
		if used+cells(r) > limit && i > start {
			parts = append(parts, piece[start:i])
			start, used = i, 0
		}
		used += cells(r)
	}
	return append(parts, piece[start:])
}

// pieces splits s after each place where a line may end.
func pieces(s string) []string {
	var out []string
	runes := []rune(s)
	start := 0
	for i := 1; i < len(runes); i++ {
		before, after := runes[i-1], runes[i]
		if mayBreak(before, after) {
			out = append(out, string(runes[start:i]))
			start = i
		}
	}
	return append(out, string(runes[start:]))
}

func mayBreak(before, after rune) bool {
	if before == ' ' {
		return after != ' '
	}
	if after == ' ' || strings.ContainsRune(neverFirst, after) || strings.ContainsRune(neverLast, before) {
		return false
	}
	return cells(before) == 2 || cells(after) == 2
}
