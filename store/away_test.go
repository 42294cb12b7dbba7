package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/text"
	"github.com/evenhand/evenhand/work"
)

// TestToldApart: what the surroundings answer, and what of it is meant.
func TestToldApart(t *testing.T) {
	code := func(c string) error { return fmt.Errorf("x: %w", &pgconn.PgError{Code: c}) }
	pg := &DB{dialect: dialect{postgres: true}, closed: context.Background()}
	lite := &DB{closed: context.Background()}
	folder, bucket := &Blobs{folder: "x"}, &Blobs{}
	file := func(e error) error { return &os.PathError{Op: "write", Path: "x", Err: e} }
	for name, tt := range map[string]struct{ got, want error }{
		"pg disk full":            {pg.mark(t.Context(), code("53100")), work.ErrFull},
		"pg too many connections": {pg.mark(t.Context(), code("53300")), work.ErrAway},
		"pg going down":           {pg.mark(t.Context(), code("57P01")), work.ErrAway},
		"pg starting":             {pg.mark(t.Context(), code("57P03")), work.ErrAway},
		"pg connection":           {pg.mark(t.Context(), code("08006")), work.ErrAway},
		"pg standby":              {pg.mark(t.Context(), code("25006")), work.ErrAway},
		"pg cancelled":            {pg.mark(t.Context(), code("57014")), nil},
		"pg unique":               {pg.mark(t.Context(), code("23505")), nil},
		"pg broken off":           {pg.mark(t.Context(), fmt.Errorf("x: %w", io.ErrUnexpectedEOF)), work.ErrAway},
		"pg out of time":          {pg.mark(t.Context(), context.DeadlineExceeded), work.ErrAway},
		"sqlite out of space":     {lite.mark(t.Context(), file(syscall.ENOSPC)), work.ErrFull},
		"a refusal":               {lite.mark(t.Context(), &text.Refusal{Code: text.CodeIllegal}), nil},
		"not found":               {pg.mark(t.Context(), work.ErrNotFound), nil},
		"folder full":             {folder.mark(t.Context(), file(syscall.ENOSPC)), work.ErrFull},
		"folder over its quota":   {folder.mark(t.Context(), file(syscall.EDQUOT)), work.ErrFull},
		"folder broken":           {folder.mark(t.Context(), file(syscall.EIO)), work.ErrAway},
		"folder not mounted":      {folder.mark(t.Context(), file(fs.ErrNotExist)), work.ErrAway},
		"bucket away":             {bucket.mark(t.Context(), errors.New("dial tcp: connection refused")), work.ErrAway},
		"bucket has none such":    {bucket.mark(t.Context(), work.ErrNotFound), nil},
	} {
		for _, kind := range []error{work.ErrFull, work.ErrAway} {
			if errors.Is(tt.got, kind) != (tt.want == kind) {
				t.Errorf("%s: %v", name, tt.got)
			}
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := pg.mark(gone, context.Canceled); errors.Is(err, work.ErrAway) {
		t.Error("the database is blamed for a caller who hung up")
	}
}

// keep writes something large, and answers what the store said.
func keep(t *testing.T, db *DB, name string) error {
	return db.Write(t.Context(), func(tx desk.Tx) error {
		return tx.PutFacts(t.Context(), name, []byte(`{"x":"`+strings.Repeat("x", 1<<20)+`"}`))
	})
}

// TestFullAndReadOnlySQLite: the file may not grow, or not change; afterwards
// all is as before.
func TestFullAndReadOnlySQLite(t *testing.T) {
	db, err := Open(t.Context(), Options{Dir: t.TempDir(), RelaxedSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // a test's
	pragma := func(p string) {
		t.Helper()
		if _, err := db.write.Exec("PRAGMA " + p); err != nil {
			t.Fatal(err)
		}
	}
	pragma("max_page_count = 200")
	if err := keep(t, db, "a"); !errors.Is(err, work.ErrFull) {
		t.Errorf("full: %v", err)
	}
	pragma("max_page_count = 1000000")
	pragma("query_only = 1")
	if err := keep(t, db, "a"); !errors.Is(err, work.ErrAway) {
		t.Errorf("read-only: %v", err)
	}
	if err := db.Ready(t.Context()); !errors.Is(err, work.ErrAway) {
		t.Errorf("ready though read-only: %v", err)
	}
	pragma("query_only = 0")
	if err := keep(t, db, "a"); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	if err := db.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestFullDisk fills a small disk of its own, where it may mount one.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	mountSmall(t, dir)
	db, err := Open(t.Context(), Options{Dir: dir, RelaxedSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // a test's
	if err := db.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	filler := filepath.Join(dir, "filler")
	if err := os.WriteFile(filler, make([]byte, 64<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk is not full: %v", err)
	}
	if _, _, err := db.Blobs().Put(t.Context(), strings.NewReader(strings.Repeat("x", 3<<20)), 1<<30); !errors.Is(err, work.ErrFull) {
		t.Errorf("evidence: %v", err)
	}
	if err := keep(t, db, "a"); !errors.Is(err, work.ErrFull) && !errors.Is(err, work.ErrAway) {
		t.Errorf("the database: %v", err)
	}
	if err := db.Ready(t.Context()); !errors.Is(err, work.ErrFull) && !errors.Is(err, work.ErrAway) {
		t.Errorf("ready on a full disk: %v", err)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(keep(t, db, "a"), db.Ready(t.Context())); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "blobs", ".spool", "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestObjectStoreAway: nobody listens there; opening does not fail for it, but
// everything says so.
func TestObjectStoreAway(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "x")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "x")
	db, err := Open(t.Context(), Options{Dir: t.TempDir(), RelaxedSync: true, Blobs: "s3://none?endpoint=http://127.0.0.1:1&use_path_style=true&region=us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()                 //nolint:errcheck // a test's
	soon := func() context.Context { // the client tries again until then
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		t.Cleanup(cancel)
		return ctx
	}
	if err := db.Ready(soon()); !errors.Is(err, work.ErrAway) {
		t.Errorf("ready: %v", err)
	}
	if _, _, err := db.Blobs().Put(soon(), strings.NewReader("x"), 10); !errors.Is(err, work.ErrAway) {
		t.Errorf("putting: %v", err)
	}
	if _, err := db.Blobs().Size(soon(), strings.Repeat("0", 64)); !errors.Is(err, work.ErrAway) {
		t.Errorf("looking: %v", err)
	}
}
