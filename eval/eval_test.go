package eval

import (
	"context"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening/reference"
)

// bySize is an instrument whose answers the tests know: a claim as wide as its
// reference is conclusive, one a pixel off strong, two off weak.
func bySize() instrument {
	return instrument{
		prepare: func(p *imaging.Picture) *reference.View { return &reference.View{Width: p.Width, Height: p.Height} },
		compare: func(claim, ref *reference.View) reference.Result {
			by := []evidence.Strength{evidence.Conclusive, evidence.Strong, evidence.Weak, ""}
			r := reference.Result{Strength: by[min(3, max(claim.Width-ref.Width, ref.Width-claim.Width))]}
			r.Measured = map[string]float64{"width": float64(claim.Width)}
			r.Regions = []evidence.Region{{X: 0, Y: 0, Width: 0.5, Height: 1, Kind: evidence.Altered}}
			return r
		},
	}
}

// writePNG writes a grey picture, white where white says.
func writePNG(t *testing.T, path string, w, h int, white func(x, y int) bool) {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			if white != nil && white(x, y) {
				img.SetGray(x, y, color.Gray{255})
			}
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(png.Encode(f, img), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// bench lays out pairs whose claims are off by so many pixels in width.
func bench(t *testing.T, off map[string]int) string {
	t.Helper()
	dir := t.TempDir()
	for name, d := range off {
		writePNG(t, filepath.Join(dir, name, "reference.png"), 200, 150, nil)
		writePNG(t, filepath.Join(dir, name, "claim.png"), 200+d, 150, nil)
	}
	return dir
}

func TestRunCountsByKind(t *testing.T) {
	dir := bench(t, map[string]int{
		"same/001-crop": 0, "same/002-crop": 1, "same/003-crop": 2, "same/004-crop": 9,
		"other/001-print": 7, "other/002-print": 1, "other/003-view": 8,
	})
	got, err := run(t.Context(), []string{dir}, Options{Keep: true}, bySize())
	if err != nil {
		t.Fatal(err)
	}
	type counts struct {
		Set, Kind                       string
		Pairs, Conclusive, Strong, Weak int
	}
	var rows []counts
	for _, r := range append(got.Kinds, got.Totals...) {
		rows = append(rows, counts{r.Set, r.Kind, r.Pairs, r.Conclusive, r.Strong, r.Weak})
	}
	want := []counts{
		{Same, "crop", 4, 1, 1, 1},
		{Other, "print", 2, 0, 1, 0},
		{Other, "view", 1, 0, 0, 0},
		{Same, "", 4, 1, 1, 1},
		{Other, "", 3, 0, 1, 0},
	}
	if d := cmp.Diff(want, rows); d != "" {
		t.Errorf("rows (-want +got):\n%s", d)
	}
	folders := func(cases []Case) (out []string) {
		for _, c := range cases {
			rel, _ := filepath.Rel(dir, c.Folder)
			out = append(out, filepath.ToSlash(rel))
		}
		return out
	}
	if d := cmp.Diff([]string{"same/003-crop", "same/004-crop"}, folders(got.Misses)); d != "" {
		t.Errorf("misses (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]string{"other/002-print"}, folders(got.Accusations)); d != "" {
		t.Errorf("accusations (-want +got):\n%s", d)
	}
	if len(got.Cases) != 7 || got.Done != 7 || got.Total != 7 || got.Partial {
		t.Errorf("%d cases, %d of %d done, partial %v", len(got.Cases), got.Done, got.Total, got.Partial)
	}
	if r := got.Kinds[0].AtStrong; r.Count != 2 || r.Of != 4 {
		t.Errorf("crop at strong: %+v", r)
	}
}

func TestRunTravelsTheSameWhateverTheJobs(t *testing.T) {
	dir := bench(t, map[string]int{"same/1-a": 0, "same/2-a": 3, "other/1-b": 9})
	var reports []*Report
	for _, jobs := range []int{1, 3} {
		r, err := run(t.Context(), []string{dir}, Options{Travel: 3, Seed: 8, Jobs: jobs, Keep: true}, bySize())
		if err != nil {
			t.Fatal(err)
		}
		for i := range r.Cases {
			r.Cases[i].took, r.Cases[i].Seconds = 0, 0
		}
		reports = append(reports, r)
	}
	if !reflect.DeepEqual(reports[0].Cases, reports[1].Cases) {
		t.Error("one job and three jobs measured different things")
	}
	if n := len(reports[0].Cases); n != 12 {
		t.Fatalf("%d cases, want 3 pairs times 4", n)
	}
	trips := map[string]bool{}
	for _, c := range reports[0].Cases {
		if (c.Copy > 0) != (c.Trip != "") {
			t.Errorf("copy %d has trip %q", c.Copy, c.Trip)
		}
		trips[c.Trip] = true
	}
	if len(trips) != 10 {
		t.Errorf("%d different trips, want 9 and none", len(trips))
	}
}

func TestRunGoesOnPastUnreadablePictures(t *testing.T) {
	dir := bench(t, map[string]int{"same/1-a": 0, "same/2-a": 0})
	broken := filepath.Join(dir, "same/2-a/claim.png")
	if err := os.WriteFile(broken, []byte("not a picture"), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := run(t.Context(), []string{dir}, Options{}, bySize())
	if err != nil {
		t.Fatal(err)
	}
	if got.Done != 1 || len(got.Errors) != 1 || got.Errors[0].Folder != filepath.Dir(broken) {
		t.Fatalf("done %d, errors %+v", got.Done, got.Errors)
	}
	if text := got.Errors[0].Text; !strings.HasPrefix(text.EN, "claim: ") || !strings.HasPrefix(text.ZH, "claim：") {
		t.Errorf("the error does not say which file: %+v", text)
	}
}

func TestRunStopsCleanly(t *testing.T) {
	dir := bench(t, map[string]int{"same/1-a": 0, "same/2-a": 0, "same/3-a": 0, "same/4-a": 0})
	ctx, cancel := context.WithCancel(t.Context())
	got, err := run(ctx, []string{dir}, Options{Jobs: 1, Progress: func(done, _ int) {
		if done == 2 {
			cancel()
		}
	}}, bySize())
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if got == nil || !got.Partial || got.Done < 2 || got.Done > 3 || got.Total != 4 || len(got.Errors) != 0 {
		t.Errorf("report %+v", got)
	}
}

func TestRunMeasuresOverlap(t *testing.T) {
	dir := bench(t, map[string]int{"same/1-a": 0, "same/2-a": 0})
	// The instrument marks the left half: of these changes, it covers half and all.
	writePNG(t, filepath.Join(dir, "same/1-a/mask.png"), 200, 150, func(x, _ int) bool { return x >= 50 && x < 150 })
	writePNG(t, filepath.Join(dir, "same/2-a/mask.png"), 200, 150, func(x, _ int) bool { return x < 50 })
	got, err := run(t.Context(), []string{dir}, Options{Keep: true}, bySize())
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []Overlap{{IoU: 1.0 / 3, Covered: 0.5}, {IoU: 0.5, Covered: 1}} {
		if o := got.Cases[i].Overlap; o == nil || abs(o.IoU-want.IoU) > 0.01 || abs(o.Covered-want.Covered) > 0.01 {
			t.Errorf("pair %d: %+v, want %+v", i+1, o, want)
		}
	}
	if o := got.Totals[0].Overlap; o == nil || o.Pairs != 2 || abs(o.Covered-0.75) > 0.01 {
		t.Errorf("mean %+v", o)
	}
}

func TestReportIsJSON(t *testing.T) {
	dir := bench(t, map[string]int{"same/1-a": 0, "other/1-b": 0})
	got, err := run(t.Context(), []string{dir}, Options{}, bySize())
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var back map[string]any
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if back["schema"] != "evenhand.eval/1" || back["partial"] != false {
		t.Errorf("schema %v, partial %v", back["schema"], back["partial"])
	}
	for _, list := range []string{"kinds", "totals", "misses", "accusations", "errors"} {
		if _, ok := back[list].([]any); !ok {
			t.Errorf("%s is %v, not a list", list, back[list])
		}
	}
}

func TestViewsArePreparedOnceAndForgotten(t *testing.T) {
	dir := bench(t, map[string]int{"other/1-a": 4})
	// Two pairs of the same two files, by links.
	for _, name := range []string{"other/2-a", "other/3-a"} {
		if err := os.Symlink("1-a", filepath.Join(dir, name)); err != nil {
			t.Skip("links cannot be made here:", err)
		}
	}
	made := 0
	with := bySize()
	plain := with.prepare
	with.prepare = func(p *imaging.Picture) *reference.View { made++; return plain(p) }
	got, err := run(t.Context(), []string{dir}, Options{Jobs: 1}, with)
	if err != nil || got.Done != 3 {
		t.Fatalf("%+v, %v", got, err)
	}
	if made != 2 {
		t.Errorf("%d views were made of two files", made)
	}
}

func TestMedian(t *testing.T) {
	for want, in := range map[float64][]time.Duration{0: nil, 2: {3e9, 1e9, 2e9}, 1.5: {2e9, 1e9}} {
		if got := median(in); got != want {
			t.Errorf("median(%v) = %v, want %v", in, got, want)
		}
	}
}

func abs(v float64) float64 { return max(v, -v) }
