package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/work"
)

var start = time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)

// clock stands until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = t
}

// trial is one endpoint, one message to it, and what sends it.
type trial struct {
	store  *fakeStore
	sender *Sender
	clock  *clock
	hook   desk.Webhook
	id     string // of the delivery
}

func newTrial(t *testing.T, h http.Handler) *trial {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	x := &trial{clock: &clock{at: start}, hook: desk.Webhook{ID: "W1", URL: server.URL + "/in", Secret: vector.secret}}
	x.store = newFake(x.hook)
	x.sender = NewSender(Options{Now: x.clock.now, AllowPrivate: true})
	x.id = DeliveryID("W1", "M1")
	m := work.Message{ID: "M1", Topic: "claim.closed", Subject: "C1", At: start, Body: json.RawMessage(`{"claim":"C1"}`)}
	if err := x.store.Write(t.Context(), func(tx desk.Tx) error { return Fanout(t.Context(), tx, m) }); err != nil {
		t.Fatal(err)
	}
	return x
}

// work runs every job that is due, and answers how many there were.
func (x *trial) work(t *testing.T) (n int) {
	t.Helper()
	for {
		job, ok := x.store.takeJob(x.clock.now())
		if !ok {
			return n
		}
		n++
		if err := x.sender.Deliver(t.Context(), x.store, job.Subject); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDeliverSigned(t *testing.T) {
	var got []string
	x := newTrial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		key, _ := ParseSecret(vector.secret)
		if err := key.Verify(r.Header, body, start); err != nil {
			t.Error(err)
		}
		if r.Method != http.MethodPost || r.URL.Path != "/in" || r.Header.Get("Content-Type") != "application/json" || r.Header.Get(HeaderID) != "M1" {
			t.Errorf("got %s %s %v", r.Method, r.URL, r.Header)
		}
		got = append(got, string(body))
		w.WriteHeader(http.StatusNoContent)
	}))
	if n := x.work(t); n != 1 {
		t.Errorf("%d jobs", n)
	}
	want := `{"type":"claim.closed","timestamp":"2026-11-01T08:00:00Z","subject":"C1","data":{"claim":"C1"}}`
	if len(got) != 1 || got[0] != want {
		t.Errorf("got %s, want %s", got, want)
	}
	d := x.store.delivery(x.id)
	if d.State != Delivered || len(d.Attempts) != 1 || d.Attempts[0].Status != 204 || !d.NextAt.IsZero() {
		t.Errorf("got %+v", d)
	}
	// The same job once more, as after a crash: nothing is sent.
	if err := x.sender.Deliver(t.Context(), x.store, x.id); err != nil || len(got) != 1 {
		t.Errorf("sent %d times, %v", len(got), err)
	}
}

