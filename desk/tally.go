package desk

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// A count of all claims reads an index from end to end: nothing among
// thousands, a quarter of a second among a million. So it is used again for a
// hundred times as long as it took, and a figure is at most 1 % of the work.
const tallyKept = 100

// tallies remembers the last counts, by what was counted.
type tallies struct {
	mu   sync.Mutex
	last map[string]*tallied
}

// tallied is one count. Its lock is held while somebody counts, so that who
// asks for the same then waits for that count; other counts go on.
type tallied struct {
	mu    sync.Mutex
	value any
	at    time.Time
	until time.Time // by the real clock: it is about work, not about windows
}

// maxTallies bounds what is remembered.
const maxTallies = 200

func (t *tallies) of(key string) *tallied {
	t.mu.Lock()
	defer t.mu.Unlock()
	if one, ok := t.last[key]; ok {
		return one
	}
	if t.last == nil || len(t.last) >= maxTallies {
		t.last = map[string]*tallied{}
	}
	one := &tallied{}
	t.last[key] = one
	return one
}

// lately counts, or answers a recent count and when it was made. What is
// answered is shared: callers must not change it.
func lately[T any](ctx context.Context, d *Desk, key string, count func(Tx) (T, error)) (value T, at time.Time, err error) {
	one := d.tallies.of(key)
	one.mu.Lock()
	defer one.mu.Unlock()
	if old, ok := one.value.(T); ok && time.Now().Before(one.until) {
		return old, one.at, nil
	}
	began, at := time.Now(), d.now()
	err = d.read(ctx, func(tx Tx) (err error) {
		value, err = count(tx)
		return err
	})
	if err != nil {
		return value, at, err
	}
	one.value, one.at, one.until = value, at, time.Now().Add(tallyKept*time.Since(began))
	return value, at, nil
}

// tally counts the claims that f takes, or answers a recent count.
func (d *Desk) tally(ctx context.Context, f ClaimFilter) ([]Tally, time.Time, error) {
	return lately(ctx, d, fmt.Sprintf("claims %+v", f), func(tx Tx) ([]Tally, error) { return tx.TallyClaims(ctx, f) })
}
