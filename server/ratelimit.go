package server

import (
	"fmt"
	"math"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/evenhand/evenhand/text"
)

// Rate is how many requests somebody may make: Burst at once, and PerSecond in
// the long run.
type Rate struct {
	PerSecond float64
	Burst     int
}

// limiter keeps a token bucket for each caller or address, at most so many.
type limiter struct {
	name string
	rate Rate
	now  func() time.Time
	mu   sync.Mutex
	of   map[string]*bucket
}

type bucket struct {
	tokens *rate.Limiter
	used   time.Time
}

// maxBuckets bounds the memory of a limiter, some 10 MiB.
const maxBuckets = 1 << 16

func newLimiter(name string, r Rate, now func() time.Time) *limiter {
	return &limiter{name: name, rate: r, now: now, of: map[string]*bucket{}}
}

// take counts a request. left is how many more there could be at once, wait
// how long until the next, 0 where this one may pass.
func (l *limiter) take(key string) (left int, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	b := l.of[key]
	if b == nil {
		if len(l.of) >= maxBuckets {
			l.sweep(now)
		}
		b = &bucket{tokens: rate.NewLimiter(rate.Limit(l.rate.PerSecond), l.rate.Burst)}
		l.of[key] = b
	}
	b.used = now
	if b.tokens.AllowN(now, 1) {
		return int(b.tokens.TokensAt(now)), 0
	}
	short := 1 - b.tokens.TokensAt(now)
	return 0, max(time.Second, time.Duration(short/l.rate.PerSecond*float64(time.Second)))
}

// sweep forgets those whose bucket is full again, who lose nothing by it; if
// that is not enough, whoever comes first, for the memory is bounded.
func (l *limiter) sweep(now time.Time) {
	full := time.Duration(float64(l.rate.Burst) / l.rate.PerSecond * float64(time.Second))
	for k, b := range l.of {
		if now.Sub(b.used) > full {
			delete(l.of, k)
		}
	}
	for k := range l.of {
		if len(l.of) < maxBuckets*3/4 {
			return
		}
		delete(l.of, k)
	}
}

// limit lets a request pass, or answers 429. The headers are those of the
// IETF's draft-ietf-httpapi-ratelimit-headers.
func (l *limiter) limit(w http.ResponseWriter, r *http.Request, key string) bool {
	left, wait := l.take(key)
	window := int(math.Ceil(float64(l.rate.Burst) / l.rate.PerSecond))
	w.Header().Set("RateLimit-Policy", fmt.Sprintf("%q;q=%d;w=%d", l.name, l.rate.Burst, window))
	until := int(math.Ceil(wait.Seconds()))
	w.Header().Set("RateLimit", fmt.Sprintf("%q;r=%d;t=%d", l.name, left, until))
	if wait == 0 {
		return true
	}
	p := problemOf(requestOf(r.Context()), text.Refuse(codeRate, "", fmt.Sprintf("Too many requests. Go on in %d s.", until), fmt.Sprintf("请求过于频繁，请在 %d 秒后继续。", until)))
	p.retryAfter = until
	fail(w, r, p)
	return false
}
