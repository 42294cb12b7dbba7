package pdq

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"github.com/evenhand/evenhand/imaging"
)

const sharedData = "../../../shared/data/pdq"

type expectation struct {
	file    string
	hash    Hash
	quality int
}

func expectations(t testing.TB) []expectation {
	t.Helper()
	f, err := os.Open(filepath.Join(sharedData, "expected.txt"))
	if err != nil {
		t.Skip("the reference implementation's hashes (../shared/data/pdq) are not here")
	}
	defer f.Close()
	var all []expectation
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var e expectation
		var digits string
		if _, err := fmt.Sscan(lines.Text(), &e.file, &digits, &e.quality); err != nil {
			t.Fatalf("expected.txt: %q: %v", lines.Text(), err)
		}
		if e.hash, err = Parse(digits); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

func open(t testing.TB, file string) *imaging.Picture {
	t.Helper()
	p, err := imaging.Open(t.Context(), filepath.Join(sharedData, file), imaging.Limits{})
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return p
}

// TestReference holds hashes against the reference implementation's. What is
// left is due to the JPEG decoders, whose pixels differ by a level here and
// there: the hashes of libjpeg's own pixels are exact.
func TestReference(t *testing.T) {
	var trusted, exact, worst int
	for _, e := range expectations(t) {
		h, quality := Compute(open(t, e.file))
		d := Distance(h, e.hash)
		if d > 0 || quality != e.quality {
			t.Logf("%s: %d bits off, quality %d for %d", e.file, d, quality, e.quality)
		}
		if max(quality-e.quality, e.quality-quality) > 1 {
			t.Errorf("%s: quality %d, want %d", e.file, quality, e.quality)
		}
		if e.quality < 80 {
			continue
		}
		trusted++
		worst = max(worst, d)
		if d == 0 {
			exact++
		}
	}
	t.Logf("of %d hashes of quality 80 and more %d are exact; the worst is %d bits off", trusted, exact, worst)
	if worst > 10 {
		t.Errorf("a hash is %d bits off, at most 10 may be", worst)
	}
}

// TestDihedralFiles compares the forms made from one picture's spectrum with
// the reference hashes of the picture really turned.
func TestDihedralFiles(t *testing.T) {
	const original = "dihedral/bridge-1-original.jpg"
	var want []expectation
	for _, e := range expectations(t) {
		if filepath.Dir(e.file) == "dihedral" {
			want = append(want, e)
		}
	}
	forms, quality := Dihedral(open(t, original))
	if len(want) != len(forms) || quality != 100 {
		t.Fatalf("%d files for %d forms, quality %d", len(want), len(forms), quality)
	}
	for f, e := range want {
		for g := range forms {
			d := Distance(forms[g], e.hash)
			if f == g && d > 20 || f != g && d < 100 {
				t.Errorf("%v is %d bits from %s", Form(g), d, e.file)
			}
		}
	}
}

// scene is a picture with structure in every direction and strong colours.
func scene(width, height int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			u, v := float64(x)/float64(width), float64(y)/float64(height)
			r, g := 255*u*u, 255*v*(1-u)
			b := 40.0
			if du, dv := u-0.3, v-0.6; du*du+dv*dv < 0.04 {
				b = 230
			}
			if u > 0.6 && v < 0.4*u {
				r = 20
			}
			m.SetRGBA(x, y, color.RGBA{uint8(r), uint8(g), uint8(b), 255})
		}
	}
	return m
}

func pictureOf(m image.Image, orientation int) *imaging.Picture {
	p := &imaging.Picture{
		Format: "png", Width: m.Bounds().Dx(), Height: m.Bounds().Dy(), Stored: m, Orientation: orientation,
	}
	if orientation >= 5 {
		p.Width, p.Height = p.Height, p.Width
	}
	return p
}

// upright returns stored turned as its EXIF orientation says (EXIF 2.32,
// 4.6.5 A, tag Orientation), moving pixels.
func upright(m image.Image, orientation int) image.Image {
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			from := [...][2]int{
				1: {x, y}, 2: {w - 1 - x, y}, 3: {w - 1 - x, h - 1 - y}, 4: {x, h - 1 - y},
				5: {y, x}, 6: {y, h - 1 - x}, 7: {w - 1 - y, h - 1 - x}, 8: {w - 1 - y, x},
			}[orientation]
			out.Set(x, y, m.At(from[0], from[1]))
		}
	}
	return out
}

func TestOrientation(t *testing.T) {
	for _, size := range []image.Point{{90, 130}, {700, 333}} {
		m := scene(size.X, size.Y)
		for o := 1; o <= 8; o++ {
			got, _ := Compute(pictureOf(m, o))
			want, _ := Compute(pictureOf(upright(m, o), 1))
			// Sums in another order may round another way at the median.
			if d := Distance(got, want); d > 2 {
				t.Errorf("%v at orientation %d: %d bits from the turned picture", size, o, d)
			}
		}
	}
}

