package screening

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
)

// BenchmarkInspect12MP is the case a shop meets: one phone photo of twelve
// megapixels against eight listing pictures of 1600 pixels, one of which it
// was made from. It also reports the peak of the memory resident in the whole
// process, where the system tells it.
func BenchmarkInspect12MP(b *testing.B) {
	dir := b.TempDir()
	claim := filepath.Join(dir, "claim.jpg")
	writeScene(b, claim, 4000, 3000, 1)
	var references []string
	for i := range 8 {
		name := filepath.Join(dir, fmt.Sprintf("reference-%d.jpg", i))
		writeScene(b, name, 1600, 1200, uint64(i+1))
		references = append(references, name)
	}
	debug.FreeOSMemory()
	forgetPeak()
	for b.Loop() {
		got, _, err := Inspect(b.Context(), []string{claim}, references, Options{})
		if err != nil || len(got.Errors) > 0 || len(got.Claim) != 1 {
			b.Fatalf("got %+v, %v", got, err)
		}
	}
	if peak, ok := peakResident(); ok {
		b.ReportMetric(float64(peak)/1e6, "MB-peak")
	}
}

// writeScene draws one scene at any size: the same seed is the same scene.
func writeScene(b *testing.B, name string, width, height int, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 2))
	type blob struct{ x, y, r, shade float64 }
	blobs := make([]blob, 1500)
	for i := range blobs {
		blobs[i] = blob{random.Float64(), random.Float64(), 0.003 + 0.03*math.Pow(random.Float64(), 3), 40 + 190*random.Float64()}
	}
	m := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = 120, 134
	}
	for i := range m.Y {
		m.Y[i] = uint8(128 + 6*random.NormFloat64())
	}
	for _, c := range blobs {
		cx, cy, r := c.x*float64(width), c.y*float64(height), c.r*float64(width)
		for y := max(0, int(cy-r)); y < min(height, int(cy+r)); y++ {
			for x := max(0, int(cx-r)); x < min(width, int(cx+r)); x++ {
				if math.Hypot(float64(x)-cx, float64(y)-cy) < r {
					m.Y[m.YOffset(x, y)] = color.Gray{uint8(c.shade + 4*random.NormFloat64())}.Y
				}
			}
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 90}); err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(name, out.Bytes(), 0o644); err != nil {
		b.Fatal(err)
	}
}

// forgetPeak makes Linux count the peak from now on; elsewhere it does nothing.
func forgetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) }

// peakResident is the highest resident memory of this process, in bytes.
func peakResident() (int64, bool) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return kib * 1024, err == nil
		}
	}
	return 0, false
}
