package pdq

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
)

// MaxRadius is the largest radius that Index searches quickly. Larger ones are
// answered too, by looking at every hash.
const MaxRadius = 31

// Match is one hash found by a search.
type Match struct {
	ID       uint64
	Distance int // bits, 0 to 256
}

// Index holds hashes in memory and finds those near a given one, exactly: no
// hash within the radius is missed and none beyond it is returned. Any number
// of goroutines may search while others add; a search sees the index as it was
// at some moment during its call. The zero value is an empty index.
//
// New hashes gather in a tail that is simply scanned. A full tail becomes a
// segment, merged with those before it that are no larger, so that there are
// few segments and each hash is sorted anew only a logarithmic number of times.
type Index struct {
	writing sync.Mutex // held by Add and Compact
	current atomic.Pointer[view]
}

// view is a state of the index. It never changes once published.
type view struct {
	segments []*segment // largest first, as a rule
	tail     []Hash     // laid, like those in segments
	tailIDs  []uint64
}

// tailLimit is the number of hashes from which a sorted segment pays: a scan
// of fewer costs less than 0.1 ms.
const tailLimit = 1 << 14

// Add puts a hash into the index under the caller's id. Neither need be new:
// each addition is a match of its own.
func (x *Index) Add(id uint64, h Hash) {
	x.writing.Lock()
	defer x.writing.Unlock()
	next := x.snapshot()
	// Searches under way hold shorter slices of the same memory and never
	// look beyond their end.
	next.tail, next.tailIDs = append(next.tail, laid(h)), append(next.tailIDs, id)
	if len(next.tail) >= tailLimit {
		next.fold(func(s *segment, size int) bool { return len(s.ids) <= size })
	}
	x.current.Store(&next)
}

// Compact sorts everything into one segment, which makes searches a little
// faster. It is worth calling once after loading many hashes.
func (x *Index) Compact() {
	x.writing.Lock()
	defer x.writing.Unlock()
	next := x.snapshot()
	next.fold(func(*segment, int) bool { return true })
	x.current.Store(&next)
}

// Len returns the number of additions.
func (x *Index) Len() int {
	v := x.snapshot()
	n := len(v.tail)
	for _, s := range v.segments {
		n += len(s.ids)
	}
	return n
}

// Search returns everything within radius bits of h, nearest first and by id
// among equals.
func (x *Index) Search(h Hash, radius int) []Match {
	v := x.snapshot()
	h = laid(h)
	var found []Match
	for _, s := range v.segments {
		found = s.search(found, h, radius)
	}
	for i := range v.tail {
		if d := Distance(v.tail[i], h); d <= radius {
			found = append(found, Match{v.tailIDs[i], d})
		}
	}
	slices.SortFunc(found, func(a, b Match) int {
		return cmp.Or(cmp.Compare(a.Distance, b.Distance), cmp.Compare(a.ID, b.ID))
	})
	return found
}

func (x *Index) snapshot() view {
	if v := x.current.Load(); v != nil {
		return *v
	}
	return view{}
}

// fold makes one segment of the tail and of the last segments, as long as
// take, given the next one and the number of hashes gathered, says so.
func (v *view) fold(take func(s *segment, size int) bool) {
	if len(v.tail) == 0 && len(v.segments) < 2 {
		return
	}
	gathered := newSegment(v.tail, v.tailIDs)
	kept := len(v.segments)
	for kept > 0 && take(v.segments[kept-1], len(gathered.ids)) {
		kept--
		gathered = merge(v.segments[kept], gathered)
	}
	gathered.sortBands()
	// A new slice, as searches under way may hold the old one.
	v.segments = append(slices.Clone(v.segments[:kept]), gathered)
	v.tail, v.tailIDs = nil, nil
}
