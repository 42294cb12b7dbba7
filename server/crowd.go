package server

import (
	"sync"
)

// crowd counts the requests that are under way, by the address they really
// come from: behind a proxy all connections are the proxy's, and this is the
// bound that holds there. It also knows them all, so that those who dawdle can
// be hurried when the node stops.
type crowd struct {
	most int // by address

	mu       sync.Mutex
	of       map[string]int
	under    map[*pace]bool
	stopping bool
}

func newCrowd(most int) *crowd {
	return &crowd{most: most, of: map[string]int{}, under: map[*pace]bool{}}
}

// enter counts a request in; ok is false where its address has too many. It is
// counted out by req.out, at the latest when it has been answered.
func (c *crowd) enter(req *request) (ok bool) {
	key, p := limitKey(req.Address), req.pace
	c.mu.Lock()
	defer c.mu.Unlock()
	ok = c.of[key] < c.most
	c.of[key]++ // also those that are turned away, for as long as that takes
	if c.under[p] = true; c.stopping {
		p.stop()
	}
	req.out = sync.OnceFunc(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.under, p)
		if c.of[key]--; c.of[key] == 0 {
			delete(c.of, key)
		}
	})
	return ok
}

// stop hurries all whose bodies are still coming.
func (c *crowd) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopping = true
	for p := range c.under {
		p.stop()
	}
}
