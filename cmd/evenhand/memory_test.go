package main

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/examine"
	"github.com/evenhand/evenhand/desk/gallery"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/imaging"
)

func TestMemoryOf(t *testing.T) {
	const machine = "MemTotal:        4000000 kB\nMemFree: 1 kB\n"
	for name, c := range map[string]struct {
		files map[string]string
		want  int64
	}{
		"machine alone":       {map[string]string{"proc/meminfo": machine}, 4000000 << 10},
		"version 2":           {map[string]string{"proc/meminfo": machine, "proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/memory.max": "1073741824\n"}, 1 << 30},
		"version 2, above":    {map[string]string{"proc/meminfo": machine, "proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/memory.max": "max\n", "sys/fs/cgroup/a/memory.max": "536870912\n"}, 512 << 20},
		"version 2, inside":   {map[string]string{"proc/meminfo": machine, "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "536870912\n"}, 512 << 20},
		"version 1":           {map[string]string{"proc/meminfo": machine, "proc/self/cgroup": "5:cpu,cpuacct:/x\n4:memory:/docker/1\n", "sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes": "805306368\n"}, 768 << 20},
		"version 1, inside":   {map[string]string{"proc/meminfo": machine, "proc/self/cgroup": "4:memory:/docker/1\n", "sys/fs/cgroup/memory/memory.limit_in_bytes": "805306368\n"}, 768 << 20},
		"version 1, no limit": {map[string]string{"proc/meminfo": machine, "proc/self/cgroup": "4:memory:/\n", "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n"}, 4000000 << 10},
		"nothing known":       {nil, 0},
	} {
		root := t.TempDir()
		for file, text := range c.files {
			at := filepath.Join(root, file)
			if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := memoryOf(root); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// deepPNG is an RGB picture of 16 bits a sample whose pixels pack to next to
// nothing; interlaced ones come in seven passes.
func deepPNG(side int, interlaced bool) []byte {
	head := binary.BigEndian.AppendUint32(nil, uint32(side))
	head = binary.BigEndian.AppendUint32(head, uint32(side))
	head = append(head, 16, 2, 0, 0, 0)
	var packed bytes.Buffer
	z, _ := zlib.NewWriterLevel(&packed, 1)
	row := make([]byte, 1+6*side)
	for i := range row[1:] {
		row[1+i] = byte(i >> 8)
	}
	passes := [][4]int{{0, 0, 1, 1}}
	if interlaced {
		head[12] = 1
		passes = [][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}
	}
	for _, p := range passes {
		w, h := (side-p[0]+p[2]-1)/p[2], (side-p[1]+p[3]-1)/p[3]
		for range h {
			_, _ = z.Write(row[:1+6*w])
		}
	}
	_ = z.Close()
	out := []byte("\x89PNG\r\n\x1a\n")
	for _, c := range []struct {
		kind string
		body []byte
	}{{"IHDR", head}, {"IDAT", packed.Bytes()}, {"IEND", nil}} {
		out = binary.BigEndian.AppendUint32(out, uint32(len(c.body)))
		out = append(append(out, c.kind...), c.body...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(append([]byte(c.kind), c.body...)))
	}
	return out
}

// shelf keeps blobs in memory.
type shelf map[string][]byte

func (s shelf) Put(context.Context, io.Reader, int64) (string, int64, error) { panic("not here") }

func (s shelf) Size(_ context.Context, sha string) (int64, error) { return int64(len(s[sha])), nil }

func (s shelf) Open(_ context.Context, sha string, at, n int64) (io.ReadCloser, error) {
	data := s[sha]
	if n < 0 || at+n > int64(len(data)) {
		n = int64(len(data)) - at
	}
	return io.NopCloser(bytes.NewReader(data[at : at+n])), nil
}

// childMemory is the variable that makes this test binary the child of
// TestPicturesWithinMemory; its value is the memory it is to believe in.
const childMemory = "EVENHAND_TEST_PICTURES_WITHIN"

// TestPicturesWithinMemory screens bombs at once, with a preview and a tile of
// each, in a process of its own that is told how much it has, and reads from
// the kernel what it held at most (VmHWM). A limit on address space (ulimit -v)
// would measure what Go reserves and not what it uses; a control group cannot
// be made where tests usually run. With EVENHAND_LONG it is ten of 100
// megapixels within 1 GB; otherwise two of 18 within 512 MB.
func TestPicturesWithinMemory(t *testing.T) {
	if os.Getenv(childMemory) != "" {
		screenBombs(t)
		return
	}
	if testing.Short() {
		t.Skip("screens two pictures of 18 megapixels")
	}
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("no /proc: what a process held cannot be read")
	}
	side, files, have := "4200", "2", 512<<20
	if os.Getenv("EVENHAND_LONG") != "" {
		side, files, have = "10000", "10", 1<<30
	}
	child := exec.Command(os.Args[0], "-test.run=^TestPicturesWithinMemory$", "-test.v")
	child.Env = append(os.Environ(), childMemory+"="+strconv.Itoa(have), "EVENHAND_TEST_SIDE="+side, "EVENHAND_TEST_FILES="+files, "GOMEMLIMIT=")
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var peak int64
	for line := range strings.Lines(string(out)) {
		if n, err := fmt.Sscanf(line, "peak %d kB", &peak); n == 1 && err == nil {
			break
		}
	}
	t.Logf("at most %d MB of %d", peak>>10, have>>20)
	if peak == 0 || peak<<10 > int64(have) {
		t.Errorf("held %d MB of %d at most\n%s", peak>>10, have>>20, out)
	}
}

// screenBombs is the child.
func screenBombs(t *testing.T) {
	have, _ := strconv.Atoi(os.Getenv(childMemory))
	side, _ := strconv.Atoi(os.Getenv("EVENHAND_TEST_SIDE"))
	files, _ := strconv.Atoi(os.Getenv("EVENHAND_TEST_FILES"))
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "proc"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "proc/meminfo"), fmt.Appendf(nil, "MemTotal: %d kB\n", have>>10), 0o600); err != nil {
		t.Fatal(err)
	}
	boundMemory(func(string) string { return "" }, root, slog.New(slog.DiscardHandler))
	blobs := shelf{}
	plain, passes := deepPNG(side, false), deepPNG(side, true)
	for i := range files {
		data := plain
		if i%2 == 1 {
			data = passes
		}
		blobs[fmt.Sprintf("%064x", i)] = append(data, byte(i)) // each its own file
	}
	x := examine.New(examine.Options{Blobs: blobs, FFmpeg: "-"})
	g := gallery.New(gallery.Options{Blobs: blobs})
	var all sync.WaitGroup
	for sha := range blobs {
		it := evidence.Item{ID: sha[:8], SHA256: sha, Medium: evidence.Photo}
		all.Go(func() {
			if s, _, err := x.Examine(t.Context(), desk.Examination{Item: it}); err != nil || s.Error != nil {
				t.Errorf("screening: %v %v", err, s.Error)
			}
		})
		all.Go(func() {
			if _, err := g.Preview(t.Context(), it, 1280); err != nil {
				t.Errorf("preview: %v", err)
			}
			if _, err := g.Tile(t.Context(), it, 0, 1, 1); err != nil {
				t.Errorf("tile: %v", err)
			}
		})
	}
	all.Wait()
	if held := imaging.BudgetHeld(); held != 0 {
		t.Errorf("%d bytes of the budget are held by nobody", held)
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if v, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			fmt.Println("peak", strings.TrimSpace(v))
		}
	}
}
