package heif

import (
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
	"regexp"
	"testing"
	"time"
)

// bare runs ffmpeg as it is: what it may do is tested where the sandbox is.
func bare(program string) Runner {
	return func(ctx context.Context, job Job, read func(io.Reader) error) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		cmd := exec.CommandContext(ctx, program, job.Args...)
		var parts []io.Reader
		for _, p := range job.Input {
			parts = append(parts, bytes.NewReader(p))
		}
		var said bytes.Buffer
		cmd.Stdin, cmd.Stderr = io.MultiReader(parts...), &said
		out, err := cmd.StdoutPipe()
		if err != nil {
			return err
		}
		if err := cmd.Start(); err != nil {
			return err
		}
		err = read(out)
		if err != nil {
			cancel()
		}
		if waited := cmd.Wait(); err == nil {
			err = waited
		}
		if said.Len() > 0 {
			return fmt.Errorf("it said %q (%v)", said.String(), err)
		}
		return err
	}
}

// withFFmpeg puts ffmpeg in charge of pictures of any size until the test ends.
func withFFmpeg(t testing.TB) {
	t.Helper()
	program, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Skip("no ffmpeg: nothing to compare the sandbox with")
	}
	least := leastOutside
	leastOutside = 1
	t.Cleanup(func() { leastOutside = least; SetRunner(context.Background(), nil) })
	if hevc, _ := SetRunner(t.Context(), bare(program)); !hevc {
		t.Skip("this ffmpeg does not decode HEVC")
	}
}

// same says whether two pictures are of one kind and have the same samples.
func same(a, b image.Image) bool {
	pa, ca, ra := layers(a)
	pb, cb, rb := layers(b)
	return len(pa) == len(pb) && ca == cb && ra == rb && a.Bounds() == b.Bounds() && sumOf(a) == sumOf(b)
}

// TestOutsideIsTheSame decodes every fixture in both ways.
func TestOutsideIsTheSame(t *testing.T) {
	withFFmpeg(t)
	files := map[string][]byte{
		"a grid": gridOf(t, 3, 2, 3*128-29, 2*64-13),
	}
	for _, pattern := range []string{"testdata/*.heic", "../../../shared/data/failing/heic/*", "../../../shared/data/c2pa-rs/*.hei[cf]"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if files[name], err = os.ReadFile(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, data := range files {
		s, err := Find(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		factor := 1
		for s.Width*s.Height/int64(factor*factor) > 50_000_000 && s.Reducible(2*factor) {
			factor *= 2
		}
		if s.Width*s.Height > 2<<20 && os.Getenv("EVENHAND_LONG") == "" {
			continue
		}
		if !s.Outside() {
			t.Errorf("%s: left to the sandbox", name)
			continue
		}
		lim := Limits{MaxMemory: 1 << 30, MaxPixels: 1 << 30}
		got, err := s.DecodeOutside(t.Context(), factor, lim)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want, err := s.Decode(t.Context(), factor, lim)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !same(got, want) {
			t.Errorf("%s: %T %v, not %T %v", name, got, got.Bounds(), want, want.Bounds())
		} else {
			t.Logf("%s: %T %v, by %d", name, got, got.Bounds(), factor)
		}
	}
}

var chromaSaid = regexp.MustCompile(` C420\S* `)

// TestOutsideIsNotBelieved has the program give other frames than the file
// promises: none of them is a picture.
func TestOutsideIsNotBelieved(t *testing.T) {
	withFFmpeg(t)
	s, err := Find(gridOf(t, 3, 2, 3*128-29, 2*64-13))
	if err != nil {
		t.Fatal(err)
	}
	honest := outsideNow.Load().run
	for name, change := range map[string]func(out []byte) []byte{
		"nothing":      func([]byte) []byte { return nil },
		"cut":          func(out []byte) []byte { return out[:len(out)-1] },
		"one too few":  func(out []byte) []byte { return out[:bytes.LastIndex(out, []byte("FRAME"))] },
		"one too many": func(out []byte) []byte { return append(out, out[bytes.LastIndex(out, []byte("FRAME")):]...) },
		"wider":        func(out []byte) []byte { return bytes.Replace(out, []byte(" W128 "), []byte(" W130 "), 1) },
		"deeper":       func(out []byte) []byte { return chromaSaid.ReplaceAll(out, []byte(" C420p10 ")) },
		"other chroma": func(out []byte) []byte { return chromaSaid.ReplaceAll(out, []byte(" C444 ")) },
	} {
		outsideNow.Load().run = func(ctx context.Context, job Job, read func(io.Reader) error) error {
			return honest(ctx, job, func(r io.Reader) error {
				out, err := io.ReadAll(r)
				if err != nil {
					return err
				}
				return read(bytes.NewReader(change(bytes.Clone(out))))
			})
		}
		if m, err := s.DecodeOutside(t.Context(), 1, roomy); !errors.Is(err, ErrOutside) {
			t.Errorf("%s: %T %v", name, m, err)
		}
	}
	outsideNow.Load().run = func(ctx context.Context, _ Job, _ func(io.Reader) error) error {
		<-ctx.Done()
		return ctx.Err()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := s.DecodeOutside(ctx, 1, roomy); !errors.Is(err, ErrOutside) || ctx.Err() != nil {
		t.Errorf("one that hangs leaves no time for the sandbox: %v", err)
	}
	cancel()
	if _, err := s.DecodeOutside(ctx, 1, roomy); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}

// TestOutsideDamaged flips bits of a coded picture. Neither decoder notices
// most of them, and what each puts where nothing sound was is its own: this
// says how often, and that there is a picture of the right size or none.
func TestOutsideDamaged(t *testing.T) {
	withFFmpeg(t)
	whole := read(t, "d420.heic")
	s, err := Find(whole)
	if err != nil {
		t.Fatal(err)
	}
	coded, err := s.s.c.bytes(s.s.tiles[0], 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(whole, coded)
	r := rand.New(rand.NewPCG(3, 4))
	accepted, differ := [2]int{}, 0
	const tries = 20
	for range tries {
		data := bytes.Clone(whole)
		data[at+8+r.IntN(len(coded)-8)] ^= 1 << r.IntN(8)
		s, err := Find(data)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.DecodeOutside(t.Context(), 1, roomy)
		if err == nil {
			accepted[0]++
		} else if !errors.Is(err, ErrOutside) {
			t.Error(err)
		}
		want, otherwise := s.Decode(t.Context(), 1, roomy)
		if otherwise == nil {
			accepted[1]++
		}
		switch {
		case err != nil || otherwise != nil:
		case got.Bounds() != want.Bounds():
			t.Errorf("%v and %v", got.Bounds(), want.Bounds())
		case !same(got, want):
			differ++
		}
	}
	t.Logf("of %d damaged pictures the program gives %d, the sandbox %d; %d of them are not the same", tries, accepted[0], accepted[1], differ)
}
