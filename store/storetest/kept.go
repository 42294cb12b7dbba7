package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/store"
)

func testKept(t *testing.T, db *store.DB) {
	ctx := t.Context()
	add := func(subject string, day, n, want int64) {
		t.Helper()
		err := db.Write(ctx, func(tx desk.Tx) error {
			total, err := tx.AddKept(ctx, subject, day, n)
			if total != want {
				t.Errorf("%s on %d: %d, want %d", subject, day, total, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	add("claim/a", 0, 1<<40, 1<<40)
	add("claim/a", 0, 5, 1<<40+5)
	add("caller/key/k", 100, 7, 7)
	add("caller/key/k", 101, 8, 8)
	undone := errors.New("undone")
	if err := db.Write(ctx, func(tx desk.Tx) error {
		_, err := tx.AddKept(ctx, "claim/a", 0, 100)
		return errors.Join(err, undone)
	}); !errors.Is(err, undone) {
		t.Fatal(err)
	}
	if err := db.Write(ctx, func(tx desk.Tx) error { return tx.ForgetKept(ctx, 101) }); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		subject   string
		day, want int64
	}{{"claim/a", 0, 1<<40 + 5}, {"caller/key/k", 100, 0}, {"caller/key/k", 101, 8}, {"claim/b", 0, 0}} {
		if err := db.Read(ctx, func(tx desk.Tx) error {
			n, err := tx.Kept(ctx, tt.subject, tt.day)
			if n != tt.want {
				t.Errorf("%s on %d: %d are kept, want %d", tt.subject, tt.day, n, tt.want)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// testKeptAtOnce: of many that each look whether there is room and take it, no
// more get through than there is room for.
func testKeptAtOnce(t *testing.T, db *store.DB) {
	const callers, each, most = 20, 10, 75
	full := errors.New("full")
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			err := db.Write(context.Background(), func(tx desk.Tx) error {
				total, err := tx.AddKept(context.Background(), "claim/x", 0, each)
				if err == nil && total > most {
					err = full
				}
				return err
			})
			if err != nil && !errors.Is(err, full) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := db.Read(t.Context(), func(tx desk.Tx) error {
		n, err := tx.Kept(t.Context(), "claim/x", 0)
		if n != most/each*each {
			t.Errorf("%d bytes are kept, want %d", n, most/each*each)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
