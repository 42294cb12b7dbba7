package report

import (
	"fmt"
	"strings"
)

// Bar is one line of progress, at most width-1 columns wide so that no
// terminal breaks it: label, bar, count, and as much of the file's name as
// fits.
func Bar(label, file string, done, total, width int) string {
	const cells = 24
	total = max(total, 1)
	full := min(cells, cells*done/total)
	bar := strings.Repeat("━", full) + strings.Repeat("╌", cells-full)
	line := fmt.Sprintf("%s %s %d/%d  ", label, bar, done, total)
	return truncate(line+Clean(file), width-1)
}

// truncate cuts s to n columns and shows that it did.
func truncate(s string, n int) string {
	if columns(s) <= n {
		return s
	}
	used := 0
	for i, r := range s {
		if used+cells(r) > n-1 {
			return s[:i] + "…"
		}
		used += cells(r)
	}
	return s
}
