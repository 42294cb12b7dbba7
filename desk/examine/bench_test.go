package examine

import (
	"encoding/binary"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/imaging/pdq"
)

// BenchmarkNearMillion looks up pictures among a million, by eight whole
// hashes and 64 spots, and reports the 99th percentile and the memory. Stored
// hashes are random: those of real pictures crowd a little.
func BenchmarkNearMillion(b *testing.B) {
	const pictures = 1_000_000
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r := NewReuse(nil)
	draw := rand.New(rand.NewPCG(1, 2))
	seq := int64(0)
	var id [8]byte
	for n := range pictures {
		binary.BigEndian.PutUint64(id[:], uint64(n))
		rows := make([]desk.Fingerprint, 0, 1+spotsStored/spotsPerRow)
		for k := range 1 + spotsStored/spotsPerRow {
			seq++
			f := desk.Fingerprint{Seq: seq, Evidence: string(id[:]), Quality: 80}
			if k > 0 {
				f.Quality = spotRow + k - 1
			}
			for i := range 4 {
				binary.BigEndian.PutUint64(f.PDQ[8*i:], draw.Uint64())
			}
			rows = append(rows, f)
		}
		r.take(rows)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	var took []time.Duration
	for b.Loop() {
		forms, spots := make([]pdq.Hash, pdq.Forms), make([]spot, spotsAsked)
		for i := range forms {
			forms[i] = pdq.Hash{draw.Uint64(), draw.Uint64(), draw.Uint64(), draw.Uint64()}
		}
		for i := range spots {
			spots[i] = spot(draw.Uint64())
		}
		start := time.Now()
		r.Near(forms, spots, candidateRows)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1e3, "ms-p99")
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/pictures, "B/picture")
}