// TestEveryRetry lets an endpoint fail to the end, with one id and body, and
// then replays.
func TestEveryRetry(t *testing.T) {
	seen := map[string]int{}
	answer := http.StatusInternalServerError
	x := newTrial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seen[r.Header.Get(HeaderID)+string(body)]++
		w.WriteHeader(answer)
	}))
	last := x.clock.now()
	for i := range Tries {
		if n := x.work(t); n != 1 {
			t.Fatalf("try %d: %d jobs", i, n)
		}
		d := x.store.delivery(x.id)
		if i == Tries-1 {
			if d.State != Failed || len(d.Attempts) != Tries {
				t.Fatalf("at the end: %+v", d)
			}
			break
		}
		if d.State != Waiting || d.NextAt.Sub(last) != waits[i] {
			t.Fatalf("try %d: %s, next after %v, want %v", i, d.State, d.NextAt.Sub(last), waits[i])
		}
		last = d.NextAt
		x.clock.set(last.Add(-2 * time.Second))
		if n := x.work(t); n != 0 {
			t.Fatalf("try %d: a job before its time", i)
		}
		x.clock.set(last)
	}
	if len(seen) != 1 || last.Sub(start) < 75*time.Hour || len(x.store.state.jobs) != 0 {
		t.Errorf("%d different messages, over %v, %d jobs left", len(seen), last.Sub(start), len(x.store.state.jobs))
	}
	if err := x.sender.Replay(t.Context(), x.store, x.id); err != nil {
		t.Fatal(err)
	}
	x.work(t)
	if d := x.store.delivery(x.id); d.State != Waiting || d.NextAt.Sub(last) != waits[0] {
		t.Errorf("after a replay that failed: %+v", d)
	}
	answer = http.StatusOK
	if err := x.sender.Replay(t.Context(), x.store, x.id); err != nil {
		t.Fatal(err)
	}
	x.work(t)
	if d := x.store.delivery(x.id); d.State != Delivered || len(seen) != 1 {
		t.Errorf("after a replay that worked: %+v", d)
	}
	if err := x.sender.Replay(t.Context(), x.store, "D0"); !errors.Is(err, work.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestAnswers(t *testing.T) {
	x := func(status int, header, value string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if header != "" {
				w.Header().Set(header, value)
			}
			w.WriteHeader(status)
		})
	}
	followed := false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed = true }))
	defer elsewhere.Close()
	tests := []struct {
		name        string
		handler     http.Handler
		state, fail string
		wait        time.Duration
		disabled    bool
	}{
		{name: "redirect", handler: x(307, "Location", elsewhere.URL), state: Waiting, fail: FailRedirect, wait: waits[0]},
		{name: "gone", handler: x(410, "", ""), state: Failed, fail: FailGone, disabled: true},
		{name: "asks for an hour", handler: x(503, "Retry-After", "3600"), state: Waiting, fail: FailStatus, wait: time.Hour},
		{name: "asks for a date", handler: x(429, "Retry-After", "Sun, 01 Nov 2026 08:10:00 GMT"), state: Waiting, fail: FailStatus, wait: 10 * time.Minute},
		{name: "asks for a week", handler: x(503, "Retry-After", "604800"), state: Waiting, fail: FailStatus, wait: 24 * time.Hour},
		{name: "asks for nonsense", handler: x(503, "Retry-After", "-5"), state: Waiting, fail: FailStatus, wait: waits[0]},
		{name: "breaks off", handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), state: Waiting, fail: FailConnect, wait: waits[0]},
		{name: "huge header", handler: x(200, "X-Big", strings.Repeat("x", 2*headerBytes)), state: Waiting, fail: FailConnect, wait: waits[0]},
		{name: "huge answer", handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			chunk := bytes.Repeat([]byte("x"), 1<<20)
			for r.Context().Err() == nil { // without end
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		}), state: Delivered},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := newTrial(t, tt.handler)
			x.work(t)
			d := x.store.delivery(x.id)
			if d.State != tt.state || len(d.Attempts) != 1 || d.Attempts[0].Error != tt.fail {
				t.Fatalf("got %+v", d)
			}
			if tt.wait > 0 && d.NextAt.Sub(start) != tt.wait {
				t.Errorf("next after %v, want %v", d.NextAt.Sub(start), tt.wait)
			}
			if x.store.state.hooks[0].Disabled != tt.disabled {
				t.Error("disabled:", !tt.disabled)
			}
			if tt.fail != "" && (FailText(tt.fail).EN == "" || FailText(tt.fail).ZH == "") {
				t.Error("no words for", tt.fail)
			}
		})
	}
	if followed {
		t.Error("a redirect was followed")
	}
}

// TestSlow: an endpoint that never answers is given up, without the test
// waiting for ten seconds.
func TestSlow(t *testing.T) {
	release := make(chan struct{})
	x := newTrial(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		select {
		case <-r.Context().Done():
		case <-release:
		}
	}))
	defer close(release)
	if x.sender.client.Timeout != timeout {
		t.Error("the client has another timeout")
	}
	x.sender.client.Timeout = 50 * time.Millisecond
	x.work(t)
	if d := x.store.delivery(x.id); d.State != Waiting || d.Attempts[0].Error != FailTimeout {
		t.Errorf("got %+v", d)
	}
}

// TestShutdownIsNoTry: a job that is cut off by our own shutdown leaves the
// delivery as it was.
func TestShutdownIsNoTry(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	x := newTrial(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // until then a server does not notice that its client went
		cancel()
		<-r.Context().Done()
	}))
	if err := x.sender.Deliver(ctx, x.store, x.id); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if d := x.store.delivery(x.id); len(d.Attempts) != 0 || d.State != Waiting {
		t.Errorf("got %+v", d)
	}
}

// TestLostWrite: sent, and the database fails before that is written: the job
// errs, runs again, and the receiver sees the same id again.
func TestLostWrite(t *testing.T) {
	var ids []string
	x := newTrial(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { ids = append(ids, r.Header.Get(HeaderID)) }))
	x.store.failWrite = 1
	if err := x.sender.Deliver(t.Context(), x.store, x.id); !errors.Is(err, errCommit) {
		t.Fatalf("got %v", err)
	}
	x.work(t)
	if d := x.store.delivery(x.id); d.State != Delivered || len(d.Attempts) != 1 || len(ids) != 2 || ids[0] != ids[1] {
		t.Errorf("got %+v, ids %v", d, ids)
	}
}

