package eval

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestBadLayoutsSayWhatToDo(t *testing.T) {
	tests := []struct {
		name, folder, says string
		files              []string // a name ending in / is a folder
	}{
		{"neither set", ".", "neither same/ nor other/", []string{"pairs/a/claim.jpg"}},
		{"no such folder", ".", "no such folder", nil},
		{"no pairs", ".", "no pair in it", []string{"same/"}},
		{"no reference", "same/1-a", "no reference picture", []string{"same/1-a/claim.jpg"}},
		{"no claim", "other/1-a", "no claim picture", []string{"other/1-a/reference.jpg"}},
		{"two claims", "same/1-a", "2 files named claim", []string{"same/1-a/reference.jpg", "same/1-a/claim.jpg", "same/1-a/claim.png"}},
		{"a loose file", "same/claim.jpg", "not a folder", []string{"same/claim.jpg"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "bench")
			for _, f := range tt.files {
				touch(t, filepath.Join(dir, f), strings.HasSuffix(f, "/"))
			}
			_, err := collect([]string{dir})
			layout, ok := errors.AsType[*LayoutError](err)
			if !ok {
				t.Fatalf("error %v", err)
			}
			if want := filepath.Join(dir, tt.folder); layout.Folder != want {
				t.Errorf("blames %s, want %s", layout.Folder, want)
			}
			if !strings.Contains(layout.Text.EN, tt.says) || layout.Text.ZH == "" {
				t.Errorf("says %+v, want %q", layout.Text, tt.says)
			}
		})
	}
}

func touch(t *testing.T, path string, folder bool) {
	t.Helper()
	if folder {
		path = filepath.Join(path, ".keep")
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte("x"), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func TestAllLayoutProblemsAreTold(t *testing.T) {
	dir := t.TempDir()
	touch(t, filepath.Join(dir, "same/1-a/claim.jpg"), false)
	touch(t, filepath.Join(dir, "same/2-a/claim.jpg"), false)
	_, err := collect([]string{dir})
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || len(joined.Unwrap()) != 2 {
		t.Errorf("error %v, want two problems", err)
	}
}

func TestKindOf(t *testing.T) {
	for name, want := range map[string]string{
		"012-print": "print", "7_crop-third": "crop-third", "print": "print", "12": "12",
		"0001-painted+mix": "painted+mix", "3 box": "box", "4-": "4-",
	} {
		if got := kindOf(name); got != want {
			t.Errorf("kindOf(%q) = %q, want %q", name, got, want)
		}
	}
}

// The Wilson intervals are those of Brown, Cai and DasGupta's formula worked
// out by hand; the zero bounds are 1 - 0.05^(1/n).
func TestRateOf(t *testing.T) {
	tests := []struct {
		k, n            int
		low, high, zero float64
	}{
		{8, 10, 0.4902, 0.9433, 0}, {10, 10, 0.7225, 1, 0}, {0, 10, 0, 0.2775, 0.2589}, {0, 300, 0, 0.0126, 0.0099}, {0, 0, 0, 1, 0},
	}
	for _, tt := range tests {
		r := rateOf(tt.k, tt.n)
		if math.Abs(r.Low-tt.low) > 1e-4 || math.Abs(r.High-tt.high) > 1e-4 || math.Abs(r.ZeroBound-tt.zero) > 1e-4 {
			t.Errorf("%d of %d: %+v, want %v to %v, zero bound %v", tt.k, tt.n, r, tt.low, tt.high, tt.zero)
		}
	}
}

func TestRateHoldsItsShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5000).Draw(t, "n")
		k := rapid.IntRange(0, n).Draw(t, "k")
		r := rateOf(k, n)
		if !(0 <= r.Low && r.Low <= r.Share && r.Share <= r.High && r.High <= 1) {
			t.Fatalf("%d of %d: %+v", k, n, r)
		}
		if k > 0 && rateOf(k-1, n).High > r.High {
			t.Fatalf("%d of %d: fewer hits give a higher bound", k, n)
		}
	})
}
