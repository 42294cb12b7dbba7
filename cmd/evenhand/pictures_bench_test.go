package main

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/evenhand/evenhand/imaging"
	"github.com/evenhand/evenhand/imaging/heif"
)

// processor is the time that this process and its ended children took of the
// processor.
func processor() time.Duration {
	var sum time.Duration
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var r syscall.Rusage
		if syscall.Getrusage(who, &r) == nil {
			sum += time.Duration(r.Utime.Nano() + r.Stime.Nano())
		}
	}
	return sum
}

// BenchmarkAgainstHeifConvert takes turns with heif-convert, which writes the
// planes as they are (.y4m), on 12 megapixels, and gives the processor's time of
// each (user and system, children included) as the median of all turns, and the
// ratio: -benchtime 9x. EVENHAND_HEIC names another picture.
func BenchmarkAgainstHeifConvert(b *testing.B) {
	convert, err := exec.LookPath("heif-convert")
	if err != nil {
		b.Skip("no heif-convert")
	}
	dir, file := b.TempDir(), os.Getenv("EVENHAND_HEIC")
	if file == "" { // made once: it takes long
		file = filepath.Join(dir, "drawn.heic")
		made(b, "heif-enc", "-q", "60", drawn(b, dir, 4032, 3024), "-o", file)
	}
	open := func() {
		p, err := imaging.Open(b.Context(), file, imaging.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		p.Release()
	}
	for _, outside := range []bool{false, true} {
		b.Run(map[bool]string{false: "WebAssembly", true: "ffmpeg"}[outside], func(b *testing.B) {
			if outside {
				box, program := wholeSandbox(b)
				decodeOutside(b.Context(), box, program, slog.New(slog.DiscardHandler))
				b.Cleanup(func() { heif.SetRunner(context.Background(), nil) })
			}
			open() // what is compiled at the first use does not count
			var ours, theirs []time.Duration
			for b.Loop() {
				at := processor()
				open()
				ours = append(ours, processor()-at)
				at = processor()
				if out, err := exec.CommandContext(b.Context(), convert, file, filepath.Join(dir, "out.y4m")).CombinedOutput(); err != nil {
					b.Fatalf("%v\n%s", err, out)
				}
				theirs = append(theirs, processor()-at)
			}
			slices.Sort(ours)
			slices.Sort(theirs)
			a, z := ours[len(ours)/2], theirs[len(theirs)/2]
			b.ReportMetric(a.Seconds()*1000, "ms-ours")
			b.ReportMetric(z.Seconds()*1000, "ms-heif-convert")
			b.ReportMetric(a.Seconds()/z.Seconds(), "ratio")
		})
	}
}
