package heif

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// TestOutsideMadeUp has libheif's encoder make pictures of every chroma and
// depth, odd sizes, with and without transparency and loss, and decodes each in
// both ways.
func TestOutsideMadeUp(t *testing.T) {
	encoder, err := exec.LookPath("heif-enc")
	if err != nil {
		t.Skip("no heif-enc: no pictures to try")
	}
	withFFmpeg(t)
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(5, 6))
	n := 0
	try := func(deep, clear bool, args ...string) {
		n++
		size := image.Rect(0, 0, 65+r.IntN(200), 65+r.IntN(140))
		m := image.NewNRGBA64(size)
		for y := range size.Dy() {
			for x := range size.Dx() {
				c := color.NRGBA64{uint16(x*200 + r.IntN(4000)), uint16(y*300 + r.IntN(4000)), uint16((x^y)*150 + r.IntN(9000)), 0xffff}
				if clear {
					c.A = uint16(x * 250)
				}
				m.SetNRGBA64(x, y, c)
			}
		}
		var from image.Image = m
		if !deep {
			shallow := image.NewNRGBA(size)
			for y := range size.Dy() {
				for x := range size.Dx() {
					shallow.Set(x, y, m.At(x, y))
				}
			}
			from = shallow
		}
		in, out := filepath.Join(dir, fmt.Sprint(n, ".png")), filepath.Join(dir, fmt.Sprint(n, ".heic"))
		f, err := os.Create(in)
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, from); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if said, err := exec.CommandContext(t.Context(), encoder, append(args, in, "-o", out)...).CombinedOutput(); err != nil {
			t.Logf("%v: this encoder does not: %v %s", args, err, said)
			return
		}
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Find(data)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.DecodeOutside(t.Context(), 1, roomy)
		if err != nil {
			t.Errorf("%v: %v", args, err)
			return
		}
		want, err := s.Decode(t.Context(), 1, roomy)
		if err != nil || !same(got, want) {
			t.Errorf("%v, %v: other samples, or %v", args, size.Size(), err)
		}
	}
	for _, chroma := range []string{"420", "422", "444"} {
		for _, depth := range []int{8, 10, 12} {
			try(depth > 8, false, "-q", strconv.Itoa(40+r.IntN(55)), "-b", strconv.Itoa(depth), "-p", "chroma="+chroma)
		}
	}
	try(false, true, "-q", "70")
	try(false, true, "-q", "70", "--premultiplied-alpha")
	try(false, false, "-L")
}
