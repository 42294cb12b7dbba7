package provenance

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
)

func read(t *testing.T, data []byte) Report {
	t.Helper()
	p, err := imaging.Decode(context.Background(), data, imaging.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	return NewReader(Options{}).Read(data, p)
}

// TestStrippedPictureSaysNothing: a messenger takes everything off; that must
// not count against anyone.
func TestStrippedPictureSaysNothing(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 800, 600))
	for i := range m.Pix {
		m.Pix[i] = uint8(i * i >> 5)
	}
	var a, b bytes.Buffer
	if err := jpeg.Encode(&a, m, nil); err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	for _, data := range [][]byte{a.Bytes(), b.Bytes()} {
		r := read(t, data)
		if r.C2PA != nil || r.Findings == nil {
			t.Errorf("%+v", r)
		}
		for _, f := range r.Findings {
			if f.Strength.Rank() > evidence.Note.Rank() {
				t.Errorf("%s at %s: %s", f.Code, f.Strength, f.Text.EN)
			}
		}
	}
}

// TestGeneratorNoteIsFound: the parts are wired to each other.
func TestGeneratorNoteIsFound(t *testing.T) {
	var buf bytes.Buffer
	if err := png.Encode(&buf, image.NewGray(image.Rect(0, 0, 64, 64))); err != nil {
		t.Fatal(err)
	}
	text := "parameters\x00a cracked mug, photo\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 64x64, Model: v1-5"
	data := buf.Bytes()
	with := append([]byte{}, data[:33]...) // signature and IHDR
	with = append(with, pngChunk("tEXt", text)...)
	with = append(with, data[33:]...)
	r := read(t, with)
	if len(r.Findings) == 0 || r.Findings[0].Code != evidence.ProvenanceGeneratorTrace || r.Findings[0].Strength != evidence.Strong {
		t.Errorf("%+v", r.Findings)
	}
	if r.Duty.Case == 0 {
		t.Error("a trace of generation asks nothing of the platform")
	}
}

// TestPublicPictures: no honest photo gets more than a note, and the signed
// ones are read.
func TestPublicPictures(t *testing.T) {
	root := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(root); err != nil {
		t.Skip("public pictures are not here: ../shared/data is absent")
	}
	for _, pattern := range []string{"handheld/*.jpg", "products/*/*.jpg", "grocery/*/Fruit/*/*.jpg"} {
		names, _ := filepath.Glob(filepath.Join(root, pattern))
		for i, name := range names {
			if testing.Short() && i%5 != 0 {
				continue
			}
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range read(t, data).Findings {
				if f.Strength.Rank() > evidence.Note.Rank() {
					t.Errorf("%s: %s at %s: %s", name, f.Code, f.Strength, f.Text.EN)
				}
			}
		}
	}
	data, err := os.ReadFile(filepath.Join(root, "c2pa", "adobe-20220124-CA.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	if r := read(t, data); r.C2PA == nil || r.C2PA.Manifests == 0 || len(r.C2PA.Validation) != 0 || r.C2PA.Trusted {
		t.Errorf("%+v", r.C2PA)
	}
}
