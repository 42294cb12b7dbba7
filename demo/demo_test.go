package demo

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/desk/account"
	"github.com/evenhand/evenhand/desk/examine"
	"github.com/evenhand/evenhand/money"
	"github.com/evenhand/evenhand/order"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/work"
)

var today = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func open(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Dir: t.TempDir(), RelaxedSync: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func fill(t testing.TB, db *store.DB, change func(*Options)) Summary {
	t.Helper()
	cheap := account.Cost{Memory: 64, Time: 1, Lanes: 1}
	o := Options{Store: db, Blobs: db.Blobs(), Hash: cheap, Policy: policy.Default(), Seed: 1, Pictured: -1, Now: func() time.Time { return today }}
	if change != nil {
		change(&o)
	}
	s, err := Fill(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func all(t testing.TB, db *store.DB) (list []*claim.Claim) {
	t.Helper()
	err := db.Read(t.Context(), func(tx desk.Tx) error {
		for p := (work.Page{Limit: 200}); ; {
			page, next, err := tx.Claims(t.Context(), desk.ClaimFilter{}, p)
			list = append(list, page...)
			if err != nil || next == "" {
				return err
			}
			p.After = next
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestEveryStateIsThere is what a demonstration is for; and nothing in it lies
// in the future or overdue, for then the desk would not be living.
func TestEveryStateIsThere(t *testing.T) {
	db := open(t)
	s := fill(t, db, nil)
	count := map[claim.State]int{}
	closings := map[claim.Closing]int{}
	appeals, paired := 0, 0
	for _, c := range all(t, db) {
		count[c.State]++
		closings[c.Closing]++
		appeals += len(c.Appeals)
		if d := c.Standing(); d != nil && d.Second != nil {
			paired++
		}
		for _, k := range c.Clocks {
			if !k.Due.After(today) {
				t.Errorf("clock %s of claim %s was due at %s", k.Kind, c.ID, k.Due)
			}
		}
	}
	t.Log(s.Orders, s.Claims, count, closings, "appeals", appeals, "four eyes", paired)
	for _, state := range claim.States {
		if state != claim.Screening && count[state] == 0 {
			t.Errorf("no claim is %s", state)
		}
	}
	if appeals == 0 || paired == 0 || s.Claims != DefaultClaims || len(s.Logins) < 10 || s.Key == "" {
		t.Errorf("%d appeals, %d confirmed by a second person, summary %+v", appeals, paired, s)
	}
	inOrder(t, db)
}

// inOrder checks that events follow each other in time and by hash, as if the
// desk had been there all along.
func inOrder(t *testing.T, db *store.DB) {
	t.Helper()
	chains := map[string]record.Chain{}
	var last record.Event
	err := db.Read(t.Context(), func(tx desk.Tx) error {
		for {
			page, err := tx.EventsAfter(t.Context(), last.Seq, 500)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, e := range page {
				chain := chains[e.Subject]
				if err := chain.Take(e); err != nil {
					t.Fatal(err)
				}
				if e.At.Before(last.At) || e.At.After(today.Add(time.Minute)) {
					t.Fatalf("event %s at %s comes after one at %s", e.Kind, e.At, last.At)
				}
				chains[e.Subject], last = chain, e
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheSameSeedTellsTheSameStory(t *testing.T) {
	small := func(o *Options) { o.Claims = 40 }
	a, b := open(t), open(t)
	fill(t, a, small)
	fill(t, b, small)
	x, y := all(t, a), all(t, b)
	for i := range x {
		if x[i].ID != y[i].ID || x[i].State != y[i].State || x[i].Events != y[i].Events {
			t.Fatalf("claim %d is %s %s in one and %s %s in the other", i, x[i].ID, x[i].State, y[i].ID, y[i].State)
		}
	}
}

func TestFillOnceAndOnlyAnEmptyDesk(t *testing.T) {
	db := open(t)
	small := func(o *Options) { o.Claims = 5 }
	first := fill(t, db, small)
	again := fill(t, db, small)
	if !first.Fresh || again.Fresh || again.Key != first.Key || len(all(t, db)) != 5 {
		t.Errorf("the second run: %+v", again)
	}
	used := open(t)
	err := used.Write(t.Context(), func(tx desk.Tx) error {
		return tx.PutOrder(context.Background(), order.Order{ID: "1", MerchantID: "m", BuyerID: "b", Total: money.Money{Currency: "CNY"}})
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Fill(t.Context(), Options{Store: used, Policy: policy.Default()}); !errors.Is(err, ErrInUse) {
		t.Errorf("a desk with a real order: %v", err)
	}
}

// TestPhotosAreExamined draws for real: a forger's photo is found out, and an
// honest one is not accused.
func TestPhotosAreExamined(t *testing.T) {
	if testing.Short() {
		t.Skip("draws photos for some seconds")
	}
	db := open(t)
	began := time.Now()
	fill(t, db, func(o *Options) {
		o.Claims, o.Pictured = 8, 4
		o.Examine = examine.New(examine.Options{Blobs: db.Blobs(), Store: db, FFmpeg: "-"})
	})
	t.Logf("in %s", time.Since(began))
	against := 0
	for _, c := range all(t, db) {
		err := db.Read(t.Context(), func(tx desk.Tx) error {
			items, err := tx.EvidenceOfClaim(t.Context(), c.ID)
			for _, it := range items {
				if it.Screening == nil {
					t.Errorf("evidence %s was not examined", it.ID)
					continue
				}
				for _, f := range it.Screening.Findings {
					t.Log(c.OrderID, c.Kind, it.Purpose, f.Code, f.Strength, f.Stance)
					if f.Code == "reference.same_capture" {
						against++
					}
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if against == 0 {
		t.Error("no forgery was found")
	}
}

// TestAnyDay tells other stories on other days: whatever is drawn, a move that
// the desk refuses ends the filling.
func TestAnyDay(t *testing.T) {
	days := 12
	if testing.Short() {
		days = 3
	}
	for n := range days {
		fill(t, open(t), func(o *Options) {
			o.Seed, o.Now = uint64(n+2), func() time.Time { return today.Add(time.Duration(n) * 37 * time.Hour) }
		})
	}
}
