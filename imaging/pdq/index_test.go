package pdq

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

type added struct {
	id uint64
	h  Hash
}

// byScan is Search done the plain way.
func byScan(all []added, q Hash, radius int) []Match {
	var found []Match
	for d := 0; d <= radius && d <= Bits; d++ {
		var ids []uint64
		for _, a := range all {
			if Distance(a.h, q) == d {
				ids = append(ids, a.id)
			}
		}
		slices.Sort(ids)
		for _, id := range ids {
			found = append(found, Match{id, d})
		}
	}
	return found
}

// flipped draws a hash 0 to most bits away from h.
func flipped(t *rapid.T, h Hash, most int) Hash {
	order := rapid.Permutation(slices.Collect(func(yield func(int) bool) {
		for k := range Bits {
			if !yield(k) {
				return
			}
		}
	})).Draw(t, "order")
	for _, k := range order[:rapid.IntRange(0, most).Draw(t, "flips")] {
		h[k/64] ^= 1 << (k % 64)
	}
	return h
}

// TestSearchIsExact builds indexes of clustered hashes, duplicates among them,
// compacted at random moments so that there are segments, none, or a tail
// after one, and compares every search with a scan.
func TestSearchIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		centres := rapid.SliceOfN(hashes(), 1, 3).Draw(t, "centres")
		var x Index
		var all []added
		for range rapid.IntRange(0, 40).Draw(t, "count") {
			a := added{
				id: rapid.Uint64Range(0, 20).Draw(t, "id"),
				h:  flipped(t, rapid.SampledFrom(centres).Draw(t, "centre"), 40),
			}
			if len(all) > 0 && rapid.IntRange(0, 4).Draw(t, "again") == 0 {
				a.h = rapid.SampledFrom(all).Draw(t, "duplicate").h
			}
			all = append(all, a)
			x.Add(a.id, a.h)
			if rapid.IntRange(0, 9).Draw(t, "compact") == 0 {
				x.Compact()
			}
		}
		if x.Len() != len(all) {
			t.Fatalf("Len %d after %d additions", x.Len(), len(all))
		}
		q := flipped(t, rapid.SampledFrom(centres).Draw(t, "near"), 40)
		for radius := -1; radius <= MaxRadius+3; radius++ {
			if got, want := x.Search(q, radius), byScan(all, q, radius); !slices.Equal(got, want) {
				t.Fatalf("radius %d: found %v, want %v", radius, got, want)
			}
		}
	})
}

// TestAllowance checks the pigeonhole argument and that no hash is missed or
// given twice when its differing bits are spread as evenly as can be.
func TestAllowance(t *testing.T) {
	for radius := 0; radius <= MaxRadius; radius++ {
		sum := 0
		for b := range bands {
			sum += allowance(radius, b) + 1
		}
		if sum != radius+1 {
			t.Errorf("radius %d: allowances+1 sum to %d", radius, sum)
		}
		var h Hash // as laid; band b differs in its first bits
		for k := range radius {
			b := bands - 1 - k%bands
			h[b/4] ^= 1 << (48 - bandBits*(b%4) + k/bands)
		}
		s := newSegment([]Hash{h}, []uint64{7})
		s.sortBands()
		if got := s.search(nil, Hash{}, radius); !slices.Equal(got, []Match{{7, radius}}) {
			t.Errorf("radius %d: found %v", radius, got)
		}
	}
}

// TestSegments fills several tails, so that segments form and merge on their
// own, and searches across them.
func TestSegments(t *testing.T) {
	if testing.Short() {
		t.Skip("builds an index of 120,000 hashes")
	}
	r := rand.New(rand.NewPCG(3, 4))
	var x Index
	var all []added
	for i := range 120_000 {
		a := added{uint64(i), randomHash(r)}
		if i%3 == 1 {
			a.h = near(r, all[r.IntN(len(all))].h, r.IntN(36))
		}
		all = append(all, a)
		x.Add(a.id, a.h)
	}
	v := x.snapshot()
	if len(v.segments) < 2 || len(v.tail) == 0 {
		t.Fatalf("%d segments and a tail of %d: not what this test is for", len(v.segments), len(v.tail))
	}
	for range 20 {
		q := near(r, all[r.IntN(len(all))].h, r.IntN(10))
		radius := r.IntN(MaxRadius + 1)
		if got, want := x.Search(q, radius), byScan(all, q, radius); !slices.Equal(got, want) {
			t.Errorf("radius %d: found %v, want %v", radius, got, want)
		}
	}
}

// TestConcurrent searches while others add and compact: whatever was added
// before a search began must be found by it. The race detector watches.
func TestConcurrent(t *testing.T) {
	const count = 2*tailLimit + 100
	r := rand.New(rand.NewPCG(5, 6))
	all := make([]Hash, count)
	for i := range all {
		all[i] = randomHash(r)
	}
	var x Index
	var readers sync.WaitGroup
	done := make(chan struct{})
	for seed := range uint64(3) {
		readers.Go(func() {
			r := rand.New(rand.NewPCG(seed, 7))
			for {
				select {
				case <-done:
					return
				default:
				}
				n := x.Len()
				if n == 0 {
					continue
				}
				id := r.IntN(n)
				if !slices.Contains(x.Search(all[id], MaxRadius), Match{uint64(id), 0}) {
					t.Errorf("hash %d of %d not found", id, n)
					return
				}
			}
		})
	}
	for i, h := range all {
		x.Add(uint64(i), h)
		if i%10_000 == 9_999 {
			x.Compact()
		}
	}
	close(done)
	readers.Wait()
}
