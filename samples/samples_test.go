package samples

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/evenhand/evenhand/samples/forge"
)

// tiny makes a shot quick to draw.
func tiny(s Shot) Shot {
	s.Width, s.Height = 72, 54
	return s
}

func shoot(t *testing.T, s Shot) *Photo {
	t.Helper()
	p, err := Take(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSamePixelsOnAnyNumberOfCores(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	for _, name := range []string{"mug", "box"} {
		s := tiny(Claim(name, 5, 1, Damage{Kind: DamageStain, Seed: 2}))
		var first []byte
		for _, cores := range []int{1, 3} {
			runtime.GOMAXPROCS(cores)
			p := shoot(t, s)
			if first == nil {
				first = p.Image.Pix
			} else if !bytes.Equal(first, p.Image.Pix) {
				t.Errorf("%s on %d cores has other pixels than on one", name, cores)
			}
		}
		print, err := PhotographPrintWith(t.Context(), shoot(t, s).Image, 3, PrintCare{Long: 96})
		if err != nil {
			t.Fatal(err)
		}
		runtime.GOMAXPROCS(1)
		again, err := PhotographPrintWith(t.Context(), shoot(t, s).Image, 3, PrintCare{Long: 96})
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(print.Image.Pix, again.Image.Pix) {
			t.Error("a print photographed twice with one seed differs")
		}
	}
}

// cells is the mean luma of a picture in four by three cells.
func cells(img *image.RGBA) []float64 {
	out := make([]float64, 12)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for y := range h {
		for x := range w {
			c := img.RGBAAt(x, y)
			out[y*3/h*4+x*4/w] += (0.299*float64(c.R) + 0.587*float64(c.G) + 0.114*float64(c.B)) * 12 / float64(w*h)
		}
	}
	return out
}

// TestListingsLookAsTheyDid compares each product's listing photo with the
// brightness noted when somebody last looked at it. UPDATE_GOLDEN=1 notes it
// anew.
func TestListingsLookAsTheyDid(t *testing.T) {
	file := filepath.Join("testdata", "luma.json")
	got := map[string][]float64{}
	for _, p := range Products() {
		for _, v := range cells(shoot(t, tiny(Listing(p.Name, 1))).Image) {
			got[p.Name] = append(got[p.Name], math.Round(v*10)/10)
		}
	}
	if os.Getenv("UPDATE_GOLDEN") != "" {
		b, err := json.MarshalIndent(got, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := replaceFile(file, append(b, '\n')); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var want map[string][]float64
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	for name, cells := range got {
		for i, v := range cells {
			if i >= len(want[name]) || math.Abs(v-want[name][i]) > 1.5 {
				t.Errorf("%s: luma by cell is %v, was %v", name, cells, want[name])
				break
			}
		}
	}
}

func TestDamageIsInTheSceneAndMasked(t *testing.T) {
	for _, kind := range DamageKinds() {
		sound := shoot(t, tiny(Claim("box", 2, 1, Damage{})))
		hurt := shoot(t, tiny(Claim("box", 2, 1, Damage{Kind: kind, Seed: 9})))
		if r := area(sound.Damaged); r != (Area{}) {
			t.Errorf("a sound box shows damage at %+v", r)
		}
		r := area(hurt.Damaged)
		if r.Width <= 0 || r.Width > 0.7 || r.Height > 0.7 {
			t.Errorf("%s: region %+v", kind, r)
		}
		inside, outside := 0, 0
		for i := range sound.Damaged.Pix {
			changed := false
			for c := range 3 {
				changed = changed || math.Abs(float64(sound.Image.Pix[4*i+c])-float64(hurt.Image.Pix[4*i+c])) > 40
			}
			if changed && hurt.Damaged.Pix[i] > 0 {
				inside++
			} else if changed {
				outside++
			}
		}
		// Shadow, blur and a dent's rim reach a little beyond the mask.
		if outside > inside+20 {
			t.Errorf("%s: %d pixels changed inside the mask, %d outside", kind, inside, outside)
		}
	}
}

func TestSubjectFillsTheFrameAsAsked(t *testing.T) {
	for _, p := range Products() {
		s := tiny(Listing(p.Name, 3))
		r := area(shoot(t, s).Subject)
		if span := max(r.Width, r.Height); span < s.Fill-0.25 || span > s.Fill+0.08 {
			t.Errorf("%s spans %.2f of the frame, asked for %.2f", p.Name, span, s.Fill)
		}
		if r.X < 0 || r.Y < 0 || r.X+r.Width > 0.995 || r.Y+r.Height > 0.995 {
			t.Errorf("%s is cut off: %+v", p.Name, r)
		}
	}
}

func TestUnitsDiffer(t *testing.T) {
	for _, p := range Products() {
		a := tiny(Listing(p.Name, 1))
		b := a
		b.Unit++
		if bytes.Equal(shoot(t, a).Image.Pix, shoot(t, b).Image.Pix) {
			t.Errorf("two units of %s look the same", p.Name)
		}
	}
}

func TestNoiseDiffersBetweenExposures(t *testing.T) {
	a := tiny(Claim("book", 1, 1, Damage{}))
	b := a
	b.Take = 1
	x, y := shoot(t, a).Image.Pix, shoot(t, b).Image.Pix
	same, far := 0, 0
	for i := range x {
		d := int(x[i]) - int(y[i])
		if d == 0 {
			same++
		}
		if d > 25 || d < -25 {
			far++
		}
	}
	if same == len(x) || far > len(x)/200 {
		t.Errorf("of %d values %d are equal and %d far apart", len(x), same, far)
	}
}

func TestPrintPoses(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 64, 48))
	careful, n := 0, 120
	for seed := range uint64(n) {
		p, err := PhotographPrintWith(t.Context(), img, seed, PrintCare{Long: 32})
		if err != nil {
			t.Fatal(err)
		}
		tilt := math.Hypot(p.TiltX, p.TiltY)
		if tilt < 0.5 || tilt > 15 || p.Fill < 0.5 || p.Fill > 1.1 {
			t.Fatalf("seed %d: tilt %.2f, fill %.2f", seed, tilt, p.Fill)
		}
		if tilt < 3 {
			careful++
		}
	}
	if careful < n/10 || careful > n*35/100 {
		t.Errorf("%d of %d prints were held carefully, expected about one in five", careful, n)
	}
}

func TestRefusals(t *testing.T) {
	ctx := t.Context()
	if _, err := Photograph(ctx, Listing("teapot", 1)); err == nil {
		t.Error("an unknown product was photographed")
	}
	s := Listing("mug", 1)
	s.Width = 1 << 20
	if _, err := Photograph(ctx, s); err == nil {
		t.Error("a photo a million pixels wide was taken")
	}
	if _, err := PhotographPrint(ctx, image.NewRGBA(image.Rectangle{}), 1); err == nil {
		t.Error("an empty print was photographed")
	}
	if err := Write(ctx, t.TempDir(), Options{Pairs: 1, Kinds: []string{"nonsense"}}); err == nil {
		t.Error("an unknown kind of pair was accepted")
	}
	stopped, stop := context.WithCancel(ctx)
	stop()
	if _, err := Photograph(stopped, tiny(Listing("mug", 1))); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled photograph returned %v", err)
	}
}

func TestWriteResumesAndTellsTheTruth(t *testing.T) {
	dir := t.TempDir()
	o := Options{Seed: 4, Width: 80, Products: []string{"tin"}, Pairs: 1}
	ctx, stop := context.WithCancel(t.Context())
	o.Progress = func(done, _ int) {
		if done == 3 {
			stop()
		}
	}
	if err := Write(ctx, dir, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped after three files, Write returned %v", err)
	}
	kept := filepath.Join(dir, "tin", "listing.jpg")
	before, err := os.Stat(kept)
	if err != nil {
		t.Fatal(err)
	}
	o.Progress = nil
	if err := Write(t.Context(), dir, o); err != nil {
		t.Fatal(err)
	}
	if after, err := os.Stat(kept); err != nil || !after.ModTime().Equal(before.ModTime()) {
		t.Errorf("the listing photo was drawn again (%v)", err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth Truth
	if err := json.Unmarshal(b, &truth); err != nil {
		t.Fatal(err)
	}
	if want := 9 + 2*len(PairKinds()); len(truth.Files) != want || truth.Schema != Schema {
		t.Errorf("truth names %d files, expected %d", len(truth.Files), want)
	}
	kinds := map[string]int{}
	for _, f := range truth.Files {
		kinds[f.Kind]++
		if err := checkFile(dir, f); err != nil {
			t.Error(err)
		}
	}
	if kinds["forged"] != 3 || kinds["honest"] != 2 || kinds["print"] != 1 {
		t.Errorf("kinds of files: %v", kinds)
	}
}

func checkFile(dir string, f FileTruth) error {
	r, err := os.Open(filepath.Join(dir, filepath.FromSlash(f.File)))
	if err != nil {
		return err
	}
	defer r.Close()
	if _, err := jpeg.Decode(r); err != nil {
		return fmt.Errorf("%s: %w", f.File, err)
	}
	if f.SameCapture && f.MadeFrom == "" {
		return fmt.Errorf("%s: a copy of nothing", f.File)
	}
	if f.Kind == "forged" && (f.Damage == nil || !f.Damage.Painted) {
		return fmt.Errorf("%s: forged without damage: %+v", f.File, f.Damage)
	}
	return nil
}

func TestPaintStaysOnTheProduct(t *testing.T) {
	p := shoot(t, tiny(Listing("mug", 1)))
	for _, kind := range forge.Kinds() {
		out, harm := paint(p.Image, p.Subject, kind, false, random(3, "test"))
		changed := 0
		for i, on := range p.Subject.Pix {
			if bytes.Equal(out.Pix[4*i:4*i+4], p.Image.Pix[4*i:4*i+4]) {
				continue
			}
			if changed++; on == 0 {
				t.Fatalf("%s altered a pixel beside the product", kind)
			}
		}
		if changed == 0 || harm.Region == (Area{}) {
			t.Errorf("%s altered %d pixels, region %+v", kind, changed, harm.Region)
		}
	}
}

func BenchmarkListing(b *testing.B) {
	for _, p := range Products() {
		b.Run(p.Name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Photograph(b.Context(), Listing(p.Name, 1)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPhotographPrint(b *testing.B) {
	img, err := Photograph(b.Context(), Listing("book", 1))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := PhotographPrint(b.Context(), img, 1); err != nil {
			b.Fatal(err)
		}
	}
}
