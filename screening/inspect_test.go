package screening

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

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/screening/provenance/c2pa"
)

// writePicture writes a small PNG of its own colour.
func writePicture(t *testing.T, name string, shade uint8) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m := image.NewGray(image.Rect(0, 0, 60, 40))
	m.SetGray(1, 1, color.Gray{shade})
	if err := png.Encode(f, m); err != nil {
		t.Fatal(err)
	}
}

func TestExpand(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"in/b.png", "in/a.JPG", "in/deep/c.webp", "in/.hidden.png", "in/.git/d.png", "in/notes.txt", "odd.bin"} {
		writePicture(t, name, 1)
	}
	if err := os.MkdirAll("hollow", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("in", "link"); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name     string
		give     []string
		want     []string
		problems []string
	}{
		{"a folder: sorted, no dot files, picture endings only", []string{"in"}, []string{"in/a.JPG", "in/b.png", "in/deep/c.webp"}, nil},
		{"a named file whatever its ending", []string{"odd.bin"}, []string{"odd.bin"}, nil},
		{"a hidden file, when named", []string{"in/.hidden.png"}, []string{"in/.hidden.png"}, nil},
		{"named twice", []string{"in/b.png", "in", "in/b.png"}, []string{"in/b.png", "in/a.JPG", "in/deep/c.webp"}, nil},
		{"a missing file is left for opening to complain of", []string{"gone.jpg"}, []string{"gone.jpg"}, nil},
		{"a folder without pictures", []string{"hollow"}, nil, []string{"hollow"}},
		{"a link to a folder", []string{"link"}, []string{"link/a.JPG", "link/b.png", "link/deep/c.webp"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, problems, err := expand(t.Context(), tt.give)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("files %q, want %q", got, tt.want)
			}
			var names []string
			for _, p := range problems {
				names = append(names, p.File)
			}
			if !reflect.DeepEqual(names, tt.problems) {
				t.Errorf("problems with %q, want %q", names, tt.problems)
			}
		})
	}
}

func TestWalkIsBounded(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.png", "b.png", "c.png"} {
		writePicture(t, filepath.Join(dir, name), 1)
	}
	files, _, err := picturesUnder(t.Context(), dir, 2)
	if !errors.Is(err, errTooMany) || len(files) != 2 {
		t.Errorf("got %d files and %v, want the first 2 and errTooMany", len(files), err)
	}
}

// TestInspectOrder holds whatever the number of jobs, and whichever of the two
// lists is streamed past the other.
func TestInspectOrder(t *testing.T) {
	t.Chdir(t.TempDir())
	for i, name := range []string{"c/1.png", "c/2.png", "c/3.png", "r/1.png", "r/2.png", "r/3.png", "r/4.png", "r/5.png"} {
		writePicture(t, name, uint8(i))
	}
	for _, lists := range [][2][]string{{{"c", "gone.png"}, {"r"}}, {{"r"}, {"c", "gone.png"}}, {{"c"}, nil}} {
		var want []byte
		for _, jobs := range []int{1, 3, 16} {
			calls, last, total := 0, 0, 0
			got, details, err := Inspect(t.Context(), lists[0], lists[1], Options{Jobs: jobs, Progress: func(done, all int, _ string) {
				calls++
				last, total = done, all
			}})
			if err != nil {
				t.Fatal(err)
			}
			if calls != total || last != total {
				t.Errorf("progress called %d times, last %d of %d", calls, last, total)
			}
			if len(details.Claim) != len(got.Claim) || len(details.References) != len(got.References) {
				t.Errorf("details of %d and %d files for %d and %d", len(details.Claim), len(details.References), len(got.Claim), len(got.References))
			}
			encoded, err := json.Marshal(got)
			if err != nil {
				t.Fatal(err)
			}
			if want == nil {
				want = encoded
			}
			if string(encoded) != string(want) {
				t.Errorf("with %d jobs:\n%s\nwith 1:\n%s", jobs, encoded, want)
			}
			if strings.Contains(string(encoded), "null") {
				t.Errorf("a null in %s", encoded)
			}
		}
	}
}