// TestForms holds each form against the picture turned, on a picture whose
// thumbnail keeps every pixel, so that turning it is exact.
func TestForms(t *testing.T) {
	m := scene(side, side)
	forms, _ := Dihedral(pictureOf(m, 1))
	orientations := [Forms]int{
		Original: 1, Rotate90: 8, Rotate180: 3, Rotate270: 6,
		FlipX: 4, FlipY: 2, FlipPlus1: 5, FlipMinus1: 7,
	}
	for f, o := range orientations {
		want, _ := Compute(pictureOf(upright(m, o), 1))
		if d := Distance(forms[f], want); d > 2 {
			t.Errorf("%v is %d bits from the picture so turned", Form(f), d)
		}
	}
}

// TestSamePixels feeds one picture as several image types.
func TestSamePixels(t *testing.T) {
	m := scene(200, 150)
	want, quality := Compute(pictureOf(m, 1))
	if quality < 10 {
		t.Fatalf("quality %d", quality)
	}
	big := image.NewRGBA(image.Rect(0, 0, 260, 240))
	window := big.SubImage(image.Rect(33, 51, 233, 201)).(*image.RGBA)
	clear := image.NewNRGBA(m.Rect)
	for y := range 150 {
		for x := range 200 {
			window.Set(33+x, 51+y, m.At(x, y))
			clear.Set(x, y, m.At(x, y))
		}
	}
	type only struct{ image.Image } // hides RGBA64At
	for _, other := range []image.Image{window, clear, only{m}} {
		if got, _ := Compute(pictureOf(other, 1)); got != want {
			t.Errorf("as %T: %d bits off", other, Distance(got, want))
		}
	}
	luma := imaging.NewPlane(200, 150)
	for y := range 150 {
		sourceOf(m).row(y, axisOf(200, 200, false).pick, luma.Row(y))
	}
	if got, q := ComputeLuma(luma); got != want || q != quality {
		t.Errorf("as luma: %d bits off, quality %d for %d", Distance(got, want), q, quality)
	}
}

// TestChroma passes the picture through JPEG's colour at every subsampling,
// whole and as a window at an odd place.
func TestChroma(t *testing.T) {
	m := scene(201, 151)
	want, _ := Compute(pictureOf(m, 1))
	for ratio := image.YCbCrSubsampleRatio444; ratio <= image.YCbCrSubsampleRatio410; ratio++ {
		whole := image.NewYCbCr(m.Rect, ratio)
		around := image.NewYCbCr(image.Rect(0, 0, 210, 160), ratio)
		window := around.SubImage(image.Rect(5, 3, 206, 154)).(*image.YCbCr)
		for _, to := range []*image.YCbCr{whole, window} {
			for y := range 151 {
				for x := range 201 {
					c := m.RGBAAt(x, y)
					px, py := to.Rect.Min.X+x, to.Rect.Min.Y+y
					luma, cb, cr := color.RGBToYCbCr(c.R, c.G, c.B)
					to.Y[to.YOffset(px, py)] = luma
					to.Cb[to.COffset(px, py)], to.Cr[to.COffset(px, py)] = cb, cr
				}
			}
			if got, _ := Compute(pictureOf(to, 1)); Distance(got, want) > 16 {
				t.Errorf("%v at %v: %d bits off", ratio, to.Rect.Min, Distance(got, want))
			}
		}
	}
}

func TestNothingToSee(t *testing.T) {
	grey := func(w, h int, level uint8) image.Image {
		m := image.NewGray(image.Rect(0, 0, w, h))
		for i := range m.Pix {
			m.Pix[i] = level
		}
		return m
	}
	invisible := image.NewNRGBA(image.Rect(0, 0, 80, 80)) // all transparent: white
	for _, m := range []image.Image{
		grey(0, 0, 0), grey(1, 1, 9), grey(4, 900, 9), grey(5, 5, 255),
		grey(300, 200, 255), grey(1000, 600, 131), grey(63, 65, 0), invisible,
	} {
		h, quality := Compute(pictureOf(m, 1))
		forms, same := Dihedral(pictureOf(m, 1))
		if h != (Hash{}) || quality != 0 || forms != [Forms]Hash{} || same != 0 {
			t.Errorf("%v: hash %v, quality %d, forms %v", m.Bounds(), h, quality, forms)
		}
	}
}

func TestTiny(t *testing.T) {
	for _, size := range []image.Point{{5, 5}, {5, 3000}, {600, 5}, {64, 5}} {
		h, _ := Compute(pictureOf(scene(size.X, size.Y), 1))
		if h == (Hash{}) {
			t.Errorf("%v has no hash", size)
		}
	}
}

// BenchmarkJPEG12MP sets the hash of a 12-megapixel JPEG beside its decoding.
func BenchmarkJPEG12MP(b *testing.B) {
	var file bytes.Buffer
	if err := jpeg.Encode(&file, scene(4032, 3024), &jpeg.Options{Quality: 90}); err != nil {
		b.Fatal(err)
	}
	decode := func() *imaging.Picture {
		p, err := imaging.Decode(b.Context(), file.Bytes(), imaging.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		return p
	}
	decoded := decode()
	b.Run("decode", func(b *testing.B) {
		for b.Loop() {
			decode()
		}
	})
	b.Run("hash", func(b *testing.B) {
		for b.Loop() {
			Compute(decoded)
		}
	})
	b.Run("eight-forms", func(b *testing.B) {
		for b.Loop() {
			Dihedral(decoded)
		}
	})
	b.Run("decode+hash", func(b *testing.B) {
		for b.Loop() {
			Compute(decode())
		}
	})
}
