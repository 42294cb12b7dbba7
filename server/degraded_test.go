package server

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/evenhand/evenhand/work"
)

// TestEveryRouteWithoutItsDatabase: whoever asks for whatever is told to come
// back, and nobody that something is wrong with what they sent; being alive
// needs no database, whatever credential comes along.
func TestEveryRouteWithoutItsDatabase(t *testing.T) {
	m := newMarket(t)
	x := &nonsense{market: m, of: m.scene(), dice: rand.New(rand.NewPCG(3, 4)), sent: map[string]map[string]int{}, heard: map[string]int{}}
	if err := m.db.Close(); err != nil {
		t.Fatal(err)
	}
	refused := 0
	for _, r := range m.s.Routes() {
		o := operation{method: r.Method, path: r.Path}
		for _, who := range []string{x.caller(o), "platform", ""} {
			res, raw := m.do(who, o.method, x.address(o), "{}", "If-Match", `"1"`)
			where := fmt.Sprintf("%s as %q: %d %.200s", o.name(), who, res.StatusCode, raw)
			switch {
			case res.StatusCode == http.StatusServiceUnavailable:
				if refused++; res.Header.Get("Retry-After") == "" {
					t.Errorf("no Retry-After: %s", where)
				}
			case res.StatusCode >= 500:
				t.Error(where)
			case r.Path == "/healthz" && res.StatusCode != 200, r.Path == "/readyz":
				t.Error(where)
			case who != "" && res.StatusCode < 500 && r.Path != "/healthz":
				t.Errorf("somebody is known without the database: %s", where)
			}
		}
	}
	if refused < 200 {
		t.Errorf("only %d requests were refused", refused)
	}
}

// TestDegradedIsSaidProperly: which status and how long to wait, in both languages.
func TestDegradedIsSaidProperly(t *testing.T) {
	for _, tt := range []struct {
		err    error
		status int
		wait   string
	}{
		{fmt.Errorf("keeping: %w", work.ErrFull), 507, "600"},
		{&os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, 507, "600"},
		{fmt.Errorf("reading: %w", work.ErrAway), 503, "5"},
		{fmt.Errorf("reading: %w", context.DeadlineExceeded), 503, "5"},
		{errors.New("a bug"), 500, ""},
	} {
		for _, l := range []language{english, chinese} {
			req := &request{Language: l}
			w, r := httptest.NewRecorder(), httptest.NewRequest("POST", "/", nil)
			fail(w, r.WithContext(withRequest(r.Context(), req)), tt.err)
			if w.Code != tt.status || w.Header().Get("Retry-After") != tt.wait || hasHan(w.Body.String()) != (l == chinese) || strings.Contains(w.Body.String(), "desk.") {
				t.Errorf("%v: %d, wait %q: %s", tt.err, w.Code, w.Header().Get("Retry-After"), w.Body)
			}
			if req.cause == nil {
				t.Errorf("%v: the log does not learn of it", tt.err)
			}
			up := tusFailure(withRequest(t.Context(), req), tt.err)
			if said := fmt.Sprintf("%T", up) == "handler.Error"; said != (tt.status != 500) {
				t.Errorf("%v in an upload: %T", tt.err, up)
			}
		}
	}
}

// TestReadyAsksAtMostNowAndThen: anybody may ask; the database is asked once in
// a while, and one that hangs holds nobody up.
func TestReadyAsksAtMostNowAndThen(t *testing.T) {
	at, asked := time.Unix(1e9, 0), 0
	var answer error
	r := &readiness{now: func() time.Time { return at }, ask: func(context.Context) error { asked++; return answer }}
	check := func(want error, times int) {
		t.Helper()
		for range 3 {
			if err := r.check(t.Context()); !errors.Is(err, want) || asked != times {
				t.Errorf("%v after %d, want %v after %d", err, asked, want, times)
			}
		}
	}
	check(nil, 1)
	answer = work.ErrFull
	check(nil, 1)
	at = at.Add(readyFor)
	check(work.ErrFull, 2)
	at, answer = at.Add(unreadyFor), nil
	check(nil, 3)
	hangs, left := make(chan struct{}), make(chan struct{})
	var looks atomic.Int32
	slow := &readiness{now: func() time.Time { at = at.Add(time.Minute); return at }, ask: func(context.Context) error {
		if looks.Add(1) > 1 {
			return nil
		}
		<-hangs
		close(left)
		return work.ErrFull
	}}
	ctx, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	for range 3 {
		if err := slow.within(ctx, time.Millisecond); !errors.Is(err, work.ErrAway) || looks.Load() > 1 {
			t.Errorf("a database that hangs: %v after %d looks", err, looks.Load())
		}
	}
	close(hangs)
	<-left
	if err := slow.within(ctx, time.Minute); !errors.Is(err, work.ErrFull) {
		t.Errorf("what the look said in the end: %v", err)
	}
	h := newHouse(t, func(o *Options) { o.Ready = func(context.Context) error { return work.ErrFull } })
	if res := h.ask("GET", "/readyz", ""); res.StatusCode != 507 || res.Header.Get("Retry-After") == "" {
		t.Errorf("full: %d", res.StatusCode)
	}
}
