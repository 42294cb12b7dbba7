package c2pa

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// testNow is when the tests take place; the test certificates are valid then.
var testNow = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

const shared = "../../../../shared/data/c2pa"

// sharedFiles returns the public test files, or skips.
func sharedFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(shared, "*.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("the public C2PA test files (../shared/data/c2pa) are not here")
	}
	return files
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// changedSince lists what the reference tool's reports of 2022 and 2023, which
// come with the public files, say otherwise than the tool does today (c2pa-rs
// 0.91.0-dev, 20 August 2026): docs/c2pa.md says why.
var changedSince = map[string][]string{
	"adobe-20220124-E-sig-CA.jpg": {"timeStamp.mismatch"}, // information since
}

// TestReferenceReports compares with the reference tool's own reports of its
// public test files. That tool judged no trust; neither do we here.
func TestReferenceReports(t *testing.T) {
	t.Logf("%-34s %-45s %s", "file", "expected", "got")
	for _, file := range sharedFiles(t) {
		reportFile := strings.TrimSuffix(file, ".jpg") + ".manifest.json"
		var want struct {
			Active    string                     `json:"active_manifest"`
			Manifests map[string]json.RawMessage `json:"manifests"`
			Statuses  []struct{ Code string }    `json:"validation_status"`
		}
		codes := []string{}
		if raw, err := os.ReadFile(reportFile); err == nil {
			if err := json.Unmarshal(raw, &want); err != nil {
				t.Fatal(err)
			}
			for _, s := range want.Statuses {
				codes = append(codes, s.Code)
			}
			slices.Sort(codes)
			codes = slices.DeleteFunc(codes, func(c string) bool { return slices.Contains(changedSince[filepath.Base(file)], c) })
		}
		r, err := Read(readFile(t, file), Options{Now: testNow})
		if want.Active == "" {
			if err != ErrNone {
				t.Errorf("%s: no manifest in the reference's report, got %v, %v", filepath.Base(file), r, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(file), err)
			continue
		}
		t.Logf("%-34s %-45v %v", filepath.Base(file), codes, r.Summary.Validation)
		if !slices.Equal(codes, r.Summary.Validation) {
			t.Errorf("%s: expected %v, got %+v", filepath.Base(file), codes, r.Statuses)
		}
		if r.Summary.Active != want.Active || r.Summary.Manifests != len(want.Manifests) {
			t.Errorf("%s: active %q of %d, want %q of %d", filepath.Base(file), r.Summary.Active, r.Summary.Manifests, want.Active, len(want.Manifests))
		}
		if r.Summary.Trusted || r.Summary.AI {
			t.Errorf("%s: trusted %v, ai %v without a trust list and without AI", filepath.Base(file), r.Summary.Trusted, r.Summary.AI)
		}
	}
}
