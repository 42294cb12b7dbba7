package visible

import (
	"bytes"
	"context"
	"crypto/sha256"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/imaging"
)

// shared is where public pictures are, on machines that have them.
const shared = "../../../../shared/data"

// marked are the public pictures that carry a service's mark or its name, by
// the ends of their paths, with what is to be read there.
var marked = map[string]string{
	"same/048-Seedream4/claim.jpg":  "AI生成",
	"same/272-NanoBanana/claim.jpg": "Nano Banana",
}

// isMarked says whether a picture is one of those.
func isMarked(name string) bool {
	for end := range marked {
		if strings.HasSuffix(filepath.ToSlash(name), end) {
			return true
		}
	}
	return false
}

// unlearned lists the public pictures that the nets were not trained on, or all
// of them: train/scenes.py's heldout splits them alike, by folder.
func unlearned(t testing.TB, all bool) []string {
	t.Helper()
	if _, err := os.Stat(shared); err != nil {
		t.Skip("public pictures are not here: ../shared/data is absent")
	}
	var out []string
	err := filepath.WalkDir(shared, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == "failing" || d.Name() == "whole-picture-editors") {
			return fs.SkipDir // pictures with marks of their own, for other tests
		}
		if err != nil || d.IsDir() || isMarked(name) {
			return err
		}
		rel, _ := filepath.Rel(shared, name)
		sum := sha256.Sum256([]byte(path.Dir(filepath.ToSlash(rel))))
		ext := strings.ToLower(filepath.Ext(name))
		if (ext == ".jpg" || ext == ".png") && (all || sum[0]&1 == 1) {
			out = append(out, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// masks reads testdata/words of a kind: y labels, d denials, n other words.
func masks(t testing.TB, kind string) map[string]*image.Gray {
	t.Helper()
	names, err := filepath.Glob("testdata/words/" + kind + "*.png")
	if err != nil || len(names) == 0 {
		t.Fatalf("no words of kind %s: %v", kind, err)
	}
	out := make(map[string]*image.Gray)
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		gray := image.NewGray(m.Bounds())
		draw.Draw(gray, gray.Rect, m, m.Bounds().Min, draw.Src)
		out[strings.TrimSuffix(filepath.Base(name), ".png")] = gray
	}
	return out
}

// look is how words are laid into a picture.
type look struct {
	height  float64 // of the letters, as a part of the shorter side
	corner  int     // 0 to 3
	opacity float64
	shadow  bool
	quality int // of the JPEG afterwards
}

// randomLook draws a look: 3 to 8 % high, half to full opacity, JPEG 60 to 90.
func randomLook(r *rand.Rand) look {
	return look{0.03 + 0.05*r.Float64(), r.IntN(4), 0.5 + 0.5*r.Float64(), r.IntN(2) == 0, 60 + 10*r.IntN(4)}
}

// maskEm is the em of the words' pictures, in pixels.
const maskEm = 48

// lay draws words into a corner, white on dark and dark on light, and returns
// what is decoded of the JPEG.
func lay(t testing.TB, back *image.RGBA, words *image.Gray, l look) *imaging.Picture {
	t.Helper()
	m := image.NewRGBA(back.Rect)
	copy(m.Pix, back.Pix)
	w, h := back.Rect.Dx(), back.Rect.Dy()
	em := l.height * float64(min(w, h))
	scale := em / maskEm
	mask := scaled(words, scale)
	at := image.Pt(int(0.6*em), int(0.5*em))
	if l.corner&1 == 1 {
		at.X = w - mask.Rect.Dx() - at.X
	}
	if l.corner&2 == 2 {
		at.Y = h - mask.Rect.Dy() - at.Y
	}
	place := mask.Rect.Add(at)
	ink, edge := color.Gray{255}, color.Gray{0}
	if brightness(m, place) > 140 {
		ink, edge = edge, ink
	}
	fade(mask, l.opacity)
	if l.shadow {
		d := max(1, int(em/20))
		draw.DrawMask(m, place.Add(image.Pt(d, d)), image.NewUniform(edge), image.Point{}, mask, image.Point{}, draw.Over)
	}
	draw.DrawMask(m, place, image.NewUniform(ink), image.Point{}, mask, image.Point{}, draw.Over)
	return compressed(t, m, l.quality)
}

// compressed is what is decoded of a picture that went through JPEG.
func compressed(t testing.TB, m image.Image, quality int) *imaging.Picture {
	t.Helper()
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, m, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	p, err := imaging.Decode(context.Background(), buf.Bytes(), imaging.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// scaled makes the words' picture larger or smaller.
func scaled(m *image.Gray, scale float64) *image.Alpha {
	p := imaging.NewPlane(m.Rect.Dx(), m.Rect.Dy())
	for y := range p.Height {
		for x := range p.Width {
			p.Row(y)[x] = float32(m.GrayAt(x, y).Y)
		}
	}
	p = imaging.Resize(p, int(float64(p.Width)*scale+0.5), int(float64(p.Height)*scale+0.5))
	out := image.NewAlpha(image.Rect(0, 0, p.Width, p.Height))
	for i, v := range p.Pix {
		out.Pix[i] = uint8(min(max(v, 0), 255))
	}
	return out
}

func fade(m *image.Alpha, opacity float64) {
	for i, v := range m.Pix {
		m.Pix[i] = uint8(float64(v) * opacity)
	}
}

// brightness is the mean gray value of a place.
func brightness(m *image.RGBA, place image.Rectangle) float64 {
	var sum, n float64
	r := place.Intersect(m.Rect)
	for y := r.Min.Y; y < r.Max.Y; y += 2 {
		for x := r.Min.X; x < r.Max.X; x += 2 {
			sum += float64(color.GrayModel.Convert(m.RGBAAt(x, y)).(color.Gray).Y)
			n++
		}
	}
	return sum / max(n, 1)
}
