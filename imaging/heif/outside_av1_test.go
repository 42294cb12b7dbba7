package heif

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// withDav1d is withFFmpeg for AV1.
func withDav1d(t testing.TB) {
	t.Helper()
	withFFmpeg(t)
	if !outsideNow.Load().av1 {
		t.Skip("this ffmpeg does not decode AV1 with dav1d")
	}
}

// sameRGB says whether two pictures are of one kind and have the same samples;
// far is how far apart they are at most, at 8 or 16 bits.
func sameRGB(a, b image.Image) (same bool, far int) {
	switch a := a.(type) {
	case *image.RGBA:
		b, ok := b.(*image.RGBA)
		if !ok || a.Rect != b.Rect {
			return false, -1
		}
		for i := range a.Pix {
			far = max(far, int(a.Pix[i])-int(b.Pix[i]), int(b.Pix[i])-int(a.Pix[i]))
		}
	case *image.RGBA64:
		b, ok := b.(*image.RGBA64)
		if !ok || a.Rect != b.Rect {
			return false, -1
		}
		for i := 0; i < len(a.Pix); i += 2 {
			d := be16(a.Pix[i:]) - be16(b.Pix[i:])
			far = max(far, d, -d)
		}
	default:
		return false, -1
	}
	return far == 0, far
}

// both decodes a file in both ways and holds them against each other.
func both(t *testing.T, name string, data []byte) image.Image {
	t.Helper()
	s, err := Find(data)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return nil
	}
	if !s.OutsideAVIF() {
		t.Errorf("%s: left to the sandbox", name)
		return nil
	}
	var got image.Image
	for _, shallow := range []bool{true, false} {
		lim := roomy
		lim.Shallow = shallow
		if got, err = s.DecodeAVIFOutside(t.Context(), lim); err != nil {
			t.Errorf("%s: %v", name, err)
			return nil
		}
		want, err := DecodeAVIF(t.Context(), data, lim)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return nil
		}
		if ok, far := sameRGB(got, want); !ok {
			t.Errorf("%s: %T %v, not %T %v: as far apart as %d", name, got, got.Bounds(), want, want.Bounds(), far)
		}
	}
	return got
}

// TestAVIFOutsideIsTheSame decodes a fixture in both ways, and holds it against
// what SetRunner tries.
func TestAVIFOutsideIsTheSame(t *testing.T) {
	if m, err := DecodeAVIF(t.Context(), knownAV1, roomy); err != nil || sumOfRGB(m) != knownAV1RGB {
		t.Errorf("the known picture has other samples: %s (%v)", sumOfRGB(m), err)
	}
	withDav1d(t)
	both(t, "d10.avif", read(t, "d10.avif"))
	for _, name := range []string{"d420.avif", "limited.avif"} { // 8 bits
		if s, err := Find(read(t, name)); err != nil || s.OutsideAVIF() {
			t.Errorf("%s: %v, or not left to the sandbox", name, err)
		}
	}
}

