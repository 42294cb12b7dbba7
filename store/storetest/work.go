package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/work"
)

func testRollback(t *testing.T, db *store.DB) {
	ctx := t.Context()
	no := errors.New("no")
	w := &recorder{}
	err := db.Write(ctx, func(tx desk.Tx) error {
		return errors.Join(tx.InsertClaim(ctx, aClaim("c-1")), tx.AppendEvent(ctx, anEvent("claim/c-1", 1)),
			tx.PutMessage(ctx, work.Message{ID: "m"}), tx.Enqueue(ctx, work.Job{Kind: desk.JobRoute, Subject: "lost"}), no)
	})
	if !errors.Is(err, no) {
		t.Fatalf("got %v", err)
	}
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.Claim(ctx, "c-1"); return err })
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.Message(ctx, "m"); return err })
	if got := one(t, db, func(tx desk.Tx) ([]record.Event, error) { return tx.EventsAfter(ctx, 0, 10) }); len(got) != 0 {
		t.Errorf("%d events remain", len(got))
	}
	write(t, db, func(tx desk.Tx) error { return tx.Enqueue(ctx, work.Job{Kind: desk.JobRoute, Subject: "kept"}) })
	runUntil(t, db, w, func() bool { return w.count("kept") > 0 })
	if w.count("lost") != 0 {
		t.Error("a job of a transaction that failed was run")
	}
}

func testPanic(t *testing.T, db *store.DB) {
	func() {
		defer func() { _ = recover() }()
		_ = db.Write(t.Context(), func(tx desk.Tx) error {
			if err := tx.InsertClaim(t.Context(), aClaim("c-1")); err != nil {
				t.Error(err)
			}
			panic("in the middle")
		})
	}()
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.Claim(ctx, "c-1"); return err })
	insert(t, db, aClaim("c-1")) // the store still works
}

// testManyWriters has forty write at once, a third of whom fail or give up:
// what was answered with no error is there, and nothing else.
func testManyWriters(t *testing.T, db *store.DB) {
	no := errors.New("no")
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			ctx := t.Context()
			if i%5 == 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithCancel(ctx)
				cancel()
			}
			err := db.Write(ctx, func(tx desk.Tx) error {
				if err := tx.InsertClaim(ctx, aClaim(fmt.Sprintf("c-%d", i))); err != nil {
					return err
				}
				if i%3 == 0 {
					return no
				}
				return nil
			})
			if want := i%3 == 0 || i%5 == 0; (err != nil) != want {
				t.Errorf("writer %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	for i := range 40 {
		err := db.Read(t.Context(), func(tx desk.Tx) error { _, err := tx.Claim(t.Context(), fmt.Sprintf("c-%d", i)); return err })
		if want := i%3 == 0 || i%5 == 0; errors.Is(err, work.ErrNotFound) != want {
			t.Errorf("claim %d: %v", i, err)
		}
	}
}

func testReadView(t *testing.T, db *store.DB) {
	insert(t, db, aClaim("c-1"))
	read(t, db, func(tx desk.Tx) error {
		before, err := tx.CountClaims(t.Context(), desk.ClaimFilter{})
		if err != nil {
			return err
		}
		insert(t, db, aClaim("c-2"))
		after, err := tx.CountClaims(t.Context(), desk.ClaimFilter{})
		if before[claim.Screening] != after[claim.Screening] {
			t.Errorf("one view counts %v, then %v", before, after)
		}
		return err
	})
	if err := db.Read(t.Context(), func(tx desk.Tx) error { return tx.PutFacts(t.Context(), "d", nil) }); err == nil {
		t.Error("a reader wrote")
	}
}

// recorder is a worker that notes what it is given.
type recorder struct {
	mu    sync.Mutex
	did   map[string]int
	kinds map[work.JobKind]int
	ticks int
	work  func(context.Context, work.Job) error
}

func (r *recorder) Work(ctx context.Context, j work.Job) error {
	r.mu.Lock()
	if r.did == nil {
		r.did, r.kinds = map[string]int{}, map[work.JobKind]int{}
	}
	r.did[j.Subject]++
	r.kinds[j.Kind]++
	r.mu.Unlock()
	if r.work != nil {
		return r.work(ctx, j)
	}
	return nil
}

