package reference

import (
	"context"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/samples"
)

// sent is a picture as it arrives: saved at a quality.
func sent(t *testing.T, img image.Image, quality int) *View {
	t.Helper()
	data, err := samples.EncodeJPEG(img, quality)
	if err != nil {
		t.Fatal(err)
	}
	return viewBytes(t, data)
}

// filled fills a template with stills of the given seeds.
func filled(t *testing.T, kind string, seed, fields uint64, scenes ...image.Image) *image.RGBA {
	t.Helper()
	img, err := samples.Template{Kind: kind, Seed: seed, Width: 640}.Fill(scenes, fields)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// TestSharedGraphicsAreANote: two pictures of different scenes that share one
// design, to the pixel, are never accused; where anything is said, it is that
// they share graphics.
func TestSharedGraphicsAreANote(t *testing.T) {
	if testing.Short() {
		t.Skip("slow under the race detector, and works on one picture after the other")
	}
	var scenes [6]image.Image
	for i := range scenes {
		scenes[i] = still(560, 420, uint64(20+i))
	}
	told := 0
	for k, kind := range samples.TemplateKinds() {
		seed := uint64(k + 1)
		reference := sent(t, filled(t, kind, seed, 1, scenes[:3]...), 90)
		quality := 60 + 30*(k%2)
		{
			claim := sent(t, filled(t, kind, seed, seed%2, scenes[3:]...), quality)
			r := Compare(claim, reference)
			if r.Strength.Rank() > evidence.Note.Rank() {
				t.Errorf("%s at quality %d: %q, %v", kind, quality, r.Strength, r.Measured)
			}
			if r.Strength != "" && r.Code != evidence.ReferenceSharedGraphics {
				t.Errorf("%s at quality %d: a note of code %q", kind, quality, r.Code)
			}
			f, ok := r.Finding("listing.jpg")
			if ok && (f.Stance != evidence.Neutral || f.FalseAlarm != 0 || f.Text.EN == "" || f.Text.ZH == "" || len(f.Regions) > 0) {
				t.Errorf("%s: %+v", kind, f)
			}
			if ok {
				told++
			}
		}
	}
	if told < 5 {
		t.Errorf("only %d pairs shared enough to be told; the test says little", told)
	}
}

// TestForgeriesUnderGraphicsAreFound: damage painted over a photo is found
// though both pictures carry the same stamp, frame, card or watermark.
func TestForgeriesUnderGraphicsAreFound(t *testing.T) {
	if testing.Short() {
		t.Skip("slow under the race detector, and works on one picture after the other")
	}
	scene := still(560, 420, 30)
	forged := blot(scene, 0.4, 0.4, 0.15, 0.15)
	for k, kind := range []string{samples.TemplateStamp, samples.TemplateShopFrame, samples.TemplateCode, samples.TemplateWatermark, samples.TemplateCaptions} {
		claim := sent(t, filled(t, kind, uint64(k+1), 1, forged), 80)
		for name, reference := range map[string]image.Image{"with": filled(t, kind, uint64(k+1), 2, scene), "without": scene} {
			if r := Compare(claim, sent(t, reference, 92)); r.Strength != evidence.Conclusive || r.Code != "" || len(r.Regions) == 0 {
				t.Errorf("%s, the reference %s it: %q, code %q, %d regions, %v", kind, name, r.Strength, r.Code, len(r.Regions), r.Measured)
			}
		}
	}
}

// TestListingBesideTheGoods: a comparison is told as such, with the listing's
// place; one whose "received" goods are the listing, painted over, is found.
func TestListingBesideTheGoods(t *testing.T) {
	if testing.Short() {
		t.Skip("slow under the race detector, and works on one picture after the other")
	}
	listing, other := still(560, 420, 40), still(480, 480, 41)
	reference := sent(t, listing, 92)
	for _, seed := range []uint64{0, 2, 3, 4} { // in 1 the listing is cut above and below, which goods before another scene are too
		img, place, err := samples.Beside(listing, other, 800, seed)
		if err != nil {
			t.Fatal(err)
		}
		r := Compare(sent(t, img, 85), reference)
		if r.Strength != evidence.Note || r.Code != evidence.ReferenceBeside || len(r.Regions) != 1 {
			t.Errorf("seed %d: %q, code %q, %v", seed, r.Strength, r.Code, r.Measured)
			continue
		}
		w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
		true4 := [4]float64{float64(place.Min.X) / w, float64(place.Min.Y) / h, float64(place.Dx()) / w, float64(place.Dy()) / h}
		g := r.Regions[0]
		for i, got := range [4]float64{g.X, g.Y, g.Width, g.Height} {
			if math.Abs(got-true4[i]) > 0.05 {
				t.Errorf("seed %d: the listing is said to stand at %v, it stands at %v", seed, g, true4)
				break
			}
		}
		forged, _, err := samples.Beside(listing, blot(listing, 0.4, 0.4, 0.15, 0.15), 800, seed)
		if err != nil {
			t.Fatal(err)
		}
		r = Compare(sent(t, forged, 85), reference)
		if r.Strength.Rank() < evidence.Strong.Rank() {
			t.Errorf("seed %d, painted: %q, code %q, %v", seed, r.Strength, r.Code, r.Measured)
		}
		for _, g := range r.Regions {
			if in := overlapShare(g, true4); in > 0.2 && seed != 3 { // in 3 the reference goes on beneath the listing beside it
				t.Errorf("seed %d, painted: %v is said to be altered, and lies to %.0f %% within the listing beside it", seed, g, 100*in)
			}
		}
	}
}

// overlapShare is how much of a region lies within a place given by its corner and size.
func overlapShare(g evidence.Region, place [4]float64) float64 {
	w := min(g.X+g.Width, place[0]+place[2]) - max(g.X, place[0])
	h := min(g.Y+g.Height, place[1]+place[3]) - max(g.Y, place[1])
	return max(0, w) * max(0, h) / (g.Width * g.Height)
}

// TestListingBesideAlteredALittle: a listing that stands beside another picture
// with a small change in it is no note, whatever strip was glued to it; the change
// is outlined, and somebody looks.
func TestListingBesideAlteredALittle(t *testing.T) {
	if testing.Short() {
		t.Skip("slow under the race detector, and works on one picture after the other")
	}
	listing, other := still(560, 420, 40), still(480, 480, 41)
	reference := sent(t, listing, 92)
	for _, seed := range []uint64{0, 4} {
		img, _, err := samples.Beside(blot(listing, 0.45, 0.45, 0.08, 0.08), other, 800, seed)
		if err != nil {
			t.Fatal(err)
		}
		r := Compare(sent(t, img, 85), reference)
		f, _ := r.Finding("listing.jpg")
		if r.Code != "" || r.Strength != evidence.Strong || len(r.Regions) < 1 || r.Regions[0].Kind != evidence.Altered {
			t.Errorf("seed %d: %q, code %q: the change is not outlined: %v, altered %v", seed, r.Strength, r.Code, r.Regions, r.Measured["beside_altered"])
		}
		if strings.Contains(f.Text.EN, "no change") || strings.Contains(f.Text.EN, "unaltered") || strings.Contains(f.Text.EN, "no sign") ||
			strings.Contains(f.Text.ZH, "未见改动") || strings.Contains(f.Text.ZH, "未经改动") || strings.Contains(f.Text.ZH, "不是作假的迹象") {
			t.Errorf("seed %d: %+v", seed, f.Text)
		}
	}
}

// TestRestIsWeighedByTheLookThatSpoke: twice the bound is held against the limit
// of the look that found the rest: a redraw is not asked to lie as close as a copy.
func TestRestIsWeighedByTheLookThatSpoke(t *testing.T) {
	for _, c := range []struct {
		look       string
		falseAlarm float64
		residual   float64
		want       bool
	}{
		{"redrawn", 0.04, 0.4, true},
		{"redrawn", 0.06, 0.4, false},
		{"bent", 0.009, 0.3, true},
		{"bent", 0.02, 0.3, false},
		{"", 0.04, 0.11, true},
		{"", 0.04, 0.125, false},
		{"", 0.0005, 0.3, true},
	} {
		m := map[string]float64{"residual": c.residual, "weave": 0.98}
		if c.look != "" {
			m[c.look] = 1
		}
		if got := (Result{FalseAlarm: c.falseAlarm, Measured: m}).supportsStrong(); got != c.want {
			t.Errorf("%q at %g with %g left: %v", c.look, c.falseAlarm, c.residual, got)
		}
	}
}

// TestBesideSaysTheShares: both editions state how much is the listing.
func TestBesideSaysTheShares(t *testing.T) {
	r := Result{Strength: evidence.Note, Code: evidence.ReferenceBeside, Measured: map[string]float64{"beside_share": 0.384}}
	f, _ := r.Finding("shop/listing.jpg")
	if want := "About 38% of this photo is the picture “listing.jpg” itself"; len(f.Text.EN) < len(want) || f.Text.EN[:len(want)] != want {
		t.Errorf("%s", f.Text.EN)
	}
	if want := "这张照片约 38% 的面积就是「listing.jpg」"; len(f.Text.ZH) < len(want) || f.Text.ZH[:len(want)] != want {
		t.Errorf("%s", f.Text.ZH)
	}
	// Of the rest no more is known than that it was not found there.
	if !strings.Contains(f.Text.EN, "the other 62% the picture was not found again") || !strings.Contains(f.Text.ZH, "其余约 62% 中没有再找到该图") {
		t.Errorf("%+v", f.Text)
	}
}

// TestStrongSaysWhyNotMore: the reserve is the one that was made.
func TestStrongSaysWhyNotMore(t *testing.T) {
	for want, c := range map[[2]string]struct {
		falseAlarm float64
		m          map[string]float64
	}{
		{"1 in 20", "20 分之一"}:      {0.05, map[string]float64{"kept": 20, "photographed": 20}},
		{"buyer drew", "买家画的记号"}:   {1e-6, map[string]float64{"kept": 20, "photographed": 20, "beside_altered": 0.01}},
		{"light on it", "亮度由一侧"}:   {1e-6, map[string]float64{"kept": 20, "photographed": 20, "light_x": 0.1, "light_x_error": 0.01}},
		{"flat artwork", "平面图案"}:   {1e-6, map[string]float64{"kept": 100, "photographed": 30}},
		{"less exactly", "不如直接复制"}: {1e-6, map[string]float64{"kept": 20, "photographed": 20, "residual": 0.2}},
	} {
		f, _ := Result{Strength: evidence.Strong, FalseAlarm: c.falseAlarm, Measured: c.m}.Finding("listing.jpg")
		if !strings.Contains(f.Text.EN, want[0]) || !strings.Contains(f.Text.ZH, want[1]) || strings.Contains(f.Text.ZH, "但但") {
			t.Errorf("%v: %+v", c.m, f.Text)
		}
	}
}

// TestTextsSayWhatTheBoundIsOf: the odds are those of a hand and of light as it
// falls; each finding that gives some says what they leave out.
func TestTextsSayWhatTheBoundIsOf(t *testing.T) {
	for _, r := range []Result{
		{Strength: evidence.Conclusive},
		{Strength: evidence.Strong},
		{Strength: evidence.Strong, Measured: map[string]float64{"redrawn": 1}},
		{Strength: evidence.Strong, Measured: map[string]float64{"bent": 1}},
	} {
		f, _ := r.Finding("listing.jpg")
		for _, want := range []string{"hand", "document mode"} {
			if !strings.Contains(f.Text.EN, want) {
				t.Errorf("%v: no %q in %q", r.Measured, want, f.Text.EN)
			}
		}
		for _, want := range []string{"手持", "文档模式"} {
			if !strings.Contains(f.Text.ZH, want) {
				t.Errorf("%v: no %q in %q", r.Measured, want, f.Text.ZH)
			}
		}
		if strings.Contains(f.Text.EN, "of the same goods") {
			t.Errorf("the bound is not of another photo of the goods: %q", f.Text.EN)
		}
	}
}

// TestMistakenChanceHolds: over pictures of drawn blocks, of which a share
// scattered as stated is mistaken and single pairs of blocks besides, the bound
// falls below α no more often than α.
func TestMistakenChanceHolds(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 12))
	const runs = 20000
	for _, n := range []int{12, 40, 150, 600} {
		below := map[float64]int{0.1: 0, 0.03: 0, 0.01: 0}
		for range runs {
			share := min(1, rng.ExpFloat64()*graphicShare)
			mistaken := math.Floor(share * float64(n))
			if rng.IntN(2) == 0 { // the other way: pair by pair
				mistaken = 0
				for range n / 2 {
					if rng.Float64() < graphicBlock {
						mistaken += 2
					}
				}
			}
			bound := mistakenChance(float64(n), mistaken)
			for alpha := range below {
				if bound <= alpha {
					below[alpha]++
				}
			}
		}
		for alpha, count := range below {
			if got := float64(count) / runs; got > alpha {
				t.Errorf("%d blocks: the bound is %g or less in %.4f of the pictures", n, alpha, got)
			}
		}
	}
}

