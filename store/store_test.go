package store_test

import (
	"context"
	"database/sql"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/store/pgtest"
	"github.com/evenhand/evenhand/store/storetest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// open opens a store that is closed with the test.
func open(t testing.TB, o store.Options) *store.DB {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	db, err := store.Open(t.Context(), o)
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

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) *store.DB { return open(t, store.Options{Dir: t.TempDir()}) })
}

// TestPostgres runs the suite beside another database of the cluster where
// transactions come and go: one that ends between a reader's snapshot and the
// list of who is at work cannot be told from one of ours for a moment.
func TestPostgres(t *testing.T) {
	other, err := sql.Open("pgx", pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	var beside sync.WaitGroup
	t.Cleanup(func() { end(); beside.Wait(); _ = other.Close() })
	for range 2 {
		beside.Go(func() {
			for ctx.Err() == nil {
				_, _ = other.ExecContext(ctx, `SELECT pg_current_xact_id()`)
				time.Sleep(time.Millisecond)
			}
		})
	}
	storetest.Run(t, func(t *testing.T) *store.DB {
		return open(t, store.Options{Dir: t.TempDir(), Database: pgtest.URL(t)})
	})
}
