package eval

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/report"
	"github.com/evenhand/evenhand/text"
)

var update = flag.Bool("update", false, "write the golden files anew")

// example is a report with a bit of everything.
func example() *Report {
	r := &Report{
		Schema: Schema, Partial: true, Done: 9, Total: 12, Seconds: 3.21,
		Errors: []CaseError{{"bench/same/009-crop", text.Text{EN: "claim: The file is empty.", ZH: "claim：文件是空的。"}}},
	}
	add := func(set, kind, folder string, copy int, s evidence.Strength) Case {
		c := Case{
			Set: set, Kind: kind, Folder: "bench/" + set + "/" + folder, Copy: copy, Strength: s,
			Measured: map[string]float64{"inliers": 12, "support": 0.25}, took: 120 * time.Millisecond,
		}
		if copy > 0 {
			c.Trip = "crop 0.50x0.50 at 0.10,0.20; jpeg 71"
		}
		return c
	}
	crop := add(Same, "crop", "001-crop", 0, evidence.Conclusive)
	crop.Overlap = &Overlap{IoU: 0.5, Covered: 0.9}
	crop.Tool = "Pinsel 2"
	crop.Sources = []string{"cup"}
	pose := add(Hard, "pose", "001-pose", 0, "")
	pose.Tool = "Pinsel 2"
	cross := add(Cross, "crop", "001-crop", 0, evidence.Strong)
	cross.Folder, cross.Against = crop.Folder, "bench/same/002-貼图"
	cases := []Case{
		crop, add(Same, "crop", "001-crop", 1, ""), add(Same, "貼图", "002-貼图", 0, evidence.Strong), pose,
		add(Other, "print", "001-print", 0, ""), add(Other, "print", "001-print", 1, evidence.Conclusive), add(Other, "view", "002-view", 0, evidence.Weak), cross,
	}
	r.summarise(cases, true)
	before := []Case{
		seen(Same, "bench/same/001-crop", ""), seen(Same, "bench/same/002-貼图", evidence.Conclusive), seen(Other, "bench/other/001-print", ""),
		seen(Other, "bench/other/002-view", evidence.Strong), seen(Hard, "bench/hard/001-pose", evidence.Strong), seen(Same, "bench/same/009-crop", ""),
	}
	r.Comparison = (&Earlier{Name: "before.json", cases: before}).compare(cases)
	r.Comparison.OtherPictures, r.Comparison.BeforePartial = 2, true
	return r
}

func TestTerminalGolden(t *testing.T) {
	for _, lang := range []string{"en", "zh"} {
		var b strings.Builder
		if err := example().Terminal(&b, report.Style{Lang: lang}, true); err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", "table."+lang+".txt")
		if *update {
			if err := os.MkdirAll("testdata", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), b.String()); d != "" {
			t.Errorf("%s (-want +got):\n%s", lang, d)
		}
	}
}

func TestTerminalColours(t *testing.T) {
	plain, coloured := &strings.Builder{}, &strings.Builder{}
	if err := example().Terminal(plain, report.Style{Lang: "zh"}, false); err != nil {
		t.Fatal(err)
	}
	if err := example().Terminal(coloured, report.Style{Lang: "zh", Colour: true}, false); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(plain.String(), "\x1b") {
		t.Error("colours where none were asked for")
	}
	if !strings.Contains(coloured.String(), "\x1b[31m") || !strings.Contains(coloured.String(), "\x1b[32m") {
		t.Error("neither red nor green where colours were asked for")
	}
	if strings.Contains(plain.String(), "%!") {
		t.Errorf("a broken format: %s", plain)
	}
}

// Columns must line up by terminal columns, not by runes.
func TestColumnsLineUp(t *testing.T) {
	var b strings.Builder
	tm := &terminal{}
	tm.grid([][]cell{{{"类别", ""}, {"图片对", ""}}, {{"a", ""}, {"1", ""}}, {{"貼图x", ""}, {"10000", ""}}})
	b.WriteString(tm.out.String())
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	for _, l := range lines[1:] {
		if columns(strings.TrimSpace(l)) > columns(lines[0])+2 {
			t.Errorf("%q is wider than the head %q", l, lines[0])
		}
	}
	if columns(lines[1]) != columns("  "+lines[0]) {
		t.Errorf("rows end at %d and %d", columns(lines[1]), columns("  "+lines[0]))
	}
}
