package examine

import (
	"errors"
	"image"
	"math"
	"testing"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/samples"
)

// TestSight asks a drawn photo about places that a person marks on another:
// one that both show, one that was painted into the first alone, and pictures
// that say nothing.
func TestSight(t *testing.T) {
	r := newRoom(t, "-")
	product := samples.Products()[0].Name
	shot := samples.Listing(product, 5)
	img := photograph(t, shot)
	side := shot
	side.Yaw += 7
	a := r.file(t, evidence.Item{ID: "A", ClaimID: "C", OrderID: "O"}, encode(t, img))
	b := r.file(t, evidence.Item{ID: "B", ClaimID: "C", OrderID: "O"}, encode(t, photograph(t, side)))
	painted := image.NewRGBA(img.Rect)
	copy(painted.Pix, img.Pix)
	for y := 280; y < 340; y++ {
		for x := 360; x < 440; x++ {
			if math.Hypot(float64(x-400), float64(y-310)*1.3) < 36 {
				i := painted.PixOffset(x, y)
				v := uint8(35 + 12*math.Sin(float64(x*y)/30))
				painted.Pix[i], painted.Pix[i+1], painted.Pix[i+2] = v, v, v/2
			}
		}
	}
	p := r.file(t, evidence.Item{ID: "P", ClaimID: "C", OrderID: "O"}, encode(t, painted))
	w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
	place := evidence.Region{X: 350 / w, Y: 270 / h, Width: 100 / w, Height: 80 / h}
	sight := func(x *Examiner, of, other evidence.Item) evidence.Finding {
		t.Helper()
		f, err := x.Sight(t.Context(), of.SHA256, other, place)
		if err != nil {
			t.Fatal(err)
		}
		if f.Reference != other.ID || f.Text.EN == "" || f.Text.ZH == "" || len(f.Regions) != 1 || f.Regions[0].Kind != evidence.Asked {
			t.Errorf("%+v", f)
		}
		return f
	}
	honest, forged := sight(r.x, a, b), sight(r.x, p, b)
	if honest.Stance == evidence.Against || forged.Stance == evidence.For {
		t.Errorf("honest %s %s, painted %s %s", honest.Code, honest.Stance, forged.Code, forged.Stance)
	}
	t.Logf("honest %s %s, painted %s %s", honest.Code, honest.Strength, forged.Code, forged.Strength)
	if w := honest.Measured["there_width"]; w <= 0 {
		t.Error("where the place lies in the other photo is not said")
	}
	// Kept: without the bytes there is the same answer.
	if again := sight(New(Options{Blobs: onlyHeads{r.db.Blobs()}, Store: r.db, FFmpeg: "-"}), p, b); again.Code != forged.Code || again.Text != forged.Text {
		t.Errorf("kept as %+v", again)
	}
	broken := r.file(t, evidence.Item{ID: "X", ClaimID: "C", OrderID: "O"}, []byte("\xff\xd8\xff no picture"))
	var unread *imaging.Error
	if _, err := r.x.Sight(t.Context(), a.SHA256, broken, place); !errors.As(err, &unread) || errors.Is(err, desk.ErrMarked) {
		t.Errorf("a broken picture was asked: %v", err)
	}
	if _, err := r.x.Sight(t.Context(), broken.SHA256, b, place); !errors.Is(err, desk.ErrMarked) {
		t.Errorf("a broken picture was marked: %v", err)
	}
	if n := len(r.x.running); n != 0 {
		t.Errorf("%d places are still taken", n)
	}
}
