package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/heif"
)

// childDeep is the variable that makes this test binary the child of
// TestDeepAVIFWithinMemory; its value is the picture it decodes.
const childDeep = "EVENHAND_TEST_DEEP_AVIF"

// TestDeepAVIFWithinMemory decodes an AVIF of 20 megapixels and 10 bits in a
// process of its own that is told it has 1 GB, with ffmpeg in the sandbox, and
// adds up the most that each of the two held (VmHWM, and the children's
// ru_maxrss). In WebAssembly it would be refused: that holds above 700 MB.
func TestDeepAVIFWithinMemory(t *testing.T) {
	if name := os.Getenv(childDeep); name != "" {
		decodeDeep(t, name)
		return
	}
	if testing.Short() {
		t.Skip("makes a picture of 20 megapixels")
	}
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("no /proc: what a process held cannot be read")
	}
	wholeSandbox(t)
	dir := t.TempDir()
	frame, file := filepath.Join(dir, "deep.y4m"), filepath.Join(dir, "deep.avif")
	deepFrame(t, frame, 5472, 3648)
	made(t, "avifenc", "-s", "10", "-j", "2", "--min", "20", "--max", "30", frame, file)
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDeepAVIFWithinMemory$", "-test.v")
	child.Env = append(os.Environ(), childDeep+"="+file, "GOMEMLIMIT=")
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if strings.Contains(string(out), "--- SKIP") {
		t.Skipf("%s", out)
	}
	var ours, program int64
	for line := range strings.Lines(string(out)) {
		if n, err := fmt.Sscanf(line, "peaks %d %d kB", &ours, &program); n == 2 && err == nil {
			break
		}
	}
	ours, program = ours<<10/1e6, program<<10/1e6
	t.Logf("%d MB at most: %d in this process, %d in ffmpeg", ours+program, ours, program)
	if most := int64(300); ours == 0 || ours+program > most {
		t.Errorf("%d MB and %d MB, of %d MB\n%s", ours, program, most, out)
	}
}

// TestDeepAVIFOutside decodes an AVIF of 10 bits in WebAssembly, by ffmpeg in
// the sandbox, and by one that is killed, and gets the same samples.
func TestDeepAVIFOutside(t *testing.T) {
	box, program := wholeSandbox(t)
	dir := t.TempDir()
	frame, file := filepath.Join(dir, "deep.y4m"), filepath.Join(dir, "deep.avif")
	deepFrame(t, frame, 1500, 1002)
	made(t, "avifenc", "-s", "10", "-j", "1", "--min", "20", "--max", "30", frame, file)
	want, err := imaging.Open(t.Context(), file, imaging.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer want.Release()
	t.Cleanup(func() { heif.SetRunner(context.Background(), nil) })
	run := runOutside(box, program)
	for _, kill := range []bool{false, true} {
		var failed error
		calls, known := 0, true
		_, used := heif.SetRunner(t.Context(), func(ctx context.Context, job heif.Job, read func(io.Reader) error) error {
			if known {
				return run(ctx, job, read)
			}
			way := run
			if kill {
				way = killed(run)
			}
			calls++
			failed = way(ctx, job, read)
			return failed
		})
		if known = false; !used {
			t.Skip("this ffmpeg does not decode AV1")
		}
		got, err := imaging.Open(t.Context(), file, imaging.Limits{})
		if err != nil {
			t.Errorf("killed %t: %v", kill, err)
			continue
		}
		if calls != 1 || (failed != nil) != kill || !reflect.DeepEqual(got.Stored, want.Stored) {
			t.Errorf("killed %t: %d calls, %v, or other samples", kill, calls, failed)
		}
		got.Release()
	}
}

// deepFrame writes a made-up picture of 10 bits and halved colour.
func deepFrame(t *testing.T, name string, w, h int) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	b := bufio.NewWriterSize(f, 1<<20)
	fmt.Fprintf(b, "YUV4MPEG2 W%d H%d F25:1 Ip A1:1 C420p10\nFRAME\n", w, h)
	for i, rows := range []int{h, h / 2, h / 2} {
		wide := w
		if i > 0 {
			wide /= 2
		}
		row := make([]byte, 2*wide)
		for y := range rows {
			for x := range wide {
				v := (x/3 + y/2*(i+1) + (x*x+y*7)%61) & 1023
				row[2*x], row[2*x+1] = byte(v), byte(v>>8)
			}
			b.Write(row)
		}
	}
	if err := errors.Join(b.Flush(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// decodeDeep is the child.
func decodeDeep(t *testing.T, name string) {
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "proc"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "proc/meminfo"), fmt.Appendf(nil, "MemTotal: %d kB\n", 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	boundMemory(func(string) string { return "" }, root, slog.New(slog.DiscardHandler))
	box, program := wholeSandbox(t)
	var said strings.Builder
	decodeOutside(t.Context(), box, program, slog.New(slog.NewTextHandler(&said, nil)))
	if !strings.Contains(said.String(), "deep_avif=true") {
		t.Skipf("this ffmpeg does not decode AV1: %s", said.String())
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := imaging.Check(data, imaging.Limits{}); err != nil {
		t.Errorf("refused at upload: %v", err)
	}
	p, err := imaging.Decode(t.Context(), data, imaging.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Release()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	var peak int64
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			_, _ = fmt.Sscan(rest, &peak)
		}
	}
	var children syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &children); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("peaks %d %d kB\n", peak, children.Maxrss)
}
