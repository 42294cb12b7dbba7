package examine

import (
	"context"
	"errors"
	"image"
	"image/color"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/text"
)

// asked is a detector that counts how often it is asked, and answers as it is told.
type asked struct {
	identity string
	times    *int
	err      error
	broken   bool
}

func (a asked) Name() string     { return "net" }
func (a asked) Identity() string { return a.identity }

func (a asked) Look(context.Context, *imaging.Picture) (evidence.Finding, bool, error) {
	*a.times++
	if a.broken {
		panic("out of range")
	}
	f := evidence.Finding{
		Code: "detector.net", Strength: evidence.Weak, Stance: evidence.Against, FalseAlarm: 0.004,
		Text: text.Text{EN: "unlike the operator's honest pictures", ZH: "与诚实图片不同"},
	}
	return f, a.err == nil, a.err
}

// slope is a small picture that gets redder to the right.
func slope() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 160, 120))
	for i := range 160 * 120 {
		img.SetRGBA(i%160, i/160, color.RGBA{uint8(i % 160), uint8(i / 160), 90, 255})
	}
	return img
}

// A buyer's photo is put to the operator's detectors once for each that they are; a
// shop's is not.
func TestOperatorsDetectorsAreAsked(t *testing.T) {
	r := newRoom(t, "-")
	photo := encode(t, slope())
	it := r.file(t, evidence.Item{ID: "E1", ClaimID: "C1", OrderID: "O1"}, photo)
	shop := r.file(t, evidence.Item{ID: "L1", OrderID: "O1", Party: "merchant", Name: "listing.jpg"}, photo)
	times := 0
	for _, tt := range []struct {
		name  string
		d     asked
		asked int // in all
	}{{"new", asked{identity: "1"}, 1}, {"kept", asked{identity: "1"}, 1}, {"measured anew", asked{identity: "2"}, 2}} {
		tt.d.times = &times
		o := r.x.opts
		o.Detectors = []Detector{tt.d}
		r.x = New(o)
		s := r.examine(t, it)
		f := find(s, "detector.net")
		if f == nil || f.Strength != evidence.Weak || f.FalseAlarm != 0.004 || times != tt.asked || !strings.Contains(s.Detectors, "+net@"+tt.d.identity) {
			t.Errorf("%s: asked %d times, found %+v by %s", tt.name, times, f, s.Detectors)
		}
	}
	if s := r.examine(t, shop); find(s, "detector.net") != nil || times != 2 {
		t.Errorf("a shop's picture: asked %d times, %+v", times, s)
	}
}

// One that fails costs its answer alone, and is asked again.
func TestOperatorsDetectorsThatFail(t *testing.T) {
	r := newRoom(t, "-")
	it := r.file(t, evidence.Item{ID: "E1", ClaimID: "C1", OrderID: "O1"}, encode(t, slope()))
	times := 0
	plain := r.examine(t, it)
	for n, d := range []asked{{err: errors.New("it gave no answer within 90 s")}, {broken: true}} {
		d.identity, d.times = "1", &times
		o := r.x.opts
		o.Detectors = []Detector{d}
		r.x = New(o)
		s := r.examine(t, it)
		f := find(s, "detector.net")
		if f == nil || f.Strength != evidence.Note || f.Stance != evidence.Neutral || f.FalseAlarm != 0 || !strings.Contains(f.Text.EN, "says nothing about the photo") || f.Text.ZH == "" {
			t.Errorf("found %+v", f)
		}
		if s.Error != nil || len(s.Findings) != len(plain.Findings)+1 || times != n+1 {
			t.Errorf("asked %d times, error %v, %d findings", times, s.Error, len(s.Findings))
		}
	}
}
