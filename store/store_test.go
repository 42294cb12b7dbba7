package store_test

import (
	"log/slog"
	"testing"

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

func TestPostgres(t *testing.T) {
	storetest.Run(t, func(t *testing.T) *store.DB {
		return open(t, store.Options{Dir: t.TempDir(), Database: pgtest.URL(t)})
	})
}
