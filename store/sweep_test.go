package store_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/evenhand/evenhand/access"
	"github.com/evenhand/evenhand/desk"
	"github.com/evenhand/evenhand/evidence"
	"github.com/evenhand/evenhand/store"
	"github.com/evenhand/evenhand/store/s3test"
	"github.com/evenhand/evenhand/work"
)

func TestSweepInFolder(t *testing.T) { testSweep(t, filepath.Join(t.TempDir(), "blobs")) }
func TestSweepInMemory(t *testing.T) { testSweep(t, "mem://") }
func TestSweepInS3(t *testing.T)     { testSweep(t, s3test.Bucket(t)) }

// testSweep: what no row names goes after twice the grace, and comes back where
// a row names it in between; what a row names is never touched.
func testSweep(t *testing.T, where string) {
	ctx := t.Context()
	db := open(t, store.Options{Dir: t.TempDir(), Blobs: where})
	put := func(words string) string {
		t.Helper()
		sha, _, err := db.Blobs().Put(ctx, strings.NewReader(words), 1<<30)
		if err != nil {
			t.Fatal(err)
		}
		return sha
	}
	own := func(id, sha string) {
		t.Helper()
		if err := db.Write(ctx, func(tx desk.Tx) error {
			return tx.InsertEvidence(ctx, evidence.Item{ID: id, ClaimID: "c", SHA256: sha})
		}); err != nil {
			t.Fatal(err)
		}
	}
	sweep := func(after time.Duration, want desk.Swept) {
		t.Helper()
		got, err := db.Sweep(ctx, time.Now().Add(after), time.Hour)
		got.Bytes, got.Seen = 0, 0
		if got != want || err != nil {
			t.Errorf("a sweep after %v did %+v, %v, want %+v", after, got, err, want)
		}
	}
	there := func(sha string, want bool) {
		t.Helper()
		if _, err := db.Blobs().Size(ctx, sha); errors.Is(err, work.ErrNotFound) == want {
			t.Errorf("%s: %v, want it there: %v", sha[:8], err, want)
		}
	}
	owned, late := put("owned"), put("owned later")
	own("v1", owned)
	sweep(time.Minute, desk.Swept{}) // all of it is young
	sweep(2*time.Hour, desk.Swept{Aside: 1})
	there(owned, true)
	there(late, false)
	own("v2", late)
	sweep(2*time.Hour, desk.Swept{TakenBack: 1})
	there(late, true)
	nobodys := put("nobody's")
	sweep(2*time.Hour, desk.Swept{Aside: 1})
	there(nobodys, false)
	put("nobody's") // once more: one lies here and one aside, each goes by its own age
	there(nobodys, true)
	sweep(5*time.Hour, desk.Swept{Removed: 1, Aside: 1})
	sweep(10*time.Hour, desk.Swept{Removed: 1})
	there(nobodys, false)
	there(owned, true)
	sweep(50*time.Hour, desk.Swept{})
}

