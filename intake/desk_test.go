package intake

import (
	"log/slog"
	"testing"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/policy"
	"github.com/evenhand/evenhand/store"
)

func newDesk(t testing.TB) real {
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
	d := desk.New(desk.Options{Store: db, Blobs: db.Blobs()})
	if err := d.FirstPolicy(t.Context(), policy.Default()); err != nil {
		t.Fatal(err)
	}
	return real{d}
}
