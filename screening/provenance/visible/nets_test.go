package visible

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/evenhand/evenhand/imaging"
)

// TestNetsAsTrained: what Go computes is what the training program computed
// from the same weights, on a picture that both draw by a formula.
func TestNetsAsTrained(t *testing.T) {
	data, err := os.ReadFile("testdata/parity.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Score, Size, Read []float64
		Best              []int
	}
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	p := imaging.NewPlane(96, 32)
	for y := range p.Height {
		for x := range p.Width {
			p.Row(y)[x] = float32((x*x*3 + y*17 + x*y*5) % 256)
		}
	}
	n := trained()
	cells := n.finder.net.run(level(p, finderRadius, finderRadius))
	near(t, "score", cells.plane(0), want.Score)
	near(t, "size", cells.plane(1), want.Size)
	line := n.reader.read(p)
	near(t, "column 20", line[20][:], want.Read)
	for i, c := range want.Best {
		if got := top(line[i]); got != c {
			t.Errorf("column %d reads as class %d, want %d", i, got, c)
		}
	}
}

func near(t *testing.T, name string, got []float32, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", name, len(got), len(want))
	}
	for i, v := range got {
		if math.Abs(float64(v)-want[i]) > 2e-3*(1+math.Abs(want[i])) {
			t.Errorf("%s: number %d is %v, want %v", name, i, v, want[i])
		}
	}
}

func top(column [classCount]float32) int {
	best := 0
	for c, v := range column {
		if v > column[best] {
			best = c
		}
	}
	return best
}

// TestBrokenWeights: a file cut short is an error, not a net of zeros.
func TestBrokenWeights(t *testing.T) {
	if _, _, err := unpack(finderShapes, weightsFile[:500]); err == nil {
		t.Error("500 bytes were taken for the finder")
	}
}

// TestLexiconIsKnown: the reader knows every letter of the labels; of the
// denials' it may miss some.
func TestLexiconIsKnown(t *testing.T) {
	if n := len([]rune(classesFile)) - 1 + 2; n != classCount {
		t.Errorf("classes.txt makes %d classes, the reader has %d", n, classCount)
	}
	for _, p := range lexicon() {
		for _, k := range p.keys {
			if k < 2 && !p.denied {
				t.Errorf("%s has a letter that the reader does not know", p.words)
			}
		}
	}
}
