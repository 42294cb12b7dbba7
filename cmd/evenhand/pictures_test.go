package main

import (
	"bufio"
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/evenhand/evenhand/desk/sandbox"
	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/heif"
)

// drawn is a made-up picture of w by h pixels as a PNG file in dir.
func drawn(t testing.TB, dir string, w, h int) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	r := rand.New(rand.NewPCG(1, 2))
	for y := range h {
		for x := range w {
			n := r.IntN(24)
			m.SetRGBA(x, y, color.RGBA{uint8(x*200/w + n), uint8(y*200/h + n), uint8((x/37+y/53)%7*30 + n), 255})
		}
	}
	name := filepath.Join(dir, "drawn.png")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(f, m); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

// made has a program of libheif's or libavif's make a picture.
func made(t testing.TB, program string, args ...string) {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("no %s: no picture to try", program)
	}
	if out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
}

// wholeSandbox is what ffmpeg decodes pictures in; a machine without is skipped.
func wholeSandbox(t testing.TB) (*sandbox.Sandbox, string) {
	t.Helper()
	program, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Skip("no ffmpeg")
	}
	box, err := sandbox.New(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if has := box.InForce(); !has.Seccomp || !has.Rlimits || has.Landlock == 0 {
		t.Skipf("this machine's sandbox has only: %s", has)
	}
	return box, program
}

// TestPicturesOutside decodes a picture in WebAssembly, by ffmpeg in the sandbox,
// and by one that is killed, lied to about its memory or has no time, and gets
// the same samples every time.
func TestPicturesOutside(t *testing.T) {
	box, program := wholeSandbox(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "drawn.heic")
	made(t, "heif-enc", "-q", "70", drawn(t, dir, 1500, 1100), "-o", file)
	want, err := imaging.Open(t.Context(), file, imaging.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer want.Release()
	var said bytes.Buffer
	decodeOutside(t.Context(), box, program, slog.New(slog.NewTextHandler(&said, nil)))
	t.Cleanup(func() { heif.SetRunner(context.Background(), nil) })
	if !strings.Contains(said.String(), "are decoded by ffmpeg") {
		t.Fatalf("it is not used: %s", said.String())
	}
	run := runOutside(box, program)
	for name, way := range map[string]struct {
		run   heif.Runner
		fails bool
	}{
		"as it is": {run, false},
		"killed":   {killed(run), true},
		"without memory": {func(ctx context.Context, job heif.Job, read func(io.Reader) error) error {
			job.Memory = 24 << 20
			return run(ctx, job, read)
		}, true},
		"other arguments": {func(ctx context.Context, job heif.Job, read func(io.Reader) error) error {
			job.Args = append([]string{"-nonsense"}, job.Args...)
			return run(ctx, job, read)
		}, true},
	} {
		var failed error
		calls, known := 0, true // at first it is asked for pictures that are known
		used, _ := heif.SetRunner(t.Context(), func(ctx context.Context, job heif.Job, read func(io.Reader) error) error {
			if known {
				return run(ctx, job, read)
			}
			calls++
			failed = way.run(ctx, job, read)
			return failed
		})
		if known = false; !used {
			t.Fatal("ffmpeg was let go")
		}
		got, err := imaging.Open(t.Context(), file, imaging.Limits{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if calls != 1 || (failed != nil) != way.fails {
			t.Errorf("%s: %d calls, %v", name, calls, failed)
		}
		if !reflect.DeepEqual(got.Stored, want.Stored) {
			t.Errorf("%s: other samples", name)
		}
		got.Release()
	}
}

// killed kills the program as soon as it has begun to answer.
func killed(run heif.Runner) heif.Runner {
	return func(ctx context.Context, job heif.Job, read func(io.Reader) error) error {
		return run(ctx, job, func(r io.Reader) error {
			answer := bufio.NewReader(r)
			_, _ = answer.Peek(1)
			for _, pid := range children() {
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
			return read(answer)
		})
	}
}

// children are this process's own.
func children() (out []int) {
	lists, _ := filepath.Glob("/proc/self/task/*/children")
	for _, list := range lists {
		data, _ := os.ReadFile(list)
		for _, word := range strings.Fields(string(data)) {
			if pid, err := strconv.Atoi(word); err == nil {
				out = append(out, pid)
			}
		}
	}
	return out
}
