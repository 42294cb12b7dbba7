package eval

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/report"
	"github.com/evenhand/evenhand/screening/detector"
)

// byWidth scores a picture by its width: 100 pixels are 1.
type byWidth struct{}

func (byWidth) Score(_ context.Context, p *imaging.Picture) (float64, error) {
	if p.Height == 13 {
		return 0, &detector.Error{File: "card.json", Text: evidence.Text{EN: "unlucky", ZH: "不吉利"}}
	}
	return float64(p.Width) / 100, nil
}

// widths lays pictures of these widths out.
func widths(t *testing.T, dir string, files map[string]int) {
	t.Helper()
	for name, w := range files {
		writePNG(t, filepath.Join(dir, name), w, 10, nil)
	}
}

func TestMeasureDetectorOnLabelledFolders(t *testing.T) {
	dir := t.TempDir()
	files := map[string]int{"edited/one.png": 300, "edited/two.png": 310, "edited/b/three.png": 320, "honest/.hidden.png": 999}
	for i := range 120 {
		files[fmt.Sprintf("honest/%d/%d.png", i/2, i)] = 20 + i
	}
	widths(t, dir, files)
	// The same picture as an honest one, and one that cannot be asked about.
	writePNG(t, filepath.Join(dir, "edited/again.png"), 20, 10, nil)
	writePNG(t, filepath.Join(dir, "edited/unlucky.png"), 77, 13, nil)
	if err := os.WriteFile(filepath.Join(dir, "honest/words.txt"), []byte("words"), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := MeasureDetector(t.Context(), []string{dir}, &detector.Card{Name: "net", Version: "1"}, byWidth{}, Options{}, "2026-11-29")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]Counted{{120, 60}, {3, 3}}, []Counted{got.Honest, got.Edited}); d != "" {
		t.Errorf("pictures (-want +got):\n%s", d)
	}
	if got.Ranked != 1 || len(got.Errors) != 2 || got.Strongest != evidence.Note {
		t.Errorf("ranked %v, strongest %s, errors %+v", got.Ranked, got.Strongest, got.Errors)
	}
	for _, at := range got.At {
		if at.Threshold != nil || at.Found.Count != 0 {
			t.Errorf("60 sources bound a rate of %v: %+v", at.Rate, at)
		}
	}
	k := got.Calibration()
	if detector.Pictures(k.Honest) != 120 || len(k.Honest) != 60 || k.Measured != "2026-11-29" || math.Abs(k.Rate(2)-1.0/61) > 1e-12 {
		t.Errorf("calibration of %d pictures, %d sources, rate %v", detector.Pictures(k.Honest), len(k.Honest), k.Rate(2))
	}
}

func TestMeasureDetectorOnPairs(t *testing.T) {
	dir := bench(t, map[string]int{"same/1-a": 90, "hard/2-a": 95, "other/3-b": -9})
	for i, name := range []string{"same/1-a", "hard/2-a", "other/3-b"} {
		writePNG(t, filepath.Join(dir, name, "reference.png"), 200+i, 150, nil)
	}
	got, err := MeasureDetector(t.Context(), []string{dir}, &detector.Card{Name: "net", Version: "1"}, byWidth{}, Options{}, "")
	if err != nil {
		t.Fatal(err)
	}
	if got.Honest.Pictures != 4 || got.Edited.Pictures != 2 || got.Ranked != 1 {
		t.Errorf("%+v", got)
	}
}

func TestMeasureDetectorNeedsBoth(t *testing.T) {
	dir := t.TempDir()
	widths(t, dir, map[string]int{"honest/1.png": 20})
	_, err := MeasureDetector(t.Context(), []string{dir}, &detector.Card{}, byWidth{}, Options{}, "")
	if layout, ok := errors.AsType[*LayoutError](err); !ok || !strings.Contains(layout.Text.EN, "both honest and edited") || layout.Text.ZH == "" {
		t.Errorf("error %v", err)
	}
}

// What a detector is called fit for, and what the table says, from scores.
func TestDetectorTable(t *testing.T) {
	make := func(honest, edited int, edge float64) *DetectorReport {
		var all []scored
		var h, e [][]float64
		for i := range honest {
			s := float64(i) / float64(honest)
			all, h = append(all, scored{labelled{source: fmt.Sprint("h", i)}, s, nil, true}), append(h, []float64{s})
		}
		for i := range edited {
			s := edge + float64(i)/float64(edited)
			all, e = append(all, scored{labelled{source: fmt.Sprint("e", i), edited: true}, s, nil, true}), append(e, []float64{s})
		}
		r := &DetectorReport{Schema: DetectorSchema, Detector: "net", Version: "1", calibration: detector.NewCalibration(&detector.Card{}, "", h, e)}
		r.summarise(all)
		return r
	}
	for _, tt := range []struct {
		name           string
		honest, edited int
		edge           float64
		strongest      evidence.Strength
		says           string
	}{
		{"few", 50, 20, 2, evidence.Note, "notes alone"},
		{"some", 400, 20, 2, evidence.Weak, "can be weak: strong ones need 1000"},
		{"many", 1200, 20, 2, evidence.Strong, "can be strong"},
		{"no better than chance", 1200, 20, 0, evidence.Note, "notes alone"},
	} {
		r := make(tt.honest, tt.edited, tt.edge)
		if r.Strongest != tt.strongest {
			t.Errorf("%s: strongest %s, want %s", tt.name, r.Strongest, tt.strongest)
		}
		var en, zh strings.Builder
		if err := errors.Join(r.Terminal(&en, report.Style{Lang: "en"}), r.Terminal(&zh, report.Style{Lang: "zh"})); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(en.String(), tt.says) || strings.Contains(en.String()+zh.String(), "%!") || !strings.Contains(zh.String(), "检测器") {
			t.Errorf("%s: %s\n%s", tt.name, en.String(), zh.String())
		}
		for _, at := range r.At {
			if at.Told.Of != tt.honest || at.Told.Share > 3*at.Rate+0.005 {
				t.Errorf("%s: of %d honest ones %v are told at a rate of %v", tt.name, at.Told.Of, at.Told.Share, at.Rate)
			}
		}
	}
}

func TestRankedByHand(t *testing.T) {
	at := func(edited bool, s float64) scored { return scored{labelled{edited: edited}, s, nil, true} }
	for want, all := range map[float64][]scored{
		1: {at(false, 1), at(true, 2)}, 0: {at(false, 2), at(true, 1)}, 0.5: {at(false, 1), at(true, 1)},
		0.625: {at(false, 1), at(false, 3), at(true, 1), at(true, 4)}, // of four pairs: half, 0, 1, 1
	} {
		if got := ranked(all); got != want {
			t.Errorf("%v: ranked %v", want, got)
		}
	}
}
