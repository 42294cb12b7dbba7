package detector

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/evidence"
)

func TestRateByHand(t *testing.T) {
	k := NewCalibration(&Card{}, "", [][]float64{{0.9, 0.1}, {0.5}, {0.2, 0.2, 0.2, 0.8}}, [][]float64{{0.9}, {0.95, 0.3}, nil})
	for score, want := range map[float64]float64{
		1: 1.0 / 4, 0.9: (1 + 0.5) / 4, 0.8: (1 + 0.5 + 0.25) / 4, 0.5: (1 + 0.5 + 1 + 0.25) / 4, 0: 1,
	} {
		if got := k.Rate(score); math.Abs(got-want) > 1e-12 {
			t.Errorf("rate of %v: %v, want %v", score, got, want)
		}
	}
	if share, low := k.Found(0.9); math.Abs(share-0.75) > 1e-12 || low <= 0 || low >= share {
		t.Errorf("found %v, at least %v", share, low)
	}
	if at, ok := k.Threshold(0.4); !ok || at <= 0.8 || at > 0.9 {
		t.Errorf("threshold for 0.4: %v, %v", at, ok)
	}
	if at, ok := k.Threshold(0.1); ok {
		t.Errorf("three sources bound a rate of 0.1: from %v", at)
	}
}

// Among honest pictures of sources like those measured, a rate of at most a
// comes up at most that often, whatever the pictures of a source have in common.
func TestRateHoldsWhatItPromises(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	source := func() []float64 {
		common, n := rng.NormFloat64(), 1+rng.IntN(6)
		out := make([]float64, n)
		for i := range out {
			out[i] = 2*common + rng.NormFloat64()
		}
		return out
	}
	const runs = 4000
	for _, a := range []float64{0.05, 0.2} {
		hits, naive := 0, 0
		for range runs {
			honest := make([][]float64, 25)
			all, higher := 0, 0
			next := source()
			for i := range honest {
				honest[i] = source()
				for _, s := range honest[i] {
					all++
					if s >= next[0] {
						higher++
					}
				}
			}
			if NewCalibration(&Card{}, "", honest, nil).Rate(next[0]) <= a {
				hits++
			}
			if float64(higher)/float64(all) <= a {
				naive++
			}
		}
		if share, bound := float64(hits)/runs, a+3*math.Sqrt(a*(1-a)/runs); share > bound {
			t.Errorf("a rate of at most %v came up %v of the time", a, share)
		}
		if a == 0.05 && float64(naive)/runs <= a+3*math.Sqrt(a*(1-a)/runs) {
			t.Errorf("the plain share held too (%v): this test shows nothing", float64(naive)/runs)
		}
	}
}

// scores lays out n sources of a picture each, from low up to high.
func scores(n int, low, high float64) (out [][]float64) {
	for i := range n {
		out = append(out, []float64{low + (high-low)*float64(i)/float64(n)})
	}
	return out
}

