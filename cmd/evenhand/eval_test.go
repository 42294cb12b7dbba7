package main

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// evaluate runs "evenhand eval" and returns what it printed and its status.
func evaluate(ctx context.Context, args ...string) (out, errOut string, status int) {
	var o, e bytes.Buffer
	a := &app{ctx: ctx, out: &o, errOut: &e, getenv: func(string) string { return "" }}
	status = run(a, append([]string{"eval"}, args...))
	return o.String(), e.String(), status
}

// flatPair lays out a pair of plain grey pictures, which nothing ties together.
func flatPair(t *testing.T, folder string) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 160, 120))); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"reference.png", "claim.png"} {
		if err := os.WriteFile(filepath.Join(folder, name), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEvalPrintsTableAndJSON(t *testing.T) {
	dir := t.TempDir()
	flatPair(t, filepath.Join(dir, "other", "001-flat"))
	out, errOut, status := evaluate(t.Context(), dir)
	if status != exitOK || !strings.Contains(out, "flat") || errOut != "" {
		t.Errorf("status %d, printed %q, %q", status, out, errOut)
	}
	out, _, status = evaluate(t.Context(), "--json", "--travel", "1", "--cases", dir)
	var got struct {
		Schema string
		Done   int
		Cases  []struct{ Trip string }
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v in %q", err, out)
	}
	if status != exitOK || got.Schema != "evenhand.eval/1" || got.Done != 2 || len(got.Cases) != 2 || got.Cases[1].Trip == "" {
		t.Errorf("status %d, report %+v", status, got)
	}
}

func TestEvalTellsBadLayouts(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{{dir}, {filepath.Join(dir, "nowhere")}, {"--lang", "zh", dir}} {
		out, errOut, status := evaluate(t.Context(), args...)
		if status != exitBadInput || out != "" || !strings.Contains(errOut, args[len(args)-1]) {
			t.Errorf("%v: status %d, printed %q, %q", args, status, out, errOut)
		}
	}
	flatPair(t, filepath.Join(dir, "same", "001-flat"))
	claim := filepath.Join(dir, "same", "001-flat", "claim.png")
	if err := os.WriteFile(claim, []byte("words"), 0o644); err != nil {
		t.Fatal(err)
	}
	out, _, status := evaluate(t.Context(), dir)
	if status != exitBadInput || !strings.Contains(out, "001-flat") {
		t.Errorf("an unreadable claim: status %d, printed %q", status, out)
	}
	if _, _, status := evaluate(t.Context(), "--travel", "-1", dir); status != exitBadInput {
		t.Errorf("--travel -1: status %d", status)
	}
}

func TestEvalComparesVersions(t *testing.T) {
	dir := t.TempDir()
	flatPair(t, filepath.Join(dir, "other", "001-flat"))
	flatPair(t, filepath.Join(dir, "same", "002-flat"))
	out, _, status := evaluate(t.Context(), "--json", "--cases", dir)
	if status != exitOK {
		t.Fatalf("status %d: %s", status, out)
	}
	same, worse := filepath.Join(t.TempDir(), "same.json"), filepath.Join(t.TempDir(), "worse.json")
	// The earlier version found the copy.
	var report map[string]any
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	for name, strength := range map[string]string{same: "", worse: "strong"} {
		for _, c := range report["cases"].([]any) {
			if c := c.(map[string]any); c["set"] == "same" {
				c["strength"] = strength
			}
		}
		data, err := json.Marshal(report)
		if err == nil {
			err = os.WriteFile(name, data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if out, errOut, status := evaluate(t.Context(), "--against", same, dir); status != exitOK || !strings.Contains(out, "0 lost") {
		t.Errorf("beside its equal: status %d, printed %q, %q", status, out, errOut)
	}
	if out, errOut, status := evaluate(t.Context(), "--against", worse, dir); status != exitProblems || !strings.Contains(out, "1 lost") || !strings.Contains(out, "002-flat") {
		t.Errorf("a copy lost: status %d, printed %q, %q", status, out, errOut)
	}
	if out, _, status := evaluate(t.Context(), "--json", "--against", worse, "--report", same); status != exitProblems || !strings.Contains(out, `"lost": [`) {
		t.Errorf("two saved reports: status %d, printed %q", status, out)
	}
	for _, args := range [][]string{{}, {"--report", same, dir}, {"--against", filepath.Join(dir, "nothing.json"), dir}, {"--report", filepath.Join(dir, "same/002-flat/claim.png")}} {
		if out, errOut, status := evaluate(t.Context(), args...); status != exitBadInput || out != "" || errOut == "" {
			t.Errorf("%v: status %d, printed %q, %q", args, status, out, errOut)
		}
	}
}

func TestEvalStopped(t *testing.T) {
	dir := t.TempDir()
	flatPair(t, filepath.Join(dir, "same", "001-flat"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	out, _, status := evaluate(ctx, "--json", dir)
	if status != exitInterrupted || !strings.Contains(out, `"partial": true`) {
		t.Errorf("status %d, printed %q", status, out)
	}
}
