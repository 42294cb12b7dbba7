package main

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tinyData is a stand-in for the public pictures: a few small noisy photos.
func tinyData(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for i, name := range []string{
		"handheld/thing-1.jpg", "handheld/thing-2.jpg", "handheld/other-1.jpg", "products/cup/00.jpg", "products/cup/01.jpg",
		"grocery/listing/Fruit/Pear/Pear_Iconic.jpg", "grocery/listing/Fruit/Kiwi/Kiwi_Iconic.jpg", "grocery/phone/Fruit/Pear/Pear_001.jpg",
		"grocery/phone/Fruit/Pear/Pear_002.jpg", "ai-edits/object-removal/dog-before.jpg", "ai-edits/object-removal/dog-after.jpg",
	} {
		img := image.NewRGBA(image.Rect(0, 0, 120, 90))
		rng := rand.New(rand.NewPCG(uint64(i), 1))
		if strings.Contains(name, "dog") {
			rng = rand.New(rand.NewPCG(99, 1))
		}
		for y := range 90 {
			for x := range 120 {
				v := uint8(100 + rng.IntN(40))
				if strings.Contains(name, "after") && x > 40 && x < 70 && y > 30 && y < 60 {
					v = 250
				}
				img.SetRGBA(x, y, color.RGBA{v, v, v, 255})
			}
		}
		var buf bytes.Buffer
		if err := jpeg.Encode(&buf, img, nil); err != nil {
			t.Fatal(err)
		}
		if err := writeWhole(filepath.Join(dir, name), buf.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// tree lists the folders of pairs with how often each kind is there, and each
// file's bytes by its path.
func tree(t *testing.T, dir string) (kinds map[string]int, files map[string]string) {
	t.Helper()
	kinds, files = map[string]int{}, map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		parts := strings.Split(filepath.ToSlash(rel), "/")
		if e.IsDir() {
			if len(parts) == 3 {
				_, kind, _ := strings.Cut(parts[2], "-")
				kinds[parts[0]+" "+parts[1]+" "+kind]++
			}
			return nil
		}
		data, err := os.ReadFile(path) // follows links, so a broken one fails
		files[rel] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return kinds, files
}

func TestHonestPairsAndEdits(t *testing.T) {
	data, out := tinyData(t), t.TempDir()
	args := []string{"-data", data, "-out", out, "-only", "handheld,products,grocery,ai-edits"}
	if err := run(t.Context(), args); err != nil {
		t.Fatal(err)
	}
	kinds, files := tree(t, out)
	want := map[string]int{
		"handheld other handheld": 2, "products other product": 2, "grocery other listing-phone": 2,
		"grocery other phone-phone": 1, "grocery other listing-sibling": 2, "ai-edits same removal": 1,
	}
	if d := cmp.Diff(want, kinds); d != "" {
		t.Errorf("pairs (-want +got):\n%s", d)
	}
	mask, ok := files[filepath.FromSlash("ai-edits/same/0001-removal/mask.png")]
	if !ok {
		t.Fatalf("no mask among %v", keys(files))
	}
	img, _, err := image.Decode(strings.NewReader(mask))
	if err != nil {
		t.Fatal(err)
	}
	if white(img, 55, 45) == false || white(img, 10, 10) || white(img, 110, 80) {
		t.Error("the mask is not where the pictures differ")
	}
}

// What the pairs were made from, and by what, goes into each folder's manifest.
func TestManifestsNameToolsAndSources(t *testing.T) {
	data, out := tinyData(t), t.TempDir()
	editors := filepath.Join(data, "ai-edits", "whole-picture-editors")
	photo, err := os.ReadFile(filepath.Join(data, "products", "cup", "00.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"same/015-Brush/reference.jpg", "same/015-Brush/claim.png", "hard/016-Brush/reference.jpg", "hard/016-Brush/claim.jpg"} {
		if err := writeWhole(filepath.Join(editors, filepath.FromSlash(name)), photo); err != nil {
			t.Fatal(err)
		}
	}
	rows := "folder\ttool\tkind\trepository\tlicence\nsame/015-Brush\tBrush 3\tedit\tx/y\tMIT\nhard/016-Brush\tBrush 3\tpose\tx/y\tMIT\n"
	if err := writeWhole(filepath.Join(editors, "manifest.tsv"), []byte(rows)); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second run lays nothing out, and says the same
		if err := run(t.Context(), []string{"-data", data, "-out", out, "-only", "handheld,products,grocery,editors"}); err != nil {
			t.Fatal(err)
		}
	}
	kinds, files := tree(t, out)
	if kinds["editors same editor-edit"] != 1 || kinds["editors hard editor-pose"] != 1 {
		t.Errorf("pairs %v", kinds)
	}
	for name, want := range map[string]string{
		"editors/manifest.tsv":  "folder\ttool\tsource\nsame/0001-editor-edit\tBrush 3\t\nhard/0002-editor-pose\tBrush 3\t\n",
		"products/manifest.tsv": "folder\ttool\tsource\nother/0001-product\t\tcup\nother/0002-product\t\tcup\n",
		"handheld/manifest.tsv": "folder\ttool\tsource\nother/0001-handheld\t\tthing\nother/0002-handheld\t\tthing\n",
	} {
		if d := cmp.Diff(want, files[filepath.FromSlash(name)]); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
	if grocery := files[filepath.FromSlash("grocery/manifest.tsv")]; !strings.Contains(grocery, "listing-sibling\t\tKiwi; Pear\n") && !strings.Contains(grocery, "listing-sibling\t\tPear; Kiwi\n") {
		t.Errorf("two articles are not both named:\n%s", grocery)
	}
}

func TestPaintedIsRepeatableAndResumes(t *testing.T) {
	data := tinyData(t)
	first, second := t.TempDir(), t.TempDir()
	lay := func(out string) map[string]string {
		t.Helper()
		if err := run(t.Context(), []string{"-data", data, "-out", out, "-only", "painted"}); err != nil {
			t.Fatal(err)
		}
		_, files := tree(t, out)
		return files
	}
	a, b := lay(first), lay(second)
	if d := cmp.Diff(keys(a), keys(b)); d != "" {
		t.Fatalf("two runs laid out different files:\n%s", d)
	}
	for name := range a {
		if a[name] != b[name] {
			t.Errorf("%s differs between two runs of one seed", name)
		}
	}
	// A pair that was lost comes back as it was; the others are left alone.
	lost := filepath.Join(first, "painted", "same", "0003-painted")
	kept := filepath.Join(first, "painted", "same", "0001-painted", "note.txt")
	if err := os.RemoveAll(lost); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(kept, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	again := lay(first)
	claim := filepath.FromSlash("painted/same/0003-painted/claim.jpg")
	if again[claim] != a[claim] || a[claim] == "" {
		t.Error("the lost pair did not come back as it was")
	}
	if _, err := os.Stat(kept); err != nil {
		t.Error("a finished pair was made anew")
	}
}

func TestRunRefusesNonsense(t *testing.T) {
	for _, args := range [][]string{{}, {"-out", t.TempDir(), "-only", "nothing"}, {"-out", t.TempDir(), "stray"}} {
		if err := run(t.Context(), args); err == nil {
			t.Errorf("%v was taken", args)
		}
	}
}

func white(img image.Image, x, y int) bool { r, _, _, _ := img.At(x, y).RGBA(); return r > 0x8000 }

func keys(m map[string]string) []string {
	var out []string
	for k := range m {
		out = append(out, filepath.ToSlash(k))
	}
	sort.Strings(out)
	return out
}