func (r *recorder) Tick(context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ticks++
	return nil
}

func (r *recorder) count(subject string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.did[subject]
}

// start runs the store's jobs; stop ends that and waits.
func start(t *testing.T, db *store.DB, w work.Worker) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- db.Run(ctx, w) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				t.Errorf("the runner: %v", err)
			}
		})
	}
	t.Cleanup(stop)
	return stop
}

// until waits, for a minute at most, for something to become true.
func until(t *testing.T, what func() bool) {
	t.Helper()
	for range 6000 {
		if what() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("it did not happen within a minute")
}

func runUntil(t *testing.T, db *store.DB, w work.Worker, what func() bool) {
	t.Helper()
	stop := start(t, db, w)
	until(t, what)
	stop()
}

func testJobs(t *testing.T, db *store.DB) {
	ctx := t.Context()
	w := &recorder{}
	w.work = func(ctx context.Context, j work.Job) error {
		if j.Subject == "again" && w.count("again") < 2 {
			return errors.New("not yet")
		}
		// Work writes as well: with the same connections as the runner.
		return db.Write(ctx, func(tx desk.Tx) error { return tx.PutFacts(ctx, j.Subject, nil) })
	}
	write(t, db, func(tx desk.Tx) error {
		jobs := []work.Job{{Kind: desk.JobScreen, Subject: "a"}, {Kind: desk.JobDeliver, Subject: "again"}, {Kind: "other", Subject: "c"}, {Kind: desk.JobRoute, Subject: "later", At: time.Now().Add(time.Hour)}}
		for i := range 50 {
			jobs = append(jobs, work.Job{Kind: desk.JobErase, Subject: fmt.Sprint(i)})
		}
		return tx.Enqueue(ctx, jobs...)
	})
	runUntil(t, db, w, func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return len(w.did) == 53 && w.did["again"] >= 2
	})
	if w.count("later") != 0 {
		t.Error("a job ran before its time")
	}
	if w.kinds["other"] != 1 || w.kinds[desk.JobScreen] != 1 {
		t.Errorf("kinds: %v", w.kinds)
	}
	if err := db.Write(ctx, func(tx desk.Tx) error { return tx.Enqueue(ctx, work.Job{}) }); err == nil {
		t.Error("a job without a kind was taken")
	}
}

// testUniqueJobs: one that waits is enough, one that runs is not.
func testUniqueJobs(t *testing.T, db *store.DB) {
	ctx := t.Context()
	j := work.Job{Kind: desk.JobRoute, Subject: "c", Unique: true}
	add := func(jobs ...work.Job) {
		t.Helper()
		write(t, db, func(tx desk.Tx) error { return tx.Enqueue(ctx, jobs...) })
	}
	for range 3 {
		add(j)
	}
	add(work.Job{Kind: desk.JobRoute, Subject: "later", Unique: true, At: time.Now().Add(time.Hour)})
	add(work.Job{Kind: desk.JobRoute, Subject: "later", Unique: true}) // sooner than the one that waits
	entered, leave := make(chan struct{}, 9), make(chan struct{})
	w := &recorder{work: func(_ context.Context, j work.Job) error {
		if j.Subject == "c" {
			entered <- struct{}{}
			<-leave
		}
		return nil
	}}
	stop := start(t, db, w)
	<-entered
	add(j) // while the first runs
	close(leave)
	<-entered
	until(t, func() bool { return w.count("later") == 1 })
	stop()
	if n := w.count("c"); n != 2 {
		t.Errorf("ran %d times, want 2", n)
	}
}

// testDeadNode leaves a job as a node does that is killed while it works.
func testDeadNode(t *testing.T, db *store.DB) {
	ctx := t.Context()
	write(t, db, func(tx desk.Tx) error { return tx.Enqueue(ctx, work.Job{Kind: desk.JobScreen, Subject: "orphan"}) })
	if err := db.Orphan(ctx, "a node that is gone"); err != nil {
		t.Fatal(err)
	}
	w := &recorder{}
	runUntil(t, db, w, func() bool { return w.count("orphan") == 1 })
}

