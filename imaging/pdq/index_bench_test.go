package pdq

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func randomHash(r *rand.Rand) Hash {
	return Hash{r.Uint64(), r.Uint64(), r.Uint64(), r.Uint64()}
}

// near returns h with n distinct bits turned over.
func near(r *rand.Rand, h Hash, n int) Hash {
	for _, k := range r.Perm(Bits)[:n] {
		h[k/64] ^= 1 << (k % 64)
	}
	return h
}

// BenchmarkSearchMillion compares the index with a scan of the same million
// hashes, at radius 31: queries that have no neighbour, and queries with
// neighbours planted at up to 31 bits. Medians of single searches are reported
// as µs/median.
func BenchmarkSearchMillion(b *testing.B) {
	const million = 1_000_000
	r := rand.New(rand.NewPCG(1, 2))
	var grown Index
	for i := range million - 1000 {
		grown.Add(uint64(i), randomHash(r))
	}
	random, planted := make([]Hash, 100), make([]Hash, 100)
	for i := range random {
		random[i], planted[i] = randomHash(r), randomHash(r)
		for k := range 10 {
			grown.Add(uint64(million+10*i+k), near(r, planted[i], r.IntN(MaxRadius+1)))
		}
	}
	var whole Index
	whole.current.Store(grown.current.Load())
	whole.Compact()
	all := whole.current.Load().segments[0]
	b.Logf("segments of the grown index: %d", len(grown.current.Load().segments))

	engines := []struct {
		name   string
		search func(Hash) []Match
	}{
		{"index", func(h Hash) []Match { return whole.Search(h, MaxRadius) }},
		{"index-grown", func(h Hash) []Match { return grown.Search(h, MaxRadius) }},
		{"scan", func(h Hash) []Match { return all.scan(nil, laid(h), MaxRadius) }},
	}
	for _, e := range engines {
		b.Run(e.name+"/random", func(b *testing.B) { searchAll(b, e.search, random, 0) })
		b.Run(e.name+"/planted", func(b *testing.B) { searchAll(b, e.search, planted, 10) })
	}
}

func searchAll(b *testing.B, search func(Hash) []Match, queries []Hash, want int) {
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		found := search(queries[i%len(queries)])
		took = append(took, time.Since(start))
		if len(found) != want {
			b.Fatalf("query %d found %d hashes, want %d", i, len(found), want)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2])/1e3, "µs/median")
}
