package main

import (
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestRow: the change is the median of what turns beside each other took, so
// that a slow while tells nothing.
func TestRow(t *testing.T) {
	took := func(ms ...int) (out []cost) {
		for _, v := range ms {
			out = append(out, cost{time.Duration(v) * time.Millisecond, time.Duration(v+1) * time.Millisecond})
		}
		return out
	}
	got := measure{name: "read", what: "a photo"}.row(took(100, 400, 102), took(110, 440, 90))
	if want := "read\t102.0 ms\t110.0 ms\t+10.0 %\t103.0 ms\t111.0 ms\ta photo"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if m := median([]float64{4, 1, 3, 2}); m != 2.5 {
		t.Errorf("%v", m)
	}
}

// TestCommandSaysWhy: what a program complains of is in the error.
func TestCommandSaysWhy(t *testing.T) {
	if _, err := command(t.TempDir(), "git", "rev-parse", "--verify", "no-such-commit"); err == nil || !strings.Contains(err.Error(), "Needed a single revision") && !strings.Contains(err.Error(), "not a git repository") {
		t.Errorf("%v", err)
	}
}

// TestProbeFitsOlderVersions: the probe is built from the packages of whatever version is asked about, and may know
// only those that have been there since the first that it is compared with.
func TestProbeFitsOlderVersions(t *testing.T) {
	since := []string{
		"desk", "desk/examine", "desk/gallery", "evidence", "imaging", "samples", "samples/forge", "screening/provenance",
		"screening/reference",
	}
	probe, err := parser.ParseFile(token.NewFileSet(), "probe/main.go", nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range probe.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if ours, is := strings.CutPrefix(name, "github.com/evenhand/evenhand/"); is && !slices.Contains(since, ours) {
			t.Errorf("the probe asks for %s, which older versions do not have", ours)
		}
	}
}
