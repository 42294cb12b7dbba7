package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/evenhand/evenhand/text"
)

// Problem is one thing that is wrong with the text of a policy.
type Problem struct {
	// Line and Column count from 1, in characters; 0 where it is about the
	// text as a whole.
	Line   int `json:"line"`
	Column int `json:"column"`
	// Field is where in the text it is, such as "rules[2].when".
	Field string    `json:"field"`
	Text  text.Text `json:"text"`
}

// Problems are all that is wrong with a text, in its order.
type Problems []Problem

// Error tells the problems in English, a line each.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = fmt.Sprintf("%d:%d: %s: %s", p.Line, p.Column, p.Field, p.Text.EN)
	}
	return strings.Join(lines, "\n")
}

// sorted puts problems in the order of the text and drops repetitions.
func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.CompactFunc(ps, func(a, b Problem) bool { return a == b })
}

// Nearest finds the known word that was probably meant: at most two letters
// away, and closer than half of it. It is "" where there is none.
func Nearest(word string, known []string) string {
	best, distance := "", 3
	for _, k := range known {
		if d := edits(word, k); d < distance && 2*d < len(k) {
			best, distance = k, d
		}
	}
	return best
}

// edits is the Levenshtein distance of two words, in bytes. Words here are
// short; a long one is not compared.
func edits(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