func TestInspectStops(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"c/1.png", "c/2.png", "c/3.png", "c/4.png"} {
		writePicture(t, name, 1)
	}
	ctx, cancel := context.WithCancel(t.Context())
	got, _, err := Inspect(ctx, []string{"c"}, []string{"c/1.png"}, Options{Jobs: 1, Progress: func(int, int, string) { cancel() }})
	if !errors.Is(err, context.Canceled) || got != nil {
		t.Errorf("got %v and %v, want nothing and context.Canceled", got, err)
	}
}

func TestSummarise(t *testing.T) {
	f := func(s evidence.Strength, who evidence.Stance) evidence.Finding {
		return evidence.Finding{Strength: s, Stance: who}
	}
	tests := []struct {
		name string
		give []evidence.Finding
		want Summary
	}{
		{"nothing", nil, Summary{Stance: evidence.Neutral}},
		{"the strongest speaks", []evidence.Finding{f(evidence.Strong, evidence.For), f(evidence.Conclusive, evidence.Against)}, Summary{evidence.Against, evidence.Conclusive}},
		{"as strong both ways", []evidence.Finding{f(evidence.Strong, evidence.For), f(evidence.Strong, evidence.Against)}, Summary{evidence.Neutral, evidence.Strong}},
		{"a neutral one does not outvote", []evidence.Finding{f(evidence.Weak, evidence.Neutral), f(evidence.Weak, evidence.For)}, Summary{evidence.For, evidence.Weak}},
		{"weaker ones do not count", []evidence.Finding{f(evidence.Strong, evidence.For), f(evidence.Weak, evidence.Against)}, Summary{evidence.For, evidence.Strong}},
	}
	for _, tt := range tests {
		if got := summarise([]ClaimFile{{Findings: tt.give}}); got != tt.want {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, tt.want)
		}
	}
}

func TestStrongerFirst(t *testing.T) {
	conclusive := evidence.Finding{Strength: evidence.Conclusive, FalseAlarm: 1e-6}
	surer := evidence.Finding{Strength: evidence.Conclusive, FalseAlarm: 1e-9}
	weak := evidence.Finding{Strength: evidence.Weak}
	for _, pair := range [][2]evidence.Finding{{conclusive, weak}, {surer, conclusive}} {
		if strongerFirst(pair[0], pair[1]) >= 0 || strongerFirst(pair[1], pair[0]) <= 0 {
			t.Errorf("%+v does not come before %+v", pair[0], pair[1])
		}
	}
}

// TestInspectSidecar: Content Credentials may lie beside a picture, in a file
// of its name with the ending .c2pa.
func TestInspectSidecar(t *testing.T) {
	dir := t.TempDir()
	picture := filepath.Join(dir, "photo.png")
	writePicture(t, picture, 9)
	inspect := func() *c2pa.Summary {
		got, _, err := Inspect(context.Background(), []string{picture}, nil, Options{})
		if err != nil || len(got.Claim) != 1 {
			t.Fatalf("%+v, %v", got, err)
		}
		return got.Claim[0].C2PA
	}
	if s := inspect(); s != nil {
		t.Errorf("credentials from nowhere: %+v", s)
	}
	// A store without manifests is the shortest there is.
	store := []byte("\x00\x00\x00\x26jumb\x00\x00\x00\x1ejumdc2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71\x03c2pa\x00")
	if err := os.WriteFile(filepath.Join(dir, "photo.c2pa"), store, 0o600); err != nil {
		t.Fatal(err)
	}
	if s := inspect(); s == nil || s.Problem != "the store holds no manifest" {
		t.Errorf("what lies beside the picture is not read: %+v", s)
	}
}
