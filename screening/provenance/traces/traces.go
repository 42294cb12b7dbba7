// Package traces knows the notes that picture generators and editors leave in
// a file, and tells where a file's notes contradict each other or the story
// told with it. It believes nobody: all of it can be typed by anyone, so no
// finding here is more than strong, and the absence of notes means nothing,
// since messengers strip them from honest pictures.
package traces

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/evenhand/evenhand/imaging/meta"
)

// Trace is one row of the table found in a file.
type Trace struct {
	Row
	// Field and Value are what matched; Value is cut to 200 bytes.
	Field, Value string
	Where        meta.Where
}

// Reader is a compiled table. It may be used by several goroutines at once.
type Reader struct {
	rows []compiled
	by   map[string][]int // rows by the folded names of the fields they look into
}

type compiled struct {
	Row
	match, also *regexp.Regexp
}

// Built is the reader of the built-in table, compiled once for the process.
var Built = sync.OnceValue(func() *Reader { return NewReader(Table()) })

// NewReader compiles rows. It panics on a Match that is not a regular
// expression: tables are part of the program.
func NewReader(rows []Row) *Reader {
	r := &Reader{by: map[string][]int{}}
	for i, row := range rows {
		c := compiled{Row: row, match: regexp.MustCompile("(?i)" + row.Match)}
		if row.Also != "" {
			c.also = regexp.MustCompile("(?i)" + row.Also)
		}
		r.rows = append(r.rows, c)
		for _, name := range row.In {
			key := folded(name)
			if at := r.by[key]; len(at) == 0 || at[len(at)-1] != i {
				r.by[key] = append(at, i)
			}
		}
	}
	return r
}

// folded is a name whatever its case: two are the same where strings.EqualFold
// says so, of two letters that are one the first in Unicode's order standing for both.
func folded(name string) string {
	return strings.Map(func(r rune) rune {
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, name)
}

// Read lists the traces in m, each name and kind once, in the table's order.
// hidden is the text found in the pixels (see Stealth), empty where none was.
func (r *Reader) Read(m *meta.Metadata, hidden string) []Trace {
	all := fields(m, hidden)
	in := make([][]int, len(r.rows)) // the fields that each row looks into
	for i, f := range all {
		for _, at := range r.by[folded(f.name)] {
			in[at] = append(in[at], i)
		}
	}
	var out []Trace
	for i, row := range r.rows {
		if len(in[i]) == 0 {
			continue
		}
		if slices.ContainsFunc(out, func(t Trace) bool { return t.Name == row.Name && t.Kind == row.Kind }) {
			continue
		}
		f, ok := row.first(all, in[i])
		if !ok || row.also != nil && !row.alsoIn(all) {
			continue
		}
		out = append(out, Trace{Row: row.Row, Field: f.name, Value: strings.ToValidUTF8(f.value[:min(len(f.value), 200)], ""), Where: f.where})
	}
	return tidy(out)
}

// first returns the first of the fields at these places whose value matches and
// is no longer than Longest, where that is not 0.
func (c compiled) first(all []field, in []int) (field, bool) {
	for _, at := range in {
		if f := all[at]; (c.Longest <= 0 || len(f.value) <= c.Longest) && c.match.MatchString(f.value) {
			return f, true
		}
	}
	return field{}, false
}

// alsoIn says whether the second value that the row asks for is there.
func (c compiled) alsoIn(all []field) bool {
	return slices.ContainsFunc(all, func(f field) bool {
		return slices.ContainsFunc(c.AlsoIn, func(n string) bool { return strings.EqualFold(n, f.name) }) && c.also.MatchString(f.value)
	})
}

// tidy drops what a closer row already says of the same place.
func tidy(traces []Trace) []Trace {
	has := func(name string) bool {
		return slices.ContainsFunc(traces, func(t Trace) bool { return t.Name == name })
	}
	labelled := slices.ContainsFunc(traces, func(t Trace) bool { return t.Kind == Labelled })
	return slices.DeleteFunc(traces, func(t Trace) bool {
		return t.Name == "hidden Stable Diffusion parameters" && has("NovelAI") ||
			t.Kind == Hinted && labelled ||
			t.Name == "Samsung photo editor" && has("Samsung generative edit")
	})
}
