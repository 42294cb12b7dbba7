package examine

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"sync"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/imaging/pdq"
)

// How near is near enough to be compared in full.
const (
	wholeRadius  = pdq.MaxRadius // bits of a whole picture's hash
	wholeQuality = 20            // hashes of plainer pictures are not looked up
	spotRadius   = 7             // bits of 64 of a spot, and
	spotKeyBits  = 16            // of these the first 16 agree up to one
	leastVotes   = 2             // spots in common
	shortlisted  = 12            // candidates an answer holds at most
	followRows   = 5000          // fingerprints read at once
)

// Reuse is the index of every picture that was ever filed, in memory, fed from
// the store's fingerprints, this node's and others'. It proposes: what it
// names looks alike and is to be compared in full. It may be used by many
// goroutines at once.
//
// A picture takes 546 bytes, measured with a million: its whole hash, 12 bytes
// for each of 24 spots, its number, and room to grow.
type Reuse struct {
	store     desk.Store
	following sync.Mutex // held by Follow

	mu      sync.RWMutex
	seq     int64   // the last row taken
	first   []int64 // by picture: Seq of its first row
	recent  [2]map[string]uint32
	buckets [][]posting // by a spot's first 16 bits
	whole   pdq.Index
}

// posting is one spot of one stored picture.
type posting struct {
	low, high uint32 // the spot; two words, so that a posting takes 12 bytes
	picture   uint32
}

// recentPictures bounds the memory of which evidence has which number: rows of
// one picture come close together.
const recentPictures = 1 << 15

// NewReuse makes an empty index; the first look-up fills it.
func NewReuse(store desk.Store) *Reuse {
	return &Reuse{store: store, buckets: make([][]posting, 1<<spotKeyBits), recent: [2]map[string]uint32{{}, {}}}
}

// Len is how many pictures the index holds.
func (r *Reuse) Len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.first)
}

// Follow takes in what any node has stored since the last call.
func (r *Reuse) Follow(ctx context.Context) error {
	r.following.Lock()
	defer r.following.Unlock()
	for {
		var rows []desk.Fingerprint
		err := r.store.Read(ctx, func(tx desk.Tx) (err error) {
			rows, err = tx.Fingerprints(ctx, r.seq, followRows)
			return err
		})
		if err != nil {
			return fmt.Errorf("following the fingerprints: %w", err)
		}
		r.take(rows)
		if len(rows) < followRows {
			return nil
		}
	}
}

func (r *Reuse) take(rows []desk.Fingerprint) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range rows {
		r.seq = f.Seq
		picture := r.number(f)
		var words pdq.Hash
		for i := range words {
			words[i] = binary.BigEndian.Uint64(f.PDQ[8*i:])
		}
		switch {
		case f.Quality >= spotRow:
			for _, w := range words {
				key := w & (1<<spotKeyBits - 1)
				r.buckets[key] = append(r.buckets[key], posting{uint32(w), uint32(w >> 32), picture})
			}
		case f.Quality >= wholeQuality:
			r.whole.Add(uint64(picture), words)
		}
	}
}

// number is the picture that a row belongs to.
func (r *Reuse) number(f desk.Fingerprint) uint32 {
	for _, m := range r.recent {
		if n, ok := m[f.Evidence]; ok {
			return n
		}
	}
	n := uint32(len(r.first))
	r.first = append(r.first, f.Seq)
	if len(r.recent[0]) >= recentPictures {
		r.recent[0], r.recent[1] = map[string]uint32{}, r.recent[0]
	}
	r.recent[0][f.Evidence] = n
	return n
}

// Candidate is a stored picture that looks like the one asked about.
type Candidate struct {
	Seq int64 // of its first fingerprint
	// Distance is that of the whole pictures in bits, -1 where only spots agree.
	Distance int
	// Spots is how many spots agree.
	Spots int
}

// Near names the stored pictures most like one, best first, at most limit.
// forms are the hashes of the whole picture in its eight forms, or nil; skip
// leaves out what the caller knows already.
func (r *Reuse) Near(forms []pdq.Hash, spots []spot, limit int) []Candidate {
	found := map[uint32]*Candidate{}
	at := func(n uint32) *Candidate {
		c := found[n]
		if c == nil {
			c = &Candidate{Distance: -1}
			found[n] = c
		}
		return c
	}
	for _, h := range forms {
		for _, m := range r.whole.Search(h, wholeRadius) {
			if c := at(uint32(m.ID)); c.Distance < 0 || m.Distance < c.Distance {
				c.Distance = m.Distance
			}
		}
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	for n, votes := range r.votes(spots) {
		at(n).Spots = votes
	}
	out := make([]Candidate, 0, len(found))
	for n, c := range found {
		if c.Distance >= 0 || c.Spots >= leastVotes {
			c.Seq = r.first[n]
			out = append(out, *c)
		}
	}
	slices.SortFunc(out, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(b.score(), a.score()), cmp.Compare(a.Seq, b.Seq))
	})
	return out[:min(len(out), limit)]
}

// score weighs a whole picture at no distance like eight spots.
func (c Candidate) score() int {
	s := 4 * c.Spots
	if c.Distance >= 0 {
		s += wholeRadius + 1 - c.Distance
	}
	return s
}

// votes counts the spots that each stored picture has in common with spots,
// each of them once.
func (r *Reuse) votes(spots []spot) map[uint32]int {
	total := map[uint32]int{}
	seen := map[uint32]int{} // picture: the last spot that counted for it
	for i, s := range spots {
		low, high := uint32(s), uint32(s>>32)
		probe := func(key uint32) {
			for _, p := range r.buckets[key] {
				if bits.OnesCount32(p.low^low)+bits.OnesCount32(p.high^high) > spotRadius || seen[p.picture] == i+1 {
					continue
				}
				seen[p.picture] = i + 1
				total[p.picture]++
			}
		}
		key := low & (1<<spotKeyBits - 1)
		probe(key)
		for b := range spotKeyBits {
			probe(key ^ 1<<b)
		}
	}
	return total
}
