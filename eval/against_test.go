package eval

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening/reference"
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
	before := &Earlier{Name: "before.json", of: &Report{}, cases: []Case{
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
	stricter := bySize() // which finds alike only what is of one size
	stricter.compare = func(claim, ref *reference.View) reference.Result {
		if claim.Width != ref.Width {
			return reference.Result{}
		}
		return bySize().compare(claim, ref)
	}
	now, err := run(t.Context(), []string{dir}, Options{Against: earlier}, stricter)
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
	earlier := &Earlier{Name: "before.json", cases: before.known(), wrong: true, of: before}
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

// saved is an evaluation of dir as it comes back from a file, with its cases or
// its lists alone.
func saved(t *testing.T, dir string, opt Options) *Earlier {
	t.Helper()
	r, err := run(t.Context(), []string{dir}, opt, bySize())
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(r)
	file := filepath.Join(t.TempDir(), "before.json")
	if err == nil {
		err = os.WriteFile(file, data, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	e, err := ReadEarlier(file)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// What cannot be compared is said before an hour is spent, where that can be known.
func TestIncomparableIsToldFirst(t *testing.T) {
	dir := bench(t, map[string]int{"same/1-a": 0, "same/2-a": 9, "other/3-p": 9})
	lists, cases := saved(t, dir, Options{Seed: 1}), saved(t, dir, Options{Keep: true, Seed: 1})
	apart := bench(t, map[string]int{"same/1-a": 0, "same/2-a": 9})
	writePNG(t, filepath.Join(apart, "same/2-a/reference.png"), 199, 150, nil)
	travelled, crossed := saved(t, dir, Options{Travel: 1, Seed: 1}), saved(t, apart, Options{Cross: 1, Seed: 1})
	partial := *lists
	partial.of = &Report{Partial: true, Kinds: lists.of.Kinds}
	for name, tt := range map[string]struct {
		e    *Earlier
		dir  string
		opt  Options
		says string
	}{
		"other kinds":         {lists, bench(t, map[string]int{"same/1-b": 0}), Options{Seed: 1}, "not of the same pairs"},
		"copies now":          {lists, dir, Options{Travel: 1, Seed: 1}, "--travel"},
		"another seed":        {travelled, dir, Options{Travel: 1, Seed: 2}, "--seed"},
		"other crossed pairs": {crossed, apart, Options{Seed: 1}, "--cross"},
		"stopped early":       {&partial, dir, Options{Seed: 1}, "stopped early"},
		"none in common":      {cases, bench(t, map[string]int{"same/9-z": 0}), Options{Seed: 1}, "no pair in common"},
	} {
		asked := false
		with := bySize()
		with.prepare = func(p *imaging.Picture) *reference.View {
			asked = true
			return bySize().prepare(p)
		}
		tt.opt.Against = tt.e
		r, err := run(t.Context(), []string{tt.dir}, tt.opt, with)
		layout, ok := errors.AsType[*LayoutError](err)
		if !ok || !strings.Contains(layout.Text.EN, tt.says) || layout.Text.ZH == "" || asked || r != nil {
			t.Errorf("%s: error %v, measured %v", name, err, asked)
		}
	}
	if r, err := run(t.Context(), []string{dir}, Options{Seed: 2, Against: lists}, bySize()); err != nil || !r.Comparison.ByLists || r.Comparison.Worse() || r.Comparison.ByName != 0 {
		t.Errorf("another seed where nothing is drawn: %v", err)
	}
}

// What was measured stays, though it cannot be compared: pictures that could not be
// read this time, others under the same names, and a run that was stopped.
func TestMeasuredStaysWhereItCannotBeCompared(t *testing.T) {
	layout := map[string]int{"same/1-a": 0, "same/2-a": 1, "other/3-p": 9}
	dir := bench(t, layout)
	lists, cases := saved(t, dir, Options{}), saved(t, dir, Options{Keep: true})
	check := func(name string, r *Report, err error, done int, says string) {
		t.Helper()
		if r == nil || r.Done != done || r.Comparison != nil {
			t.Fatalf("%s: error %v, report %+v", name, err, r)
		}
		if last := r.Errors[len(r.Errors)-1]; !strings.Contains(last.Text.EN, says) || last.Text.ZH == "" {
			t.Errorf("%s: says %+v", name, last)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	r, err := run(ctx, []string{dir}, Options{Jobs: 1, Against: lists, Progress: func(int, int) { cancel() }}, bySize())
	if err != context.Canceled || !r.Partial {
		t.Fatalf("stopped: %v", err)
	}
	check("stopped", r, err, r.Done, "stopped early")

	others := bench(t, layout)
	for name := range layout {
		writePNG(t, filepath.Join(others, name, "claim.png"), 203, 151, nil)
	}
	for name, e := range map[string]*Earlier{"other pictures, by lists": lists, "other pictures": cases} {
		r, err := run(t.Context(), []string{others}, Options{Against: e}, bySize())
		check(name, r, err, 3, map[bool]string{true: "not of the same pairs", false: "no pair in common"}[e.wrong])
	}
	writePNG(t, filepath.Join(others, "same/1-a", "claim.png"), 200, 150, nil)
	if r, err := run(t.Context(), []string{others}, Options{Against: cases}, bySize()); err != nil || r.Comparison.Compared != 1 || r.Comparison.OtherPictures != 2 || r.Comparison.OnlyNow != 0 {
		t.Errorf("one pair of three is the same: %v, %+v", err, r.Comparison)
	}
	if err := os.WriteFile(filepath.Join(dir, "same/2-a/claim.png"), []byte("words"), 0o644); err != nil {
		t.Fatal(err)
	}
	r, err = run(t.Context(), []string{dir}, Options{Against: lists}, bySize())
	check("one cannot be read", r, err, 2, "not of the same pairs")
}

// Reports from before digests are compared by the names that they have: sources that
// differ are other pictures, and nothing is taken for granted in silence.
func TestReportsWithoutDigests(t *testing.T) {
	of := func(folder string, sources ...string) Case {
		return Case{Set: Same, Kind: "a", Folder: folder, Sources: sources, Strength: evidence.Strong}
	}
	e := &Earlier{of: &Report{Partial: true}, cases: []Case{of("x/same/1-a", "cup"), of("x/same/2-a", "plate"), of("x/same/3-a")}}
	now := []Case{of("y/same/1-a", "cup"), of("y/same/2-a", "bowl"), of("y/same/3-a", "spoon")}
	c, err := e.beside(&Report{}, now, false)
	if err != nil || c.Compared != 2 || c.OtherPictures != 1 || c.ByName != 2 || !c.BeforePartial || c.NowPartial {
		t.Errorf("%v, %+v", err, c)
	}
	// The depth of names is the one that finds the most again, not the first that finds any.
	e = &Earlier{of: &Report{}, cases: []Case{of("x/one/same/1-a"), of("x/one/same/2-a"), of("k/same/3-a")}}
	if c := e.compare([]Case{of("z/two/same/1-a"), of("z/two/same/2-a"), of("k/same/3-a")}); c.Compared != 3 {
		t.Errorf("%d of 3 were found again", c.Compared)
	}
}
