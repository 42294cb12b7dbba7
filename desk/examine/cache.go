package examine

import (
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"sync"

	"github.com/evenhand/evenhand/desk"
)

// keyOf names a result by everything that it follows from.
func keyOf(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])
}

// kept fills v with a kept result; false where there is none. A cache that
// fails is a cache without the result: the work is done again.
func (x *Examiner) kept(ctx context.Context, key string, v any) bool {
	if x.opts.Store == nil {
		return false
	}
	var data []byte
	err := x.opts.Store.Read(ctx, func(tx desk.Tx) (err error) {
		data, err = tx.ScreeningResult(ctx, key)
		return err
	})
	return err == nil && json.Unmarshal(data, v) == nil
}

func (x *Examiner) keep(ctx context.Context, key string, v any) {
	if x.opts.Store == nil {
		return
	}
	data, err := json.Marshal(v)
	if err == nil {
		err = x.opts.Store.Write(ctx, func(tx desk.Tx) error { return tx.PutScreeningResult(ctx, key, data) })
	}
	if err != nil && ctx.Err() == nil {
		x.opts.Log.WarnContext(ctx, "a screening result could not be kept", "error", err.Error())
	}
}

// views keeps the pictures used last ready for an instrument: a claim's photos
// are compared with the same listing one after the other, and with each other.
type views[T any] struct {
	mu    sync.Mutex
	limit int
	order *list.List // of *viewEntry[T], the one used last in front
	by    map[string]*list.Element
}

type viewEntry[T any] struct {
	sha  string
	view T
}

func newViews[T any](limit int) *views[T] {
	return &views[T]{limit: limit, order: list.New(), by: map[string]*list.Element{}}
}

func (v *views[T]) get(sha string) (view T, ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	e, ok := v.by[sha]
	if !ok {
		return view, false
	}
	v.order.MoveToFront(e)
	return e.Value.(*viewEntry[T]).view, true
}

func (v *views[T]) put(sha string, view T) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if e, ok := v.by[sha]; ok {
		v.order.MoveToFront(e)
		return
	}
	v.by[sha] = v.order.PushFront(&viewEntry[T]{sha, view})
	if v.order.Len() > v.limit {
		last := v.order.Back()
		v.order.Remove(last)
		delete(v.by, last.Value.(*viewEntry[T]).sha)
	}
}
