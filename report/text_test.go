package report

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestColumns(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "持平": 4, "e\u0301": 1, "ａ": 2, "·": 1, "…": 1} {
		if got := columns(s); got != want {
			t.Errorf("columns(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	tests := []struct {
		name  string
		give  string
		limit int
		want  string // lines joined by |
	}{
		{"short", "one two", 20, "one two"},
		{"at spaces", "one two three four", 9, "one two|three|four"},
		{"between characters", "这张照片由对照图改成", 12, "这张照片由对|照图改成"},
		{"no full stop at a line's start", "这张照片由对。照图", 12, "这张照片由|对。照图"},
		{"no bracket at a line's end", "这张照片由（照图）", 12, "这张照片由|（照图）"},
		{"a word longer than a line", "abcdefghijklmnop", 8, "abcdefgh|ijklmnop"},
		{"empty", "", 10, ""},
		{"mixed", "由 listing.jpg 改成", 14, "由 listing.jpg|改成"},
	}
	for _, tt := range tests {
		if got := strings.Join(wrap(tt.give, tt.limit), "|"); got != tt.want {
			t.Errorf("%s: wrap(%q, %d) = %q, want %q", tt.name, tt.give, tt.limit, got, tt.want)
		}
	}
}

func TestWrapKeepsAllAndFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom([]rune("ab 持平，。（）·e\u0301"))).Draw(t, "text")
		limit := rapid.IntRange(8, 40).Draw(t, "limit")
		lines := wrap(s, limit)
		for _, l := range lines {
			if columns(l) > limit {
				t.Fatalf("line %q is %d columns wide, more than %d", l, columns(l), limit)
			}
		}
		squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if squeeze(strings.Join(lines, "")) != squeeze(s) {
			t.Fatalf("wrapped into %q: text was lost or added", lines)
		}
	})
}

func TestClean(t *testing.T) {
	for give, want := range map[string]string{
		"listing.jpg":         "listing.jpg",
		"商品 图.jpg":            "商品 图.jpg",
		"a\x1b[31mred":        `a\x1b[31mred`,
		"two\nlines":          `two\x0alines`,
		"turned\u202egpj.exe": `turned\u202egpj.exe`,
		"not utf-8 \xff":      `not utf-8 \ufffd`,
		"no-break\u00a0space": `no-break\xa0space`,
		"zero\u200bwidth":     `zero\u200bwidth`,
	} {
		if got := Clean(give); got != want {
			t.Errorf("Clean(%q) = %q, want %q", give, got, want)
		}
	}
}

func TestBarFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.IntRange(0, 5000).Draw(t, "total")
		done := rapid.IntRange(0, total).Draw(t, "done")
		width := rapid.IntRange(2, 120).Draw(t, "width")
		name := rapid.String().Draw(t, "name")
		bar := Bar("正在处理", name, done, total, width)
		if columns(bar) > width-1 || strings.ContainsAny(bar, "\n\r\x1b") {
			t.Fatalf("bar %q is %d columns wide on a terminal of %d", bar, columns(bar), width)
		}
	})
}
