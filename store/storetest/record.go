package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/work"
)

func testEvidence(t *testing.T, db *store.DB) {
	ctx := t.Context()
	item := evidence.Item{ID: "e-1", ClaimID: "c-1", OrderID: "o-1", Party: "buyer", Medium: evidence.Photo, SHA256: "aa", Size: 3, ReceivedAt: t0}
	listing := evidence.Item{ID: "e-2", OrderID: "o-1", Party: "merchant", Purpose: evidence.Listing, ReceivedAt: t0}
	write(t, db, func(tx desk.Tx) error {
		return errors.Join(tx.InsertEvidence(ctx, item), tx.InsertEvidence(ctx, listing))
	})
	wantErr(t, db, work.ErrConflict, func(ctx context.Context, tx desk.Tx) error { return tx.InsertEvidence(ctx, item) })
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.Evidence(ctx, "e-9"); return err })
	unscreened := func() int {
		return one(t, db, func(tx desk.Tx) (int, error) { return tx.Unscreened(ctx, "c-1") })
	}
	if n := unscreened(); n != 1 {
		t.Errorf("%d unscreened, want 1", n)
	}
	s := evidence.Screening{Detectors: "d/1", At: t0, Findings: []evidence.Finding{}}
	write(t, db, func(tx desk.Tx) error { return tx.SetScreening(ctx, "e-1", s) })
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { return tx.SetScreening(ctx, "e-9", s) })
	if n := unscreened(); n != 0 {
		t.Errorf("%d unscreened, want 0", n)
	}
	item.Screening = &s
	for _, f := range []func(desk.Tx) ([]evidence.Item, error){
		func(tx desk.Tx) ([]evidence.Item, error) { return tx.EvidenceOfClaim(ctx, "c-1") },
		func(tx desk.Tx) ([]evidence.Item, error) {
			i, err := tx.Evidence(ctx, "e-1")
			return []evidence.Item{i}, err
		},
	} {
		if got := one(t, db, f); !cmp.Equal(got, []evidence.Item{item}) {
			t.Error(cmp.Diff([]evidence.Item{item}, got))
		}
	}
	// What is withdrawn is kept, and is in no list and no count.
	other := evidence.Item{ID: "e-3", ClaimID: "c-1", OrderID: "o-1", Party: "buyer", Medium: evidence.Photo, SHA256: "bb", ReceivedAt: t0}
	write(t, db, func(tx desk.Tx) error { return tx.InsertEvidence(ctx, other) })
	write(t, db, func(tx desk.Tx) error {
		return errors.Join(tx.WithdrawEvidence(ctx, "e-1", t0), tx.WithdrawEvidence(ctx, "e-3", t0))
	})
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { return tx.WithdrawEvidence(ctx, "e-9", t0) })
	if n := unscreened(); n != 0 {
		t.Errorf("%d unscreened after a withdrawal, want 0", n)
	}
	at := t0
	item.WithdrawnAt = &at
	if got := one(t, db, func(tx desk.Tx) (evidence.Item, error) { return tx.Evidence(ctx, "e-1") }); !cmp.Equal(got, item) {
		t.Error(cmp.Diff(item, got))
	}
	for _, f := range []func(desk.Tx) ([]evidence.Item, error){
		func(tx desk.Tx) ([]evidence.Item, error) { return tx.EvidenceOfClaim(ctx, "c-1") },
		func(tx desk.Tx) ([]evidence.Item, error) { return tx.EvidenceOfClaims(ctx, []string{"c-1"}) },
	} {
		if got := one(t, db, f); len(got) != 0 {
			t.Errorf("withdrawn, and listed: %+v", got)
		}
	}
	if got := one(t, db, func(tx desk.Tx) ([]evidence.Item, error) { return tx.EvidenceOfOrder(ctx, "o-1") }); !cmp.Equal(got, []evidence.Item{listing}) {
		t.Error(cmp.Diff([]evidence.Item{listing}, got))
	}
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.ScreeningResult(ctx, "k"); return err })
	for _, data := range [][]byte{{0, 255}, []byte("new")} {
		write(t, db, func(tx desk.Tx) error { return tx.PutScreeningResult(ctx, "k", data) })
		if got := one(t, db, func(tx desk.Tx) ([]byte, error) { return tx.ScreeningResult(ctx, "k") }); !bytes.Equal(got, data) {
			t.Errorf("got %q, want %q", got, data)
		}
	}
}

