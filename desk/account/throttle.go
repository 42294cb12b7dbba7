package account

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"github.com/evenhand/evenhand/desk"
)

// How attempts at signing in are slowed down. The first few are free, for
// people mistype; then each failure doubles the wait, up to a quarter of an
// hour, which leaves a guesser about a hundred tries a day and an owner no
// worse than a coffee break. An hour without a failure forgets them.
const (
	freeForLogin   = 5
	freeForAddress = 20
	firstWait      = time.Second
	longestWait    = 15 * time.Minute
	forgetAfter    = time.Hour
	maxWatched     = 1 << 16
)

// failures is how often something went wrong, and when last.
type failures struct {
	N    int       `json:"n"`
	Last time.Time `json:"last"`
}

// wait is how long from now the next attempt has to wait.
func (f failures) wait(now time.Time, free int) time.Duration {
	if f.N < free || now.Sub(f.Last) > forgetAfter {
		return 0
	}
	d := longestWait
	if over := f.N - free; over < 10 { // 2^10 s is beyond the longest wait
		d = min(longestWait, firstWait<<over)
	}
	return max(0, f.Last.Add(d).Sub(now))
}

func (f failures) again(now time.Time) failures {
	if now.Sub(f.Last) > forgetAfter {
		f.N = 0
	}
	return failures{N: f.N + 1, Last: now}
}

// throttle remembers failures of addresses, and of logins that do not exist,
// on this node. Those of people are kept in the store (see attempt), so that
// neither a restart nor another node forgets them.
type throttle struct {
	mu   sync.Mutex
	seen map[string]failures
}

func newThrottle() *throttle { return &throttle{seen: map[string]failures{}} }

// take counts an attempt against key, unless it has to wait first.
func (t *throttle) take(key string, now time.Time, free int) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f, ok := t.seen[key]
	if w := f.wait(now, free); w > 0 {
		return w
	}
	if !ok && len(t.seen) >= maxWatched {
		t.forget(now)
	}
	t.seen[key] = f.again(now)
	return 0
}

// giveBack takes one attempt back, for it went well.
func (t *throttle) giveBack(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if f, ok := t.seen[key]; ok {
		f.N = max(0, f.N-1)
		t.seen[key] = f
	}
}

// forget makes room: what is old goes, and if all is fresh an arbitrary half,
// for a flood of names must not fill the memory.
func (t *throttle) forget(now time.Time) {
	for k, f := range t.seen {
		if now.Sub(f.Last) > forgetAfter {
			delete(t.seen, k)
		}
	}
	for k := range t.seen {
		if len(t.seen) < maxWatched/2 {
			return
		}
		delete(t.seen, k)
	}
}

// addressKey is what counts as one address: an IPv4 address, or the /64 that
// an IPv6 customer is given.
func addressKey(a netip.Addr) string {
	a = a.Unmap()
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return "address/" + p.String()
		}
	}
	return "address/" + a.String()
}

func failuresOf(userID string) string { return "account/failures/" + userID }

// attempt counts one attempt as failed before it is made, so that guesses sent
// all at once are slowed down as well; succeeded takes the count back. It
// answers with SlowDown where the wait is not over.
func (a *Accounts) attempt(ctx context.Context, userID, login string, addr netip.Addr) error {
	now := a.now()
	if w := a.throttle.take(addressKey(addr), now, freeForAddress); w > 0 {
		return &SlowDown{After: w}
	}
	if userID == "" {
		if w := a.throttle.take("login/"+digest(login), now, freeForLogin); w > 0 {
			return &SlowDown{After: w}
		}
		// The write below takes its time; without one like it an answer would
		// come sooner for names that do not exist.
		return a.store.Write(ctx, func(tx desk.Tx) error {
			return putSetting(ctx, tx, failuresOf("nobody"), failures{N: 1, Last: now})
		})
	}
	return a.store.Write(ctx, func(tx desk.Tx) error {
		var f failures
		if _, err := setting(ctx, tx, failuresOf(userID), &f); err != nil {
			return err
		}
		if w := f.wait(now, freeForLogin); w > 0 {
			return &SlowDown{After: w}
		}
		return putSetting(ctx, tx, failuresOf(userID), f.again(now))
	})
}

// succeeded forgets a person's failures, and takes back what the attempt
// counted against the address. The address's other failures stay: somebody
// with one good account must not get to guess at others for free.
func (a *Accounts) succeeded(ctx context.Context, tx desk.Tx, userID string) error {
	var f failures
	if found, err := setting(ctx, tx, failuresOf(userID), &f); err != nil || !found {
		return err
	}
	return putSetting(ctx, tx, failuresOf(userID), nil)
}
