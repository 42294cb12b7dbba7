package gallery

import (
	"context"
	"fmt"
	"sync"
)

// flights does a piece of work once for all who wait for it, and stops it
// when the last of them has gone: a decoded picture that nobody looks at any
// more is only heat.
type flights[T any] struct {
	mu sync.Mutex
	by map[string]*flight[T]
}

type flight[T any] struct {
	done    chan struct{}
	value   T
	err     error
	waiting int
	stop    context.CancelFunc
}

func newFlights[T any]() *flights[T] { return &flights[T]{by: map[string]*flight[T]{}} }

// do answers what work answers, or ctx's error where ctx ends first. work gets
// a context that ends with the last of those who wait.
func (f *flights[T]) do(ctx context.Context, key string, work func(context.Context) (T, error)) (v T, err error) {
	f.mu.Lock()
	one := f.by[key]
	if one == nil {
		within, stop := context.WithCancel(context.WithoutCancel(ctx))
		one = &flight[T]{done: make(chan struct{}), stop: stop}
		f.by[key] = one
		go f.run(within, key, one, work)
	}
	one.waiting++
	f.mu.Unlock()
	select {
	case <-one.done:
		return one.value, one.err
	case <-ctx.Done():
		f.leave(key, one)
		return v, ctx.Err()
	}
}

func (f *flights[T]) run(ctx context.Context, key string, one *flight[T], work func(context.Context) (T, error)) {
	defer func() {
		if p := recover(); p != nil { // out of a handler's reach: it would end the process
			one.err = fmt.Errorf("gallery: %v", p)
		}
		f.mu.Lock()
		f.forget(key, one)
		f.mu.Unlock()
		one.stop()
		close(one.done)
	}()
	one.value, one.err = work(ctx)
}

// leave is one who waits no longer.
func (f *flights[T]) leave(key string, one *flight[T]) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if one.waiting--; one.waiting == 0 {
		f.forget(key, one) // who comes now must not join what is being stopped
		one.stop()
	}
}

func (f *flights[T]) forget(key string, one *flight[T]) {
	if f.by[key] == one {
		delete(f.by, key)
	}
}
