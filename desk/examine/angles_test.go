package examine

import (
	"image"
	"image/draw"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/samples"
	"github.com/evenhand/evenhand/samples/forge"
	"github.com/evenhand/evenhand/screening/angle"
)

// TestSiblingsAreAskedAboutAlteredPlaces: where a photo was made from the
// listing and altered, the claim's other photos are asked about that place;
// where it was not, nobody is asked.
func TestSiblingsAreAskedAboutAlteredPlaces(t *testing.T) {
	r := newRoom(t, "-")
	product := samples.Products()[0].Name
	shot := samples.Listing(product, 5)
	img := photograph(t, shot)
	listing := r.file(t, evidence.Item{ID: "L", OrderID: "O", Party: "merchant", Purpose: evidence.Listing}, encode(t, img))
	forged := image.NewRGBA(img.Rect)
	draw.Draw(forged, forged.Rect, img, image.Point{}, draw.Src)
	for y := 280; y < 340; y++ {
		for x := 360; x < 440; x++ {
			if math.Hypot(float64(x-400), float64(y-310)*1.3) < 36 {
				i := forged.PixOffset(x, y)
				v := uint8(35 + 12*math.Sin(float64(x*y)/30))
				forged.Pix[i], forged.Pix[i+1], forged.Pix[i+2] = v, v, v/2
			}
		}
	}
	shot.Yaw += 7
	sibling := r.file(t, evidence.Item{ID: "S", ClaimID: "C", OrderID: "O"}, encode(t, photograph(t, shot)))
	it := r.file(t, evidence.Item{ID: "E", ClaimID: "C", OrderID: "O"}, encode(t, forged))
	examine := func(it evidence.Item, siblings ...evidence.Item) (codes []string) {
		t.Helper()
		s, _, err := r.x.Examine(t.Context(), desk.Examination{Item: it, BuyerID: it.By, References: []evidence.Item{listing}, Siblings: siblings, OrderedAt: received.Add(-72 * time.Hour)})
		if err != nil || s.Error != nil {
			t.Fatalf("%v, %v", err, s.Error)
		}
		for _, f := range s.Findings {
			if strings.HasPrefix(string(f.Code), "angle.") {
				codes = append(codes, string(f.Code))
				if f.Text.EN == "" || f.Text.ZH == "" || f.Reference != "S" {
					t.Errorf("%+v", f)
				}
				if f.Stance == evidence.For {
					t.Errorf("a painted place is borne out: %+v", f)
				}
			}
		}
		return codes
	}
	if codes := examine(it, sibling, it); len(codes) == 0 {
		t.Error("the sibling was not asked")
	}
	if codes := examine(it); len(codes) > 0 {
		t.Errorf("nobody to ask: %v", codes)
	}
	if codes := examine(sibling, it); len(codes) > 0 {
		t.Errorf("nothing to ask about: %v", codes)
	}
	// What comes after the altered photo was examined is asked about it, once.
	s, _, err := r.x.Examine(t.Context(), desk.Examination{Item: it, BuyerID: it.By, References: []evidence.Item{listing}, OrderedAt: received.Add(-72 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	s.At = received.Add(time.Hour)
	it.Screening, sibling.ReceivedAt = &s, received.Add(2*time.Hour)
	late := func() (out []evidence.Finding) {
		t.Helper()
		s, _, err := r.x.Examine(t.Context(), desk.Examination{Item: sibling, BuyerID: it.By, References: []evidence.Item{listing}, Siblings: []evidence.Item{it}, OrderedAt: received.Add(-72 * time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range s.Findings {
			if strings.HasPrefix(string(f.Code), "angle.") {
				out = append(out, f)
			}
		}
		return out
	}
	told := late()
	if len(told) == 0 {
		t.Fatal("a photo that came later was not asked")
	}
	for _, f := range told {
		if f.Reference != it.ID || f.Stance == evidence.For || f.Text.EN == "" || f.Text.ZH == "" {
			t.Errorf("%+v", f)
		}
	}
	it.Screening.Findings = append(it.Screening.Findings, evidence.Finding{Code: evidence.AngleUnseen, Reference: sibling.ID})
	if again := late(); len(again) > 0 {
		t.Errorf("asked twice: %+v", again)
	}
}

// TestOneExposureIsNoSecondAngle: a part of the altered photo, or the photo bent
// a little, bears nothing out: with the shop's picture at hand because it was
// made from that too, and without it because both are one exposure.
func TestOneExposureIsNoSecondAngle(t *testing.T) {
	r := newRoom(t, "-")
	img := photograph(t, samples.Listing(samples.Products()[0].Name, 5))
	listing := r.file(t, evidence.Item{ID: "L", OrderID: "O", Party: "merchant", Purpose: evidence.Listing}, encode(t, img))
	forged, _ := forge.Paint(img, forge.Crack, rand.New(rand.NewPCG(2, 2)))
	it := r.file(t, evidence.Item{ID: "E", ClaimID: "C", OrderID: "O"}, encode(t, forged))
	b := forged.Bounds()
	part := image.NewRGBA(image.Rect(0, 0, 8*b.Dx()/10, 8*b.Dy()/10))
	draw.Draw(part, part.Rect, forged, image.Pt(b.Dx()/10, b.Dy()/10), draw.Src)
	again := r.file(t, evidence.Item{ID: "S", ClaimID: "C", OrderID: "O"}, encode(t, part))
	s, _, err := r.x.Examine(t.Context(), desk.Examination{Item: it, References: []evidence.Item{listing}, Siblings: []evidence.Item{again}, OrderedAt: received.Add(-72 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, f := range s.Findings {
		if strings.HasPrefix(string(f.Code), "angle.") {
			told++
			if f.Code != evidence.AngleUnseen || !strings.Contains(f.Text.EN, "itself made from another picture") {
				t.Errorf("%s: %s", f.Code, f.Text.EN)
			}
		}
	}
	if told != 1 {
		t.Errorf("told %d times, want once", told)
	}
	look, err := r.x.Seen(t.Context(), it.SHA256, again.SHA256, evidence.Region{X: 0.4, Y: 0.4, Width: 0.1, Height: 0.1})
	if err != nil || look.Answer != angle.Unseen || look.Reason != angle.SamePicture {
		t.Errorf("%+v, %v", look, err)
	}
}
