package detector

import (
	"os"
	"strings"
	"testing"
)

// Whatever the bytes, a card is refused in both languages or is within its bounds.
func FuzzCard(f *testing.F) {
	data, err := os.ReadFile(cardFor(f, brightness(), nil))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(strings.Replace(string(data), "stretch", "centre", 1)))
	f.Add([]byte(`{"schema":"evenhand.detector/1","input":{"width":-1},"widht":3}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := parseCard("card.json", data)
		if said, known := err.(*Error); err != nil && (!known || said.Text.EN == "" || said.Text.ZH == "" || len(said.Text.EN) > 2000) {
			t.Fatalf("refused with %v", err)
		}
		if err == nil && (max(c.Input.Width, c.Input.Height) > maxSide || c.Memory < 16 || c.Output.Index < 0 || c.Settings() == "") {
			t.Fatalf("taken: %+v", c)
		}
	})
}

// Whatever the bytes, a calibration is refused or gives rates that are shares.
func FuzzCalibration(f *testing.F) {
	f.Add([]byte(`{"schema":"evenhand.detector-calibration/1","honest":[[0.1,0.5],[0.7]],"edited":[[0.9]]}`), 0.5)
	f.Add([]byte(`{"schema":"evenhand.detector-calibration/1","honest":[[-1e308,1e308]],"edited":[]}`), 1e308)
	f.Add([]byte(`{"schema":"evenhand.detector-calibration/1"}`), 0.0)
	f.Fuzz(func(t *testing.T, data []byte, score float64) {
		k, err := parseCalibration("k.json", data)
		if err != nil {
			if _, known := err.(*Error); !known {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		share, low := k.Found(score)
		if r := k.Rate(score); !(r > 0 && r <= 1) || !(share >= 0 && share <= 1) || !(low >= 0 && low <= share+1e-9) {
			t.Fatalf("rate %v, found %v, at least %v", r, share, low)
		}
		if at, ok := k.Threshold(WeakRate); ok && k.Rate(at) > WeakRate {
			t.Fatalf("from %v the rate is %v", at, k.Rate(at))
		}
	})
}