func testTicks(t *testing.T, db *store.DB) {
	w := &recorder{}
	runUntil(t, db, w, func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.ticks >= 2
	})
}

func testWatch(t *testing.T, db *store.DB) {
	ctx, cancel := context.WithCancel(t.Context())
	a, b := db.Watch(ctx), db.Watch(t.Context())
	for i := range int64(3) {
		write(t, db, func(tx desk.Tx) error { return tx.AppendEvent(t.Context(), anEvent("claim/1", i+1)) })
		for _, c := range []<-chan struct{}{a, b} {
			select {
			case <-c:
			case <-time.After(time.Minute):
				t.Fatal("no word of a new event")
			}
		}
	}
	cancel()
	until(t, func() bool {
		select {
		case _, open := <-a:
			return !open
		default:
			return false
		}
	})
}

func testReady(t *testing.T, db *store.DB) {
	if err := db.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.Ready(ctx); err == nil {
		t.Error("ready for a caller who is gone")
	}
}

// testBacklog counts what could run and does not: nobody runs jobs here.
func testBacklog(t *testing.T, db *store.DB) {
	now := time.Now().UTC().Truncate(time.Second)
	write(t, db, func(tx desk.Tx) error {
		return tx.Enqueue(t.Context(), work.Job{Kind: desk.JobScreen, Subject: "a", At: now.Add(-time.Minute)}, work.Job{Kind: desk.JobScreen, Subject: "b", At: now.Add(-time.Hour)},
			work.Job{Kind: desk.JobScreen, Subject: "c", At: now.Add(time.Hour)}, work.Job{Kind: desk.JobDeliver, Subject: "d", At: now.Add(-time.Second)})
	})
	got := one(t, db, func(tx desk.Tx) ([]work.Backlog, error) { return tx.Backlog(t.Context(), now) })
	want := []work.Backlog{{Kind: desk.JobDeliver, Jobs: 1, Oldest: now.Add(-time.Second)}, {Kind: desk.JobScreen, Jobs: 2, Oldest: now.Add(-time.Hour)}}
	if diff := cmp.Diff(want, got, cmpopts.EquateApproxTime(time.Millisecond)); diff != "" {
		t.Error(diff)
	}
}

// testTogether holds what Together promises: a read within it sees its writes,
// what goes wrong is answered, and then nothing of the transaction is left.
func testTogether(t *testing.T, db *store.DB) {
	ctx := t.Context()
	write(t, db, func(tx desk.Tx) error {
		return tx.Together(ctx, func() error {
			if err := tx.InsertClaim(ctx, aClaim("c-1")); err != nil {
				return err
			}
			if c, err := tx.Claim(ctx, "c-1"); err != nil || c.Version != 1 {
				t.Errorf("within: %+v, %v", c, err)
			}
			return tx.PutFacts(ctx, "kept", []byte("{}"))
		})
	})
	for name, clash := range map[string]func(desk.Tx) error{
		"a claim that is there": func(tx desk.Tx) error { return tx.InsertClaim(ctx, aClaim("c-1")) },
		"an older version": func(tx desk.Tx) error {
			c := aClaim("c-1")
			c.Version = 7
			return tx.UpdateClaim(ctx, c)
		},
	} {
		err := db.Write(ctx, func(tx desk.Tx) error {
			return tx.Together(ctx, func() error {
				return errors.Join(tx.PutFacts(ctx, "lost", []byte("{}")), clash(tx), tx.PutFacts(ctx, "lost too", []byte("{}")))
			})
		})
		if !errors.Is(err, work.ErrConflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for digest, want := range map[string]error{"kept": nil, "lost": work.ErrNotFound, "lost too": work.ErrNotFound} {
		err := db.Read(ctx, func(tx desk.Tx) error { _, err := tx.Facts(ctx, digest); return err })
		if !errors.Is(err, want) {
			t.Errorf("facts %q: %v", digest, err)
		}
	}
}
