package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// waits are how long honest callers waited, and what went wrong for them.
type waits struct {
	mu     sync.Mutex
	took   []time.Duration
	failed []string
}

func (w *waits) String() string {
	return fmt.Sprintf("%d requests, median %s, p99 %s, slowest %s, %d failed", len(w.took), w.at(0.5), w.at(0.99), w.at(1), len(w.failed))
}

func (w *waits) at(share float64) time.Duration {
	if len(w.took) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(w.took))
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))].Round(time.Millisecond)
}

func (w *waits) wrong() error {
	var errs []error
	for _, f := range w.failed[:min(len(w.failed), 10)] {
		errs = append(errs, errors.New("an honest caller: "+f))
	}
	if p := w.at(0.99); p > mostWait {
		errs = append(errs, fmt.Errorf("honest callers wait %s at the 99th percentile, more than %s", p, mostWait))
	}
	return errors.Join(errs...)
}

// step is one request of an honest caller, with the statuses that are right.
type step struct {
	name string
	do   func(ctx context.Context, c *client) (int, []byte)
	want []int
}

// honest callers file, add photos, look and answer until the span is over, each
// from an address of their own.
func (t *theatre) honest(ctx context.Context, span time.Duration) *waits {
	w := &waits{}
	until := time.Now().Add(span)
	var people sync.WaitGroup
	for p := range 4 {
		people.Go(func() {
			c := t.client(byte(200 + p))
			for n := 0; time.Now().Before(until) && ctx.Err() == nil; n++ {
				for _, s := range t.day(p, n) {
					t.take(ctx, c, s, w)
				}
				time.Sleep(300 * time.Millisecond)
			}
		})
	}
	people.Wait()
	return w
}

func (t *theatre) take(ctx context.Context, c *client, s step, w *waits) {
	began := time.Now()
	status, raw := s.do(ctx, c)
	took := time.Since(began)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.took = append(w.took, took)
	if !slices.Contains(s.want, status) && ctx.Err() == nil {
		w.failed = append(w.failed, fmt.Sprintf("%s: %d after %s: %.200s", s.name, status, took.Round(time.Millisecond), raw))
	}
}

// photoEach is how many claims an honest caller files for one with a photo:
// what is sent stays below what two cores examine under attack, about eighty
// photos a minute, so that what still waits afterwards waits for a reason.
const photoEach = 5

// day is what one honest caller does, one after the other: the platform files
// and adds a photo to some, the buyer looks by a link, the shop lists and
// looks, a reviewer signs in.
func (t *theatre) day(person, n int) []step {
	var id string
	get := func(name, path, key string) step {
		return step{name, func(ctx context.Context, c *client) (int, []byte) {
			return c.do(ctx, "GET", strings.ReplaceAll(path, "{claim}", id), key, "", nil)
		}, []int{200}}
	}
	steps := []step{
		{"file a claim", func(ctx context.Context, c *client) (int, []byte) {
			var err error
			if id, err = t.file(ctx, c, "m1", fmt.Sprintf("buyer%d-%d", person, n)); err != nil {
				return 0, []byte(err.Error())
			}
			return 200, nil
		}, []int{200}},
		get("see one's claim", "/v1/claims/{claim}", t.platform),
		get("a buyer's link", "/v1/claims/"+t.calmClaim, "link:"+t.calmLink),
		get("a shop's list", "/v1/claims?limit=20", t.shop),
		get("alive", "/healthz", ""),
		get("a photo's preview", "/v1/evidence/"+t.evidence+"/preview", t.platform),
	}
	if n%photoEach == person%photoEach {
		steps = append(steps, step{"add a photo", func(ctx context.Context, c *client) (int, []byte) {
			return c.upload(ctx, "/v1/claims/"+id+"/evidence", t.platform, "whole", photo(uint64(person)<<32|uint64(n)+7))
		}, []int{201}})
	}
	if person == 0 && n%40 == 0 { // signing in costs memory on purpose, and nobody does it all day
		steps = append(steps, step{"a reviewer signs in", func(ctx context.Context, c *client) (int, []byte) {
			return c.json(ctx, "POST", "/v1/session", "", `{"login":"reviewer","password":"`+password+`"}`)
		}, []int{200, 429}}) // from a browser that nobody knows, it may have to wait
	}
	return steps
}
