package store_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/evenhand/evenhand/claim"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/record"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/store/pgtest"
	"github.com/evenhand/evenhand/work"
)

// TestBackupAcross takes an archive from SQLite to PostgreSQL and back.
func TestBackupAcross(t *testing.T) {
	ctx := t.Context()
	from := open(t, store.Options{Dir: t.TempDir()})
	sha, _, err := from.Blobs().Put(ctx, strings.NewReader("picture"), 100)
	if err != nil {
		t.Fatal(err)
	}
	err = from.Write(ctx, func(tx desk.Tx) error {
		return errors.Join(tx.InsertClaim(ctx, &claim.Claim{ID: "c", Story: "<&>"}), tx.PutFacts(ctx, "d", nil),
			tx.AppendEvent(ctx, &record.Event{ID: "e", Subject: "claim/c", No: 1, Body: []byte(`{"a":"<"}`)}),
			tx.Enqueue(ctx, work.Job{Kind: desk.JobRoute, Subject: "c"}))
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []store.Options{{Dir: t.TempDir(), Database: pgtest.URL(t)}, {Dir: t.TempDir()}} {
		var archive bytes.Buffer
		if _, err := from.Backup(ctx, &archive); err != nil {
			t.Fatal(err)
		}
		damaged := bytes.Replace(archive.Bytes(), []byte("claim/c"), []byte("claim/x"), 1)
		for _, bad := range [][]byte{damaged, archive.Bytes()[:archive.Len()/2]} {
			if _, err := store.Restore(ctx, o, bytes.NewReader(bad)); err == nil {
				t.Fatal("a damaged archive was restored")
			}
		}
		m, err := store.Restore(ctx, o, bytes.NewReader(archive.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if m.Rows["event"] != 1 || m.Jobs != 1 || m.Blobs != 1 {
			t.Errorf("manifest: %s", m)
		}
		if _, err := store.Restore(ctx, o, bytes.NewReader(archive.Bytes())); !errors.Is(err, store.ErrNotEmpty) {
			t.Errorf("restoring twice: %v", err)
		}
		to := open(t, o)
		err = to.Read(ctx, func(tx desk.Tx) error {
			c, err1 := tx.Claim(ctx, "c")
			events, err2 := tx.EventsAfter(ctx, 0, 9)
			if err := errors.Join(err1, err2); err != nil {
				return err
			}
			if c.Story != "<&>" || len(events) != 1 || string(events[0].Body) != `{"a":"<"}` {
				t.Errorf("restored %+v, %+v", c, events)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := to.Blobs().Size(ctx, sha); n != 7 || err != nil {
			t.Errorf("blob: %d %v", n, err)
		}
		from = to
	}
}
