package examine

import (
	"image"
	"math"
	"testing"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/samples"
)

// mirror is img as a looking glass shows it.
func mirror(img *image.RGBA) *image.RGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			out.SetRGBA(x, y, img.RGBAAt(w-1-x, y))
		}
	}
	return out
}

// TestAlign lays listings over pictures whose place in them is known.
func TestAlign(t *testing.T) {
	r := newRoom(t, "-")
	img := photograph(t, samples.Listing(samples.Products()[0].Name, 3))
	ref := r.file(t, evidence.Item{ID: "L", OrderID: "O", Party: "merchant"}, encode(t, img))
	tests := []struct {
		name  string
		claim *image.RGBA
		want  [6]float64
	}{
		// The right and lower 80 % by 90 %: the listing's corner lies outside.
		{"a crop, smaller", crop(img, 0.8, 0.9, 0.75), [6]float64{1 / 0.8, 0, 0, 1 / 0.9, -0.25, -1 / 9.0}},
		{"mirrored", mirror(img), [6]float64{-1, 0, 0, 1, 1, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			it := r.file(t, evidence.Item{ID: "E" + tt.name, ClaimID: "C", OrderID: "O"}, encode(t, tt.claim))
			check := func(x *Examiner) {
				t.Helper()
				got, ok, err := x.Align(t.Context(), it.SHA256, ref.SHA256)
				if err != nil || !ok {
					t.Fatalf("%v, %v", ok, err)
				}
				for i, v := range got.Matrix {
					if math.Abs(v-tt.want[i]) > 0.002 {
						t.Fatalf("%v, want %v", got.Matrix, tt.want)
					}
				}
				if got.Residual < 0 || got.Residual > 0.5 {
					t.Errorf("lies %v pixels apart", got.Residual)
				}
			}
			check(r.x)
			// Kept: without the bytes there is the same answer.
			check(New(Options{Blobs: onlyHeads{r.db.Blobs()}, Store: r.db, FFmpeg: "-"}))
		})
	}
	honest := r.file(t, evidence.Item{ID: "H", ClaimID: "C", OrderID: "O"}, encode(t, photograph(t, samples.Claim(samples.Products()[0].Name, 1, 0, samples.Damage{}))))
	if got, ok, err := r.x.Align(t.Context(), honest.SHA256, ref.SHA256); ok || err != nil {
		t.Errorf("an honest photo lies at %v, %v", got, err)
	}
	if got, ok, err := r.x.Align(t.Context(), ref.SHA256, ref.SHA256); !ok || err != nil || got.Matrix != [6]float64{1, 0, 0, 1, 0, 0} {
		t.Errorf("the same file: %v, %v, %v", got, ok, err)
	}
	broken := r.file(t, evidence.Item{ID: "B", OrderID: "O", Party: "merchant"}, []byte("\xff\xd8\xff no picture"))
	if _, _, err := r.x.Align(t.Context(), honest.SHA256, broken.SHA256); err == nil {
		t.Error("a broken picture was laid somewhere")
	}
}

// TestAlignOfLargePictures: fractions are of pictures of any size.
func TestAlignOfLargePictures(t *testing.T) {
	r := newRoom(t, "-")
	img := photograph(t, samples.Listing(samples.Products()[1].Name, 1))
	large := crop(img, 1, 1, 2.5) // 2000 by 1500, beyond the frame of comparison
	a := r.file(t, evidence.Item{ID: "E", ClaimID: "C", OrderID: "O"}, encode(t, large))
	b := r.file(t, evidence.Item{ID: "L", OrderID: "O", Party: "merchant"}, encode(t, img))
	got, ok, err := r.x.Align(t.Context(), a.SHA256, b.SHA256)
	if err != nil || !ok {
		t.Fatalf("%v, %v", ok, err)
	}
	for i, want := range [6]float64{1, 0, 0, 1, 0, 0} {
		if math.Abs(got.Matrix[i]-want) > 0.002 {
			t.Fatalf("%v", got.Matrix)
		}
	}
}