// noisy writes a made-up picture as YUV4MPEG2 with every sample there may be.
func noisy(t *testing.T, name, colour string, each samples, r *rand.Rand) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	b := bufio.NewWriter(f)
	fmt.Fprintf(b, "YUV4MPEG2 W%d H%d F25:1 Ip A1:1 C%s\nFRAME\n", each.w, each.h, colour)
	top := 1<<each.depth - 1
	for i := range each.planes() {
		w, h := each.plane(i)
		for y := range h {
			for x := range w {
				v := (x*(i+3)*7+y*(5-i)*9+r.IntN(1+top/4))%(top+200) - 100
				v = min(max(v, 0), top)
				b.Write([]byte{byte(v), byte(v >> 8)})
			}
		}
	}
	if err := errors.Join(b.Flush(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestAVIFOutsideMadeUp has libavif's encoder make pictures of every chroma,
// depth, range and matrix, of odd sizes, and decodes each in both ways.
func TestAVIFOutsideMadeUp(t *testing.T) {
	encoder, err := exec.LookPath("avifenc")
	if err != nil {
		t.Skip("no avifenc: no pictures to try")
	}
	withDav1d(t)
	dir := t.TempDir()
	r := rand.New(rand.NewPCG(7, 8))
	n, left := 0, 0
	try := func(colour string, each samples, args ...string) {
		n++
		each.w, each.h = 33+r.IntN(90), 17+r.IntN(70)
		if whole := colour[:3] == "444" || n == 4; !whole {
			each.w &^= 1
		} else {
			each.w |= 1
		}
		in, out := filepath.Join(dir, fmt.Sprint(n, ".y4m")), filepath.Join(dir, fmt.Sprint(n, ".avif"))
		noisy(t, in, colour, each, r)
		name := fmt.Sprint(colour, " ", each.w, "x", each.h, " ", args)
		if said, err := exec.CommandContext(t.Context(), encoder, append(append([]string{"-s", "8", "-j", "1"}, args...), in, out)...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v %s", name, err, said)
		}
		data, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if each.w%2 != 0 && colour[:3] != "444" {
			left++
			if s, err := Find(data); err != nil || s.OutsideAVIF() {
				t.Errorf("%s: %v, or not left to the sandbox", name, err)
			}
			return
		}
		both(t, name, data)
	}
	matrix := []string{"1", "2", "4", "5", "6", "7", "9"}
	for _, c := range []struct {
		name string
		samples
	}{
		{"420p", samples{ratio: image.YCbCrSubsampleRatio420}},
		{"422p", samples{ratio: image.YCbCrSubsampleRatio422}},
		{"444p", samples{ratio: image.YCbCrSubsampleRatio444}},
	} {
		for _, c.depth = range []int{10, 12} {
			for _, span := range []string{"full", "limited"} {
				by := []string{"--cicp", "1/13/" + matrix[n%len(matrix)], "-r", span, "--min", "4", "--max", strconv.Itoa(10 + r.IntN(40))}
				try(c.name+strconv.Itoa(c.depth), c.samples, by...)
			}
		}
	}
	try("420p10", samples{depth: 10, ratio: image.YCbCrSubsampleRatio420}, "--min", "0", "--max", "0")
	try("420p10", samples{depth: 10, ratio: image.YCbCrSubsampleRatio420}, "-a", "film-grain-test=1")
	try("420p12", samples{depth: 12, ratio: image.YCbCrSubsampleRatio420}, "-a", "film-grain-test=4")
	try("420p10", samples{depth: 10, ratio: image.YCbCrSubsampleRatio420}, "-y", "400")
	if left == 0 {
		t.Error("no picture of odd width was tried")
	}
}

// TestAVIFOutsideIsNotBelieved has the program give other frames than the file
// promises, and damages what it is given: a picture is decoded or left to the
// sandbox, and nothing else.
func TestAVIFOutsideIsNotBelieved(t *testing.T) {
	withDav1d(t)
	whole := read(t, "d10.avif")
	s, err := Find(whole)
	if err != nil {
		t.Fatal(err)
	}
	honest := outsideNow.Load().run
	for name, change := range map[string]func(out []byte) []byte{
		"cut":         func(out []byte) []byte { return out[:len(out)-1] },
		"more":        func(out []byte) []byte { return append(out, out[bytes.IndexByte(out, '\n')+1:]...) },
		"other depth": func(out []byte) []byte { return bytes.Replace(out, []byte("C444p10"), []byte("C444p12"), 1) },
		"nothing":     func([]byte) []byte { return nil },
	} {
		outsideNow.Load().run = func(ctx context.Context, job Job, read func(io.Reader) error) error {
			return honest(ctx, job, func(r io.Reader) error {
				out, err := io.ReadAll(r)
				if err != nil {
					return err
				}
				return read(bytes.NewReader(change(out)))
			})
		}
		if m, err := s.DecodeAVIFOutside(t.Context(), roomy); !errors.Is(err, ErrOutside) {
			t.Errorf("%s: %T %v", name, m, err)
		}
	}
	outsideNow.Load().run = honest
	coded, err := s.s.c.bytes(s.s.item, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(whole, coded)
	r := rand.New(rand.NewPCG(9, 10))
	for range 12 {
		data := bytes.Clone(whole)
		data[at+r.IntN(len(coded))] ^= 1 << r.IntN(8)
		s, err := Find(data)
		if err != nil {
			t.Fatal(err)
		}
		if m, err := s.DecodeAVIFOutside(t.Context(), roomy); err == nil && m.Bounds().Size() != image.Pt(int(s.Width), int(s.Height)) || err != nil && !errors.Is(err, ErrOutside) {
			t.Error(err)
		}
	}
}
