package eval

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenhand/evenhand/report"
)

func writeManifest(t *testing.T, dir string, lines ...string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, manifestName), []byte(strings.Join(lines, "\n")), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestManifestTellsKindToolAndSource(t *testing.T) {
	dir := bench(t, map[string]int{"same/001-HiDream": 0, "hard/002-HiDream": 9, "same/003-paint": 1, "other/004-print": 7})
	writeManifest(t, dir, "\ufefffolder\ttool\tKind\trepository\tsource\r",
		"same/001-HiDream\tHiDream-E1\tedit\tsomewhere\tcup; plate\r", "", "hard/002-HiDream\tHiDream-E1\tpose\tsomewhere\r")
	got, err := run(t.Context(), []string{dir}, Options{Keep: true, BySource: true}, bySize())
	if err != nil {
		t.Fatal(err)
	}
	type told struct {
		Set, Kind, Tool string
		Sources         int
	}
	var cases []told
	for _, c := range got.Cases {
		cases = append(cases, told{c.Set, c.Kind, c.Tool, len(c.Sources)})
	}
	// All references are one picture by their bytes: it is the source of the pairs
	// that the manifest says nothing of, and of the honest one so is the claim.
	want := []told{{Same, "edit", "HiDream-E1", 2}, {Same, "paint", "", 1}, {Hard, "pose", "HiDream-E1", 1}, {Other, "print", "", 2}}
	if d := cmp.Diff(want, cases); d != "" {
		t.Errorf("cases (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"cup", "plate"}, got.Cases[0].Sources); d != "" {
		t.Errorf("sources (-want +got):\n%s", d)
	}
	var tools, sources []string
	for _, r := range got.Tools {
		tools = append(tools, r.Set+" "+r.Tool)
	}
	for _, r := range got.Sources {
		if r.Set == Same {
			sources = append(sources, r.Source)
		}
	}
	if d := cmp.Diff([]string{"same HiDream-E1", "hard HiDream-E1"}, tools); d != "" {
		t.Errorf("tools (-want +got):\n%s", d)
	}
	if len(sources) != 3 || sources[0] != "cup" || sources[1] != "plate" {
		t.Errorf("sources %q, want cup, plate and a picture", sources)
	}
	if len(got.Misses)+len(got.Accusations) != 0 {
		t.Errorf("a hard copy that was not found is a miss: %+v", got.Misses)
	}
}

func TestManifestProblemsAreTold(t *testing.T) {
	tests := []struct {
		name, says string
		lines      []string
	}{
		{"no folder column", "names no column", []string{"pair\tkind", "same/1-a\tedit"}},
		{"not there", "which is not there", []string{"folder\tkind", "same/2-a\tedit"}},
		{"outside", "which is not there", []string{"folder\tkind", "../../same/2-a\tedit"}},
		{"twice", "that another line names", []string{"folder\tkind", "same/1-a\tedit", "same/1-a/\tview"}},
		{"nameless", "names no folder", []string{"folder\tkind", "\tedit"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := bench(t, map[string]int{"same/1-a": 0})
			writeManifest(t, dir, tt.lines...)
			_, err := collect([]string{dir})
			layout, ok := errors.AsType[*LayoutError](err)
			if !ok || layout.Folder != filepath.Join(dir, manifestName) {
				t.Fatalf("error %v", err)
			}
			if !strings.Contains(layout.Text.EN, tt.says) || layout.Text.ZH == "" {
				t.Errorf("says %+v, want %q", layout.Text, tt.says)
			}
		})
	}
}

// A copy of a picture is the same source as the picture; another of the same
// length is not.
func TestSourcesGoByBytes(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"same/1-a/reference.jpg": "one", "same/1-a/claim.jpg": "first claim",
		"same/2-a/reference.jpg": "one", "same/2-a/claim.jpg": "the second claim",
		"same/3-a/reference.jpg": "two", "same/3-a/claim.jpg": "the second claim",
	} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	pairs, err := collect([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	if shareSource(pairs[0], pairs[2]) || !shareSource(pairs[0], pairs[1]) || !shareSource(pairs[1], pairs[2]) {
		t.Errorf("sources %q, %q, %q", pairs[0].sources, pairs[1].sources, pairs[2].sources)
	}
}

// A column that is almost a known one, or there twice, is a slip that would be
// passed over unread.
func TestManifestColumnsThatAreSlips(t *testing.T) {
	for head, says := range map[string]string{
		"folder\ttool\tsources": "“sources” is not read: “source” is", "folder\ttools": "“tool” is", "folder\tkinds": "“kind” is", "folder\tsorce": "“source” is",
		"folder\tsource\tsource": "two columns called “source”", "folder\tlicence\tnotes": "",
	} {
		m := manifest{file: "manifest.tsv", pairs: map[string]*origin{}}
		problems := m.parse([]byte(head + "\nsame/1-a\tx\ty\n"))
		if (len(problems) > 0) != (says != "") {
			t.Errorf("%q: %v", head, problems)
			continue
		}
		for _, p := range problems {
			if layout, ok := errors.AsType[*LayoutError](p); !ok || !strings.Contains(layout.Text.EN, says) || layout.Text.ZH == "" {
				t.Errorf("%q: %v", head, p)
			}
		}
	}
}

// What is too large to be read says so in both languages.
func TestTooLargeIsToldInBothLanguages(t *testing.T) {
	name := filepath.Join(t.TempDir(), manifestName)
	if err := os.WriteFile(name, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, maxManifest+1); err != nil {
		t.Fatal(err)
	}
	_, problems := readManifest(filepath.Dir(name))
	if layout, ok := errors.AsType[*LayoutError](errors.Join(problems...)); !ok || !strings.Contains(layout.Text.EN, "16 MB") || !strings.Contains(layout.Text.ZH, "16 MB") {
		t.Errorf("a manifest: %v", problems)
	}
	if _, err := readUpTo(name, 1<<20); reasonFor(err).ZH != "文件超过 1 MB" || reasonFor(err).EN != "it is larger than 1 MB" {
		t.Errorf("a report: %+v", reasonFor(err))
	}
}

// Whatever the bytes, a manifest is told what is wrong with it, or its pairs.
func FuzzManifest(f *testing.F) {
	f.Add([]byte("folder\ttool\tsource\nsame/1-a\tpaint\tcup; plate\n"))
	f.Add([]byte("\ufeffFolder\tsources\r\nsame/1-a\t\r\n\r\nsame/1-a"))
	f.Add([]byte("folder\tfolder\n../..\t\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m := manifest{file: "manifest.tsv", pairs: map[string]*origin{}}
		for _, p := range m.parse(data) {
			if layout, ok := errors.AsType[*LayoutError](p); !ok || layout.Text.EN == "" || layout.Text.ZH == "" {
				t.Fatalf("refused with %v", p)
			}
		}
		pairs := []pair{{key: "same/1-a"}}
		m.tell(pairs)
		_ = m.untold()
	})
}

// Whatever the bytes, a saved report is refused, or makes tables and a comparison
// with itself in which nothing is worse.
func FuzzReport(f *testing.F) {
	f.Add([]byte(`{"schema":"evenhand.eval/1","cases":[{"set":"same","kind":"a","folder":"x/same/1-a","strength":"strong"},{"set":"other","kind":"b","folder":"other/1-b"}]}`))
	f.Add([]byte(`{"schema":"evenhand.eval/1","kinds":[{"set":"same","kind":"a","pairs":-3}],"misses":[{"set":"same","folder":"","sources":["","x"],"seconds":1e300}]}`))
	f.Add([]byte(`{"schema":"evenhand.eval/1","partial":true,"cases":[{"set":"?","strength":"?"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := parseReport("r.json", data)
		if err == nil {
			e := &Earlier{Name: "r.json", cases: r.known(), wrong: len(r.Cases) == 0, of: r}
			err = r.Again("r.json", Options{Against: e, BySource: len(r.Cases) > 0, Keep: true})
			if c := r.Comparison; c != nil && c.Worse() {
				t.Fatalf("worse than itself: %+v", c)
			}
			var out strings.Builder
			if err := r.Terminal(&out, report.Style{Lang: "zh"}, true); err != nil {
				t.Fatal(err)
			}
		}
		if _, known := errors.AsType[*LayoutError](err); err != nil && !known {
			t.Fatalf("refused with %v", err)
		}
	})
}
