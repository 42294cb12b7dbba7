package visible

import (
	"image"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
)

// plain is a picture of one colour.
func plain(width, height int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range m.Pix {
		m.Pix[i] = 90
		if i%4 == 3 {
			m.Pix[i] = 255
		}
	}
	return m
}

// TestLabelOnPlainGround: the simplest case, in each corner, with its place.
func TestLabelOnPlainGround(t *testing.T) {
	words := masks(t, "y")["y00-zen"]
	for corner := range 4 {
		l := look{height: 0.05, corner: corner, opacity: 0.9, quality: 85}
		p := lay(t, plain(900, 700), words, l)
		seen := Read(p)
		if len(seen) == 0 || !seen[0].Sure || seen[0].Words != "AI生成" {
			t.Errorf("corner %d: %+v", corner, seen)
			continue
		}
		r := seen[0].Where
		if right := r.X > 0.5; right != (corner&1 == 1) || r.Y > 0.5 != (corner&2 == 2) {
			t.Errorf("corner %d: the place is %+v", corner, r)
		}
		if r.Kind != evidence.Words || r.Width < 0.05 || r.Width > 0.4 || r.Height < 0.03 || r.Height > 0.1 {
			t.Errorf("corner %d: the place is %+v", corner, r)
		}
	}
}

// TestTurnedPicture: what counts is how the picture is shown.
func TestTurnedPicture(t *testing.T) {
	upright := lay(t, plain(900, 700), masks(t, "y")["y00-zen"], look{height: 0.06, corner: 3, opacity: 1, quality: 90})
	stored := image.NewRGBA(image.Rect(0, 0, 700, 900))
	for y := range 900 {
		for x := range 700 { // orientation 6: the stored picture's left is shown at the top
			stored.Set(x, y, upright.Stored.At(y, 699-x))
		}
	}
	p := &imaging.Picture{Format: "jpeg", Width: 900, Height: 700, Stored: stored, Orientation: 8}
	if seen := Read(p); len(seen) == 0 || !seen[0].Sure {
		t.Errorf("%+v", seen)
	}
}

// TestOddSizes: no size, shape or content makes the reader fail.
func TestOddSizes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	sizes := [][2]int{{1, 1}, {1, 4000}, {4000, 1}, {159, 159}, {160, 160}, {160, 3200}, {161, 3219}, {960, 160}, {961, 160}, {1100, 180}, {333, 777}, {200, 3999}}
	for range 8 {
		sizes = append(sizes, [2]int{1 + r.IntN(900), 1 + r.IntN(900)})
	}
	for _, s := range sizes {
		m := image.NewGray(image.Rect(0, 0, s[0], s[1]))
		for i := range m.Pix {
			m.Pix[i] = uint8(r.IntN(256))
		}
		p := &imaging.Picture{Format: "png", Width: s[0], Height: s[1], Stored: m, Orientation: 1}
		if seen := Read(p); len(seen) > 0 {
			t.Errorf("%v: noise reads as %+v", s, seen)
		}
	}
}

// TestFindings: clearly read words are strong, others weak, none are none; both
// languages name the words.
func TestFindings(t *testing.T) {
	if f := Findings(nil); f != nil || Sure(nil) {
		t.Errorf("%+v", f)
	}
	alone := Findings([]Seen{{Words: "AI", Bare: true}})
	if len(alone) != 1 || alone[0].Strength != evidence.Weak || !strings.Contains(alone[0].Text.EN, "shops") || !strings.Contains(alone[0].Text.ZH, "单独") {
		t.Errorf("%+v", alone)
	}
	for _, tt := range []struct {
		sure bool
		want evidence.Strength
	}{{true, evidence.Strong}, {false, evidence.Weak}} {
		seen := []Seen{{Words: "AI生成", Sure: tt.sure, Where: evidence.Region{Width: 0.1}}, {Words: "通义万相", Where: evidence.Region{X: 0.5}}}
		f := Findings(seen)
		if len(f) != 1 || f[0].Strength != tt.want || len(f[0].Regions) != 2 || f[0].Code != evidence.ProvenanceAIGCLabel || Sure(seen) != tt.sure {
			t.Errorf("%+v", f)
		}
		if !strings.Contains(f[0].Text.EN, "AI生成") || !strings.Contains(f[0].Text.ZH, "AI生成") {
			t.Errorf("%+v", f[0].Text)
		}
	}
}
