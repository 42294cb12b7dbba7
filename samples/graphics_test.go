package samples

import (
	"bytes"
	"image"
	"image/color"
	"testing"
)

// plainPhoto is a stand-in for a photo: one grey with a cross, so that what a
// template adds is all that differs.
func plainPhoto(level uint8) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 160, 120))
	for y := range 120 {
		for x := range 160 {
			img.SetRGBA(x, y, color.RGBA{level, level, level, 255})
		}
	}
	return img
}

func photos(level uint8) []image.Image {
	return []image.Image{plainPhoto(level), plainPhoto(level), plainPhoto(level)}
}

// TestTemplatesShareTheirGraphics: filled with other photos, a template draws
// the same graphics to the pixel; other fields change some of it, and another
// seed nearly all.
func TestTemplatesShareTheirGraphics(t *testing.T) {
	for _, kind := range TemplateKinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			draw := func(seed uint64, level uint8, fields uint64) *image.RGBA {
				img, err := Template{Kind: kind, Seed: seed, Width: 300}.Fill(photos(level), fields)
				if err != nil {
					t.Fatal(err)
				}
				return img
			}
			a := draw(5, 90, 1)
			if again := draw(5, 90, 1); !bytes.Equal(a.Pix, again.Pix) {
				t.Error("the same template, photos and fields drew two pictures")
			}
			if (Template{Kind: kind}).Photos() > 0 && kind != TemplateWatermark { // which is translucent
				if same := alike(a, draw(5, 160, 1)); same < 0.01 || same > 0.95 {
					t.Errorf("%.1f %% of the pixels are shared with other photos", 100*same)
				}
			}
			switch kind {
			case TemplateCollage, TemplateCode, TemplateWatermark, TemplateCaptions: // nothing is filled in
			default:
				if same := alike(a, draw(5, 90, 2)); same < 0.6 || same == 1 {
					t.Errorf("%.1f %% of the pixels are shared with other fields", 100*same)
				}
			}
			if other := draw(6, 90, 1); other.Rect == a.Rect && alike(a, other) == 1 {
				t.Error("another seed draws the same design")
			}
		})
	}
}

// alike is the share of pixels that are equal.
func alike(a, b *image.RGBA) float64 {
	n := 0
	for i := 0; i < len(a.Pix); i += 4 {
		if bytes.Equal(a.Pix[i:i+4], b.Pix[i:i+4]) {
			n++
		}
	}
	return float64(4*n) / float64(len(a.Pix))
}

func TestTemplatesRefuseNonsense(t *testing.T) {
	for _, c := range []struct {
		t      Template
		photos int
	}{
		{Template{Kind: "poster", Width: 300}, 3},
		{Template{Kind: TemplateLabel, Width: 8}, 0},
		{Template{Kind: TemplateLabel, Width: maxSide + 1}, 0},
		{Template{Kind: TemplateStamp, Width: 300}, 0},
		{Template{Kind: TemplateCollage, Width: 300}, 2},
	} {
		if _, err := c.t.Fill(photos(90)[:c.photos], 1); err == nil {
			t.Errorf("%+v with %d photos was drawn", c.t, c.photos)
		}
	}
	if _, _, err := Beside(plainPhoto(1), plainPhoto(2), 8, 1); err == nil {
		t.Error("a comparison of 8 pixels was drawn")
	}
}

// TestBesideHoldsTheListing: the place that is told shows the listing, and
// what was received is shown too.
func TestBesideHoldsTheListing(t *testing.T) {
	for seed := range uint64(24) {
		img, place, err := Beside(plainPhoto(60), plainPhoto(200), 400, seed)
		if err != nil {
			t.Fatal(err)
		}
		count := map[uint8]int{}
		for y := range img.Rect.Dy() {
			for x := range img.Rect.Dx() {
				in := image.Pt(x, y).In(place)
				v := img.RGBAAt(x, y).R
				if in && v != 60 {
					t.Fatalf("seed %d: level %d at (%d, %d), inside the listing's place %v", seed, v, x, y, place)
				}
				if !in && v != 60 {
					count[v]++
				}
			}
		}
		if share := float64(count[200]) / float64(len(img.Pix)/4); share < 0.2 {
			t.Errorf("seed %d: what was received covers %.2f of the picture", seed, share)
		}
	}
}
