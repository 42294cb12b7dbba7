package gallery

import (
	"container/list"
	"sync"
)

// cache keeps what was used last, up to a sum of bytes.
type cache[T any] struct {
	mu    sync.Mutex
	limit int64 // bytes
	used  int64
	order *list.List // of *entry[T], the one used last in front
	by    map[string]*list.Element
}

type entry[T any] struct {
	key   string
	value T
	bytes int64
}

func newCache[T any](limit int64) *cache[T] {
	return &cache[T]{limit: limit, order: list.New(), by: map[string]*list.Element{}}
}

func (c *cache[T]) get(key string) (v T, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.by[key]
	if !ok {
		return v, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*entry[T]).value, true
}

// put keeps a value, and lets go of those used longest ago until all fit. A
// value larger than the whole cache is kept alone: whoever asked for it asks
// again at once, for the next tile.
func (c *cache[T]) put(key string, v T, bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.by[key]; ok {
		c.drop(e)
	}
	c.by[key] = c.order.PushFront(&entry[T]{key, v, bytes})
	c.used += bytes
	for c.used > c.limit && c.order.Len() > 1 {
		c.drop(c.order.Back())
	}
}

func (c *cache[T]) drop(e *list.Element) {
	old := c.order.Remove(e).(*entry[T])
	delete(c.by, old.key)
	c.used -= old.bytes
}