func testFingerprints(t *testing.T, db *store.DB) {
	ctx := t.Context()
	var all []desk.Fingerprint
	for i := range byte(5) {
		all = append(all, desk.Fingerprint{Evidence: fmt.Sprintf("e-%d", i/2), SHA256: fmt.Sprintf("s-%d", i/2), PDQ: [32]byte{i, 31: 255}, Quality: 90, ClaimID: "c-1", BuyerID: "b-1"})
	}
	for range 2 { // a job that runs twice adds nothing
		write(t, db, func(tx desk.Tx) error { return tx.PutFingerprints(ctx, all) })
	}
	var got []desk.Fingerprint
	for after, deadline := int64(0), time.Now().Add(time.Minute); len(got) < len(all) && time.Now().Before(deadline); {
		// Like an event, one may be hidden for a moment: see shown.
		list := one(t, db, func(tx desk.Tx) ([]desk.Fingerprint, error) { return tx.Fingerprints(ctx, after, 2) })
		if len(list) == 0 {
			continue
		}
		got = append(got, list...)
		if list[0].Seq <= after {
			t.Fatalf("seq %d after %d", list[0].Seq, after)
		}
		after = list[len(list)-1].Seq
	}
	if len(got) < len(all) {
		t.Fatalf("%d of %d", len(got), len(all))
	}
	if more := one(t, db, func(tx desk.Tx) ([]desk.Fingerprint, error) { return tx.Fingerprints(ctx, got[len(got)-1].Seq, 2) }); len(more) != 0 {
		t.Errorf("%d too many", len(more))
	}
	for i := range got {
		got[i].Seq = 0
	}
	if !cmp.Equal(got, all) {
		t.Error(cmp.Diff(all, got))
	}
	if got := one(t, db, func(tx desk.Tx) ([]desk.Fingerprint, error) { return tx.FingerprintBySHA(ctx, "s-1") }); len(got) != 2 {
		t.Errorf("%d by SHA-256, want 2", len(got))
	}
}

func anEvent(subject string, no int64) *record.Event {
	return &record.Event{
		ID: fmt.Sprintf("%s#%d", subject, no), Subject: subject, No: no, Kind: "claim.submitted", At: t0,
		By: access.Actor{ID: "b-1", Role: access.RoleBuyer}, Policy: "P1", Evidence: []string{"aa", "bb"},
		Body: []byte(`{"a":"<&>","b":1.50}`), Prev: "p", Hash: fmt.Sprintf("h%d", no),
	}
}

// shown waits until readers are shown the event with seq, and returns the last
// one that they are shown. On PostgreSQL a transaction of another database that
// ends while they look hides for a moment what was committed after its
// beginning: see store.TestPostgres.
func shown(t *testing.T, db *store.DB, seq int64) (last int64) {
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		last = one(t, db, func(tx desk.Tx) (int64, error) { return tx.LastSeq(t.Context()) })
		if last >= seq || time.Now().After(deadline) {
			return last
		}
	}
}

func testEvents(t *testing.T, db *store.DB) {
	ctx := t.Context()
	var all []record.Event
	for i := range int64(6) {
		e := anEvent(fmt.Sprintf("claim/%d", i%2), i/2+1)
		write(t, db, func(tx desk.Tx) error { return tx.AppendEvent(ctx, e) })
		all = append(all, *e)
		if i > 0 && all[i].Seq <= all[i-1].Seq {
			t.Fatalf("seq %d after %d", all[i].Seq, all[i-1].Seq)
		}
	}
	if got := one(t, db, func(tx desk.Tx) ([]record.Event, error) { return tx.EventsOf(ctx, "claim/1") }); !cmp.Equal(got, []record.Event{all[1], all[3], all[5]}) {
		t.Error(cmp.Diff(all, got))
	}
	if got := shown(t, db, all[5].Seq); got != all[5].Seq {
		t.Errorf("last seq %d, want %d", got, all[5].Seq)
	}
	if got := one(t, db, func(tx desk.Tx) ([]record.Event, error) { return tx.EventsAfter(ctx, all[1].Seq, 3) }); !cmp.Equal(got, all[2:5]) {
		t.Error(cmp.Diff(all[2:5], got))
	}
	read(t, db, func(tx desk.Tx) error {
		no, hash, err := tx.HeadOf(ctx, "claim/1")
		if no != 3 || hash != "h3" {
			t.Errorf("head %d %q", no, hash)
		}
		if no, hash, err := tx.HeadOf(ctx, "claim/9"); no != 0 || hash != "" || err != nil {
			t.Errorf("head of nothing: %d %q %v", no, hash, err)
		}
		return err
	})
	wantErr(t, db, work.ErrConflict, func(ctx context.Context, tx desk.Tx) error { return tx.AppendEvent(ctx, anEvent("claim/1", 2)) })
	for _, q := range []string{
		`UPDATE event SET kind = 'x'`, `DELETE FROM event`, `UPDATE facts SET canonical = canonical`, `DELETE FROM facts`,
		`TRUNCATE event`, `TRUNCATE facts`, `REPLACE INTO event SELECT * FROM event`, `REPLACE INTO facts SELECT * FROM facts`, // each is known to one database
	} {
		if err := db.TryToAlter(ctx, q); err == nil {
			t.Errorf("%s went through", q)
		}
	}
}

