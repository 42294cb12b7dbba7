package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/desk/sandbox"
	"github.com/evenhand/evenhand/screening"
	"github.com/evenhand/evenhand/screening/detector"
	"github.com/evenhand/evenhand/screening/detector/onnx/onnxtest"
)

// redness writes a detector whose answer is the mean of red, 0 to 1, with a card
// that names a calibration where calibrated.
func redness(t *testing.T, dir string, calibrated bool) string {
	t.Helper()
	model := onnxtest.File(
		onnxtest.Input("x", 1, 3, 8, 8), onnxtest.Output("y"), onnxtest.Weight("k", []int64{1, 3, 1, 1}, 1, 0, 0),
		onnxtest.Op("Conv", []string{"x", "k"}, "r"), onnxtest.Op("GlobalAveragePool", []string{"r"}, "y"),
	)
	return detectorFiles(t, dir, model, calibrated)
}

func detectorFiles(t *testing.T, dir string, model []byte, calibrated bool) string {
	t.Helper()
	sum := sha256.Sum256(model)
	card := map[string]any{
		"schema": detector.CardSchema, "name": "red", "version": "1", "model": "red.onnx", "sha256": hex.EncodeToString(sum[:]),
		"input":  map[string]any{"width": 8, "height": 8, "layout": "nchw", "colours": "rgb", "fit": "stretch"},
		"output": map[string]any{"index": 0, "function": "none", "high": "edited"},
	}
	if calibrated {
		card["calibration"] = "red.calibration.json"
	}
	data, err := json.Marshal(card)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "card.json")
	for file, content := range map[string][]byte{filepath.Join(dir, "red.onnx"): model, name: data} {
		if err := os.WriteFile(file, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return name
}

// reddish writes a picture of one colour.
func reddish(t *testing.T, path string, red uint8, w int) {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, 40))
	for i := range w * 40 {
		img.SetRGBA(i%w, i/w, color.RGBA{red, 90, 60, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func typed(t *testing.T, args ...string) (out, errOut string, status int) {
	t.Helper()
	var o, e bytes.Buffer
	a := &app{ctx: t.Context(), out: &o, errOut: &e, getenv: func(string) string { return "" }}
	status = run(a, args)
	return o.String(), e.String(), status
}

func inspected(t *testing.T, args ...string) (screening.Inspection, int) {
	t.Helper()
	out, errOut, status := typed(t, append([]string{"inspect", "--json"}, args...)...)
	var in screening.Inspection
	if err := json.Unmarshal([]byte(out), &in); err != nil {
		t.Fatalf("%v in %q, %q", err, out, errOut)
	}
	return in, status
}

// A detector from its file to its finding: in a process of its own, first not
// measured, then on 300 honest pictures and 20 edited ones.
func TestDetectorFromFileToFinding(t *testing.T) {
	dir := t.TempDir()
	claim := filepath.Join(dir, "claim.png")
	reddish(t, claim, 204, 50)
	in, status := inspected(t, "--detector", redness(t, dir, false), claim)
	if status != exitOK || len(in.Claim) != 1 || len(in.Claim[0].Findings) != 1 {
		t.Fatalf("status %d, %+v", status, in)
	}
	if f := in.Claim[0].Findings[0]; f.Code != "detector.red" || f.Strength != "note" || math.Abs(f.Measured["score"]-0.8) > 1e-6 || !strings.Contains(f.Text.EN, "proves nothing") {
		t.Errorf("not measured, it says %+v", f)
	}
	pictures := filepath.Join(dir, "pictures")
	for i := range 300 {
		reddish(t, filepath.Join(pictures, "honest", fmt.Sprintf("%d.png", i)), uint8(i%100), 50+i)
	}
	for i := range 20 {
		reddish(t, filepath.Join(pictures, "edited", fmt.Sprintf("%d.png", i)), uint8(220+i), 50)
	}
	card := redness(t, dir, false)
	out, errOut, status := typed(t, "eval", "--detector", card, pictures)
	if status != exitOK || !strings.Contains(out, "300 honest pictures of 300 sources, 20 edited ones of 20") || !strings.Contains(out, "can be weak") || !strings.Contains(errOut, "calibration") {
		t.Fatalf("status %d, printed %q, %q", status, out, errOut)
	}
	in, status = inspected(t, "--detector", redness(t, dir, true), claim)
	if f := in.Claim[0].Findings; status != exitOK || len(f) != 1 || f[0].Strength != "weak" || f[0].Stance != "against" || math.Abs(f[0].FalseAlarm-1.0/301) > 1e-9 {
		t.Errorf("measured, it says %+v", f)
	}
	// Measured again, by the card that names its calibration; fewer pictures do not
	// take its place, and neither does what stands for one.
	file := filepath.Join(dir, "red.calibration.json")
	calibration := func() string {
		t.Helper()
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	first := calibration()
	if _, errOut, status := typed(t, "eval", "--detector", redness(t, dir, true), pictures); status != exitOK || calibration() != first {
		t.Errorf("measured again: status %d, %q", status, errOut)
	}
	if err := os.WriteFile(filepath.Join(pictures, "honest", "README.txt"), []byte("words"), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, errOut, status := typed(t, "eval", "--detector", redness(t, dir, true), "--json", pictures); status != exitOK || !strings.Contains(errOut, "README.txt") || !json.Valid([]byte(out)) {
		t.Errorf("with words among the pictures: status %d, %q", status, errOut)
	}
	few := filepath.Join(dir, "few")
	reddish(t, filepath.Join(few, "honest", "1.png"), 3, 50)
	reddish(t, filepath.Join(few, "edited", "1.png"), 230, 50)
	if _, errOut, status := typed(t, "eval", "--detector", redness(t, dir, true), few); status != exitBadInput || calibration() != first || !strings.Contains(errOut, "of more pictures (300 honest, 20 edited; now 1 and 1)") {
		t.Errorf("fewer pictures: status %d, %q", status, errOut)
	}
	if _, errOut, status := typed(t, "eval", "--detector", redness(t, dir, true), "--calibration", claim, pictures); status != exitBadInput || !strings.Contains(errOut, "is no calibration") {
		t.Errorf("a photo in the calibration's place: status %d, %q", status, errOut)
	}
	if _, _, status := typed(t, "eval", "--detector", redness(t, dir, true), "--replace", few); status != exitOK || calibration() == first {
		t.Errorf("fewer pictures, on request: status %d", status)
	}
	if err := os.WriteFile(file, []byte(first), 0o644); err != nil {
		t.Fatal(err)
	}
	ordinary := filepath.Join(dir, "ordinary.png")
	reddish(t, ordinary, 40, 50)
	if in, _ := inspected(t, "--detector", redness(t, dir, true), ordinary); len(in.Claim[0].Findings) != 0 {
		t.Errorf("an ordinary picture: %+v", in.Claim[0].Findings)
	}
}

// A detector that is no good costs its own answer: the pictures are inspected,
// and it is told.
func TestDetectorThatFailsCostsItsAnswerAlone(t *testing.T) {
	dir := t.TempDir()
	claim := filepath.Join(dir, "claim.png")
	reddish(t, claim, 204, 50)
	loop := onnxtest.File(onnxtest.Input("x"), onnxtest.Output("y"), onnxtest.Op("Loop", []string{"x"}, "y", onnxtest.Message(5, onnxtest.Message(6))))
	in, status := inspected(t, "--detector", detectorFiles(t, dir, loop, false), claim)
	if status != exitBadInput || len(in.Claim) != 1 || len(in.Errors) != 1 {
		t.Fatalf("status %d, %+v", status, in)
	}
	if e := in.Errors[0]; e.File != claim || !strings.Contains(e.Text.EN, "A detector gave no answer: card.json: ") || !strings.Contains(e.Text.EN, "a graph within a graph") || !strings.Contains(e.Text.ZH, "循环") {
		t.Errorf("told %+v", e)
	}
	if out, errOut, status := typed(t, "inspect", "--detector", filepath.Join(dir, "nothing.json"), claim); status != exitBadInput || out != "" || !strings.Contains(errOut, "nothing.json") {
		t.Errorf("no card: status %d, printed %q, %q", status, out, errOut)
	}
	if _, errOut, status := typed(t, "eval", "--detector", filepath.Join(dir, "card.json"), dir); status != exitBadInput || !strings.Contains(errOut, "a graph within a graph") {
		t.Errorf("measuring it: status %d, %q", status, errOut)
	}
}

// A detector that answers no longer leaves the calibration that is there, and what
// it did say is kept for when it is mended.
func TestDetectorThatGivesUpWritesNothing(t *testing.T) {
	dir := t.TempDir()
	// Its answer is a logarithm: a picture without red has none.
	model := onnxtest.File(
		onnxtest.Input("x", 1, 3, 8, 8), onnxtest.Output("y"), onnxtest.Weight("k", []int64{1, 3, 1, 1}, 1, 0, 0),
		onnxtest.Op("Conv", []string{"x", "k"}, "r"), onnxtest.Op("GlobalAveragePool", []string{"r"}, "p"), onnxtest.Op("Log", []string{"p"}, "y"),
	)
	card, pictures := detectorFiles(t, dir, model, true), filepath.Join(dir, "pictures")
	for i := range 10 {
		reddish(t, filepath.Join(pictures, "honest", fmt.Sprintf("%d.png", i)), uint8(max(0, 3-i)*20), 50+i)
	}
	reddish(t, filepath.Join(pictures, "edited", "1.png"), 220, 50)
	file := filepath.Join(dir, "red.calibration.json")
	good := `{"schema":"evenhand.detector-calibration/1","honest":[[0.1]],"edited":[]}`
	if err := os.WriteFile(file, []byte(good), 0o644); err != nil {
		t.Fatal(err)
	}
	out, errOut, status := typed(t, "eval", "--detector", card, "-j", "1", "--json", pictures)
	data, err := os.ReadFile(file)
	if err != nil || string(data) != good || status != exitBadInput {
		t.Errorf("status %d, and the calibration is %s, %v", status, data, err)
	}
	for _, says := range []string{"3.png: its answer is no number", "no calibration is written", "3 scores are kept"} {
		if !strings.Contains(errOut, says) {
			t.Errorf("it does not say %q: %q", says, errOut)
		}
	}
	if !strings.Contains(out, `"gave_up": true`) {
		t.Errorf("printed %s", out)
	}
	if _, err := os.Stat(file + ".part"); err != nil {
		t.Error(err)
	}
}

// The claims desk asks measured detectors alone, and says so before it begins.
func TestServeAsksMeasuredDetectorsAlone(t *testing.T) {
	dir := t.TempDir()
	_, errOut, status := typed(t, "serve", "--data", filepath.Join(dir, "data"), "--listen", "127.0.0.1:0", "--detector", redness(t, dir, false))
	if status != exitBadInput || !strings.Contains(errOut, "card.json: it was not measured") {
		t.Errorf("not measured: status %d, %q", status, errOut)
	}
	if _, err := os.Stat(filepath.Join(dir, "data")); err == nil {
		t.Error("the desk was opened all the same")
	}
	a := &app{ctx: t.Context(), errOut: io.Discard, getenv: func(string) string { return "" }}
	card := redness(t, dir, true)
	c, err := detector.ReadCard(card)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(detector.NewCalibration(c, "2026-11-29", [][]float64{{0.1}}, nil))
	if err == nil {
		err = os.WriteFile(c.CalibrationFile(), data, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	all, end, err := a.measuredDetectors([]string{card}, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil || len(all) != 1 || all[0].Name() != "red" || len(all[0].Identity()) != 16 || !strings.Contains(log.String(), "detector=red") {
		t.Fatalf("measured: %v, %d, %s", err, len(all), log.String())
	}
	end()
}

// Options that would be passed over beside others are refused.
func TestOptionsThatDoNotGoTogether(t *testing.T) {
	dir := t.TempDir()
	card := redness(t, dir, false)
	for _, args := range [][]string{
		{"--calibration", "k.json", dir},
		{"--replace", dir},
		{"--references", dir},
		{"--detector", card, "--cases", dir},
		{"--detector", card, "--misses", dir},
		{"--detector", card, "--by-source", dir},
		{"--detector", card, "--seed", "1", dir},
		{"--report", "r.json", "--travel", "2"},
		{"--report", "r.json", "--seed", "1"},
		{"--report", "r.json", "-j", "2"},
	} {
		if _, errOut, status := typed(t, append([]string{"eval"}, args...)...); status != exitBadInput || !strings.Contains(errOut, "--") {
			t.Errorf("%v: status %d, %q", args, status, errOut)
		}
	}
}

// The process ends when it is let go of, whatever it does, and leaves nothing.
func TestDetectorProcessEnds(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	box, err := sandbox.New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p, err := launch(context.Background(), box, self, 64<<20)
	if err != nil {
		t.Fatal(err)
	}
	read := make(chan error, 1)
	go func() { _, err := p.Read(make([]byte, 1)); read <- err }()
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if err := <-read; err == nil {
		t.Error("an answer came of a process that was asked nothing")
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