func TestWhatAnAnswerIsWorth(t *testing.T) {
	one := func(n int, s float64) (out []float64) {
		for range n {
			out = append(out, s)
		}
		return out
	}
	tests := []struct {
		name           string
		honest, edited [][]float64
		uncalibrated   bool
		score          float64
		want           evidence.Strength // "" where nothing is told
		stance         evidence.Stance
	}{
		{"not measured", nil, nil, true, 0.99, evidence.Note, evidence.Neutral},
		{"999 honest pictures", scores(999, 0, 0.5), scores(50, 0.6, 1), false, 0.7, evidence.Weak, evidence.Against},
		{"1000 honest pictures", scores(1000, 0, 0.5), scores(50, 0.6, 1), false, 0.7, evidence.Strong, evidence.Against},
		{"1000 pictures of one source", [][]float64{one(1000, 0.1)}, scores(50, 0.6, 1), false, 0.7, "", ""},
		{"1000 pictures of 200 sources", func() (out [][]float64) {
			for range 200 {
				out = append(out, one(5, 0.1))
			}
			return out
		}(), scores(50, 0.6, 1), false, 0.7, evidence.Weak, evidence.Against},
		{"an everyday score", scores(2000, 0, 0.5), scores(50, 0.6, 1), false, 0.4, "", ""},
		{"rarer than one in a hundred", scores(2000, 0, 1), scores(50, 0.9, 1), false, 0.995, evidence.Note, evidence.Neutral},
		{"as rare, and common among edits", scores(2000, 0, 1), scores(50, 0.995, 1), false, 0.995, evidence.Weak, evidence.Against},
		{"no edit was measured", scores(2000, 0, 0.5), nil, false, 0.7, evidence.Note, evidence.Neutral},
		{"edits score no higher", scores(2000, 0, 0.5), scores(50, 0, 0.5), false, 0.7, evidence.Note, evidence.Neutral},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := &Detector{Card: &Card{Name: "net", Version: "3"}}
			if !tt.uncalibrated {
				d.Calibration = NewCalibration(d.Card, "2026-11-29", tt.honest, tt.edited)
			}
			f, told := d.finding(tt.score)
			if told != (tt.want != "") {
				t.Fatalf("told %v: %+v", told, f)
			}
			if !told {
				return
			}
			if f.Code != "detector.net" || f.Strength != tt.want || f.Stance != tt.stance || f.Text.EN == "" || f.Text.ZH == "" || f.Measured["score"] != tt.score {
				t.Errorf("%+v, want %s", f, tt.want)
			}
			if d.Calibration != nil && (f.FalseAlarm <= 0 || f.FalseAlarm > WeakRate) {
				t.Errorf("false alarm %v", f.FalseAlarm)
			}
		})
	}
}

// A calibration holds for the network, the version and the settings that it was
// made with, and for no other.
func TestCalibrationIsOfThisVeryDetector(t *testing.T) {
	base := cardFor(t, brightness(), nil)
	card, err := ReadCard(base)
	if err != nil {
		t.Fatal(err)
	}
	good := NewCalibration(card, "2026-11-29", scores(20, 0, 1), scores(5, 0.5, 1))
	for _, tt := range []struct {
		name   string
		change func(c map[string]any)
		mend   func(k *Calibration)
		ok     bool
	}{
		{"as it was", func(map[string]any) {}, func(*Calibration) {}, true},
		{"another place for the answer", func(c map[string]any) { c["seconds"] = 5 }, func(*Calibration) {}, true},
		{"another version", func(c map[string]any) { c["version"] = "1.3" }, func(*Calibration) {}, false},
		{"another fit", func(c map[string]any) { c["input"].(map[string]any)["fit"] = "crop" }, func(*Calibration) {}, false},
		{"scores out of order", func(map[string]any) {}, func(k *Calibration) { k.Honest = [][]float64{{0.9, 0.1}} }, false},
		{"an empty source", func(map[string]any) {}, func(k *Calibration) { k.Edited = [][]float64{{}} }, false},
	} {
		file := cardFor(t, brightness(), func(c map[string]any) { tt.change(c); c["calibration"] = "k.json" })
		k := *good
		tt.mend(&k)
		data, err := json.Marshal(k)
		if err == nil {
			err = os.WriteFile(filepath.Join(filepath.Dir(file), "k.json"), data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
		d, err := Open(file, network())
		if (err == nil) != tt.ok || err == nil && d.Calibration == nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if said, known := err.(*Error); err != nil && (!known || !strings.HasSuffix(said.File, "k.json")) {
			t.Errorf("%s: blames %v", tt.name, err)
		}
	}
}

// What we compute ourselves is in the settings: a calibration of an earlier way of
// computing is refused as one of another network is.
func TestEngineIsInTheSettings(t *testing.T) {
	c := &Card{Name: "net", Version: "1", SHA256: "00", Input: Input{Width: 4, Height: 4, Fit: "centre"}}
	data, err := json.Marshal(map[string]any{"Engine": engine})
	if err != nil || engine < 2 {
		t.Fatal(engine, err)
	}
	told := strings.TrimSuffix(string(data), "}")
	rest, err := json.Marshal(struct {
		Name, Version, SHA256 string
		Input                 Input
		Output                Output
	}{c.Name, c.Version, c.SHA256, c.Input, c.Output})
	if err != nil {
		t.Fatal(err)
	}
	if want := sha256.Sum256([]byte(told + "," + string(rest[1:]))); c.Settings() != hex.EncodeToString(want[:]) {
		t.Error("the settings do not hold the engine's number")
	}
}
