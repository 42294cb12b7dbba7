package store_test

import (
	"errors"
	"testing"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/store/pgtest"
	"github.com/evenhand/evenhand/work"
)

// TestPostgresAway stops a server of its own under an open store.
func TestPostgresAway(t *testing.T) {
	c, err := pgtest.Start()
	if errors.Is(err, pgtest.ErrNone) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	stopped := false
	defer func() {
		if !stopped {
			_ = c.Stop()
		}
	}()
	url, _, err := c.Database(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), store.Options{Database: url, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // a test's
	if err := db.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if stopped = true; c.Stop() != nil {
		t.Fatal("it does not stop")
	}
	for range 3 { // on connections that broke, and on none
		if err := db.Ready(t.Context()); !errors.Is(err, work.ErrAway) {
			t.Errorf("ready: %v", err)
		}
		if err := db.Read(t.Context(), func(tx desk.Tx) error { _, err := tx.LastSeq(t.Context()); return err }); !errors.Is(err, work.ErrAway) {
			t.Errorf("reading: %v", err)
		}
	}
}
