package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/work"
)

func testSessionsOf(t *testing.T, db *store.DB) {
	ctx := t.Context()
	write(t, db, func(tx desk.Tx) error {
		return errors.Join(
			tx.InsertSession(ctx, desk.Session{ID: "s-1", UserID: "u-1", Seen: t0, Expires: t0.Add(time.Hour)}),
			tx.InsertSession(ctx, desk.Session{ID: "s-2", UserID: "u-1", Seen: t0.Add(time.Minute), Expires: t0.Add(time.Hour)}),
			tx.InsertSession(ctx, desk.Session{ID: "s-3", UserID: "u-2", Seen: t0, Expires: t0.Add(time.Hour)}))
	})
	got := one(t, db, func(tx desk.Tx) ([]desk.Session, error) { return tx.SessionsOf(ctx, "u-1") })
	if len(got) != 2 || got[0].ID != "s-2" || got[1].ID != "s-1" {
		t.Errorf("%+v", got)
	}
}

// testEndedSessions: a session that ends between being read and being noted as
// used, or as somebody's who showed who they are, does not come back.
func testEndedSessions(t *testing.T, db *store.DB) {
	ctx := t.Context()
	s := desk.Session{ID: "s-1", UserID: "u-1", Seen: t0, Expires: t0.Add(time.Hour)}
	for what, note := range map[string]func(desk.Tx, string) error{
		"used":      func(tx desk.Tx, id string) error { return tx.SeeSession(ctx, id, t0.Add(time.Minute)) },
		"confirmed": func(tx desk.Tx, id string) error { return tx.ConfirmSession(ctx, id, t0.Add(time.Minute)) },
	} {
		write(t, db, func(tx desk.Tx) error { return tx.InsertSession(ctx, s) })
		read := one(t, db, func(tx desk.Tx) (desk.Session, error) { return tx.Session(ctx, "s-1") })
		write(t, db, func(tx desk.Tx) error { return tx.DeleteSessionsOf(ctx, "u-1") })
		wantErr(t, db, work.ErrNotFound, func(_ context.Context, tx desk.Tx) error { return note(tx, read.ID) })
		wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error {
			_, err := tx.Session(ctx, "s-1")
			return err
		})
		if t.Failed() {
			t.Fatalf("a session that had ended was noted as %s", what)
		}
	}
}

// testAttempts has many count at once: each counts on from another or is told
// that it did not.
func testAttempts(t *testing.T, db *store.DB) {
	ctx := t.Context()
	get := func() desk.Attempt {
		return one(t, db, func(tx desk.Tx) (desk.Attempt, error) { return tx.Attempt(ctx, "account/u-1") })
	}
	if got := get(); got != (desk.Attempt{}) {
		t.Errorf("nothing went wrong yet: %+v", got)
	}
	counted := atOnce(t, 20, func(int) (bool, error) {
		err := db.Write(ctx, func(tx desk.Tx) error {
			was, err := tx.Attempt(ctx, "account/u-1")
			if err != nil {
				return err
			}
			return tx.PutAttempt(ctx, "account/u-1", was, desk.Attempt{N: was.N + 1, Last: t0})
		})
		if errors.Is(err, work.ErrConflict) {
			return false, nil
		}
		return err == nil, err
	})
	if got := get(); got.N != counted || counted == 0 || !got.Last.Equal(t0) {
		t.Errorf("%d counted, the count is %+v", counted, got)
	}
	wantErr(t, db, work.ErrConflict, func(ctx context.Context, tx desk.Tx) error {
		return tx.PutAttempt(ctx, "account/u-1", desk.Attempt{}, desk.Attempt{N: 1, Last: t0})
	})
	wantErr(t, db, work.ErrConflict, func(ctx context.Context, tx desk.Tx) error {
		return tx.PutAttempt(ctx, "account/u-1", desk.Attempt{N: 999, Last: t0}, desk.Attempt{N: 1, Last: t0})
	})
	write(t, db, func(tx desk.Tx) error { return tx.Sweep(ctx, t0.Add(desk.AttemptKept)) })
	if got := get(); got != (desk.Attempt{}) {
		t.Errorf("after a day: %+v", got)
	}
}

func testAlerts(t *testing.T, db *store.DB) {
	ctx := t.Context()
	n := desk.Alert{ID: "n-1", UserID: "u-1", Kind: "new_device", At: t0, Device: "Firefox · Linux", Address: "192.0.2.*", Self: true, To: []string{"li@example.com"}}
	later := n
	later.ID, later.At, later.To = "n-2", t0.Add(time.Minute), nil
	other := n
	other.ID, other.UserID = "n-3", "u-2"
	write(t, db, func(tx desk.Tx) error {
		return errors.Join(tx.PutAlert(ctx, n), tx.PutAlert(ctx, later), tx.PutAlert(ctx, other))
	})
	if got := one(t, db, func(tx desk.Tx) (desk.Alert, error) { return tx.Alert(ctx, "n-1") }); !cmp.Equal(got, n) {
		t.Error(cmp.Diff(n, got))
	}
	if got := one(t, db, func(tx desk.Tx) ([]desk.Alert, error) { return tx.AlertsOf(ctx, "u-1", 9) }); !cmp.Equal(got, []desk.Alert{later, n}) {
		t.Error(cmp.Diff([]desk.Alert{later, n}, got))
	}
	if got := one(t, db, func(tx desk.Tx) ([]desk.Alert, error) { return tx.AlertsOf(ctx, "u-1", 1) }); len(got) != 1 {
		t.Errorf("%d alerts, want 1", len(got))
	}
	write(t, db, func(tx desk.Tx) error { return tx.Sweep(ctx, t0.Add(desk.AlertKept)) })
	wantErr(t, db, work.ErrNotFound, func(ctx context.Context, tx desk.Tx) error { _, err := tx.Alert(ctx, "n-1"); return err })
}
