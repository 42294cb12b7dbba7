package eval

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenhand/evenhand/evidence"
)

// seen is a case of one version.
func seen(set, folder string, s evidence.Strength) Case {
	return Case{Set: set, Kind: kindOf(filepath.Base(folder)), Folder: folder, Strength: s}
}

func TestComparisonCaseByCase(t *testing.T) {
	travelled := func(trip string, s evidence.Strength) Case {
		c := seen(Same, "old/painted/same/1-a", s)
		c.Copy, c.Trip = 1, trip
		return c
	}
	before := &Earlier{Name: "before.json", cases: []Case{
		seen(Same, "old/painted/same/1-a", evidence.Conclusive), seen(Same, "old/painted/same/2-a", evidence.Strong),
		seen(Same, "old/painted/same/3-a", ""), seen(Same, "old/painted/same/4-a", evidence.Weak), seen(Same, "old/painted/same/5-a", evidence.Strong),
		seen(Same, "old/painted/same/6-a", evidence.Conclusive),
		seen(Hard, "old/painted/hard/1-h", evidence.Strong),
		seen(Other, "old/prints/other/1-p", ""), seen(Other, "old/prints/other/2-p", evidence.Strong), seen(Other, "old/prints/other/3-p", evidence.Strong),
		seen(Other, "old/prints/other/4-p", evidence.Strong), seen(Other, "old/prints/other/5-p", ""),
		travelled("crop", ""), travelled("flip", evidence.Strong),
	}}
	now := []Case{
		seen(Same, "/new/painted/same/1-a", evidence.Strong), seen(Same, "/new/painted/same/2-a", evidence.Weak),
		seen(Same, "/new/painted/same/3-a", evidence.Strong), seen(Same, "/new/painted/same/4-a", ""), seen(Same, "/new/painted/same/5-a", evidence.Conclusive),
		seen(Same, "/new/painted/same/7-a", ""),
		seen(Hard, "/new/painted/hard/1-h", ""),
		seen(Other, "/new/prints/other/1-p", evidence.Strong), seen(Other, "/new/prints/other/2-p", ""), seen(Other, "/new/prints/other/3-p", evidence.Conclusive),
		seen(Other, "/new/prints/other/4-p", evidence.Strong), seen(Other, "/new/prints/other/5-p", evidence.Weak),
		travelled("crop", evidence.Strong), travelled("turn", evidence.Strong),
	}
	got := before.compare(now)
	names := func(list []Change) (out []string) {
		for _, c := range list {
			out = append(out, filepath.Base(c.Folder)+": "+string(c.Before)+" to "+string(c.Now))
		}
		return out
	}
	for _, tt := range []struct {
		what string
		list []Change
		want []string
	}{
		{"lost", got.Lost, []string{"1-h: strong to ", "2-a: strong to weak"}},
		{"newly found", got.NewlyFound, []string{"3-a:  to strong", "1-a:  to strong"}},
		{"weaker", got.Weaker, []string{"1-a: conclusive to strong"}},
		{"stronger", got.Stronger, []string{"5-a: strong to conclusive"}},
		{"newly accused", got.NewlyAccused, []string{"1-p:  to strong"}},
		{"no longer accused", got.NoLongerAccused, []string{"2-p: strong to "}},
		{"accused at more", got.AccusedAtMore, []string{"3-p: strong to conclusive"}},
	} {
		if d := cmp.Diff(tt.want, names(tt.list)); d != "" {
			t.Errorf("%s (-want +got):\n%s", tt.what, d)
		}
	}
	type counts struct{ Compared, OnlyBefore, OnlyNow, Both, Neither, AccusedBoth, AccusedNeither int }
	want := counts{12, 2, 2, 2, 1, 2, 1}
	if d := cmp.Diff(want, counts{got.Compared, got.OnlyBefore, got.OnlyNow, got.FoundByBoth, got.FoundByNeither, got.AccusedByBoth, got.AccusedByNeither}); d != "" {
		t.Errorf("counts (-want +got):\n%s", d)
	}
	rows := []ChangeRow{
		{Set: Same, Kind: "a", Compared: 6, Both: 2, Neither: 1, Gained: 2, Gone: 1},
		{Set: Hard, Kind: "h", Compared: 1, Gone: 1},
		{Set: Other, Kind: "p", Compared: 5, Both: 2, Neither: 1, Gained: 1, Gone: 1},
	}
	if d := cmp.Diff(rows, got.Kinds); d != "" {
		t.Errorf("kinds (-want +got):\n%s", d)
	}
	if !got.Worse() {
		t.Error("a version that loses and accuses is not called worse")
	}
	if same := before.compare(before.cases); same.Worse() || same.Compared != len(before.cases) || same.OnlyBefore+same.OnlyNow != 0 {
		t.Errorf("a version beside itself: %+v", same)
	}
}