// testEventsInOrder has many transactions append at once, each open for a
// while, and a reader that goes on from the last seq it saw: it sees every event.
func testEventsInOrder(t *testing.T, db *store.DB) {
	const writers, each = 8, 12
	var wg sync.WaitGroup
	var ended atomic.Bool
	for w := range writers {
		wg.Go(func() {
			for i := range int64(each) {
				err := db.Write(t.Context(), func(tx desk.Tx) error {
					if err := tx.AppendEvent(t.Context(), anEvent(fmt.Sprintf("claim/%d", w), 2*i+1)); err != nil {
						return err
					}
					time.Sleep(time.Duration((w*5+int(i)*3)%7) * time.Millisecond)
					return tx.AppendEvent(t.Context(), anEvent(fmt.Sprintf("claim/%d", w), 2*i+2))
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	go func() { wg.Wait(); ended.Store(true) }()
	seen := map[string]bool{}
	last := int64(0)
	for deadline := time.Now().Add(time.Minute); len(seen) < 2*writers*each; {
		over := ended.Load()
		list := one(t, db, func(tx desk.Tx) ([]record.Event, error) { return tx.EventsAfter(t.Context(), last, 7) })
		for _, e := range list {
			if e.Seq <= last {
				t.Fatalf("seq %d after %d", e.Seq, last)
			}
			last, seen[e.ID] = e.Seq, true
		}
		// An older transaction elsewhere in the cluster may hide the last ones for a while.
		if over && len(list) == 0 && time.Now().After(deadline) {
			t.Fatalf("the reader saw %d of %d events", len(seen), 2*writers*each)
		}
	}
	wg.Wait()
}

// testEventsOvertaken has a transaction append to a subject to which another,
// that began later, appended in between: the order of all events is the
// subject's own.
func testEventsOvertaken(t *testing.T, db *store.DB) {
	ctx := t.Context()
	appendNext := func(tx desk.Tx) error {
		no, _, err := tx.HeadOf(ctx, "claim/1")
		if err != nil {
			return err
		}
		return tx.AppendEvent(ctx, anEvent("claim/1", no+1))
	}
	began, appended := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(appended)
		<-began
		if err := db.Write(ctx, appendNext); err != nil {
			t.Error(err)
		}
	})
	begin := sync.OnceFunc(func() { close(began) })
	write(t, db, func(tx desk.Tx) error {
		if err := tx.PutSetting(ctx, "first", []byte("write")); err != nil {
			return err
		}
		begin()
		select {
		case <-appended:
		case <-time.After(time.Second): // where one writes at a time
		}
		return tx.Together(ctx, func() error { return appendNext(tx) })
	})
	wg.Wait()
	list := one(t, db, func(tx desk.Tx) ([]record.Event, error) { return tx.EventsOf(ctx, "claim/1") })
	if len(list) != 2 || list[0].Seq >= list[1].Seq {
		t.Errorf("the subject's events stand thus in the record: %+v", list)
	}
}

func testFacts(t *testing.T, db *store.DB) {
	ctx := t.Context()
	for _, canonical := range []string{`{"a":1}`, `{"a":2}`} {
		write(t, db, func(tx desk.Tx) error { return tx.PutFacts(ctx, "d", []byte(canonical)) })
	}
	if got := one(t, db, func(tx desk.Tx) ([]byte, error) { return tx.Facts(ctx, "d") }); string(got) != `{"a":1}` {
		t.Errorf("facts changed to %s", got)
	}
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.Facts(ctx, "none"); return err })
}

func aClock(id string, due time.Time) work.ClockRow {
	return work.ClockRow{Subject: claim.Subject("c-" + id), Clock: work.Clock{ID: id, Kind: claim.ClockMerchant, Due: due, SetAt: t0}}
}

func testClocks(t *testing.T, db *store.DB) {
	ctx := t.Context()
	set := func(r work.ClockRow) {
		t.Helper()
		write(t, db, func(tx desk.Tx) error { return tx.SetClock(ctx, r) })
	}
	fire := func(id string, at time.Time) (row work.ClockRow, ok bool) {
		t.Helper()
		write(t, db, func(tx desk.Tx) (err error) { row, ok, err = tx.FireClock(ctx, id, at); return err })
		return row, ok
	}
	a, b, c := aClock("a", t0.Add(2*time.Hour)), aClock("b", t0.Add(time.Hour)), aClock("c", t0)
	set(a)
	set(b)
	set(c)
	due := one(t, db, func(tx desk.Tx) ([]work.ClockRow, error) { return tx.DueClocks(ctx, t0.Add(time.Hour), 10) })
	if !cmp.Equal(due, []work.ClockRow{c, b}) {
		t.Error(cmp.Diff([]work.ClockRow{c, b}, due))
	}
	b.Due = t0.Add(3 * time.Hour)
	b.Extensions = []work.Extension{{From: t0.Add(time.Hour), To: b.Due, Reason: "r", At: t0}}
	set(b)
	if _, ok := fire("b", t0.Add(time.Hour)); ok {
		t.Error("a clock fired before it was due")
	}
	if row, ok := fire("b", b.Due); !ok || !cmp.Equal(row, b) {
		t.Errorf("fired %v: %s", ok, cmp.Diff(b, row))
	}
	if _, ok := fire("b", b.Due); ok {
		t.Error("a clock fired twice")
	}
	wantErr(t, db, work.ErrConflict, func(ctx context.Context, tx desk.Tx) error { return tx.SetClock(ctx, b) })
	other := aClock("a2", t0)
	other.Subject = a.Subject
	wantErr(t, db, work.ErrConflict, func(ctx context.Context, tx desk.Tx) error { return tx.SetClock(ctx, other) })
	// Each kind of subject numbers its own: one id may be of two.
	namesake := aClock("a3", t0.Add(time.Hour))
	namesake.Subject = record.Subject{Kind: "service_order", ID: a.Subject.ID}
	set(namesake)
	for range 2 {
		write(t, db, func(tx desk.Tx) error { return tx.StopClock(ctx, a.Subject, a.Kind, t0) })
	}
	if row, ok := fire("a3", namesake.Due); !ok || !cmp.Equal(row, namesake) {
		t.Errorf("a clock of another kind's subject was stopped as well: %v, %s", ok, cmp.Diff(namesake, row))
	}
	if _, ok := fire("a", t0.Add(9*time.Hour)); ok {
		t.Error("a stopped clock fired")
	}
	set(other) // the kind is free again
	read(t, db, func(tx desk.Tx) error {
		running, fired, stopped, err := tx.ClockCounts(ctx)
		if running != 2 || fired != 2 || stopped != 1 {
			t.Errorf("%d run, %d fired, %d stopped", running, fired, stopped)
		}
		return err
	})
}

func testFireOnce(t *testing.T, db *store.DB) {
	write(t, db, func(tx desk.Tx) error { return tx.SetClock(t.Context(), aClock("a", t0)) })
	if n := atOnce(t, 20, func(int) (ok bool, err error) {
		err = db.Write(t.Context(), func(tx desk.Tx) error { _, ok, err = tx.FireClock(t.Context(), "a", t0); return err })
		return ok, err
	}); n != 1 {
		t.Errorf("fired %d times", n)
	}
}

// atOnce runs f n times at once and counts how often it was true.
func atOnce(t *testing.T, n int, f func(i int) (bool, error)) (yes int) {
	t.Helper()
	var wg sync.WaitGroup
	var count atomic.Int32
	for i := range n {
		wg.Go(func() {
			ok, err := f(i)
			if err != nil {
				t.Error(err)
			}
			if ok {
				count.Add(1)
			}
		})
	}
	wg.Wait()
	return int(count.Load())
}

func aReview(id string) desk.Review {
	return desk.Review{ClaimID: id, Round: 1, Task: desk.TaskDecide, Due: t0.Add(48 * time.Hour), Currency: "CNY", MerchantID: "m-" + id, BuyerID: "b-" + id}
}

func testReviews(t *testing.T, db *store.DB) {
	ctx := t.Context()
	a, b, c, d, e := aReview("a"), aReview("b"), aReview("c"), aReview("d"), aReview("e")
	b.Stakes, c.Senior, d.Exclude = 3, true, []string{"r-1", "x"}
	e.Due = e.Due.Add(time.Minute)
	write(t, db, func(tx desk.Tx) error {
		return errors.Join(tx.PutReview(ctx, a), tx.PutReview(ctx, b), tx.PutReview(ctx, c), tx.PutReview(ctx, d), tx.PutReview(ctx, e))
	})
	queue := func(who desk.Reviewer, now time.Time) []string {
		t.Helper()
		return idsOf(pages(t, db, 2, func(tx desk.Tx, p work.Page) ([]desk.Review, string, error) {
			return tx.Queue(ctx, desk.QueueFilter{}, who, now, p)
		}),
			func(r desk.Review) string { return r.ClaimID })
	}
	check := func(what string, got []string, want ...string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}
	check("reviewer", queue(desk.Reviewer{ID: "r-1"}, t0), "b", "a", "e")
	check("another", queue(desk.Reviewer{ID: "r-"}, t0), "b", "a", "d", "e")
	check("senior", queue(desk.Reviewer{ID: "r-2", Senior: true}, t0), "b", "a", "c", "d", "e")
	check("conflicts", queue(desk.Reviewer{ID: "r-2", Senior: true, Conflicts: []string{"m-a", "b-b"}}, t0), "c", "d", "e")

	lease := func(who string, now time.Time) (ok bool) {
		t.Helper()
		write(t, db, func(tx desk.Tx) (err error) {
			ok, err = tx.LeaseReview(ctx, "a", 1, desk.TaskDecide, who, now, now.Add(time.Hour))
			return err
		})
		return ok
	}
	if !lease("r-1", t0) || !lease("r-1", t0.Add(time.Minute)) || lease("r-2", t0.Add(time.Minute)) {
		t.Error("a lease is the holder's alone, who may lengthen it")
	}
	check("leased to another", queue(desk.Reviewer{ID: "r-2"}, t0.Add(time.Minute)), "b", "d", "e")
	check("leased to oneself", queue(desk.Reviewer{ID: "r-1"}, t0.Add(time.Minute)), "b", "a", "e")
	check("lease over", queue(desk.Reviewer{ID: "r-2"}, t0.Add(2*time.Hour)), "b", "a", "d", "e")
	want := a
	want.Holder, want.LeaseUntil, want.TakenAt = "r-1", t0.Add(61*time.Minute), t0
	if got := one(t, db, func(tx desk.Tx) (desk.Review, error) { return tx.Review(ctx, "a", desk.TaskDecide) }); !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	for _, who := range []string{"r-2", "r-1"} {
		write(t, db, func(tx desk.Tx) error { return tx.ReleaseReview(ctx, "a", 1, desk.TaskDecide, who) })
		if got := lease("r-3", t0); got != (who == "r-1") {
			t.Errorf("after release by %s, leasing was %v", who, got)
		}
	}
	write(t, db, func(tx desk.Tx) error { return tx.DeleteReview(ctx, "a", 1, desk.TaskDecide) })
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error {
		_, err := tx.Review(ctx, "a", desk.TaskDecide)
		return err
	})
	if lease("r-3", t0) {
		t.Error("an entry that is gone was leased")
	}
}

func testLeaseOnce(t *testing.T, db *store.DB) {
	write(t, db, func(tx desk.Tx) error { return tx.PutReview(t.Context(), aReview("a")) })
	if n := atOnce(t, 50, func(i int) (ok bool, err error) {
		err = db.Write(t.Context(), func(tx desk.Tx) error {
			ok, err = tx.LeaseReview(t.Context(), "a", 1, desk.TaskDecide, fmt.Sprintf("r-%d", i), t0, t0.Add(time.Hour))
			return err
		})
		return ok, err
	}); n != 1 {
		t.Errorf("leased by %d", n)
	}
}

func testReadings(t *testing.T, db *store.DB) {
	ctx := t.Context()
	r := desk.Reading{ClaimID: "c", Round: 1, By: "r", At: t0, First: claim.Refused, Second: claim.Granted, FirstBy: "q"}
	late := r
	late.By, late.At = "s", t0.Add(time.Hour)
	write(t, db, func(tx desk.Tx) error { return errors.Join(tx.PutReading(ctx, r), tx.PutReading(ctx, late)) })
	got := one(t, db, func(tx desk.Tx) ([]desk.Reading, error) { return tx.Readings(ctx, t0, t0.Add(time.Hour)) })
	if !cmp.Equal(got, []desk.Reading{r}) {
		t.Error(cmp.Diff([]desk.Reading{r}, got))
	}
}
