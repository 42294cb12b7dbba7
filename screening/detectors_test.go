package screening

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/screening/detector"
	"github.com/evenhand/evenhand/text"
)

// said is a detector that says the same of every picture.
type said struct {
	finding evidence.Finding
	told    bool
	err     error
}

func (s said) Look(context.Context, *imaging.Picture) (evidence.Finding, bool, error) {
	return s.finding, s.told, s.err
}

// Each claim picture goes to each detector, references to none. What one finds
// stands in the order of strength; that another gives no answer is told and
// costs nothing else.
func TestInspectAsksDetectors(t *testing.T) {
	dir := t.TempDir()
	claims := []string{filepath.Join(dir, "a.png"), filepath.Join(dir, "b.png")}
	reference := filepath.Join(dir, "listing.png")
	for i, name := range append(claims, reference) {
		writePicture(t, name, uint8(10*i))
	}
	finding := func(name string, s evidence.Strength) evidence.Finding {
		return evidence.Finding{Code: evidence.Code("detector." + name), Strength: s, Stance: evidence.Against}
	}
	in, _, err := Inspect(t.Context(), claims, []string{reference}, Options{Detectors: []Detector{
		said{finding: finding("faint", evidence.Note), told: true},
		said{finding: finding("clear", evidence.Weak), told: true},
		said{finding: finding("silent", evidence.Strong)},
		said{err: &detector.Error{File: "cards/mute.json", Text: text.Text{EN: "its process ended", ZH: "进程已结束"}}},
		said{err: errors.New("odd")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range in.Claim {
		if c.File != claims[i] || len(c.Findings) != 2 || c.Findings[0].Code != "detector.clear" || c.Findings[1].Code != "detector.faint" {
			t.Errorf("%s: %+v", c.File, c.Findings)
		}
	}
	if len(in.Claim) != 2 || len(in.Errors) != 4 || in.Summary.Strength != evidence.Weak {
		t.Fatalf("%d pictures, errors %+v, summary %+v", len(in.Claim), in.Errors, in.Summary)
	}
	first := in.Errors[0]
	if first.File != claims[0] || first.Text.EN != "A detector gave no answer: mute.json: its process ended" || !strings.Contains(first.Text.ZH, "mute.json：进程已结束") {
		t.Errorf("told %+v", first)
	}
}