// TestSweepRemovesSpools: what a killed process left of an upload, and nothing
// else that lies there.
func TestSweepRemovesSpools(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "blobs")
	db := open(t, store.Options{Dir: t.TempDir(), Blobs: dir})
	for _, name := range []string{"evenhand-123", "evenhand-456", "evenhand-notes.txt", "other-1"} {
		if err := os.WriteFile(filepath.Join(dir, ".spool", name), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now()
	if err := os.Chtimes(filepath.Join(dir, ".spool", "evenhand-456"), now, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	did, err := db.Sweep(t.Context(), now.Add(90*time.Minute), time.Hour)
	if err != nil || did.Spools != 1 || did.Bytes != 4 {
		t.Errorf("%+v, %v", did, err)
	}
	left, err := os.ReadDir(filepath.Join(dir, ".spool"))
	if err != nil || len(left) != 3 {
		t.Errorf("left are %v, %v", left, err)
	}
}

// sweptAway is a store of evidence in which a sweep comes right after bytes
// were kept and before they have a row: the worst moment.
type sweptAway struct {
	desk.Blobs
	sweep func()
}

type sweptStage struct {
	desk.Staged
	sweep func()
	once  sync.Once
}

func (s sweptAway) Stage(ctx context.Context, r io.Reader, limit int64) (desk.Staged, error) {
	staged, err := s.Blobs.Stage(ctx, r, limit)
	return &sweptStage{Staged: staged, sweep: s.sweep}, err
}

func (s *sweptStage) Keep(ctx context.Context) error {
	err := s.Staged.Keep(ctx)
	s.once.Do(s.sweep)
	return err
}

// TestKeptAgainAfterASweep: bytes that a sweep took, put aside and even removed
// in that moment are there all the same when the upload is answered.
func TestKeptAgainAfterASweep(t *testing.T) {
	for _, large := range []int{10, 3 << 20} {
		ctx := t.Context()
		db := open(t, store.Options{Dir: t.TempDir(), RelaxedSync: true})
		d := desk.New(desk.Options{Store: db, Blobs: sweptAway{Blobs: db.Blobs(), sweep: func() {
			for range 2 {
				if _, err := db.Sweep(ctx, time.Now().Add(time.Minute), time.Second); err != nil {
					t.Error(err)
				}
			}
		}}})
		if err := d.PutOrder(ctx, sweepPlatform, benchOrder(1)); err != nil {
			t.Fatal(err)
		}
		photo := append([]byte("\xff\xd8\xff\xe0"), make([]byte, large)...)
		it, err := d.AddOrderMedia(ctx, sweepPlatform, "o-1", desk.Upload{Purpose: evidence.Listing, Medium: evidence.Photo, Data: bytes.NewReader(photo)})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := db.Blobs().Size(ctx, it.SHA256); n != int64(len(photo)) || err != nil {
			t.Errorf("%d bytes are there, %v, want %d", n, err, len(photo))
		}
	}
}

var sweepPlatform = access.Caller{ID: "k1", Kind: access.CallerKey, Roles: []access.Role{access.RoleIntegrator}, Scopes: []string{"*"}}

// TestSweepAgainstUploads: sweeps without any grace beside uploads of the same
// few files lose nothing of what has a row.
func TestSweepAgainstUploads(t *testing.T) {
	ctx := t.Context()
	db := open(t, store.Options{Dir: t.TempDir(), RelaxedSync: true})
	d := desk.New(desk.Options{Store: db, Blobs: db.Blobs()})
	for i := range 4 {
		if err := d.PutOrder(ctx, sweepPlatform, benchOrder(int64(i))); err != nil {
			t.Fatal(err)
		}
	}
	stop := make(chan struct{})
	var sweeps, uploads sync.WaitGroup
	for range 2 {
		sweeps.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := db.Sweep(ctx, time.Now().Add(time.Second), time.Millisecond); err != nil {
					t.Errorf("sweep: %v", err)
					return
				}
			}
		})
	}
	for u := range 4 {
		uploads.Go(func() {
			for i := range 30 {
				photo := append([]byte("\xff\xd8\xff\xe0 "), strconv.Itoa(i/3)...) // the same as the others send
				_, err := d.AddOrderMedia(ctx, sweepPlatform, "o-"+strconv.Itoa(u), desk.Upload{Purpose: evidence.Listing, Medium: evidence.Photo, Data: bytes.NewReader(photo)})
				if err != nil {
					t.Errorf("upload %d of %d: %v", i, u, err)
					return
				}
			}
		})
	}
	uploads.Wait()
	close(stop)
	sweeps.Wait()
	err := db.Read(ctx, func(tx desk.Tx) error {
		for u := range 4 {
			items, err := tx.EvidenceOfOrder(ctx, "o-"+strconv.Itoa(u))
			if err != nil || len(items) != 30 {
				t.Fatalf("order %d has %d, %v", u, len(items), err)
			}
			for _, it := range items {
				if n, err := db.Blobs().Size(ctx, it.SHA256); err != nil || n != it.Size {
					t.Errorf("%s of order %d has a row and no bytes: %v", it.SHA256[:8], u, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestSweepLeavesAnothersStore: a desk that was restored for a trial, on the
// evidence store of the one it came from, sweeps nothing there.
func TestSweepLeavesAnothersStore(t *testing.T) {
	ctx := t.Context()
	where := filepath.Join(t.TempDir(), "blobs")
	first := open(t, store.Options{Dir: t.TempDir(), Blobs: where, RelaxedSync: true})
	if _, err := first.Sweep(ctx, time.Now(), time.Hour); err != nil {
		t.Fatal(err)
	}
	var archive bytes.Buffer
	if _, err := first.Backup(ctx, &archive); err != nil {
		t.Fatal(err)
	}
	sha, _, err := first.Blobs().Put(ctx, strings.NewReader("kept after the backup"), 100)
	if err != nil {
		t.Fatal(err)
	}
	trial := store.Options{Dir: t.TempDir(), Blobs: where, RelaxedSync: true}
	if _, err := store.Restore(ctx, trial, &archive); err != nil {
		t.Fatal(err)
	}
	second := open(t, trial)
	if did, err := second.Sweep(ctx, time.Now().Add(48*time.Hour), time.Hour); !errors.Is(err, store.ErrNotOwner) || did != (desk.Swept{}) {
		t.Errorf("the trial swept %+v, %v", did, err)
	}
	if _, err := first.Blobs().Size(ctx, sha); err != nil {
		t.Errorf("the first desk's bytes: %v", err)
	}
	if _, err := first.Sweep(ctx, time.Now().Add(time.Minute), time.Hour); err != nil {
		t.Errorf("the owner is kept from sweeping: %v", err)
	}
}
