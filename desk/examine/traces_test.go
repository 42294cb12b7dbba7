package examine

import (
	"image"
	"testing"

	"github.com/evenhand/evenhand/evidence"
)

// TestTraces: what a photo's pixels tell by themselves is among a screening's
// findings.
func TestTraces(t *testing.T) {
	r := newRoom(t, "-")
	m := image.NewGray(image.Rect(0, 0, 896, 1184))
	for i := range m.Pix {
		m.Pix[i] = uint8(i % 251)
	}
	s := r.examine(t, r.file(t, evidence.Item{ID: "sized", OrderID: "o1"}, encode(t, m)))
	if f := find(s, evidence.TraceModelSize); f == nil || f.Strength != evidence.Weak {
		t.Errorf("%+v", s)
	}
}
