package imaging

import (
	"context"
	"image"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Budget bounds, in bytes, what all decoding in a process holds at once: the
// decoders at work and the pictures they gave, until those are released. Who
// asks first is served first, so that a large picture waits for a few small
// ones and not for ever.
type Budget struct {
	size    int64
	mu      sync.Mutex
	held    int64
	waiting []*waiter // in the order they came
}

// waiter is somebody who asked for n bytes; ready is closed once they are held.
type waiter struct {
	n     int64
	ready chan struct{}
}

// NewBudget makes a budget of the given size in bytes.
func NewBudget(size int64) *Budget { return &Budget{size: size} }

// process is the budget that every Decode draws on. Memory is the process's,
// and so is this: a budget a caller would leave out is none.
var process atomic.Pointer[Budget]

// SetBudget bounds all decoding in this process from now on, in bytes. Until
// it is called there is no bound but each picture's own (Limits.MaxMemory).
func SetBudget(size int64) { process.Store(NewBudget(size)) }

// budgetNow is the process's budget.
func budgetNow() *Budget {
	if b := process.Load(); b != nil {
		return b
	}
	process.CompareAndSwap(nil, NewBudget(math.MaxInt64))
	return process.Load()
}

// BudgetSize is what SetBudget was told, in bytes; math.MaxInt64 before.
func BudgetSize() int64 { return budgetNow().size }

// BudgetHeld is how much of it decoders and pictures hold now, in bytes.
func BudgetHeld() int64 {
	b := budgetNow()
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.held
}

// BudgetWaiting is how many decodes wait for a part of it.
func BudgetWaiting() int {
	b := budgetNow()
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.waiting)
}

// take waits for n bytes. What is more than the whole budget would never come:
// that is TooMuchMemory at once, as *Error. Otherwise its error is ctx's.
func (b *Budget) take(ctx context.Context, n int64) (*share, error) {
	if n > b.size {
		return nil, tooMuchMemory(n, b.size)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b.mu.Lock()
	if len(b.waiting) == 0 && b.held+n <= b.size {
		b.held += n
		b.mu.Unlock()
		return &share{budget: b, n: n}, nil
	}
	w := &waiter{n: n, ready: make(chan struct{})}
	b.waiting = append(b.waiting, w)
	b.mu.Unlock()
	select {
	case <-w.ready:
		return &share{budget: b, n: n}, nil
	case <-ctx.Done():
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if at := slices.Index(b.waiting, w); at >= 0 {
		b.waiting = slices.Delete(b.waiting, at, at+1)
	} else { // it came at the same moment
		b.held -= n
	}
	b.serve() // whoever stood behind may fit
	return nil, ctx.Err()
}

// give takes n bytes back and serves who waits.
func (b *Budget) give(n int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.held -= n
	b.serve()
}

// serve hands out what is free, in order. The lock is held.
func (b *Budget) serve() {
	for len(b.waiting) > 0 && b.held+b.waiting[0].n <= b.size {
		w := b.waiting[0]
		b.waiting = b.waiting[1:]
		b.held += w.n
		close(w.ready)
	}
}

// share is a part of a budget that somebody holds.
type share struct {
	budget *Budget
	mu     sync.Mutex
	n      int64
}

// keep gives back all but n bytes.
func (s *share) keep(n int64) {
	s.mu.Lock()
	back := s.n - n
	if back > 0 {
		s.n = n
	}
	s.mu.Unlock()
	if back > 0 {
		s.budget.give(back)
	}
}

// drop gives all back; a second time it does nothing.
func (s *share) drop() { s.keep(0) }

// hold makes p answer for its share of the budget: what its pixels take is
// kept until Release, or until p itself is garbage, should a caller forget.
func (p *Picture) hold(s *share) {
	s.keep(storedBytes(p.Stored))
	p.share = s
	runtime.AddCleanup(p, (*share).drop, s)
}

// Release gives the picture's part of the process's budget back; its pixels
// must not be used any more. Call it as soon as they are not needed: others
// wait for it.
func (p *Picture) Release() {
	if p == nil || p.share == nil {
		return
	}
	p.share.drop()
	p.Stored = nil
}

// Detach is Release for a caller who keeps the pixels under a bound of its
// own, such as a cache's: the budget no longer counts them.
func (p *Picture) Detach() {
	if p.share != nil {
		p.share.drop()
	}
}

// storedBytes is what m's samples take in memory.
func storedBytes(m image.Image) int64 {
	switch m := m.(type) {
	case *image.YCbCr:
		return int64(cap(m.Y) + cap(m.Cb) + cap(m.Cr))
	case *image.NYCbCrA:
		return int64(cap(m.Y) + cap(m.Cb) + cap(m.Cr) + cap(m.A))
	case *image.Gray:
		return int64(cap(m.Pix))
	case *image.Gray16:
		return int64(cap(m.Pix))
	case *image.Paletted:
		return int64(cap(m.Pix))
	case *image.RGBA:
		return int64(cap(m.Pix))
	case *image.NRGBA:
		return int64(cap(m.Pix))
	case *image.CMYK:
		return int64(cap(m.Pix))
	}
	if m == nil {
		return 0
	}
	return 8 * int64(m.Bounds().Dx()) * int64(m.Bounds().Dy())
}