// Two evaluation folders may hold pairs of one name; the same folder may have
// been reached under another name.
func TestComparisonFindsPairsAgain(t *testing.T) {
	first := []Case{seen(Same, "x/one/same/1-a", evidence.Strong), seen(Same, "x/two/same/1-a", "")}
	if c := (&Earlier{cases: first}).compare([]Case{seen(Same, "y/one/same/1-a", ""), seen(Same, "y/two/same/1-a", evidence.Strong)}); len(c.Lost) != 1 || len(c.NewlyFound) != 1 || c.Compared != 2 {
		t.Errorf("pairs of one name were mixed up: %+v", c)
	}
	if c := (&Earlier{cases: first[:1]}).compare([]Case{seen(Same, "elsewhere/same/1-a", "")}); c.Compared != 1 || len(c.Lost) != 1 {
		t.Errorf("a folder under another name was not found again: %+v", c)
	}
}

func TestRunComparesAndReportsComeBack(t *testing.T) {
	dir := bench(t, map[string]int{"same/1-a": 0, "same/2-a": 1, "other/3-p": 9})
	before, err := run(t.Context(), []string{dir}, Options{Keep: true}, bySize())
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "before.json")
	save := func(r *Report) {
		t.Helper()
		data, err := json.Marshal(r)
		if err == nil {
			err = os.WriteFile(file, data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	save(before)
	earlier, err := ReadEarlier(file)
	if err != nil {
		t.Fatal(err)
	}
	writePNG(t, filepath.Join(dir, "same/2-a/claim.png"), 209, 150, nil)
	now, err := run(t.Context(), []string{dir}, Options{Against: earlier}, bySize())
	if err != nil {
		t.Fatal(err)
	}
	if c := now.Comparison; c == nil || c.Compared != 3 || len(c.Lost) != 1 || !c.Worse() || now.Cases != nil {
		t.Fatalf("comparison %+v, %d cases kept", c, len(now.Cases))
	}
	saved, err := ReadReport(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := saved.Again(file, Options{Against: earlier}); err != nil || saved.Comparison.Worse() || saved.Comparison.Compared != 3 {
		t.Errorf("a saved report beside itself: %v, %+v", err, saved.Comparison)
	}
	if d := cmp.Diff(before.Kinds, saved.Kinds); d != "" {
		t.Errorf("the tables of a saved report (-measured +saved):\n%s", d)
	}
	if err := (&Report{}).Again("bare.json", Options{BySource: true}); err == nil {
		t.Error("rows by source came of a report without cases")
	}
	for _, name := range []string{filepath.Join(dir, "same/1-a/claim.png"), filepath.Join(dir, "nothing.json")} {
		_, err := ReadEarlier(name)
		if layout, ok := errors.AsType[*LayoutError](err); !ok || layout.Folder != name || layout.Text.ZH == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A report that was saved without its cases still lists what went wrong: over
// the same pairs that is enough to say what is lost and found.
func TestComparisonOfReportsWithoutCases(t *testing.T) {
	report := func(lost, accused string, pairs int) *Report {
		var cases []Case
		for i := range pairs {
			c := seen(Same, "p/painted/same/"+string(rune('a'+i))+"-a", evidence.Strong)
			if filepath.Base(c.Folder)[:1] == lost {
				c.Strength = evidence.Weak
			}
			o := seen(Other, "p/prints/other/"+string(rune('a'+i))+"-p", "")
			if filepath.Base(o.Folder)[:1] == accused {
				o.Strength = evidence.Strong
			}
			cases = append(cases, c, o)
		}
		r := &Report{Schema: Schema}
		r.summarise(cases, false)
		return r
	}
	before, now := report("b", "d", 5), report("c", "e", 5)
	earlier := &Earlier{Name: "before.json", cases: before.known(), wrong: true, totals: before.Kinds}
	if err := now.Again("now.json", Options{Against: earlier}); err != nil {
		t.Fatal(err)
	}
	c := now.Comparison
	type counts struct{ Compared, Both, Neither, Found, Lost, AccusedBoth, AccusedNeither, Accused, Cleared int }
	got := counts{c.Compared, c.FoundByBoth, c.FoundByNeither, len(c.NewlyFound), len(c.Lost), c.AccusedByBoth, c.AccusedByNeither, len(c.NewlyAccused), len(c.NoLongerAccused)}
	if d := cmp.Diff(counts{10, 3, 0, 1, 1, 0, 3, 1, 1}, got); d != "" || !c.ByLists {
		t.Errorf("counts (-want +got):\n%s", d)
	}
	if err := report("c", "e", 6).Again("now.json", Options{Against: earlier}); err == nil {
		t.Error("reports of other pairs were compared by their lists")
	}
}
