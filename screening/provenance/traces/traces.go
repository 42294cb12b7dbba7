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
type Reader struct{ rows []compiled }

type compiled struct {
	Row
	match, also *regexp.Regexp
}

// NewReader compiles rows. It panics on a Match that is not a regular
// expression: tables are part of the program.
func NewReader(rows []Row) *Reader {
	r := &Reader{}
	for _, row := range rows {
		c := compiled{Row: row, match: regexp.MustCompile("(?i)" + row.Match)}
		if row.Also != "" {
			c.also = regexp.MustCompile("(?i)" + row.Also)
		}
		r.rows = append(r.rows, c)
	}
	return r
}

// Read lists the traces in m, each name and kind once, in the table's order.
// hidden is the text found in the pixels (see Stealth), empty where none was.
func (r *Reader) Read(m *meta.Metadata, hidden string) []Trace {
	all := fields(m, hidden)
	var out []Trace
	for _, row := range r.rows {
		if slices.ContainsFunc(out, func(t Trace) bool { return t.Name == row.Name && t.Kind == row.Kind }) {
			continue
		}
		f, ok := row.first(all)
		if !ok {
			continue
		}
		if row.also != nil {
			if _, ok := first(all, row.AlsoIn, row.also, 0); !ok {
				continue
			}
		}
		out = append(out, Trace{Row: row.Row, Field: f.name, Value: strings.ToValidUTF8(f.value[:min(len(f.value), 200)], ""), Where: f.where})
	}
	return tidy(out)
}

func (c compiled) first(all []field) (field, bool) { return first(all, c.In, c.match, c.Longest) }

// first returns the first field among names whose value matches and is no
// longer than longest, where that is not 0.
func first(all []field, names []string, match *regexp.Regexp, longest int) (field, bool) {
	for _, f := range all {
		if longest > 0 && len(f.value) > longest {
			continue
		}
		if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, f.name) }) && match.MatchString(f.value) {
			return f, true
		}
	}
	return field{}, false
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