// TestTwiceAtOnce: two jobs of one delivery, as a queue that rescues makes
// them, leave one try and one next job.
func TestTwiceAtOnce(t *testing.T) {
	both := make(chan struct{}, 2)
	x := newTrial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		both <- struct{}{}
		for len(both) < 2 && r.Context().Err() == nil {
			time.Sleep(time.Millisecond)
		}
		w.WriteHeader(500)
	}))
	x.store.state.jobs = nil
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			if err := x.sender.Deliver(t.Context(), x.store, x.id); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if d := x.store.delivery(x.id); len(d.Attempts) != 1 || len(x.store.state.jobs) != 1 {
		t.Errorf("got %+v, %d jobs", d, len(x.store.state.jobs))
	}
	// And one before its time puts itself off.
	if err := x.sender.Deliver(t.Context(), x.store, x.id); err != nil {
		t.Fatal(err)
	}
	if jobs := x.store.state.jobs; len(jobs) != 2 || !jobs[1].At.Equal(x.store.delivery(x.id).NextAt) {
		t.Errorf("jobs %+v", jobs)
	}
}

func TestHookChangedMeanwhile(t *testing.T) {
	ended := start.Add(-time.Minute)
	addedBy := func(s *fakeStore, k desk.Key) { s.state.hooks[0].CreatedBy, s.state.keys = k.ID, []desk.Key{k} }
	tests := []struct {
		name   string
		change func(*fakeStore)
		fail   string
	}{
		{"disabled", func(s *fakeStore) { s.state.hooks[0].Disabled = true }, FailDisabled},
		{"deleted", func(s *fakeStore) { s.state.hooks = nil }, FailDisabled},
		{"secret lost", func(s *fakeStore) { s.state.hooks[0].Secret = "" }, FailSecret},
		{"key revoked", func(s *fakeStore) { addedBy(s, desk.Key{ID: "k1", Revoked: &ended}) }, FailKey},
		{"key expired", func(s *fakeStore) { addedBy(s, desk.Key{ID: "k1", Expires: &ended}) }, FailKey},
		{"another scheme", func(s *fakeStore) { s.state.hooks[0].URL = "file:///etc/passwd" }, FailURL},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			x := newTrial(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("sent") }))
			tt.change(x.store)
			x.work(t)
			if d := x.store.delivery(x.id); d.State != Failed || d.Attempts[0].Error != tt.fail || FailText(tt.fail).ZH == "" {
				t.Errorf("got %+v", d)
			}
		})
	}
}

func TestFanout(t *testing.T) {
	store := newFake(
		desk.Webhook{ID: "all"}, desk.Webhook{ID: "closed", Topics: []string{"claim.closed"}},
		desk.Webhook{ID: "off", Disabled: true}, desk.Webhook{ID: "other", Topics: []string{"x"}},
	)
	err := store.Write(t.Context(), func(tx desk.Tx) error {
		err := Fanout(t.Context(), tx, work.Message{ID: "1", Topic: "claim.closed"}, work.Message{ID: "2", Topic: "claim.opened"})
		if n := tx.(*fakeTx).reads; n != 1 {
			t.Errorf("read the webhooks %d times", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range [][2]string{{"all", "1"}, {"closed", "1"}, {"all", "2"}} {
		if d := store.delivery(DeliveryID(want[0], want[1])); d.State != Waiting {
			t.Errorf("%v: got %+v", want, d)
		}
	}
	if len(store.state.deliveries) != 3 || len(store.state.jobs) != 3 || len(store.state.messages) != 2 {
		t.Errorf("got %d deliveries, %d jobs, %d messages", len(store.state.deliveries), len(store.state.jobs), len(store.state.messages))
	}
}

func TestJitterAndHurry(t *testing.T) {
	d := desk.Delivery{Attempts: []desk.DeliveryTry{{Error: FailStatus}}}
	for _, tt := range []struct {
		random float64
		hurry  int
		want   time.Duration
	}{{0, 0, 4500 * time.Millisecond}, {0.5, 0, 5 * time.Second}, {0.5, 10, 500 * time.Millisecond}} {
		s := NewSender(Options{Random: func() float64 { return tt.random }, Hurry: tt.hurry})
		if _, at := s.next(d, outcome{fail: FailStatus}, start); at.Sub(start) != tt.want {
			t.Errorf("%+v: got %v", tt, at.Sub(start))
		}
	}
}