// TestDensestPanel: the rectangle that holds the agreeing blocks and few others.
func TestDensestPanel(t *testing.T) {
	l := layout{columns: 6, rows: 4, cells: make([]cellState, 24)}
	for y := range 4 {
		for x := range 6 {
			switch {
			case x < 3 && (x+y)%3 > 0:
				l.cells[y*6+x] = agreeCell
			case x >= 3:
				l.cells[y*6+x] = otherCell
			}
		}
	}
	r, _ := l.densest()
	if agree, other := l.count(r); agree != 8 || other != 0 || r.right > 3 {
		t.Errorf("%+v holds %d agreeing blocks and %d others", r, agree, other)
	}
	if at := l.firstOther(r, r.right, 1, 0); at != 3 {
		t.Errorf("the other picture begins at column %d", at)
	}
	if at := l.firstOther(r, r.left-1, -1, 0); at != -1 {
		t.Errorf("another picture to the left, at column %d", at)
	}
}

// TestHonestOnPublicPictures runs on the pairs beside the repository on which an
// earlier version was wrong.
func TestHonestOnPublicPictures(t *testing.T) {
	root := filepath.Join("..", "..", "..", "shared", "data", "failing", "same-capture")
	if _, err := os.Stat(root); err != nil {
		t.Skip("public pictures are not here: ../shared/data is absent")
	}
	for name, code := range map[string]evidence.Code{
		"h-two-parcel-labels-one-template":    evidence.ReferenceSharedGraphics,
		"h-same-watermark-camera-app":         evidence.ReferenceSharedGraphics,
		"h-side-by-side-listing-and-received": evidence.ReferenceBeside,
	} {
		var views [2]*View
		for i, part := range []string{"claim", "ref"} {
			p, err := imaging.Open(context.Background(), filepath.Join(root, fmt.Sprintf("%s.%s.jpg", name, part)), imaging.DefaultLimits)
			if err != nil {
				t.Fatal(err)
			}
			views[i] = Prepare(p)
			p.Release()
		}
		if r := Compare(views[0], views[1]); r.Strength != evidence.Note || r.Code != code {
			t.Errorf("%s: %q, code %q, %v", name, r.Strength, r.Code, r.Measured)
		}
	}
}

// TestStripedLightIsNoOtherGround: a copy with a shadow of blinds laid over it is
// darker here and lighter there, off any one tone curve; it is a copy still.
func TestStripedLightIsNoOtherGround(t *testing.T) {
	for seed := range uint64(3) {
		listing := still(900, 700, 40+seed)
		forged := blot(listing, 500, 300, 40, 24)
		for y := range 700 {
			for x := range 900 {
				band := 4*float64(y)/700 + 1.2*float64(x)/900
				light := 55 * (2*math.Abs(2*(band-math.Floor(band))-1) - 1)
				i := forged.PixOffset(x, y)
				for c := range 3 {
					forged.Pix[i+c] = clamp(float64(forged.Pix[i+c]) + light)
				}
			}
		}
		r := Compare(sent(t, forged, 90), sent(t, listing, 90))
		if r.Strength.Rank() < evidence.Strong.Rank() || r.Code != "" {
			t.Errorf("seed %d: %s %q, %v", seed, r.Strength, r.Code, r.Measured)
		}
	}
}
